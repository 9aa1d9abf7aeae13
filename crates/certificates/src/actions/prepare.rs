//! Making a certificate ready: everything that costs time (about 0.2 ms, most of it the signature) and needs no
//! transaction, as the one thread that writes must not wait for it.
use std::collections::BTreeMap;

use codes::{Sex, Uscc};
use platform::chance;
use platform::clock::{Timestamp, iso_date, parse_iso_date};
use platform::error::{Error, Result};
use platform::i18n::{Lang, Text};
use platform::ids::Id;
use platform::mask;
use platform::platform::Platform;
use seal::jws::{self, Header};
use seal::keys::Signer;
use seal::{digest, jcs};
use serde_json::Value;
use time::Date;

use crate::model::CertificateId;
use crate::model::document::{FieldKind, FieldRule, HolderKind, Kind};
use crate::model::statement::{Day, Field, HolderName, IssuerName, NumberKind, Statement, TYP, TypeName, Words};

/// The body that issues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// Key of the organisation.
    pub key: String,
    /// Its credit code, 18 characters.
    pub uscc: String,
    pub name: Text,
}

/// Whom it is issued to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// `per_…` or `ent_…`: whose page it stands on.
    pub owner: String,
    pub name: String,
    /// The resident ID number or the credit code. Stands in the certificate masked and as a salted digest only.
    pub number: String,
}

/// What is to be issued.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    pub type_key: String,
    pub issuer: Issuer,
    pub holder: Holder,
    /// By the keys of the type's document: text, numbers, a text in three languages (the words of an option), or a
    /// list of these; null counts as left out.
    pub fields: BTreeMap<String, Value>,
    /// Identifier of the case that granted it.
    pub case: String,
    /// Key of the item.
    pub item: String,
    pub valid_from: Date,
    /// The last day; None: for good.
    pub valid_to: Option<Date>,
    /// The day of issue in the deployment's zone.
    pub on: Date,
}

/// A signed certificate that is not stored yet. Nobody has seen it: dropping it costs nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    pub(crate) id: CertificateId,
    pub(crate) number: String,
    pub(crate) identifier: String,
    pub(crate) type_key: String,
    pub(crate) token: String,
    pub(crate) owner: String,
    pub(crate) org: String,
    pub(crate) item_key: String,
    pub(crate) case_id: String,
    pub(crate) issued_on: String,
    pub(crate) valid_from: String,
    pub(crate) valid_to: Option<String>,
    pub(crate) jws: String,
    pub(crate) log_digest: [u8; 32],
    pub(crate) detail: String,
}

impl Prepared {
    /// `crt_…`
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.as_str()
    }

    /// The number that people read.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.number
    }

    /// GB/T 36904.
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.identifier
    }

    /// The end of the verification address, `/verify/<token>`: whoever has it may verify.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }
}

/// The series in which the number of a certificate counts.
pub(crate) fn series(kind: &Kind, issue: &Issue) -> Result<String> {
    let uscc = Uscc::parse(&issue.issuer.uscc).map_err(Error::internal)?;
    let division = uscc.division().map_or_else(String::new, |division| division.to_string());
    Ok(kind.number.series(&division, issue.on.year()))
}

/// What is drawn for one certificate before it is signed.
pub(crate) struct Ticket {
    pub id: CertificateId,
    pub number: String,
    /// The instant of signing.
    pub at: Timestamp,
}

/// Signs. Errors: `Internal` when the issue does not fit the type's document.
pub(crate) fn prepare(platform: &Platform, kind: &Kind, issue: &Issue, ticket: Ticket) -> Result<Prepared> {
    let wrong = |why: String| Error::Internal(format!("certificate of type {}: {why}", issue.type_key));
    if issue.valid_to.is_some_and(|to| to < issue.valid_from) {
        return Err(wrong("it would end before it begins".into()));
    }
    let Ticket { id, number, at } = ticket;
    let fields = fields(platform, kind, &issue.fields).map_err(wrong)?;
    let statement = Statement { number, fields, ..statement(kind, issue, &id, at).map_err(wrong)? };
    let payload = jcs::of(&statement).map_err(|error| wrong(error.to_string()))?;
    let signer: &dyn Signer = &*platform.keys().certificates;
    let jws = jws::sign(signer, Header::new(TYP), &payload).map_err(|error| wrong(error.to_string()))?;
    let log_digest = statement.log_digest(&jws).map_err(|error| wrong(error.to_string()))?;
    let detail =
        serde_json::json!({ "type": kind.document.key, "identifier": statement.identifier, "case": issue.case });
    Ok(Prepared {
        id,
        number: statement.number,
        identifier: statement.identifier,
        type_key: issue.type_key.clone(),
        token: statement.token,
        owner: issue.holder.owner.clone(),
        org: issue.issuer.key.clone(),
        item_key: issue.item.clone(),
        case_id: issue.case.clone(),
        issued_on: iso_date(issue.on),
        valid_from: iso_date(issue.valid_from),
        valid_to: issue.valid_to.map(iso_date),
        jws,
        log_digest,
        detail: detail.to_string(),
    })
}

/// Signs on several threads, in the order given.
pub(crate) fn prepare_many<F>(mut issues: Vec<(&Issue, Ticket)>, threads: usize, prepare: F) -> Result<Vec<Prepared>>
where
    F: Fn((&Issue, Ticket)) -> Result<Prepared> + Sync,
{
    let (count, prepare) = (issues.len(), &prepare);
    let size = count.div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        let mut parts = Vec::new();
        while !issues.is_empty() {
            let rest = issues.split_off(size.min(issues.len()));
            let part = std::mem::replace(&mut issues, rest);
            parts.push(scope.spawn(move || part.into_iter().map(prepare).collect::<Result<Vec<_>>>()));
        }
        let mut all = Vec::with_capacity(count);
        for part in parts {
            all.extend(part.join().map_err(|_| Error::Internal("a thread that signs panicked".into()))??);
        }
        Ok(all)
    })
}

/// What it says, but for number and fields.
fn statement(kind: &Kind, issue: &Issue, id: &CertificateId, at: Timestamp) -> Result<Statement, String> {
    let uscc = Uscc::parse(&issue.issuer.uscc).map_err(|error| error.to_string())?;
    let serial = id.as_str().trim_start_matches("crt_");
    let identifier = codes::CertificateId::compose(kind.code, uscc, serial, 1).map_err(|error| error.to_string())?;
    let salt = chance::bytes::<16>();
    let holder = &issue.holder;
    Ok(Statement {
        identifier: identifier.as_str().to_owned(),
        number: String::new(),
        kind: TypeName {
            key: kind.document.key.clone(),
            code: kind.document.code.clone(),
            name: kind.document.name.clone(),
            seal: kind.document.layout.seal.clone(),
        },
        issuer: IssuerName {
            org: issue.issuer.key.clone(),
            uscc: uscc.as_str().to_owned(),
            name: issue.issuer.name.clone(),
        },
        holder: HolderName {
            name: holder.name.clone(),
            number_kind: match kind.document.holder {
                HolderKind::Person => NumberKind::ResidentId,
                HolderKind::Enterprise => NumberKind::CreditCode,
            },
            number_masked: mask::number(&holder.number),
            number_digest: digest::to_base64url(&digest::salted(&salt, holder.number.as_bytes())),
        },
        fields: Vec::new(),
        issued_on: Day(issue.on),
        valid_from: Day(issue.valid_from),
        valid_to: issue.valid_to.map(Day),
        // 160 bits: nobody guesses it, and the QR code stays coarse enough for old phones.
        token: digest::to_base64url(&chance::bytes::<20>()),
        salt: digest::to_base64url(&salt),
        iat: at.0.div_euclid(1_000_000),
    })
}

fn fields(platform: &Platform, kind: &Kind, given: &BTreeMap<String, Value>) -> Result<Vec<Field>, String> {
    if let Some(unknown) = given.keys().find(|key| kind.field(key).is_none()) {
        return Err(format!("it has no field {unknown}"));
    }
    let mut fields = Vec::with_capacity(kind.document.fields.len());
    for rule in &kind.document.fields {
        match given.get(&rule.key).filter(|value| !value.is_null()) {
            Some(value) => {
                let value = words(platform, rule, value).map_err(|why| format!("field {}: {why}", rule.key))?;
                fields.push(Field {
                    key: rule.key.clone(),
                    label: rule.label.clone(),
                    disclosure: rule.disclosure,
                    format: rule.kind.into(),
                    mask: rule.mask,
                    value,
                });
            }
            None if rule.optional => {}
            None => return Err(format!("field {} has no value", rule.key)),
        }
    }
    Ok(fields)
}

fn words(platform: &Platform, rule: &FieldRule, value: &Value) -> Result<Words, String> {
    match value {
        Value::Array(list) => {
            let all = list.iter().map(|one| words(platform, rule, one)).collect::<Result<Vec<_>, _>>()?;
            Ok(joined(&all))
        }
        Value::Object(_) => serde_json::from_value(value.clone())
            .map(Words::Each)
            .map_err(|_| "a map is a text in three languages".into()),
        Value::String(text) => spelled(platform, rule, text.clone()),
        Value::Number(number) => spelled(platform, rule, number.to_string()),
        Value::Bool(_) | Value::Null => Err(format!("{value} is no value of a certificate")),
    }
}

fn spelled(platform: &Platform, rule: &FieldRule, text: String) -> Result<Words, String> {
    match (rule.kind, text.as_str()) {
        (FieldKind::Date, _) if parse_iso_date(&text).is_none() => Err(format!("{text:?} is no date (YYYY-MM-DD)")),
        (FieldKind::Money, _) if text.parse::<i64>().is_err() => Err(format!("{text:?} is no amount in fen")),
        (FieldKind::Sex, "1") => Ok(in_each(platform, Sex::Male.key())),
        (FieldKind::Sex, "2") => Ok(in_each(platform, Sex::Female.key())),
        _ => Ok(Words::Plain(text)),
    }
}

/// A text of the program in each language, frozen into the certificate.
fn in_each(platform: &Platform, key: &str) -> Words {
    let text = |lang| platform.texts().get(lang, key).to_owned();
    Words::Each(Text { zh_hans: text(Lang::ZhHans), zh_hant: text(Lang::ZhHant), en: text(Lang::En) })
}

/// Several values as one, with the comma of each language.
fn joined(all: &[Words]) -> Words {
    let each = |pick: fn(&Text) -> &str, comma: &str| {
        let one = |words: &Words| match words {
            Words::Plain(text) => text.clone(),
            Words::Each(text) => pick(text).to_owned(),
        };
        all.iter().map(one).collect::<Vec<_>>().join(comma)
    };
    Words::Each(Text {
        zh_hans: each(|text| &text.zh_hans, "、"),
        zh_hant: each(|text| &text.zh_hant, "、"),
        en: each(|text| &text.en, ", "),
    })
}
