//! Whatever is typed: an answer or an error whose key exists, whose span begins in the text or right after it
//! (where something is missing); never a panic.

use codes::{
    BasicCode, CaseNumber, CertificateId, CertificateType, CodeError, DivisionCode, ForeignCaseNumber,
    HandlingItemCode, ImplementationCode, KEYS, LocalItemCode, OrganisationCode, ResidentId, Uscc,
};
use proptest::prelude::*;
use time::macros::date;

type Reader = fn(&str) -> Result<(), CodeError>;

const READERS: [Reader; 12] = [
    |text| ResidentId::parse(text, date!(2026 - 11 - 21)).map(drop),
    |text| ResidentId::upgrade(text, date!(2026 - 11 - 21)).map(drop),
    |text| OrganisationCode::parse(text).map(drop),
    |text| Uscc::parse(text).map(drop),
    |text| BasicCode::parse(text).map(drop),
    |text| ImplementationCode::parse(text).map(drop),
    |text| HandlingItemCode::parse(text).map(drop),
    |text| LocalItemCode::parse(text).map(drop),
    |text| CaseNumber::parse(text).map(drop),
    |text| ForeignCaseNumber::parse(text).map(drop),
    |text| CertificateId::parse(text).map(drop),
    |text| CertificateType::parse(text).map(drop).and_then(|()| DivisionCode::parse(text).map(drop)),
];

fn check(text: &str) -> Result<(), TestCaseError> {
    for read in READERS {
        if let Err(error) = read(text) {
            prop_assert!(KEYS.contains(&error.key().as_str()), "{}", error.key());
            let length = text.chars().count();
            prop_assert!(
                error.span().is_none_or(|span| span.start >= 1 && span.start <= length + 1),
                "{error} in {text}"
            );
            prop_assert!(!error.to_string().is_empty() && !error.args().is_empty());
        }
    }
    Ok(())
}

/// The national identifiers among the shapes, so that changes reach the inner checks.
const SEEDS: [&str; 6] = [
    "110101199003071233",
    "12441500196720244T",
    "12441500196720244T3442199806003",
    "12441500196720244T344219980600301",
    "12441500196720244T3442199806003202611210007",
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
];

proptest! {
    #[test]
    fn any_text(text in "\\PC{0,140}") {
        check(&text)?;
    }

    #[test]
    fn any_digits(text in "[0-9]{1,60}") {
        check(&text)?;
    }

    #[test]
    fn a_good_code_with_one_change(seed in 0usize..6, at in 0usize..80, c in any::<char>(), cut in any::<bool>()) {
        let mut typed: Vec<char> = SEEDS[seed].chars().collect();
        let at = at % typed.len();
        if cut { typed.truncate(at); } else { typed[at] = c; }
        check(&typed.iter().collect::<String>())?;
    }
}
