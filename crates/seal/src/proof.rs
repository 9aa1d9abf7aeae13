//! One text that proves, offline, that an entry is in a log (C2SP tlog-proof@v1; file extension `.tlog-proof`).

use crate::merkle::{Hash, leaf_hash, verify_inclusion};
use crate::note::{Checkpoint, LogPolicy, Note, read_number};
use crate::{SealError, digest};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// An inclusion proof together with the checkpoint that it leads to.
///
/// Nothing in it may be believed before [`TlogProof::verify`], and `extra` not even then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Data for the application, never empty. Not covered by any signature.
    pub extra: Option<Vec<u8>>,
    /// The entry's place in the log, from 0.
    pub index: u64,
    /// The inclusion proof, the leaf's sibling first; at most 64 hashes.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint as it was issued, to the byte.
    pub checkpoint: String,
}

impl TlogProof {
    /// The text form.
    ///
    /// Errors: [`SealError::Malformed`] when `extra` is empty, there are more than 64 hashes, or `checkpoint` is none.
    pub fn encode(&self) -> Result<String, SealError> {
        self.check()?;
        let mut text = format!("{FIRST_LINE}\n");
        if let Some(extra) = &self.extra {
            text.push_str(&format!("extra {}\n", digest::to_base64(extra)));
        }
        text.push_str(&format!("index {}\n", self.index));
        for hash in &self.hashes {
            text.push_str(&digest::to_base64(hash));
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&self.checkpoint);
        Ok(text)
    }

    /// Reads the text form strictly. Errors: [`SealError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let cut = text.split_once("\n\n");
        let (head, checkpoint) = cut.ok_or_else(|| malformed("it has no empty line before its checkpoint"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(FIRST_LINE) {
            return Err(malformed(format!("its first line is not {FIRST_LINE}")));
        }
        let extra = lines.next_if(|line| line.starts_with("extra ")).map(|line| &line["extra ".len()..]);
        let extra = extra.map(|base64| digest::from_base64("log proof", base64)).transpose()?;
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index = read_number("log proof", index.ok_or_else(|| malformed("it has no index line"))?)?;
        let hashes = lines.map(|line| digest::hash_from_base64("log proof", line)).collect::<Result<_, _>>()?;
        let proof = Self { extra, index, hashes, checkpoint: checkpoint.to_owned() };
        proof.check()?;
        Ok(proof)
    }

    /// Checks that `entry` (the log entry's bytes) is in the log that `policy` describes, without asking anybody.
    /// Gives the checkpoint, whose size tells how old the proof is.
    ///
    /// Errors: [`SealError::Untrusted`], [`SealError::Signature`], [`SealError::Proof`], [`SealError::Range`],
    /// [`SealError::Malformed`].
    pub fn verify(&self, entry: &[u8], policy: &LogPolicy) -> Result<Checkpoint, SealError> {
        self.verify_leaf(&leaf_hash(entry), policy)
    }

    /// The same for a leaf hash (see [`leaf_hash`]). Errors: as [`TlogProof::verify`].
    pub fn verify_leaf(&self, leaf: &Hash, policy: &LogPolicy) -> Result<Checkpoint, SealError> {
        let (checkpoint, _) = Checkpoint::open(&self.checkpoint, policy)?;
        verify_inclusion(leaf, self.index, &self.hashes, &checkpoint.head)?;
        Ok(checkpoint)
    }

    fn check(&self) -> Result<(), SealError> {
        if self.extra.as_ref().is_some_and(Vec::is_empty) {
            return Err(malformed("it has an extra line without data"));
        }
        if self.hashes.len() > 64 {
            return Err(malformed("it has more than 64 hashes"));
        }
        Checkpoint::parse(Note::parse(&self.checkpoint)?.text())?;
        Ok(())
    }
}

fn malformed(why: impl Into<String>) -> SealError {
    SealError::malformed("log proof", why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{Ed25519Key, Signer};
    use crate::merkle::{LeafHashes, TreeHead, inclusion_proof, root_of};
    use crate::note::{NoteKeyKind, VerifierKey};

    const ORIGIN: &str = "log.yunling.example/certificates";

    fn entry(i: usize) -> Vec<u8> {
        format!("{{\"n\":{i}}}").into_bytes()
    }

    fn proof_of(index: usize, size: usize) -> (TlogProof, LogPolicy) {
        let key = Ed25519Key::from_bytes(&[3; 32]);
        let leaves: Vec<Hash> = (0..size).map(|i| leaf_hash(&entry(i))).collect();
        let head = TreeHead { size: size as u64, root: root_of(&leaves) };
        let hashes = inclusion_proof(index as u64, size as u64, &mut LeafHashes(&leaves)).unwrap();
        let checkpoint = Checkpoint::new(ORIGIN, head).sign(ORIGIN, &key).unwrap();
        let log_key = VerifierKey::new(ORIGIN, key.public(), NoteKeyKind::Ed25519).unwrap();
        (TlogProof { extra: None, index: index as u64, hashes, checkpoint }, LogPolicy::of_log(ORIGIN, log_key))
    }

    #[test]
    fn a_proof_survives_its_text_and_verifies_offline() {
        for (index, size) in [(0, 1), (0, 2), (6, 7), (73, 109)] {
            let (mut proof, policy) = proof_of(index, size);
            for extra in [None, Some(b"salt".to_vec())] {
                proof.extra = extra;
                let text = proof.encode().unwrap();
                let read = TlogProof::parse(&text).unwrap();
                assert_eq!(read, proof);
                assert_eq!(read.encode().unwrap(), text);
                assert_eq!(read.verify(&entry(index), &policy).unwrap().head.size, size as u64);
            }
        }
    }

    #[test]
    fn the_text_follows_the_specification() {
        let (mut proof, _) = proof_of(2, 3);
        proof.extra = Some(b"abc".to_vec());
        let text = proof.encode().unwrap();
        let sibling = digest::to_base64(&proof.hashes[0]);
        let start = format!("c2sp.org/tlog-proof@v1\nextra YWJj\nindex 2\n{sibling}\n\n{ORIGIN}\n3\n");
        assert!(text.starts_with(&start), "{text}");
    }

    #[test]
    fn a_proof_of_something_else_is_refused() {
        let (proof, policy) = proof_of(5, 11);
        assert_eq!(proof.verify(&entry(6), &policy).unwrap_err().code(), "proof");
        let moved = TlogProof { index: 4, ..proof.clone() };
        assert_eq!(moved.verify(&entry(5), &policy).unwrap_err().code(), "proof");
        let outside = TlogProof { index: 11, ..proof.clone() };
        assert_eq!(outside.verify(&entry(5), &policy).unwrap_err().code(), "range");
        let grown = TlogProof { checkpoint: proof.checkpoint.replace("\n11\n", "\n12\n"), ..proof.clone() };
        assert_eq!(grown.verify(&entry(5), &policy).unwrap_err().code(), "signature");
        let stranger = Ed25519Key::from_bytes(&[4; 32]).public();
        let stranger = VerifierKey::new(ORIGIN, stranger, NoteKeyKind::Ed25519).unwrap();
        let strange = LogPolicy::of_log(ORIGIN, stranger);
        assert_eq!(proof.verify(&entry(5), &strange).unwrap_err().code(), "untrusted");
    }

    #[test]
    fn malformed_texts_are_refused() {
        let (proof, _) = proof_of(2, 3);
        let good = proof.encode().unwrap();
        let bad = [
            good.replace("@v1", "@v2"),
            good.replace("index 2", "index 02"),
            good.replace("index 2\n", ""),
            good.replace("index 2", "extra \nindex 2"),
            good.replace("index 2", "extra YQ\nindex 2"),
            good.replace("index 2", "index 2\nextra YQ=="),
            good.replace("index 2\n", "index 2\n\n"),
            good.replace("index 2\n", "index 2\nAAAA\n"),
            good.replacen('\n', "\r\n", 1),
            good.replace("index 2\n", &format!("index 2\n{}", format!("{}\n", digest::to_base64(&[0; 32])).repeat(64))),
            good.trim_end().to_owned(),
            good[..good.find("\n\n").unwrap()].to_owned(),
            String::new(),
        ];
        for text in bad {
            assert_eq!(TlogProof::parse(&text).unwrap_err().code(), "malformed", "{text}");
        }
        assert!(TlogProof { extra: Some(Vec::new()), ..proof.clone() }.encode().is_err());
        assert!(TlogProof { checkpoint: String::new(), ..proof }.encode().is_err());
    }
}
