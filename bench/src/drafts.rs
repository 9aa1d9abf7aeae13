//! Drafts that are ready to be sent: begun through the hall, with what the registers know, and completely answered.
use std::sync::Arc;

use app::App;
use platform::audit::Entry;
use platform::files::{self, Kept};
use platform::ids::Id;
use platform::policy::{Action, Actor, On};
use platform::{Ctx, Platform};
use services::DraftId;
use services::form::{FileRef, Form};

use crate::Result;
use crate::answers::answers;
use crate::applicants::Person;
use crate::rounds;

/// A draft and who may send it.
#[derive(Clone)]
pub struct Ready {
    pub actor: Actor,
    pub draft: DraftId,
}

/// Where questions for a division are answered with; the applicants of these items are asked for none.
const CITY: &str = "990102";
/// The smallest file that is a PDF by its bytes.
const PROOF: &[u8] = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n";

/// `count` drafts of an item, one after another for all people.
pub async fn prepare(app: &App, item: &'static str, people: &[Person], count: usize) -> Result<Vec<Ready>> {
    if people.is_empty() {
        return Err(format!("nobody in the city can apply for {item}").into());
    }
    let kept = keep_proof(&app.platform).await?;
    let ready = Arc::new(std::sync::Mutex::new(Vec::with_capacity(count)));
    let (app, actors) = (app.hall.clone(), people.iter().map(Person::actor).collect::<Arc<[Actor]>>());
    let out = Arc::clone(&ready);
    rounds::run(0..count, move |number| {
        let (hall, kept, out) = (app.clone(), kept.clone(), Arc::clone(&out));
        let actor = actors[number % actors.len()].clone();
        async move {
            let ctx = Ctx::new(hall.platform(), actor.clone());
            let draft = hall.begin(&ctx, item, &format!("{item}-{number:08}")).await?;
            let form = hall.items().find(item).map(Arc::clone).ok_or("the item is not loaded")?;
            answer(&ctx, &draft, (&form.item.form, kept)).await?;
            out.lock().map_err(|e| e.to_string())?.push(Ready { actor, draft });
            Ok(())
        }
    })
    .await?;
    let mut ready = ready.lock().map_err(|e| e.to_string())?;
    Ok(std::mem::take(&mut *ready))
}

async fn keep_proof(platform: &Platform) -> Result<Kept> {
    let mut incoming = platform.files().begin().await?;
    platform.files().add(&mut incoming, PROOF).await?;
    Ok(platform.files().finish(incoming, "contract.pdf").await?)
}

/// Answers every question of the form that no register answers, and saves.
async fn answer(ctx: &Ctx, draft: &DraftId, (form, kept): (&Form, Kept)) -> Result<()> {
    let owner = ctx.actor.party().id;
    let grant = ctx.allow(Action::DraftWrite, &On::owned_by(&owner))?;
    let (form, id) = (form.clone(), draft.as_str().to_owned());
    let save = move |tx: &mut platform::db::Tx<'_>| {
        let file = files::insert(tx, &owner, &kept)?;
        let file = FileRef { id: file.id, name: file.name, size: file.size, media_type: file.media_type };
        let text = serde_json::to_string(&answers(&form, Some(&file), CITY)).map_err(platform::Error::internal)?;
        let sql = "UPDATE services_draft SET answers = $1, revision = revision + 1 WHERE id = $2 AND owner = $3";
        tx.exec(sql, &[(&text).into(), (&id).into(), (&owner).into()])?;
        tx.audited(Entry { event: "draft.saved", object: &id, subject: &owner, ..Entry::default() }, ())
    };
    Ok(ctx.db().write(grant, save).await?)
}
