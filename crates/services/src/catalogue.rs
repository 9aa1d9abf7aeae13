//! The items in memory: every version that a case may have begun with, and the current ones to search.
//!
//! Documents never change once they are loaded, so what is parsed stays good as long as the process lives.
use std::collections::HashMap;
use std::sync::Arc;

use codes::{BasicCode, ImplementationCode, Uscc};
use platform::error::{Error, Result};

use crate::evidence::{self, Proven};
use crate::item::{FactNeed, Item};
use crate::search::SearchIndex;
use crate::store::items::ItemRow;

/// An item with what follows from where it is offered.
pub struct LoadedItem {
    pub item: Item,
    /// 31 characters: credit code of the body, level, basic code.
    pub implementation_code: String,
    pub digest: String,
    /// Papers that registers stand for. What has to be asked for that stands among the item's facts, after its own.
    pub proven: Vec<Proven>,
    own_facts: usize,
}

impl LoadedItem {
    /// The facts that the document itself names.
    #[must_use]
    pub fn own_facts(&self) -> &[FactNeed] {
        &self.item.facts[..self.own_facts]
    }
}

#[derive(Default)]
pub struct Items {
    all: HashMap<(String, u32), Arc<LoadedItem>>,
    current: Vec<Arc<LoadedItem>>,
    index: SearchIndex,
    /// Positions in `current`, most asked for first.
    frequent: Vec<usize>,
}

impl Items {
    /// `uscc_of` gives an organisation's credit code; `demand`: numbers given lately, by implementation code; `proven`:
    /// which papers of an item registers stand for.
    pub fn load(
        rows: Vec<ItemRow>,
        demand: &[(String, i64)],
        uscc_of: impl Fn(&str) -> Option<String>,
        proven: impl Fn(&Item) -> Vec<Proven>,
    ) -> Result<Self> {
        let mut items = Self::default();
        for row in rows {
            let mut item = Item::parse(&row.document).map_err(|errors| wrong(&row, &errors))?;
            let implementation_code = implementation_code(&item, &uscc_of)?;
            let (proven, own_facts) = (proven(&item), item.facts.len());
            item.facts.extend(evidence::needs(&item, &proven));
            let loaded = Arc::new(LoadedItem { item, implementation_code, digest: row.digest, proven, own_facts });
            if row.current {
                items.current.push(Arc::clone(&loaded));
            }
            items.all.insert((loaded.item.key.clone(), loaded.item.version), loaded);
        }
        items.index = SearchIndex::new(items.current.iter().map(|loaded| &loaded.item));
        let asked = |code: &str| demand.iter().find(|(of, _)| of == code).map_or(0, |(_, count)| *count);
        items.frequent = (0..items.current.len()).collect();
        items.frequent.sort_by_key(|at| std::cmp::Reverse(asked(&items.current[*at].implementation_code)));
        Ok(items)
    }

    /// Most asked for first.
    pub fn frequent(&self) -> impl Iterator<Item = &Arc<LoadedItem>> {
        self.frequent.iter().filter_map(|at| self.current.get(*at))
    }

    /// The version that is offered now.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&Arc<LoadedItem>> {
        self.current.iter().find(|loaded| loaded.item.key == key)
    }

    /// The version that a case began with.
    pub fn frozen(&self, key: &str, version: u32) -> Result<Arc<LoadedItem>> {
        let found = self.all.get(&(key.to_owned(), version)).cloned();
        found.ok_or_else(|| Error::Internal(format!("item {key} version {version} is not loaded")))
    }

    #[must_use]
    pub fn current(&self) -> &[Arc<LoadedItem>] {
        &self.current
    }

    /// Best first.
    #[must_use]
    pub fn search(&self, query: &str, lang: platform::i18n::Lang, limit: usize) -> Vec<Arc<LoadedItem>> {
        let hits = self.index.search(query, lang, limit);
        hits.into_iter().filter_map(|hit| self.current.get(hit.item).cloned()).collect()
    }
}

fn wrong(row: &ItemRow, errors: &[crate::item::DocumentError]) -> Error {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    Error::Internal(format!("item document {}: {}", row.digest, lines.join("; ")))
}

/// 31 characters (facts: two real codes and the national exchange schema): the body that exercises it, the level, the basic code.
fn implementation_code(item: &Item, uscc_of: &impl Fn(&str) -> Option<String>) -> Result<String> {
    let at = |what: &str| Error::Internal(format!("item {}: {what}", item.key));
    let uscc = uscc_of(&item.who.body).ok_or_else(|| at("its body is no organisation of this deployment"))?;
    let uscc = Uscc::parse(&uscc).map_err(|e| at(&e.to_string()))?;
    let basic = BasicCode::parse(&item.identity.basic_code).map_err(|e| at(&e.to_string()))?;
    Ok(ImplementationCode::compose(uscc, item.who.exercise_level, basic).to_string())
}
