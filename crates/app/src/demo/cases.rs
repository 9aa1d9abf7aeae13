//! The year's past cases: rows of the hall made from the city's plan, with facts, answers and certificates.
use std::collections::{HashMap, HashSet};

use certificates::{Issue, Prepared};
use codes::{CaseNumber, ImplementationCode};
use platform::clock::{HOUR, Timestamp, iso_date};
use platform::error::{Error, Result};
use platform::ids::Id;
use serde_json::{Map, Value, json};
use services::item::{Item, Subject, Unit};
use services::{CaseId, LoadedItem, PastCase};
use time::{Date, PrimitiveDateTime};

use super::city::{Applicant, CaseState as Planned, PastCase as Plan, RESOURCES};
use super::history::{History, Rows};
use super::people::People;
use super::samples;
use super::seeding::Making;
use crate::wiring::App;

const BATCH: usize = 1_000;
/// Threads that sign certificates.
const SIGNERS: usize = 2;

/// Records of the people and firms that cases are about: resource and number → data and date.
type Records = HashMap<(&'static str, String), (Map<String, Value>, Date)>;

pub async fn write(making: &Making, app: &App, people: &People) -> Result<()> {
    let items = app.hall.items();
    let promised = |key: &str| items.find(key).map_or(0, |loaded| working_days(&loaded.item));
    let plans: Vec<Plan> = making.city.past_cases(promised).filter(|plan| items.find(plan.item).is_some()).collect();
    let records = records(making, &plans);
    let mut writer = Writer::new(making, app, people, &records);
    for batch in plans.chunks(BATCH) {
        writer.batch(batch).await?;
    }
    let taken = writer.sequence.iter().map(|((code, day), count)| (code.clone(), iso_date(*day), *count as i64));
    let taken: Vec<_> = taken.collect();
    making.ctx.db().write(making.grant()?, move |tx| services::Hall::numbers_taken(tx, &taken)).await
}

fn working_days(item: &Item) -> u32 {
    match item.time.promised.unit {
        Unit::Instant | Unit::Hour => 0,
        _ => u32::from(item.time.promised.number),
    }
}

/// Numbers of the person and of the firm behind an application.
fn numbers(applicant: &Applicant) -> (&str, Option<&str>) {
    match applicant {
        Applicant::Person { id_number, .. } => (id_number, None),
        Applicant::Enterprise { uscc, agent_id, .. } => (agent_id, Some(uscc)),
    }
}

fn records(making: &Making, plans: &[Plan]) -> Records {
    let mut wanted: HashSet<&str> = HashSet::new();
    for plan in plans {
        let (person, firm) = numbers(&plan.applicant);
        wanted.insert(person);
        wanted.extend(firm);
    }
    let mut found = Records::new();
    for resource in RESOURCES {
        for record in making.city.records_of(resource).filter(|record| wanted.contains(record.subject.as_str())) {
            if let Ok(data) = serde_json::from_str(&record.data) {
                found.insert((resource, record.subject), (data, record.as_of));
            }
        }
    }
    found
}

struct Writer<'a> {
    making: &'a Making,
    app: &'a App,
    people: &'a People,
    records: &'a Records,
    history: History,
    sequence: HashMap<(String, Date), u64>,
}

impl<'a> Writer<'a> {
    fn new(making: &'a Making, app: &'a App, people: &'a People, records: &'a Records) -> Self {
        let history = History::new(making);
        Self { making, app, people, records, history, sequence: HashMap::new() }
    }

    async fn batch(&mut self, plans: &[Plan]) -> Result<()> {
        let mut cases = Vec::with_capacity(plans.len());
        let mut issues: Vec<(usize, Issue)> = Vec::new();
        for plan in plans {
            let (case, issue) = self.case(plan)?;
            issues.extend(issue.map(|issue| (cases.len(), issue)));
            cases.push(case);
        }
        let only: Vec<Issue> = issues.iter().map(|(_, issue)| issue.clone()).collect();
        let prepared: Vec<Prepared> = self.app.certificates.prepare_many(&only, SIGNERS).await?;
        for ((at, _), one) in issues.iter().zip(&prepared) {
            cases[*at].certificate = Some(one.id().to_owned());
        }
        let grant = self.making.grant()?;
        let write = move |tx: &mut platform::db::Tx<'_>| {
            certificates::actions::seed(tx, &prepared)?.into_inner();
            services::insert_past(tx, &cases)
        };
        self.making.ctx.db().write(grant, write).await.map(|_| ())
    }

    fn at(&self, local: PrimitiveDateTime) -> Timestamp {
        let instant = local.assume_offset(self.making.ctx.zone());
        Timestamp(i64::try_from(instant.unix_timestamp_nanos() / 1000).unwrap_or(0))
    }

    fn case(&mut self, plan: &Plan) -> Result<(PastCase, Option<Issue>)> {
        let loaded = self.app.hall.items().find(plan.item).cloned();
        let loaded = loaded.ok_or_else(|| Error::Internal(format!("no item {}", plan.item)))?;
        let item = &loaded.item;
        let submitted = self.at(plan.timeline.submitted);
        let id: CaseId = self.making.ctx.platform().ids().make(submitted);
        let number = self.number(&loaded, plan.timeline.submitted.date())?;
        let party = self.party(&plan.applicant)?;
        let facts = self.facts(item, &plan.applicant);
        let about = samples::About {
            name: &party.applicant_name,
            person: numbers(&plan.applicant).0,
            firm: numbers(&plan.applicant).1,
            division: &plan.division,
            facts: &facts,
            before: plan.timeline.submitted.date().saturating_sub(time::Duration::days(30)),
            after: plan.timeline.finished.unwrap_or(plan.timeline.submitted).date() + time::Duration::days(7),
        };
        let answers = samples::answers(&item.form, &about);
        let stored = serde_json::to_string(&facts)?;
        let answers = self.app.hall.laid(&loaded, answers, &stored)?;
        let offices = self.app.hall.offices(item, &answers, &stored)?;
        let rows: Rows = self.history.rows(&loaded, plan, &offices, |local| self.at(local));
        let issue = match (plan.timeline.finished, plan.timeline.state) {
            (Some(finished), Planned::Granted) => self.app.hall.certificate(&services::Granted {
                loaded: &loaded,
                answers: &answers,
                facts: &stored,
                party: party.as_party(),
                case: id.as_str(),
                submitted_on: plan.timeline.submitted.date(),
                on: finished.date(),
            })?,
            _ => None,
        };
        let case = PastCase {
            number,
            item_key: item.key.clone(),
            item_version: item.version,
            owner: party.owner,
            owner_name: party.name,
            owner_number: party.number,
            applicant: party.applicant,
            applicant_name: party.applicant_name,
            state: rows.state,
            resume_state: rows.resume_state,
            office: offices.accepting,
            asked: plan.timeline.supplement_asked.is_some(),
            submitted_at: submitted,
            finished_at: plan.timeline.finished.map(|at| self.at(at)),
            certificate: None,
            outcome: rows.outcome,
            answers: serde_json::to_string(&answers)?,
            facts: stored,
            events: rows.events,
            clocks: rows.clocks,
            tasks: rows.tasks,
            supplement: rows.supplement,
            id: id.as_str().to_owned(),
        };
        Ok((case, issue))
    }

    fn number(&mut self, loaded: &LoadedItem, day: Date) -> Result<String> {
        let code = &loaded.implementation_code;
        let sequence = self.sequence.entry((code.clone(), day)).or_insert(0);
        *sequence += 1;
        let code = ImplementationCode::parse(code).map_err(Error::internal)?;
        CaseNumber::compose(code, day, *sequence).map(|n| n.to_string()).map_err(Error::internal)
    }

    fn party(&self, applicant: &Applicant) -> Result<Party> {
        let missing = || Error::Internal("a case of somebody who is not in the directory".into());
        let (person, firm) = numbers(applicant);
        let applicant_id = self.people.persons.get(person).ok_or_else(missing)?.as_str().to_owned();
        Ok(match applicant {
            Applicant::Person { id_number, name } => Party {
                owner: applicant_id.clone(),
                name: name.clone(),
                number: id_number.clone(),
                applicant: applicant_id,
                applicant_name: name.clone(),
            },
            Applicant::Enterprise { uscc, name, agent_name, .. } => Party {
                owner: firm.and_then(|uscc| self.people.enterprises.get(uscc)).ok_or_else(missing)?.as_str().to_owned(),
                name: name.clone(),
                number: uscc.clone(),
                applicant: applicant_id,
                applicant_name: agent_name.clone(),
            },
        })
    }

    /// What the registers say, in the form in which cases keep it.
    fn facts(&self, item: &Item, applicant: &Applicant) -> Map<String, Value> {
        let (person, firm) = numbers(applicant);
        let mut facts = Map::new();
        for need in &item.facts {
            let number = if need.subject == Subject::Enterprise { firm } else { Some(person) };
            let resource = RESOURCES.into_iter().find(|resource| *resource == need.resource);
            let (Some(number), Some(resource)) = (number, resource) else { continue };
            let Some((data, as_of)) = self.records.get(&(resource, number.to_owned())) else { continue };
            let provider = self.app.exchange.catalogue().get(resource).map(|entry| entry.provider.clone());
            if let (Some(value), Some(provider)) = (data.get(&need.field), provider) {
                facts.insert(need.reference().as_str().to_owned(), json!([value, provider, iso_date(*as_of)]));
            }
        }
        facts
    }
}

struct Party {
    owner: String,
    name: String,
    number: String,
    applicant: String,
    applicant_name: String,
}

impl Party {
    fn as_party(&self) -> platform::policy::Party {
        let (id, name, subject) = (self.owner.clone(), self.name.clone(), self.number.clone());
        platform::policy::Party { id, name, subject }
    }
}

/// A little later than another instant, for steps that have no time of their own.
pub fn later(at: Timestamp, hours: i64) -> Timestamp {
    at.plus(hours * HOUR)
}
