//! One grant: its terms, its signed documents, its timeline. What each side can do with it: `grant_acts`.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use platform::clock::Timestamp;
use platform::db::Tx;
use platform::form::{Choice, Form};
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::Query;
use platform::{Ctx, Error, Result};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::act::Acted;
use super::grants::state_of;
use super::labels::{Fact, Labels, StepView};
use super::matters;
use super::readers::{grant as find, readers};
use crate::Exchange;
use crate::model::document::{GrantDocument, Sealed};
use crate::model::kept::Kept;
use crate::model::step::Step;
use crate::model::terms::Terms;
use crate::store::Readers;
use crate::store::documents::list_documents;
use crate::store::kept::list_delegated;
use crate::store::requests::list_steps;

struct Version {
    href: String,
    number: String,
    /// Fields and last day, as the document has them.
    says: String,
    hash: String,
}

struct Delegation {
    href: String,
    office: String,
    state: &'static str,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "grant.html")]
pub(super) struct GrantPage {
    s: Shell,
    form: Form,
    id: String,
    name: String,
    state: &'static str,
    tone: &'static str,
    facts: Vec<Fact>,
    steps: Vec<StepView>,
    versions: Vec<Version>,
    delegations: Vec<Delegation>,
    parent_href: String,
    fields: Vec<Choice>,
    /// Empty: there is nothing to leave out.
    matters: Vec<Choice>,
    offices: Vec<Choice>,
    may_narrow: bool,
    may_revoke: bool,
    may_delegate: bool,
    may_renew: bool,
    /// Where the consumer asks anew for what is over; empty: nowhere.
    again_href: String,
}

/// A grant with what hangs on it.
pub(super) struct Whole {
    pub kept: Kept,
    pub parent: Option<Kept>,
    steps: Vec<Step>,
    documents: Vec<(i64, Sealed)>,
    children: Vec<Kept>,
    /// What it is for, as people know it.
    matters: Vec<String>,
}

pub(super) async fn whole(exchange: &Exchange, ctx: &Ctx, id: &str) -> Result<(Whole, Readers)> {
    let (kept, parent, readers) = find(exchange, ctx, id).await?;
    let (_, grant) = super::readers::readers(exchange, ctx)?;
    let (id, request) = (kept.id.clone(), kept.request.clone());
    let read = move |tx: &mut Tx<'_>| {
        Ok((list_steps(tx, request.as_deref(), Some(&id))?, list_documents(tx, &id)?, list_delegated(tx, &id)?))
    };
    let (steps, documents, children) = ctx.db().read(grant.clone(), read).await?;
    let matters = matters::shown(exchange, ctx, (grant, &kept.terms.matters)).await?;
    Ok((Whole { kept, parent, steps, documents, children, matters }, readers))
}

pub async fn one(State(exchange): State<Exchange>, ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let (whole, _) = whole(&exchange, &ctx, &id).await?;
    let mut form = Form::default();
    whole.begin(&ctx, &mut form, "");
    page::html(&show(&exchange, &ctx, &whole, form))
}

pub(super) fn show(exchange: &Exchange, ctx: &Ctx, whole: &Whole, form: Form) -> GrantPage {
    let (kept, s) = (&whole.kept, Shell::new(ctx));
    let labels = Labels { exchange, ctx, s: &s };
    let (state, tone) = state_of(kept, ctx);
    let own = kept.parent.is_none() && !kept.automatic;
    let may = |action, parties: &[&str]| kept.stands(ctx.now()) && ctx.allow(action, &On::at(parties)).is_ok();
    let provider = provider_of(exchange, kept);
    let ending = ending_parties(&provider, whole);
    let may_delegate = own && may(Action::GrantDecide, &[&kept.consumer]);
    GrantPage {
        form,
        id: kept.id.clone(),
        name: labels.resource(&kept.resource),
        state,
        tone,
        facts: facts(&labels, whole),
        steps: whole.steps.iter().map(|step| labels.step(step)).collect(),
        versions: whole.documents.iter().map(|document| version(&labels, &kept.id, document)).collect(),
        delegations: whole.children.iter().map(|child| delegation(&labels, child)).collect(),
        parent_href: kept.parent.as_ref().map_or_else(String::new, |id| format!("/exchange/grants/{id}")),
        fields: labels.field_choices(&kept.resource, &kept.terms.fields),
        matters: labels.matter_choices(&kept.terms.matters, &whole.matters),
        offices: if may_delegate { organisations(&labels, kept) } else { Vec::new() },
        may_narrow: !kept.automatic && may(Action::GrantDecide, &[&provider]),
        may_revoke: may(Action::GrantDecide, &ending.iter().map(String::as_str).collect::<Vec<_>>()),
        may_delegate,
        again_href: again_href(ctx, whole),
        may_renew: own && kept.terms.to.is_some() && may(Action::GrantAsk, &[&kept.consumer]),
        s,
    }
}

pub(super) fn provider_of(exchange: &Exchange, kept: &Kept) -> String {
    exchange.catalogue().get(&kept.resource).map(|resource| resource.provider.clone()).unwrap_or_default()
}

/// Who may end a grant: who gave it, who holds it, who delegated it.
pub(super) fn ending_parties(provider: &str, whole: &Whole) -> Vec<String> {
    let delegator = whole.parent.as_ref().map(|parent| parent.consumer.clone());
    [provider.to_owned(), whole.kept.consumer.clone()].into_iter().chain(delegator).collect()
}

fn again_href(ctx: &Ctx, whole: &Whole) -> String {
    let kept = &whole.kept;
    let own = kept.parent.is_none() && !kept.automatic;
    if !own || kept.stands(ctx.now()) || ctx.allow(Action::GrantAsk, &On::at(&[&kept.consumer])).is_err() {
        return String::new();
    }
    let like = kept.request.as_ref().map_or_else(String::new, |request| format!("&like={request}"));
    format!("/exchange/requests/new?resource={}{like}", kept.resource)
}

fn organisations(labels: &Labels<'_>, kept: &Kept) -> Vec<Choice> {
    let all = labels.exchange.parts().directory.organisations();
    let others = all.iter().filter(|organisation| organisation.key != kept.consumer);
    let choice = |key: &String| Choice { value: key.clone(), label: labels.office(key) };
    others.map(|organisation| choice(&organisation.key)).collect()
}

fn facts(labels: &Labels<'_>, whole: &Whole) -> Vec<Fact> {
    let kept = &whole.kept;
    let provider = provider_of(labels.exchange, kept);
    let sides = [kept.resource.as_str(), &kept.consumer, &provider];
    let terms = Terms { matters: whole.matters.clone(), ..kept.terms.clone() };
    let mut facts = labels.terms(sides, (&kept.purpose, &kept.basis), &terms);
    facts.push(Fact::new("exchange-term-version", kept.version.to_string()));
    if let Some(parent) = &whole.parent {
        facts.insert(1, Fact::new("exchange-term-behalf", labels.office(&parent.consumer)));
    }
    if kept.automatic {
        facts.push(Fact::new("exchange-term-origin", labels.ctx.t("exchange-origin-automatic")));
    } else if kept.request.is_none() && kept.parent.is_none() {
        facts.push(Fact::new("exchange-term-origin", labels.ctx.t("exchange-origin-outside")));
    }
    facts
}

fn version(labels: &Labels<'_>, id: &str, (number, sealed): &(i64, Sealed)) -> Version {
    let href = format!("/exchange/grants/{id}/document?version={number}");
    let says = serde_json::from_str(&sealed.text).map(|document: GrantDocument| {
        let fields = labels.fields(&document.resource.key, &document.fields);
        let until = labels.until(document.valid_until.as_deref().and_then(parse_rfc3339));
        labels.ctx.tf("exchange-document-says", &[("fields", &fields), ("until", &until)])
    });
    Version { href, number: number.to_string(), says: says.unwrap_or_default(), hash: sealed.hash.clone() }
}

fn parse_rfc3339(text: &str) -> Option<Timestamp> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000)).ok().map(Timestamp)
}

fn delegation(labels: &Labels<'_>, child: &Kept) -> Delegation {
    let (state, tone) = state_of(child, labels.ctx);
    Delegation { href: format!("/exchange/grants/{}", child.id), office: labels.office(&child.consumer), state, tone }
}

/// The signed document of a version, the newest when none is named.
pub async fn document(
    State(exchange): State<Exchange>,
    ctx: Ctx,
    Path(id): Path<String>,
    query: Query,
) -> Result<Response> {
    let (kept, ..) = find(&exchange, &ctx, &id).await?;
    let wanted = query.get("version").parse::<i64>().ok();
    let (_, grant) = readers(&exchange, &ctx)?;
    let of = kept.id.clone();
    let all = ctx.db().read(grant, move |tx| list_documents(tx, &of)).await?;
    let found = all.into_iter().find(|(number, _)| wanted.is_none_or(|wanted| wanted == *number));
    let (number, sealed) = found.ok_or(Error::NotFound)?;
    let name = format!("attachment; filename=\"{}-{number}.json\"", kept.id);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(Error::internal)?),
    ];
    Ok((headers, sealed.envelope()?).into_response())
}
