//! The canonical head of a message: the bytes that are hashed, signed and sent between gateways.
//!
//! Request: `VERB CRLF target CRLF` and each surviving header as `name:value CRLF`, in the order and case in which it came.
//! Answer: `status CRLF reason CRLF` and its headers.

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
pub fn request_head<'a>(
    verb: &str,
    target: &str,
    headers: impl Iterator<Item = Header<'a>>,
    added: Added<'_>,
) -> Vec<u8> {
    let mut head = Vec::with_capacity(512);
    line(&mut head, &[verb.as_bytes()]);
    line(&mut head, &[target.as_bytes()]);
    for header in headers.filter(|h| !is_skipped(h.name) && !is_ours(h.name)) {
        line(&mut head, &[header.name.as_bytes(), b":", header.value]);
    }
    line(&mut head, &[b"x-road-request-id:", added.request_id.as_bytes()]);
    if let Some(id) = added.message_id {
        line(&mut head, &[b"x-road-id:", id.as_bytes()]);
    }
    head
}

/// The canonical head of an answer; `headers` are those that are sent, already in their final form.
#[must_use]
pub fn answer_head<'a>(status: u16, reason: &str, headers: impl Iterator<Item = Header<'a>>) -> Vec<u8> {
    let mut head = Vec::with_capacity(512);
    line(&mut head, &[status.to_string().as_bytes()]);
    line(&mut head, &[reason.as_bytes()]);
    for header in headers {
        line(&mut head, &[header.name.as_bytes(), b":", header.value]);
    }
    head
}

fn line(head: &mut Vec<u8>, parts: &[&[u8]]) {
    parts.iter().for_each(|part| head.extend_from_slice(part));
    head.extend_from_slice(b"\r\n");
}

/// A head that was read back: its first two lines, then its headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadHead<'a> {
    /// Verb, or status.
    pub first: &'a str,
    /// Target, or reason.
    pub second: &'a str,
    pub headers: Vec<Header<'a>>,
}

impl<'a> ReadHead<'a> {
    /// None: not a head that a gateway writes.
    #[must_use]
    pub fn parse(head: &'a [u8]) -> Option<Self> {
        let text = head.strip_suffix(b"\r\n")?;
        let mut lines = text.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let first = std::str::from_utf8(lines.next()?).ok()?;
        let second = std::str::from_utf8(lines.next()?).ok()?;
        let mut headers = Vec::with_capacity(16);
        for line in lines {
            let colon = line.iter().position(|b| *b == b':')?;
            let name = std::str::from_utf8(&line[..colon]).ok()?;
            headers.push(Header { name, value: &line[colon + 1..] });
        }
        Some(Self { first, second, headers })
    }

    /// Whether the head speaks of the message alone: no header of one connection, no control character. A head of another
    /// gateway that is not clean would be framing for whoever it is passed on to.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.headers.iter().all(|header| {
            let plain = |b: &u8| *b == b'\t' || (*b >= 0x20 && *b != 0x7f);
            !header.name.is_empty() && !is_skipped(header.name) && header.value.iter().all(plain)
        })
    }

    /// The last header of a name, as text; X-Road lets the last one win.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<&'a str> {
        let found = self.headers.iter().rev().find(|header| header.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(found.value).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::hash::{message_hash, sha512, to_text};

    const REQUEST_ID: &str = "f92591a3-6bf0-49b1-987b-0dd78c034cc3";
    const MESSAGE_ID: &str = "29f4d011-ef17-4f2f-9bb1-0452ce17d3f5";

    fn head(verb: &str, target: &str, headers: &[(&str, &str)]) -> Vec<u8> {
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
            to_text(&message_hash(&get, None)),
            "WHmhcn9vV624f6Mweo0TkU8Er5gwnnGI1/rAxxT/6KnfDE10K2+YB7PBnWlDdAk4xJwKmwtBZ0msgpUb27a+iA=="
        );
        let sent = [("Content-Type", "application/json"), ("X-Road-Client", "DEV/COM/222/TESTCLIENT")];
        let post = head("POST", "/r1/DEV/COM/222/TESTSERVICE/petstore/v2/pets", &sent);
        assert_eq!(
            to_text(&message_hash(&post, Some(&sha512(br#"{"id":0}"#)))),
            "+CoW78v4nxzQBvf90fWT3O/TBB20asti5obg8R32M1ICdTr1ksNv6lVCk9GZLX5QVPrpqblKNtuew8Ju6EZ6tg=="
        );
    }

    #[test]
    fn a_head_is_read_back_as_it_was_written() {
        let bytes = head("GET", "/r1/x?y=:", &[("X-A", "1:2"), ("x-a", "3"), ("Empty", "")]);
        let read = ReadHead::parse(&bytes).unwrap();
        assert_eq!((read.first, read.second, read.last("x-A")), ("GET", "/r1/x?y=:", Some("3")));
        assert_eq!(read.last("empty"), Some(""));
        assert_eq!(read.last("x-road-id"), Some(MESSAGE_ID));
        for bad in [b"".as_slice(), b"GET", b"GET\r\n", b"GET\r\n/\r\nno colon\r\n", b"GET\r\n/\r\na:b"] {
            assert_eq!(ReadHead::parse(bad), None, "{bad:?}");
        }
    }
}
