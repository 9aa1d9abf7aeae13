//! A subject questions a look; the office that looked answers.
use platform::audit::Entry;
use platform::db::{Audited, Tx};
use platform::ids::Id;
use platform::notice;
use platform::{Ctx, Error, Result};

use crate::Exchange;
use crate::model::look::Look;
use crate::model::question::{QuestionId, due};
use crate::store::questions::{NewAnswer, NewQuestion, get_question, insert_question, update_answer};
use crate::store::trail::get_look;

/// What a subject asks about a look.
pub struct Questioning {
    pub exchange: Exchange,
    pub ctx: Ctx,
    pub look: String,
    pub words: String,
}

/// Asks once: a repeat changes nothing and is no error.
pub fn ask(tx: &mut Tx<'_>, asking: &Questioning) -> Result<Audited<()>> {
    let (parts, party) = (asking.exchange.parts(), asking.ctx.actor.party());
    let subject = parts.registry.pseudonym(&party.subject);
    let floor = parts.shown_from(tx.now());
    let seen = get_look(tx, &subject, &asking.look, floor)?;
    if seen.look.is_own() {
        return Err(Error::Conflict("exchange-conflict-own"));
    }
    let id = tx.new_id::<QuestionId>();
    let new = NewQuestion {
        id: id.as_str(),
        trail: &seen.look.id,
        subject: &subject,
        owner: &party.id,
        office: seen.look.answering(),
        due: due(&parts.calendar, tx.now().date(asking.ctx.zone()), parts.question_days),
        words: &asking.words,
    };
    let is_new = insert_question(tx, &new)?;
    let event = if is_new { "trail.questioned" } else { "trail.question-repeated" };
    tx.audited(Entry { event, object: &seen.look.id, subject: &party.id, ..Entry::default() }, ())
}

/// What an office answers.
pub struct Answering {
    pub exchange: Exchange,
    pub ctx: Ctx,
    /// Offices that the official may answer for.
    pub offices: Vec<String>,
    pub question: String,
    pub words: String,
}

/// Answers once and tells the subject. The same answer sent again changes nothing and is no error.
pub fn answer(tx: &mut Tx<'_>, answering: &Answering) -> Result<Audited<()>> {
    let (seen, owner) = get_question(tx, &answering.offices, &answering.question)?;
    let asked = seen.question.ok_or(Error::NotFound)?;
    let actor = &answering.ctx.actor;
    let new = NewAnswer {
        question: &asked.id,
        office: &asked.office,
        by: &actor.id,
        name: &actor.name,
        words: &answering.words,
    };
    let is_new = update_answer(tx, &new)?;
    if is_new {
        tell(tx, &answering.exchange, (&owner, &asked.office), &seen.look)?;
    } else if asked.answer.is_some_and(|there| there.by != actor.id || there.words != answering.words) {
        return Err(Error::Conflict("exchange-conflict-answered"));
    }
    let event = if is_new { "trail.answered" } else { "trail.answer-repeated" };
    tx.audited(Entry { event, object: &seen.look.id, subject: &owner, ..Entry::default() }, ())
}

fn tell(tx: &mut Tx<'_>, exchange: &Exchange, (owner, office): (&str, &str), look: &Look) -> Result<()> {
    let name = exchange.registry().organisations().name(office);
    let args = [("office", [name.zh_hans.as_str(), name.zh_hant.as_str(), name.en.as_str()])];
    notice::tell(tx, owner, "exchange-notice-answered", &args, &format!("/my/trail/{}/question", look.id))
}
