//! Asking for data: choose the resource, then say which fields, for what, on which law, for how long.
use std::collections::HashSet;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use platform::clock::Timestamp;
use platform::db::Tx;
use platform::form::{Choice, Form};
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::{Posted, Query};
use platform::{Ctx, Error, FieldError, Result, once};
use registry::{Resource, Sharing};
use time::{Date, Duration};

use super::form::{after, day, last_day, values};
use super::labels::Labels;
use super::matters::{self, Numbered};
use super::readers::{self, offices};
use crate::Exchange;
use crate::actions::record::Acting;
use crate::actions::request::{Asking, ask};
use crate::model::look::basis_in;
use crate::model::request::{LONGEST_BASIS, LONGEST_WORDS, written};
use crate::model::terms::Terms;
use crate::store::kept::list_purposes;

/// Purposes that are no item; the last one is that of systems which ask in GovStack's shapes.
const GENERAL: [&str; 3] = ["case-handling", "supervision", "register-query"];

struct Line {
    href: String,
    name: String,
    provider: String,
    sharing: &'static str,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "request_choose.html")]
struct RequestChoosePage {
    s: Shell,
    question: String,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "request_new.html")]
struct RequestNewPage {
    s: Shell,
    form: Form,
    resource: String,
    name: String,
    provider: String,
    sharing: &'static str,
    tone: &'static str,
    condition: String,
    ground: String,
    offices: Vec<Choice>,
    fields: Vec<Choice>,
    purposes: Vec<Choice>,
}

fn sharing(resource: &Resource) -> (&'static str, &'static str) {
    match resource.sharing {
        Sharing::Unconditional => ("exchange-sharing-unconditional", "ok"),
        Sharing::Conditional => ("exchange-sharing-conditional", "info"),
        Sharing::None => ("exchange-sharing-none", "warn"),
    }
}

pub async fn new(State(exchange): State<Exchange>, ctx: Ctx, query: Query) -> Result<Response> {
    ctx.allow(Action::GrantAsk, &On::at(&ctx.actor.offices()))?;
    let s = Shell::new(&ctx);
    let labels = Labels { exchange: &exchange, ctx: &ctx, s: &s };
    let Some(resource) = exchange.catalogue().get(query.get("resource")) else {
        let question: String = query.get("q").trim().chars().take(100).collect();
        let found = exchange.catalogue().search(&question, None);
        let lines = found.iter().map(|resource| {
            let (sharing, tone) = sharing(resource);
            Line {
                href: format!("/exchange/requests/new?resource={}", resource.key),
                name: ctx.text(&resource.name).to_owned(),
                provider: labels.office(&resource.provider),
                sharing,
                tone,
            }
        });
        let lines = lines.collect();
        return page::html(&RequestChoosePage { lines, question, s });
    };
    let mut form = Form::default();
    form.put_day("from", ctx.today());
    match query.get("like") {
        "" => {
            if let [only] = offices(&ctx, Action::GrantAsk).as_slice() {
                form.put("office", only);
            }
        }
        id => begin_like(&exchange, &ctx, id, &mut form).await?,
    }
    let purposes = purposes(&exchange, &ctx).await?;
    page::html(&new_page(&exchange, &ctx, resource, (form, purposes)))
}

/// What an earlier request said, to be changed.
async fn begin_like(exchange: &Exchange, ctx: &Ctx, id: &str, form: &mut Form) -> Result<()> {
    let (request, _) = readers::request(exchange, ctx, id).await?;
    let (_, grant) = readers::readers(exchange, ctx)?;
    let matters = matters::shown(exchange, ctx, (grant, &request.terms.matters)).await?;
    form.put("office", &request.consumer);
    request.terms.fields.iter().for_each(|field| form.put("fields", field));
    form.put("purpose", &request.purpose);
    form.put("basis", &basis_in(ctx.lang(), &request.basis));
    form.put("matters", &matters.join(" "));
    if let Some(to) = request.terms.to.filter(|to| *to > ctx.now()) {
        form.put_day("to", last_day(to, ctx.zone()));
    }
    Ok(())
}

/// General purposes, then those that the official's offices have grants for, then all items.
async fn purposes(exchange: &Exchange, ctx: &Ctx) -> Result<Vec<String>> {
    let offices = offices(ctx, Action::GrantAsk);
    let grant = ctx.allow(Action::GrantAsk, &On::at(&ctx.actor.offices()))?;
    let read = move |tx: &mut Tx<'_>| {
        let mut all = Vec::new();
        for office in &offices {
            all.extend(list_purposes(tx, office)?);
        }
        Ok(all)
    };
    let mut used = ctx.db().read(grant, read).await?;
    used.sort_unstable();
    let items = (exchange.parts().listed)().into_iter().map(|(key, _)| key);
    let mut seen = HashSet::new();
    let all = GENERAL.iter().map(|purpose| (*purpose).to_owned()).chain(used).chain(items);
    Ok(all.filter(|purpose| seen.insert(purpose.clone())).collect())
}

fn new_page(
    exchange: &Exchange,
    ctx: &Ctx,
    resource: &Resource,
    (form, purposes): (Form, Vec<String>),
) -> RequestNewPage {
    let s = Shell::new(ctx);
    let labels = Labels { exchange, ctx, s: &s };
    let keys: Vec<String> = resource.fields.iter().map(|field| field.key.clone()).collect();
    let office = |key: String| Choice { label: labels.office(&key), value: key };
    let purpose = |key: String| Choice { label: labels.purpose(&key), value: key };
    let (key, tone) = sharing(resource);
    RequestNewPage {
        form,
        resource: resource.key.clone(),
        name: labels.resource(&resource.key),
        provider: labels.office(&resource.provider),
        sharing: key,
        tone,
        condition: resource.sharing_condition.as_ref().map_or_else(String::new, |text| ctx.text(text).to_owned()),
        ground: ctx.text(&resource.sharing_ground).to_owned(),
        offices: offices(ctx, Action::GrantAsk).into_iter().map(office).collect(),
        fields: labels.field_choices(&resource.key, &keys),
        purposes: purposes.into_iter().map(purpose).collect(),
        s,
    }
}

pub async fn send(State(exchange): State<Exchange>, ctx: Ctx, posted: Posted) -> Result<Response> {
    let resource = exchange.catalogue().get(posted.get("resource"));
    let resource = resource.ok_or_else(|| Error::field("resource", "exchange-request-resource"))?;
    let grant = ctx.allow(Action::GrantAsk, &On::at(&ctx.actor.offices()))?;
    let numbered = matters::numbered(&exchange, &ctx, (grant, posted.get("matters"))).await?;
    let asking = match (Typed { exchange: &exchange, ctx: &ctx, posted: &posted, numbered }).read(resource) {
        Ok(asking) => asking,
        Err(errors) => {
            let form = Form::sent(&posted, &Shell::new(&ctx), &errors);
            let shown = new_page(&exchange, &ctx, resource, (form, purposes(&exchange, &ctx).await?));
            return page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
        }
    };
    let grant = ctx.allow(Action::GrantAsk, &On::at(&[&asking.consumer]))?;
    let acting = Acting { exchange, ctx: ctx.clone() };
    let write = || {
        let (acting, asking) = (acting.clone(), asking.clone());
        ctx.db().write(grant.clone(), move |tx| ask(tx, &acting, &asking))
    };
    let id = once::settle(write).await?;
    ctx.platform().wake_jobs();
    page::see_other(&format!("/exchange/requests/{id}"))
}

/// The form as it was sent.
struct Typed<'a> {
    exchange: &'a Exchange,
    ctx: &'a Ctx,
    posted: &'a Posted,
    numbered: Numbered,
}

impl Typed<'_> {
    fn read(&self, resource: &Resource) -> Result<Asking, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut keep = |error: FieldError| errors.push(error);
        let consumer = self.office().map_err(&mut keep).unwrap_or_default();
        let fields = self.fields(resource).map_err(&mut keep).unwrap_or_default();
        let purpose = self.purpose().map_err(&mut keep).unwrap_or_default();
        let basis = written("basis", self.posted.get("basis"), LONGEST_BASIS).map_err(&mut keep).unwrap_or_default();
        let matters = self.matters().map_err(&mut keep).unwrap_or_default();
        let from = self.first().map_err(&mut keep).unwrap_or(self.ctx.today());
        let to = self.last(from).map_err(&mut keep).unwrap_or(from);
        let words = self.words().map_err(&mut keep).unwrap_or_default();
        if !errors.is_empty() {
            return Err(errors);
        }
        let zone = self.ctx.zone();
        let terms = Terms { fields, matters, from: Timestamp::start_of(from, zone), to: Some(after(to, zone)) };
        let (resource, once) = (resource.key.clone(), self.posted.get("once").to_owned());
        Ok(Asking { consumer, resource, purpose, basis, terms, renews: None, words, once })
    }

    fn office(&self) -> Result<String, FieldError> {
        let given = self.posted.get("office");
        let may = offices(self.ctx, Action::GrantAsk).iter().any(|office| office == given);
        if may { Ok(given.to_owned()) } else { Err(FieldError::new("office", "exchange-request-office-none")) }
    }

    fn fields(&self, resource: &Resource) -> Result<Vec<String>, FieldError> {
        let ticked = values(self.posted, "fields");
        let known = resource.fields.iter().map(|field| &field.key);
        let fields: Vec<String> = known.filter(|key| ticked.contains(key)).cloned().collect();
        if fields.is_empty() { Err(FieldError::new("fields", "exchange-terms-fields-none")) } else { Ok(fields) }
    }

    /// By key, or by the name of an item. A grant for a purpose that nobody ever asks under would give nothing.
    fn purpose(&self) -> Result<String, FieldError> {
        let given = self.posted.get("purpose").trim();
        let general = format!("exchange-purpose-{given}"); // keys: exchange-purpose-*
        if self.exchange.parts().items.find(given).is_some() || self.ctx.platform().texts().has(&general) {
            return Ok(given.to_owned());
        }
        let mut items = (self.exchange.parts().listed)().into_iter();
        let named = items.find(|(_, name)| [&name.zh_hans, &name.zh_hant, &name.en].iter().any(|name| *name == given));
        named.map(|(key, _)| key).ok_or_else(|| FieldError::new("purpose", "exchange-request-purpose-unknown"))
    }

    fn matters(&self) -> Result<Vec<String>, FieldError> {
        matters::read(self.posted.get("matters"), &self.exchange.parts().items, &self.numbered)
    }

    fn first(&self) -> Result<Date, FieldError> {
        match day(self.posted, "from")? {
            None => Err(FieldError::new("from", "exchange-day-none")),
            Some(from) if from < self.ctx.today() => Err(FieldError::new("from", "exchange-request-from-past")),
            Some(from) => Ok(from),
        }
    }

    fn last(&self, from: Date) -> Result<Date, FieldError> {
        let longest = self.exchange.parts().grants.longest_days;
        match day(self.posted, "to")? {
            None => Err(FieldError::new("to", "exchange-day-none")),
            Some(to) if to < from => Err(FieldError::new("to", "exchange-terms-to-before")),
            Some(to) if to > from.saturating_add(Duration::days(i64::from(longest))) => {
                Err(FieldError::new("to", "exchange-request-to-far").with("days", longest))
            }
            Some(to) => Ok(to),
        }
    }

    fn words(&self) -> Result<String, FieldError> {
        let given = self.posted.get("words").trim();
        if given.is_empty() { Ok(String::new()) } else { written("words", given, LONGEST_WORDS) }
    }
}
