//! What every kind of system does: it answers for one number with one record, in its own words.
use std::future::Future;
use std::pin::Pin;

use serde_json::Value;

use crate::error::{Answered, SourceError};
use crate::mapping::Matter;

/// A record as an object of columns, elements or JSON; None: nothing is held about the subject.
pub(crate) type Asking<'a> = Pin<Box<dyn Future<Output = Answered<Option<Value>>> + Send + 'a>>;

pub(crate) trait Reach: Send + Sync {
    /// One attempt. The caller bounds its time.
    fn ask<'a>(&'a self, number: &'a str) -> Asking<'a>;

    /// As `ask`, for systems that want to know what for.
    fn ask_in<'a>(&'a self, number: &'a str, _matter: &'a Matter<'a>) -> Asking<'a> {
        self.ask(number)
    }

    /// Under which name an answer is kept in memory.
    fn memory(&self, number: &str, _matter: &Matter<'_>) -> String {
        number.to_owned()
    }

    /// Whether the call may be made again without effect.
    fn is_repeatable(&self) -> bool {
        true
    }

    /// What an operator must know besides failures: a file that was left aside.
    fn remark(&self) -> Option<String> {
        None
    }
}

/// One subject has one current record; two would mean that one of them is chosen by chance.
pub(crate) fn second_row() -> SourceError {
    SourceError::Malformed(
        "there are several records of one subject; let the query choose one by an order and a limit".into(),
    )
}
