//! Just enough of an HTML reader for pages of our own: elements with attributes, texts between them.

/// An opening tag.
#[derive(Debug, Clone)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// Where the tag begins and where its content begins, in bytes of the page.
    pub start: usize,
    pub inside: usize,
}

impl Element {
    /// The value of an attribute, decoded; empty for one without a value.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    #[must_use]
    pub fn has_class(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|classes| classes.split_whitespace().any(|c| c == class))
    }
}

/// All elements in their order.
#[must_use]
pub fn elements(html: &str) -> Vec<Element> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = html[at..].find('<').map(|offset| at + offset) {
        if html[open..].starts_with("<!--") {
            at = html[open..].find("-->").map_or(html.len(), |end| open + end + 3);
            continue;
        }
        let Some(close) = end_of_tag(html, open) else { break };
        let inner = &html[open + 1..close];
        if inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
            found.push(element(inner, open, close + 1));
        }
        at = close + 1;
    }
    found
}

/// The `>` of a tag, not one inside a quoted value.
fn end_of_tag(html: &str, open: usize) -> Option<usize> {
    let mut quoted = false;
    html[open..]
        .bytes()
        .position(|byte| {
            quoted ^= byte == b'"';
            byte == b'>' && !quoted
        })
        .map(|offset| open + offset)
}

fn element(inner: &str, start: usize, inside: usize) -> Element {
    let end = inner.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(inner.len());
    let (name, mut rest) = inner.split_at(end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() {
            break;
        }
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        let (value, after) = match after.strip_prefix("=\"") {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => ("", after.trim_start_matches('=')),
        };
        attributes.push((key.to_ascii_lowercase(), decode(value)));
        rest = after;
    }
    Element { name: name.to_ascii_lowercase(), attributes, start, inside }
}

/// What stands between the element's tags, as HTML.
#[must_use]
pub fn inner<'a>(html: &'a str, element: &Element) -> &'a str {
    let (open, close) = (format!("<{}", element.name), format!("</{}", element.name));
    let mut depth = 1;
    let mut at = element.inside;
    loop {
        let next = |tag: &str| html[at..].find(tag).map(|offset| at + offset);
        match (next(&close), next(&open)) {
            (Some(end), Some(deeper)) if deeper < end => {
                depth += 1;
                at = deeper + open.len();
            }
            (Some(end), _) => {
                depth -= 1;
                if depth == 0 {
                    return &html[element.inside..end];
                }
                at = end + close.len();
            }
            (None, _) => return &html[element.inside..],
        }
    }
}

/// The words of a piece of HTML: tags become spaces, spaces become one.
#[must_use]
pub fn words(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 2);
    let mut at = 0;
    while let Some(open) = html[at..].find('<').map(|offset| at + offset) {
        out.push_str(&decode(&html[at..open]));
        out.push(' ');
        at = end_of_tag(html, open).map_or(html.len(), |close| close + 1);
    }
    out.push_str(&decode(&html[at..]));
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Character references as our templates write them.
#[must_use]
pub fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(';').filter(|end| *end < 10);
        match end.and_then(|end| character(&rest[1..end]).map(|c| (c, end))) {
            Some((character, end)) => {
                out.push(character);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_attributes_and_words_are_read() {
        let html = "<form action=\"/a?x=1&amp;y=2\"><input type=\"hidden\" name=\"csrf\" value=\"a>b\"><b hidden>5 &lt; 6 &#39;x&#x27;</b></form>";
        let all = elements(html);
        let names: Vec<&str> = all.iter().map(|e| e.name.as_str()).collect();
        assert_eq!(names, ["form", "input", "b"]);
        assert_eq!(all[0].attribute("action"), Some("/a?x=1&y=2"));
        assert_eq!(all[1].attribute("value"), Some("a>b"));
        assert_eq!(words(html), "5 < 6 'x'");
        assert_eq!(
            inner("<ul><li>1<ul><li>2</li></ul></li><li>3</li></ul>", &elements("<ul><li>")[0]),
            "<li>1<ul><li>2</li></ul></li><li>3</li>"
        );
    }
}
