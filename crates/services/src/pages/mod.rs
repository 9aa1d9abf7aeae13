//! What people see of the hall. Each page is a struct beside its handler; its template has the same name.
mod apply;
mod case;
mod compare;
mod desk;
mod guide;
mod hall;
mod inbox;
mod keeping;
mod listing;
mod my;
mod supplement;
mod timeline;

use platform::policy::{Action, On};
use platform::routes::Routes;

use crate::Hall;
use crate::form::Show;
use crate::sources::Places;
use platform::Ctx;
use platform::page::Shell;

pub fn routes(hall: &Hall) -> Routes {
    Routes::default()
        .get("/", Action::HallRead, hall::home)
        .get("/search", Action::HallRead, hall::search)
        .get("/items", Action::HallRead, hall::items)
        .get("/items/{key}", Action::HallRead, guide::guide)
        .get("/items/{key}/start", Action::DraftWrite, apply::start)
        .post("/items/{key}/start", Action::DraftWrite, apply::begin)
        .get("/my", Action::AccountRead, my::my)
        .get("/my/cases", Action::AccountRead, my::cases)
        .get("/my/drafts", Action::AccountRead, my::drafts)
        .get("/my/drafts/{draft}", Action::DraftRead, apply::tasks)
        .post("/my/drafts/{draft}/discard", Action::DraftWrite, apply::discard)
        .get("/my/drafts/{draft}/pages/{page}", Action::DraftRead, apply::page)
        .post("/my/drafts/{draft}/pages/{page}", Action::DraftWrite, apply::save)
        .post("/my/drafts/{draft}/autosave/{page}", Action::DraftWrite, apply::autosave)
        .get("/my/drafts/{draft}/check", Action::DraftRead, apply::check)
        .post("/my/drafts/{draft}/submit", Action::CaseSubmit, apply::submit)
        .get("/my/cases/{case}", Action::CaseRead, case::case)
        .get("/my/cases/{case}/receipt", Action::CaseRead, case::receipt)
        .get("/my/cases/{case}/withdraw", Action::CaseWithdraw, case::withdraw_page)
        .post("/my/cases/{case}/withdraw", Action::CaseWithdraw, case::withdraw)
        .get("/my/cases/{case}/files/{file}", Action::FileRead, case::file)
        .get("/my/cases/{case}/supplement", Action::CaseSupplement, supplement::page)
        .post("/my/cases/{case}/supplement", Action::CaseSupplement, supplement::send)
        .get("/inbox", Action::InboxRead, inbox::inbox)
        .get("/inbox/tasks/{task}", Action::InboxRead, desk::task)
        .get("/inbox/tasks/{task}/files/{file}", Action::FileRead, desk::file)
        .post("/inbox/tasks/{task}/take", Action::InboxRead, desk::take)
        .post("/inbox/tasks/{task}/accept", Action::CaseAccept, desk::accept)
        .post("/inbox/tasks/{task}/turn-away", Action::CaseAccept, desk::turn_away)
        .post("/inbox/tasks/{task}/ask", Action::CaseAsk, desk::ask)
        .post("/inbox/tasks/{task}/review", Action::CaseReview, desk::review)
        .post("/inbox/tasks/{task}/decide", Action::CaseDecide, desk::decide)
        .with_state(hall.clone())
}

/// What stands between home and a page of one's own matter in the breadcrumb.
fn under_my(s: &Shell, href: String, title: &str) -> [(String, String); 2] {
    [("/my".to_owned(), s.t("services-my-title").to_owned()), (href, title.to_owned())]
}

/// The offices at whose desk the official works; an auditor's or an administrator's post opens no task.
fn desk_offices(ctx: &Ctx) -> Vec<String> {
    let offices = ctx.actor.offices().into_iter();
    offices.filter(|office| ctx.allow(Action::InboxRead, &On::at(&[office])).is_ok()).map(str::to_owned).collect()
}

/// Words of the request's language for form values.
fn show<'a>(ctx: &'a Ctx, places: &'a Places<'a>) -> Show<'a> {
    Show { texts: ctx.platform().texts(), lang: ctx.lang(), divisions: places }
}
