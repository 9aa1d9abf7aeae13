# 數據交換：誰查看了誰的數據、對查看的疑問、不予提供的說明。鍵：crates/exchange。

exchange-comma = 、
exchange-month = { $year }年{ $month }月

## 查看記錄
exchange-trail-title = 誰查過我的數據
exchange-trail-lead = 每一次查看都在這裏：誰、為了甚麼、看了哪些。記錄不能刪改。
exchange-trail-lead-party = 對{ $party }數據的每一次查看都在這裏：誰、為了甚麼、看了哪些。記錄不能刪改。
exchange-trail-filter = 篩選記錄
exchange-trail-all = 全部
exchange-trail-people = 只看工作人員
exchange-trail-questioned = 我提過疑問的
exchange-trail-none = 沒有這類查看記錄。
exchange-trail-older = 更早的
exchange-who-you = 您本人
exchange-who-agent = { $name }（本單位經辦人）
exchange-who-official = { $office } { $name }
exchange-who-system = { $office } 系統自動辦理
exchange-look-own = 本人查看
exchange-look-fields = 看了：{ $fields }
exchange-look-source = （{ $resource }，{ $office }）
exchange-look-whole = 看了：{ $what }（{ $office }）
exchange-what-case = 申請的全部內容
exchange-what-case-file = 申請中上傳的文件
exchange-what-certificate = 證照的全部內容
exchange-look-for = 為了：
exchange-look-basis = 依據：{ $basis }
exchange-purpose-case-handling = 辦理事項
exchange-purpose-certificate-keeping = 證照管理
exchange-purpose-own-data = 查閱本人數據
exchange-purpose-supervision = 監督檢查

## 對查看的疑問
exchange-question-title = 對一次查看提出疑問
exchange-question-title-asked = 疑問和答覆
exchange-question-ask = 對這次查看提出疑問
exchange-question-read = 疑問和答覆
exchange-question-label = 您想知道甚麼？
exchange-question-hint = 例如為甚麼需要這些數據。最多 { $max } 個字。查看的部門必須答覆，答覆後您會收到消息。
exchange-question-send = 提交疑問
exchange-question-back = 返回記錄
exchange-question-words = 疑問
exchange-question-office = 答覆部門
exchange-question-answer = 答覆
exchange-question-open = 您提出了疑問
exchange-question-answered = 已答覆
exchange-question-late = 逾期未答覆
exchange-question-due = { $due }前答覆
exchange-question-was-due = 應當在{ $due }前答覆
exchange-notice-answered = { $office }答覆了您對一次數據查看的疑問。

## 部門
exchange-questions-inbox = 收件箱
exchange-questions-title = 數據查看疑問
exchange-questions-lead = 居民和企業詢問本部門為甚麼查看他們的數據。每個疑問都有答覆期限。
exchange-questions-filter = 篩選疑問
exchange-questions-open = 待答覆
exchange-questions-answered = 已答覆
exchange-questions-none = 這裏沒有疑問。
exchange-questions-look = 哪次查看
exchange-questions-asked = 提出時間
exchange-questions-due = 答覆期限
exchange-answer-title = 答覆數據查看疑問
exchange-answer-label = 您的答覆
exchange-answer-hint = 請說明為甚麼需要這些數據、依據哪條規定。最多 { $max } 個字。提問人會看到原文和您的姓名。
exchange-answer-send = 提交答覆

## 不予提供、不予接收
exchange-words-short = 內容太短，無法理解。請至少寫 { $min } 個字。
exchange-words-long = 內容有 { $found } 個字，最多 { $max } 個字。請縮短。
exchange-conflict-own = 這是您本人的查看，沒有部門可以答覆。只能對部門的查看提出疑問。
exchange-conflict-answered = 另一位同事已經答覆了這個疑問，您寫的答覆沒有提交。請在疑問頁面查看已有的答覆。
exchange-denied-no-grant = 本部門不能調取這些數據：提供方沒有為這個用途授權。沒有顯示任何數據。請向數據目錄所列的提供方申請授權，或者請申請人提供。
exchange-denied-field = 本部門的授權沒有包括所要的全部信息項。沒有顯示任何數據。請只調取已授權的信息項，或者請數據目錄所列的提供方擴大授權。
exchange-denied-over = 本部門對這些數據的授權已到期、已撤回或者尚未生效。沒有顯示任何數據。請向數據目錄所列的提供方申請續期。
exchange-denied-not-shared = 提供方不予共享這些數據，依據見數據目錄。沒有顯示任何數據。法律允許的，請申請人提供。
exchange-denied-subject = 這些數據不屬於您現在代表的人或者單位。沒有顯示任何數據。請先選擇代表誰辦理，再試一次。
exchange-ask-reason = 調取數據必須寫明用途、依據和需要數據的部門。沒有顯示任何數據。請補全事項文件。
exchange-ask-nothing = 請求沒有寫明信息項。沒有顯示任何數據。請寫明事項需要的每個信息項。
exchange-ask-resource = 數據目錄裏沒有登記庫「{ $resource }」。沒有顯示任何數據。請改正事項文件。
exchange-ask-field = 登記庫「{ $resource }」沒有字段「{ $field }」。沒有顯示任何數據。請按數據目錄改正事項文件。
exchange-ask-subject = 登記庫「{ $resource }」沒有這類對象的數據。沒有顯示任何數據。請改正事項文件：自然人還是經營主體。
