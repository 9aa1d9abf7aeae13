//! The public half: verifies, and is known by its thumbprint.

use ed25519_dalek::VerifyingKey as Ed25519Public;
use p256::ecdsa::VerifyingKey as P256Public;
use p256::ecdsa::signature::Verifier as _;
use p256::pkcs8::{DecodePublicKey as _, EncodePublicKey as _, LineEnding};

use super::{Algorithm, jwk};
use crate::{SealError, digest};

/// A public key of any known [`Algorithm`]; always a valid point, never one of small order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(pub(super) Point);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Point {
    Es256(P256Public),
    Ed25519(Ed25519Public),
}

impl PublicKey {
    /// The one algorithm that this key verifies.
    pub fn algorithm(&self) -> Algorithm {
        match self.0 {
            Point::Es256(_) => Algorithm::Es256,
            Point::Ed25519(_) => Algorithm::Ed25519,
        }
    }

    /// The RFC 7638 thumbprint (SHA-256), base64url: 43 characters.
    pub fn key_id(&self) -> String {
        digest::to_base64url(&self.thumbprint())
    }

    /// The RFC 7638 thumbprint: SHA-256 of the required JWK members in canonical form. 32 bytes.
    pub fn thumbprint(&self) -> [u8; 32] {
        jwk::thumbprint(self)
    }

    /// Checks a signature over `message` (unhashed): 64 bytes, ES256 as `r || s`.
    ///
    /// Ed25519 is checked strictly (no points of small order), so that all verifiers agree.
    /// Errors: [`SealError::Signature`].
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), SealError> {
        let fits = match &self.0 {
            Point::Es256(key) => {
                p256::ecdsa::Signature::from_slice(signature).and_then(|s| key.verify(message, &s)).is_ok()
            }
            Point::Ed25519(key) => {
                ed25519_dalek::Signature::from_slice(signature).and_then(|s| key.verify_strict(message, &s)).is_ok()
            }
        };
        if fits { Ok(()) } else { Err(SealError::Signature { key: self.key_id() }) }
    }

    /// The point: 65 bytes for P-256 (SEC 1, uncompressed, first byte 4), 32 bytes for Ed25519.
    pub fn to_bytes(&self) -> Vec<u8> {
        match &self.0 {
            Point::Es256(key) => key.to_sec1_point(false).as_bytes().to_vec(),
            Point::Ed25519(key) => key.to_bytes().to_vec(),
        }
    }

    /// Reads the point: SEC 1 (compressed or not) for P-256, 32 bytes for Ed25519. Errors: [`SealError::Key`].
    pub fn from_bytes(algorithm: Algorithm, bytes: &[u8]) -> Result<Self, SealError> {
        match algorithm {
            Algorithm::Es256 => {
                let key = P256Public::from_sec1_bytes(bytes);
                key.map(Self::from).map_err(|_| SealError::key("it is no point of the curve P-256"))
            }
            Algorithm::Ed25519 => {
                let key = Ed25519Public::try_from(bytes).ok().filter(|key| !key.is_weak());
                key.map(Self::from).ok_or_else(|| SealError::key("it is no Ed25519 point of full order"))
            }
        }
    }

    /// The public JWK with `kid` (the thumbprint), `alg` and `use`.
    pub fn to_jwk(&self) -> serde_json::Value {
        jwk::write(self)
    }

    /// Reads a JWK (RFC 7517): `EC` with `P-256`, `OKP` with `Ed25519`. `kid` is not read: ours is the thumbprint.
    ///
    /// Errors: [`SealError::Key`] for other types, a private part (`d`), another `use` or `alg`, points off the curve.
    pub fn from_jwk(value: &serde_json::Value) -> Result<Self, SealError> {
        jwk::read(value)
    }

    /// SubjectPublicKeyInfo as PEM, `BEGIN PUBLIC KEY`.
    pub fn to_pem(&self) -> String {
        let pem = match &self.0 {
            Point::Es256(key) => key.to_public_key_pem(LineEnding::LF),
            Point::Ed25519(key) => key.to_public_key_pem(LineEnding::LF),
        };
        pem.expect("a valid point always has a SubjectPublicKeyInfo")
    }

    /// Reads SubjectPublicKeyInfo PEM. Errors: [`SealError::Key`].
    pub fn from_pem(pem: &str) -> Result<Self, SealError> {
        if let Ok(key) = P256Public::from_public_key_pem(pem) {
            return Ok(Self::from(key));
        }
        let key = Ed25519Public::from_public_key_pem(pem)
            .map_err(|_| SealError::key("it is not a PEM of a P-256 or Ed25519 public key"))?;
        Self::from_bytes(Algorithm::Ed25519, key.as_bytes())
    }
}

impl From<P256Public> for PublicKey {
    fn from(key: P256Public) -> Self {
        Self(Point::Es256(key))
    }
}

impl From<Ed25519Public> for PublicKey {
    fn from(key: Ed25519Public) -> Self {
        Self(Point::Ed25519(key))
    }
}
