//! Requests and answers that may be read in two ways, verbs that are rare, rights and documents that end while a body is
//! still on its way.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use std::time::Duration;

use common::{CLIENT, Pair, SERVICE, read_answer, request, send};
use gateway::Roster;
use gateway::tls::Outbound;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Sends bytes and reads until the gateway closes.
async fn converse(pair: &Pair, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(pair.consumer.systems).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await.expect("closed").ok();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_be_read_as_two_requests_is_none() {
    let pair = Pair::start().await;
    let hidden = format!("DELETE {SERVICE}/hidden HTTP/1.1\r\nHost: g\r\nX-Road-Client: {CLIENT}\r\n\r\n");
    let whole = hidden.len() + 5;
    for framing in [
        "Content-Length: 4\r\nContent-Length: 5".to_owned(),
        "Content-Length: 0\r\nTransfer-Encoding: chunked".to_owned(),
        "Transfer-Encoding: chunked\r\nContent-Length: 0".to_owned(),
        format!("Content-Length: {whole}\r\nTransfer-Encoding: chunked"),
        format!("Transfer-Encoding: chunked\r\nContent-Length: {whole}"),
        "Transfer-Encoding: chunked, identity".to_owned(),
        "Transfer-Encoding: identity, chunked\r\nContent-Length: 5".to_owned(),
        "Transfer-Encoding: gzip".to_owned(),
        "Transfer-Encoding: xchunked".to_owned(),
        "Content-Length: +5".to_owned(),
        "Content-Length: 5, 5".to_owned(),
        "Content-Length: 0x5".to_owned(),
        "Content-Length: -1".to_owned(),
        "Content-Length : 5".to_owned(),
        "Transfer-Encoding : chunked".to_owned(),
    ] {
        let head = format!("POST {SERVICE}/x HTTP/1.1\r\nHost: g\r\nX-Road-Client: {CLIENT}\r\n{framing}\r\n\r\n");
        let answer = converse(&pair, format!("{head}0\r\n\r\n{hidden}").as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{framing}: {answer}");
        if framing.contains("Content-Length: ") && framing.contains("Transfer-Encoding: chunked") {
            assert!(answer.contains("x-road-error: client.bad_request"), "{framing}: {answer}");
        }
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{framing}: {answer}");
        assert_eq!(pair.application.count(), 0, "{framing}: {:?}", pair.application.received.lock().unwrap());
    }
    // Each alone is a request, and what follows is the next one.
    for (framing, body) in [("Content-Length: 2", "hi"), ("Transfer-Encoding: chunked", "2\r\nhi\r\n0\r\n\r\n")] {
        let head =
            format!("POST {SERVICE}/x HTTP/1.1\r\nHost: g\r\nX-Road-Client: {CLIENT}\r\n{framing}\r\n\r\n{body}");
        let next =
            format!("GET {SERVICE}/y HTTP/1.1\r\nHost: g\r\nX-Road-Client: {CLIENT}\r\nConnection: close\r\n\r\n");
        let answer = converse(&pair, format!("{head}{next}").as_bytes()).await;
        assert_eq!(answer.matches("HTTP/1.1 200").count(), 2, "{framing}: {answer}");
        let received = std::mem::take(&mut *pair.application.received.lock().unwrap());
        assert_eq!(received.len(), 2, "{framing}");
        assert_eq!((received[0].body.as_slice(), received[1].body.as_slice()), (b"hi".as_slice(), b"".as_slice()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_header_that_comes_twice_the_last_counts_on_both_sides() {
    let pair = Pair::start().await;
    let twice =
        ["X-Road-Id: first", "x-road-id: second", "X-Road-UserId: A", "X-ROAD-USERID: B", "X-Own: 1", "X-Own: 2"];
    let answer = pair.call(&format!("GET {SERVICE}/x"), &twice, b"").await;
    assert_eq!((answer.status, answer.header("x-road-id")), (200, Some("second")));
    let heads = pair.application.last().head;
    let all = |name: &str| {
        let named = |line: &&str| line.split_once(':').is_some_and(|(own, _)| own.eq_ignore_ascii_case(name));
        heads
            .split("\r\n")
            .filter(named)
            .map(|line| line.split_once(':').unwrap().1.trim().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!((all("x-road-id"), all("x-road-userid")), (vec!["second".to_owned()], vec!["B".to_owned()]));
    assert_eq!(all("x-own"), ["1", "2"], "an application's own headers are its own matter");
    for lines in [pair.consumer.entries().await, pair.provider.entries().await] {
        assert!(
            lines.iter().all(|line| line.names.message_id == "second" && line.names.user == "B"),
            "what the log says is what counted"
        );
    }
    // Who speaks for whom is asked of the one that counts.
    let clients = [format!("X-Road-Client: {CLIENT}"), "X-Road-Client: NP/GOV/1001/distant".to_owned()];
    let both = request(&format!("GET {SERVICE}/x"), &[&clients[0], &clients[1]], b"");
    let refused = send(pair.consumer.systems, &both).await;
    assert_eq!(refused.error(), "server.clientproxy.ssl_authentication_failed");
    let tokens = ["X-Road-Client: NP/GOV/1001/secret", "TB-Token: token", "TB-Token: wrong"];
    let refused = send(pair.consumer.systems, &request(&format!("GET {SERVICE}/x"), &tokens, b"")).await;
    assert_eq!(refused.error(), "server.clientproxy.ssl_authentication_failed");
    assert_eq!(pair.application.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_small_headers_are_too_many() {
    let pair = Pair::start().await;
    let many: String = (0..1000).map(|n| format!("X-{n}: {n}\r\n")).collect();
    for end in ["\r\n", "Content-Length: 4\r\n\r\nbody"] {
        let head = format!("POST {SERVICE}/x HTTP/1.1\r\nHost: g\r\nX-Road-Client: {CLIENT}\r\n{many}{end}");
        let answer = converse(&pair, head.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    }
    assert_eq!((pair.application.count(), pair.get("/after").await.status), (0, 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn head_has_no_body_and_the_next_call_its_own_answer() {
    let pair = Pair::start().await;
    let client = format!("X-Road-Client: {CLIENT}");
    let mut stream = TcpStream::connect(pair.consumer.systems).await.unwrap();
    for _ in 0..3 {
        let head = request(&format!("HEAD {SERVICE}/head"), &[&client], b"");
        let next = request(&format!("POST {SERVICE}/next"), &[&client], b"next");
        stream.write_all(&head).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(stream.read_u8().await.unwrap());
        }
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.to_ascii_lowercase().contains("x-own: 1"), "{answer}");
        assert!(common::header(&answer, "x-road-request-hash").is_some());
        stream.write_all(&next).await.unwrap();
        let next = read_answer(&mut stream).await;
        assert_eq!((next.status, next.body.as_slice()), (200, b"next".as_slice()));
    }
    let lines = pair.provider.entries().await;
    assert!(lines.iter().any(|line| line.names.verb == "HEAD" && line.status == Some(200) && line.size == 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn trace_is_carried_as_any_verb_and_what_is_no_verb_of_the_protocol_is_not() {
    let pair = Pair::start().await;
    let answer = pair.call(&format!("TRACE {SERVICE}/x"), &["X-Own: 1"], b"").await;
    assert_eq!((answer.status, answer.error()), (200, ""));
    assert!(pair.application.last().head.starts_with("TRACE /api/x "));
    // The gateway itself answers none: nothing of the caller's is told back.
    let own = pair.call("TRACE /listClients", &["Authorization: Bearer secret"], b"").await;
    assert!(own.status >= 400 && !String::from_utf8_lossy(&own.body).contains("secret"));
    let connect = format!("CONNECT g:443 HTTP/1.1\r\nHost: g\r\nX-Road-Client: {CLIENT}\r\n\r\n");
    assert!(converse(&pair, connect.as_bytes()).await.starts_with("HTTP/1.1 400"), "this is no proxy");
    assert_eq!(pair.application.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_longer_than_it_says_spoils_no_other() {
    let pair = Pair::start().await;
    for n in 0..5 {
        let answer = pair.get("/long").await;
        assert_eq!((answer.status, answer.body.as_slice()), (200, b"ok".as_slice()), "{n}");
        let own = format!("mine {n}");
        let next = pair.call(&format!("POST {SERVICE}/next"), &[], own.as_bytes()).await;
        assert_eq!(String::from_utf8_lossy(&next.body), own, "{} {}", next.status, next.error());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_after_the_timeout_reaches_nobody() {
    let pair = Pair::start().await;
    let late = pair.get("/late").await;
    assert_eq!((late.status, late.error()), (500, "server.serverproxy.service_failed.timeout"));
    // While it arrives, and after.
    for n in 0..8 {
        let own = format!("mine {n}");
        let next = pair.call(&format!("POST {SERVICE}/next"), &[], own.as_bytes()).await;
        assert_eq!((next.status, String::from_utf8_lossy(&next.body).into_owned()), (200, own));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let answers = pair.provider.entries().await.iter().filter(|line| line.status == Some(200)).count();
    assert_eq!(answers, 8, "the log has no answer that nobody got");
}

/// Begins a request with a body of ten bytes, and ends it when `between` is done.
async fn interrupted(pair: &Pair, between: impl Future<Output = ()>) -> common::Answer {
    let mut stream = TcpStream::connect(pair.consumer.systems).await.unwrap();
    let head =
        format!("POST {SERVICE}/x HTTP/1.1\r\nHost: g\r\nX-Road-Client: {CLIENT}\r\nContent-Length: 10\r\n\r\nhalf ");
    stream.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    between.await;
    stream.write_all(b"done.").await.unwrap();
    read_answer(&mut stream).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_ends_in_mid_stream_counts_no_more() {
    let (pair, roster) = Pair::start_known().await;
    let answer = interrupted(&pair, async {}).await;
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"half done.".as_slice()));
    let without = roster.replace("          - {to: NP/GOV/1001/hall}\n", "");
    assert_ne!(without, roster);
    let ended = Roster::parse("roster.yaml", &without, &Outbound::default()).unwrap();
    let refused = interrupted(&pair, async { pair.provider.gateway.set_roster(ended) }).await;
    assert_eq!((refused.status, refused.error()), (500, "server.serverproxy.access_denied"));
    assert_eq!(pair.application.count(), 1);
}
