//! DER elements one after the other: as much of ASN.1 as a time-stamp token needs.
use der::asn1::AnyRef;
use der::{Decode, Reader, SliceReader, Tag, TagNumber};

/// One element.
#[derive(Debug, Clone, Copy)]
pub struct Element<'a> {
    pub tag: Tag,
    /// Without tag and length.
    pub content: &'a [u8],
    /// With them.
    pub whole: &'a [u8],
}

/// The elements that a text of bytes consists of, in their order.
pub fn elements(bytes: &[u8]) -> Result<Vec<Element<'_>>, String> {
    let broken = |error: der::Error| format!("it is no DER: {error}");
    let mut reader = SliceReader::new(bytes).map_err(broken)?;
    let mut all = Vec::new();
    while !reader.is_finished() {
        let whole = reader.tlv_bytes().map_err(broken)?;
        let any = AnyRef::from_der(whole).map_err(broken)?;
        all.push(Element { tag: der::Tagged::tag(&any), content: any.value(), whole });
    }
    Ok(all)
}

/// The one element that the bytes are.
pub fn element(bytes: &[u8]) -> Result<Element<'_>, String> {
    match elements(bytes)?.as_slice() {
        [one] => Ok(*one),
        other => Err(format!("{} elements where one is wanted", other.len())),
    }
}

/// `[number]`, constructed.
#[must_use]
pub fn tagged(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber(number) }
}

impl<'a> Element<'a> {
    /// The elements within.
    pub fn within(&self) -> Result<Vec<Element<'a>>, String> {
        elements(self.content)
    }

    /// The element, if it has this tag.
    pub fn of(self, tag: Tag, what: &str) -> Result<Self, String> {
        if self.tag == tag { Ok(self) } else { Err(format!("{what} has the tag {}", self.tag)) }
    }
}

/// The element at a place, if it has this tag.
pub fn at<'a>(all: &[Element<'a>], place: usize, (tag, what): (Tag, &str)) -> Result<Element<'a>, String> {
    all.get(place).ok_or_else(|| format!("{what} is missing"))?.of(tag, what)
}
