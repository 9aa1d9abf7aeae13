//! The fact that the first of two cities fetches across: where somebody who moved was insured before. The hall's form of
//! the transfer is filled with it, and the person sees the look in the trail.
use std::time::Duration;

use directory::Person;
use exchange::{Ask, Exchange, Subject, Want};
use gateway::Gateway;
use platform::Ctx;
use platform::db::Tx;
use platform::error::{Error, Result};
use platform::policy::{Action, On};
use registry::Entry;
use serde_json::json;

use crate::wiring::App;

/// The office of both cities between which it goes, its register, and what the second one grants of it.
pub const OFFICE: &str = "medical-insurance";
pub const REGISTER: &str = "medical-insurance";
pub const FIELDS: [&str; 4] = ["insurance_kind", "insured_division", "paid_to", "paid_months"];
/// The item whose form asks, which is the purpose too.
pub const ITEM: &str = "medical-insurance-transfer";
/// The name that the demo pack's connector uses for the other side, and the second city's service.
pub const ADDRESS: &str = "former_insurance";
pub const SERVICE: &str = "NP/BEI/11990100010007003G/medical-insurance/medical-insurance";

/// The first city's entry for what comes across.
const RESOURCE: &str = "medical-insurance-elsewhere";
const ASKED: [&str; 3] = ["former_place", "former_kind", "former_paid_to"];
const LOGIN: &str = "lu.yuanxing";
const BASIS: &str = "《基本医疗保险关系转移接续暂行办法》";
/// Seconds that the two gateways get to hear of each other; longer than a source that failed is left alone.
const PATIENCE: u32 = 60;

/// Lets the first city's newcomer have been insured in the second one.
pub async fn insure(first: &App, second: &App) -> Result<Person> {
    let ctx = Ctx::system(&first.platform, "demo.two-cities");
    let find = |tx: &mut Tx<'_>| directory::seed::person_of_login(tx, LOGIN);
    let found = ctx.db().read(ctx.allow(Action::HallRead, &On::PUBLIC)?, find).await?;
    let person = found.ok_or_else(|| Error::Internal(format!("the first city has nobody called {LOGIN}")))?;
    let ctx = Ctx::system(&second.platform, "demo.two-cities");
    let data = json!({"insurance_kind": "employee", "insured_state": "ended", "insured_division": "880100",
                      "paid_to": "2025-08", "paid_months": 61});
    let entry = Entry {
        resource: REGISTER.into(),
        subject: person.number.clone(),
        as_of: ctx.today(),
        source: OFFICE.into(),
        data: data.as_object().cloned().unwrap_or_default(),
    };
    let (registry, grant) = (second.registry.clone(), ctx.allow(Action::RegistryImport, &On::PUBLIC)?);
    ctx.db().write(grant, move |tx| registry.record(tx, &entry)).await?;
    Ok(person)
}

/// When the two gateways know each other, fetches as the hall's form does, and says where it can be seen.
pub async fn show(exchange: Exchange, (gateway, provider): (Gateway, String), person: Person) {
    let is_known = || gateway.roster().listed.iter().any(|listed| listed.id.to_string() == provider);
    for _ in 0..PATIENCE {
        let fetched = if is_known() { Some(fetch(&exchange, &person).await) } else { None };
        match fetched {
            Some(Ok(told)) => {
                println!("  fetched from the second city: {told}");
                println!("  sign in as {LOGIN}: /items/{ITEM} is filled with it, /my/trail has the look");
                return;
            }
            None | Some(Err(Error::Unavailable(_))) => tokio::time::sleep(Duration::from_secs(1)).await,
            Some(Err(error)) => return eprintln!("nothing could be fetched from the second city: {error}"),
        }
    }
    eprintln!("the two gateways did not hear of each other within {PATIENCE} s");
}

async fn fetch(exchange: &Exchange, person: &Person) -> Result<String> {
    let ctx = Ctx::system(exchange.platform(), "demo.two-cities");
    let ask = Ask {
        purpose: ITEM.into(),
        basis: BASIS.into(),
        item: Some(ITEM.into()),
        case: None,
        consumer: OFFICE.into(),
        subject: Subject::of(platform::ids::Id::as_str(&person.id), &person.number),
        wants: vec![Want { resource: RESOURCE.into(), fields: ASKED.map(str::to_owned).to_vec() }],
        offices: Vec::new(),
    };
    let facts = exchange.fetch(&ctx, ask).await?;
    let value = |field: &str| facts.get(RESOURCE, field).map(|fact| format!("{field} {}", fact.value));
    Ok(ASKED.iter().filter_map(|field| value(field)).collect::<Vec<_>>().join(", "))
}
