//! What the days bring: reminders, escalation or consent by silence, warnings before a grant ends, its end.
//! Every job asks whether the day that it was made for still stands, so one that comes late or twice does nothing.
use platform::Ctx;
use platform::audit::Entry;
use platform::clock::{Timestamp, iso_date};
use platform::config::Silence;
use platform::db::{Audited, Tx};
use platform::jobs::Handlers;
use platform::policy::{Action, On};
use platform::{Error, Result};

use crate::Exchange;
use crate::actions::change::{find, parent_of};
use crate::actions::decide::{Giving, give};
use crate::actions::record::{Acting, DUE_JOB, END_JOB, ENDING_JOB, REMIND_JOB, Said, Thing};
use crate::model::kept::Kept;
use crate::model::request::{Request, RequestKind};
use crate::model::step::StepKind;
use crate::store::Readers;
use crate::store::kept::update_kept;
use crate::store::requests::{get_request, update_escalated};

type Job = fn(&mut Tx<'_>, &Acting, &str) -> Result<Audited<()>>;

pub fn register(exchange: &Exchange, handlers: &mut Handlers) {
    let all: [(&'static str, Job); 4] = [(REMIND_JOB, remind), (DUE_JOB, pass), (ENDING_JOB, warn), (END_JOB, expire)];
    for (kind, job) in all {
        let exchange = exchange.clone();
        handlers.on(kind, move |ctx, payload| run(exchange.clone(), ctx, payload, job));
    }
}

async fn run(exchange: Exchange, ctx: Ctx, payload: String, job: Job) -> Result<()> {
    let grant = ctx.allow(Action::GrantKeep, &On::PUBLIC)?;
    let acting = Acting { exchange, ctx: ctx.clone() };
    ctx.db().write(grant, move |tx| job(tx, &acting, &payload)).await
}

fn nothing(tx: &mut Tx<'_>, id: &str) -> Result<Audited<()>> {
    tx.audited(Entry { event: "grant.day-passed", object: id, ..Entry::default() }, ())
}

fn split(payload: &str) -> Result<(&str, &str)> {
    payload.split_once(' ').ok_or_else(|| Error::Internal(format!("the payload {payload:?} names no day")))
}

/// The request, if it is open and still due on that day.
fn open(tx: &mut Tx<'_>, id: &str, day: &str) -> Result<Option<Request>> {
    let request = get_request(tx, &Readers::Everybody, id)?;
    Ok(Some(request).filter(|request| request.is_open() && iso_date(request.due) == day))
}

fn remind(tx: &mut Tx<'_>, acting: &Acting, payload: &str) -> Result<Audited<()>> {
    let (id, day) = split(payload)?;
    let Some(request) = open(tx, id, day)? else { return nothing(tx, id) };
    let thing = Thing::request(&request);
    acting.tell(tx, thing, StepKind::Reminded, &[&request.provider])?;
    acting.step(tx, thing, StepKind::Reminded, &Said { detail: day, ..Said::default() })
}

/// The day has passed: what silence means is a setting.
fn pass(tx: &mut Tx<'_>, acting: &Acting, payload: &str) -> Result<Audited<()>> {
    let (id, day) = split(payload)?;
    let Some(request) = open(tx, id, day)?.filter(|request| request.escalated_at.is_none()) else {
        return nothing(tx, id);
    };
    let rules = &acting.exchange.parts().grants;
    let thing = Thing::request(&request);
    if rules.silence == Silence::Grant && may_begin(tx, acting, &request)? {
        acting.tell(tx, thing, StepKind::Silence, &[&request.provider, &rules.overseer])?;
        let giving = Giving { terms: request.terms.clone(), kind: StepKind::Silence, words: String::new() };
        return Ok(give(tx, acting, &request, giving)?.map(|_| ()));
    }
    update_escalated(tx, id)?;
    let all = [rules.overseer.as_str(), &request.provider, &request.consumer, &request.asked_by];
    acting.tell(tx, thing, StepKind::Escalated, &all)?;
    acting.step(tx, thing, StepKind::Escalated, &Said { detail: &rules.overseer, ..Said::default() })
}

/// A renewal of a grant that has ended meanwhile, or a period that is over, cannot begin by silence.
fn may_begin(tx: &mut Tx<'_>, acting: &Acting, request: &Request) -> Result<bool> {
    let now = tx.now();
    let in_time = request.terms.to.is_none_or(|to| now < to);
    match (request.kind, &request.grant) {
        (RequestKind::Renewal, Some(grant)) => Ok(in_time && find(tx, acting, &Readers::Everybody, grant)?.stands(now)),
        _ => Ok(in_time),
    }
}

/// The grant, if it still stands and ends at that instant.
fn ending(tx: &mut Tx<'_>, acting: &Acting, (id, at): (&str, &str)) -> Result<Option<Kept>> {
    let kept = find(tx, acting, &Readers::Everybody, id)?;
    let same = kept.terms.to == at.parse().ok().map(Timestamp);
    Ok(Some(kept).filter(|kept| same && kept.state.after(StepKind::Expired).is_ok()))
}

fn sides(tx: &mut Tx<'_>, acting: &Acting, kept: &Kept) -> Result<[String; 3]> {
    let parent = parent_of(tx, kept)?.map(|parent| parent.consumer).unwrap_or_default();
    Ok([kept.consumer.clone(), acting.provider(&kept.resource).unwrap_or_default(), parent])
}

fn warn(tx: &mut Tx<'_>, acting: &Acting, payload: &str) -> Result<Audited<()>> {
    let (id, at) = split(payload)?;
    let Some(kept) = ending(tx, acting, (id, at))? else { return nothing(tx, id) };
    let sides = sides(tx, acting, &kept)?;
    let sides = [sides[0].as_str(), &sides[1], &sides[2]];
    acting.tell(tx, Thing::grant(&kept), StepKind::Ending, &sides)?;
    acting.step(tx, Thing::grant(&kept), StepKind::Ending, &Said::default())
}

fn expire(tx: &mut Tx<'_>, acting: &Acting, payload: &str) -> Result<Audited<()>> {
    let (id, at) = split(payload)?;
    let Some(kept) = ending(tx, acting, (id, at))? else { return nothing(tx, id) };
    let state = kept.state.after(StepKind::Expired).map_err(Error::Conflict)?;
    update_kept(tx, kept.version, &Kept { state, ..kept.clone() })?;
    let sides = sides(tx, acting, &kept)?;
    let sides = [sides[0].as_str(), &sides[1], &sides[2]];
    acting.tell(tx, Thing::grant(&kept), StepKind::Expired, &sides)?;
    acting.step(tx, Thing::grant(&kept), StepKind::Expired, &Said::default())
}
