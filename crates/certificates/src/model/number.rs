//! The number that people read on a certificate: a pattern of the type, filled in for an office, a year and a serial.

/// Where the serial goes in a series.
const PLACE: char = '#';
/// Digits of a serial at least: longer ones are written in full, so that a series never runs out.
const WIDEST: usize = 12;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    County,
    Year,
    Serial(usize),
}

/// `JY2{county}{year}{serial:5}`: capitals, digits and hyphens, the division of the issuing body (6 digits), the year
/// of issue, and a serial of at least so many digits that counts within all that stands before and after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberPattern(Vec<Part>);

impl NumberPattern {
    /// Reads a pattern; the error says which rule it breaks.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, tail) = after.split_once('}').ok_or("a { has no }")?;
            parts.push(Part::Text(plain(before)?));
            parts.push(placeholder(name)?);
            rest = tail;
        }
        parts.push(Part::Text(plain(rest)?));
        match parts.iter().filter(|part| matches!(part, Part::Serial(_))).count() {
            1 => Ok(Self(parts)),
            _ => Err("it has {serial:N} once, so that no two certificates share a number".into()),
        }
    }

    /// The series that a number counts in: the number with `#` in place of the serial. `county`: 6 digits.
    #[must_use]
    pub fn series(&self, county: &str, year: i32) -> String {
        self.0.iter().fold(String::new(), |series, part| match part {
            Part::Text(text) => series + text,
            Part::County => series + county,
            Part::Year => format!("{series}{year:04}"),
            Part::Serial(_) => format!("{series}{PLACE}"),
        })
    }

    /// The number with a serial.
    #[must_use]
    pub fn fill(&self, series: &str, serial: i64) -> String {
        let width = |part: &Part| if let Part::Serial(digits) = part { Some(*digits) } else { None };
        let width = self.0.iter().find_map(width).unwrap_or(1);
        series.replacen(PLACE, &format!("{serial:0width$}"), 1)
    }
}

fn plain(text: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
    match text.chars().find(|c| !allowed(*c)) {
        None => Ok(text.to_owned()),
        Some(found) => Err(format!("{found:?} cannot stand in a number: only capitals A-Z, digits and hyphens")),
    }
}

fn placeholder(name: &str) -> Result<Part, String> {
    let digits = name.strip_prefix("serial:").and_then(|digits| digits.parse::<usize>().ok());
    match (name, digits) {
        ("year", _) => Ok(Part::Year),
        ("county", _) => Ok(Part::County),
        (_, Some(digits @ 1..=WIDEST)) => Ok(Part::Serial(digits)),
        (_, Some(_)) => Err(format!("{{serial:N}} has 1 to {WIDEST} digits")),
        (_, None) => Err(format!("{{{name}}} is not known: {{year}}, {{county}} and {{serial:N}} are")),
    }
}

/// What somebody typed as a number: without spaces, full-width forms made plain, capitals.
#[must_use]
pub fn typed(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '—' | '–' => '-',
        other => other,
    };
    text.chars().take(200).map(plain).filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_filled() {
        let pattern = NumberPattern::parse("JY2{county}{year}{serial:5}").unwrap();
        let series = pattern.series("990102", 2026);
        assert_eq!(series, "JY29901022026#");
        assert_eq!(pattern.fill(&series, 42), "JY2990102202600042");
        assert_eq!(pattern.fill(&series, 1_234_567), "JY299010220261234567");
    }

    #[test]
    fn patterns_that_would_not_tell_certificates_apart_are_refused() {
        for wrong in [
            "YL-{year}",
            "YL-{serial:0}",
            "YL-{serial:40}",
            "{serial:5}{serial:5}",
            "yl{serial:5}",
            "{month}",
            "{serial:5",
        ] {
            assert!(NumberPattern::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_typed_is_read_kindly() {
        assert_eq!(typed(" ｙl-ln-2026 —0042 "), "YL-LN-2026-0042");
    }
}
