//! One line of the message log: who asked whom for what and when, and the hash that binds it to the message.
//! Without the message itself: that is kept only where policy says.
//!
//! Bytes: version 1, then fields `tag (1) length (2, big-endian) value`, in the order of their tags, absent ones left out.

/// Which part of a call an entry speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Request,
    Answer,
}

/// On which side of the exchange it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Consumer,
    Provider,
    /// One gateway serves both.
    Both,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub part: Part,
    pub side: Side,
    /// Seconds since 1970, as the signature says.
    pub created: i64,
    pub request_id: String,
    pub message_id: String,
    pub client: String,
    pub service: String,
    pub verb: String,
    /// SHA-512 (see `protocol::hash`).
    pub hash: [u8; 64],
    /// Of an answer: the hash of its request.
    pub request_hash: Option<[u8; 64]>,
    /// Bytes of the body.
    pub size: u64,
    /// Of an answer.
    pub status: Option<u16>,
    /// `X-Road-UserId`, `X-Road-Issue`, `X-Road-Represented-Party`; empty when not given.
    pub user: String,
    pub issue: String,
    pub represented: String,
    /// Key with which the other gateway signed its part; empty when there is none.
    pub peer_key: String,
    /// The other gateway's signature.
    pub peer_signature: Vec<u8>,
}

const VERSION: u8 = 1;

impl Entry {
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        out.push(VERSION);
        let mut put = |tag: u8, value: &[u8]| {
            if !value.is_empty() {
                let value = &value[..value.len().min(usize::from(u16::MAX))];
                out.push(tag);
                out.extend_from_slice(&u16::try_from(value.len()).unwrap_or(u16::MAX).to_be_bytes());
                out.extend_from_slice(value);
            }
        };
        put(1, &[matches!(self.part, Part::Answer).into(), self.side as u8]);
        put(2, &self.created.to_be_bytes());
        put(3, self.request_id.as_bytes());
        put(4, self.message_id.as_bytes());
        put(5, self.client.as_bytes());
        put(6, self.service.as_bytes());
        put(7, self.verb.as_bytes());
        put(8, &self.hash);
        put(9, self.request_hash.as_ref().map_or(&[], <[u8; 64]>::as_slice));
        put(10, &self.size.to_be_bytes());
        put(11, &self.status.map_or(Vec::new(), |status| status.to_be_bytes().to_vec()));
        put(12, self.user.as_bytes());
        put(13, self.issue.as_bytes());
        put(14, self.represented.as_bytes());
        put(15, self.peer_key.as_bytes());
        put(16, &self.peer_signature);
        out
    }

    /// None: not an entry of this version.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (version, mut rest) = bytes.split_first()?;
        let mut fields: [&[u8]; 17] = [&[]; 17];
        let mut last = 0;
        while let [tag, high, low, tail @ ..] = rest {
            let (value, after) = tail.split_at_checked(usize::from(u16::from_be_bytes([*high, *low])))?;
            let slot = fields.get_mut(usize::from(*tag)).filter(|_| *tag > last)?;
            (*slot, last, rest) = (value, *tag, after);
        }
        let text = |tag: usize| std::str::from_utf8(fields[tag]).ok().map(str::to_owned);
        let [answer, side] = fields[1] else { return None };
        if *version != VERSION || !rest.is_empty() {
            return None;
        }
        Some(Self {
            part: if *answer == 1 { Part::Answer } else { Part::Request },
            side: [Side::Consumer, Side::Provider, Side::Both].into_iter().find(|s| *s as u8 == *side)?,
            created: i64::from_be_bytes(fields[2].try_into().ok()?),
            request_id: text(3)?,
            message_id: text(4)?,
            client: text(5)?,
            service: text(6)?,
            verb: text(7)?,
            hash: fields[8].try_into().ok()?,
            request_hash: fields[9].try_into().ok(),
            size: u64::from_be_bytes(fields[10].try_into().ok()?),
            status: fields[11].try_into().ok().map(u16::from_be_bytes),
            user: text(12)?,
            issue: text(13)?,
            represented: text(14)?,
            peer_key: text(15)?,
            peer_signature: fields[16].to_vec(),
        })
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    #[must_use]
    pub fn sample(part: Part) -> Entry {
        Entry {
            part,
            side: Side::Provider,
            created: 1_795_000_000,
            request_id: "f92591a3-6bf0-49b1-987b-0dd78c034cc3".into(),
            message_id: "NP-29f4d011-ef17-4f2f-9bb1-0452ce17d3f5".into(),
            client: "NP/GOV/11990100MB000001X/hall".into(),
            service: "NP/GOV/11990100MB000002X/population/persons".into(),
            verb: "GET".into(),
            hash: [7; 64],
            request_hash: (part == Part::Answer).then_some([8; 64]),
            size: 1024,
            status: (part == Part::Answer).then_some(200),
            user: String::new(),
            issue: "案件 1".into(),
            represented: String::new(),
            peer_key: "key".into(),
            peer_signature: vec![1, 2, 3],
        }
    }

    #[test]
    fn an_entry_is_read_back_and_every_cut_is_refused() {
        for part in [Part::Request, Part::Answer] {
            let (entry, bytes) = (sample(part), sample(part).write());
            assert_eq!(Entry::read(&bytes), Some(entry));
            assert!((0..bytes.len()).all(|at| Entry::read(&bytes[..at]).as_ref() != Some(&sample(part))));
        }
    }
}
