//! Languages and texts: Fluent messages of the program in three languages, and localised texts of documents.
//!
//! Invariant: every key stands in every language (a missing one fails at start, not on a page).
use std::borrow::Cow;
use std::collections::HashMap;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Lang {
    #[default]
    #[serde(rename = "zh-Hans")]
    ZhHans,
    #[serde(rename = "zh-Hant")]
    ZhHant,
    #[serde(rename = "en")]
    En,
}

impl Lang {
    pub const ALL: [Self; 3] = [Self::ZhHans, Self::ZhHant, Self::En];

    /// BCP 47 tag for the `lang` attribute.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::ZhHans => "zh-Hans",
            Self::ZhHant => "zh-Hant",
            Self::En => "en",
        }
    }

    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.tag().eq_ignore_ascii_case(tag))
    }

    /// The best of our languages for an `Accept-Language` header; None when it names none of them.
    #[must_use]
    pub fn from_accept(header: &str) -> Option<Self> {
        header.split(',').find_map(|part| {
            let tag = part.split(';').next()?.trim().to_ascii_lowercase();
            match tag.as_str() {
                t if t.starts_with("zh-hant") || matches!(t, "zh-tw" | "zh-hk" | "zh-mo") => Some(Self::ZhHant),
                t if t.starts_with("zh") => Some(Self::ZhHans),
                t if t.starts_with("en") => Some(Self::En),
                _ => None,
            }
        })
    }
}

/// A text of a document in the three languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    #[serde(rename = "zh-Hans")]
    pub zh_hans: String,
    #[serde(rename = "zh-Hant")]
    pub zh_hant: String,
    pub en: String,
}

impl Text {
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::ZhHans => &self.zh_hans,
            Lang::ZhHant => &self.zh_hant,
            Lang::En => &self.en,
        }
    }
}

/// A text in the three languages as one text, for columns and signed documents that have room for one. Of a text that says
/// nothing: nothing.
#[must_use]
pub fn packed(text: &Text) -> String {
    if *text == Text::default() {
        return String::new();
    }
    serde_json::to_string(text).unwrap_or_else(|_| text.zh_hans.clone())
}

/// What was packed, in a language; what was given in one language only is as it is.
#[must_use]
pub fn unpacked(lang: Lang, text: &str) -> String {
    let packed = Some(text).filter(|text| text.starts_with('{'));
    let found = packed.and_then(|text| serde_json::from_str::<Text>(text).ok());
    found.map_or_else(|| text.to_owned(), |found| found.get(lang).to_owned())
}

enum Message {
    Plain(String),
    Pattern,
}

struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    messages: HashMap<String, Message>,
}

/// All texts of the program. Built once at start from the files under `locales/`.
pub struct Texts {
    catalogues: [Catalogue; 3],
}

impl Texts {
    /// `sources`: (language tag, file name, Fluent text). Errors name the file and what is wrong in it.
    pub fn load<'a>(sources: impl Iterator<Item = (&'a str, &'a str, &'a str)> + Clone) -> Result<Self, String> {
        let one = |lang: Lang| Catalogue::load(lang, sources.clone().filter(|(tag, _, _)| *tag == lang.tag()));
        let texts = Self { catalogues: [one(Lang::ZhHans)?, one(Lang::ZhHant)?, one(Lang::En)?] };
        texts.check_same_keys()?;
        Ok(texts)
    }

    fn check_same_keys(&self) -> Result<(), String> {
        for (lang, catalogue) in Lang::ALL.iter().zip(&self.catalogues) {
            for (other, there) in Lang::ALL.iter().zip(&self.catalogues) {
                if let Some(key) = catalogue.messages.keys().find(|key| !there.messages.contains_key(*key)) {
                    return Err(format!("text {key} stands in {} but not in {}", lang.tag(), other.tag()));
                }
            }
        }
        Ok(())
    }

    fn catalogue(&self, lang: Lang) -> &Catalogue {
        &self.catalogues[lang as usize]
    }

    /// A text without arguments. An unknown key shows as itself, so that it is seen and mended.
    #[must_use]
    pub fn get<'a>(&'a self, lang: Lang, key: &'a str) -> &'a str {
        match self.catalogue(lang).messages.get(key) {
            Some(Message::Plain(text)) => text,
            _ => key,
        }
    }

    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.catalogue(Lang::ZhHans).messages.contains_key(key)
    }

    /// A text with arguments; numbers given as digits are passed as numbers, so that plurals work.
    #[must_use]
    pub fn format<N: AsRef<str>, V: AsRef<str>>(&self, lang: Lang, key: &str, args: &[(N, V)]) -> String {
        let catalogue = self.catalogue(lang);
        if let Some(Message::Plain(text)) = catalogue.messages.get(key) {
            return text.clone();
        }
        let Some(pattern) = catalogue.bundle.get_message(key).and_then(|m| m.value()) else {
            return key.to_owned();
        };
        let mut fluent = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            fluent.set(name.as_ref().to_owned(), value_of(value.as_ref()));
        }
        let mut errors = Vec::new();
        catalogue.bundle.format_pattern(pattern, Some(&fluent), &mut errors).into_owned()
    }
}

/// Short digit strings count as numbers (plural rules); longer ones are codes and stay text.
fn value_of(text: &str) -> FluentValue<'static> {
    let is_number = !text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<u32>() {
        Ok(number) if is_number && number.to_string() == text => FluentValue::from(number),
        _ => FluentValue::String(Cow::Owned(text.to_owned())),
    }
}

impl Catalogue {
    fn load<'a>(lang: Lang, files: impl Iterator<Item = (&'a str, &'a str, &'a str)>) -> Result<Self, String> {
        let tag = lang.tag().parse().map_err(|e| format!("{}: {e}", lang.tag()))?;
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        bundle.set_use_isolating(false);
        let mut keys = Vec::new();
        for (_, file, source) in files {
            let resource = FluentResource::try_new(source.to_owned())
                .map_err(|(_, errors)| format!("locales/{}/{file}: {:?}", lang.tag(), errors))?;
            keys.extend(resource.entries().filter_map(|entry| match entry {
                fluent_syntax::ast::Entry::Message(m) => Some(m.id.name.to_owned()),
                _ => None,
            }));
            bundle.add_resource(resource).map_err(|errors| format!("locales/{}/{file}: {:?}", lang.tag(), errors))?;
        }
        let messages = keys.into_iter().map(|key| {
            let message = plain_or_pattern(&bundle, &key);
            (key, message)
        });
        let messages = messages.collect();
        Ok(Self { bundle, messages })
    }
}

fn plain_or_pattern(bundle: &FluentBundle<FluentResource>, key: &str) -> Message {
    let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else {
        return Message::Pattern;
    };
    let only_text = pattern
        .elements
        .iter()
        .all(|element| matches!(element, fluent_syntax::ast::PatternElement::TextElement { .. }));
    if only_text {
        Message::Plain(bundle.format_pattern(pattern, None, &mut Vec::new()).into_owned())
    } else {
        Message::Pattern
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_languages_in_one_text_are_read_in_each() {
        let text = Text { zh_hans: "条例".into(), zh_hant: "條例".into(), en: "Regulation".into() };
        assert_eq!(Lang::ALL.map(|lang| unpacked(lang, &packed(&text))), ["条例", "條例", "Regulation"]);
        assert_eq!(unpacked(Lang::En, "条例"), "条例");
        assert_eq!(unpacked(Lang::En, "{broken"), "{broken");
        assert_eq!(packed(&Text::default()), "");
    }

    fn texts() -> Texts {
        let sources = Lang::ALL.map(|l| {
            (l.tag(), "a.ftl", "a-plain = Text\na-days = { $n ->\n  [one] one day\n *[other] { $n } days\n}\n")
        });
        Texts::load(sources.into_iter()).unwrap()
    }

    #[test]
    fn plain_and_plural() {
        let t = texts();
        assert_eq!(t.get(Lang::En, "a-plain"), "Text");
        assert_eq!(t.format(Lang::En, "a-days", &[("n", "1")]), "one day");
        assert_eq!(t.format(Lang::En, "a-days", &[("n", "20")]), "20 days");
        assert_eq!(t.get(Lang::En, "a-none"), "a-none");
    }

    #[test]
    fn a_key_missing_in_one_language_is_refused() {
        let sources = [
            ("zh-Hans", "a.ftl", "a = 1\nb = 2\n"),
            ("zh-Hant", "a.ftl", "a = 1\n"),
            ("en", "a.ftl", "a = 1\nb = 2\n"),
        ];
        let error = Texts::load(sources.into_iter()).err().unwrap();
        assert!(error.contains("text b stands in zh-Hans but not in zh-Hant"), "{error}");
    }

    #[test]
    fn the_accept_header_chooses() {
        assert_eq!(Lang::from_accept("zh-TW,zh;q=0.9"), Some(Lang::ZhHant));
        assert_eq!(Lang::from_accept("zh-CN,zh;q=0.9"), Some(Lang::ZhHans));
        assert_eq!(Lang::from_accept("fr, en-GB;q=0.5"), Some(Lang::En));
    }
}
