# The exchange: who looked at whose data, questions about looks, refusals. Keys: crates/exchange.

exchange-comma = {", "}
exchange-source-elsewhere = { $office }, { $region }, via the exchange between regions
exchange-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }

## The trail
exchange-trail-title = Who looked at my data
exchange-trail-lead = Every look at your data stands here: who looked, why, and at what. No look can be changed or removed.
exchange-trail-lead-party = Every look at the data of { $party } stands here: who looked, why, and at what. No look can be changed or removed.
exchange-trail-wrong = Is something in a register wrong?
exchange-trail-correct = Ask for a correction
exchange-trail-filter = Which looks
exchange-trail-all = All
exchange-trail-people = By officials only
exchange-trail-questioned = Those I questioned
exchange-trail-none = No look of this kind is recorded.
exchange-trail-older = Older ones
exchange-who-you = You
exchange-who-agent = { $name }, for the enterprise
exchange-who-official = { $office }, { $name }
exchange-who-system = { $office }, automatic processing
exchange-who-outside = { $office }, through its own system
exchange-who-outside-user = { $office }, through its own system, user { $user }
exchange-look-own = Your own look
exchange-look-fields = Looked at: { $fields }
exchange-look-source = ({ $resource }, { $office })
exchange-look-whole = Looked at: { $what } ({ $office })
exchange-what-case = The application as it was sent
exchange-what-case-file = A file of the application
exchange-what-certificate = A certificate, all that it says
exchange-what-record = The whole record in the register
exchange-told-person-born = that a child was born
exchange-told-person-died = that the person died
exchange-told-person-moved = that the home changed
exchange-told-enterprise-registered = that the enterprise was registered
exchange-told-enterprise-status-changed = that the enterprise’s status changed
exchange-look-for = For:
exchange-look-basis = Basis: { $basis }
exchange-look-hidden = By law this look was not shown until { $until }: { $basis }
exchange-look-case = Case { $number }
exchange-purpose-case-handling = Handling a case
exchange-purpose-certificate-keeping = Keeping certificates
exchange-purpose-fact-correction = Checking and correcting a fact
exchange-purpose-own-data = Reading one’s own data
exchange-purpose-supervision = Supervision and inspection
exchange-purpose-criminal-investigation = Criminal investigation

## Questions about a look
exchange-question-title = Question a look
exchange-question-title-asked = Question and answer
exchange-question-ask = Question this look
exchange-question-read = Question and answer
exchange-question-label = What do you want to know?
exchange-question-hint = For example, why this data was needed. { $max } characters at most. The office that looked must answer; you get a notice.
exchange-question-send = Send the question
exchange-question-back = Back to the list
exchange-question-words = Question
exchange-question-office = Asked of
exchange-question-answer = Answer
exchange-question-open = You asked
exchange-question-answered = Answered
exchange-question-late = Overdue
exchange-question-due = To be answered by { $due }
exchange-question-was-due = The answer was due by { $due }
exchange-notice-answered = { $office } has answered your question about a look at your data.

## For the office
exchange-questions-inbox = Inbox
exchange-questions-title = Questions about looks
exchange-questions-lead = Residents and enterprises ask why your office looked at their data. Each question has a day by which it must be answered.
exchange-questions-filter = Which questions
exchange-questions-open = To be answered
exchange-questions-answered = Answered
exchange-questions-none = There are no questions here.
exchange-questions-look = Look
exchange-questions-asked = Asked
exchange-questions-due = Answer by
exchange-answer-title = Answer a question about a look
exchange-answer-label = Your answer
exchange-answer-hint = Say why the data was needed and on which provision. { $max } characters at most. The person who asked reads it as you write it, with your name.
exchange-answer-send = Send the answer

## What is refused
exchange-words-short = This is too short to be understood. Write at least { $min } characters.
exchange-words-none = Nothing stands here yet. Say it in a few words.
exchange-basis-none = No legal basis is named. Name the law or regulation and the article.
exchange-words-long = This has { $found } characters, { $max } are possible. Shorten it.
exchange-conflict-own = This was your own look, so no office can answer for it. Question looks of offices only.
exchange-conflict-answered = A colleague has already answered this question. Your answer was not sent. Read theirs on the question’s page.
exchange-denied-no-grant = The office may not ask for this data: the provider has given it no permission for this purpose. Nothing was shown. Ask the provider named in the data catalogue for permission, or ask the applicant.
exchange-denied-field = The office’s permission does not cover all the fields asked for. Nothing was shown. Ask for the permitted fields only, or ask the provider named in the data catalogue to extend the permission.
exchange-denied-over = The office’s permission for this data is over, withdrawn or not yet valid. Nothing was shown. Ask the provider named in the data catalogue to renew it.
exchange-denied-not-shared = The provider does not share this data; the data catalogue names the legal ground. Nothing was shown. Ask the applicant for it if the law allows.
exchange-denied-subject = This data is about somebody else than the one you act for. Nothing was shown. Choose for whom you act, then try again.
exchange-ask-reason = A request for data needs a purpose, a legal basis and the office on whose behalf it is made. Nothing was shown. Complete the request, or the document of the item that makes it.
exchange-ask-nothing = The request names no field. Nothing was shown. Name each field that is needed.
exchange-ask-resource = The data catalogue has no register “{ $resource }”. Nothing was shown. Correct the request, or the item’s document, as the catalogue says.
exchange-ask-field = The register “{ $resource }” has no field “{ $field }”. Nothing was shown. Correct the request, or the item’s document, as the data catalogue says.
exchange-ask-subject = The register “{ $resource }” holds nothing about subjects of this kind. Nothing was shown. Correct the request, or the item’s document: persons or enterprises.

## Requests for data
exchange-requests-title = Requests for data
exchange-requests-lead = Here your office asks other offices for data and answers what they ask. Each request has a day by which it must be answered.
exchange-requests-new = Ask for data
exchange-requests-views = Which requests
exchange-requests-to-answer = For us to answer
exchange-requests-ours = Asked by us
exchange-requests-asked-of-us = Asked of us
exchange-requests-escalated = Escalated
exchange-requests-all = All
exchange-requests-none = There are no requests here.
exchange-request-asked = Waiting for an answer
exchange-request-granted = Granted
exchange-request-refused = Refused
exchange-request-withdrawn = Withdrawn
exchange-request-kind = Kind
exchange-request-kind-new = New request
exchange-request-kind-renewal = Renewal
exchange-request-title = Request for data: { $resource }
exchange-request-due = To be answered by { $due }
exchange-request-to-grant = See the grant
exchange-request-again = Change it and ask again
exchange-request-choose = Choose the data to ask for
exchange-request-choose-lead = Choose one resource of the catalogue. What is shared without condition is granted at once; what is shared on conditions is answered by its provider within a time limit; what is not shared is refused with its ground.
exchange-request-choose-label = Search by name or field
exchange-request-choose-none = The catalogue has nothing like it. Try another word.
exchange-search = Search
exchange-sharing-unconditional = Shared without condition
exchange-sharing-conditional = Shared on conditions
exchange-sharing-none = Not shared
exchange-request-new = Ask for data: { $resource }
exchange-request-answers = { $provider } answers.
exchange-request-office = On behalf of which office
exchange-request-office-hint = Only this office gets the grant.
exchange-request-office-none = Choose an office for which you may ask.
exchange-request-resource = The request names no resource of the catalogue, so nothing was sent. Choose one from the catalogue.
exchange-request-fields-hint = Only those that the work needs.
exchange-request-purpose-hint = Name or key of an item, or one of those listed below.
exchange-request-purposes = Purposes to choose from
exchange-request-purpose-unknown = There is no such item or purpose. Copy a name or key from “Purposes to choose from”.
exchange-request-basis-hint = Name the law or regulation and the article.
exchange-request-matters = Only for these items or cases
exchange-request-matters-hint = Keys of items, case numbers, or numbers of your own system’s cases, with spaces between. Left empty: everything for this purpose.
exchange-request-matter-unknown = “{ $matter }” is neither the key of an item nor the number of a case. Check and correct it.
exchange-request-from = From
exchange-request-from-hint = Today or a later day.
exchange-request-from-past = This day has passed. Give today or a later day.
exchange-request-to = Until
exchange-request-to-hint = This day is included.
exchange-request-to-far = This is too long: { $days } days at most. You can ask for a renewal before it ends.
exchange-request-words = More
exchange-request-words-hint = You may leave this empty. The provider reads it.
exchange-request-send = Send the request
exchange-optional-hint = You may leave this empty.
exchange-day-wrong = This is no day of the calendar. Give year, month and day, for example 2026, 11, 21.
exchange-day-none = Give year, month and day.

## Terms
exchange-term-resource = Data
exchange-term-consumer = Used by
exchange-term-provider = Provided by
exchange-term-behalf = On behalf of
exchange-term-fields = Fields
exchange-term-purpose = Purpose
exchange-term-basis = Legal basis
exchange-term-matters = For
exchange-term-period = Period
exchange-term-until = Until
exchange-term-asked = Asked
exchange-term-due = Answer by
exchange-term-state = State
exchange-term-version = Version
exchange-term-origin = Origin
exchange-origin-automatic = Shared without condition, recorded by the program at the first use
exchange-origin-outside = Recorded with the item’s document when the services were loaded
exchange-matters-all = Everything for this purpose
exchange-matters-cases = { $count ->
    [one] one named case
   *[other] { $count } named cases
}
exchange-until-revoked = until it is revoked
exchange-period = { $from } to { $to }
exchange-terms-fields-none = Choose at least one field.
exchange-terms-fields-wider = This goes beyond the fields as they stand. Choose among those only.
exchange-terms-matters-wider = This goes beyond the items or cases as they stand. They can be fewer, never more.
exchange-terms-matters-none = Choose at least one item or case; they can be fewer, never more.
exchange-terms-from-wider = This begins before the period as it stands. Give its first day or a later one.
exchange-terms-to-wider = This ends after the period as it stands. Give its last day or an earlier one.
exchange-terms-to-before = The last day is before the first. Give a later day.
exchange-terms-same = This is the grant as it stands. Leave out some fields, items or cases, or give an earlier last day.

## Answering a request
exchange-give-title = Grant
exchange-give-fields-hint = You may choose fewer, never more.
exchange-give-to-hint = It may be earlier, never later. Left empty, it stays as it is.
exchange-give-words = Words to the user
exchange-give-send = Grant and sign
exchange-refuse-title = Refuse
exchange-refuse-ground = Ground
exchange-refuse-ground-hint = A refusal needs a ground of law.
exchange-refuse-ground-none = Choose a ground.
exchange-refuse-basis = Provision
exchange-refuse-basis-hint = The law or regulation and the article.
exchange-refuse-words = In words
exchange-refuse-words-hint = The user reads this. Say what is lacking and how a new request could succeed.
exchange-refuse-send = Refuse
exchange-ground-no-basis = The provision named does not carry this purpose
exchange-ground-not-needed = More than the work needs
exchange-ground-forbidden = A law or regulation forbids sharing
exchange-ground-elsewhere = Another provider is the source
exchange-extend-title = Put the answer off
exchange-extend-words = Why
exchange-extend-words-hint = Once only. The user reads the reason.
exchange-extend-send = Put it off
exchange-withdraw-send = Withdraw the request

## Grants
exchange-grants-title = Grants
exchange-grants-lead = The grants that your office holds and those that it gave. Each has a document that both sides signed.
exchange-grants-views = Which grants
exchange-grants-held = Held by us
exchange-grants-given = Given by us
exchange-grants-none = There are no grants here.
exchange-grant-title = Grant: { $resource }
exchange-grant-active = In force
exchange-grant-to-come = Not yet in force
exchange-grant-revoked = Revoked
exchange-grant-expired = Expired
exchange-grant-parent = The grant that it rests on
exchange-documents-title = Signed documents
exchange-documents-what = Both sides keep a copy. With the public keys and the command below anybody can check that nothing was changed.
exchange-document-version = Version { $number }
exchange-document-says = { $fields }; until { $until }
exchange-documents-keys = Download the public keys
exchange-documents-command = tongban grant verify FILE.json --keys keys.json
exchange-delegations-title = Delegations
exchange-narrow-title = Narrow the grant
exchange-narrow-words = Why
exchange-narrow-words-hint = The user reads this.
exchange-narrow-send = Narrow
exchange-renew-title = Ask for a renewal
exchange-renew-hint = A day after the last day as it stands.
exchange-renew-shorter = This is not after the last day as it stands. Give a later day.
exchange-renew-send = Ask for a renewal
exchange-delegate-title = Delegate to another office
exchange-delegate-what = The other office asks on your behalf, never for more, and no longer than this grant lasts. The provider is told.
exchange-delegate-office = Office
exchange-delegate-office-hint = The one that asks on your behalf.
exchange-delegate-office-none = Choose another office.
exchange-delegate-words = Words
exchange-delegate-send = Delegate
exchange-revoke-title = Revoke the grant
exchange-revoke-what = It takes effect at once: the very next look gets nothing. Delegations end with it.
exchange-revoke-words = Why
exchange-revoke-words-hint = Both sides read this.
exchange-revoke-send = Revoke

## The timeline
exchange-steps-title = What happened
exchange-steps-none = Nothing is recorded.
exchange-step-by-program = The program
exchange-step-asked = Asked
exchange-step-granted = Granted
exchange-step-silence = Granted, as no answer came in time
exchange-step-refused = Refused
exchange-step-withdrawn = Withdrawn
exchange-step-extended = Answer put off
exchange-step-reminded = Provider reminded
exchange-step-escalated = Escalated, as no answer came in time
exchange-step-narrowed = Narrowed
exchange-step-renewed = Renewed
exchange-step-delegated = Delegated
exchange-step-revoked = Revoked
exchange-step-ending = Ends soon
exchange-step-expired = Ended
exchange-step-ground = Ground: { $ground }
exchange-step-new-day = New day: { $day }
exchange-step-renewal = Renewal until: { $day }
exchange-step-to = To: { $office }

## Notices
exchange-notice-grant-asked = { $consumer } asks for “{ $resource }”. Answer within the time limit.
exchange-notice-grant-granted = The request of { $consumer } for “{ $resource }” is granted.
exchange-notice-grant-silence = The provider did not answer in time: the request of { $consumer } for “{ $resource }” counts as granted.
exchange-notice-grant-refused = The request of { $consumer } for “{ $resource }” is refused. The page of the request says why.
exchange-notice-grant-withdrawn = { $consumer } has withdrawn its request for “{ $resource }”.
exchange-notice-grant-extended = The provider has put off the answer to the request of { $consumer } for “{ $resource }”.
exchange-notice-grant-reminded = The answer to the request of { $consumer } for “{ $resource }” is due soon.
exchange-notice-grant-escalated = The request of { $consumer } for “{ $resource }” was not answered in time and is escalated.
exchange-notice-grant-narrowed = The grant of { $consumer } for “{ $resource }” is narrower now.
exchange-notice-grant-renewed = The grant of { $consumer } for “{ $resource }” is renewed.
exchange-notice-grant-delegated = { $consumer } may ask for “{ $resource }” by delegation.
exchange-notice-grant-revoked = The grant of { $consumer } for “{ $resource }” is revoked.
exchange-notice-grant-ending = The grant of { $consumer } for “{ $resource }” ends soon. Ask for a renewal if it is needed.
exchange-notice-grant-expired = The grant of { $consumer } for “{ $resource }” has ended.

## Who may see what
exchange-who-title = Who may see what
exchange-who-lead = Every grant in force: which office may see which data, for what, and on which law.
exchange-who-label = Search by office, data or purpose
exchange-who-hint = For example: civil affairs date of birth
exchange-who-csv = Download as a table (CSV)
exchange-who-none = No grant fits.

## Too late
exchange-conflict-request-over = This request has been answered or withdrawn already, so nothing was changed. Read its page.
exchange-conflict-grant-over = This grant has been changed, has ended or was revoked, so nothing was done. Read its page.
exchange-conflict-extended = The answer was put off once already and cannot be again. Answer within the time limit.
exchange-conflict-period-over = The period asked for is over, so nothing was granted. Refuse and say so; the user can ask again.
exchange-conflict-late = The time limit has passed, so the answer cannot be put off any more. Answer as soon as you can.
exchange-conflict-renewal = A renewal of this grant waits for its answer, so no second request was made.
exchange-conflict-delegated = A delegation, or a grant recorded by the program, can neither be renewed nor delegated. Ask the office that holds the original grant.
exchange-conflict-organisation = The directory does not know this office, so no grant was signed. Ask the administrator to check the organisations’ document.
exchange-denied-matter = The office’s permission is for other items or cases only. Nothing was shown. Ask the provider for permission for this one.

exchange-service-method = Ask with GET: this service only reads
exchange-service-number = This is neither a resident ID number nor a unified social credit code with right check digits
exchange-service-nothing = The register holds nothing about this number
exchange-service-nothing-next = Check the number and the service
exchange-service-wrong = The request cannot be read
exchange-service-wrong-next = Mend what `fields` names and ask again
exchange-service-title = The register gave no data
exchange-service-denied-next = An official of your office asks for a grant at /exchange/requests/new; /grants lists those that stand

## Looks that the law hides for a time; the trail for other systems
exchange-trail-hidden = Looks not shown yet, by law: { $count }. Each appears here by itself when its time is over.
exchange-hide-basis = Name the provision that allows the look to be hidden ({ $max } characters at most).
exchange-hide-until = Give a day after today and within { $max } days on which the look appears.
exchange-denied-hide = Looks for this purpose may not be hidden here. Ask without hiding the look; the subject then sees it at once.
exchange-hidden-title = Hidden looks
exchange-hidden-audit = Audit log
exchange-hidden-lead = How many looks each office hides from the persons looked at, because a law says so. None stays hidden longer than { $days } days, and the persons see how many there are.
exchange-hidden-purposes = Purposes that may hide a look: { $purposes }
exchange-hidden-no-purposes = No purpose may hide a look in this deployment.
exchange-hidden-none = No office has hidden a look.
exchange-hidden-office = Office
exchange-hidden-still = Not shown yet
exchange-hidden-all = Hidden at any time
exchange-what-trail = The list of looks at the data
exchange-purpose-register-query = Query by another system
exchange-purpose-data-trail = Showing who looked at the data
exchange-usage-action = { $purpose } ({ $basis }): { $what }
exchange-usage-part = { $resource } ({ $fields })
exchange-usage-hall = Service hall
exchange-usage-limit = Ask for { $max } uses at most and go on with offset.
exchange-usage-time = Give a moment with its zone, for example 2026-11-20T10:00:00+08:00.
exchange-usage-count = Give a whole number from 0 on.
exchange-usage-user = Name the person who asks in the header X-Road-UserId.
exchange-usage-path = This service answers GET at /v2/findUsage, /v2/usagePeriod and /v2/heartbeat only.
