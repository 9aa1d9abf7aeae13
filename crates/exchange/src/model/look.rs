//! A look at a subject's data, as the trail keeps it and as the subject reads it.
use std::collections::BTreeMap;

use platform::clock::Timestamp;
use platform::ids::Id;
use time::Date;

use super::question::Asked;

/// A look's identifier.
pub struct LookId(String);

impl Id for LookId {
    const PREFIX: &'static str = "trl";

    fn from_text(text: String) -> Self {
        Self(text)
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

/// A row of the trail.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    pub id: String,
    pub at: Timestamp,
    /// `person`, `official` or `system`.
    pub actor_kind: String,
    pub actor: String,
    pub actor_name: String,
    /// The office whose role carried the look; None for persons and the program.
    pub office: Option<String>,
    pub consumer: String,
    pub purpose: String,
    pub basis: String,
    pub item: Option<String>,
    pub case: Option<String>,
    /// Resource → fields.
    pub fields: BTreeMap<String, Vec<String>>,
    /// Resource → organisation that the data came from (`Exchange::source_name`).
    pub source: BTreeMap<String, String>,
}

impl Look {
    /// The subject's own look, or one of somebody acting for the enterprise.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.actor_kind == "person"
    }

    /// Who answers for the look.
    #[must_use]
    pub fn answering(&self) -> &str {
        self.office.as_deref().unwrap_or(&self.consumer)
    }
}

/// A look and what was asked about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub look: Look,
    pub question: Option<Asked>,
    /// None: it was shown from the beginning.
    pub hidden: Option<Hid>,
}

/// That the law hid a look, which its subject reads once the look is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hid {
    /// The moment from which it is shown, as it was written down.
    pub until: Timestamp,
    /// The provision, in words.
    pub basis: String,
}

/// Which looks a subject wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    All,
    /// Looks by officials, those of other systems too when they say who sits before them.
    People,
    /// Looks that were questioned.
    Questioned,
}

impl Filter {
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "people" => Self::People,
            "questioned" => Self::Questioned,
            _ => Self::All,
        }
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "",
            Self::People => "people",
            Self::Questioned => "questioned",
        }
    }
}

/// Where a list goes on: before this moment and identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    pub at: Timestamp,
    pub id: String,
}

impl Before {
    /// The newest look is before this.
    #[must_use]
    pub fn end() -> Self {
        Self { at: Timestamp(i64::MAX), id: String::new() }
    }

    /// Reads `at.id`; anything else begins at the newest.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let parts = text.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id)));
        parts.map_or_else(Self::end, |(at, id)| Self { at: Timestamp(at), id: id.to_owned() })
    }

    #[must_use]
    pub fn text(&self) -> String {
        format!("{}.{}", self.at.0, self.id)
    }
}

/// A legal basis in three languages as one text for `Ask::basis`; the trail shows it in the reader's language.
pub use platform::i18n::{packed as basis_text, unpacked as basis_in};

/// Looks of one month, newest first.
#[must_use]
pub fn by_month(looks: Vec<Seen>, day_of: impl Fn(Timestamp) -> Date) -> Vec<((i32, u8), Vec<Seen>)> {
    let mut months: Vec<((i32, u8), Vec<Seen>)> = Vec::new();
    for seen in looks {
        let day = day_of(seen.look.at);
        let month = (day.year(), u8::from(day.month()));
        match months.last_mut() {
            Some((last, list)) if *last == month => list.push(seen),
            _ => months.push((month, vec![seen])),
        }
    }
    months
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_a_list_are_read_back_and_forged_ones_begin_anew() {
        let place = Before { at: Timestamp(12), id: "trl_x".into() };
        assert_eq!(Before::parse(&place.text()), place);
        for forged in ["", "12", "x.trl", ".", "99999999999999999999.a"] {
            assert_eq!(Before::parse(forged), Before::end(), "{forged}");
        }
    }
}
