//! Licence expressions as crates carry them (SPDX 2.3, annex D), held against a list of licences.

/// Whether whoever takes the crate can do so under licences of the list alone: of `OR` one side suffices, of `AND` both
/// count, `WITH` makes a licence of its own. A `/`, as old manifests have it, means `OR`. The error says what cannot be read.
pub(crate) fn is_allowed(expression: &str, list: &[String]) -> Result<bool, String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut reader = Reader { words: spaced.split_whitespace().collect(), at: 0, list };
    let verdict = reader.choice()?;
    match reader.next() {
        None => Ok(verdict),
        Some(word) => Err(format!("`{word}` stands where AND, OR or the end is expected")),
    }
}

struct Reader<'a> {
    words: Vec<&'a str>,
    at: usize,
    list: &'a [String],
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let word = self.words.get(self.at).copied();
        self.at += 1;
        word
    }

    /// Goes past this word when it is the next one.
    fn takes(&mut self, word: &str) -> bool {
        let is_next = self.words.get(self.at) == Some(&word);
        self.at += usize::from(is_next);
        is_next
    }

    fn choice(&mut self) -> Result<bool, String> {
        let mut verdict = self.sum()?;
        while self.takes("OR") {
            verdict |= self.sum()?;
        }
        Ok(verdict)
    }

    /// `AND` binds tighter than `OR`.
    fn sum(&mut self) -> Result<bool, String> {
        let mut verdict = self.one()?;
        while self.takes("AND") {
            verdict &= self.one()?;
        }
        Ok(verdict)
    }

    fn one(&mut self) -> Result<bool, String> {
        if self.takes("(") {
            let verdict = self.choice()?;
            return if self.takes(")") { Ok(verdict) } else { Err("a bracket is not closed".into()) };
        }
        let licence = self.name()?;
        if self.takes("WITH") {
            let exception = self.name()?;
            return Ok(self.has(&format!("{licence} WITH {exception}")));
        }
        // "+" adds later versions to choose from; the one that is named remains.
        Ok(self.has(licence.trim_end_matches('+')))
    }

    fn name(&mut self) -> Result<&'a str, String> {
        let word = self.next().ok_or("it ends where a licence is expected")?;
        let is_name = word.bytes().all(|b| b.is_ascii_alphanumeric() || b".-+:".contains(&b));
        let is_operator = ["AND", "OR", "WITH"].contains(&word);
        if is_name && !is_operator { Ok(word) } else { Err(format!("`{word}` stands where a licence is expected")) }
    }

    fn has(&self, licence: &str) -> bool {
        self.list.iter().any(|known| known.eq_ignore_ascii_case(licence))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(expression: &str) -> Result<bool, String> {
        let list = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "ISC"].map(str::to_owned);
        is_allowed(expression, &list)
    }

    #[test]
    fn one_side_of_or_suffices_and_both_of_and_count() {
        for good in [
            "MIT",
            "mit",
            "MIT OR GPL-3.0-only",
            "GPL-2.0-only OR Apache-2.0",
            "Unlicense/MIT",
            "Apache-2.0 / MIT",
            "Apache-2.0 AND ISC",
            "Apache-2.0+",
            "(MIT OR GPL-3.0-only) AND ISC",
            "GPL-3.0-only AND ISC OR MIT",
            "Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT",
        ] {
            assert_eq!(allowed(good), Ok(true), "{good}");
        }
        for bad in [
            "GPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "MIT AND (GPL-3.0-only OR LGPL-3.0-only)",
            "GPL-3.0-only OR MIT AND MPL-2.0",
            "GPL-2.0-only WITH Classpath-exception-2.0",
            "MIT WITH LLVM-exception",
            "LicenseRef-own",
        ] {
            assert_eq!(allowed(bad), Ok(false), "{bad}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_never_allowed() {
        for broken in
            ["", "MIT OR", "OR MIT", "(MIT", "MIT)", "MIT Apache-2.0", "MIT AND OR ISC", "MIT, ISC", "MIT WITH"]
        {
            assert!(allowed(broken).is_err(), "{broken}");
        }
    }
}
