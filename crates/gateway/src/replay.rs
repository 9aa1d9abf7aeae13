//! Which requests were here before: numbers of the last two windows of time. A message that comes again within the allowed
//! skew is a replay; an older one is refused by its age.
use std::collections::HashSet;

/// A request's number, shortened: 16 bytes of its SHA-256.
type Number = [u8; 16];

fn number_of(request_id: &str) -> Number {
    let mut number = Number::default();
    number.copy_from_slice(&seal::digest::sha256(request_id.as_bytes())[..16]);
    number
}

/// Why a request is not taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stale {
    /// Signed so many seconds away from our clock.
    Skewed(u64),
    /// It was here before.
    Again,
    /// Signed at a time of which this memory no longer knows everything: our clock was ahead and was set back.
    Forgotten,
}

#[derive(Debug, Default)]
pub(crate) struct Seen {
    window: i64,
    /// Everything that was taken since this second is known.
    since: i64,
    now: HashSet<Number>,
    before: HashSet<Number>,
}

impl Seen {
    /// Remembers what the log has of the time since `since`.
    pub(crate) fn recall(&mut self, (now, skew, since): (i64, i64, i64), requests: &[String]) {
        self.turn(now, skew);
        self.since = since;
        self.now.extend(requests.iter().map(|request| number_of(request)));
    }

    /// Takes a request, or says why not. Times in seconds; `created`: when it was signed.
    pub(crate) fn take(&mut self, request_id: &str, (created, now, skew): (i64, i64, i64)) -> Result<(), Stale> {
        if now.abs_diff(created) > skew.unsigned_abs() {
            return Err(Stale::Skewed(now.abs_diff(created)));
        }
        self.turn(now, skew);
        // It may have come first when our clock stood anywhere within the skew of its signature.
        if created - skew < self.since {
            return Err(Stale::Forgotten);
        }
        let number = number_of(request_id);
        if self.before.contains(&number) || !self.now.insert(number) { Err(Stale::Again) } else { Ok(()) }
    }

    /// Begins the window of this second. A clock that was set back begins none, and so forgets nothing.
    fn turn(&mut self, second: i64, skew: i64) {
        let wide = 2 * skew + 1;
        let window = second.div_euclid(wide);
        if window > self.window {
            let last = std::mem::take(&mut self.now);
            self.before = if window == self.window + 1 { last } else { HashSet::new() };
            self.window = window;
            self.since = self.since.max((window - 1) * wide);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SKEW: i64 = 60;
    /// The first second of a window.
    const START: i64 = 121 * 1_000_000;

    fn seen() -> Seen {
        let mut seen = Seen::default();
        seen.recall((START, SKEW, START - 2 * SKEW - 1), &[]);
        seen
    }

    #[test]
    fn a_repetition_is_found_at_every_second_at_which_it_is_young_enough() {
        for first in START..START + 121 {
            for signed in [first - SKEW, first, first + SKEW] {
                let mut seen = seen();
                assert_eq!(seen.take("a", (signed, first, SKEW)), Ok(()), "{first} {signed}");
                for later in first..=signed + SKEW {
                    // Others come too, and turn the windows.
                    assert_eq!(seen.take(&later.to_string(), (later, later, SKEW)), Ok(()), "{first} {signed} {later}");
                    assert_eq!(seen.take("a", (signed, later, SKEW)), Err(Stale::Again), "{first} {signed} {later}");
                }
                let late = signed + SKEW + 1;
                assert_eq!(seen.take("a", (signed, late, SKEW)), Err(Stale::Skewed(61)), "{first} {signed}");
            }
        }
    }

    #[test]
    fn a_clock_that_is_set_back_forgets_nothing() {
        let mut seen = seen();
        seen.take("a", (START + 100, START + 100, SKEW)).unwrap();
        seen.take("b", (START + 130, START + 130, SKEW)).unwrap();
        for now in [START + 125, START + 100, START + 40] {
            assert_eq!(seen.take("a", (START + 100, now, SKEW)), Err(Stale::Again), "{now}");
        }
        assert_eq!(seen.take("c", (START + 110, START + 100, SKEW)), Ok(()), "what is new is taken");
    }

    #[test]
    fn a_clock_that_was_ahead_for_a_while_lets_nothing_in_again() {
        let mut seen = seen();
        seen.take("a", (START + 10, START + 10, SKEW)).unwrap();
        seen.take("b", (START + 9_000, START + 9_000, SKEW)).unwrap();
        assert_eq!(seen.take("a", (START + 10, START + 20, SKEW)), Err(Stale::Forgotten));
    }

    #[test]
    fn what_the_log_had_at_the_start_is_known() {
        let mut seen = Seen::default();
        seen.recall((START, SKEW, START - 2 * SKEW - 1), &["a".to_owned()]);
        assert_eq!(seen.take("a", (START - 30, START, SKEW)), Err(Stale::Again));
        assert_eq!(seen.take("b", (START - SKEW, START, SKEW)), Ok(()), "the oldest that may come");
    }
}
