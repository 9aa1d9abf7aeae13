//! What a certificate says: the payload that is signed, complete in itself, so that it can be read in twenty years
//! without the documents of today.
use std::fmt::Write;

use platform::clock::{iso_date, parse_iso_date};
use platform::i18n::{Lang, Text};
use platform::mask::{self, Mask};
use platform::page;
use seal::SealError;
use seal::{digest, jcs};
use serde::{Deserialize, Serialize};
use time::Date;

use super::document::{Disclosure, FieldKind};
use super::standing::Dates;

/// The `typ` of the signed object.
pub const TYP: &str = "tongban-certificate+jwt";

/// How a value is written on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    #[default]
    Text,
    Date,
    Money,
}

impl From<FieldKind> for Format {
    fn from(kind: FieldKind) -> Self {
        match kind {
            FieldKind::Date => Self::Date,
            FieldKind::Money => Self::Money,
            _ => Self::Text,
        }
    }
}

/// A calendar date in JSON, `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&iso_date(self.0))
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_iso_date(&text).map(Self).ok_or_else(|| serde::de::Error::custom(format!("{text:?} is no date")))
    }
}

/// The type as it stood when the certificate was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeName {
    pub key: String,
    /// 21 characters of GB/T 36904.
    pub code: String,
    pub name: Text,
    pub seal: Text,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuerName {
    pub org: String,
    pub uscc: String,
    pub name: Text,
}

/// Kinds of holders' numbers (GB/T 36903 annex A).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NumberKind {
    #[serde(rename = "111")]
    ResidentId,
    #[serde(rename = "001")]
    CreditCode,
}

/// Whom it was issued to. The number itself is not here: who knows it can compare it with the digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderName {
    pub name: String,
    pub number_kind: NumberKind,
    pub number_masked: String,
    /// Salted digest of the number with the certificate's salt, base64url.
    pub number_digest: String,
}

/// A value in one spelling, or in the words of each language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Words {
    Plain(String),
    Each(Text),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub key: String,
    pub label: Text,
    pub disclosure: Disclosure,
    #[serde(default, skip_serializing_if = "is_default")]
    pub format: Format,
    #[serde(default, skip_serializing_if = "is_default")]
    pub mask: Mask,
    pub value: Words,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// The signed payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// GB/T 36904, with root and check character.
    pub identifier: String,
    /// What people read as the certificate's number.
    pub number: String,
    #[serde(rename = "type")]
    pub kind: TypeName,
    pub issuer: IssuerName,
    pub holder: HolderName,
    pub fields: Vec<Field>,
    pub issued_on: Day,
    pub valid_from: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Day>,
    /// The end of the verification address, `/verify/<token>`.
    pub token: String,
    /// 16 bytes, base64url. Stands here and nowhere else: without it nothing in the log leads to this certificate.
    pub salt: String,
    /// Seconds since 1970.
    pub iat: i64,
}

impl Statement {
    /// Reads a payload that is in canonical form.
    pub fn read(payload: &[u8]) -> Result<Self, SealError> {
        let value = jcs::parse_canonical(payload)?;
        serde_json::from_value(value).map_err(|error| malformed(error.to_string()))
    }

    /// Reads what a signed certificate says without checking it: for lists of what we stored ourselves.
    pub fn peek(jws: &str) -> Result<Self, SealError> {
        let payload = jws.split('.').nth(1).ok_or_else(|| malformed("it does not have three parts".into()))?;
        Self::read(&digest::from_base64url(payload)?)
    }

    pub fn dates(&self) -> Dates {
        Dates { from: self.valid_from.0, to: self.valid_to.map(|day| day.0) }
    }

    /// Its salt. Errors: it is not 16 bytes of base64url.
    pub fn salt(&self) -> Result<[u8; 16], SealError> {
        let bytes = digest::from_base64url(&self.salt)?;
        bytes.try_into().map_err(|_| malformed("its salt is not 16 bytes".into()))
    }

    /// What the audit log holds about the certificate `jws`, which says this.
    pub fn log_digest(&self, jws: &str) -> Result<[u8; 32], SealError> {
        Ok(digest::salted(&self.salt()?, jws.as_bytes()))
    }

    /// The holder's name as a verifier sees it: enterprises are public (Interim Regulations on Enterprise Information
    /// Disclosure), persons are not.
    #[must_use]
    pub fn holder_masked(&self) -> String {
        match self.holder.number_kind {
            NumberKind::ResidentId => mask::name(&self.holder.name),
            NumberKind::CreditCode => self.holder.name.clone(),
        }
    }

    /// The fields that a verifier sees. The holder's name is told apart from them.
    pub fn disclosed(&self) -> impl Iterator<Item = &Field> {
        let is_name = |field: &&Field| matches!(&field.value, Words::Plain(text) if *text == self.holder.name);
        self.fields.iter().filter(|field| field.disclosure != Disclosure::Private).filter(move |field| !is_name(field))
    }
}

impl Field {
    /// The value as the holder reads it.
    #[must_use]
    pub fn shown(&self, lang: Lang) -> String {
        let text = match &self.value {
            Words::Plain(text) => text.as_str(),
            Words::Each(text) => text.get(lang),
        };
        match self.format {
            Format::Text => text.to_owned(),
            Format::Date => parse_iso_date(text).map_or_else(|| text.to_owned(), |date| page::day(lang, date)),
            Format::Money => text.parse().map_or_else(|_| text.to_owned(), yuan),
        }
    }

    /// The value as a verifier reads it.
    #[must_use]
    pub fn disclosed(&self, lang: Lang) -> String {
        match (self.disclosure, &self.value) {
            (Disclosure::Public, _) => self.shown(lang),
            (_, Words::Plain(text)) => self.mask.hide(text),
            (_, Words::Each(text)) => self.mask.hide(text.get(lang)),
        }
    }
}

/// `¥1,234.50` from 123450 fen.
fn yuan(fen: i64) -> String {
    let digits = (fen.unsigned_abs() / 100).to_string();
    let mut out = String::from(if fen < 0 { "-¥" } else { "¥" });
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    write!(out, ".{:02}", fen.unsigned_abs() % 100).expect("writing to a String cannot fail");
    out
}

fn malformed(why: String) -> SealError {
    SealError::Malformed { what: "certificate", why }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_in_yuan() {
        assert_eq!(
            (yuan(123_456_789).as_str(), yuan(5).as_str(), yuan(-100_000).as_str()),
            ("¥1,234,567.89", "¥0.05", "-¥1,000.00")
        );
    }
}
