//! Places at a door: so many connections in all, and so many from one address, so that one caller cannot take them all.
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What one door bears.
#[derive(Debug, Clone, Copy)]
pub struct DoorLimits {
    /// Connections at the same time; the next ones wait in the kernel's queue.
    pub connections: usize,
    /// Of these from one address (of IPv6: one /64 network); more are closed at once.
    pub per_address: usize,
    /// Who takes nothing of an answer for so long is cut off.
    pub write_within: Duration,
}

impl Default for DoorLimits {
    fn default() -> Self {
        Self { connections: 8192, per_address: 512, write_within: Duration::from_secs(60) }
    }
}

type Counts = Arc<Mutex<HashMap<IpAddr, usize>>>;

pub(crate) struct Places {
    free: Arc<Semaphore>,
    per_address: usize,
    counts: Counts,
    refused: AtomicU64,
}

/// A place that is taken; free again when dropped. A connection has it until it is closed, as a line between gateways too,
/// and so has a call that came on it until the call has ended: who hangs up has no place more.
pub(crate) struct Place {
    _one: OwnedSemaphorePermit,
    counts: Counts,
    from: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.from) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.from);
            }
        }
    }
}

impl Places {
    pub(crate) fn new(limits: &DoorLimits) -> Self {
        let free = Arc::new(Semaphore::new(limits.connections.clamp(1, Semaphore::MAX_PERMITS)));
        Self { free, per_address: limits.per_address.max(1), counts: Counts::default(), refused: AtomicU64::new(0) }
    }

    /// The next caller who gets a place.
    pub(crate) async fn next(&self, listener: &TcpListener) -> std::io::Result<(TcpStream, SocketAddr, Place)> {
        let mut one = self.one().await?;
        loop {
            let (stream, from) = listener.accept().await?;
            match self.seat(one, from.ip()) {
                Ok(place) => return Ok((stream, from, place)),
                Err(back) => {
                    drop(stream);
                    self.note(from);
                    one = back;
                }
            }
        }
    }

    async fn one(&self) -> std::io::Result<OwnedSemaphorePermit> {
        Arc::clone(&self.free).acquire_owned().await.map_err(std::io::Error::other)
    }

    fn seat(&self, one: OwnedSemaphorePermit, from: IpAddr) -> Result<Place, OwnedSemaphorePermit> {
        let from = neighbourhood(from);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(from).or_default();
        if *count >= self.per_address {
            return Err(one);
        }
        *count += 1;
        Ok(Place { _one: one, counts: Arc::clone(&self.counts), from })
    }

    /// A flood of connections must not become a flood of lines.
    fn note(&self, from: SocketAddr) {
        let refused = self.refused.fetch_add(1, Ordering::Relaxed) + 1;
        if refused.is_power_of_two() {
            let allowed = self.per_address;
            tracing::warn!(%from, refused, allowed, "connections were closed: too many from one address");
        }
    }
}

/// Whoever has one address of an IPv6 network has as a rule all of its /64 (RFC 4291 §2.5.4).
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_has_its_share_and_leaves_the_others_theirs() {
        let limits = DoorLimits { per_address: 2, ..DoorLimits::default() };
        let places = Places::new(&limits);
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let take = async |from: &str| places.seat(places.one().await.unwrap(), address(from)).ok();
        let first = take("10.0.0.1").await.unwrap();
        let mapped = take("::ffff:10.0.0.1").await.unwrap();
        assert!(take("10.0.0.1").await.is_none(), "the same address in its IPv6 form counts");
        let other = take("10.0.0.2").await.unwrap();
        drop(first);
        let again = take("10.0.0.1").await.unwrap();
        let (_a, _b) = (take("2001:db8::1").await.unwrap(), take("2001:db8::2").await.unwrap());
        assert!(take("2001:db8::3").await.is_none(), "one network of IPv6 is one caller");
        assert!(take("2001:db8:0:1::3").await.is_some());
        drop((mapped, other, again));
        assert_eq!(places.counts.lock().unwrap().len(), 1, "who is gone is forgotten");
    }
}
