//! Bulk loading for packs and the demo city, inside a write that the caller begins and audits (`pack.loaded`).
//!
//! Each function is idempotent: divisions and organisations are brought up to date, other rows that are there already
//! (by identifier, login or start) stay as they are. A row that contradicts another one (the same ID number under two
//! identifiers) is `Conflict`. All return how many rows were written.
use platform::db::Tx;
use platform::{Error, Result};

use crate::model::{
    Account, Division, Enterprise, Holder, Mandate, Official, OfficialPost, Organisation, Person, is_office_role,
};
pub use crate::password::password_hash;
use crate::store;

/// Parents before children, as `Divisions::parse` gives them.
pub fn insert_divisions(tx: &mut Tx<'_>, divisions: &[Division]) -> Result<u64> {
    divisions.iter().map(|division| store::upsert_division(tx, division)).sum()
}

/// As `Organisations::parse` gives them. Call `Directory::reload` after the write.
pub fn insert_organisations(tx: &mut Tx<'_>, organisations: &[Organisation]) -> Result<u64> {
    organisations.iter().map(|organisation| store::upsert_organisation(tx, organisation)).sum()
}

pub fn insert_persons(tx: &mut Tx<'_>, persons: &[Person]) -> Result<u64> {
    store::insert_persons(tx, persons)
}

/// Their legal representatives must be there.
pub fn insert_enterprises(tx: &mut Tx<'_>, enterprises: &[Enterprise]) -> Result<u64> {
    store::insert_enterprises(tx, enterprises)
}

pub fn insert_officials(tx: &mut Tx<'_>, officials: &[Official]) -> Result<u64> {
    store::insert_officials(tx, officials)
}

/// Officials and organisations must be there; only roles of offices are accepted.
pub fn insert_posts(tx: &mut Tx<'_>, posts: &[OfficialPost]) -> Result<u64> {
    if let Some(wrong) = posts.iter().find(|post| !is_office_role(post.post.role)) {
        return Err(Error::Internal(format!("{} is no role of an office", wrong.post.role.name())));
    }
    store::insert_posts(tx, posts)
}

/// Persons and enterprises must be there. A legal representative needs a mandate of that basis, too.
pub fn insert_mandates(tx: &mut Tx<'_>, mandates: &[Mandate]) -> Result<u64> {
    store::insert_mandates(tx, mandates)
}

/// Logins are kept in lower case without outer spaces; a login that exists keeps its password.
pub fn insert_accounts(tx: &mut Tx<'_>, accounts: &[Account]) -> Result<u64> {
    store::insert_accounts(tx, accounts)
}

/// The number of the first person, in the order of identifiers.
pub fn some_person(tx: &mut Tx<'_>) -> Result<Option<String>> {
    store::find_first_number(tx)
}

/// The person who signs in under a login.
pub fn person_of_login(tx: &mut Tx<'_>, login: &str) -> Result<Option<Person>> {
    match store::find_account(tx, login)?.map(|account| account.holder) {
        Some(Holder::Person(id)) => store::find_person(tx, &id),
        _ => Ok(None),
    }
}
