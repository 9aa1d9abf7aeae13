//! An answer as a test reads it: status, headers, words, fields, links. Every assertion shows the page when it fails.
use axum::http::{HeaderMap, header};
use platform::Platform;
use platform::i18n::Lang;

use crate::html::{self, Element};

pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// What was asked, for messages.
    pub asked: String,
    pub(crate) platform: Platform,
}

impl Page {
    /// The body as text; what is not UTF-8 shows as the replacement character.
    #[must_use]
    pub fn html(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The words of the page between its main tags, else of all of it.
    #[must_use]
    pub fn words(&self) -> String {
        let html = self.html();
        let main = html::elements(&html).into_iter().find(|element| element.name == "main");
        main.map_or_else(|| html::words(&html), |main| html::words(html::inner(&html, &main)))
    }

    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Where a redirect leads; fails when it is none.
    #[must_use]
    #[track_caller]
    pub fn location(&self) -> String {
        assert_eq!(self.status, 303, "wanted a redirect\n{}", self.shown());
        self.header(header::LOCATION.as_str()).to_owned()
    }

    #[track_caller]
    pub fn assert_status(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "wanted status {status}\n{}", self.shown());
        self
    }

    #[track_caller]
    pub fn assert_ok(&self) -> &Self {
        self.assert_status(200)
    }

    /// The words contain these.
    #[track_caller]
    pub fn assert_has(&self, words: &str) -> &Self {
        assert!(self.has(words), "wanted {words:?}\n{}", self.shown());
        self
    }

    #[track_caller]
    pub fn assert_lacks(&self, words: &str) -> &Self {
        assert!(!self.has(words), "did not want {words:?}\n{}", self.shown());
        self
    }

    #[must_use]
    pub fn has(&self, words: &str) -> bool {
        self.words().contains(&squeeze(words)) || html::words(&self.html()).contains(&squeeze(words))
    }

    /// The page says the text of this key in its own language.
    #[track_caller]
    pub fn assert_says(&self, key: &str) -> &Self {
        self.assert_says_with(key, &[])
    }

    #[track_caller]
    pub fn assert_says_with(&self, key: &str, args: &[(&str, &str)]) -> &Self {
        let text = self.text(key, args);
        assert!(self.has(&text), "wanted {key}: {text:?}\n{}", self.shown());
        self
    }

    /// A text of the program in the page's language; a key that is missing fails the test.
    #[must_use]
    #[track_caller]
    pub fn text(&self, key: &str, args: &[(&str, &str)]) -> String {
        let texts = self.platform.texts();
        assert!(texts.has(key), "there is no text {key}");
        texts.format(self.lang(), key, args)
    }

    #[must_use]
    pub fn lang(&self) -> Lang {
        let html = self.html();
        let root = html::elements(&html).into_iter().find(|element| element.name == "html");
        root.and_then(|root| Lang::from_tag(root.attribute("lang").unwrap_or_default())).unwrap_or_default()
    }

    #[must_use]
    pub fn elements(&self) -> Vec<Element> {
        html::elements(&self.html())
    }

    /// The value of a field as the page shows it: input, ticked choice, chosen option, text area.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<String> {
        self.values(name).into_iter().next()
    }

    /// All values of a field: of boxes and choices those that are ticked.
    #[must_use]
    pub fn values(&self, name: &str) -> Vec<String> {
        let html = self.html();
        let named = |element: &&Element| element.attribute("name") == Some(name);
        let all = html::elements(&html);
        let value = |element: &Element| match element.name.as_str() {
            "textarea" => vec![html::decode(html::inner(&html, element).trim_start_matches('\n'))],
            "select" => chosen(&html, element),
            "input" => {
                let is_choice = matches!(element.attribute("type"), Some("radio" | "checkbox"));
                let shown = !is_choice || element.attribute("checked").is_some();
                shown.then(|| element.attribute("value").unwrap_or_default().to_owned()).into_iter().collect()
            }
            _ => Vec::new(),
        };
        all.iter().filter(named).flat_map(value).collect()
    }

    /// The form token that the page carries.
    #[must_use]
    pub fn csrf(&self) -> Option<String> {
        self.value("csrf").filter(|token| !token.is_empty())
    }

    /// The address of the first link whose words contain these.
    #[must_use]
    #[track_caller]
    pub fn link(&self, words: &str) -> String {
        let html = self.html();
        let mut links = html::elements(&html).into_iter().filter(|element| element.name == "a");
        let found = links.find(|link| html::words(html::inner(&html, link)).contains(words));
        let found = found.unwrap_or_else(|| panic!("no link {words:?}\n{}", self.shown()));
        found.attribute("href").unwrap_or_default().to_owned()
    }

    /// Addresses of links that begin so, in their order.
    #[must_use]
    pub fn links(&self, begin: &str) -> Vec<String> {
        let links = self.elements().into_iter().filter(|element| element.name == "a");
        let hrefs = links.filter_map(|link| link.attribute("href").map(str::to_owned));
        hrefs.filter(|href| href.starts_with(begin)).collect()
    }

    /// The forms of the page: where each sends to, and its hidden fields.
    #[must_use]
    pub fn forms(&self) -> Vec<(String, Vec<(String, String)>)> {
        let html = self.html();
        let forms = html::elements(&html).into_iter().filter(|element| element.name == "form");
        let hidden = |form: &Element| {
            let fields = html::elements(html::inner(&html, form)).into_iter();
            let fields = fields.filter(|field| field.attribute("type") == Some("hidden"));
            let text = |field: &Element, name| field.attribute(name).unwrap_or_default().to_owned();
            fields.map(|field| (text(&field, "name"), text(&field, "value"))).collect()
        };
        forms.map(|form| (form.attribute("action").unwrap_or_default().to_owned(), hidden(&form))).collect()
    }

    /// Where the forms of the page send to.
    #[must_use]
    pub fn actions(&self) -> Vec<String> {
        let forms = self.elements().into_iter().filter(|element| element.name == "form");
        forms.filter_map(|form| form.attribute("action").map(str::to_owned)).collect()
    }

    /// The lines of the error summary: where each leads, and its words.
    #[must_use]
    pub fn summary(&self) -> Vec<(String, String)> {
        let html = self.html();
        let Some(summary) = html::elements(&html).into_iter().find(|element| element.has_class("sum")) else {
            return Vec::new();
        };
        let inside = html::inner(&html, &summary).to_owned();
        let lines = html::elements(&inside).into_iter().filter(|element| element.name == "li");
        let line = |line: Element| {
            let content = html::inner(&inside, &line);
            let link = html::elements(content).into_iter().find(|element| element.name == "a");
            let target = link.and_then(|link| link.attribute("href").map(str::to_owned)).unwrap_or_default();
            (target, html::words(content))
        };
        lines.map(line).collect()
    }

    /// The message that stands beside a field, by the field's id.
    #[must_use]
    pub fn error_beside(&self, id: &str) -> Option<String> {
        let html = self.html();
        let wanted = format!("{id}-error");
        let message = html::elements(&html).into_iter().find(|e| e.attribute("id") == Some(wanted.as_str()))?;
        Some(html::words(html::inner(&html, &message)))
    }

    /// An error stands in the summary, leads to its field, and stands beside it with the same words.
    #[track_caller]
    pub fn assert_field_error(&self, id: &str, words: &str) -> &Self {
        let summary = self.summary();
        let line = summary.iter().find(|(target, _)| *target == format!("#{id}"));
        let (_, said) = line.unwrap_or_else(|| panic!("no line for {id} in {summary:?}\n{}", self.shown()));
        assert!(said.contains(words), "wanted {words:?} in {said:?}");
        let beside = self.error_beside(id).unwrap_or_else(|| panic!("nothing beside {id}\n{}", self.shown()));
        assert!(beside.contains(said.as_str()), "{beside:?} is not {said:?}");
        assert!(self.elements().iter().any(|e| e.attribute("id") == Some(id)), "no element {id}\n{}", self.shown());
        self
    }

    #[must_use]
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}\n{}", self.shown()))
    }

    /// What a failing test shows.
    #[must_use]
    pub fn shown(&self) -> String {
        let words: String = self.words().chars().take(3_000).collect();
        format!("{} -> {} {}\n{words}", self.asked, self.status, self.header("location"))
    }
}

fn chosen(html: &str, select: &Element) -> Vec<String> {
    let inside = html::inner(html, select);
    let options = html::elements(inside).into_iter().filter(|element| element.name == "option");
    let chosen = options.filter(|option| option.attribute("selected").is_some());
    chosen.map(|option| option.attribute("value").unwrap_or_default().to_owned()).collect()
}

/// Texts of documents may hold line breaks; words of a page have single spaces.
fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
