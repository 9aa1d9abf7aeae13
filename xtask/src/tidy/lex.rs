//! Reads Rust just far enough: what is code, what is a string, what is a comment, where a block ends.
//! Strings and comments are blanked in `code`, so that counting braces and finding words is safe.

use std::ops::Range;

/// A string literal with the line of its opening quote (from 1) and its value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Literal {
    pub line: usize,
    pub value: String,
}

/// One Rust file, read.
pub(crate) struct Source {
    /// The text with the insides of strings, characters and comments replaced by spaces; same length, same lines.
    pub code: String,
    pub strings: Vec<Literal>,
    /// Lines (from 1) that stand in `#[cfg(test)]` blocks.
    tests: Vec<Range<usize>>,
    starts: Vec<usize>,
}

impl Source {
    pub(crate) fn lex(text: &str) -> Self {
        let mut lexer = Lexer { src: text.as_bytes(), at: 0, out: Vec::with_capacity(text.len()), found: Vec::new() };
        while lexer.at < lexer.src.len() {
            lexer.step();
        }
        let starts = line_starts(text);
        let strings =
            lexer.found.into_iter().map(|(at, value)| Literal { line: line_of(&starts, at), value }).collect();
        // Whole byte runs are blanked, so what stays is valid UTF-8.
        let code = String::from_utf8_lossy(&lexer.out).into_owned();
        let mut source = Self { code, strings, tests: Vec::new(), starts };
        source.tests = source.find_tests();
        source
    }

    /// The line (from 1) of a byte offset.
    pub(crate) fn line(&self, at: usize) -> usize {
        line_of(&self.starts, at)
    }

    /// Whether the line stands in a `#[cfg(test)]` block.
    pub(crate) fn is_test(&self, line: usize) -> bool {
        self.tests.iter().any(|r| r.contains(&line))
    }

    fn find_tests(&self) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for (at, mark) in self.code.match_indices("#[cfg(test)]") {
            if let Some((_, close)) = body(&self.code, at + mark.len()) {
                found.push(self.line(at)..self.line(close) + 1);
            }
        }
        found
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

fn line_of(starts: &[usize], at: usize) -> usize {
    starts.partition_point(|start| *start <= at)
}

/// The first block at or after `from`: offsets of `{` and its `}`. `None` when a `;` ends the item first.
pub(crate) fn body(code: &str, from: usize) -> Option<(usize, usize)> {
    let bytes = code.as_bytes();
    let mut depth = 0_i32;
    let mut at = from;
    let open = loop {
        match bytes.get(at)? {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b'{' if depth == 0 => break at,
            b';' if depth == 0 => return None,
            _ => {}
        }
        at += 1;
    };
    close(bytes, open).map(|end| (open, end))
}

fn close(bytes: &[u8], open: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for (at, byte) in bytes.iter().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

struct Lexer<'a> {
    src: &'a [u8],
    at: usize,
    out: Vec<u8>,
    found: Vec<(usize, String)>,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.src.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn step(&mut self) {
        match (self.peek(0), self.peek(1)) {
            (b'/', b'/') => self.line_comment(),
            (b'/', b'*') => self.block_comment(),
            (b'"', _) => self.string(),
            (b'\'', _) => self.quote(),
            (byte, _) if is_word(byte) => self.word(),
            _ => self.keep(1),
        }
    }

    fn keep(&mut self, count: usize) {
        let end = (self.at + count).min(self.src.len());
        self.out.extend_from_slice(&self.src[self.at..end]);
        self.at = end;
    }

    fn blank(&mut self, count: usize) {
        let end = (self.at + count).min(self.src.len());
        self.out.extend(self.src[self.at..end].iter().map(|b| if *b == b'\n' { b'\n' } else { b' ' }));
        self.at = end;
    }

    fn line_comment(&mut self) {
        let rest = &self.src[self.at..];
        self.blank(rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()));
    }

    /// Block comments nest in Rust.
    fn block_comment(&mut self) {
        let mut depth = 0;
        while self.at < self.src.len() {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => depth += 1,
                (b'*', b'/') => depth -= 1,
                _ => {
                    self.blank(1);
                    continue;
                }
            }
            self.blank(2);
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        let start = self.at;
        let mut end = start + 1;
        while end < self.src.len() && self.src[end] != b'"' {
            end += if self.src[end] == b'\\' { 2 } else { 1 };
        }
        let inside = &self.src[start + 1..end.min(self.src.len())];
        self.found.push((start, unescape(&String::from_utf8_lossy(inside))));
        self.delimited(end.saturating_sub(start + 1));
    }

    fn raw_string(&mut self, hashes: usize) {
        let start = self.at + hashes;
        let closing: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
        let rest = &self.src[start + 1..];
        let length = rest.windows(closing.len()).position(|w| w == closing).unwrap_or(rest.len());
        self.found.push((start, String::from_utf8_lossy(&rest[..length]).into_owned()));
        self.blank(hashes);
        self.delimited(length);
        self.blank(hashes);
    }

    /// Keeps both quotes and blanks what stands between.
    fn delimited(&mut self, inside: usize) {
        self.keep(1);
        self.blank(inside);
        self.keep(1);
    }

    /// A character, or a lifetime or label: those have no closing quote.
    fn quote(&mut self) {
        let rest = &self.src[self.at + 1..];
        if rest.first() == Some(&b'\\') {
            let close = rest.iter().skip(2).position(|b| *b == b'\'').map_or(rest.len(), |p| p + 2);
            return self.delimited(close);
        }
        let width = match rest.first() {
            Some(b) if *b >= 0xf0 => 4,
            Some(b) if *b >= 0xe0 => 3,
            Some(b) if *b >= 0xc0 => 2,
            _ => 1,
        };
        if rest.get(width) == Some(&b'\'') { self.delimited(width) } else { self.keep(1) }
    }

    /// A word, which may be the prefix of a string: `r`, `b`, `c`, `br`, `cr`.
    fn word(&mut self) {
        let rest = &self.src[self.at..];
        let length = rest.iter().position(|b| !is_word(*b)).unwrap_or(rest.len());
        let word = &rest[..length];
        let raw = matches!(word, b"r" | b"br" | b"cr");
        self.keep(length);
        if !raw {
            return;
        }
        let hashes = self.src[self.at..].iter().take_while(|b| **b == b'#').count();
        if self.peek(hashes) == b'"' {
            self.raw_string(hashes);
        }
    }
}

fn unescape(inside: &str) -> String {
    let mut value = String::with_capacity(inside.len());
    let mut chars = inside.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            value.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => value.push('\n'),
            Some('t') => value.push('\t'),
            Some('\n') => while chars.next_if(|c| c.is_whitespace()).is_some() {},
            Some(other) => value.push(other),
            None => {}
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        Source::lex(text).strings.into_iter().map(|l| l.value).collect()
    }

    #[test]
    fn strings_of_every_kind_are_read_and_blanked() {
        let text = r####"f("a\"}", r#"b"{"#, b"c", br##"d"#"##, '"', '\'', b'{', "x\
            y");"####;
        assert_eq!(values(text), ["a\"}", "b\"{", "c", "d\"#", "xy"]);
        let code = Source::lex(text).code;
        assert!(!code.contains(['{', '}']) && code.len() == text.len());
    }

    #[test]
    fn lifetimes_labels_and_raw_words_are_code() {
        let text = "fn f<'a>(x: &'a str) -> &'a str { 'out: loop { break 'out } r#type }";
        let source = Source::lex(text);
        assert_eq!(source.code, text);
        assert!(body(&source.code, 0).is_some_and(|(_, close)| close == text.len() - 1));
    }

    #[test]
    fn comments_nest_and_hide_quotes() {
        let text = "/* \" /* { */ \" */ a // \" }\nb \"s\"";
        let source = Source::lex(text);
        assert_eq!(source.code.split_whitespace().collect::<Vec<_>>(), ["a", "b", "\"", "\""]);
        assert_eq!(source.strings, [Literal { line: 2, value: "s".into() }]);
    }

    #[test]
    fn wide_characters_in_quotes_are_characters() {
        let source = Source::lex("match c { '办' | '{' => '\\u{7b}', _ => 'é' }");
        assert_eq!(source.code.matches('{').count(), 1);
    }

    #[test]
    fn test_blocks_are_known_by_line() {
        let source = Source::lex("fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() {}\n}\nfn c() {}\n");
        let inside: Vec<usize> = (1..=6).filter(|l| source.is_test(*l)).collect();
        assert_eq!(inside, [2, 3, 4, 5]);
    }
}
