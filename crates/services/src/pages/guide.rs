//! The guide of an item: the whole implementation list (services facts §2), what matters first.
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use codes::CodeSet;
use platform::Ctx;
use platform::error::Result;
use platform::i18n::Text;
use platform::page::{self, Shell};

use super::hall::{limit_text, visits_text};
use super::listing;
use crate::Hall;
use crate::catalogue::LoadedItem;
use crate::evidence;
use crate::item::guide::Contact;
use crate::item::material::{Material, MaterialSource, Necessity};
use crate::item::{Citation, Item, Limit};

/// A line of the table of materials.
struct MaterialLine {
    name: String,
    requirement: String,
    /// Taken from a register: nothing to hand in.
    waived: Option<Waived>,
    optional: bool,
    conditional: bool,
    basis: String,
    /// Everything else that the list says of it.
    facts: Vec<(String, String)>,
}

/// The register that stands for a paper.
struct Waived {
    register: String,
    provider: String,
    /// Where the register cannot say, the form asks for the paper.
    may_be_asked: bool,
}

#[derive(Template)]
#[template(path = "guide.html")]
struct GuidePage {
    s: Shell,
    loaded: Arc<LoadedItem>,
    office: String,
    promised: String,
    legal: String,
    visits: String,
    materials: Vec<MaterialLine>,
    nothing_to_bring: bool,
    offices: Vec<String>,
    steps: Vec<(String, String, String)>,
    rows: Vec<(String, String)>,
}

impl MaterialLine {
    /// Never handed in.
    fn is_spared(&self) -> bool {
        self.waived.as_ref().is_some_and(|waived| !waived.may_be_asked)
    }
}

impl GuidePage {
    /// Papers that registers stand for.
    fn waived(&self) -> Vec<(&str, &Waived)> {
        let lines = self.materials.iter();
        lines.filter_map(|line| line.waived.as_ref().map(|waived| (line.name.as_str(), waived))).collect()
    }

    fn may_be_asked(&self) -> bool {
        self.waived().iter().any(|(_, waived)| waived.may_be_asked)
    }

    /// Papers that are still to be given.
    fn remaining(&self) -> Vec<&MaterialLine> {
        self.materials.iter().filter(|line| line.waived.is_none()).collect()
    }

    fn item(&self) -> &Item {
        &self.loaded.item
    }

    fn name(&self) -> &str {
        self.s.x(self.item().shown_name())
    }

    fn contacts(&self) -> [(&str, &Contact); 2] {
        let help = &self.item().help;
        [("services-guide-consult", &help.consult), ("services-guide-complain", &help.complain)]
    }

    fn limit(&self, limit: &Limit) -> String {
        self.s.tf(limit.text_key(), &[("number", &limit.number.to_string())])
    }

    /// A citation as people quote it.
    fn cite(&self, citation: &Citation) -> String {
        cite(&self.s, citation)
    }
}

/// `《…办法》（…令第78号）第二条`
pub fn cite(s: &Shell, citation: &Citation) -> String {
    let key = match (&citation.number, &citation.article) {
        (None, None) => "services-cite",
        (Some(_), None) => "services-cite-number",
        (None, Some(_)) => "services-cite-article",
        (Some(_), Some(_)) => "services-cite-number-article",
    };
    let part = |text: &'_ Option<Text>| text.as_ref().map_or(String::new(), |text| s.x(text).to_owned());
    let (number, article) = (part(&citation.number), part(&citation.article));
    s.tf(key, &[("law", s.x(&citation.law)), ("number", &number), ("article", &article)])
}

pub async fn guide(State(hall): State<Hall>, ctx: Ctx, Path(key): Path<String>) -> Result<Response> {
    let loaded = hall.current(&key)?;
    let organisations = hall.organisations();
    let name = |key: &str| organisations.find(key).map_or_else(|| key.to_owned(), |org| ctx.text(&org.name).to_owned());
    let item = &loaded.item;
    let materials: Vec<MaterialLine> =
        item.materials.iter().map(|material| material_line(&hall, &ctx, (&loaded, material))).collect();
    let steps = item.doing.steps.iter().map(|step| {
        (ctx.text(&step.name).to_owned(), ctx.text(&step.office).to_owned(), limit_text(&ctx, &step.limit))
    });
    page::html(&GuidePage {
        office: name(&item.who.body),
        promised: limit_text(&ctx, &item.time.promised),
        legal: limit_text(&ctx, &item.time.legal),
        visits: visits_text(&ctx, item.doing.visits),
        nothing_to_bring: materials.iter().all(|m| m.is_spared() || m.optional),
        materials,
        offices: item.who.joint.iter().map(|key| name(key)).collect(),
        steps: steps.collect(),
        rows: rows(&ctx, &loaded),
        s: Shell::new(&ctx),
        loaded: Arc::clone(&loaded),
    })
}

fn material_line(hall: &Hall, ctx: &Ctx, (loaded, material): (&LoadedItem, &Material)) -> MaterialLine {
    let standard = material.standard.as_ref().or(material.source_note.as_ref());
    MaterialLine {
        name: ctx.text(&material.name).to_owned(),
        requirement: standard.map_or(String::new(), |text| ctx.text(text).to_owned()),
        waived: waived(hall, ctx, (loaded, material)),
        optional: material.necessity == Necessity::NotNecessary,
        conditional: material.necessity == Necessity::Conditional,
        basis: ctx.text(&material.basis).to_owned(),
        facts: listing::material(ctx, material),
    }
}

/// By the requirement → evidence map, else by the item's own document.
fn waived(hall: &Hall, ctx: &Ctx, (loaded, material): (&LoadedItem, &Material)) -> Option<Waived> {
    let proof = loaded.proven.iter().find(|proof| proof.material == material.key);
    let own = material.exempt_by.as_ref().and_then(|exemption| exemption.resource.as_deref());
    let own = own.filter(|_| material.source == Some(MaterialSource::Government));
    let resource = proof.map(|proof| proof.resource.as_str()).or(own)?;
    let register = evidence::register(hall, resource);
    Some(Waived {
        register: ctx.text(&register.name).to_owned(),
        provider: ctx.text(&register.provider).to_owned(),
        may_be_asked: proof.is_some_and(|proof| proof.field.is_some()),
    })
}

/// The rest of the list: codes, kinds and channels, as label and value.
fn rows(ctx: &Ctx, loaded: &LoadedItem) -> Vec<(String, String)> {
    let item = &loaded.item;
    let yes_no = |flag: bool| ctx.t(if flag { "services-yes" } else { "services-no" }).to_owned();
    let comma = &*ctx.tf("services-list-comma", &[]);
    let served: Vec<&str> = item.object.served.iter().map(|object| ctx.t(object.key())).collect();
    let forms: Vec<&str> = item.doing.forms.iter().map(|form| ctx.t(form.key())).collect();
    let result = item.result.name.as_ref().map_or("–", |name| ctx.text(name)).to_owned();
    let validity = item.result.validity.as_ref().map_or("–", |text| ctx.text(text)).to_owned();
    let pairs = [
        ("services-guide-code", loaded.implementation_code.clone()),
        ("services-guide-basic-code", item.identity.basic_code.clone()),
        ("services-guide-kind", ctx.t(item.identity.kind.key()).to_owned()),
        ("services-guide-case-type", ctx.t(item.time.case_type.key()).to_owned()),
        ("services-guide-served", served.join(comma)),
        ("services-guide-forms", forms.join(comma)),
        ("services-guide-responsible", ctx.text(&item.who.responsible_office).to_owned()),
        ("services-guide-authority", ctx.text(&item.who.division_of_authority).to_owned()),
        ("services-guide-exercised", ctx.text(&item.who.exercised_content).to_owned()),
        ("services-guide-result", result),
        ("services-guide-validity", validity),
        ("services-guide-appointment", yes_no(item.doing.appointment.is_some())),
        ("services-guide-courier-in", yes_no(item.doing.courier_in)),
        ("services-guide-courier-out", yes_no(item.doing.courier_out)),
        ("services-guide-self-service", yes_no(item.doing.self_service)),
        ("services-guide-cross-region", yes_no(item.doing.cross_region.is_some())),
        ("services-guide-online-payment", yes_no(item.fee.online_payment)),
    ];
    let pairs = pairs.into_iter().map(|(key, value)| (ctx.t(key).to_owned(), value));
    pairs.chain(listing::rows(ctx, loaded)).collect()
}
