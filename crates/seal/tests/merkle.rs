//! Laws of the Merkle log: known roots and proofs, every small tree, tiles against the definition, altered proofs.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use seal::SealError;
use seal::merkle::*;

/// MTH of RFC 6962 §2.1, word for word: the oracle.
fn mth(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let k = leaves.len().next_power_of_two() / 2;
            node_hash(&mth(&leaves[..k]), &mth(&leaves[k..]))
        }
    }
}

/// PATH of RFC 6962 §2.1.1, word for word.
fn path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() <= 1 {
        return Vec::new();
    }
    let k = leaves.len().next_power_of_two() / 2;
    let (mut proof, sibling) =
        if m < k { (path(m, &leaves[..k]), mth(&leaves[k..])) } else { (path(m - k, &leaves[k..]), mth(&leaves[..k])) };
    proof.push(sibling);
    proof
}

/// SUBPROOF of RFC 6962 §2.1.2, word for word.
fn subproof(m: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if whole { Vec::new() } else { vec![mth(leaves)] };
    }
    let k = leaves.len().next_power_of_two() / 2;
    let (mut proof, other) = if m <= k {
        (subproof(m, &leaves[..k], whole), mth(&leaves[k..]))
    } else {
        (subproof(m - k, &leaves[k..], false), mth(&leaves[..k]))
    };
    proof.push(other);
    proof
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|i| leaf_hash(format!("entry {i}").as_bytes())).collect()
}

fn head(leaves: &[Hash]) -> TreeHead {
    TreeHead { size: leaves.len() as u64, root: mth(leaves) }
}

fn hash(hex: &str) -> Hash {
    seal::digest::from_hex(hex).unwrap().try_into().unwrap()
}

/// The entries, roots and proofs of the reference implementation of Certificate Transparency.
const ENTRIES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn reference_leaves() -> Vec<Hash> {
    ENTRIES.iter().map(|entry| leaf_hash(&seal::digest::from_hex(entry).unwrap())).collect()
}

#[test]
fn roots_are_those_of_the_reference_implementation() {
    let leaves = reference_leaves();
    let mut frontier = Frontier::new();
    assert_eq!(frontier.root(), hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    for (leaf, root) in leaves.iter().zip(ROOTS) {
        frontier.append(*leaf);
        assert_eq!(frontier.root(), hash(root));
    }
}

#[test]
fn proofs_are_those_of_the_reference_implementation() {
    let leaves = reference_leaves();
    let at = |size: usize| TreeHead { size: size as u64, root: hash(ROOTS[size - 1]) };
    let inclusion: [(u64, usize, &[&str]); 3] = [
        (0, 1, &[]),
        (
            0,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            &[
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
    ];
    for (index, size, want) in inclusion {
        let want: Vec<Hash> = want.iter().map(|h| hash(h)).collect();
        assert_eq!(inclusion_proof(index, size as u64, &mut LeafHashes(&leaves)).unwrap(), want);
        verify_inclusion(&leaves[index as usize], index, &want, &at(size)).unwrap();
    }
    let consistency: [(usize, usize, &[&str]); 2] = [
        (
            6,
            8,
            &[
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            &[
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];
    for (old, new, want) in consistency {
        let want: Vec<Hash> = want.iter().map(|h| hash(h)).collect();
        assert_eq!(consistency_proof(old as u64, new as u64, &mut LeafHashes(&leaves)).unwrap(), want);
        verify_consistency(&at(old), &at(new), &want).unwrap();
    }
}

/// A store that keeps one blob a place, as a table would.
#[derive(Default)]
struct Store(BTreeMap<(u8, u64), Vec<u8>>);

impl Store {
    fn write(&mut self, tiles: &[Tile]) {
        for tile in tiles {
            self.0.insert((tile.coord.level, tile.coord.index), tile.as_bytes().to_vec());
        }
    }

    fn reader(&self) -> impl FnMut(TileCoord) -> Result<Vec<u8>, SealError> {
        |tile: TileCoord| {
            let bytes = self.0.get(&(tile.level, tile.index)).cloned();
            bytes.ok_or_else(|| SealError::Storage { why: tile.path() })
        }
    }
}

#[test]
fn every_inclusion_proof_up_to_300_is_the_definition_and_verifies() {
    let all = leaves(300);
    let mut log = LogAppender::new();
    let mut store = Store::default();
    for size in 1..=300usize {
        store.write(&log.append(&all[size - 1..size]));
        let head = head(&all[..size]);
        assert_eq!(log.head(), head);
        let mut hashes = TileHashes::new(size as u64, store.reader());
        for index in 0..size {
            let proof = inclusion_proof(index as u64, size as u64, &mut hashes).unwrap();
            if size <= 70 || index % 37 == 0 {
                assert_eq!(proof, path(index, &all[..size]), "{index} of {size}");
            }
            verify_inclusion(&all[index], index as u64, &proof, &head).unwrap();
        }
        assert_eq!(inclusion_proof(size as u64, size as u64, &mut hashes).unwrap_err().code(), "range");
    }
}

#[test]
fn every_consistency_proof_up_to_64_is_the_definition_and_verifies() {
    let all = leaves(64);
    for new in 0..=64usize {
        for old in 0..=new {
            let proof = consistency_proof(old as u64, new as u64, &mut LeafHashes(&all[..new])).unwrap();
            if old > 0 {
                assert_eq!(proof, subproof(old, &all[..new], true), "{old} to {new}");
            }
            let (old_head, new_head) = (head(&all[..old]), head(&all[..new]));
            verify_consistency(&old_head, &new_head, &proof).unwrap();
            refuse_altered_consistency(&old_head, &new_head, &proof);
        }
    }
    let (old, new) = (head(&all[..5]), head(&all[..4]));
    assert_eq!(verify_consistency(&old, &new, &[]).unwrap_err().code(), "range");
    assert!(consistency_proof(5, 4, &mut LeafHashes(&all)).is_err());
}

fn refuse_altered_consistency(old: &TreeHead, new: &TreeHead, proof: &[Hash]) {
    let other = |head: &TreeHead| TreeHead { root: [0xee; 32], ..*head };
    assert!(verify_consistency(&other(old), new, proof).is_err());
    if old.size > 0 {
        assert!(verify_consistency(old, &other(new), proof).is_err());
    }
    assert!(verify_consistency(old, new, &[proof, &[[0; 32]]].concat()).is_err());
    for i in 0..proof.len() {
        let mut changed = proof.to_vec();
        changed[i][i % 32] ^= 1;
        assert!(verify_consistency(old, new, &changed).is_err());
        changed = proof.to_vec();
        changed.remove(i);
        assert!(verify_consistency(old, new, &changed).is_err());
    }
}

#[test]
fn altered_inclusion_proofs_are_refused() {
    for size in 1..=33usize {
        let all = leaves(size);
        let head = head(&all);
        for index in 0..size {
            let proof = path(index, &all);
            let refused = |leaf: &Hash, index: u64, proof: &[Hash], head: &TreeHead| {
                verify_inclusion(leaf, index, proof, head).is_err()
            };
            assert!(refused(&[0; 32], index as u64, &proof, &head));
            assert!(refused(&all[index], index as u64, &proof, &TreeHead { root: [1; 32], ..head }));
            assert!(refused(&all[index], index as u64, &[&proof[..], &[[0; 32]]].concat(), &head));
            for at in 0..proof.len() {
                let mut changed = proof.clone();
                changed[at][31] ^= 0x80;
                assert!(refused(&all[index], index as u64, &changed, &head));
                changed.remove(at);
                assert!(refused(&all[index], index as u64, &changed, &head));
            }
            for wrong in (0..size as u64 + 2).filter(|wrong| *wrong != index as u64) {
                assert!(refused(&all[index], wrong, &proof, &head), "{index} as {wrong} of {size}");
            }
        }
    }
}

#[test]
fn sizes_at_the_edge_of_64_bits_do_no_harm() {
    let head = TreeHead { size: u64::MAX, root: [1; 32] };
    assert!(verify_inclusion(&[0; 32], u64::MAX - 1, &[[0; 32]; 64], &head).is_err());
    assert!(verify_inclusion(&[0; 32], u64::MAX, &[], &head).is_err());
    let old = TreeHead { size: u64::MAX - 1, root: [2; 32] };
    assert!(verify_consistency(&old, &head, &[[0; 32]; 64]).is_err());
    assert!(tiles_for_inclusion(u64::MAX - 1, u64::MAX).unwrap().len() <= 16);
    assert!(tiles_for_consistency(u64::MAX - 1, u64::MAX).unwrap().len() <= 16);
    let mut none = |_: TileCoord| -> Result<Vec<u8>, SealError> { Err(SealError::Storage { why: "none".into() }) };
    assert_eq!(LogAppender::load(&head, &mut none).unwrap_err().code(), "storage");
}

/// The tiles as the specification defines them: MTH(D[(n·256+i)·256^l : (n·256+i+1)·256^l]).
fn defined_tile(coord: TileCoord, leaves: &[Hash]) -> Vec<u8> {
    let span = 256usize.pow(coord.level.into());
    let first = coord.index as usize * 256;
    let hashes = (first..first + usize::from(coord.width)).map(|i| mth(&leaves[i * span..(i + 1) * span]));
    hashes.flatten().collect()
}

#[test]
fn a_log_grown_in_batches_has_the_tiles_proofs_and_root_of_the_definition() {
    let all = leaves(70_000);
    let mut store = Store::default();
    let mut old = TreeHead::empty();
    for end in [1, 255, 256, 257, 300, 511, 512, 65_535, 65_536, 65_536, 65_537, 70_000usize] {
        let growth = grow(&old, &all[old.size as usize..end], &mut store.reader()).unwrap();
        assert!(growth.tiles.iter().all(|t| t.hashes.len() == usize::from(t.coord.width)));
        store.write(&growth.tiles);
        assert_eq!(growth.head.size, end as u64);
        let new = growth.head;
        let mut hashes = TileHashes::new(new.size, store.reader());
        let proof = consistency_proof(old.size, new.size, &mut hashes).unwrap();
        verify_consistency(&old, &new, &proof).unwrap();
        old = new;
    }
    assert_eq!(old, head(&all));
    let expected: BTreeMap<_, _> =
        TileCoord::all(70_000).map(|t| ((t.level, t.index), defined_tile(t, &all))).collect();
    assert!(store.0 == expected, "the stored tiles differ from the definition");

    for index in [0, 255, 256, 65_535, 65_536, 69_999u64] {
        // What is fetched beforehand is exactly what is needed, also when the stored tile has grown since.
        for size in [index + 1, 70_000] {
            let mut fetched = TileSet::default();
            for tile in tiles_for_inclusion(index, size).unwrap() {
                fetched.insert(tile.level, tile.index, store.0[&(tile.level, tile.index)].clone());
            }
            let proof = inclusion_proof(index, size, &mut TileHashes::new(size, fetched)).unwrap();
            verify_inclusion(&all[index as usize], index, &proof, &head(&all[..size as usize])).unwrap();
        }
    }
}

#[test]
fn an_altered_right_edge_is_not_extended() {
    let all = leaves(700);
    let mut store = Store::default();
    let growth = grow(&TreeHead::empty(), &all, &mut store.reader()).unwrap();
    store.write(&growth.tiles);
    let tiles: Vec<_> = TileCoord::right_edge(700);
    assert_eq!(tiles.len(), 2);
    for tile in tiles {
        let place = (tile.level, tile.index);
        let good = store.0[&place].clone();
        store.0.get_mut(&place).unwrap()[40] ^= 1;
        assert_eq!(grow(&growth.head, &all[..1], &mut store.reader()).unwrap_err().code(), "altered");
        store.0.insert(place, good[..32].to_vec());
        assert_eq!(grow(&growth.head, &all[..1], &mut store.reader()).unwrap_err().code(), "storage");
        store.0.insert(place, good);
    }
    grow(&growth.head, &all[..1], &mut store.reader()).unwrap();
}

#[test]
fn a_frontier_survives_its_parts() {
    let all = leaves(100);
    let mut frontier = Frontier::new();
    for leaf in &all {
        frontier = Frontier::from_parts(frontier.size(), frontier.peaks().to_vec()).unwrap();
        frontier.append(*leaf);
    }
    assert_eq!(frontier.head(), head(&all));
    assert!(Frontier::from_parts(3, vec![[0; 32]]).is_err());
    assert!(Frontier::from_parts(0, vec![[0; 32]]).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn how_a_log_is_cut_into_batches_does_not_matter(batches in prop::collection::vec(0usize..400, 1..6)) {
        let all = leaves(batches.iter().sum());
        let (mut store, mut kept, mut done) = (Store::default(), LogAppender::new(), 0);
        for batch in batches {
            let next = &all[done..done + batch];
            let growth = grow(&kept.head(), next, &mut store.reader()).unwrap();
            prop_assert_eq!(&kept.append(next), &growth.tiles);
            store.write(&growth.tiles);
            done += batch;
            prop_assert_eq!(kept.head(), head(&all[..done]));
        }
        let expected: BTreeMap<_, _> =
            TileCoord::all(done as u64).map(|t| ((t.level, t.index), defined_tile(t, &all))).collect();
        prop_assert!(store.0 == expected);
    }

    #[test]
    fn any_flipped_bit_of_a_proof_is_noticed(size in 2usize..2000, at: prop::sample::Index, bit: prop::sample::Index) {
        let all = leaves(size);
        let index = at.index(size) as u64;
        let mut proof = inclusion_proof(index, size as u64, &mut LeafHashes(&all)).unwrap();
        verify_inclusion(&all[index as usize], index, &proof, &head(&all)).unwrap();
        let bit = bit.index(proof.len() * 256);
        proof[bit / 256][bit % 256 / 8] ^= 1 << (bit % 8);
        prop_assert!(verify_inclusion(&all[index as usize], index, &proof, &head(&all)).is_err());
    }

    #[test]
    fn parsers_survive_any_text(text in "\\PC{0,80}", bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let _ = TileCoord::parse(&text);
        let _ = seal::note::Note::parse(&text);
        let _ = seal::note::VerifierKey::parse(&text);
        let _ = seal::note::Checkpoint::parse(&text);
        let _ = seal::proof::TlogProof::parse(&format!("c2sp.org/tlog-proof@v1\n{text}\n\n{text}"));
        let _ = seal::jws::peek(&text);
        let _ = seal::jcs::parse_canonical(&bytes);
        let _ = read_entries(&bytes);
    }
}

/// About 0.5 µs a leaf even unoptimised; a change of order would show as a test that never ends.
#[test]
fn a_million_leaves_in_one_batch_give_their_tiles() {
    let batch = vec![leaf_hash(b"x"); 1_000_000];
    let mut log = LogAppender::new();
    let tiles = log.append(&batch);
    // 3,906 full tiles and a partial one, above them 15 and one, above these one.
    let count = |level| tiles.iter().filter(|t| t.coord.level == level).count();
    assert_eq!((count(0), count(1), count(2), tiles.len()), (3_907, 16, 1, 3_924));
    assert_eq!(log.head().root, root_of(&batch));
}
