//! What a grant allows: fields, matters and period; and when one set of terms is narrower than another.
use platform::FieldError;
use platform::clock::Timestamp;

/// Terms of a request, a grant or a delegation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub fields: Vec<String>,
    /// Keys of items and identifiers of cases; empty: everything that the purpose covers.
    pub matters: Vec<String>,
    pub from: Timestamp,
    /// The first instant at which it no longer holds; None: until it is revoked.
    pub to: Option<Timestamp>,
}

impl Terms {
    /// Whether these terms are no wider than others: every field that goes beyond them is named (`fields`, `matters`,
    /// `from`, `to`).
    pub fn check_within(&self, outer: &Self) -> Result<(), Vec<FieldError>> {
        let mut errors = Vec::new();
        let beyond = |list: &[String], all: &[String]| list.iter().any(|one| !all.contains(one));
        if self.fields.is_empty() {
            errors.push(FieldError::new("fields", "exchange-terms-fields-none"));
        } else if beyond(&self.fields, &outer.fields) {
            errors.push(FieldError::new("fields", "exchange-terms-fields-wider"));
        }
        if outer.matters.len() > 1 && self.matters.is_empty() {
            errors.push(FieldError::new("matters", "exchange-terms-matters-none"));
        } else if !outer.matters.is_empty() && (self.matters.is_empty() || beyond(&self.matters, &outer.matters)) {
            errors.push(FieldError::new("matters", "exchange-terms-matters-wider"));
        }
        if self.from < outer.from {
            errors.push(FieldError::new("from", "exchange-terms-from-wider"));
        }
        if ends_after(self.to, outer.to) {
            errors.push(FieldError::new("to", "exchange-terms-to-wider"));
        }
        if self.to.is_some_and(|to| to <= self.from) {
            errors.push(FieldError::new("to", "exchange-terms-to-before"));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// What is left of these terms under others: of a delegation when its grant is narrowed. None: nothing.
    #[must_use]
    pub fn capped(&self, outer: &Self) -> Option<Self> {
        let both = |list: &[String], all: &[String]| -> Vec<String> {
            list.iter().filter(|one| all.contains(one)).cloned().collect()
        };
        let fields = both(&self.fields, &outer.fields);
        let matters = match (self.matters.is_empty(), outer.matters.is_empty()) {
            (_, true) => self.matters.clone(),
            (true, false) => outer.matters.clone(),
            (false, false) => both(&self.matters, &outer.matters),
        };
        let nothing_for = matters.is_empty() && !outer.matters.is_empty();
        let from = self.from.max(outer.from);
        let to = if ends_after(self.to, outer.to) { outer.to } else { self.to };
        let left = !fields.is_empty() && !nothing_for && to.is_none_or(|to| to > from);
        left.then_some(Self { fields, matters, from, to })
    }
}

fn ends_after(own: Option<Timestamp>, other: Option<Timestamp>) -> bool {
    match (own, other) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(own), Some(other)) => own > other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(fields: &[&str], matters: &[&str], from: i64, to: Option<i64>) -> Terms {
        let list = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
        Terms { fields: list(fields), matters: list(matters), from: Timestamp(from), to: to.map(Timestamp) }
    }

    fn named(inner: &Terms, outer: &Terms) -> Vec<String> {
        inner.check_within(outer).err().unwrap_or_default().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn every_way_to_be_wider_is_named() {
        let outer = terms(&["name", "sex"], &["senior-card"], 10, Some(20));
        assert!(named(&outer, &outer).is_empty());
        assert!(named(&terms(&["sex"], &["senior-card"], 12, Some(19)), &outer).is_empty());
        assert_eq!(named(&terms(&["name", "mobile"], &["senior-card"], 10, Some(20)), &outer), ["fields"]);
        assert_eq!(named(&terms(&[], &["senior-card"], 10, Some(20)), &outer), ["fields"]);
        // For everything is wider than for one item.
        assert_eq!(named(&terms(&["name"], &[], 10, Some(20)), &outer), ["matters"]);
        assert_eq!(named(&terms(&["name"], &["food-licence"], 9, None), &outer), ["matters", "from", "to"]);
        assert_eq!(named(&terms(&["name"], &["senior-card"], 15, Some(15)), &outer), ["to"]);
        let open = terms(&["name"], &[], 10, None);
        assert!(named(&terms(&["name"], &["senior-card"], 10, Some(99)), &open).is_empty());
    }

    #[test]
    fn what_is_left_is_within_both_or_nothing() {
        let own = terms(&["name", "sex"], &[], 10, Some(30));
        let outer = terms(&["sex", "mobile"], &["senior-card"], 5, Some(20));
        let left = own.capped(&outer).unwrap();
        assert_eq!(left, terms(&["sex"], &["senior-card"], 10, Some(20)));
        left.check_within(&outer).unwrap();
        assert_eq!(own.capped(&own).unwrap(), own);
        for over in
            [terms(&["mobile"], &[], 5, None), terms(&["name"], &[], 0, Some(10)), terms(&["name"], &[], 30, None)]
        {
            assert_eq!(own.capped(&over), None, "{over:?}");
        }
        let other = terms(&["name"], &["food-licence"], 10, None);
        assert_eq!(other.capped(&outer), None);
    }
}
