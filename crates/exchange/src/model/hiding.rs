//! A look that its subject may not see yet, by law (an investigation): for how long, and on which provision.
use platform::clock::{DAY, Timestamp};
use platform::{Error, FieldError, Result};
use time::{Date, Duration};

/// The longest provision in characters.
const LONGEST: usize = 500;

/// What an office writes when it hides a look.
#[derive(Debug, Clone)]
pub struct Hiding {
    /// The day on which the look appears by itself.
    pub until: Date,
    /// The provision that allows it, in words.
    pub basis: String,
}

/// What the deployment allows.
#[derive(Debug, Clone, Copy)]
pub struct Allowed<'a> {
    pub purposes: &'a [String],
    /// No look stays hidden longer.
    pub longest_days: u16,
    pub today: Date,
}

impl Hiding {
    /// Refuses a purpose that hides nothing, a missing provision, a day that is past or too far away.
    pub fn check(&self, purpose: &str, allowed: &Allowed<'_>) -> Result<()> {
        if !allowed.purposes.iter().any(|known| known == purpose) {
            return Err(Error::Denied("exchange-denied-hide"));
        }
        let last = allowed.today.saturating_add(Duration::days(allowed.longest_days.into()));
        let mut errors = Vec::new();
        if self.basis.trim().is_empty() || self.basis.chars().count() > LONGEST {
            errors.push(FieldError::new("hidden_basis", "exchange-hide-basis").with("max", LONGEST));
        }
        if self.until <= allowed.today || self.until > last {
            errors.push(FieldError::new("hidden_until", "exchange-hide-until").with("max", allowed.longest_days));
        }
        if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
    }
}

/// Looks taken at or before this moment are shown, whatever was written when they were hidden.
#[must_use]
pub fn shown_from(now: Timestamp, longest_days: u16) -> Timestamp {
    now.plus(-DAY * i64::from(longest_days))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn checked(until: Date, basis: &str, purpose: &str) -> Result<()> {
        let purposes = ["criminal-investigation".to_owned()];
        let allowed = Allowed { purposes: &purposes, longest_days: 180, today: date!(2026 - 11 - 20) };
        Hiding { until, basis: basis.into() }.check(purpose, &allowed)
    }

    #[test]
    fn only_listed_purposes_hide_and_none_beyond_the_limit() {
        let (good, why) = (date!(2027 - 01 - 01), "《刑事诉讼法》第一百五十二条");
        assert!(checked(good, why, "criminal-investigation").is_ok());
        assert!(checked(date!(2027 - 05 - 19), why, "criminal-investigation").is_ok(), "the last day of 180");
        for (until, basis) in [
            (date!(2027 - 05 - 20), why),
            (date!(2026 - 11 - 20), why),
            (date!(2026 - 11 - 19), why),
            (good, " "),
            (good, &"条".repeat(501)),
        ] {
            assert!(
                matches!(checked(until, basis, "criminal-investigation"), Err(Error::Invalid(_))),
                "{until} {basis}"
            );
        }
        assert!(matches!(checked(good, why, "supervision"), Err(Error::Denied("exchange-denied-hide"))));
    }
}
