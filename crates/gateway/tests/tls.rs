//! Mutual TLS between gateways and with information systems: who shows no certificate, another one, or one of another
//! authority is not heard.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use std::path::Path;

use common::{CLIENT, Doors, NOW_SECONDS, Node, Pair, SERVICE, request, send};
use gateway::authority::{self, Pair as Certificate};
use gateway::tls::{Outbound, Tls};
use time::OffsetDateTime;

fn now() -> OffsetDateTime {
    // Certificates are checked against the clock of the world.
    OffsetDateTime::from_unix_timestamp(NOW_SECONDS).unwrap() - time::Duration::days(365)
}

struct Authority {
    folder: tempfile::TempDir,
    root: Certificate,
}

impl Authority {
    fn new(name: &str) -> Self {
        let (folder, root) = (tempfile::tempdir().unwrap(), authority::root(name, now()).unwrap());
        std::fs::write(folder.path().join("root.pem"), &root.certificate).unwrap();
        Self { folder, root }
    }

    /// A gateway's TLS, and the fingerprint of its certificate.
    fn issue(&self, name: &str, roots: &Path) -> (Outbound, String) {
        let pair = authority::issue(&self.root, &["127.0.0.1".into()], (now(), 3650)).unwrap();
        let at = |end: &str| self.folder.path().join(format!("{name}.{end}"));
        std::fs::write(at("pem"), &pair.certificate).unwrap();
        std::fs::write(at("key"), &pair.key).unwrap();
        let der = pem_bytes(&pair.certificate);
        let tls = Tls::open(&at("pem"), &at("key"), roots).unwrap();
        (Outbound { tls: Some(tls) }, seal::digest::to_hex(&seal::digest::sha256(&der)))
    }

    fn roots(&self) -> std::path::PathBuf {
        self.folder.path().join("root.pem")
    }
}

fn pem_bytes(pem: &str) -> Vec<u8> {
    use base64::Engine as _;
    let inner: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    base64::engine::general_purpose::STANDARD.decode(inner).unwrap()
}

/// Asks as the hall over TLS with the given gateway's own certificate.
async fn ask(node: &Node, with: &Outbound) -> Result<String, String> {
    let dial = with.secure(&node.systems.to_string()).unwrap();
    let origin = gateway::pool::Origin::new("gateway", dial, std::time::Duration::from_secs(5));
    let request = hyper::Request::builder().uri(format!("{SERVICE}/1")).header("x-road-client", CLIENT);
    let sent = origin.send(request.body(gateway::body::Outgoing::empty()).unwrap()).await;
    let answering = sent.map_err(|error| format!("{error:?}"))?;
    let error = answering.response.headers().get("x-road-error").map(|e| e.to_str().unwrap().to_owned());
    Ok(error.unwrap_or_else(|| answering.response.status().as_u16().to_string()))
}

#[tokio::test(flavor = "multi_thread")]
async fn gateways_speak_over_mutual_tls_and_to_nobody_else() {
    let authority = Authority::new("Nanping");
    let ((near_tls, near_print), (far_tls, far_print)) =
        (authority.issue("near", &authority.roots()), authority.issue("far", &authority.roots()));
    let (mut near, mut far) = (Doors::bind(1).await, Doors::bind(2).await);
    (near.outbound, far.outbound) = (near_tls.clone(), far_tls.clone());
    let pair = Pair::start_between(near, far, [&near_print, &far_print]).await;
    assert_eq!(ask(&pair.consumer, &near_tls).await.as_deref(), Ok("200"));
    // Without TLS, or with a certificate of nobody's authority, there is not even an answer.
    let stranger = Authority::new("Elsewhere");
    let (strange, _) = stranger.issue("strange", &authority.roots());
    assert!(ask(&pair.consumer, &strange).await.is_err());
    let plain = tokio::spawn({
        let systems = pair.consumer.systems;
        async move { send(systems, &request(&format!("GET {SERVICE}/1"), &[], b"")).await }
    });
    assert!(plain.await.is_err());
    assert_eq!(pair.application.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_the_roster_does_not_name_is_no_peer() {
    let authority = Authority::new("Nanping");
    let ((near_tls, near_print), (far_tls, far_print)) =
        (authority.issue("near", &authority.roots()), authority.issue("far", &authority.roots()));
    let (mut near, mut far) = (Doors::bind(1).await, Doors::bind(2).await);
    (near.outbound, far.outbound) = (near_tls.clone(), far_tls);
    let (_, other) = authority.issue("other", &authority.roots());
    let pair = Pair::start_between(near, far, [&other, &far_print]).await;
    assert_eq!(ask(&pair.consumer, &near_tls).await.as_deref(), Ok("server.serverproxy.ssl_authentication_failed"));
    let (mut near, mut far) = (Doors::bind(1).await, Doors::bind(2).await);
    let (far_tls, _) = authority.issue("far", &authority.roots());
    (near.outbound, far.outbound) = (near_tls.clone(), far_tls);
    let pair = Pair::start_between(near, far, [&near_print, &other]).await;
    assert_eq!(ask(&pair.consumer, &near_tls).await.as_deref(), Ok("server.clientproxy.network_error"));
}
