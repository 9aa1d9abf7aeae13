//! The people and firms of the city, with what the registers hold about them.
use std::collections::HashMap;

use platform::db::Tx;
use platform::policy::{Action, Actor, ActorKind, On};
use platform::{Ctx, Platform};

use crate::Result;

/// Somebody who can sign in.
#[derive(Clone)]
pub struct Person {
    pub id: String,
    /// Resident ID number.
    pub number: String,
    pub name: String,
}

impl Person {
    pub fn actor(&self) -> Actor {
        Actor {
            kind: ActorKind::Person,
            id: self.id.clone(),
            name: self.name.clone(),
            subject: self.number.clone(),
            posts: Vec::new(),
            acting_for: None,
        }
    }
}

#[derive(Clone)]
pub struct Firm {
    pub id: String,
    /// Unified social credit code.
    pub number: String,
    pub name: String,
    pub agent: Person,
}

/// Reads as the program does.
pub async fn read<T: Send + 'static>(
    platform: &Platform,
    f: impl FnOnce(&mut Tx<'_>) -> platform::Result<T> + Send + 'static,
) -> Result<T> {
    let ctx = Ctx::system(platform, "bench");
    let grant = ctx.allow(Action::HallRead, &On::PUBLIC)?;
    Ok(platform.db().read(grant, f).await?)
}

fn people(tx: &mut Tx<'_>, sql: &str) -> platform::Result<Vec<Person>> {
    tx.list(sql, &[], |row| Ok(Person { id: row.text(0)?, number: row.text(1)?, name: row.text(2)? }))
}

/// Those whose residence is registered: who applies for the residence permit.
pub async fn registered(platform: &Platform) -> Result<Vec<Person>> {
    let sql = "SELECT p.id, p.number, p.name FROM directory_person p
               JOIN registry_record r ON r.resource = 'residence' AND r.subject = p.number
               WHERE p.active = 1 ORDER BY p.id";
    read(platform, move |tx| people(tx, sql)).await
}

/// Those of 66 and more: who applies for the senior card.
pub async fn seniors(platform: &Platform) -> Result<Vec<Person>> {
    let sql = "SELECT id, number, name FROM directory_person
               WHERE active = 1 AND substr(number, 7, 4) <= '1960' AND substr(number, 7, 4) >= '1935' ORDER BY id";
    read(platform, move |tx| people(tx, sql)).await
}

/// A register's record: JSON and the day it speaks of.
pub type Record = (String, String);

/// The whole city, for making past cases.
pub struct Applicants {
    pub people: Vec<Person>,
    pub firms: Vec<Firm>,
    /// By resource and number.
    records: HashMap<(String, String), Record>,
    /// A name for each office.
    officers: HashMap<String, String>,
}

impl Applicants {
    pub async fn read(platform: &Platform) -> Result<Self> {
        read(platform, |tx| {
            Ok(Self {
                people: people(tx, "SELECT id, number, name FROM directory_person WHERE active = 1 ORDER BY id")?,
                firms: firms(tx)?,
                records: records(tx)?,
                officers: officers(tx)?,
            })
        })
        .await
    }

    pub fn record(&self, resource: &str, number: &str) -> Option<&Record> {
        self.records.get(&(resource.to_owned(), number.to_owned()))
    }

    pub fn officer(&self, office: &str) -> String {
        let city = office.split('@').next().unwrap_or(office);
        self.officers.get(office).or_else(|| self.officers.get(city)).cloned().unwrap_or_default()
    }
}

fn firms(tx: &mut Tx<'_>) -> platform::Result<Vec<Firm>> {
    let sql = "SELECT e.id, e.uscc, e.name, p.id, p.number, p.name FROM directory_enterprise e
               JOIN directory_person p ON p.id = e.legal_representative WHERE e.active = 1 ORDER BY e.id";
    tx.list(sql, &[], |row| {
        let agent = Person { id: row.text(3)?, number: row.text(4)?, name: row.text(5)? };
        Ok(Firm { id: row.text(0)?, number: row.text(1)?, name: row.text(2)?, agent })
    })
}

fn records(tx: &mut Tx<'_>) -> platform::Result<HashMap<(String, String), Record>> {
    let mut records = HashMap::new();
    tx.each("SELECT resource, subject, data, as_of FROM registry_record", &[], |row| {
        records.insert((row.text(0)?, row.text(1)?), (row.text(2)?, row.text(3)?));
        Ok(())
    })?;
    Ok(records)
}

fn officers(tx: &mut Tx<'_>) -> platform::Result<HashMap<String, String>> {
    let sql = "SELECT p.office, o.name FROM directory_post p JOIN directory_official o ON o.id = p.official";
    Ok(tx.list(sql, &[], |row| Ok((row.text(0)?, row.text(1)?)))?.into_iter().collect())
}
