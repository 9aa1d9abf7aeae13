# 數據目錄，以及登記數據未獲接收的說明。鍵：crates/registry。

registry-yes = 是
registry-no = 否

## 目錄
registry-catalogue-title = 政務數據目錄
registry-catalogue-lead = 公共登記庫裏有甚麼、由哪個部門負責、其他部門按甚麼條件使用，都寫在這裏。這裏只有說明，沒有任何人的數據。
registry-catalogue-label = 搜尋數據目錄
registry-catalogue-hint = 登記庫、信息項或者主題
registry-catalogue-search = 搜尋
registry-catalogue-bases = 登記庫類別
registry-catalogue-found = 共 { $count } 個登記庫
registry-catalogue-fields = { $count } 個信息項
registry-catalogue-none = 沒有同時符合這些詞的登記庫。請減少關鍵詞，或者選擇「全部」。
registry-base-all = 全部
registry-base-population = 人口
registry-base-legal-entity = 法人單位
registry-base-space = 自然資源和空間地理
registry-base-credit = 社會信用
registry-base-theme = 主題

## 單個資源
registry-resource-about = 基本情況
registry-resource-provider = 提供方
registry-resource-ground = 共享依據
registry-resource-opening = 開放屬性
registry-resource-subject = 數據對象
registry-resource-base = 所屬庫
registry-resource-update = 更新週期
registry-resource-stale = 數據視為過期
registry-resource-stale-never = 不過期：變化即時登記
registry-resource-stale-days = 超過 { $days } 天
registry-resource-quality = 質量規則
registry-resource-place = 分類
registry-resource-code = 資源代碼
registry-resource-key = 簡稱
registry-resource-published = 發佈日期
registry-resource-fields = 信息項
registry-resource-source = 一數一源：每個信息項只以本庫為準。其他部門需要時到這裏調取，不另存副本。
registry-field-name = 信息項
registry-field-key = 字段名
registry-field-type = 數據類型
registry-field-size = 長度
registry-field-required = 必填
registry-field-sensitivity = 敏感程度
registry-field-values = 「{ $field }」各代碼的含義

registry-sharing-unconditional = 無條件共享
registry-sharing-conditional = 有條件共享
registry-sharing-none = 不予共享
registry-opening-none = 不予開放
registry-opening-conditional = 有條件開放。
registry-opening-open = 無條件開放
registry-update-real-time = 實時
registry-update-daily = 每日
registry-update-weekly = 每週
registry-update-monthly = 每月
registry-update-quarterly = 每季度
registry-update-yearly = 每年
registry-subject-person = 自然人
registry-subject-enterprise = 經營主體
registry-subject-any = 自然人和經營主體
registry-type-text = 文本
registry-type-integer = 整數
registry-type-date = 日期
registry-type-code = 代碼
registry-type-resident-id = 公民身份號碼
registry-type-uscc = 統一社會信用代碼
registry-sensitivity-public = 公開
registry-sensitivity-internal = 內部
registry-sensitivity-personal = 個人信息
registry-sensitivity-sensitive = 敏感個人信息

## 未獲接收的行和值
registry-resource-unknown = 數據目錄裏沒有登記庫「{ $resource }」。請在目錄中查找它的簡稱。
registry-import-header = 第一行必須寫明列名：subject、可有可無的 as_of，以及登記庫的字段，每個一次。文件沒有讀取。請改正第一行後重新報送。
registry-import-column = 列「{ $column }」不是登記庫「{ $resource }」的字段。文件沒有讀取。請刪除這一列，或者按數據目錄改正列名。
registry-refused-encoding = 這一行不是 UTF-8 編碼。請把文件另存為 UTF-8 後重新報送這一行。
registry-refused-csv = 這一行的引號不配對。含有逗號、引號或者換行的單元格要用引號括起來，裏面的引號寫兩次。
registry-refused-columns = 這一行有 { $found } 個單元格，表頭有 { $expected } 個。請補齊，或者把含有逗號的單元格用引號括起來。
registry-refused-json = 這一行從第 { $column } 個字符起不是 JSON。請在一行內寫一個對象。
registry-refused-shape = 這一行是 JSON，但不是 subject、as_of、data 的形式（見第 { $column } 個字符）。請只用這幾個名稱，data 寫成對象。
registry-refused-long = 這一行超過 1 MB，後面的行無法分辨。之前的行已經接收。請補上引號或者截短這一行，再報送其餘部分。
registry-refused-overtaken = 登記庫裏已有這個對象日期更晚的數據。沒有改動。如果這一行更新，請寫明正確日期後重新報送。
registry-conflict-overtaken = 登記庫裏已有這個對象日期更晚的數據，所以沒有改動。請重新載入記錄並核對日期。
registry-field-unknown = 登記庫「{ $resource }」沒有字段「{ $field }」。請刪除，或者按數據目錄改正字段名。
registry-field-missing = 字段「{ $field }」在這個登記庫裏必填，但這一行沒有值。請補上。
registry-field-text = 字段「{ $field }」應為文本，但這裏是另一種值。請寫在引號裏。
registry-field-control = 字段「{ $field }」含有無法顯示的字符。請刪除。
registry-field-length = 字段「{ $field }」最多 { $max } 個字符，這裏有 { $found } 個。請縮短。
registry-field-integer = 字段「{ $field }」應為整數。請只寫數字。
registry-field-date = 字段「{ $field }」應為日期，但「{ $found }」不是日曆上的一天。請寫成 2026-11-21 的形式。
registry-field-code = 字段「{ $field }」的代碼有 { $expected }，沒有「{ $found }」。請用其中之一。
