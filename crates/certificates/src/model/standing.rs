//! How a certificate stands on a day: its recorded status and its dates together.
use time::Date;

/// The recorded status, by the codes of the national certificate interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    Valid,
    Withheld,
    Revoked,
    Deregistered,
    Lapsed,
    MovedOut,
    RevokedAsPenalty,
    Other,
}

impl Status {
    pub const ALL: [Self; 8] = [
        Self::Valid,
        Self::Withheld,
        Self::Revoked,
        Self::Deregistered,
        Self::Lapsed,
        Self::MovedOut,
        Self::RevokedAsPenalty,
        Self::Other,
    ];

    /// The two digits that are stored and exchanged.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Valid => "01",
            Self::Withheld => "02",
            Self::Revoked => "03",
            Self::Deregistered => "04",
            Self::Lapsed => "05",
            Self::MovedOut => "06",
            Self::RevokedAsPenalty => "07",
            Self::Other => "99",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// The text key of its name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Valid => "certificates-status-01",
            Self::Withheld => "certificates-status-02",
            Self::Revoked => "certificates-status-03",
            Self::Deregistered => "certificates-status-04",
            Self::Lapsed => "certificates-status-05",
            Self::MovedOut => "certificates-status-06",
            Self::RevokedAsPenalty => "certificates-status-07",
            Self::Other => "certificates-status-99",
        }
    }
}

/// Why the issuing office ends a certificate. The categories are public, the grounds are told to the holder alone.
///
/// Administrative Licensing Law art. 69 (revoked: issued in error, obtained by deceit), art. 70 (deregistered: the
/// holder asks, has died or been dissolved, no longer fulfils the conditions); Administrative Penalty Law art. 9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    IssuedInError,
    Deceit,
    HolderAsks,
    HolderGone,
    ConditionsGone,
    Penalty,
}

impl Reason {
    pub const ALL: [Self; 6] =
        [Self::IssuedInError, Self::Deceit, Self::HolderAsks, Self::HolderGone, Self::ConditionsGone, Self::Penalty];

    /// The word in forms, in the database and in the audit log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::IssuedInError => "issued-in-error",
            Self::Deceit => "deceit",
            Self::HolderAsks => "holder-asks",
            Self::HolderGone => "holder-gone",
            Self::ConditionsGone => "conditions-gone",
            Self::Penalty => "penalty",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// The text key of its name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::IssuedInError => "certificates-reason-issued-in-error",
            Self::Deceit => "certificates-reason-deceit",
            Self::HolderAsks => "certificates-reason-holder-asks",
            Self::HolderGone => "certificates-reason-holder-gone",
            Self::ConditionsGone => "certificates-reason-conditions-gone",
            Self::Penalty => "certificates-reason-penalty",
        }
    }

    /// The status that it leads to.
    #[must_use]
    pub fn status(self) -> Status {
        match self {
            Self::IssuedInError | Self::Deceit => Status::Revoked,
            Self::HolderAsks | Self::HolderGone | Self::ConditionsGone => Status::Deregistered,
            Self::Penalty => Status::RevokedAsPenalty,
        }
    }
}

/// What a verifier is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Valid,
    NotYet,
    Expired,
    Withheld,
    Ended(Status),
    /// What is stored is not what was signed: nothing that it says may be believed.
    Altered,
}

impl Standing {
    /// The standing on a day. Dates are of the deployment's zone; the last day counts in full.
    #[must_use]
    pub fn on(today: Date, status: Status, dates: &Dates) -> Self {
        match status {
            Status::Valid if today < dates.from => Self::NotYet,
            Status::Valid if dates.to.is_some_and(|to| to < today) => Self::Expired,
            Status::Valid => Self::Valid,
            Status::Withheld => Self::Withheld,
            ended => Self::Ended(ended),
        }
    }

    /// The word in JSON and in text keys (`certificates-standing-<slug>`).
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::NotYet => "not-yet",
            Self::Expired => "expired",
            Self::Withheld => "withheld",
            Self::Ended(_) => "ended",
            Self::Altered => "altered",
        }
    }

    /// The ending of the style class: `ok`, `none` (take care), `err` (do not accept).
    #[must_use]
    pub fn tone(self) -> &'static str {
        match self {
            Self::Valid => "ok",
            Self::NotYet | Self::Withheld => "none",
            Self::Expired | Self::Ended(_) | Self::Altered => "err",
        }
    }
}

/// First and last day of validity; no last day: for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    pub from: Date,
    pub to: Option<Date>,
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn status_and_dates_give_the_standing() {
        let dates = Dates { from: date!(2026 - 01 - 01), to: Some(date!(2026 - 12 - 31)) };
        let on = |today, status| Standing::on(today, status, &dates);
        assert_eq!(on(date!(2026 - 12 - 31), Status::Valid), Standing::Valid);
        assert_eq!(on(date!(2027 - 01 - 01), Status::Valid), Standing::Expired);
        assert_eq!(on(date!(2025 - 12 - 31), Status::Valid), Standing::NotYet);
        assert_eq!(on(date!(2026 - 06 - 01), Status::Revoked), Standing::Ended(Status::Revoked));
        assert_eq!(on(date!(2027 - 06 - 01), Status::Revoked), Standing::Ended(Status::Revoked));
        let forever = Dates { to: None, ..dates };
        assert_eq!(Standing::on(date!(2999 - 01 - 01), Status::Valid, &forever), Standing::Valid);
    }

    #[test]
    fn codes_and_names_are_read_back() {
        assert!(Status::ALL.iter().all(|status| Status::from_code(status.code()) == Some(*status)));
        assert!(Reason::ALL.iter().all(|reason| Reason::from_name(reason.name()) == Some(*reason)));
        assert_eq!((Status::from_code("08"), Reason::from_name("")), (None, None));
    }
}
