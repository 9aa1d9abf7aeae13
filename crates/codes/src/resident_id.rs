//! The citizen identification number of GB 11643: six digits of a division, eight of the birth date, three of a
//! sequence (odd for men, even for women) and one check character.
//!
//! The division is the one at the time of registration and may be abolished since: an unknown one is not an error.

use std::fmt;

use time::Date;

use crate::division::DivisionCode;
use crate::error::{CodeError, CodeKind, Fault};
use crate::input::{Alphabet, Ascii, DIGITS, Input, NOT_ZERO, compact, date_at};

const CHECK: Alphabet = Alphabet { chars: "0123456789X", label: "0-9 X" };

/// Check characters by remainder of the weighted sum, and the weights of the first 17 digits (GB 11643).
const CHECK_BY_REMAINDER: &[u8; 11] = b"10X98765432";
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// Nobody who ever held such a number was born earlier: a year below this is a slip of the pen.
const FIRST_BIRTH_YEAR: i32 = 1800;

/// A number with real birth date and right check character. Invariant: 17 digits, then a digit or `X`.
///
/// `Debug` shows the masked form and there is no `Display`, so that a full number reaches a page, a log or a table
/// only where somebody wrote `as_str`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResidentId(Ascii<18>);

/// Sex as GB/T 2261.1 numbers it: 1 male, 2 female.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    Male,
    Female,
}

impl Sex {
    /// 1 or 2 (GB/T 2261.1).
    pub fn code(self) -> u8 {
        match self {
            Self::Male => 1,
            Self::Female => 2,
        }
    }

    /// The text key of the word.
    pub fn key(self) -> &'static str {
        match self {
            Self::Male => "codes-sex-male",
            Self::Female => "codes-sex-female",
        }
    }
}

impl ResidentId {
    /// Reads an 18-character number; spaces, full-width digits and a small `x` are accepted.
    ///
    /// # Errors
    /// Wrong length or character; a birth date that is no day, or after `today`; a check character that does not
    /// fit. They are looked for in this order, so the first error is the most exact one.
    pub fn parse(text: &str, today: Date) -> Result<Self, CodeError> {
        let input = Input::read(CodeKind::ResidentId, text);
        let digits: Ascii<18> = input.fixed("18", &[(1, &NOT_ZERO), (16, &DIGITS), (1, &CHECK)])?;
        let found = || digits.as_str()[6..14].to_owned();
        match date_at(digits.as_str(), 6) {
            None => return Err(input.error(Fault::Date { position: 7, found: found() })),
            Some(birth) if birth.year() < FIRST_BIRTH_YEAR => {
                return Err(input.error(Fault::Date { position: 7, found: found() }));
            }
            Some(birth) if birth > today => {
                return Err(input.error(Fault::Future { position: 7, found: found(), today }));
            }
            Some(_) => {}
        }
        let expected = check_character(digits.as_str());
        match digits.char(17) {
            right if right == expected => Ok(Self(digits)),
            found => Err(input.error(Fault::Check { position: 18, found, expected })),
        }
    }

    /// The 18-character number of an old 15-digit one: the century 19 is inserted and the check character added
    /// (GB 11643-1999). Old records carry such numbers; nobody can still identify themselves by one.
    pub fn upgrade(old: &str, today: Date) -> Result<Self, CodeError> {
        let input = Input::read(CodeKind::ResidentId, old);
        let digits: Ascii<15> = input.fixed("15", &[(1, &NOT_ZERO), (14, &DIGITS)])?;
        let (division, rest) = digits.as_str().split_at(6);
        Self::complete(&format!("{division}19{rest}"), today)
    }

    /// The number of somebody registered in `division` (its first six digits count), born on `birth`, with a
    /// sequence of 0 to 999 (odd: male). For generators of fictional people.
    pub fn compose(division: DivisionCode, birth: Date, sequence: u16) -> Result<Self, CodeError> {
        if sequence > 999 {
            let (found, expected) = (sequence.to_string(), "0-999".to_owned());
            return Err(CodeError::new(CodeKind::ResidentId, Fault::Value { position: 15, found, expected }));
        }
        let body = format!("{}{}{sequence:03}", division.county_digits(), compact(birth));
        Self::complete(&body, birth)
    }

    fn complete(first_17: &str, today: Date) -> Result<Self, CodeError> {
        Self::parse(&format!("{first_17}{}", check_character(first_17)), today)
    }

    /// All 18 characters: for storage and for asking registers, never for a page (see [`Self::masked`]).
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The first and the last character, the rest hidden. Less than the usual 6 + 4: neither the home county nor the
    /// birth date nor the sex can be read from it, yet the members of a household can tell theirs apart.
    pub fn masked(&self) -> String {
        format!("{}{}{}", self.0.char(0), "*".repeat(16), self.0.char(17))
    }

    /// Day of birth (characters 7 to 14).
    pub fn birth_date(&self) -> Date {
        date_at(self.as_str(), 6).expect("checked when parsed")
    }

    /// Sex, by the parity of character 17.
    pub fn sex(&self) -> Sex {
        if self.0.number(16..17) % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// The county of first registration; possibly abolished since.
    pub fn division(&self) -> DivisionCode {
        DivisionCode::parse(&self.as_str()[..6]).expect("six digits that do not begin with 0")
    }
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentId({})", self.masked())
    }
}

/// The check character of the first 17 digits (GB 11643).
fn check_character(digits: &str) -> char {
    let values = digits.chars().filter_map(|c| c.to_digit(10));
    let sum: u32 = values.zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    char::from(CHECK_BY_REMAINDER[(sum % 11) as usize])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 21);

    fn fault(text: &str) -> Fault {
        ResidentId::parse(text, TODAY).unwrap_err().fault
    }

    #[test]
    fn parts_can_be_read() {
        let id = ResidentId::parse("110101199003071233", TODAY).unwrap();
        assert_eq!(id.birth_date(), date!(1990 - 03 - 07));
        assert_eq!((id.sex(), id.division().to_string()), (Sex::Male, "110101".to_owned()));
        assert_eq!(id.masked(), "1****************3");
        assert_eq!(format!("{id:?}"), "ResidentId(1****************3)");
    }

    #[test]
    fn forgiving_where_nothing_is_lost() {
        let id = ResidentId::parse("11010519491231002X", TODAY).unwrap();
        for text in ["11010519491231002x", " 110105 19491231\u{3000}002x\n", "１１０１０５１９４９１２３１００２ｘ"]
        {
            assert_eq!(ResidentId::parse(text, TODAY).unwrap(), id);
        }
    }

    #[test]
    fn errors_say_where_and_what() {
        assert_eq!(fault("110101199003071234"), Fault::Check { position: 18, found: '4', expected: '3' });
        assert_eq!(fault("11010119900307123"), Fault::Length { found: 17, expected: "18" });
        assert_eq!(fault("1101011990O3071233"), Fault::Character { position: 11, found: 'O', expected: "0-9" });
        assert_eq!(fault("010101199003071233"), Fault::Character { position: 1, found: '0', expected: "1-9" });
        assert_eq!(fault("11010119900230123X"), Fault::Date { position: 7, found: "19900230".to_owned() });
        assert_eq!(fault("11010110900307123X"), Fault::Date { position: 7, found: "10900307".to_owned() });
        assert_eq!(fault("11010120270101123X"), Fault::Future { position: 7, found: "20270101".into(), today: TODAY });
        assert_eq!(fault("号码不对"), Fault::Length { found: 4, expected: "18" });
        assert_eq!(fault(&"1".repeat(10 << 20)), Fault::Length { found: 10 << 20, expected: "18" });
    }

    #[test]
    fn born_today_is_not_the_future() {
        let division = DivisionCode::parse("990102").unwrap();
        let id = ResidentId::compose(division, TODAY, 2).unwrap();
        assert_eq!((id.birth_date(), id.sex()), (TODAY, Sex::Female));
        assert!(ResidentId::compose(division, TODAY, 1000).is_err());
    }

    #[test]
    fn an_old_number_is_completed() {
        let id = ResidentId::upgrade("110101900307123", TODAY).unwrap();
        assert_eq!(id.as_str(), "110101199003071233");
        assert!(ResidentId::upgrade("110101901307123", TODAY).is_err());
    }

    fn any_id() -> impl Strategy<Value = ResidentId> {
        let first = Date::from_calendar_date(1900, time::Month::January, 1).unwrap().to_julian_day();
        (100_000u32..1_000_000, first..=TODAY.to_julian_day(), 0u16..1000).prop_map(|(division, day, sequence)| {
            let division = DivisionCode::parse(&division.to_string()).unwrap();
            ResidentId::compose(division, Date::from_julian_day(day).unwrap(), sequence).unwrap()
        })
    }

    proptest! {
        #[test]
        fn composed_numbers_parse_to_themselves(id in any_id()) {
            prop_assert_eq!(ResidentId::parse(id.as_str(), TODAY), Ok(id));
        }

        /// Each weight and 11 have no common factor: a single wrong digit never passes, and the error points at
        /// the check character, at the date that holds the digit, or at the digit itself.
        #[test]
        fn one_wrong_digit_is_always_caught(id in any_id(), at in 0usize..18, digit in 0u32..10) {
            let mut typed: Vec<char> = id.as_str().chars().collect();
            let digit = char::from_digit(digit, 10).unwrap();
            prop_assume!(typed[at] != digit);
            typed[at] = digit;
            let error = ResidentId::parse(&typed.iter().collect::<String>(), TODAY).unwrap_err();
            let span = error.span().unwrap();
            let is_check = matches!(error.fault, Fault::Check { position: 18, .. });
            prop_assert!(is_check || span.contains(&(at + 1)), "{error} for a slip at {}", at + 1);
        }

        /// Neighbours have different weights: swapping two different digits is caught as well.
        #[test]
        fn swapped_neighbours_are_always_caught(id in any_id(), at in 0usize..16) {
            let mut typed: Vec<char> = id.as_str().chars().collect();
            prop_assume!(typed[at] != typed[at + 1]);
            typed.swap(at, at + 1);
            prop_assert!(ResidentId::parse(&typed.iter().collect::<String>(), TODAY).is_err());
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let parsed = ResidentId::parse(&text, TODAY);
            prop_assert!(parsed.map_or_else(|e| crate::KEYS.contains(&e.key().as_str()), |id| id.as_str().len() == 18));
        }
    }
}
