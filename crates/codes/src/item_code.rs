//! Codes of service items: basic code 12, implementation code 31, handling-item code 33, and local codes as they came.
//!
//! The lengths are those of the national exchange; GB/T 39046-2020 is older and still says at most 10 and 24. Codes of
//! that age are kept as [`LocalItemCode`] beside the national ones.

use std::fmt;

use crate::code_sets::{CodeSet, ExerciseLevel, ItemType};
use crate::error::{CodeError, CodeKind, Fault};
use crate::input::{Alphabet, Ascii, DIGITS, Input};
use crate::uscc::{self, Uscc};

const LEVEL: Alphabet = Alphabet { chars: "1234567", label: "1-7" };

/// Basic code: region 2 (`00` national, else the province), item type 2, main item 5, sub-item 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BasicCode(Ascii<12>);

impl BasicCode {
    /// Reads 12 digits.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        Input::read(CodeKind::BasicCode, text).fixed("12", &[(12, &DIGITS)]).map(Self)
    }

    /// All 12 digits.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// `00` for items of the national catalogue, else the first two digits of the province.
    pub fn region(&self) -> &str {
        &self.as_str()[..2]
    }

    /// Digits 3 and 4.
    pub fn item_type(&self) -> ItemType {
        ItemType::from_code(u8::try_from(self.0.number(2..4)).unwrap_or_default())
    }

    /// Digits 5 to 9.
    pub fn main_item(&self) -> &str {
        &self.as_str()[4..9]
    }

    /// Digits 10 to 12; `None` when the main item is not split (`000`).
    pub fn sub_item(&self) -> Option<&str> {
        Some(&self.as_str()[9..]).filter(|digits| *digits != "000")
    }
}

/// Implementation code: the implementing body's credit code 18, exercise level 1, basic code 12.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImplementationCode(Ascii<31>);

/// A region in the basic code that is neither national nor the province where the body is registered. Such codes
/// exist, so this is a remark to the item's editor and never a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionWarning {
    /// The region that the basic code names.
    pub item_region: String,
    /// The province that the body's credit code names.
    pub body_region: String,
}

impl RegionWarning {
    /// The key of the message, which takes [`Self::args`].
    pub fn key(&self) -> &'static str {
        "codes-implementation-code-region"
    }

    /// The arguments of the message.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        vec![("found", self.item_region.clone()), ("expected", self.body_region.clone())]
    }
}

impl ImplementationCode {
    const KIND: CodeKind = CodeKind::ImplementationCode;

    /// Reads 31 characters: a right credit code, a level of 1 to 7, 12 digits.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let [a, b, c] = uscc::PATTERN;
        let code: Ascii<31> = Input::read(Self::KIND, text).fixed("31", &[a, b, c, (1, &LEVEL), (12, &DIGITS)])?;
        Uscc::parse(&code.as_str()[..18]).map_err(|error| error.within(Self::KIND, 0))?;
        Ok(Self(code))
    }

    /// Joins the parts.
    pub fn compose(body: Uscc, level: ExerciseLevel, basic: BasicCode) -> Self {
        let text = format!("{}{}{}", body.as_str(), level.code(), basic.as_str());
        Self::parse(&text).expect("made of parts that were checked")
    }

    /// All 31 characters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The implementing body.
    pub fn body(&self) -> Uscc {
        Uscc::parse(&self.as_str()[..18]).expect("checked when parsed")
    }

    /// The level of government that exercises the power.
    pub fn level(&self) -> ExerciseLevel {
        let code = u8::try_from(self.0.number(18..19)).unwrap_or_default();
        ExerciseLevel::from_code(code).expect("checked when parsed")
    }

    /// The item in the catalogue.
    pub fn basic(&self) -> BasicCode {
        BasicCode::parse(&self.as_str()[19..]).expect("checked when parsed")
    }

    /// Whether the basic code's region fits the body's.
    pub fn region_warning(&self) -> Option<RegionWarning> {
        let (item, body) = (&self.as_str()[19..21], &self.as_str()[2..4]);
        let odd = item != "00" && item != body;
        odd.then(|| RegionWarning { item_region: item.to_owned(), body_region: body.to_owned() })
    }
}

/// Handling-item code: an implementation code and two digits for one of the ways in which the item is split. Its
/// length is common practice; the exchange's column takes up to 50.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HandlingItemCode(Ascii<33>);

impl HandlingItemCode {
    const KIND: CodeKind = CodeKind::HandlingItemCode;

    /// Reads 33 characters.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let [a, b, c] = uscc::PATTERN;
        let code: Ascii<33> = Input::read(Self::KIND, text).fixed("33", &[a, b, c, (1, &LEVEL), (14, &DIGITS)])?;
        ImplementationCode::parse(&code.as_str()[..31]).map_err(|error| error.within(Self::KIND, 0))?;
        Ok(Self(code))
    }

    /// The code of part `sequence` (0 to 99) of an item.
    pub fn compose(item: ImplementationCode, sequence: u8) -> Result<Self, CodeError> {
        if sequence > 99 {
            let (found, expected) = (sequence.to_string(), "00-99".to_owned());
            return Err(CodeError::new(Self::KIND, Fault::Value { position: 32, found, expected }));
        }
        Self::parse(&format!("{}{sequence:02}", item.as_str()))
    }

    /// All 33 characters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The item that is split.
    pub fn implementation(&self) -> ImplementationCode {
        ImplementationCode::parse(&self.as_str()[..31]).expect("checked when parsed")
    }

    /// Which part, 0 to 99.
    pub fn sequence(&self) -> u8 {
        u8::try_from(self.0.number(31..33)).unwrap_or_default()
    }
}

/// A code of a local catalogue, kept as it came: 1 to 50 characters without white space.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalItemCode(String);

impl LocalItemCode {
    /// Reads up to 50 characters; white space around them is dropped, nothing else is changed.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        foreign_text(CodeKind::LocalItemCode, text).map(Self)
    }

    /// The code as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A code that another system made: 1 to 50 visible characters of any script, trimmed and otherwise untouched.
pub(crate) fn foreign_text(kind: CodeKind, text: &str) -> Result<String, CodeError> {
    let text = text.trim();
    let found = text.chars().count();
    if !(1..=50).contains(&found) {
        return Err(CodeError::new(kind, Fault::Length { found, expected: "1-50" }));
    }
    match (1..).zip(text.chars()).find(|(_, c)| c.is_whitespace() || c.is_control()) {
        Some((position, found)) => {
            Err(CodeError::new(kind, Fault::Character { position, found, expected: "0-9 A-Z a-z - . _ …" }))
        }
        None => Ok(text.to_owned()),
    }
}

impl fmt::Display for BasicCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for ImplementationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for HandlingItemCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for LocalItemCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GUANGDONG: &str = "12441500196720244T3442199806003";

    #[test]
    fn parts_can_be_read() {
        let code = ImplementationCode::parse(GUANGDONG).unwrap();
        assert_eq!(code.body().as_str(), "12441500196720244T");
        assert_eq!(code.level(), ExerciseLevel::City);
        let basic = code.basic();
        assert_eq!((basic.region(), basic.main_item(), basic.sub_item()), ("44", "99806", Some("003")));
        assert_eq!((basic.item_type(), code.region_warning()), (ItemType::PublicExtension(21), None));
        assert_eq!(ImplementationCode::compose(code.body(), code.level(), basic), code);
        assert_eq!(BasicCode::parse("000100123000").unwrap().sub_item(), None);
    }

    #[test]
    fn a_foreign_region_is_a_remark_only() {
        let code = ImplementationCode::parse("12441500196720244T3652199806003").unwrap();
        let warning = code.region_warning().unwrap();
        assert_eq!((warning.item_region.as_str(), warning.body_region.as_str()), ("65", "44"));
        let national = ImplementationCode::parse("12441500196720244T3002199806003").unwrap();
        assert_eq!(national.region_warning(), None);
    }

    #[test]
    fn errors_say_where_and_what() {
        let error = ImplementationCode::parse("12441500196720244A3442199806003").unwrap_err();
        assert_eq!(error.key(), "codes-implementation-code-check");
        assert_eq!(error.fault, Fault::Check { position: 18, found: 'A', expected: 'T' });
        let fault = |text: &str| ImplementationCode::parse(text).unwrap_err().fault;
        let level = Fault::Character { position: 19, found: '8', expected: "1-7" };
        assert_eq!(fault("12441500196720244T8442199806003"), level);
        assert_eq!(fault("1244150"), Fault::Length { found: 7, expected: "31" });
        let fault = |text: &str| LocalItemCode::parse(text).unwrap_err().fault;
        assert_eq!(fault(" "), Fault::Length { found: 0, expected: "1-50" });
        assert!(matches!(fault("a b"), Fault::Character { position: 2, found: ' ', .. }));
    }

    #[test]
    fn a_split_item_has_its_own_code() {
        let item = ImplementationCode::parse(GUANGDONG).unwrap();
        let code = HandlingItemCode::compose(item, 7).unwrap();
        assert_eq!((code.as_str().len(), code.sequence(), code.implementation()), (33, 7, item));
        assert_eq!(HandlingItemCode::parse(code.as_str()), Ok(code));
        assert_eq!(HandlingItemCode::compose(item, 100).unwrap_err().key(), "codes-handling-item-code-value");
    }

    proptest! {
        #[test]
        fn codes_parse_to_themselves(digits in "[0-9]{12}", level in 1u8..8, local in "[!-~]{1,50}") {
            let basic = BasicCode::parse(&digits).unwrap();
            prop_assert_eq!(basic.as_str(), digits.as_str());
            prop_assert_eq!(basic.item_type().code(), digits[2..4].parse::<u8>().unwrap());
            let body = Uscc::parse("12441500196720244T").unwrap();
            let code = ImplementationCode::compose(body, ExerciseLevel::from_code(level).unwrap(), basic);
            prop_assert_eq!((code.body(), code.basic(), code.level().code()), (body, basic, level));
            prop_assert_eq!(ImplementationCode::parse(code.as_str()), Ok(code));
            let kept = LocalItemCode::parse(&local).unwrap();
            prop_assert_eq!(kept.as_str(), local.as_str());
        }
    }
}
