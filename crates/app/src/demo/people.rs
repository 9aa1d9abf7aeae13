//! Residents, enterprises, officials and their accounts.
use std::collections::HashMap;

use directory::{Account, Basis, Enterprise, EnterpriseId, Holder, Mandate, Official, OfficialId, OfficialPost};
use directory::{Person, PersonId, seed};
use platform::audit::Entry;
use platform::chance;
use platform::clock::Timestamp;
use platform::db::Tx;
use platform::error::{Error, Result};
use platform::policy::{Post, Role};

use super::seeding::Making;
use super::sign_ins;

/// Identifiers by number, for the cases.
pub struct People {
    pub persons: HashMap<String, PersonId>,
    pub enterprises: HashMap<String, EnterpriseId>,
}

const BATCH: usize = 10_000;

pub async fn write(making: &Making) -> Result<People> {
    let ids = making.ctx.platform().ids();
    let now = making.ctx.now();
    let persons: Vec<Person> = making
        .city
        .residents()
        .map(|r| Person { id: ids.make(now), number: r.id_number, name: r.name, active: r.is_active })
        .collect();
    let by_number: HashMap<String, PersonId> = persons.iter().map(|p| (p.number.clone(), p.id.clone())).collect();
    let enterprises: Vec<Enterprise> = making
        .city
        .enterprises()
        .map(|e| Enterprise {
            id: ids.make(now),
            legal_representative: by_number.get(&e.representative_id).cloned(),
            uscc: e.uscc,
            name: e.name,
            active: e.is_active,
        })
        .collect();
    let firms = enterprises.iter().map(|e| (e.uscc.clone(), e.id.clone())).collect();
    let people = People { persons: by_number, enterprises: firms };
    let mandates = mandates(making, &people, &enterprises)?;
    for batch in chunks(persons) {
        save(making, "pack.residents-loaded", move |tx| seed::insert_persons(tx, &batch)).await?;
    }
    save(making, "pack.enterprises-loaded", move |tx| {
        seed::insert_enterprises(tx, &enterprises)?;
        seed::insert_mandates(tx, &mandates)
    })
    .await?;
    officials(making, &people).await?;
    Ok(people)
}

fn chunks(mut persons: Vec<Person>) -> Vec<Vec<Person>> {
    let mut all = Vec::new();
    while persons.len() > BATCH {
        let rest = persons.split_off(BATCH);
        all.push(std::mem::replace(&mut persons, rest));
    }
    all.push(persons);
    all
}

async fn save(
    making: &Making,
    event: &'static str,
    insert: impl FnOnce(&mut Tx<'_>) -> Result<u64> + Send + 'static,
) -> Result<()> {
    let write = move |tx: &mut Tx<'_>| {
        let detail = format!("{{\"rows\":{}}}", insert(tx)?);
        tx.audited(Entry { event, detail: &detail, ..Entry::default() }, ())
    };
    making.ctx.db().write(making.grant()?, write).await
}

/// Each legal representative acts for the enterprise by law; the named agent by a written authority.
fn mandates(making: &Making, people: &People, enterprises: &[Enterprise]) -> Result<Vec<Mandate>> {
    let from = Timestamp::start_of(making.today, making.ctx.zone()).plus(-365 * platform::clock::DAY);
    let by_law = enterprises.iter().filter_map(|e| {
        let person = e.legal_representative.clone()?;
        Some(Mandate { person, enterprise: e.id.clone(), basis: Basis::LegalRepresentative, from, to: None })
    });
    let mut mandates: Vec<Mandate> = by_law.collect();
    let characters = making.city.characters();
    let missing = || Error::Internal("the city lacks its agent or the restaurant".into());
    mandates.push(Mandate {
        person: people.persons.get(&characters.agent.id_number).cloned().ok_or_else(missing)?,
        enterprise: people.enterprises.get(&characters.restaurant.uscc).cloned().ok_or_else(missing)?,
        basis: Basis::WrittenAuthority,
        from,
        to: None,
    });
    Ok(mandates)
}

async fn officials(making: &Making, people: &People) -> Result<()> {
    let now = making.ctx.now();
    let ids = making.ctx.platform().ids();
    // One password for the whole fictional city, so one hash serves all of its accounts.
    let settings = &making.ctx.platform().config().sign_in;
    let password = directory::seed::password_hash(sign_ins::PASSWORD, &chance::bytes::<16>(), settings)?;
    let mut officials = Vec::new();
    let mut posts = Vec::new();
    let mut accounts = Vec::new();
    for one in making.city.officials() {
        let id: OfficialId = ids.make(now);
        let role = Role::from_name(&one.role).ok_or_else(|| Error::Internal(format!("role {}", one.role)))?;
        let mut give = |role| {
            for office in one.branches.iter().chain([&one.org]).cloned() {
                posts.push(OfficialPost { official: id.clone(), post: Post { role, office } });
            }
        };
        give(role);
        // In small offices the one who accepts also checks the papers.
        if role == Role::Clerk {
            give(Role::Reviewer);
        }
        if role == Role::Reviewer && one.login == "wang.min.ms" {
            give(Role::Clerk);
        }
        // Cards are decided by rule; somebody must be able to revoke one.
        if one.login == "wen.ruyu.mz" {
            give(Role::Decider);
        }
        let holder = Holder::Official(id.clone());
        accounts.push(Account { login: one.login, holder, password: password.clone() });
        officials.push(Official { id, name: one.name, active: true });
    }
    let characters = making.city.characters();
    for (login, character) in sign_ins::residents(&characters) {
        if let Some(id) = people.persons.get(&character.id_number) {
            let holder = Holder::Person(id.clone());
            accounts.push(Account { login: login.to_owned(), holder, password: password.clone() });
        }
    }
    save(making, "pack.officials-loaded", move |tx| {
        seed::insert_officials(tx, &officials)?;
        seed::insert_posts(tx, &posts)?;
        seed::insert_accounts(tx, &accounts)
    })
    .await
}
