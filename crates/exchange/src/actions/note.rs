//! A look at what the program itself keeps about a subject (a case, its files, a certificate): written, nothing fetched.
use platform::audit::Entry;
use platform::db::{Audited, Tx};
use platform::ids::Id;
use platform::policy::{ActorKind, Grant};
use platform::{Ctx, Error, Result};
use serde_json::json;

use crate::Exchange;
use crate::model::ask::Noted;
use crate::model::look::LookId;
use crate::store::trail::{NewLook, insert_look};

pub async fn note(exchange: &Exchange, ctx: &Ctx, grant: Grant, noted: Noted) -> Result<()> {
    let Some(office) = grant.office().map(str::to_owned) else {
        // What people see of their own is no look at them; only an office has to answer for one.
        return if ctx.actor.kind == ActorKind::Person { Ok(()) } else { Err(Error::Denied("error-denied-role")) };
    };
    let (exchange, actor) = (exchange.clone(), ctx.actor.clone());
    let write = move |tx: &mut Tx<'_>| -> Result<Audited<()>> {
        let (id, at) = (tx.new_id::<LookId>(), tx.now());
        let (fields, source) = (json!({ noted.what: [] }).to_string(), json!({ noted.what: office }).to_string());
        let look = NewLook {
            id: id.as_str(),
            at,
            subject: &exchange.registry().pseudonym(&noted.subject.number),
            actor_kind: actor.kind.name(),
            actor: &actor.id,
            actor_name: &actor.name,
            office: Some(&office),
            consumer: &office,
            purpose: &noted.purpose,
            basis: &noted.basis,
            item: noted.item.as_deref(),
            case: noted.case.as_deref(),
            fields: &fields,
            source: &source,
        };
        insert_look(tx, &look)?;
        let entry = Entry {
            event: "record.seen",
            object: id.as_str(),
            subject: &noted.subject.owner,
            basis: &noted.basis,
            detail: &fields,
            ..Entry::default()
        };
        tx.audited(entry, ())
    };
    ctx.db().write(grant, write).await
}
