//! Reading a resource's document: everything that is wrong with it, each with its line.
use codes::Uscc;
use platform::i18n::{Lang, Text};

use super::code::ResourceCode;
use super::resource::{Field, FieldType, Held, Opening, Resource, Sensitivity, Sharing};

/// One thing wrong with a document: in words for the page, and in English for the log and the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// From 1.
    pub line: usize,
    /// A text key and its arguments.
    pub key: &'static str,
    pub args: Vec<(&'static str, String)>,
    pub why: String,
}

impl Resource {
    /// Reads a document. `path` names it in the error, which begins with `path:line:`.
    pub fn parse(path: &str, yaml: &str) -> Result<Self, String> {
        Self::read(yaml).map_err(|flaws| {
            let line = |flaw: &Flaw| format!("{path}:{}: {}", flaw.line, flaw.why);
            flaws.iter().map(line).collect::<Vec<_>>().join("\n")
        })
    }

    /// Reads a document; every flaw that it has, in order of lines.
    pub fn read(yaml: &str) -> Result<Self, Vec<Flaw>> {
        let resource: Self = serde_norway::from_str(yaml).map_err(|error| {
            let (line, why) = (error.location().map_or(1, |place| place.line()), error.to_string());
            vec![Flaw { line, key: "registry-document-flaw", args: vec![("what", why.clone())], why }]
        })?;
        let mut checked = Checked { yaml, flaws: Vec::new() };
        checked.resource(&resource);
        checked.flaws.sort_by_key(|flaw| flaw.line);
        if checked.flaws.is_empty() { Ok(resource) } else { Err(checked.flaws) }
    }

    /// As the web's form sends it: a code without a serial (`101001`) gets the next one that is free.
    #[must_use]
    pub fn with_serial(yaml: &str, next: impl Fn(&str) -> u32) -> String {
        let full = |line: &str| {
            let place = line.strip_prefix("code:")?.trim().trim_matches('"').trim_end_matches('/');
            let code = ResourceCode::assemble(place, next(place))?;
            Some(format!("code: \"{code}\""))
        };
        yaml.lines().map(|line| full(line).unwrap_or_else(|| line.to_owned())).collect::<Vec<_>>().join("\n")
    }
}

struct Checked<'a> {
    yaml: &'a str,
    flaws: Vec<Flaw>,
}

impl Checked<'_> {
    /// `said`: the text key and what stands in place of its `{ $what }`.
    fn ensure(&mut self, holds: bool, near: &str, said: (&'static str, &str), why: impl FnOnce() -> String) {
        if !holds {
            let (key, args) = (said.0, vec![("what", said.1.to_owned())]);
            self.flaws.push(Flaw { line: line_of(self.yaml, near), key, args, why: why() });
        }
    }

    fn resource(&mut self, r: &Resource) {
        self.ensure(is_slug(&r.key, '-'), "key:", ("registry-flaw-key", &r.key), || {
            format!("key {:?}: small letters, digits and hyphens", r.key)
        });
        self.code(r);
        self.ensure(!r.provider.is_empty(), "provider:", ("registry-flaw-provider", ""), || {
            "provider: name the organisation's key".to_owned()
        });
        let code = r.provider_code.as_str();
        let known = code.is_empty() || Uscc::parse(code).is_ok();
        self.ensure(known, "provider_code:", ("registry-flaw-provider-code", code), || {
            format!("provider_code {code:?} is no unified social credit code: 18 characters with a right check digit")
        });
        self.ensure(!r.fields.is_empty(), "fields:", ("registry-flaw-fields", ""), || {
            "fields: at least one".to_owned()
        });
        for (name, text) in [("name", &r.name), ("abstract", &r.summary), ("quality", &r.quality)] {
            self.written(name, text);
        }
        self.ensure(!r.format.trim().is_empty(), "format:", ("registry-flaw-format", ""), || {
            "format: say how it is kept".to_owned()
        });
        self.terms(r);
        for (at, field) in r.fields.iter().enumerate() {
            self.field(r, (at, field));
        }
        for flaw in r.rules.iter().filter_map(|rule| rule.flaw(r)) {
            self.ensure(false, "rules:", ("registry-flaw-rule", &flaw), || flaw.clone());
        }
        self.ensure(!r.related.contains(&r.key), "related:", ("registry-flaw-related", ""), || {
            "related: a resource is not its own".to_owned()
        });
    }

    /// A text of the document stands in all three languages.
    fn written(&mut self, name: &str, text: &Text) {
        self.ensure(is_written(text), &format!("{name}:"), ("registry-flaw-written", name), || {
            format!("{name}: write it in all three languages")
        });
    }

    fn code(&mut self, r: &Resource) {
        let parts = r.parts();
        self.ensure(parts.is_some(), "code:", ("registry-flaw-code", &r.code), || {
            let words = "six digits of class, item and entry, the detail's digits if there is one, a slash, six digits";
            format!("code {:?}: {words} of the serial", r.code)
        });
        let divided = parts.is_some_and(|code| !code.detail().is_empty());
        self.ensure(divided == r.detail.is_some(), "code:", ("registry-flaw-detail", ""), || {
            "detail: named exactly when the code has digits after the entry".to_owned()
        });
        for (name, text) in [("class", &r.class), ("item", &r.item), ("entry", &r.entry)] {
            self.written(name, text);
        }
    }

    /// On which terms it is shared and opened.
    fn terms(&mut self, r: &Resource) {
        let told = r.sharing != Sharing::Conditional || r.sharing_condition.as_ref().is_some_and(is_written);
        self.ensure(told, "sharing:", ("registry-flaw-condition", "sharing_condition"), || {
            "sharing is conditional: say when, in sharing_condition".to_owned()
        });
        // A refusal to share cites its ground (Regulation on Government Data Sharing, recalled).
        self.ensure(is_written(&r.sharing_ground), "sharing_ground:", ("registry-flaw-ground", ""), || {
            "sharing_ground: name the law that the sharing, or its refusal, rests on".to_owned()
        });
        let told = r.opening != Opening::Conditional || r.opening_condition.as_ref().is_some_and(is_written);
        self.ensure(told, "opening:", ("registry-flaw-condition", "opening_condition"), || {
            "opening is conditional: say when, in opening_condition".to_owned()
        });
        let fits = r.held == Held::Here || r.max_age_days == 0;
        self.ensure(fits, "max_age_days:", ("registry-flaw-age", ""), || {
            "max_age_days is 0 for what is held elsewhere: it is asked there each time".to_owned()
        });
    }

    fn field(&mut self, r: &Resource, (at, field): (usize, &Field)) {
        let (key, near) = (field.key.as_str(), format!("key: {}", field.key));
        let twice = r.fields[..at].iter().any(|other| other.key == *key);
        let reserved = ["subject", "as_of"].contains(&key);
        self.ensure(is_slug(key, '_'), &near, ("registry-flaw-field-key", key), || {
            format!("field {key:?}: small letters, digits and underscores")
        });
        self.ensure(!twice, &near, ("registry-flaw-field-twice", key), || format!("field {key} stands twice"));
        self.ensure(!reserved, &near, ("registry-flaw-field-taken", key), || {
            format!("field {key}: this name is taken by deliveries, choose another")
        });
        self.ensure(is_written(&field.name), &near, ("registry-flaw-written", key), || {
            format!("field {key}: name it in all three languages")
        });
        self.ensure(field.length > 0, &near, ("registry-flaw-field-length", key), || {
            format!("field {key}: length is at least 1")
        });
        self.ensure(
            (field.kind == FieldType::Code) != field.values.is_empty(),
            &near,
            ("registry-flaw-values", key),
            || format!("field {key}: values stand with the type code, and only there"),
        );
        let mut codes: Vec<&str> = field.values.iter().map(|value| value.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        self.ensure(codes.len() == field.values.len(), &near, ("registry-flaw-values-twice", key), || {
            format!("field {key}: a code stands twice")
        });
        let opened = field.opening.is_some_and(|opening| opening != Opening::None);
        self.ensure(!opened || field.sensitivity < Sensitivity::Personal, &near, ("registry-flaw-opened", key), || {
            format!("field {key}: personal data are not opened to the public")
        });
    }
}

fn is_slug(text: &str, joint: char) -> bool {
    text.len() <= 60
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joint)
}

fn is_written(text: &Text) -> bool {
    Lang::ALL.iter().all(|lang| !text.get(*lang).trim().is_empty())
}

/// The line of a key of the document (`name:`, not indented) or of a field (`key: mobile`), from 1; of two fields of one
/// name the second is the wrong one.
pub fn line_of(yaml: &str, near: &str) -> usize {
    let of_document = near.ends_with(':');
    let stands = |line: &str| match of_document {
        true => line.starts_with(near),
        false => line.trim_start_matches(['-', ' ']).trim_end() == near,
    };
    yaml.lines().enumerate().filter(|(_, line)| stands(line)).last().map_or(1, |(at, _)| at + 1)
}
