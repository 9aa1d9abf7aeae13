//! Signatures of push by Standard Webhooks: `v1` with a secret of the subscription, `v1a` with the deployment's key.
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use platform::platform::Keys;
use platform::{Error, Result};
use seal::keys::Signer;

/// The secret of a subscription, 32 bytes. Derived, so that nothing has to be kept: another number, another secret.
pub fn secret(keys: &Keys, subscription: &str, key_no: i64) -> [u8; 32] {
    seal::digest::keyed(&keys.secret, format!("events push {subscription} {key_no}").as_bytes())
}

/// As Standard Webhooks writes a symmetric secret.
pub fn secret_text(secret: &[u8; 32]) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
}

/// As Standard Webhooks writes the public key of `v1a`.
pub fn public_text(keys: &Keys) -> String {
    format!("whpk_{}", STANDARD.encode(keys.gateway.public().to_bytes()))
}

/// The header `webhook-signature`. `at`: the seconds of `webhook-timestamp`.
pub fn header(keys: &Keys, secret: &[u8; 32], id: &str, at: i64, body: &str) -> Result<String> {
    let signed = format!("{id}.{at}.{body}");
    let by_key = keys.gateway.sign(signed.as_bytes()).map_err(Error::internal)?;
    let by_secret = seal::digest::keyed(secret, signed.as_bytes());
    Ok(format!("v1,{} v1a,{}", STANDARD.encode(by_secret), STANDARD.encode(by_key)))
}
