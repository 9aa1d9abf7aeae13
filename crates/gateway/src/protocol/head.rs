//! The canonical head of a message: the bytes that are hashed, signed and sent between gateways.
//!
//! Request: `VERB CRLF target CRLF` and each surviving header as `name:value CRLF`, in the order and case in which it came.
//! Answer: `status CRLF reason CRLF` and its headers.
use bytes::Bytes;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};

/// A header as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header<'a> {
    pub name: &'a str,
    pub value: &'a [u8],
}

/// Dropped in both directions: they speak of one connection, not of the message.
const SKIPPED: [&str; 12] = [
    "transfer-encoding",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "upgrade",
    "connection",
    "user-agent",
    "host",
    "content-length",
    "server",
];

#[must_use]
pub fn is_skipped(name: &str) -> bool {
    SKIPPED.iter().any(|skipped| name.eq_ignore_ascii_case(skipped)) || name.eq_ignore_ascii_case("expect")
}

/// Numbers that only a gateway gives; those of the calling system are dropped.
fn is_ours(name: &str) -> bool {
    name.eq_ignore_ascii_case("x-road-request-id") || name.eq_ignore_ascii_case("x-road-request-hash")
}

/// What the gateway adds to a request. `message_id`: only when the calling system gave none.
#[derive(Debug, Clone, Copy)]
pub struct Added<'a> {
    pub request_id: &'a str,
    pub message_id: Option<&'a str>,
}

/// The canonical head of a request.
#[must_use]
pub fn request_head<'a>(verb: &str, target: &str, headers: impl Iterator<Item = Header<'a>>, added: Added<'_>) -> Head {
    let mut head = Writing::begin(verb, target);
    headers.filter(|h| !is_skipped(h.name) && !is_ours(h.name)).for_each(|h| head.header(h.name, h.value));
    head.header("x-road-request-id", added.request_id.as_bytes());
    if let Some(id) = added.message_id {
        head.header("x-road-id", id.as_bytes());
    }
    head.end()
}

/// The canonical head of an answer; `headers` are those that are sent, already in their final form.
#[must_use]
pub fn answer_head<'a>(status: u16, reason: &str, headers: impl Iterator<Item = Header<'a>>) -> Head {
    let mut head = Writing::begin(&status.to_string(), reason);
    headers.for_each(|h| head.header(h.name, h.value));
    head.end()
}

/// Headers for which there is room from the start.
const HEADERS: usize = 16;

/// Where a header stands: the first byte of its name, its colon, the end of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    name: u32,
    colon: u32,
    end: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Places {
    /// Where the first line ends.
    first: u32,
    /// Where the second line begins and ends.
    second: [u32; 2],
    headers: Vec<Place>,
}

/// A head in its canonical bytes, read once: its first two lines, then its headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    bytes: Bytes,
    places: Places,
}

struct Writing {
    bytes: Vec<u8>,
    places: Places,
}

impl Writing {
    fn begin(first: &str, second: &str) -> Self {
        let mut bytes = Vec::with_capacity(512 + second.len());
        bytes.extend_from_slice(first.as_bytes());
        bytes.extend_from_slice(b"\r\n");
        let start = bytes.len() as u32;
        bytes.extend_from_slice(second.as_bytes());
        let second = [start, bytes.len() as u32];
        bytes.extend_from_slice(b"\r\n");
        let places = Places { first: first.len() as u32, second, headers: Vec::with_capacity(HEADERS) };
        Self { bytes, places }
    }

    /// Neither part has a line's end in it: the HTTP library refuses such headers.
    fn header(&mut self, name: &str, value: &[u8]) {
        let start = self.bytes.len() as u32;
        self.bytes.extend_from_slice(name.as_bytes());
        let colon = self.bytes.len() as u32;
        self.bytes.push(b':');
        self.bytes.extend_from_slice(value);
        self.places.headers.push(Place { name: start, colon, end: self.bytes.len() as u32 });
        self.bytes.extend_from_slice(b"\r\n");
    }

    fn end(self) -> Head {
        Head { bytes: self.bytes.into(), places: self.places }
    }
}

impl Head {
    /// None: not a head that a gateway writes.
    #[must_use]
    pub fn read(bytes: Bytes) -> Option<Self> {
        bytes.strip_suffix(b"\r\n")?;
        let mut start = 0;
        let mut line = || {
            let length = bytes[start..].iter().position(|b| *b == b'\n')?;
            let (from, end) = (start, start + length);
            start = end + 1;
            Some((from, if bytes[from..end].ends_with(b"\r") { end - 1 } else { end }))
        };
        let (first, second) = (line()?, line()?);
        let mut headers = Vec::with_capacity(HEADERS);
        while let Some((from, end)) = line() {
            let colon = from + bytes[from..end].iter().position(|b| *b == b':')?;
            std::str::from_utf8(&bytes[from..colon]).ok()?;
            headers.push(Place { name: from as u32, colon: colon as u32, end: end as u32 });
        }
        std::str::from_utf8(&bytes[..first.1]).ok()?;
        std::str::from_utf8(&bytes[second.0..second.1]).ok()?;
        let second = [second.0 as u32, second.1 as u32];
        Some(Self { places: Places { first: first.1 as u32, second, headers }, bytes })
    }

    /// As they are hashed and sent.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// What `read` found to be text.
    fn text(&self, from: u32, end: u32) -> &str {
        std::str::from_utf8(&self.bytes[from as usize..end as usize]).unwrap_or_default()
    }

    /// Verb, or status.
    #[must_use]
    pub fn first(&self) -> &str {
        self.text(0, self.places.first)
    }

    /// Target, or reason.
    #[must_use]
    pub fn second(&self) -> &str {
        self.text(self.places.second[0], self.places.second[1])
    }

    pub fn headers(&self) -> impl DoubleEndedIterator<Item = Header<'_>> + ExactSizeIterator {
        self.places.headers.iter().map(|at| Header {
            name: self.text(at.name, at.colon),
            value: &self.bytes[at.colon as usize + 1..at.end as usize],
        })
    }

    /// Whether the head speaks of the message alone: no header of one connection, no control character. A head of another
    /// gateway that is not clean would be framing for whoever it is passed on to.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.headers().all(|header| {
            let plain = |b: &u8| *b == b'\t' || (*b >= 0x20 && *b != 0x7f);
            !header.name.is_empty() && !is_skipped(header.name) && header.value.iter().all(plain)
        })
    }

    /// The last header of a name, as text; X-Road lets the last one win.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<&str> {
        let named = |at: &&Place| {
            let length = (at.colon - at.name) as usize;
            length == name.len()
                && self.bytes[at.name as usize..at.colon as usize].eq_ignore_ascii_case(name.as_bytes())
        };
        let found = self.places.headers.iter().rev().find(named)?;
        std::str::from_utf8(&self.bytes[found.colon as usize + 1..found.end as usize]).ok()
    }

    /// Puts the headers into those of a message of the HTTP library, whose values share these bytes. None: one of them
    /// cannot stand there.
    pub fn put(&self, into: &mut HeaderMap, passes: impl Fn(usize, &str) -> bool) -> Option<()> {
        into.reserve(self.places.headers.len());
        for (index, at) in self.places.headers.iter().enumerate() {
            let name = self.text(at.name, at.colon);
            if !passes(index, name) {
                continue;
            }
            let value = self.bytes.slice(at.colon as usize + 1..at.end as usize);
            into.append(name_of(name)?, HeaderValue::from_maybe_shared(value).ok()?);
        }
        Some(())
    }
}

/// The exchange's own names are made once.
fn name_of(name: &str) -> Option<HeaderName> {
    const OURS: [&str; 6] =
        ["x-road-id", "x-road-client", "x-road-service", "x-road-request-id", "x-road-request-hash", "x-road-userid"];
    let known = OURS.into_iter().find(|ours| ours.eq_ignore_ascii_case(name));
    known.map_or_else(|| HeaderName::from_bytes(name.as_bytes()).ok(), |ours| Some(HeaderName::from_static(ours)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::hash::{message_hash, sha512, to_text};

    const REQUEST_ID: &str = "f92591a3-6bf0-49b1-987b-0dd78c034cc3";
    const MESSAGE_ID: &str = "29f4d011-ef17-4f2f-9bb1-0452ce17d3f5";

    fn head(verb: &str, target: &str, headers: &[(&str, &str)]) -> Head {
        let headers = headers.iter().map(|(name, value)| Header { name, value: value.as_bytes() });
        request_head(verb, target, headers, Added { request_id: REQUEST_ID, message_id: Some(MESSAGE_ID) })
    }

    /// The two vectors of the fact sheet, made with another implementation of SHA-512.
    #[test]
    fn heads_and_hashes_are_those_of_the_vectors() {
        let sent = [
            ("Accept", "application/json"),
            ("Host", "gateway"),
            ("X-Road-Client", "DEV/COM/222/TESTCLIENT"),
            ("X-Road-Request-Id", "forged"),
            ("x-road-request-hash", "forged"),
            ("User-Agent", "x"),
            ("Expect", "100-continue"),
        ];
        let get = head("GET", "/r1/DEV/COM/222/TESTSERVICE/petstore/v2/pets/1124?x=1", &sent);
        assert_eq!(
            to_text(&message_hash(get.bytes(), None)),
            "WHmhcn9vV624f6Mweo0TkU8Er5gwnnGI1/rAxxT/6KnfDE10K2+YB7PBnWlDdAk4xJwKmwtBZ0msgpUb27a+iA=="
        );
        let sent = [("Content-Type", "application/json"), ("X-Road-Client", "DEV/COM/222/TESTCLIENT")];
        let post = head("POST", "/r1/DEV/COM/222/TESTSERVICE/petstore/v2/pets", &sent);
        assert_eq!(
            to_text(&message_hash(post.bytes(), Some(&sha512(br#"{"id":0}"#)))),
            "+CoW78v4nxzQBvf90fWT3O/TBB20asti5obg8R32M1ICdTr1ksNv6lVCk9GZLX5QVPrpqblKNtuew8Ju6EZ6tg=="
        );
    }

    #[test]
    fn a_head_is_read_back_as_it_was_written() {
        let written = head("GET", "/r1/x?y=:", &[("X-A", "1:2"), ("x-a", "3"), ("Empty", "")]);
        let read = Head::read(written.bytes().clone()).unwrap();
        assert_eq!(read, written);
        assert_eq!((read.first(), read.second(), read.last("x-A")), ("GET", "/r1/x?y=:", Some("3")));
        assert_eq!(read.last("empty"), Some(""));
        assert_eq!(read.last("x-road-id"), Some(MESSAGE_ID));
        let names: Vec<&str> = read.headers().map(|header| header.name).collect();
        assert_eq!(names, ["X-A", "x-a", "Empty", "x-road-request-id", "x-road-id"]);
        let answer = answer_head(200, "OK", [Header { name: "a", value: b"b\xff" }].into_iter());
        assert_eq!(Head::read(answer.bytes().clone()).as_ref(), Some(&answer));
        assert_eq!((answer.first(), answer.second(), answer.last("a")), ("200", "OK", None));
        for bad in [b"".as_slice(), b"GET", b"GET\r\n", b"GET\r\n/\r\nno colon\r\n", b"GET\r\n/\r\na:b"] {
            assert_eq!(Head::read(Bytes::copy_from_slice(bad)), None, "{bad:?}");
        }
    }

    #[test]
    fn headers_go_into_a_message_of_the_library_and_share_its_bytes() {
        let head = head("GET", "/", &[("X-Road-UserId", "u"), ("A", "1"), ("a", "2"), ("B", "3")]);
        let mut map = HeaderMap::new();
        head.put(&mut map, |_, name| name != "B").unwrap();
        assert_eq!(map.get("x-road-userid").unwrap(), "u");
        assert_eq!(map.get_all("a").iter().collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(map.get("b"), None);
        let broken = Head::read(Bytes::from_static(b"GET\r\n/\r\na b:c\r\n")).unwrap();
        assert_eq!(broken.put(&mut map, |_, _| true), None);
    }
}
