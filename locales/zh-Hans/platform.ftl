# 平台的文字：错误页、续交、消息。键名来自 crates/platform。

## 错误：标题、原因、下一步
error-invalid-title = 提交的内容有误
error-invalid-what = 有些内容不符合要求，所以没有保存。
error-invalid-next = 请回到上一页，改正后再提交。
error-not-found-title = 找不到这一页
error-not-found-what = 地址可能抄写有误，内容可能已经移走，或者它不属于您的账户。
error-not-found-next = 请核对地址，或者从首页查找。
error-denied-title = 您不能这样做
error-denied-what = 您的账户没有这项权限。
error-denied-next = 请换用有权限的账户登录。如果您认为应当可以，请致电我们，并告诉我们下面的请求编号。
error-conflict-title = 情况有了变化
error-conflict-what = 您打开页面以后，内容已经改变，所以这次操作没有生效。
error-conflict-next = 请回到上一页并刷新，看过最新情况再决定。
error-too-many-title = 尝试次数太多
error-too-many-what = 为了安全，暂时不能再试。请等 { $minutes } 分钟。
error-too-many-next = 请到时候再试。如果不是您本人操作，请马上致电我们。
error-too-large-title = 提交的内容太大
error-too-large-what = 文件或者内容超过 { $limit } 的上限，所以没有保存。
error-too-large-next = 请缩小文件或者分开提交，再试一次。
error-unavailable-title = 暂时不能办理
error-unavailable-what = 我们依靠的一个系统现在没有回应。您刚才的操作没有生效，也没有重复提交。
error-unavailable-next = 请过几分钟再试一次，可以放心重新提交。
error-internal-title = 我们这里出了错
error-internal-what = 这是我们的错误，不是您的。错误已经记录，您刚才的操作可能没有生效。
error-internal-next = 请先看办件是否已经有变化，再试一次。仍然不行的，请致电我们，并告诉我们下面的请求编号。

## 没有权限
error-denied-sign-in = 这一页需要登录，您还没有登录，或者登录已经过期。请登录后再试；文件要重新选择。
error-denied-role = 您的账户没有办这件事的权限，可能这是工作人员的页面，或者您的岗位不办这一项。
error-denied-form-token = 这个页面已经过期，或者您在别处重新登录过。为了安全，没有提交。请回到上一页，刷新后再提交。

## 重复
error-conflict-exists = 同样的记录已经存在，可能您已经提交过一次，所以没有再次保存。
error-conflict-once = 这份表单已经提交过，或者正在处理，所以没有再次提交。

## 表单
error-form-unreadable = 提交的内容不完整，无法读取，可能是网络中断。请回到上一页，再提交一次。
error-form-too-many-fields = 一次提交的内容项太多，最多 { $max } 项，所以没有保存。请减少条目后再提交。
error-form-too-many-files = 一次上传的文件太多，最多 { $max } 个，所以没有保存。请分几次上传。

## 登录过期后继续
resume-title = 您填的内容还在
resume-what = 刚才登录已经过期，您填写的内容已经替您留着。点“继续提交”，就照原样提交。
resume-continue = 继续提交

## 消息
notices-title = 消息
notices-none = 还没有消息。您的办件有进展时，会在这里告诉您。
