//! What other crates give to this one, joined in `app`: who the organisations are, who is told, who used a fact, who
//! passes on that a record changed.
use std::future::Future;
use std::pin::Pin;

use platform::clock::Timestamp;
use platform::db::Tx;
use platform::i18n::Text;
use platform::policy::Grant;
use platform::{Ctx, Result, notice};
use serde_json::Value;
use time::Date;

use crate::model::resource::Resource;

type Find = dyn Fn(&str) -> Option<String> + Send + Sync;
type Holders = dyn Fn(&mut Tx<'_>, &str) -> Result<Vec<String>> + Send + Sync;
type Pass = dyn Fn(&mut Tx<'_>, &Resource, &[Changed<'_>]) -> Result<()> + Send + Sync;
type Later<'a, T = ()> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Without them nobody is told and no credit code is known: for tests of this crate alone.
pub struct Joints {
    /// The unified social credit code of an organisation by its key.
    pub code_of: Box<Find>,
    /// Identifiers of the officials who work in an office.
    pub holders: Box<Holders>,
    pub users: Box<dyn Users>,
    /// Hears of changed records of one resource in the transaction that changes them; an error undoes it.
    pub changed: Box<Pass>,
}

impl Default for Joints {
    fn default() -> Self {
        Self {
            code_of: Box::new(|_| None),
            holders: Box::new(|_, _| Ok(Vec::new())),
            users: Box::new(NobodyKnown),
            changed: Box::new(|_, _, _| Ok(())),
        }
    }
}

/// A record that is new or says something else; the data are JSON objects.
#[derive(Debug, Clone, Copy)]
pub struct Changed<'a> {
    /// Resident ID number, credit code, or the code of a thing.
    pub subject: &'a str,
    /// The day that the new data speak of.
    pub as_of: Date,
    /// None: nothing was kept before.
    pub before: Option<&'a str>,
    pub after: &'a str,
}

/// A value that was wrong: whose (a pseudonym, see `Registry::pseudonym`), which, since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrong<'a> {
    pub subject: &'a str,
    pub resource: &'a str,
    pub field: &'a str,
    pub since: Timestamp,
}

/// Who was given a value, and where the matter that it was used for stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// `off_…`, `per_…`, `ent_…`.
    pub owner: String,
    pub href: String,
    /// The use is secret for a time, by law: told like everybody, but not counted where others read the number.
    pub hidden: bool,
}

/// A record that an official of the provider is about to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub resource: String,
    /// Resident ID number or credit code.
    pub subject: String,
    pub pseudonym: String,
    /// The law that lets the provider look.
    pub basis: Text,
}

/// A value that its subject wants to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    pub resource: String,
    pub field: String,
    /// The organisation that answers for the resource.
    pub provider: String,
    /// Resident ID number or credit code, and the directory's identifier.
    pub subject: String,
    pub owner: String,
    /// The law that lets the subject read it.
    pub basis: Text,
}

/// What a source says of its subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Null: the source holds no value for the field.
    pub value: Value,
    /// Who stands behind it.
    pub source: Text,
    pub as_of: Date,
}

/// The crate that hands facts out knows who got which. Implemented above, as arrows point down.
pub trait Users: Send + Sync {
    /// Everybody who was given the value since it was wrong, each once for each matter that it was used for.
    fn of(&self, tx: &mut Tx<'_>, wrong: &Wrong<'_>) -> Result<Vec<User>>;

    /// Writes the look into the subject's trail. The record is shown after this has returned `Ok`.
    fn look<'a>(&'a self, ctx: &'a Ctx, grant: Grant, seen: &'a Seen) -> Later<'a>;

    /// Reads one value for its subject, with a line in the trail. None: the source holds nothing about the subject.
    /// `Unavailable`: the source does not answer now.
    fn own<'a>(&'a self, _: &'a Ctx, _: &'a Own) -> Later<'a, Option<Told>> {
        Box::pin(async { Ok(None) })
    }
}

/// Nobody used anything.
pub struct NobodyKnown;

impl Users for NobodyKnown {
    fn of(&self, _: &mut Tx<'_>, _: &Wrong<'_>) -> Result<Vec<User>> {
        Ok(Vec::new())
    }

    fn look<'a>(&'a self, _: &'a Ctx, _: Grant, _: &'a Seen) -> Later<'a> {
        Box::pin(async { Ok(()) })
    }
}

/// One notice: a text key, its arguments in three languages, where it leads.
pub struct Words<'a> {
    pub key: &'a str,
    pub args: &'a [(&'a str, [&'a str; 3])],
    pub href: &'a str,
}

impl Joints {
    /// Tells everybody who works in one of these offices, each once.
    pub fn tell(&self, tx: &mut Tx<'_>, offices: &[&str], words: &Words<'_>) -> Result<()> {
        let mut told: Vec<String> = Vec::new();
        for office in offices {
            for holder in (self.holders)(tx, office)? {
                if !told.contains(&holder) {
                    notice::tell(tx, &holder, words.key, words.args, words.href)?;
                    told.push(holder);
                }
            }
        }
        Ok(())
    }
}
