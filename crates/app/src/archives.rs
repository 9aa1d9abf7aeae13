//! The page of the archive: which parts of the message log went into files, and whether the files still hold them.
use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use gateway::archive::look::figures;
use gateway::store_archive::{Figures, Listed, State, list_segments};
use platform::Ctx;
use platform::clock::Timestamp;
use platform::error::Result;
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::parse_urlencoded;
use platform::routes::Routes;

/// Segments of a page.
const ON_A_PAGE: usize = 50;

pub fn routes() -> Routes {
    Routes::default().get("/admin/exchange/archives", Action::OperationRead, show)
}

struct SegmentRow {
    number: i64,
    /// First and last moment of its batches; one day of files that do not say more.
    span: String,
    batches: i64,
    bytes: i64,
    /// Text key and tag of the page.
    state: (&'static str, &'static str),
    checked: String,
    digest: String,
}

#[derive(Template)]
#[template(path = "archives.html")]
struct ArchivesPage {
    s: Shell,
    /// `[gateway] log_days`; 0: nothing is archived.
    days: u32,
    figures: Figures,
    newest: String,
    rows: Vec<SegmentRow>,
    /// Number of the last segment here, when there are more.
    more: Option<i64>,
}

async fn show(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let asked = parse_urlencoded(query.as_deref().unwrap_or_default());
    let before = asked.iter().find(|(name, _)| name == "before").and_then(|(_, value)| value.parse().ok());
    let days = ctx.platform().config().gateway.log_days;
    let grant = ctx.allow(Action::OperationRead, &On::PUBLIC)?;
    let read = ctx.db().read(grant, move |tx| {
        let most = i64::try_from(ON_A_PAGE + 1).unwrap_or(i64::MAX);
        Ok((figures(tx, days)?, list_segments(tx, before.unwrap_or(i64::MAX), most)?))
    });
    let (figures, mut listed) = read.await?;
    let more = page::cut(&mut listed, ON_A_PAGE).map(|last| last.row.number);
    let s = Shell::new(&ctx);
    let rows = listed.iter().map(|listed| row(&s, listed)).collect();
    let newest = figures.newest.map_or_else(String::new, |at| s.moment(&at));
    page::html(&ArchivesPage { days, figures, newest, rows, more, s })
}

fn row(s: &Shell, listed: &Listed) -> SegmentRow {
    let row = &listed.row;
    let day = || row.file.trim_start_matches("messages-").trim_end_matches(".tba").to_owned();
    let span = |(first, last): (Timestamp, Timestamp)| format!("{} – {}", s.moment(&first), s.moment(&last));
    SegmentRow {
        number: row.number,
        span: row.span.map_or_else(day, span),
        batches: row.batches,
        bytes: row.ends - row.begins,
        state: match listed.state {
            State::Unchecked => ("site-archives-unchecked", ""),
            State::Whole => ("site-archives-whole", "ok"),
            State::Altered => ("site-archives-altered", "err"),
            State::Missing => ("site-archives-missing", "err"),
        },
        checked: listed.checked_at.map_or_else(String::new, |at| s.moment(&at)),
        digest: seal::digest::to_hex(&row.digest),
    }
}
