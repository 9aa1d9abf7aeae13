//! The items as past cases are about them: how often, by whom, with which facts, at which offices.
use std::collections::HashMap;
use std::sync::Arc;

use app::App;
use codes::ImplementationCode;
use directory::Organisations;
use serde_json::{Map, Value, json};
use services::form::Answers;
use services::item::{Limit, Mode, OrgPattern, Subject, Unit};
use services::{LoadedItem, Offices};

use crate::Result;
use crate::applicants::Applicants;

/// Applications of a year in a thousand, as in the demo city.
const WEIGHTS: [(&str, u32); 14] = [
    ("senior-card", 180),
    ("residence-permit", 120),
    ("food-licence", 60),
    ("old-age-allowance", 80),
    ("disability-subsidy", 50),
    ("unemployment-benefit", 60),
    ("startup-subsidy", 30),
    ("school-entry", 80),
    ("marriage-appointment", 70),
    ("housing-fund-extract", 110),
    ("business-registration-change", 60),
    ("outdoor-advertising", 20),
    ("birth-registration", 50),
    ("medical-insurance-transfer", 30),
];

pub struct Kind {
    pub loaded: Arc<LoadedItem>,
    pub code: ImplementationCode,
    pub weight: u32,
    pub for_firms: bool,
    pub instant: bool,
    /// Working days.
    pub promised: usize,
    pub legal: usize,
    /// Who keeps each register that is asked.
    providers: HashMap<String, String>,
}

pub fn all(app: &App) -> Result<Vec<Kind>> {
    let items = app.hall.items();
    items.current().iter().map(|loaded| kind(app, loaded)).collect()
}

fn kind(app: &App, loaded: &Arc<LoadedItem>) -> Result<Kind> {
    let item = &loaded.item;
    let provider = |resource: &String| {
        let entry = app.exchange.catalogue().get(resource)?;
        Some((resource.clone(), entry.provider.clone()))
    };
    Ok(Kind {
        loaded: Arc::clone(loaded),
        code: ImplementationCode::parse(&loaded.implementation_code)?,
        weight: WEIGHTS.iter().find(|(key, _)| *key == item.key).map_or(30, |(_, weight)| *weight),
        for_firms: !item.object.serves_persons(),
        instant: item.handling.mode == Mode::Instant,
        promised: working_days(&item.time.promised),
        legal: working_days(&item.time.legal),
        providers: item.facts.iter().filter_map(|need| provider(&need.resource)).collect(),
    })
}

fn working_days(limit: &Limit) -> usize {
    let number = usize::from(limit.number);
    match limit.unit {
        Unit::Instant | Unit::Hour => 1,
        Unit::WorkingDay => number.max(1),
        Unit::CalendarDay => (number * 5 / 7).max(1),
        Unit::Month => number * 21,
    }
}

impl Kind {
    /// What the registers say, in the form in which cases keep it.
    pub fn facts(&self, applicants: &Applicants, (person, firm): (&str, Option<&str>)) -> Map<String, Value> {
        let mut read: HashMap<(&str, &str), Value> = HashMap::new();
        let mut facts = Map::new();
        for need in &self.loaded.item.facts {
            let number = if need.subject == Subject::Enterprise { firm } else { Some(person) };
            let (Some(number), Some(provider)) = (number, self.providers.get(&need.resource)) else { continue };
            let Some((data, as_of)) = applicants.record(&need.resource, number) else { continue };
            let record = read
                .entry((need.resource.as_str(), number))
                .or_insert_with(|| serde_json::from_str(data).unwrap_or(Value::Null));
            if let Some(value) = record.get(&need.field) {
                facts.insert(need.reference().as_str().to_owned(), json!([value, provider, as_of]));
            }
        }
        facts
    }

    /// The offices that the document means, as the hall finds them.
    pub fn offices(&self, organisations: &Organisations, facts: &Map<String, Value>, answers: &Answers) -> Offices {
        let find = |pattern: &OrgPattern| {
            let value = |reference: &services::item::Reference| {
                let text = reference.as_str();
                let found =
                    if reference.is_fact() { facts.get(text).and_then(|f| f.get(0)) } else { answers.get(text) };
                found.and_then(Value::as_str).map(str::to_owned)
            };
            let wanted = pattern.resolve(value).ok().filter(|key| organisations.find(key).is_some());
            wanted.unwrap_or_else(|| pattern.org.clone())
        };
        let handling = &self.loaded.item.handling;
        Offices {
            accepting: find(&handling.accepting),
            reviews: handling.reviews.iter().map(|review| (review.key.clone(), find(&review.org))).collect(),
            deciding: find(&handling.deciding.org),
        }
    }
}
