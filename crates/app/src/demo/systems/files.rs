//! Systems that are files: the education bureau's quarterly list and the social insurance bureau's database.
use std::path::Path;

use encoding_rs::GB18030;
use platform::clock::iso_date;
use platform::error::Result;
use rusqlite::{Connection, params};

use super::{broken, rows};
use crate::demo::city::City;

/// Ours and theirs, after GB/T 4658.
const LEVELS: [(&str, &str); 8] = [
    ("primary", "81"),
    ("junior", "71"),
    ("senior", "61"),
    ("vocational", "41"),
    ("associate", "31"),
    ("bachelor", "21"),
    ("master", "14"),
    ("doctor", "11"),
];

/// GBK text with semicolons, dropped whole.
pub(super) fn education(city: &City, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    let header = ["身份证号", "学历代码", "毕业院校", "毕业日期", "在读", "更新日期"];
    writer.write_record(header).map_err(broken)?;
    for row in rows::of(city, "education") {
        let row = row?;
        let day = row.date("graduated_on");
        let graduated = format!("{}/{}/{}", day.year(), u8::from(day.month()), day.day());
        let enrolled = if row.number("enrolled") == 1 { "是" } else { "否" };
        let updated = iso_date(row.as_of).replace('-', "");
        let cells = [&row.subject, row.code("level", &LEVELS), row.text("school"), &graduated, enrolled, &updated];
        writer.write_record(cells).map_err(broken)?;
    }
    let text = String::from_utf8(writer.into_inner().map_err(broken)?).map_err(broken)?;
    let (bytes, _, _) = GB18030.encode(&text);
    let quarter = city.config().today;
    let name = format!("xueli_{}Q{}.csv", quarter.year(), (u8::from(quarter.month()) - 1) / 3 + 1);
    std::fs::write(folder.join("new"), bytes)?;
    std::fs::rename(folder.join("new"), folder.join(name))?;
    Ok(())
}

const STATUS: [(&str, &str); 3] = [("paying", "1"), ("paused", "2"), ("retired", "3")];
const KIND: [(&str, &str); 2] = [("employee", "110"), ("resident", "170")];

pub(super) fn social_insurance(city: &City, file: &Path) -> Result<()> {
    let mut database = create(file, include_str!("sql/hrss.sql"))?;
    let writing = database.transaction().map_err(broken)?;
    {
        let mut insert = writing.prepare(include_str!("sql/hrss_insert.sql")).map_err(broken)?;
        for row in rows::of(city, "social-insurance") {
            let row = row?;
            insert
                .execute(params![
                    row.subject,
                    row.code("status", &STATUS),
                    row.code("kind", &KIND),
                    row.optional("employer_uscc"),
                    row.optional("employer_name"),
                    row.month("first_paid_month"),
                    row.number("months_paid"),
                    row.month("last_paid_month"),
                    format!("{} 08:30:00", iso_date(row.as_of)),
                ])
                .map_err(broken)?;
        }
    }
    writing.commit().map_err(broken)
}

/// A new database file with its table.
pub(super) fn create(file: &Path, schema: &str) -> Result<Connection> {
    let database = Connection::open(file).map_err(broken)?;
    database.execute_batch(schema).map_err(broken)?;
    Ok(database)
}
