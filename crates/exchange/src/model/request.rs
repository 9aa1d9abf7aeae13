//! A request for data: which way it goes, by when it is answered, and what a refusal must say.
use codes::WorkCalendar;
use platform::clock::Timestamp;
use platform::config::Silence;
use platform::ids::Id;
use platform::{FieldError, Result};
use registry::{Resource, Sharing};
use time::Date;

use super::grant::open_fields;
use super::step::RequestState;
use super::terms::Terms;

/// A request's identifier.
pub struct RequestId(String);

impl Id for RequestId {
    const PREFIX: &'static str = "xrq";

    fn from_text(text: String) -> Self {
        Self(text)
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

/// Settings of the workflow (`[exchange]` in the configuration).
#[derive(Debug, Clone)]
pub struct Rules {
    /// Working days that the provider has.
    pub days: u32,
    /// Working days of the one extension.
    pub extension_days: u32,
    /// Working days before the deadline at which the provider is reminded.
    pub remind_days: u32,
    /// Days before its end at which a grant's two sides are warned.
    pub warn_days: u32,
    /// The longest period of a grant in days.
    pub longest_days: u32,
    pub silence: Silence,
    /// Key of the organisation that hears of requests nobody answers; empty: nobody.
    pub overseer: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    New,
    Renewal,
}

impl RequestKind {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Renewal => "renewal",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::New, Self::Renewal].into_iter().find(|kind| kind.name() == name)
    }
}

/// A request as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub id: String,
    pub kind: RequestKind,
    pub consumer: String,
    pub provider: String,
    pub resource: String,
    pub purpose: String,
    pub basis: String,
    pub terms: Terms,
    pub state: RequestState,
    pub asked_at: Timestamp,
    pub asked_by: String,
    pub asked_name: String,
    /// The last day on which the provider answers in time.
    pub due: Date,
    pub extended: bool,
    pub escalated_at: Option<Timestamp>,
    /// The grant that it asks to renew, or that it led to.
    pub grant: Option<String>,
}

impl Request {
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == RequestState::Asked
    }

    #[must_use]
    pub fn is_late(&self, today: Date) -> bool {
        self.is_open() && self.due < today
    }
}

/// Which way a request goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Shared without condition: granted in the moment it is asked for.
    AtOnce,
    Provider,
    /// Not shared: refused in the moment it is asked for, with the ground of the catalogue.
    Refused,
}

/// The three sharing types of the catalogue. Personal fields of a resource that is shared without condition still go to
/// the provider: the program never gives them by itself (`open_fields`).
#[must_use]
pub fn way(resource: &Resource, fields: &[String]) -> Way {
    let open = open_fields(resource);
    match resource.sharing {
        Sharing::None => Way::Refused,
        Sharing::Unconditional if fields.iter().all(|field| open.contains(&field.as_str())) => Way::AtOnce,
        Sharing::Unconditional | Sharing::Conditional => Way::Provider,
    }
}

/// The days of a request that goes to the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    pub remind: Date,
    /// The last day in time.
    pub due: Date,
}

impl Rules {
    /// For a request asked on a day. The day itself does not count.
    #[must_use]
    pub fn deadline(&self, calendar: &WorkCalendar, asked_on: Date) -> Deadline {
        self.until(calendar, calendar.add_working_days(asked_on, self.days).value)
    }

    /// After the one extension.
    #[must_use]
    pub fn extended(&self, calendar: &WorkCalendar, due: Date) -> Deadline {
        self.until(calendar, calendar.add_working_days(due, self.extension_days).value)
    }

    fn until(&self, calendar: &WorkCalendar, due: Date) -> Deadline {
        Deadline { remind: calendar.subtract_working_days(due, self.remind_days).value, due }
    }
}

/// Why a provider refuses. A refusal names one, a provision, and says more in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The provision that was named does not carry the purpose.
    NoBasis,
    /// More than the purpose needs.
    NotNeeded,
    /// A law or regulation forbids the sharing.
    Forbidden,
    /// Another provider is the source.
    Elsewhere,
}

impl Ground {
    pub const ALL: [Self; 4] = [Self::NoBasis, Self::NotNeeded, Self::Forbidden, Self::Elsewhere];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoBasis => "no-basis",
            Self::NotNeeded => "not-needed",
            Self::Forbidden => "forbidden",
            Self::Elsewhere => "elsewhere",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.name() == name)
    }
}

/// Why something is refused, revoked, narrowed or put off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub ground: Option<Ground>,
    pub basis: String,
    pub words: String,
}

const SHORTEST: usize = 4;
pub const LONGEST_WORDS: usize = 1_000;
pub const LONGEST_BASIS: usize = 400;

/// Words of a person in a field, without the space around them.
pub fn written(field: &str, text: &str, longest: usize) -> Result<String, FieldError> {
    let text = text.trim();
    match text.chars().count() {
        0 if field.ends_with("basis") => Err(FieldError::new(field, "exchange-basis-none")),
        0 => Err(FieldError::new(field, "exchange-words-none")),
        found if found < SHORTEST => Err(FieldError::new(field, "exchange-words-short").with("min", SHORTEST)),
        found if found > longest => {
            Err(FieldError::new(field, "exchange-words-long").with("max", longest).with("found", found))
        }
        _ => Ok(text.to_owned()),
    }
}

/// Reads ground, provision and words of a refusal from the fields `ground`, `basis`, `words` under a prefix.
pub fn refusal(prefix: &str, [ground, basis, words]: [&str; 3]) -> Result<Reason, Vec<FieldError>> {
    let name = |field: &str| format!("{prefix}{field}");
    let ground =
        Ground::from_name(ground).ok_or_else(|| FieldError::new(name("ground"), "exchange-refuse-ground-none"));
    let basis = written(&name("basis"), basis, LONGEST_BASIS);
    let words = written(&name("words"), words, LONGEST_WORDS);
    match (ground, basis, words) {
        (Ok(ground), Ok(basis), Ok(words)) => Ok(Reason { ground: Some(ground), basis, words }),
        (ground, basis, words) => Err([ground.err(), basis.err(), words.err()].into_iter().flatten().collect()),
    }
}

/// Reads provision and words of a revocation, from the fields `basis` and `words` under a prefix.
pub fn revocation(prefix: &str, [basis, words]: [&str; 2]) -> Result<Reason, Vec<FieldError>> {
    let name = |field: &str| format!("{prefix}{field}");
    match (written(&name("basis"), basis, LONGEST_BASIS), written(&name("words"), words, LONGEST_WORDS)) {
        (Ok(basis), Ok(words)) => Ok(Reason { ground: None, basis, words }),
        (basis, words) => Err([basis.err(), words.err()].into_iter().flatten().collect()),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn rules() -> Rules {
        Rules {
            days: 10,
            extension_days: 10,
            remind_days: 3,
            warn_days: 30,
            longest_days: 1_096,
            silence: Silence::Escalate,
            overseer: "gov-office".into(),
        }
    }

    #[test]
    fn the_deadline_counts_working_days_and_grows_once() {
        let calendar = WorkCalendar::embedded();
        let first = rules().deadline(&calendar, date!(2026 - 11 - 20));
        assert_eq!(first, Deadline { remind: date!(2026 - 12 - 01), due: date!(2026 - 12 - 04) });
        assert_eq!(rules().extended(&calendar, first.due).due, date!(2026 - 12 - 18));
    }

    #[test]
    fn the_sharing_type_decides_the_way() {
        let text = include_str!("../../../../packs/demo/registers/enterprise.yaml");
        let fields = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let mut resource = Resource::parse("test.yaml", text).unwrap();
        assert_eq!(way(&resource, &fields(&["name", "status"])), Way::AtOnce);
        assert_eq!(way(&resource, &fields(&["name", "legal_representative_id"])), Way::Provider);
        resource.sharing = Sharing::Conditional;
        assert_eq!(way(&resource, &fields(&["name"])), Way::Provider);
        resource.sharing = Sharing::None;
        assert_eq!(way(&resource, &fields(&["name"])), Way::Refused);
    }

    #[test]
    fn a_refusal_without_ground_provision_or_words_is_none() {
        let all = refusal("refuse-", ["forbidden", "某法第一条", "不得共享。"]).unwrap();
        assert_eq!(all.ground, Some(Ground::Forbidden));
        let lacking = |given| refusal("r-", given).unwrap_err().into_iter().map(|e| e.field).collect::<Vec<_>>();
        assert_eq!(lacking(["", "", ""]), ["r-ground", "r-basis", "r-words"]);
        assert_eq!(lacking(["because", "某法第一条", "不得共享。"]), ["r-ground"]);
        assert_eq!(lacking(["no-basis", "某法第一条", &"长".repeat(1_001)]), ["r-words"]);
        assert_eq!(revocation("v-", ["", "不再需要。"]).unwrap_err()[0].field, "v-basis");
    }
}
