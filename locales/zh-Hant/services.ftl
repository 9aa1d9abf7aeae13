# 辦事大廳的文字：找事項、指南、申請、辦件、補正、收件匣。鍵名來自 crates/services 的頁面、動作和模型。

## 通用
services-yes = 是
services-no = 否
services-list-comma = 、
services-pair = { $first }：{ $second }
services-back = 返回
services-free = 免費
services-charged = 收費
services-trail = 誰查過我
services-visits-none = 不用跑
services-visits = 跑 { $number } 次
services-cite = 《{ $law }》
services-cite-number = 《{ $law }》（{ $number }）
services-cite-article = 《{ $law }》{ $article }
services-cite-number-article = 《{ $law }》（{ $number }）{ $article }

## 首頁和查找
services-home-title = 首頁
services-home-question = 今天想辦什麼事？
services-home-often = 常辦
services-home-frequent = 大家常辦
services-home-all = 全部 { $count } 項
services-home-events = 人生大事，一次辦好
services-home-departments = 按部門找
services-home-count = { $count } 項
services-search-title = 搜尋
services-search-label = 搜尋要辦的事
services-search-example = 例如：老年人優待證
services-search-send = 搜尋
services-search-found =
    { $count ->
        [0] 沒有找到相符的事項
       *[other] 找到 { $count } 項，按相關程度排列
    }
services-search-tips = 可以換一個說法，例如用證件的名稱、要辦的事或者拼音；也可以看全部事項。
services-search-ask = 不知道該辦哪一項？請致電
services-items-title = 全部事項
services-items-found =
    { $count ->
        [0] 目前沒有可以辦理的事項
       *[other] 共 { $count } 項
    }

## 指南：要點
services-guide-link = 辦事指南
services-guide-full-name = 事項全稱：
services-guide-time = 多久辦好
services-guide-legal = 法定時限：{ $limit }
services-guide-visits = 要跑幾次
services-guide-whole-online = 可以全程網上辦
services-guide-fee = 收費
services-guide-fee-none = 沒有任何費用
services-guide-fee-below = 標準見下文
services-guide-where = 在哪裡辦
services-guide-online = 網上
services-guide-counter = 窗口
services-guide-also-hall = 也可以到政務服務大廳辦
services-guide-start = 開始辦理
services-guide-start-hint = 需要登入。中途離開會替您儲存，換一台裝置也能接著填。
services-guide-who = 誰可以辦
services-guide-how = 怎樣辦
services-guide-get = 辦好後您得到：
services-guide-valid = （有效期：{ $validity }）
services-guide-law = 依據與權利
services-guide-contact = 諮詢、投訴和常見問題
services-guide-help = 需要幫助
services-guide-edition = 第 { $version } 版，{ $day }起施行

## 指南：材料
services-guide-materials = 要帶什麼
services-guide-nothing = 什麼都不用帶。
services-guide-nothing-why = 必要的材料由登記機關直接提供，您只需要核對。
services-guide-waived = 這些不用帶
services-guide-waived-by = 我們向{ $provider }查詢（{ $register }）
services-guide-waived-unless = 登記裡沒有您的記錄，或者暫時沒有答覆的，表單會請您上傳材料。
services-guide-remaining = 還需要的材料
services-guide-no-materials = 不需要材料
services-guide-materials-all = 每份材料的詳細要求
services-material-name = 材料
services-material-requirement = 要求
services-material-how = 怎樣提交
services-material-bring = 需要提交
services-material-voluntary = 自願提供
services-material-conditional = 視情況提供
services-material-necessary = 必要
services-material-necessity = 必要性
services-material-kind = 類型
services-material-original = 原件
services-material-copy = 影印本
services-material-original-and-copy = 原件和影印本
services-material-form = 形式
services-material-on-paper = 紙本
services-material-electronic = 電子
services-material-either-form = 紙本或者電子
services-material-copies = 份數
services-material-counts = 原件 { $originals } 份，影印本 { $copies } 份
services-material-paper = 紙張規格
services-material-source = 來源管道
services-material-from-applicant = 申請人自備
services-material-from-government = 政府部門核發
services-material-from-others = 其他
services-material-source-note = 來源說明
services-material-issuer = 出具單位
services-material-basis = 要求依據
services-material-standard = 受理標準
services-material-filling = 填報須知
services-material-sample = 樣本
services-material-gap = 可以容缺（先受理、後補交）
services-material-pledge = 可以告知承諾
services-material-remark = 備註

## 指南：流程、時限、收費
services-guide-ways = 網上辦和窗口辦的流程
services-guide-process-online = 網上辦理流程
services-guide-process-counter = 窗口辦理流程
services-guide-quantity = 數量限制
services-guide-steps = 辦理環節和審查標準
services-guide-step = 環節
services-guide-step-office = 辦理部門
services-guide-step-limit = 時限
services-guide-step-standard = 審查標準
services-guide-step-result = 環節結果
services-guide-limits = 辦理時限和特別程序
services-guide-promised-limit = 承諾時限
services-guide-legal-limit = 法定時限
services-guide-counted = 計入辦理時限
services-guide-not-counted = 不計入辦理時限
services-guide-fees = 收費項目和標準
services-guide-fee-name = 收費項目
services-guide-fee-standard = 收費標準
services-guide-fee-basis = 收費依據
services-guide-fee-reduction = 可以減免

## 指南：地點、依據、幫助
services-guide-places = 辦理地點和時間
services-guide-address = 地址
services-guide-hours = 辦公時間
services-guide-window = 窗口
services-guide-traffic = 交通
services-guide-per-day = 每天可預約 { $count } 件
services-guide-basis = 辦理依據
services-guide-rights = 您的權利
services-guide-duties = 您的義務
services-guide-appeal = 不同意結果怎麼辦
services-guide-review = 行政復議機關
services-guide-litigation = 行政訴訟法院
services-guide-consult = 諮詢
services-guide-complain = 投訴
services-guide-letter = 來信地址：

## 指南：全部要素
services-guide-all = 全部要素
services-guide-all-open = 實施清單的全部要素
services-guide-body = 實施主體
services-guide-joint = 聯辦機構
services-guide-code = 實施編碼
services-guide-basic-code = 基本編碼
services-guide-kind = 事項類型
services-guide-case-type = 辦件類型
services-guide-served = 服務對象
services-guide-forms = 辦理形式
services-guide-responsible = 責任處室
services-guide-authority = 權限劃分
services-guide-exercised = 行使內容
services-guide-result = 辦理結果
services-guide-validity = 結果有效期
services-guide-appointment = 支援預約
services-guide-courier-in = 支援寄遞申請材料
services-guide-courier-out = 支援寄遞辦理結果
services-guide-self-service = 支援自助終端
services-guide-cross-region = 支援通辦
services-guide-online-payment = 支援網上支付
services-guide-state = 事項狀態
services-guide-version = 事項版本
services-guide-effective = 施行日期
services-guide-cancelled = 取消日期
services-guide-local-basic-code = 地方基本編碼
services-guide-local-code = 地方實施編碼
services-guide-handling-item = 辦理項編碼
services-guide-topics = 主題分類
services-guide-events = 人生事件和經營事件
services-guide-body-nature = 實施主體性質
services-guide-level = 行使層級
services-guide-power-source = 權力來源
services-guide-entrusted = 受委託部門
services-guide-review-type = 審查類型
services-review-type-at-once = 即審即辦
services-review-type-then-approve = 前審後批
services-guide-depth = 網上辦理深度
services-depth-consult = 網上諮詢
services-depth-receive = 網上收件
services-depth-pre-review = 網上預審
services-depth-accept = 網上受理
services-depth-handle = 網上辦理
services-depth-feedback = 結果網上回饋
services-depth-e-certificate = 電子證照
services-depth-whole = 全程網辦
services-guide-cross-range = 通辦範圍
services-guide-cross-modes = 通辦方式
services-cross-online = 全程網辦
services-cross-receive-elsewhere = 異地代收代辦
services-cross-jointly-handled = 多地聯辦
services-guide-system = 運行系統
services-system-national = 國家級系統
services-system-province = 省級系統
services-system-city = 市級系統
services-system-department = 部門自建系統
services-guide-network = 運行網路
services-network-internet = 網際網路
services-network-extranet = 政務外網
services-network-intranet = 政務內網
services-guide-single-sign-on = 單一登入
services-guide-intermediaries = 中介服務
services-guide-result-kind = 結果類型
services-guide-delivery = 送達方式
services-delivery-electronic = 電子送達
services-delivery-counter = 窗口領取
services-delivery-courier = 郵寄

## 開始申請
services-start-title = 開始之前
services-start-for = 為誰辦理
services-start-asked-title = 會向哪些登記庫查詢
services-start-asked = 您按「開始填寫」以後，我們才向下面的登記庫查詢，只查辦這件事要用的內容，替您填好，由您核對。
services-start-asks-nothing = 辦這件事不需要查詢登記庫，內容由您填寫。
services-start-register = 登記庫
services-start-fields = 查詢內容
services-start-basis = 依據
services-start-trail = 每一次查詢都有記錄，您隨時可以看：
services-start-draft-title = 您有一份沒有填完的草稿
services-start-draft = 上次填的內容都在，可以接著填。
services-start-draft-go = 接著填草稿
services-start-send = 開始填寫
services-start-anew = 另外新填一份
services-start-back = 返回指南

## 填寫
services-draft = 草稿
services-tasks-left =
    { $count ->
        [0] 各部分都已填好，可以核對提交。
       *[other] 還差 { $count } 部分。
    }
services-tasks-saved = 填好的內容都已儲存，換一台裝置登入也能接著填。
services-tasks-next = 接著填
services-tasks-check = 去核對提交
services-tasks-check-open = 可以辦
services-tasks-check-later = 前面填完後可辦
services-tasks-discard = 不辦了，刪除草稿
services-form-step = 第 { $number } 步，共 { $total } 步
services-form-revealed = 按您的回答，下面多了幾項要填，請接著填完。
services-form-continue = 儲存並繼續
services-form-later = 儲存，下次再辦
services-form-kept = 填寫的內容會存為草稿，換一台裝置登入也能接著填。
services-form-saved = 已儲存為草稿。
services-form-not-saved = 剛才沒能自動儲存，可能是網路中斷。請按「儲存並繼續」。

## 核對和提交
services-check-step = 核對提交
services-check-title = 請核對後提交
services-check-errors = 還有內容沒有填好，所以沒有提交。請逐項改正後再提交，已填的內容都在。
services-check-declare-title = 提交前請確認
services-check-declare = 提交即表示以上內容屬實。故意填報不實的，依法承擔責任。
services-check-instant = 提交以後，系統按公布的條件當場核定，不經人工。
services-check-send = 確認提交

## 回執
services-receipt-title = 收件回執
services-receipt-sent = 已提交
services-receipt-done = 已辦好
services-receipt-decided = 已有結果
services-receipt-next = 接下來
services-receipt-deciding = 系統正在按公布的條件核定，一般只要幾秒鐘。請稍後重新整理本頁，或者到「我的辦件」看結果。
services-waits = 正在等待{ $sources }的答覆。一有答覆就會核定，您不用做什麼；逾期沒有答覆的，由工作人員辦理。
services-waits-source = { $provider }（{ $register }）
services-receipt-told = 有進展時會在「訊息」裡告訴您，不用專門來問。
services-receipt-usable = 現在就能用
services-receipt-usable-how = 電子{ $name }已放進「我的證照」，出示二維碼即可。
services-receipt-verify = 別人可以核驗
services-receipt-verify-how = 掃描證照上的二維碼，就能查驗真偽，只顯示核驗所需的內容。
services-receipt-item = 事項
services-receipt-applicant = 申請人
services-receipt-by = 經辦人
services-receipt-at = 提交時間
services-receipt-office = 受理部門
services-see-certificate = 查看證照

## 我的辦件
services-my-title = 我的辦件
services-my-greeting = { $name }，您好
services-my-waiting = 等您處理
services-my-more = 查看全部辦件
services-my-drafts = 草稿
services-my-drafts-more = 查看全部草稿
services-drafts-none = 您沒有草稿。
services-my-draft-saved = { $day }儲存
services-my-certificates = 我的證照
services-my-certificates-what = 辦好的電子證照都在這裡，隨時可以出示。
services-my-certificates-go = 看我的證照
services-my-trail-what = 誰在什麼時候、為了什麼查過您的資料，每一次都有記錄。
services-my-trail-go = 看查詢記錄
services-my-notices = 訊息
services-my-notices-go = 看全部訊息
services-my-account = 我的帳戶
services-my-account-go = 看帳戶和授權
services-cases-title = 全部辦件
services-cases-none = 您還沒有辦件。
services-cases-find = 找要辦的事
services-cases-item = 事項
services-cases-state = 狀態
services-cases-sent = 提交日期
services-case-number = 辦件編號
services-case-sent = 您提交的內容
services-case-answers = 填寫的內容
services-case-files = 材料（{ $count } 件）
services-case-asked-title = 請您補正材料
services-case-asked = 這是一次性告知，補齊以後不會再要別的。等您補正期間，辦理時限暫停計算。
services-case-supplement = 現在補正
services-case-again = 重新申請
services-case-receipt = 收件回執
services-case-withdraw = 撤回申請
services-case-help = 有疑問請致電

## 辦件狀態
services-state-submitted = 待受理
services-state-reviewing = 審查中
services-state-supplementing = 待補正
services-state-deciding = 待決定
services-state-granted = 已批准
services-state-refused = 不予批准
services-state-not-accepted = 不予受理
services-state-withdrawn = 已撤回
services-state-lapsed = 已終止

## 結果
services-outcome-title = 結果
services-outcome-reason = 理由
services-outcome-basis = 依據
services-outcome-office = 作出機關
services-outcome-day = 日期
services-outcome-appeal = 不同意怎麼辦
services-ending-granted = 您的申請已經批准。理由和依據如下。
services-ending-refused = 您的申請沒有獲得批准。理由、依據和救濟途徑如下；情況改變以後可以重新申請。
services-ending-not-accepted = 您的申請沒有受理。理由、依據和救濟途徑如下；改正以後可以重新申請。
services-ending-withdrawn = 您撤回了申請，辦理已經停止。需要時可以重新申請。
services-ending-lapsed = 在補正期限內沒有收到補正，申請已經終止。需要時可以重新申請。

## 辦理過程
services-timeline-title = 辦理過程
services-timeline-now = 進行中
services-timeline-slow = 其他部門在等這一項。
services-by-rule = 系統按公布的條件核定
services-event-submitted = 已提交
services-event-accepted = 已受理
services-event-accepted-by-silence = 逾期沒有告知，視為受理
services-event-not-accepted = 不予受理
services-event-asked = 一次性告知補正
services-event-supplemented = 已補正
services-event-review-passed = { $review }通過
services-event-review-failed = { $review }未通過
services-event-granted = 批准
services-event-refused = 不予批准
services-event-withdrawn = 申請人撤回
services-event-lapsed = 逾期未補正，申請終止
services-event-to-people = 系統不能核定，轉由工作人員辦理
services-task-accept = 受理
services-task-review = 審查
services-task-decide = 決定
services-now-supplement = 等待申請人補正
services-now-supplement-until = 最遲{ $day }，逾期未補正的申請終止
services-now-review = 正在審查
services-now-reviews = { $count } 個部門同時審查
services-review-passed = 已通過
services-review-failed = 未通過
services-review-late = 已逾期
services-review-running = 進行中
services-next-reviews = 審查
services-next-decision = 作出決定
services-next-result = 發放{ $name }
services-expected = 預計{ $day }前
services-due-by = 最遲{ $day }

## 期限
services-clock-accept = 最遲受理
services-clock-promised = 預計辦結
services-clock-legal = 法定最遲辦結
services-clock-supplement = 補正截止
services-due-supplement = 補正截止
services-due-paused = 辦理時限暫停計算
services-due-paused-left = 辦理時限暫停計算；補正以後還有 { $days } 個工作日
services-due-left =
    { $days ->
        [0] 今天到期
       *[other] 還剩 { $days } 個工作日
    }
services-due-left-legal =
    { $days ->
        [0] 今天到期；法定最遲{ $day }
       *[other] 還剩 { $days } 個工作日；法定最遲{ $day }
    }
services-due-today = 今天到期
services-days-left = 剩 { $days } 個工作日
services-overdue-days = 逾期 { $days } 個工作日

## 補正
services-supplement-title = 補正材料
services-supplement-until = 請在{ $day }前補正
services-supplement-once = 這是一次性告知，補齊以後不會再要別的。提交以後，辦理時限接著計算。逾期未補正的，申請終止，可以重新申請。
services-supplement-send = 提交補正

## 撤回
services-withdraw-title = 撤回申請
services-withdraw-what = 撤回以後辦理停止，不能恢復。需要時可以重新申請。
services-withdraw-reason = 撤回理由
services-withdraw-reason-hint = 辦理部門會看到。最多 1000 個字。
services-withdraw-send = 確認撤回
services-withdraw-back = 不撤回

## 訊息
services-notice-accepted = 「{ $item }」已經受理。
services-notice-not-accepted = 「{ $item }」不予受理，請看理由和救濟途徑。
services-notice-asked = 「{ $item }」需要補正，請看要補什麼、最遲哪天。
services-notice-granted = 「{ $item }」已經批准。
services-notice-refused = 「{ $item }」不予批准，請看理由和救濟途徑。
services-notice-lapsed = 「{ $item }」逾期沒有補正，申請已經終止，可以重新申請。
services-notice-to-people = 「{ $item }」不能由系統核定，已轉由工作人員辦理。

## 收件匣
services-inbox-title = 收件匣
services-inbox-views = 收件匣檢視
services-inbox-view-mine = 我的
services-inbox-view-office = 本部門
services-inbox-view-soon = 即將到期
services-inbox-view-late = 已逾期
services-inbox-order = { $view }，按到期先後
services-inbox-none = 這裡沒有待辦的辦件。
services-inbox-item = 事項
services-inbox-who = 申請人
services-inbox-step = 環節
services-inbox-office = 辦理部門
services-inbox-received = 收到
services-inbox-due = 到期
services-inbox-limit = 時限

## 辦理一件
services-compare-title = 申請與登記對照
services-compare-differing = { $count } 處與登記不一致，在下面標出。
services-compare-what = 項目
services-compare-said = 申請人填寫
services-compare-known = 登記記錄
services-compare-result = 結果
services-compare-agrees = 一致
services-compare-differs = 不一致
services-compare-stated = 申請人填報
services-compare-register-only = 僅登記
services-compare-away = 沒有答覆
services-compare-answered-since = 申請時登記沒有答覆，現在已有答覆
services-compare-unverified = 未核實
services-compare-unverified-count = { $count } 項內容或者材料沒有登記可以核實，因為來源沒有答覆。
services-compare-not-asked = 沒有要求填寫
services-compare-no-register = 沒有登記來源
services-task-files = 材料
services-task-files-none = 沒有上傳材料。
services-task-officer = 經辦
services-task-ended-at = 辦理時間
services-task-waiting-title = 等待申請人補正
services-task-waiting = 已經一次性告知。申請人補正以後，這裡可以繼續辦理；期間時限暫停計算。
services-task-not-yours-title = 您的崗位不辦這個環節
services-task-not-yours = 您可以查看。需要辦理時，請由本部門相應崗位的同事辦。
services-task-free = 這件辦件還沒有人領取。
services-task-taken = 這件辦件已由別的同事領取。
services-task-take = 由我來辦
services-task-conflict-title = 這次操作沒有生效
services-task-conflict-kept = 下面是最新情況，您寫的內容都還在。請看過以後再決定要不要提交。
services-act-accept-what = 材料齊全、符合法定形式的，應當受理。
services-act-accept = 受理
services-act-turn-away = 不予受理
services-act-pass = 審查通過
services-act-fail = 審查不通過
services-act-grant = 批准
services-act-refuse = 不予批准
services-act-reason = 意見和理由
services-act-reason-hint = 申請人會看到。作出否定意見時必須寫明理由和法律依據。
services-act-basis = 法律依據
services-act-basis-choose = 請選擇
services-act-basis-other = 其他依據
services-act-basis-other-hint = 上面沒有的，寫明法規名稱和條款。
services-act-ask-open = 要求補正材料
services-act-ask-fields = 請申請人補正
services-act-ask-once = 只能告知一次，請一次列全。
services-act-ask-message = 告知內容
services-act-ask-message-hint = 寫明每一項缺什麼、怎樣補。申請人會看到。
services-act-ask = 一次性告知
services-act-asked-already = 已經告知過一次，不能再要求補正。
services-opinion-accepted = 已受理
services-opinion-not-accepted = 不予受理
services-opinion-passed = 審查通過
services-opinion-failed = 審查不通過
services-opinion-granted = 已批准
services-opinion-refused = 不予批准
services-opinion-cancelled = 不再需要辦理

## 錯誤
services-error-reason = 沒有寫明理由，或者少於 5 個字。申請人有權知道為什麼，請寫明理由。
services-error-basis = 沒有寫明法律依據。請選擇一條，或者在「其他依據」裡寫明。
services-error-ask-fields = 沒有選擇要補正的內容。請至少勾選一項。
services-error-ask-message = 沒有寫明告知內容，或者少於 5 個字。請寫明缺什麼、怎樣補。
services-conflict-source-away = 製證需要的登記數據暫時沒有答覆，決定沒有作出。請在來源恢復後再作決定。
services-conflict-asked-once = 這件辦件已經告知過一次補正。依法只能一次性告知，所以不能再要求補正。請按現有材料辦理。
services-conflict-draft = 這份草稿已經提交，或者在別處改過，所以沒有再次提交。請到「我的辦件」看最新情況。
services-conflict-finished = 這件辦件已經辦結，所以不能再改變。請看結果；需要時可以重新申請。
services-conflict-for-enterprises = 這個事項只為企業和組織辦理，您現在為本人辦事。請先在「我的帳戶」選擇代企業辦事，再開始。
services-conflict-for-persons = 這個事項只為個人辦理，您現在代企業辦事。請先在「我的帳戶」改為本人，再開始。
services-conflict-moved-on = 這件辦件已經進入別的環節，所以這一步現在不能辦。請看最新情況。
services-conflict-somebody-acted = 您打開頁面以後，這件辦件已經由別人辦理或者有了變化，所以這次操作沒有生效。請看最新情況。
