//! A time-stamp request and its token (RFC 3161, in a CMS signature, RFC 5652): built, read, checked offline.
use std::path::Path;

use der::Tag;
use ring::digest;
use time::{Date, Month, PrimitiveDateTime, Time};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use webpki::ring as algorithms;
use webpki::{EndEntityCert, KeyUsage, RevocationOptions, anchor_from_trusted_cert};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::der::{Element, at, element, elements, tagged};
use super::revoked::Lists;

/// OIDs as their content bytes.
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];
const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
/// signingCertificate (RFC 2634) and its second version (RFC 5035).
const CERTIFICATE: [&[u8]; 2] = [
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0c],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f],
];
const SHA_2: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];
/// id-kp-timeStamping.
const USAGE: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];

/// Roots that the authority's certificate must lead to, and lists that must not name it.
#[derive(Debug)]
pub struct Roots {
    certificates: Vec<CertificateDer<'static>>,
    lists: Option<Lists>,
}

impl Roots {
    /// Reads a PEM file. The error names it.
    pub fn open(path: &Path) -> Result<Self, String> {
        let pem = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Self::parse(&pem).map_err(|why| format!("{}: {why}", path.display()))
    }

    /// Reads PEM text.
    pub fn parse(pem: &[u8]) -> Result<Self, String> {
        let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let all = all.map_err(|error| error.to_string())?;
        if all.is_empty() {
            Err("no certificate in this file".into())
        } else {
            Ok(Self { certificates: all, lists: None })
        }
    }

    /// With revocation lists, which must know every certificate below the root.
    #[must_use]
    pub fn with(self, lists: Lists) -> Self {
        Self { lists: Some(lists), ..self }
    }
}

/// Eight bytes of a positive integer that DER writes as they are.
fn nonce_bytes(nonce: &[u8; 8]) -> [u8; 8] {
    let mut bytes = *nonce;
    bytes[0] = bytes[0] & 0x7f | 0x40;
    bytes
}

/// A query for a token over a SHA-256, with the authority's certificate in it (RFC 3161 §2.4.1). Every part has its length.
#[must_use]
pub fn request(imprint: &[u8; 32], nonce: &[u8; 8]) -> Vec<u8> {
    let version: &[u8] = &[0x30, 0x43, 0x02, 0x01, 0x01];
    let algorithm: &[u8] =
        &[0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00];
    let certificate: &[u8] = &[0x01, 0x01, 0xff];
    [version, algorithm, &[0x04, 0x20], imprint, &[0x02, 0x08], &nonce_bytes(nonce), certificate].concat()
}

/// The token of a reply, if it was granted to this query.
pub fn of_reply(reply: &[u8], nonce: &[u8; 8]) -> Result<Vec<u8>, String> {
    let all = element(reply)?.of(Tag::Sequence, "the reply")?.within()?;
    let status = at(&all, 0, (Tag::Sequence, "its status"))?.within()?;
    let code = at(&status, 0, (Tag::Integer, "its status"))?.content;
    // 0: granted, 1: granted with modifications (RFC 3161 §2.4.2).
    if ![[0].as_slice(), &[1]].contains(&code) {
        let words = status.get(1).map(|words| String::from_utf8_lossy(words.content).into_owned());
        let words = words.unwrap_or_default().replace(char::is_control, " ");
        return Err(format!("the authority refused, status {code:?} {words}"));
    }
    let token = at(&all, 1, (Tag::Sequence, "the token"))?;
    let info = Read::parse(token.whole)?;
    let said = elements(&info.info)?;
    let said = at(&said, 0, (Tag::Sequence, "what is signed"))?.within()?;
    if said.iter().skip(4).any(|one| one.tag == Tag::Integer && one.content == nonce_bytes(nonce)) {
        Ok(token.whole.to_vec())
    } else {
        Err("the token answers another query".into())
    }
}

/// A token, taken apart.
struct Read<'a> {
    info: Vec<u8>,
    certificates: Vec<CertificateDer<'a>>,
    signer: Vec<Element<'a>>,
}

impl<'a> Read<'a> {
    fn parse(token: &'a [u8]) -> Result<Self, String> {
        let outer = element(token)?.of(Tag::Sequence, "the token")?.within()?;
        let kind = at(&outer, 0, (Tag::ObjectIdentifier, "the kind of token"))?;
        if kind.content != SIGNED_DATA {
            return Err("it is no signed token".into());
        }
        let data = element(at(&outer, 1, (tagged(0), "what is signed"))?.content)?;
        let data = data.of(Tag::Sequence, "what is signed")?.within()?;
        let content = at(&data, 2, (Tag::Sequence, "the content"))?.within()?;
        if at(&content, 0, (Tag::ObjectIdentifier, "the content's kind"))?.content != TST_INFO {
            return Err("what is signed is no time-stamp".into());
        }
        let info = element(at(&content, 1, (tagged(0), "the content"))?.content)?;
        let info = info.of(Tag::OctetString, "the content")?.content.to_vec();
        let certificates = data.iter().find(|one| one.tag == tagged(0)).map(Element::within).transpose()?;
        let certificates = certificates.unwrap_or_default().iter().map(|one| one.whole.into()).collect();
        let signers = data.last().ok_or("nobody signed")?.of(Tag::Set, "who signed")?.within()?;
        let [signer] = signers.as_slice() else { return Err(format!("{} signed instead of one", signers.len())) };
        Ok(Self { info, certificates, signer: signer.of(Tag::Sequence, "who signed")?.within()? })
    }
}

/// Checks a token over a SHA-256: that it stamps it, and that who signed may sign. Without roots any authority counts.
/// The second since 1970 that it says. The error says what does not hold.
pub fn check(token: &[u8], imprint: &[u8; 32], roots: Option<&Roots>) -> Result<i64, String> {
    let read = Read::parse(token)?;
    let info = element(&read.info)?.of(Tag::Sequence, "what is signed")?.within()?;
    let stamped = at(&info, 2, (Tag::Sequence, "the imprint"))?.within()?;
    let algorithm = at(&stamped, 0, (Tag::Sequence, "the imprint's algorithm"))?.within()?;
    let sha256 =
        at(&algorithm, 0, (Tag::ObjectIdentifier, "the imprint's algorithm"))?.content == [SHA_2, &[1]].concat();
    if !sha256 || at(&stamped, 1, (Tag::OctetString, "the imprint"))?.content != imprint {
        return Err("it stamps something else".into());
    }
    let time = seconds_of(at(&info, 4, (Tag::GeneralizedTime, "the time"))?.content)?;
    signed(&read, time, roots)?;
    Ok(time)
}

fn signed(read: &Read<'_>, time: i64, roots: Option<&Roots>) -> Result<(), String> {
    let signer = &read.signer;
    let hash = hash_of(at(signer, 2, (Tag::Sequence, "the digest's algorithm"))?)?;
    let attributes = at(signer, 3, (tagged(0), "the signed attributes"))?;
    let attribute = |kind: &[u8]| attribute(&attributes, kind);
    if element(attribute(CONTENT_TYPE)?)?.content != TST_INFO {
        return Err("its attributes speak of another content".into());
    }
    if element(attribute(MESSAGE_DIGEST)?)?.content != digest::digest(hash, &read.info).as_ref() {
        return Err("it is not what was signed".into());
    }
    let certificate = certificate(read, CERTIFICATE.iter().find_map(|kind| attribute(kind).ok()))?;
    let end = EndEntityCert::try_from(certificate).map_err(|error| format!("the authority's certificate: {error}"))?;
    // Signed is the set of attributes, with the tag of a set (RFC 5652 §5.4).
    let message = [&[0x31], &attributes.whole[1..]].concat();
    let signature = at(signer, 5, (Tag::OctetString, "the signature"))?.content;
    let good =
        |algorithm: &&dyn SignatureVerificationAlgorithm| end.verify_signature(*algorithm, &message, signature).is_ok();
    if !algorithms_of(hash).iter().any(good) {
        return Err("the signature is forged or of a kind that is not known here".into());
    }
    roots.map_or(Ok(()), |roots| is_for_stamps(certificate).and_then(|()| leads(read, &end, (time, roots))))
}

/// Whether the certificate is for time-stamps (RFC 3161 §2.3). Those above it need not say so.
fn is_for_stamps(certificate: &CertificateDer<'_>) -> Result<(), String> {
    let broken = |error: &dyn std::fmt::Display| format!("the authority's certificate: {error}");
    let (_, read) = X509Certificate::from_der(certificate).map_err(|error| broken(&error))?;
    let usage = read.extended_key_usage().map_err(|error| broken(&error))?;
    if usage.is_some_and(|usage| usage.value.time_stamping) {
        Ok(())
    } else {
        Err("the authority's certificate is not for time-stamps".into())
    }
}

/// Whether the certificate led to a root at that time.
fn leads(read: &Read<'_>, end: &EndEntityCert<'_>, (time, roots): (i64, &Roots)) -> Result<(), String> {
    let anchors: Result<Vec<_>, _> = roots.certificates.iter().map(anchor_from_trusted_cert).collect();
    let anchors = anchors.map_err(|error| format!("a root cannot be used: {error}"))?;
    let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(time.unsigned_abs()));
    let chain = |lists: Option<RevocationOptions<'_>>| {
        end.verify_for_usage(ALL, &anchors, &read.certificates, at, KeyUsage::required_if_present(USAGE), lists, None)
    };
    match &roots.lists {
        Some(lists) => lists.check((end, at), chain),
        None => chain(None).map(|_| ()).map_err(|error| leads_nowhere(&error)),
    }
}

pub(super) fn leads_nowhere(error: &webpki::Error) -> String {
    format!("the authority's certificate leads to no root that you trust: {error}")
}

/// The value of an attribute that has one.
fn attribute<'a>(attributes: &Element<'a>, kind: &[u8]) -> Result<&'a [u8], String> {
    for one in attributes.within()? {
        let parts = one.of(Tag::Sequence, "an attribute")?.within()?;
        if at(&parts, 0, (Tag::ObjectIdentifier, "an attribute"))?.content == kind {
            return Ok(at(&parts, 1, (Tag::Set, "an attribute"))?.content);
        }
    }
    Err("a signed attribute is missing".into())
}

/// The certificate that the signer names by its hash (RFC 5816).
fn certificate<'r, 'a>(read: &'r Read<'a>, named: Option<&[u8]>) -> Result<&'r CertificateDer<'a>, String> {
    let named = element(named.ok_or("the signer names no certificate")?)?.of(Tag::Sequence, "the signer")?.within()?;
    let all = at(&named, 0, (Tag::Sequence, "the signer"))?.within()?;
    let first = at(&all, 0, (Tag::Sequence, "the signer"))?.within()?;
    let hash = first.iter().find(|one| one.tag == Tag::OctetString).ok_or("the signer has no hash")?.content;
    let algorithm = match hash.len() {
        20 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        32 => &digest::SHA256,
        48 => &digest::SHA384,
        _ => &digest::SHA512,
    };
    let found = read.certificates.iter().find(|known| digest::digest(algorithm, known).as_ref() == hash);
    found.ok_or_else(|| "the token lacks the certificate of who signed".to_owned())
}

fn hash_of(algorithm: Element<'_>) -> Result<&'static digest::Algorithm, String> {
    let parts = algorithm.within()?;
    match at(&parts, 0, (Tag::ObjectIdentifier, "the digest's algorithm"))?.content.strip_prefix(SHA_2) {
        Some([1]) => Ok(&digest::SHA256),
        Some([2]) => Ok(&digest::SHA384),
        Some([3]) => Ok(&digest::SHA512),
        _ => Err("its digest is not SHA-2".into()),
    }
}

const SHA256: &[&dyn SignatureVerificationAlgorithm] =
    &[algorithms::RSA_PKCS1_2048_8192_SHA256, algorithms::ECDSA_P256_SHA256, algorithms::ECDSA_P384_SHA256];
const SHA384: &[&dyn SignatureVerificationAlgorithm] =
    &[algorithms::RSA_PKCS1_2048_8192_SHA384, algorithms::ECDSA_P256_SHA384, algorithms::ECDSA_P384_SHA384];
const SHA512: &[&dyn SignatureVerificationAlgorithm] = &[algorithms::RSA_PKCS1_2048_8192_SHA512];
const ALL: &[&dyn SignatureVerificationAlgorithm] = &[
    algorithms::RSA_PKCS1_2048_8192_SHA256,
    algorithms::RSA_PKCS1_2048_8192_SHA384,
    algorithms::RSA_PKCS1_2048_8192_SHA512,
    algorithms::ECDSA_P256_SHA256,
    algorithms::ECDSA_P256_SHA384,
    algorithms::ECDSA_P384_SHA256,
    algorithms::ECDSA_P384_SHA384,
];

fn algorithms_of(hash: &'static digest::Algorithm) -> &'static [&'static dyn SignatureVerificationAlgorithm] {
    match hash.output_len() {
        32 => SHA256,
        48 => SHA384,
        _ => SHA512,
    }
}

/// `20261122020304Z`, with or without a fraction (RFC 3161 §2.4.2), as seconds since 1970.
fn seconds_of(text: &[u8]) -> Result<i64, String> {
    let broken = || "its time cannot be read".to_owned();
    let text = std::str::from_utf8(text).map_err(|_| broken())?.strip_suffix('Z').ok_or_else(broken)?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.len() != 14 || !digits(whole) || !digits(fraction) {
        return Err(broken());
    }
    let number = |from: usize, to: usize| whole[from..to].parse::<u8>().map_err(|_| broken());
    let year: i32 = whole[..4].parse().map_err(|_| broken())?;
    let month = Month::try_from(number(4, 6)?).map_err(|_| broken())?;
    let date = Date::from_calendar_date(year, month, number(6, 8)?).map_err(|_| broken())?;
    let time = Time::from_hms(number(8, 10)?, number(10, 12)?, number(12, 14)?).map_err(|_| broken())?;
    Ok(PrimitiveDateTime::new(date, time).assume_utc().unix_timestamp())
}
