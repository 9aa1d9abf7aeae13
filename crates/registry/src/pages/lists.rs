//! Lists by key, several on a page: the page shows how each begins; `?list=own&after=sub_…` shows one of them from there.
use platform::page;
use platform::posted::Query;

use super::ON_A_PAGE;

/// Which list goes on, and after which line.
pub struct Asked {
    page: &'static str,
    list: String,
    after: String,
}

/// One page of a list, as a template shows it.
pub struct Part<T> {
    /// The page shows this list.
    pub shown: bool,
    pub lines: Vec<T>,
    pub first: String,
    pub next: String,
}

impl Asked {
    pub fn of(page: &'static str, query: &Query) -> Self {
        Self { page, list: query.get("list").to_owned(), after: query.get("after").to_owned() }
    }

    fn goes_on(&self, list: &str) -> bool {
        self.list == list && !self.after.is_empty()
    }

    /// The line before the page of a list that runs from the newest to the oldest.
    pub fn before(&self, list: &str) -> &str {
        // Greater than every identifier, in each database's order.
        if self.goes_on(list) { &self.after } else { "z" }
    }

    /// The line before the page of a list by day: the day and the identifier.
    pub fn after_day(&self, list: &str) -> (&str, &str) {
        if self.goes_on(list) { self.after.split_once('.').unwrap_or_default() } else { ("", "") }
    }

    /// As `after_day`, of a list that runs from the latest day to the earliest.
    pub fn before_day(&self, list: &str) -> (&str, &str) {
        if self.goes_on(list) { self.after.split_once('.').unwrap_or_default() } else { ("9999-12-31", "z") }
    }

    /// The line before the page of a list from the oldest to the newest.
    pub fn after(&self, list: &str) -> &str {
        if self.goes_on(list) { &self.after } else { "" }
    }

    /// One page of what several offices have together, in the order of `key`, each line once. `place` of a line
    /// stands in the address of the next page.
    pub fn part<T, K: Ord>(
        &self,
        list: &str,
        mut lines: Vec<T>,
        key: impl Fn(&T) -> K,
        place: impl Fn(&T) -> String,
    ) -> Part<T> {
        lines.sort_by_cached_key(&key);
        lines.dedup_by(|a, b| key(a) == key(b));
        let next = page::cut(&mut lines, ON_A_PAGE as usize).map(place);
        Part {
            shown: self.list.is_empty() || self.list == list,
            first: if self.goes_on(list) { self.page.to_owned() } else { String::new() },
            next: next.map(|place| format!("{}?list={list}&after={place}", self.page)).unwrap_or_default(),
            lines,
        }
    }
}

impl<T> Part<T> {
    /// The same lines in words.
    pub fn map<U>(&self, line: impl Fn(&T) -> U) -> Part<U> {
        let lines = self.lines.iter().map(line).collect();
        Part { shown: self.shown, lines, first: self.first.clone(), next: self.next.clone() }
    }
}
