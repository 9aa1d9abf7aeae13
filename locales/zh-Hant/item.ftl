# 事項的分類名稱、時限的說法和指南檢查的提示。鍵名來自 crates/services/src/item。

## 時限
item-limit-instant = 當場辦結
item-limit-hours = { $number } 小時
item-limit-working-days = { $number } 個工作日
item-limit-calendar-days = { $number } 日
item-limit-months = { $number } 個月

## 個人主題
item-topic-birth = 生育收養
item-topic-household = 戶籍居住
item-topic-education = 教育
item-topic-work = 就業
item-topic-business-start = 創業
item-topic-marriage = 婚姻登記
item-topic-housing = 住房
item-topic-social-insurance = 社會保險
item-topic-social-assistance = 社會救助
item-topic-disability = 殘疾人服務
item-topic-elderly = 養老助老
item-topic-health = 醫療衛生
item-topic-documents = 證件辦理
item-topic-transport = 交通出行
item-topic-retirement = 離職退休
item-topic-culture = 文化體育

## 法人主題
item-topic-establishment = 設立
item-topic-change = 變更
item-topic-permits = 準營準辦
item-topic-staff = 人力資源
item-topic-finance-tax = 財政稅務
item-topic-funding = 扶持資助
item-topic-quality = 質量監督
item-topic-construction = 工程建設
item-topic-environment = 環保綠化
item-topic-advertising = 廣告招牌
item-topic-closure = 註銷

## 人生事件與經營事件
item-event-having-a-child = 生孩子
item-event-going-to-school = 上學
item-event-finding-work = 找工作
item-event-losing-work = 失業
item-event-getting-married = 結婚
item-event-moving-here = 來本市居住
item-event-buying-a-home = 買房租房
item-event-falling-ill = 看病就醫
item-event-living-with-disability = 殘疾生活
item-event-growing-old = 養老
item-event-starting-a-business = 開辦企業
item-event-opening-a-restaurant = 開餐飲店
item-event-changing-a-business = 企業變更

## 指南檢查
item-lint-instant = 承諾時限為當場辦結、辦件類型為即辦件、審查類型為即審即辦三者應當一致。請改為三者都是，或三者都不是。
item-lint-result-certificate = 結果名稱以「證」結尾，結果類型應為證照。請更正結果類型。
item-lint-result-approval = 結果名稱以「文」或「批覆」結尾，結果類型應為批文。請更正結果類型。
item-lint-result-sample = 結果有名稱而沒有樣本。請補充樣本。
item-lint-visit-reason-missing = 需要到現場，卻沒有說明原因。請補充原因，或將次數改為 0。
item-lint-visit-reason-needless = 不需要到現場，卻寫了到現場的原因。請刪除原因。
item-lint-courier = 到現場次數為 0 又不能網上辦理，應當允許快遞申請。請開通快遞申請或網上辦理。
item-lint-whole-online = 全程網辦的事項，到現場次數應為 0。請更正次數或網辦深度。
item-lint-fee-incomplete = 收費事項缺少收費依據、收費項目或網上支付。請補全。
item-lint-fee-none = 不收費的事項不應開通網上支付。請關閉網上支付。
item-lint-phone = 電話「{ $phone }」沒有區號或格式不對。請寫成 0990-5551000 的形式。
item-lint-phones-same = 諮詢電話與投訴電話相同。請提供不同的投訴電話。
item-lint-topics = 主題分類與服務對象不一致：面向自然人的要有個人主題，面向法人的要有法人主題，反之不應有。請更正。
item-lint-topic-unknown = 主題「{ $topic }」不在主題分類之中。請選用已有的主題。
item-lint-licence-questions = 許可事項至少要有一個常見問題。請補充。
item-lint-licence-steps = 許可事項至少要有受理、審查、決定、辦結、送達五個環節。請補全。
item-lint-promised-longer = 承諾時限長於法定時限。請縮短承諾時限。
item-lint-review-longer = 審查環節的時限長於承諾時限。請縮短該環節。
item-lint-material-source = 材料「{ $material }」沒有寫明來源。請寫明由誰提供。

# 首頁人生事件卡片上的一個字，只作裝飾。
item-sign-having-a-child = 生
item-sign-going-to-school = 學
item-sign-finding-work = 業
item-sign-losing-work = 助
item-sign-getting-married = 婚
item-sign-moving-here = 遷
item-sign-buying-a-home = 居
item-sign-falling-ill = 醫
item-sign-living-with-disability = 扶
item-sign-growing-old = 老
item-sign-starting-a-business = 商
item-sign-opening-a-restaurant = 食
item-sign-changing-a-business = 變
