//! Evidence convinces somebody who has nothing but the bundle, and no altered byte of it does.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use common::{CLIENT, Pair, SERVICE, request, send};
use gateway::evidence::{Evidence, Wanted};

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
    let proven = evidence.verify().unwrap();
    let (near, far) = (pair.consumer.gateway.key(), pair.provider.gateway.key());
    let (near, far) = (near.key_id(), far.key_id());
    let by: Vec<(&str, &str)> = proven.signatures.iter().map(|(key, _, part)| (key.as_str(), part.as_str())).collect();
    assert_eq!(by, [(near, "request"), (near, "answer"), (far, "answer")]);
    // The provider's own bundle has the consumer's signature on the request.
    let theirs = Wanted { message_id: "mine", party: "NP/GOV/2002/population" };
    let theirs = pair.provider.gateway.evidence(theirs).await.unwrap();
    let by: Vec<String> = theirs.verify().unwrap().signatures.into_iter().map(|(key, ..)| key).collect();
    assert_eq!(by, [far, near, far]);

    let alter = |change: &dyn Fn(&mut Evidence)| {
        let mut altered = evidence.clone();
        change(&mut altered);
        altered.verify().map_err(|fault| fault.line)
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
