//! The page of the archive: what went into files, what waits, and which files are not as they were written; for those alone
//! who see how the exchange runs.
use gateway::archive::look::figures;
use gateway::store_archive::{Figures, Row, State, insert_segment, list_due, list_segments, put_state};
use gateway::store_piece::{delete_pieces, has_ended_pieces, insert_piece, list_pieces};
use platform::audit::Entry;
use platform::clock::{DAY, Timestamp};
use platform::policy::{Action, On};
use platform::{Ctx, Platform};
use tests::TestApp;

fn segment(number: i64) -> Row {
    let span = (number > 1).then_some((Timestamp(number * DAY), Timestamp((number + 1) * DAY)));
    let file = format!("messages-2026-01-{number:02}.tba");
    let digest = [u8::try_from(number).unwrap_or(u8::MAX); 32];
    Row { number, file, begins: 0, ends: 1000 + number, digest, batches: 2, span }
}

async fn archived(platform: &Platform, segments: i64) {
    let grant = Ctx::system(platform, "tests").allow(Action::MessageLog, &On::PUBLIC).unwrap();
    let written = platform.db().write(grant, move |tx| {
        (1..=segments).try_for_each(|number| insert_segment(tx, &segment(number)))?;
        put_state(tx, 2, State::Whole)?;
        put_state(tx, 3, State::Altered)?;
        tx.audited(Entry { event: "message.archived", object: "archive", ..Entry::default() }, ())
    });
    written.await.unwrap();
}

#[tokio::test]
async fn the_page_lists_segments_with_their_state_and_what_waits() {
    let app = TestApp::new().await;
    let mut administrator = app.sign_in("administrator").await;
    let page = administrator.get("/admin/exchange/archives").await;
    page.assert_ok().assert_says("site-archives-none").assert_says("site-archives-waiting");
    archived(app.platform(), 53).await;
    for caller in ["administrator", "auditor"] {
        let page = app.sign_in(caller).await.get("/admin/exchange/archives").await;
        page.assert_ok().assert_says("site-archives-mend").assert_says("site-archives-unchecked");
        page.assert_has(&"35".repeat(32)).assert_has("1053");
        assert!(!page.has("site-archives-"), "a key that nobody wrote a text for");
        assert!(!page.has(&"02".repeat(32)), "the oldest stand on the next page");
        assert_eq!(page.links("/admin/exchange/archives?before="), ["/admin/exchange/archives?before=4"]);
    }
    let next = administrator.get("/admin/exchange/archives?before=4").await;
    next.assert_says("site-archives-altered").assert_says("site-archives-whole").assert_has("2026-01-01");
    assert!(next.links("/admin/exchange/archives?before=").is_empty());
    administrator.get("/admin/exchange/archives?before=x").await.assert_ok();
    assert_eq!(administrator.get("/admin/exchange").await.links("/admin/exchange/archives").len(), 1);
    app.sign_in("permit-decider").await.get("/admin/exchange/archives").await.assert_status(403);
}

#[tokio::test]
async fn figures_and_states_are_the_same_on_both_databases() {
    let app = TestApp::new().await;
    archived(app.platform(), 3).await;
    let grant = Ctx::system(app.platform(), "tests").allow(Action::MessageRead, &On::PUBLIC).unwrap();
    let read = app
        .platform()
        .db()
        .read(grant, |tx| Ok((figures(tx, 30)?, list_segments(tx, 3, 9)?, list_due(tx, tx.now().plus(-DAY), 9)?)));
    let (figures, listed, due) = read.await.unwrap();
    let newest = figures.newest;
    assert!(newest.is_some());
    let wanted = Figures { segments: 3, batches: 6, bytes: 3006, broken: 1, newest, ..Figures::default() };
    assert_eq!(figures, wanted);
    assert_eq!(
        listed.iter().map(|of| (of.row.clone(), of.state)).collect::<Vec<_>>(),
        [(segment(2), State::Whole), (segment(1), State::Unchecked)]
    );
    assert_eq!(due, [segment(1)], "the others were looked at today");
}

#[tokio::test]
async fn pieces_of_kept_bodies_come_in_their_order_and_go_with_their_time() {
    let app = TestApp::new().await;
    let grant = |action| Ctx::system(app.platform(), "tests").allow(action, &On::PUBLIC).unwrap();
    let written = app.platform().db().write(grant(Action::MessageLog), |tx| {
        let (soon, late) = (tx.now().plus(DAY), tx.now().plus(9 * DAY));
        for place in [2, 0, 1] {
            insert_piece(tx, (7, place), (soon, &[u8::try_from(place).unwrap()]))?;
            insert_piece(tx, (8, place), (late, &[8]))?;
        }
        tx.audited(Entry { event: "message.kept", object: "body", ..Entry::default() }, ())
    });
    written.await.unwrap();
    let left = async || {
        let read =
            |tx: &mut platform::db::Tx<'_>| Ok((list_pieces(tx, 7)?, list_pieces(tx, 8)?.len(), has_ended_pieces(tx)?));
        app.platform().db().read(grant(Action::MessageRead), read).await.unwrap()
    };
    assert_eq!(left().await, (vec![vec![0], vec![1], vec![2]], 3, false));
    app.advance_days(2);
    assert_eq!(left().await, (vec![vec![0], vec![1], vec![2]], 3, true));
    for gone in [2, 1, 0] {
        let deleted = app.platform().db().write(grant(Action::MessageLog), |tx| {
            let deleted = delete_pieces(tx, 2)?;
            tx.audited(Entry { event: "message.forgotten", object: "gateway", ..Entry::default() }, deleted)
        });
        assert_eq!(deleted.await.unwrap(), gone);
    }
    assert_eq!(left().await, (Vec::new(), 3, false));
}
