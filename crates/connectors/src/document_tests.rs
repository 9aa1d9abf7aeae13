//! Documents that are right, and what is said about wrong ones.
use super::*;

const GOOD: &str = r#"
resource: education
sqlite:
  file: "${data}/x.sqlite"
  query: SELECT a, n, d FROM t WHERE n = :number
subject: n
as_of: {from: d, date: YYYYMMDD}
fields:
  level: {from: a, codes: {"31": bachelor}}
"#;

fn error(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    Document::parse("connectors/x.yaml", &GOOD.replace(from, to)).unwrap_err()
}

#[test]
fn a_document_is_read_with_its_defaults() {
    let document = Document::parse("x.yaml", GOOD).unwrap();
    assert_eq!(document.kind(), SystemKind::Sqlite);
    assert_eq!((document.timeout_ms, document.retries, document.breaker.failures), (3_000, 2, 5));
    assert_eq!((document.cache.seconds, document.without_address), (0, WithoutAddress::Refuse));
}

#[test]
fn a_wrong_document_is_told_by_path_and_line() {
    for (from, to, begins, says) in [
        ("subject: n", "subjct: n", "connectors/x.yaml:", "subjct"),
        ("SELECT a, n, d", "DELETE", "connectors/x.yaml:5:", "SELECT"),
        ("SELECT a, n, d", "SELECT b, n, d", "connectors/x.yaml:9:", "no column a"),
        ("SELECT a, n, d", "SELECT a, d", "connectors/x.yaml:6:", "no column n"),
        ("from: d,", "from: /d2/0,", "connectors/x.yaml:7:", "no column d2"),
        ("date: YYYYMMDD", "date: DDMM", "connectors/x.yaml:7:", "YYYY"),
        ("codes: {\"31\": bachelor}", "otherwise: none", "connectors/x.yaml:9:", "otherwise"),
        ("subject: n", "timeout_ms: 0", "connectors/x.yaml:6:", "milliseconds"),
        ("subject: n", "retries: 50", "connectors/x.yaml:6:", "retries"),
        ("subject: n", "rest: {address: a, path: '/{number}'}", "connectors/x.yaml:2:", "exactly one"),
        ("  level: {", "  level: {unit: yuan-to-fen, ", "connectors/x.yaml:9:", "exclude"),
    ] {
        let error = error(from, to);
        assert!(error.starts_with(begins) && error.contains(says), "{error}");
    }
}

#[test]
fn passwords_do_not_stand_in_documents() {
    for address in ["postgres://u:secret@h/d", "host=h password=secret"] {
        let postgres = format!("postgres:\n  address: {address}\n  query:");
        let error = error("sqlite:\n  file: \"${data}/x.sqlite\"\n  query:", &postgres);
        assert!(error.starts_with("connectors/x.yaml:4:") && error.contains("credentials"), "{error}");
        assert!(!error.contains("secret@"), "{error}");
    }
}
