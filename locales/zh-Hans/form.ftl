# 表单引擎的文字：错误、选项、状态。键名来自 crates/services/src/form。

## 答案的写法
form-yes = 是
form-no = 否
form-declared = 已声明
form-not-answered = 未填写
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

## 页面状态
form-state-todo = 未开始
form-state-started = 进行中
form-state-done = 已完成

## 重复填写的项目

## 来源

## 文件

## 错误：提交的整体
form-error-in-row = 第 { $row } 项：{ $error }
form-error-too-many-inputs = 一次提交的内容项过多（最多 { $max } 项），未能保存。请减少条目后重新提交。
form-error-too-much-text = 一次提交的文字共 { $found } KB，超过 { $max } KB 的上限，未能保存。请缩短文字，较长的说明请以文件上传。
form-error-repeat-max = “{ $label }”最多可填 { $max } 项，超出的没有保存。请删除多余的项目。

## 错误：未填写
form-error-required-text = “{ $label }”还没有填写。请填写后继续。
form-error-required-choice = “{ $label }”还没有选择。请选择一项后继续。
form-error-required-boxes = “{ $label }”还没有选择。请至少勾选一项后继续。
form-error-required-date = “{ $label }”还没有填写。请填写年、月、日，例如 1956 3 27。
form-error-required-month = “{ $label }”还没有填写。请填写年和月，例如 2026 3。
form-error-required-file = “{ $label }”还没有上传文件。请选择文件并上传。
form-error-required-declaration = 需要您的声明才能继续。请阅读后勾选“{ $label }”。

## 错误：文字
form-error-too-long = “{ $label }”共 { $length } 个字，最多 { $max } 个字。请删减 { $over } 个字。
form-error-too-short = “{ $label }”只有 { $length } 个字，至少需要 { $min } 个字。请补充完整。
form-error-characters = “{ $label }”的第 { $position } 个字符是看不见的控制字符，无法保存。请删除后重新输入。
form-error-pattern-digits = “{ $label }”只能是数字。请删除其他字符。
form-error-pattern-code = “{ $label }”只能由字母、数字、连字符和括号组成。请按证件上的写法填写。
form-error-pattern-postcode = 邮政编码是 6 位数字。请更正“{ $label }”。
form-error-pattern-person-name = “{ $label }”含有姓名中不会出现的字符。请按证件上的姓名填写，不要写数字或符号。
form-error-pattern-bank-card = 银行卡号是 12 至 19 位数字。请按卡面填写“{ $label }”。
form-error-pattern-bank-card-check = 银行卡号有误：校验位不符，至少有一位写错了。请与卡面逐位核对“{ $label }”。
form-error-email = 电子邮箱应当像 name@example.com。请检查“{ $label }”。
form-error-phone = “{ $label }”不是有效的电话号码。请填写 11 位手机号码，或带区号的固定电话，如 0990-5551000。
form-error-phone-mobile = 手机号码应为 11 位，您填写了 { $found } 位。请检查“{ $label }”。
form-error-phone-foreign = 境外号码请写成 + 加国家或地区代码和号码，例如 +852 5123 4567。请检查“{ $label }”。

## 错误：数字与金额
form-error-number = “{ $found }”不是数字。请在“{ $label }”中只填写数字。
form-error-number-whole = “{ $label }”应为整数。请去掉小数部分。
form-error-number-decimals = “{ $label }”最多保留 { $max } 位小数。请减少小数位数。
form-error-number-min = “{ $label }”不能小于 { $min }。请检查后重新填写。
form-error-number-max = “{ $label }”不能大于 { $max }。请检查后重新填写。
form-error-money = “{ $found }”不是有效的金额。请在“{ $label }”中以元填写，最多两位小数，例如 1200.50。
form-error-money-min = “{ $label }”不能少于 { $min } 元。请检查后重新填写。
form-error-money-max = “{ $label }”不能超过 { $max } 元。请检查后重新填写。

## 错误：日期
form-error-date-year-missing = “{ $label }”缺少年份。请填写四位年份，例如 1956。
form-error-date-month-missing = “{ $label }”缺少月份。请填写 1 至 12。
form-error-date-day-missing = “{ $label }”缺少日。请填写几号。
form-error-date-year = “{ $label }”的年份“{ $found }”有误。请填写四位年份，例如 1956。
form-error-date-month = “{ $label }”的月份“{ $found }”有误：月份只有 1 至 12。请更正月份。
form-error-date-day = “{ $label }”的日“{ $found }”不存在：{ $year }年{ $month }月只有 { $last } 天。请更正。
form-error-date-before = “{ $label }”不能早于{ $limit }。请检查后重新填写。
form-error-date-after = “{ $label }”不能晚于{ $limit }。请检查后重新填写。

## 错误：选项
form-error-option = “{ $label }”的答案不在可选项之中。请从列表中重新选择。
form-error-boxes-max = “{ $label }”最多可选 { $max } 项，您选了 { $found } 项。请取消一些。
form-error-division = “{ $label }”不是可选的行政区划。请从列表中选择。

## 错误：文件
form-error-file-too-large = 文件“{ $name }”为 { $found } MB，超过 { $max } MB 的上限，没有保存。请压缩后重新上传。
form-error-file-empty = 文件“{ $name }”是空的，没有保存。请检查文件后重新上传。
form-error-file-type = 文件“{ $name }”的类型不能接收，没有保存。可接收 { $allowed }。请转换后重新上传。
form-error-file-too-many = “{ $label }”最多可上传 { $max } 个文件，“{ $name }”没有保存。请先移除一个文件。
form-error-files-too-many = “{ $label }”共 { $found } 个文件，最多 { $max } 个，新的文件没有保存。请只选择需要的文件。
form-error-file-unexpected = 此处不接收文件，文件没有保存。请在有“上传文件”的项目中上传。

## 由登记证明的材料，以及没有答复的来源
form-as-of = 数据日期
form-fact-line = { $label }：{ $value }
form-ask-proved = 我们向{ $provider }（{ $register }）查询，您不用上传。
form-ask-away = 我们向{ $provider }（{ $register }）查询，但对方暂时没有答复。请改为上传材料；提交时我们会再查一次。
form-ask-nothing = 我们查了{ $provider }（{ $register }），没有能证明的记录。请上传材料。
form-ask-unverified = { $provider }（{ $register }）暂时没有答复，请您自己填写；在登记答复以前，这一项算作未核实。提交时我们会再查一次。
form-note-proved = 取自{ $provider }（{ $register }），免提交材料
form-note-away = { $provider }（{ $register }）没有答复，改为上传材料
form-note-nothing = { $provider }（{ $register }）没有能证明的记录，需要上传材料
form-note-unverified = 未核实：{ $provider }（{ $register }）没有答复
form-error-register-differs = { $label }：登记现在有了答复，内容与您填写的不同。请核对后再提交。
