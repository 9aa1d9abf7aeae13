//! Text keys of the catalogue's terms.
use platform::Ctx;

use crate::model::correction::CorrectionState;
use crate::model::quality::Rule;
use crate::model::resource::{
    Base, FieldType, Held, Opening, Resource, Sensitivity, Sharing, SharingWay, Subjects, Update,
};
use crate::model::submission::SubmissionState;

pub const BASES: [(Base, &str, &str); 6] = [
    (Base::Population, "population", "registry-base-population"),
    (Base::LegalEntity, "legal-entity", "registry-base-legal-entity"),
    (Base::Space, "space", "registry-base-space"),
    (Base::Economy, "economy", "registry-base-economy"),
    (Base::Credit, "credit", "registry-base-credit"),
    (Base::Theme, "theme", "registry-base-theme"),
];

pub fn base_key(base: Base) -> &'static str {
    BASES.iter().find(|(known, ..)| *known == base).map_or("", |(.., key)| key)
}

pub fn sharing_key(sharing: Sharing) -> &'static str {
    match sharing {
        Sharing::Unconditional => "registry-sharing-unconditional",
        Sharing::Conditional => "registry-sharing-conditional",
        Sharing::None => "registry-sharing-none",
    }
}

pub fn sharing_tag(sharing: Sharing) -> &'static str {
    match sharing {
        Sharing::Unconditional => "tag--ok",
        Sharing::Conditional => "tag--info",
        Sharing::None => "tag--warn",
    }
}

pub fn opening_key(opening: Opening) -> &'static str {
    match opening {
        Opening::None => "registry-opening-none",
        Opening::Conditional => "registry-opening-conditional",
        Opening::Open => "registry-opening-open",
    }
}

pub fn update_key(update: Update) -> &'static str {
    match update {
        Update::RealTime => "registry-update-real-time",
        Update::Daily => "registry-update-daily",
        Update::Weekly => "registry-update-weekly",
        Update::Monthly => "registry-update-monthly",
        Update::Quarterly => "registry-update-quarterly",
        Update::Yearly => "registry-update-yearly",
    }
}

pub fn subjects_key(subjects: Subjects) -> &'static str {
    match subjects {
        Subjects::Person => "registry-subject-person",
        Subjects::Enterprise => "registry-subject-enterprise",
        Subjects::Any => "registry-subject-any",
        Subjects::Thing => "registry-subject-thing",
    }
}

pub fn type_key(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text => "registry-type-text",
        FieldType::Integer => "registry-type-integer",
        FieldType::Date => "registry-type-date",
        FieldType::Code => "registry-type-code",
        FieldType::ResidentId => "registry-type-resident-id",
        FieldType::Uscc => "registry-type-uscc",
    }
}

pub fn sensitivity_key(sensitivity: Sensitivity) -> &'static str {
    match sensitivity {
        Sensitivity::Public => "registry-sensitivity-public",
        Sensitivity::Internal => "registry-sensitivity-internal",
        Sensitivity::Personal => "registry-sensitivity-personal",
        Sensitivity::Sensitive => "registry-sensitivity-sensitive",
    }
}

pub fn way_key(way: SharingWay) -> &'static str {
    match way {
        SharingWay::Call => "registry-way-call",
        SharingWay::Table => "registry-way-table",
        SharingWay::File => "registry-way-file",
        SharingWay::Media => "registry-way-media",
    }
}

pub fn held_key(held: Held) -> &'static str {
    match held {
        Held::Here => "registry-held-here",
        Held::Elsewhere => "registry-held-elsewhere",
    }
}

pub fn state_key(state: SubmissionState) -> &'static str {
    match state {
        SubmissionState::Waiting => "registry-state-waiting",
        SubmissionState::Disputed => "registry-state-disputed",
        SubmissionState::Published => "registry-state-published",
        SubmissionState::Refused => "registry-state-refused",
    }
}

pub fn correction_key(state: CorrectionState) -> &'static str {
    match state {
        CorrectionState::Open => "registry-correction-state-open",
        CorrectionState::Corrected => "registry-correction-state-corrected",
        CorrectionState::Declined => "registry-correction-state-declined",
    }
}

/// A rule of quality in words, with the names of its fields.
pub fn rule_text(ctx: &Ctx, resource: &Resource, rule: &Rule) -> String {
    let name = |key: &str| resource.field(key).map_or(key, |field| ctx.text(&field.name)).to_owned();
    let number = |n: &Option<i64>| n.map_or(String::new(), |n| n.to_string());
    let mut args = vec![("field", name(rule.field()))];
    match rule {
        Rule::Required { .. } => {}
        Rule::Pattern { pattern, .. } => args.push(("pattern", pattern.clone())),
        Rule::Range { min, max, .. } => args.extend([("min", number(min)), ("max", number(max))]),
        Rule::CodeSet { codes, .. } => args.push(("codes", codes.join(", "))),
        Rule::DateOrder { then, .. } => args.push(("then", name(then))),
    }
    let args: Vec<(&str, &str)> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
    ctx.tf(rule.text_key(), &args)
}
