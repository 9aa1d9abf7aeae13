//! Lists go on page by page by key: each line stands once, nothing is left out, and the other lists of a page stay away.
use std::collections::BTreeSet;

use platform::policy::{Action, On};
use platform::{Ctx, Error};
use tests::{Caller, TestApp};

use crate::registry::catalogued;

/// More than two pages of 50.
const MANY: usize = 120;

/// Writes many rows like the newest of a table. `changed`: columns that must differ, with `#` for the number of the row.
async fn copy(app: &TestApp, table: &'static str, changed: &'static [(&'static str, &'static str)]) {
    let grant = Ctx::system(app.platform(), "tests.copy").allow(Action::PackLoad, &On::PUBLIC).unwrap();
    let write = move |tx: &mut platform::db::Tx<'_>| {
        let names = column_names(tx, table)?;
        for number in 0..MANY {
            let value = |name: &String| match changed.iter().find(|(column, _)| column == name) {
                Some((_, value)) => value.replace('#', &format!("{number:022}")),
                None => name.clone(),
            };
            let values: Vec<String> = names.iter().map(value).collect();
            let (columns, values) = (names.join(", "), values.join(", "));
            let sql = format!("INSERT INTO {table} ({columns}) SELECT {values} FROM {table} ORDER BY id DESC LIMIT 1");
            tx.exec(&sql, &[])?;
        }
        tx.audited(platform::audit::Entry { event: "test.copied", ..Default::default() }, ())
    };
    app.platform().db().write(grant, write).await.unwrap();
}

fn column_names(tx: &mut platform::db::Tx<'_>, table: &str) -> Result<Vec<String>, Error> {
    let sql = match tx.dialect() {
        platform::db::Dialect::Sqlite => "SELECT name FROM pragma_table_info($1)",
        platform::db::Dialect::Postgres => {
            "SELECT column_name FROM information_schema.columns WHERE table_name = $1 AND table_schema = 'public'"
        }
    };
    tx.list(sql, &[table.into()], |row| row.text(0))
}

/// Follows a list to its end and answers its lines. `other`: what must not stand on its further pages.
async fn walk(caller: &mut Caller, from: &str, (line, next): (&str, &str), other: &str) -> Vec<String> {
    let (mut lines, mut at) = (Vec::new(), from.to_owned());
    for page in 0.. {
        assert!(page < 9, "{from} does not end");
        let shown = caller.get(&at).await;
        shown.assert_ok();
        assert!(page == 0 || other.is_empty() || shown.links(other).is_empty(), "{}", shown.shown());
        let here = shown.links(line);
        assert!(here.len() <= 50, "{} lines on {at}", here.len());
        lines.extend(here);
        match shown.links(next).first() {
            Some(further) => at.clone_from(further),
            None => break,
        }
    }
    let once: BTreeSet<&String> = lines.iter().collect();
    assert_eq!(once.len(), lines.len(), "each line once: {from}");
    lines
}

#[tokio::test]
async fn the_catalogues_desk_goes_on_after_a_page() {
    let app = TestApp::new().await;
    catalogued(&app).await;
    let id = &[("id", "'sub_00#zz'"), ("resource", "'many-#'"), ("office", "'public-security'")];
    copy(&app, "registry_submission", id).await;
    let id = &[("id", "'dsp_00#zz'"), ("submission", "'sub_00#zz'")];
    copy(&app, "registry_dispute", id).await;
    let (mut police, mut keeper) = (app.sign_in("own-clerk").await, app.sign_in("administrator").await);
    let (submission, dispute) = ("/desk/catalogue/submissions/sub_", "/desk/catalogue/disputes/dsp_");
    let next = |list: &str| format!("/desk/catalogue?list={list}&after=");

    let own = walk(&mut police, "/desk/catalogue", (submission, &next("own")), dispute).await;
    assert_eq!(own.len(), MANY + 1);
    assert!(own.iter().is_sorted_by(|a, b| a > b), "newest first");
    let disputes = walk(&mut police, "/desk/catalogue", (dispute, &next("disputes")), submission).await;
    assert_eq!(disputes.len(), MANY + 1);
    let waiting = walk(&mut keeper, "/desk/catalogue?list=waiting", (submission, &next("waiting")), dispute).await;
    assert!(waiting.len() > MANY && waiting.iter().is_sorted(), "oldest first: {}", waiting.len());
    let open = walk(&mut keeper, "/desk/catalogue?list=open", (dispute, &next("open")), submission).await;
    assert_eq!(open.len(), MANY + 1);
    // What somebody types in place of a line is only a place in the list.
    for after in ["", "x", "%27", ".", "2026-12-04", "zzz.zzz"] {
        keeper.get(&format!("/desk/catalogue?list=open&after={after}")).await.assert_ok();
    }
    keeper.get("/desk/catalogue?list=nothing").await.assert_ok();
}

#[tokio::test]
async fn corrections_go_on_after_a_page_for_the_office_and_for_who_asked() {
    let app = TestApp::new().await;
    catalogued(&app).await;
    let id = &[("id", "'cor_00#zz'"), ("subject", "'#'")];
    copy(&app, "registry_correction", id).await;
    let (mut police, mut resident) = (app.sign_in("own-clerk").await, app.sign_in("resident").await);
    let line = "/inbox/corrections/cor_";
    let open = walk(&mut police, "/inbox/corrections", (line, "/inbox/corrections?list=open&after="), "").await;
    assert_eq!(open.len(), MANY + 1);

    // Answered, they leave the office's list of what is to do, and are found as answered, by their ending too.
    for (state, which) in [("corrected", "%0zz"), ("declined", "%5zz")] {
        let sql = format!(
            "UPDATE registry_correction SET state = '{state}', answered_at = asked_at + 1, answered_by = 'x',
             answered_name = 'x', answer = 'x', told = 0 WHERE id LIKE '{which}'"
        );
        let grant = Ctx::system(app.platform(), "tests.answer").allow(Action::PackLoad, &On::PUBLIC).unwrap();
        let write = move |tx: &mut platform::db::Tx<'_>| {
            tx.exec(&sql, &[])?;
            tx.audited(platform::audit::Entry { event: "test.answered", ..Default::default() }, ())
        };
        app.platform().db().write(grant, write).await.unwrap();
    }
    let open = walk(&mut police, "/inbox/corrections", (line, "/inbox/corrections?list=open&after="), "").await;
    assert_eq!(open.len(), MANY + 1 - 2 * (MANY / 10));
    for (list, wanted) in [("corrected", MANY / 10), ("declined", MANY / 10), ("answered", 2 * (MANY / 10))] {
        let (at, next) = (format!("/inbox/corrections?list={list}"), format!("/inbox/corrections?list={list}&after="));
        let found = walk(&mut police, &at, (line, &next), "").await;
        assert!(found.len() == wanted && found.iter().all(|one| !open.contains(one)), "{list}: {}", found.len());
        assert!(found.iter().is_sorted_by(|a, b| a > b), "the latest first");
        app.sign_in("foreign-clerk").await.get(&at).await.assert_ok().assert_says("registry-desk-none");
    }

    let (mut asked, mut at) = (0, "/my/corrections".to_owned());
    loop {
        let page = resident.get(&at).await;
        asked += page.elements().iter().filter(|e| e.attribute("id").is_some_and(|id| id.starts_with("cor_"))).count();
        match page.links("/my/corrections?list=asked&after=").first() {
            Some(next) => at.clone_from(next),
            None => break,
        }
    }
    assert_eq!(asked, MANY + 1);
}

#[tokio::test]
async fn answered_questions_go_on_after_a_page() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    tests::givens::apply(&mut resident, &tests::givens::SENIOR_CARD).await;
    let ask = resident.get("/my/trail").await.links("/my/trail/").into_iter().find(|link| link.ends_with("/question"));
    resident.fill(&ask.unwrap(), &[("words", "为什么要看我的户籍地址？")]).await.assert_status(303);
    let mut clerk = app.sign_in("card-clerk").await;
    let question = clerk.get("/inbox/questions").await.links("/inbox/questions/tqn_")[0].clone();
    clerk.fill(&question, &[("words", "办法第六条要求核对户籍。")]).await.assert_status(303);
    // All answered in the same instant: the order of the identifiers decides.
    copy(&app, "exchange_trail", &[("id", "'trl_00#zz'")]).await;
    copy(&app, "exchange_question", &[("id", "'tqn_00#zz'"), ("trail", "'trl_00#zz'")]).await;
    let next = "/inbox/questions?view=answered&after=";
    let lines = walk(&mut clerk, "/inbox/questions?view=answered", ("/inbox/questions/tqn_", next), "").await;
    assert_eq!(lines.len(), MANY + 1);
    app.run_jobs().await;
}
