//! HMAC-SHA256 by RFC 2104 and base64 by RFC 4648, written anew: nothing of the program's own signing is used.
use platform::chance::sha256;

const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub fn decode(text: &str) -> Vec<u8> {
    let (mut out, mut bits, mut held) = (Vec::new(), 0u32, 0);
    for byte in text.bytes().filter(|b| *b != b'=') {
        bits = (bits << 6) | ALPHABET.iter().position(|b| *b == byte).unwrap() as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    out
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0u8; 64];
    block[..key.len()].copy_from_slice(key);
    let pad = |with: u8| block.iter().map(|b| b ^ with).collect::<Vec<u8>>();
    let inner = sha256(&[pad(0x36), message.to_vec()].concat());
    sha256(&[pad(0x5c), inner.to_vec()].concat())
}

/// As the specification says: one of the signatures fits.
pub fn verify(secret: &str, (id, at, body): (&str, &str, &str), header: &str) -> bool {
    let key = decode(secret.strip_prefix("whsec_").unwrap());
    let want = hmac(&key, format!("{id}.{at}.{body}").as_bytes());
    header.split(' ').filter_map(|one| one.strip_prefix("v1,")).any(|one| decode(one) == want)
}
