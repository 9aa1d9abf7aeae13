//! Settings: one file, environment overrides, unknown keys refused. Every key stands explained in config.default.toml.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::i18n::Text;

mod govstack;
pub use govstack::{DoorTls, Govstack, GovstackMediator};

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub http: Http,
    pub database: Database,
    pub data: Data,
    pub site: Site,
    pub session: Session,
    pub sign_in: SignIn,
    pub files: Files,
    pub log: Log,
    pub jobs: Jobs,
    pub hall: Hall,
    pub exchange: Exchange,
    pub connectors: Connectors,
    pub registry: Registry,
    pub gateway: Gateway,
    pub govstack: Govstack,
    pub events: Events,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Http {
    pub listen: String,
    pub public_address: String,
    pub form_limit_bytes: u64,
    pub metrics_token: String,
    pub address_header: String,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".into(),
            public_address: String::new(),
            form_limit_bytes: 1 << 20,
            metrics_token: String::new(),
            address_header: String::new(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    pub url: String,
    pub readers: usize,
    pub connections: usize,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: String::new(), readers: 2, connections: 16 }
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Data {
    pub dir: PathBuf,
}

impl Default for Data {
    fn default() -> Self {
        Self { dir: "data".into() }
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Site {
    pub name: Text,
    pub zone_minutes: i16,
    pub contact_phone: String,
}

impl Default for Site {
    fn default() -> Self {
        let text = |s: &str| s.to_owned();
        let name = Text { zh_hans: text("政务服务"), zh_hant: text("政務服務"), en: text("Public services") };
        Self { name, zone_minutes: 480, contact_phone: text("12345") }
    }
}

impl Site {
    /// The deployment's zone; a setting outside ±18 hours falls back to UTC (refused by `Config::check` before).
    #[must_use]
    pub fn zone(&self) -> time::UtcOffset {
        time::UtcOffset::from_whole_seconds(i32::from(self.zone_minutes) * 60).unwrap_or(time::UtcOffset::UTC)
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Session {
    pub idle_minutes: u32,
    pub absolute_hours: u32,
}

impl Default for Session {
    fn default() -> Self {
        Self { idle_minutes: 60, absolute_hours: 12 }
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignIn {
    pub attempts: u32,
    pub window_minutes: u32,
    pub attempts_per_address: u32,
    pub argon2_kib: u32,
    pub argon2_rounds: u32,
}

impl Default for SignIn {
    fn default() -> Self {
        // Memory and rounds: OWASP's recommendation for argon2id (19 MiB, 2).
        Self { attempts: 5, window_minutes: 15, attempts_per_address: 50, argon2_kib: 19 * 1024, argon2_rounds: 2 }
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Files {
    pub max_bytes: u64,
    pub max_per_request: usize,
}

impl Default for Files {
    fn default() -> Self {
        Self { max_bytes: 10 << 20, max_per_request: 20 }
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    pub origin: String,
    pub seal_seconds: u32,
    pub json: bool,
    pub level: String,
    pub address: bool,
}

impl Default for Log {
    fn default() -> Self {
        let origin = "tongban.example/log".into();
        Self { origin, seal_seconds: 1, json: true, level: "info".into(), address: true }
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Jobs {
    pub workers: usize,
    pub attempts: u32,
}

impl Default for Jobs {
    fn default() -> Self {
        Self { workers: 2, attempts: 8 }
    }
}

/// Limits of the service hall that no item's document carries.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hall {
    pub acceptance_days: u16,
    pub soon_days: u16,
    pub demand_days: u16,
}

impl Default for Hall {
    fn default() -> Self {
        Self { acceptance_days: 5, soon_days: 2, demand_days: 365 }
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Exchange {
    pub question_days: u16,
    pub grant_days: u16,
    pub grant_extension_days: u16,
    pub grant_remind_days: u16,
    pub grant_warn_days: u16,
    pub grant_longest_days: u16,
    pub grant_silence: Silence,
    pub grant_overseer: String,
    pub hidden_purposes: Vec<String>,
    pub hidden_longest_days: u16,
}

/// What it means that a provider lets its time pass without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Silence {
    /// The overseer is told; the request stays open.
    Escalate,
    /// The request is granted as it was asked.
    Grant,
}

impl Default for Exchange {
    fn default() -> Self {
        // Recalled, not verified: the explained file says which law each comes from.
        Self {
            question_days: 10,
            grant_days: 10,
            grant_extension_days: 10,
            grant_remind_days: 3,
            grant_warn_days: 30,
            grant_longest_days: 1_096,
            grant_silence: Silence::Escalate,
            grant_overseer: "gov-office".into(),
            hidden_purposes: Vec::new(),
            hidden_longest_days: 180,
        }
    }
}

/// The doors for calls between information systems (docs/protocols/exchange.md).
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Gateway {
    pub listen: String,
    pub peers_listen: String,
    pub skew_seconds: u32,
    pub body_limit_bytes: u64,
    pub patience_seconds: u32,
    pub body_seconds: u32,
    pub write_seconds: u32,
    pub connections: u32,
    pub connections_per_address: u32,
    pub spool_bytes: u64,
    pub roster: PathBuf,
    pub log_days: u32,
    pub archive: PathBuf,
    pub body_keys: PathBuf,
    pub evidence_per_minute: u32,
    pub time_stamp_url: String,
    pub time_stamp_seconds: u32,
    pub time_stamp_roots: PathBuf,
    pub time_stamp_crls: PathBuf,
    pub tls: GatewayTls,
}

impl Default for Gateway {
    fn default() -> Self {
        Self {
            listen: String::new(),
            peers_listen: String::new(),
            skew_seconds: 60,
            body_limit_bytes: 100 << 20,
            patience_seconds: 30,
            body_seconds: 600,
            write_seconds: 60,
            connections: 8192,
            connections_per_address: 512,
            spool_bytes: 10 << 30,
            roster: PathBuf::new(),
            log_days: 30,
            archive: PathBuf::new(),
            body_keys: PathBuf::new(),
            evidence_per_minute: 60,
            time_stamp_url: String::new(),
            time_stamp_seconds: 60,
            time_stamp_roots: PathBuf::new(),
            time_stamp_crls: PathBuf::new(),
            tls: GatewayTls::default(),
        }
    }
}

/// Certificates of the gateway's doors; PEM files. All three or none.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct GatewayTls {
    pub certificate: PathBuf,
    pub key: PathBuf,
    pub authorities: PathBuf,
    /// Whether information systems too must show a certificate.
    pub systems: bool,
}

/// Events between departments and where they may be pushed.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Events {
    pub push_hosts: Vec<String>,
    pub internal_hosts: Vec<String>,
    pub authorities: String,
    pub timeout_seconds: u32,
    pub retry_seconds: u32,
    pub retry_longest_minutes: u32,
    pub keep_days: u32,
    pub govstack_addresses: BTreeMap<String, String>,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            push_hosts: Vec::new(),
            internal_hosts: Vec::new(),
            authorities: String::new(),
            timeout_seconds: 10,
            retry_seconds: 5,
            retry_longest_minutes: 60,
            keep_days: 30,
            govstack_addresses: BTreeMap::new(),
        }
    }
}

/// The catalogue of the registers and what its providers keep to.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Registry {
    pub data_office: String,
    pub dispute_days: u16,
    pub correction_days: u16,
    pub grace_days: u16,
}

impl Default for Registry {
    fn default() -> Self {
        Self { data_office: "gov-office".into(), dispute_days: 10, correction_days: 10, grace_days: 2 }
    }
}

/// Where the systems of departments are; what is asked of them stands in the documents under connectors/.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Connectors {
    pub addresses: BTreeMap<String, String>,
}

impl Config {
    /// Reads the file (when there is one), then the environment: `TONGBAN_HTTP__LISTEN=…` sets `http.listen`.
    /// An unknown key, a value of the wrong type or an unusable setting is an error that names it.
    pub fn load(file: Option<&Path>, environment: impl Iterator<Item = (String, String)>) -> Result<Self, String> {
        let mut table = match file {
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
                text.parse::<toml::Table>().map_err(|e| format!("{}: {e}", path.display()))?
            }
            None => toml::Table::new(),
        };
        for (name, value) in environment {
            if let Some(path) = name.strip_prefix("TONGBAN_").filter(|rest| rest.contains("__")) {
                set(&mut table, &path.to_lowercase(), &value)?;
            }
        }
        let config: Self = toml::Value::Table(table).try_into().map_err(|e| format!("settings: {e}"))?;
        config.check()?;
        Ok(config)
    }

    /// What can be used and is still likely to be a mistake: a line for the operator each.
    #[must_use]
    pub fn warnings(&self) -> Vec<&'static str> {
        let proxied = self.http.public_address.starts_with("https://");
        let blind = proxied && self.http.address_header.is_empty();
        let line = "http.public_address is https, so a proxy stands in front, but http.address_header is empty: every visitor \
                    has the proxy's address, and one who fails to sign in too often locks out all; name the header in \
                    which the proxy puts the visitor's address, for example x-forwarded-for";
        blind.then_some(line).into_iter().collect()
    }

    fn check(&self) -> Result<(), String> {
        let bad = |key: &str, why: &str| Err(format!("setting {key}: {why}"));
        if self.site.zone_minutes.abs() > 18 * 60 {
            return bad("site.zone_minutes", "a zone lies within 18 hours of UTC; give minutes, 480 for +08:00");
        }
        if self.database.readers == 0 || self.database.connections == 0 {
            return bad("database", "readers and connections are at least 1");
        }
        if self.log.seal_seconds == 0 {
            return bad("log.seal_seconds", "at least 1");
        }
        let door = &self.gateway;
        let bounds = [
            door.patience_seconds,
            door.body_seconds,
            door.write_seconds,
            door.connections,
            door.connections_per_address,
        ];
        if bounds.contains(&0) {
            let why =
                "patience_seconds, body_seconds, write_seconds, connections and connections_per_address are at least 1";
            return bad("gateway", why);
        }
        self.check_govstack()
    }
}

fn set(table: &mut toml::Table, path: &str, value: &str) -> Result<(), String> {
    let mut keys: Vec<&str> = path.split("__").collect();
    let last = keys.pop().unwrap_or_default();
    let mut here = table;
    for key in keys {
        let next = here.entry(key).or_insert_with(|| toml::Value::Table(toml::Table::new()));
        here = next.as_table_mut().ok_or_else(|| format!("setting {key} is not a section"))?;
    }
    // Numbers and flags are written bare, everything else is text.
    let parsed = format!("v = {value}").parse::<toml::Table>().ok().and_then(|mut t| t.remove("v"));
    let is_text = !matches!(parsed, Some(toml::Value::Integer(_) | toml::Value::Boolean(_)));
    let value = parsed.filter(|_| !is_text).unwrap_or_else(|| toml::Value::String(value.to_owned()));
    here.insert(last.to_owned(), value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_explained_file_equals_the_compiled_defaults() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config.default.toml");
        assert_eq!(Config::load(Some(&file), std::iter::empty()).unwrap(), Config::default());
        let text = std::fs::read_to_string(file).unwrap();
        let defaults = toml::Table::try_from(Config::default()).unwrap();
        for (section, keys) in defaults {
            assert!(text.contains(&format!("[{section}]")), "section {section} is not explained");
            for (key, _) in keys.as_table().unwrap() {
                assert!(text.contains(key.as_str()), "{section}.{key} is not explained");
            }
        }
    }

    #[test]
    fn a_proxy_that_hides_the_visitors_is_warned_of() {
        let mut config = Config::default();
        assert!(config.warnings().is_empty());
        config.http.public_address = "https://services.example".into();
        assert!(config.warnings()[0].contains("http.address_header"));
        config.http.address_header = "x-forwarded-for".into();
        assert!(config.warnings().is_empty());
    }

    #[test]
    fn unknown_keys_are_refused_and_the_environment_overrides() {
        let env = |k: &str, v: &str| std::iter::once((k.to_owned(), v.to_owned()));
        let config = Config::load(None, env("TONGBAN_HTTP__LISTEN", "0.0.0.0:1")).unwrap();
        assert_eq!(config.http.listen, "0.0.0.0:1");
        let error = Config::load(None, env("TONGBAN_HTTP__LISTTEN", "x")).unwrap_err();
        assert!(error.contains("listten"), "{error}");
        let error = Config::load(None, env("TONGBAN_SITE__ZONE_MINUTES", "9999")).unwrap_err();
        assert!(error.contains("zone_minutes"), "{error}");
    }
}
