//! Who: divisions, organisations, officials and their posts, residents, enterprises, mandates; sign-in for each.
//!
//! Tables: `directory_*`. Invariants: a session's actor is read anew at each request (`actors`), so a post or mandate
//! that ended is gone at once; an unknown login costs the same work as a wrong password (`password`).
//! Start at `model`; `seed` is the door for packs and the demo city.
mod actions;
mod actors;
mod model;
mod pages;
mod password;
pub mod seed;
mod store;
#[cfg(test)]
mod tests;

use std::sync::{Arc, PoisonError, RwLock};

use platform::db::Tx;
use platform::policy::{Action, On, Role};
use platform::routes::Routes;
use platform::{Ctx, Platform, Result};

pub use actors::DirectoryActors;
pub use model::{
    Account, Appeal, Basis, Division, DivisionLevel, Divisions, Enterprise, EnterpriseId, Holder, Mandate, Official,
    OfficialId, OfficialPost, Organisation, OrganisationKind, Organisations, Person, PersonId, masked_number,
};

/// What rarely changes and is asked on every page.
#[derive(Clone, Default)]
struct Known {
    organisations: Arc<Organisations>,
    divisions: Arc<Divisions>,
}

/// The feature: cheap to clone. Empty until the first `reload`.
#[derive(Clone)]
pub struct Directory {
    platform: Platform,
    known: Arc<RwLock<Known>>,
    turns: password::Turns,
}

impl Directory {
    #[must_use]
    pub fn new(platform: Platform) -> Self {
        Self { platform, known: Arc::default(), turns: password::Turns::new() }
    }

    /// Reads organisations and divisions: once at start, after the migrations, and after each pack that is loaded.
    /// Other processes on the same database read them at their own start.
    pub async fn reload(&self) -> Result<()> {
        let grant = Ctx::system(&self.platform, "directory.reload").allow(Action::HallRead, &On::PUBLIC)?;
        let read = |tx: &mut Tx<'_>| Ok((store::list_organisations(tx)?, store::list_divisions(tx)?));
        let (organisations, divisions) = self.platform.db().read(grant, read).await?;
        let known = Known {
            organisations: Arc::new(Organisations::new(organisations)),
            divisions: Arc::new(Divisions::new(divisions)),
        };
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(())
    }

    #[must_use]
    pub fn organisations(&self) -> Arc<Organisations> {
        self.known().organisations
    }

    #[must_use]
    pub fn divisions(&self) -> Arc<Divisions> {
        self.known().divisions
    }

    fn known(&self) -> Known {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sign-in, sign-out, acting for an enterprise, the own account.
    #[must_use]
    pub fn routes(&self) -> Routes {
        pages::routes(self)
    }
}

/// A resident by resident ID number (18 characters, upper case X).
pub fn person_by_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<Person>> {
    store::find_person_by_number(tx, number)
}

pub fn person(tx: &mut Tx<'_>, id: &PersonId) -> Result<Option<Person>> {
    store::find_person(tx, id)
}

/// An enterprise by unified social credit code.
pub fn enterprise_by_number(tx: &mut Tx<'_>, uscc: &str) -> Result<Option<Enterprise>> {
    store::find_enterprise_by_number(tx, uscc)
}

pub fn enterprise(tx: &mut Tx<'_>, id: &EnterpriseId) -> Result<Option<Enterprise>> {
    store::find_enterprise(tx, id)
}

/// The name of an official, also of one who has left.
pub fn official_name(tx: &mut Tx<'_>, id: &OfficialId) -> Result<Option<String>> {
    Ok(store::find_official(tx, id)?.map(|official| official.name))
}

/// Identifiers of the active officials who hold a role in an office: who is told when something comes in for it.
pub fn holders(tx: &mut Tx<'_>, office: &str, role: Role) -> Result<Vec<String>> {
    store::list_holders(tx, office, role)
}
