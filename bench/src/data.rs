//! Data sets of past cases: made once in `target/bench/data-<n>`, of one distribution whatever their size.
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Instant;

use app::App;
use codes::CaseNumber;
use directory::Organisations;
use platform::clock::{HOUR, MINUTE, Timestamp};
use platform::policy::{Action, On};
use platform::{Ctx, Platform};
use serde_json::json;
use services::{CaseState, PastCase};
use time::Date;

use crate::Result;
use crate::answers::answers;
use crate::applicants::{Applicants, Firm, Person};
use crate::history::{Chance, Days, Life, Telling};
use crate::kinds::{self, Kind};
use crate::place::{self, Place};

pub const SMALL: usize = 12_000;
pub const LARGE: usize = 1_200_000;
/// Cases written in one transaction. Larger ones are slower: SQLite walks the whole journal of a savepoint at each
/// statement of many rows.
const BATCH: usize = 400;
/// How many cases are noted as pages to look at.
const SAMPLES: usize = 512;
/// Applications by hour from 8 to 21, as in the demo city.
const HOURS: [u32; 14] = [5, 11, 12, 9, 4, 5, 9, 10, 9, 7, 5, 5, 5, 3];

/// The folder of a data set, made when it is not there.
pub async fn set(place: &Place, count: usize) -> Result<PathBuf> {
    let name = format!("data-{count}");
    let dir = place.path(&name);
    if place::is_usable(&dir).await {
        return Ok(dir);
    }
    let dir = place.copy_of_city(&name).await?;
    let started = Instant::now();
    let (platform, app) = place::open(&dir).await?;
    let samples = write(&platform, &app, count).await?;
    std::fs::write(dir.join("samples.json"), serde_json::to_string(&samples)?)?;
    platform::audit::log::seal_all(&platform).await?;
    drop((app, platform));
    place::mark_whole(&dir)?;
    println!("  ({count} past cases made in {:.0} s)", started.elapsed().as_secs_f64());
    Ok(dir)
}

/// Cases of persons to look at: identifier of the case, number of its owner.
pub fn samples(dir: &std::path::Path) -> Result<Vec<(String, String)>> {
    Ok(serde_json::from_str(&std::fs::read_to_string(dir.join("samples.json"))?)?)
}

async fn write(platform: &Platform, app: &App, count: usize) -> Result<Vec<(String, String)>> {
    let applicants = Applicants::read(platform).await?;
    let ctx = Ctx::system(platform, "bench.data");
    let mut maker = Maker {
        kinds: kinds::all(app)?,
        days: Days::around(ctx.today(), ctx.zone()),
        organisations: app.directory.organisations(),
        applicants,
        platform: platform.clone(),
        chance: Chance(1),
        sequence: HashMap::new(),
    };
    let mut samples = Vec::new();
    let (mut writing, mut made) = (None, 0);
    while made < count {
        let batch: Vec<PastCase> =
            (made..(made + BATCH).min(count)).map(|at| maker.case(at, count)).collect::<Result<_>>()?;
        made += batch.len();
        let of_persons = batch.iter().filter(|case| case.owner == case.applicant);
        let every = (count / SAMPLES).max(1);
        samples.extend(of_persons.step_by(every.min(BATCH / 2)).map(|case| (case.id.clone(), case.owner.clone())));
        let (db, grant) = (platform.db().clone(), ctx.allow(Action::PackLoad, &On::PUBLIC)?);
        // The next batch is made while this one is written.
        let next = tokio::spawn(async move { db.write(grant, move |tx| services::insert_past(tx, &batch)).await });
        if let Some(before) = writing.replace(next) {
            before.await??;
        }
    }
    if let Some(last) = writing {
        last.await??;
    }
    Ok(samples)
}

struct Maker {
    kinds: Vec<Kind>,
    days: Days,
    organisations: std::sync::Arc<Organisations>,
    applicants: Applicants,
    platform: Platform,
    chance: Chance,
    sequence: HashMap<(usize, Date), u64>,
}

/// Whose case it is and who sent it.
struct Party<'a> {
    owner: (&'a str, &'a str, &'a str),
    sender: &'a Person,
    firm: Option<&'a Firm>,
}

impl Maker {
    /// The `at`-th case of `count`, oldest first.
    fn case(&mut self, at: usize, count: usize) -> Result<PastCase> {
        let weights: Vec<u32> = self.kinds.iter().map(|kind| kind.weight).collect();
        let which = self.chance.weighted(&weights);
        let day = at * self.days.today / count;
        let submitted_at = self.hour(day);
        let number = self.number(which, day)?;
        let pick = self.chance.below(usize::MAX);
        let kind = &self.kinds[which];
        let life = Life::draw(kind, &self.days, (day, submitted_at), &mut self.chance);
        let party = self.party(kind, pick);
        let facts = kind.facts(&self.applicants, (&party.sender.number, party.firm.map(|firm| firm.number.as_str())));
        let county = ["residence.division", "population.residence_division", "enterprise.division"]
            .iter()
            .find_map(|reference| facts.get(*reference)?.get(0)?.as_str()?.get(..6))
            .unwrap_or("990102");
        let answers = answers(&kind.loaded.item.form, None, county);
        let offices = kind.offices(&self.organisations, &facts, &answers);
        let telling = Telling {
            kind,
            life: &life,
            days: &self.days,
            offices: &offices,
            applicants: &self.applicants,
            ids: self.platform.ids(),
            applicant: &party.sender.name,
        };
        let (id, name, subject) = party.owner;
        Ok(PastCase {
            id: self.platform.ids().text("case", submitted_at),
            number,
            item_key: kind.loaded.item.key.clone(),
            item_version: kind.loaded.item.version,
            owner: id.to_owned(),
            owner_name: name.to_owned(),
            owner_number: subject.to_owned(),
            applicant: party.sender.id.clone(),
            applicant_name: party.sender.name.clone(),
            state: life.state,
            resume_state: life.resume,
            asked: life.was_asked(),
            submitted_at,
            finished_at: life.finished_at(&self.days),
            certificate: None,
            outcome: outcome(kind, &life),
            answers: serde_json::to_string(&answers)?,
            facts: serde_json::to_string(&facts)?,
            events: telling.events(),
            clocks: telling.clocks(),
            tasks: telling.tasks(),
            supplement: telling.supplement(),
            office: offices.accepting,
        })
    }

    fn hour(&mut self, day: usize) -> Timestamp {
        let hour = 8 + self.chance.weighted(&HOURS) as i64;
        self.days.at(day, 0).plus(hour * HOUR + self.chance.below(60) as i64 * MINUTE)
    }

    fn number(&mut self, which: usize, day: usize) -> Result<String> {
        let date = self.days.date(day);
        let sequence = self.sequence.entry((which, date)).or_insert(0);
        *sequence += 1;
        Ok(CaseNumber::compose(self.kinds[which].code, date, *sequence)?.to_string())
    }

    fn party(&self, kind: &Kind, pick: usize) -> Party<'_> {
        if kind.for_firms {
            let firm = &self.applicants.firms[pick % self.applicants.firms.len()];
            return Party { owner: (&firm.id, &firm.name, &firm.number), sender: &firm.agent, firm: Some(firm) };
        }
        let person = &self.applicants.people[pick % self.applicants.people.len()];
        Party { owner: (&person.id, &person.name, &person.number), sender: person, firm: None }
    }
}

fn outcome(kind: &Kind, life: &Life) -> Option<String> {
    let basis = kind.loaded.item.identity.legal_basis.first().map(|citation| citation.law.zh_hans.as_str());
    let reason = match life.state {
        CaseState::Granted => "符合办理条件。",
        CaseState::Refused | CaseState::NotAccepted => "申报信息与登记信息不一致，且未能说明。",
        _ => return None,
    };
    Some(json!({"reason": reason, "basis": basis.unwrap_or_default()}).to_string())
}
