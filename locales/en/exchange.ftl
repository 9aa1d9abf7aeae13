# The exchange: who looked at whose data, questions about looks, refusals. Keys: crates/exchange.

exchange-comma = {", "}
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
exchange-look-own = Your own look
exchange-look-fields = Looked at: { $fields }
exchange-look-source = ({ $resource }, { $office })
exchange-look-whole = Looked at: { $what } ({ $office })
exchange-what-case = The application as it was sent
exchange-what-case-file = A file of the application
exchange-what-certificate = A certificate, all that it says
exchange-look-for = For:
exchange-look-basis = Basis: { $basis }
exchange-purpose-case-handling = Handling a case
exchange-purpose-certificate-keeping = Keeping certificates
exchange-purpose-own-data = Reading one’s own data
exchange-purpose-supervision = Supervision and inspection

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
exchange-words-long = This has { $found } characters, { $max } are possible. Shorten it.
exchange-conflict-own = This was your own look, so no office can answer for it. Question looks of offices only.
exchange-conflict-answered = A colleague has already answered this question. Your answer was not sent. Read theirs on the question’s page.
exchange-denied-no-grant = The office may not ask for this data: the provider has given it no permission for this purpose. Nothing was shown. Ask the provider named in the data catalogue for permission, or ask the applicant.
exchange-denied-field = The office’s permission does not cover all the fields asked for. Nothing was shown. Ask for the permitted fields only, or ask the provider named in the data catalogue to extend the permission.
exchange-denied-over = The office’s permission for this data is over, withdrawn or not yet valid. Nothing was shown. Ask the provider named in the data catalogue to renew it.
exchange-denied-not-shared = The provider does not share this data; the data catalogue names the legal ground. Nothing was shown. Ask the applicant for it if the law allows.
exchange-denied-subject = This data is about somebody else than the one you act for. Nothing was shown. Choose for whom you act, then try again.
exchange-ask-reason = A request for data needs a purpose, a legal basis and the office on whose behalf it is made. Nothing was shown. Complete the item’s document.
exchange-ask-nothing = The request names no field. Nothing was shown. Name each field that the item needs.
exchange-ask-resource = The data catalogue has no register “{ $resource }”. Nothing was shown. Correct the item’s document.
exchange-ask-field = The register “{ $resource }” has no field “{ $field }”. Nothing was shown. Correct the item’s document as the data catalogue says.
exchange-ask-subject = The register “{ $resource }” holds nothing about subjects of this kind. Nothing was shown. Correct the item’s document: persons or enterprises.
