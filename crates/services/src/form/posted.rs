//! A posted page → a patch of answers. Everything typed is kept as typed; what a register fixes is not taken.
use std::collections::{BTreeMap, BTreeSet};

use platform::error::FieldError;
use serde_json::{Map, Value};

use super::limits;
use super::model::{Field, Input, Page};
use super::prefill::Prefills;

/// What a posted page says.
#[derive(Debug, Clone, PartialEq)]
pub struct Posted {
    /// For [`super::Answers::apply`].
    pub patch: Map<String, Value>,
    /// The post itself is refused (too much, too many rows). What a field says is checked later, by validation.
    pub errors: Vec<FieldError>,
    pub ask: Ask,
}

/// The button that was pressed, from the input [`ASK`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    Continue,
    /// `save`: keep the draft and leave.
    Save,
    /// `add:staff:2`: to the two rows that the page showed.
    AddRow(String, usize),
    /// `remove:staff.2:3`: of the three rows that the page showed.
    RemoveRow(String, usize, usize),
    /// `detach:lease:file_01…`
    Detach(String, String),
}

/// Name of the buttons.
pub const ASK: &str = "_ask";

/// Reads the text pairs of a posted page. Names are those of the view: `mobile`, `birth.y`, `staff.0.name`; unknown names
/// and files are passed over.
#[must_use]
pub fn parse_posted(page: &Page, pairs: &[(String, String)], prefills: &Prefills) -> Posted {
    let mut posted = Posted { patch: Map::new(), errors: Vec::new(), ask: Ask::Continue };
    if let Err(error) = limits::check_posted(pairs) {
        posted.errors.push(error);
        return posted;
    }
    let mut reading = Reading::new(page, prefills);
    for (name, value) in pairs {
        if name == ASK {
            posted.ask = ask(page, value);
        } else {
            reading.pair(name, value);
        }
    }
    (posted.patch, posted.errors) = reading.finish();
    posted
}

/// What a button asks for, if it is a button of this page; anything else goes on as usual.
fn ask(page: &Page, value: &str) -> Ask {
    let field = |path: &str| page.field_at(path).map(|field| &field.input);
    let mut parts = value.splitn(3, ':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("save"), None, None) => Ask::Save,
        (Some("add"), Some(group), Some(shown)) if matches!(field(group), Some(Input::Repeat { .. })) => {
            shown.parse().map_or(Ask::Continue, |shown| Ask::AddRow(group.to_owned(), shown))
        }
        (Some("remove"), Some(row), Some(shown)) => {
            let row = row.rsplit_once('.').map(|(group, index)| (group, index.parse(), shown.parse()));
            match row {
                Some((group, Ok(index), Ok(shown))) if matches!(field(group), Some(Input::Repeat { .. })) => {
                    Ask::RemoveRow(group.to_owned(), index, shown)
                }
                _ => Ask::Continue,
            }
        }
        (Some("detach"), Some(path), Some(id)) if matches!(field(path), Some(Input::File { .. })) => {
            Ask::Detach(path.to_owned(), id.to_owned())
        }
        _ => Ask::Continue,
    }
}

type Row = Map<String, Value>;

struct Reading<'a> {
    fields: BTreeMap<&'a str, &'a Field>,
    locked: BTreeSet<&'a str>,
    top: Row,
    /// Rows of each repeat by index.
    rows: BTreeMap<&'a str, BTreeMap<usize, Row>>,
    errors: Vec<FieldError>,
}

impl<'a> Reading<'a> {
    fn new(page: &'a Page, prefills: &'a Prefills) -> Self {
        let fields: BTreeMap<&str, &Field> = page.fields.iter().map(|field| (field.key.as_str(), field)).collect();
        let locked = prefills.locked().collect();
        Self { fields, locked, top: Map::new(), rows: BTreeMap::new(), errors: Vec::new() }
    }

    fn pair(&mut self, name: &str, value: &str) {
        let (key, rest) = name.split_once('.').map_or((name, None), |(key, rest)| (key, Some(rest)));
        let Some((key, field)) = self.fields.get_key_value(key) else {
            return;
        };
        if self.locked.contains(key) {
            return;
        }
        match (&field.input, rest) {
            (Input::Repeat { max, fields, .. }, Some(rest)) => self.row_pair((key, *max), fields, rest, value),
            (_, part) => put(&mut self.top, field, part, value),
        }
    }

    fn row_pair(&mut self, (group, max): (&'a str, u16), fields: &'a [Field], rest: &str, value: &str) {
        let Some((index, name)) = rest.split_once('.') else {
            return;
        };
        let Ok(index) = index.parse::<usize>() else {
            return;
        };
        if index >= usize::from(max) {
            let known = self.errors.iter().any(|error| error.field == group);
            if !known {
                self.errors.push(FieldError::new(group, "form-error-repeat-max").with("max", max));
            }
            return;
        }
        let (key, part) = name.split_once('.').map_or((name, None), |(key, part)| (key, Some(part)));
        if let Some(field) = fields.iter().find(|field| field.key == key) {
            let row = self.rows.entry(group).or_default().entry(index).or_default();
            put(row, field, part, value);
        }
    }

    /// Boxes that are not ticked are not sent at all: what is absent from a sent page was cleared.
    fn finish(mut self) -> (Row, Vec<FieldError>) {
        let open: Vec<&Field> =
            self.fields.values().filter(|field| !self.locked.contains(field.key.as_str())).copied().collect();
        for field in open {
            clear_unticked(&mut self.top, field);
            if let (Input::Repeat { fields, .. }, Some(rows)) = (&field.input, self.rows.get_mut(field.key.as_str())) {
                for row in rows.values_mut() {
                    fields.iter().for_each(|inner| clear_unticked(row, inner));
                }
            }
        }
        for (group, rows) in self.rows {
            let count = rows.keys().next_back().map_or(0, |last| last + 1);
            let mut list = vec![Value::Object(Map::new()); count];
            for (index, row) in rows {
                list[index] = Value::Object(row);
            }
            self.top.insert(group.to_owned(), Value::Array(list));
        }
        (self.top, self.errors)
    }
}

fn clear_unticked(row: &mut Row, field: &Field) {
    let empty = match field.input {
        Input::Checkboxes { .. } => Value::Array(Vec::new()),
        Input::Declaration {} => Value::Null,
        _ => return,
    };
    row.entry(field.key.clone()).or_insert(empty);
}

/// One typed text at its place. The last of several texts of one name counts, as for a hidden input before a box.
fn put(row: &mut Row, field: &Field, part: Option<&str>, value: &str) {
    let text = Value::String(value.to_owned());
    let parts = field.input.parts();
    match (&field.input, part) {
        (Input::File { .. } | Input::Repeat { .. }, _) => {}
        (Input::Checkboxes { .. }, None) => {
            if let Some(list) = row.entry(field.key.clone()).or_insert_with(|| Value::Array(Vec::new())).as_array_mut()
                && !value.is_empty()
                && !list.contains(&text)
            {
                list.push(text);
            }
        }
        (_, Some(part)) if parts.contains(&part) => {
            if let Some(map) = row.entry(field.key.clone()).or_insert_with(|| Value::Object(Map::new())).as_object_mut()
            {
                map.insert(part.to_owned(), text);
            }
        }
        (_, None) if parts.is_empty() => {
            row.insert(field.key.clone(), text);
        }
        _ => {}
    }
}
