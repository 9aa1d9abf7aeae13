//! The catalogue as a table: the columns of the catalogue guide of 2017 (编制指南, as recalled), one row for each field.
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use platform::clock::iso_date;
use platform::i18n::Text;
use platform::policy::{Action, On};
use platform::{Ctx, Error, Result};
use serde_json::{Map, Value};

use super::labels::{opening_key, sharing_key, type_key, update_key, way_key};
use super::office_name;
use crate::Registry;
use crate::model::resource::{Field, Resource};

/// Name in JSON, and the key of the heading in CSV.
const COLUMNS: [(&str, &str); 22] = [
    ("class", "registry-export-class"),
    ("item", "registry-export-item"),
    ("entry", "registry-export-entry"),
    ("detail", "registry-export-detail"),
    ("name", "registry-export-name"),
    ("code", "registry-export-code"),
    ("provider", "registry-export-provider"),
    ("provider_code", "registry-export-provider-code"),
    ("abstract", "registry-export-abstract"),
    ("format", "registry-export-format"),
    ("field", "registry-export-field"),
    ("field_type", "registry-export-field-type"),
    ("field_length", "registry-export-field-length"),
    ("sharing", "registry-export-sharing"),
    ("sharing_condition", "registry-export-sharing-condition"),
    ("sharing_way", "registry-export-sharing-way"),
    ("opening", "registry-export-opening"),
    ("opening_condition", "registry-export-opening-condition"),
    ("update", "registry-export-update"),
    ("published", "registry-export-published"),
    ("related", "registry-export-related"),
    ("field_key", "registry-export-field-key"),
];

fn row(registry: &Registry, ctx: &Ctx, resource: &Resource, field: &Field) -> [String; 22] {
    let t = |key| ctx.t(key).to_owned();
    let x = |text| ctx.text(text).to_owned();
    let opt = |text: &Option<Text>| text.as_ref().map_or_else(String::new, |text| ctx.text(text).to_owned());
    // What the ground of a refusal is, the guide puts into the condition.
    let condition = match &resource.sharing_condition {
        Some(condition) => x(condition),
        None => x(&resource.sharing_ground),
    };
    let related = resource.related.iter().filter_map(|key| registry.catalogue().get(key));
    [
        x(&resource.class),
        x(&resource.item),
        x(&resource.entry),
        opt(&resource.detail),
        x(&resource.name),
        resource.code.clone(),
        office_name(registry, ctx, &resource.provider),
        resource.provider_code.clone(),
        x(&resource.summary),
        resource.format.clone(),
        x(&field.name),
        t(type_key(field.kind)),
        field.length.to_string(),
        t(sharing_key(resource.sharing)),
        condition,
        t(way_key(resource.sharing_way)),
        t(opening_key(resource.opening_of(field))),
        opt(&resource.opening_condition),
        t(update_key(resource.update)),
        iso_date(resource.published),
        related.map(|related| related.code.as_str()).collect::<Vec<_>>().join(" "),
        field.key.clone(),
    ]
}

async fn rows(registry: &Registry, ctx: &Ctx) -> Result<Vec<[String; 22]>> {
    ctx.allow(Action::CatalogueRead, &On::PUBLIC)?;
    registry.refresh().await?;
    let all = registry.catalogue().iter();
    Ok(all.flat_map(|resource| resource.fields.iter().map(move |field| row(registry, ctx, resource, field))).collect())
}

/// A cell that a spreadsheet would run as a formula is made text.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

pub async fn csv(State(registry): State<Registry>, ctx: Ctx) -> Result<Response> {
    // Spreadsheets take a file without this mark for another encoding than UTF-8.
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(COLUMNS.map(|(_, key)| ctx.t(key))).map_err(Error::internal)?;
    for row in rows(&registry, &ctx).await? {
        writer.write_record(row.map(harmless)).map_err(Error::internal)?;
    }
    let body = writer.into_inner().map_err(Error::internal)?;
    Ok(file("text/csv; charset=utf-8", "attachment; filename=\"catalogue.csv\"", body))
}

pub async fn json(State(registry): State<Registry>, ctx: Ctx) -> Result<Response> {
    let object = |row: [String; 22]| {
        let pairs = COLUMNS.iter().zip(row).map(|((name, _), cell)| ((*name).to_owned(), Value::String(cell)));
        Value::Object(pairs.collect::<Map<String, Value>>())
    };
    let rows: Vec<Value> = rows(&registry, &ctx).await?.into_iter().map(object).collect();
    Ok(file("application/json", "attachment; filename=\"catalogue.json\"", serde_json::to_vec(&rows)?))
}

fn file(kind: &'static str, disposition: &'static str, body: Vec<u8>) -> Response {
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let name = (header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    ([kind, name], body).into_response()
}
