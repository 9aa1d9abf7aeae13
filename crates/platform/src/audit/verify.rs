//! Checking the whole log offline: every row against its leaf, every leaf against the signed checkpoints.
//!
//! What it cannot see: rows changed before they were sealed (a second), and a log cut back to an older checkpoint
//! together with everything after it; for the latter keep a checkpoint elsewhere and give it to `Check::at_least`.
use std::collections::BTreeMap;
use std::fmt;

use seal::merkle::{Frontier, Hash, leaf_hash, root_of};
use seal::note::{Checkpoint, LogPolicy, VerifierKey};

use crate::audit::COLUMNS;
use crate::audit::log::leaf_entry;
use crate::db::{Db, Row, Tx};
use crate::error::{Error, Result};

/// What is found to be wrong, each naming its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A row's bytes do not give the leaf that was sealed.
    RowAltered { id: String, leaf: u64 },
    /// A sealed leaf has no row.
    RowMissing { leaf: u64 },
    /// Two rows claim one leaf, or a row claims a leaf beyond the log.
    LeafMisplaced { id: String, leaf: u64 },
    /// A row that is older than sealed ones is not sealed: it was put in or cut loose by hand.
    RowNotSealed { id: String },
    /// Stored hashes do not give the root that was signed.
    HashesAltered { size: u64 },
    /// A stored tile above the leaves is not what the leaves give.
    TileAltered { level: i64, position: i64 },
    /// A checkpoint is not signed by the log's key, or unreadable.
    CheckpointForged { size: i64, why: String },
    /// The log ends before a checkpoint that was kept elsewhere.
    CutBack { size: u64, kept: u64 },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RowAltered { id, leaf } => write!(f, "row {id} (leaf {leaf}) was altered after it was sealed"),
            Self::RowMissing { leaf } => write!(f, "leaf {leaf} has no row: it was removed after it was sealed"),
            Self::LeafMisplaced { id, leaf } => write!(f, "row {id} claims leaf {leaf}, which is not its own"),
            Self::RowNotSealed { id } => write!(f, "row {id} is not sealed though later ones are"),
            Self::HashesAltered { size } => write!(f, "the stored hashes do not give the signed root of size {size}"),
            Self::TileAltered { level, position } => write!(f, "tile {position} of level {level} was altered"),
            Self::CheckpointForged { size, why } => write!(f, "checkpoint {size}: {why}"),
            Self::CutBack { size, kept } => write!(f, "the log ends at {size}, a kept checkpoint says {kept}"),
        }
    }
}

/// The outcome: intact when there are no findings.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub sealed: u64,
    pub unsealed: u64,
    pub checkpoints: u64,
    pub findings: Vec<Finding>,
}

/// What to check against.
#[derive(Debug, Clone)]
pub struct Check {
    pub key: VerifierKey,
    /// The size of a checkpoint kept elsewhere, 0 when there is none.
    pub at_least: u64,
}

const MOST: usize = 1_000;

/// Reads the whole log of a database that has no server.
pub async fn verify(db: &Db, check: Check) -> Result<Report> {
    db.peek(move |tx| {
        let mut report = Report::default();
        let roots = checkpoints(tx, &check, &mut report)?;
        let leaves = leaves(tx)?;
        roots_fit(&leaves, &roots, &mut report);
        tiles_fit(tx, &leaves, &mut report)?;
        rows_fit(tx, &leaves, &mut report)?;
        not_sealed(tx, &mut report)?;
        report.sealed = leaves.len() as u64;
        if report.sealed < check.at_least {
            report.findings.push(Finding::CutBack { size: report.sealed, kept: check.at_least });
        }
        Ok(report)
    })
    .await
}

fn checkpoints(tx: &mut Tx<'_>, check: &Check, report: &mut Report) -> Result<BTreeMap<u64, Hash>> {
    let policy = LogPolicy::of_log(check.key.name(), check.key.clone());
    let mut roots = BTreeMap::new();
    tx.each("SELECT size, note FROM platform_log_checkpoint ORDER BY size", &[], |row| {
        report.checkpoints += 1;
        let size = row.int(0)?;
        match Checkpoint::open(row.str(1)?, &policy) {
            Ok((checkpoint, _)) if i64::try_from(checkpoint.head.size) == Ok(size) => {
                roots.insert(checkpoint.head.size, checkpoint.head.root);
            }
            Ok(_) => report.findings.push(Finding::CheckpointForged { size, why: "it signs another size".into() }),
            Err(error) => report.findings.push(Finding::CheckpointForged { size, why: error.to_string() }),
        }
        Ok(())
    })?;
    Ok(roots)
}

fn hashes_of(bytes: &[u8]) -> Vec<Hash> {
    bytes.chunks_exact(32).filter_map(|chunk| chunk.try_into().ok()).collect()
}

/// The leaf hashes as stored, from the tiles of level 0.
fn leaves(tx: &mut Tx<'_>) -> Result<Vec<Hash>> {
    let mut leaves = Vec::new();
    tx.each("SELECT hashes FROM platform_log_tile WHERE level = 0 ORDER BY position", &[], |row| {
        leaves.extend(hashes_of(row.bytes(0)?));
        Ok(())
    })?;
    Ok(leaves)
}

fn roots_fit(leaves: &[Hash], roots: &BTreeMap<u64, Hash>, report: &mut Report) {
    let mut frontier = Frontier::new();
    for leaf in leaves {
        frontier.append(*leaf);
        if roots.get(&frontier.size()).is_some_and(|root| *root != frontier.root()) {
            report.findings.push(Finding::HashesAltered { size: frontier.size() });
        }
    }
    let last = roots.keys().next_back().copied().unwrap_or(0);
    if last != frontier.size() {
        report.findings.push(Finding::HashesAltered { size: last });
    }
}

fn tiles_fit(tx: &mut Tx<'_>, leaves: &[Hash], report: &mut Report) -> Result<()> {
    tx.each("SELECT level, position, hashes FROM platform_log_tile WHERE level > 0", &[], |row| {
        let (level, position) = (row.int(0)?, row.int(1)?);
        let span = 1usize << (8 * level.clamp(0, 7));
        let first = usize::try_from(position).map_err(Error::internal)? * 256;
        let fits = hashes_of(row.bytes(2)?).iter().enumerate().all(|(i, hash)| {
            let start = (first + i) * span;
            leaves.get(start..start + span).is_some_and(|part| root_of(part) == *hash)
        });
        if !fits {
            report.findings.push(Finding::TileAltered { level, position });
        }
        Ok(())
    })
}

fn rows_fit(tx: &mut Tx<'_>, leaves: &[Hash], report: &mut Report) -> Result<()> {
    let sql = format!("SELECT {COLUMNS} FROM platform_audit WHERE leaf IS NOT NULL ORDER BY leaf, id");
    let mut expected: u64 = 0;
    tx.each(&sql, &[], |row| {
        if report.findings.len() < MOST {
            row_fits(&row, leaves, &mut expected, &mut report.findings)?;
        }
        Ok(())
    })?;
    let size = leaves.len() as u64;
    report.findings.extend((expected..size).take(MOST).map(|leaf| Finding::RowMissing { leaf }));
    Ok(())
}

fn row_fits(row: &Row, leaves: &[Hash], expected: &mut u64, findings: &mut Vec<Finding>) -> Result<()> {
    let id = row.text(0).unwrap_or_else(|_| format!("{:?}", row.cells()[0]));
    // A leaf changed by hand may be no whole number any more.
    let Some(leaf) = row.opt_int(14).ok().flatten().and_then(|leaf| u64::try_from(leaf).ok()) else {
        findings.push(Finding::LeafMisplaced { id, leaf: 0 });
        return Ok(());
    };
    if leaf < *expected || leaf >= leaves.len() as u64 {
        findings.push(Finding::LeafMisplaced { id, leaf });
        return Ok(());
    }
    findings.extend((*expected..leaf).take(MOST).map(|leaf| Finding::RowMissing { leaf }));
    *expected = leaf + 1;
    let sealed = leaves[usize::try_from(leaf).map_err(Error::internal)?];
    // A row that cannot even be read as an entry was altered as well.
    if leaf_entry(row).map(|entry| leaf_hash(&entry)).ok() != Some(sealed) {
        findings.push(Finding::RowAltered { id, leaf });
    }
    Ok(())
}

/// Rows may wait a moment; one that waits while rows a minute younger are sealed was put there by hand.
fn not_sealed(tx: &mut Tx<'_>, report: &mut Report) -> Result<()> {
    let newest = tx.find("SELECT at FROM platform_log_checkpoint ORDER BY size DESC LIMIT 1", &[])?;
    let newest = newest.map(|row| row.int(0)).transpose()?.unwrap_or(0);
    tx.each("SELECT id, at FROM platform_audit WHERE leaf IS NULL ORDER BY id", &[], |row| {
        report.unsealed += 1;
        if row.int(1).map_or(true, |at| at < newest - crate::clock::MINUTE) && report.findings.len() < MOST {
            report.findings.push(Finding::RowNotSealed { id: row.text(0)? });
        }
        Ok(())
    })
}
