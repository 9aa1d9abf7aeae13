//! Who there is: residents, enterprises, officials, mandates and accounts, and what follows from them without storage.
mod divisions;
mod organisations;

use platform::clock::Timestamp;
use platform::ids::Id;
use platform::policy::{ActorKind, Post, Role};
use serde::{Deserialize, Serialize};
use time::Date;

pub use divisions::{Division, DivisionLevel, Divisions};
pub use organisations::{Appeal, Organisation, OrganisationKind, Organisations};

/// A resident: `per_…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(String);

/// An enterprise: `ent_…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EnterpriseId(String);

/// An official: `off_…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OfficialId(String);

impl Id for PersonId {
    const PREFIX: &'static str = "per";
    fn from_text(text: String) -> Self {
        Self(text)
    }
    fn as_str(&self) -> &str {
        &self.0
    }
}

impl Id for EnterpriseId {
    const PREFIX: &'static str = "ent";
    fn from_text(text: String) -> Self {
        Self(text)
    }
    fn as_str(&self) -> &str {
        &self.0
    }
}

impl Id for OfficialId {
    const PREFIX: &'static str = "off";
    fn from_text(text: String) -> Self {
        Self(text)
    }
    fn as_str(&self) -> &str {
        &self.0
    }
}

/// A resident as the hall knows them; everything else about them stands in the registers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    /// Resident ID number, 18 characters, the last letter upper case.
    pub number: String,
    pub name: String,
    /// False: may no longer sign in (deceased, merged).
    pub active: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enterprise {
    pub id: EnterpriseId,
    /// Unified social credit code, 18 characters.
    pub uscc: String,
    pub name: String,
    pub legal_representative: Option<PersonId>,
    /// False: nobody may act for it any more (deregistered).
    pub active: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Official {
    pub id: OfficialId,
    pub name: String,
    pub active: bool,
}

/// A role that an official has in an office (the key of an organisation).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficialPost {
    pub official: OfficialId,
    pub post: Post,
}

/// Whether officials can have the role in an office.
#[must_use]
pub fn is_office_role(role: Role) -> bool {
    matches!(role, Role::Clerk | Role::Reviewer | Role::Decider | Role::Auditor | Role::Administrator)
}

/// On what a mandate rests: the Company Law gives it to the legal representative, others need a signed authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    LegalRepresentative,
    WrittenAuthority,
}

impl Basis {
    /// As the database writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::LegalRepresentative => "legal-representative",
            Self::WrittenAuthority => "written-authority",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::LegalRepresentative, Self::WrittenAuthority].into_iter().find(|basis| basis.name() == name)
    }
}

/// Leave for a person to act for an enterprise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    pub person: PersonId,
    pub enterprise: EnterpriseId,
    pub basis: Basis,
    pub from: Timestamp,
    /// The first instant at which it no longer holds; None while no end is set.
    pub to: Option<Timestamp>,
}

impl Mandate {
    #[must_use]
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.from <= now && self.to.is_none_or(|to| now < to)
    }
}

/// What somebody signs in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub login: String,
    pub holder: Holder,
    /// PHC string of argon2id; made by `seed::password_hash`.
    pub password: String,
}

/// Whose account it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    Person(PersonId),
    Official(OfficialId),
}

impl Holder {
    #[must_use]
    pub fn kind(&self) -> ActorKind {
        match self {
            Self::Person(_) => ActorKind::Person,
            Self::Official(_) => ActorKind::Official,
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Person(id) => id.as_str(),
            Self::Official(id) => id.as_str(),
        }
    }
}

/// One sign-in, as its owner sees it. `address`: network address, of IPv6 the first 64 bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    pub at: Timestamp,
    pub address: String,
}

/// Logins are compared without case and without the spaces that a phone's keyboard adds.
#[must_use]
pub fn normal_login(typed: &str) -> String {
    typed.trim().to_ascii_lowercase()
}

/// An ID number as pages show it: nothing of birth, sex or home can be read from it.
#[must_use]
pub fn masked_number(number: &str, today: Date) -> String {
    codes::ResidentId::parse(number, today).map_or_else(|_| "*".repeat(18), |id| id.masked())
}

/// Where somebody begins after signing in.
#[must_use]
pub fn home_of(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::Person => "/my",
        ActorKind::Official => "/inbox",
        ActorKind::Anonymous | ActorKind::System => "/",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn a_mandate_holds_from_its_first_instant_until_before_its_end() {
        let person = PersonId::from_text("per_1".into());
        let enterprise = EnterpriseId::from_text("ent_1".into());
        let (from, to) = (Timestamp(100), Some(Timestamp(200)));
        let mandate = Mandate { person, enterprise, basis: Basis::WrittenAuthority, from, to };
        let held: Vec<bool> = [99, 100, 199, 200].map(|at| mandate.holds_at(Timestamp(at))).into();
        assert_eq!(held, [false, true, true, false]);
        assert!(Mandate { to: None, ..mandate }.holds_at(Timestamp(i64::MAX)));
    }

    #[test]
    fn numbers_show_nothing_of_the_person() {
        assert_eq!(masked_number("11010519491231002X", date!(2026 - 11 - 21)), "1****************X");
        assert_eq!(masked_number("not a number", date!(2026 - 11 - 21)), "*".repeat(18));
    }

    #[test]
    fn logins_are_one_however_they_are_typed() {
        assert_eq!(normal_login(" Wang.Min.MS "), "wang.min.ms");
    }
}
