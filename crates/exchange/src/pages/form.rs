//! Forms of requests and grants: what was typed, what is wrong with it, and terms read from it.
use platform::clock::{Timestamp, parse_iso_date};
use platform::page::Shell;
use platform::posted::Posted;
use platform::{FieldError, Result};
use time::{Date, UtcOffset};

use super::view::ErrorLine;
use crate::model::terms::Terms;

/// A form as it is shown.
#[derive(Default)]
pub struct Form {
    fields: Vec<(String, String)>,
    pub errors: Vec<ErrorLine>,
}

impl Form {
    /// As it was sent, with what is wrong.
    pub fn sent(posted: &Posted, s: &Shell, errors: &[FieldError]) -> Self {
        let fields = posted.fields.iter().filter(|(name, _)| name != "csrf").cloned().collect();
        Self { fields, errors: errors.iter().map(|error| ErrorLine::new(s, error)).collect() }
    }

    pub fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// A part of a date: `y`, `m` or `d`.
    pub fn part(&self, name: &str, part: &str) -> &str {
        let is_part = |n: &str| n.strip_prefix(name).and_then(|rest| rest.strip_prefix('.')) == Some(part);
        self.fields.iter().find(|(n, _)| is_part(n)).map_or("", |(_, value)| value)
    }

    pub fn has(&self, name: &str, value: &str) -> bool {
        self.fields.iter().any(|(n, v)| n == name && v == value)
    }

    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|line| line.target == name).map(|line| line.text.as_str())
    }

    /// Whether something is wrong in the fields under a prefix: their form stands open.
    pub fn wrong(&self, prefix: &str) -> bool {
        self.errors.iter().any(|line| line.target.starts_with(prefix))
    }

    /// Puts in what stands in a field at first.
    pub fn put(&mut self, name: &str, value: &str) {
        self.fields.push((name.to_owned(), value.to_owned()));
    }

    pub fn put_day(&mut self, name: &str, day: Date) {
        let parts =
            [("y", day.year().to_string()), ("m", u8::from(day.month()).to_string()), ("d", day.day().to_string())];
        parts.iter().for_each(|(part, value)| self.put(&format!("{name}.{part}"), value));
    }
}

/// All values of a field that may be ticked more than once.
pub fn values(posted: &Posted, name: &str) -> Vec<String> {
    posted.fields.iter().filter(|(n, _)| n == name).map(|(_, value)| value.clone()).collect()
}

/// A day in three parts. None: nothing was typed.
pub fn day(posted: &Posted, name: &str) -> Result<Option<Date>, FieldError> {
    let part = |part: &str| posted.get(&format!("{name}.{part}")).trim().to_owned();
    let [y, m, d] = ["y", "m", "d"].map(part);
    if y.is_empty() && m.is_empty() && d.is_empty() {
        return Ok(None);
    }
    let wrong = || FieldError::new(name, "exchange-day-wrong");
    parse_iso_date(&format!("{y:0>4}-{m:0>2}-{d:0>2}")).map(Some).ok_or_else(wrong)
}

/// The first instant at which something that holds until a day, that day included, no longer holds.
pub fn after(day: Date, zone: UtcOffset) -> Timestamp {
    Timestamp::end_of(day, zone).plus(1)
}

/// The last day of a period.
pub fn last_day(to: Timestamp, zone: UtcOffset) -> Date {
    to.plus(-1).date(zone)
}

/// Terms no wider than others, from the fields `fields` and `to` under a prefix; a day left empty stays as it was.
pub fn narrower(posted: &Posted, prefix: &str, outer: &Terms, zone: UtcOffset) -> Result<Terms, Vec<FieldError>> {
    let to = day(posted, &format!("{prefix}to")).map_err(|error| vec![error])?;
    let terms = Terms {
        fields: values(posted, &format!("{prefix}fields")),
        to: to.map(|day| after(day, zone)).or(outer.to),
        ..outer.clone()
    };
    let named = |error: FieldError| FieldError { field: format!("{prefix}{}", error.field), ..error };
    terms.check_within(outer).map_err(|errors| errors.into_iter().map(named).collect::<Vec<_>>())?;
    // In the order of what they are taken from, so that the same terms give the same document.
    let fields = outer.fields.iter().filter(|field| terms.fields.contains(field)).cloned().collect();
    Ok(Terms { fields, ..terms })
}

#[cfg(test)]
mod tests {
    use time::macros::{date, offset};

    use super::*;

    fn posted(pairs: &[(&str, &str)]) -> Posted {
        let fields = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Posted { fields, files: Vec::new() }
    }

    #[test]
    fn a_day_is_read_in_parts() {
        let read = |y, m, d| day(&posted(&[("to.y", y), ("to.m", m), ("to.d", d)]), "to");
        assert_eq!(read("2026", "3", "9").unwrap(), Some(date!(2026 - 03 - 09)));
        assert_eq!(read("", " ", "").unwrap(), None);
        for (y, m, d) in [("2026", "2", "29"), ("26", "x", "1"), ("2026", "", "1"), ("12026", "1", "1")] {
            assert_eq!(read(y, m, d).unwrap_err().field, "to", "{y}-{m}-{d}");
        }
        let end = after(date!(2026 - 03 - 09), offset!(+8));
        assert_eq!(last_day(end, offset!(+8)), date!(2026 - 03 - 09));
    }

    #[test]
    fn narrower_terms_keep_the_order_of_the_wider() {
        let list = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let outer = Terms {
            fields: list(&["a", "b", "c"]),
            matters: vec![],
            from: Timestamp(0),
            to: Some(Timestamp(i64::MAX)),
        };
        let sent = posted(&[("n-fields", "c"), ("n-fields", "a"), ("n-fields", "c")]);
        let terms = narrower(&sent, "n-", &outer, UtcOffset::UTC).unwrap();
        assert_eq!((terms.fields, terms.to), (list(&["a", "c"]), outer.to));
        let wider = narrower(&posted(&[("n-fields", "d")]), "n-", &outer, UtcOffset::UTC).unwrap_err();
        assert_eq!(wider[0].field, "n-fields");
    }
}
