//! The city written into a database: documents, people, registers, grants, past cases; the same on both databases.
use platform::documents::{self, Document};
use platform::error::{Error, Result};
use platform::policy::{Action, Grant, On};
use platform::{Ctx, Platform};
use registry::SeedRow;
use time::Date;

use super::city::{City, Config, Documents};
use super::{cases, grants, people};
use crate::embedded;
use crate::packs::{self, text_of};
use crate::wiring::App;

/// How large a city is made.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    pub residents: u32,
    pub enterprises: u32,
    pub past_cases: u32,
    pub seed: u64,
}

impl Scale {
    /// The proportions of the full city: 8,000 enterprises and 20,000 past cases to 100,000 residents.
    #[must_use]
    pub fn of(residents: u32, seed: u64) -> Self {
        Self { residents, enterprises: residents / 25 * 2, past_cases: residents / 5, seed }
    }
}

const OFFICIALS: u32 = 200;
/// Rows in one transaction.
const BATCH: usize = 4_000;

/// What the steps share.
pub struct Making {
    pub ctx: Ctx,
    pub city: City,
    pub today: Date,
}

impl Making {
    pub fn grant(&self) -> Result<Grant> {
        self.ctx.allow(Action::PackLoad, &On::PUBLIC)
    }
}

/// Makes the city. `say` is told what is being done.
pub async fn seed(platform: &Platform, scale: Scale, say: &mut dyn FnMut(&str)) -> Result<()> {
    make(platform, scale, say).await.map(drop)
}

/// The same; the city, for what else is filled from it.
pub(super) async fn make(platform: &Platform, scale: Scale, say: &mut dyn FnMut(&str)) -> Result<City> {
    let ctx = Ctx::system(platform, "demo.seed");
    let documents = embedded::demo_documents();
    say(&format!("documents: {}", documents.len()));
    packs::publish(&ctx, &documents).await?;
    let city = generate(&ctx, &documents, scale)?;
    let making = Making { today: ctx.today(), ctx, city };
    let app = App::open(platform).await?;
    say(&format!("residents: {}, enterprises: {}", scale.residents, scale.enterprises));
    let people = people::write(&making).await?;
    say("registers");
    registers(&making, &app).await?;
    packs::give_grants(&making.ctx, &app).await?;
    grants::write(&making, &app).await?;
    say(&format!("past cases: {}", scale.past_cases));
    cases::write(&making, &app, &people).await?;
    say("sealing the audit log");
    platform::audit::log::seal_all(platform).await?;
    finish(&making).await?;
    Ok(making.city)
}

fn generate(ctx: &Ctx, documents: &[Document], scale: Scale) -> Result<City> {
    let config = Config {
        seed: scale.seed,
        residents: scale.residents,
        enterprises: scale.enterprises,
        past_cases: scale.past_cases,
        officials: OFFICIALS,
        today: ctx.today(),
    };
    let documents = Documents {
        divisions: text_of(documents, "divisions.yaml")?,
        organisations: text_of(documents, "organisations/organisations.yaml")?,
    };
    City::generate(config, documents).map_err(Error::Internal)
}

async fn registers(making: &Making, app: &App) -> Result<()> {
    let mut batch = Vec::with_capacity(BATCH);
    for record in making.city.records() {
        let row = SeedRow {
            resource: record.resource.to_owned(),
            subject: record.subject,
            as_of: record.as_of,
            data: record.data,
        };
        batch.push(row);
        if batch.len() == BATCH {
            write_records(making, app, std::mem::take(&mut batch)).await?;
        }
    }
    write_records(making, app, batch).await
}

async fn write_records(making: &Making, app: &App, rows: Vec<SeedRow>) -> Result<()> {
    let registry = app.registry.clone();
    making.ctx.db().write(making.grant()?, move |tx| registry.seed(tx, &rows)).await.map(|_| ())
}

/// The mark by which the next start knows that the city is whole.
async fn finish(making: &Making) -> Result<()> {
    let done = vec![Document { path: "demo/done".into(), text: "whole".into() }];
    making.ctx.db().write(making.grant()?, move |tx| documents::publish(tx, &done)).await.map(|_| ())
}
