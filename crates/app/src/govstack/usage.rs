//! MyPersonalDataUsage: who has read a person's data in a register.
use axum::extract::RawQuery;
use axum::response::Response;
use exchange::{Enquiry, MOST_USES, Part, Use};
use platform::error::{Error, Result};
use platform::{Ctx, posted};
use serde_json::{Value, json};

use super::call::{Call, answer, ok};

pub async fn mine(call: Call, RawQuery(query): RawQuery) -> Response {
    let query = posted::parse_urlencoded(&query.unwrap_or_default());
    answer(&call, uses(&call, &query).await)
}

async fn uses(call: &Call, query: &[(String, String)]) -> Result<Response> {
    let of = |name: &str| query.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let resource = call.resource(of("databaseId"), "1")?;
    let enquiry = Enquiry {
        number: of("userId").to_owned(),
        user: String::new(),
        consumer: call.organisation.clone(),
        basis: call.ctx.platform().config().govstack.basis.clone(),
    };
    let part = Part { from: None, to: None, offset: 0, limit: MOST_USES };
    let found = call.parts.exchange.uses(&call.ctx, enquiry, part).await?;
    let here = |used: &&Use| used.resources.contains(&resource.key);
    let rows: Vec<Value> = found.uses.iter().filter(here).map(|used| row(&call.ctx, used)).collect();
    if rows.is_empty() { Err(Error::NotFound) } else { Ok(ok(&rows.into())) }
}

fn row(ctx: &Ctx, used: &Use) -> Value {
    // The initials of a name without spaces are its first character.
    let initials: String = used.reader_name.split_whitespace().filter_map(|word| word.chars().next()).collect();
    let references: Vec<Value> = used.resources.iter().map(|key| json!({"ReferenceID": key})).collect();
    // `refrences`: so the published description spells it.
    json!({
        "id": used.id, "readerId": used.reader, "readerInitials": initials, "readerInstitutionId": used.receiver_code,
        "readerInstitutionName": used.receiver_name.as_deref().unwrap_or(&used.receiver_code),
        "readerApplicationName": used.system, "searchDateTime": used.at.rfc3339(ctx.zone()), "refrences": references,
    })
}
