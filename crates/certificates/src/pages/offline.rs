//! Checking a file that somebody handed over: pasted or uploaded, here or, with the same function, without a network.
//!
//! The form carries no token: it changes nothing, keeps nothing, and needs no cookie.
use askama::Template;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use platform::Ctx;
use platform::error::{Error, Result};
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::{is_urlencoded, parse_urlencoded};

use super::verify::{self, Looked};
use super::view::{self, Fact, StepLine};
use crate::Certificates;
use crate::model::offline::{self, Check, OfflineVerdict};
use crate::model::standing::Standing;
use crate::store;

#[derive(Template)]
#[template(path = "offline.html")]
struct OfflinePage {
    s: Shell,
    jws: String,
    proof: String,
    error: Option<&'static str>,
    answer: Option<Answer>,
}

struct Answer {
    tone: &'static str,
    title: String,
    what: String,
    steps: Vec<StepLine>,
    facts: Vec<Fact>,
    log: Vec<Fact>,
}

pub async fn form(ctx: Ctx) -> Result<Response> {
    let (jws, proof) = Default::default();
    page::html(&OfflinePage { s: Shell::new(&ctx), jws, proof, error: None, answer: None })
}

/// What was pasted; an uploaded file stands instead of the text beside it.
#[derive(Debug, Default)]
struct Given {
    jws: String,
    proof: String,
}

impl Given {
    fn put(&mut self, name: &str, text: String) {
        let text = text.trim().to_owned();
        match name {
            _ if text.is_empty() => {}
            "jws" | "jws_file" => self.jws = text,
            "proof" | "proof_file" => self.proof = text,
            _ => {}
        }
    }
}

async fn read(request: Request, limit: u64) -> Result<Given> {
    let unreadable = || Error::field("form", "error-form-unreadable");
    let mut given = Given::default();
    if is_urlencoded(request.headers()) {
        let body = axum::body::to_bytes(request.into_body(), limit as usize).await;
        let body = body.map_err(|_| Error::TooLarge { limit })?;
        let text = std::str::from_utf8(&body).map_err(|_| unreadable())?;
        parse_urlencoded(text).into_iter().for_each(|(name, value)| given.put(&name, value));
        return Ok(given);
    }
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    let mut size = 0;
    while let Some(mut part) = parts.next_field().await.map_err(|_| Error::TooLarge { limit })? {
        let (name, mut bytes) = (part.name().unwrap_or_default().to_owned(), Vec::new());
        while let Some(chunk) = part.chunk().await.map_err(|_| Error::TooLarge { limit })? {
            size += chunk.len() as u64;
            if size > limit {
                return Err(Error::TooLarge { limit });
            }
            bytes.extend_from_slice(&chunk);
        }
        // What is no text is no certificate either: it stays, and the first step says so.
        given.put(&name, String::from_utf8_lossy(&bytes).into_owned());
    }
    Ok(given)
}

pub async fn check(State(certificates): State<Certificates>, ctx: Ctx, request: Request) -> Result<Response> {
    let wants_json = view::wants_json(request.headers());
    let given = read(request, ctx.platform().config().http.form_limit_bytes).await?;
    if given.jws.is_empty() {
        let (jws, proof, error) = (given.jws, given.proof, Some("certificates-error-nothing"));
        let page = OfflinePage { s: Shell::new(&ctx), jws, proof, error, answer: None };
        return page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let proof = Some(given.proof.as_str()).filter(|proof| !proof.is_empty());
    let verdict = offline::check(&given.jws, proof, &certificates.trust, ctx.today());
    let standing = standing_now(&certificates, &ctx, &given.jws, &verdict).await?;
    if wants_json {
        return Ok(json(&verdict, standing));
    }
    let answer = Some(answer(&ctx, &verdict, standing));
    let (jws, proof) = (short(&given.jws), short(&given.proof));
    page::html(&OfflinePage { s: Shell::new(&ctx), jws, proof, error: None, answer })
}

/// A text of a size that can be shown again in its field.
fn short(text: &str) -> String {
    text.chars().take(20_000).collect()
}

/// The status at this moment, when the certificate is one of ours, to the byte. None: not genuine, or not ours.
async fn standing_now(
    certificates: &Certificates,
    ctx: &Ctx,
    jws: &str,
    verdict: &OfflineVerdict,
) -> Result<Option<Standing>> {
    let Some(said) = verdict.statement.as_ref().filter(|_| verdict.is_genuine()) else { return Ok(None) };
    let grant = ctx.allow(Action::CertificateVerify, &On::PUBLIC)?;
    let token = said.token.clone();
    let row = ctx.db().read(grant, move |tx| store::find_by_token(tx, &token)).await?;
    let row = row.filter(|row| row.jws == jws);
    Ok(row.map(|row| certificates.judge(Looked { row, proof: None }, ctx.today()).standing))
}

fn answer(ctx: &Ctx, verdict: &OfflineVerdict, standing: Option<Standing>) -> Answer {
    let genuine = verdict.is_genuine();
    let (tone, title, what) = match standing {
        Some(standing) => {
            let what = format!("certificates-standing-{}-what", standing.slug());
            (standing.tone(), view::standing_title(ctx, standing), what)
        }
        None if genuine => (
            "none",
            ctx.t("certificates-offline-unlisted-title").to_owned(),
            "certificates-offline-unlisted-what".into(),
        ),
        None => ("err", ctx.t("certificates-offline-false-title").to_owned(), cause(verdict).to_owned()),
    };
    let said = verdict.statement.as_ref().filter(|_| genuine);
    // The one who presents the file shows all of it; the page still tells no more than the code would.
    let facts = said.zip(standing).map(|(said, standing)| view::public_facts(ctx, said, standing)).unwrap_or_default();
    let what = ctx.t(&what).to_owned();
    Answer { tone, title, what, steps: view::step_lines(ctx, verdict), facts, log: view::log_facts(ctx, verdict) }
}

/// The text key of what is wrong, by the first step that failed.
fn cause(verdict: &OfflineVerdict) -> &'static str {
    let causes = [
        (Check::Form, "certificates-offline-false-form"),
        (Check::Signature, "certificates-offline-false-signature"),
        (Check::Content, "certificates-offline-false-content"),
    ];
    let found = causes.into_iter().find(|(check, _)| verify::failed(verdict, *check));
    found.map_or("certificates-offline-false-logged", |(_, key)| key)
}

fn json(verdict: &OfflineVerdict, standing: Option<Standing>) -> Response {
    let step = |step: &offline::Step| (step.check.slug().to_owned(), step.outcome.slug().into());
    let checks: serde_json::Map<String, serde_json::Value> = verdict.steps.iter().map(step).collect();
    let body = serde_json::json!({
        "genuine": verdict.is_genuine(), "state": standing.map(Standing::slug), "checks": checks,
    });
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body.to_string()).into_response()
}
