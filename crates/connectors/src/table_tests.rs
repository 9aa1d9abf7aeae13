//! Drops: good ones replace each other, bad ones are left aside with a reason.
use super::*;
use platform::clock::MINUTE;
use std::fs;
use std::path::Path;

const PERSON: &str = "110101199003074979";
const OTHER: &str = "11010119900307109X";

fn reach(folder: &Path, clock: &Clock, table: &str) -> TableReach {
    let yaml = format!(
        "resource: x\ntable: {{folder: '{}', key: 身份证号, {table}}}\nfields:\n  level: {{from: 学历, codes: {{'31': bachelor}}}}\n",
        folder.display()
    );
    let document = Document::parse("x.yaml", &yaml).unwrap();
    let settings = document.table.clone().unwrap();
    TableReach::open(&document, &settings, &Surroundings::default(), clock).unwrap()
}

fn clock() -> Clock {
    Clock::set_to(Timestamp(1_795_140_000_000_000))
}

fn drop_file(folder: &Path, name: &str, content: impl AsRef<[u8]>, minute: u64) {
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    let at = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_795_140_000 + minute * 60);
    fs::File::options().write(true).open(path).unwrap().set_modified(at).unwrap();
}

use std::time::SystemTime;

fn level(answer: &Answered<Option<Value>>) -> Option<&str> {
    answer.as_ref().unwrap().as_ref().and_then(|record| record["学历"].as_str())
}

#[tokio::test]
async fn a_good_file_replaces_the_old_one_and_a_bad_one_is_left_aside() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let reach = reach(folder.path(), &clock, "glob: 'xl*.csv', poll_seconds: 60");
    let nothing = reach.ask(PERSON).await;
    assert!(matches!(nothing, Err(SourceError::Unavailable(_))), "{nothing:?}");

    drop_file(folder.path(), "xl1.csv", format!("身份证号,学历,备注\n{PERSON},31,x\n"), 0);
    clock.advance(MINUTE);
    assert_eq!(level(&reach.ask(PERSON).await), Some("31"));
    assert_eq!(reach.ask(OTHER).await, Ok(None));

    for (minute, bad) in [
        format!("身份证号,学历\n{PERSON},99\n"),
        format!("身份证号,学历\n{PERSON}\n"),
        "身份证号,学历\n110101199003074978,31\n".to_owned(),
        format!("身份证号,学历\n{PERSON},31\n{PERSON},31\n"),
        format!("身份证,学历\n{PERSON},31\n"),
        "身份证号,学历\n".to_owned(),
        String::new(),
    ]
    .iter()
    .enumerate()
    {
        drop_file(folder.path(), "xl2.csv", bad, minute as u64 + 1);
        clock.advance(MINUTE);
        assert_eq!(level(&reach.ask(PERSON).await), Some("31"), "the old data stay: {bad}");
        assert!(reach.remark().unwrap().starts_with("xl2.csv was left aside"), "{bad}");
        let reason = fs::read_to_string(folder.path().join("xl2.csv.refused.txt")).unwrap();
        assert!(!reason.contains(PERSON), "{reason}");
    }

    drop_file(folder.path(), "xl3.csv", format!("学历,身份证号\n31,{OTHER}\n"), 20);
    assert_eq!(reach.ask(OTHER).await, Ok(None), "the folder is looked at once a minute");
    clock.advance(MINUTE);
    assert_eq!(level(&reach.ask(OTHER).await), Some("31"));
    assert_eq!(reach.ask(PERSON).await, Ok(None));
    fs::remove_file(folder.path().join("xl2.csv")).unwrap();
    clock.advance(MINUTE);
    assert_eq!(level(&reach.ask(OTHER).await), Some("31"));
    assert_eq!(reach.remark(), None);
}

#[tokio::test]
async fn whoever_mends_a_file_is_told_every_wrong_row_and_nothing_of_the_old_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    // So wide a pattern would take the file with the reason for a drop.
    let reach = reach(folder.path(), &clock, "glob: '*', poll_seconds: 60");
    drop_file(folder.path(), "a.csv", format!("身份证号,学历\n{PERSON},99\n1,31\n{OTHER},31\n"), 0);
    assert!(reach.ask(PERSON).await.is_err());
    let reason = folder.path().join("a.csv.refused.txt");
    let told = fs::read_to_string(&reason).unwrap();
    assert_eq!(told.lines().count(), 2, "{told}");
    assert!(told.starts_with("row 2, column 学历: ") && told.contains("row 3, column 身份证号: "), "{told}");
    clock.advance(MINUTE);
    assert!(reach.ask(PERSON).await.is_err());
    assert!(!folder.path().join("a.csv.refused.txt.refused.txt").exists());
    drop_file(folder.path(), "a.csv", format!("身份证号,学历\n{PERSON},31\n"), 1);
    clock.advance(MINUTE);
    assert_eq!(level(&reach.ask(PERSON).await), Some("31"));
    assert!(!reason.exists());
}

#[tokio::test]
async fn a_wrong_row_has_the_number_that_it_has_in_the_file() {
    for (end, wanted) in [("\n", [4, 7]), ("\r\n", [4, 7]), ("\r", [4, 7])] {
        let folder = tempfile::tempdir().unwrap();
        let reach = reach(folder.path(), &clock(), "glob: '*.csv'");
        let lines = ["身份证号,学历", "", &format!("{PERSON},31"), "1,31", "", "", "2,31"];
        drop_file(folder.path(), "a.csv", lines.join(end), 0);
        assert!(reach.ask(PERSON).await.is_err());
        let told = reach.remark().unwrap();
        let rows: Vec<usize> = told.split("row ").skip(1).map(|rest| rest[..1].parse().unwrap()).collect();
        assert_eq!(rows, wanted, "{end:?}: {told}");
    }
    let folder = tempfile::tempdir().unwrap();
    let reach = reach(folder.path(), &clock(), "glob: '*.csv'");
    drop_file(folder.path(), "a.csv", format!("\n身份证号,学历\n\n{PERSON},31\n\n{PERSON}\n"), 0);
    assert!(reach.ask(PERSON).await.is_err());
    assert!(reach.remark().unwrap().contains("row 6: it has not as many cells"), "{:?}", reach.remark());
}

#[tokio::test]
async fn gb_18030_and_other_delimiters() {
    let folder = tempfile::tempdir().unwrap();
    let (bytes, ..) = encoding_rs::GB18030.encode("身份证号;学历\n");
    let mut bytes = bytes.into_owned();
    bytes.extend(format!("{PERSON};31\n").bytes());
    drop_file(folder.path(), "a.csv", &bytes, 0);
    let good = reach(folder.path(), &clock(), "glob: '*.csv', encoding: gb18030, delimiter: ';'");
    assert_eq!(level(&good.ask(PERSON).await), Some("31"));
    let wrong = reach(folder.path(), &clock(), "glob: '*.csv', delimiter: ';'");
    assert!(wrong.ask(PERSON).await.is_err());
    assert!(wrong.remark().unwrap().contains("UTF-8"));
}

#[tokio::test]
async fn workbooks_and_what_is_none_or_too_large() {
    let folder = tempfile::tempdir().unwrap();
    let whole: &[u8] = include_bytes!("../tests/data/levels.xlsx");
    drop_file(folder.path(), "good.xlsx", whole, 0);
    let good = reach(folder.path(), &clock(), "glob: '*.xlsx'");
    assert_eq!(level(&good.ask(PERSON).await), Some("31"));
    assert_eq!(level(&good.ask(OTHER).await), Some("31"));
    // A single cell at the far end would make a table of 16 thousand million cells.
    drop_file(folder.path(), "far.xlsx", include_bytes!("../tests/data/far-cell.xlsx"), 1);
    let far = reach(folder.path(), &clock(), "glob: 'far.xlsx'");
    assert!(far.ask(PERSON).await.is_err());
    assert!(far.remark().unwrap().contains("far from the table"));
    drop_file(folder.path(), "a.xlsx", &whole[..whole.len() - 100], 2);
    let torn = reach(folder.path(), &clock(), "glob: 'a.xlsx'");
    assert!(torn.ask(PERSON).await.is_err());
    drop_file(folder.path(), "a.xlsx", "not a workbook", 3);
    let sheets = reach(folder.path(), &clock(), "glob: 'a.xlsx'");
    assert!(sheets.ask(PERSON).await.is_err());
    assert!(sheets.remark().unwrap().contains("XLSX"));
    drop_file(folder.path(), "a.csv", format!("身份证号,学历\n{PERSON},31\n"), 0);
    let small = reach(folder.path(), &clock(), "glob: '*.csv', max_bytes: 10");
    assert!(small.ask(PERSON).await.is_err());
    assert!(small.remark().unwrap().contains("limit"));
}
