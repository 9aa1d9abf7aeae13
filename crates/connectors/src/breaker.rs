//! The circuit breaker: a source that fails again and again is left alone for a while, then tried with one call.
use platform::clock::{SECOND, Timestamp};

use crate::settings;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Closed,
    /// Until then nothing is asked.
    Open(Timestamp),
    /// One call is under way that decides; a second one is let through only after another pause.
    Probing(Timestamp),
}

#[derive(Debug)]
pub(crate) struct Breaker {
    settings: settings::Breaker,
    state: State,
    failures: u32,
}

impl Breaker {
    pub(crate) fn new(settings: settings::Breaker) -> Self {
        Self { settings, state: State::Closed, failures: 0 }
    }

    pub(crate) fn state(&self) -> State {
        self.state
    }

    /// Whether a call may be made now; else the seconds until one may.
    pub(crate) fn admit(&mut self, now: Timestamp) -> Result<(), u64> {
        match self.state {
            State::Closed => Ok(()),
            State::Open(until) | State::Probing(until) if now < until => {
                Err(u64::try_from((until.0 - now.0).div_euclid(SECOND) + 1).unwrap_or(1))
            }
            State::Open(_) | State::Probing(_) => {
                self.state = State::Probing(self.pause(now));
                Ok(())
            }
        }
    }

    pub(crate) fn succeeded(&mut self) {
        self.state = State::Closed;
        self.failures = 0;
    }

    pub(crate) fn failed(&mut self, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= self.settings.failures {
            self.state = State::Open(self.pause(now));
        }
    }

    fn pause(&self, now: Timestamp) -> Timestamp {
        now.plus(i64::from(self.settings.pause_seconds) * SECOND)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * SECOND)
    }

    #[test]
    fn it_opens_after_failures_in_a_row_and_closes_after_a_good_probe() {
        let mut breaker = Breaker::new(settings::Breaker { failures: 2, pause_seconds: 30 });
        breaker.failed(at(0));
        breaker.succeeded();
        breaker.failed(at(1));
        assert_eq!(breaker.admit(at(1)), Ok(()));
        breaker.failed(at(1));
        assert_eq!(breaker.admit(at(2)), Err(30));
        assert_eq!(breaker.admit(at(31)), Ok(()));
        assert_eq!(breaker.state(), State::Probing(at(61)));
        assert_eq!(breaker.admit(at(31)), Err(31), "one probe at a time");
        breaker.failed(at(32));
        assert_eq!(breaker.admit(at(33)), Err(30), "a bad probe opens it again");
        assert_eq!(breaker.admit(at(62)), Ok(()));
        breaker.succeeded();
        assert_eq!(breaker.state(), State::Closed);
        breaker.failed(at(63));
        assert_eq!(breaker.admit(at(63)), Ok(()), "counting begins anew");
    }

    #[test]
    fn a_probe_that_never_ends_blocks_for_one_pause_only() {
        let mut breaker = Breaker::new(settings::Breaker { failures: 1, pause_seconds: 10 });
        breaker.failed(at(0));
        assert_eq!(breaker.admit(at(10)), Ok(()));
        assert_eq!(breaker.admit(at(19)), Err(2));
        assert_eq!(breaker.admit(at(20)), Ok(()));
    }
}
