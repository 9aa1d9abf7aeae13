//! The one place of a question where the subject's number is put, escaped for what stands around it.

/// Stands for the number.
pub(crate) const NUMBER: &str = "{number}";

/// Stands for the number with its letters in lower case, for systems that hold it so.
pub(crate) const NUMBER_LOWER: &str = "{number_lower}";

/// Stand for what a question is asked for; other regions hear it.
pub(crate) const PURPOSE: &str = "{purpose}";
pub(crate) const BASIS: &str = "{basis}";

/// Whether a question says whom it is about.
pub(crate) fn has_number(question: &str) -> bool {
    question.contains(NUMBER) || question.contains(NUMBER_LOWER)
}

/// As `check_path`, where purpose and basis may stand too.
pub(crate) fn check_matter_path(path: &str) -> Result<(), String> {
    check_path(&path.replace(PURPOSE, "p").replace(BASIS, "b"))
}

/// A path begins with `/`, stays where it is and has no other hole.
pub(crate) fn check_path(path: &str) -> Result<(), String> {
    let plain = path.replace(NUMBER, "0").replace(NUMBER_LOWER, "0");
    let next = format!("write it as it goes over the wire, with {NUMBER} or {NUMBER_LOWER} alone");
    let wrong = |why: &str| Err(format!("the path {path} {why}; {next}"));
    if !path.starts_with('/') || path.starts_with("//") {
        return wrong("does not begin with one /");
    }
    if plain.contains(['{', '}', '#', '\\'])
        || plain.chars().any(|c| c.is_whitespace() || c.is_control() || !c.is_ascii())
    {
        return wrong("holds a sign that no path has");
    }
    let way = plain.split('?').next().unwrap_or_default();
    if way.split('/').any(|step| matches!(step, "." | "..") || step.to_ascii_lowercase().contains("%2e")) {
        return wrong("leaves its place with dots");
    }
    Ok(())
}

/// The number as %XX where it is no letter, digit or `-._~` (RFC 3986 §2.3).
pub(crate) fn percent(path: &str, number: &str) -> String {
    percent_of(path, &[(NUMBER, number), (NUMBER_LOWER, &number.to_ascii_lowercase())])
}

/// Each place with its value; what a value holds opens no further place, as braces are encoded too.
pub(crate) fn percent_of(path: &str, values: &[(&str, &str)]) -> String {
    let mut filled = path.to_owned();
    for (place, value) in values {
        let mut encoded = String::new();
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                encoded.push(char::from(byte));
            } else {
                encoded.push_str(&format!("%{byte:02X}"));
            }
        }
        filled = filled.replace(place, &encoded);
    }
    filled
}

/// `& < > " '` as entities; other controls have no place in XML.
pub(crate) fn xml(envelope: &str, number: &str) -> String {
    let lower = number.to_ascii_lowercase();
    envelope.replace(NUMBER, &entities(number)).replace(NUMBER_LOWER, &entities(&lower))
}

fn entities(text: &str) -> String {
    let mut escaped = String::new();
    for sign in text.chars().filter(|sign| !sign.is_control()) {
        match sign {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_cannot_leave_its_place() {
        assert_eq!(percent("/a/{number}?b={number}", "1/../x?&%"), "/a/1%2F..%2Fx%3F%26%25?b=1%2F..%2Fx%3F%26%25");
        assert_eq!(xml("<n>{number}</n>", "1</n><n a='\">&"), "<n>1&lt;/n&gt;&lt;n a=&apos;&quot;&gt;&amp;</n>");
    }

    #[test]
    fn a_system_may_be_asked_with_a_small_letter() {
        let number = "11010519491231002X";
        assert_eq!(percent("/a/{number_lower}?b={number}", number), "/a/11010519491231002x?b=11010519491231002X");
        assert_eq!(xml("<n>{number_lower}</n>{number}", number), "<n>11010519491231002x</n>11010519491231002X");
        assert!(has_number("/a/{number_lower}") && !has_number("/a/{name}"));
        assert_eq!(check_path("/a/{number_lower}"), Ok(()));
        assert!(check_path("/a/{number_upper}").is_err());
    }

    #[test]
    fn a_value_opens_no_place() {
        let values = [(PURPOSE, "{basis}&x=1"), (BASIS, "第五条")];
        let filled = percent_of("/a?purpose={purpose}&basis={basis}", &values);
        assert_eq!(filled, "/a?purpose=%7Bbasis%7D%26x%3D1&basis=%E7%AC%AC%E4%BA%94%E6%9D%A1");
        assert!(check_path("/a?p={purpose}").is_err() && check_matter_path("/a?p={purpose}&b={basis}").is_ok());
    }

    #[test]
    fn paths_that_lead_elsewhere_are_refused() {
        for path in ["a", "//host/{number}", "/a/../b", "/a/%2e%2E/b", "/a b", "/{name}", "/a#b", "/a\\b", "/中"] {
            assert!(check_path(path).is_err(), "{path}");
        }
        assert_eq!(check_path("/api/v1/{number}?id={number}&kind=1.2"), Ok(()));
    }
}
