//! Identification codes of public services, and the working-day calendar: pure functions, no clock, no storage.
//!
//! What people and other systems type or send is parsed here into types that cannot hold a wrong check digit; what
//! is wrong comes back as a [`CodeError`] that names the position, what stands there and what belongs there.
//!
//! | module | code | source |
//! |---|---|---|
//! | [`resident_id`] | citizen identification number, 18 | GB 11643 |
//! | [`uscc`], [`organisation_code`] | unified social credit code 18, organisation code 9 | GB 32100, GB 11714 |
//! | [`item_code`] | service items: 12, 31, 33, local | national exchange schema, GB/T 39046 |
//! | [`code_sets`], [`case_sets`] | item types, levels, objects, forms … | GB/T 39046 annex A |
//! | [`case_number`] | case numbers, 43 to 50 | national exchange schema |
//! | [`certificate_id`] | electronic certificate identifiers | GB/T 36904, ISO 7064 |
//! | [`division`], [`divisions`] | administrative divisions, 2 to 12 digits | GB/T 2260, GB/T 10114 |
//! | [`calendar`] | working days, holidays, worked weekends | State Council's yearly notices |
//!
//! Invariant: what a code writes (`as_str`, else `Display`) it reads back as itself. Each type has a test of it.
//!
//! Start with [`resident_id`]; every other code follows the same pattern: read, check, keep as fixed ASCII.

pub mod calendar;
mod calendar_rows;
pub mod case_number;
pub mod case_sets;
pub mod certificate_id;
pub mod code_sets;
pub mod division;
pub mod divisions;
mod error;
mod input;
mod iso7064;
pub mod item_code;
pub mod organisation_code;
pub mod resident_id;
pub mod uscc;

pub use calendar::{Reckoned, WorkCalendar};
pub use calendar_rows::YearDays;
pub use case_number::{CaseNumber, ForeignCaseNumber};
pub use case_sets::{CrossRange, ItemState, PowerSource, ResultType, Satisfaction, ServiceObject, SpecialProcedure};
pub use certificate_id::{CertificateId, CertificateType, Issuer};
pub use code_sets::{BodyNature, CaseType, CodeSet, ExerciseLevel, HandlingForm, ItemType};
pub use division::{DivisionCode, Level};
pub use divisions::{Division, Divisions};
pub use error::{CodeError, CodeKind, Fault, KEYS};
pub use item_code::{BasicCode, HandlingItemCode, ImplementationCode, LocalItemCode, RegionWarning};
pub use organisation_code::OrganisationCode;
pub use resident_id::{ResidentId, Sex};
pub use uscc::Uscc;
