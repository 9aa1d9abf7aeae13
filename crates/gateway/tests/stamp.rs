//! Time-stamps: tokens of OpenSSL's authority are read, those of a small authority here stamp the log, and what is altered,
//! of somebody else or for something else does not hold.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{CLIENT, Doors, NOW_SECONDS, Node, request, send};
use gateway::archive::{self, check};
use gateway::evidence::{Evidence, Trust, Wanted};
use gateway::stamp::{self, token};
use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, SigningKey};
use seal::digest::sha256;
use token::Roots;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Of `openssl ts -query` with this imprint and nonce; the replies by `openssl ts -reply` of OpenSSL 3.0, the first with
/// SHA-256 throughout, the second signed with SHA-512 and naming its certificate by SHA-1.
const NONCE: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];
const REPLIES: [&str; 2] = [include_str!("time-stamp/reply-sha256.b64"), include_str!("time-stamp/reply-sha512.b64")];
const ROOT: &str = include_str!("time-stamp/root.pem");

fn bytes(text: &str) -> Vec<u8> {
    STANDARD.decode(text.split_whitespace().collect::<String>()).unwrap()
}

#[test]
fn tokens_of_openssl_hold_and_no_altered_byte_of_them_does() {
    let (imprint, roots) = (sha256(b"tongban"), Roots::parse(ROOT.as_bytes()).unwrap());
    for reply in REPLIES.map(bytes) {
        let token = token::of_reply(&reply, &NONCE).unwrap();
        let at = token::check(&token, &imprint, Some(&roots)).unwrap();
        assert!((1_795_314_394..1_795_314_500).contains(&at), "{at}");
        assert_eq!(token::check(&token, &imprint, None), Ok(at));
        assert!(token::of_reply(&reply, &[9; 8]).unwrap_err().contains("another query"));
        assert!(token::check(&token, &sha256(b"other"), Some(&roots)).unwrap_err().contains("something else"));
        let other = Roots::parse(authority().root.as_bytes()).unwrap();
        assert!(token::check(&token, &imprint, Some(&other)).unwrap_err().contains("no root"));
        // Some bytes are free: the copy of the root that comes with the token, names of the signer and of algorithms. None
        // of them changes what the token says.
        let mut held = 0;
        for place in 0..token.len() {
            let mut altered = token.clone();
            altered[place] ^= 1;
            match token::check(&altered, &imprint, Some(&roots)) {
                Ok(said) => assert_eq!(said, at, "byte {place}"),
                Err(_) => held += 1,
            }
        }
        assert!(held > 1200, "{held} of {} bytes are guarded", token.len());
        assert!((0..token.len()).all(|cut| token::check(&token[..cut], &imprint, None).is_err()));
    }
    assert!(token::of_reply(&[0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02], &NONCE).unwrap_err().contains("refused"));
}

/// A time-stamping authority.
struct Authority {
    root: String,
    certificate: Vec<u8>,
    key: KeyPair,
}

fn authority() -> Authority {
    authority_for(ExtendedKeyUsagePurpose::TimeStamping)
}

fn authority_for(usage: ExtendedKeyUsagePurpose) -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root_key = KeyPair::generate().unwrap();
    let root = params.self_signed(&root_key).unwrap().pem();
    let issuer = Issuer::new(params, root_key);
    let mut params = CertificateParams::default();
    params.extended_key_usages = vec![usage];
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap().der().to_vec();
    Authority { root, certificate, key }
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
    fn reply(&self, query: &[u8], second: i64) -> Vec<u8> {
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
                &der(0xa0, &[&self.certificate]),
                &der(0x31, &[&signer]),
            ],
        );
        let token = der(0x30, &[&der(6, &[SIGNED_DATA]), &der(0xa0, &[&data])]);
        der(0x30, &[&der(0x30, &[&der(2, &[&[0]])]), &token])
    }

    /// Answers queries over HTTP, at a time that can be set.
    async fn serve(self: Arc<Self>, second: Arc<AtomicI64>) -> String {
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

const ROSTER: &str = r#"
instance: NP
server: {class: GOV, member: "1001", code: near}
subsystems:
  - id: GOV/1001/hall
    name: Hall
    member_name: City
    callers: anyone
    services:
      - {code: mirror, url: "application:mirror", access: [{to: NP/GOV/1001/hall}]}
"#;

struct Stamped {
    node: Node,
    authority: Arc<Authority>,
    second: Arc<AtomicI64>,
}

impl Stamped {
    async fn start() -> Self {
        let (authority, second) = (Arc::new(authority()), Arc::new(AtomicI64::new(NOW_SECONDS + 2)));
        let url = Arc::clone(&authority).serve(Arc::clone(&second)).await;
        let doors = Doors::bind(1).await;
        let node = Node::start_with(doors, ROSTER, |config| config.gateway.time_stamp_url = url).await;
        Self { node, authority, second }
    }

    async fn call(&self, id: &str) {
        let headers = [format!("X-Road-Client: {CLIENT}"), format!("X-Road-Id: {id}")];
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        let line = "GET /r1/NP/GOV/1001/hall/mirror/x";
        assert_eq!(send(self.node.systems, &request(line, &headers, b"")).await.status, 201);
    }

    async fn evidence(&self, id: &str) -> Evidence {
        self.node.gateway.evidence(Wanted::of(id, CLIENT)).await.unwrap()
    }

    fn trust(&self) -> Trust {
        Trust { roots: Some(Roots::parse(self.authority.root.as_bytes()).unwrap()), ..Trust::default() }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stamp_says_when_the_log_had_a_line_also_out_of_the_archive() {
    let one = Stamped::start().await;
    for id in ["a", "b", "c"] {
        one.call(id).await;
    }
    let bare = one.evidence("b").await;
    assert_eq!(bare.verify(&one.trust()).unwrap().lines[0].stamped, None);
    assert!(stamp::run(&one.node.gateway).await.unwrap() > 0);
    assert_eq!(stamp::run(&one.node.gateway).await.unwrap(), 0, "each batch is stamped once");
    let bundle = one.evidence("b").await;
    let proven = bundle.verify(&one.trust()).unwrap();
    assert_eq!(proven.lines.iter().map(|line| line.stamped).collect::<Vec<_>>(), [Some(NOW_SECONDS + 2); 2]);
    assert_eq!(bundle.stamps.len(), 1);

    let alter = |change: &dyn Fn(&mut Evidence)| {
        let mut altered = bundle.clone();
        change(&mut altered);
        altered.verify(&one.trust()).map_err(|fault| fault.line)
    };
    assert_eq!(alter(&|e| e.stamps.clear()), Err(1));
    assert_eq!(alter(&|e| e.stamps[0].size += 1), Err(0));
    assert_eq!(alter(&|e| e.lines[1].stamped.as_mut().unwrap().index ^= 1), Err(2));
    let stranger = Trust { roots: Some(Roots::parse(authority().root.as_bytes()).unwrap()), ..Trust::default() };
    assert_eq!(bundle.verify(&stranger).unwrap_err().line, 0);

    one.node.pass(40 * 86_400);
    assert!(archive::run(&one.node.gateway).await.unwrap() > 0);
    assert_eq!(one.node.count("SELECT COUNT(*) FROM gateway_stamped"), 0);
    assert_eq!(one.node.count("SELECT COUNT(*) FROM gateway_stamp"), 0);
    let folder = std::fs::read_dir(archive::folder(&one.node.platform)).unwrap().map(|file| file.unwrap().path());
    let files: Vec<_> = folder.filter(|path| path.extension().is_some_and(|end| end == "tba")).collect();
    let chain = check::verify(&files, &one.trust()).unwrap();
    assert_eq!(chain.stamped, chain.batches);
    assert!(check::verify(&files, &stranger).unwrap_err().contains("root"));
    assert_eq!(check::extract(&files, Wanted::of("b", CLIENT)).unwrap(), bundle);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_that_is_away_or_whose_clock_is_wrong_stamps_nothing_and_nothing_is_lost() {
    let one = Stamped::start().await;
    one.call("a").await;
    one.second.store(NOW_SECONDS + 3600, Ordering::SeqCst);
    assert!(stamp::run(&one.node.gateway).await.unwrap_err().to_string().contains("clock"));
    assert_eq!(one.node.count("SELECT COUNT(*) FROM gateway_stamp"), 0);
    one.second.store(NOW_SECONDS, Ordering::SeqCst);
    assert!(stamp::run(&one.node.gateway).await.unwrap() > 0);
}

#[test]
fn only_a_certificate_for_time_stamps_may_sign_them() {
    let imprint = sha256(b"x");
    let (good, bad) = (authority(), authority_for(ExtendedKeyUsagePurpose::ServerAuth));
    for (authority, may) in [(&good, true), (&bad, false)] {
        let reply = authority.reply(&token::request(&imprint, &NONCE), NOW_SECONDS);
        let token = token::of_reply(&reply, &NONCE).unwrap();
        let roots = Roots::parse(authority.root.as_bytes()).unwrap();
        assert_eq!(token::check(&token, &imprint, Some(&roots)).is_ok(), may);
        assert_eq!(token::check(&token, &imprint, None), Ok(NOW_SECONDS));
    }
}
