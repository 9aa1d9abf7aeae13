//! Ed25519 (RFC 8032), the algorithm of the log's checkpoints.

use std::fmt;

use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, KeypairBytes};
use ed25519_dalek::{Signer as _, SigningKey};
use p256::elliptic_curve::zeroize::Zeroizing;
use p256::pkcs8::LineEnding;

use super::{Algorithm, PublicKey, SecretText, Signer};
use crate::SealError;

/// An Ed25519 private key in memory, cleared when dropped.
#[derive(Clone)]
pub struct Ed25519Key {
    key: SigningKey,
    key_id: String,
}

impl Ed25519Key {
    /// The key whose seed is `secret`: 32 random bytes; every value is a key.
    pub fn from_bytes(secret: &[u8; 32]) -> Self {
        Self::new(SigningKey::from_bytes(secret))
    }

    /// Loads PKCS #8 PEM (RFC 8410, with or without the public key). Errors: [`SealError::Key`].
    pub fn from_pem(pem: &str) -> Result<Self, SealError> {
        let key = SigningKey::from_pkcs8_pem(pem)
            .map_err(|e| SealError::key(format!("it is not a PKCS #8 PEM of an Ed25519 private key ({e})")))?;
        Ok(Self::new(key))
    }

    /// PKCS #8 PEM, version 1 (without the public key), which every reader knows; not encrypted.
    pub fn to_pem(&self) -> SecretText {
        let pair = KeypairBytes { secret_key: self.key.to_bytes(), public_key: None };
        pair.to_pkcs8_pem(LineEnding::LF).expect("an Ed25519 seed always has a PKCS #8 form")
    }

    /// The seed: 32 bytes.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.key.to_bytes())
    }

    fn new(key: SigningKey) -> Self {
        let key_id = PublicKey::from(key.verifying_key()).key_id();
        Self { key, key_id }
    }
}

impl Signer for Ed25519Key {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Ed25519
    }

    fn key_id(&self) -> &str {
        &self.key_id
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SealError> {
        Ok(self.key.sign(message).to_bytes().to_vec())
    }

    fn public(&self) -> PublicKey {
        PublicKey::from(self.key.verifying_key())
    }
}

impl fmt::Debug for Ed25519Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ed25519Key").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}
