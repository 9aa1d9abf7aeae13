//! Least disclosure: what of a value may be seen where no line of a trail is written: by whoever verifies a certificate,
//! and in the lists of an office.

use serde::{Deserialize, Serialize};

const STAR: &str = "*";

/// How a value is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mask {
    Name,
    ResidentId,
    Address,
    /// By what it looks like.
    #[default]
    Value,
}

impl Mask {
    #[must_use]
    pub fn hide(self, text: &str) -> String {
        match self {
            Self::Name => name(text),
            Self::ResidentId => number(text),
            Self::Address => address(text),
            Self::Value => value(text),
        }
    }
}

/// An address: the city and the district, not the street.
#[must_use]
pub fn address(address: &str) -> String {
    let end = address
        .char_indices()
        .filter(|(_, c)| matches!(c, '区' | '區' | '县' | '縣' | '市'))
        .map(|(at, c)| at + c.len_utf8());
    let end = end.take_while(|at| address[..*at].chars().count() <= 12).last().unwrap_or(0);
    format!("{}{}", &address[..end], STAR.repeat(4))
}

/// A person's name: the first character and a star for each of the others, two at most (王秀兰 → 王**).
#[must_use]
pub fn name(name: &str) -> String {
    let mut characters = name.chars();
    let first: String = characters.next().into_iter().collect();
    first + &STAR.repeat(characters.count().clamp(1, 2))
}

/// The name of an owner as a list shows it: enterprises are public (Interim Regulations on Enterprise Information
/// Disclosure), persons are not. `owner`: the identifier, `ent_…` or `per_…`.
#[must_use]
pub fn owner(owner: &str, shown: &str) -> String {
    if owner.starts_with("ent_") { shown.to_owned() } else { name(shown) }
}

/// A resident ID number: the first and the last character. The home county, the birth date and the sex stay hidden.
#[must_use]
pub fn number(number: &str) -> String {
    let characters: Vec<char> = number.chars().collect();
    match characters.as_slice() {
        [first, hidden @ .., last] if characters.len() >= 6 => format!("{first}{}{last}", STAR.repeat(hidden.len())),
        _ => STAR.repeat(characters.len().max(2)),
    }
}

/// Any other value: codes and numbers as numbers, dates by their year, words by their first character.
#[must_use]
pub fn value(text: &str) -> String {
    if crate::clock::parse_iso_date(text).is_some() {
        return format!("{}-**-**", &text[..4]);
    }
    let is_code = text.is_ascii() && text.bytes().any(|byte| byte.is_ascii_digit());
    if is_code { number(text) } else { name(text) }
}

/// The last four characters, by which a paper and a record can be compared.
#[must_use]
pub fn tail(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    format!("…{}", characters[characters.len().saturating_sub(4)..].iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_hidden() {
        assert_eq!((name("王秀兰").as_str(), name("李四").as_str(), name("李").as_str()), ("王**", "李*", "李*"));
        assert_eq!(name("阿依古丽·买买提"), "阿**");
        assert_eq!((owner("per_1", "王秀兰").as_str(), owner("ent_1", "春溪餐饮").as_str()), ("王**", "春溪餐饮"));
        assert_eq!(number("990102195803141222"), "9****************2");
        assert_eq!(number("123"), "***");
        assert_eq!(value("1958-03-14"), "1958-**-**");
        assert_eq!(value("云岭市青溪区文昌路16号"), "云**");
        assert_eq!(value("13800000000"), "1*********0");
        assert_eq!(address("南屏省云岭市青溪区文昌路16号"), "南屏省云岭市青溪区****");
        assert_eq!(address("16 Wenchang Road, Qingxi District"), "****");
        assert_eq!(tail("YL-LN-2026-000000004217"), "…4217");
    }
}
