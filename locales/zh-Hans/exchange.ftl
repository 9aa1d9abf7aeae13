# 数据交换：谁查看了谁的数据、对查看的疑问、不予提供的说明。键：crates/exchange。

exchange-comma = 、
exchange-month = { $year }年{ $month }月

## 查看记录
exchange-trail-title = 谁查过我的数据
exchange-trail-lead = 每一次查看都在这里：谁、为了什么、看了哪些。记录不能删改。
exchange-trail-lead-party = 对{ $party }数据的每一次查看都在这里：谁、为了什么、看了哪些。记录不能删改。
exchange-trail-filter = 筛选记录
exchange-trail-all = 全部
exchange-trail-people = 只看工作人员
exchange-trail-questioned = 我提过疑问的
exchange-trail-none = 没有这类查看记录。
exchange-trail-older = 更早的
exchange-who-you = 您本人
exchange-who-agent = { $name }（本单位经办人）
exchange-who-official = { $office } { $name }
exchange-who-system = { $office } 系统自动办理
exchange-look-own = 本人查看
exchange-look-fields = 看了：{ $fields }
exchange-look-source = （{ $resource }，{ $office }）
exchange-look-whole = 看了：{ $what }（{ $office }）
exchange-what-case = 申请的全部内容
exchange-what-case-file = 申请中上传的文件
exchange-what-certificate = 证照的全部内容
exchange-look-for = 为了：
exchange-look-basis = 依据：{ $basis }
exchange-purpose-case-handling = 办理事项
exchange-purpose-certificate-keeping = 证照管理
exchange-purpose-own-data = 查阅本人数据
exchange-purpose-supervision = 监督检查

## 对查看的疑问
exchange-question-title = 对一次查看提出疑问
exchange-question-title-asked = 疑问和答复
exchange-question-ask = 对这次查看提出疑问
exchange-question-read = 疑问和答复
exchange-question-label = 您想知道什么？
exchange-question-hint = 例如为什么需要这些数据。最多 { $max } 个字。查看的部门必须答复，答复后您会收到消息。
exchange-question-send = 提交疑问
exchange-question-back = 返回记录
exchange-question-words = 疑问
exchange-question-office = 答复部门
exchange-question-answer = 答复
exchange-question-open = 您提出了疑问
exchange-question-answered = 已答复
exchange-question-late = 逾期未答复
exchange-question-due = { $due }前答复
exchange-question-was-due = 应当在{ $due }前答复
exchange-notice-answered = { $office }答复了您对一次数据查看的疑问。

## 部门
exchange-questions-inbox = 收件箱
exchange-questions-title = 数据查看疑问
exchange-questions-lead = 居民和企业询问本部门为什么查看他们的数据。每个疑问都有答复期限。
exchange-questions-filter = 筛选疑问
exchange-questions-open = 待答复
exchange-questions-answered = 已答复
exchange-questions-none = 这里没有疑问。
exchange-questions-look = 哪次查看
exchange-questions-asked = 提出时间
exchange-questions-due = 答复期限
exchange-answer-title = 答复数据查看疑问
exchange-answer-label = 您的答复
exchange-answer-hint = 请说明为什么需要这些数据、依据哪条规定。最多 { $max } 个字。提问人会看到原文和您的姓名。
exchange-answer-send = 提交答复

## 不予提供、不予接收
exchange-words-short = 内容太短，无法理解。请至少写 { $min } 个字。
exchange-words-long = 内容有 { $found } 个字，最多 { $max } 个字。请缩短。
exchange-conflict-own = 这是您本人的查看，没有部门可以答复。只能对部门的查看提出疑问。
exchange-conflict-answered = 另一位同事已经答复了这个疑问，您写的答复没有提交。请在疑问页面查看已有的答复。
exchange-denied-no-grant = 本部门不能调取这些数据：提供方没有为这个用途授权。没有显示任何数据。请向数据目录所列的提供方申请授权，或者请申请人提供。
exchange-denied-field = 本部门的授权没有包括所要的全部信息项。没有显示任何数据。请只调取已授权的信息项，或者请数据目录所列的提供方扩大授权。
exchange-denied-over = 本部门对这些数据的授权已到期、已撤回或者尚未生效。没有显示任何数据。请向数据目录所列的提供方申请续期。
exchange-denied-not-shared = 提供方不予共享这些数据，依据见数据目录。没有显示任何数据。法律允许的，请申请人提供。
exchange-denied-subject = 这些数据不属于您现在代表的人或者单位。没有显示任何数据。请先选择代表谁办理，再试一次。
exchange-ask-reason = 调取数据必须写明用途、依据和需要数据的部门。没有显示任何数据。请补全事项文件。
exchange-ask-nothing = 请求没有写明信息项。没有显示任何数据。请写明事项需要的每个信息项。
exchange-ask-resource = 数据目录里没有登记库“{ $resource }”。没有显示任何数据。请改正事项文件。
exchange-ask-field = 登记库“{ $resource }”没有字段“{ $field }”。没有显示任何数据。请按数据目录改正事项文件。
exchange-ask-subject = 登记库“{ $resource }”没有这类对象的数据。没有显示任何数据。请改正事项文件：自然人还是经营主体。
