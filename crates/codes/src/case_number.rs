//! Case numbers: implementation code 31, date of application 8, sequence of the day 4, as Guangdong writes them.
//!
//! The exchange's column takes 50 characters, so a day on which one item has more than 9,999 cases is no difficulty:
//! the sequence grows to five digits and more, up to eleven (10000 follows 9999). It is never padded beyond four, so
//! each case has one spelling, and the item and the date stay where every reader expects them.

use std::fmt;

use time::Date;

use crate::error::{CodeError, CodeKind, Fault};
use crate::input::{DIGITS, Input, compact, date_at};
use crate::item_code::{ImplementationCode, foreign_text};

/// The largest sequence that 50 characters hold.
const LAST_SEQUENCE: u64 = 99_999_999_999;
const LENGTHS: &str = "43-50";
const BEFORE_SEQUENCE: usize = 39;

/// A number that this system gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseNumber {
    item: ImplementationCode,
    date: Date,
    sequence: u64,
}

impl CaseNumber {
    const KIND: CodeKind = CodeKind::CaseNumber;

    /// The number of the `sequence`-th case (from 1) of an item on a day.
    ///
    /// # Errors
    /// A sequence of 0 or of more than eleven digits.
    pub fn compose(item: ImplementationCode, date: Date, sequence: u64) -> Result<Self, CodeError> {
        if (1..=LAST_SEQUENCE).contains(&sequence) {
            return Ok(Self { item, date, sequence });
        }
        Err(refused_sequence(sequence.to_string()))
    }

    /// Reads 43 to 50 characters.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let input = Input::read(Self::KIND, text);
        if !(43..=50).contains(&input.len()) {
            return Err(input.wrong_length(LENGTHS));
        }
        let digits = input.text();
        let item: String = digits.chars().take(31).collect();
        let item = ImplementationCode::parse(&item).map_err(|error| error.within(Self::KIND, 0))?;
        input.check(31, &[(input.len() - 31, &DIGITS)])?;
        let (day, sequence) = (&digits[31..BEFORE_SEQUENCE], &digits[BEFORE_SEQUENCE..]);
        let date = date_at(day, 0).ok_or_else(|| input.error(Fault::Date { position: 32, found: day.to_owned() }))?;
        match sequence.parse() {
            Ok(number) if number > 0 && (sequence.len() == 4 || !sequence.starts_with('0')) => {
                Ok(Self { item, date, sequence: number })
            }
            _ => Err(refused_sequence(sequence.to_owned())),
        }
    }

    /// The item that was applied for.
    pub fn item(&self) -> ImplementationCode {
        self.item
    }

    /// The day of application.
    pub fn date(&self) -> Date {
        self.date
    }

    /// Which case of the item on that day, from 1.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }
}

fn refused_sequence(found: String) -> CodeError {
    let expected = format!("0001-{LAST_SEQUENCE}");
    CodeError::new(CaseNumber::KIND, Fault::Value { position: BEFORE_SEQUENCE + 1, found, expected })
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{:04}", self.item, compact(self.date), self.sequence)
    }
}

/// A number that another system gave, kept as it came: 1 to 50 characters without white space.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ForeignCaseNumber(String);

impl ForeignCaseNumber {
    /// Reads up to 50 characters.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        foreign_text(CodeKind::CaseNumber, text).map(Self)
    }

    /// The number as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Item, date and sequence, when the other system writes them as we do.
    pub fn recognised(&self) -> Option<CaseNumber> {
        CaseNumber::parse(&self.0).ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    const ITEM: &str = "12441500196720244T3442199806003";

    fn item() -> ImplementationCode {
        ImplementationCode::parse(ITEM).unwrap()
    }

    #[test]
    fn a_number_is_43_characters() {
        let number = CaseNumber::compose(item(), date!(2026 - 11 - 21), 7).unwrap();
        assert_eq!(number.to_string(), format!("{ITEM}202611210007"));
        assert_eq!(number.to_string().len(), 43);
    }

    #[test]
    fn a_busy_day_needs_more_digits() {
        let day = date!(2026 - 09 - 01);
        let after_the_last = CaseNumber::compose(item(), day, 10_000).unwrap().to_string();
        assert_eq!((after_the_last.len(), after_the_last.ends_with("2026090110000")), (44, true));
        assert_eq!(CaseNumber::compose(item(), day, LAST_SEQUENCE).unwrap().to_string().len(), 50);
        assert!(CaseNumber::compose(item(), day, LAST_SEQUENCE + 1).is_err());
    }

    #[test]
    fn errors_say_where_and_what() {
        let error = |tail: &str| CaseNumber::parse(&format!("{ITEM}{tail}")).unwrap_err();
        assert_eq!(error("202611310007").fault, Fault::Date { position: 32, found: "20261131".to_owned() });
        assert_eq!(error("202611210000").key(), "codes-case-number-value");
        assert_eq!(error("2026112100007").span(), Some(40..45));
        assert_eq!(error("2026112100O7").fault, Fault::Character { position: 42, found: 'O', expected: "0-9" });
        assert_eq!(error("2026").fault, Fault::Length { found: 35, expected: "43-50" });
        let forged = CaseNumber::parse("12441500196720244X3442199806003202611210007").unwrap_err();
        assert_eq!(forged.key(), "codes-case-number-check");
        assert!(CaseNumber::parse(&"中".repeat(43)).is_err());
    }

    #[test]
    fn foreign_numbers_are_kept() {
        let ours = ForeignCaseNumber::parse(&format!("{ITEM}202611210007")).unwrap();
        assert_eq!(ours.recognised().unwrap().sequence(), 7);
        let theirs = ForeignCaseNumber::parse("浙A-2026/0001").unwrap();
        assert_eq!((theirs.as_str(), theirs.recognised()), ("浙A-2026/0001", None));
        assert!(ForeignCaseNumber::parse(&"1".repeat(51)).is_err());
    }

    proptest! {
        #[test]
        fn numbers_parse_to_themselves(day in 0i32..20_000, sequence in 1..=LAST_SEQUENCE, digits in 1u32..11) {
            let date = Date::from_julian_day(date!(2000 - 01 - 01).to_julian_day() + day).unwrap();
            let sequence = (sequence % 10u64.pow(digits)).max(1);
            let number = CaseNumber::compose(item(), date, sequence).unwrap();
            prop_assert!((43..=50).contains(&number.to_string().len()));
            prop_assert_eq!(CaseNumber::parse(&number.to_string()), Ok(number));
        }
    }
}
