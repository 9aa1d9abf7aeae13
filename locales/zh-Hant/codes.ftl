# 各類編碼的提示信息與代碼集名稱。鍵名來自 crates/codes/src。

## 公民身份號碼
codes-resident-id-length = 公民身份號碼應為 { $expected } 位，您輸入了 { $found } 位。請按身份證完整填寫。
codes-resident-id-character = 公民身份號碼第 { $position } 位是「{ $found }」，該位只能是 { $expected }。請更正這一位。
codes-resident-id-check = 公民身份號碼有誤：第 { $position } 位是 { $found }，按其餘各位推算應為 { $expected }。請與身份證逐位核對。
codes-resident-id-date = 公民身份號碼中的出生日期（自第 { $position } 位起：{ $found }）不存在。請核對第 7 至 14 位。
codes-resident-id-future = 公民身份號碼中的出生日期（自第 { $position } 位起：{ $found }）晚於今天（{ $today }）。請核對第 7 至 14 位。
codes-resident-id-value = 公民身份號碼自第 { $position } 位起的部分是 { $found }，應在 { $expected } 之內。請另選順序碼。

## 組織機構代碼
codes-organisation-code-length = 組織機構代碼應為 { $expected } 位，您輸入了 { $found } 位。請完整填寫，連字符可有可無。
codes-organisation-code-character = 組織機構代碼第 { $position } 位是「{ $found }」，該位只能是 { $expected }。請更正這一位。
codes-organisation-code-check = 組織機構代碼有誤：第 { $position } 位是 { $found }，按其餘各位推算應為 { $expected }。請與證件逐位核對。

## 統一社會信用代碼
codes-uscc-length = 統一社會信用代碼應為 { $expected } 位，您輸入了 { $found } 位。請按執照完整填寫。
codes-uscc-character = 統一社會信用代碼第 { $position } 位是「{ $found }」，該位只能是 { $expected }。代碼中不使用字母 I、O、S、V、Z，請看是否應為 1、0、5、U、2。
codes-uscc-check = 統一社會信用代碼有誤：第 { $position } 位是 { $found }，按其餘各位推算應為 { $expected }。請與執照逐位核對。

## 事項編碼
codes-basic-code-length = 基本編碼應為 { $expected } 位數字，現為 { $found } 位。請在事項目錄中查找。
codes-basic-code-character = 基本編碼第 { $position } 位是「{ $found }」，該位只能是 { $expected }。請在事項目錄中查找。
codes-implementation-code-length = 實施編碼應為 { $expected } 位，現為 { $found } 位。實施編碼由實施主體的統一社會信用代碼（18 位）、行使層級（1 位）和基本編碼（12 位）組成。
codes-implementation-code-character = 實施編碼第 { $position } 位是「{ $found }」，該位只能是 { $expected }。請更正這一位。
codes-implementation-code-check = 實施編碼中的統一社會信用代碼有誤：第 { $position } 位是 { $found }，按其餘各位推算應為 { $expected }。請與實施主體的代碼核對。
codes-implementation-code-region = 基本編碼的地區是 { $found }，實施主體登記地區是 { $expected }。允許不一致，請確認是否有意如此。
codes-handling-item-code-length = 業務辦理項編碼應為 { $expected } 位，現為 { $found } 位。它由實施編碼（31 位）和兩位數字組成。
codes-handling-item-code-character = 業務辦理項編碼第 { $position } 位是「{ $found }」，該位只能是 { $expected }。請更正這一位。
codes-handling-item-code-check = 業務辦理項編碼中的統一社會信用代碼有誤：第 { $position } 位是 { $found }，按其餘各位推算應為 { $expected }。請與實施主體的代碼核對。
codes-handling-item-code-value = 業務辦理項編碼自第 { $position } 位起的序號是 { $found }，應在 { $expected } 之內。請另選未用的序號。
codes-local-item-code-length = 地方事項編碼應為 { $expected } 個字符，現為 { $found } 個。請填寫地方目錄中的編碼。
codes-local-item-code-character = 地方事項編碼第 { $position } 個字符是空格或控制字符。請刪去。

## 辦件編號
codes-case-number-length = 辦件編號應為 { $expected } 位，您輸入了 { $found } 位。請按受理憑證完整填寫。
codes-case-number-character = 辦件編號第 { $position } 位是「{ $found }」，該位只能是 { $expected }。請與受理憑證核對。
codes-case-number-check = 沒有這樣的辦件編號：第 { $position } 位是 { $found }，按其前各位推算應為 { $expected }。請與受理憑證核對。
codes-case-number-date = 辦件編號中的日期（自第 { $position } 位起：{ $found }）不存在。請與受理憑證核對。
codes-case-number-value = 辦件編號自第 { $position } 位起的流水號是 { $found }，應在 { $expected } 之內，且不多補零。請與受理憑證核對。

## 電子證照標識
codes-certificate-id-length = 電子證照標識應為 { $expected } 個字符，您輸入了 { $found } 個。請完整填寫，或掃描二維碼。
codes-certificate-id-character = 電子證照標識第 { $position } 個字符是「{ $found }」，此處只能是 { $expected }。請與證照核對。
codes-certificate-id-check = 電子證照標識有誤：第 { $position } 個字符是 { $found }，按其餘字符推算應為 { $expected }。請與證照核對，或掃描二維碼。
codes-certificate-id-value = 電子證照標識自第 { $position } 個字符起的部分是「{ $found }」，格式應為 { $expected }。請與證照核對，或掃描二維碼。

## 行政區劃、代碼集、本地清單
codes-division-length = 行政區劃代碼應為 { $expected } 位，現為 { $found } 位。請從列表中選擇。
codes-division-character = 行政區劃代碼第 { $position } 位是「{ $found }」，該位只能是 { $expected }。請從列表中選擇。
codes-code-set-value = 代碼集中沒有 { $found }。可用的值：{ $expected }。
codes-division-row-row = 行政區劃清單第 { $line } 行無法讀取：「{ $found }」。每行應為 2、4、6、9 或 12 位代碼、一個製表符和名稱。
codes-calendar-row-row = 工作日曆第 { $line } 行無法讀取：「{ $found }」。每行應為年份、製表符、rest= 及放假日（MM-DD 或 MM-DD..MM-DD）、製表符、work= 及調休上班日，兩者不得重複。

## 名稱
codes-sex-male = 男
codes-sex-female = 女
codes-division-level-province = 省級
codes-division-level-city = 地級
codes-division-level-county = 縣級
codes-division-level-town = 鄉級
codes-division-level-community = 村級
codes-item-type-power-group = 行政權力事項（組）
codes-item-type-licence = 行政許可
codes-item-type-penalty = 行政處罰
codes-item-type-coercion = 行政強制
codes-item-type-levy = 行政徵收
codes-item-type-benefit = 行政給付
codes-item-type-inspection = 行政檢查
codes-item-type-confirmation = 行政確認
codes-item-type-reward = 行政獎勵
codes-item-type-adjudication = 行政裁決
codes-item-type-other-power = 其他行政權力
codes-item-type-power-extension = 行政權力（擴展類型）
codes-item-type-public-service = 公共服務
codes-item-type-public-extension = 公共服務（擴展類型）
codes-exercise-level-national = 國家級
codes-exercise-level-province = 省級
codes-exercise-level-city = 市級
codes-exercise-level-county = 縣級
codes-exercise-level-town = 鎮（鄉、街道）級
codes-exercise-level-village = 村（社區）級
codes-exercise-level-multi-level = 分級管理
codes-body-nature-statutory = 法定機關
codes-body-nature-authorised = 授權組織
codes-body-nature-entrusted = 受委託組織
codes-body-nature-other = 其他
codes-handling-form-counter = 窗口辦理
codes-handling-form-web = 網上辦理
codes-handling-form-mobile = 手機辦理
codes-handling-form-courier = 快遞申請
codes-handling-form-other = 其他
codes-case-type-instant = 即辦件
codes-case-type-promised = 承諾件
codes-case-type-other = 其他
codes-service-object-natural-person = 自然人
codes-service-object-enterprise = 企業
codes-service-object-public-institution = 事業單位
codes-service-object-social-organisation = 社會組織
codes-service-object-unincorporated-enterprise = 非法人企業
codes-service-object-administrative-organ = 行政機關
codes-service-object-other = 其他組織
codes-special-procedure-extension = 延長審批
codes-special-procedure-other = 其他特別程序
codes-satisfaction-very-satisfied = 非常滿意
codes-satisfaction-satisfied = 滿意
codes-satisfaction-fair = 基本滿意
codes-satisfaction-dissatisfied = 不滿意
codes-satisfaction-very-dissatisfied = 非常不滿意
codes-power-source-own-level = 法定本級行使
codes-power-source-delegated-down = 上級下放
codes-power-source-authorised-by-superior = 上級授權
codes-power-source-authorised-by-peer = 同級授權
codes-power-source-entrusted-by-superior = 上級委託
codes-power-source-entrusted-by-peer = 同級委託
codes-item-state-in-use = 在用
codes-item-state-suspended = 暫停
codes-item-state-cancelled = 取消
codes-cross-range-nation = 全國通辦
codes-cross-range-province = 全省通辦
codes-cross-range-city = 全市通辦
codes-cross-range-county = 全縣通辦
codes-cross-range-town = 全鎮通辦
codes-cross-range-villages = 跨村通辦
codes-result-type-certificate = 證照
codes-result-type-approval-document = 批文
codes-result-type-other = 其他
codes-result-type-nothing = 無
