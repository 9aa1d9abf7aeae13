//! A small time-stamping authority (RFC 3161).
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, SigningKey};
use seal::digest::sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Of queries without chance.
pub const NONCE: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

/// Who signs certificates and revocation lists.
pub type Signs = Issuer<'static, KeyPair>;

/// A time-stamping authority.
pub struct Authority {
    /// PEM.
    pub root: String,
    /// DER.
    pub certificate: Vec<u8>,
    /// Certificates between it and the root, DER.
    pub between: Vec<u8>,
    key: KeyPair,
}

/// Serial numbers of the authority's certificate, and of the one between.
pub const SERIAL: u64 = 77;
pub const BETWEEN: u64 = 78;

pub fn authority() -> Authority {
    authority_for(ExtendedKeyUsagePurpose::TimeStamping)
}

pub fn authority_for(usage: ExtendedKeyUsagePurpose) -> Authority {
    let (root, issuer) = root("Root");
    under(&issuer, (root, Vec::new()), usage)
}

fn params_of(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

/// A root in PEM, and who signs with it.
pub fn root(name: &str) -> (String, Signs) {
    let (params, key) = (params_of(name), KeyPair::generate().unwrap());
    let root = params.self_signed(&key).unwrap().pem();
    (root, Issuer::new(params, key))
}

/// An issuer below another, and its certificate in DER.
pub fn issuer_under(name: &str, above: &Signs) -> (Vec<u8>, Signs) {
    let (mut params, key) = (params_of(name), KeyPair::generate().unwrap());
    params.serial_number = Some(BETWEEN.into());
    let certificate = params.signed_by(&key, above).unwrap().der().to_vec();
    (certificate, Issuer::new(params, key))
}

/// An authority whose certificate an issuer has signed.
pub fn under(issuer: &Signs, (root, between): (String, Vec<u8>), usage: ExtendedKeyUsagePurpose) -> Authority {
    let mut params = CertificateParams::default();
    params.serial_number = Some(SERIAL.into());
    params.extended_key_usages = vec![usage];
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, issuer).unwrap().der().to_vec();
    Authority { root, certificate, between, key }
}

fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = content.len();
    let head = match u8::try_from(length) {
        Ok(short) if short < 128 => vec![tag, short],
        Ok(long) => vec![tag, 0x81, long],
        Err(_) => vec![tag, 0x82, (length >> 8) as u8, length as u8],
    };
    [head, content].concat()
}

const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];
const ATTRIBUTE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09];
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const ECDSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];

impl Authority {
    /// The reply to a query of ours, whose parts have fixed places.
    pub fn reply(&self, query: &[u8], second: i64) -> Vec<u8> {
        let (imprint, nonce) = (&query[5..56], &query[56..66]);
        let at = time::OffsetDateTime::from_unix_timestamp(second).unwrap();
        let format = time::macros::format_description!("[year][month][day][hour][minute][second]Z");
        let at = at.format(format).unwrap();
        let (one, policy) = (der(2, &[&[1]]), der(6, &[&[0x2a, 3, 4, 1]]));
        let info = der(0x30, &[&one, &policy, imprint, &one, &der(0x18, &[at.as_bytes()]), nonce]);
        let attribute = |kind: &[u8], value: &[u8]| der(0x30, &[&der(6, &[ATTRIBUTE, kind]), &der(0x31, &[value])]);
        let named = der(0x30, &[&der(0x30, &[&der(0x30, &[&der(4, &[&sha256(&self.certificate)])])])]);
        let attributes = [
            attribute(&[3], &der(6, &[TST_INFO])),
            attribute(&[4], &der(4, &[&sha256(&info)])),
            attribute(&[0x10, 0x02, 0x2f], &named),
        ]
        .concat();
        let signature = self.key.sign(&der(0x31, &[&attributes])).unwrap();
        let digest = der(0x30, &[&der(6, &[SHA256])]);
        let algorithm = der(0x30, &[&der(6, &[ECDSA_SHA256])]);
        let signer = der(
            0x30,
            &[&one, &der(0x30, &[]), &digest, &der(0xa0, &[&attributes]), &algorithm, &der(4, &[&signature])],
        );
        let content = der(0x30, &[&der(6, &[TST_INFO]), &der(0xa0, &[&der(4, &[&info])])]);
        let data = der(
            0x30,
            &[
                &der(2, &[&[3]]),
                &der(0x31, &[&digest]),
                &content,
                &der(0xa0, &[&self.certificate, &self.between]),
                &der(0x31, &[&signer]),
            ],
        );
        let token = der(0x30, &[&der(6, &[SIGNED_DATA]), &der(0xa0, &[&data])]);
        der(0x30, &[&der(0x30, &[&der(2, &[&[0]])]), &token])
    }

    /// Answers queries over HTTP, at a time that can be set.
    pub async fn serve(self: Arc<Self>, second: Arc<AtomicI64>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/tsr", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut read = Vec::new();
                let query = loop {
                    let mut chunk = [0; 4096];
                    let count = stream.read(&mut chunk).await.unwrap();
                    read.extend_from_slice(&chunk[..count]);
                    if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n")
                        && read.len() >= end + 4 + 69
                    {
                        break read[end + 4..].to_vec();
                    }
                };
                let reply = self.reply(&query, second.load(Ordering::SeqCst));
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", reply.len());
                stream.write_all(&[head.as_bytes(), &reply].concat()).await.unwrap();
            }
        });
        url
    }
}
