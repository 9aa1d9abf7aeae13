//! Many entries, one signature: the Merkle root of a batch is signed, and each entry gets a proof that it lies below it.
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use platform::error::{Error, Result};
use seal::SealError;
use seal::keys::{PublicKey, Signer};
use seal::merkle::{self, Hash, HashReader, Node, TreeHead};

/// The signed root of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    pub head: TreeHead,
    /// Of `statement(head)`.
    pub signature: Vec<u8>,
}

/// A signature over one message: the batch's signature and the way up to its root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchSignature {
    pub root: Root,
    pub index: u64,
    pub proof: Vec<Hash>,
}

/// What is signed for a batch.
#[must_use]
pub fn statement(head: &TreeHead) -> String {
    format!("tongban message batch v1\n{}\n{}\n", head.size, STANDARD.encode(head.root))
}

/// Complete subtrees of a batch, each hashed once: row n holds those of 2ⁿ leaves.
struct Levels(Vec<Vec<Hash>>);

impl Levels {
    fn over(leaves: Vec<Hash>) -> Self {
        let mut rows = vec![leaves];
        while let Some(row) = rows.last().filter(|row| row.len() > 1) {
            rows.push(row.chunks_exact(2).map(|pair| merkle::node_hash(&pair[0], &pair[1])).collect());
        }
        Self(rows)
    }
}

impl HashReader for Levels {
    fn hash(&mut self, node: Node) -> Result<Hash, SealError> {
        let row = self.0.get(node.height as usize);
        let found = row.and_then(|row| row.get(usize::try_from(node.index).ok()?)).copied();
        found.ok_or(SealError::Range { what: "subtree", value: node.index, limit: 0 })
    }
}

/// Signs messages together. `leaves`: the hash of what is signed of each (`merkle::leaf_hash`).
pub fn sign(signer: &dyn Signer, leaves: &[Hash]) -> Result<Root> {
    let head = TreeHead { size: leaves.len() as u64, root: merkle::root_of(leaves) };
    let signature = signer.sign(statement(&head).as_bytes()).map_err(Error::internal)?;
    Ok(Root { head, signature })
}

/// The ways from the messages of a batch up to its root.
pub struct Ways {
    size: u64,
    levels: Levels,
}

impl Ways {
    #[must_use]
    pub fn over(leaves: Vec<Hash>) -> Self {
        Self { size: leaves.len() as u64, levels: Levels::over(leaves) }
    }

    /// The way of one message; `index` from 0.
    pub fn of(&mut self, index: u64) -> Result<Vec<Hash>> {
        merkle::inclusion_proof(index, self.size, &mut self.levels).map_err(Error::internal)
    }
}

impl BatchSignature {
    /// Whether the message lies below the root. The root's own signature: see `Root::verify`.
    #[must_use]
    pub fn covers(&self, message: &[u8]) -> bool {
        let leaf = merkle::leaf_hash(message);
        merkle::verify_inclusion(&leaf, self.index, &self.proof, &self.root.head).is_ok()
    }

    /// Version 1, index and size (8 bytes each, big-endian), root, proof (32 bytes each), and 64 bytes of signature.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(113 + 32 * self.proof.len());
        out.push(1);
        out.extend_from_slice(&self.index.to_be_bytes());
        out.extend_from_slice(&self.root.head.size.to_be_bytes());
        out.extend_from_slice(&self.root.head.root);
        self.proof.iter().for_each(|hash| out.extend_from_slice(hash));
        out.extend_from_slice(&self.root.signature);
        out
    }

    /// None: not a signature of this form.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (&[version], rest) = bytes.split_first_chunk::<1>()?;
        let (index, rest) = rest.split_first_chunk::<8>()?;
        let (size, rest) = rest.split_first_chunk::<8>()?;
        let (root, rest) = rest.split_first_chunk::<32>()?;
        let (proof, signature) = rest.split_at_checked(rest.len().checked_sub(64)?)?;
        let (proof, []) = proof.as_chunks::<32>() else { return None };
        let head = TreeHead { size: u64::from_be_bytes(*size), root: *root };
        let root = Root { head, signature: signature.to_vec() };
        (version == 1 && proof.len() <= 64).then(|| Self {
            root,
            index: u64::from_be_bytes(*index),
            proof: proof.to_vec(),
        })
    }
}

impl Root {
    #[must_use]
    pub fn verify(&self, key: &PublicKey) -> bool {
        key.verify(statement(&self.head).as_bytes(), &self.signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use seal::keys::Ed25519Key;

    use super::*;

    #[test]
    fn each_message_of_a_batch_is_covered_and_no_other() {
        let key = Ed25519Key::from_bytes(&[3; 32]);
        for count in [1, 2, 3, 7, 64, 65] {
            let messages: Vec<Vec<u8>> = (0..count).map(|n: u32| n.to_be_bytes().to_vec()).collect();
            let leaves: Vec<Hash> = messages.iter().map(|message| merkle::leaf_hash(message)).collect();
            let (root, mut ways) = (sign(&key, &leaves).unwrap(), Ways::over(leaves));
            let signature = |index| BatchSignature { root: root.clone(), index, proof: ways.of(index).unwrap() };
            let signatures: Vec<BatchSignature> = (0..count.into()).map(signature).collect();
            for (message, signature) in messages.iter().zip(&signatures) {
                let read = BatchSignature::read(&signature.write()).unwrap();
                assert_eq!(&read, signature);
                assert!(read.covers(message) && read.root.verify(&key.public()));
                assert!(!read.covers(b"another"));
            }
            let mut forged = signatures[0].clone();
            forged.root.head.root[0] ^= 1;
            assert!(!forged.covers(&messages[0]) && !forged.root.verify(&key.public()));
        }
        assert!(!sign(&key, &[[1; 32]]).unwrap().verify(&Ed25519Key::from_bytes(&[4; 32]).public()));
        assert_eq!(BatchSignature::read(&[1; 20]), None);
    }
}
