//! Code sets that describe cases, and how an item stands: GB/T 39046-2020 annex A and the dictionaries that
//! deployed systems share.

use serde::{Deserialize, Serialize};

use crate::code_sets::CodeSet;
use crate::error::{CodeError, CodeKind, Fault};

/// Whom an item serves. Two standards number the last values differently, so there is no single number: choose the
/// one of the interface that is being spoken (GB/T 39046, or the national exchange and rating interface).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceObject {
    NaturalPerson,
    Enterprise,
    PublicInstitution,
    SocialOrganisation,
    /// 非法人企业: apart only in the exchange; GB/T 39046 counts it among the enterprises.
    UnincorporatedEnterprise,
    AdministrativeOrgan,
    Other,
}

impl ServiceObject {
    /// Every value.
    pub const ALL: &'static [Self] = &[
        Self::NaturalPerson,
        Self::Enterprise,
        Self::PublicInstitution,
        Self::SocialOrganisation,
        Self::UnincorporatedEnterprise,
        Self::AdministrativeOrgan,
        Self::Other,
    ];

    /// The number in GB/T 39046: 5 administrative organ, 6 other.
    pub fn to_gb39046(self) -> u8 {
        match self {
            Self::NaturalPerson => 1,
            Self::Enterprise | Self::UnincorporatedEnterprise => 2,
            Self::PublicInstitution => 3,
            Self::SocialOrganisation => 4,
            Self::AdministrativeOrgan => 5,
            Self::Other => 6,
        }
    }

    /// The number in the exchange and rating interface: 5 unincorporated enterprise, 6 administrative organ, 9 other.
    pub fn to_exchange(self) -> u8 {
        match self {
            Self::NaturalPerson => 1,
            Self::Enterprise => 2,
            Self::PublicInstitution => 3,
            Self::SocialOrganisation => 4,
            Self::UnincorporatedEnterprise => 5,
            Self::AdministrativeOrgan => 6,
            Self::Other => 9,
        }
    }

    /// The value of a number in GB/T 39046.
    pub fn from_gb39046(code: u8) -> Result<Self, CodeError> {
        Self::find(code, Self::to_gb39046, "1-6")
    }

    /// The value of a number in the exchange and rating interface.
    pub fn from_exchange(code: u8) -> Result<Self, CodeError> {
        Self::find(code, Self::to_exchange, "1-6, 9")
    }

    fn find(code: u8, number: fn(Self) -> u8, expected: &str) -> Result<Self, CodeError> {
        Self::ALL.iter().copied().find(|value| number(*value) == code).ok_or_else(|| {
            let (found, expected) = (code.to_string(), expected.to_owned());
            CodeError::new(CodeKind::CodeSet, Fault::Value { position: 1, found, expected })
        })
    }

    /// The text key of the name.
    pub fn key(self) -> &'static str {
        match self {
            Self::NaturalPerson => "codes-service-object-natural-person",
            Self::Enterprise => "codes-service-object-enterprise",
            Self::PublicInstitution => "codes-service-object-public-institution",
            Self::SocialOrganisation => "codes-service-object-social-organisation",
            Self::UnincorporatedEnterprise => "codes-service-object-unincorporated-enterprise",
            Self::AdministrativeOrgan => "codes-service-object-administrative-organ",
            Self::Other => "codes-service-object-other",
        }
    }
}

/// Procedures whose time is not counted in the ordinary limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpecialProcedure {
    Extension,
    Other,
}

impl CodeSet for SpecialProcedure {
    const ALL: &'static [Self] = &[Self::Extension, Self::Other];

    fn row(self) -> (u8, &'static str) {
        match self {
            Self::Extension => (1, "codes-special-procedure-extension"),
            Self::Other => (2, "codes-special-procedure-other"),
        }
    }
}

/// Satisfaction as GB/T 39046 numbers it: 1 is best. The national rating interface counts stars, 5 is best: keep
/// stars, and convert at the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Satisfaction {
    VerySatisfied,
    Satisfied,
    Fair,
    Dissatisfied,
    VeryDissatisfied,
}

impl CodeSet for Satisfaction {
    const ALL: &'static [Self] =
        &[Self::VerySatisfied, Self::Satisfied, Self::Fair, Self::Dissatisfied, Self::VeryDissatisfied];

    fn row(self) -> (u8, &'static str) {
        match self {
            Self::VerySatisfied => (1, "codes-satisfaction-very-satisfied"),
            Self::Satisfied => (2, "codes-satisfaction-satisfied"),
            Self::Fair => (3, "codes-satisfaction-fair"),
            Self::Dissatisfied => (4, "codes-satisfaction-dissatisfied"),
            Self::VeryDissatisfied => (5, "codes-satisfaction-very-dissatisfied"),
        }
    }
}

impl Satisfaction {
    /// 5 for very satisfied … 1 for very dissatisfied.
    pub fn stars(self) -> u8 {
        6 - self.code()
    }

    /// The level of 1 to 5 stars.
    pub fn from_stars(stars: u8) -> Result<Self, CodeError> {
        Self::from_code(6u8.saturating_sub(stars)).map_err(|error| {
            let (found, expected) = (stars.to_string(), "1-5".to_owned());
            CodeError::new(error.kind, Fault::Value { position: 1, found, expected })
        })
    }
}

/// Where the power to handle an item comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PowerSource {
    OwnLevel,
    DelegatedDown,
    AuthorisedBySuperior,
    AuthorisedByPeer,
    EntrustedBySuperior,
    EntrustedByPeer,
}

impl CodeSet for PowerSource {
    const ALL: &'static [Self] = &[
        Self::OwnLevel,
        Self::DelegatedDown,
        Self::AuthorisedBySuperior,
        Self::AuthorisedByPeer,
        Self::EntrustedBySuperior,
        Self::EntrustedByPeer,
    ];

    fn row(self) -> (u8, &'static str) {
        match self {
            Self::OwnLevel => (1, "codes-power-source-own-level"),
            Self::DelegatedDown => (2, "codes-power-source-delegated-down"),
            Self::AuthorisedBySuperior => (3, "codes-power-source-authorised-by-superior"),
            Self::AuthorisedByPeer => (4, "codes-power-source-authorised-by-peer"),
            Self::EntrustedBySuperior => (5, "codes-power-source-entrusted-by-superior"),
            Self::EntrustedByPeer => (6, "codes-power-source-entrusted-by-peer"),
        }
    }
}

/// Whether an item can be applied for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemState {
    InUse,
    Suspended,
    Cancelled,
}

impl CodeSet for ItemState {
    const ALL: &'static [Self] = &[Self::InUse, Self::Suspended, Self::Cancelled];

    fn row(self) -> (u8, &'static str) {
        match self {
            Self::InUse => (1, "codes-item-state-in-use"),
            Self::Suspended => (2, "codes-item-state-suspended"),
            Self::Cancelled => (3, "codes-item-state-cancelled"),
        }
    }
}

/// How far from home an item can be handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CrossRange {
    Nation,
    Province,
    City,
    County,
    #[serde(rename = "street")]
    Town,
    Villages,
}

impl CodeSet for CrossRange {
    const ALL: &'static [Self] = &[Self::Nation, Self::Province, Self::City, Self::County, Self::Town, Self::Villages];

    fn row(self) -> (u8, &'static str) {
        match self {
            Self::Nation => (1, "codes-cross-range-nation"),
            Self::Province => (2, "codes-cross-range-province"),
            Self::City => (3, "codes-cross-range-city"),
            Self::County => (4, "codes-cross-range-county"),
            Self::Town => (5, "codes-cross-range-town"),
            Self::Villages => (6, "codes-cross-range-villages"),
        }
    }
}

/// What the applicant receives in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResultType {
    Certificate,
    #[serde(rename = "approval")]
    ApprovalDocument,
    Other,
    #[serde(rename = "none")]
    Nothing,
}

impl CodeSet for ResultType {
    const ALL: &'static [Self] = &[Self::Certificate, Self::ApprovalDocument, Self::Other, Self::Nothing];

    fn row(self) -> (u8, &'static str) {
        match self {
            Self::Certificate => (1, "codes-result-type-certificate"),
            Self::ApprovalDocument => (2, "codes-result-type-approval-document"),
            Self::Other => (3, "codes-result-type-other"),
            Self::Nothing => (4, "codes-result-type-nothing"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn service_objects_differ_between_the_standards() {
        for object in ServiceObject::ALL {
            assert_eq!(ServiceObject::from_exchange(object.to_exchange()), Ok(*object));
        }
        assert_eq!(ServiceObject::from_gb39046(5), Ok(ServiceObject::AdministrativeOrgan));
        assert_eq!(ServiceObject::from_exchange(5), Ok(ServiceObject::UnincorporatedEnterprise));
        assert_eq!(ServiceObject::from_gb39046(2), Ok(ServiceObject::Enterprise));
        assert!(ServiceObject::from_gb39046(9).is_err() && ServiceObject::from_exchange(7).is_err());
    }

    #[test]
    fn stars_run_the_other_way() {
        assert_eq!(Satisfaction::from_stars(5), Ok(Satisfaction::VerySatisfied));
        for level in Satisfaction::ALL {
            assert_eq!(Satisfaction::from_stars(level.stars()), Ok(*level));
            assert_eq!(level.stars() + level.code(), 6);
        }
        for stars in [0, 6, 255] {
            let error = Satisfaction::from_stars(stars).unwrap_err();
            assert!(error.args().contains(&("found", stars.to_string())));
        }
    }
}
