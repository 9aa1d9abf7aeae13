//! A CSV or XLSX file as rows of text, bounded; what is wrong is told by row.
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use calamine::{DataRef, Reader, Xlsx};
use encoding_rs::GB18030;

use crate::settings::{Encoding, Table};

pub(super) struct Rows {
    pub header: Vec<String>,
    /// Each with its number in the file, the first row being 1; blank rows are left out, and counted.
    pub rows: Vec<(usize, Vec<String>)>,
}

const COLUMNS: usize = 256;
const ROWS: usize = 5_000_000;
/// A packed sheet grows many times over when it is read.
const SHEET_BYTES: u64 = 64 << 20;

impl Rows {
    pub(super) fn read(path: &Path, settings: &Table) -> Result<Self, String> {
        let is_sheet = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("xlsx"));
        let limit = if is_sheet { settings.max_bytes.min(SHEET_BYTES) } else { settings.max_bytes };
        let file = File::open(path).map_err(|e| format!("the file cannot be opened: {}", e.kind()))?;
        let bytes = file.metadata().map_err(|e| format!("the file cannot be read: {}", e.kind()))?.len();
        if bytes > limit {
            return Err(format!("the file has {bytes} bytes, {limit} are the limit; split it or raise max_bytes"));
        }
        if is_sheet { sheet(file) } else { text(file, limit, settings) }
    }
}

fn text(file: File, limit: u64, settings: &Table) -> Result<Rows, String> {
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).map_err(|e| format!("the file cannot be read: {}", e.kind()))?;
    let text = match settings.encoding {
        Encoding::Utf8 => String::from_utf8(bytes).map_err(|_| "the file is not UTF-8; save it so, or set encoding")?,
        Encoding::Gb18030 => {
            let decoded = GB18030.decode_without_bom_handling_and_without_replacement(&bytes);
            decoded.ok_or("the file is not GB 18030; save it so, or set encoding")?.into_owned()
        }
    };
    let delimiter = u8::try_from(settings.delimiter).map_err(|_| "the delimiter is not one ASCII character")?;
    let text = text.trim_start_matches('\u{feff}').as_bytes();
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text);
    let trimmed = |record: &csv::StringRecord| record.iter().map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let header = trimmed(reader.headers().map_err(|_| "row 1 cannot be read")?);
    let (mut rows, mut row) = (Vec::new(), 1 + blank_at(text, 0));
    for record in reader.records() {
        let place = record.as_ref().map_or_else(|error| error.position(), csv::StringRecord::position);
        row += 1 + place.map_or(0, |place| blank_at(text, place.byte()));
        let record = record.map_err(|_| format!("row {row}: it has not as many cells as the first row"))?;
        rows.push((row, trimmed(&record)));
    }
    Ok(Rows { header, rows })
}

/// How many blank lines stand where a record begins: the reader passes over them without a word.
fn blank_at(text: &[u8], begin: u64) -> usize {
    let (before, rest) = text.split_at(usize::try_from(begin).map_or(text.len(), |begin| begin.min(text.len())));
    // The second half of the line end before it.
    let rest = if before.ends_with(b"\r") { rest.strip_prefix(b"\n").unwrap_or(rest) } else { rest };
    let run = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let ends = &rest[..run];
    run - ends.windows(2).filter(|pair| pair == b"\r\n").count()
}

/// The first sheet, cell by cell: a single cell far away must not make a table of its size.
fn sheet(file: File) -> Result<Rows, String> {
    let broken = "the file is no XLSX workbook; save it anew";
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(|_| broken)?;
    let first = book.sheet_names().first().cloned().ok_or("the workbook has no sheet")?;
    let mut cells = book.worksheet_cells_reader(&first).map_err(|_| broken)?;
    let mut rows: Vec<Vec<String>> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_| broken)? {
        let (row, column) = cell.get_position();
        let (row, column) = (row as usize, column as usize);
        if matches!(cell.get_value(), DataRef::Empty) {
            continue;
        }
        // Rows come in order; a gap longer than a page is no table.
        if column >= COLUMNS || row >= ROWS || row > rows.len() + 100 {
            return Err(format!("row {}: a cell stands far from the table; leave out everything else", row + 1));
        }
        rows.resize_with(rows.len().max(row + 1), Vec::new);
        let cells = &mut rows[row];
        cells.resize_with(cells.len().max(column + 1), String::new);
        cells[column] = words(cell.get_value());
    }
    let mut rows = rows.into_iter();
    let header: Vec<String> = rows.next().ok_or("the sheet is empty")?;
    let numbered = rows.enumerate().map(|(at, row)| (at + 2, row));
    let mut rows: Vec<_> = numbered.filter(|(_, row)| row.iter().any(|cell| !cell.is_empty())).collect();
    if let Some((at, _)) = rows.iter().find(|(_, row)| row.len() > header.len()) {
        return Err(format!("row {at}: it has more cells than the first row"));
    }
    rows.iter_mut().for_each(|(_, row)| row.resize_with(header.len(), String::new));
    Ok(Rows { header, rows })
}

/// Days are Excel's numbers (date pattern `excel`).
fn words(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(yes) => u8::from(*yes).to_string(),
        DataRef::DateTime(day) => day.as_f64().to_string(),
        _ => String::new(),
    }
}
