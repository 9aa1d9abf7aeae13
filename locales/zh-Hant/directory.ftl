# 登入、代企業辦事、我的帳戶。

## 登入
directory-sign-in-title = 登入
directory-sign-in-login = 登入名稱
directory-sign-in-password = 密碼
directory-sign-in-send = 登入
directory-sign-in-help = 忘記密碼，或還沒有帳戶？請帶身份證到任一政務服務大廳辦理，或致電
directory-sign-in-login-missing = 沒有填寫登入名稱。請填寫後再登入。
directory-sign-in-password-missing = 沒有填寫密碼。請填寫後再登入。
directory-sign-in-refused = 登入名稱與密碼不符。請核對兩項內容和大小寫，再試一次。

## 代誰辦事
directory-act-for-title = 您為誰辦事？
directory-act-for-hint = 選定以後，您辦理的事項都算在所選的一方名下，直到您在這裡更改或者登出。
directory-act-for-myself = 為本人：
directory-act-for-none = 目前沒有企業授權您辦事。企業可以在任一政務服務大廳窗口為您辦理授權。
directory-act-for-send = 繼續
directory-act-for-missing = 還沒有選擇為誰辦事。請選擇一項。
directory-act-for-ended = 您目前沒有這家企業的有效授權，授權可能已經到期。請重新選擇，或者請企業重新授權。

## 我的帳戶
directory-account-title = 我的帳戶
directory-account-name = 姓名
directory-account-number = 公民身份號碼
directory-account-acting-for = 目前代辦企業
directory-account-uscc = 統一社會信用代碼
directory-account-mandates = 您可以代辦的企業
directory-account-mandates-none = 目前沒有企業授權您辦事。
directory-account-change-party = 更改為誰辦事
directory-account-posts = 您的崗位
directory-account-sign-ins = 最近的登入
directory-account-sign-ins-help = 如果有不是您本人的登入，請馬上致電我們。
directory-account-sign-ins-none = 還沒有登入記錄。

## 授權
directory-mandate-enterprise = 企業
directory-mandate-basis = 授權依據
directory-mandate-from = 開始日期
directory-mandate-to = 截止日期
directory-mandate-state = 狀態
directory-mandate-open = 未設截止日期
directory-mandate-holds = 有效
directory-mandate-later = 尚未生效
directory-mandate-over = 已失效
directory-basis-legal-representative = 法定代表人
directory-basis-written-authority = 書面授權

## 崗位
directory-role-clerk = 受理崗位
directory-role-reviewer = 審查崗位
directory-role-decider = 決定崗位
directory-role-auditor = 審計人員
directory-role-administrator = 系統管理人員
