//! Sources against real systems: files, databases, and web services that behave and that do not.
#![allow(clippy::unwrap_used)]
mod mariadb;
mod mysql;
mod peer;
mod postgres;
mod server;
mod sqlite;
mod web;

use std::path::Path;

use connectors::{Asked, Document, Source, SourceError, SubjectKind, Surroundings};
use platform::clock::{Clock, Timestamp};
use time::macros::date;

/// Two persons with right check digits.
const PERSON: &str = "110101199003074979";
const OTHER: &str = "11010119900307109X";

const ASKED: Asked<'static> = asked(PERSON);

const fn asked(number: &'static str) -> Asked<'static> {
    Asked { number, kind: SubjectKind::Person, today: date!(2026 - 11 - 20) }
}

fn clock() -> Clock {
    Clock::set_to(Timestamp(1_795_140_000_000_000))
}

/// The source of a document; `data` is where its secrets lie.
fn source(yaml: &str, data: &Path, clock: &Clock) -> Source {
    let document = Document::parse("connectors/x.yaml", yaml).unwrap();
    let around = Surroundings { data: data.to_owned(), ..Surroundings::default() };
    Source::open(&document, &around, clock.clone()).unwrap()
}

fn open(yaml: &str) -> Source {
    source(yaml, Path::new("."), &clock())
}

/// The field `a` of the answer, or the failure's code.
async fn a(source: &Source) -> Result<Option<String>, &'static str> {
    let answer = source.ask(&ASKED).await.map_err(|error: SourceError| error.code())?;
    Ok(answer.map(|answer| answer.data["a"].as_str().unwrap().to_owned()))
}
