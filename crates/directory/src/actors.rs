//! Who a session belongs to, asked anew at each request: a role or mandate that ended is gone at once.
use platform::Result;
use platform::db::Tx;
use platform::ids::Id;
use platform::policy::{Actor, ActorKind, Party};
use platform::session::Actors;

use crate::model::{EnterpriseId, OfficialId, PersonId};
use crate::store;

/// Answers the platform's question from the tables of this crate. Two queries by key at most.
#[derive(Debug, Clone, Copy, Default)]
pub struct DirectoryActors;

impl Actors for DirectoryActors {
    fn load(&self, tx: &mut Tx<'_>, kind: ActorKind, id: &str, acting_for: Option<&str>) -> Result<Option<Actor>> {
        match kind {
            ActorKind::Person => load_person(tx, id, acting_for),
            ActorKind::Official => load_official(tx, id),
            ActorKind::Anonymous | ActorKind::System => Ok(None),
        }
    }
}

/// None without a mandate that holds now: a session for an enterprise never turns silently into one's own.
fn load_person(tx: &mut Tx<'_>, id: &str, acting_for: Option<&str>) -> Result<Option<Actor>> {
    let id = PersonId::from_text(id.to_owned());
    let Some(person) = store::find_person(tx, &id)?.filter(|person| person.active) else { return Ok(None) };
    let party = match acting_for {
        None => None,
        Some(enterprise) => match find_party(tx, &id, enterprise)? {
            None => return Ok(None),
            found => found,
        },
    };
    Ok(Some(Actor {
        kind: ActorKind::Person,
        id: person.id.as_str().to_owned(),
        name: person.name,
        subject: person.number,
        posts: Vec::new(),
        acting_for: party,
    }))
}

fn find_party(tx: &mut Tx<'_>, person: &PersonId, enterprise: &str) -> Result<Option<Party>> {
    let now = tx.now();
    let mandates = store::list_mandates_for(tx, person, &EnterpriseId::from_text(enterprise.to_owned()))?;
    let held = mandates.into_iter().find(|(mandate, enterprise)| mandate.holds_at(now) && enterprise.active);
    Ok(held.map(|(_, e)| Party { id: e.id.as_str().to_owned(), name: e.name, subject: e.uscc }))
}

/// None without a post: there would be nothing that the official may do, not even sign out.
fn load_official(tx: &mut Tx<'_>, id: &str) -> Result<Option<Actor>> {
    let id = OfficialId::from_text(id.to_owned());
    let Some(official) = store::find_official(tx, &id)?.filter(|official| official.active) else { return Ok(None) };
    let posts = store::list_posts(tx, &id)?;
    Ok((!posts.is_empty()).then(|| Actor {
        kind: ActorKind::Official,
        id: official.id.as_str().to_owned(),
        name: official.name,
        subject: String::new(),
        posts,
        acting_for: None,
    }))
}
