//! The list of requests: ours, those asked of us, the escalated ones; the due first where there is something to do.
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::clock::iso_date;
use platform::db::Tx;
use platform::page::{self, Shell};
use platform::policy::Action;
use platform::posted::Query;
use platform::{Ctx, Result};

use super::labels::{Chip, Labels};
use super::readers::{offices, readers};
use crate::Exchange;
use crate::model::request::Request;
use crate::store::Readers;
use crate::store::requests::{List, list_requests};

const ON_A_PAGE: usize = 50;

/// What of the list is shown; the name stands in the address, the key is its title.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    ToAnswer,
    Ours,
    Answered,
    Escalated,
    All,
}

const VIEWS: [(View, &str, &str); 5] = [
    (View::ToAnswer, "to-answer", "exchange-requests-to-answer"),
    (View::Ours, "ours", "exchange-requests-ours"),
    (View::Answered, "asked-of-us", "exchange-requests-asked-of-us"),
    (View::Escalated, "escalated", "exchange-requests-escalated"),
    (View::All, "all", "exchange-requests-all"),
];

impl View {
    fn is_for(self, readers: &Readers) -> bool {
        match (self, readers) {
            (Self::All | Self::Escalated, Readers::Everybody) => true,
            (_, Readers::Everybody) => false,
            (Self::Escalated, Readers::Offices { oversee, .. }) => *oversee,
            (Self::All, Readers::Offices { .. }) => false,
            _ => true,
        }
    }

    fn lists<'a>(self, readers: &'a Readers) -> Vec<List<'a>> {
        let offices: &'a [String] = match readers {
            Readers::Everybody => &[],
            Readers::Offices { offices, .. } => offices,
        };
        let each = |list: fn(&'a str) -> List<'a>| offices.iter().map(|office| list(office)).collect();
        match self {
            Self::ToAnswer => each(List::ToAnswer),
            Self::Ours => each(List::AskedBy),
            Self::Answered => each(List::AskedOf),
            Self::Escalated => vec![List::Escalated],
            Self::All => vec![List::All],
        }
    }
}

pub struct Line {
    href: String,
    resource: String,
    consumer: String,
    provider: String,
    purpose: String,
    asked: String,
    due: String,
    late: bool,
    open: bool,
    state: &'static str,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "requests.html")]
struct RequestsPage {
    s: Shell,
    chips: Vec<Chip>,
    title: &'static str,
    lines: Vec<Line>,
    may_ask: bool,
    more: String,
}

pub async fn list(State(exchange): State<Exchange>, ctx: Ctx, query: Query) -> Result<Response> {
    let (readers, grant) = readers(&exchange, &ctx)?;
    let allowed: Vec<_> = VIEWS.into_iter().filter(|(view, ..)| view.is_for(&readers)).collect();
    let chosen = allowed.iter().find(|(_, name, _)| *name == query.get("view")).or(allowed.first());
    let (view, name, title) = chosen.copied().unwrap_or(VIEWS[0]);
    let place = query.get("after").split_once('.').unwrap_or(("", query.get("after")));
    let (due, id) = (place.0.to_owned(), place.1.to_owned());
    let within = readers.clone();
    let read = move |tx: &mut Tx<'_>| {
        let mut all = Vec::new();
        for list in view.lists(&within) {
            all.extend(list_requests(tx, list, (&due, &id), ON_A_PAGE as u32 + 1)?);
        }
        Ok(all)
    };
    let found = ctx.db().read(grant, read).await?;
    let (requests, more) = cut(found, view, name);
    let s = Shell::new(&ctx);
    let labels = Labels { exchange: &exchange, ctx: &ctx, s: &s };
    let lines = requests.iter().map(|request| line(&labels, request)).collect();
    let chips = allowed.iter().map(|(_, of, key)| Chip {
        href: format!("/exchange/requests?view={of}"),
        key,
        current: *of == name,
    });
    let (chips, may_ask) = (chips.collect(), !offices(&ctx, Action::GrantAsk).is_empty());
    page::html(&RequestsPage { chips, title, lines, may_ask, more, s })
}

/// One page of the lists together, and where the next begins.
fn cut(mut all: Vec<Request>, view: View, name: &str) -> (Vec<Request>, String) {
    let by_due = matches!(view, View::ToAnswer | View::Escalated);
    if by_due {
        all.sort_by(|a, b| (a.due, &a.id).cmp(&(b.due, &b.id)));
    } else {
        all.sort_by(|a, b| b.id.cmp(&a.id));
    }
    all.dedup_by(|a, b| a.id == b.id);
    let more = page::cut(&mut all, ON_A_PAGE).map(|last| {
        let place = if by_due { format!("{}.{}", iso_date(last.due), last.id) } else { last.id.clone() };
        format!("/exchange/requests?view={name}&after={place}")
    });
    (all, more.unwrap_or_default())
}

/// Text key and tone of a request's state.
pub fn state_of(request: &Request) -> (&'static str, &'static str) {
    use crate::model::step::RequestState;
    match request.state {
        RequestState::Asked => ("exchange-request-asked", "info"),
        RequestState::Granted => ("exchange-request-granted", "ok"),
        RequestState::Refused => ("exchange-request-refused", "err"),
        RequestState::Withdrawn => ("exchange-request-withdrawn", ""),
    }
}

fn line(labels: &Labels<'_>, request: &Request) -> Line {
    let (state, tone) = state_of(request);
    Line {
        href: format!("/exchange/requests/{}", request.id),
        resource: labels.resource(&request.resource),
        consumer: labels.office(&request.consumer),
        provider: labels.office(&request.provider),
        purpose: labels.purpose(&request.purpose),
        asked: labels.day(request.asked_at),
        due: labels.s.day(&request.due),
        late: request.is_late(labels.ctx.today()),
        open: request.is_open(),
        state,
        tone,
    }
}
