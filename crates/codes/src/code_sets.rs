//! Code sets of GB/T 39046-2020 annex A that describe an item: its type, level, implementing body and handling.
//! In documents their values stand by name, in kebab-case.

use serde::{Deserialize, Serialize};

use crate::error::{CodeError, CodeKind, Fault};

/// A closed set of values, each with the number that other systems use and the text key of its name.
pub trait CodeSet: Copy + Eq + 'static {
    /// Every value, in order of number.
    const ALL: &'static [Self];

    /// Number and text key.
    fn row(self) -> (u8, &'static str);

    /// The number in the standard.
    fn code(self) -> u8 {
        self.row().0
    }

    /// The text key of the name.
    fn key(self) -> &'static str {
        self.row().1
    }

    /// The value of a number.
    ///
    /// # Errors
    /// `codes-code-set-value`, which lists the numbers of the set.
    fn from_code(code: u8) -> Result<Self, CodeError> {
        Self::ALL.iter().copied().find(|value| value.code() == code).ok_or_else(|| {
            let expected = Self::ALL.iter().map(|value| value.code().to_string()).collect::<Vec<_>>().join(", ");
            CodeError::new(CodeKind::CodeSet, Fault::Value { position: 1, found: code.to_string(), expected })
        })
    }
}

/// Item type, two digits. Open-ended: 11 to 19 extend the powers (such as internal approval), 21 and above the
/// public services, so every number of two digits has a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemType {
    /// 00, a group of power items.
    PowerGroup,
    /// 01 行政许可.
    Licence,
    /// 02 行政处罚.
    Penalty,
    /// 03 行政强制.
    Coercion,
    /// 04 行政征收.
    Levy,
    /// 05 行政给付.
    Benefit,
    /// 06 行政检查.
    Inspection,
    /// 07 行政确认.
    Confirmation,
    /// 08 行政奖励.
    Reward,
    /// 09 行政裁决.
    Adjudication,
    /// 10 其他行政权力.
    OtherPower,
    /// 11 to 19.
    PowerExtension(u8),
    /// 20 公共服务.
    PublicService,
    /// 21 and above.
    PublicExtension(u8),
}

impl ItemType {
    /// The type of a number; numbers of three digits count as extensions.
    pub fn from_code(code: u8) -> Self {
        match code {
            0 => Self::PowerGroup,
            1 => Self::Licence,
            2 => Self::Penalty,
            3 => Self::Coercion,
            4 => Self::Levy,
            5 => Self::Benefit,
            6 => Self::Inspection,
            7 => Self::Confirmation,
            8 => Self::Reward,
            9 => Self::Adjudication,
            10 => Self::OtherPower,
            11..=19 => Self::PowerExtension(code),
            20 => Self::PublicService,
            _ => Self::PublicExtension(code),
        }
    }

    /// The number, written with two digits in a basic code.
    pub fn code(self) -> u8 {
        match self {
            Self::PowerGroup => 0,
            Self::Licence => 1,
            Self::Penalty => 2,
            Self::Coercion => 3,
            Self::Levy => 4,
            Self::Benefit => 5,
            Self::Inspection => 6,
            Self::Confirmation => 7,
            Self::Reward => 8,
            Self::Adjudication => 9,
            Self::OtherPower => 10,
            Self::PublicService => 20,
            Self::PowerExtension(code) | Self::PublicExtension(code) => code,
        }
    }

    /// The text key of the name.
    pub fn key(self) -> &'static str {
        match self {
            Self::PowerGroup => "codes-item-type-power-group",
            Self::Licence => "codes-item-type-licence",
            Self::Penalty => "codes-item-type-penalty",
            Self::Coercion => "codes-item-type-coercion",
            Self::Levy => "codes-item-type-levy",
            Self::Benefit => "codes-item-type-benefit",
            Self::Inspection => "codes-item-type-inspection",
            Self::Confirmation => "codes-item-type-confirmation",
            Self::Reward => "codes-item-type-reward",
            Self::Adjudication => "codes-item-type-adjudication",
            Self::OtherPower => "codes-item-type-other-power",
            Self::PowerExtension(_) => "codes-item-type-power-extension",
            Self::PublicService => "codes-item-type-public-service",
            Self::PublicExtension(_) => "codes-item-type-public-extension",
        }
    }

    /// Whether somebody applies for it (依申请); the others an authority does of its own accord.
    pub fn on_application(self) -> bool {
        match self {
            Self::Licence | Self::Benefit | Self::Confirmation | Self::Reward | Self::Adjudication => true,
            Self::OtherPower | Self::PublicService | Self::PublicExtension(_) => true,
            Self::PowerGroup | Self::Penalty | Self::Coercion | Self::Levy | Self::Inspection => false,
            Self::PowerExtension(_) => false,
        }
    }
}

/// Which level of government exercises the power.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExerciseLevel {
    National,
    Province,
    City,
    County,
    #[serde(rename = "street")]
    Town,
    #[serde(rename = "community")]
    Village,
    #[serde(rename = "multiple")]
    MultiLevel,
}

impl CodeSet for ExerciseLevel {
    const ALL: &'static [Self] =
        &[Self::National, Self::Province, Self::City, Self::County, Self::Town, Self::Village, Self::MultiLevel];

    fn row(self) -> (u8, &'static str) {
        match self {
            Self::National => (1, "codes-exercise-level-national"),
            Self::Province => (2, "codes-exercise-level-province"),
            Self::City => (3, "codes-exercise-level-city"),
            Self::County => (4, "codes-exercise-level-county"),
            Self::Town => (5, "codes-exercise-level-town"),
            Self::Village => (6, "codes-exercise-level-village"),
            Self::MultiLevel => (7, "codes-exercise-level-multi-level"),
        }
    }
}

/// By what right the body implements the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BodyNature {
    #[serde(rename = "statutory-organ")]
    Statutory,
    #[serde(rename = "authorised-organisation")]
    Authorised,
    #[serde(rename = "entrusted-organisation")]
    Entrusted,
    Other,
}

impl CodeSet for BodyNature {
    const ALL: &'static [Self] = &[Self::Statutory, Self::Authorised, Self::Entrusted, Self::Other];

    fn row(self) -> (u8, &'static str) {
        match self {
            Self::Statutory => (1, "codes-body-nature-statutory"),
            Self::Authorised => (2, "codes-body-nature-authorised"),
            Self::Entrusted => (3, "codes-body-nature-entrusted"),
            Self::Other => (9, "codes-body-nature-other"),
        }
    }
}

/// How an applicant can have it handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HandlingForm {
    Counter,
    Web,
    Mobile,
    Courier,
    Other,
}

impl CodeSet for HandlingForm {
    const ALL: &'static [Self] = &[Self::Counter, Self::Web, Self::Mobile, Self::Courier, Self::Other];

    fn row(self) -> (u8, &'static str) {
        match self {
            Self::Counter => (1, "codes-handling-form-counter"),
            Self::Web => (2, "codes-handling-form-web"),
            Self::Mobile => (3, "codes-handling-form-mobile"),
            Self::Courier => (4, "codes-handling-form-courier"),
            Self::Other => (9, "codes-handling-form-other"),
        }
    }
}

/// 即办件 decided at once, 承诺件 decided within a promised limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseType {
    Instant,
    Promised,
    Other,
}

impl CodeSet for CaseType {
    const ALL: &'static [Self] = &[Self::Instant, Self::Promised, Self::Other];

    fn row(self) -> (u8, &'static str) {
        match self {
            Self::Instant => (1, "codes-case-type-instant"),
            Self::Promised => (2, "codes-case-type-promised"),
            Self::Other => (9, "codes-case-type-other"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn item_types_keep_their_numbers() {
        let mut on_application = Vec::new();
        for code in 0..100 {
            assert_eq!(ItemType::from_code(code).code(), code);
            on_application.extend(ItemType::from_code(code).on_application().then_some(code));
        }
        assert_eq!(on_application[..7], [1, 5, 7, 8, 9, 10, 20]);
        assert_eq!(on_application[6..], (20..100).collect::<Vec<u8>>());
    }

    #[test]
    fn an_unknown_number_lists_the_known_ones() {
        let error = CaseType::from_code(3).unwrap_err();
        assert_eq!(error.key(), "codes-code-set-value");
        assert!(error.args().contains(&("expected", "1, 2, 9".to_owned())));
    }
}
