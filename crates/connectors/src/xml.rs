//! XML of a source: elements and their text. No document type, no entities but the five, bounded in depth and number.
use quick_xml::events::{BytesRef, Event};
use quick_xml::reader::Reader;
use serde_json::{Map, Value};

use crate::error::{Answered, SourceError};

/// An element by its local name; attributes are not read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub name: String,
    pub text: String,
    pub children: Vec<Element>,
}

const DEPTH: usize = 32;
const ELEMENTS: usize = 20_000;

/// The root element of a whole document.
pub(crate) fn parse(text: &str) -> Answered<Element> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut building = Building { open: vec![Element::default()], elements: 0 };
    loop {
        let event = reader
            .read_event()
            .map_err(|_| malformed(&format!("it breaks off near byte {}", reader.error_position())))?;
        match event {
            Event::Start(tag) => building.begin(tag.local_name().as_ref())?,
            Event::Empty(tag) => {
                building.begin(tag.local_name().as_ref())?;
                building.end()?;
            }
            Event::End(_) => building.end()?,
            Event::Text(text) => building.text(&text.xml10_content()),
            Event::CData(text) => building.text(&text.xml10_content()),
            Event::GeneralRef(reference) => building.text(&resolve(&reference)?),
            Event::DocType(_) => return Err(malformed("it has a document type, which is not read")),
            Event::Eof => return building.root(),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
}

fn resolve(reference: &BytesRef<'_>) -> Answered<String> {
    if let Some(sign) = reference.resolve_char_ref().map_err(|_| malformed("a character reference is none"))? {
        return Ok(sign.to_string());
    }
    let sign = match &**reference {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return Err(malformed("it uses an entity of its own, which is not read")),
    };
    Ok(sign.to_owned())
}

struct Building {
    /// The document itself, then the elements that are not closed yet, outermost first.
    open: Vec<Element>,
    elements: usize,
}

impl Building {
    fn begin(&mut self, name: &str) -> Answered<()> {
        self.elements += 1;
        if self.open.len() > DEPTH || self.elements > ELEMENTS {
            return Err(malformed("it is deeper or longer than an answer about one subject can be"));
        }
        self.open.push(Element { name: name.to_owned(), ..Element::default() });
        Ok(())
    }

    fn end(&mut self) -> Answered<()> {
        let closed = self.open.pop().filter(|_| !self.open.is_empty());
        let (Some(closed), Some(parent)) = (closed, self.open.last_mut()) else {
            return Err(malformed("an element ends that never began"));
        };
        parent.children.push(closed);
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(open) = self.open.last_mut() {
            open.text.push_str(text);
        }
    }

    fn root(mut self) -> Answered<Element> {
        let document = self.open.pop().filter(|_| self.open.is_empty());
        let mut document = document.ok_or_else(|| malformed("an element is not closed"))?;
        match (document.children.pop(), document.children.is_empty(), document.text.trim().is_empty()) {
            (Some(root), true, true) => Ok(root),
            _ => Err(malformed("it has not exactly one root element")),
        }
    }
}

fn malformed(why: &str) -> SourceError {
    SourceError::Malformed(format!("XML: {why}"))
}

impl Element {
    /// The only child of a name; None: there is none. Two are refused.
    pub(crate) fn child(&self, name: &str) -> Answered<Option<&Self>> {
        let mut all = self.children.iter().filter(|child| child.name == name);
        let first = all.next();
        if all.next().is_some() { Err(crate::reach::second_row()) } else { Ok(first) }
    }

    /// Texts of the elements without children, by their path below this one (`a/b`). Of several of one path the first.
    pub(crate) fn record(&self) -> Value {
        let mut record = Map::new();
        self.collect("", &mut record);
        Value::Object(record)
    }

    fn collect(&self, above: &str, record: &mut Map<String, Value>) {
        for child in &self.children {
            let path = if above.is_empty() { child.name.clone() } else { format!("{above}/{}", child.name) };
            if child.children.is_empty() {
                record.entry(path).or_insert_with(|| Value::String(child.text.trim().to_owned()));
            } else {
                child.collect(&path, record);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn elements_without_their_prefixes_and_with_their_texts() {
        let text = "<?xml version=\"1.0\"?><!-- x --><s:A xmlns:s='u'><s:B>1 &lt; &#50;<![CDATA[ & ]]></s:B><C/><D><E> e </E></D></s:A>";
        let root = parse(text).unwrap();
        assert_eq!(root.name, "A");
        assert_eq!(root.record(), json!({"B": "1 < 2 &", "C": "", "D/E": "e"}));
        assert_eq!(root.child("C").unwrap().unwrap().name, "C");
        assert_eq!(root.child("X").unwrap(), None);
        assert!(parse("<a><b/><b/></a>").unwrap().child("b").is_err());
    }

    #[test]
    fn what_could_harm_or_mislead_is_refused() {
        let bomb = "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>";
        let deep = format!("{}{}", "<a>".repeat(40), "</a>".repeat(40));
        let long = format!("<a>{}</a>", "<b/>".repeat(ELEMENTS));
        for text in
            [bomb, "<a>&x;</a>", "<a>&#xFFFFFFFF;</a>", "<a><b></a></b>", "<a>", "</a>", "", "<a/><b/>", "x<a/>", "{}"]
        {
            assert!(matches!(parse(text), Err(SourceError::Malformed(_))), "{text}");
        }
        assert!(parse(&deep).is_err() && parse(&long).is_err());
    }
}
