//! Answers that may be used again within the declared freshness: in memory, bounded, the least used goes first.
use std::collections::{BTreeMap, HashMap};

use platform::clock::{SECOND, Timestamp};

use crate::mapping::Answer;
use crate::settings;

#[derive(Debug)]
pub(crate) struct Cache {
    settings: settings::Cache,
    entries: HashMap<String, Entry>,
    /// Use → number, oldest first.
    order: BTreeMap<u64, String>,
    uses: u64,
}

#[derive(Debug)]
struct Entry {
    answer: Option<Answer>,
    /// When the source was asked, which is what freshness counts from.
    asked: Timestamp,
    used: u64,
}

impl Cache {
    pub(crate) fn new(settings: settings::Cache) -> Self {
        Self { settings, entries: HashMap::new(), order: BTreeMap::new(), uses: 0 }
    }

    /// An answer that is still fresh; the inner None: the source held nothing.
    #[allow(clippy::option_option)] // a stored "nothing" is an answer
    pub(crate) fn get(&mut self, number: &str, now: Timestamp) -> Option<Option<Answer>> {
        let entry = self.entries.get_mut(number)?;
        let age = now.0 - entry.asked.0;
        self.order.remove(&entry.used);
        // A clock that was set back makes no answer fresh for longer.
        if age < 0 || age >= i64::from(self.settings.seconds) * SECOND {
            self.entries.remove(number);
            return None;
        }
        self.uses += 1;
        entry.used = self.uses;
        self.order.insert(self.uses, number.to_owned());
        Some(entry.answer.clone())
    }

    pub(crate) fn put(&mut self, number: &str, answer: Option<Answer>, asked: Timestamp) {
        if self.settings.seconds == 0 || self.settings.entries == 0 {
            return;
        }
        self.uses += 1;
        let entry = Entry { answer, asked, used: self.uses };
        if let Some(old) = self.entries.insert(number.to_owned(), entry) {
            self.order.remove(&old.used);
        }
        self.order.insert(self.uses, number.to_owned());
        while self.entries.len() > self.settings.entries {
            let Some((_, oldest)) = self.order.pop_first() else { return };
            self.entries.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Map;
    use time::macros::date;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * SECOND)
    }

    fn answer() -> Option<Answer> {
        Some(Answer { as_of: date!(2026 - 11 - 20), data: Map::new() })
    }

    #[test]
    fn never_beyond_the_declared_seconds() {
        let mut cache = Cache::new(settings::Cache { seconds: 10, entries: 2 });
        cache.put("a", answer(), at(0));
        cache.put("b", None, at(0));
        assert_eq!(cache.get("a", at(9)), Some(answer()));
        assert_eq!(cache.get("b", at(9)), Some(None));
        assert_eq!(cache.get("a", at(10)), None, "use does not make it younger");
        assert_eq!(cache.get("b", at(-1)), None, "a clock set back");
        assert!(cache.entries.is_empty() && cache.order.is_empty());
    }

    #[test]
    fn bounded_and_the_least_used_goes_first() {
        let mut cache = Cache::new(settings::Cache { seconds: 10, entries: 2 });
        cache.put("a", answer(), at(0));
        cache.put("b", answer(), at(0));
        assert!(cache.get("a", at(1)).is_some());
        cache.put("c", answer(), at(1));
        assert!(cache.get("b", at(1)).is_none());
        assert!(cache.get("a", at(1)).is_some() && cache.get("c", at(1)).is_some());
        assert_eq!(cache.order.len(), 2);
        let mut off = Cache::new(settings::Cache { seconds: 0, entries: 2 });
        off.put("a", answer(), at(0));
        assert_eq!(off.get("a", at(0)), None);
    }
}
