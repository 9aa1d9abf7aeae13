//! The federation document over https: from a server that our authorities or the machine's vouch for, without detours, of
//! bounded size, in bounded time.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use base64::Engine as _;
use common::world::Authority;
use common::{Doors, NOW_SECONDS, Node};
use gateway::federation::{self, Federation, Source};
use seal::keys::{Ed25519Key, Signer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

fn signer() -> Ed25519Key {
    Ed25519Key::from_bytes(&[9; 32])
}

fn document(version: u64) -> String {
    let (issued_at, expires_at) = (NOW_SECONDS, NOW_SECONDS + 3600);
    let (servers, groups) = (Vec::new(), BTreeMap::new());
    federation::sign(&Federation { instance: "NP".into(), version, issued_at, expires_at, servers, groups }, &signer())
        .unwrap()
}

fn source(from: String) -> Source {
    let authority = vec![base64::engine::general_purpose::STANDARD.encode(signer().public().to_bytes())];
    Source { from, authority, refresh_seconds: 60 }
}

/// A public web server: asks for no certificate, answers by the path.
async fn web_server(authority: &Authority) -> SocketAddr {
    authority.write("web", 3650);
    let chain = vec![CertificateDer::from_pem_file(authority.file("web.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(authority.file("web.key")).unwrap();
    let config = ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(std::sync::Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut head = [0; 2048];
                let read = stream.read(&mut head).await.unwrap();
                let head = String::from_utf8_lossy(&head[..read]).into_owned();
                stream.write_all(answer(head.split(' ').nth(1).unwrap()).as_bytes()).await.ok();
                stream.flush().await.ok();
                if head.contains("/drips") {
                    while stream.write_all(b"x").await.is_ok() {
                        stream.flush().await.ok();
                        tokio::time::sleep(Duration::from_millis(200)).await;
                    }
                }
                stream.shutdown().await.ok();
            });
        }
    });
    address
}

fn answer(path: &str) -> String {
    let ok = |body: &str| format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    match path {
        "/2.jws" => ok(&document(2)),
        "/moved" => {
            "HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/2.jws\r\nContent-Length: 0\r\n\r\n".into()
        }
        "/huge" => format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", 17 << 20),
        "/endless" => {
            let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
            format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}", chunk.repeat(300))
        }
        "/cut" => "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".into(),
        "/drips" => "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".into(),
        _ => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".into(),
    }
}

async fn node(outbound: gateway::tls::Outbound) -> Node {
    let mut doors = Doors::bind(1).await;
    doors.outbound = outbound;
    let from = source("/nowhere".into());
    let roster = format!(
        "instance: NP\nserver: {{class: GOV, member: '1', code: near}}\nfederation: {{from: '{}', authority: ['{}']}}\n",
        from.from, from.authority[0]
    );
    Node::start(doors, &roster).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_comes_by_https_from_whom_an_authority_vouches_for() {
    let (ours, theirs) = (Authority::new("Nanping"), Authority::new("Elsewhere"));
    let node = node(ours.issue("near", &ours.roots()).0).await;
    let web = web_server(&ours).await;
    let pull = async |path: String| federation::refresh(&node.gateway, &source(path)).await;
    let stranger = web_server(&theirs).await;
    let refused = pull(format!("https://{stranger}/2.jws")).await.unwrap_err();
    assert!(refused.contains("certificate") && node.gateway.roster().version == 0, "{refused}");
    assert_eq!(pull(format!("https://{web}/2.jws")).await, Ok(true));
    assert_eq!(node.gateway.roster().version, 2);
    for (path, words) in [
        ("moved", "https://elsewhere.example/2.jws"),
        ("huge", "larger than"),
        ("endless", "larger than"),
        ("cut", "Stopped"),
        ("none", "404"),
    ] {
        let refused = pull(format!("https://{web}/{path}")).await.unwrap_err();
        assert!(refused.contains(words) && refused.starts_with("https://"), "{path}: {refused}");
    }
    assert_eq!(node.gateway.roster().version, 2, "what counts goes on counting");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_door_that_asks_for_a_certificate_is_shown_ours() {
    let authority = Authority::new("Nanping");
    let far = node(authority.issue("far", &authority.roots()).0).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), document(3)).unwrap();
    let by_file = source(file.path().display().to_string());
    assert_eq!(federation::refresh(&far.gateway, &by_file).await, Ok(true));
    let near = node(authority.issue("near", &authority.roots()).0).await;
    let from = source(format!("https://{}/federation", far.gateways));
    assert_eq!(federation::refresh(&near.gateway, &from).await, Ok(true));
    assert_eq!(near.gateway.roster().version, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_too_large_and_one_that_is_missing_are_told_of() {
    let node = node(gateway::tls::Outbound::default()).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(17 << 20).unwrap();
    let begun = Instant::now();
    let path = file.path().display().to_string();
    let refused = federation::refresh(&node.gateway, &source(path.clone())).await.unwrap_err();
    assert!(refused.starts_with(&path) && refused.contains("larger than"), "{refused}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    let missing = federation::refresh(&node.gateway, &source("/nowhere/at.jws".into())).await.unwrap_err();
    assert!(missing.contains("/nowhere/at.jws"), "{missing}");
}
