//! Pages: the catalogue for everybody, the catalogue's desk for officials, corrections for both.
mod browse;
mod corrections;
mod desk;
mod dispute;
mod export;
mod inbox;
mod labels;
mod late;
mod lists;
mod own;
mod resource;
mod submit;

use platform::form::ErrorLine;
use platform::policy::{Action, Grant, On};
use platform::routes::Routes;
use platform::{Ctx, Result};

use crate::Registry;

pub fn routes(registry: &Registry) -> Routes {
    Routes::default()
        .get("/catalogue", Action::CatalogueRead, browse::catalogue)
        .get("/catalogue.csv", Action::CatalogueRead, export::csv)
        .get("/catalogue.json", Action::CatalogueRead, export::json)
        .get("/catalogue/{key}", Action::CatalogueRead, resource::resource)
        .get("/desk/catalogue", Action::CatalogueDesk, desk::desk)
        .get("/desk/catalogue/new", Action::CatalogueSubmit, submit::form)
        .post("/desk/catalogue/new", Action::CatalogueSubmit, submit::submit)
        .get("/desk/catalogue/late", Action::CatalogueDesk, late::late)
        .post("/desk/catalogue/delivered/{key}", Action::CatalogueSubmit, late::delivered)
        .get("/desk/catalogue/submissions/{id}", Action::CatalogueDesk, desk::submission)
        .post("/desk/catalogue/submissions/{id}/publish", Action::CatalogueApprove, desk::publish)
        .post("/desk/catalogue/submissions/{id}/refuse", Action::CatalogueApprove, desk::refuse)
        .get("/desk/catalogue/disputes/{id}", Action::CatalogueDesk, dispute::dispute)
        .post("/desk/catalogue/disputes/{id}/reply", Action::CatalogueSubmit, dispute::reply)
        .post("/desk/catalogue/disputes/{id}/decide", Action::CatalogueApprove, dispute::decide)
        .get("/my/corrections", Action::CorrectionAsk, corrections::mine)
        .get("/my/corrections/new", Action::CorrectionAsk, corrections::form_own)
        .post("/my/corrections/new", Action::CorrectionAsk, corrections::ask_own)
        .get("/inbox/corrections", Action::CorrectionAnswer, inbox::list)
        .get("/inbox/corrections/new", Action::CorrectionAsk, corrections::form_office)
        .post("/inbox/corrections/new", Action::CorrectionAsk, corrections::ask_office)
        .get("/inbox/corrections/{id}", Action::CorrectionAnswer, inbox::correction)
        .post("/inbox/corrections/{id}", Action::CorrectionAnswer, inbox::answer)
        .with_state(registry.clone())
}

/// A page that stands right below the front page.
pub(crate) const NO_LINKS: [(&str, &str); 0] = [];

/// Lines of a list on one page.
const ON_A_PAGE: u32 = 50;

/// The message that stands beside a field; empty when it has none.
fn beside(errors: &[ErrorLine], target: &str) -> String {
    errors.iter().find(|line| line.target == target).map_or(String::new(), |line| line.text.clone())
}

/// Offices in which the official may do this, and the grant that says so.
fn offices(ctx: &Ctx, action: Action) -> Result<(Vec<String>, Grant)> {
    let all = ctx.actor.offices();
    let grant = ctx.allow(action, &On::at(&all))?;
    let may = |office: &&str| ctx.allow(action, &On::at(&[office])).is_ok();
    Ok((all.iter().copied().filter(may).map(str::to_owned).collect(), grant))
}

fn data_office(registry: &Registry) -> &str {
    &registry.platform().config().registry.data_office
}

fn office_name(registry: &Registry, ctx: &Ctx, key: &str) -> String {
    ctx.text(&registry.organisations().name(key)).to_owned()
}

/// A value of a query.
fn value<'q>(query: &'q [(String, String)], name: &str) -> &'q str {
    query.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

fn resource_name(registry: &Registry, ctx: &Ctx, key: &str) -> String {
    registry.catalogue().get(key).map_or_else(|| key.to_owned(), |entry| ctx.text(&entry.name).to_owned())
}

fn field_name(registry: &Registry, ctx: &Ctx, (resource, field): (&str, &str)) -> String {
    let entry = registry.catalogue().get(resource).and_then(|entry| entry.field(field));
    entry.map_or_else(|| field.to_owned(), |entry| ctx.text(&entry.name).to_owned())
}
