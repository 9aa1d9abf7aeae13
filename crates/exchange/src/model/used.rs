//! Who was given a value, as the trail knows it: so that they can be told when it turns out wrong.

/// One use of a value, or several that are alike.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Used {
    /// Key of the office that answers for the look: that of the role that carried it, else the organisation that asked.
    pub office: String,
    /// Who looked (`off_…`); None: the program looked for the office.
    pub official: Option<String>,
    pub item: Option<String>,
    /// The case that it was used for.
    pub case: Option<String>,
    /// The law hides this look now: nobody may learn of it from who is told or how many.
    pub hidden: bool,
}

/// Each use once, in the order of the first looks.
#[must_use]
pub fn each_once(all: Vec<Used>) -> Vec<Used> {
    let mut known = std::collections::HashSet::new();
    all.into_iter().filter(|used| known.insert(used.clone())).collect()
}
