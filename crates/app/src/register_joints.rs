//! What the registry needs of other crates: credit codes and officials of the directory, the trail of the exchange.
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Weak};

use directory::Directory;
use exchange::{Exchange, Noted, Subject};
use platform::db::Tx;
use platform::policy::{Grant, Role};
use platform::{Ctx, Error, Result};
use registry::{Joints, Seen, User, Users, Wrong};

/// The roles that hear of what comes in for their office.
const TOLD: [Role; 4] = [Role::Clerk, Role::Reviewer, Role::Decider, Role::Administrator];

/// Where who looked finds the case again, and where the others of the office do.
const OWN: &str = "/inbox?view=mine";
const OFFICE: &str = "/inbox?view=office";

/// `exchange` is held weakly, as the exchange holds the registry that holds this: `App` keeps it.
pub fn joints(directory: &Directory, exchange: &Arc<Exchange>) -> Joints {
    let of = directory.clone();
    Joints {
        code_of: Box::new(move |key| of.organisations().find(key).map(|organisation| organisation.uscc.clone())),
        holders: Box::new(holders),
        users: Box::new(ThroughTrail(Arc::downgrade(exchange))),
    }
}

fn holders(tx: &mut Tx<'_>, office: &str) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for role in TOLD {
        all.extend(directory::holders(tx, office, role)?);
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// The exchange writes every look at a fact, so it knows who looked.
struct ThroughTrail(Weak<Exchange>);

impl Users for ThroughTrail {
    /// The officials who looked, then everybody in the offices that they looked for: each once.
    fn of(&self, tx: &mut Tx<'_>, wrong: &Wrong<'_>) -> Result<Vec<User>> {
        let exchange = self.0.upgrade().ok_or_else(|| Error::Unavailable("the program is ending".into()))?;
        let used = exchange.used_since(tx, wrong.subject, (wrong.resource, wrong.field), wrong.since)?;
        let mut users: Vec<User> = Vec::new();
        // What may be known first: whoever used the value openly as well is counted.
        for hidden in [false, true] {
            for one in used.iter().filter(|one| one.hidden == hidden) {
                let colleagues = holders(tx, &one.office)?.into_iter().map(|owner| (owner, OFFICE));
                let looked = one.official.iter().map(|owner| (owner.clone(), OWN));
                for (owner, href) in looked.chain(colleagues) {
                    if users.iter().all(|user| user.owner != owner) {
                        users.push(User { owner, href: href.to_owned(), hidden });
                    }
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
}
