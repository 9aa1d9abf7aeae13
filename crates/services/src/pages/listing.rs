//! The rest of an implementation list (services facts §2), as label and value: for those who want every element.
use codes::CodeSet;
use platform::Ctx;
use platform::clock::iso_date;
use platform::i18n::Text;

use crate::catalogue::LoadedItem;
use crate::item::guide::{CrossMode, Depth, Network, System};
use crate::item::limits::ReviewType;
use crate::item::material::{Material, MaterialForm, MaterialKind, MaterialSource, Necessity};
use crate::item::{Delivery, Item};

type Rows = Vec<(String, String)>;

/// Values that are absent are left out.
struct Listing<'a> {
    ctx: &'a Ctx,
    rows: Rows,
}

impl Listing<'_> {
    fn add(&mut self, label: &str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.rows.push((self.ctx.t(label).to_owned(), value));
        }
    }

    fn word(&mut self, label: &str, key: &str) {
        let value = self.ctx.t(key).to_owned();
        self.add(label, value);
    }

    fn words(&mut self, label: &str, keys: impl Iterator<Item = String>) {
        let words: Vec<String> = keys.map(|key| self.ctx.t(&key).to_owned()).collect();
        self.add(label, words.join(&self.ctx.tf("services-list-comma", &[])));
    }

    fn text(&mut self, label: &str, text: Option<&Text>) {
        self.add(label, text.map_or("", |text| self.ctx.text(text)));
    }

    fn yes_no(&mut self, label: &str, flag: bool) {
        self.word(label, if flag { "services-yes" } else { "services-no" });
    }
}

/// What `guide::rows` does not say: state, version, powers, topics, systems, delivery.
pub fn rows(ctx: &Ctx, loaded: &LoadedItem) -> Rows {
    let item = &loaded.item;
    let mut list = Listing { ctx, rows: Vec::new() };
    identity(&mut list, item);
    powers(&mut list, item);
    doing(&mut list, item);
    list.word("services-guide-result-kind", item.result.kind.key());
    list.words("services-guide-delivery", item.result.delivery.iter().map(|way| delivery(*way).to_owned()));
    list.rows
}

fn identity(list: &mut Listing<'_>, item: &Item) {
    let identity = &item.identity;
    list.word("services-guide-state", identity.state.key());
    list.add("services-guide-version", item.version.to_string());
    list.add("services-guide-effective", iso_date(identity.effective_on));
    list.add("services-guide-cancelled", identity.cancelled_on.map(iso_date).unwrap_or_default());
    list.add("services-guide-local-basic-code", identity.local_basic_code.clone().unwrap_or_default());
    list.add("services-guide-local-code", identity.local_implementation_code.clone().unwrap_or_default());
    list.add("services-guide-handling-item", identity.handling_item.clone().unwrap_or_default());
    let topics = item.object.personal_topics.iter().chain(&item.object.corporate_topics);
    list.words("services-guide-topics", topics.map(|topic| format!("item-topic-{topic}"))); // keys: item-topic-*
    let events = item.object.life_events.iter();
    list.words("services-guide-events", events.map(|event| format!("item-event-{event}")));
}

fn powers(list: &mut Listing<'_>, item: &Item) {
    let who = &item.who;
    list.word("services-guide-body-nature", who.body_nature.key());
    list.word("services-guide-level", who.exercise_level.key());
    list.word("services-guide-power-source", who.power_source.key());
    list.add("services-guide-entrusted", who.entrusted.clone().unwrap_or_default());
}

fn doing(list: &mut Listing<'_>, item: &Item) {
    let doing = &item.doing;
    list.word("services-guide-review-type", review_type(item.time.review_type));
    list.text("services-guide-quantity", doing.quantity_limit.as_ref());
    list.words("services-guide-depth", doing.depth.iter().map(|depth| depth_word(*depth).to_owned()));
    if let Some(cross) = &doing.cross_region {
        list.word("services-guide-cross-range", cross.range.key());
        list.words("services-guide-cross-modes", cross.modes.iter().map(|mode| cross_mode(*mode).to_owned()));
    }
    list.word("services-guide-system", system(doing.runs_in));
    list.word("services-guide-network", network(doing.network));
    list.yes_no("services-guide-single-sign-on", doing.single_sign_on);
    let agents: Vec<&str> = doing.intermediaries.iter().map(|text| list.ctx.text(text)).collect();
    list.add("services-guide-intermediaries", agents.join(&list.ctx.tf("services-list-comma", &[])));
}

/// All that the list says of one material.
pub fn material(ctx: &Ctx, material: &Material) -> Rows {
    let mut list = Listing { ctx, rows: Vec::new() };
    list.word("services-material-necessity", necessity(material.necessity));
    list.word("services-material-kind", kind(material.kind));
    list.word("services-material-form", form(material.form));
    let counts = [("originals", &*material.originals.to_string()), ("copies", &*material.copies.to_string())];
    list.add("services-material-copies", ctx.tf("services-material-counts", &counts));
    list.add("services-material-paper", material.paper_size.clone().unwrap_or_default());
    if let Some(from) = material.source {
        list.word("services-material-source", source(from));
    }
    list.text("services-material-source-note", material.source_note.as_ref());
    list.text("services-material-issuer", material.issuer.as_ref());
    list.text("services-material-standard", material.standard.as_ref());
    list.text("services-material-filling", material.filling.as_ref());
    list.text("services-material-sample", material.sample.as_ref().map(|sample| &sample.title));
    list.yes_no("services-material-gap", material.gap_allowed);
    list.yes_no("services-material-pledge", material.pledge);
    list.text("services-material-remark", material.remark.as_ref());
    list.rows
}

fn review_type(kind: ReviewType) -> &'static str {
    match kind {
        ReviewType::AtOnce => "services-review-type-at-once",
        ReviewType::ReviewThenApprove => "services-review-type-then-approve",
    }
}

fn depth_word(depth: Depth) -> &'static str {
    match depth {
        Depth::Consult => "services-depth-consult",
        Depth::Receive => "services-depth-receive",
        Depth::PreReview => "services-depth-pre-review",
        Depth::Accept => "services-depth-accept",
        Depth::Handle => "services-depth-handle",
        Depth::Feedback => "services-depth-feedback",
        Depth::ECertificate => "services-depth-e-certificate",
        Depth::Whole => "services-depth-whole",
    }
}

fn cross_mode(mode: CrossMode) -> &'static str {
    match mode {
        CrossMode::Online => "services-cross-online",
        CrossMode::ReceiveElsewhere => "services-cross-receive-elsewhere",
        CrossMode::JointlyHandled => "services-cross-jointly-handled",
    }
}

fn system(system: System) -> &'static str {
    match system {
        System::National => "services-system-national",
        System::Province => "services-system-province",
        System::City => "services-system-city",
        System::Department => "services-system-department",
    }
}

fn network(network: Network) -> &'static str {
    match network {
        Network::Internet => "services-network-internet",
        Network::GovernmentExtranet => "services-network-extranet",
        Network::GovernmentIntranet => "services-network-intranet",
    }
}

fn delivery(way: Delivery) -> &'static str {
    match way {
        Delivery::Electronic => "services-delivery-electronic",
        Delivery::Counter => "services-delivery-counter",
        Delivery::Courier => "services-delivery-courier",
    }
}

fn necessity(necessity: Necessity) -> &'static str {
    match necessity {
        Necessity::Necessary => "services-material-necessary",
        Necessity::NotNecessary => "services-material-voluntary",
        Necessity::Conditional => "services-material-conditional",
    }
}

fn kind(kind: MaterialKind) -> &'static str {
    match kind {
        MaterialKind::Original => "services-material-original",
        MaterialKind::Copy => "services-material-copy",
        MaterialKind::Both => "services-material-original-and-copy",
    }
}

fn form(form: MaterialForm) -> &'static str {
    match form {
        MaterialForm::Paper => "services-material-on-paper",
        MaterialForm::Electronic => "services-material-electronic",
        MaterialForm::Both => "services-material-either-form",
    }
}

fn source(source: MaterialSource) -> &'static str {
    match source {
        MaterialSource::Applicant => "services-material-from-applicant",
        MaterialSource::Government => "services-material-from-government",
        MaterialSource::Other => "services-material-from-others",
    }
}
