//! Time-stamps of an authority whose certificate was revoked: none counts, but those from before where the reason is harmless;
//! and no list counts that is forged, of somebody else or too old.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use common::tsa::{Authority, BETWEEN, NONCE, SERIAL, Signs, issuer_under, root, under};
use common::{CLIENT, Doors, NOW_SECONDS, Node, request, send};
use gateway::evidence::{Trust, Wanted};
use gateway::stamp::revoked::Lists;
use gateway::stamp::token::{self, Roots};
use gateway::stamp::{self};
use rcgen::{
    CertificateRevocationListParams, ExtendedKeyUsagePurpose, KeyIdMethod, RevocationReason, RevokedCertParams,
};
use seal::digest::sha256;
use time::{Duration, OffsetDateTime};

const STAMPING: ExtendedKeyUsagePurpose = ExtendedKeyUsagePurpose::TimeStamping;

fn day(days: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(NOW_SECONDS).unwrap() + Duration::days(days)
}

/// What stands in a list: serial number, days from now, why.
type Named = (u64, i64, Option<RevocationReason>);

/// A list that is good for so many days.
fn list(issuer: &Signs, days: i64, named: &[Named]) -> rcgen::CertificateRevocationList {
    let revoked = |&(serial, days, reason_code): &Named| RevokedCertParams {
        serial_number: serial.into(),
        revocation_time: day(days),
        reason_code,
        invalidity_date: None,
    };
    let params = CertificateRevocationListParams {
        this_update: day(-9),
        next_update: day(days),
        crl_number: 1.into(),
        issuing_distribution_point: None,
        revoked_certs: named.iter().map(revoked).collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    params.signed_by(issuer).unwrap()
}

fn pem(issuer: &Signs, days: i64, named: &[Named]) -> String {
    list(issuer, days, named).pem().unwrap()
}

/// Whether a token of now holds under these lists.
fn check(authority: &Authority, lists: &str) -> Result<i64, String> {
    let imprint = sha256(b"x");
    let reply = authority.reply(&token::request(&imprint, &NONCE), NOW_SECONDS);
    let token = token::of_reply(&reply, &NONCE).unwrap();
    let roots = Roots::parse(authority.root.as_bytes()).unwrap().with(Lists::parse(lists.as_bytes()).unwrap());
    token::check(&token, &imprint, Some(&roots))
}

fn refused(authority: &Authority, lists: &str, words: &str) {
    let why = check(authority, lists).unwrap_err();
    assert!(why.contains(words), "{why}");
}

#[test]
fn a_revoked_certificate_stamps_nothing_but_what_it_stamped_before_it_was_retired() {
    let (root, issuer) = root("Root");
    let authority = under(&issuer, (root, Vec::new()), STAMPING);
    let holds = |named: &[Named]| check(&authority, &pem(&issuer, 1, named)).is_ok();
    assert!(holds(&[]) && holds(&[(SERIAL + 5, -1, None)]));
    for reason in [RevocationReason::Superseded, RevocationReason::CessationOfOperation] {
        assert!(holds(&[(SERIAL, 1, Some(reason))]), "{reason:?} a day later");
        assert!(!holds(&[(SERIAL, -1, Some(reason))]), "{reason:?} a day before");
    }
    for reason in [None, Some(RevocationReason::KeyCompromise), Some(RevocationReason::CertificateHold)] {
        assert!(!holds(&[(SERIAL, 1, reason)]), "{reason:?} a day later");
    }
    refused(&authority, &pem(&issuer, 1, &[(SERIAL, -1, None)]), "revoked");
}

#[test]
fn a_list_that_is_forged_too_old_or_of_somebody_else_does_not_count() {
    let (root_pem, issuer) = root("Root");
    let authority = under(&issuer, (root_pem, Vec::new()), STAMPING);
    refused(&authority, &pem(&issuer, -1, &[]), "older than the time-stamp");
    refused(&authority, &pem(&root("Root").1, 1, &[]), "leads to no root");
    refused(&authority, &pem(&root("Other").1, 1, &[]), "no revocation list speaks");
    // One that is altered, also where it says who is revoked; as the file of an authority is: DER.
    let good = list(&issuer, 1, &[(SERIAL + 1, -1, None)]);
    let (imprint, der) = (sha256(b"x"), good.der());
    let reply = authority.reply(&token::request(&imprint, &NONCE), NOW_SECONDS);
    let token = token::of_reply(&reply, &NONCE).unwrap();
    let holds = |der: &[u8]| {
        let roots = Roots::parse(authority.root.as_bytes()).unwrap();
        Lists::parse(der).is_ok_and(|lists| token::check(&token, &imprint, Some(&roots.with(lists))).is_ok())
    };
    assert!(holds(der));
    for at in 0..der.len() {
        let mut altered = der.to_vec();
        altered[at] ^= 1;
        assert!(!holds(&altered), "byte {at}");
    }
    assert!(Lists::parse(b"").unwrap_err().contains("no revocation list"));
    assert!(Lists::parse(authority.root.as_bytes()).unwrap_err().contains("no revocation list"));
}

#[test]
fn every_certificate_below_the_root_is_asked_for() {
    let (root_pem, above) = root("Root");
    let (between, issuer) = issuer_under("Between", &above);
    let authority = under(&issuer, (root_pem, between), STAMPING);
    let (near, far) = (pem(&issuer, 1, &[]), pem(&above, 1, &[]));
    assert_eq!(check(&authority, &format!("{near}{far}")), Ok(NOW_SECONDS));
    refused(&authority, &near, "no revocation list speaks");
    refused(&authority, &far, "no revocation list speaks");
    let lost = pem(&above, 1, &[(BETWEEN, -1, Some(RevocationReason::CaCompromise))]);
    refused(&authority, &format!("{near}{lost}"), "revoked");
    // Who stands between is not asked for again, so that nothing is let through.
    let retired = pem(&issuer, 1, &[(SERIAL, 1, Some(RevocationReason::Superseded))]);
    refused(&authority, &format!("{retired}{far}"), "revoked");
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

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_takes_no_time_stamp_of_a_revoked_authority_and_reads_the_list_anew() {
    let (root_pem, issuer) = root("Root");
    let authority = Arc::new(under(&issuer, (root_pem.clone(), Vec::new()), STAMPING));
    let url = authority.serve(Arc::new(AtomicI64::new(NOW_SECONDS))).await;
    let folder = tempfile::tempdir().unwrap();
    let (roots, lists) = (folder.path().join("roots.pem"), folder.path().join("lists.pem"));
    std::fs::write(&roots, &root_pem).unwrap();
    std::fs::write(&lists, pem(&issuer, 1, &[(SERIAL, -1, None)])).unwrap();
    let settings = |config: &mut platform::config::Config| {
        config.gateway.time_stamp_url = url;
        config.gateway.time_stamp_roots = roots;
        config.gateway.time_stamp_crls.clone_from(&lists);
    };
    let node = Node::start_with(Doors::bind(1).await, ROSTER, settings).await;
    let headers = [format!("X-Road-Client: {CLIENT}"), "X-Road-Id: a".to_owned()];
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let line = "GET /r1/NP/GOV/1001/hall/mirror/x";
    assert_eq!(send(node.systems, &request(line, &headers, b"")).await.status, 201);

    let stamped = async || stamp::run(&node.gateway).await.map_err(|error| error.to_string());
    assert!(stamped().await.unwrap_err().contains("revoked"));
    std::fs::write(&lists, pem(&issuer, -1, &[])).unwrap();
    assert!(stamped().await.unwrap_err().contains("older than the time-stamp"));
    std::fs::remove_file(&lists).unwrap();
    assert!(stamped().await.unwrap_err().contains("lists.pem"));
    assert_eq!(node.count("SELECT COUNT(*) FROM gateway_stamp"), 0);
    std::fs::write(&lists, pem(&issuer, 1, &[])).unwrap();
    assert!(stamped().await.unwrap() > 0);

    // Who reads the evidence later has a later list.
    let bundle = node.gateway.evidence(Wanted::of("a", CLIENT)).await.unwrap();
    let trust = |lists: &str| {
        let roots = Roots::parse(root_pem.as_bytes()).unwrap().with(Lists::parse(lists.as_bytes()).unwrap());
        Trust { roots: Some(roots), ..Trust::default() }
    };
    assert!(bundle.verify(&trust(&pem(&issuer, 400, &[(SERIAL, 300, Some(RevocationReason::Superseded))]))).is_ok());
    let compromised = pem(&issuer, 400, &[(SERIAL, 300, Some(RevocationReason::KeyCompromise))]);
    assert!(bundle.verify(&trust(&compromised)).unwrap_err().why.contains("revoked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_without_roots_stamp_nothing() {
    let (root_pem, issuer) = root("Root");
    let authority = Arc::new(under(&issuer, (root_pem, Vec::new()), STAMPING));
    let url = authority.serve(Arc::new(AtomicI64::new(NOW_SECONDS))).await;
    let settings = |config: &mut platform::config::Config| {
        config.gateway.time_stamp_url = url;
        config.gateway.time_stamp_crls = "lists.pem".into();
    };
    let node = Node::start_with(Doors::bind(1).await, ROSTER, settings).await;
    let client = format!("X-Road-Client: {CLIENT}");
    let line = "GET /r1/NP/GOV/1001/hall/mirror/x";
    assert_eq!(send(node.systems, &request(line, &[&client], b"")).await.status, 201);
    assert!(stamp::run(&node.gateway).await.unwrap_err().to_string().contains("time_stamp_roots"));
}
