# Texts of the hall: finding items, guides, applying, cases, supplements, the inbox. Keys: pages, actions and models of crates/services.

## Common
services-yes = Yes
services-no = No
services-list-comma = {", "}
services-pair = { $first }: { $second }
services-back = Back
services-free = Free
services-charged = Fee
services-trail = Who looked at my data
services-visits-none = No visit
services-visits =
    { $number ->
        [one] 1 visit
       *[other] { $number } visits
    }
services-cite = { $law }
services-cite-number = { $law } ({ $number })
services-cite-article = { $law }, { $article }
services-cite-number-article = { $law } ({ $number }), { $article }

## Home and search
services-home-title = Home
services-home-question = What would you like to do today?
services-home-often = Often used
services-home-frequent = Frequent services
services-home-all =
    { $count ->
        [one] The one service
       *[other] All { $count } services
    }
services-home-events = Life events, everything in one place
services-home-departments = By department
services-home-count =
    { $count ->
        [one] 1 service
       *[other] { $count } services
    }
services-search-title = Search
services-search-label = Search for a service
services-search-example = For example: senior card
services-search-send = Search
services-search-found =
    { $count ->
        [0] No service was found
        [one] 1 service found
       *[other] { $count } services found, the best first
    }
services-search-tips = Try another word, such as the name of the document, what you want to do, or pinyin; or look at all services.
services-search-ask = Not sure which service you need? Call
services-items-title = All services
services-items-found =
    { $count ->
        [0] No service is offered here at present
        [one] 1 service
       *[other] { $count } services
    }

## Guide: what matters first
services-guide-link = Guide
services-guide-full-name = Full name:
services-guide-time = How long it takes
services-guide-legal = Legal limit: { $limit }
services-guide-visits = Visits
services-guide-whole-online = Everything can be done online
services-guide-fee = Cost
services-guide-fee-none = Nothing to pay
services-guide-fee-below = The rates are below
services-guide-where = Where
services-guide-online = Online
services-guide-counter = At a counter
services-guide-also-hall = Or at a service hall
services-guide-start = Start
services-guide-start-hint = You need to sign in. If you leave in the middle your answers are kept; you can go on from another device.
services-guide-who = Who can apply
services-guide-how = How it works
services-guide-get = You receive:
services-guide-valid = (validity: { $validity })
services-guide-law = Legal basis and your rights
services-guide-contact = Questions and complaints
services-guide-help = Need help?
services-guide-edition = Version { $version }, in force since { $day }

## Guide: materials
services-guide-materials = What to bring
services-guide-nothing = You need to bring nothing.
services-guide-nothing-why = What is required comes from the registers directly. You only check it.
services-guide-waived = You need not bring
services-guide-waived-by = We ask { $provider } ({ $register })
services-guide-waived-unless = If a register holds nothing about you, or does not answer, the form asks you for the paper instead.
services-guide-remaining = Still needed
services-guide-no-materials = Nothing is needed
services-guide-materials-all = Full requirements for each document
services-material-name = Document
services-material-requirement = Requirement
services-material-how = How to submit
services-material-bring = To be submitted
services-material-voluntary = Voluntary
services-material-conditional = Depends on your situation
services-material-necessary = Required
services-material-necessity = Required or not
services-material-kind = Type
services-material-original = Original
services-material-copy = Copy
services-material-original-and-copy = Original and copy
services-material-form = Form
services-material-on-paper = Paper
services-material-electronic = Electronic
services-material-either-form = Paper or electronic
services-material-copies = Number
services-material-counts = Originals: { $originals }, copies: { $copies }
services-material-paper = Paper size
services-material-source = Where it comes from
services-material-from-applicant = Provided by the applicant
services-material-from-government = Issued by a public authority
services-material-from-others = Other
services-material-source-note = Note on its source
services-material-issuer = Issued by
services-material-basis = Basis for asking
services-material-standard = Standard for acceptance
services-material-filling = How to fill it in
services-material-sample = Sample
services-material-gap = May follow after acceptance
services-material-pledge = A written pledge may replace it
services-material-remark = Remark

## Guide: procedure, limits, fees
services-guide-ways = Procedure online and at the counter
services-guide-process-online = Online
services-guide-process-counter = At the counter
services-guide-quantity = Limit on numbers
services-guide-steps = Steps and standards of review
services-guide-step = Step
services-guide-step-office = Office
services-guide-step-limit = Time limit
services-guide-step-standard = Standard of review
services-guide-step-result = Result
services-guide-limits = Time limits and special procedures
services-guide-promised-limit = Promised limit
services-guide-legal-limit = Legal limit
services-guide-counted = Counts towards the time limit
services-guide-not-counted = Does not count towards the time limit
services-guide-fees = Fees
services-guide-fee-name = Fee
services-guide-fee-standard = Rate
services-guide-fee-basis = Basis
services-guide-fee-reduction = Can be reduced

## Guide: places, basis, help
services-guide-places = Where and when
services-guide-address = Address
services-guide-hours = Opening hours
services-guide-window = Counter
services-guide-traffic = How to get there
services-guide-per-day =
    { $count ->
        [one] 1 appointment a day
       *[other] { $count } appointments a day
    }
services-guide-basis = Legal basis
services-guide-rights = Your rights
services-guide-duties = Your duties
services-guide-appeal = If you disagree with the result
services-guide-review = Administrative reconsideration
services-guide-litigation = Administrative litigation
services-guide-consult = Questions
services-guide-complain = Complaints
services-guide-letter = By letter:

## Guide: the whole list
services-guide-all = All details
services-guide-all-open = The whole implementation list
services-guide-body = Implementing body
services-guide-joint = Handled jointly with
services-guide-code = Implementation code
services-guide-basic-code = Basic code
services-guide-kind = Type of item
services-guide-case-type = Type of case
services-guide-served = Who is served
services-guide-forms = Ways of handling
services-guide-responsible = Responsible office
services-guide-authority = Division of authority
services-guide-exercised = Powers exercised
services-guide-result = Result
services-guide-validity = Validity of the result
services-guide-appointment = Appointments
services-guide-courier-in = Documents may be sent by courier
services-guide-courier-out = The result may be sent by courier
services-guide-self-service = Self-service terminals
services-guide-cross-region = Handled across regions
services-guide-online-payment = Online payment
services-guide-state = State of the item
services-guide-version = Version of the item
services-guide-effective = In force since
services-guide-cancelled = Cancelled on
services-guide-local-basic-code = Local basic code
services-guide-local-code = Local implementation code
services-guide-handling-item = Code of the handling item
services-guide-topics = Topics
services-guide-events = Life and business events
services-guide-body-nature = Nature of the implementing body
services-guide-level = Level of exercise
services-guide-power-source = Source of power
services-guide-entrusted = Entrusted department
services-guide-review-type = Type of review
services-review-type-at-once = Reviewed and decided at once
services-review-type-then-approve = Reviewed first, decided afterwards
services-guide-depth = How far it goes online
services-depth-consult = Questions online
services-depth-receive = Received online
services-depth-pre-review = Checked beforehand online
services-depth-accept = Accepted online
services-depth-handle = Handled online
services-depth-feedback = Result told online
services-depth-e-certificate = Electronic certificate
services-depth-whole = Whole procedure online
services-guide-cross-range = Range across regions
services-guide-cross-modes = Ways across regions
services-cross-online = Whole procedure online
services-cross-receive-elsewhere = Received elsewhere on behalf of the office
services-cross-jointly-handled = Handled jointly by several places
services-guide-system = System
services-system-national = National system
services-system-province = Provincial system
services-system-city = City system
services-system-department = System of the department
services-guide-network = Network
services-network-internet = Internet
services-network-extranet = Government extranet
services-network-intranet = Government intranet
services-guide-single-sign-on = Single sign-on
services-guide-intermediaries = Intermediary services
services-guide-result-kind = Type of result
services-guide-delivery = Delivery of the result
services-delivery-electronic = Electronic
services-delivery-counter = At the counter
services-delivery-courier = By courier

## Starting an application
services-start-title = Before you start
services-start-for = Applying for
services-start-asked-title = Registers that will be asked
services-start-asked = Only after you press “Start filling in” do we ask the registers below, and only for what this service needs. The answers are filled in for you to check.
services-start-asks-nothing = No register is asked for this service. You fill in everything yourself.
services-start-register = Register
services-start-fields = What is asked
services-start-basis = Basis
services-start-trail = Every look is recorded, and you can read the record at any time:
services-start-draft-title = You have an unfinished draft
services-start-draft = What you filled in last time is still there. You can go on.
services-start-draft-go = Go on with the draft
services-start-send = Start filling in
services-start-anew = Start another one
services-start-back = Back to the guide

## Filling in
services-draft = Draft
services-tasks-left =
    { $count ->
        [0] Every part is filled in. You can check and send.
        [one] 1 part is left.
       *[other] { $count } parts are left.
    }
services-tasks-saved = What you have filled in is saved. You can go on from another device.
services-tasks-next = Go on
services-tasks-check = Check and send
services-tasks-check-open = Ready
services-tasks-check-later = After the parts above
services-tasks-discard = Delete this draft
services-form-step = Step { $number } of { $total }
services-form-revealed = Your answers lead to further questions below. Please answer them too.
services-form-continue = Save and continue
services-form-later = Save and finish later
services-form-kept = Your answers are kept as a draft. You can go on from another device.
services-form-saved = Saved as a draft.
services-form-not-saved = Your answers could not be saved just now; the connection may be lost. Press “Save and continue”.

## Check and send
services-check-step = Check and send
services-check-title = Check your answers, then send
services-check-errors = Nothing was sent yet, because some answers are missing or not right. Correct each of them, then send again. Everything else is kept.
services-check-declare-title = Before you send
services-check-declare = By sending you declare that all of this is true. You are liable under the law for false information given on purpose.
services-check-instant = The application is decided at once by the published conditions, without an officer.
services-check-send = Send

## Receipt
services-receipt-title = Receipt
services-receipt-sent = Sent
services-receipt-done = Done
services-receipt-decided = There is a decision
services-receipt-next = What happens next
services-receipt-deciding = The application is being decided by the published conditions; this usually takes seconds. Load this page again in a moment, or look under “My cases”.
services-waits = We wait for an answer of { $sources }. The application is decided as soon as it comes; you need do nothing. If it does not come in time, an officer decides.
services-waits-source = { $provider } ({ $register })
services-receipt-told = You get a message whenever something happens. You need not ask.
services-receipt-usable = Ready to use
services-receipt-usable-how = The electronic document ({ $name }) is among your certificates. Just show its QR code.
services-receipt-verify = Others can verify it
services-receipt-verify-how = Whoever scans the QR code sees whether the certificate is genuine, and no more than that needs.
services-receipt-item = Service
services-receipt-applicant = Applicant
services-receipt-by = Sent by
services-receipt-at = Sent
services-receipt-office = Accepting office
services-see-certificate = See the certificate

## My cases
services-my-title = My cases
services-my-greeting = Hello, { $name }
services-my-waiting = Waiting for you
services-my-more = All cases
services-my-drafts = Drafts
services-my-drafts-more = All drafts
services-drafts-none = You have no drafts.
services-my-draft-saved = Saved on { $day }
services-my-certificates = My certificates
services-my-certificates-what = All your electronic certificates, ready to be shown.
services-my-certificates-go = See my certificates
services-my-trail-what = Who looked at your data, when and why: every look is recorded.
services-my-trail-go = See the record
services-my-notices = Messages
services-my-notices-go = All messages
services-my-account = My account
services-my-account-go = Account and mandates
services-cases-title = All cases
services-cases-none = You have no cases yet.
services-cases-find = Find a service
services-cases-item = Service
services-cases-state = State
services-cases-sent = Sent on
services-case-number = Case number
services-case-sent = What you sent
services-case-answers = Your answers
services-case-files =
    { $count ->
        [one] 1 file
       *[other] { $count } files
    }
services-case-asked-title = Please supplement your application
services-case-asked = This is the only such notice; nothing else will be asked for later. The time limit stands still until you answer.
services-case-supplement = Supplement now
services-case-again = Apply again
services-case-receipt = Receipt
services-case-withdraw = Withdraw the application
services-case-help = Questions? Call

## States of a case
services-state-submitted = Waiting for acceptance
services-state-reviewing = Under review
services-state-supplementing = Waiting for a supplement
services-state-deciding = Waiting for the decision
services-state-granted = Granted
services-state-refused = Refused
services-state-not-accepted = Not accepted
services-state-withdrawn = Withdrawn
services-state-lapsed = Ended

## Outcome
services-outcome-title = Result
services-outcome-reason = Reason
services-outcome-basis = Basis
services-outcome-office = Decided by
services-outcome-day = Date
services-outcome-appeal = If you disagree
services-ending-granted = Your application was granted. The reasons and the basis are below.
services-ending-refused = Your application was refused. The reasons, the basis and the way to appeal are below. You may apply again when circumstances change.
services-ending-not-accepted = Your application was not accepted. The reasons, the basis and the way to appeal are below. You may put it right and apply again.
services-ending-withdrawn = You withdrew the application and its handling stopped. You may apply again at any time.
services-ending-lapsed = No supplement arrived in time, so the application ended. You may apply again at any time.

## Timeline
services-timeline-title = Timeline
services-timeline-now = In progress
services-timeline-slow = The other departments wait for this one.
services-by-rule = Decided by the published conditions
services-event-submitted = Sent
services-event-accepted = Accepted
services-event-accepted-by-silence = Counts as accepted, as nobody answered in time
services-event-not-accepted = Not accepted
services-event-asked = Supplement asked for, once for everything
services-event-supplemented = Supplemented
services-event-review-passed = { $review }: passed
services-event-review-failed = { $review }: not passed
services-event-granted = Granted
services-event-refused = Refused
services-event-withdrawn = Withdrawn by the applicant
services-event-lapsed = Ended, as no supplement arrived in time
services-event-to-people = Cannot be decided by the conditions alone; handed to an officer
services-task-accept = Acceptance
services-task-review = Review
services-task-decide = Decision
services-now-supplement = Waiting for the applicant’s supplement
services-now-supplement-until = By { $day }; without it the application ends
services-now-review = Under review
services-now-reviews =
    { $count ->
        [one] 1 department reviews
       *[other] { $count } departments review side by side
    }
services-review-passed = Passed
services-review-failed = Not passed
services-review-late = Overdue
services-review-running = In progress
services-next-reviews = Review
services-next-decision = Decision
services-next-result = Issue: { $name }
services-expected = Expected by { $day }
services-due-by = By { $day }

## Time limits
services-clock-accept = Accepted at the latest
services-clock-promised = Expected by
services-clock-legal = Legal limit
services-clock-supplement = Supplement by
services-due-supplement = Supplement by
services-due-paused = The time limit stands still
services-due-paused-left =
    { $days ->
        [one] The time limit stands still; 1 working day is left after the supplement
       *[other] The time limit stands still; { $days } working days are left after the supplement
    }
services-due-left =
    { $days ->
        [0] Due today
        [one] 1 working day left
       *[other] { $days } working days left
    }
services-due-left-legal =
    { $days ->
        [0] Due today; legal limit { $day }
        [one] 1 working day left; legal limit { $day }
       *[other] { $days } working days left; legal limit { $day }
    }
services-due-today = Due today
services-days-left =
    { $days ->
        [one] 1 working day left
       *[other] { $days } working days left
    }
services-overdue-days =
    { $days ->
        [one] 1 working day overdue
       *[other] { $days } working days overdue
    }

## Supplement
services-supplement-title = Supplement
services-supplement-until = Please supplement by { $day }
services-supplement-once = This is the only such notice; nothing else will be asked for later. The time limit runs on once you send. Without a supplement the application ends; you may then apply again.
services-supplement-send = Send the supplement

## Withdrawal
services-withdraw-title = Withdraw the application
services-withdraw-what = Handling stops and cannot be taken up again. You may apply anew at any time.
services-withdraw-reason = Reason for withdrawing
services-withdraw-reason-hint = The office will read it. Up to 1,000 characters.
services-withdraw-send = Withdraw
services-withdraw-back = Do not withdraw

## Messages
services-notice-accepted = { $item }: your application was accepted.
services-notice-not-accepted = { $item }: your application was not accepted. Read the reasons and how to appeal.
services-notice-asked = { $item }: a supplement is needed. Read what is missing and by when.
services-notice-granted = { $item }: your application was granted.
services-notice-refused = { $item }: your application was refused. Read the reasons and how to appeal.
services-notice-lapsed = { $item }: no supplement arrived in time, so the application ended. You may apply again.
services-notice-to-people = { $item }: this cannot be decided by the conditions alone, so an officer will handle it.

## Inbox
services-inbox-title = Inbox
services-inbox-views = Views of the inbox
services-inbox-view-mine = Mine
services-inbox-view-office = My office
services-inbox-view-soon = Due soon
services-inbox-view-late = Overdue
services-inbox-order = { $view }, by due date
services-inbox-none = Nothing waits here.
services-inbox-item = Service
services-inbox-who = Applicant
services-inbox-step = Step
services-inbox-office = Office
services-inbox-received = Received
services-inbox-due = Due
services-inbox-limit = Time left

## Handling a case
services-compare-title = Application beside the registers
services-compare-differing =
    { $count ->
        [one] 1 answer differs from the registers; it is marked below.
       *[other] { $count } answers differ from the registers; they are marked below.
    }
services-compare-what = What
services-compare-said = Applicant
services-compare-known = Register
services-compare-result = Result
services-compare-agrees = Same
services-compare-differs = Differs
services-compare-stated = Stated only
services-compare-register-only = Register only
services-compare-away = No answer
services-compare-answered-since = Typed while the register did not answer; it answers now
services-compare-unverified = Unverified
services-compare-unverified-count =
    { $count ->
        [one] 1 value or paper is borne out by no register, as its source did not answer.
       *[other] { $count } values or papers are borne out by no register, as their source did not answer.
    }
services-compare-not-asked = Not asked for
services-compare-no-register = No register has this
services-task-files = Files
services-task-files-none = No files were uploaded.
services-task-officer = Officer
services-task-ended-at = Done
services-task-waiting-title = Waiting for the applicant’s supplement
services-task-waiting = The one notice has been sent. Handling goes on here when the applicant answers; the time limit stands still until then.
services-task-not-yours-title = Your post does not do this step
services-task-not-yours = You may read it. A colleague with the right post in your office can act.
services-task-free = Nobody has taken this case yet.
services-task-taken = A colleague has taken this case.
services-task-take = Take it
services-task-conflict-title = This had no effect
services-task-conflict-kept = Below is the case as it is now, with your words kept. Read it before you send again.
services-act-accept-what = An application that is complete and in legal form is to be accepted.
services-act-accept = Accept
services-act-turn-away = Do not accept
services-act-pass = Pass
services-act-fail = Do not pass
services-act-grant = Grant
services-act-refuse = Refuse
services-act-reason = Opinion and reasons
services-act-reason-hint = The applicant will read it. A negative opinion must state reasons and legal basis.
services-act-basis = Legal basis
services-act-basis-choose = Please choose
services-act-basis-other = Other basis
services-act-basis-other-hint = If it is not in the list: name of the law and article.
services-act-ask-open = Ask for a supplement
services-act-ask-fields = The applicant shall supplement
services-act-ask-once = You can ask only once. List everything.
services-act-ask-message = Notice to the applicant
services-act-ask-message-hint = Say for each point what is missing and how to supply it. The applicant will read it.
services-act-ask = Send the notice
services-act-asked-already = The one notice was already sent; no further supplement can be asked for.
services-opinion-accepted = Accepted
services-opinion-not-accepted = Not accepted
services-opinion-passed = Review passed
services-opinion-failed = Review not passed
services-opinion-granted = Granted
services-opinion-refused = Refused
services-opinion-cancelled = No longer needed

## Errors
services-error-reason = There is no reason, or it has fewer than 5 characters. The applicant may know why: state the reason.
services-error-basis = There is no legal basis. Choose one, or state it under “Other basis”.
services-error-ask-fields = Nothing is chosen to be supplemented. Tick at least one.
services-error-ask-message = There is no notice, or it has fewer than 5 characters. Say what is missing and how to supply it.
services-conflict-source-away = The certificate needs data from a register that does not answer at the moment. Nothing was decided. Please decide again when it answers.
services-conflict-asked-once = The applicant was already asked once. The law allows one notice only, so no further supplement can be asked for. Handle the case with what is there.
services-conflict-draft = This draft was already sent, or was changed elsewhere, so it was not sent again. Look under “My cases”.
services-conflict-finished = This case is finished, so it cannot be changed. Read the result; you may apply again if need be.
services-conflict-for-enterprises = This service is for enterprises and organisations, but you act for yourself now. Under “My account”, choose the enterprise you act for, then start.
services-conflict-for-persons = This service is for persons, but you act for an enterprise now. Under “My account”, change to yourself, then start.
services-conflict-moved-on = This case has moved on to another step, so this cannot be done now. Look at the case as it is now.
services-conflict-somebody-acted = Somebody acted on this case, or it changed, after you opened the page. So your act had no effect. Look at the case as it is now.
