//! Who used a subject's data, for information systems that show it to the subject: Estonia's data tracker (`findUsage`)
//! and GovStack's MyPersonalDataUsage stand on this. Who asked for whom is logged itself.
use platform::audit::Entry;
use platform::clock::Timestamp;
use platform::db::{Audited, Tx};
use platform::ids::Id;
use platform::page::Shell;
use platform::policy::{Action, On};
use platform::{Ctx, Error, Result};
use serde_json::json;

use crate::Exchange;
use crate::model::look::{Look, LookId, Seen};
use crate::pages::view::Viewer;
use crate::store::trail::{NewLook, Span, first_look, insert_look, list_uses};

/// Uses on one page at most.
pub const MOST: u32 = 1_000;
/// What the trail says was seen when somebody else asks for a subject's trail (`exchange-what-trail`).
const TRAIL: &str = "trail";
const PURPOSE: &str = "data-trail";

/// Whose data, and who asks.
#[derive(Debug, Clone)]
pub struct Enquiry {
    /// Resident ID number or unified social credit code.
    pub number: String,
    /// Who sits before the asking system; the subject itself, or somebody who acts for it. Empty: the system does not say.
    pub user: String,
    /// Key of the organisation that runs the asking system, else the system's identifier.
    pub consumer: String,
    /// The provision that the enquiry rests on, in words.
    pub basis: String,
}

/// The part of a trail that is asked for; both ends included.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    pub offset: u32,
    /// `MOST` at most.
    pub limit: u32,
}

/// One use of a subject's data by somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    pub id: String,
    pub at: Timestamp,
    /// Why and what, in a sentence.
    pub action: String,
    /// Who looked: an official's identifier and name, or a system's.
    pub reader: String,
    pub reader_name: String,
    /// The organisation's credit code (its member code when it is not one of ours), and its name when we know it.
    pub receiver_code: String,
    pub receiver_name: Option<String>,
    /// The information system that the data went to.
    pub system: String,
    /// Keys of the resources that were seen.
    pub resources: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uses {
    /// In the whole span.
    pub total: i64,
    /// One page, newest first.
    pub uses: Vec<Use>,
}

impl Exchange {
    /// Who used the subject's data, newest first, without the subject's own looks and without what the law hides now.
    /// `Invalid`: the number is nobody's, or the page is too long.
    pub async fn uses(&self, ctx: &Ctx, enquiry: Enquiry, part: Part) -> Result<Uses> {
        let grant = ctx.allow(Action::TrailShow, &On::PUBLIC)?;
        let number = number_of(ctx, &enquiry.number)?;
        if part.limit > MOST {
            return Err(Error::Invalid(vec![
                platform::FieldError::new("limit", "exchange-usage-limit").with("max", MOST),
            ]));
        }
        let floor = self.parts().shown_from(ctx.now());
        let (from, to) = (part.from.unwrap_or(Timestamp(i64::MIN)), part.to.unwrap_or(Timestamp(i64::MAX)));
        let span = Span { from, to, offset: part.offset, limit: part.limit, floor };
        let asking = Asking { subject: self.registry().pseudonym(&number), number, enquiry };
        let (actor, system) = (ctx.actor.id.clone(), ctx.actor.name.clone());
        let write = move |tx: &mut Tx<'_>| {
            let found = list_uses(tx, &asking.subject, &span)?;
            asking.log(tx, (&actor, &system), found)
        };
        let (total, looks) = ctx.db().write(grant, write).await?;
        let s = Shell::new(ctx);
        let viewer = Viewer { exchange: self, ctx, s: &s };
        Ok(Uses { total, uses: looks.into_iter().map(|look| self.use_of(&viewer, look)).collect() })
    }

    /// Since when uses are kept here; None while nothing has been used. The answer shows that the trail can be read.
    pub async fn uses_since(&self, ctx: &Ctx) -> Result<Option<Timestamp>> {
        let grant = ctx.allow(Action::TrailShow, &On::PUBLIC)?;
        ctx.db().read(grant, first_look).await
    }

    fn use_of(&self, viewer: &Viewer<'_>, look: Look) -> Use {
        let key = look.answering().to_owned();
        let organisations = self.parts().directory.organisations();
        let organisation = organisations.find(&key);
        let resources = look.fields.keys().cloned().collect();
        // A system of another gateway: INSTANCE/CLASS/MEMBER/SUBSYSTEM.
        let member = || key.split('/').nth(2).unwrap_or(&key).to_owned();
        let seen = Seen { look, question: None, hidden: None };
        let view = viewer.look(&seen);
        let comma = viewer.ctx.tf("exchange-comma", &[]);
        let what = |part: &crate::pages::view::PartView| match part.fields.is_empty() {
            true => part.resource.clone(),
            false => viewer.ctx.tf("exchange-usage-part", &[("resource", &part.resource), ("fields", &part.fields)]),
        };
        let parts = view.parts.iter().map(what).collect::<Vec<_>>().join(&comma);
        let words = [("purpose", view.purpose.as_str()), ("basis", &view.basis), ("what", &parts)];
        let look = seen.look;
        let is_system = look.actor_kind == "system";
        Use {
            id: look.id,
            at: look.at,
            action: viewer.ctx.tf("exchange-usage-action", &words),
            receiver_code: organisation.map_or_else(member, |found| found.uscc.clone()),
            receiver_name: organisation.map(|found| viewer.ctx.text(&found.name).to_owned()),
            system: if is_system { look.actor.clone() } else { viewer.ctx.t("exchange-usage-hall").to_owned() },
            reader: look.actor,
            reader_name: if is_system { String::new() } else { look.actor_name },
            resources,
        }
    }
}

/// A resident ID number or a unified social credit code in its normal form.
fn number_of(ctx: &Ctx, typed: &str) -> Result<String> {
    if let Ok(id) = codes::ResidentId::parse(typed, ctx.today()) {
        return Ok(id.as_str().to_owned());
    }
    let code = codes::Uscc::parse(typed);
    code.map(|code| code.as_str().to_owned()).map_err(|_| Error::field("number", "exchange-service-number"))
}

struct Asking {
    subject: String,
    number: String,
    enquiry: Enquiry,
}

impl Asking {
    /// The audit log always says who asked; the subject's trail says it too when somebody else sat before the system.
    fn log<T>(&self, tx: &mut Tx<'_>, (actor, name): (&str, &str), found: T) -> Result<Audited<T>> {
        let enquiry = &self.enquiry;
        let is_other = !enquiry.user.is_empty() && !enquiry.user.eq_ignore_ascii_case(&self.number);
        if is_other {
            self.note(tx, actor, name)?;
        }
        let detail = json!({"consumer": enquiry.consumer, "for_another": is_other}).to_string();
        let (object, subject) = (actor, self.subject.as_str());
        tx.audited(Entry { event: "trail.shown", object, subject, detail: &detail, ..Entry::default() }, found)
    }

    fn note(&self, tx: &mut Tx<'_>, actor: &str, name: &str) -> Result<()> {
        let id = tx.new_id::<LookId>();
        let (fields, source) = (json!({ TRAIL: [] }).to_string(), json!({ TRAIL: self.enquiry.consumer }).to_string());
        let look = NewLook {
            id: id.as_str(),
            at: tx.now(),
            subject: &self.subject,
            actor_kind: "system",
            actor,
            actor_name: name,
            office: None,
            consumer: &self.enquiry.consumer,
            purpose: PURPOSE,
            basis: &self.enquiry.basis,
            item: None,
            case: None,
            fields: &fields,
            source: &source,
        };
        insert_look(tx, &look)
    }
}
