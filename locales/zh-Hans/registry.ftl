# 数据目录，以及登记数据未被接收的说明。键：crates/registry。

registry-yes = 是
registry-no = 否

## 目录
registry-catalogue-title = 政务数据目录
registry-catalogue-lead = 公共登记库里有什么、由哪个部门负责、其他部门按什么条件使用，都写在这里。这里只有说明，没有任何人的数据。
registry-catalogue-label = 搜索数据目录
registry-catalogue-hint = 登记库、信息项或者主题
registry-catalogue-search = 搜索
registry-catalogue-bases = 登记库类别
registry-catalogue-found = 共 { $count } 个登记库
registry-catalogue-fields = { $count } 个信息项
registry-catalogue-none = 没有同时符合这些词的登记库。请减少关键词，或者选择“全部”。
registry-base-all = 全部
registry-base-population = 人口
registry-base-legal-entity = 法人单位
registry-base-space = 自然资源和空间地理
registry-base-credit = 社会信用
registry-base-theme = 主题

## 单个资源
registry-resource-about = 基本情况
registry-resource-provider = 提供方
registry-resource-ground = 共享依据
registry-resource-opening = 开放属性
registry-resource-subject = 数据对象
registry-resource-base = 所属库
registry-resource-update = 更新周期
registry-resource-stale = 数据视为过期
registry-resource-stale-never = 不过期：变化即时登记
registry-resource-stale-days = 超过 { $days } 天
registry-resource-quality = 质量规则
registry-resource-place = 分类
registry-resource-code = 资源代码
registry-resource-key = 简称
registry-resource-published = 发布日期
registry-resource-fields = 信息项
registry-resource-source = 一数一源：每个信息项只以本库为准。其他部门需要时到这里调取，不另存副本。
registry-field-name = 信息项
registry-field-key = 字段名
registry-field-type = 数据类型
registry-field-size = 长度
registry-field-required = 必填
registry-field-sensitivity = 敏感程度
registry-field-values = “{ $field }”各代码的含义

registry-sharing-unconditional = 无条件共享
registry-sharing-conditional = 有条件共享
registry-sharing-none = 不予共享
registry-opening-none = 不予开放
registry-opening-conditional = 有条件开放。
registry-opening-open = 无条件开放
registry-update-real-time = 实时
registry-update-daily = 每日
registry-update-weekly = 每周
registry-update-monthly = 每月
registry-update-quarterly = 每季度
registry-update-yearly = 每年
registry-subject-person = 自然人
registry-subject-enterprise = 经营主体
registry-subject-any = 自然人和经营主体
registry-type-text = 文本
registry-type-integer = 整数
registry-type-date = 日期
registry-type-code = 代码
registry-type-resident-id = 公民身份号码
registry-type-uscc = 统一社会信用代码
registry-sensitivity-public = 公开
registry-sensitivity-internal = 内部
registry-sensitivity-personal = 个人信息
registry-sensitivity-sensitive = 敏感个人信息

## 未被接收的行和值
registry-resource-unknown = 数据目录里没有登记库“{ $resource }”。请在目录中查找它的简称。
registry-import-header = 第一行必须写明列名：subject、可有可无的 as_of，以及登记库的字段，每个一次。文件没有读取。请改正第一行后重新报送。
registry-import-column = 列“{ $column }”不是登记库“{ $resource }”的字段。文件没有读取。请删除这一列，或者按数据目录改正列名。
registry-refused-encoding = 这一行不是 UTF-8 编码。请把文件另存为 UTF-8 后重新报送这一行。
registry-refused-csv = 这一行的引号不配对。含有逗号、引号或者换行的单元格要用引号括起来，里面的引号写两次。
registry-refused-columns = 这一行有 { $found } 个单元格，表头有 { $expected } 个。请补齐，或者把含有逗号的单元格用引号括起来。
registry-refused-json = 这一行从第 { $column } 个字符起不是 JSON。请在一行内写一个对象。
registry-refused-shape = 这一行是 JSON，但不是 subject、as_of、data 的形式（见第 { $column } 个字符）。请只用这几个名称，data 写成对象。
registry-refused-long = 这一行超过 1 MB，后面的行无法分辨。之前的行已经接收。请补上引号或者截短这一行，再报送其余部分。
registry-refused-overtaken = 登记库里已有这个对象日期更晚的数据。没有改动。如果这一行更新，请写明正确日期后重新报送。
registry-conflict-overtaken = 登记库里已有这个对象日期更晚的数据，所以没有改动。请重新载入记录并核对日期。
registry-field-unknown = 登记库“{ $resource }”没有字段“{ $field }”。请删除，或者按数据目录改正字段名。
registry-field-missing = 字段“{ $field }”在这个登记库里必填，但这一行没有值。请补上。
registry-field-text = 字段“{ $field }”应为文本，但这里是另一种值。请写在引号里。
registry-field-control = 字段“{ $field }”含有无法显示的字符。请删除。
registry-field-length = 字段“{ $field }”最多 { $max } 个字符，这里有 { $found } 个。请缩短。
registry-field-integer = 字段“{ $field }”应为整数。请只写数字。
registry-field-date = 字段“{ $field }”应为日期，但“{ $found }”不是日历上的一天。请写成 2026-11-21 的形式。
registry-field-code = 字段“{ $field }”的代码有 { $expected }，没有“{ $found }”。请用其中之一。
