//! A resource on its way into the catalogue: handed in by a department, disputed perhaps, published or refused.
use platform::clock::Timestamp;
use platform::ids::Id;
use time::Date;

use super::catalogue::Clash;
use super::resource::Resource;

pub struct SubmissionId(String);

impl Id for SubmissionId {
    const PREFIX: &'static str = "sub";

    fn from_text(text: String) -> Self {
        Self(text)
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

pub struct DisputeId(String);

impl Id for DisputeId {
    const PREFIX: &'static str = "dsp";

    fn from_text(text: String) -> Self {
        Self(text)
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubmissionState {
    /// For the data office to look at.
    Waiting,
    /// Until every dispute about it is decided.
    Disputed,
    Published,
    Refused,
}

impl SubmissionState {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Disputed => "disputed",
            Self::Published => "published",
            Self::Refused => "refused",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Waiting, Self::Disputed, Self::Published, Self::Refused].into_iter().find(|state| state.name() == name)
    }

    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Disputed)
    }
}

/// Who decided what, when and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    pub at: Timestamp,
    pub name: String,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    pub id: String,
    pub resource: String,
    /// Key of the organisation that hands it in: the provider.
    pub office: String,
    pub author: String,
    pub author_name: String,
    pub at: Timestamp,
    pub document: Resource,
    pub state: SubmissionState,
    pub decided: Option<Decided>,
}

/// Who keeps a field that two claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It stays where it is; the claimant asks there.
    Holder,
    /// It moves to the claimant; the holder's entry loses it.
    Claimant,
}

impl Verdict {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Holder => "holder",
            Self::Claimant => "claimant",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Holder, Self::Claimant].into_iter().find(|verdict| verdict.name() == name)
    }
}

/// A second claim on a field, to be settled by a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Dispute {
    pub id: String,
    pub submission: String,
    pub clash: Clash,
    /// The resource that claims, and the offices of both.
    pub resource: String,
    pub claimant: String,
    pub holder: String,
    pub opened_at: Timestamp,
    pub due: Date,
    pub words: String,
    /// What the holder says to it; empty until it has.
    pub reply: String,
    pub verdict: Option<(Verdict, Decided)>,
}

impl Dispute {
    #[must_use]
    pub fn is_late(&self, today: Date) -> bool {
        self.verdict.is_none() && self.due < today
    }
}

/// A document without a field, and without the rules that speak of it.
#[must_use]
pub fn without_field(resource: &Resource, field: &str) -> Resource {
    let mut changed = resource.clone();
    changed.fields.retain(|known| known.key != field);
    let flawless: Vec<_> = changed.rules.iter().filter(|rule| rule.flaw(&changed).is_none()).cloned().collect();
    changed.rules = flawless;
    changed
}

/// What a verdict changes: the claimant's document as it may be published, and the holder's when it loses the field.
#[must_use]
pub fn settle(claimant: &Resource, holder: &Resource, (clash, verdict): (&Clash, Verdict)) -> (Resource, Resource) {
    match verdict {
        Verdict::Holder => (without_field(claimant, &clash.field), holder.clone()),
        Verdict::Claimant => (claimant.clone(), without_field(holder, &clash.holder_field)),
    }
}

/// How a new version differs from the one before, by keys of fields and of terms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    pub added: Vec<String>,
    pub removed: Vec<String>,
    pub changed: Vec<String>,
    /// Something beside the fields differs: terms, cycle, names, rules.
    pub head: bool,
}

#[must_use]
pub fn difference(before: &Resource, after: &Resource) -> Difference {
    let keys = |from: &Resource, in_other: &dyn Fn(&str) -> bool| {
        from.fields.iter().map(|field| field.key.clone()).filter(|key| in_other(key)).collect::<Vec<_>>()
    };
    let head = |resource: &Resource| Resource { fields: Vec::new(), ..resource.clone() };
    Difference {
        added: keys(after, &|key| before.field(key).is_none()),
        removed: keys(before, &|key| after.field(key).is_none()),
        changed: keys(after, &|key| before.field(key).is_some_and(|old| Some(old) != after.field(key))),
        head: head(before) != head(after),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::quality::Rule;

    fn credit() -> Resource {
        Resource::parse("credit.yaml", include_str!("../../../../packs/demo/registers/credit.yaml")).unwrap()
    }

    #[test]
    fn a_verdict_takes_the_field_from_one_of_the_two() {
        let (claimant, mut holder) = (Resource { key: "rating".into(), ..credit() }, credit());
        holder.rules = vec![Rule::Required { field: "reason".into() }, Rule::Required { field: "listed".into() }];
        let clash = Clash { field: "reason".into(), holder: "credit".into(), holder_field: "reason".into() };
        let (kept, lost) = settle(&claimant, &holder, (&clash, Verdict::Claimant));
        assert!(kept.field("reason").is_some() && lost.field("reason").is_none());
        assert_eq!(lost.rules.len(), 1, "a rule about a field that is gone goes too");
        let (kept, same) = settle(&claimant, &holder, (&clash, Verdict::Holder));
        assert!(kept.field("reason").is_none() && same == holder);
    }

    #[test]
    fn a_new_version_says_what_differs() {
        let before = credit();
        let mut after = without_field(&before, "reason");
        after.fields[0].required = !after.fields[0].required;
        let found = difference(&before, &after);
        assert_eq!((found.removed, found.changed, found.head), (vec!["reason".into()], vec!["listed".into()], false));
        after.max_age_days += 1;
        assert!(difference(&before, &after).head);
    }
}
