//! How an item is done, what it costs and where help is.
use codes::{CrossRange, HandlingForm};
use platform::i18n::Text;
use serde::{Deserialize, Serialize};

use super::identity::Citation;
use super::limits::Limit;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doing {
    pub conditions: Vec<Text>,
    #[serde(default)]
    pub quantity_limit: Option<Text>,
    pub process_online: Text,
    #[serde(default)]
    pub process_counter: Option<Text>,
    pub steps: Vec<Step>,
    pub forms: Vec<HandlingForm>,
    pub visits: u8,
    #[serde(default)]
    pub visit_reason: Option<Text>,
    pub online: bool,
    #[serde(default)]
    pub depth: Vec<Depth>,
    #[serde(default)]
    pub web_url: Option<String>,
    #[serde(default)]
    pub mobile_url: Option<String>,
    pub single_sign_on: bool,
    pub places: Vec<Place>,
    pub in_hall: bool,
    #[serde(default)]
    pub appointment: Option<Appointment>,
    pub self_service: bool,
    pub courier_in: bool,
    pub courier_out: bool,
    #[serde(default)]
    pub cross_region: Option<CrossRegion>,
    pub runs_in: System,
    pub network: Network,
    /// 中介服务
    #[serde(default)]
    pub intermediaries: Vec<Text>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub kind: StepKind,
    pub name: Text,
    pub office: Text,
    pub limit: Limit,
    pub standard: Text,
    pub result: Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    Accept,
    Review,
    Inspect,
    Decide,
    Finish,
    Deliver,
}

/// How far one gets online; several may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Depth {
    Consult,
    Receive,
    PreReview,
    Accept,
    Handle,
    Feedback,
    ECertificate,
    /// 全程网办, level IV: the whole journey, no visit.
    Whole,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub name: Text,
    pub address: Text,
    pub hours: Text,
    #[serde(default)]
    pub window: Option<Text>,
    #[serde(default)]
    pub traffic: Option<Text>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appointment {
    pub per_day: u16,
    pub rule: Text,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrossRegion {
    pub range: CrossRange,
    pub modes: Vec<CrossMode>,
}

/// The three modes of 国办发〔2020〕35号.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CrossMode {
    Online,
    ReceiveElsewhere,
    JointlyHandled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum System {
    National,
    Province,
    City,
    Department,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Network {
    Internet,
    GovernmentExtranet,
    GovernmentIntranet,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    pub charged: bool,
    #[serde(default)]
    pub basis: Option<Citation>,
    pub online_payment: bool,
    #[serde(default)]
    pub lines: Vec<FeeLine>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeLine {
    pub name: Text,
    /// The standard in words, as it is published.
    pub standard: Text,
    /// The amount in fen, when it is one amount.
    #[serde(default)]
    pub amount_fen: Option<i64>,
    pub basis: Citation,
    pub reduction: bool,
    #[serde(default)]
    pub reduction_basis: Option<Text>,
    #[serde(default)]
    pub note: Option<Text>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Help {
    pub consult: Contact,
    pub complain: Contact,
    #[serde(default)]
    pub questions: Vec<Question>,
    pub rights: Text,
    pub duties: Text,
    pub review: Remedy,
    pub litigation: Remedy,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// With area code: `0990-5551000`.
    pub phone: String,
    pub window: Text,
    #[serde(default)]
    pub web: Option<String>,
    #[serde(default)]
    pub letter: Option<Text>,
    #[serde(default)]
    pub email: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub question: Text,
    pub answer: Text,
}

/// Who hears an appeal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remedy {
    pub body: Text,
    pub address: Text,
    pub phone: String,
}
