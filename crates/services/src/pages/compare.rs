//! What an applicant said beside what the registers say, as the officer compares it.
use std::sync::Arc;

use platform::Ctx;
use platform::error::Result;
use platform::page;
use platform::policy::{Action, On};

use super::desk::{OpenTask, noted};
use super::show;
use crate::Hall;
use crate::asking::{Look, fetch_present};
use crate::deciding::party_of;
use crate::evidence;
use crate::form::{Answers, CaveatKind, SummaryRow};
use crate::sources::{self, Places};
use crate::table::Table;

/// Said and known, side by side.
pub struct Compared {
    pub label: String,
    pub said: String,
    pub known: Option<String>,
    pub source: String,
    pub differs: bool,
    /// Why a paper was not asked for, or was; or why nothing bears the value out.
    pub caveat: Option<String>,
    /// Typed while its register was away, and the register is still away.
    pub is_unverified: bool,
}

/// What the registers say: asked anew while there is something to do here; afterwards, and for items that ask for
/// nothing, what the case holds. Either way the look stands in the
/// trail before the page is shown. A source that is away leaves a gap, never a page that fails.
async fn known_facts(hall: &Hall, ctx: &Ctx, open: &OpenTask) -> Result<String> {
    if open.task.is_open() && !open.loaded.item.facts.is_empty() {
        let (party, case, office) = (party_of(&open.case), Some(&open.case.id), Some(open.task.office.as_str()));
        return fetch_present(hall, ctx, &Look { loaded: &open.loaded, party: &party, case, office }).await;
    }
    let grant = ctx.allow(Action::CaseRead, &On::at(&[&open.task.office]))?;
    hall.exchange().note_look(ctx, grant, noted(open, "case")).await?;
    Ok(open.case.facts.clone())
}

/// A row of the application beside the row that the registers fill in now.
fn beside(ctx: &Ctx, row: SummaryRow, register: Option<&SummaryRow>, source: String) -> Compared {
    let known = register.map(|row| row.value.clone());
    let is_known = known.is_some();
    let kind = row.caveat.as_ref().map(|caveat| caveat.kind);
    // A paper that was given and a record that says the same are no contradiction.
    let is_paper = matches!(kind, Some(CaveatKind::PaperAsAway | CaveatKind::PaperAsNothing));
    Compared {
        label: row.row.map_or_else(|| row.label.clone(), |number| format!("{} {number}", row.label)),
        differs: !is_paper && known.as_ref().is_some_and(|known| *known != row.value),
        is_unverified: !is_known && matches!(kind, Some(CaveatKind::Unverified | CaveatKind::PaperAsAway)),
        said: row.value,
        known,
        source,
        caveat: match (row.caveat, is_known) {
            (Some(caveat), true) if caveat.kind == CaveatKind::Unverified => {
                Some(ctx.t("services-compare-answered-since").to_owned())
            }
            (caveat, _) => caveat.map(|caveat| caveat.text),
        },
    }
}

/// Said and known, field by field.
pub async fn compare(hall: &Hall, ctx: &Ctx, open: &OpenTask) -> Result<Vec<Compared>> {
    let facts = known_facts(hall, ctx, open).await?;
    let said = Table::lay(hall, Arc::clone(&open.loaded), open.case.answers.clone(), &open.case.facts)?;
    let known = Table::lay(hall, Arc::clone(&open.loaded), Answers::default(), &facts)?;
    let places = Places(hall);
    let showing = show(ctx, &places);
    let day = open.case.submitted_at.date(ctx.zone());
    let known_rows = known.filling(&places, day).summary(&showing);
    let find = |path: &str| {
        let rows = known_rows.iter().flat_map(|page| &page.rows);
        rows.into_iter().find(|row| row.path == path && row.answered)
    };
    let mut compared = Vec::new();
    for row in said.filling(&places, day).summary(&showing).into_iter().flat_map(|page| page.rows) {
        let register = find(&row.path);
        let source = register.and_then(|row| row.source.as_ref()).map(|note| {
            let date = page::day(ctx.lang(), note.as_of);
            ctx.tf("shell-source", &[("source", &note.source), ("date", &date)])
        });
        compared.push(beside(ctx, row, register, source.unwrap_or_default()));
    }
    compared.extend(only_known(hall, ctx, open, &known));
    compared.extend(not_answered(hall, ctx, open, &facts)?);
    Ok(compared)
}

/// Facts that no field asks for: the applicant need not have said them.
fn only_known(hall: &Hall, ctx: &Ctx, open: &OpenTask, known: &Table) -> Vec<Compared> {
    let form = &open.loaded.item.form;
    let asked: Vec<&str> =
        form.fields().iter().filter_map(|(_, f)| f.prefill.as_ref()).map(|p| p.from.as_str()).collect();
    let facts = known.facts.0.iter().filter(|(reference, _)| !asked.contains(&reference.as_str()));
    facts
        .map(|(reference, fact)| {
            let (resource, field) = reference.split_once('.').unwrap_or((reference, ""));
            let date = page::day(ctx.lang(), fact.as_of);
            Compared {
                label: sources::field_label(hall, (resource, field), ctx.lang()),
                said: String::new(),
                known: Some(sources::value_text(hall, (resource, field), &fact.value, ctx.lang())),
                source: ctx.tf("shell-source", &[("source", ctx.text(&fact.source)), ("date", &date)]),
                differs: false,
                caveat: None,
                is_unverified: false,
            }
        })
        .collect()
}

/// Facts that no field asks for and whose source is away: what an officer relies on elsewhere is missing here.
fn not_answered(hall: &Hall, ctx: &Ctx, open: &OpenTask, facts: &str) -> Result<Vec<Compared>> {
    let away = sources::away(facts)?;
    let fields = open.loaded.item.form.fields();
    let is_asked = |reference: &str| {
        fields.iter().any(|(_, field)| field.prefill.as_ref().is_some_and(|prefill| prefill.from.as_str() == reference))
    };
    let needs = open.loaded.own_facts().iter().filter(|need| away.contains(&need.resource));
    let missing = needs.filter(|need| !is_asked(need.reference().as_str())).map(|need| {
        let register = evidence::register(hall, &need.resource);
        let named = [("register", ctx.text(&register.name)), ("provider", ctx.text(&register.provider))];
        Compared {
            label: sources::field_label(hall, (&need.resource, &need.field), ctx.lang()),
            said: String::new(),
            known: None,
            source: String::new(),
            differs: false,
            caveat: Some(ctx.tf("form-note-unverified", &named)),
            is_unverified: true,
        }
    });
    Ok(missing.collect())
}
