//! One request with its timeline, and what each side can do: withdraw; grant, refuse, put off.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::Posted;
use platform::{Ctx, FieldError, Result};

use super::form::{Form, last_day, narrower};
use super::labels::{Choice, Fact, Labels, StepView};
use super::readers::{readers, request as find};
use super::requests::state_of;
use crate::Exchange;
use crate::actions::record::Acting;
use crate::actions::{decide, request};
use crate::model::request::{Ground, LONGEST_WORDS, Request, RequestKind, refusal, written};
use crate::model::step::Step;
use crate::store::requests::list_steps;

#[derive(Template)]
#[template(path = "request.html")]
struct RequestPage {
    s: Shell,
    form: Form,
    id: String,
    name: String,
    state: &'static str,
    tone: &'static str,
    late: bool,
    open: bool,
    due: String,
    facts: Vec<Fact>,
    steps: Vec<StepView>,
    fields: Vec<Choice>,
    grounds: Vec<Choice>,
    grant_href: String,
    may_withdraw: bool,
    may_decide: bool,
    may_extend: bool,
}

pub async fn one(State(exchange): State<Exchange>, ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let (request, _) = find(&exchange, &ctx, &id).await?;
    let mut form = Form::default();
    request.terms.fields.iter().for_each(|field| form.put("grant-fields", field));
    if let Some(to) = request.terms.to {
        form.put_day("grant-to", last_day(to, ctx.zone()));
    }
    page::html(&show(&exchange, &ctx, &request, form).await?)
}

async fn steps(exchange: &Exchange, ctx: &Ctx, request: &Request) -> Result<Vec<Step>> {
    let (_, grant) = readers(exchange, ctx)?;
    let (id, of) = (request.id.clone(), request.grant.clone());
    ctx.db().read(grant, move |tx| list_steps(tx, Some(&id), of.as_deref())).await
}

async fn show(exchange: &Exchange, ctx: &Ctx, request: &Request, form: Form) -> Result<RequestPage> {
    let steps = steps(exchange, ctx, request).await?;
    let s = Shell::new(ctx);
    let labels = Labels { exchange, ctx, s: &s };
    let may = |action, office: &str| request.is_open() && ctx.allow(action, &On::at(&[office])).is_ok();
    let (state, tone) = state_of(request);
    let may_decide = may(Action::GrantDecide, &request.provider);
    let ground = |ground: Ground| Choice {
        value: ground.name().to_owned(),
        label: ctx.t(&format!("exchange-ground-{}", ground.name())).to_owned(), // keys: exchange-ground-*
    };
    Ok(RequestPage {
        form,
        id: request.id.clone(),
        name: labels.resource(&request.resource),
        state,
        tone,
        late: request.is_late(ctx.today()),
        open: request.is_open(),
        due: s.day(&request.due),
        facts: facts(&labels, request),
        steps: steps.iter().map(|step| labels.step(step)).collect(),
        fields: labels.field_choices(&request.resource, &request.terms.fields),
        grounds: Ground::ALL.map(ground).into(),
        grant_href: request.grant.as_ref().map_or_else(String::new, |id| format!("/exchange/grants/{id}")),
        may_withdraw: may(Action::GrantAsk, &request.consumer),
        may_decide,
        may_extend: may_decide && !request.extended && !request.is_late(ctx.today()),
        s,
    })
}

fn facts(labels: &Labels<'_>, request: &Request) -> Vec<Fact> {
    let kind = match request.kind {
        RequestKind::New => "exchange-request-kind-new",
        RequestKind::Renewal => "exchange-request-kind-renewal",
    };
    vec![
        Fact::new("exchange-request-kind", labels.ctx.t(kind)),
        Fact::new("exchange-term-consumer", labels.office(&request.consumer)),
        Fact::new("exchange-term-provider", labels.office(&request.provider)),
        Fact::new("exchange-term-fields", labels.fields(&request.resource, &request.terms.fields)),
        Fact::new("exchange-term-purpose", labels.purpose(&request.purpose)),
        Fact::new("exchange-term-basis", labels.basis(&request.basis)),
        Fact::new("exchange-term-matters", labels.matters(&request.terms.matters)),
        Fact::new("exchange-term-period", labels.period(&request.terms)),
        Fact::new("exchange-term-asked", format!("{} {}", labels.s.moment(&request.asked_at), request.asked_name)),
    ]
}

fn back(id: &str) -> Result<Response> {
    page::see_other(&format!("/exchange/requests/{id}"))
}

async fn again(
    exchange: &Exchange,
    ctx: &Ctx,
    request: &Request,
    sent: (&Posted, Vec<FieldError>),
) -> Result<Response> {
    let form = Form::sent(sent.0, &Shell::new(ctx), &sent.1);
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &show(exchange, ctx, request, form).await?)
}

pub async fn withdraw(
    State(exchange): State<Exchange>,
    ctx: Ctx,
    Path(id): Path<String>,
    _: Posted,
) -> Result<Response> {
    let (found, readers) = find(&exchange, &ctx, &id).await?;
    let grant = ctx.allow(Action::GrantAsk, &On::at(&[&found.consumer]))?;
    let acting = Acting { exchange, ctx: ctx.clone() };
    ctx.db().write(grant, move |tx| request::withdraw(tx, &acting, &readers, &found.id)).await?;
    back(&id)
}

pub async fn give(
    State(exchange): State<Exchange>,
    ctx: Ctx,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let (found, readers) = find(&exchange, &ctx, &id).await?;
    let grant = ctx.allow(Action::GrantDecide, &On::at(&[&found.provider]))?;
    let words = optional("grant-words", posted.get("grant-words"));
    let giving = match (narrower(&posted, "grant-", &found.terms, ctx.zone()), words) {
        (Ok(terms), Ok(words)) => (terms, words),
        (terms, words) => {
            let errors = terms.err().into_iter().flatten().chain(words.err()).collect();
            return again(&exchange, &ctx, &found, (&posted, errors)).await;
        }
    };
    let acting = Acting { exchange, ctx: ctx.clone() };
    ctx.db().write(grant, move |tx| decide::grant(tx, &acting, &readers, &found.id, giving)).await?;
    back(&id)
}

/// Words that may be left out.
pub fn optional(field: &str, text: &str) -> Result<String, FieldError> {
    if text.trim().is_empty() { Ok(String::new()) } else { written(field, text, LONGEST_WORDS) }
}

pub async fn refuse(
    State(exchange): State<Exchange>,
    ctx: Ctx,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let (found, readers) = find(&exchange, &ctx, &id).await?;
    let grant = ctx.allow(Action::GrantDecide, &On::at(&[&found.provider]))?;
    let typed = ["refuse-ground", "refuse-basis", "refuse-words"].map(|name| posted.get(name));
    let reason = match refusal("refuse-", typed) {
        Ok(reason) => reason,
        Err(errors) => return again(&exchange, &ctx, &found, (&posted, errors)).await,
    };
    let acting = Acting { exchange, ctx: ctx.clone() };
    ctx.db().write(grant, move |tx| decide::refuse(tx, &acting, &readers, &found.id, &reason)).await?;
    back(&id)
}

pub async fn extend(
    State(exchange): State<Exchange>,
    ctx: Ctx,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let (found, readers) = find(&exchange, &ctx, &id).await?;
    let grant = ctx.allow(Action::GrantDecide, &On::at(&[&found.provider]))?;
    let words = match written("extend-words", posted.get("extend-words"), LONGEST_WORDS) {
        Ok(words) => words,
        Err(error) => return again(&exchange, &ctx, &found, (&posted, vec![error])).await,
    };
    let acting = Acting { exchange, ctx: ctx.clone() };
    ctx.db().write(grant, move |tx| decide::extend(tx, &acting, &readers, &found.id, &words)).await?;
    back(&id)
}
