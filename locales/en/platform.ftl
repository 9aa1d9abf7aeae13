# Texts of the platform: error pages, going on after a session ended, messages. Keys: crates/platform.

## Errors: title, what and why, what next
error-invalid-title = Something in this form is not right
error-invalid-what = Some of it does not meet the requirements, so nothing was saved.
error-invalid-next = Go back to the page before, correct it and send it again.
error-not-found-title = This page was not found
error-not-found-what = The address may contain a slip, what was here may have moved, or it does not belong to your account.
error-not-found-next = Check the address, or search from the home page.
error-denied-title = You may not do this
error-denied-what = Your account does not have this permission.
error-denied-next = Sign in with an account that may. If you think that yours should, call us and tell us the request number below.
error-conflict-title = Things have changed
error-conflict-what = Something changed after you opened the page, so this had no effect.
error-conflict-next = Go back, load the page again and look at how things stand before you decide.
error-too-many-title = Too many attempts
error-too-many-what =
    { $minutes ->
        [one] For safety, no further attempt is possible for 1 minute.
       *[other] For safety, no further attempt is possible for { $minutes } minutes.
    }
error-too-many-next = Try again then. If the attempts were not yours, call us at once.
error-too-large-title = This is too large
error-too-large-what = The file or the form is larger than the limit of { $limit }, so nothing was saved.
error-too-large-next = Make the file smaller or send it in parts, then try again.
error-unavailable-title = This does not work at the moment
error-unavailable-what = A system that we depend on does not answer now. What you just did had no effect and was not sent twice.
error-unavailable-next = Try again in a few minutes. It is safe to send again.
error-internal-title = Something went wrong on our side
error-internal-what = This is our error, not yours. It has been recorded. What you just did may have had no effect.
error-internal-next = See first whether anything changed, then try again. If it fails again, call us and tell us the request number below.

## No permission
error-denied-sign-in = This page needs you to sign in. You are not signed in, or your session has ended. Sign in and try again; files have to be chosen again.
error-denied-role = Your account may not do this. The page may be for officials, or your post may not cover this step.
error-denied-form-token = This page is out of date, or you signed in again elsewhere. For safety, nothing was sent. Go back, load the page again and send it once more.

## Twice
error-conflict-exists = The same record already exists; you may have sent it before. So it was not saved again.
error-conflict-once = This form was already sent or is being processed. So it was not sent again.

## Forms
error-form-unreadable = What was sent is incomplete and cannot be read; the connection may have broken. Go back and send it again.
error-form-too-many-fields = Too many inputs were sent at once (at most { $max }), so nothing was saved. Remove some entries and send it again.
error-form-too-many-files = Too many files were sent at once (at most { $max }), so nothing was saved. Upload them in several steps.

## Going on after a session ended
resume-title = What you typed is still here
resume-what = Your session had ended, and we kept what you typed. Press “Send it now” to send it as it was.
resume-continue = Send it now

## Messages
notices-title = Messages
notices-none = There are no messages yet. When something happens to your cases, you will read it here.
