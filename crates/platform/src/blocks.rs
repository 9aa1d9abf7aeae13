//! Numbers taken from the database in blocks, so that nobody waits for a row that all of them change.
//!
//! A block that a process had not used up when it ended leaves a gap: such numbers tell things apart, they do not count
//! them.
use std::collections::HashMap;
use std::hash::Hash;

use tokio::sync::Mutex;

use crate::error::Result;

/// A block doubles with use up to this: a quiet series leaves small gaps, a busy one seldom asks.
const LARGEST: i64 = 512;

/// The blocks that this process holds, by series.
pub struct Blocks<K>(Mutex<HashMap<K, Block>>);

#[derive(Clone, Copy)]
struct Block {
    next: i64,
    end: i64,
    size: i64,
}

impl<K> Default for Blocks<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash> Blocks<K> {
    /// The first of `count` numbers of a series that follow each other. `reserve` takes so many from the database and
    /// tells the first of them.
    pub async fn take<F: Future<Output = Result<i64>>>(
        &self,
        series: K,
        count: i64,
        reserve: impl FnOnce(i64) -> F,
    ) -> Result<i64> {
        let mut blocks = self.0.lock().await;
        let known = blocks.get(&series).copied();
        let mut block = match known {
            Some(block) if block.end - block.next >= count => block,
            _ => {
                let size = known.map_or(1, |block| (block.size * 2).min(LARGEST)).max(count);
                let first = reserve(size).await?;
                Block { next: first, end: first + size, size: size.min(LARGEST) }
            }
        };
        let first = block.next;
        block.next += count;
        blocks.insert(series, block);
        Ok(first)
    }

    /// Forgets the series that are over.
    pub async fn retain(&self, is_wanted: impl Fn(&K) -> bool) {
        self.0.lock().await.retain(|series, _| is_wanted(series));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn blocks_double_with_use_and_never_overlap() {
        let (blocks, mut next, mut asked) = (Blocks::default(), 1, Vec::new());
        let mut given = Vec::new();
        for count in [1, 1, 1, 5, 1, 2] {
            let reserve = |size| {
                asked.push(size);
                let first = next;
                next += size;
                async move { Ok(first) }
            };
            let first = blocks.take("card", count, reserve).await.unwrap();
            given.extend(first..first + count);
        }
        assert_eq!(asked, [1, 2, 5, 10]);
        let mut once = given.clone();
        once.dedup();
        assert_eq!((given.len(), once), (11, vec![1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]));
        blocks.retain(|series| *series != "card").await;
        assert_eq!(blocks.take("card", 1, |size| async move { Ok(100 + size) }).await.unwrap(), 101);
    }
}
