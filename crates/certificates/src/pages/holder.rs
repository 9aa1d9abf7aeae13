//! What a holder sees: the list, the card with its code, the files to keep.
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use platform::Ctx;
use platform::db::Tx;
use platform::error::{Error, Result};
use platform::ids::Id;
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::parse_urlencoded;

use super::qr::{self, Qr};
use super::verify::{self, Looked};
use super::view::{self, Fact};
use crate::Certificates;
use crate::model::CertificateId;
use crate::model::standing::Standing;
use crate::model::statement::Statement;
use crate::store::{self, CertificateRow};

/// One line of the list.
struct Line {
    href: String,
    name: String,
    number: String,
    issuer: String,
    validity: String,
    tone: &'static str,
    state: String,
}

#[derive(Template)]
#[template(path = "certificates.html")]
struct ListPage {
    s: Shell,
    lines: Vec<Line>,
    first: String,
    next: String,
}

pub async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let owner = ctx.actor.party().id;
    let grant = ctx.allow(Action::CertificateRead, &On::owned_by(&owner))?;
    let after = after_of(&query.unwrap_or_default());
    let place = after.clone();
    let read = move |tx: &mut Tx<'_>| {
        let after = place.as_ref().map(|(day, id)| (day.as_str(), id.as_str()));
        store::list_own(tx, &owner, after)
    };
    let mut rows = ctx.db().read(grant, read).await?;
    let more = rows.len() > store::PAGE;
    rows.truncate(store::PAGE);
    let next = rows.last().filter(|_| more).map(|row| format!("/my/certificates?after={}", row.place()));
    let lines = rows.iter().map(|row| line(&ctx, row)).collect::<Result<_>>()?;
    let first = after.map_or_else(String::new, |_| "/my/certificates".to_owned());
    page::html(&ListPage { s: Shell::new(&ctx), lines, first, next: next.unwrap_or_default() })
}

/// `after=2026-11-21.crt_…`; anything else begins at the top.
fn after_of(query: &str) -> Option<(String, String)> {
    let fields = parse_urlencoded(query);
    let value = fields.iter().find(|(name, _)| name == "after").map(|(_, value)| value.as_str())?;
    let (day, id) = value.split_once('.')?;
    let fits = platform::clock::parse_iso_date(day).is_some() && crate::has_shape(id);
    fits.then(|| (day.to_owned(), id.to_owned()))
}

fn line(ctx: &Ctx, row: &CertificateRow) -> Result<Line> {
    let statement = Statement::peek(&row.jws).map_err(Error::internal)?;
    let standing = row.standing(ctx.today());
    Ok(Line {
        href: crate::actions::href_of(&row.id),
        name: ctx.text(&statement.kind.name).to_owned(),
        number: row.number.clone(),
        issuer: ctx.text(&statement.issuer.name).to_owned(),
        validity: view::validity(ctx, &statement),
        tone: tag_of(standing),
        state: view::standing_word(ctx, standing),
    })
}

/// The colour of the tag of a standing.
pub fn tag_of(standing: Standing) -> &'static str {
    match standing.tone() {
        "none" => "warn",
        tone => tone,
    }
}

/// The identifier of an address; forged ones are refused before any query.
pub fn id_of(text: &str) -> Result<CertificateId> {
    if crate::has_shape(text) { Ok(CertificateId::from_text(text.to_owned())) } else { Err(Error::NotFound) }
}

async fn own(ctx: &Ctx, id: &str) -> Result<Looked> {
    let owner = ctx.actor.party().id;
    let (id, grant) = (id_of(id)?, ctx.allow(Action::CertificateRead, &On::owned_by(&owner))?);
    let read = move |tx: &mut Tx<'_>| {
        let row = store::get_own(tx, &owner, &id)?;
        verify::look(tx, row)
    };
    ctx.db().read(grant, read).await
}

/// Why it ended, as the holder may know it.
pub struct Ended {
    pub facts: Vec<Fact>,
    pub grounds: String,
    pub basis: String,
    /// Who hears an appeal, and by when.
    pub appeal: String,
    pub phone: String,
}

#[derive(Template)]
#[template(path = "certificate.html")]
struct CardPage {
    s: Shell,
    id: String,
    name: String,
    subtitle: Option<String>,
    colour: String,
    issuer: String,
    facts: Vec<Fact>,
    identifier: String,
    seal: String,
    qr: Qr,
    address: String,
    in_force: bool,
    title: String,
    what: String,
    tone: &'static str,
    ended: Option<Ended>,
    is_logged: bool,
}

pub async fn card(State(certificates): State<Certificates>, ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let looked = own(&ctx, &id).await?;
    let found = certificates.judge(looked, ctx.today());
    let address = view::verify_address(&ctx, &found.row);
    let Some(statement) = found.statement() else {
        return Err(Error::Internal(format!("certificate {id} is not what was signed")));
    };
    let kind = certificates.types().find(&statement.kind.key);
    let layout = kind.map(|kind| &kind.document.layout);
    let title = layout.map_or(&statement.kind.name, |layout| &layout.title);
    let office = ctx.text(&statement.issuer.name);
    let body = certificates.office(&statement.issuer.org);
    let card = CardPage {
        s: Shell::new(&ctx),
        name: ctx.text(title).to_owned(),
        subtitle: layout.and_then(|layout| layout.subtitle.as_ref()).map(|text| ctx.text(text).to_owned()),
        colour: layout.map_or_else(String::new, |layout| layout.colour.clone()),
        issuer: office.to_owned(),
        facts: view::all_facts(&ctx, statement),
        identifier: statement.identifier.clone(),
        seal: ctx.text(&statement.kind.seal).to_owned(),
        qr: qr::draw(&address)?,
        address,
        in_force: found.standing == Standing::Valid,
        title: view::standing_title(&ctx, found.standing),
        what: ctx.t(&format!("certificates-standing-{}-holder", found.standing.slug())).to_owned(),
        tone: found.standing.tone(),
        ended: found.row.ending.as_ref().map(|ending| Ended {
            facts: view::ending_facts(&ctx, ending, office),
            grounds: ending.grounds.clone(),
            basis: ending.basis.clone(),
            appeal: body.as_ref().map(|body| ctx.text(&body.appeal.text).to_owned()).unwrap_or_default(),
            phone: body.map_or_else(|| ctx.platform().config().site.contact_phone.clone(), |body| body.consult),
        }),
        is_logged: found.verdict.log.is_some(),
        id,
    };
    page::html(&card)
}

/// The signed certificate, to keep and to present (RFC 7515 compact form).
pub async fn file(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let looked = own(&ctx, &id).await?;
    let name = format!("{}.jws", file_name(&looked.row.number));
    view::download("application/jose", &name, looked.row.jws)
}

/// The proof of its place in the log.
pub async fn proof(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    proof_file(own(&ctx, &id).await?)
}

/// The proof as a file. A row that waits to be sealed has none for a second.
pub fn proof_file(looked: Looked) -> Result<Response> {
    let name = format!("{}.tlog-proof", file_name(&looked.row.number));
    let proof = looked.proof.ok_or_else(|| Error::Unavailable("the log has not sealed this entry yet".into()))?;
    view::download("text/plain; charset=utf-8", &name, proof)
}

fn file_name(number: &str) -> String {
    number.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}
