//! Organisations, resources, fields, purposes and steps in the words of the reader's language.
use platform::Ctx;
use platform::clock::{Timestamp, parse_iso_date};
use platform::form::Choice;
use platform::page::Shell;

use super::form::last_day;
use crate::Exchange;
use crate::model::look::basis_in;
use crate::model::step::{Step, StepKind};
use crate::model::terms::Terms;

/// A term and what it means here.
pub struct Fact {
    pub label: &'static str,
    pub text: String,
}

impl Fact {
    pub fn new(label: &'static str, text: impl Into<String>) -> Self {
        Self { label, text: text.into() }
    }
}

/// A part of a list to go to.
pub struct Chip {
    pub href: String,
    pub key: &'static str,
    pub current: bool,
}

/// One line of the timeline.
pub struct StepView {
    pub bad: bool,
    pub title: String,
    pub when: String,
    pub datetime: String,
    pub who: String,
    pub words: String,
    pub notes: Vec<String>,
}

pub struct Labels<'a> {
    pub exchange: &'a Exchange,
    pub ctx: &'a Ctx,
    pub s: &'a Shell,
}

impl Labels<'_> {
    pub fn office(&self, key: &str) -> String {
        self.ctx.text(&self.exchange.registry().organisations().name(key)).to_owned()
    }

    pub fn source(&self, key: &str) -> String {
        self.ctx.text(&self.exchange.source_name(key)).to_owned()
    }

    pub fn resource(&self, key: &str) -> String {
        let entry = self.exchange.registry().catalogue().get(key);
        entry.map_or_else(|| key.to_owned(), |entry| self.ctx.text(&entry.name).to_owned())
    }

    pub fn provider(&self, resource: &str) -> String {
        let entry = self.exchange.registry().catalogue().get(resource);
        entry.map_or_else(String::new, |entry| self.office(&entry.provider))
    }

    pub fn field(&self, resource: &str, key: &str) -> String {
        let entry = self.exchange.registry().catalogue().get(resource);
        let field = entry.and_then(|entry| entry.field(key));
        field.map_or_else(|| key.to_owned(), |field| self.ctx.text(&field.name).to_owned())
    }

    pub fn fields(&self, resource: &str, keys: &[String]) -> String {
        let comma = self.ctx.tf("exchange-comma", &[]);
        keys.iter().map(|key| self.field(resource, key)).collect::<Vec<_>>().join(&comma)
    }

    pub fn field_choices(&self, resource: &str, keys: &[String]) -> Vec<Choice> {
        keys.iter().map(|key| Choice { value: key.clone(), label: self.field(resource, key) }).collect()
    }

    /// The item's name, else the words for the purpose, else the purpose as it was given.
    pub fn purpose(&self, purpose: &str) -> String {
        let key = format!("exchange-purpose-{purpose}"); // keys: exchange-purpose-*
        match self.exchange.parts().items.find(purpose) {
            Some(name) => self.ctx.text(&name).to_owned(),
            None if self.ctx.platform().texts().has(&key) => self.ctx.t(&key).to_owned(),
            None => purpose.to_owned(),
        }
    }

    pub fn basis(&self, basis: &str) -> String {
        basis_in(self.ctx.lang(), basis)
    }

    pub fn matters(&self, matters: &[String]) -> String {
        if matters.is_empty() {
            return self.ctx.t("exchange-matters-all").to_owned();
        }
        let case = |number: &String| self.ctx.tf("exchange-look-case", &[("number", number)]);
        let name = |matter: &String| self.item(matter).unwrap_or_else(|| case(matter));
        matters.iter().map(name).collect::<Vec<_>>().join(&self.ctx.tf("exchange-comma", &[]))
    }

    /// Matters to choose from: the values as they are kept, the words as people know them (`matters::shown`).
    pub fn matter_choices(&self, kept: &[String], shown: &[String]) -> Vec<Choice> {
        if kept.len() < 2 {
            return Vec::new();
        }
        let label = |shown: &String| self.matters(std::slice::from_ref(shown));
        kept.iter().zip(shown).map(|(kept, shown)| Choice { value: kept.clone(), label: label(shown) }).collect()
    }

    /// As everybody may read it: which cases these are is nobody else's business.
    pub fn public_matters(&self, matters: &[String]) -> String {
        if matters.is_empty() {
            return self.matters(matters);
        }
        let mut names: Vec<String> = matters.iter().filter_map(|matter| self.item(matter)).collect();
        let cases = matters.len() - names.len();
        if cases > 0 {
            names.push(self.ctx.tf("exchange-matters-cases", &[("count", &cases.to_string())]));
        }
        names.join(&self.ctx.tf("exchange-comma", &[]))
    }

    fn item(&self, key: &str) -> Option<String> {
        self.exchange.parts().items.find(key).map(|name| self.ctx.text(&name).to_owned())
    }

    pub fn day(&self, at: Timestamp) -> String {
        self.s.day(&at.date(self.ctx.zone()))
    }

    /// The last day, or the words for "until it is revoked".
    pub fn until(&self, to: Option<Timestamp>) -> String {
        to.map_or_else(
            || self.ctx.t("exchange-until-revoked").to_owned(),
            |to| self.s.day(&last_day(to, self.ctx.zone())),
        )
    }

    pub fn period(&self, terms: &Terms) -> String {
        let (from, to) = (self.day(terms.from), self.until(terms.to));
        self.ctx.tf("exchange-period", &[("from", &from), ("to", &to)])
    }

    /// What a request or a grant says. `sides`: resource, consumer, provider.
    pub fn terms(&self, sides: [&str; 3], (purpose, basis): (&str, &str), terms: &Terms) -> Vec<Fact> {
        let [resource, consumer, provider] = sides;
        vec![
            Fact::new("exchange-term-consumer", self.office(consumer)),
            Fact::new("exchange-term-provider", self.office(provider)),
            Fact::new("exchange-term-fields", self.fields(resource, &terms.fields)),
            Fact::new("exchange-term-purpose", self.purpose(purpose)),
            Fact::new("exchange-term-basis", self.basis(basis)),
            Fact::new("exchange-term-matters", self.matters(&terms.matters)),
            Fact::new("exchange-term-period", self.period(terms)),
        ]
    }

    pub fn step(&self, step: &Step) -> StepView {
        let office = step.office.as_deref().map(|key| self.office(key));
        let who = match office {
            Some(office) => self.ctx.tf("exchange-who-official", &[("office", &office), ("name", &step.actor_name)]),
            None => self.ctx.t("exchange-step-by-program").to_owned(),
        };
        StepView {
            bad: matches!(step.kind, StepKind::Refused | StepKind::Escalated | StepKind::Revoked),
            title: self.ctx.t(&format!("exchange-step-{}", step.kind.name())).to_owned(), // keys: exchange-step-*
            when: self.s.moment(&step.at),
            datetime: self.s.datetime(&step.at),
            who,
            words: step.words.clone(),
            notes: self.notes(step),
        }
    }

    fn notes(&self, step: &Step) -> Vec<String> {
        let mut notes = Vec::new();
        if !step.ground.is_empty() {
            let ground = self.ctx.t(&format!("exchange-ground-{}", step.ground)).to_owned(); // keys: exchange-ground-*
            notes.push(self.ctx.tf("exchange-step-ground", &[("ground", &ground)]));
        }
        if !step.basis.is_empty() {
            notes.push(self.ctx.tf("exchange-look-basis", &[("basis", &self.basis(&step.basis))]));
        }
        match step.kind {
            StepKind::Extended => {
                let day = parse_iso_date(&step.detail).map(|day| self.s.day(&day)).unwrap_or_default();
                notes.push(self.ctx.tf("exchange-step-new-day", &[("day", &day)]));
            }
            StepKind::Asked if !step.detail.is_empty() => {
                let day = parse_iso_date(&step.detail).map(|day| self.s.day(&day)).unwrap_or_default();
                notes.push(self.ctx.tf("exchange-step-renewal", &[("day", &day)]));
            }
            StepKind::Delegated | StepKind::Escalated if !step.detail.is_empty() => {
                notes.push(self.ctx.tf("exchange-step-to", &[("office", &self.office(&step.detail))]));
            }
            _ => {}
        }
        notes
    }
}
