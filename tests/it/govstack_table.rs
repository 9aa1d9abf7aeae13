//! The tables of GovStack's operations (tests/conformance/govstack): every request of a test is looked up there, and in the
//! end every status that they name must have been seen.
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use serde_json::Value;
use tests::wire::{self, Answer};

use crate::govstack_spec::Spec;

const TABLES: &str = include_str!("../conformance/govstack/README.md");
const PROVIDER: &str = "/r1/{instanceId}/{memberClass}/{memberCode}/{applicationCode}";

struct Operation {
    method: String,
    path: String,
    documented: BTreeSet<u16>,
    beside: BTreeSet<u16>,
}

fn statuses(cell: &str) -> BTreeSet<u16> {
    cell.split_whitespace().map(|status| status.parse().unwrap()).collect()
}

/// The table under the heading of a file, by operation.
fn table(file: &str) -> BTreeMap<String, Operation> {
    let (_, rest) = TABLES.split_once(&format!("\n## {file}\n")).unwrap_or_else(|| panic!("no table of {file}"));
    let lines = rest.lines().take_while(|line| !line.starts_with("## ")).filter(|line| line.starts_with("| `"));
    let read = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let (method, path) = cells[2].split_once(" `").unwrap();
        let path = path.trim_end_matches('`').replace("{provider}", PROVIDER);
        let (documented, beside) = (statuses(cells[3]), statuses(cells[4]));
        (cells[1].trim_matches('`').to_owned(), Operation { method: method.to_owned(), path, documented, beside })
    };
    lines.map(read).collect()
}

/// The requests of a test to one door, judged by the table and the description of one file.
pub struct Run {
    file: &'static str,
    address: String,
    operations: BTreeMap<String, Operation>,
    /// None: nobody put the file there.
    spec: Option<Spec>,
    seen: Mutex<BTreeMap<String, BTreeSet<u16>>>,
}

pub type Headers<'a> = [(&'a str, &'a str)];

impl Run {
    pub fn of(file: &'static str, address: &str, spec: Option<Spec>) -> Self {
        let operations = table(file);
        if let Some(spec) = &spec {
            let ours: BTreeMap<(String, String), BTreeSet<u16>> = operations
                .values()
                .map(|one| ((one.method.to_lowercase(), one.path.clone()), one.documented.clone()))
                .collect();
            assert_eq!(ours, spec.documented(), "{file}: the table is not what the file says");
        }
        Self { file, address: address.to_owned(), operations, spec, seen: Mutex::default() }
    }

    /// One request of an operation. Panics when neither the table nor the file knows the answer.
    pub async fn ask(&self, id: &str, path: &str, (headers, body): (&Headers<'_>, Value)) -> (u16, Value) {
        let operation = self.operations.get(id).unwrap_or_else(|| panic!("{}: no operation {id}", self.file));
        let answer = self.send((&operation.method, path), headers, &body).await;
        let status = answer.status;
        let at = format!("{id}: {} {path} {headers:?} {body} → {status} {}", operation.method, answer.body);
        let is_documented = operation.documented.contains(&status);
        assert!(is_documented || operation.beside.contains(&status), "{at}: not in the table");
        let kind = answer.header("content-type").split(';').next().unwrap_or_default().to_owned();
        let text = || Value::String(answer.body.clone());
        let read =
            if kind.contains("json") { serde_json::from_str(&answer.body).unwrap_or_else(|_| text()) } else { text() };
        if status >= 400 {
            assert!(kind == "application/problem+json" || kind == "application/json", "{at}: {kind}");
            assert!(read.is_object(), "{at}: an error says what is wrong");
        }
        if let Some(spec) = self.spec.as_ref().filter(|_| is_documented) {
            spec.judge((&operation.method, &operation.path), (status, &kind, &read));
        }
        self.seen.lock().unwrap().entry(id.to_owned()).or_default().insert(status);
        (status, read)
    }

    async fn send(&self, (method, path): (&str, &str), headers: &Headers<'_>, body: &Value) -> Answer {
        let owned = |headers: &Headers<'_>| -> Vec<(String, String)> {
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let (address, method, path, own) = (self.address.clone(), method.to_owned(), path.to_owned(), owned(headers));
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let call = move || {
            let mut headers: Vec<(&str, &str)> =
                own.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            if !text.is_empty() {
                headers.push(("Content-Type", "application/json"));
            }
            wire::call(&address, (&method, &path), &headers, &text)
        };
        tokio::task::spawn_blocking(call).await.unwrap().unwrap()
    }

    /// Every status that the table names has been seen, so also one success and one refusal of each operation.
    pub fn end(self) {
        let seen = self.seen.into_inner().unwrap();
        for (id, operation) in &self.operations {
            let named: BTreeSet<u16> = operation.documented.union(&operation.beside).copied().collect();
            let seen = seen.get(id).cloned().unwrap_or_default();
            let unseen: Vec<_> = named.difference(&seen).collect();
            assert!(unseen.is_empty(), "{}: no request of {id} was answered {unseen:?}", self.file);
            assert!(named.first().is_some_and(|status| *status < 300), "{id}");
            assert!(named.last().is_some_and(|status| *status >= 400), "{id}");
        }
    }
}
