//! The organisation code of GB 11714: eight digits or capitals and a check character. Characters 9 to 17 of every
//! unified social credit code.

use std::fmt;

use crate::error::{CodeError, CodeKind, Fault};
use crate::input::{ALPHANUMERIC, Alphabet, Ascii, Input};

const CHECK: Alphabet = Alphabet { chars: "0123456789X", label: "0-9 X" };
const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// A code with right check character, nine characters without the hyphen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganisationCode(Ascii<9>);

impl OrganisationCode {
    /// Reads nine characters, or ten with the hyphen that is written before the check character.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let mut input = Input::read(CodeKind::OrganisationCode, text);
        if let [first @ .., '-', check] = input.chars()
            && first.len() == 8
        {
            let joined: String = first.iter().chain([check]).collect();
            input = Input::read(CodeKind::OrganisationCode, &joined);
        }
        let code: Ascii<9> = input.fixed("9", &[(8, &ALPHANUMERIC), (1, &CHECK)])?;
        let expected = check_character(code.as_str());
        match code.char(8) {
            right if right == expected => Ok(Self(code)),
            found => Err(input.error(Fault::Check { position: 9, found, expected })),
        }
    }

    /// Adds the check character to eight digits or capitals.
    pub fn compose(first_8: &str) -> Result<Self, CodeError> {
        let input = Input::read(CodeKind::OrganisationCode, first_8);
        let body: Ascii<8> = input.fixed("8", &[(8, &ALPHANUMERIC)])?;
        Self::parse(&format!("{}{}", body.as_str(), check_character(body.as_str())))
    }

    /// Nine characters, without hyphen.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for OrganisationCode {
    /// As printed on documents: a hyphen before the check character.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (body, check) = self.as_str().split_at(8);
        write!(f, "{body}-{check}")
    }
}

/// GB 11714: 11 less the weighted sum modulo 11; 10 is written X, 11 is written 0.
pub(crate) fn check_character(first_8: &str) -> char {
    let values = first_8.chars().filter_map(|c| ALPHANUMERIC.value(c));
    let sum: u32 = values.zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => ALPHANUMERIC.char(digit),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_spellings_are_one_code() {
        let code = OrganisationCode::parse("19672024-4").unwrap();
        assert_eq!(OrganisationCode::parse("196720244"), Ok(code));
        assert_eq!((code.as_str(), code.to_string().as_str()), ("196720244", "19672024-4"));
        let error = OrganisationCode::parse("196720245").unwrap_err();
        assert_eq!(error.fault, Fault::Check { position: 9, found: '5', expected: '4' });
        assert_eq!(
            OrganisationCode::parse("1967202-44").unwrap_err().fault,
            Fault::Length { found: 10, expected: "9" }
        );
    }

    proptest! {
        /// Holds for digits only: two letters that differ by 11 have the same remainder.
        #[test]
        fn one_wrong_digit_is_always_caught(body in "[0-9]{8}", at in 0usize..8, digit in 0u8..10) {
            let code = OrganisationCode::compose(&body).unwrap();
            let mut typed = code.as_str().as_bytes().to_vec();
            prop_assume!(typed[at] != b'0' + digit);
            typed[at] = b'0' + digit;
            let error = OrganisationCode::parse(std::str::from_utf8(&typed).unwrap()).unwrap_err();
            let is_check = matches!(error.fault, Fault::Check { position: 9, .. });
            prop_assert!(is_check);
        }

        #[test]
        fn composed_codes_parse_to_themselves(body in "[0-9A-Z]{8}") {
            let code = OrganisationCode::compose(&body).unwrap();
            prop_assert_eq!(OrganisationCode::parse(code.as_str()), Ok(code));
            prop_assert_eq!(OrganisationCode::parse(&code.to_string()), Ok(code));
        }
    }
}
