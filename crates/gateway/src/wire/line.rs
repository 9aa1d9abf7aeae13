//! The line to another gateway, as the consumer's gateway keeps it: opened when it is needed, opened anew when it broke.
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::lane::Lane;
use super::{PATH, PROTOCOL, near};
use crate::gateway::Gateway;
use crate::pool::{CallError, Origin};
use crate::protocol::fault::{Fault, Kind};

/// The line to one other gateway.
#[derive(Default)]
pub struct Line {
    current: Mutex<Option<Arc<Lane>>>,
    /// When opening it failed last. Held while it is being opened.
    opening: tokio::sync::Mutex<Option<Instant>>,
}

impl Line {
    fn current(&self) -> Option<Arc<Lane>> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        current.as_ref().filter(|lane| lane.is_open()).cloned()
    }

    /// The open line to the gateway `server`.
    pub async fn lane(&self, gateway: &Gateway, (server, origin): (&str, &Arc<Origin>)) -> Result<Arc<Lane>, Fault> {
        if let Some(lane) = self.current() {
            return Ok(lane);
        }
        let waited_since = Instant::now();
        let mut opening = self.opening.lock().await;
        if let Some(lane) = self.current() {
            return Ok(lane);
        }
        // Who waited while it failed does not try again one after another.
        if opening.is_some_and(|at| at >= waited_since) {
            return Err(unreachable(server));
        }
        match origin.upgrade(PATH, PROTOCOL).await {
            Ok(stream) => {
                *opening = None;
                let (lane, frames) = Lane::new(server.to_owned(), None, gateway.log().clone());
                let lane = Arc::new(lane);
                tokio::spawn(near::run(gateway.clone(), (Arc::clone(&lane), Arc::clone(origin)), (stream, frames)));
                *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&lane));
                Ok(lane)
            }
            Err(CallError::Connect(why) | CallError::Io(why)) => {
                tracing::warn!(peer = server, why, "another gateway cannot be reached");
                *opening = Some(Instant::now());
                Err(unreachable(server))
            }
        }
    }
}

fn unreachable(server: &str) -> Fault {
    Kind::ClientNetworkError.says(format!("the gateway {server} cannot be reached now; send again later"))
}
