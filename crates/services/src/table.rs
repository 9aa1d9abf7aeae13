//! An application on the table: what its document asks, what was answered, and what the registers say of it.
use std::sync::Arc;

use platform::error::{Error, Result};

use crate::catalogue::LoadedItem;
use crate::form::{Answers, Evidence, Filling, Prefills};
use crate::item::Facts;
use crate::sources::{self, Places};
use crate::{Hall, evidence};

/// An application on the table: the document, the answers, what the registers say.
pub struct Table {
    pub loaded: Arc<LoadedItem>,
    pub answers: Answers,
    pub facts: Facts,
    pub prefills: Prefills,
    /// Papers that registers stand for, and what nobody could bear out.
    pub evidence: Evidence,
}

impl Table {
    /// With the register values laid into the answers.
    pub fn lay(hall: &Hall, loaded: Arc<LoadedItem>, mut answers: Answers, facts: &str) -> Result<Self> {
        let silent = sources::read_silent(facts)?;
        let facts = sources::read_facts(hall, facts)?;
        let prefills = Prefills::new(&loaded.item.form, &facts);
        prefills.lay_into(&mut answers);
        let evidence = evidence::weigh(hall, &loaded, (&facts, &silent));
        Ok(Self { loaded, answers, facts, prefills, evidence })
    }

    pub fn filling<'a>(&'a self, places: &'a Places<'a>, today: time::Date) -> Filling<'a> {
        Filling {
            form: &self.loaded.item.form,
            answers: &self.answers,
            prefills: &self.prefills,
            evidence: &self.evidence,
            divisions: places,
            since: today,
            today,
        }
    }

    /// For answers that were given and checked from a day on, at the latest today.
    pub fn filling_since<'a>(
        &'a self,
        places: &'a Places<'a>,
        (since, today): (time::Date, time::Date),
    ) -> Filling<'a> {
        Filling { since, ..self.filling(places, today) }
    }

    /// Everything that is wrong, if anything is.
    pub fn check(&self, hall: &Hall, today: time::Date) -> Result<()> {
        let errors = self.filling(&Places(hall), today).validate_all();
        if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
    }
}
