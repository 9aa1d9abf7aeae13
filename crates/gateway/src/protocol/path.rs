//! Paths against patterns: what an access right covers, with the traversal traps closed.
//!
//! X-Road had a bypass here: a path was matched in one form and sent on in another, so that an encoded `..` escaped a
//! wildcard. Here a path that has a second form at all is refused.

/// Whether a service path, as it was sent, has one form only: no dot segments, no empty segments, no encoded separators,
/// nothing that is encoded twice, no broken escapes.
#[must_use]
pub fn is_plain(path: &str) -> bool {
    let Some(decoded) = super::ids::decode(path) else { return false };
    let hidden = path.len() != decoded.len() && {
        let raw = path.to_ascii_lowercase();
        raw.contains("%2f") || raw.contains("%5c") || raw.contains("%25")
    };
    let strange = decoded.contains('\\') || decoded.chars().any(char::is_control);
    // What an address would cut off or write otherwise.
    let strange = strange || path.bytes().any(|b| !b.is_ascii_graphic() || b"#?\"<>`{}^|".contains(&b));
    let mut segments = decoded.split('/').skip(1).peekable();
    let mut walks = false;
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        walks |= segment == "." || segment == ".." || (segment.is_empty() && !last);
        // `..;x` is a parent directory to servers that cut path parameters off.
        walks |= segment.starts_with("..;") || segment.starts_with(".;");
    }
    !hidden && !strange && !walks
}

/// Whether a pattern covers a decoded path. `*`: any run without `/`; `**`: any run; `\*`: an asterisk.
#[must_use]
pub fn covers(pattern: &str, path: &str) -> bool {
    glob(pattern.as_bytes(), path.as_bytes())
}

/// Iterative over single runs with one point to come back to for each kind of star: linear in practice, quadratic at worst.
fn glob(pattern: &[u8], path: &[u8]) -> bool {
    let (mut p, mut s) = (0, 0);
    // Where to go on in the pattern, and in the path, when what follows a star does not fit.
    let mut single: Option<(usize, usize)> = None;
    let mut double: Option<(usize, usize)> = None;
    loop {
        if p < pattern.len() && pattern[p..].starts_with(b"**") {
            p += 2;
            (single, double) = (None, Some((p, s)));
            continue;
        }
        if p < pattern.len() && pattern[p] == b'*' {
            p += 1;
            single = Some((p, s));
            continue;
        }
        let literal = match &pattern[p.min(pattern.len())..] {
            [b'\\', b'*', ..] => Some((b'*', 2)),
            [byte, ..] => Some((*byte, 1)),
            [] => None,
        };
        match literal {
            None if s == path.len() => return true,
            Some((byte, width)) if s < path.len() && path[s] == byte => (p, s) = (p + width, s + 1),
            _ => match (single, double) {
                (Some((at, from)), _) if from < path.len() && path[from] != b'/' => {
                    (single, p, s) = (Some((at, from + 1)), at, from + 1);
                }
                (_, Some((at, from))) if from < path.len() => {
                    (single, double, p, s) = (None, Some((at, from + 1)), at, from + 1);
                }
                _ => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_cover_what_x_road_says() {
        for (pattern, path, wanted) in [
            ("**", "/anything/at/all", true),
            ("**", "", true),
            ("/pets/*", "/pets/1", true),
            ("/pets/*", "/pets/1/name", false),
            ("/pets/*", "/pets/", true),
            ("/pets/*", "/pets", false),
            ("/pets/**", "/pets/1/name", true),
            ("/*/name", "/pets/name", true),
            ("/*/name", "/pets/1/name", false),
            ("/**/name", "/pets/1/name", true),
            ("/**/a*/end", "/x/ab/c/ad/end", true),
            ("/**/a*/end", "/x/ab/c/bd/end", false),
            (r"/star/\*", "/star/*", true),
            (r"/star/\*", "/star/x", false),
            ("/a*b*c", "/aXbYbZc", true),
            ("/a*b*c", "/aXb/c", false),
            ("", "", true),
            ("", "/", false),
        ] {
            assert_eq!(covers(pattern, path), wanted, "{pattern} {path}");
        }
    }

    #[test]
    fn a_path_with_a_second_form_is_not_plain() {
        for plain in ["", "/", "/v2/pets/1", "/a%20b", "/%E4%BA%91", "/a.b/..c/c..", "/a/"] {
            assert!(is_plain(plain), "{plain}");
        }
        for trap in [
            "/../x",
            "/a/..",
            "/a/./b",
            "/%2e%2e/x",
            "/%2E./x",
            "/..%2fx",
            "/a%2Fb",
            "/a%5cb",
            "/a\\b",
            "/%252e%252e/x",
            "//x",
            "/a//b",
            "/%zz",
            "/%E4",
            "/a%00b",
            "/..;a/x",
            "/a%0d%0ab",
        ] {
            assert!(!is_plain(trap), "{trap}");
        }
    }
}
