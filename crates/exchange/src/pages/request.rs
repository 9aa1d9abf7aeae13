//! One request with its timeline, and what each side can do: withdraw; grant, refuse, put off.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use platform::form::{Choice, Form};
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::{Ctx, FieldError, Result};

use super::act::{Act, Acted};
use super::form::{last_day, narrower};
use super::labels::{Fact, Labels, StepView};
use super::matters;
use super::readers::{readers, request as find};
use super::requests::state_of;
use crate::Exchange;
use crate::actions::{decide, request};
use crate::model::request::{Ground, LONGEST_WORDS, Request, RequestKind, refusal, written};
use crate::model::step::{RequestState, Step};
use crate::model::terms::Terms;
use crate::store::Readers;
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
    /// Empty: there is nothing to leave out.
    matters: Vec<Choice>,
    grounds: Vec<Choice>,
    grant_href: String,
    /// Where the consumer asks anew for what was refused or withdrawn; empty: nowhere.
    again_href: String,
    may_withdraw: bool,
    may_decide: bool,
    may_extend: bool,
}

pub async fn one(State(exchange): State<Exchange>, ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let (request, _) = find(&exchange, &ctx, &id).await?;
    let mut form = Form::default();
    request.begin(&ctx, &mut form, "");
    page::html(&show(&exchange, &ctx, &request, form).await?)
}

/// Its timeline, and what it is for as people know it.
async fn around(exchange: &Exchange, ctx: &Ctx, request: &Request) -> Result<(Vec<Step>, Terms)> {
    let (_, grant) = readers(exchange, ctx)?;
    let (id, of) = (request.id.clone(), request.grant.clone());
    let matters = matters::shown(exchange, ctx, (grant.clone(), &request.terms.matters)).await?;
    let steps = ctx.db().read(grant, move |tx| list_steps(tx, Some(&id), of.as_deref())).await?;
    Ok((steps, Terms { matters, ..request.terms.clone() }))
}

async fn show(exchange: &Exchange, ctx: &Ctx, request: &Request, form: Form) -> Result<RequestPage> {
    let (steps, terms) = around(exchange, ctx, request).await?;
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
        facts: facts(&labels, request, &terms),
        steps: steps.iter().map(|step| labels.step(step)).collect(),
        fields: labels.field_choices(&request.resource, &request.terms.fields),
        matters: labels.matter_choices(&request.terms.matters, &terms.matters),
        grounds: Ground::ALL.map(ground).into(),
        grant_href: request.grant.as_ref().map_or_else(String::new, |id| format!("/exchange/grants/{id}")),
        again_href: again_href(ctx, request),
        may_withdraw: may(Action::GrantAsk, &request.consumer),
        may_decide,
        may_extend: may_decide && !request.extended && !request.is_late(ctx.today()),
        s,
    })
}

fn again_href(ctx: &Ctx, request: &Request) -> String {
    let lost = matches!(request.state, RequestState::Refused | RequestState::Withdrawn);
    let may = ctx.allow(Action::GrantAsk, &On::at(&[&request.consumer])).is_ok();
    if !lost || !may {
        return String::new();
    }
    format!("/exchange/requests/new?resource={}&like={}", request.resource, request.id)
}

fn facts(labels: &Labels<'_>, request: &Request, terms: &Terms) -> Vec<Fact> {
    let kind = match request.kind {
        RequestKind::New => "exchange-request-kind-new",
        RequestKind::Renewal => "exchange-request-kind-renewal",
    };
    let mut facts = vec![Fact::new("exchange-request-kind", labels.ctx.t(kind))];
    let sides = [&request.resource, &request.consumer, &request.provider];
    facts.extend(labels.terms(sides.map(String::as_str), (&request.purpose, &request.basis), terms));
    let asked = format!("{} {}", labels.s.moment(&request.asked_at), request.asked_name);
    facts.push(Fact::new("exchange-term-asked", asked));
    facts
}

impl Acted for Request {
    const PAGE: &'static str = "/exchange/requests/";

    async fn find(exchange: &Exchange, ctx: &Ctx, id: &str) -> Result<(Self, Readers)> {
        find(exchange, ctx, id).await
    }

    fn begin(&self, ctx: &Ctx, form: &mut Form, sent: &str) {
        if sent == "grant" {
            return;
        }
        self.terms.fields.iter().for_each(|field| form.put("grant-fields", field));
        self.terms.matters.iter().for_each(|matter| form.put("grant-matters", matter));
        if let Some(to) = self.terms.to {
            form.put_day("grant-to", last_day(to, ctx.zone()));
        }
    }

    async fn again(&self, exchange: &Exchange, ctx: &Ctx, form: Form) -> Result<Response> {
        page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &show(exchange, ctx, self, form).await?)
    }
}

pub async fn withdraw(act: Act<Request>) -> Result<Response> {
    let grant = act.allow(Action::GrantAsk, &[&act.on.consumer])?;
    act.write(grant, |tx, by| request::withdraw(tx, &by.acting, &by.readers, &by.id)).await?;
    act.back()
}

pub async fn give(act: Act<Request>) -> Result<Response> {
    let grant = act.allow(Action::GrantDecide, &[&act.on.provider])?;
    let words = optional("grant-words", act.posted.get("grant-words"));
    let giving = match (narrower(&act.posted, "grant-", &act.on.terms, act.ctx.zone()), words) {
        (Ok(terms), Ok(words)) => (terms, words),
        (terms, words) => {
            let errors = terms.err().into_iter().flatten().chain(words.err());
            return act.again(&errors.collect::<Vec<_>>()).await;
        }
    };
    act.write(grant, move |tx, by| decide::grant(tx, &by.acting, &by.readers, &by.id, giving)).await?;
    act.back()
}

/// Words that may be left out.
pub fn optional(field: &str, text: &str) -> Result<String, FieldError> {
    if text.trim().is_empty() { Ok(String::new()) } else { written(field, text, LONGEST_WORDS) }
}

pub async fn refuse(act: Act<Request>) -> Result<Response> {
    let grant = act.allow(Action::GrantDecide, &[&act.on.provider])?;
    let typed = ["refuse-ground", "refuse-basis", "refuse-words"].map(|name| act.posted.get(name));
    let reason = match refusal("refuse-", typed) {
        Ok(reason) => reason,
        Err(errors) => return act.again(&errors).await,
    };
    act.write(grant, move |tx, by| decide::refuse(tx, &by.acting, &by.readers, &by.id, &reason)).await?;
    act.back()
}

pub async fn extend(act: Act<Request>) -> Result<Response> {
    let grant = act.allow(Action::GrantDecide, &[&act.on.provider])?;
    let words = match written("extend-words", act.posted.get("extend-words"), LONGEST_WORDS) {
        Ok(words) => words,
        Err(error) => return act.again(&[error]).await,
    };
    act.write(grant, move |tx, by| decide::extend(tx, &by.acting, &by.readers, &by.id, &words)).await?;
    act.back()
}
