//! The items and cases that something is for: as people write them, and as they read them.
use std::collections::HashMap;

use codes::{CaseNumber, ForeignCaseNumber};
use platform::db::Tx;
use platform::policy::Grant;
use platform::{Ctx, FieldError, Result, ids};
use registry::Names;

use crate::Exchange;

/// The longest list, in characters.
const LONGEST: usize = 2_000;

/// Identifiers of the hall's cases by their numbers.
pub type Numbered = HashMap<String, String>;

/// The parts of a list, however they are divided.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || ",，、;；".contains(c)).filter(|part| !part.is_empty())
}

/// Looks up the numbers of the hall's cases that a list holds.
pub async fn numbered(exchange: &Exchange, ctx: &Ctx, (grant, text): (Grant, &str)) -> Result<Numbered> {
    let short: String = text.chars().take(LONGEST).collect();
    let numbers: Vec<String> =
        parts(&short).filter_map(|part| CaseNumber::parse(part).ok()).map(|n| n.to_string()).collect();
    if numbers.is_empty() {
        return Ok(Numbered::new());
    }
    let id_of = exchange.parts().cases.id_of;
    let read = move |tx: &mut Tx<'_>| {
        let mut known = Numbered::new();
        for number in numbers {
            if let Some(id) = id_of(tx, &number)? {
                known.insert(number, id);
            }
        }
        Ok(known)
    };
    ctx.db().read(grant, read).await
}

/// Keys of items, identifiers of the hall's cases, numbers that an office's own system gives its cases (`X-Road-Issue`);
/// each once.
pub fn read(text: &str, items: &Names, known: &Numbered) -> Result<Vec<String>, FieldError> {
    let found = text.chars().count();
    if found > LONGEST {
        return Err(FieldError::new("matters", "exchange-words-long").with("max", LONGEST).with("found", found));
    }
    let matter = |part: &str| {
        let unknown = || FieldError::new("matters", "exchange-request-matter-unknown").with("matter", part);
        one(part, items, known).ok_or_else(unknown)
    };
    let mut all = parts(text).map(matter).collect::<Result<Vec<_>, _>>()?;
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// A number without a digit is a key that is written wrongly.
fn one(part: &str, items: &Names, known: &Numbered) -> Option<String> {
    if items.find(part).is_some() || ids::has_shape("case", part) {
        return Some(part.to_owned());
    }
    if let Ok(number) = CaseNumber::parse(part) {
        return known.get(&number.to_string()).cloned();
    }
    let is_number = part.bytes().any(|byte| byte.is_ascii_digit()) && !part.starts_with("case_");
    ForeignCaseNumber::parse(part).ok().filter(|_| is_number).map(|number| number.as_str().to_owned())
}

/// Matters with the numbers of the hall's cases in the place of their identifiers.
pub async fn shown(exchange: &Exchange, ctx: &Ctx, (grant, matters): (Grant, &[String])) -> Result<Vec<String>> {
    if !matters.iter().any(|matter| ids::has_shape("case", matter)) {
        return Ok(matters.to_vec());
    }
    let (number_of, matters) = (exchange.parts().cases.number_of, matters.to_vec());
    let name = move |tx: &mut Tx<'_>, matter: String| Ok(number_of(tx, &matter)?.unwrap_or(matter));
    ctx.db().read(grant, move |tx| matters.into_iter().map(|matter| name(tx, matter)).collect()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: &str = "12441500196720244T3442199806003202611210007";

    #[test]
    fn items_own_cases_and_those_of_other_systems_are_told_from_slips() {
        let text = platform::i18n::Text { zh_hans: "卡".into(), zh_hant: "卡".into(), en: "Card".into() };
        let items = Names::new(move |key| (key == "senior-card").then(|| text.clone()));
        let known = Numbered::from([(NUMBER.to_owned(), "case_1".to_owned())]);
        let read = |text: &str| read(text, &items, &known);
        assert_eq!(read(&format!("senior-card，{NUMBER} senior-card")).unwrap(), ["case_1", "senior-card"]);
        assert_eq!(read("2026/民-17 4711").unwrap(), ["2026/民-17", "4711"]);
        assert!(read("").unwrap().is_empty());
        let other = NUMBER.replace("0007", "0008");
        for wrong in ["senior-crad", "case_17", other.as_str(), &"1".repeat(51)] {
            assert_eq!(read(wrong).unwrap_err().key, "exchange-request-matter-unknown", "{wrong}");
        }
        assert_eq!(read(&"a ".repeat(1_001)).unwrap_err().key, "exchange-words-long");
    }
}
