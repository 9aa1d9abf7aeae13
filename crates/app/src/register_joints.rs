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
    fn of(&self, _: &mut Tx<'_>, _: &Wrong<'_>) -> Result<Vec<User>> {
        Ok(Vec::new())
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
