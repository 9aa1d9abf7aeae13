//! Identifiers: a prefix and 26 Crockford base-32 characters, ordered by time and unique across processes.
use std::sync::atomic::{AtomicU64, Ordering};

use crate::clock::Timestamp;

/// A kind of identifier: a newtype over text with a fixed prefix.
pub trait Id: Sized {
    const PREFIX: &'static str;
    fn from_text(text: String) -> Self;
    fn as_str(&self) -> &str;
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Makes identifiers: 52 bits of microseconds (to the year 2112), 42 bits that count up, 34 bits of the process.
pub struct IdMaker {
    high: u64,
    counter: AtomicU64,
    last: AtomicU64,
}

impl IdMaker {
    /// `seed`: 16 random bytes; two makers with unlike seeds never meet in practice.
    #[must_use]
    pub fn new(seed: [u8; 16]) -> Self {
        let mut high = [0u8; 8];
        high.copy_from_slice(&seed[..8]);
        let mut low = [0u8; 8];
        low.copy_from_slice(&seed[8..]);
        Self {
            high: u64::from_le_bytes(high),
            counter: AtomicU64::new(u64::from_le_bytes(low) >> 26),
            last: AtomicU64::new(0),
        }
    }

    pub fn make<T: Id>(&self, now: Timestamp) -> T {
        T::from_text(self.text(T::PREFIX, now))
    }

    /// Invariant: texts made by one maker never go backwards, even when the clock does.
    pub fn text(&self, prefix: &str, now: Timestamp) -> String {
        let at = self.last.fetch_max(now.0.max(0) as u64, Ordering::Relaxed).max(now.0.max(0) as u64);
        let count = self.counter.fetch_add(1, Ordering::Relaxed);
        let bits: u128 = (u128::from(at & ((1 << 52) - 1)) << 76)
            | (u128::from(count & ((1 << 42) - 1)) << 34)
            | u128::from(self.high & ((1 << 34) - 1));
        let mut out = String::with_capacity(prefix.len() + 27);
        out.push_str(prefix);
        out.push('_');
        for i in (0..26).rev() {
            let index = (bits >> (5 * i)) & 31;
            out.push(char::from(ALPHABET[index as usize]));
        }
        out
    }
}

/// Whether a text has the shape of an identifier with this prefix (forged ones are refused before any query).
#[must_use]
pub fn has_shape(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .is_some_and(|rest| rest.len() == 26 && rest.bytes().all(|b| ALPHABET.contains(&b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_grow_and_keep_their_shape() {
        let maker = IdMaker::new([7; 16]);
        let mut last = String::new();
        for step in 0..10_000 {
            let id = maker.text("case", Timestamp(1_700_000_000_000_000 + step / 3));
            assert!(has_shape("case", &id), "{id}");
            assert!(id > last, "{id} after {last}");
            last = id;
        }
    }

    #[test]
    fn a_clock_set_back_does_not_set_identifiers_back() {
        let maker = IdMaker::new([7; 16]);
        let first = maker.text("c", Timestamp(2_000_000_000_000_000));
        let second = maker.text("c", Timestamp(1_000_000_000_000_000));
        assert!(second > first);
    }
}
