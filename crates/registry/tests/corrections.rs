//! What a correction does to the record, and who is told of it.
#![allow(clippy::unwrap_used)]
mod common;

use std::sync::{Arc, Mutex};

use common::Place;
use platform::clock::{DAY, Timestamp};
use platform::db::Tx;
use platform::policy::Grant;
use platform::{Ctx, Result};
use registry::{Delivery, Format, Joints, Seen, User, Users, Wrong};
use time::macros::date;

/// Subject, resource, field, since when.
type Asked = (String, String, String, Timestamp);

/// The exchange of this test: remembers what it was asked.
#[derive(Default, Clone)]
struct Trail(Arc<Mutex<Vec<Asked>>>);

impl Users for Trail {
    fn of(&self, _: &mut Tx<'_>, wrong: &Wrong<'_>) -> Result<Vec<User>> {
        let asked = (wrong.subject.to_owned(), wrong.resource.to_owned(), wrong.field.to_owned(), wrong.since);
        self.0.lock().unwrap().push(asked);
        let user = |owner: &str| User { owner: owner.to_owned(), href: "/inbox/tasks/1".to_owned(), hidden: false };
        Ok(vec![user("off_user"), user("per_user")])
    }

    fn look<'a>(
        &'a self,
        _: &'a Ctx,
        _: Grant,
        _: &'a Seen,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
        Box::pin(async { Ok(()) })
    }
}

const PERSON: &str = "11010519491231002X";

async fn deliver(place: &Place, listed: u8) {
    let text = format!("subject,listed,reason\n{PERSON},{listed},\n").into_bytes();
    let (resource, source, as_of) = ("credit".to_owned(), "development".to_owned(), date!(2026 - 11 - 20));
    let delivery = Delivery { resource, format: Format::Csv, source, as_of };
    place.registry.import(&place.ctx(), delivery, std::io::Cursor::new(text)).await.unwrap();
}

#[tokio::test]
async fn all_who_used_the_wrong_value_since_it_was_wrong_are_told() {
    let place = Place::new().await;
    let trail = Trail::default();
    place.registry.join(Joints { users: Box::new(trail.clone()), ..Joints::default() }).unwrap();
    deliver(&place, 0).await;
    place.later(DAY);
    deliver(&place, 1).await; // the value that is wrong
    let wrong_since = place.registry.platform().clock().now();
    place.later(DAY);

    let said = [("fact", "credit.listed"), ("subject", PERSON), ("right", "0"), ("words", "法院已撤销决定")];
    assert_eq!(place.post("off_asker", "/inbox/corrections/new", &said).await.0, 303);
    let id = place.rows("SELECT id FROM registry_correction").await[0].text(0).unwrap();
    let path = format!("/inbox/corrections/{id}");
    let same = [("decision", "corrected"), ("value", "1"), ("words", "已经更正")];
    let (status, body) = place.post("off_provider", &path, &same).await;
    assert_eq!(status, 422, "the register says 1 already: {body}");
    let right = [("decision", "corrected"), ("value", "0"), ("words", "已经更正")];
    assert_eq!(place.post("off_provider", &path, &right).await.0, 303);

    let asked = trail.0.lock().unwrap().clone();
    let wanted = (place.registry.pseudonym(PERSON), "credit".to_owned(), "listed".to_owned(), wrong_since);
    assert_eq!(asked.last(), Some(&wanted));
    let told = place.rows("SELECT owner FROM platform_notice WHERE key = 'registry-notice-value-corrected'").await;
    assert_eq!(told.len(), 2);
    let counted = place.rows("SELECT told, state FROM registry_correction").await;
    assert_eq!((counted[0].int(0).unwrap(), counted[0].str(1).unwrap()), (2, "corrected"));
    let audit = place.rows("SELECT subject FROM platform_audit WHERE event = 'correction.made'").await;
    assert_eq!(audit[0].str(0).unwrap(), place.registry.pseudonym(PERSON), "the log never holds the number");
}

#[tokio::test]
async fn a_delivery_tells_which_rules_it_breaks() {
    let place = Place::new().await;
    let text = format!("subject,listed,reason\n{PERSON},7,\n91350100M000100Y43,1,\n").into_bytes();
    let (resource, source, as_of) = ("credit".to_owned(), "development".to_owned(), date!(2026 - 11 - 20));
    let delivery = Delivery { resource, format: Format::Csv, source, as_of };
    let report = place.registry.import(&place.ctx(), delivery, std::io::Cursor::new(text)).await.unwrap();
    assert_eq!((report.accepted, report.quality.len()), (2, 1));
    assert_eq!((report.quality[0].count, &report.quality[0].examples[..]), (1, &[2][..]));
    let (_, body) = place.get("/catalogue/credit").await;
    assert!(body.contains("One row of the last delivery breaks it: line 2"), "{body}");
}
