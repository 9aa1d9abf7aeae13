//! Finding items by what people type: names, everyday names, aliases and keywords in three languages, pinyin in full or by
//! initials, words begun, either script, a slip of a letter. In memory, rebuilt when the catalogue changes.
//!
//! Texts are cut into words (Latin) and pairs of characters (Chinese). A query is cut the same way; an item's score is how
//! well its best texts match, weighed by how many parts of the query it matches at all.
use std::collections::{BTreeMap, HashMap};

use pinyin::ToPinyin;
use platform::i18n::{Lang, Text};

use crate::item::Item;

/// A found item: its place in the list that the index was built from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    pub item: usize,
    pub score: f32,
}

/// Weights of what was matched: the name says more than a keyword.
const NAME: f32 = 10.0;
const EVERYDAY: f32 = 9.0;
const ALIAS: f32 = 8.0;
const KEYWORD: f32 = 4.0;

/// Of a query, more is not looked at.
const MAX_QUERY_CHARS: usize = 64;
/// English words that say nothing about a service.
const EMPTY_WORDS: &[&str] =
    &["a", "an", "the", "of", "for", "to", "my", "i", "in", "on", "how", "get", "want", "and", "or"];

#[derive(Debug, Default)]
pub struct SearchIndex {
    count: usize,
    /// Traditional → Simplified, learnt from the texts of the catalogue itself: names stand in both scripts.
    simplified: HashMap<char, char>,
    /// Words and pairs of characters, sorted, each with the items that have it and the weight.
    terms: Vec<(String, Vec<Posting>)>,
    /// Pinyin from each syllable of a name to its end, sorted: `renyoudaizheng`.
    syllables: Vec<(String, Posting)>,
    /// Initials from each syllable to the end: `rydz`.
    initials: Vec<(String, Posting)>,
    /// Whole texts, folded: an exact hit goes first.
    whole: HashMap<String, Vec<Posting>>,
}

#[derive(Debug, Clone, Copy)]
struct Posting {
    item: u32,
    weight: f32,
}

impl SearchIndex {
    #[must_use]
    pub fn new<'a>(items: impl IntoIterator<Item = &'a Item>) -> Self {
        let items: Vec<&Item> = items.into_iter().collect();
        let simplified = learn(items.iter().flat_map(|item| texts_in_both_scripts(item)));
        let index = Self { count: items.len(), simplified, ..Self::default() };
        let mut building = Building { index, ..Building::default() };
        for (number, item) in (0..).zip(items) {
            building.item(number, item);
        }
        building.finish()
    }

    /// The best `limit` items, best first. Every language finds everything; readers of English type words more often than
    /// pinyin, so for them sounds count less.
    #[must_use]
    pub fn search(&self, query: &str, lang: Lang, limit: usize) -> Vec<Hit> {
        let folded = self.fold(query);
        let parts = cut(&folded);
        if self.count == 0 || (parts.is_empty() && !self.whole.contains_key(&folded)) {
            return Vec::new();
        }
        let mut scores = Scores::new(self.count);
        for part in &parts {
            scores.begin_part();
            self.part(part, &mut scores);
        }
        let latin: String = folded.chars().filter(char::is_ascii_alphanumeric).collect();
        let sounds = if lang == Lang::En { 0.6 } else { 1.0 };
        self.sounds(&latin, (parts.len(), sounds), &mut scores);
        for posting in self.whole.get(&folded).into_iter().flatten() {
            scores.bonus(*posting, 3.0);
        }
        scores.best(parts.len().max(1), limit)
    }

    fn fold(&self, query: &str) -> String {
        fold(query.chars().take(MAX_QUERY_CHARS), &self.simplified)
    }

    /// One word or pair of characters: the same, begun with, or almost the same.
    fn part(&self, part: &str, scores: &mut Scores) {
        let begun = range_of(&self.terms, part);
        let found = !begun.is_empty();
        for (term, postings) in begun {
            let share = if term == part { 1.0 } else { 0.7 };
            postings.iter().for_each(|posting| scores.add(*posting, share));
        }
        if !found && part.is_ascii() && part.len() >= 4 {
            self.almost(part, scores);
        }
    }

    /// One letter wrong, missing, doubled or swapped; the first letter is taken as right.
    fn almost(&self, part: &str, scores: &mut Scores) {
        let near = range_of(&self.terms, part.get(..1).unwrap_or_default());
        for (term, postings) in near {
            if term.is_ascii() && one_slip(part.as_bytes(), term.as_bytes()) {
                postings.iter().for_each(|posting| scores.add(*posting, 0.5));
            }
        }
    }

    /// `lao nian ren`, `laonianren` or `lnr`: matches every part of the query at once.
    fn sounds(&self, latin: &str, (parts, worth): (usize, f32), scores: &mut Scores) {
        if latin.len() < 2 {
            return;
        }
        for (_, posting) in range_of(&self.syllables, latin) {
            scores.all_parts(*posting, 0.9 * worth, parts);
        }
        if latin.len() <= 12 {
            for (whole, posting) in range_of(&self.initials, latin) {
                let share = if whole.len() == latin.len() { 0.7 } else { 0.5 };
                scores.all_parts(*posting, share * worth, parts);
            }
        }
    }
}

/// The entries of a sorted list that begin with a text.
fn range_of<'a, T>(list: &'a [(String, T)], start: &str) -> &'a [(String, T)] {
    let from = list.partition_point(|(text, _)| text.as_str() < start);
    let length = list[from..].partition_point(|(text, _)| text.starts_with(start));
    &list[from..from + length]
}

/// Sums over the parts of a query; within a part, the best match counts once.
struct Scores {
    total: Vec<f32>,
    part: Vec<f32>,
    matched: Vec<u16>,
    touched: Vec<u32>,
}

impl Scores {
    fn new(count: usize) -> Self {
        Self { total: vec![0.0; count], part: vec![0.0; count], matched: vec![0; count], touched: Vec::new() }
    }

    fn begin_part(&mut self) {
        for item in self.touched.drain(..) {
            self.part[item as usize] = 0.0;
        }
    }

    fn add(&mut self, posting: Posting, share: f32) {
        let at = posting.item as usize;
        let score = posting.weight * share;
        if self.part[at] == 0.0 {
            self.touched.push(posting.item);
            self.matched[at] += 1;
        }
        if score > self.part[at] {
            self.total[at] += score - self.part[at];
            self.part[at] = score;
        }
    }

    fn all_parts(&mut self, posting: Posting, share: f32, parts: usize) {
        let at = posting.item as usize;
        let parts = parts.max(1);
        let score = posting.weight * share * parts as f32;
        if score > self.total[at] {
            self.total[at] = score;
            self.matched[at] = u16::try_from(parts).unwrap_or(u16::MAX);
        }
    }

    fn bonus(&mut self, posting: Posting, share: f32) {
        let at = posting.item as usize;
        self.matched[at] = self.matched[at].max(1);
        self.total[at] += posting.weight * share;
    }

    /// Items that match few parts of a long query sink: by the square of their share.
    fn best(self, parts: usize, limit: usize) -> Vec<Hit> {
        let mut hits: Vec<Hit> = (0..self.total.len())
            .filter(|at| self.total[*at] > 0.0)
            .map(|item| {
                let share = f32::from(self.matched[item]) / parts as f32;
                Hit { item, score: self.total[item] * share.min(1.0).powi(2) }
            })
            .collect();
        let by_score = |a: &Hit, b: &Hit| b.score.total_cmp(&a.score).then(a.item.cmp(&b.item));
        if hits.len() > limit && limit > 0 {
            hits.select_nth_unstable_by(limit - 1, by_score);
        }
        hits.truncate(limit);
        hits.sort_by(by_score);
        hits
    }
}

/// Lower case, full-width forms made plain, Traditional characters made Simplified as far as the catalogue knows them.
fn fold(text: impl Iterator<Item = char>, simplified: &HashMap<char, char>) -> String {
    let plain = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => simplified.get(&c).copied().unwrap_or(c),
    };
    let lower: String = text.map(plain).flat_map(char::to_lowercase).collect();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Words of letters and digits; pairs of Chinese characters, or one that stands alone.
fn cut(folded: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut word = String::new();
    let mut run: Vec<char> = Vec::new();
    for c in folded.chars().chain([' ']) {
        if is_chinese(c) || !c.is_alphanumeric() {
            let said = !word.is_empty() && !EMPTY_WORDS.contains(&word.as_str());
            if said {
                parts.push(word.clone());
            }
            word.clear();
        } else {
            word.push(c);
        }
        if is_chinese(c) {
            run.push(c);
        } else if !run.is_empty() {
            parts.extend(pairs(&run));
            run.clear();
        }
    }
    let mut seen = std::collections::HashSet::new();
    parts.retain(|part| seen.insert(part.clone()));
    parts
}

fn pairs(run: &[char]) -> Vec<String> {
    match run {
        [one] => vec![one.to_string()],
        _ => run.windows(2).map(|pair| pair.iter().collect()).collect(),
    }
}

/// Whether one letter was changed, left out, added, or two neighbours swapped; ends may be longer by one.
fn one_slip(typed: &[u8], word: &[u8]) -> bool {
    let same = typed.iter().zip(word).take_while(|(a, b)| a == b).count();
    let (typed, word) = (&typed[same..], &word[same..]);
    match (typed, word) {
        ([], rest) => rest.len() <= 1,
        ([_, a @ ..], []) => a.is_empty(),
        ([_, a @ ..], [_, b @ ..]) => {
            let swapped = matches!((typed, word), ([w, x, p @ ..], [y, z, q @ ..]) if w == z && x == y && p == q);
            a == b || a == word || typed == b || swapped
        }
    }
}

/// The texts of an item that stand in both scripts.
fn texts_in_both_scripts(item: &Item) -> Vec<&Text> {
    let identity = &item.identity;
    let mut texts = vec![&identity.name, &identity.summary];
    texts.extend(&identity.everyday_name);
    texts.extend(&item.result.name);
    texts.extend(item.materials.iter().map(|material| &material.name));
    texts.extend(&item.doing.conditions);
    texts
}

/// Character by character, where both texts have the same length; a pair must agree in nearly all texts.
fn learn<'a>(texts: impl Iterator<Item = &'a Text>) -> HashMap<char, char> {
    let mut seen: BTreeMap<char, BTreeMap<char, usize>> = BTreeMap::new();
    for text in texts {
        if text.zh_hans.chars().count() == text.zh_hant.chars().count() {
            for (simple, traditional) in text.zh_hans.chars().zip(text.zh_hant.chars()) {
                *seen.entry(traditional).or_default().entry(simple).or_default() += 1;
            }
        }
    }
    let mut learnt = HashMap::new();
    for (traditional, simple) in seen {
        let all: usize = simple.values().sum();
        if let Some((best, times)) = simple.into_iter().max_by_key(|(_, times)| *times)
            && best != traditional
            && is_chinese(best)
            && times * 10 >= all * 9
        {
            learnt.insert(traditional, best);
        }
    }
    learnt
}

/// An index being built.
#[derive(Default)]
struct Building {
    index: SearchIndex,
    terms: BTreeMap<String, BTreeMap<u32, f32>>,
}

impl Building {
    fn item(&mut self, number: u32, item: &Item) {
        let identity = &item.identity;
        for lang in Lang::ALL {
            let posting = |weight| Posting { item: number, weight };
            self.text(identity.name.get(lang), posting(NAME));
            if let Some(everyday) = &identity.everyday_name {
                self.text(everyday.get(lang), posting(EVERYDAY));
            }
            for alias in item.search.aliases.get(lang) {
                self.text(alias, posting(ALIAS));
            }
            for keyword in item.search.keywords.get(lang) {
                self.text(keyword, posting(KEYWORD));
            }
        }
    }

    fn text(&mut self, text: &str, posting: Posting) {
        let folded = fold(text.chars(), &self.index.simplified);
        for part in cut(&folded) {
            self.term(part, posting);
        }
        for c in folded.chars().filter(|c| is_chinese(*c)) {
            self.term(c.to_string(), posting);
        }
        self.sound(&folded, posting);
        let whole = self.index.whole.entry(folded).or_default();
        if !whole.iter().any(|other| other.item == posting.item) {
            whole.push(posting);
        }
    }

    fn term(&mut self, term: String, posting: Posting) {
        let weight = self.terms.entry(term).or_default().entry(posting.item).or_insert(0.0);
        *weight = weight.max(posting.weight);
    }

    fn sound(&mut self, folded: &str, posting: Posting) {
        let syllables: Vec<&'static str> =
            folded.chars().filter_map(|c| c.to_pinyin()).map(|syllable| syllable.plain()).collect();
        for from in 0..syllables.len() {
            let rest = &syllables[from..];
            let place = Posting { weight: if from == 0 { posting.weight } else { posting.weight * 0.8 }, ..posting };
            self.index.syllables.push((rest.concat(), place));
            self.index.initials.push((rest.iter().filter_map(|syllable| syllable.get(..1)).collect(), place));
        }
    }

    fn finish(mut self) -> SearchIndex {
        let postings = |items: BTreeMap<u32, f32>| items.into_iter().map(|(item, weight)| Posting { item, weight });
        self.index.terms = self.terms.into_iter().map(|(term, items)| (term, postings(items).collect())).collect();
        for list in [&mut self.index.syllables, &mut self.index.initials] {
            list.sort_by(|a, b| (&a.0, a.1.item).cmp(&(&b.0, b.1.item)).then(b.1.weight.total_cmp(&a.1.weight)));
            list.dedup_by(|a, b| a.0 == b.0 && a.1.item == b.1.item);
        }
        self.index
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::tests::demo_items;

    fn found(index: &SearchIndex, items: &[Item], query: &str) -> Vec<String> {
        [Lang::ZhHans, Lang::En].iter().for_each(|lang| {
            assert_eq!(index.search(query, *lang, 3).len(), index.search(query, Lang::ZhHant, 3).len());
        });
        index.search(query, Lang::ZhHans, 3).iter().map(|hit| items[hit.item].key.clone()).collect()
    }

    #[test]
    fn the_item_is_found_by_every_name_it_goes_by() {
        let items = demo_items();
        let index = SearchIndex::new(&items);
        let cases = [
            (
                "senior-card",
                "senior card|Senior Card|old people card|老年人优待证|優待證|老年人優待證|优待证|敬老卡|老人证",
            ),
            (
                "senior-card",
                "lao nian ren|laonianren|lnr|lao nian ren you dai zheng|lnryd|youdaizheng|senoir card|seniro",
            ),
            ("residence-permit", "居住证|居住證|residence permit|juzhu|jzz|暂住证|resident permitt"),
            ("food-licence", "food licence|food license|餐饮|食品经营许可证|食品經營許可證|shipin|restaurant"),
            ("school-entry", "上小学|school|xiaoxue"),
            ("unemployment-benefit", "失业金|失業|unemployed|shiyejin"),
            ("marriage-appointment", "结婚|結婚|marriage|jiehun|领证"),
            ("birth-registration", "新生儿上户口|baby"),
        ];
        for (key, queries) in cases {
            for query in queries.split('|') {
                let found = found(&index, &items, query);
                assert_eq!(found.first().map(String::as_str), Some(key), "{query}: {found:?}");
            }
        }
    }

    #[test]
    fn nothing_is_found_for_nothing() {
        let items = demo_items();
        let index = SearchIndex::new(&items);
        for query in ["", "   ", "!?。", "zzzzqqq", "\u{0}", "龘龘"] {
            assert!(found(&index, &items, query).is_empty(), "{query:?}");
        }
        assert!(SearchIndex::new([]).search("card", Lang::En, 10).is_empty());
        assert!(index.search("card", Lang::En, 0).is_empty());
        assert!(!index.search(&"证card ".repeat(100_000), Lang::En, 10).is_empty());
    }

    #[test]
    fn one_slip_is_forgiven_and_no_more() {
        let slip = |a: &str, b: &str| one_slip(a.as_bytes(), b.as_bytes());
        assert!(slip("senoir", "senior") && slip("senir", "senior") && slip("seniior", "senior"));
        assert!(slip("seniar", "senior") && slip("seniors", "senior") && slip("senio", "senior"));
        assert!(!slip("sneoir", "senior") && !slip("sen", "senior"));
    }

    /// Five thousand items; each query must take well under a millisecond on a server, so the sum of many is bounded
    /// generously here for slow test machines without optimisation.
    #[test]
    fn a_catalogue_of_five_thousand_stays_quick() {
        let mut demo = demo_items();
        demo.iter_mut().for_each(|item| item.form.pages.clear());
        let many: Vec<Item> = (0..5_000).map(|n| numbered(&demo[n % demo.len()], n)).collect();
        let index = SearchIndex::new(&many);
        let queries = ["senior card", "老年人优待证", "laonianren", "lnr", "l", "senoir", "证", "a b c d e f g h"];
        let started = std::time::Instant::now();
        for query in queries.iter().cycle().take(80) {
            assert!(index.search(query, Lang::ZhHans, 20).len() <= 20);
        }
        let each = started.elapsed() / 80;
        assert!(each < std::time::Duration::from_millis(20), "{each:?}");
        assert!(!index.search("优待证4900", Lang::En, 5).is_empty());
    }

    fn numbered(item: &Item, number: usize) -> Item {
        let mut item = item.clone();
        item.identity.name.zh_hans.push_str(&number.to_string());
        item.identity.name.en.push_str(&format!(" variant{}", number % 977));
        item
    }
}
