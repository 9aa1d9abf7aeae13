//! The parts of a connector document.
use std::collections::BTreeMap;

use platform::i18n::Text;
use serde::Deserialize;
use serde_json::Value;

use crate::values::{DatePattern, convert};

/// Where a secret stands, one of the two; never in the document itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// A file, relative to the data folder; its end of line is left out.
    #[serde(default)]
    pub file: Option<String>,
    /// A variable of the environment.
    #[serde(default)]
    pub env: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    #[serde(default)]
    pub password: Option<Secret>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Postgres {
    /// `postgres://user@host/database` or `host=… user=… dbname=…`, without a password.
    pub address: String,
    #[serde(default)]
    pub credentials: Credentials,
    /// One SELECT with `:number`.
    pub query: String,
    #[serde(default)]
    pub tls: Tls,
    /// PEM file with the authorities that may sign the server's certificate; without, those of the machine.
    #[serde(default)]
    pub authorities: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MySql {
    /// `mysql://user@host:3306/database`, without a password.
    pub address: String,
    #[serde(default)]
    pub credentials: Credentials,
    pub query: String,
    #[serde(default)]
    pub tls: Tls,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sqlite {
    pub file: String,
    pub query: String,
}

/// Whether a database over a network is reached encrypted. A socket or the loopback address needs no encryption.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tls {
    #[default]
    Required,
    /// The line itself is protected, or a proxy on the way encrypts.
    None,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rest {
    /// `https://host:port`, without a path.
    pub address: String,
    /// Path and query with `{number}` or `{number_lower}`, which is percent-encoded.
    pub path: String,
    #[serde(default)]
    pub link: Link,
    /// Statuses that mean: nothing is held about the subject.
    #[serde(default = "absent")]
    pub absent: Vec<u16>,
    /// JSON pointer of the record in the answer; null or missing there: nothing is held.
    #[serde(default)]
    pub answer: String,
}

fn absent() -> Vec<u16> {
    vec![404]
}

/// A service of another region, asked by GET through our own gateway.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peer {
    /// `INSTANCE/CLASS/MEMBER/SUBSYSTEM/SERVICE`.
    pub service: String,
    /// Our subsystem in whose name is asked: `INSTANCE/CLASS/MEMBER/SUBSYSTEM`.
    pub client: String,
    /// Who answers there, as people read it beside what came: 公安局.
    pub office: Text,
    /// Its city and province.
    pub region: Text,
    /// After the service: path and query with `{number}`, and `{purpose}` and `{basis}` where they are asked for. All are
    /// percent-encoded.
    pub path: String,
    /// The token of the client's callers, where the roster wants one.
    #[serde(default)]
    pub token: Option<Secret>,
    #[serde(default = "absent")]
    pub absent: Vec<u16>,
    /// As of REST.
    #[serde(default)]
    pub answer: String,
    #[serde(default = "answer_bytes")]
    pub max_bytes: u64,
}

fn answer_bytes() -> u64 {
    Link::default().max_bytes
}

/// How a web service is reached.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Link {
    /// The host is a machine of our own network: addresses that the internet does not route are allowed.
    pub internal: bool,
    /// PEM file with the authorities that may sign the host's certificate; without, those of the machine.
    pub authorities: Option<String>,
    pub headers: Vec<Header>,
    pub max_bytes: u64,
}

impl Default for Link {
    fn default() -> Self {
        Self { internal: false, authorities: None, headers: Vec::new(), max_bytes: 1 << 20 }
    }
}

/// A header of every call, such as an application's key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    pub name: String,
    /// Before the secret, such as `Bearer `.
    #[serde(default)]
    pub prefix: String,
    pub value: Secret,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Soap {
    pub address: String,
    pub path: String,
    #[serde(default)]
    pub link: Link,
    #[serde(default)]
    pub version: SoapVersion,
    #[serde(default)]
    pub action: String,
    /// The whole envelope with `{number}` or `{number_lower}`, which is escaped.
    pub envelope: String,
    /// Local names below the body that lead to the record, outermost first; missing there: nothing is held.
    pub answer: Vec<String>,
    /// The operation changes nothing: it may be repeated.
    #[serde(default)]
    pub repeatable: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum SoapVersion {
    #[default]
    #[serde(rename = "1.1")]
    V1_1,
    #[serde(rename = "1.2")]
    V1_2,
}

/// A folder into which files are dropped, CSV or XLSX; the newest good one counts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub folder: String,
    /// File name in which `*` stands for anything. Files are dropped under another name and renamed when whole.
    pub glob: String,
    /// Column that holds the subject's number.
    pub key: String,
    #[serde(default = "comma")]
    pub delimiter: char,
    #[serde(default)]
    pub encoding: Encoding,
    /// How often the folder is looked at.
    #[serde(default = "poll")]
    pub poll_seconds: u32,
    #[serde(default = "file_bytes")]
    pub max_bytes: u64,
}

fn comma() -> char {
    ','
}

fn poll() -> u32 {
    30
}

fn file_bytes() -> u64 {
    256 << 20
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum Encoding {
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// GB 18030, with it GBK and GB 2312.
    #[serde(rename = "gb18030")]
    Gb18030,
}

/// One of our fields: where it stands in theirs, and how it is brought to our form.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldMap {
    /// Column, element path (`a/b`), or JSON pointer when it begins with `/`.
    pub from: String,
    /// Their code → ours. A code that is not listed is an error unless `otherwise` says what it becomes.
    #[serde(default)]
    pub codes: BTreeMap<String, String>,
    #[serde(default)]
    pub otherwise: Option<String>,
    /// How they write the day (`values::DatePattern`); ours is YYYY-MM-DD, or YYYY-MM of a month.
    #[serde(default)]
    pub date: Option<String>,
    #[serde(default)]
    pub unit: Option<Unit>,
}

impl FieldMap {
    /// What it makes by itself: each code, a day or a month, an amount. Empty: their value goes on as it is.
    #[must_use]
    pub fn makes(&self) -> Vec<Value> {
        if let Some(pattern) = &self.date {
            let has_day = DatePattern::parse(pattern).is_ok_and(|pattern| pattern.has_day());
            return vec![if has_day { "2026-12-31".into() } else { "2026-12".into() }];
        }
        let codes = self.codes.values().chain(&self.otherwise).map(|code| Value::from(code.as_str()));
        self.unit.and_then(|unit| convert(unit, "0")).into_iter().chain(codes).collect()
    }
}

/// Theirs → ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    YuanToFen,
    /// 万元
    TenThousandYuanToFen,
    /// 亩: two thirds of a thousand square metres.
    MuToM2,
    HaToM2,
    /// Square metres, with two decimals as we write them.
    M2,
}

/// When a failing source is left alone.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Breaker {
    /// Failures in a row.
    pub failures: u32,
    pub pause_seconds: u32,
}

impl Default for Breaker {
    fn default() -> Self {
        Self { failures: 5, pause_seconds: 30 }
    }
}

/// How long an answer may be used again: the freshness that the source's owner declared. In memory only.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cache {
    /// 0: never.
    pub seconds: u32,
    pub entries: usize,
}

impl Default for Cache {
    fn default() -> Self {
        Self { seconds: 0, entries: 10_000 }
    }
}
