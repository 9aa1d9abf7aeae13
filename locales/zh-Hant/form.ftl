# 表單引擎的文字：錯誤、選項、狀態。鍵名來自 crates/services/src/form。

## 答案的寫法
form-yes = 是
form-no = 否
form-declared = 已聲明
form-not-answered = 未填寫
form-yuan = 元
form-money = { $yuan } 元
form-with-unit = { $value } { $unit }
form-date = { $year }年{ $month }月{ $day }日
form-month = { $year }年{ $month }月
form-part-year = 年
form-part-month = 月
form-part-day = 日
form-size-kb = { $size } KB
form-size-mb = { $size } MB
form-file-line = { $name }（{ $size }）

## 頁面狀態
form-state-todo = 未開始
form-state-started = 進行中
form-state-done = 已完成

## 重複填寫的項目

## 來源

## 文件

## 錯誤：提交的整體
form-error-in-row = 第 { $row } 項：{ $error }
form-error-too-many-inputs = 一次提交的內容項過多（最多 { $max } 項），未能保存。請減少條目後重新提交。
form-error-too-much-text = 一次提交的文字共 { $found } KB，超過 { $max } KB 的上限，未能保存。請縮短文字，較長的說明請以文件上傳。
form-error-repeat-max = 「{ $label }」最多可填 { $max } 項，超出的沒有保存。請刪除多餘的項目。

## 錯誤：未填寫
form-error-required-text = 「{ $label }」還沒有填寫。請填寫後繼續。
form-error-required-choice = 「{ $label }」還沒有選擇。請選擇一項後繼續。
form-error-required-boxes = 「{ $label }」還沒有選擇。請至少勾選一項後繼續。
form-error-required-date = 「{ $label }」還沒有填寫。請填寫年、月、日，例如 1956 3 27。
form-error-required-month = 「{ $label }」還沒有填寫。請填寫年和月，例如 2026 3。
form-error-required-file = 「{ $label }」還沒有上傳文件。請選擇文件並上傳。
form-error-required-declaration = 需要您的聲明才能繼續。請閱讀後勾選「{ $label }」。

## 錯誤：文字
form-error-too-long = 「{ $label }」共 { $length } 個字，最多 { $max } 個字。請刪減 { $over } 個字。
form-error-too-short = 「{ $label }」只有 { $length } 個字，至少需要 { $min } 個字。請補充完整。
form-error-characters = 「{ $label }」的第 { $position } 個字符是看不見的控制字符，無法保存。請刪除後重新輸入。
form-error-pattern-digits = 「{ $label }」只能是數字。請刪除其他字符。
form-error-pattern-code = 「{ $label }」只能由字母、數字、連字符和括號組成。請按證件上的寫法填寫。
form-error-pattern-postcode = 郵政編碼是 6 位數字。請更正「{ $label }」。
form-error-pattern-person-name = 「{ $label }」含有姓名中不會出現的字符。請按證件上的姓名填寫，不要寫數字或符號。
form-error-pattern-bank-card = 銀行卡號是 12 至 19 位數字。請按卡面填寫「{ $label }」。
form-error-pattern-bank-card-check = 銀行卡號有誤：校驗位不符，至少有一位寫錯了。請與卡面逐位核對「{ $label }」。
form-error-email = 電子郵箱應當像 name@example.com。請檢查「{ $label }」。
form-error-phone = 「{ $label }」不是有效的電話號碼。請填寫 11 位手機號碼，或帶區號的固定電話，如 0990-5551000。
form-error-phone-mobile = 手機號碼應為 11 位，您填寫了 { $found } 位。請檢查「{ $label }」。
form-error-phone-foreign = 境外號碼請寫成 + 加國家或地區代碼和號碼，例如 +852 5123 4567。請檢查「{ $label }」。

## 錯誤：數字與金額
form-error-number = 「{ $found }」不是數字。請在「{ $label }」中只填寫數字。
form-error-number-whole = 「{ $label }」應為整數。請去掉小數部分。
form-error-number-decimals = 「{ $label }」最多保留 { $max } 位小數。請減少小數位數。
form-error-number-min = 「{ $label }」不能小於 { $min }。請檢查後重新填寫。
form-error-number-max = 「{ $label }」不能大於 { $max }。請檢查後重新填寫。
form-error-money = 「{ $found }」不是有效的金額。請在「{ $label }」中以元填寫，最多兩位小數，例如 1200.50。
form-error-money-min = 「{ $label }」不能少於 { $min } 元。請檢查後重新填寫。
form-error-money-max = 「{ $label }」不能超過 { $max } 元。請檢查後重新填寫。

## 錯誤：日期
form-error-date-year-missing = 「{ $label }」缺少年份。請填寫四位年份，例如 1956。
form-error-date-month-missing = 「{ $label }」缺少月份。請填寫 1 至 12。
form-error-date-day-missing = 「{ $label }」缺少日。請填寫幾號。
form-error-date-year = 「{ $label }」的年份「{ $found }」有誤。請填寫四位年份，例如 1956。
form-error-date-month = 「{ $label }」的月份「{ $found }」有誤：月份只有 1 至 12。請更正月份。
form-error-date-day = 「{ $label }」的日「{ $found }」不存在：{ $year }年{ $month }月只有 { $last } 天。請更正。
form-error-date-before = 「{ $label }」不能早於{ $limit }。請檢查後重新填寫。
form-error-date-after = 「{ $label }」不能晚於{ $limit }。請檢查後重新填寫。

## 錯誤：選項
form-error-option = 「{ $label }」的答案不在可選項之中。請從列表中重新選擇。
form-error-boxes-max = 「{ $label }」最多可選 { $max } 項，您選了 { $found } 項。請取消一些。
form-error-division = 「{ $label }」不是可選的行政區劃。請從列表中選擇。

## 錯誤：文件
form-error-file-too-large = 文件「{ $name }」為 { $found } MB，超過 { $max } MB 的上限，沒有保存。請壓縮後重新上傳。
form-error-file-empty = 文件「{ $name }」是空的，沒有保存。請檢查文件後重新上傳。
form-error-file-type = 文件「{ $name }」的類型不能接收，沒有保存。可接收 { $allowed }。請轉換後重新上傳。
form-error-file-too-many = 「{ $label }」最多可上傳 { $max } 個文件，「{ $name }」沒有保存。請先移除一個文件。
form-error-files-too-many = 「{ $label }」共 { $found } 個文件，最多 { $max } 個，新的文件沒有保存。請只選擇需要的文件。
form-error-file-unexpected = 此處不接收文件，文件沒有保存。請在有「上傳文件」的項目中上傳。

## 由登記證明的材料，以及沒有答覆的來源
form-as-of = 數據日期
form-fact-line = { $label }：{ $value }
form-ask-proved = 我們向{ $provider }（{ $register }）查詢，您不用上傳。
form-ask-away = 我們向{ $provider }（{ $register }）查詢，但對方暫時沒有答覆。請改為上傳材料；提交時我們會再查一次。
form-ask-nothing = 我們查了{ $provider }（{ $register }），沒有能證明的記錄。請上傳材料。
form-ask-unverified = { $provider }（{ $register }）暫時沒有答覆，請您自己填寫；在登記答覆以前，這一項算作未核實。提交時我們會再查一次。
form-note-proved = 取自{ $provider }（{ $register }），免提交材料
form-note-away = { $provider }（{ $register }）沒有答覆，改為上傳材料
form-note-nothing = { $provider }（{ $register }）沒有能證明的記錄，需要上傳材料
form-note-unverified = 未核實：{ $provider }（{ $register }）沒有答覆
form-error-register-differs = { $label }：登記現在有了答覆，內容與您填寫的不同。請核對後再提交。
