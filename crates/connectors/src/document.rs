//! A connector document: which resource, which system, which one question, and what its answer means in our words.
use std::collections::BTreeMap;

use platform::i18n::{Lang, Text};
use serde::Deserialize;

use crate::settings::{Breaker, Cache, FieldMap, MySql, Peer, Postgres, Rest, Soap, Sqlite, Table};
use crate::{sql, template, values};

/// One document under `connectors/`. Exactly one of `postgres` … `peer` says what kind of system it is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Key of the catalogue entry that it serves.
    pub resource: String,
    #[serde(default)]
    pub without_address: WithoutAddress,
    #[serde(default)]
    pub postgres: Option<Postgres>,
    #[serde(default)]
    pub mysql: Option<MySql>,
    #[serde(default)]
    pub sqlite: Option<Sqlite>,
    #[serde(default)]
    pub rest: Option<Rest>,
    #[serde(default)]
    pub soap: Option<Soap>,
    #[serde(default)]
    pub table: Option<Table>,
    #[serde(default)]
    pub peer: Option<Peer>,
    /// Where their answer names the subject; it must be the one asked for.
    #[serde(default)]
    pub subject: Option<String>,
    /// Where their answer says of which day it speaks; without, of the day of the question.
    #[serde(default)]
    pub as_of: Option<FieldMap>,
    /// Our field ← theirs.
    pub fields: BTreeMap<String, FieldMap>,
    #[serde(default = "timeout")]
    pub timeout_ms: u64,
    /// How often a call that changes nothing is made again.
    #[serde(default = "retries")]
    pub retries: u32,
    /// Before the first repetition; doubled for each further one.
    #[serde(default = "retry_delay")]
    pub retry_delay_ms: u64,
    #[serde(default)]
    pub breaker: Breaker,
    #[serde(default)]
    pub cache: Cache,
}

/// What becomes of the resource when the deployment gives no address for a `${name}` of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WithoutAddress {
    /// The program does not start.
    #[default]
    Refuse,
    /// The built-in register answers.
    Register,
}

/// The kinds of system, by their key in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemKind {
    Postgres,
    MySql,
    Sqlite,
    Rest,
    Soap,
    Table,
    Peer,
}

impl SystemKind {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::MySql => "mysql",
            Self::Sqlite => "sqlite",
            Self::Rest => "rest",
            Self::Soap => "soap",
            Self::Table => "table",
            Self::Peer => "peer",
        }
    }
}

fn timeout() -> u64 {
    3_000
}

fn retries() -> u32 {
    2
}

fn retry_delay() -> u64 {
    100
}

/// Near what it is wrong (a key of the document), and the sentence.
type Wrong = (String, String);

impl Document {
    /// Reads and checks a document. The error is `path:line: what, why, what next`.
    pub fn parse(path: &str, yaml: &str) -> Result<Self, String> {
        let document: Self = serde_norway::from_str(yaml).map_err(|error| {
            let line = error.location().map_or(1, |place| place.line());
            format!("{path}:{line}: {error}; the keys of a connector stand in docs/recipes/connect-a-department.md")
        })?;
        document.check().map_err(|(near, why)| format!("{path}:{}: {why}", line_of(yaml, &near)))?;
        Ok(document)
    }

    #[must_use]
    pub fn kind(&self) -> SystemKind {
        self.kinds().first().copied().unwrap_or(SystemKind::Table)
    }

    fn kinds(&self) -> Vec<SystemKind> {
        let given = [
            (self.postgres.is_some(), SystemKind::Postgres),
            (self.mysql.is_some(), SystemKind::MySql),
            (self.sqlite.is_some(), SystemKind::Sqlite),
            (self.rest.is_some(), SystemKind::Rest),
            (self.soap.is_some(), SystemKind::Soap),
            (self.table.is_some(), SystemKind::Table),
            (self.peer.is_some(), SystemKind::Peer),
        ];
        given.into_iter().filter(|(is_given, _)| *is_given).map(|(_, kind)| kind).collect()
    }

    /// Every text in which `${name}` may stand.
    pub(crate) fn addresses(&self) -> Vec<&str> {
        let mut all = Vec::new();
        all.extend(self.postgres.as_ref().map(|of| of.address.as_str()));
        all.extend(self.mysql.as_ref().map(|of| of.address.as_str()));
        all.extend(self.sqlite.as_ref().map(|of| of.file.as_str()));
        all.extend(self.rest.as_ref().map(|of| of.address.as_str()));
        all.extend(self.soap.as_ref().map(|of| of.address.as_str()));
        all.extend(self.table.as_ref().map(|of| of.folder.as_str()));
        all.extend(self.peer.iter().flat_map(|of| [of.service.as_str(), of.client.as_str()]));
        all
    }

    fn check(&self) -> Result<(), Wrong> {
        let kinds = self.kinds();
        ensure(kinds.len() == 1, "resource", || {
            let given: Vec<_> = kinds.iter().map(|kind| kind.name()).collect();
            format!(
                "the document describes {} systems ({}), as one resource has one source; keep exactly one of postgres, \
                 mysql, sqlite, rest, soap, table, peer",
                given.len(),
                given.join(", ")
            )
        })?;
        ensure(!self.fields.is_empty(), "fields", || {
            "fields is empty, so the source would tell nothing; name at least one of our fields and theirs".into()
        })?;
        ensure((1..=60_000).contains(&self.timeout_ms), "timeout_ms", || {
            "timeout_ms is not between 1 and 60000; somebody waits for the answer; give milliseconds".into()
        })?;
        ensure(self.retries <= 5, "retries", || "retries is above 5, which burdens a weak system; give 0 to 5".into())?;
        ensure(self.breaker.failures > 0, "breaker", || {
            "breaker.failures is 0, so no call would ever be made; give at least 1".into()
        })?;
        self.fields.iter().try_for_each(|(key, map)| check_field((&format!("fields.{key}"), key), map))?;
        self.as_of.iter().try_for_each(|map| check_field(("as_of", "as_of"), map))?;
        self.check_question()
    }

    /// Every place of their answer that is read: the key of the document beside it, and where it stands.
    fn reads(&self) -> impl Iterator<Item = (String, &str)> {
        let fields = self.fields.iter().map(|(key, map)| (format!("fields.{key}"), map.from.as_str()));
        let others = self.as_of.iter().map(|map| ("as_of".to_owned(), map.from.as_str()));
        fields.chain(others).chain(self.subject.iter().map(|from| ("subject".to_owned(), from.as_str())))
    }

    /// A column that the query does not ask for would be missing from every answer.
    fn check_query(&self, query: &str) -> Result<(), Wrong> {
        let statement = sql::Statement::read(query).map_err(near("query"))?;
        for (near, from) in self.reads() {
            let column = from.strip_prefix('/').map_or(from, |rest| rest.split('/').next().unwrap_or_default());
            let named = near.replace("fields.", "field ");
            ensure(statement.may_answer(column), &near, || {
                format!(
                    "{named}: the query asks for no column {column}, so nothing would ever come from there; name it behind \
                     SELECT, or write the name of a column that stands there"
                )
            })?;
        }
        Ok(())
    }

    fn check_question(&self) -> Result<(), Wrong> {
        if let Some(of) = &self.postgres {
            self.check_query(&of.query)?;
            no_password(&of.address)?;
        }
        if let Some(of) = &self.mysql {
            self.check_query(&of.query)?;
            no_password(&of.address)?;
        }
        if let Some(of) = &self.sqlite {
            self.check_query(&of.query)?;
        }
        if let Some(of) = &self.rest {
            template::check_path(&of.path).map_err(near("path"))?;
            ensure(template::has_number(&of.path), "path", without_number)?;
        }
        if let Some(of) = &self.peer {
            template::check_matter_path(&of.path).map_err(near("path"))?;
            ensure(template::has_number(&of.path), "path", without_number)?;
            named(("office", &of.office))?;
            named(("region", &of.region))?;
        }
        if let Some(of) = &self.soap {
            template::check_path(&of.path).map_err(near("path"))?;
            ensure(template::has_number(&of.envelope), "envelope", without_number)?;
            ensure(!of.answer.is_empty(), "answer", || {
                "answer is empty; it names the elements below the body that lead to the record, outermost first".into()
            })?;
        }
        if let Some(of) = &self.table {
            ensure(of.delimiter.is_ascii(), "delimiter", || {
                "delimiter is not one ASCII character; give , ; | or a tab".into()
            })?;
            ensure(!of.glob.contains('/'), "glob", || {
                "glob leads out of the folder; it is a file name in which * stands for anything".into()
            })?;
        }
        Ok(())
    }
}

fn without_number() -> String {
    "the question has no {number}, so everybody would get the same answer; put {number}, or {number_lower} for a small x, \
     where the number belongs"
        .into()
}

fn named((key, text): (&str, &Text)) -> Result<(), Wrong> {
    ensure(Lang::ALL.iter().all(|lang| !text.get(*lang).trim().is_empty()), key, || {
        format!(
            "{key} is empty in one of the languages, and people read it beside what came; write zh-Hans, zh-Hant and en"
        )
    })
}

fn near(key: &str) -> impl FnOnce(String) -> Wrong {
    let key = key.to_owned();
    move |why| (key, why)
}

fn check_field((near, key): (&str, &str), map: &FieldMap) -> Result<(), Wrong> {
    let wrong = |why: String| (near.to_owned(), format!("field {key}: {why}"));
    if let Some(pattern) = &map.date {
        values::DatePattern::parse(pattern).map_err(wrong)?;
    }
    let ways = [map.date.is_some(), map.unit.is_some(), !map.codes.is_empty()];
    let ways = ways.into_iter().filter(|is_given| *is_given).count();
    ensure(ways <= 1, near, || {
        format!("field {key}: date, unit and codes exclude each other; keep the one that fits")
    })?;
    ensure(map.otherwise.is_none() || !map.codes.is_empty(), near, || {
        format!("field {key}: otherwise stands without codes; it is what codes that are not listed become")
    })
}

/// Credentials stand in a file or the environment, never in a document that many people read.
fn no_password(address: &str) -> Result<(), Wrong> {
    let in_url = address
        .split_once("://")
        .and_then(|(_, rest)| rest.split_once('@'))
        .is_some_and(|(user, _)| user.contains(':'));
    ensure(!in_url && !address.contains("password="), "address", || {
        "the address holds a password, and documents are read by many; give credentials: {password: {file: …}} or {env: …}"
            .into()
    })
}

fn ensure(holds: bool, near: &str, why: impl FnOnce() -> String) -> Result<(), Wrong> {
    if holds { Ok(()) } else { Err((near.to_owned(), why())) }
}

/// The first line whose key is the one wanted, from 1; `fields.level`: below `fields`.
#[must_use]
pub fn line_of(yaml: &str, key: &str) -> usize {
    let first = |from: usize, key: &str| {
        let wanted = format!("{key}:");
        let is_wanted = |line: &str| line.trim_start_matches(['-', ' ']).starts_with(&wanted);
        yaml.lines().skip(from).position(is_wanted).map(|at| from + at)
    };
    let (outer, inner) = key.split_once('.').unwrap_or((key, ""));
    let start = first(0, outer).unwrap_or(0);
    Some(inner).filter(|inner| !inner.is_empty()).and_then(|inner| first(start, inner)).unwrap_or(start) + 1
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
