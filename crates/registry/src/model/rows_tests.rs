//! Deliveries as providers send them, whole and broken.
use std::io::Cursor;

use super::*;

fn rows(format: Format, bytes: &[u8]) -> Result<Rows> {
    let yaml = include_str!("../../../../packs/demo/registers/credit.yaml");
    let resource = Arc::new(Resource::parse("credit.yaml", yaml).unwrap());
    Rows::open(Box::new(Cursor::new(bytes.to_vec())), format, resource)
}

fn all(format: Format, bytes: &[u8]) -> Vec<Next> {
    let mut rows = rows(format, bytes).unwrap();
    let mut found = Vec::new();
    loop {
        match rows.next().unwrap() {
            Next::End => return found,
            cut @ Next::Cut(_) => {
                found.push(cut);
                return found;
            }
            next => found.push(next),
        }
    }
}

fn short(next: &Next) -> String {
    match next {
        Next::Row(row) => format!("{} {} {}", row.line, row.subject, Value::Object(row.data.clone())),
        Next::Refused(line, error) => format!("{line} {}", error.key),
        Next::Cut(line) => format!("{line} cut"),
        Next::End => "end".into(),
    }
}

#[test]
fn csv_is_read_with_quotes_line_ends_and_a_mark_at_the_start() {
    let text = "\u{feff}subject,listed,reason\r\nA,1,\"he said \"\"no\"\",\ntwice\"\r\n\r\nB,0,\n";
    let found: Vec<String> = all(Format::Csv, text.as_bytes()).iter().map(short).collect();
    assert_eq!(found, ["2 A {\"listed\":1,\"reason\":\"he said \\\"no\\\",\\ntwice\"}", "5 B {\"listed\":0}",]);
}

#[test]
fn broken_rows_are_refused_one_by_one() {
    let text = b"subject,as_of,listed\nA,2026-02-30,1\nB,1\nC,,\"1\"x\nD,,a\"b\n\xff\xfe,,\nE,2026-01-02,1\nF,,\"open";
    let found: Vec<String> = all(Format::Csv, text).iter().map(short).collect();
    assert_eq!(
        found,
        [
            "2 registry-field-date",
            "3 registry-refused-columns",
            "4 registry-refused-csv",
            "5 registry-refused-csv",
            "6 registry-refused-encoding",
            "7 E {\"listed\":1}",
            "8 registry-refused-csv",
        ]
    );
}

#[test]
fn a_header_must_fit_the_resource() {
    let key = |text: &str| match rows(Format::Csv, text.as_bytes()) {
        Err(Error::Invalid(errors)) => errors[0].key,
        _ => panic!("{text} was taken"),
    };
    assert_eq!(key("subject,colour\n"), "registry-import-column");
    assert_eq!(key("listed,reason\n"), "registry-import-header");
    assert_eq!(key("subject,subject\n"), "registry-import-header");
    assert_eq!(key(""), "registry-import-header");
}

#[test]
fn json_lines_are_read() {
    let text =
        "{\"subject\":\"A\",\"as_of\":\"2026-01-02\",\"data\":{\"listed\":1}}\n{\"subject\":\"B\"}\n{\"subject\n";
    let found: Vec<String> = all(Format::JsonLines, text.as_bytes()).iter().map(short).collect();
    assert_eq!(found, ["1 A {\"listed\":1}", "2 registry-refused-shape", "3 registry-refused-json"]);
}

#[test]
fn a_row_without_end_is_cut_before_it_fills_memory() {
    let mut text = b"subject,reason\nA,\"".to_vec();
    text.extend(vec![b'x'; 3 << 20]);
    assert_eq!(all(Format::Csv, &text).iter().map(short).collect::<Vec<_>>(), ["2 cut"]);
    let mut text = b"subject,reason\nA,\"".to_vec();
    text.extend(b"line\n".repeat(1 << 18));
    assert_eq!(all(Format::Csv, &text).iter().map(short).collect::<Vec<_>>(), ["2 cut"]);
}
