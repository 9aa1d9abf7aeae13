//! Access rights as they are compared: identifiers in their one form, patterns that can match.
use super::Roster;
use super::document::AccessEntry;
use crate::protocol::ids::{Alphabet, ClientId};

#[derive(Debug)]
pub(super) enum To {
    Subsystem(String),
    Group(String),
}

#[derive(Debug)]
pub(super) struct Access {
    pub(super) to: To,
    pub(super) method: String,
    pub(super) path: String,
}

/// What is wrong with a document, and key and value by which its line is found.
#[derive(Debug)]
pub(super) struct Wrong {
    why: String,
    place: Option<(&'static str, String)>,
}

impl From<String> for Wrong {
    fn from(why: String) -> Self {
        Self { why, place: None }
    }
}

impl Wrong {
    /// `what`: what is wrong with the value of this key.
    fn with(key: &'static str, value: &str, what: &str) -> Self {
        Self { why: format!("`{key}: {value}`{what}"), place: Some((key, value.to_owned())) }
    }

    pub(super) fn in_place(self, service: &str, at: usize) -> Self {
        Self { why: format!("{service}: access right {}: {}", at + 1, self.why), ..self }
    }

    /// `path:line: why`; the first line when the value stands nowhere as it is.
    pub(super) fn at(self, path: &str, yaml: &str) -> String {
        let holds = |line: &str| {
            let after = |(key, value): &(&str, String)| {
                line.split_once(&format!("{key}:")).is_some_and(|(_, rest)| rest.contains(value))
            };
            self.place.as_ref().is_some_and(after)
        };
        let line = yaml.lines().position(holds).map_or(1, |at| at + 1);
        format!("{path}:{line}: {}", self.why)
    }
}

const METHODS: [&str; 9] = ["*", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

impl Access {
    pub(super) fn of(entry: AccessEntry, alphabet: Alphabet) -> Result<Self, Wrong> {
        let AccessEntry { to, group, method, path } = entry;
        let to = match (to, group) {
            (Some(to), None) => To::Subsystem(subsystem(&to, alphabet)?),
            (None, Some(group)) => To::Group(group),
            _ => return Err("it names either `to` or `group`".to_owned().into()),
        };
        let upper = method.to_ascii_uppercase();
        if !METHODS.contains(&upper.as_str()) {
            return Err(Wrong::with("method", &method, &format!(" is none; write one of {}", METHODS.join(" "))));
        }
        if !path.starts_with(['/', '*']) || path.contains('%') {
            return Err(Wrong::with(
                "path",
                &path,
                " matches nothing; it begins with / or *, and is written without %XX",
            ));
        }
        Ok(Self { to, method: upper, path })
    }
}

/// The identifier in its one form: each segment encoded as callers are.
fn subsystem(text: &str, alphabet: Alphabet) -> Result<String, Wrong> {
    let id = ClientId::parse(text, alphabet).map_err(|why| Wrong::with("to", text, &format!(": {why}")))?;
    if id.subsystem.is_some() {
        return Ok(id.to_string());
    }
    Err(Wrong::with("to", text, " names a member; write INSTANCE/CLASS/MEMBER/SUBSYSTEM"))
}

impl Roster {
    /// Whether every right can ever be used: its group exists, its subsystem is one that is known.
    pub(super) fn check_access(&self) -> Result<(), Wrong> {
        for service in self.services.values() {
            for (at, access) in service.access.iter().enumerate() {
                self.check_right(&access.to).map_err(|wrong| wrong.in_place(&service.text, at))?;
            }
        }
        Ok(())
    }

    fn check_right(&self, to: &To) -> Result<(), Wrong> {
        // What is not known here may come with the federation; what differs in letters alone is a slip all the same.
        let unknown = |key: &'static str, text: &str| match self.federation {
            Some(_) => Ok(()),
            None => Err(Wrong::with(key, text, ": there is none of this name")),
        };
        match to {
            To::Group(group) if self.groups.contains_key(group) => Ok(()),
            To::Group(group) => unknown("group", group),
            To::Subsystem(text) => match self.known(text) {
                Some(known) if known == text => Ok(()),
                Some(known) => {
                    let what = format!(": there is only {known}; capital and small letters are different");
                    Err(Wrong::with("to", text, &what))
                }
                None => unknown("to", text),
            },
        }
    }

    /// The subsystem of this name, or of one that differs in capital and small letters alone.
    fn known(&self, text: &str) -> Option<&str> {
        let all = || self.subsystems.keys().chain(self.peers.keys());
        let same = all().find(|known| *known == text);
        same.or_else(|| all().find(|known| known.eq_ignore_ascii_case(text))).map(String::as_str)
    }
}
