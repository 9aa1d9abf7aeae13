# 事项的分类名称、时限的说法和指南检查的提示。键名来自 crates/services/src/item。

## 时限
item-limit-instant = 当场办结
item-limit-hours = { $number } 小时
item-limit-working-days = { $number } 个工作日
item-limit-calendar-days = { $number } 日
item-limit-months = { $number } 个月

## 个人主题
item-topic-birth = 生育收养
item-topic-household = 户籍居住
item-topic-education = 教育
item-topic-work = 就业
item-topic-business-start = 创业
item-topic-marriage = 婚姻登记
item-topic-housing = 住房
item-topic-social-insurance = 社会保险
item-topic-social-assistance = 社会救助
item-topic-disability = 残疾人服务
item-topic-elderly = 养老助老
item-topic-health = 医疗卫生
item-topic-documents = 证件办理
item-topic-transport = 交通出行
item-topic-retirement = 离职退休
item-topic-culture = 文化体育

## 法人主题
item-topic-establishment = 设立
item-topic-change = 变更
item-topic-permits = 准营准办
item-topic-staff = 人力资源
item-topic-finance-tax = 财政税务
item-topic-funding = 扶持资助
item-topic-quality = 质量监督
item-topic-construction = 工程建设
item-topic-environment = 环保绿化
item-topic-advertising = 广告招牌
item-topic-closure = 注销

## 人生事件与经营事件
item-event-having-a-child = 生孩子
item-event-going-to-school = 上学
item-event-finding-work = 找工作
item-event-losing-work = 失业
item-event-getting-married = 结婚
item-event-moving-here = 来本市居住
item-event-buying-a-home = 买房租房
item-event-falling-ill = 看病就医
item-event-living-with-disability = 残疾生活
item-event-growing-old = 养老
item-event-starting-a-business = 开办企业
item-event-opening-a-restaurant = 开餐饮店
item-event-changing-a-business = 企业变更

## 指南检查
item-lint-instant = 承诺时限为当场办结、办件类型为即办件、审查类型为即审即办三者应当一致。请改为三者都是，或三者都不是。
item-lint-result-certificate = 结果名称以“证”结尾，结果类型应为证照。请更正结果类型。
item-lint-result-approval = 结果名称以“文”或“批复”结尾，结果类型应为批文。请更正结果类型。
item-lint-result-sample = 结果有名称而没有样本。请补充样本。
item-lint-visit-reason-missing = 需要到现场，却没有说明原因。请补充原因，或将次数改为 0。
item-lint-visit-reason-needless = 不需要到现场，却写了到现场的原因。请删除原因。
item-lint-courier = 到现场次数为 0 又不能网上办理，应当允许快递申请。请开通快递申请或网上办理。
item-lint-whole-online = 全程网办的事项，到现场次数应为 0。请更正次数或网办深度。
item-lint-fee-incomplete = 收费事项缺少收费依据、收费项目或网上支付。请补全。
item-lint-fee-none = 不收费的事项不应开通网上支付。请关闭网上支付。
item-lint-phone = 电话“{ $phone }”没有区号或格式不对。请写成 0990-5551000 的形式。
item-lint-phones-same = 咨询电话与投诉电话相同。请提供不同的投诉电话。
item-lint-topics = 主题分类与服务对象不一致：面向自然人的要有个人主题，面向法人的要有法人主题，反之不应有。请更正。
item-lint-topic-unknown = 主题“{ $topic }”不在主题分类之中。请选用已有的主题。
item-lint-licence-questions = 许可事项至少要有一个常见问题。请补充。
item-lint-licence-steps = 许可事项至少要有受理、审查、决定、办结、送达五个环节。请补全。
item-lint-promised-longer = 承诺时限长于法定时限。请缩短承诺时限。
item-lint-review-longer = 审查环节的时限长于承诺时限。请缩短该环节。
item-lint-material-source = 材料“{ $material }”没有写明来源。请写明由谁提供。

# 首页人生事件卡片上的一个字，只作装饰。
item-sign-having-a-child = 生
item-sign-going-to-school = 学
item-sign-finding-work = 业
item-sign-losing-work = 助
item-sign-getting-married = 婚
item-sign-moving-here = 迁
item-sign-buying-a-home = 居
item-sign-falling-ill = 医
item-sign-living-with-disability = 扶
item-sign-growing-old = 老
item-sign-starting-a-business = 商
item-sign-opening-a-restaurant = 食
item-sign-changing-a-business = 变
