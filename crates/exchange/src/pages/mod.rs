//! What the subject sees of looks at its data, and what an office answers.
mod questions;
mod trail;
mod view;

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
        .with_state(exchange.clone())
}
