//! The unified social credit code of GB 32100: registrar 1, category 1, division 6, organisation code 9, check 1.

use std::fmt;

use crate::division::DivisionCode;
use crate::error::{CodeError, CodeKind, Fault};
use crate::input::{Alphabet, Ascii, DIGITS, Input};
use crate::organisation_code::{self, OrganisationCode};

/// Digits and capitals without I, O, S, V, Z (GB 32100).
pub(crate) const ALPHABET: Alphabet =
    Alphabet { chars: "0123456789ABCDEFGHJKLMNPQRTUWXY", label: "0-9 A-H J-N P-R T U W-Y" };

/// The shape of a code, for those who contain one.
pub(crate) const PATTERN: [(usize, &Alphabet); 3] = [(2, &ALPHABET), (6, &DIGITS), (10, &ALPHABET)];

/// 3ⁱ mod 31 for i = 0 to 16 (GB 32100).
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// A code whose own check character and whose organisation code's check character are right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uscc(Ascii<18>);

impl Uscc {
    /// Reads 18 characters; small letters, spaces and full-width forms are accepted.
    ///
    /// # Errors
    /// Wrong length or character; check character 18 (GB 32100); check character 17 (GB 11714) when 18 is right.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let input = Input::read(CodeKind::Uscc, text);
        let code: Ascii<18> = input.fixed("18", &PATTERN)?;
        let checks =
            [(17, check_character(code.as_str())), (16, organisation_code::check_character(&code.as_str()[8..16]))];
        for (at, expected) in checks {
            let found = code.char(at);
            if found != expected {
                return Err(input.error(Fault::Check { position: at + 1, found, expected }));
            }
        }
        Ok(Self(code))
    }

    /// A code with both check characters computed. `first_8` is the organisation code without its check character;
    /// the first six digits of `division` count. For generators of fictional bodies.
    pub fn compose(registrar: char, category: char, division: DivisionCode, first_8: &str) -> Result<Self, CodeError> {
        let organisation = OrganisationCode::compose(first_8)?;
        let body = format!("{registrar}{category}{}{}", division.county_digits(), organisation.as_str());
        Self::parse(&format!("{body}{}", check_character(&body)))
    }

    /// All 18 characters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Character 1: which administration registers the body (1 staffing, 5 civil affairs, 9 market supervision …).
    pub fn registrar(&self) -> char {
        self.0.char(0)
    }

    /// Character 2: the category within the registrar.
    pub fn category(&self) -> char {
        self.0.char(1)
    }

    /// Characters 3 to 8: where the body was registered. `None` for the few codes that name no division (`000000`).
    pub fn division(&self) -> Option<DivisionCode> {
        DivisionCode::parse(&self.as_str()[2..8]).ok()
    }

    /// Characters 9 to 17.
    pub fn organisation_code(&self) -> OrganisationCode {
        OrganisationCode::parse(&self.as_str()[8..17]).expect("checked when parsed")
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// GB 32100: what completes the weighted sum of the first 17 to a multiple of 31.
fn check_character(body: &str) -> char {
    let values = body.chars().filter_map(|c| ALPHABET.value(c));
    let sum: u32 = values.zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    ALPHABET.char((31 - sum % 31) % 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parts_can_be_read() {
        let code = Uscc::parse("12441500196720244t").unwrap();
        assert_eq!((code.registrar(), code.category()), ('1', '2'));
        assert_eq!(code.division().unwrap().to_string(), "441500");
        assert_eq!(code.organisation_code().to_string(), "19672024-4");
        assert_eq!(code.to_string(), "12441500196720244T");
    }

    #[test]
    fn errors_say_where_and_what() {
        let fault = |text: &str| Uscc::parse(text).unwrap_err().fault;
        assert_eq!(fault("11440300MB2C93074F"), Fault::Check { position: 18, found: 'F', expected: '6' });
        assert_eq!(fault("1244150019672024"), Fault::Length { found: 16, expected: "18" });
        let expected = ALPHABET.label;
        assert_eq!(fault("1244150O196720244T"), Fault::Character { position: 8, found: 'O', expected: "0-9" });
        assert_eq!(fault("12441500I96720244T"), Fault::Character { position: 9, found: 'I', expected });
        // Check character 18 fits, 17 does not: 0 in its place and 18 computed for that.
        let body = "12441500196720240";
        let typed = format!("{body}{}", check_character(body));
        assert_eq!(fault(&typed), Fault::Check { position: 17, found: '0', expected: '4' });
    }

    fn any_code() -> impl Strategy<Value = Uscc> {
        let digits = 100_000u32..1_000_000;
        (digits, "[0-9A-HJ-NPQRTUWXY]{8}", "[1-9AN]", "[1-9]").prop_map(|(division, body, registrar, category)| {
            let division = DivisionCode::parse(&division.to_string()).unwrap();
            let first = |text: &str| text.chars().next().unwrap();
            Uscc::compose(first(&registrar), first(&category), division, &body).unwrap()
        })
    }

    proptest! {
        #[test]
        fn composed_codes_parse_to_themselves(code in any_code()) {
            prop_assert_eq!(Uscc::parse(code.as_str()), Ok(code));
        }

        /// 31 is prime and no weight is 0: a single wrong character never passes.
        #[test]
        fn one_wrong_character_is_always_caught(code in any_code(), at in 0usize..18, value in 0u32..31) {
            let mut typed: Vec<char> = code.as_str().chars().collect();
            prop_assume!(typed[at] != ALPHABET.char(value));
            typed[at] = ALPHABET.char(value);
            let error = Uscc::parse(&typed.iter().collect::<String>()).unwrap_err();
            let is_check = matches!(error.fault, Fault::Check { position: 18, .. });
            prop_assert!(is_check || error.span() == Some(at + 1..at + 2), "{}", error);
        }
    }
}
