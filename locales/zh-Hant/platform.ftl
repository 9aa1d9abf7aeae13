# 平臺的文字：錯誤頁、續交、訊息。鍵名來自 crates/platform。

## 錯誤：標題、原因、下一步
error-invalid-title = 提交的內容有誤
error-invalid-what = 有些內容不符合要求，所以沒有儲存。
error-invalid-next = 請回到上一頁，改正後再提交。
error-not-found-title = 找不到這一頁
error-not-found-what = 網址可能抄寫有誤，內容可能已經移走，或者它不屬於您的帳戶。
error-not-found-next = 請核對網址，或者從首頁查找。
error-denied-title = 您不能這樣做
error-denied-what = 您的帳戶沒有這項權限。
error-denied-next = 請換用有權限的帳戶登入。如果您認為應當可以，請致電我們，並告訴我們下面的請求編號。
error-conflict-title = 情況有了變化
error-conflict-what = 您打開頁面以後，內容已經改變，所以這次操作沒有生效。
error-conflict-next = 請回到上一頁並重新整理，看過最新情況再決定。
error-too-many-title = 嘗試次數太多
error-too-many-what = 為了安全，暫時不能再試。請等 { $minutes } 分鐘。
error-too-many-next = 請到時候再試。如果不是您本人操作，請馬上致電我們。
error-too-large-title = 提交的內容太大
error-too-large-what = 檔案或者內容超過 { $limit } 的上限，所以沒有儲存。
error-too-large-next = 請縮小檔案或者分開提交，再試一次。
error-unavailable-title = 暫時不能辦理
error-unavailable-what = 我們依靠的一個系統現在沒有回應。您剛才的操作沒有生效，也沒有重複提交。
error-unavailable-next = 請過幾分鐘再試一次，可以放心重新提交。
error-internal-title = 我們這裡出了錯
error-internal-what = 這是我們的錯誤，不是您的。錯誤已經記錄，您剛才的操作可能沒有生效。
error-internal-next = 請先看辦件是否已經有變化，再試一次。仍然不行的，請致電我們，並告訴我們下面的請求編號。

## 沒有權限
error-denied-sign-in = 這一頁需要登入，您還沒有登入，或者登入已經過期。請登入後再試；檔案要重新選擇。
error-denied-role = 您的帳戶沒有辦這件事的權限，可能這是工作人員的頁面，或者您的崗位不辦這一項。
error-denied-form-token = 這個頁面已經過期，或者您在別處重新登入過。為了安全，沒有提交。請回到上一頁，重新整理後再提交。

## 重複
error-conflict-exists = 同樣的記錄已經存在，可能您已經提交過一次，所以沒有再次儲存。
error-conflict-once = 這份表單已經提交過，或者正在處理，所以沒有再次提交。

## 表單
error-form-unreadable = 提交的內容不完整，無法讀取，可能是網路中斷。請回到上一頁，再提交一次。
error-form-too-many-fields = 一次提交的內容項太多，最多 { $max } 項，所以沒有儲存。請減少條目後再提交。
error-form-too-many-files = 一次上傳的檔案太多，最多 { $max } 個，所以沒有儲存。請分幾次上傳。

## 登入過期後繼續
resume-title = 您填的內容還在
resume-what = 剛才登入已經過期，您填寫的內容已經替您留著。按「繼續提交」，就照原樣提交。
resume-continue = 繼續提交

## 訊息
notices-title = 訊息
notices-none = 還沒有訊息。您的辦件有進展時，會在這裡告訴您。
