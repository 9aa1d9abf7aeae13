//! Reads Fluent files far enough to know the messages, their variables and what they refer to.

use std::collections::BTreeSet;

/// One message, term (`-name`) or attribute (`name.attribute`).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub key: String,
    /// Line of the key, from 1.
    pub line: usize,
    pub variables: BTreeSet<String>,
    /// Messages and terms that its text includes.
    pub references: BTreeSet<String>,
}

pub(crate) fn parse(text: &str) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    let mut pattern = Pattern::default();
    for (at, line) in text.lines().enumerate() {
        if line.starts_with('#') {
            continue;
        }
        let value = match start(line, messages.last()) {
            Some((key, value)) => {
                pattern = Pattern::default();
                let (variables, references) = (BTreeSet::new(), BTreeSet::new());
                messages.push(Message { key, line: at + 1, variables, references });
                value
            }
            None => line,
        };
        if let Some(message) = messages.last_mut() {
            pattern.read(value, message);
        }
    }
    messages
}

/// The key and the rest of the line, when a message or an attribute begins here.
fn start<'a>(line: &'a str, last: Option<&Message>) -> Option<(String, &'a str)> {
    let (key, value) = line.split_once('=')?;
    let name = key.trim_end();
    if is_key(name.strip_prefix('-').unwrap_or(name)) {
        return Some((name.to_owned(), value));
    }
    let attribute = name.trim_start().strip_prefix('.').filter(|a| is_key(a))?;
    let owner = last?.key.split('.').next()?;
    Some((format!("{owner}.{attribute}"), value))
}

pub(crate) fn is_key(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_key_char)
}

pub(crate) fn is_key_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

/// Reads the lines of one message; braces may span lines.
#[derive(Default)]
struct Pattern {
    depth: usize,
}

impl Pattern {
    fn read(&mut self, line: &str, message: &mut Message) {
        let mut rest = line;
        while let Some(at) = rest.find(['{', '}', '$', '"']) {
            let sign = rest.as_bytes()[at];
            rest = &rest[at + 1..];
            match sign {
                b'{' => {
                    self.depth += 1;
                    message.references.extend(reference(rest));
                }
                b'}' => self.depth = self.depth.saturating_sub(1),
                b'$' if self.depth > 0 => drop(message.variables.insert(word(rest).to_owned())),
                b'"' if self.depth > 0 => rest = rest.find('"').map_or("", |end| &rest[end + 1..]),
                _ => {}
            }
        }
    }
}

fn word(rest: &str) -> &str {
    &rest[..rest.find(|c| !is_key_char(c)).unwrap_or(rest.len())]
}

/// `{ name }`, `{ name.attribute }`, `{ -term }` and `{ -term(…) }`, but no function: those are upper-case.
fn reference(inside: &str) -> Option<String> {
    let inside = inside.trim_start();
    let name = word(inside);
    let after = inside[name.len()..].trim_start();
    let is_name = is_key(name.strip_prefix('-').unwrap_or(name)) && name.chars().any(|c| c.is_ascii_lowercase());
    (is_name && after.starts_with(['}', '.', '('])).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_attributes_variables_and_references_are_read() {
        let text = "# services-comment = no\n-brand = Tongban\nservices-title = { -brand }: { $name } costs $5\n\
                    services-days = { NUMBER($n) ->\n    [one] { $n } day\n   *[other] { $n } days, { services-title }\n  }\n\
                    services-field =\n    .label = Label { $x }\n";
        let messages = parse(text);
        let of = |at: usize| {
            let m: &Message = &messages[at];
            let list = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(",");
            (m.key.clone(), m.line, list(&m.variables), list(&m.references))
        };
        assert_eq!(of(0), ("-brand".into(), 2, String::new(), String::new()));
        assert_eq!(of(1), ("services-title".into(), 3, "name".into(), "-brand".into()));
        assert_eq!(of(2), ("services-days".into(), 4, "n".into(), "services-title".into()));
        assert_eq!(of(4), ("services-field.label".into(), 9, "x".into(), String::new()));
        assert_eq!(messages.len(), 5);
    }
}
