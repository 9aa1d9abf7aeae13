//! Codes of administrative divisions: 2 digits of the province, 2 of the city, 2 of the county (GB/T 2260), 3 of the
//! town or street (GB/T 10114), 3 of the village or community (statistical coding).

use std::fmt;

use crate::error::{CodeError, CodeKind, Fault};
use crate::input::{DIGITS, Input, NOT_ZERO};

/// How deep a division lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Province,
    City,
    County,
    Town,
    Community,
}

/// What a level's codes have in common: the last digits that are zero, as a power of ten of the 12-digit number.
const SPANS: [(Level, u64); 5] = [
    (Level::Province, 10_000_000_000),
    (Level::City, 100_000_000),
    (Level::County, 1_000_000),
    (Level::Town, 1_000),
    (Level::Community, 1),
];

impl Level {
    /// The text key of the level's name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Province => "codes-division-level-province",
            Self::City => "codes-division-level-city",
            Self::County => "codes-division-level-county",
            Self::Town => "codes-division-level-town",
            Self::Community => "codes-division-level-community",
        }
    }
}

/// A code in any of its lengths: `11`, `110000` and `110000000000` are one code. Only the shape is checked; whether
/// there is such a division, [`crate::Divisions`] knows. Ordered so that a division stands before all its parts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DivisionCode(u64);

impl DivisionCode {
    /// Reads 2, 4, 6, 9 or 12 digits.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let input = Input::read(CodeKind::Division, text);
        if !matches!(input.len(), 2 | 4 | 6 | 9 | 12) {
            return Err(input.error(Fault::Length { found: input.len(), expected: "2, 4, 6, 9, 12" }));
        }
        input.check(0, &[(1, &NOT_ZERO), (input.len() - 1, &DIGITS)])?;
        let digits = input.chars().iter().filter_map(|c| c.to_digit(10));
        let padded = digits.chain(std::iter::repeat(0)).take(12);
        Ok(Self(padded.fold(0, |number, digit| number * 10 + u64::from(digit))))
    }

    /// The deepest level whose digits are not all zero.
    pub fn level(self) -> Level {
        let fits = |(_, span): &&(Level, u64)| self.0.is_multiple_of(*span);
        SPANS.iter().find(fits).map_or(Level::Community, |(level, _)| *level)
    }

    /// The division of a level that this one lies in; itself when it lies at or above that level.
    pub fn at(self, level: Level) -> Self {
        let span = SPANS[level as usize].1;
        Self(self.0 / span * span)
    }

    /// The next division above by the digits alone; a province has none.
    pub fn parent(self) -> Option<Self> {
        let above = SPANS.iter().rev().map(|(level, _)| self.at(*level));
        above.into_iter().find(|code| *code != self)
    }

    /// Whether `other` is this division or lies in it.
    pub fn contains(self, other: Self) -> bool {
        (self.0..self.end()).contains(&other.0)
    }

    /// The first two digits, as service-item codes name a region.
    pub fn province_digits(self) -> String {
        self.padded()[..2].to_owned()
    }

    /// The first six digits, as resident and credit codes contain them.
    pub fn county_digits(self) -> String {
        self.padded()[..6].to_owned()
    }

    /// All twelve digits.
    pub fn padded(self) -> String {
        format!("{:012}", self.0)
    }

    /// The first number after this division and all its parts.
    fn end(self) -> u64 {
        self.0 + SPANS[self.level() as usize].1
    }

    /// The smallest code after this division and all its parts.
    pub(crate) fn after(self) -> Self {
        Self(self.end())
    }
}

impl fmt::Display for DivisionCode {
    /// The usual length: 6 digits down to the county, 9 for a town, 12 for a community.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = match self.level() {
            Level::Province | Level::City | Level::County => 6,
            Level::Town => 9,
            Level::Community => 12,
        };
        f.write_str(&self.padded()[..length])
    }
}

impl fmt::Debug for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DivisionCode({self})")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> DivisionCode {
        DivisionCode::parse(text).unwrap()
    }

    #[test]
    fn lengths_are_spellings_of_one_code() {
        for text in ["99", "9900", "990000", "990000000", "990000000000"] {
            assert_eq!(code(text).to_string(), "990000");
            assert_eq!(code(text).level(), Level::Province);
        }
        assert_eq!(code("9901").to_string(), "990100");
        assert_eq!(code("990102003004").padded(), "990102003004");
    }

    #[test]
    fn parents_follow_the_digits() {
        let chain: Vec<String> =
            std::iter::successors(Some(code("990102003004")), |c| c.parent()).map(|c| c.to_string()).collect();
        assert_eq!(chain, ["990102003004", "990102003", "990102", "990100", "990000"]);
        // A city without counties: its towns lie in it directly.
        assert_eq!(code("441900003").parent(), Some(code("441900")));
        assert_eq!(code("990102003004").at(Level::City), code("9901"));
    }

    #[test]
    fn errors_say_where_and_what() {
        let fault = |text: &str| DivisionCode::parse(text).unwrap_err().fault;
        assert_eq!(fault("99010"), Fault::Length { found: 5, expected: "2, 4, 6, 9, 12" });
        assert_eq!(fault("99O100"), Fault::Character { position: 3, found: 'O', expected: "0-9" });
        assert_eq!(fault("010000"), Fault::Character { position: 1, found: '0', expected: "1-9" });
    }

    proptest! {
        #[test]
        fn spelling_does_not_matter(number in 100_000_000_000u64..1_000_000_000_000) {
            let any = code(&number.to_string());
            prop_assert_eq!(code(&any.to_string()), any);
            prop_assert_eq!(code(&any.padded()), any);
        }

        #[test]
        fn a_parent_contains_and_comes_before(number in 100_000_000_000u64..1_000_000_000_000) {
            let any = code(&number.to_string());
            for above in std::iter::successors(any.parent(), |c| c.parent()) {
                prop_assert!(above.contains(any) && !any.contains(above));
                prop_assert!(above < any && any < above.after());
                prop_assert!(above.level() < any.level());
            }
        }
    }
}
