# Names of classes of items, limits in words, and findings of the guide checker. Keys: crates/services/src/item.

## Time limits
item-limit-instant = at once
item-limit-hours =
    { $number ->
        [one] 1 hour
       *[other] { $number } hours
    }
item-limit-working-days =
    { $number ->
        [one] 1 working day
       *[other] { $number } working days
    }
item-limit-calendar-days =
    { $number ->
        [one] 1 day
       *[other] { $number } days
    }
item-limit-months =
    { $number ->
        [one] 1 month
       *[other] { $number } months
    }

## Topics for persons
item-topic-birth = Birth and adoption
item-topic-household = Household and residence
item-topic-education = Education
item-topic-work = Work
item-topic-business-start = Starting a business
item-topic-marriage = Marriage
item-topic-housing = Housing
item-topic-social-insurance = Social insurance
item-topic-social-assistance = Social assistance
item-topic-disability = Disability services
item-topic-elderly = Services for older people
item-topic-health = Health
item-topic-documents = Documents
item-topic-transport = Transport
item-topic-retirement = Retirement
item-topic-culture = Culture and sports

## Topics for corporations
item-topic-establishment = Setting up
item-topic-change = Changes
item-topic-permits = Permits
item-topic-staff = Staff
item-topic-finance-tax = Finance and tax
item-topic-funding = Funding
item-topic-quality = Quality
item-topic-construction = Construction
item-topic-environment = Environment
item-topic-advertising = Advertising and signs
item-topic-closure = Closing down

## Life and business events
item-event-having-a-child = Having a child
item-event-going-to-school = Going to school
item-event-finding-work = Finding work
item-event-losing-work = Losing work
item-event-getting-married = Getting married
item-event-moving-here = Moving here
item-event-buying-a-home = Buying or renting a home
item-event-falling-ill = Falling ill
item-event-living-with-disability = Living with a disability
item-event-growing-old = Growing old
item-event-starting-a-business = Starting a business
item-event-opening-a-restaurant = Opening a restaurant
item-event-changing-a-business = Changing a business

## Guide checker
item-lint-instant = A promise “at once”, the case type “instant” and the review “at once” belong together. Set all three, or none.
item-lint-result-certificate = The result is named a certificate (证), but its type is another. Correct the type.
item-lint-result-approval = The result is named an approval (文, 批复), but its type is another. Correct the type.
item-lint-result-sample = The result has a name but no sample. Add a sample.
item-lint-visit-reason-missing = A visit is asked for without a reason. Give the reason, or set the visits to 0.
item-lint-visit-reason-needless = No visit is asked for, yet a reason for one is given. Delete the reason.
item-lint-courier = No visit and not online: then sending papers by courier must be allowed. Allow it, or offer the item online.
item-lint-whole-online = The whole journey is online, so the visits must be 0. Correct the visits or the depth.
item-lint-fee-incomplete = The item charges a fee, but its basis, its lines or online payment is missing. Complete them.
item-lint-fee-none = The item is free, so there is nothing to pay online. Switch online payment off.
item-lint-phone = The telephone number “{ $phone }” has no area code or a wrong form. Write it like 0990-5551000.
item-lint-phones-same = The numbers for questions and for complaints are the same. Give another one for complaints.
item-lint-topics = The topics do not fit whom the item serves: items for persons have topics for persons, items for corporations topics for corporations, and no others. Correct them.
item-lint-topic-unknown = “{ $topic }” is not one of the topics. Use a known one.
item-lint-licence-questions = A licence item has at least one common question with its answer. Add one.
item-lint-licence-steps = A licence item has at least the steps accept, review, decide, finish and deliver. Add those that are missing.
item-lint-promised-longer = The promised time is longer than the legal limit. Shorten it.
item-lint-review-longer = A review may last longer than what is promised in all. Shorten the review.
item-lint-material-source = The material “{ $material }” does not name its source. Say who provides it.

# One character on the card of a life event: a seal, for decoration only.
item-sign-having-a-child = 生
item-sign-going-to-school = 学
item-sign-finding-work = 业
item-sign-losing-work = 助
item-sign-getting-married = 婚
item-sign-moving-here = 迁
item-sign-buying-a-home = 居
item-sign-falling-ill = 医
item-sign-living-with-disability = 扶
item-sign-growing-old = 老
item-sign-starting-a-business = 商
item-sign-opening-a-restaurant = 食
item-sign-changing-a-business = 变
