//! Asking the registers, through `exchange`, for what an item needs to know: all of it, or what answers now.
use exchange::{Ask, Subject, SubjectKind, Want};
use platform::Ctx;
use platform::error::{Error, Result};
use platform::ids::Id;
use platform::policy::Party;

use crate::Hall;
use crate::catalogue::LoadedItem;
use crate::item::{FactNeed, Subject as Side};
use crate::model::CaseId;
use crate::sources::{self, Silence, Silent};

/// About whom the registers are asked, for which item, and for which case of which office.
pub struct Look<'a> {
    pub loaded: &'a LoadedItem,
    pub party: &'a Party,
    pub case: Option<&'a CaseId>,
    /// The office at which the case lies for the official who looks; None for applicants and jobs.
    pub office: Option<&'a str>,
}

/// What happens when a source is away.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Away {
    /// Nothing is known: `Unavailable`.
    Fails,
    /// What the others say is known, and which is away.
    IsTold,
}

/// Everything that an item may know of a party. `Unavailable` while one source is away: for decisions by rule.
pub async fn fetch(hall: &Hall, ctx: &Ctx, look: &Look<'_>) -> Result<String> {
    Asking { hall, ctx, look, away: Away::Fails, answer: Answer::default() }.all().await
}

/// What the sources say that answer now; those that are away are named. For people, who go on meanwhile.
pub async fn fetch_present(hall: &Hall, ctx: &Ctx, look: &Look<'_>) -> Result<String> {
    Asking { hall, ctx, look, away: Away::IsTold, answer: Answer::default() }.all().await
}

#[derive(Default)]
struct Answer {
    found: exchange::Facts,
    silent: Silent,
}

struct Asking<'a> {
    hall: &'a Hall,
    ctx: &'a Ctx,
    look: &'a Look<'a>,
    away: Away,
    answer: Answer,
}

impl Asking<'_> {
    async fn all(mut self) -> Result<String> {
        let loaded = self.look.loaded;
        if loaded.item.facts.is_empty() {
            return Ok("{}".into());
        }
        for side in [Side::Applicant, Side::Enterprise] {
            let all = wants(&loaded.item.facts, side);
            let Some(subject) = self.subject(side).filter(|_| !all.is_empty()) else { continue };
            match self.ask(&subject, side, all).await {
                // No grant for what would spare a paper: then the paper is asked for, as before.
                Err(Error::Denied(_)) if loaded.own_facts().len() < loaded.item.facts.len() => {
                    let own = wants(loaded.own_facts(), side);
                    if !own.is_empty() {
                        self.ask(&subject, side, own).await?;
                    }
                }
                other => other?,
            }
        }
        sources::store_facts(&self.answer.found, &self.answer.silent, self.ctx.today())
    }

    async fn ask(&mut self, subject: &Subject, side: Side, wants: Vec<Want>) -> Result<()> {
        match self.once(subject, side, wants.clone()).await {
            Err(Error::Unavailable(_)) if self.away == Away::IsTold => self.each(subject, side, wants).await,
            other => other,
        }
    }

    /// One source after another, as all of them together failed.
    async fn each(&mut self, subject: &Subject, side: Side, wants: Vec<Want>) -> Result<()> {
        let is_here = |resource: &str| self.hall.exchange().is_here(resource);
        if let [only] = wants.as_slice()
            && !is_here(&only.resource)
        {
            self.answer.silent.insert(only.resource.clone(), Silence::Away);
            return Ok(());
        }
        for want in wants {
            let resource = want.resource.clone();
            match self.once(subject, side, vec![want]).await {
                // Our own register is not away: then we are, and say so.
                Err(Error::Unavailable(_)) if !is_here(&resource) => {
                    self.answer.silent.insert(resource, Silence::Away);
                }
                other => other?,
            }
        }
        Ok(())
    }

    async fn once(&mut self, subject: &Subject, side: Side, wants: Vec<Want>) -> Result<()> {
        let Look { loaded, case, office, .. } = *self.look;
        let item = &loaded.item;
        let need = item.facts.iter().find(|need| need.subject == side);
        let ask = Ask {
            purpose: item.key.clone(),
            basis: need.map_or(String::new(), |need| exchange::basis_text(&need.basis)),
            item: Some(item.key.clone()),
            case: case.map(|id| id.as_str().to_owned()),
            consumer: item.who.body.clone(),
            subject: subject.clone(),
            wants,
            offices: office.map(str::to_owned).into_iter().collect(),
        };
        let answer = self.hall.exchange().fetch(self.ctx, ask).await?;
        self.answer.found.facts.extend(answer.facts);
        self.answer.silent.extend(answer.missing.into_iter().map(|resource| (resource, Silence::Nothing)));
        Ok(())
    }

    /// Whom a side of the application means: the person who applies, or the enterprise that is applied for.
    fn subject(&self, side: Side) -> Option<Subject> {
        let Look { party, case, .. } = *self.look;
        let is_enterprise = party.id.starts_with("ent_");
        let (number, owner) = (party.subject.clone(), party.id.clone());
        match side {
            Side::Enterprise if is_enterprise => Some(Subject { kind: SubjectKind::Enterprise, number, owner }),
            // The person behind an enterprise's application is asked about only while that person is signed in.
            Side::Applicant if is_enterprise => {
                let own = case.is_none().then(|| self.ctx.actor.subject.clone()).filter(|number| !number.is_empty());
                own.map(|number| Subject { kind: SubjectKind::Person, number, owner })
            }
            Side::Applicant => Some(Subject { kind: SubjectKind::Person, number, owner }),
            Side::Enterprise => None,
        }
    }
}

fn wants(needs: &[FactNeed], side: Side) -> Vec<Want> {
    let mut wants: Vec<Want> = Vec::new();
    for need in needs.iter().filter(|need| need.subject == side) {
        match wants.iter_mut().find(|want| want.resource == need.resource) {
            Some(want) => want.fields.push(need.field.clone()),
            None => wants.push(Want { resource: need.resource.clone(), fields: vec![need.field.clone()] }),
        }
    }
    wants
}
