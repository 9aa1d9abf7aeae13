//! People, households and firms as the generator keeps them: small, so that a million fit in memory.

use codes::{ResidentId, Sex};
use time::Date;

use super::households::Roots;

/// Place in the household register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Head,
    Spouse,
    Child,
    Parent,
    Grandchild,
}

impl Relation {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Spouse => "spouse",
            Self::Child => "child",
            Self::Parent => "parent",
            Self::Grandchild => "grandchild",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marital {
    Single,
    Married,
    Divorced,
    Widowed,
}

impl Marital {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Married => "married",
            Self::Divorced => "divorced",
            Self::Widowed => "widowed",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Life {
    Alive,
    Deceased,
    Moved,
}

impl Life {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Alive => "alive",
            Self::Deceased => "deceased",
            Self::Moved => "moved",
        }
    }
}

/// What somebody lives on. Numbers are indexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    None,
    Company(u32),
    Office(u16),
    OwnAccount,
    Farm,
    Study,
    Pension,
}

/// Indexes into the vocabulary; `second` repeats `first` when the given name has one character.
#[derive(Debug, Clone, Copy)]
pub(super) struct NameParts {
    pub surname: u16,
    pub sex: Sex,
    pub cohort: u8,
    pub first: u8,
    pub second: u8,
}

#[derive(Clone, Copy)]
pub(super) struct Person {
    pub id: ResidentId,
    pub household: u32,
    pub name: NameParts,
    pub relation: Relation,
    pub marital: Marital,
    pub life: Life,
    pub work: Work,
    /// Whether some firm has this person as its legal representative.
    pub represents: bool,
}

impl Person {
    pub(super) fn birth(&self) -> Date {
        self.id.birth_date()
    }

    /// Completed years of life.
    pub(super) fn age(&self, today: Date) -> i32 {
        age_on(self.birth(), today)
    }

    pub(super) fn is_alive(&self) -> bool {
        self.life == Life::Alive
    }

    pub(super) fn is_male(&self) -> bool {
        self.id.sex() == Sex::Male
    }
}

/// A dwelling: the community and the number of the dwelling in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dwelling {
    pub community: u16,
    pub ordinal: u32,
}

/// Where a household is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hukou {
    /// Where it lives.
    Here,
    /// At another address of the city.
    Elsewhere(Dwelling),
    /// In another province; an index into the origins.
    Origin(u16),
}

#[derive(Clone, Copy)]
pub(super) struct Household {
    pub home: Dwelling,
    pub hukou: Hukou,
    /// Index of the first member; members follow one another.
    pub first: u32,
}

impl Household {
    pub(super) fn roots(&self) -> Roots {
        if matches!(self.hukou, Hukou::Origin(_)) { Roots::Migrant } else { Roots::Settled }
    }

    pub(super) fn is_migrant(&self) -> bool {
        self.roots() == Roots::Migrant
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Company,
    Sole,
    Trader,
    Cooperative,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Active,
    Revoked,
    Deregistered,
}

impl Standing {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Revoked => "revoked",
            Self::Deregistered => "deregistered",
        }
    }
}

pub(super) struct Company {
    pub uscc: codes::Uscc,
    pub name: String,
    pub address: String,
    pub form: Form,
    pub standing: Standing,
    pub sector: u8,
    pub community: u16,
    pub representative: u32,
    pub capital_fen: i64,
    pub established: Date,
    /// How many people it tends to employ.
    pub weight: u32,
}

/// Completed years between two days.
pub(super) fn age_on(birth: Date, day: Date) -> i32 {
    let before = (u8::from(day.month()), day.day()) < (u8::from(birth.month()), birth.day());
    day.year() - birth.year() - i32::from(before)
}

/// `YYYY-MM-DD`.
pub(super) fn iso(day: Date) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())
}

/// Months since year 0, so that months can be counted.
pub(super) fn month_of(day: Date) -> i32 {
    day.year() * 12 + i32::from(u8::from(day.month())) - 1
}

/// `YYYY-MM` of months since year 0.
pub(super) fn month_text(month: i32) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// A day some days before another; the earliest date when there is none.
pub(super) fn days_before(day: Date, days: u32) -> Date {
    day.checked_sub(time::Duration::days(i64::from(days))).unwrap_or(Date::MIN)
}
