//! Verification by anyone: by the code's address, by number, by identifier; as a page or as JSON.
use std::net::{IpAddr, SocketAddr};

use askama::Template;
use axum::Extension;
use axum::extract::{ConnectInfo, Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use platform::Ctx;
use platform::audit::log;
use platform::clock::Timestamp;
use platform::db::Tx;
use platform::error::{Error, Result};
use platform::page::{self, Shell};
use platform::policy::{Action, ActorKind, On};
use platform::posted::parse_urlencoded;
use platform::throttle::{self, Limit};
use time::Date;

use super::holder;
use super::view::{self, Fact, StepLine};
use crate::Certificates;
use crate::model::number;
use crate::model::offline::{self, Check, OfflineVerdict, Outcome};
use crate::model::standing::Standing;
use crate::model::statement::Statement;
use crate::store::{self, CertificateRow};

/// A row with the proof of its place in the log; None while it waits to be sealed.
pub struct Looked {
    pub row: CertificateRow,
    pub proof: Option<String>,
}

/// Finds the proof of a row. A log that cannot prove is no reason to withhold the status: the page says so instead.
pub fn look(tx: &mut Tx<'_>, row: CertificateRow) -> Result<Looked> {
    let proof = match log::proof(tx, &row.audit_id) {
        Ok(proof) => proof,
        Err(error @ Error::Unavailable(_)) => return Err(error),
        Err(error) => {
            tracing::error!(audit = %row.audit_id, %error, "a certificate's audit row cannot be proved");
            None
        }
    };
    let proof = proof.map(|proof| proof.encode()).transpose().map_err(Error::internal)?;
    Ok(Looked { row, proof })
}

/// A certificate after all checks.
pub struct Found {
    pub row: CertificateRow,
    pub standing: Standing,
    pub verdict: OfflineVerdict,
}

impl Found {
    /// What it says, when that is what was signed.
    pub fn statement(&self) -> Option<&Statement> {
        self.verdict.statement.as_ref().filter(|_| self.standing != Standing::Altered)
    }
}

impl Certificates {
    /// Checks the stored certificate as a stranger would, then its status. The row's own columns are believed in
    /// nothing but the status.
    pub(crate) fn judge(&self, looked: Looked, today: Date) -> Found {
        let Looked { row, proof } = looked;
        let verdict = offline::check(&row.jws, proof.as_deref(), &self.trust, today);
        let fits = |said: &Statement| said.identifier == row.identifier && said.token == row.token;
        let standing = match verdict.statement.as_ref().filter(|said| verdict.is_genuine() && fits(said)) {
            Some(said) => Standing::on(today, row.status, &said.dates()),
            None => {
                tracing::error!(certificate = %row.identifier, steps = ?verdict.steps, "a stored certificate was altered");
                Standing::Altered
            }
        };
        Found { row, standing, verdict }
    }
}

type From = Option<Extension<ConnectInfo<SocketAddr>>>;

#[derive(Template)]
#[template(path = "verify.html")]
struct VerifyPage {
    s: Shell,
    typed: String,
    error: Option<String>,
    is_unknown: bool,
}

fn search_page(ctx: &Ctx, typed: &str, error: Option<String>) -> VerifyPage {
    VerifyPage { s: Shell::new(ctx), typed: typed.chars().take(200).collect(), error, is_unknown: false }
}

fn unknown(ctx: &Ctx, headers: &HeaderMap, typed: &str) -> Result<Response> {
    if view::wants_json(headers) {
        return Err(Error::NotFound);
    }
    let page = VerifyPage { is_unknown: true, ..search_page(ctx, typed, None) };
    page::html_with(StatusCode::NOT_FOUND, &page)
}

/// What somebody typed: the address in the code, a GB/T 36904 identifier, or the number on the card.
enum Asked {
    Token(String),
    Number(String),
}

fn asked(ctx: &Ctx, typed: &str) -> Result<Asked, String> {
    if let Some((_, tail)) = typed.split_once("/verify/") {
        let is_token = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        return Ok(Asked::Token(tail.chars().take_while(is_token).collect()));
    }
    let typed = number::typed(typed);
    if !typed.starts_with("1.2.156.") {
        return Ok(Asked::Number(typed));
    }
    let identifier = codes::CertificateId::parse(&typed);
    identifier.map(|id| Asked::Number(id.as_str().to_owned())).map_err(|error| {
        let args = error.args();
        let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        ctx.tf(&error.key(), &args)
    })
}

/// Look-ups by number that an address may make, found or not, before it must wait: serials follow each other, and
/// nobody shall read them off one by one.
fn limit(ctx: &Ctx) -> Limit {
    let settings = &ctx.platform().config().sign_in;
    Limit { attempts: settings.attempts_per_address, window_minutes: settings.window_minutes }
}

/// A household's IPv6 addresses are one caller: they share their first 64 bits.
fn caller_of(from: &From) -> String {
    match from.as_ref().map(|Extension(ConnectInfo(address))| address.ip()) {
        Some(IpAddr::V6(ip)) => format!("verify {:x?}", &ip.segments()[..4]),
        Some(ip) => format!("verify {ip}"),
        None => "verify".to_owned(),
    }
}

/// The search page, and what it finds.
pub async fn search(
    State(certificates): State<Certificates>,
    ctx: Ctx,
    RawQuery(query): RawQuery,
    from: From,
    headers: HeaderMap,
) -> Result<Response> {
    let fields = parse_urlencoded(&query.unwrap_or_default());
    let typed = fields.iter().find(|(name, _)| name == "id").map_or("", |(_, value)| value.trim());
    if typed.is_empty() {
        return page::html(&search_page(&ctx, "", None));
    }
    let text = match asked(&ctx, typed) {
        Ok(Asked::Token(token)) => return page::see_other(&format!("/verify/{token}")),
        Ok(Asked::Number(text)) => text,
        Err(why) => {
            return page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &search_page(&ctx, typed, Some(why)));
        }
    };
    let (grant, limit) = (ctx.allow(Action::CertificateVerify, &On::PUBLIC)?, limit(&ctx));
    let (caller, key) = (caller_of(&from), caller_of(&from));
    // Officials are known by name and check many at a counter.
    let counted = ctx.actor.kind != ActorKind::Official;
    let read = move |tx: &mut Tx<'_>| {
        if counted {
            throttle::check(tx, &key, limit)?;
        }
        store::find_by_number(tx, &text)?.map(|row| look(tx, row)).transpose()
    };
    let found = ctx.db().read(grant, read).await?;
    if counted {
        throttle::failed(ctx.db(), caller, limit).await?;
    }
    match found {
        Some(looked) => answer(&certificates, &ctx, &headers, (looked, None)),
        None => unknown(&ctx, &headers, typed),
    }
}

async fn find(ctx: &Ctx, token: &str) -> Result<Option<Looked>> {
    let grant = ctx.allow(Action::CertificateVerify, &On::PUBLIC)?;
    let token = token.to_owned();
    ctx.db().read(grant, move |tx| store::find_by_token(tx, &token)?.map(|row| look(tx, row)).transpose()).await
}

/// The page that the code leads to.
pub async fn by_token(
    State(certificates): State<Certificates>,
    ctx: Ctx,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    match find(&ctx, &token).await? {
        Some(looked) => answer(&certificates, &ctx, &headers, (looked, Some(format!("/verify/{token}/proof")))),
        None => unknown(&ctx, &headers, ""),
    }
}

/// The proof text, for who has the code.
pub async fn proof(ctx: Ctx, Path(token): Path<String>) -> Result<Response> {
    holder::proof_file(find(&ctx, &token).await?.ok_or(Error::NotFound)?)
}

/// The keys that certificates are signed with (RFC 7517), for who verifies elsewhere.
pub async fn keys(State(certificates): State<Certificates>) -> Result<Response> {
    let keys = seal::keys::jwk_set(&[&*certificates.platform.keys().certificates]);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/jwk-set+json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    ];
    Ok((headers, keys.to_string()).into_response())
}

#[derive(Template)]
#[template(path = "verdict.html")]
struct VerdictPage {
    s: Shell,
    tone: &'static str,
    title: String,
    what: String,
    now: Timestamp,
    facts: Vec<Fact>,
    ending: Vec<Fact>,
    steps: Vec<StepLine>,
    log: Vec<Fact>,
    checkpoint: String,
    proof: Option<String>,
    phone: String,
}

/// `proof`: where the proof can be had; not told to who came by number, as it would hand out the code's address.
fn answer(
    certificates: &Certificates,
    ctx: &Ctx,
    headers: &HeaderMap,
    (looked, proof): (Looked, Option<String>),
) -> Result<Response> {
    let found = certificates.judge(looked, ctx.today());
    if view::wants_json(headers) {
        return Ok(json(ctx, &found, proof));
    }
    let office = found.statement().map_or("", |said| ctx.text(&said.issuer.name));
    let body = found.statement().and_then(|said| certificates.office(&said.issuer.org));
    let page = VerdictPage {
        s: Shell::new(ctx),
        tone: found.standing.tone(),
        title: view::standing_title(ctx, found.standing),
        what: ctx.t(&format!("certificates-standing-{}-what", found.standing.slug())).to_owned(),
        now: ctx.now(),
        facts: found.statement().map(|said| view::public_facts(ctx, said, found.standing)).unwrap_or_default(),
        ending: found.row.ending.as_ref().map(|ending| view::ending_facts(ctx, ending, office)).unwrap_or_default(),
        steps: view::step_lines(ctx, &found.verdict),
        log: view::log_facts(ctx, &found.verdict),
        checkpoint: found.verdict.log.as_ref().map(|place| place.checkpoint.clone()).unwrap_or_default(),
        proof: proof.filter(|_| found.verdict.log.is_some()),
        phone: body.map_or_else(|| ctx.platform().config().site.contact_phone.clone(), |body| body.consult),
    };
    page::html(&page)
}

fn json(ctx: &Ctx, found: &Found, proof: Option<String>) -> Response {
    let zone = ctx.zone();
    let mut body = serde_json::json!({ "state": found.standing.slug(), "checked_at": ctx.now().rfc3339(zone) });
    if let Some(said) = found.statement() {
        body["certificate"] = view::public_json(said, found.standing);
    }
    if let Some(ending) = &found.row.ending {
        let reason = ending.reason.map(crate::model::standing::Reason::name);
        body["ended"] =
            serde_json::json!({ "status": found.row.status.code(), "at": ending.at.rfc3339(zone), "reason": reason });
    }
    let step = |step: &offline::Step| (step.check.slug().to_owned(), step.outcome.slug().into());
    body["checks"] = serde_json::Value::Object(found.verdict.steps.iter().map(step).collect());
    if let Some(place) = &found.verdict.log {
        let root = seal::digest::to_base64url(&place.root);
        body["log"] = serde_json::json!({
            "size": place.size, "index": place.index, "root": root, "checkpoint": place.checkpoint,
        });
        body["proof"] = proof.into();
    }
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body.to_string()).into_response()
}

/// Whether a step failed, for pages that tell what to do next.
pub fn failed(verdict: &OfflineVerdict, check: Check) -> bool {
    matches!(verdict.outcome(check), Outcome::Failed(_))
}
