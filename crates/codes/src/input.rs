//! Reading what people type: forgiving about spaces, case and full-width forms, strict about everything else.

use std::fmt;

use crate::error::{CodeError, CodeKind, Fault};

/// Longer than any code here; more is counted, not kept, so that ten megabytes cost no memory.
const KEPT: usize = 128;

/// A set of characters, with its name as error messages show it.
pub(crate) struct Alphabet {
    pub(crate) chars: &'static str,
    pub(crate) label: &'static str,
}

pub(crate) const DIGITS: Alphabet = Alphabet { chars: "0123456789", label: "0-9" };
pub(crate) const NOT_ZERO: Alphabet = Alphabet { chars: "123456789", label: "1-9" };
/// Values as in GB 11714 and ISO 7064: 0 to 9, then A = 10 … Z = 35.
pub(crate) const ALPHANUMERIC: Alphabet = Alphabet { chars: "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", label: "0-9 A-Z" };

impl Alphabet {
    /// The value of a character: its place in the set, from 0.
    pub(crate) fn value(&self, c: char) -> Option<u32> {
        self.chars.find(c).and_then(|at| u32::try_from(at).ok())
    }

    /// The character of a value below the size of the set.
    pub(crate) fn char(&self, value: u32) -> char {
        char::from(self.chars.as_bytes()[value as usize])
    }
}

/// Exactly `N` characters of ASCII.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ascii<const N: usize>([u8; N]);

impl<const N: usize> Ascii<N> {
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("only ASCII is ever stored")
    }

    /// The digits of `range` (from 0) as a number.
    pub(crate) fn number(&self, range: std::ops::Range<usize>) -> u64 {
        self.0[range].iter().fold(0, |n, digit| n * 10 + u64::from(digit.wrapping_sub(b'0')))
    }

    pub(crate) fn char(&self, at: usize) -> char {
        char::from(self.0[at])
    }
}

impl<const N: usize> fmt::Debug for Ascii<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A code as typed: white space dropped, full-width forms made plain, letters upper case.
pub(crate) struct Input {
    kind: CodeKind,
    chars: [char; KEPT],
    total: usize,
}

impl Input {
    pub(crate) fn read(kind: CodeKind, text: &str) -> Self {
        let mut input = Self { kind, chars: ['\0'; KEPT], total: 0 };
        for c in text.chars().filter(|c| !c.is_whitespace()) {
            if let Some(slot) = input.chars.get_mut(input.total) {
                *slot = plain(c).to_ascii_uppercase();
            }
            input.total += 1;
        }
        input
    }

    pub(crate) fn len(&self) -> usize {
        self.total
    }

    /// The kept characters.
    pub(crate) fn chars(&self) -> &[char] {
        &self.chars[..self.total.min(KEPT)]
    }

    pub(crate) fn text(&self) -> String {
        self.chars().iter().collect()
    }

    pub(crate) fn error(&self, fault: Fault) -> CodeError {
        CodeError::new(self.kind, fault)
    }

    pub(crate) fn wrong_length(&self, expected: &'static str) -> CodeError {
        self.error(Fault::Length { found: self.total, expected })
    }

    /// Checks that the characters from `start` (from 0) follow `pattern`, a list of (how many, of which set).
    pub(crate) fn check(&self, start: usize, pattern: &[(usize, &Alphabet)]) -> Result<(), CodeError> {
        let sets = pattern.iter().flat_map(|(count, set)| std::iter::repeat_n(*set, *count));
        for (at, set) in (start..).zip(sets) {
            let found = self.chars().get(at).copied().unwrap_or('\0');
            if !set.chars.contains(found) {
                let expected = set.label;
                return Err(self.error(Fault::Character { position: at + 1, found, expected }));
            }
        }
        Ok(())
    }

    /// The whole input as `N` ASCII characters that follow `pattern`. `length` is `N` as messages show it.
    pub(crate) fn fixed<const N: usize>(
        &self,
        length: &'static str,
        pattern: &[(usize, &Alphabet)],
    ) -> Result<Ascii<N>, CodeError> {
        if self.total != N {
            return Err(self.wrong_length(length));
        }
        self.check(0, pattern)?;
        Ok(Ascii(std::array::from_fn(|at| self.chars[at] as u8)))
    }
}

/// Full-width forms (U+FF01 to U+FF5E), as Chinese keyboards give them, stand 0xFEE0 above their ASCII forms.
fn plain(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// The eight digits at `start` (from 0) as a day of the calendar.
pub(crate) fn date_at(digits: &str, start: usize) -> Option<time::Date> {
    let part = |from: usize, to: usize| digits.get(start + from..start + to)?.parse::<u16>().ok();
    let month = time::Month::try_from(u8::try_from(part(4, 6)?).ok()?).ok()?;
    time::Date::from_calendar_date(i32::from(part(0, 4)?), month, u8::try_from(part(6, 8)?).ok()?).ok()
}

/// A day as `YYYYMMDD`.
pub(crate) fn compact(date: time::Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), u8::from(date.month()), date.day())
}
