//! Mutual TLS between gateways and with information systems: who shows no certificate, another one, or one of another
//! authority is not heard.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use common::world::Authority;
use common::{CLIENT, Doors, Node, Pair, SERVICE, request, send};
use gateway::tls::{Outbound, Renewed};

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

/// The fingerprint that a door shows to a new connection, by trying which pin fits.
async fn shows(node: &Node, with: &Outbound, print: &str) -> bool {
    let dial = with.to_peer(&node.systems.to_string(), &[print.to_owned()]);
    dial.dial().await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_certificate_is_shown_without_a_restart_and_a_broken_one_is_not() {
    let authority = Authority::new("Nanping");
    let (near_tls, first) = authority.issue("near", &authority.roots());
    let (far_tls, _) = authority.issue("far", &authority.roots());
    let (mut near, mut far) = (Doors::bind(1).await, Doors::bind(2).await);
    (near.outbound, far.outbound) = (near_tls.clone(), far_tls.clone());
    let pair = Pair::start_between(near, far, ["", ""]).await;
    let (own, now) = (near_tls.tls.clone().unwrap(), pair.consumer.gateway.platform().clock().now().0 / 1_000_000);
    assert!(shows(&pair.consumer, &far_tls, &first).await);
    assert_eq!(own.renew(now), Renewed::Same);
    // Half of a renewal: the certificate is there, its key not yet.
    let second = authority.write("near", 1000);
    let key = std::fs::read(authority.file("near.key")).unwrap();
    std::fs::write(authority.file("near.key"), "no key").unwrap();
    for _ in 0..2 {
        let Renewed::Broken(why) = own.renew(now) else { panic!("a key that is none was taken") };
        assert!(why.contains("near.key"), "{why}");
        assert_eq!((own.trouble(), own.renew(now)), (Some(why), Renewed::Same), "told once for each change");
        assert!(shows(&pair.consumer, &far_tls, &first).await);
        std::fs::write(authority.file("near.key"), "still no key").unwrap();
    }
    std::fs::write(authority.file("near.key"), std::fs::read(authority.file("far.key")).unwrap()).unwrap();
    assert!(matches!(own.renew(now), Renewed::Broken(_)), "the key of another certificate");
    std::fs::write(authority.file("near.key"), &key).unwrap();
    let Renewed::Changed(before, after) = own.renew(now) else { panic!("the whole renewal was not taken") };
    assert_eq!([before, after].map(|shown| seal::digest::to_hex(&shown.fingerprint)), [first.clone(), second.clone()]);
    assert_eq!(own.trouble(), None);
    assert!(shows(&pair.consumer, &far_tls, &second).await && !shows(&pair.consumer, &far_tls, &first).await);
    assert_eq!(ask(&pair.consumer, &far_tls).await.as_deref(), Ok("200"));
    // One that is over is not taken, and neither is a missing file.
    authority.write("near", 1);
    assert!(matches!(own.renew(now), Renewed::Broken(why) if why.contains("expired")));
    std::fs::remove_file(authority.roots()).unwrap();
    assert!(matches!(own.renew(now), Renewed::Broken(_)));
    assert!(shows(&pair.consumer, &far_tls, &second).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_knocks_has_the_files_looked_at_and_the_figures_tell() {
    let authority = Authority::new("Nanping");
    let (near_tls, _) = authority.issue("near", &authority.roots());
    let (mut near, far) = (Doors::bind(1).await, Doors::bind(2).await);
    near.outbound = near_tls.clone();
    let pair = Pair::start_between(near, far, ["", ""]).await;
    let (knock, (stop, stopped)) =
        (std::sync::Arc::new(tokio::sync::Notify::new()), tokio::sync::watch::channel(false));
    let keeping = tokio::spawn(gateway::renewal::keep(pair.consumer.gateway.clone(), knock.clone(), stopped));
    let figures = async |wanted: &str| {
        for _ in 0..250 {
            if pair.consumer.platform.metrics().render().unwrap().contains(wanted) {
                return true;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        false
    };
    // The first look is over: until then a figure stands at nought.
    let first = near_tls.tls.as_ref().unwrap().shown().until;
    assert!(figures(&format!("tongban_gateway_certificate_until_seconds {first}")).await);
    std::fs::write(authority.file("near.pem"), "nothing").unwrap();
    knock.notify_one();
    assert!(figures("tongban_gateway_certificate_broken 1").await);
    authority.write("near", 2000);
    knock.notify_one();
    assert!(figures("tongban_gateway_certificate_broken 0").await);
    let until = near_tls.tls.unwrap().shown().until;
    assert!(figures(&format!("tongban_gateway_certificate_until_seconds {until}")).await);
    stop.send_replace(true);
    keeping.await.unwrap().unwrap();
}
