//! What of an upload stays on the disk: nothing of a stranger's, of one that broke off, of one that no case came to name.
use axum::http::Method;
use platform::files::sweep;
use tests::givens::{self, PDF, PERMIT};
use tests::{TestApp, Upload};

/// Every file below the folder of uploads, finished or not.
fn stored(app: &TestApp) -> Vec<std::path::PathBuf> {
    let folders = std::fs::read_dir(app.data().join("files")).unwrap().map(|entry| entry.unwrap().path());
    let files = folders.flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    files.collect()
}

/// As the disk keeps it: the test's clock stands still, the world's does not.
fn make_old(file: &std::path::Path) {
    let long_ago = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    std::fs::File::options().append(true).open(file).unwrap().set_modified(long_ago).unwrap();
}

#[tokio::test]
async fn a_stranger_s_files_never_reach_the_disk() {
    let app = TestApp::new().await;
    let before = stored(&app);
    let mut stranger = app.anonymous();
    let file = [Upload { field: "photo", name: "a.pdf", bytes: PDF }];
    stranger.get("/sign-in").await.assert_ok();
    stranger.post_multipart("/sign-in", &[("login", "x"), ("password", "y")], &file).await.assert_status(422);
    stranger.get("/sign-in").await.assert_ok();
    let page = "/my/drafts/drf_00000000000000000000000000/pages/proof";
    assert_ne!(stranger.post_multipart(page, &[], &file).await.status, 500);
    // Nor those of somebody signed in, where no file is asked for.
    let mut resident = app.sign_in("resident").await;
    resident.get("/items/residence-permit/start").await.assert_ok();
    resident.post_multipart("/items/residence-permit/start", &[], &file).await.assert_status(422);
    // Nor an officer's: what an office adds to a case is words.
    let mut clerk = app.sign_in("permit-clerk").await;
    clerk.get("/inbox").await.assert_ok();
    clerk.post_multipart(page, &[], &file).await.assert_status(403);
    assert_eq!(stored(&app), before);
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing_behind() {
    let app = TestApp::new().await;
    let before = stored(&app);
    let mut resident = app.sign_in("resident").await;
    let draft = givens::begin(&mut resident, PERMIT.item).await;
    let page = format!("/my/drafts/{draft}/pages/proof");
    resident.get(&page).await.assert_ok();
    let head = |name| format!("--cut\r\nContent-Disposition: form-data; name={name}\r\n\r\n");
    let file = head("\"proof\"; filename=\"a.pdf\"");
    let begun = format!("{}{}\r\n{file}%PDF-1.7 whole\r\n{file}%PDF-1.7 cut o", head("\"csrf\""), resident.csrf);
    let kind = Some("multipart/form-data; boundary=cut");
    let cut = resident.send(Method::POST, &page, kind, begun.into_bytes()).await;
    cut.assert_status(422);
    assert_eq!(stored(&app), before, "neither the file that was cut off nor the whole one before it");
}

#[tokio::test]
async fn bytes_that_no_case_names_are_swept_away_after_a_day() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let draft = givens::begin(&mut resident, PERMIT.item).await;
    let page = format!("/my/drafts/{draft}/pages/proof");
    resident.get(&page).await.assert_ok();
    let file = [Upload { field: "proof", name: "a.pdf", bytes: PDF }];
    resident.post_multipart(&page, &[], &file).await.assert_status(303);
    let named = stored(&app);
    let store = app.platform().files();
    let mut incoming = store.begin().await.unwrap();
    store.add(&mut incoming, b"%PDF-1.7 nobody's").await.unwrap();
    store.finish(incoming, "nobody.pdf").await.unwrap();
    let lost = app.data().join("files/incoming/lost-in-a-crash");
    std::fs::write(&lost, "half").unwrap();
    let all = stored(&app);
    assert_eq!(all.len(), named.len() + 2);
    let sweep_all = async || {
        let mut gone = 0;
        for _ in 0..256 {
            gone += sweep(app.platform()).await.unwrap();
        }
        gone
    };
    // What came in since yesterday stays; the world's clock is behind or ahead of the test's, so the files are dated.
    app.advance_days(-3_650);
    assert_eq!(sweep_all().await, 0);
    app.advance_days(3_650);
    all.iter().for_each(|file| make_old(file));
    assert_eq!(sweep_all().await, 2);
    assert_eq!(stored(&app), named);
}
