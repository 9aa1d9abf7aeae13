//! What breaks, what lies and what comes again on the way: each is refused with its code, and nothing is disclosed.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use common::{Alter, CLIENT, Pair, SERVICE, read_answer, request, send};
use gateway::Roster;
use gateway::tls::Outbound;
use gateway::wire::frame::{self, Frame};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

fn change_body(bytes: &mut [u8]) {
    if let Some(at) = bytes.windows(4).position(|four| four == b"body") {
        bytes[at + 3] ^= 1;
    }
}

/// Plays what was recorded on a line to a gateway; the code with which it refuses.
async fn replay(to: std::net::SocketAddr, recorded: &[u8]) -> String {
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(recorded).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&head));
    loop {
        let mut bytes = vec![0; stream.read_u32().await.unwrap() as usize];
        stream.read_exact(&mut bytes).await.unwrap();
        if let Some(Frame::Refused { code, .. }) = frame::read(bytes.into()) {
            return code;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_comes_again_is_refused() {
    let (pair, sent) = Pair::start_tapped(Alter::NOTHING).await;
    assert_eq!(pair.call(&format!("POST {SERVICE}/pay"), &[], b"once").await.status, 200);
    let recorded = sent.lock().unwrap().clone();
    for _ in 0..2 {
        let again = replay(pair.provider.gateways, &recorded).await;
        assert_eq!(again, "server.serverproxy.invalid_request.replayed");
    }
    assert_eq!(pair.application.count(), 1);
    pair.provider.pass(3600);
    let late = replay(pair.provider.gateways, &recorded).await;
    assert_eq!(late, "server.serverproxy.signature_verification");
    assert_eq!(pair.application.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_opens_no_door_for_a_repetition() {
    let (pair, sent, roster) = Pair::start_recorded(Alter::NOTHING).await;
    assert_eq!(pair.call(&format!("POST {SERVICE}/pay"), &[], b"once").await.status, 200);
    let recorded = sent.lock().unwrap().clone();
    let restarted = pair.provider.restarted(&roster).await;
    let again = replay(restarted, &recorded).await;
    assert_eq!(again, "server.serverproxy.invalid_request.replayed");
    assert_eq!(pair.application.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn altered_bytes_are_noticed_on_either_way() {
    let (pair, _) = Pair::start_tapped(Alter { request: change_body, ..Alter::NOTHING }).await;
    let refused = pair.call(&format!("POST {SERVICE}/x"), &[], b"body").await;
    assert_eq!(refused.error(), "server.serverproxy.signature_verification");
    assert_eq!(pair.application.count(), 0);
    let (pair, _) = Pair::start_tapped(Alter { answer: change_body, ..Alter::NOTHING }).await;
    let refused = pair.call(&format!("POST {SERVICE}/x"), &[], b"body").await;
    assert_eq!((refused.status, refused.error()), (500, "server.clientproxy.inconsistent_response"));
    assert!(!refused.body.ends_with(b"bodx"), "nothing of the altered answer is told");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_with_another_key_is_no_peer() {
    let pair = Pair::start().await;
    pair.consumer.gateway.set_key(seal::keys::Ed25519Key::from_bytes(&[77; 32]));
    assert_eq!(pair.get("/1").await.error(), "server.serverproxy.ssl_authentication_failed");
    let pair = Pair::start().await;
    pair.provider.gateway.set_key(seal::keys::Ed25519Key::from_bytes(&[77; 32]));
    let refused = pair.get("/1").await;
    assert_eq!((refused.status, refused.error()), (500, "server.clientproxy.signature_verification"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_stops_half_way_is_no_request() {
    let pair = Pair::start().await;
    let head =
        format!("POST {SERVICE}/x HTTP/1.1\r\nHost: g\r\nX-Road-Client: {CLIENT}\r\nContent-Length: 100\r\n\r\nhalf");
    let answer = send(pair.consumer.systems, head.as_bytes()).await;
    assert_eq!((answer.status, answer.error()), (400, "client.bad_request"));
    let mut stream = TcpStream::connect(pair.consumer.systems).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    drop(stream);
    assert_eq!(pair.get("/after").await.status, 200);
    assert_eq!(pair.application.count(), 1, "only the whole request arrived");
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_headers_are_cut_off() {
    let pair = Pair::start().await;
    for door in [pair.consumer.systems, pair.provider.gateways] {
        let mut stream = TcpStream::connect(door).await.unwrap();
        stream.write_all(format!("GET {SERVICE} HTTP/1.1\r\n").as_bytes()).await.unwrap();
        let line = [b"X-Long: ".as_slice(), &[b'x'; 8000], b"\r\n"].concat();
        let mut written = 0;
        while written < 1 << 30 && stream.write_all(&line).await.is_ok() {
            written += line.len();
        }
        assert!(written < 16 << 20, "{written} bytes were taken");
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer).await);
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 431"), "{}", String::from_utf8_lossy(&answer));
    }
    assert_eq!(pair.get("/after").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_body_goes_through_whole() {
    let pair = Pair::start().await;
    let body: Vec<u8> = (0..20_u32 << 20).map(|n| (n % 251) as u8).collect();
    let answer = pair.call(&format!("PUT {SERVICE}/large"), &[], &body).await;
    assert_eq!((answer.status, answer.error()), (200, ""));
    assert!(answer.body == body);
    let line = &pair.provider.entries().await[0];
    assert_eq!(line.size, body.len() as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_beyond_the_limit_is_refused_before_it_is_read() {
    let pair = Pair::start().await;
    let head = format!(
        "POST {SERVICE}/x HTTP/1.1\r\nHost: g\r\nX-Road-Client: {CLIENT}\r\nContent-Length: 99999999999\r\n\r\n"
    );
    let answer = send(pair.consumer.systems, head.as_bytes()).await;
    assert_eq!((answer.status, answer.error()), (400, "client.request_too_large"));
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_that_are_rare_have_their_codes_too() {
    let (pair, roster) = Pair::start_known().await;
    let provider = "/r1/NP/GOV/2002/population";
    let long = ["X-Road-Id", "X-Road-UserId", "X-Road-Issue"].map(|name| format!("{name}: {}", "x".repeat(256)));
    let own: Vec<&str> = long.iter().map(String::as_str).collect();
    for (line, headers, body, code) in [
        (format!("GET {provider}/getOpenAPI?serviceCode=persons"), &own[..0], 0, "server.serverproxy.internal_error"),
        (format!("GET {provider}/getOpenAPI?serviceCode=none"), &own[..0], 0, "server.serverproxy.unknown_service"),
        (format!("GET {SERVICE}/x"), &own[..1], 0, "client.invalid_request"),
        (format!("GET {SERVICE}/x"), &own[1..2], 0, "client.invalid_request"),
        (format!("GET {SERVICE}/x"), &own[2..], 0, "client.invalid_request"),
        (format!("GET {SERVICE}/wordy"), &own[..0], 0, "server.serverproxy.service_failed.io_error"),
        // Applications of the program take no large bodies.
        (format!("PUT {provider}/mirror/x"), &own[..0], 300 << 10, "server.serverproxy.service_failed.io_error"),
    ] {
        let answer = pair.call(&line, headers, &vec![b'x'; body]).await;
        let status = if code.starts_with("client") { 400 } else { 500 };
        assert_eq!((answer.status, answer.error()), (status, code), "{line}");
    }
    let elsewhere = send(pair.consumer.systems, &request("GET /listClients?xRoadInstance=XX", &[], b"")).await;
    assert_eq!((elsewhere.status, elsewhere.error()), (400, "client.invalid_request"));
    // An application that the roster names and the program does not have.
    let nobody =
        Roster::parse("roster.yaml", &roster.replace("application:mirror", "application:nobody"), &Outbound::default());
    pair.provider.gateway.set_roster(nobody.unwrap());
    let answer = pair.call(&format!("GET {provider}/mirror/x"), &[], b"").await;
    assert_eq!((answer.status, answer.error()), (500, "server.serverproxy.network_error"));
    assert_eq!(pair.get("/after").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_beyond_the_limit_of_a_gateway_is_not_taken() {
    let pair = Pair::start_limited(tempfile::tempdir().unwrap(), |limits| limits.spool.limit = 1 << 20).await;
    let answer = pair.get("/lots").await;
    assert_eq!((answer.status, answer.error()), (500, "server.clientproxy.io_error"));
    assert!(String::from_utf8_lossy(&answer.body).contains("larger than 1048576 bytes"));
    assert_eq!(pair.get("/after").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_closes_only_where_something_of_the_request_is_left() {
    let pair = Pair::start().await;
    let mut stream = TcpStream::connect(pair.consumer.systems).await.unwrap();
    let denied = "server.serverproxy.access_denied";
    let (hall, other, nobody) = (CLIENT, "NP/GOV/1001/other", "NP/GOV/1001/nobody");
    let chunked = format!(
        "POST {SERVICE}/private HTTP/1.1\r\nHost: g\r\nX-Road-Client: {other}\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"
    );
    let asking = |client: &str, line: &str, body: &[u8]| request(line, &[&format!("X-Road-Client: {client}")], body);
    let listed = request("GET /listClients?xRoadInstance=XX", &[], b"");
    for (bytes, status, code) in [
        (asking(other, &format!("GET {SERVICE}/private"), b""), 500, denied),
        (asking(hall, &format!("GET {SERVICE}/1"), b""), 200, ""),
        (asking(other, &format!("POST {SERVICE}/private"), b"body"), 500, denied),
        (chunked.into_bytes(), 500, denied),
        (asking(nobody, &format!("GET {SERVICE}/1"), b""), 500, "server.clientproxy.unknown_member"),
        (listed, 400, "client.invalid_request"),
        (asking(hall, &format!("POST {SERVICE}/1"), b"body"), 200, ""),
    ] {
        stream.write_all(&bytes).await.unwrap();
        let answer = read_answer(&mut stream).await;
        assert_eq!((answer.status, answer.error()), (status, code), "{}", String::from_utf8_lossy(&bytes));
        assert_eq!(answer.header("connection"), None, "{}", String::from_utf8_lossy(&bytes));
    }
    // Refused before its body was read.
    stream.write_all(&asking(nobody, &format!("POST {SERVICE}/1"), b"body")).await.unwrap();
    let answer = read_answer(&mut stream).await;
    assert_eq!((answer.error(), answer.header("connection")), ("server.clientproxy.unknown_member", Some("close")));
    assert_eq!(stream.read(&mut [0; 1]).await.unwrap_or(0), 0, "nothing more is read or told");
    assert_eq!(pair.application.count(), 2);
}
