//! A delivery read row by row: CSV (RFC 4180, UTF-8, a header) or JSON lines. Memory is bounded by the longest row allowed.
//!
//! CSV columns: `subject`, perhaps `as_of`, and field keys; an empty cell is no value.
//! JSON line: `{"subject": "…", "as_of": "…", "data": {…}}`; `as_of` may be left out.
use std::io::{BufRead, Read};
use std::sync::Arc;

use platform::clock::parse_iso_date;
use platform::{Error, FieldError, Result};
use serde::Deserialize;
use serde_json::{Map, Value};
use time::Date;

use super::check;
use super::resource::Resource;

/// Bytes of one row at most: no catalogue entry is near it, and a quote that is never closed ends here.
const LONGEST: u64 = 1 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    JsonLines,
}

/// One row as it was delivered, not yet checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Line of the file on which it begins, from 1.
    pub line: u64,
    pub bytes: usize,
    pub subject: String,
    pub as_of: Option<Date>,
    pub data: Map<String, Value>,
}

/// What the next line holds.
#[derive(Debug)]
pub enum Next {
    Row(Row),
    Refused(u64, FieldError),
    /// A row is longer than any may be: nothing after it can be told apart.
    Cut(u64),
    End,
}

pub type Source = Box<dyn BufRead + Send>;

pub struct Rows {
    from: Source,
    resource: Arc<Resource>,
    /// Of a CSV file.
    columns: Option<Vec<String>>,
    line: u64,
}

enum Line {
    Text(u64, String),
    Unreadable(u64),
    Cut(u64),
    End,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonRow {
    subject: String,
    as_of: Option<String>,
    data: Map<String, Value>,
}

impl Rows {
    /// Reads the header of a CSV file; a column that the resource does not have refuses the whole delivery.
    pub fn open(from: Source, format: Format, resource: Arc<Resource>) -> Result<Self> {
        let mut rows = Self { from, resource, columns: None, line: 0 };
        if format == Format::Csv {
            let header = match rows.csv_line()? {
                Line::Text(_, text) => split_csv(&text),
                _ => None,
            };
            let columns = header.ok_or_else(|| Error::field("header", "registry-import-header"))?;
            rows.check_columns(&columns)?;
            rows.columns = Some(columns);
        }
        Ok(rows)
    }

    fn check_columns(&self, columns: &[String]) -> Result<()> {
        let known = |name: &str| name == "subject" || name == "as_of" || self.resource.field(name).is_some();
        if let Some(unknown) = columns.iter().find(|name| !known(name)) {
            let error = FieldError::new("header", "registry-import-column").with("column", unknown);
            return Err(Error::Invalid(vec![error.with("resource", &self.resource.key)]));
        }
        let twice = columns.iter().enumerate().any(|(at, name)| columns[..at].contains(name));
        if twice || !columns.iter().any(|name| name == "subject") {
            return Err(Error::field("header", "registry-import-header"));
        }
        Ok(())
    }

    /// The next row; blank lines are passed by.
    pub fn next(&mut self) -> Result<Next> {
        loop {
            let line = if self.columns.is_some() { self.csv_line()? } else { self.line()? };
            return Ok(match line {
                Line::Text(_, text) if text.trim().is_empty() => continue,
                Line::Text(at, text) => match self.row(at, &text) {
                    Ok(row) => Next::Row(row),
                    Err(error) => Next::Refused(at, error),
                },
                Line::Unreadable(at) => Next::Refused(at, FieldError::new("row", "registry-refused-encoding")),
                Line::Cut(at) => Next::Cut(at),
                Line::End => Next::End,
            });
        }
    }

    fn row(&self, line: u64, text: &str) -> std::result::Result<Row, FieldError> {
        let (subject, as_of, data) = match &self.columns {
            Some(columns) => self.csv_row(columns, text)?,
            None => json_row(text)?,
        };
        let as_of = match as_of.filter(|text| !text.is_empty()) {
            Some(text) => Some(parse_iso_date(&text).ok_or_else(|| {
                FieldError::new("as_of", "registry-field-date").with("field", "as_of").with("found", &text)
            })?),
            None => None,
        };
        Ok(Row { line, bytes: text.len(), subject, as_of, data })
    }

    fn csv_row(&self, columns: &[String], text: &str) -> std::result::Result<Parts, FieldError> {
        let cells = split_csv(text).ok_or_else(|| FieldError::new("row", "registry-refused-csv"))?;
        if cells.len() != columns.len() {
            let error = FieldError::new("row", "registry-refused-columns").with("found", cells.len());
            return Err(error.with("expected", columns.len()));
        }
        let (mut subject, mut as_of, mut data) = (String::new(), None, Map::new());
        for (column, cell) in columns.iter().zip(cells) {
            match column.as_str() {
                "subject" => subject = cell,
                "as_of" => as_of = Some(cell),
                _ if cell.is_empty() => {}
                _ => drop(data.insert(column.clone(), self.typed(column, cell))),
            }
        }
        Ok((subject, as_of, data))
    }

    /// Cells are text; digits of an integer field become a number, anything else is refused by the check.
    fn typed(&self, column: &str, cell: String) -> Value {
        match self.resource.field(column) {
            Some(field) => check::typed(field, &cell),
            None => Value::String(cell),
        }
    }

    fn line(&mut self) -> Result<Line> {
        let mut bytes = Vec::new();
        let read = Read::take(&mut self.from, LONGEST).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(Line::End);
        }
        self.line += 1;
        if bytes.last() != Some(&b'\n') && read as u64 == LONGEST {
            return Ok(Line::Cut(self.line));
        }
        while bytes.last().is_some_and(|b| matches!(b, b'\n' | b'\r')) {
            bytes.pop();
        }
        if self.line == 1 && bytes.starts_with("\u{feff}".as_bytes()) {
            bytes.drain(..3);
        }
        let at = self.line;
        Ok(String::from_utf8(bytes).map_or(Line::Unreadable(at), |text| Line::Text(at, text)))
    }

    /// Lines are joined while a quote is open: a quoted cell may contain line ends.
    fn csv_line(&mut self) -> Result<Line> {
        let (first, mut text) = match self.line()? {
            Line::Text(at, text) => (at, text),
            other => return Ok(other),
        };
        let mut open = open_after(&text, false);
        while open {
            match self.line()? {
                Line::Text(_, more) => {
                    open = open_after(&more, true);
                    text.push('\n');
                    text.push_str(&more);
                }
                Line::Unreadable(_) => return Ok(Line::Unreadable(first)),
                Line::Cut(_) => return Ok(Line::Cut(first)),
                Line::End => return Ok(Line::Text(first, text)), // refused as a row that cannot be split
            }
            if text.len() as u64 > LONGEST {
                return Ok(Line::Cut(first));
            }
        }
        Ok(Line::Text(first, text))
    }
}

type Parts = (String, Option<String>, Map<String, Value>);

fn json_row(text: &str) -> std::result::Result<Parts, FieldError> {
    let row: JsonRow = serde_json::from_str(text).map_err(|error| {
        let key = if error.is_data() { "registry-refused-shape" } else { "registry-refused-json" };
        FieldError::new("row", key).with("column", error.column())
    })?;
    Ok((row.subject, row.as_of, row.data))
}

/// Whether a quoted cell is still open at the end of the line; a quote opens one only where a cell begins.
fn open_after(line: &str, mut open: bool) -> bool {
    let mut begins = true;
    let mut bytes = line.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' if open && bytes.peek() == Some(&b'"') => drop(bytes.next()),
            b'"' if open => open = false,
            b'"' if begins => open = true,
            _ => {}
        }
        begins = byte == b',' && !open;
    }
    open
}

/// The cells of a row (RFC 4180); None when a quote stands where none can.
fn split_csv(text: &str) -> Option<Vec<String>> {
    let mut cells = Vec::new();
    let mut rest = text;
    loop {
        let (cell, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_cell(quoted)?,
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                (rest[..end].to_owned(), &rest[end..])
            }
        };
        if !rest.starts_with('"') && cell.contains('"') {
            return None;
        }
        cells.push(cell);
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None if after.is_empty() => return Some(cells),
            None => return None,
        }
    }
}

/// The cell and what stands after its closing quote; a doubled quote is one.
fn quoted_cell(text: &str) -> Option<(String, &str)> {
    let mut cell = String::new();
    let mut rest = text;
    loop {
        let at = rest.find('"')?;
        cell.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None => return Some((cell, rest)),
        }
    }
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
