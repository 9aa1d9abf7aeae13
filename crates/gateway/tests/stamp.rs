//! Time-stamps: tokens of OpenSSL's authority are read, those of a small authority here stamp the log, and what is altered,
//! of somebody else or for something else does not hold.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::tsa::{Authority, NONCE, authority, authority_for};
use common::{CLIENT, Doors, NOW_SECONDS, Node, request, send};
use gateway::archive::{self, check};
use gateway::evidence::{Evidence, Trust, Wanted};
use gateway::stamp::{self, token};
use rcgen::ExtendedKeyUsagePurpose;
use seal::digest::sha256;
use token::Roots;

/// Of `openssl ts -query` with this imprint and `NONCE`; the replies by `openssl ts -reply` of OpenSSL 3.0, the first with
/// SHA-256 throughout, the second signed with SHA-512 and naming its certificate by SHA-1.
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
