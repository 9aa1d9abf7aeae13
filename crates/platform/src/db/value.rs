//! Values that travel to and from both databases: null, integer, real, text, bytes.
use std::sync::Arc;

use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::ids::Id;

/// A parameter of a statement. Borrowed, so that binding copies nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    Null,
    Int(i64),
    Real(f64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

impl From<i64> for Value<'_> {
    fn from(v: i64) -> Self {
        Self::Int(v)
    }
}
impl From<u32> for Value<'_> {
    fn from(v: u32) -> Self {
        Self::Int(i64::from(v))
    }
}
impl From<bool> for Value<'_> {
    /// Flags are 0 or 1 in BIGINT on both databases.
    fn from(v: bool) -> Self {
        Self::Int(i64::from(v))
    }
}
impl From<f64> for Value<'_> {
    fn from(v: f64) -> Self {
        Self::Real(v)
    }
}
impl From<Timestamp> for Value<'_> {
    fn from(v: Timestamp) -> Self {
        Self::Int(v.0)
    }
}
impl<'a> From<&'a str> for Value<'a> {
    fn from(v: &'a str) -> Self {
        Self::Text(v)
    }
}
impl<'a> From<&'a String> for Value<'a> {
    fn from(v: &'a String) -> Self {
        Self::Text(v)
    }
}
impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(v: &'a [u8]) -> Self {
        Self::Bytes(v)
    }
}
impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(v: &'a Vec<u8>) -> Self {
        Self::Bytes(v)
    }
}
impl<'a, T: Id> From<&'a T> for Value<'a> {
    fn from(v: &'a T) -> Self {
        Self::Text(v.as_str())
    }
}
impl<'a> From<&'a Option<String>> for Value<'a> {
    fn from(v: &'a Option<String>) -> Self {
        v.as_deref().map_or(Self::Null, Self::Text)
    }
}
impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(v: Option<T>) -> Self {
        v.map_or(Self::Null, Into::into)
    }
}

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
}

/// One row; columns by position, in the order of the SELECT list.
#[derive(Debug, Clone)]
pub struct Row {
    pub(crate) cells: Vec<Cell>,
    pub(crate) names: Arc<[String]>,
}

impl Row {
    fn wrong(&self, at: usize, wanted: &str) -> Error {
        let name = self.names.get(at).map_or("?", String::as_str);
        // Kinds, not contents: errors go to the log, and what is in a row may be personal.
        let found = match self.cells.get(at) {
            None => "no column",
            Some(Cell::Null) => "null",
            Some(Cell::Int(_)) => "an integer",
            Some(Cell::Real(_)) => "a real",
            Some(Cell::Text(_)) => "text",
            Some(Cell::Bytes(_)) => "bytes",
        };
        Error::Internal(format!("column {at} ({name}): wanted {wanted}, found {found}"))
    }

    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Column names in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    pub fn text(&self, at: usize) -> Result<String> {
        match self.cells.get(at) {
            Some(Cell::Text(text)) => Ok(text.clone()),
            _ => Err(self.wrong(at, "text")),
        }
    }

    pub fn str(&self, at: usize) -> Result<&str> {
        match self.cells.get(at) {
            Some(Cell::Text(text)) => Ok(text),
            _ => Err(self.wrong(at, "text")),
        }
    }

    pub fn opt_text(&self, at: usize) -> Result<Option<String>> {
        match self.cells.get(at) {
            Some(Cell::Null) => Ok(None),
            Some(Cell::Text(text)) => Ok(Some(text.clone())),
            _ => Err(self.wrong(at, "text or null")),
        }
    }

    pub fn int(&self, at: usize) -> Result<i64> {
        match self.cells.get(at) {
            Some(Cell::Int(value)) => Ok(*value),
            _ => Err(self.wrong(at, "integer")),
        }
    }

    pub fn opt_int(&self, at: usize) -> Result<Option<i64>> {
        match self.cells.get(at) {
            Some(Cell::Null) => Ok(None),
            Some(Cell::Int(value)) => Ok(Some(*value)),
            _ => Err(self.wrong(at, "integer or null")),
        }
    }

    pub fn time(&self, at: usize) -> Result<Timestamp> {
        self.int(at).map(Timestamp)
    }

    pub fn opt_time(&self, at: usize) -> Result<Option<Timestamp>> {
        Ok(self.opt_int(at)?.map(Timestamp))
    }

    pub fn flag(&self, at: usize) -> Result<bool> {
        self.int(at).map(|v| v != 0)
    }

    pub fn real(&self, at: usize) -> Result<f64> {
        match self.cells.get(at) {
            Some(Cell::Real(value)) => Ok(*value),
            _ => Err(self.wrong(at, "real")),
        }
    }

    pub fn bytes(&self, at: usize) -> Result<&[u8]> {
        match self.cells.get(at) {
            Some(Cell::Bytes(bytes)) => Ok(bytes),
            _ => Err(self.wrong(at, "bytes")),
        }
    }

    pub fn id<T: Id>(&self, at: usize) -> Result<T> {
        self.text(at).map(T::from_text)
    }

    /// A JSON column.
    pub fn json<T: serde::de::DeserializeOwned>(&self, at: usize) -> Result<T> {
        serde_json::from_str(self.str(at)?)
            .map_err(|e| Error::Internal(format!("column {at} ({:?}): {e}", self.names.get(at))))
    }
}
