//! The catalogue as it stands now, and as it stood since the program began. Readers keep plain references, so an older one
//! is kept until the program ends; a publication is rare and shares every entry that did not change hands.
use std::sync::OnceLock;

use crate::model::catalogue::Catalogue;

pub struct Snapshots(Snapshot);

struct Snapshot {
    catalogue: Catalogue,
    /// How many versions of entries it was built from.
    versions: i64,
    next: OnceLock<Box<Snapshot>>,
}

impl Snapshots {
    pub fn new(catalogue: Catalogue, versions: i64) -> Self {
        Self(Snapshot { catalogue, versions, next: OnceLock::new() })
    }

    fn newest(&self) -> &Snapshot {
        let mut here = &self.0;
        while let Some(next) = here.next.get() {
            here = next;
        }
        here
    }

    pub fn last(&self) -> &Catalogue {
        &self.newest().catalogue
    }

    pub fn versions(&self) -> i64 {
        self.newest().versions
    }

    /// Puts a newer catalogue in front; one that somebody else has overtaken is dropped.
    pub fn push(&self, catalogue: Catalogue, versions: i64) {
        let mut new = Box::new(Snapshot { catalogue, versions, next: OnceLock::new() });
        loop {
            let newest = self.newest();
            if newest.versions >= versions {
                return;
            }
            match newest.next.set(new) {
                Ok(()) => return,
                Err(back) => new = back,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_newer_stands_and_references_hold() {
        let snapshots = Snapshots::new(Catalogue::default(), 3);
        let old = snapshots.last();
        snapshots.push(Catalogue::default(), 2);
        assert_eq!(snapshots.versions(), 3);
        snapshots.push(Catalogue::default(), 5);
        assert_eq!((snapshots.versions(), old.len()), (5, 0));
    }
}
