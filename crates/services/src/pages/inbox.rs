//! The officer's inbox: mine, my offices', due soon, overdue; by due date, page by page.
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::Ctx;
use platform::clock::Timestamp;
use platform::db::Tx;
use platform::error::{Error, Result};
use platform::ids::Id;
use platform::mask;
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::Query;

use crate::Hall;
use crate::item::Unit;
use crate::model::{Task, due_after};
use crate::store::tasks::{InboxLine, Pile, Span, count_inbox, list_inbox};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Mine,
    Office,
    Soon,
    Late,
}

impl View {
    const ALL: [Self; 4] = [Self::Mine, Self::Office, Self::Soon, Self::Late];

    /// In the address and in keys. // keys: services-inbox-view-*
    fn name(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Office => "office",
            Self::Soon => "soon",
            Self::Late => "late",
        }
    }
}

struct ViewLink {
    href: String,
    title: String,
    count: String,
    current: bool,
    late: bool,
}

/// A task in the list.
struct Line {
    href: String,
    title: String,
    number: String,
    /// Masked: a list leaves no line in the trail of the people in it.
    who: String,
    step: String,
    office: String,
    received: String,
    due: String,
    tone: &'static str,
    limit: String,
    row: &'static str,
}

#[derive(Template)]
#[template(path = "inbox.html")]
struct InboxPage {
    s: Shell,
    offices: String,
    views: Vec<ViewLink>,
    title: String,
    lines: Vec<Line>,
    first: String,
    next: String,
}

const ON_A_PAGE: u32 = 25;
/// Later than any due date.
const END: Timestamp = Timestamp(i64::MAX);

/// The stretch of due dates of a view.
fn stretch(view: View, now: Timestamp, soon: Timestamp) -> (Timestamp, Timestamp) {
    match view {
        View::Mine | View::Office => (Timestamp(0), END),
        // What is due at the very end of the last such day is still of it.
        View::Soon => (now, soon.plus(1)),
        View::Late => (Timestamp(0), now),
    }
}

/// What is asked for: view and where the last page ended.
struct Asked {
    view: View,
    after: Option<(Timestamp, String)>,
}

fn asked(query: &Query) -> Asked {
    let view = View::ALL.into_iter().find(|view| view.name() == query.get("view")).unwrap_or(View::Office);
    let after =
        query.get("after").split_once('-').and_then(|(due, id)| Some((Timestamp(due.parse().ok()?), id.to_owned())));
    Asked { view, after }
}

pub async fn inbox(State(hall): State<Hall>, ctx: Ctx, query: Query) -> Result<Response> {
    let asked = asked(&query);
    let offices = super::desk_offices(&ctx);
    let of: Vec<&str> = offices.iter().map(String::as_str).collect();
    let grant = ctx.allow(Action::InboxRead, &On::at(&of))?;
    let (now, me) = (ctx.now(), ctx.actor.id.clone());
    let soon = due_after(&hall.deadlines(), now, ctx.platform().config().hall.soon_days, Unit::WorkingDay);
    let (view, after) = (asked.view, asked.after.clone());
    let offices_of = offices.clone();
    let read = move |tx: &mut Tx<'_>| {
        let desk = Desk { offices: &offices_of, me: &me, now, soon };
        Ok((desk.counts(tx)?, desk.lines(tx, view, after)?))
    };
    let (counts, mut lines) = ctx.db().read(grant, read).await?;
    let at = |line: &InboxLine| {
        format!("/inbox?view={}&after={}-{}", view.name(), line.task.due_at.0, line.task.id.as_str())
    };
    let next = page::cut(&mut lines, ON_A_PAGE as usize).map(at).unwrap_or_default();
    page::html(&InboxPage {
        offices: office_names(&hall, &ctx, &offices),
        views: View::ALL.into_iter().zip(counts).map(|(v, count)| view_link(&ctx, v, count, view)).collect(),
        title: ctx.t(&format!("services-inbox-view-{}", view.name())).to_owned(),
        lines: lines.iter().map(|line| shown(&hall, &ctx, line)).collect::<Result<_>>()?,
        first: asked.after.map_or(String::new(), |_| format!("/inbox?view={}", view.name())),
        next,
        s: Shell::new(&ctx),
    })
}

fn office_names(hall: &Hall, ctx: &Ctx, offices: &[String]) -> String {
    let organisations = hall.organisations();
    let names: Vec<&str> =
        offices.iter().filter_map(|key| organisations.find(key)).map(|org| ctx.text(&org.name)).collect();
    names.join(&ctx.tf("services-list-comma", &[]))
}

fn view_link(ctx: &Ctx, view: View, count: i64, current: View) -> ViewLink {
    ViewLink {
        href: format!("/inbox?view={}", view.name()),
        title: ctx.t(&format!("services-inbox-view-{}", view.name())).to_owned(),
        count: if count >= 99 { "99+".into() } else { count.to_string() },
        current: view == current,
        late: view == View::Late && count > 0,
    }
}

/// Reads for one official.
struct Desk<'a> {
    offices: &'a [String],
    me: &'a str,
    now: Timestamp,
    soon: Timestamp,
}

impl Desk<'_> {
    fn piles(&self, view: View) -> Vec<Pile<'_>> {
        match view {
            View::Mine => vec![Pile::Mine(self.me)],
            _ => self.offices.iter().map(|office| Pile::Office(office)).collect(),
        }
    }

    fn counts(&self, tx: &mut Tx<'_>) -> Result<[i64; 4]> {
        let mut counts = [0; 4];
        for (count, view) in counts.iter_mut().zip(View::ALL) {
            let (from, until) = stretch(view, self.now, self.soon);
            for pile in self.piles(view) {
                *count += count_inbox(tx, pile, from, until)?;
            }
        }
        Ok(counts)
    }

    /// Lines of all offices together, by due date.
    fn lines(&self, tx: &mut Tx<'_>, view: View, after: Option<(Timestamp, String)>) -> Result<Vec<InboxLine>> {
        let (from, until) = stretch(view, self.now, self.soon);
        let (from, after_id) = after.map_or((from, String::new()), |(due, id)| (due.max(from), id));
        let span = Span { from, until, after_id: &after_id, limit: ON_A_PAGE + 1 };
        let mut lines = Vec::new();
        for pile in self.piles(view) {
            lines.extend(list_inbox(tx, pile, &span)?);
        }
        lines.sort_by(|a, b| (a.task.due_at, &a.task.id).cmp(&(b.task.due_at, &b.task.id)));
        lines.truncate(ON_A_PAGE as usize + 1);
        Ok(lines)
    }
}

/// How a due date stands: tone of the tag and its words.
pub fn limit_tag(hall: &Hall, ctx: &Ctx, due: Timestamp) -> (&'static str, String) {
    let deadlines = hall.deadlines();
    let now = ctx.now();
    if due < now {
        let days = deadlines.days_left(due, now).max(1).to_string();
        return ("full", ctx.tf("services-overdue-days", &[("days", &days)]));
    }
    match deadlines.days_left(now, due) {
        0 => ("err", ctx.t("services-due-today").to_owned()),
        days if days <= i64::from(ctx.platform().config().hall.soon_days) => {
            ("warn", ctx.tf("services-days-left", &[("days", &days.to_string())]))
        }
        days => ("", ctx.tf("services-days-left", &[("days", &days.to_string())])),
    }
}

/// The step in words: the task's kind, or the review's own name.
pub fn step(hall: &Hall, ctx: &Ctx, (key, version): (&str, u32), task: &Task) -> Result<String> {
    let loaded = hall.items().frozen(key, version)?;
    let review = loaded.item.handling.reviews.iter().find(|review| Some(&review.key) == task.review.as_ref());
    Ok(review.map_or_else(|| ctx.t(&task.kind.text_key()).to_owned(), |review| ctx.text(&review.name).to_owned()))
}

fn shown(hall: &Hall, ctx: &Ctx, line: &InboxLine) -> Result<Line> {
    let loaded = hall.items().frozen(&line.item_key, line.item_version)?;
    let organisations = hall.organisations();
    let office = organisations.find(&line.task.office).ok_or(Error::NotFound)?;
    let (tone, limit) = limit_tag(hall, ctx, line.task.due_at);
    let day = |at: Timestamp| page::day(ctx.lang(), at.date(ctx.zone()));
    Ok(Line {
        href: format!("/inbox/tasks/{}", line.task.id.as_str()),
        title: ctx.text(loaded.item.shown_name()).to_owned(),
        number: line.number.clone(),
        who: mask::owner(&line.owner, &line.owner_name),
        step: step(hall, ctx, (&line.item_key, line.item_version), &line.task)?,
        office: ctx.text(&office.short).to_owned(),
        received: day(line.submitted_at),
        due: day(line.task.due_at),
        tone,
        limit,
        row: match tone {
            "full" => "late",
            "err" | "warn" => "soon",
            _ => "",
        },
    })
}
