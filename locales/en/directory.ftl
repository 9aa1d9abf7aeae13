# Signing in, acting for an enterprise, the own account.

## Sign in
directory-sign-in-title = Sign in
directory-sign-in-login = Sign-in name
directory-sign-in-password = Password
directory-sign-in-send = Sign in
directory-sign-in-help = Forgotten your password, or no account yet? Take your identity card to any service hall, or call
directory-sign-in-login-missing = Your sign-in name is missing. Type it, then try again.
directory-sign-in-password-missing = Your password is missing. Type it, then try again.
directory-sign-in-refused = The sign-in name and the password do not belong together. Check both, and capital letters, then try again.

## Act for
directory-act-for-title = For whom do you want to act?
directory-act-for-hint = Everything you do afterwards counts for the one you choose, until you change it here or sign out.
directory-act-for-myself = For myself:
directory-act-for-none = You hold no mandate for an enterprise. An enterprise can give you one at the counter of any service hall.
directory-act-for-send = Continue
directory-act-for-missing = You have not chosen for whom to act. Choose one.
directory-act-for-ended = You hold no valid mandate for this enterprise now; it may have ended. Choose again, or ask the enterprise for a new mandate.

## My account
directory-account-title = My account
directory-account-name = Name
directory-account-number = ID number
directory-account-acting-for = Acting for
directory-account-uscc = Credit code
directory-account-mandates = Enterprises you may act for
directory-account-mandates-none = You hold no mandate for an enterprise.
directory-account-change-party = Change for whom you act
directory-account-posts = Your posts
directory-account-sign-ins = Your last sign-ins
directory-account-sign-ins-help = If one of them was not you, call us at once.
directory-account-sign-ins-none = There is none yet.

## Mandates
directory-mandate-enterprise = Enterprise
directory-mandate-basis = Basis
directory-mandate-from = From
directory-mandate-to = Until
directory-mandate-state = State
directory-mandate-open = no end set
directory-mandate-holds = Valid
directory-mandate-later = Not yet valid
directory-mandate-over = Ended
directory-basis-legal-representative = Legal representative
directory-basis-written-authority = Written authority

## Roles in an office
directory-role-clerk = Clerk
directory-role-reviewer = Reviewer
directory-role-decider = Decider
directory-role-auditor = Auditor
directory-role-administrator = Administrator
