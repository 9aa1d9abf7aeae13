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
