//! What pages show of a certificate: to its holder everything, to a verifier the least.
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use platform::Ctx;
use platform::error::{Error, Result};
use platform::i18n::Lang;
use platform::mask;
use platform::page;
use seal::digest;

use crate::model::offline::OfflineVerdict;
use crate::model::standing::Standing;
use crate::model::statement::Statement;
use crate::store::{CertificateRow, Ending};

/// The trail of a page right under the first one.
pub const NO_LINKS: [(&str, &str); 0] = [];

/// A row of a list of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub label: String,
    pub value: String,
}

impl Fact {
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}

/// One step of a check, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepLine {
    pub tone: &'static str,
    pub word: String,
    pub text: String,
}

/// `2026-01-01 to 2026-12-31` in words, or "for good".
pub fn validity(ctx: &Ctx, statement: &Statement) -> String {
    let dates = statement.dates();
    let from = page::day(ctx.lang(), dates.from);
    match dates.to {
        Some(to) => ctx.tf("certificates-validity-until", &[("from", &from), ("to", &page::day(ctx.lang(), to))]),
        None => ctx.t("certificates-validity-good").to_owned(),
    }
}

/// Everything, in the order of the type's document, then what all certificates have.
pub fn all_facts(ctx: &Ctx, statement: &Statement) -> Vec<Fact> {
    let lang = ctx.lang();
    let mut facts: Vec<Fact> =
        statement.fields.iter().map(|field| Fact::new(field.label.get(lang), field.shown(lang))).collect();
    facts.push(Fact::new(ctx.t("certificates-number"), &statement.number));
    facts.push(Fact::new(ctx.t("certificates-validity"), validity(ctx, statement)));
    facts.push(Fact::new(ctx.t("certificates-issued-on"), page::day(lang, statement.issued_on.0)));
    facts
}

/// What a verifier sees. Of a certificate that does not count only the type, the issuer and the dates: who holds it is
/// no longer the verifier's business.
pub fn public_facts(ctx: &Ctx, statement: &Statement, standing: Standing) -> Vec<Fact> {
    let lang = ctx.lang();
    let mut facts = vec![Fact::new(ctx.t("certificates-type"), ctx.text(&statement.kind.name))];
    if names_holder(standing) {
        facts.push(Fact::new(ctx.t("certificates-holder"), statement.holder_masked()));
        facts.extend(statement.disclosed().map(|field| Fact::new(field.label.get(lang), field.disclosed(lang))));
    }
    facts.push(Fact::new(ctx.t("certificates-number-tail"), mask::tail(&statement.number)));
    facts.push(Fact::new(ctx.t("certificates-validity"), validity(ctx, statement)));
    facts.push(Fact::new(ctx.t("certificates-issuer"), ctx.text(&statement.issuer.name)));
    facts.push(Fact::new(ctx.t("certificates-issued-on"), page::day(lang, statement.issued_on.0)));
    facts
}

fn names_holder(standing: Standing) -> bool {
    matches!(standing, Standing::Valid | Standing::NotYet | Standing::Expired)
}

/// The same for programs.
pub fn public_json(statement: &Statement, standing: Standing) -> serde_json::Value {
    let mut out = serde_json::json!({
        "type": { "key": statement.kind.key, "code": statement.kind.code, "name": statement.kind.name },
        "issuer": { "uscc": statement.issuer.uscc, "name": statement.issuer.name },
        "issued_on": statement.issued_on, "valid_from": statement.valid_from, "valid_to": statement.valid_to,
        "number_ends_with": mask::tail(&statement.number).trim_start_matches('…'),
    });
    if names_holder(standing) {
        let each = |lang: Lang, field: &crate::model::statement::Field| field.disclosed(lang);
        let field = |field: &crate::model::statement::Field| {
            let value = serde_json::json!({
                "zh-Hans": each(Lang::ZhHans, field), "zh-Hant": each(Lang::ZhHant, field), "en": each(Lang::En, field),
            });
            serde_json::json!({ "key": field.key, "label": field.label, "value": value })
        };
        out["holder"] = statement.holder_masked().into();
        out["fields"] = statement.disclosed().map(field).collect();
    }
    out
}

/// The steps of a check as people read them.
pub fn step_lines(ctx: &Ctx, verdict: &OfflineVerdict) -> Vec<StepLine> {
    let line = |step: &crate::model::offline::Step| {
        let tone = match step.outcome.slug() {
            "passed" => "ok",
            "failed" => "err",
            _ => "",
        };
        // keys: certificates-check-*
        let text = ctx.t(&format!("certificates-check-{}", step.check.slug())).to_owned();
        // keys: certificates-outcome-*
        StepLine { tone, word: ctx.t(&format!("certificates-outcome-{}", step.outcome.slug())).to_owned(), text }
    };
    verdict.steps.iter().map(line).collect()
}

/// The log's place as rows, empty while the row waits to be sealed.
pub fn log_facts(ctx: &Ctx, verdict: &OfflineVerdict) -> Vec<Fact> {
    let Some(place) = &verdict.log else { return Vec::new() };
    let (entry, size) = ((place.index + 1).to_string(), place.size.to_string());
    vec![
        Fact::new(ctx.t("certificates-algorithm"), "ES256"),
        Fact::new(
            ctx.t("certificates-log-place"),
            ctx.tf("certificates-log-place-is", &[("entry", entry.as_str()), ("size", size.as_str())]),
        ),
        Fact::new(ctx.t("certificates-log-root"), digest::to_base64url(&place.root)),
    ]
}

/// The heading of a standing: one of the eight states has its own name.
pub fn standing_title(ctx: &Ctx, standing: Standing) -> String {
    match standing {
        Standing::Ended(status) => {
            let state = ctx.t(status.key());
            ctx.tf("certificates-standing-ended-title", &[("state", state)])
        }
        // keys: certificates-standing-*
        other => ctx.t(&format!("certificates-standing-{}-title", other.slug())).to_owned(),
    }
}

/// The state in one or two words, for lists.
pub fn standing_word(ctx: &Ctx, standing: Standing) -> String {
    match standing {
        Standing::Ended(status) => ctx.t(status.key()).to_owned(),
        other => ctx.t(&format!("certificates-standing-{}", other.slug())).to_owned(),
    }
}

/// When and why it ended, as anyone may know.
pub fn ending_facts(ctx: &Ctx, ending: &Ending, office: &str) -> Vec<Fact> {
    let at = ending.at.at(ctx.zone());
    let when = format!("{} {:02}:{:02}", page::day(ctx.lang(), at.date()), at.hour(), at.minute());
    let reason = ending.reason.map_or("certificates-reason-other", crate::model::standing::Reason::key);
    vec![
        Fact::new(ctx.t("certificates-ended-at"), when),
        Fact::new(ctx.t("certificates-ended-by"), office),
        Fact::new(ctx.t("certificates-ended-reason"), ctx.t(reason)),
    ]
}

/// The absolute verification address, as the QR code carries it.
pub fn verify_address(ctx: &Ctx, row: &CertificateRow) -> String {
    let http = &ctx.platform().config().http;
    let base = match http.public_address.trim_end_matches('/') {
        "" => format!("http://{}", http.listen),
        public => public.to_owned(),
    };
    format!("{base}/verify/{}", row.token)
}

/// Whether the caller asked for JSON and not for a page.
pub fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("application/json") && !accept.contains("text/html")
}

/// A file to keep. `name`: ASCII.
pub fn download(media_type: &'static str, name: &str, body: String) -> Result<Response> {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).map_err(Error::internal)?;
    let headers =
        [(header::CONTENT_TYPE, HeaderValue::from_static(media_type)), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, body).into_response())
}
