//! Deliveries of events leave their line in the trail of the exchange, and tell what its grants give; the events do not
//! know it.
use std::collections::BTreeMap;

use events::{Delivered, Looks, Reader};
use exchange::{Exchange, LookSeed};
use platform::Result;
use platform::db::Tx;
use platform::policy::ActorKind;

pub struct InTrail(pub Exchange);

impl Looks for InTrail {
    fn note(&self, tx: &mut Tx<'_>, delivered: &[Delivered]) -> Result<()> {
        let at = tx.now();
        let look = |one: &Delivered| LookSeed {
            at,
            number: one.number.clone(),
            actor_kind: ActorKind::System,
            actor: "events".into(),
            actor_name: "events".into(),
            office: None,
            consumer: one.consumer.clone(),
            purpose: one.purpose.clone(),
            basis: one.basis.clone(),
            item: None,
            case: None,
            fields: BTreeMap::from([(one.resource.clone(), one.fields.clone())]),
        };
        let looks: Vec<LookSeed> = delivered.iter().map(look).collect();
        self.0.seed_trail(tx, &looks)?.into_inner();
        Ok(())
    }

    fn granted(&self, tx: &mut Tx<'_>, reader: &Reader<'_>, fields: &[&str]) -> Result<Vec<String>> {
        self.0.granted(tx, (reader.consumer, reader.purpose), (reader.resource, fields))
    }
}
