//! What the registry needs of other crates: credit codes and officials of the directory, the trail of the exchange, the
//! outbox of the events.
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Weak};

use directory::Directory;
use exchange::{Ask, Exchange, Noted, Subject, Used, Want};
use platform::db::Tx;
use platform::policy::{Grant, Role};
use platform::{Ctx, Error, Result};
use registry::{Joints, Own, Seen, User, Users, Wrong};
use services::Hall;

/// The roles that hear of what comes in for their office.
const TOLD: [Role; 4] = [Role::Clerk, Role::Reviewer, Role::Decider, Role::Administrator];
/// Those of them who may open a case of the office.
const AT_DESK: [Role; 3] = [Role::Clerk, Role::Reviewer, Role::Decider];

/// Where to look for a matter that has no page of its own there: whoever looked, and the others of the office.
const OWN: &str = "/inbox?view=mine";
const OFFICE: &str = "/inbox?view=office";

/// `exchange` is held weakly, as the exchange holds the registry that holds this: `App` keeps it.
pub fn joints(directory: &Directory, exchange: &Arc<Exchange>) -> Joints {
    let (of, platform) = (directory.clone(), exchange.platform().clone());
    Joints {
        code_of: Box::new(move |key| of.organisations().find(key).map(|organisation| organisation.uscc.clone())),
        holders: Box::new(|tx, office| holders(tx, office, &TOLD)),
        users: Box::new(ThroughTrail(Arc::downgrade(exchange))),
        changed: Box::new(move |tx, resource, changed| events::of_register(tx, &platform, (resource, changed))),
    }
}

fn holders(tx: &mut Tx<'_>, office: &str, roles: &[Role]) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for role in roles {
        all.extend(directory::holders(tx, office, *role)?);
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Somebody who hears of a use, and where they find what it was for.
struct Told {
    owner: String,
    href: String,
    /// The page of the matter itself, not the list that it may stand in.
    is_matter: bool,
}

/// Whoever looked, then everybody in the office: the matter's own page for whoever may open it.
fn told(tx: &mut Tx<'_>, one: &Used) -> Result<Vec<Told>> {
    let matter = match &one.case {
        Some(case) => Hall::desk_href(tx, &one.office, case)?,
        None => None,
    };
    let at_desk = holders(tx, &one.office, &AT_DESK)?;
    let colleagues = holders(tx, &one.office, &TOLD)?.into_iter().map(|owner| (owner, OFFICE));
    let looked = one.official.iter().map(|owner| (owner.clone(), OWN));
    let told = |(owner, list): (String, &str)| {
        let matter = matter.clone().filter(|_| at_desk.contains(&owner));
        Told { is_matter: matter.is_some(), href: matter.unwrap_or_else(|| list.to_owned()), owner }
    };
    Ok(looked.chain(colleagues).map(told).collect())
}

/// The exchange writes every look at a fact, so it knows who looked.
struct ThroughTrail(Weak<Exchange>);

impl Users for ThroughTrail {
    /// The officials who looked, then everybody in the offices that they looked for: each once for each matter.
    fn of(&self, tx: &mut Tx<'_>, wrong: &Wrong<'_>) -> Result<Vec<User>> {
        let exchange = self.0.upgrade().ok_or_else(|| Error::Unavailable("the program is ending".into()))?;
        let used = exchange.used_since(tx, wrong.subject, (wrong.resource, wrong.field), wrong.since)?;
        let mut users: Vec<User> = Vec::new();
        // What may be known first: whoever used the value openly as well is counted.
        for hidden in [false, true] {
            let mut all = Vec::new();
            for one in used.iter().filter(|one| one.hidden == hidden) {
                all.extend(told(tx, one)?);
            }
            all.sort_by_key(|told| !told.is_matter);
            for Told { owner, href, is_matter } in all {
                // Whoever was led to a matter needs no list.
                let is_known = |user: &User| user.owner == owner && (!is_matter || user.href == href);
                if !users.iter().any(is_known) {
                    users.push(User { owner, href, hidden });
                }
            }
        }
        Ok(users)
    }

    fn look<'a>(
        &'a self,
        ctx: &'a Ctx,
        grant: Grant,
        seen: &'a Seen,
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
        let noted = Noted {
            what: "record",
            purpose: "fact-correction".to_owned(),
            basis: exchange::basis_text(&seen.basis),
            item: None,
            case: None,
            subject: Subject::of(&seen.pseudonym, &seen.subject),
        };
        let exchange = self.0.upgrade().ok_or_else(|| Error::Unavailable("the program is ending".into()));
        Box::pin(async move { exchange?.note_look(ctx, grant, noted).await })
    }

    fn own<'a>(
        &'a self,
        ctx: &'a Ctx,
        own: &'a Own,
    ) -> Pin<Box<dyn Future<Output = Result<Option<registry::Told>>> + Send + 'a>> {
        let exchange = self.0.upgrade().ok_or_else(|| Error::Unavailable("the program is ending".into()));
        Box::pin(async move { read_own(&*exchange?, ctx, own).await })
    }
}

/// Through the one door, so that it works for sources elsewhere too and stands in the trail.
async fn read_own(exchange: &Exchange, ctx: &Ctx, own: &Own) -> Result<Option<registry::Told>> {
    let ask = Ask {
        purpose: exchange::OWN_DATA.to_owned(),
        basis: exchange::basis_text(&own.basis),
        item: None,
        case: None,
        consumer: own.provider.clone(),
        subject: Subject::of(&own.owner, &own.subject),
        wants: vec![Want { resource: own.resource.clone(), fields: vec![own.field.clone()] }],
        offices: Vec::new(),
    };
    let facts = exchange.fetch(ctx, ask).await?;
    Ok(facts.get(&own.resource, &own.field).map(|fact| registry::Told {
        value: fact.value.clone(),
        source: exchange.source_name(&fact.source),
        as_of: fact.as_of,
    }))
}
