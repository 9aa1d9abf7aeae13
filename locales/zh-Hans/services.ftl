# 办事大厅的文字：找事项、指南、申请、办件、补正、收件箱。键名来自 crates/services 的页面、动作和模型。

## 通用
services-yes = 是
services-no = 否
services-list-comma = 、
services-pair = { $first }：{ $second }
services-back = 返回
services-free = 免费
services-charged = 收费
services-trail = 谁查过我
services-visits-none = 不用跑
services-visits = 跑 { $number } 次
services-cite = 《{ $law }》
services-cite-number = 《{ $law }》（{ $number }）
services-cite-article = 《{ $law }》{ $article }
services-cite-number-article = 《{ $law }》（{ $number }）{ $article }

## 首页和查找
services-home-title = 首页
services-home-question = 今天想办什么事？
services-home-often = 常办
services-home-frequent = 大家常办
services-home-all = 全部 { $count } 项
services-home-events = 人生大事，一次办好
services-home-departments = 按部门找
services-home-count = { $count } 项
services-search-title = 搜索
services-search-label = 搜索要办的事
services-search-example = 例如：老年人优待证
services-search-send = 搜索
services-search-found =
    { $count ->
        [0] 没有找到相符的事项
       *[other] 找到 { $count } 项，按相关程度排列
    }
services-search-tips = 可以换一个说法，例如用证件的名称、要办的事或者拼音；也可以看全部事项。
services-search-ask = 不知道该办哪一项？请致电
services-items-title = 全部事项
services-items-found =
    { $count ->
        [0] 目前没有可以办理的事项
       *[other] 共 { $count } 项
    }

## 指南：要点
services-guide-link = 办事指南
services-guide-full-name = 事项全称：
services-guide-time = 多久办好
services-guide-legal = 法定时限：{ $limit }
services-guide-visits = 要跑几次
services-guide-whole-online = 可以全程网上办
services-guide-fee = 收费
services-guide-fee-none = 没有任何费用
services-guide-fee-below = 标准见下文
services-guide-where = 在哪里办
services-guide-online = 网上
services-guide-counter = 窗口
services-guide-also-hall = 也可以到政务服务大厅办
services-guide-start = 开始办理
services-guide-start-hint = 需要登录。中途离开会替您保存，换一台设备也能接着填。
services-guide-who = 谁可以办
services-guide-how = 怎样办
services-guide-get = 办好后您得到：
services-guide-valid = （有效期：{ $validity }）
services-guide-law = 依据与权利
services-guide-contact = 咨询、投诉和常见问题
services-guide-help = 需要帮助
services-guide-edition = 第 { $version } 版，{ $day }起施行

## 指南：材料
services-guide-materials = 要带什么
services-guide-nothing = 什么都不用带。
services-guide-nothing-why = 必要的材料由登记机关直接提供，您只需要核对。
services-guide-waived = 这些不用带
services-guide-waived-by = 我们向{ $provider }查询（{ $register }）
services-guide-waived-unless = 登记里没有您的记录，或者暂时没有答复的，表单会请您上传材料。
services-guide-remaining = 还需要的材料
services-guide-no-materials = 不需要材料
services-guide-materials-all = 每份材料的详细要求
services-material-name = 材料
services-material-requirement = 要求
services-material-how = 怎样提交
services-material-bring = 需要提交
services-material-voluntary = 自愿提供
services-material-conditional = 视情况提供
services-material-necessary = 必要
services-material-necessity = 必要性
services-material-kind = 类型
services-material-original = 原件
services-material-copy = 复印件
services-material-original-and-copy = 原件和复印件
services-material-form = 形式
services-material-on-paper = 纸质
services-material-electronic = 电子
services-material-either-form = 纸质或者电子
services-material-copies = 份数
services-material-counts = 原件 { $originals } 份，复印件 { $copies } 份
services-material-paper = 纸张规格
services-material-source = 来源渠道
services-material-from-applicant = 申请人自备
services-material-from-government = 政府部门核发
services-material-from-others = 其他
services-material-source-note = 来源说明
services-material-issuer = 出具单位
services-material-basis = 要求依据
services-material-standard = 受理标准
services-material-filling = 填报须知
services-material-sample = 样本
services-material-gap = 可以容缺（先受理、后补交）
services-material-pledge = 可以告知承诺
services-material-remark = 备注

## 指南：流程、时限、收费
services-guide-ways = 网上办和窗口办的流程
services-guide-process-online = 网上办理流程
services-guide-process-counter = 窗口办理流程
services-guide-quantity = 数量限制
services-guide-steps = 办理环节和审查标准
services-guide-step = 环节
services-guide-step-office = 办理部门
services-guide-step-limit = 时限
services-guide-step-standard = 审查标准
services-guide-step-result = 环节结果
services-guide-limits = 办理时限和特别程序
services-guide-promised-limit = 承诺时限
services-guide-legal-limit = 法定时限
services-guide-counted = 计入办理时限
services-guide-not-counted = 不计入办理时限
services-guide-fees = 收费项目和标准
services-guide-fee-name = 收费项目
services-guide-fee-standard = 收费标准
services-guide-fee-basis = 收费依据
services-guide-fee-reduction = 可以减免

## 指南：地点、依据、帮助
services-guide-places = 办理地点和时间
services-guide-address = 地址
services-guide-hours = 办公时间
services-guide-window = 窗口
services-guide-traffic = 交通
services-guide-per-day = 每天可预约 { $count } 件
services-guide-basis = 办理依据
services-guide-rights = 您的权利
services-guide-duties = 您的义务
services-guide-appeal = 不同意结果怎么办
services-guide-review = 行政复议机关
services-guide-litigation = 行政诉讼法院
services-guide-consult = 咨询
services-guide-complain = 投诉
services-guide-letter = 来信地址：

## 指南：全部要素
services-guide-all = 全部要素
services-guide-all-open = 实施清单的全部要素
services-guide-body = 实施主体
services-guide-joint = 联办机构
services-guide-code = 实施编码
services-guide-basic-code = 基本编码
services-guide-kind = 事项类型
services-guide-case-type = 办件类型
services-guide-served = 服务对象
services-guide-forms = 办理形式
services-guide-responsible = 责任处室
services-guide-authority = 权限划分
services-guide-exercised = 行使内容
services-guide-result = 办理结果
services-guide-validity = 结果有效期
services-guide-appointment = 支持预约
services-guide-courier-in = 支持寄递申请材料
services-guide-courier-out = 支持寄递办理结果
services-guide-self-service = 支持自助终端
services-guide-cross-region = 支持通办
services-guide-online-payment = 支持网上支付
services-guide-state = 事项状态
services-guide-version = 事项版本
services-guide-effective = 施行日期
services-guide-cancelled = 取消日期
services-guide-local-basic-code = 地方基本编码
services-guide-local-code = 地方实施编码
services-guide-handling-item = 办理项编码
services-guide-topics = 主题分类
services-guide-events = 人生事件和经营事件
services-guide-body-nature = 实施主体性质
services-guide-level = 行使层级
services-guide-power-source = 权力来源
services-guide-entrusted = 受委托部门
services-guide-review-type = 审查类型
services-review-type-at-once = 即审即办
services-review-type-then-approve = 前审后批
services-guide-depth = 网上办理深度
services-depth-consult = 网上咨询
services-depth-receive = 网上收件
services-depth-pre-review = 网上预审
services-depth-accept = 网上受理
services-depth-handle = 网上办理
services-depth-feedback = 结果网上反馈
services-depth-e-certificate = 电子证照
services-depth-whole = 全程网办
services-guide-cross-range = 通办范围
services-guide-cross-modes = 通办方式
services-cross-online = 全程网办
services-cross-receive-elsewhere = 异地代收代办
services-cross-jointly-handled = 多地联办
services-guide-system = 运行系统
services-system-national = 国家级系统
services-system-province = 省级系统
services-system-city = 市级系统
services-system-department = 部门自建系统
services-guide-network = 运行网络
services-network-internet = 互联网
services-network-extranet = 政务外网
services-network-intranet = 政务内网
services-guide-single-sign-on = 单点登录
services-guide-intermediaries = 中介服务
services-guide-result-kind = 结果类型
services-guide-delivery = 送达方式
services-delivery-electronic = 电子送达
services-delivery-counter = 窗口领取
services-delivery-courier = 邮寄

## 开始申请
services-start-title = 开始之前
services-start-for = 为谁办理
services-start-asked-title = 会向哪些登记库查询
services-start-asked = 您点“开始填写”以后，我们才向下面的登记库查询，只查办这件事要用的内容，替您填好，由您核对。
services-start-asks-nothing = 办这件事不需要查询登记库，内容由您填写。
services-start-register = 登记库
services-start-fields = 查询内容
services-start-basis = 依据
services-start-trail = 每一次查询都有记录，您随时可以看：
services-start-draft-title = 您有一份没有填完的草稿
services-start-draft = 上次填的内容都在，可以接着填。
services-start-draft-go = 接着填草稿
services-start-send = 开始填写
services-start-anew = 另外新填一份
services-start-back = 返回指南

## 填写
services-draft = 草稿
services-tasks-left =
    { $count ->
        [0] 各部分都已填好，可以核对提交。
       *[other] 还差 { $count } 部分。
    }
services-tasks-saved = 填好的内容都已保存，换一台设备登录也能接着填。
services-tasks-next = 接着填
services-tasks-check = 去核对提交
services-tasks-check-open = 可以办
services-tasks-check-later = 前面填完后可办
services-tasks-discard = 不办了，删除草稿
services-form-step = 第 { $number } 步，共 { $total } 步
services-form-revealed = 按您的回答，下面多了几项要填，请接着填完。
services-form-continue = 保存并继续
services-form-later = 保存，下次再办
services-form-kept = 填写的内容会存为草稿，换一台设备登录也能接着填。
services-form-saved = 已保存为草稿。
services-form-not-saved = 刚才没能自动保存，可能是网络中断。请点“保存并继续”。

## 核对和提交
services-check-step = 核对提交
services-check-title = 请核对后提交
services-check-errors = 还有内容没有填好，所以没有提交。请逐项改正后再提交，已填的内容都在。
services-check-declare-title = 提交前请确认
services-check-declare = 提交即表示以上内容属实。故意填报不实的，依法承担责任。
services-check-instant = 提交以后，系统按公布的条件当场核定，不经人工。
services-check-send = 确认提交

## 回执
services-receipt-title = 收件回执
services-receipt-sent = 已提交
services-receipt-done = 已办好
services-receipt-decided = 已有结果
services-receipt-next = 接下来
services-receipt-deciding = 系统正在按公布的条件核定，一般只要几秒钟。请稍后刷新本页，或者到“我的办件”看结果。
services-waits = 正在等待{ $sources }的答复。一有答复就会核定，您不用做什么；逾期没有答复的，由工作人员办理。
services-waits-source = { $provider }（{ $register }）
services-receipt-told = 有进展时会在“消息”里告诉您，不用专门来问。
services-receipt-usable = 现在就能用
services-receipt-usable-how = 电子{ $name }已放进“我的证照”，出示二维码即可。
services-receipt-verify = 别人可以核验
services-receipt-verify-how = 扫描证照上的二维码，就能查验真伪，只显示核验所需的内容。
services-receipt-item = 事项
services-receipt-applicant = 申请人
services-receipt-by = 经办人
services-receipt-at = 提交时间
services-receipt-office = 受理部门
services-see-certificate = 查看证照

## 我的办件
services-my-title = 我的办件
services-my-greeting = { $name }，您好
services-my-waiting = 等您处理
services-my-more = 查看全部办件
services-my-drafts = 草稿
services-my-drafts-more = 查看全部草稿
services-drafts-none = 您没有草稿。
services-my-draft-saved = { $day }保存
services-my-certificates = 我的证照
services-my-certificates-what = 办好的电子证照都在这里，随时可以出示。
services-my-certificates-go = 看我的证照
services-my-trail-what = 谁在什么时候、为了什么查过您的信息，每一次都有记录。
services-my-trail-go = 看查询记录
services-my-notices = 消息
services-my-notices-go = 看全部消息
services-my-account = 我的账户
services-my-account-go = 看账户和授权
services-cases-title = 全部办件
services-cases-none = 您还没有办件。
services-cases-find = 找要办的事
services-cases-item = 事项
services-cases-state = 状态
services-cases-sent = 提交日期
services-case-number = 办件编号
services-case-sent = 您提交的内容
services-case-answers = 填写的内容
services-case-files = 材料（{ $count } 件）
services-case-asked-title = 请您补正材料
services-case-asked = 这是一次性告知，补齐以后不会再要别的。等您补正期间，办理时限暂停计算。
services-case-supplement = 现在补正
services-case-again = 重新申请
services-case-receipt = 收件回执
services-case-withdraw = 撤回申请
services-case-help = 有疑问请致电

## 办件状态
services-state-submitted = 待受理
services-state-reviewing = 审查中
services-state-supplementing = 待补正
services-state-deciding = 待决定
services-state-granted = 已批准
services-state-refused = 不予批准
services-state-not-accepted = 不予受理
services-state-withdrawn = 已撤回
services-state-lapsed = 已终止

## 结果
services-outcome-title = 结果
services-outcome-reason = 理由
services-outcome-basis = 依据
services-outcome-office = 作出机关
services-outcome-day = 日期
services-outcome-appeal = 不同意怎么办
services-ending-granted = 您的申请已经批准。理由和依据如下。
services-ending-refused = 您的申请没有获得批准。理由、依据和救济途径如下；情况改变以后可以重新申请。
services-ending-not-accepted = 您的申请没有受理。理由、依据和救济途径如下；改正以后可以重新申请。
services-ending-withdrawn = 您撤回了申请，办理已经停止。需要时可以重新申请。
services-ending-lapsed = 在补正期限内没有收到补正，申请已经终止。需要时可以重新申请。

## 办理过程
services-timeline-title = 办理过程
services-timeline-now = 进行中
services-timeline-slow = 其他部门在等这一项。
services-by-rule = 系统按公布的条件核定
services-event-submitted = 已提交
services-event-accepted = 已受理
services-event-accepted-by-silence = 逾期没有告知，视为受理
services-event-not-accepted = 不予受理
services-event-asked = 一次性告知补正
services-event-supplemented = 已补正
services-event-review-passed = { $review }通过
services-event-review-failed = { $review }未通过
services-event-granted = 批准
services-event-refused = 不予批准
services-event-withdrawn = 申请人撤回
services-event-lapsed = 逾期未补正，申请终止
services-event-to-people = 系统不能核定，转由工作人员办理
services-task-accept = 受理
services-task-review = 审查
services-task-decide = 决定
services-now-supplement = 等待申请人补正
services-now-supplement-until = 最迟{ $day }，逾期未补正的申请终止
services-now-review = 正在审查
services-now-reviews = { $count } 个部门同时审查
services-review-passed = 已通过
services-review-failed = 未通过
services-review-late = 已逾期
services-review-running = 进行中
services-next-reviews = 审查
services-next-decision = 作出决定
services-next-result = 发放{ $name }
services-expected = 预计{ $day }前
services-due-by = 最迟{ $day }

## 期限
services-clock-accept = 最迟受理
services-clock-promised = 预计办结
services-clock-legal = 法定最迟办结
services-clock-supplement = 补正截止
services-due-supplement = 补正截止
services-due-paused = 办理时限暂停计算
services-due-paused-left = 办理时限暂停计算；补正以后还有 { $days } 个工作日
services-due-left =
    { $days ->
        [0] 今天到期
       *[other] 还剩 { $days } 个工作日
    }
services-due-left-legal =
    { $days ->
        [0] 今天到期；法定最迟{ $day }
       *[other] 还剩 { $days } 个工作日；法定最迟{ $day }
    }
services-due-today = 今天到期
services-days-left = 剩 { $days } 个工作日
services-overdue-days = 逾期 { $days } 个工作日

## 补正
services-supplement-title = 补正材料
services-supplement-until = 请在{ $day }前补正
services-supplement-once = 这是一次性告知，补齐以后不会再要别的。提交以后，办理时限接着计算。逾期未补正的，申请终止，可以重新申请。
services-supplement-send = 提交补正

## 撤回
services-withdraw-title = 撤回申请
services-withdraw-what = 撤回以后办理停止，不能恢复。需要时可以重新申请。
services-withdraw-reason = 撤回理由
services-withdraw-reason-hint = 办理部门会看到。最多 1000 个字。
services-withdraw-send = 确认撤回
services-withdraw-back = 不撤回

## 消息
services-notice-accepted = “{ $item }”已经受理。
services-notice-not-accepted = “{ $item }”不予受理，请看理由和救济途径。
services-notice-asked = “{ $item }”需要补正，请看要补什么、最迟哪天。
services-notice-granted = “{ $item }”已经批准。
services-notice-refused = “{ $item }”不予批准，请看理由和救济途径。
services-notice-lapsed = “{ $item }”逾期没有补正，申请已经终止，可以重新申请。
services-notice-to-people = “{ $item }”不能由系统核定，已转由工作人员办理。

## 收件箱
services-inbox-title = 收件箱
services-inbox-views = 收件箱视图
services-inbox-view-mine = 我的
services-inbox-view-office = 本部门
services-inbox-view-soon = 即将到期
services-inbox-view-late = 已逾期
services-inbox-order = { $view }，按到期先后
services-inbox-none = 这里没有待办的办件。
services-inbox-item = 事项
services-inbox-who = 申请人
services-inbox-step = 环节
services-inbox-office = 办理部门
services-inbox-received = 收到
services-inbox-due = 到期
services-inbox-limit = 时限

## 办理一件
services-compare-title = 申请与登记对照
services-compare-differing = { $count } 处与登记不一致，在下面标出。
services-compare-what = 项目
services-compare-said = 申请人填写
services-compare-known = 登记记录
services-compare-result = 结果
services-compare-agrees = 一致
services-compare-differs = 不一致
services-compare-stated = 申请人填报
services-compare-register-only = 仅登记
services-compare-away = 没有答复
services-compare-answered-since = 申请时登记没有答复，现在已有答复
services-compare-unverified = 未核实
services-compare-unverified-count = { $count } 项内容或者材料没有登记可以核实，因为来源没有答复。
services-compare-not-asked = 没有要求填写
services-compare-no-register = 没有登记来源
services-task-files = 材料
services-task-files-none = 没有上传材料。
services-task-officer = 经办
services-task-ended-at = 办理时间
services-task-waiting-title = 等待申请人补正
services-task-waiting = 已经一次性告知。申请人补正以后，这里可以继续办理；期间时限暂停计算。
services-task-not-yours-title = 您的岗位不办这个环节
services-task-not-yours = 您可以查看。需要办理时，请由本部门相应岗位的同事办。
services-task-free = 这件办件还没有人领取。
services-task-taken = 这件办件已由别的同事领取。
services-task-take = 由我来办
services-task-conflict-title = 这次操作没有生效
services-task-conflict-kept = 下面是最新情况，您写的内容都还在。请看过以后再决定要不要提交。
services-act-accept-what = 材料齐全、符合法定形式的，应当受理。
services-act-accept = 受理
services-act-turn-away = 不予受理
services-act-pass = 审查通过
services-act-fail = 审查不通过
services-act-grant = 批准
services-act-refuse = 不予批准
services-act-reason = 意见和理由
services-act-reason-hint = 申请人会看到。作出否定意见时必须写明理由和法律依据。
services-act-basis = 法律依据
services-act-basis-choose = 请选择
services-act-basis-other = 其他依据
services-act-basis-other-hint = 上面没有的，写明法规名称和条款。
services-act-ask-open = 要求补正材料
services-act-ask-fields = 请申请人补正
services-act-ask-once = 只能告知一次，请一次列全。
services-act-ask-message = 告知内容
services-act-ask-message-hint = 写明每一项缺什么、怎样补。申请人会看到。
services-act-ask = 一次性告知
services-act-asked-already = 已经告知过一次，不能再要求补正。
services-opinion-accepted = 已受理
services-opinion-not-accepted = 不予受理
services-opinion-passed = 审查通过
services-opinion-failed = 审查不通过
services-opinion-granted = 已批准
services-opinion-refused = 不予批准
services-opinion-cancelled = 不再需要办理

## 错误
services-error-reason = 没有写明理由，或者少于 5 个字。申请人有权知道为什么，请写明理由。
services-error-basis = 没有写明法律依据。请选择一条，或者在“其他依据”里写明。
services-error-ask-fields = 没有选择要补正的内容。请至少勾选一项。
services-error-ask-message = 没有写明告知内容，或者少于 5 个字。请写明缺什么、怎样补。
services-conflict-source-away = 制证需要的登记数据暂时没有答复，决定没有作出。请在来源恢复后再作决定。
services-conflict-asked-once = 这件办件已经告知过一次补正。依法只能一次性告知，所以不能再要求补正。请按现有材料办理。
services-conflict-draft = 这份草稿已经提交，或者在别处改过，所以没有再次提交。请到“我的办件”看最新情况。
services-conflict-finished = 这件办件已经办结，所以不能再改变。请看结果；需要时可以重新申请。
services-conflict-for-enterprises = 这个事项只为企业和组织办理，您现在为本人办事。请先在“我的账户”选择代企业办事，再开始。
services-conflict-for-persons = 这个事项只为个人办理，您现在代企业办事。请先在“我的账户”改为本人，再开始。
services-conflict-moved-on = 这件办件已经进入别的环节，所以这一步现在不能办。请看最新情况。
services-conflict-somebody-acted = 您打开页面以后，这件办件已经由别人办理或者有了变化，所以这次操作没有生效。请看最新情况。
