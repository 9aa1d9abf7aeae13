//! The code of a resource: class 1 digit, item 2, entry 3, detail any number of digits, `/`, serial 6.
//! GB/T 21063.5 and the catalogue guide of 2017 as recalled; to be compared with the published text before real use.
use std::fmt;

/// `101001/000001`, or `10100102/000001` with a detail.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResourceCode {
    /// 1 base, 2 theme, 3 department.
    pub class: u8,
    /// Class, item, entry and detail in one row of digits.
    pub place: String,
    pub serial: u32,
}

/// Digits of class and item, and of class, item and entry.
const ITEM: usize = 3;
const ENTRY: usize = 6;
const SERIAL: usize = 6;
/// Detail digits at most.
const DETAIL: usize = 8;
const MAX_SERIAL: u32 = 999_999;

impl ResourceCode {
    /// None when it is not written so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (place, serial) = text.split_once('/')?;
        let number = (serial.len() == SERIAL && is_digits(serial)).then(|| serial.parse().ok()).flatten()?;
        Self::assemble(place, number)
    }

    /// From a place in the classification and a serial from 1; None when either cannot be.
    #[must_use]
    pub fn assemble(place: &str, serial: u32) -> Option<Self> {
        let fits = is_place(place) && (1..=MAX_SERIAL).contains(&serial);
        let class = place.bytes().next().map_or(0, |digit| digit - b'0');
        fits.then(|| Self { class, place: place.to_owned(), serial })
    }

    /// Class and item: `101`.
    #[must_use]
    pub fn item(&self) -> &str {
        &self.place[..ITEM]
    }

    /// Class, item and entry: `101001`.
    #[must_use]
    pub fn entry(&self) -> &str {
        &self.place[..ENTRY]
    }

    /// The digits of the detail; empty when the entry is not divided further.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.place[ENTRY..]
    }
}

impl fmt::Display for ResourceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:06}", self.place, self.serial)
    }
}

/// Whether the digits name an entry of the classification, perhaps with a detail.
#[must_use]
pub fn is_place(text: &str) -> bool {
    (ENTRY..=ENTRY + DETAIL).contains(&text.len()) && is_digits(text) && text.starts_with(['1', '2', '3'])
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_taken_apart_and_put_together() {
        let code = ResourceCode::parse("20100207/000031").unwrap();
        assert_eq!((code.class, code.item(), code.entry(), code.detail(), code.serial), (2, "201", "201002", "07", 31));
        assert_eq!(code.to_string(), "20100207/000031");
        assert_eq!(ResourceCode::assemble("101001", 1).unwrap().to_string(), "101001/000001");
        assert_eq!(ResourceCode::parse("101001/000001").unwrap().detail(), "");
    }

    #[test]
    fn what_is_not_a_code_is_refused() {
        for wrong in ["", "101001", "101001/1", "401001/000001", "10100/000001", "101001/000000", "10100a/000001"] {
            assert_eq!(ResourceCode::parse(wrong), None, "{wrong}");
        }
        assert_eq!(ResourceCode::parse("101001123456789/000001"), None, "a detail has bounds");
        assert_eq!(ResourceCode::assemble("101001", 1_000_000), None);
    }
}
