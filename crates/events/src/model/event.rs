//! One event: what is published, and the CloudEvents 1.0 form in which it travels.
use platform::clock::Timestamp;
use platform::ids::Id;
use serde_json::{Map, Value, json};
use time::UtcOffset;

use crate::model::kind::{About, EventType, SubjectForm};

/// `evt_…`: the CloudEvents `id`, the idempotency key of every delivery, the `webhook-id` of every attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventId(String);

impl Id for EventId {
    const PREFIX: &'static str = "evt";

    fn from_text(text: String) -> Self {
        Self(text)
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

/// What happened, as the publisher says it.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// Key of the type.
    pub kind: String,
    /// Resident ID number or unified social credit code; empty where the type is about nobody.
    pub subject: String,
    pub data: Map<String, Value>,
    /// When it happened.
    pub at: Timestamp,
}

/// An event with its place.
pub struct Placed<'a> {
    pub id: &'a EventId,
    pub new: &'a NewEvent,
    /// What the trail and the audit log call the subject.
    pub pseudonym: &'a str,
    /// Its number within the subject, from 1.
    pub seq: i64,
}

/// What the subscriber reads. `sequence` is the CloudEvents extension of that name.
pub fn cloud_event(kind: &EventType, placed: &Placed<'_>, zone: UtcOffset) -> Value {
    let mut event = json!({
        "specversion": "1.0",
        "id": placed.id.as_str(),
        "source": format!("/organisations/{}", kind.publisher),
        "type": kind.key,
        "time": placed.new.at.rfc3339(zone),
        "datacontenttype": "application/json",
        "sequence": placed.seq.to_string(),
        "data": placed.new.data,
    });
    if kind.about != About::Nothing {
        let (number, pseudonym) = (json!(placed.new.subject), json!(placed.pseudonym));
        match kind.subject {
            SubjectForm::Pseudonym => event["subject"] = pseudonym,
            SubjectForm::Number => event["subject"] = number,
            SubjectForm::Both => {
                event["subject"] = number;
                event["subjectpseudonym"] = pseudonym;
            }
        }
    }
    event
}

/// What order holds within: a subject; of a type that came through the API the type itself; else nothing but the event.
/// Pseudonyms are 43 characters of base64url, keys of types hold a point, identifiers are shorter: they never meet.
pub fn stream_of(kind: &EventType, pseudonym: &str, id: &EventId) -> String {
    match (kind.about, &kind.schema) {
        (About::Nothing, Some(_)) => kind.key.clone(),
        (About::Nothing, None) => id.as_str().to_owned(),
        _ => pseudonym.to_owned(),
    }
}
