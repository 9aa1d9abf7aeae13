//! When a delivery that failed is tried again: after a delay that doubles, up to a longest one.
use platform::clock::{MINUTE, SECOND};

/// `first_seconds` after the first failure, then twice as long each time. Microseconds.
pub fn delay(attempts: i64, first_seconds: u32, longest_minutes: u32) -> i64 {
    let doubled = (i64::from(first_seconds) * SECOND).saturating_mul(1 << (attempts - 1).clamp(0, 30));
    doubled.min(i64::from(longest_minutes) * MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_the_longest() {
        let seconds = |attempts| delay(attempts, 5, 60) / SECOND;
        assert_eq!([1, 2, 3, 4, 10, 11, 90].map(seconds), [5, 10, 20, 40, 2560, 3600, 3600]);
    }
}
