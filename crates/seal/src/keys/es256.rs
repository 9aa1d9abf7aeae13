//! ES256: ECDSA on P-256 with SHA-256, deterministic (RFC 6979).

use std::fmt;

use p256::SecretKey;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::zeroize::Zeroizing;
use p256::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, LineEnding};

use super::{Algorithm, PublicKey, SecretText, Signer};
use crate::SealError;

/// A P-256 private key in memory, cleared when dropped.
#[derive(Clone)]
pub struct Es256Key {
    key: SigningKey,
    key_id: String,
}

impl Es256Key {
    /// The key whose secret scalar is `secret`: 32 bytes, big-endian, random.
    /// Errors: [`SealError::Key`] when it is zero or not below the group order (1 of 2^32 random values: draw again).
    pub fn from_bytes(secret: &[u8; 32]) -> Result<Self, SealError> {
        let key = SigningKey::from_slice(secret)
            .map_err(|_| SealError::key("these 32 bytes are no P-256 scalar; draw 32 new random bytes"))?;
        Ok(Self::new(key))
    }

    /// Loads PKCS #8 PEM. Errors: [`SealError::Key`].
    pub fn from_pem(pem: &str) -> Result<Self, SealError> {
        let secret = SecretKey::from_pkcs8_pem(pem)
            .map_err(|e| SealError::key(format!("it is not a PKCS #8 PEM of a P-256 private key ({e})")))?;
        Ok(Self::new(secret.into()))
    }

    /// PKCS #8 PEM, `BEGIN PRIVATE KEY`, not encrypted.
    pub fn to_pem(&self) -> SecretText {
        let secret = SecretKey::from(self.key.as_nonzero_scalar());
        secret.to_pkcs8_pem(LineEnding::LF).expect("a P-256 key always has a PKCS #8 form")
    }

    /// The secret scalar: 32 bytes, big-endian.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.key.to_bytes().into())
    }

    fn new(key: SigningKey) -> Self {
        let key_id = PublicKey::from(*key.verifying_key()).key_id();
        Self { key, key_id }
    }
}

impl Signer for Es256Key {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Es256
    }

    fn key_id(&self) -> &str {
        &self.key_id
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SealError> {
        let signature: Signature =
            self.key.try_sign(message).map_err(|_| SealError::key("the P-256 signature could not be made"))?;
        Ok(signature.to_bytes().to_vec())
    }

    fn public(&self) -> PublicKey {
        PublicKey::from(*self.key.verifying_key())
    }
}

impl fmt::Debug for Es256Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Es256Key").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}
