//! Documents that are taken and documents that are refused, each naming its line.
use super::*;

const CREDIT: &str = include_str!("../../../../packs/demo/registers/credit.yaml");
const POPULATION: &str = include_str!("../../../../packs/demo/registers/population.yaml");

#[test]
fn a_document_of_the_demo_city_is_read() {
    let resource = Resource::parse("population.yaml", POPULATION).unwrap();
    assert_eq!((resource.key.as_str(), resource.provider.as_str()), ("population", "public-security"));
    assert_eq!((resource.classification(), resource.is_own_base()), ("101001", true));
    assert_eq!(resource.sharing, Sharing::Conditional);
    let sex = resource.field("sex").unwrap();
    assert_eq!(sex.meaning(&"2".into()).map(|name| name.en.as_str()), Some("Female"));
    assert_eq!(sex.meaning(&"9".into()), None);
    let again: Resource = serde_json::from_str(&serde_json::to_string(&resource).unwrap()).unwrap();
    assert_eq!(again, resource);
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let line = |text: &str| CREDIT.lines().position(|l| l.contains(text)).unwrap() + 1;
    let cases = [
        (("sharing: conditional", "sharing: sometimes"), line("sharing: conditional"), "sometimes"),
        (("code: \"104001/000009\"", "code: \"904001/000009\""), line("code: \"104001"), "six digits"),
        (("- key: reason", "- key: listed"), line("- key: reason"), "stands twice"),
        (("- key: reason", "- key: subject"), line("- key: reason"), "taken"),
        (("type: integer", "type: code"), line("- key: listed"), "values stand with the type code"),
        (("provider: development", "provider: \"\""), line("provider:"), "organisation"),
        (("format: json", "colour: red"), line("format: json"), "colour"),
    ];
    for ((from, to), line, why) in cases {
        let error = Resource::parse("credit.yaml", &CREDIT.replacen(from, to, 1)).unwrap_err();
        assert!(error.starts_with(&format!("credit.yaml:{line}:")), "{error} (expected line {line})");
        assert!(error.contains(why), "{error}");
    }
}
