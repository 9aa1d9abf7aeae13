//! Forms of requests and grants: days, boxes and terms read from what was sent.
use platform::clock::{Timestamp, parse_iso_date};
use platform::posted::Posted;
use platform::{FieldError, Result};
use time::{Date, UtcOffset};

use crate::model::terms::Terms;

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

/// Terms no wider than others, from the fields `fields`, `to` and, where there is more than one to choose from, `matters`
/// under a prefix; a day left empty stays as it was.
pub fn narrower(posted: &Posted, prefix: &str, outer: &Terms, zone: UtcOffset) -> Result<Terms, Vec<FieldError>> {
    let to = day(posted, &format!("{prefix}to")).map_err(|error| vec![error])?;
    let terms = Terms {
        fields: values(posted, &format!("{prefix}fields")),
        matters: if offers_matters(outer) {
            values(posted, &format!("{prefix}matters"))
        } else {
            outer.matters.clone()
        },
        to: to.map(|day| after(day, zone)).or(outer.to),
        ..outer.clone()
    };
    let named = |error: FieldError| FieldError { field: format!("{prefix}{}", error.field), ..error };
    terms.check_within(outer).map_err(|errors| errors.into_iter().map(named).collect::<Vec<_>>())?;
    // In the order of what they are taken from, so that the same terms give the same document.
    let of = |all: &[String], chosen: &[String]| all.iter().filter(|one| chosen.contains(one)).cloned().collect();
    let (fields, matters) = (of(&outer.fields, &terms.fields), of(&outer.matters, &terms.matters));
    Ok(Terms { fields, matters, ..terms })
}

/// Whether fewer items and cases can be chosen: of one alone nothing can be left out.
pub fn offers_matters(terms: &Terms) -> bool {
    terms.matters.len() > 1
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

    #[test]
    fn fewer_matters_are_chosen_where_there_are_several() {
        let list = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let outer = |all: &[&str]| Terms { fields: list(&["a"]), matters: list(all), from: Timestamp(0), to: None };
        let read = |sent: &[(&str, &str)], all| {
            let sent = posted(&[&[("n-fields", "a")], sent].concat());
            narrower(&sent, "n-", &outer(all), UtcOffset::UTC).map(|terms| terms.matters)
        };
        let three = ["x", "y", "z"];
        assert_eq!(read(&[("n-matters", "z"), ("n-matters", "x")], &three).unwrap(), list(&["x", "z"]));
        for wrong in [&[][..], &[("n-matters", "x"), ("n-matters", "w")]] {
            assert_eq!(read(wrong, &three).unwrap_err()[0].field, "n-matters");
        }
        // Of one, and of everything, nothing is chosen.
        assert_eq!(read(&[], &["x"]).unwrap(), list(&["x"]));
        assert!(read(&[("n-matters", "x")], &[]).unwrap().is_empty());
    }
}
