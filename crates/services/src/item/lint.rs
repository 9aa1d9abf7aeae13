//! What a city's guide checker complains about: twelve rules over one item (services facts §2.1).
//!
//! Unlike errors of a document these do not keep an item from being used; a catalogue should have none of them.
use codes::{CaseType, HandlingForm, ItemType, ResultType};

use super::guide::{Depth, StepKind};
use super::identity::{CORPORATE_TOPICS, PERSONAL_TOPICS};
use super::limits::{ReviewType, Unit};
use super::{Item, Limit};

/// One complaint. `key` is a text key of `item.ftl`; `path` says where in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintFinding {
    /// 1 to 12.
    pub rule: u8,
    pub path: String,
    pub key: &'static str,
    pub args: Vec<(&'static str, String)>,
}

pub(super) fn lint(item: &Item) -> Vec<LintFinding> {
    let mut findings = Findings(Vec::new());
    instant_everywhere_or_nowhere(item, &mut findings);
    result_kind_and_sample(item, &mut findings);
    visits(item, &mut findings);
    fees(item, &mut findings);
    phones(item, &mut findings);
    topics(item, &mut findings);
    licences(item, &mut findings);
    limits(item, &mut findings);
    sources(item, &mut findings);
    findings.0
}

struct Findings(Vec<LintFinding>);

impl Findings {
    fn add(&mut self, rule: u8, path: &str, key: &'static str) {
        self.0.push(LintFinding { rule, path: path.to_owned(), key, args: Vec::new() });
    }

    fn add_with(&mut self, rule: u8, path: String, key: &'static str, args: Vec<(&'static str, String)>) {
        self.0.push(LintFinding { rule, path, key, args });
    }
}

/// Rule 1.
fn instant_everywhere_or_nowhere(item: &Item, findings: &mut Findings) {
    let signs = [
        item.time.promised.unit == Unit::Instant,
        item.time.case_type == CaseType::Instant,
        item.time.review_type == ReviewType::AtOnce,
    ];
    if signs.iter().any(|sign| *sign != signs[0]) {
        findings.add(1, "time", "item-lint-instant");
    }
}

/// Rules 2 and 3, by the Chinese name, which is the official one.
fn result_kind_and_sample(item: &Item, findings: &mut Findings) {
    let Some(name) = &item.result.name else {
        return;
    };
    let zh = name.zh_hans.as_str();
    if (zh.ends_with('证') || zh.ends_with("证书")) && item.result.kind != ResultType::Certificate {
        findings.add(2, "result.kind", "item-lint-result-certificate");
    }
    if (zh.ends_with('文') || zh.ends_with("批复")) && item.result.kind != ResultType::ApprovalDocument {
        findings.add(2, "result.kind", "item-lint-result-approval");
    }
    if item.result.sample.is_none() {
        findings.add(3, "result.sample", "item-lint-result-sample");
    }
}

/// Rules 4, 5 and 6.
fn visits(item: &Item, findings: &mut Findings) {
    let doing = &item.doing;
    match (doing.visits, &doing.visit_reason) {
        (0, Some(_)) => findings.add(4, "doing.visit_reason", "item-lint-visit-reason-needless"),
        (1.., None) => findings.add(4, "doing.visit_reason", "item-lint-visit-reason-missing"),
        _ => {}
    }
    let by_courier = doing.courier_in && doing.forms.contains(&HandlingForm::Courier);
    if doing.visits == 0 && !doing.online && !by_courier {
        findings.add(5, "doing.courier_in", "item-lint-courier");
    }
    if doing.depth.contains(&Depth::Whole) && doing.visits != 0 {
        findings.add(6, "doing.visits", "item-lint-whole-online");
    }
}

/// Rule 7.
fn fees(item: &Item, findings: &mut Findings) {
    let fee = &item.fee;
    if fee.charged && (fee.basis.is_none() || fee.lines.is_empty() || !fee.online_payment) {
        findings.add(7, "fee", "item-lint-fee-incomplete");
    }
    if !fee.charged && fee.online_payment {
        findings.add(7, "fee.online_payment", "item-lint-fee-none");
    }
}

/// Rule 8.
fn phones(item: &Item, findings: &mut Findings) {
    let (consult, complain) = (item.help.consult.phone.as_str(), item.help.complain.phone.as_str());
    for (path, phone) in [("help.consult.phone", consult), ("help.complain.phone", complain)] {
        if !has_area_code(phone) {
            findings.add_with(8, path.to_owned(), "item-lint-phone", vec![("phone", phone.to_owned())]);
        }
    }
    if consult == complain {
        findings.add(8, "help.complain.phone", "item-lint-phones-same");
    }
}

/// `0990-5551000`: an area code of three or four digits that starts with 0, and a number of seven or eight.
fn has_area_code(phone: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    phone.split_once('-').is_some_and(|(area, number)| {
        area.starts_with('0')
            && matches!(area.len(), 3 | 4)
            && matches!(number.len(), 7 | 8)
            && digits(area)
            && digits(number)
    })
}

/// Rule 9: classes of persons for what serves persons, of corporations for what serves them, known ones only.
fn topics(item: &Item, findings: &mut Findings) {
    let object = &item.object;
    let groups = [
        ("object.personal_topics", &object.personal_topics, PERSONAL_TOPICS, object.serves_persons()),
        ("object.corporate_topics", &object.corporate_topics, CORPORATE_TOPICS, object.serves_corporations()),
    ];
    for (path, given, known, served) in groups {
        if given.is_empty() == served {
            findings.add(9, path, "item-lint-topics");
        }
        for topic in given.iter().filter(|topic| !known.contains(&topic.as_str())) {
            findings.add_with(9, path.to_owned(), "item-lint-topic-unknown", vec![("topic", topic.clone())]);
        }
    }
}

/// Rule 10.
fn licences(item: &Item, findings: &mut Findings) {
    if item.identity.kind != ItemType::Licence {
        return;
    }
    if item.help.questions.is_empty() {
        findings.add(10, "help.questions", "item-lint-licence-questions");
    }
    let required = [StepKind::Accept, StepKind::Review, StepKind::Decide, StepKind::Finish, StepKind::Deliver];
    if !required.iter().all(|kind| item.doing.steps.iter().any(|step| step.kind == *kind)) {
        findings.add(10, "doing.steps", "item-lint-licence-steps");
    }
}

/// Rule 11, for the item and for each review, which may not last longer than what is promised.
fn limits(item: &Item, findings: &mut Findings) {
    let longer = |a: &Limit, b: &Limit| a.comparable_hours() > b.comparable_hours();
    if longer(&item.time.promised, &item.time.legal) {
        findings.add(11, "time.promised", "item-lint-promised-longer");
    }
    for (index, review) in item.handling.reviews.iter().enumerate() {
        if !review.pauses_clock && longer(&review.limit, &item.time.promised) {
            findings.add(11, &format!("handling.reviews[{index}].limit"), "item-lint-review-longer");
        }
    }
}

/// Rule 12.
fn sources(item: &Item, findings: &mut Findings) {
    for (index, material) in item.materials.iter().enumerate() {
        if material.source.is_none() {
            let name = vec![("material", material.key.clone())];
            findings.add_with(12, format!("materials[{index}].source"), "item-lint-material-source", name);
        }
    }
}
