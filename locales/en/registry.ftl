# The data catalogue, and what is said of rows that a register delivers. Keys: crates/registry.

registry-yes = Yes
registry-no = No

## Catalogue
registry-catalogue-title = Data catalogue
registry-catalogue-lead = What the public registers hold, which office answers for it, and on which terms other offices may use it. Only descriptions stand here, no data about anybody.
registry-catalogue-label = Search the data catalogue
registry-catalogue-hint = A register, a field or an office’s subject
registry-catalogue-search = Search
registry-catalogue-bases = Kinds of registers
registry-catalogue-found = { $count ->
    [one] One register
   *[other] { $count } registers
}
registry-catalogue-fields = { $count ->
    [one] one field
   *[other] { $count } fields
}
registry-catalogue-none = No register fits all these words. Use fewer words, or choose “All”.
registry-base-all = All
registry-base-population = Population
registry-base-legal-entity = Legal entities
registry-base-space = Land and space
registry-base-credit = Credit
registry-base-theme = Themes

## One resource
registry-resource-about = About this register
registry-resource-provider = Office that answers for it
registry-resource-ground = Legal ground of sharing
registry-resource-opening = Open to the public
registry-resource-subject = About whom
registry-resource-base = Kind of register
registry-resource-update = Updated
registry-resource-stale = A value counts as stale
registry-resource-stale-never = Never: every change is entered at once
registry-resource-stale-days = { $days ->
    [one] After one day
   *[other] After { $days } days
}
registry-resource-quality = Rule that the office keeps
registry-resource-place = Classification
registry-resource-code = Code
registry-resource-key = Short name
registry-resource-published = Published on
registry-resource-fields = Fields
registry-resource-source = Each of these fields has one source: this register. Other offices ask for it here and keep no copy of their own.
registry-field-name = Field
registry-field-key = Key
registry-field-type = Type
registry-field-size = Length
registry-field-required = Always filled
registry-field-sensitivity = Sensitivity
registry-field-values = What the codes of “{ $field }” mean

registry-sharing-unconditional = Shared without condition
registry-sharing-conditional = Shared on condition
registry-sharing-none = Not shared
registry-opening-none = Not open
registry-opening-conditional = Open on condition.
registry-opening-open = Open
registry-update-real-time = At once
registry-update-daily = Every day
registry-update-weekly = Every week
registry-update-monthly = Every month
registry-update-quarterly = Every quarter
registry-update-yearly = Every year
registry-subject-person = Persons
registry-subject-enterprise = Enterprises
registry-subject-any = Persons and enterprises
registry-type-text = Text
registry-type-integer = Whole number
registry-type-date = Date
registry-type-code = Code
registry-type-resident-id = Resident ID number
registry-type-uscc = Unified social credit code
registry-sensitivity-public = Public
registry-sensitivity-internal = Internal
registry-sensitivity-personal = Personal
registry-sensitivity-sensitive = Sensitive personal

## Rows and values that are not taken
registry-resource-unknown = There is no register “{ $resource }” in the data catalogue. Look its short name up in the catalogue.
registry-import-header = The first line must name the columns: subject, perhaps as_of, and fields of the register, each once. Nothing was read. Correct the first line and deliver again.
registry-import-column = The column “{ $column }” is no field of the register “{ $resource }”. Nothing was read. Remove the column or correct its name as it stands in the data catalogue.
registry-refused-encoding = The row is not written in UTF-8. Save the file as UTF-8 and deliver the row again.
registry-refused-csv = The quotation marks of the row do not match. Put each cell that contains a comma, a quotation mark or a line end in quotation marks, and double the marks inside.
registry-refused-columns = The row has { $found } cells, the header has { $expected }. Fill the missing cells or put cells that contain a comma in quotation marks.
registry-refused-json = The row cannot be read as JSON from character { $column } on. Write one object in one line.
registry-refused-shape = The row is JSON, but not of the form subject, as_of, data (see character { $column }). Write these names only, the data as an object.
registry-refused-long = The row is longer than 1 MB, so that the rows after it cannot be told apart. The rows before it were taken. Close the quotation mark or cut the row, and deliver the rest again.
registry-refused-overtaken = The register already holds newer data of this subject. Nothing was changed. Deliver the row with its right date if it is newer.
registry-conflict-overtaken = The register already holds newer data of this subject, so nothing was changed. Load the record again and check the date.
registry-field-unknown = The register “{ $resource }” has no field “{ $field }”. Remove it or correct its name as it stands in the data catalogue.
registry-field-missing = The field “{ $field }” is always filled in this register, but the row has no value. Add it.
registry-field-text = The field “{ $field }” holds text, but this is another kind of value. Write it in quotation marks.
registry-field-control = The field “{ $field }” contains a character that cannot be shown. Remove it.
registry-field-length = The field “{ $field }” holds { $max } characters at most, this value has { $found }. Shorten it.
registry-field-integer = The field “{ $field }” holds a whole number. Write digits only.
registry-field-date = The field “{ $field }” holds a date, but “{ $found }” is no day of the calendar. Write it as 2026-11-21.
registry-field-code = The field “{ $field }” knows the codes { $expected }, but not “{ $found }”. Use one of them.

## Catalogue, tree and terms
registry-base-economy = Economy
registry-subject-thing = Places and other things
registry-catalogue-tree = Browse the classification
registry-catalogue-csv = Download the catalogue (CSV)
registry-catalogue-json = Download the catalogue (JSON)
registry-resource-provider-code = Credit code of the office
registry-resource-way = Way of sharing
registry-resource-format = Format
registry-resource-held = Where the data are
registry-resource-delivered = Last delivery
registry-resource-old = This is version { $version }, published { $day }. It is no longer in force.
registry-resource-version = Version { $version }
registry-resource-versions = Versions
registry-resource-rules = Rules of quality
registry-resource-related = Related registers
registry-resource-correct = Something here is wrong? Ask for a correction
registry-resource-revise = Hand in a new version
registry-field-opening = Open to the public
registry-way-call = One by one through the exchange
registry-way-table = Tables through the exchange
registry-way-file = Files through the exchange
registry-way-media = Handed over on media
registry-held-here = In the register of this platform
registry-held-elsewhere = In the office’s own system, asked when needed
registry-rule-required = “{ $field }” should be filled
registry-rule-pattern = “{ $field }” should fit the pattern { $pattern }
registry-rule-range = “{ $field }” should lie between { $min } and { $max }
registry-rule-range-min = “{ $field }” should be at least { $min }
registry-rule-range-max = “{ $field }” should be at most { $max }
registry-rule-code-set = “{ $field }” should be one of { $codes }
registry-rule-date-order = “{ $field }” should not be later than “{ $then }”
registry-rule-broken = { $count ->
    [one] One row of the last delivery breaks it: line { $lines }
   *[other] { $count } rows of the last delivery break it, for example lines { $lines }
}

## Headings of the export (catalogue guide of 2017)
registry-export-class = Class
registry-export-item = Item
registry-export-entry = Entry
registry-export-detail = Detail
registry-export-name = Name
registry-export-code = Code
registry-export-provider = Provider
registry-export-provider-code = Provider code
registry-export-abstract = Abstract
registry-export-format = Format
registry-export-field = Field
registry-export-field-type = Type
registry-export-field-length = Length
registry-export-sharing = Sharing
registry-export-sharing-condition = Condition or ground of sharing
registry-export-sharing-way = Way of sharing
registry-export-opening = Open to the public
registry-export-opening-condition = Condition of opening
registry-export-update = Update cycle
registry-export-published = Published on
registry-export-related = Related codes
registry-export-field-key = Field key

## The catalogue’s desk
registry-overdue = Overdue
registry-desk-title = Catalogue desk
registry-desk-lead = Offices hand in and renew their entries here; the data office publishes them and decides who is the source of a field.
registry-desk-new = Hand in an entry
registry-desk-waiting = Entries to publish
registry-desk-disputes-open = Disputes to decide
registry-desk-own = Entries of your office
registry-desk-disputes = Disputes about fields
registry-desk-none = None at present.
registry-desk-resource = Register
registry-desk-office = Office
registry-desk-state = State
registry-desk-when = Handed in
registry-state-waiting = Waiting
registry-state-disputed = Disputed
registry-state-published = Published
registry-state-refused = Refused
registry-submit-title = Hand in an entry
registry-submit-lead = Paste the document of the register. Codes, provider, fields and classification are checked, and what is wrong stands beside its line. The serial of the code is given by the system.
registry-submit-lines = The document by lines
registry-submit-clash-title = One number, one source: these fields have a provider already
registry-submit-clash-words = Remove them from the document and ask the present provider for them. If the law makes your office the source, state the ground and ask the data office to decide.
registry-submit-clash-held = is held in
registry-submit-dispute = Why should your office be the source?
registry-submit-dispute-hint = Name the law and where the data arise. Leave empty when you have removed the fields.
registry-submit-document = Document
registry-submit-document-hint = In YAML; names in simplified and traditional Chinese and in English.
registry-submit-send = Hand in
registry-submit-send-dispute = Hand in and ask for a decision
registry-submit-not-yours = You do not work in “{ $provider }”, so you cannot hand in its entries. Write the key of your own office as the provider.
registry-submit-key-taken = The key “{ $key }” belongs to a register of another office. Choose another key.
registry-submit-provider-code = The credit code is not that of this office, which is { $expected }. Correct it, or delete the line and let the system fill it in.
registry-submit-own-clash = Your office holds “{ $field }” already in “{ $holder }”. Remove it from one of the two.
registry-document-flaw = This line must be corrected: { $what }
registry-flaw-key = The key “{ $what }” may have small letters, digits and hyphens only. Change it.
registry-flaw-provider = The provider is missing. Write the key of the office.
registry-flaw-provider-code = “{ $what }” is no unified social credit code. Check its 18 characters.
registry-flaw-fields = There are no fields. Write at least one.
registry-flaw-format = The format is missing. Say how the data are kept.
registry-flaw-written = “{ $what }” must be written in simplified and traditional Chinese and in English.
registry-flaw-rule = This rule of quality cannot be measured: { $what }
registry-flaw-related = A register is not related to itself. Remove it.
registry-flaw-code = The code “{ $what }” is wrong. Write the digits of class (1, from 1 to 3), item (2), entry (3) and detail (if any), a slash, and six digits of the serial; leave the serial out and the system gives it.
registry-flaw-detail = Name the detail exactly when the code has digits for it.
registry-flaw-condition = On condition: say in { $what } when, in three languages.
registry-flaw-ground = Name the law that the sharing, or its refusal, rests on.
registry-flaw-age = For data in the office’s own system max_age_days is 0.
registry-flaw-field-key = The field key “{ $what }” may have small letters, digits and underscores only. Change it.
registry-flaw-field-twice = The field “{ $what }” stands twice. Remove one.
registry-flaw-field-taken = “{ $what }” is a column that deliveries use. Choose another key.
registry-flaw-field-length = The length of “{ $what }” is at least 1.
registry-flaw-values = Field “{ $what }”: list values for the type code, and for no other type.
registry-flaw-values-twice = Field “{ $what }” has one code twice. Remove one.
registry-flaw-opened = “{ $what }” is personal, so it is not opened to the public.
registry-submission-new = This is a new register.
registry-submission-sharing = Sharing
registry-submission-fields = Fields
registry-submission-added = Fields added
registry-submission-removed = Fields removed
registry-submission-changed = Fields changed
registry-submission-head = Other parts changed
registry-submission-decided = Decision
registry-submission-publish = Publish
registry-submission-reason = Why it is refused
registry-submission-refuse = Refuse
registry-submission-document = The whole document
registry-dispute-title = Dispute about a field
registry-dispute-heading = Who is the source of “{ $field }”?
registry-dispute-lead = A field has one source. Both sides speak, the data office decides in time, and the catalogue follows.
registry-dispute-field = Field
registry-dispute-claimant = Claims it
registry-dispute-holder = Holds it now
registry-dispute-due = To be decided by
registry-dispute-words = Why it is claimed
registry-dispute-reply = What the present provider says
registry-dispute-reply-label = What your office says
registry-dispute-reply-send = Send
registry-dispute-decided = Decided
registry-dispute-verdict = Who is the source?
registry-dispute-kept = The present provider keeps it
registry-dispute-moved = It moves to the one that claims it
registry-dispute-reason = Reasons
registry-dispute-decide = Decide
registry-dispute-choose = Nobody is chosen as the source. Choose one.

## Who has not updated
registry-late-title = Who has not updated
registry-late-lead = Registers kept on this platform, by the cycle that their entries declare. When a cycle and its grace are missed, the provider and the data office are told.
registry-late-found = { $count ->
    [0] Every register is in time
    [one] One register is late
   *[other] { $count } registers are late
}
registry-late-standing = Standing
registry-late-never = No record
registry-late-days = { $days ->
    [one] One day late
   *[other] { $days } days late
}
registry-late-due = Was due by { $due }
registry-late-in-time = In time
registry-late-broken = { $count ->
    [one] One break of a quality rule
   *[other] { $count } breaks of quality rules
}
registry-late-report = Report: nothing has changed
registry-late-reported = Recorded: { $resource } is up to date, nothing has changed.

## Corrections
registry-my-corrections-title = My corrections
registry-my-corrections-lead = If a register is wrong about you, ask for a correction here. The office that keeps it checks and answers.
registry-my-corrections-none = You have asked for no correction yet.
registry-ask-title = Ask for a correction
registry-ask-lead = Tell us which fact is wrong, what is right, and what shows it. The office that keeps it answers in time.
registry-ask-lead-office = If a fact that you were given is wrong, tell the office that provides it.
registry-ask-fact = Which fact is wrong?
registry-ask-office = In the name of which office?
registry-ask-office-choose = Choose the office in whose name you ask.
registry-ask-subject = Number or code
registry-ask-subject-hint = Resident ID number, credit code, or the code that the register uses
registry-ask-right = What is right
registry-ask-words = What shows it?
registry-ask-words-hint = For example the name and number of a certificate, judgment or receipt.
registry-ask-send = Send
registry-own-show = Show what the register says now
registry-own-source = { $office }, as of { $day }
registry-own-nothing = The register holds nothing about you here.
registry-own-away = The office’s own system does not answer now. You can ask for the correction all the same.
registry-corrections-title = Corrections
registry-corrections-lead = Check and answer in time. After a correction the asker and all who used the wrong value are told.
registry-corrections-open = To answer
registry-corrections-asked = Asked by your office
registry-corrections-now = To answer, and asked
registry-corrections-answered = Answered by your office
registry-corrections-filter = Show by state
registry-correction-answered = Answered
registry-correction-title = Request for a correction
registry-correction-asker = Asked by
registry-correction-office = Office that answers
registry-correction-due = Answer due by
registry-correction-answer = Answer
registry-correction-now = The register says now
registry-correction-nothing = Nothing about this number
registry-correction-decision = What did you find?
registry-correction-decision-corrected = It was wrong and is corrected
registry-correction-decision-declined = It is right and stays
registry-correction-elsewhere = The data are in your own system: correct them there first, then answer here.
registry-correction-done = Your answer is recorded: { $state }. { $who } has been told.
registry-correction-new = The value from now on
registry-correction-new-hint = For coded fields write the code; dates as 2026-11-21.
registry-correction-words = What was done, or why not
registry-correction-send = Answer
registry-correction-state-open = Open
registry-correction-state-corrected = Corrected
registry-correction-state-declined = Declined
registry-correction-told = { $count ->
    [0] Nobody else had used the value
    [one] One user was told
   *[other] { $count } users were told
}
registry-look-basis = Personal Information Protection Law, Article 46 (recalled)
registry-catalogue-desk = Catalogue desk
registry-correction-field = No fact is chosen. Choose one from the list.
registry-correction-right = What is right is missing or longer than 500 characters. Write it.
registry-correction-choose = Nothing is chosen. Choose what you found.
registry-correction-value = The new value is missing. Write it.
registry-correction-same = The register says this already, so there is nothing to correct. Check the value.
registry-words-short = This is too short. Write at least { $min } characters.
registry-words-long = At most { $max } characters, this has { $found }. Shorten it.
registry-subject-wrong = A code has letters, digits and - _ . / only, { $max } characters at most. Check it.

## The state has moved on
registry-conflict-submission-open = An entry for this register is being looked at already. Wait for its decision, then hand in yours.
registry-conflict-decided = This has been decided already, so nothing was changed. Load the page again to see the outcome.
registry-conflict-clash = Another office’s entry with the same field was published meanwhile. Hand the document in again to see which field it is.
registry-conflict-catalogue = The catalogue has changed, so the document cannot be published as it is. Refuse it and let the office hand it in anew.
registry-conflict-last-field = This is the last field of the present provider’s register, so it cannot move. Let the provider hand in a new version first.
registry-conflict-no-record = The register holds nothing about this number, so there is nothing to correct. Check the number, or decline with a reason.
registry-conflict-elsewhere = This register is kept in the provider’s own system, so no report is needed.

## Notices
registry-notice-submitted = An entry for “{ $resource }” was handed in. Please look at it.
registry-notice-published = Your entry for “{ $resource }” was published.
registry-notice-refused = Your entry for “{ $resource }” was refused. Read the reason.
registry-notice-disputed = A field of “{ $resource }” is disputed. Say what your office thinks.
registry-notice-settled = The dispute about “{ $resource }” was decided.
registry-notice-late = “{ $resource }” was not updated in the cycle that it declares.
registry-notice-correction-asked = Somebody asks to correct “{ $resource }”. Please answer in time.
registry-notice-correction-late = A correction of “{ $resource }” is overdue. Please answer it.
registry-notice-dispute-late = The dispute about a field of “{ $resource }” is overdue.
registry-notice-corrected = The fact in “{ $resource }” was corrected as you asked.
registry-notice-declined = The fact in “{ $resource }” was not corrected. Read the reason.
registry-notice-value-corrected = “{ $field }” in “{ $resource }”, which you used, was corrected. Check the matter that you used it for.
registry-submission-taken-back = Taken back by the office that handed it in.
