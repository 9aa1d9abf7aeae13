//! Evidence of a call as a third party sees it: files and the program, without the deployment; and the archive on both
//! databases.
use std::path::{Path, PathBuf};
use std::process::Output;

use app::Doors;
use tests::TestApp;
use tests::cli::program;
use tests::wire::{self, Answer};
use tokio::sync::watch;

const CLIENT: &str = "NP/GOV/11990100010001007H/gov-office";

/// A deployment whose gateway listens; it is served as long as this lives.
struct Served {
    app: TestApp,
    address: String,
    _stop: watch::Sender<bool>,
}

impl Served {
    async fn start() -> Self {
        Self::start_with(PathBuf::new()).await
    }

    /// With a roster that is not the demo's; empty: that one.
    async fn start_with(roster: PathBuf) -> Self {
        let settings = |config: &mut platform::config::Config| {
            config.gateway.listen = "127.0.0.1:0".into();
            config.gateway.roster = roster;
        };
        let mut app = TestApp::with(settings).await;
        // Weeks pass here.
        app.release_jobs();
        let doors = Doors::bind(app.platform()).await.unwrap();
        let address = doors.addresses().unwrap()[0].1.to_string();
        let (stop, stopped) = watch::channel(false);
        drop(doors.serve(app.app(), &stopped));
        Self { app, address, _stop: stop }
    }

    async fn ask(&self, path: &str, id: &str) -> Answer {
        let (address, path, id) = (self.address.clone(), path.to_owned(), id.to_owned());
        let call = move || {
            let headers = [("X-Road-Client", CLIENT), ("X-Road-Id", id.as_str()), ("X-Road-UserId", "NP42")];
            wire::call(&address, ("GET", &path), &headers, "")
        };
        tokio::task::spawn_blocking(call).await.unwrap().unwrap()
    }
}

fn run(arguments: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = program(arguments).output().unwrap();
    (status.code(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_third_party_verifies_a_bundle_and_what_the_archive_has_of_it() {
    let served = Served::start().await;
    for n in 0..3 {
        let answer = served.ask(&format!("/r1/{CLIENT}/listMethods"), &format!("m-{n}")).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let bundle = served.ask("/asic?queryId=m-1", "").await;
    assert_eq!(bundle.status, 200, "{}", bundle.body);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bundle.json");
    std::fs::write(&file, &bundle.body).unwrap();
    let gateway = served.app.app().gateway.clone().unwrap();
    let key = gateway.key().key_id().to_owned();

    let (code, words) = run(&["evidence", "verify", text(&file), "--key", &key]);
    assert_eq!(code, Some(0), "{words}");
    for said in ["the log's own word, under no signature", "user NP42", "signed hash, number and time", "--head proves"]
    {
        assert!(words.contains(said), "{words}");
    }
    let (code, words) = run(&["evidence", "verify", text(&file), "--key", "another"]);
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("a key that you did not name"), "{words}");
    std::fs::write(&file, bundle.body.replace("m-1", "m-2").replacen("\"created\":1", "\"created\":2", 1)).unwrap();
    let (code, words) = run(&["evidence", "verify", text(&file)]);
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("line 1"), "{words}");

    served.app.advance_days(31);
    assert!(gateway::archive::run(&gateway).await.unwrap() > 0);
    assert_eq!(served.app.count("SELECT COUNT(*) FROM gateway_batch").await, 0);
    let gone = served.ask("/asic?queryId=m-1", "").await;
    assert!(gone.status == 400 && gone.body.contains("archive"), "{}", gone.body);
    archived(&served, (&key, &bundle.body)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_caller_has_kept_is_proven_and_what_was_too_large_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (roster, file) = (folder.path().join("roster.yaml"), folder.path().join("bundle.json"));
    let demo = include_str!("../../packs/demo/gateway/roster.yaml");
    let name = "    name: gov-office\n";
    let policy = "    keep: both\n    keep_days: 3\n    keep_limit_bytes: 10\n";
    std::fs::write(&roster, demo.replacen(name, &format!("{name}{policy}"), 1)).unwrap();
    let served = Served::start_with(roster).await;
    assert_eq!(served.ask(&format!("/r1/{CLIENT}/listMethods"), "m-1").await.status, 200);
    assert_eq!(served.app.count("SELECT COUNT(*) FROM gateway_body").await, 2);
    let bundle = served.ask("/asic?queryId=m-1&bodies", "").await;
    std::fs::write(&file, &bundle.body).unwrap();
    let (code, words) = run(&["evidence", "verify", text(&file)]);
    assert_eq!(code, Some(0), "{words}");
    for said in ["user NP42: proven by the signed head", "larger than the 10 bytes that its policy keeps"] {
        assert!(words.contains(said), "{words}");
    }
    std::fs::write(&file, bundle.body.replace("\"limit\":10", "\"limit\":99999")).unwrap();
    let (code, words) = run(&["evidence", "verify", text(&file)]);
    assert!(code == Some(1) && words.contains("its size denies"), "{words}");

    let (root, list) = (folder.path().join("roots.pem"), folder.path().join("lists.pem"));
    std::fs::write(&root, include_str!("../../crates/gateway/tests/time-stamp/root.pem")).unwrap();
    std::fs::write(&list, "no list").unwrap();
    let asked = ["evidence", "verify", text(&file), "--time-stamp-root", text(&root), "--time-stamp-crl", text(&list)];
    let (code, words) = run(&asked);
    assert!(code != Some(0) && words.contains("no revocation list in this file"), "{words}");
}

async fn archived(served: &Served, (key, bundle): (&str, &str)) {
    let folder = gateway::archive::folder(served.app.platform());
    let all = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
    let files: Vec<PathBuf> = all.filter(|path| path.extension().is_some_and(|end| end == "tba")).collect();
    let [file] = files.as_slice() else { panic!("{files:?}") };
    let rows =
        served.app.rows("SELECT document FROM platform_audit WHERE event = 'message.archived' ORDER BY id").await;
    let digest = seal::digest::to_hex(rows.last().unwrap().bytes(0).unwrap());
    let (code, words) = run(&["evidence", "archive-verify", text(file), "--key", key, "--last", &digest]);
    assert_eq!(code, Some(0), "{words}");
    assert!(words.contains("proven"), "{words}");
    let (code, words) = run(&["evidence", "archive-verify", text(file), "--last", &"0".repeat(64)]);
    assert!(code == Some(1) && words.contains("not the one that you named"), "{words}");
    let (code, words) = run(&["evidence", "archive-verify", text(file), "--key", "another"]);
    assert!(code == Some(1) && words.contains("none that you trust"), "{words}");

    let (code, words) = run(&["evidence", "extract", text(file), "--message", "m-1", "--party", CLIENT]);
    assert_eq!(code, Some(0), "{words}");
    let line = words[words.find('{').unwrap()..].lines().next().unwrap();
    let same = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(same(line), same(bundle), "as it was while the lines were in the database");

    let mut bytes = std::fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(file, bytes).unwrap();
    // No signature covers names; the digest in the audit log covers every byte.
    let (code, words) = run(&["evidence", "archive-verify", text(file), "--last", &digest]);
    assert_eq!(code, Some(1), "{words}");
}
