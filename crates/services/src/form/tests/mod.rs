//! The form engine over the demo city's forms, and over anything that may be posted.
mod any_post;
mod filling;
mod posting;
mod words;

use std::collections::BTreeMap;
use std::path::PathBuf;

use platform::i18n::{Lang, Text, Texts};
use serde_json::json;
use time::Date;
use time::macros::date;

use super::*;
use crate::item::{Fact, Facts};

/// As where no register stands for a paper and every source answers.
static NO_EVIDENCE: Evidence = Evidence { papers: BTreeMap::new(), unverified: BTreeMap::new() };

pub(super) const TODAY: Date = date!(2026 - 11 - 21);

pub(super) struct Places;

impl Divisions for Places {
    fn name(&self, code: &str, lang: Lang) -> Option<String> {
        match (code, lang) {
            ("990102", Lang::En) => Some("Qingxi District".to_owned()),
            ("990102", _) => Some("青溪区".to_owned()),
            ("990121", _) => Some("安澜县".to_owned()),
            _ => None,
        }
    }

    fn within(&self, _: DivisionLevel, _: &str, lang: Lang) -> Vec<(String, String)> {
        let codes = ["990102", "990121"];
        codes.iter().filter_map(|code| Some(((*code).to_owned(), self.name(code, lang)?))).collect()
    }
}

pub(super) fn texts() -> Texts {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../locales");
    let mut sources = Vec::new();
    for lang in Lang::ALL {
        for file in ["form.ftl", "item.ftl", "codes.ftl"] {
            sources.push((lang.tag(), file, std::fs::read_to_string(dir.join(lang.tag()).join(file)).unwrap()));
        }
    }
    Texts::load(sources.iter().map(|(tag, file, text)| (*tag, *file, text.as_str()))).unwrap()
}

pub(super) fn show(texts: &Texts, lang: Lang) -> Show<'_> {
    Show { texts, lang, divisions: &Places }
}

pub(super) fn facts(values: &[(&str, serde_json::Value)]) -> Facts {
    let source =
        Text { zh_hans: "人口库".to_owned(), zh_hant: "人口庫".to_owned(), en: "Population register".to_owned() };
    let mut facts = Facts::default();
    for (reference, value) in values {
        let fact = Fact { value: value.clone(), source: source.clone().into(), as_of: date!(2026 - 11 - 20) };
        facts.insert(*reference, fact);
    }
    facts
}

/// Somebody fictional, born on 27 March 1956.
pub(super) fn resident() -> Facts {
    facts(&[
        ("population.name", json!("苏映雪")),
        ("population.id_number", json!("990102195603270024")),
        ("population.sex", json!("2")),
        ("population.birth_date", json!("1956-03-27")),
        ("population.hukou_division", json!("990102001003")),
        ("population.residence_address", json!("青溪区莲花街道建设社区7号")),
        ("population.life_status", json!("alive")),
        ("population.mobile", json!("13900000001")),
    ])
}

pub(super) fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Sends a page: what is posted is laid over the answers, the page counts as seen.
pub(super) fn send(
    form: &Form,
    page: &str,
    answers: &mut Answers,
    prefills: &Prefills,
    list: &[(&str, &str)],
) -> Posted {
    let posted = parse_posted(form.page(page).unwrap(), &pairs(list), prefills);
    answers.apply(posted.patch.clone());
    answers.mark_seen(page);
    posted
}

/// A form of one page with the given fields, written as in a document.
pub(super) fn form_of(fields: serde_json::Value) -> Form {
    let text = json!({"zh-Hans": "题", "zh-Hant": "題", "en": "Title"});
    let form: Form =
        serde_json::from_value(json!({"pages": [{"key": "one", "title": text, "fields": fields}]})).unwrap();
    assert_eq!(form.problems(), Vec::new());
    form
}

pub(super) fn field(key: &str, input: serde_json::Value) -> serde_json::Value {
    json!({"key": key, "label": {"zh-Hans": "栏", "zh-Hant": "欄", "en": "Field"}, "input": input})
}

/// The error key of one typed answer, or what it was read as.
pub(super) fn read_as(input: serde_json::Value, typed: &[(&str, &str)]) -> Result<serde_json::Value, (String, String)> {
    let form = form_of(json!([field("x", input)]));
    let (mut answers, prefills) = (Answers::default(), Prefills::default());
    send(&form, "one", &mut answers, &prefills, typed);
    let filling = Filling {
        form: &form,
        answers: &answers,
        prefills: &prefills,
        evidence: &NO_EVIDENCE,
        divisions: &Places,
        since: TODAY,
        today: TODAY,
    };
    match filling.submit() {
        Ok(submission) => Ok(submission.values["x"].clone()),
        Err(errors) => {
            let error = errors.first().unwrap();
            let shown = texts();
            let text = show(&shown, Lang::En).error(&form, error);
            assert!(!text.contains('{') && text.len() > 20, "{text}");
            Err((error.key.to_owned(), error.field.clone()))
        }
    }
}
