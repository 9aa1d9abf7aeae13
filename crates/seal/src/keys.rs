//! Signing keys behind one trait, and the public keys that verify.
//!
//! ES256 for the world's wallets and browsers, Ed25519 for the log. The enums are open for SM2 with SM3 (GB/T 32918),
//! the domestic profile. Keys come from 32 random bytes that the caller draws, or from PKCS #8.

mod ed25519;
mod es256;
mod jwk;
mod public;

use std::fmt;

use p256::elliptic_curve::zeroize::Zeroizing;

use crate::SealError;

pub use ed25519::Ed25519Key;
pub use es256::Es256Key;
pub use jwk::set_of as jwk_set;
pub use public::PublicKey;

/// A secret text (a private key as PEM); its memory is cleared when it is dropped.
pub type SecretText = Zeroizing<String>;

/// A signature algorithm together with its curve and hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256; 64-byte signatures `r || s` (RFC 7518 §3.4).
    Es256,
    /// Ed25519; 64-byte signatures (RFC 8032, RFC 8037).
    Ed25519,
}

impl Algorithm {
    /// The JOSE name that we write: `ES256`, `EdDSA`. (RFC 9864 renames the latter to `Ed25519`; few readers know it.)
    pub fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Ed25519 => "EdDSA",
        }
    }

    /// The algorithm of a JOSE name; `EdDSA` and `Ed25519` are the same here, because no other EdDSA curve is known.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "ES256" => Some(Self::Es256),
            "EdDSA" | "Ed25519" => Some(Self::Ed25519),
            _ => None,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whatever can sign: a key in memory, in a file, later in a hardware module.
pub trait Signer: Send + Sync {
    /// The algorithm of the signatures.
    fn algorithm(&self) -> Algorithm;
    /// The RFC 7638 thumbprint of the public key, base64url: 43 characters.
    fn key_id(&self) -> &str;
    /// Signs `message` (unhashed). Result: 64 bytes. Errors: only from keys that are elsewhere; keys in memory never fail.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SealError>;
    /// The key that verifies the signatures.
    fn public(&self) -> PublicKey;
}

/// Loads a private key of any known algorithm from PKCS #8 PEM (`BEGIN PRIVATE KEY`).
/// Errors: [`SealError::Key`] for other PEM, encrypted keys and other algorithms.
pub fn signer_from_pem(pem: &str) -> Result<Box<dyn Signer>, SealError> {
    if let Ok(key) = Es256Key::from_pem(pem) {
        return Ok(Box::new(key));
    }
    match Ed25519Key::from_pem(pem) {
        Ok(key) => Ok(Box::new(key)),
        Err(_) => Err(SealError::key("it is not an unencrypted PKCS #8 PEM of a P-256 or Ed25519 private key")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::from_base64url;

    fn signers() -> [Box<dyn Signer>; 2] {
        [Box::new(Es256Key::from_bytes(&[7; 32]).unwrap()), Box::new(Ed25519Key::from_bytes(&[7; 32]))]
    }

    #[test]
    fn what_a_key_signs_its_public_key_verifies_and_nothing_else_does() {
        let [a, b] = signers();
        for (signer, other) in [(&a, &b), (&b, &a)] {
            let signature = signer.sign(b"message").unwrap();
            assert_eq!(signature.len(), 64);
            let public = signer.public();
            public.verify(b"message", &signature).unwrap();
            assert!(public.verify(b"messagf", &signature).is_err());
            assert!(public.verify(b"message", &signature[..63]).is_err());
            assert!(other.public().verify(b"message", &signature).is_err());
            for bit in [0, 255, 256, 511] {
                let mut broken = signature.clone();
                broken[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(public.verify(b"message", &broken).unwrap_err().code(), "signature");
            }
        }
    }

    #[test]
    fn keys_survive_pem_bytes_and_jwk() {
        for signer in signers() {
            let public = signer.public();
            assert_eq!(public.key_id(), signer.key_id());
            assert_eq!(public.algorithm(), signer.algorithm());
            assert_eq!(PublicKey::from_jwk(&public.to_jwk()).unwrap(), public);
            assert_eq!(PublicKey::from_pem(&public.to_pem()).unwrap(), public);
            assert_eq!(PublicKey::from_bytes(public.algorithm(), &public.to_bytes()).unwrap(), public);
            assert_eq!(Algorithm::from_name(public.algorithm().name()), Some(public.algorithm()));
        }
        let es256 = Es256Key::from_bytes(&[7; 32]).unwrap();
        let ed25519 = Ed25519Key::from_bytes(&[7; 32]);
        assert_eq!(signer_from_pem(&es256.to_pem()).unwrap().public(), es256.public());
        assert_eq!(signer_from_pem(&ed25519.to_pem()).unwrap().public(), ed25519.public());
        assert_eq!(*es256.to_bytes(), [7; 32]);
        assert_eq!(*ed25519.to_bytes(), [7; 32]);
        assert!(signer_from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").is_err());
        assert!(Es256Key::from_pem(&ed25519.to_pem()).is_err());
    }

    #[test]
    fn secrets_do_not_show_in_debug_output() {
        let es256 = Es256Key::from_bytes(&[7; 32]).unwrap();
        let ed25519 = Ed25519Key::from_bytes(&[7; 32]);
        for text in [format!("{es256:?}"), format!("{ed25519:?}")] {
            assert!(!text.contains("0707") && !text.contains("7, 7"), "{text}");
        }
    }

    /// RFC 8410 §10.1 and §10.3.
    #[test]
    fn the_ed25519_key_of_rfc_8410_is_read_and_written() {
        let pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
        let public = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
        let key = Ed25519Key::from_pem(pem).unwrap();
        assert_eq!(*key.to_pem(), pem);
        assert_eq!(key.public().to_pem(), public);
    }

    /// `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256` and `openssl pkey -pubout`, OpenSSL 3.0.
    #[test]
    fn a_p256_key_made_by_openssl_is_read_and_written() {
        let pem = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgVgbUIRLaw9E4w+Gf\nqDovGrjJsYD1dUHOo6iPT/51h1GhRANCAAQd/4+iLkjyrKs2xXB6UD2apDNRpPfV\nDhXmPz/eeatit+yliGs3k81h9EIRPS/kKXypmZr8c95rs6jNaN/EeDvO\n-----END PRIVATE KEY-----\n";
        let public = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEHf+Poi5I8qyrNsVwelA9mqQzUaT3\n1Q4V5j8/3nmrYrfspYhrN5PNYfRCET0v5Cl8qZma/HPea7OozWjfxHg7zg==\n-----END PUBLIC KEY-----\n";
        let key = Es256Key::from_pem(pem).unwrap();
        assert_eq!(*key.to_pem(), pem);
        assert_eq!(key.public().to_pem(), public);
    }

    #[test]
    fn algorithms_nobody_knows_have_no_name_here() {
        for name in ["none", "HS256", "es256", "RS256", "ES256K", ""] {
            assert_eq!(Algorithm::from_name(name), None, "{name}");
        }
    }

    /// RFC 6979 §A.2.5, P-256 with SHA-256.
    #[test]
    fn es256_signatures_are_those_of_rfc_6979() {
        let secret =
            crate::digest::from_hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721").unwrap();
        let key = Es256Key::from_bytes(&secret.try_into().unwrap()).unwrap();
        assert_eq!(
            crate::digest::to_hex(&key.sign(b"sample").unwrap()),
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
        );
    }

    /// RFC 8032 §7.1 test 1; RFC 8037 §A.3 thumbprint of the same key.
    #[test]
    fn ed25519_keys_are_those_of_rfc_8032_and_8037() {
        let secret = from_base64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
        let key = Ed25519Key::from_bytes(&secret.try_into().unwrap());
        assert_eq!(key.public().to_jwk()["x"], "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(key.key_id(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assert!(
            crate::digest::to_hex(&key.sign(b"").unwrap())
                .starts_with("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974")
        );
    }
}
