//! The issuing office: what it issued, and ending one with a reason.
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use exchange::{Noted, Subject};
use platform::Ctx;
use platform::db::Tx;
use platform::error::{Error, FieldError, Result};
use platform::i18n::{Lang, Text};
use platform::ids::Id;
use platform::page::{self, Shell};
use platform::policy::{Action, Grant, On};
use platform::posted::{Posted, parse_urlencoded};

use super::holder::{self, Ended};
use super::verify::{self, Found};
use super::view::{self, Fact};
use crate::Certificates;
use crate::actions::{self, Revocation};
use crate::model::number;
use crate::model::standing::{Reason, Status};
use crate::model::statement::Statement;
use crate::store::{self, CertificateRow};

struct Line {
    href: String,
    number: String,
    name: String,
    holder: String,
    issued: String,
    tone: &'static str,
    state: String,
}

#[derive(Template)]
#[template(path = "desk_certificates.html")]
struct ListPage {
    s: Shell,
    lines: Vec<Line>,
    typed: String,
    first: String,
    next: String,
}

/// Leave to read what the offices of the caller issued, and these offices.
fn at_offices(ctx: &Ctx) -> Result<(Grant, Vec<String>)> {
    let offices = ctx.actor.offices();
    let grant = ctx.allow(Action::CertificateRead, &On::at(&offices))?;
    Ok((grant, offices.into_iter().map(str::to_owned).collect()))
}

pub async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let (grant, offices) = at_offices(&ctx)?;
    let fields = parse_urlencoded(&query.unwrap_or_default());
    let value = |name: &str| fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str()).to_owned();
    let (typed, before) = (value("id"), value("before"));
    let (wanted, from) = (number::typed(&typed), before.clone());
    let read = move |tx: &mut Tx<'_>| {
        let offices: Vec<&str> = offices.iter().map(String::as_str).collect();
        if wanted.is_empty() {
            return store::list_at(tx, &offices, if from.is_empty() { store::LAST } else { &from });
        }
        let found = store::find_by_number(tx, &wanted)?;
        Ok(found.into_iter().filter(|row| offices.contains(&row.org.as_str())).collect())
    };
    let mut rows = ctx.db().read(grant, read).await?;
    let more = rows.len() > store::PAGE;
    rows.truncate(store::PAGE);
    let next = rows.last().filter(|_| more).map(|row| format!("/desk/certificates?before={}", row.id.as_str()));
    let lines = rows.iter().map(|row| line(&ctx, row)).collect::<Result<_>>()?;
    let first = if before.is_empty() { String::new() } else { "/desk/certificates".to_owned() };
    page::html(&ListPage { s: Shell::new(&ctx), lines, typed, first, next: next.unwrap_or_default() })
}

fn line(ctx: &Ctx, row: &CertificateRow) -> Result<Line> {
    let said = Statement::peek(&row.jws).map_err(Error::internal)?;
    let standing = row.standing(ctx.today());
    Ok(Line {
        href: desk_href(row.id.as_str()),
        number: row.number.clone(),
        name: ctx.text(&said.kind.name).to_owned(),
        holder: said.holder_masked(),
        issued: page::day(ctx.lang(), row.issued_on),
        tone: holder::tag_of(standing),
        state: view::standing_word(ctx, standing),
    })
}

fn desk_href(id: &str) -> String {
    format!("/desk/certificates/{id}")
}

struct ReasonOption {
    value: &'static str,
    label: String,
    checked: bool,
}

/// What stands in the error summary: where and what.
struct ErrorLine {
    target: &'static str,
    text: String,
}

/// The form as it is shown: empty, or with what was typed and what is wrong with it.
#[derive(Default)]
struct Form {
    reason: String,
    grounds: String,
    basis: String,
    errors: Vec<FieldError>,
}

#[derive(Template)]
#[template(path = "desk_certificate.html")]
struct OnePage {
    s: Shell,
    id: String,
    name: String,
    number: String,
    tone: &'static str,
    title: String,
    facts: Vec<Fact>,
    identifier: String,
    ended: Option<Ended>,
    may_revoke: bool,
    reasons: Vec<ReasonOption>,
    grounds: String,
    basis: String,
    errors: Vec<ErrorLine>,
}

impl OnePage {
    /// The message of a field, None when it is right.
    fn error(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|line| line.target == field).map(|line| line.text.as_str())
    }
}

async fn at_desk(certificates: &Certificates, ctx: &Ctx, id: &str) -> Result<Found> {
    let (id, (grant, offices)) = (holder::id_of(id)?, at_offices(ctx)?);
    let read = move |tx: &mut Tx<'_>| {
        let offices: Vec<&str> = offices.iter().map(String::as_str).collect();
        let row = store::get_at(tx, &offices, &id)?;
        verify::look(tx, row)
    };
    let looked = ctx.db().read(grant, read).await?;
    Ok(certificates.judge(looked, ctx.today()))
}

/// The page shows everything that the certificate says, so its holder reads in the trail who opened it.
async fn note_look(certificates: &Certificates, ctx: &Ctx, found: &Found) -> Result<()> {
    let (row, grant) = (&found.row, ctx.allow(Action::CertificateRead, &On::at(&[&found.row.org]))?);
    let owner = row.owner.clone();
    let subject = ctx.db().read(grant.clone(), move |tx| holder_of(tx, &owner)).await?;
    let texts = ctx.platform().texts();
    let basis = |lang| texts.get(lang, "certificates-desk-look-basis").to_owned();
    let basis = Text { zh_hans: basis(Lang::ZhHans), zh_hant: basis(Lang::ZhHant), en: basis(Lang::En) };
    let noted = Noted {
        what: "certificate",
        purpose: "certificate-keeping".into(),
        basis: exchange::basis_text(&basis),
        item: None,
        case: Some(row.case_id.clone()).filter(|case| !case.is_empty()),
        subject,
    };
    certificates.exchange.note_look(ctx, grant, noted).await
}

/// The number stands in the directory alone: the certificate has its digest.
fn holder_of(tx: &mut Tx<'_>, owner: &str) -> Result<Subject> {
    let number = if owner.starts_with("ent_") {
        directory::enterprise(tx, &Id::from_text(owner.to_owned()))?.map(|enterprise| enterprise.uscc)
    } else {
        directory::person(tx, &Id::from_text(owner.to_owned()))?.map(|person| person.number)
    };
    let number = number.ok_or_else(|| Error::Internal(format!("the directory does not know the holder {owner}")))?;
    Ok(Subject::of(owner, &number))
}

pub async fn one(State(certificates): State<Certificates>, ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let found = at_desk(&certificates, &ctx, &id).await?;
    note_look(&certificates, &ctx, &found).await?;
    page::html(&one_page(&ctx, &found, Form::default()))
}

fn one_page(ctx: &Ctx, found: &Found, form: Form) -> OnePage {
    let said = found.statement();
    let office = said.map_or("", |said| ctx.text(&said.issuer.name));
    let reason = |reason: Reason| ReasonOption {
        value: reason.name(),
        label: ctx.t(reason.key()).to_owned(),
        checked: form.reason == reason.name(),
    };
    let may = ctx.allow(Action::CertificateRevoke, &On::at(&[&found.row.org])).is_ok();
    let text = |error: &FieldError| ctx.platform().texts().format(ctx.lang(), error.key, &error.args);
    let target = |error: &FieldError| match error.field.as_str() {
        "reason" => "reason",
        "grounds" => "grounds",
        _ => "basis",
    };
    OnePage {
        s: Shell::new(ctx),
        id: found.row.id.as_str().to_owned(),
        name: said.map_or("", |said| ctx.text(&said.kind.name)).to_owned(),
        number: found.row.number.clone(),
        tone: found.standing.tone(),
        title: view::standing_title(ctx, found.standing),
        facts: said.map(|said| view::all_facts(ctx, said)).unwrap_or_default(),
        identifier: found.row.identifier.clone(),
        ended: found.row.ending.as_ref().map(|ending| Ended {
            facts: view::ending_facts(ctx, ending, office),
            grounds: ending.grounds.clone(),
            basis: ending.basis.clone(),
            appeal: String::new(),
            phone: String::new(),
        }),
        may_revoke: may && matches!(found.row.status, Status::Valid | Status::Withheld),
        reasons: Reason::ALL.map(reason).into(),
        errors: form.errors.iter().map(|error| ErrorLine { target: target(error), text: text(error) }).collect(),
        grounds: form.grounds,
        basis: form.basis,
    }
}

/// Ends it. A second click finds it ended for the same reason and shows that.
pub async fn revoke(
    State(certificates): State<Certificates>,
    ctx: Ctx,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let found = at_desk(&certificates, &ctx, &id).await?;
    let grant = ctx.allow(Action::CertificateRevoke, &On::at(&[&found.row.org]))?;
    let typed = [posted.get("reason"), posted.get("grounds"), posted.get("basis")];
    let revocation = match Revocation::read(found.row.id.clone(), typed) {
        Ok(revocation) => revocation,
        Err(Error::Invalid(errors)) => {
            note_look(&certificates, &ctx, &found).await?;
            let [reason, grounds, basis] = typed.map(|text| text.chars().take(10_000).collect::<String>());
            let page = one_page(&ctx, &found, Form { reason, grounds, basis, errors });
            return page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
        Err(other) => return Err(other),
    };
    let reason = revocation.reason;
    match ctx.db().write(grant, move |tx| actions::revoke(tx, &revocation)).await {
        Err(Error::Conflict(key)) => {
            let now = at_desk(&certificates, &ctx, &id).await?;
            if now.row.ending.and_then(|ending| ending.reason) != Some(reason) {
                return Err(Error::Conflict(key));
            }
        }
        other => other?,
    }
    page::see_other(&desk_href(&id))
}
