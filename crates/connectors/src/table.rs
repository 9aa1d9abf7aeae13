//! A folder into which a department drops files: the newest good one is kept in memory, a bad one is left aside.
mod folder;
mod read;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use platform::clock::{Clock, SECOND, Timestamp};
use serde_json::{Map, Value};
use time::{Date, UtcOffset};

use crate::document::Document;
use crate::error::{Answered, SourceError};
use crate::mapping::{Asked, Mapping, SubjectKind, normal};
use crate::reach::{Asking, Reach};
use crate::settings::Table;
use crate::source::lock;
use crate::surroundings::Surroundings;
use folder::Dropped;
use read::Rows;

pub(crate) struct TableReach(Arc<Shared>);

struct Shared {
    folder: PathBuf,
    settings: Table,
    /// Columns that the mapping reads; nothing else of the file is kept.
    wanted: Vec<String>,
    mapping: Mapping,
    clock: Clock,
    state: Mutex<State>,
    /// Held by whoever looks, also when nobody waits for it any more.
    looking: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct State {
    held: Option<Arc<Held>>,
    looked: Option<Timestamp>,
    /// Files left aside, with the reason; looked at again when they change.
    refused: HashMap<Dropped, String>,
}

/// The content of one good file.
struct Held {
    from: Dropped,
    /// Number of the subject → cells of the wanted columns, joined by `SEPARATOR`.
    rows: HashMap<Box<str>, Box<str>>,
}

/// Number of the subject, and the cells of the wanted columns, joined by `SEPARATOR`.
type Row = (Box<str>, Box<str>);

/// So many wrong rows are told at once: whoever mends the file wants more than the first.
const TOLD: usize = 20;

/// ASCII's own separator of units; cells with it are refused.
const SEPARATOR: char = '\u{1f}';

impl TableReach {
    pub(crate) fn open(
        document: &Document,
        settings: &Table,
        around: &Surroundings,
        clock: &Clock,
    ) -> Result<Self, String> {
        let folder = around.fill(&settings.folder).map_err(|name| format!("there is no address ${{{name}}}"))?;
        let fields = document.fields.values().chain(&document.as_of).map(|map| map.from.clone());
        let mut wanted: Vec<String> = fields.chain(document.subject.clone()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let shared = Arc::new(Shared {
            folder: folder.into(),
            settings: settings.clone(),
            wanted,
            mapping: Mapping::of(document)?,
            clock: clock.clone(),
            state: Mutex::default(),
            looking: Arc::default(),
        });
        // A large file takes a while: it is read before somebody waits for it.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let early = Arc::clone(&shared);
            runtime.spawn(async move {
                if let Err(error) = early.look_apart().await {
                    tracing::warn!(folder = %early.folder.display(), %error, "nothing is read yet");
                }
            });
        }
        Ok(Self(shared))
    }
}

impl Reach for TableReach {
    fn ask<'a>(&'a self, number: &'a str) -> Asking<'a> {
        Box::pin(async move {
            let shared = &self.0;
            if shared.is_due() {
                shared.look_apart().await?;
            }
            let held = lock(&shared.state).held.clone();
            let none = || format!("there is no good file {} in {} yet", shared.settings.glob, shared.folder.display());
            let held = held.ok_or_else(|| SourceError::Unavailable(none()))?;
            Ok(held.rows.get(number).map(|cells| shared.record(cells)))
        })
    }

    fn remark(&self) -> Option<String> {
        let state = lock(&self.0.state);
        let aside: Vec<String> = state
            .refused
            .iter()
            .map(|(file, why)| format!("{} was left aside: {}", file.name(), why.replace('\n', "; ")))
            .collect();
        (!aside.is_empty()).then(|| aside.join("; "))
    }
}

impl Shared {
    fn is_due(&self) -> bool {
        let every = i64::from(self.settings.poll_seconds) * SECOND;
        let looked = lock(&self.state).looked;
        looked.is_none_or(|looked| (self.clock.now().0 - looked.0).abs() >= every)
    }

    /// Looks on a thread of its own. While somebody looks, others go on with what is held, or wait for the first file.
    async fn look_apart(self: &Arc<Self>) -> Answered<()> {
        let looking = Arc::clone(&self.looking);
        let holds = lock(&self.state).held.is_some();
        let alone = match holds {
            false => looking.lock_owned().await,
            true => match looking.try_lock_owned() {
                Ok(alone) => alone,
                Err(_) => return Ok(()),
            },
        };
        if !self.is_due() {
            return Ok(()); // somebody else has just looked
        }
        let shared = Arc::clone(self);
        let task = tokio::task::spawn_blocking(move || {
            let looked = shared.look();
            drop(alone);
            looked
        });
        task.await.map_err(|_| SourceError::Unavailable("the reader ended badly".into()))?
    }

    /// The newest file that is good replaces what is held.
    fn look(&self) -> Answered<()> {
        let now = self.clock.now();
        let drops = folder::newest_first(&self.folder, &self.settings.glob).map_err(|e| {
            SourceError::Unavailable(format!("its folder {} cannot be read: {e}", self.folder.display()))
        })?;
        lock(&self.state).refused.retain(|file, _| drops.contains(file));
        for file in drops {
            let (is_held, is_refused) = {
                let state = lock(&self.state);
                (state.held.as_ref().is_some_and(|held| held.from == file), state.refused.contains_key(&file))
            };
            if is_held {
                break;
            }
            if is_refused {
                continue;
            }
            match self.load(&file, now) {
                Ok(rows) => {
                    tracing::info!(file = file.name(), rows = rows.len(), "a dropped file is used");
                    drop(std::fs::remove_file(file.reason_path())); // of an earlier file of this name
                    lock(&self.state).held = Some(Arc::new(Held { from: file, rows }));
                    break;
                }
                Err(why) => self.leave_aside(file, why),
            }
        }
        lock(&self.state).looked = Some(now);
        Ok(())
    }

    fn leave_aside(&self, file: Dropped, why: String) {
        tracing::warn!(file = file.name(), why, "a dropped file was left aside");
        // For whoever dropped it; the folder may be closed to us.
        drop(std::fs::write(file.reason_path(), format!("{why}\n")));
        lock(&self.state).refused.insert(file, why);
    }

    /// The whole file, every row brought to our form once; the error names row and column, never a value.
    fn load(&self, file: &Dropped, now: Timestamp) -> Result<HashMap<Box<str>, Box<str>>, String> {
        let table = Rows::read(file.path(), &self.settings)?;
        let column = |name: &str| {
            let at = table.header.iter().position(|title| title == name);
            at.ok_or_else(|| format!("row 1: there is no column {name}; drop the file with the agreed columns"))
        };
        let key = column(&self.settings.key)?;
        let places = self.wanted.iter().map(|name| column(name)).collect::<Result<Vec<_>, _>>()?;
        let today = now.date(UtcOffset::from_hms(8, 0, 0).unwrap_or(UtcOffset::UTC));
        let (mut rows, mut wrong) = (HashMap::with_capacity(table.rows.len()), Vec::new());
        for (at, cells) in &table.rows {
            let known = self.row(cells, (key, &places), today).and_then(|(number, joined)| {
                let twice = rows.insert(number, joined).is_some();
                if twice { Err(": the number stands in an earlier row already".to_owned()) } else { Ok(()) }
            });
            if let Err(why) = known {
                wrong.push(format!("row {at}{why}"));
                if wrong.len() == TOLD {
                    wrong.push(format!("further rows were not looked at after {TOLD} wrong ones"));
                    break;
                }
            }
        }
        if !wrong.is_empty() {
            return Err(wrong.join("\n"));
        }
        if rows.is_empty() { Err("the file has no rows; drop it with its data".into()) } else { Ok(rows) }
    }

    /// Number and cells of one row, tried as if it were asked for. The error begins behind the row's number.
    fn row(&self, cells: &[String], (key, places): (usize, &[usize]), today: Date) -> Result<Row, String> {
        let (number, kind) = subject(&cells[key], today)
            .ok_or_else(|| format!(", column {}: the number is wrong", self.settings.key))?;
        let joined: Vec<&str> = places.iter().map(|place| cells[*place].as_str()).collect();
        if joined.iter().any(|cell| cell.contains(SEPARATOR)) {
            return Err(": a cell holds a control sign".into());
        }
        let joined = joined.join(&SEPARATOR.to_string());
        let asked = Asked { number: &number, kind, today };
        self.mapping.apply(&asked, &self.record(&joined)).map_err(|error| match error {
            SourceError::Malformed(why) => format!(", column {why}"),
            other => format!(": {other}"),
        })?;
        Ok((number.into_boxed_str(), joined.into_boxed_str()))
    }

    fn record(&self, cells: &str) -> Value {
        let values = cells.split(SEPARATOR).map(Value::from);
        Value::Object(self.wanted.iter().cloned().zip(values).collect::<Map<_, _>>())
    }
}

fn subject(text: &str, today: Date) -> Option<(String, SubjectKind)> {
    let of = |kind| normal(kind, text, today).map(|number| (number, kind));
    of(SubjectKind::Person).or_else(|| of(SubjectKind::Enterprise))
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
