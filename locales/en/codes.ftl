# Messages about identification codes and the names of code sets. Keys: crates/codes/src.

## Resident identification number
codes-resident-id-length = An identification number has { $expected } characters; this one has { $found }. Copy the whole number from the identity card.
codes-resident-id-character = Character { $position } of the identification number is “{ $found }”, but only { $expected } can stand there. Correct this character.
codes-resident-id-check = The identification number contains a typing error: character { $position } is { $found }, but the other characters require { $expected }. Compare every digit with the identity card.
codes-resident-id-date = The birth date in the identification number (from character { $position }: { $found }) does not exist. Compare characters 7 to 14 with the identity card.
codes-resident-id-future = The birth date in the identification number (from character { $position }: { $found }) is after today, { $today }. Compare characters 7 to 14 with the identity card.
codes-resident-id-value = The part from character { $position } of the identification number is { $found }, but it must be { $expected }. Choose another sequence.

## Organisation code
codes-organisation-code-length = An organisation code has { $expected } characters; this one has { $found }. Copy the whole code, with or without the hyphen.
codes-organisation-code-character = Character { $position } of the organisation code is “{ $found }”, but only { $expected } can stand there. Correct this character.
codes-organisation-code-check = The organisation code contains a typing error: character { $position } is { $found }, but the others require { $expected }. Compare every character with the document.

## Unified social credit code
codes-uscc-length = A unified social credit code has { $expected } characters; this one has { $found }. Copy the whole code from the licence.
codes-uscc-character = Character { $position } of the credit code is “{ $found }”, but only { $expected } can stand there. The letters I, O, S, V and Z are never used: look for 1, 0, 5, U or 2.
codes-uscc-check = The credit code contains a typing error: character { $position } is { $found }, but the others require { $expected }. Compare every character with the licence.

## Item codes
codes-basic-code-length = A basic code has { $expected } digits; this one has { $found }. Look it up in the catalogue of items.
codes-basic-code-character = Character { $position } of the basic code is “{ $found }”, but only { $expected } can stand there. Look the code up in the catalogue of items.
codes-implementation-code-length = An implementation code has { $expected } characters; this one has { $found }. It consists of the body’s credit code (18), the level (1) and the basic code (12).
codes-implementation-code-character = Character { $position } of the implementation code is “{ $found }”, but only { $expected } can stand there. Correct this character.
codes-implementation-code-check = The credit code within the implementation code is wrong: character { $position } is { $found }, but the others require { $expected }. Compare it with the body’s credit code.
codes-implementation-code-region = The basic code names region { $found }, but the body is registered in region { $expected }. This is allowed; check whether it is meant.
codes-handling-item-code-length = A handling-item code has { $expected } characters; this one has { $found }. It consists of the implementation code (31) and two digits.
codes-handling-item-code-character = Character { $position } of the handling-item code is “{ $found }”, but only { $expected } can stand there. Correct this character.
codes-handling-item-code-check = The credit code within the handling-item code is wrong: character { $position } is { $found }, but the others require { $expected }. Compare it with the body’s credit code.
codes-handling-item-code-value = The sequence from character { $position } of the handling-item code is { $found }, but it must be { $expected }. Choose a free number.
codes-local-item-code-length = A local item code has { $expected } characters; this one has { $found }. Enter the code of the local catalogue.
codes-local-item-code-character = Character { $position } of the local item code is a space or a control character. Remove it.

## Case number
codes-case-number-length = A case number has { $expected } characters; this one has { $found }. Copy the whole number from the receipt.
codes-case-number-character = Character { $position } of the case number is “{ $found }”, but only { $expected } can stand there. Compare it with the receipt.
codes-case-number-check = There is no such case number: character { $position } is { $found }, but the characters before it require { $expected }. Compare it with the receipt.
codes-case-number-date = The date in the case number (from character { $position }: { $found }) does not exist. Compare it with the receipt.
codes-case-number-value = The sequence from character { $position } of the case number is { $found }, but it must be { $expected }, without further leading zeros. Compare it with the receipt.

## Electronic certificate identifier
codes-certificate-id-length = A certificate identifier has { $expected } characters; this one has { $found }. Copy the whole identifier, or scan the QR code.
codes-certificate-id-character = Character { $position } of the certificate identifier is “{ $found }”, but only { $expected } can stand there. Compare it with the certificate.
codes-certificate-id-check = The certificate identifier contains a typing error: character { $position } is { $found }, but the others require { $expected }. Compare it with the certificate, or scan the QR code.
codes-certificate-id-value = The part from character { $position } of the certificate identifier is “{ $found }”, but it must have the form { $expected }. Compare it with the certificate, or scan the QR code.

## Administrative divisions, code sets, a deployment’s own lists
codes-division-length = A division code has { $expected } digits; this one has { $found }. Choose the division from the list.
codes-division-character = Character { $position } of the division code is “{ $found }”, but only { $expected } can stand there. Choose the division from the list.
codes-code-set-value = The value { $found } is not in the code set. Use one of: { $expected }.
codes-division-row-row = Line { $line } of the list of divisions cannot be read: “{ $found }”. Each line needs a code of 2, 4, 6, 9 or 12 digits, a tab and a name.
codes-calendar-row-row = Line { $line } of the calendar cannot be read: “{ $found }”. Each line needs a year, a tab, rest= with days MM-DD or MM-DD..MM-DD, a tab, and work= with days that are not among those of rest.

## Names
codes-sex-male = Male
codes-sex-female = Female
codes-division-level-province = Province
codes-division-level-city = City
codes-division-level-county = County
codes-division-level-town = Town or street
codes-division-level-community = Village or community
codes-item-type-power-group = Group of administrative powers
codes-item-type-licence = Administrative licence
codes-item-type-penalty = Administrative penalty
codes-item-type-coercion = Administrative coercion
codes-item-type-levy = Administrative levy
codes-item-type-benefit = Administrative benefit
codes-item-type-inspection = Administrative inspection
codes-item-type-confirmation = Administrative confirmation
codes-item-type-reward = Administrative reward
codes-item-type-adjudication = Administrative adjudication
codes-item-type-other-power = Other administrative power
codes-item-type-power-extension = Administrative power, local kind
codes-item-type-public-service = Public service
codes-item-type-public-extension = Public service, local kind
codes-exercise-level-national = National
codes-exercise-level-province = Province
codes-exercise-level-city = City
codes-exercise-level-county = County
codes-exercise-level-town = Town or street
codes-exercise-level-village = Village or community
codes-exercise-level-multi-level = Several levels
codes-body-nature-statutory = Statutory organ
codes-body-nature-authorised = Authorised organisation
codes-body-nature-entrusted = Entrusted organisation
codes-body-nature-other = Other
codes-handling-form-counter = At a counter
codes-handling-form-web = Online
codes-handling-form-mobile = On a mobile phone
codes-handling-form-courier = By courier
codes-handling-form-other = Otherwise
codes-case-type-instant = Decided at once
codes-case-type-promised = Decided within a promised time
codes-case-type-other = Other
codes-service-object-natural-person = Persons
codes-service-object-enterprise = Enterprises
codes-service-object-public-institution = Public institutions
codes-service-object-social-organisation = Social organisations
codes-service-object-unincorporated-enterprise = Unincorporated enterprises
codes-service-object-administrative-organ = Administrative organs
codes-service-object-other = Other organisations
codes-special-procedure-extension = Extension of time
codes-special-procedure-other = Other special procedure
codes-satisfaction-very-satisfied = Very satisfied
codes-satisfaction-satisfied = Satisfied
codes-satisfaction-fair = Fairly satisfied
codes-satisfaction-dissatisfied = Dissatisfied
codes-satisfaction-very-dissatisfied = Very dissatisfied
codes-power-source-own-level = Own power
codes-power-source-delegated-down = Delegated from above
codes-power-source-authorised-by-superior = Authorised by a superior body
codes-power-source-authorised-by-peer = Authorised by a body of the same level
codes-power-source-entrusted-by-superior = Entrusted by a superior body
codes-power-source-entrusted-by-peer = Entrusted by a body of the same level
codes-item-state-in-use = In use
codes-item-state-suspended = Suspended
codes-item-state-cancelled = Cancelled
codes-cross-range-nation = Anywhere in the country
codes-cross-range-province = Anywhere in the province
codes-cross-range-city = Anywhere in the city
codes-cross-range-county = Anywhere in the county
codes-cross-range-town = Anywhere in the town
codes-cross-range-villages = In neighbouring villages
codes-result-type-certificate = Certificate
codes-result-type-approval-document = Approval document
codes-result-type-other = Other
codes-result-type-nothing = No document
