//! Evidence convinces somebody who has nothing but the bundle, and no altered byte of it does.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use common::{CLIENT, Pair, SERVICE, request, send};
use gateway::evidence::{Evidence, Names, Proven, Trust, Wanted};

async fn bundle(pair: &Pair) -> String {
    for n in 0..20 {
        let id = format!("X-Road-Id: other-{n}");
        assert_eq!(pair.call(&format!("GET {SERVICE}/{n}"), &[&id], b"").await.status, 200);
    }
    assert_eq!(
        pair.call(&format!("POST {SERVICE}/x"), &["X-Road-Id: mine", "X-Road-Issue: 7"], b"b").await.status,
        200
    );
    let client = format!("X-Road-Client: {CLIENT}");
    let answer = send(pair.consumer.systems, &request("GET /asic?queryId=mine", &[&client], b"")).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    String::from_utf8(answer.body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_proves_who_signed_what_and_nothing_altered_does() {
    let pair = Pair::start().await;
    let json = bundle(&pair).await;
    let evidence = Evidence::parse(&json).unwrap();
    let verify = |evidence: &Evidence| evidence.verify(&Trust::default());
    let proven = verify(&evidence).unwrap();
    let (near, far) = (pair.consumer.gateway.key(), pair.provider.gateway.key());
    let (near, far) = (near.key_id(), far.key_id());
    let by: Vec<(&str, &str)> = proven.signatures.iter().map(|s| (s.key.as_str(), s.part.as_str())).collect();
    assert_eq!(by, [(near, "request"), (near, "answer"), (far, "answer")]);
    assert!(proven.lines.iter().all(|line| line.names == Names::Told), "nothing of the message is kept");
    // The provider's own bundle has the consumer's signature on the request.
    let theirs = pair.provider.gateway.evidence(Wanted::of("mine", "NP/GOV/2002/population")).await.unwrap();
    let keys = |proven: Proven| proven.signatures.into_iter().map(|s| s.key).collect::<Vec<_>>();
    assert_eq!(keys(verify(&theirs).unwrap()), [far, near, far]);

    let alter = |change: &dyn Fn(&mut Evidence)| {
        let mut altered = evidence.clone();
        change(&mut altered);
        verify(&altered).map_err(|fault| fault.line)
    };
    let other = evidence.lines[0].hash.clone();
    assert_eq!(alter(&|e| e.lines[1].hash = other.clone()), Err(2));
    assert_eq!(alter(&|e| e.lines[0].request_id = "another".into()), Err(1));
    assert_eq!(alter(&|e| e.lines[0].own.created += 1), Err(1));
    assert_eq!(alter(&|e| e.lines[1].part = "request".into()), Err(2));
    assert_eq!(alter(&|e| e.keys.clear()), Err(1));
    let swapped = evidence.lines[1].own.signature.clone();
    assert_eq!(alter(&|e| e.lines[1].peer.as_mut().unwrap().signature = swapped.clone()), Err(2));
    assert_eq!(alter(&|e| e.lines.clear()), Err(0));
    let foreign = evidence.keys[near].clone();
    assert_eq!(alter(&|e| _ = e.keys.insert(far.into(), foreign.clone())), Err(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_is_for_those_whom_it_concerns() {
    let pair = Pair::start().await;
    bundle(&pair).await;
    let other = ["X-Road-Client: NP/GOV/1001/other"];
    let refused = send(pair.consumer.systems, &request("GET /asic?queryId=mine", &other, b"")).await;
    assert_eq!((refused.status, refused.error()), (400, "client.invalid_request"));
    let nameless = send(pair.consumer.systems, &request("GET /asic", &other, b"")).await;
    assert_eq!(nameless.error(), "client.invalid_request");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_of_the_former_format_is_still_read() {
    let pair = Pair::start().await;
    let mut bundle: serde_json::Value = serde_json::from_str(&bundle(&pair).await).unwrap();
    bundle["format"] = "tongban-evidence/2".into();
    assert_eq!(Evidence::parse(&bundle.to_string()).unwrap().verify(&Trust::default()).unwrap().signatures.len(), 3);
    bundle["format"] = "tongban-evidence/1".into();
    for key in bundle["keys"].as_object_mut().unwrap().values_mut() {
        *key = key["key"].take();
    }
    let read = Evidence::parse(&bundle.to_string()).unwrap();
    assert_eq!(read.verify(&Trust::default()).unwrap().signatures.len(), 3);
    bundle["format"] = "tongban-evidence/4".into();
    assert!(Evidence::parse(&bundle.to_string()).unwrap_err().why.contains("not known"));
}

async fn ask(pair: &Pair, query: &str) -> common::Answer {
    let client = format!("X-Road-Client: {CLIENT}");
    send(pair.consumer.systems, &request(&format!("GET /asic?{query}"), &[&client], b"")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_is_given_within_limits() {
    let pair = Pair::start().await;
    for n in 0..70 {
        assert_eq!(pair.call(&format!("GET {SERVICE}/{n}"), &["X-Road-Id: same"], b"").await.status, 200);
        pair.consumer.pass(1);
        pair.provider.pass(1);
    }
    let refused = ask(&pair, "queryId=same").await;
    assert_eq!((refused.status, refused.error()), (400, "client.request_too_large"));
    assert!(String::from_utf8_lossy(&refused.body).contains("since and until"));
    let begun = common::NOW_SECONDS;
    let narrow = ask(&pair, &format!("queryId=same&since={begun}&until={}&responseOnly", begun + 5)).await;
    let evidence = Evidence::parse(std::str::from_utf8(&narrow.body).unwrap()).unwrap();
    assert!(!evidence.lines.is_empty() && evidence.lines.iter().all(|line| line.part == "answer"));
    evidence.verify(&Trust::default()).unwrap();
    assert_eq!(ask(&pair, "queryId=same&since=yesterday").await.error(), "client.invalid_request");
    // The measure of a minute: what others ask does not count.
    pair.consumer.pass(60);
    for _ in 0..60 {
        assert_eq!(ask(&pair, "queryId=none").await.error(), "client.invalid_request");
    }
    assert_eq!(ask(&pair, "queryId=none").await.error(), "client.too_many_requests");
    let other = ["X-Road-Client: NP/GOV/1001/other"];
    let other = send(pair.consumer.systems, &request("GET /asic?queryId=none", &other, b"")).await;
    assert_eq!(other.error(), "client.invalid_request");
    pair.consumer.pass(60);
    assert_eq!(ask(&pair, "queryId=none").await.error(), "client.invalid_request");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_takes_less_than_four_hundred_bytes_of_log() {
    let pair = Pair::start().await;
    let mut running = tokio::task::JoinSet::new();
    for n in 0..256 {
        let systems = pair.consumer.systems;
        running.spawn(async move {
            let client = format!("X-Road-Client: {CLIENT}");
            let line = format!("GET /r1/NP/GOV/2002/population/mirror/{n}");
            send(systems, &request(&line, &[&client, "X-Road-UserId: NP1"], b"")).await.status
        });
    }
    assert_eq!(running.join_all().await, [201; 256]);
    for node in [&pair.consumer, &pair.provider] {
        let packed = node.packed_bytes().await;
        assert!(packed / 256 < 400, "{} bytes a call", packed / 256);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_found_before_and_after_the_index_has_them() {
    let pair = Pair::start().await;
    bundle(&pair).await;
    let count = |table: &str| pair.consumer.count(&format!("SELECT COUNT(*) FROM {table}"));
    let lines = || async { pair.consumer.gateway.evidence(Wanted::of("mine", CLIENT)).await.unwrap().lines.len() };
    assert!(!gateway::index::build(&pair.consumer.gateway).await.unwrap(), "a few young batches wait");
    assert_eq!((lines().await, count("gateway_segment")), (2, 0));
    pair.consumer.pass(3700);
    pair.provider.pass(3700);
    assert!(gateway::index::build(&pair.consumer.gateway).await.unwrap());
    assert!(!gateway::index::build(&pair.consumer.gateway).await.unwrap(), "there is nothing more");
    assert_eq!((lines().await, count("gateway_segment")), (2, 1));
    // The same number again: one line in the index, one that is not yet there.
    let again = pair.call(&format!("GET {SERVICE}/x"), &["X-Road-Id: mine"], b"").await;
    assert_eq!((again.status, lines().await), (200, 4));
    assert_eq!(pair.consumer.gateway.evidence(Wanted::of("other-3", CLIENT)).await.unwrap().lines.len(), 2);
}
