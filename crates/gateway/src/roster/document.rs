//! The roster as it is written (`gateway/roster.yaml` of a pack).
use serde::Deserialize;

use super::callers::Callers;
use crate::federation::{Server, Source};
use crate::keep::Which;
use crate::looks::Subject;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) instance: String,
    pub(super) server: ServerName,
    #[serde(default)]
    pub(super) relaxed_identifiers: bool,
    #[serde(default)]
    pub(super) camel_case_faults: bool,
    #[serde(default)]
    pub(super) subsystems: Vec<SubsystemEntry>,
    #[serde(default)]
    pub(super) groups: Vec<GroupEntry>,
    /// Other gateways that are known without a federation.
    #[serde(default)]
    pub(super) peers: Vec<Server>,
    pub(super) federation: Option<Source>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServerName {
    pub(super) class: String,
    pub(super) member: String,
    pub(super) code: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SubsystemEntry {
    /// `CLASS/MEMBER/SUBSYSTEM`; the instance is ours.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) member_name: String,
    /// Key of the organisation in the directory.
    pub(super) organisation: Option<String>,
    #[serde(default)]
    pub(super) callers: Callers,
    #[serde(default)]
    pub(super) services: Vec<ServiceEntry>,
    /// Which messages of its calls are kept whole here, on its own side; as `keep` of a service.
    pub(super) keep: Option<Which>,
    pub(super) keep_days: Option<u32>,
    #[serde(default = "a_megabyte")]
    pub(super) keep_limit_bytes: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceEntry {
    pub(super) code: String,
    #[serde(default)]
    pub(super) kind: ServiceKind,
    pub(super) url: String,
    #[serde(default = "half_a_minute")]
    pub(super) timeout_seconds: u64,
    /// Why it is out of service.
    pub(super) disabled: Option<String>,
    /// The service's description, for `getOpenAPI`.
    pub(super) openapi: Option<String>,
    #[serde(default)]
    pub(super) access: Vec<AccessEntry>,
    /// Whose number stands in the call, for the trail.
    pub(super) subject: Option<Subject>,
    /// Which messages are kept whole; none unless it says so.
    pub(super) keep: Option<Which>,
    /// How long; mandatory with `keep`.
    pub(super) keep_days: Option<u32>,
    /// Bytes: of a larger body only the head and the hash are kept.
    #[serde(default = "a_megabyte")]
    pub(super) keep_limit_bytes: u64,
}

fn a_megabyte() -> u64 {
    1 << 20
}

fn half_a_minute() -> u64 {
    30
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceKind {
    #[default]
    Rest,
    OpenApi,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccessEntry {
    /// `INSTANCE/CLASS/MEMBER/SUBSYSTEM`.
    pub(super) to: Option<String>,
    pub(super) group: Option<String>,
    #[serde(default = "any_method")]
    pub(super) method: String,
    #[serde(default = "any_path")]
    pub(super) path: String,
}

fn any_method() -> String {
    "*".into()
}

fn any_path() -> String {
    "**".into()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupEntry {
    pub(super) code: String,
    pub(super) members: Vec<String>,
}
