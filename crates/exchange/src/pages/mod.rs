//! What the subject sees of looks at its data, and what an office answers; requests and grants; who may see what.
mod act;
mod ask;
mod form;
mod grant;
mod grant_acts;
mod grants;
mod hidden;
mod labels;
mod matters;
mod questions;
pub(crate) mod readers;
mod request;
mod requests;
mod trail;
pub(crate) mod view;
mod who;

use platform::policy::Action;
use platform::routes::Routes;

use crate::Exchange;

/// A page that stands right below the front page.
pub(crate) const NO_LINKS: [(&str, &str); 0] = [];

pub fn routes(exchange: &Exchange) -> Routes {
    Routes::default()
        .get("/my/trail", Action::TrailRead, trail::trail)
        .get("/my/trail/{id}/question", Action::TrailRead, trail::question)
        .post("/my/trail/{id}/question", Action::TrailQuestion, trail::ask)
        .get("/inbox/questions", Action::TrailAnswer, questions::list)
        .get("/inbox/questions/{id}", Action::TrailAnswer, questions::question)
        .post("/inbox/questions/{id}", Action::TrailAnswer, questions::answer)
        .get("/audit/hidden", Action::AuditRead, hidden::list)
        .get("/exchange/requests", Action::GrantRead, requests::list)
        .get("/exchange/requests/new", Action::GrantAsk, ask::new)
        .post("/exchange/requests/new", Action::GrantAsk, ask::send)
        .get("/exchange/requests/{id}", Action::GrantRead, request::one)
        .post("/exchange/requests/{id}/withdraw", Action::GrantAsk, request::withdraw)
        .post("/exchange/requests/{id}/grant", Action::GrantDecide, request::give)
        .post("/exchange/requests/{id}/refuse", Action::GrantDecide, request::refuse)
        .post("/exchange/requests/{id}/extend", Action::GrantDecide, request::extend)
        .get("/exchange/grants", Action::GrantRead, grants::list)
        .get("/exchange/grants/{id}", Action::GrantRead, grant::one)
        .get("/exchange/grants/{id}/document", Action::GrantRead, grant::document)
        .post("/exchange/grants/{id}/narrow", Action::GrantDecide, grant_acts::narrow)
        .post("/exchange/grants/{id}/revoke", Action::GrantDecide, grant_acts::revoke)
        .post("/exchange/grants/{id}/delegate", Action::GrantDecide, grant_acts::delegate)
        .post("/exchange/grants/{id}/renew", Action::GrantAsk, grant_acts::renew)
        .get("/grants", Action::CatalogueRead, who::list)
        .get("/grants.csv", Action::CatalogueRead, who::csv)
        .get("/grants/keys.json", Action::CatalogueRead, who::keys)
        .with_state(exchange.clone())
}
