//! Subscriptions of the own offices: the list, one of them, and what each side can do.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use platform::db::Tx;
use platform::form::{Choice, Form};
use platform::i18n::unpacked;
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::{Posted, Query};
use platform::{Ctx, Error, Result, ids};

use super::form::written;
use super::{KindNames, kind_names, office, offices, readers};
use crate::Events;
use crate::actions::subscribe::{self, Verdict};
use crate::model::subscription::{State as Standing, Subscription, Way};
use crate::store::deliveries::count_open;
use crate::store::subscriptions::{get_subscription, list_subscriptions};
use crate::store::types::find_type;

const ON_A_PAGE: usize = 50;
/// How a system gets what a subscription holds for it, see `crate::api`.
const PULL: &str = "GET /api/events · Authorization: Bearer …";

struct Line {
    href: String,
    kind: String,
    consumer: String,
    publisher: String,
    asked: String,
    state: &'static str,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "subscriptions.html")]
struct SubscriptionsPage {
    s: Shell,
    form: Form,
    lines: Vec<Line>,
    may_ask: bool,
    publishing: Vec<Choice>,
    more: String,
}

/// Text key and tone of a state.
fn state_of(state: Standing) -> (&'static str, &'static str) {
    match state {
        Standing::Asked => ("events-state-asked", "info"),
        Standing::Active => ("events-state-active", "ok"),
        Standing::Refused => ("events-state-refused", "err"),
        Standing::Ended => ("events-state-ended", ""),
        Standing::Stopped => ("events-state-stopped", "warn"),
    }
}

fn line(events: &Events, ctx: &Ctx, s: &Shell, (names, one): (&KindNames, &Subscription)) -> Line {
    let (state, tone) = state_of(one.state);
    Line {
        href: format!("/events/subscriptions/{}", one.id),
        kind: names.of(ctx, &one.kind),
        consumer: office(events, ctx, &one.consumer),
        publisher: office(events, ctx, &one.publisher),
        asked: s.day(&one.asked_at.date(ctx.zone())),
        state,
        tone,
    }
}

pub async fn list(State(events): State<Events>, ctx: Ctx, query: Query) -> Result<Response> {
    let before = query.get("before").to_owned();
    let (readers, grant) = readers(&ctx, Action::EventDesk)?;
    let read =
        move |tx: &mut Tx<'_>| Ok((list_subscriptions(tx, &readers, &before, ON_A_PAGE as u32 + 1)?, kind_names(tx)?));
    let (mut found, names) = ctx.db().read(grant, read).await?;
    let more = page::cut(&mut found, ON_A_PAGE).map(|last| format!("/events/subscriptions?before={}", last.id));
    let s = Shell::new(&ctx);
    let publishing = offices(&ctx, Action::EventDecide);
    let mut form = Form::default();
    if let [only] = publishing.as_slice() {
        form.put("office", only);
    }
    let own = |key: String| Choice { label: office(&events, &ctx, &key), value: key };
    page::html(&SubscriptionsPage {
        lines: found.iter().map(|one| line(&events, &ctx, &s, (&names, one))).collect(),
        may_ask: !offices(&ctx, Action::EventAsk).is_empty(),
        publishing: publishing.into_iter().map(own).collect(),
        form,
        more: more.unwrap_or_default(),
        s,
    })
}

#[derive(Template)]
#[template(path = "subscription.html")]
struct SubscriptionPage {
    s: Shell,
    form: Form,
    id: String,
    name: String,
    state: &'static str,
    tone: &'static str,
    facts: Vec<(&'static str, String)>,
    /// Just made; shown this once.
    key: String,
    may_decide: bool,
    may_key: bool,
    may_end: bool,
}

/// A subscription of which the official stands on one side.
async fn find(ctx: &Ctx, id: &str) -> Result<Subscription> {
    if !ids::has_shape("esb", id) {
        return Err(Error::NotFound);
    }
    let (readers, grant) = readers(ctx, Action::EventDesk)?;
    let id = id.to_owned();
    ctx.db().read(grant, move |tx| get_subscription(tx, &readers, &id)).await
}

async fn show(
    events: &Events,
    ctx: &Ctx,
    found: &Subscription,
    (form, key): (Form, String),
) -> Result<SubscriptionPage> {
    let (id, kind) = (found.id.clone(), found.kind.clone());
    let read = move |tx: &mut Tx<'_>| Ok((count_open(tx, &id)?, find_type(tx, &kind)?));
    let (counts, kind) = ctx.db().read(readers(ctx, Action::EventDesk)?.1, read).await?;
    let s = Shell::new(ctx);
    let may = |action, office: &str| ctx.allow(action, &On::at(&[office])).is_ok();
    let (state, tone) = state_of(found.state);
    let ours = may(Action::EventAsk, &found.consumer);
    Ok(SubscriptionPage {
        id: found.id.clone(),
        name: kind.map_or_else(|| found.kind.clone(), |kind| ctx.text(&kind.name).to_owned()),
        state,
        tone,
        facts: facts(events, ctx, &s, (found, counts)),
        key,
        may_decide: found.state == Standing::Asked && may(Action::EventDecide, &found.publisher),
        may_key: found.state == Standing::Active && ours,
        may_end: !found.state.is_over() && (ours || may(Action::EventDecide, &found.publisher)),
        form,
        s,
    })
}

fn facts(
    events: &Events,
    ctx: &Ctx,
    s: &Shell,
    (found, (open, dead)): (&Subscription, (i64, i64)),
) -> Vec<(&'static str, String)> {
    let (way, address) = match found.way {
        Way::Push => ("events-way-push", ("events-term-address", found.address.clone())),
        Way::Pull => ("events-way-pull", ("events-term-pull", PULL.to_owned())),
    };
    let mut facts = vec![
        ("events-term-type", found.kind.clone()),
        ("events-term-consumer", office(events, ctx, &found.consumer)),
        ("events-term-publisher", office(events, ctx, &found.publisher)),
        ("events-term-purpose", found.purpose.clone()),
        ("events-term-basis", unpacked(ctx.lang(), &found.basis)),
        ("events-term-way", ctx.t(way).to_owned()),
        address,
        ("events-term-asked", format!("{} {}", s.moment(&found.asked_at), found.asked_name)),
        ("events-term-open", open.to_string()),
        ("events-term-dead", dead.to_string()),
    ];
    if let (Some(at), Some(name)) = (found.decided_at, &found.decided_name) {
        facts.push(("events-term-decided", format!("{} {name} {}", s.moment(&at), found.words)));
    }
    facts.retain(|(_, text)| !text.is_empty());
    facts
}

pub async fn one(State(events): State<Events>, ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let found = find(&ctx, &id).await?;
    page::html(&show(&events, &ctx, &found, (Form::default(), String::new())).await?)
}

fn back(id: &str) -> Result<Response> {
    page::see_other(&format!("/events/subscriptions/{id}"))
}

pub async fn approve(ctx: Ctx, Path(id): Path<String>, _: Posted) -> Result<Response> {
    decide(&ctx, &id, Verdict::Approved).await
}

pub async fn refuse(
    State(events): State<Events>,
    ctx: Ctx,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    match written(&posted, "words") {
        Ok(words) => decide(&ctx, &id, Verdict::Refused(words)).await,
        Err(error) => {
            let found = find(&ctx, &id).await?;
            ctx.allow(Action::EventDecide, &On::at(&[&found.publisher]))?;
            let form = Form::sent(&posted, &Shell::new(&ctx), &[error]);
            let shown = show(&events, &ctx, &found, (form, String::new())).await?;
            page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

async fn decide(ctx: &Ctx, id: &str, verdict: Verdict) -> Result<Response> {
    let found = find(ctx, id).await?;
    let grant = ctx.allow(Action::EventDecide, &On::at(&[&found.publisher]))?;
    let own = ctx.clone();
    ctx.db().write(grant, move |tx| subscribe::decide(tx, &own, &found.id, &verdict)).await?;
    back(id)
}

/// The consumer ends it, or the publisher takes its approval back.
pub async fn end(ctx: Ctx, Path(id): Path<String>, _: Posted) -> Result<Response> {
    let found = find(&ctx, &id).await?;
    let grant = ctx.allow(Action::EventAsk, &On::at(&[&found.consumer]));
    let grant = grant.or_else(|_| ctx.allow(Action::EventDecide, &On::at(&[&found.publisher])))?;
    let own = ctx.clone();
    ctx.db().write(grant, move |tx| subscribe::end(tx, &own, &found)).await?;
    back(&id)
}

/// Answers with the key itself: nothing else ever shows it.
pub async fn key(State(events): State<Events>, ctx: Ctx, Path(id): Path<String>, _: Posted) -> Result<Response> {
    let found = find(&ctx, &id).await?;
    let grant = ctx.allow(Action::EventAsk, &On::at(&[&found.consumer]))?;
    let own = events.clone();
    let of = found.clone();
    let key = ctx.db().write(grant, move |tx| subscribe::make_key(tx, &own, &of)).await?;
    events.platform().wake_jobs();
    page::html(&show(&events, &ctx, &found, (Form::default(), key)).await?)
}

#[derive(Template)]
#[template(path = "publishing_key.html")]
struct PublishingKeyPage {
    s: Shell,
    office: String,
    key: String,
}

pub async fn publishing_key(State(events): State<Events>, ctx: Ctx, posted: Posted) -> Result<Response> {
    let chosen = posted.get("office").to_owned();
    if !offices(&ctx, Action::EventDecide).contains(&chosen) {
        return Err(Error::field("office", "events-error-choose"));
    }
    let grant = ctx.allow(Action::EventDecide, &On::at(&[&chosen]))?;
    let (own, key) = (ctx.clone(), chosen.clone());
    let key = ctx.db().write(grant, move |tx| subscribe::make_publisher(tx, &own, &key)).await?;
    page::html(&PublishingKeyPage { office: office(&events, &ctx, &chosen), key, s: Shell::new(&ctx) })
}
