//! A REST service: one GET whose path holds the number, and the record somewhere in its JSON.
use http_body_util::Full;
use hyper::header::ACCEPT;
use hyper::{Method, Request};
use serde_json::Value;

use crate::error::{Answered, SourceError};
use crate::http::{Client, Reply, status_fault};
use crate::reach::{Asking, Reach};
use crate::settings::Rest;
use crate::surroundings::Surroundings;
use crate::template;

pub(crate) struct RestReach {
    client: Client,
    settings: Rest,
}

impl RestReach {
    pub(crate) fn open(settings: &Rest, around: &Surroundings) -> Result<Self, String> {
        let client = Client::open(&settings.address, &settings.link, around)?;
        Ok(Self { client, settings: settings.clone() })
    }
}

impl Reach for RestReach {
    fn ask<'a>(&'a self, number: &'a str) -> Asking<'a> {
        Box::pin(async move {
            let path = template::percent(&self.settings.path, number);
            let request = Request::builder().method(Method::GET).uri(path).header(ACCEPT, "application/json");
            let request = request.body(Full::default());
            let reply = self.client.send(request.map_err(|_| SourceError::Refused("the path is none".into()))?).await?;
            record_of(&reply, &self.settings.absent, &self.settings.answer)
        })
    }
}

/// The record in an answer of a REST service; None where the status, or null at its place, says that nothing is held.
pub(crate) fn record_of(reply: &Reply, absent: &[u16], answer: &str) -> Answered<Option<Value>> {
    if absent.contains(&reply.status) {
        return Ok(None);
    }
    if reply.status != 200 {
        return Err(status_fault(reply.status));
    }
    let essence = reply.content_type.split(';').next().unwrap_or_default().trim();
    if essence != "application/json" && !essence.ends_with("+json") {
        return Err(SourceError::Malformed("its content type is not JSON".into()));
    }
    let mut whole: Value = serde_json::from_slice(&reply.body)
        .map_err(|e| SourceError::Malformed(format!("no JSON at line {}, column {}", e.line(), e.column())))?;
    match whole.pointer_mut(answer).map(Value::take) {
        None | Some(Value::Null) => Ok(None),
        Some(record @ Value::Object(_)) => Ok(Some(record)),
        Some(Value::Array(mut all)) if all.len() <= 1 => Ok(all.pop()),
        Some(Value::Array(_)) => Err(crate::reach::second_row()),
        Some(_) => Err(SourceError::Malformed("the record is no JSON object".into())),
    }
}
