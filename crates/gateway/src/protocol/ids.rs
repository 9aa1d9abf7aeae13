//! Identifiers of clients and services (PR-REST §4.1): segments joined by `/`, each percent-encoded on its own.
use std::borrow::Cow;
use std::fmt;

/// Which characters a segment may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alphabet {
    /// `a-z A-Z 0-9 ' ( ) + , - . = ?` (`strict-identifier-checks`).
    Strict,
    /// Everything but `: ; / \ %` and control characters.
    Relaxed,
}

/// `INSTANCE/CLASS/MEMBER[/SUBSYSTEM]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientId {
    pub instance: String,
    pub class: String,
    pub member: String,
    pub subsystem: Option<String>,
}

/// `INSTANCE/CLASS/MEMBER/SUBSYSTEM/SERVICE`. The subsystem is mandatory: every path is read in five segments.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ServiceId {
    pub provider: ClientId,
    pub code: String,
}

impl ClientId {
    /// Reads three or four encoded segments. The error says which one is wrong.
    pub fn parse(text: &str, alphabet: Alphabet) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('/').collect();
        if !(3..=4).contains(&parts.len()) {
            return Err(format!("{} segments instead of INSTANCE/CLASS/MEMBER[/SUBSYSTEM]", parts.len()));
        }
        let mut segments = Vec::with_capacity(4);
        for part in parts {
            segments.push(segment(part, alphabet)?);
        }
        Ok(Self::of(segments))
    }

    /// Three or four segments, already decoded.
    fn of(segments: Vec<String>) -> Self {
        let mut segments = segments.into_iter();
        let mut next = || segments.next().unwrap_or_default();
        let (instance, class, member) = (next(), next(), next());
        Self { instance, class, member, subsystem: segments.next() }
    }

    /// The member that the subsystem belongs to.
    #[must_use]
    pub fn owner(&self) -> Self {
        Self { subsystem: None, ..self.clone() }
    }
}

impl ServiceId {
    /// Reads the five segments that follow `/r1/`.
    pub fn parse(segments: [&str; 5], alphabet: Alphabet) -> Result<Self, String> {
        let mut decoded = Vec::with_capacity(5);
        for part in segments {
            decoded.push(segment(part, alphabet)?);
        }
        let code = decoded.pop().unwrap_or_default();
        Ok(Self { provider: ClientId::of(decoded), code })
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = [&self.instance, &self.class, &self.member];
        for (at, segment) in own.into_iter().chain(&self.subsystem).enumerate() {
            f.write_str(if at == 0 { "" } else { "/" })?;
            f.write_str(&encode(segment))?;
        }
        Ok(())
    }
}

impl fmt::Display for ServiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.provider, encode(&self.code))
    }
}

fn segment(text: &str, alphabet: Alphabet) -> Result<String, String> {
    let decoded = decode(text).ok_or_else(|| format!("segment {text:?} is not percent-encoded UTF-8"))?;
    let fits = |c: char| match alphabet {
        Alphabet::Strict => c.is_ascii_alphanumeric() || "'()+,-.=?".contains(c),
        Alphabet::Relaxed => !c.is_control() && !":;/\\%".contains(c),
    };
    match decoded.chars().find(|c| !fits(*c)) {
        _ if decoded.is_empty() => Err("a segment is empty".into()),
        Some(c) => Err(format!("segment {text:?} holds {c:?}, which identifiers may not")),
        None => Ok(decoded),
    }
}

/// Percent-decodes once. None: a broken escape or no UTF-8.
#[must_use]
pub fn decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16));
        let (high, low) = (digit()?, digit()?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// Everything but unreserved characters (RFC 3986 §2.3) as `%XX`.
#[must_use]
pub fn encode(text: &str) -> Cow<'_, str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    if text.bytes().all(plain) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if plain(byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_have_three_or_four_segments_each_encoded_alone() {
        let id = ClientId::parse("NP/GOV/11990100MB000001X/hall", Alphabet::Strict).unwrap();
        assert_eq!((id.instance.as_str(), id.subsystem.as_deref()), ("NP", Some("hall")));
        assert_eq!(id.to_string(), "NP/GOV/11990100MB000001X/hall");
        assert_eq!(ClientId::parse("A/B/C", Alphabet::Strict).unwrap().subsystem, None);
        let chinese = ClientId::parse("A/B/%E4%BA%91%E5%B2%AD", Alphabet::Relaxed).unwrap();
        assert_eq!((chinese.member.as_str(), chinese.to_string().as_str()), ("云岭", "A/B/%E4%BA%91%E5%B2%AD"));
        for bad in ["A/B", "A/B/C/D/E", "A//C", "A/B/%zz", "A/B/%E4", "A%2FB%2FC", "A/B/%2F", "", "A/B/C/"] {
            assert!(ClientId::parse(bad, Alphabet::Relaxed).is_err(), "{bad}");
        }
        assert!(ClientId::parse("A/B/C_1", Alphabet::Strict).is_err(), "the strict alphabet has no underscore");
        assert!(ClientId::parse("A/B/C_1", Alphabet::Relaxed).is_ok());
    }
}
