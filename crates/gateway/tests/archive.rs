//! The archive: what is old goes into files and out of the database, once, whatever happens in between, and the files prove
//! without the database what the log proved.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use std::path::PathBuf;

use common::{CLIENT, Pair, SERVICE};
use gateway::archive::{self, check, segment};
use gateway::evidence::{Trust, Wanted};

const DAY: i64 = 86_400;

async fn calls(pair: &Pair, day: u32) {
    for n in 0..5 {
        let id = format!("X-Road-Id: m-{day}-{n}");
        assert_eq!(pair.call(&format!("GET {SERVICE}/{n}"), &[&id], b"").await.status, 200);
    }
}

/// Calls on two days, and then thirty days pass.
async fn old() -> Pair {
    let pair = Pair::start().await;
    calls(&pair, 1).await;
    pair.consumer.pass(DAY);
    pair.provider.pass(DAY);
    calls(&pair, 2).await;
    pair.consumer.pass(31 * DAY);
    pair
}

fn files(pair: &Pair) -> Vec<PathBuf> {
    let folder = archive::folder(&pair.consumer.platform);
    let all = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<PathBuf> = all.filter(|path| path.extension().is_some_and(|end| end == "tba")).collect();
    files.sort();
    files
}

fn batches(pair: &Pair) -> i64 {
    pair.consumer.count("SELECT COUNT(*) FROM gateway_batch")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_old_moves_into_files_that_prove_what_the_log_proved() {
    let pair = old().await;
    let before = batches(&pair);
    // What is young stays.
    pair.consumer.pass(-31 * DAY);
    assert_eq!(archive::run(&pair.consumer.gateway).await.unwrap(), 0);
    pair.consumer.pass(31 * DAY);
    let bundle = pair.consumer.gateway.evidence(Wanted::of("m-1-3", CLIENT)).await.unwrap();
    let archived = archive::run(&pair.consumer.gateway).await.unwrap();
    assert_eq!((archived as i64, batches(&pair)), (before, 0));
    assert_eq!(archive::run(&pair.consumer.gateway).await.unwrap(), 0);

    let files = files(&pair);
    assert_eq!(files.len(), 2, "a file for each day");
    let chain = check::verify(&files, &Trust::default()).unwrap();
    assert_eq!((chain.batches as i64, chain.lines), (before, 20));
    assert_eq!((chain.first.unwrap().0, chain.last.unwrap().0), (1, 2));
    assert_eq!(chain.previous, "0".repeat(64));
    let digest = pair.consumer.count(&format!(
        "SELECT COUNT(*) FROM platform_audit WHERE event = 'message.archived' AND document = x'{}'",
        chain.digest
    ));
    assert_eq!(digest, 1, "the digest stands in the audit log");
    // The same bundle comes out of the files as came out of the database.
    let extracted = check::extract(&files, Wanted::of("m-1-3", CLIENT)).unwrap();
    assert_eq!(extracted, bundle);
    extracted.verify(&Trust::default()).unwrap();
    assert!(check::extract(&files, Wanted::of("m-1-3", "NP/GOV/1001/other")).unwrap_err().contains("no message"));
    assert!(pair.consumer.gateway.evidence(Wanted::of("m-1-3", CLIENT)).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_altered_cut_or_missing_segment_is_found() {
    let pair = old().await;
    archive::run(&pair.consumer.gateway).await.unwrap();
    let files = files(&pair);
    let good = std::fs::read(&files[0]).unwrap();
    let trust = Trust::default();
    for at in (0..good.len()).step_by(97) {
        let mut altered = good.clone();
        altered[at] ^= 1;
        std::fs::write(&files[0], &altered).unwrap();
        assert!(check::verify(&files, &trust).is_err(), "byte {at}");
    }
    for cut in [1, 19, 20, good.len() / 2, good.len() - 1] {
        std::fs::write(&files[0], &good[..cut]).unwrap();
        assert!(check::verify(&files, &trust).unwrap_err().contains("middle"), "cut at {cut}");
    }
    std::fs::write(&files[0], [good.as_slice(), b"more"].concat()).unwrap();
    assert!(check::verify(&files, &trust).is_err());
    std::fs::write(&files[0], &good).unwrap();
    // Alone each file is sound, and says where it stands in the chain.
    assert_eq!(check::verify(&files[1..], &trust).unwrap().first.unwrap().0, 2);
    let twice = [files[0].clone(), files[0].clone()];
    assert!(check::verify(&twice, &trust).unwrap_err().contains("gap"));
}

/// The database fails in the transaction that deletes, as when the process dies there.
async fn interrupted() -> Pair {
    let pair = old().await;
    pair.consumer.sql("CREATE TRIGGER dies BEFORE DELETE ON gateway_batch BEGIN SELECT RAISE(ABORT, 'died'); END");
    let before = batches(&pair);
    assert!(archive::run(&pair.consumer.gateway).await.is_err());
    assert_eq!(batches(&pair), before, "nothing was deleted");
    assert_eq!(pair.consumer.count("SELECT COUNT(*) FROM gateway_archive"), 0);
    assert_eq!(pair.consumer.count("SELECT COUNT(*) FROM platform_audit WHERE event = 'message.archived'"), 0);
    pair.consumer.sql("DROP TRIGGER dies");
    pair
}

#[tokio::test(flavor = "multi_thread")]
async fn a_segment_that_was_written_and_not_confirmed_is_taken_up_and_not_written_twice() {
    let pair = interrupted().await;
    let (before, left) = (batches(&pair), std::fs::read(&files(&pair)[0]).unwrap());
    assert_eq!(archive::run(&pair.consumer.gateway).await.unwrap() as i64, before);
    assert_eq!(std::fs::read(&files(&pair)[0]).unwrap(), left);
    let chain = check::verify(&files(&pair), &Trust::default()).unwrap();
    assert_eq!((chain.batches as i64, batches(&pair)), (before, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_segment_that_was_cut_off_is_written_again() {
    for keep in [0, 3, 8, 20, 100] {
        let pair = interrupted().await;
        let (before, file) = (batches(&pair), files(&pair)[0].clone());
        let left = std::fs::read(&file).unwrap();
        std::fs::write(&file, &left[..keep]).unwrap();
        assert_eq!(archive::run(&pair.consumer.gateway).await.unwrap() as i64, before);
        assert_eq!(std::fs::read(&file).unwrap(), left);
        check::verify(&files(&pair), &Trust::default()).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_database_does_not_know_is_never_overwritten() {
    let pair = interrupted().await;
    let (before, file) = (batches(&pair), files(&pair)[0].clone());
    let good = std::fs::read(&file).unwrap();
    // A segment of other batches, as when the database was put back from a backup.
    let read = segment::read(&good).unwrap();
    let mut batches_of = read.batches.clone();
    batches_of[0].number ^= 1;
    let other = segment::write(&read.header, &batches_of).unwrap();
    for strange in [other.as_slice(), b"notes of somebody"] {
        std::fs::write(&file, strange).unwrap();
        let error = archive::run(&pair.consumer.gateway).await.unwrap_err().to_string();
        assert!(error.contains("move"), "{error}");
        assert_eq!((std::fs::read(&file).unwrap(), batches(&pair)), (strange.to_vec(), before));
    }
    // A file that lost what was confirmed stops the archive too.
    std::fs::write(&file, &good).unwrap();
    archive::run(&pair.consumer.gateway).await.unwrap();
    pair.provider.pass(31 * DAY);
    calls(&pair, 3).await;
    pair.consumer.sql("UPDATE gateway_batch SET at = at - 86400000000 * 31");
    std::fs::write(&files(&pair)[1], b"").unwrap();
    let error = archive::run(&pair.consumer.gateway).await.unwrap_err().to_string();
    assert!(error.contains("shorter"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_that_archive_at_once_do_it_once() {
    let pair = old().await;
    let before = batches(&pair);
    let (one, two) = (pair.consumer.gateway.clone(), pair.consumer.gateway.clone());
    let both = tokio::join!(
        tokio::spawn(async move { archive::run(&one).await }),
        tokio::spawn(async move { archive::run(&two).await })
    );
    assert_eq!((both.0.unwrap().unwrap() + both.1.unwrap().unwrap()) as i64, before);
    assert_eq!(check::verify(&files(&pair), &Trust::default()).unwrap().batches as i64, before);
}
