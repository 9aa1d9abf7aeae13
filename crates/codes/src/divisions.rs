//! Administrative divisions as reference data: the embedded national list down to towns and streets, to which a
//! deployment adds its own rows (communities, new streets, a renamed county).

use std::borrow::Cow;

use crate::division::{DivisionCode, Level};
use crate::error::{CodeError, CodeKind, Fault};

/// Code, tab, name; sorted; lines with `#` are comments. Where it comes from: `NOTICE`, `data/make_divisions.py`.
const EMBEDDED: &str = include_str!("../data/divisions.tsv");

/// Rows of the statistical list that group counties where no city stands between them and the province. Nobody
/// lives in "directly administered counties of Hainan": such a row can be looked up, but paths and lists pass it by.
const GROUPINGS: [&str; 4] = ["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"];

#[derive(Debug, Clone)]
struct Row {
    code: DivisionCode,
    name: Cow<'static, str>,
}

impl Row {
    fn is_grouping(&self) -> bool {
        self.code.level() == Level::City && GROUPINGS.contains(&self.name.as_ref())
    }
}

/// One known division.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Division<'a> {
    pub code: DivisionCode,
    /// The official Chinese name without those above it, such as `东城区`.
    pub name: &'a str,
}

/// The divisions that a deployment knows. Reading the embedded list takes a few milliseconds and two megabytes: build
/// it once. Invariant: sorted by code, one row for each code.
#[derive(Debug, Clone)]
pub struct Divisions {
    rows: Vec<Row>,
}

impl Divisions {
    /// The embedded national list, as of 2023-06-30.
    pub fn embedded() -> Self {
        let rows = parse_rows(EMBEDDED).map(|row| row.expect("the embedded list is well formed"));
        Self { rows: rows.map(|(code, name)| Row { code, name: Cow::Borrowed(name) }).collect() }
    }

    /// The embedded list and a deployment's rows; where both name a code, the deployment is right.
    pub fn with_rows(extra: impl IntoIterator<Item = (DivisionCode, String)>) -> Self {
        let mut divisions = Self::embedded();
        divisions.rows.extend(extra.into_iter().map(|(code, name)| Row { code, name: Cow::Owned(name) }));
        // Stable: of equal codes the latest comes last, and is kept.
        divisions.rows.sort_by_key(|row| row.code);
        divisions.rows.dedup_by(|later, kept| {
            let same = later.code == kept.code;
            if same {
                std::mem::swap(later, kept);
            }
            same
        });
        divisions
    }

    /// Reads a deployment's rows for [`Self::with_rows`]: code, tab, name; `#` begins a comment.
    ///
    /// # Errors
    /// Names the first line that is not of this form.
    pub fn read_rows(text: &str) -> Result<Vec<(DivisionCode, String)>, CodeError> {
        parse_rows(text).map(|row| row.map(|(code, name)| (code, name.to_owned()))).collect()
    }

    /// How many divisions are known.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether none is known; never so with the embedded list.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The division of a code; `None` for an unknown or abolished one.
    pub fn get(&self, code: DivisionCode) -> Option<Division<'_>> {
        self.row(code).map(view)
    }

    /// The name without those above it.
    pub fn name(&self, code: DivisionCode) -> Option<&str> {
        self.row(code).map(|row| row.name.as_ref())
    }

    /// The nearest known division above, groupings passed by. Works for an unknown code too.
    pub fn parent(&self, code: DivisionCode) -> Option<Division<'_>> {
        std::iter::successors(code.parent(), |above| above.parent())
            .find_map(|above| self.row(above).filter(|row| !row.is_grouping()))
            .map(view)
    }

    /// The divisions whose parent this is, in order of code.
    pub fn children(&self, code: DivisionCode) -> impl Iterator<Item = Division<'_>> {
        let start = self.rows.partition_point(|row| row.code <= code);
        self.siblings(start).take_while(move |division| code.contains(division.code))
    }

    /// The provinces, autonomous regions and municipalities, and the deployment's own.
    pub fn provinces(&self) -> impl Iterator<Item = Division<'_>> {
        self.siblings(0)
    }

    /// From the province down to the division itself; what is unknown is left out.
    pub fn path(&self, code: DivisionCode) -> Vec<Division<'_>> {
        let mut path: Vec<Division<'_>> = self.get(code).into_iter().collect();
        path.extend(std::iter::successors(self.parent(code), |above| self.parent(above.code)));
        path.reverse();
        path
    }

    /// The names of the path written together, as addresses begin: `广东省广州市越秀区`. `None` for an unknown code.
    pub fn full_name(&self, code: DivisionCode) -> Option<String> {
        self.get(code)?;
        Some(self.path(code).iter().map(|division| division.name).collect())
    }

    fn row(&self, code: DivisionCode) -> Option<&Row> {
        self.rows.binary_search_by_key(&code, |row| row.code).ok().map(|at| &self.rows[at])
    }

    /// The rows from `start` on, each followed by the first row that does not lie in it; groupings are entered.
    fn siblings(&self, start: usize) -> impl Iterator<Item = Division<'_>> {
        let mut at = start;
        std::iter::from_fn(move || {
            while self.rows.get(at)?.is_grouping() {
                at += 1;
            }
            let row = self.rows.get(at)?;
            let end = row.code.after();
            at += self.rows[at..].partition_point(|later| later.code < end);
            Some(view(row))
        })
    }
}

fn view(row: &Row) -> Division<'_> {
    Division { code: row.code, name: &row.name }
}

fn parse_rows(text: &str) -> impl Iterator<Item = Result<(DivisionCode, &str), CodeError>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines.map(|(at, line)| {
        let (code, name) = line.split_once('\t').unwrap_or((line, ""));
        match DivisionCode::parse(code) {
            Ok(code) if !name.trim().is_empty() => Ok((code, name.trim())),
            _ => {
                let found = line.chars().take(80).collect();
                Err(CodeError::new(CodeKind::DivisionRow, Fault::Row { line: at + 1, found }))
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    static NATION: LazyLock<Divisions> = LazyLock::new(Divisions::embedded);

    fn code(text: &str) -> DivisionCode {
        DivisionCode::parse(text).unwrap()
    }

    #[test]
    fn the_embedded_list_is_sorted_and_whole() {
        assert!(NATION.rows.windows(2).all(|pair| pair[0].code < pair[1].code));
        let count = |level| NATION.rows.iter().filter(|row| row.code.level() == level).count();
        assert_eq!(count(Level::Province), 34);
        assert_eq!(count(Level::City), 342);
        assert!(count(Level::County) > 2_900 && count(Level::Town) > 41_000);
        assert_eq!(NATION.provinces().count(), 34);
    }

    #[test]
    fn names_parents_and_paths() {
        assert_eq!(NATION.name(code("110101")), Some("东城区"));
        assert_eq!(NATION.full_name(code("440104")).unwrap(), "广东省广州市越秀区");
        assert_eq!(NATION.full_name(code("110101001")).unwrap(), "北京市东城区东华门街道");
        assert_eq!(NATION.full_name(code("419001")).unwrap(), "河南省济源市");
        assert_eq!(NATION.full_name(code("441900003")).unwrap(), "广东省东莞市东城街道");
        assert_eq!(NATION.parent(code("110101")).unwrap().name, "北京市");
        assert_eq!(NATION.name(code("3101")), Some("市辖区"));
        assert_eq!((NATION.name(code("990000")), NATION.full_name(code("990000"))), (None, None));
    }

    #[test]
    fn children_pass_groupings_by() {
        let names = |text: &str| NATION.children(code(text)).map(|d| d.name).collect::<Vec<_>>();
        assert!(names("11").contains(&"东城区") && !names("11").contains(&"市辖区"));
        assert_eq!(names("11").len(), 16);
        assert!(names("42").contains(&"武汉市") && names("42").contains(&"仙桃市"));
        assert!(names("4419").iter().any(|name| name.ends_with("街道")));
        assert!(names("110101001").is_empty());
    }

    /// Going down and going up agree for all 44,700 rows.
    #[test]
    fn every_row_is_a_child_of_its_parent() {
        let mut seen = NATION.provinces().count();
        for row in &NATION.rows {
            if row.is_grouping() {
                seen += 1;
                continue;
            }
            for child in NATION.children(row.code) {
                assert_eq!(NATION.parent(child.code).unwrap().code, row.code);
                seen += 1;
            }
        }
        assert_eq!(seen, NATION.len());
    }

    #[test]
    fn a_deployment_adds_and_renames() {
        let text =
            "# demo\n990000\t南屏省\n990100\t云岭市\n990102001003\t柳荫社区\n110101\t东城新区\n990100\t云岭新市\n";
        let own = Divisions::with_rows(Divisions::read_rows(text).unwrap());
        assert_eq!(own.full_name(code("990102001003")).unwrap(), "南屏省云岭新市柳荫社区");
        assert_eq!(own.children(code("9901")).count(), 1);
        assert_eq!(own.name(code("110101")), Some("东城新区"));
        assert_eq!(own.len(), NATION.len() + 3);
    }

    #[test]
    fn a_bad_row_is_named() {
        for (text, line) in [("990000\t南屏省\n99010\t云岭市", 2), ("#\n990000", 2), ("990000\t ", 1)] {
            let error = Divisions::read_rows(text).unwrap_err();
            assert_eq!(error.key(), "codes-division-row-row");
            assert!(matches!(error.fault, Fault::Row { line: found, .. } if found == line), "{error}");
        }
    }
}
