# 登录、代企业办事、我的账户。

## 登录
directory-sign-in-title = 登录
directory-sign-in-login = 登录名
directory-sign-in-password = 密码
directory-sign-in-send = 登录
directory-sign-in-help = 忘记密码，或还没有账户？请带身份证到任一政务服务大厅办理，或致电
directory-sign-in-login-missing = 没有填写登录名。请填写后再登录。
directory-sign-in-password-missing = 没有填写密码。请填写后再登录。
directory-sign-in-refused = 登录名与密码不符。请核对两项内容和大小写，再试一次。

## 代谁办事
directory-act-for-title = 您为谁办事？
directory-act-for-hint = 选定以后，您办理的事项都算在所选的一方名下，直到您在这里更改或者退出登录。
directory-act-for-myself = 为本人：
directory-act-for-none = 目前没有企业授权您办事。企业可以在任一政务服务大厅窗口为您办理授权。
directory-act-for-send = 继续
directory-act-for-missing = 还没有选择为谁办事。请选择一项。
directory-act-for-ended = 您目前没有这家企业的有效授权，授权可能已经到期。请重新选择，或者请企业重新授权。

## 我的账户
directory-account-title = 我的账户
directory-account-name = 姓名
directory-account-number = 公民身份号码
directory-account-acting-for = 当前代办企业
directory-account-uscc = 统一社会信用代码
directory-account-mandates = 您可以代办的企业
directory-account-mandates-none = 目前没有企业授权您办事。
directory-account-change-party = 更改为谁办事
directory-account-posts = 您的岗位
directory-account-sign-ins = 最近的登录
directory-account-sign-ins-help = 如果有不是您本人的登录，请马上致电我们。
directory-account-sign-ins-none = 还没有登录记录。

## 授权
directory-mandate-enterprise = 企业
directory-mandate-basis = 授权依据
directory-mandate-from = 开始日期
directory-mandate-to = 截止日期
directory-mandate-state = 状态
directory-mandate-open = 未设截止日期
directory-mandate-holds = 有效
directory-mandate-later = 尚未生效
directory-mandate-over = 已失效
directory-basis-legal-representative = 法定代表人
directory-basis-written-authority = 书面授权

## 岗位
directory-role-clerk = 受理岗位
directory-role-reviewer = 审查岗位
directory-role-decider = 决定岗位
directory-role-auditor = 审计人员
directory-role-administrator = 系统管理人员
