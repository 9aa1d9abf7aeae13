# Texts of the form engine: errors, options, states. Keys: crates/services/src/form.

## How answers are written
form-yes = Yes
form-no = No
form-declared = Declared
form-not-answered = Not filled in
form-yuan = yuan
form-money = { $yuan } yuan
form-with-unit = { $value } { $unit }
form-date =
    { $day } { $month ->
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
form-month =
    { $month ->
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
form-part-year = Year
form-part-month = Month
form-part-day = Day
form-size-kb = { $size } kB
form-size-mb = { $size } MB
form-file-line = { $name } ({ $size })

## States of pages
form-state-todo = Not started
form-state-started = In progress
form-state-done = Done

## Repeated entries

## Sources

## Files

## Errors of the whole post
form-error-in-row = Number { $row }: { $error }
form-error-too-many-inputs = Too many inputs were sent at once (at most { $max }), so nothing was saved. Remove some entries and send the page again.
form-error-too-much-text = { $found } kB of text were sent at once; the limit is { $max } kB, so nothing was saved. Shorten the text, or upload a long explanation as a file.
form-error-repeat-max = “{ $label }” takes at most { $max } entries; those beyond were not saved. Remove some entries.

## Errors: nothing filled in
form-error-required-text = “{ $label }” is empty. Fill it in to go on.
form-error-required-choice = Nothing is chosen for “{ $label }”. Choose one to go on.
form-error-required-boxes = Nothing is ticked for “{ $label }”. Tick at least one to go on.
form-error-required-date = “{ $label }” is empty. Fill in year, month and day, for example 1956 3 27.
form-error-required-month = “{ $label }” is empty. Fill in year and month, for example 2026 3.
form-error-required-file = No file is uploaded for “{ $label }”. Choose a file and upload it.
form-error-required-declaration = Your declaration is needed to go on. Read it and tick “{ $label }”.

## Errors: text
form-error-too-long = “{ $label }” has { $length } characters; at most { $max } fit. Remove { $over }.
form-error-too-short = “{ $label }” has only { $length } characters; at least { $min } are needed. Complete it.
form-error-characters = Character { $position } of “{ $label }” is an invisible control character that cannot be kept. Delete it and type it again.
form-error-pattern-digits = “{ $label }” can only have digits. Remove everything else.
form-error-pattern-code = “{ $label }” can only have Latin letters, digits, hyphens and brackets. Copy it as it stands on the document.
form-error-pattern-postcode = A postcode has 6 digits. Correct “{ $label }”.
form-error-pattern-person-name = “{ $label }” has characters that names do not have. Write the name as on the document, without digits or signs.
form-error-pattern-bank-card = A bank card number has 12 to 19 digits. Copy “{ $label }” from the card.
form-error-pattern-bank-card-check = The bank card number contains a typing error: its check digit does not fit. Compare “{ $label }” with the card, digit by digit.
form-error-email = An e-mail address looks like name@example.com. Check “{ $label }”.
form-error-phone = “{ $label }” is not a telephone number. Give a mobile number of 11 digits, or a land line with its area code such as 0990-5551000.
form-error-phone-mobile = A mobile number has 11 digits; this one has { $found }. Check “{ $label }”.
form-error-phone-foreign = Write a number abroad as + with country code and number, for example +852 5123 4567. Check “{ $label }”.

## Errors: numbers and money
form-error-number = “{ $found }” is not a number. Give “{ $label }” in digits only.
form-error-number-whole = “{ $label }” is a whole number. Leave out the fraction.
form-error-number-decimals = “{ $label }” takes at most { $max } decimals. Round it.
form-error-number-min = “{ $label }” cannot be less than { $min }. Check and correct it.
form-error-number-max = “{ $label }” cannot be more than { $max }. Check and correct it.
form-error-money = “{ $found }” is not an amount. Give “{ $label }” in yuan with at most two decimals, for example 1200.50.
form-error-money-min = “{ $label }” cannot be less than { $min } yuan. Check and correct it.
form-error-money-max = “{ $label }” cannot be more than { $max } yuan. Check and correct it.

## Errors: dates
form-error-date-year-missing = The year of “{ $label }” is missing. Fill in four digits, for example 1956.
form-error-date-month-missing = The month of “{ $label }” is missing. Fill in 1 to 12.
form-error-date-day-missing = The day of “{ $label }” is missing. Fill in the day of the month.
form-error-date-year = The year of “{ $label }” cannot be “{ $found }”. Fill in four digits, for example 1956.
form-error-date-month = The month of “{ $label }” cannot be “{ $found }”: months go from 1 to 12. Correct the month.
form-error-date-day = Day “{ $found }” of “{ $label }” does not exist: month { $month } of { $year } has { $last } days. Correct the day.
form-error-date-before = “{ $label }” cannot be before { $limit }. Check and correct it.
form-error-date-after = “{ $label }” cannot be after { $limit }. Check and correct it.

## Errors: choices
form-error-option = The answer to “{ $label }” is not one of the choices. Choose from the list again.
form-error-boxes-max = At most { $max } can be ticked for “{ $label }”; { $found } are. Untick some.
form-error-division = “{ $label }” is not one of the places to choose from. Choose from the list.

## Errors: files
form-error-file-too-large = The file “{ $name }” has { $found } MB; the limit is { $max } MB, so it was not kept. Make it smaller and upload it again.
form-error-file-empty = The file “{ $name }” is empty, so it was not kept. Check the file and upload it again.
form-error-file-type = The file “{ $name }” is of a type that is not taken, so it was not kept. { $allowed } are taken. Convert it and upload it again.
form-error-file-too-many = “{ $label }” takes at most { $max } files, so “{ $name }” was not kept. Remove a file first.
form-error-files-too-many = { $found } files for “{ $label }” are too many: at most { $max } are taken, so the new ones were not kept. Choose only those that are needed.
form-error-file-unexpected = No file is asked for here, so it was not kept. Upload it where the form asks for a file.

## Papers that registers stand for, and sources that do not answer
form-as-of = As of
form-fact-line = { $label }: { $value }
form-ask-proved = We ask { $provider } ({ $register }). You need not upload this.
form-ask-away = We ask { $provider } ({ $register }), but it does not answer at the moment. Upload the paper instead. We ask again when you send.
form-ask-nothing = We asked { $provider } ({ $register }): it holds no proof for you. Please upload the paper.
form-ask-unverified = { $provider } ({ $register }) does not answer at the moment. Type it yourself; it counts as unverified until the register answers. We ask again when you send.
form-note-proved = From { $provider } ({ $register }); no paper needed
form-note-away = { $provider } ({ $register }) did not answer: a paper was asked for instead
form-note-nothing = { $provider } ({ $register }) holds no proof: a paper was asked for
form-note-unverified = Unverified: { $provider } ({ $register }) did not answer
form-error-register-differs = { $label }: the register has answered meanwhile and says something else. Check it, then send again.
