//! Digests that name bytes, hide persons, or both; and the two texts of bytes, hex and base64url.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::SealError;

/// Separates this use of SHA-256 from every other (leaf hashes, key ids, file names).
const SALTED_LABEL: &[u8] = b"tongban/salted-digest/v1";

/// SHA-256 of `bytes` (FIPS 180-4). 32 bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// A digest that may stand in a public log: nobody can guess `bytes` from it without `salt`, and it can no longer be
/// linked to anything once the salt is erased (Personal Information Protection Law, art. 47).
///
/// SHA-256 over three parts, each preceded by its length in bytes as a big-endian u64: the label
/// `tongban/salted-digest/v1`, `salt` (16 bytes, random, kept with the original), `bytes` (any length).
pub fn salted(salt: &[u8; 16], bytes: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [SALTED_LABEL, salt.as_slice(), bytes] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// HMAC-SHA256 (RFC 2104): a stable pseudonym of a subject for whoever holds `key`, noise for everybody else.
///
/// `key`: any length, 32 random bytes advised. Result: 32 bytes.
pub fn keyed(key: &[u8], bytes: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length (RFC 2104 §2)");
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

/// Lower-case hex, two digits a byte.
pub fn to_hex(bytes: &[u8]) -> String {
    hex::encode(bytes)
}

/// Reads lower-case hex. Errors: [`SealError::Malformed`] for capitals, odd length or other characters.
pub fn from_hex(text: &str) -> Result<Vec<u8>, SealError> {
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(SealError::malformed("hex text", "it has capital letters"));
    }
    hex::decode(text).map_err(|e| SealError::malformed("hex text", e.to_string()))
}

/// base64url without padding (RFC 4648 §5, as JOSE uses it).
pub fn to_base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads base64url strictly: no padding, no white space, unused bits zero, so that one value has one text.
/// Errors: [`SealError::Malformed`].
pub fn from_base64url(text: &str) -> Result<Vec<u8>, SealError> {
    let bytes = URL_SAFE_NO_PAD.decode(text);
    bytes.map_err(|e| SealError::malformed("base64url text", e.to_string()))
}

/// Padded standard base64 (RFC 4648 §4), as the C2SP texts use it.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads padded standard base64 strictly; `what` names the text in the error.
pub(crate) fn from_base64(what: &'static str, text: &str) -> Result<Vec<u8>, SealError> {
    let bytes = STANDARD.decode(text);
    bytes.map_err(|e| SealError::malformed(what, format!("bad base64 ({e})")))
}

/// Reads exactly 32 bytes of padded standard base64.
pub(crate) fn hash_from_base64(what: &'static str, text: &str) -> Result<[u8; 32], SealError> {
    let bytes = from_base64(what, text)?;
    let got = bytes.len();
    bytes.try_into().map_err(|_| SealError::malformed(what, format!("a hash has {got} bytes instead of 32")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_vectors_of_rfc_4231() {
        let hex = |bytes: [u8; 32]| to_hex(&bytes);
        assert_eq!(
            hex(keyed(&[0x0b; 20], b"Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
        assert_eq!(
            hex(keyed(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hex(keyed(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    #[test]
    fn a_salted_digest_depends_on_salt_and_every_byte_and_no_other_use_gives_it() {
        let base = salted(&[1; 16], b"certificate");
        assert_ne!(base, salted(&[2; 16], b"certificate"));
        assert_ne!(base, salted(&[1; 16], b"certificatf"));
        assert_ne!(salted(&[1; 16], b""), sha256(&[1; 16]));
        let mut plain = Vec::new();
        for part in [SALTED_LABEL, [1; 16].as_slice(), b"certificate".as_slice()] {
            plain.extend((part.len() as u64).to_be_bytes());
            plain.extend(part);
        }
        assert_eq!(base, sha256(&plain));
    }

    #[test]
    fn texts_of_bytes_have_one_spelling() {
        assert_eq!(from_base64url("AQI").unwrap(), [1, 2]);
        for bad in ["AQI=", "AQJ", "A", "AQ I", "AQ+_", "AQI\n"] {
            assert!(from_base64url(bad).is_err(), "{bad:?}");
        }
        assert_eq!(from_hex("00ff").unwrap(), [0, 255]);
        for bad in ["0", "0g", "FF", " 00"] {
            assert!(from_hex(bad).is_err(), "{bad:?}");
        }
        assert_eq!(hash_from_base64("hash", &to_base64(&[7; 32])).unwrap(), [7; 32]);
        assert!(hash_from_base64("hash", &to_base64(&[7; 31])).is_err());
    }
}
