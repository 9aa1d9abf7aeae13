//! A node's message log, read from its database without the program.
use std::collections::HashMap;
use std::path::Path;

use gateway::log::entry::{Entry, Part};
use gateway::log::pack::unpack;

/// The lines of one call at one node.
#[derive(Debug, Default, Clone)]
pub struct Lines {
    pub requests: usize,
    /// Statuses of the answers.
    pub answers: Vec<Option<u16>>,
    /// All lines, whatever they say.
    pub all: usize,
}

/// All lines of a node on SQLite, oldest first.
pub fn entries(data: &Path) -> Vec<Entry> {
    let file = rusqlite::Connection::open(data.join("tongban.sqlite")).unwrap();
    let mut statement = file.prepare("SELECT entries FROM gateway_batch ORDER BY rowid").unwrap();
    let packed = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    packed.flat_map(|packed| unpack(&packed.unwrap()).expect("a batch can be read")).collect()
}

/// The lines of each message, by its number.
pub fn by_message(data: &Path) -> HashMap<String, Lines> {
    let mut found: HashMap<String, Lines> = HashMap::new();
    for entry in entries(data) {
        let lines = found.entry(entry.names.message_id.clone()).or_default();
        lines.all += 1;
        match entry.part {
            Part::Request => lines.requests += 1,
            _ => lines.answers.push(entry.status),
        }
    }
    found
}

/// No request number stands twice among the requests of a log.
pub fn no_request_twice(data: &Path) {
    let mut requests: Vec<String> = entries(data)
        .into_iter()
        .filter(|entry| entry.part == Part::Request)
        .map(|entry| entry.names.request_id.clone())
        .collect();
    let all = requests.len();
    requests.sort();
    requests.dedup();
    assert_eq!(requests.len(), all, "a request was logged twice");
}
