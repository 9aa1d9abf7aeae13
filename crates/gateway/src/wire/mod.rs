//! Between two gateways: one POST a call, with the canonical head, the body, and a signature over both.
//!
//! `POST /tb1`, `TB-Head` (the canonical head, base64), `X-Road-Request-Hash`, `Signature-Input`, `Signature` (RFC 9421),
//! and the body as it is. The answer has the same form, with `TB-Answer-Hash`.
pub mod accept;
pub mod send;
pub mod sign;

/// Where a gateway takes calls of other gateways.
pub const PATH: &str = "/tb1";
pub const HEAD: &str = "tb-head";
pub const REQUEST_HASH: &str = "x-road-request-hash";
pub const ANSWER_HASH: &str = "tb-answer-hash";
pub const SIGNATURE_INPUT: &str = "signature-input";
pub const SIGNATURE: &str = "signature";

/// How far back in time the head of the connection goes: what both sides need of a header.
pub(crate) fn text<'a>(headers: &'a hyper::HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
