# 各类编码的提示信息与代码集名称。键名来自 crates/codes/src。

## 公民身份号码
codes-resident-id-length = 公民身份号码应为 { $expected } 位，您输入了 { $found } 位。请按身份证完整填写。
codes-resident-id-character = 公民身份号码第 { $position } 位是“{ $found }”，该位只能是 { $expected }。请更正这一位。
codes-resident-id-check = 公民身份号码有误：第 { $position } 位是 { $found }，按其余各位推算应为 { $expected }。请与身份证逐位核对。
codes-resident-id-date = 公民身份号码中的出生日期（自第 { $position } 位起：{ $found }）不存在。请核对第 7 至 14 位。
codes-resident-id-future = 公民身份号码中的出生日期（自第 { $position } 位起：{ $found }）晚于今天（{ $today }）。请核对第 7 至 14 位。
codes-resident-id-value = 公民身份号码自第 { $position } 位起的部分是 { $found }，应在 { $expected } 之内。请另选顺序码。

## 组织机构代码
codes-organisation-code-length = 组织机构代码应为 { $expected } 位，您输入了 { $found } 位。请完整填写，连字符可有可无。
codes-organisation-code-character = 组织机构代码第 { $position } 位是“{ $found }”，该位只能是 { $expected }。请更正这一位。
codes-organisation-code-check = 组织机构代码有误：第 { $position } 位是 { $found }，按其余各位推算应为 { $expected }。请与证件逐位核对。

## 统一社会信用代码
codes-uscc-length = 统一社会信用代码应为 { $expected } 位，您输入了 { $found } 位。请按执照完整填写。
codes-uscc-character = 统一社会信用代码第 { $position } 位是“{ $found }”，该位只能是 { $expected }。代码中不使用字母 I、O、S、V、Z，请看是否应为 1、0、5、U、2。
codes-uscc-check = 统一社会信用代码有误：第 { $position } 位是 { $found }，按其余各位推算应为 { $expected }。请与执照逐位核对。

## 事项编码
codes-basic-code-length = 基本编码应为 { $expected } 位数字，现为 { $found } 位。请在事项目录中查找。
codes-basic-code-character = 基本编码第 { $position } 位是“{ $found }”，该位只能是 { $expected }。请在事项目录中查找。
codes-implementation-code-length = 实施编码应为 { $expected } 位，现为 { $found } 位。实施编码由实施主体的统一社会信用代码（18 位）、行使层级（1 位）和基本编码（12 位）组成。
codes-implementation-code-character = 实施编码第 { $position } 位是“{ $found }”，该位只能是 { $expected }。请更正这一位。
codes-implementation-code-check = 实施编码中的统一社会信用代码有误：第 { $position } 位是 { $found }，按其余各位推算应为 { $expected }。请与实施主体的代码核对。
codes-implementation-code-region = 基本编码的地区是 { $found }，实施主体登记地区是 { $expected }。允许不一致，请确认是否有意如此。
codes-handling-item-code-length = 业务办理项编码应为 { $expected } 位，现为 { $found } 位。它由实施编码（31 位）和两位数字组成。
codes-handling-item-code-character = 业务办理项编码第 { $position } 位是“{ $found }”，该位只能是 { $expected }。请更正这一位。
codes-handling-item-code-check = 业务办理项编码中的统一社会信用代码有误：第 { $position } 位是 { $found }，按其余各位推算应为 { $expected }。请与实施主体的代码核对。
codes-handling-item-code-value = 业务办理项编码自第 { $position } 位起的序号是 { $found }，应在 { $expected } 之内。请另选未用的序号。
codes-local-item-code-length = 地方事项编码应为 { $expected } 个字符，现为 { $found } 个。请填写地方目录中的编码。
codes-local-item-code-character = 地方事项编码第 { $position } 个字符是空格或控制字符。请删去。

## 办件编号
codes-case-number-length = 办件编号应为 { $expected } 位，您输入了 { $found } 位。请按受理凭证完整填写。
codes-case-number-character = 办件编号第 { $position } 位是“{ $found }”，该位只能是 { $expected }。请与受理凭证核对。
codes-case-number-check = 没有这样的办件编号：第 { $position } 位是 { $found }，按其前各位推算应为 { $expected }。请与受理凭证核对。
codes-case-number-date = 办件编号中的日期（自第 { $position } 位起：{ $found }）不存在。请与受理凭证核对。
codes-case-number-value = 办件编号自第 { $position } 位起的流水号是 { $found }，应在 { $expected } 之内，且不多补零。请与受理凭证核对。

## 电子证照标识
codes-certificate-id-length = 电子证照标识应为 { $expected } 个字符，您输入了 { $found } 个。请完整填写，或扫描二维码。
codes-certificate-id-character = 电子证照标识第 { $position } 个字符是“{ $found }”，此处只能是 { $expected }。请与证照核对。
codes-certificate-id-check = 电子证照标识有误：第 { $position } 个字符是 { $found }，按其余字符推算应为 { $expected }。请与证照核对，或扫描二维码。
codes-certificate-id-value = 电子证照标识自第 { $position } 个字符起的部分是“{ $found }”，格式应为 { $expected }。请与证照核对，或扫描二维码。

## 行政区划、代码集、本地清单
codes-division-length = 行政区划代码应为 { $expected } 位，现为 { $found } 位。请从列表中选择。
codes-division-character = 行政区划代码第 { $position } 位是“{ $found }”，该位只能是 { $expected }。请从列表中选择。
codes-code-set-value = 代码集中没有 { $found }。可用的值：{ $expected }。
codes-division-row-row = 行政区划清单第 { $line } 行无法读取：“{ $found }”。每行应为 2、4、6、9 或 12 位代码、一个制表符和名称。
codes-calendar-row-row = 工作日历第 { $line } 行无法读取：“{ $found }”。每行应为年份、制表符、rest= 及放假日（MM-DD 或 MM-DD..MM-DD）、制表符、work= 及调休上班日，两者不得重复。

## 名称
codes-sex-male = 男
codes-sex-female = 女
codes-division-level-province = 省级
codes-division-level-city = 地级
codes-division-level-county = 县级
codes-division-level-town = 乡级
codes-division-level-community = 村级
codes-item-type-power-group = 行政权力事项（组）
codes-item-type-licence = 行政许可
codes-item-type-penalty = 行政处罚
codes-item-type-coercion = 行政强制
codes-item-type-levy = 行政征收
codes-item-type-benefit = 行政给付
codes-item-type-inspection = 行政检查
codes-item-type-confirmation = 行政确认
codes-item-type-reward = 行政奖励
codes-item-type-adjudication = 行政裁决
codes-item-type-other-power = 其他行政权力
codes-item-type-power-extension = 行政权力（扩展类型）
codes-item-type-public-service = 公共服务
codes-item-type-public-extension = 公共服务（扩展类型）
codes-exercise-level-national = 国家级
codes-exercise-level-province = 省级
codes-exercise-level-city = 市级
codes-exercise-level-county = 县级
codes-exercise-level-town = 镇（乡、街道）级
codes-exercise-level-village = 村（社区）级
codes-exercise-level-multi-level = 分级管理
codes-body-nature-statutory = 法定机关
codes-body-nature-authorised = 授权组织
codes-body-nature-entrusted = 受委托组织
codes-body-nature-other = 其他
codes-handling-form-counter = 窗口办理
codes-handling-form-web = 网上办理
codes-handling-form-mobile = 手机办理
codes-handling-form-courier = 快递申请
codes-handling-form-other = 其他
codes-case-type-instant = 即办件
codes-case-type-promised = 承诺件
codes-case-type-other = 其他
codes-service-object-natural-person = 自然人
codes-service-object-enterprise = 企业
codes-service-object-public-institution = 事业单位
codes-service-object-social-organisation = 社会组织
codes-service-object-unincorporated-enterprise = 非法人企业
codes-service-object-administrative-organ = 行政机关
codes-service-object-other = 其他组织
codes-special-procedure-extension = 延长审批
codes-special-procedure-other = 其他特别程序
codes-satisfaction-very-satisfied = 非常满意
codes-satisfaction-satisfied = 满意
codes-satisfaction-fair = 基本满意
codes-satisfaction-dissatisfied = 不满意
codes-satisfaction-very-dissatisfied = 非常不满意
codes-power-source-own-level = 法定本级行使
codes-power-source-delegated-down = 上级下放
codes-power-source-authorised-by-superior = 上级授权
codes-power-source-authorised-by-peer = 同级授权
codes-power-source-entrusted-by-superior = 上级委托
codes-power-source-entrusted-by-peer = 同级委托
codes-item-state-in-use = 在用
codes-item-state-suspended = 暂停
codes-item-state-cancelled = 取消
codes-cross-range-nation = 全国通办
codes-cross-range-province = 全省通办
codes-cross-range-city = 全市通办
codes-cross-range-county = 全县通办
codes-cross-range-town = 全镇通办
codes-cross-range-villages = 跨村通办
codes-result-type-certificate = 证照
codes-result-type-approval-document = 批文
codes-result-type-other = 其他
codes-result-type-nothing = 无
