//! The way through a form: which pages there are for these answers, what comes next, how far one is.
use super::Filling;
use super::model::Page;
use super::walk::{Shown, walk};

/// A page in the task list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageProgress<'a> {
    pub page: &'a Page,
    pub state: PageState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageState {
    Todo,
    /// Something is typed, but not everything is there and right.
    Started,
    Done,
}

impl PageState {
    #[must_use]
    pub fn text_key(self) -> &'static str {
        match self {
            Self::Todo => "form-state-todo",
            Self::Started => "form-state-started",
            Self::Done => "form-state-done",
        }
    }
}

impl<'a> Filling<'a> {
    #[must_use]
    pub fn visible_pages(&self) -> Vec<&'a Page> {
        walk(self.form, self.answers).into_iter().map(|shown| shown.page).collect()
    }

    /// The page after this one; None after the last: check the answers. For a page that is not shown (any more), the
    /// next one that is.
    #[must_use]
    pub fn next_page(&self, key: &str) -> Option<&'a Page> {
        let at = self.place(key)?;
        self.visible_pages().into_iter().find(|page| self.place(&page.key) > Some(at))
    }

    #[must_use]
    pub fn prev_page(&self, key: &str) -> Option<&'a Page> {
        let at = self.place(key)?;
        self.visible_pages().into_iter().rev().find(|page| self.place(&page.key) < Some(at))
    }

    fn place(&self, key: &str) -> Option<usize> {
        self.form.pages.iter().position(|page| page.key == key)
    }

    /// (number from 1, of how many) among the pages that are shown now.
    #[must_use]
    pub fn position(&self, key: &str) -> Option<(usize, usize)> {
        let pages = self.visible_pages();
        pages.iter().position(|page| page.key == key).map(|at| (at + 1, pages.len()))
    }

    #[must_use]
    pub fn progress(&self) -> Vec<PageProgress<'a>> {
        let shown = walk(self.form, self.answers);
        shown.iter().map(|shown| PageProgress { page: shown.page, state: self.state(shown) }).collect()
    }

    /// Where to go on; None when every page is done.
    #[must_use]
    pub fn first_unfinished(&self) -> Option<&'a Page> {
        self.progress().into_iter().find(|progress| progress.state != PageState::Done).map(|progress| progress.page)
    }

    /// Fields of a page that its own answers brought up and that nothing was typed into yet. A page without script
    /// cannot show them before it is sent: show it once more instead of calling them missing.
    #[must_use]
    pub fn revealed(&self, page: &Page, before: &Self) -> Vec<String> {
        let paths = |filling: &Self| -> Vec<String> {
            walk(filling.form, filling.answers)
                .into_iter()
                .filter(|shown| shown.page.key == page.key)
                .flat_map(|shown| shown.fields)
                .map(|placed| placed.path)
                .collect()
        };
        let earlier = paths(before);
        paths(self).into_iter().filter(|path| !earlier.contains(path) && !self.answers.is_answered(path)).collect()
    }

    fn state(&self, shown: &Shown<'_>) -> PageState {
        let right = self.page_errors(shown).is_empty();
        let own = |path: &str| self.answers.is_answered(path) && self.prefills.get(path).is_none();
        let typed = shown.fields.iter().any(|placed| own(&placed.path) || self.is_changed(&placed.path));
        let seen = self.answers.seen.contains(&shown.page.key);
        match (seen, right, typed) {
            (true, true, _) => PageState::Done,
            (true, false, _) | (false, _, true) => PageState::Started,
            (false, _, false) => PageState::Todo,
        }
    }
}
