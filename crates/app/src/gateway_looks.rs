//! Looks through the gateway at persons of other systems' services, written where all looks are.
use std::collections::BTreeMap;

use exchange::{Exchange, LookSeed};
use gateway::looks::{Look, Looks, Noting};
use platform::Ctx;
use platform::error::Result;
use platform::policy::{Action, ActorKind, On};

pub struct TrailLooks {
    pub exchange: Exchange,
}

impl TrailLooks {
    async fn write(&self, look: Look) -> Result<()> {
        let ctx = Ctx::system(self.exchange.platform(), "gateway.looks");
        let grant = ctx.allow(Action::MessageLog, &On::PUBLIC)?;
        let who = if look.user.is_empty() { &look.client } else { &look.user };
        let written = LookSeed {
            at: ctx.now(),
            number: look.number,
            actor_kind: ActorKind::System,
            actor: look.client.clone(),
            actor_name: who.clone(),
            office: None,
            consumer: look.organisation.unwrap_or(look.client),
            purpose: look.subject.purpose,
            basis: look.subject.basis,
            item: None,
            case: Some(look.issue).filter(|issue| !issue.is_empty()),
            fields: BTreeMap::from([(look.service, look.subject.fields)]),
        };
        let exchange = self.exchange.clone();
        ctx.db().write(grant, move |tx| exchange.seed_trail(tx, &[written])).await.map(|_| ())
    }
}

impl Looks for TrailLooks {
    fn note(&self, look: Look) -> Noting<'_> {
        Box::pin(self.write(look))
    }
}
