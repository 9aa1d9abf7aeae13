//! Canonical form, signatures, and the append-only log with its proofs.
//!
//! Pure: no clock, no input or output, no source of chance. Whoever needs 32 random bytes or a time passes them in;
//! whoever keeps tiles passes a reader. The crate knows nobody above it.
//!
//! | module | what | standard |
//! |---|---|---|
//! | [`jcs`] | one byte form for one JSON value | RFC 8785 |
//! | [`digest`] | SHA-256, salted and keyed digests, hex, base64url | FIPS 180-4, RFC 2104, RFC 4648 |
//! | [`keys`] | signing keys, public keys, JWK, thumbprints | RFC 7517, 7638, 8037; PKCS #8 |
//! | [`jws`] | compact signatures, attached or detached | RFC 7515 |
//! | [`merkle`] | tree hashes, growth, proofs, tiles | RFC 6962, RFC 9162, C2SP tlog-tiles |
//! | [`note`] | signed notes and checkpoints | C2SP signed-note, tlog-checkpoint, tlog-cosignature |
//! | [`proof`] | one text that proves an entry offline | C2SP tlog-proof@v1 |
//!
//! Invariant: nothing here panics on foreign input; every parser accepts one spelling only, so that
//! `encode(parse(x)) == x` for each accepted `x`.
//!
//! Start at [`keys::Signer`] to sign, at [`merkle::LogAppender`] to grow a log, at [`proof::TlogProof`] to verify.

pub mod digest;
mod error;
pub mod jcs;
pub mod jws;
pub mod keys;
pub mod merkle;
pub mod note;
pub mod proof;

pub use error::SealError;
