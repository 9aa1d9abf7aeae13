//! The acceptance list of the fact sheet, over sockets, with a client made from the protocol's text alone.
mod common;

use base64::Engine as _;
use common::{CLIENT, Pair, SERVICE, request, send};
use sha2::{Digest, Sha512};

fn hash(head: &str, body: &[u8]) -> String {
    let first = Sha512::digest(head.as_bytes());
    let all = if body.is_empty() {
        first
    } else {
        Sha512::new().chain_update(first).chain_update(Sha512::digest(body)).finalize()
    };
    base64::engine::general_purpose::STANDARD.encode(all)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_verb_and_any_bytes_go_through_and_the_hash_is_that_of_what_was_sent() {
    let pair = Pair::start().await;
    let bytes: Vec<u8> = (0..=255).collect();
    for verb in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        let body: &[u8] = if verb == "GET" { b"" } else { &bytes };
        let path = format!("{SERVICE}/v2/pets%20x?a=%2F+b&c=%20");
        let answer = pair.call(&format!("{verb} {path}"), &["aCCept: */*", "X-Own: 1", "User-Agent: u"], body).await;
        assert_eq!((answer.status, answer.error()), (200, ""), "{verb} {}", answer.head);
        assert_eq!(answer.body, body);
        let received = pair.application.last();
        assert!(received.head.starts_with(&format!("{verb} /api/v2/pets%20x?a=%2F+b&c=%20 ")), "{}", received.head);
        let id = answer.header("x-road-request-id").unwrap();
        let message = answer.header("x-road-id").unwrap();
        assert!(message.starts_with("NP-") && message.len() == 39, "{message}");
        let head = format!(
            "{verb}\r\n{path}\r\naCCept:*/*\r\nX-Own:1\r\nX-Road-Client:{CLIENT}\r\nx-road-request-id:{id}\r\nx-road-id:{message}\r\n"
        );
        assert_eq!(answer.header("x-road-request-hash").unwrap(), hash(&head, body), "{verb}");
        assert_eq!(answer.header("x-road-client"), Some(CLIENT));
        assert_eq!(answer.header("x-road-service"), Some("NP/GOV/2002/population/persons"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_carries_many_calls_each_with_its_own_hash() {
    let pair = Pair::start().await;
    let mut stream = tokio::net::TcpStream::connect(pair.consumer.systems).await.unwrap();
    for (n, body) in [b"".as_slice(), b"one", b"", b"three"].into_iter().enumerate() {
        let own = format!("X-Number: {n}");
        let client = format!("X-Road-Client: {CLIENT}");
        let bytes = request(&format!("POST {SERVICE}/{n}"), &[&client, &own, "X-Road-Id: mine"], body);
        tokio::io::AsyncWriteExt::write_all(&mut stream, &bytes).await.unwrap();
        let answer = common::read_answer(&mut stream).await;
        let id = answer.header("x-road-request-id").unwrap();
        let head = format!(
            "POST\r\n{SERVICE}/{n}\r\nX-Road-Client:{CLIENT}\r\nX-Number:{n}\r\nX-Road-Id:mine\r\nx-road-request-id:{id}\r\n"
        );
        assert_eq!(answer.header("x-road-request-hash").unwrap(), hash(&head, body));
        assert_eq!(answer.header("x-road-id"), Some("mine"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_are_dropped_kept_and_overwritten_as_the_protocol_says() {
    let pair = Pair::start().await;
    let sent = [
        "Authorization: Bearer x",
        "X-Road-Request-Id: forged",
        "X-Road-Request-Hash: forged",
        "TE: trailers",
        "Keep-Alive: 5",
        "X-Road-UserId: EE12345678901",
        "X-Road-Client: NP/GOV/1001/nobody",
    ];
    let answer = pair.call(&format!("GET {SERVICE}/forges"), &sent, b"").await;
    assert_eq!((answer.status, answer.error()), (200, ""), "{}", answer.head);
    let received = pair.application.last().head;
    assert_eq!(common::header(&received, "authorization"), Some("Bearer x"));
    assert_eq!(common::header(&received, "x-road-userid"), Some("EE12345678901"));
    assert_ne!(common::header(&received, "x-road-request-id"), Some("forged"));
    for dropped in ["te", "keep-alive", "x-road-request-hash", "user-agent"] {
        assert_eq!(common::header(&received, dropped), None, "{dropped}");
    }
    assert_ne!(answer.header("x-road-id"), Some("forged"));
    assert_ne!(answer.header("x-road-request-hash"), Some("forged"));
    assert_eq!((answer.header("x-own"), answer.header("server")), (Some("1"), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_application_answers_passes_untouched() {
    let pair = Pair::start().await;
    for (path, status, body) in [("/teapot", 418, "short"), ("/broken", 500, "oops"), ("/moved", 302, "")] {
        let answer = pair.get(path).await;
        assert_eq!((answer.status, answer.error(), answer.body.as_slice()), (status, "", body.as_bytes()), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_have_the_codes_of_the_protocol() {
    let pair = Pair::start().await;
    for (path, status, code) in [
        ("/never", 500, "server.serverproxy.service_failed.timeout"),
        ("/lies", 500, "server.serverproxy.service_failed.io_error"),
    ] {
        let answer = pair.get(path).await;
        assert_eq!((answer.status, answer.error()), (status, code), "{path}");
    }
    let client = format!("X-Road-Client: {CLIENT}");
    for (line, headers, status, code) in [
        (format!("GET {SERVICE}"), vec![], 400, "client.invalid_client_identifier"),
        (format!("GET {SERVICE}"), vec!["X-Road-Client: NP"], 400, "client.invalid_client_identifier"),
        (format!("GET {SERVICE}"), vec!["X-Road-Client: NP/GOV/1001/nobody"], 500, "server.clientproxy.unknown_member"),
        ("GET /r1/NP/GOV/2002".into(), vec![client.as_str()], 400, "client.bad_request"),
        (
            "GET /r2/NP/GOV/2002/population/persons".into(),
            vec![client.as_str()],
            400,
            "client.invalid_protocol_version",
        ),
        ("GET /r1/NP/GOV/9/none/x".into(), vec![client.as_str()], 500, "server.clientproxy.unknown_member.provider"),
        (
            "GET /r1/NP/GOV/2002/population/none".into(),
            vec![client.as_str()],
            500,
            "server.serverproxy.unknown_service",
        ),
        (
            "GET /r1/NP/GOV/2002/population/off".into(),
            vec![client.as_str()],
            500,
            "server.serverproxy.service_disabled",
        ),
        ("GET /r1/NP/GOV/2002/population/down".into(), vec![client.as_str()], 500, "server.serverproxy.network_error"),
        (
            format!("GET {SERVICE}"),
            vec![client.as_str(), "X-Road-Security-Server: NP/GOV/2002/other"],
            500,
            "server.clientproxy.invalid_security_server",
        ),
    ] {
        let answer = send(pair.consumer.systems, &request(&line, &headers, b"")).await;
        assert_eq!((answer.status, answer.error()), (status, code), "{line} {headers:?}");
        let told: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(told["type"], code);
        assert!(!told["message"].as_str().unwrap().is_empty() && told["detail"].as_str().unwrap().len() == 36);
    }
    let pinned = ["X-Road-Security-Server: NP/GOV/2002/far", "Accept: text/xml"];
    assert_eq!(pair.call(&format!("GET {SERVICE}/x"), &pinned, b"").await.status, 200);
    let xml = pair.call("GET /r1/NP/GOV/2002/population/none", &pinned[1..], b"").await;
    assert!(String::from_utf8_lossy(&xml.body).contains("<error><type>server.serverproxy.unknown_service</type>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_hold_by_subsystem_group_method_and_path_and_no_trap_opens() {
    let pair = Pair::start().await;
    for (client, line, allowed) in [
        ("other", "GET {S}/public/1", true),
        ("other", "GET {S}/public/1/2", false),
        ("other", "POST {S}/public/1", false),
        ("other", "GET {S}/private", false),
        ("other", "GET {S}/public/%2e%2e/private", false),
        ("other", "GET {S}/public/..%2fprivate", false),
        ("other", "GET {S}/public/%252e%252e", false),
        ("other", "GET {S}/public/../private", false),
        ("other", "GET {S}//public/1", false),
        ("other", "GET {S}/public/%31", true),
        ("grouped", "POST {S}/public/1/2", true),
        ("grouped", "GET {S}/private", false),
        ("hall", "GET {S}/private/1", true),
        ("hall", "GET {S}/a/../b", false),
    ] {
        let header = format!("X-Road-Client: NP/GOV/1001/{client}");
        let line = line.replace("{S}", SERVICE);
        let before = pair.application.count();
        let answer = send(pair.consumer.systems, &request(&line, &[&header], b"")).await;
        let wanted = if allowed { (200, "") } else { (500, "server.serverproxy.access_denied") };
        assert_eq!((answer.status, answer.error()), wanted, "{client} {line}");
        assert_eq!(pair.application.count() > before, allowed, "{client} {line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_speaks_for_a_subsystem_must_prove_it() {
    let pair = Pair::start().await;
    for (client, token, code) in [
        ("secret", "tb-token: token", "server.serverproxy.unknown_member"),
        ("secret", "tb-token: other", "server.clientproxy.ssl_authentication_failed"),
        ("secret", "x-none: 1", "server.clientproxy.ssl_authentication_failed"),
        ("distant", "x-none: 1", "server.clientproxy.ssl_authentication_failed"),
        // Whose callers nobody named, whatever it sends.
        ("mute", "x-none: 1", "server.clientproxy.ssl_authentication_failed"),
        ("mute", "tb-token: ", "server.clientproxy.ssl_authentication_failed"),
    ] {
        let header = format!("X-Road-Client: NP/GOV/1001/{client}");
        let answer = send(pair.consumer.systems, &request(&format!("GET {SERVICE}"), &[&header, token], b"")).await;
        assert_eq!(answer.error(), code, "{client} {token}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_have_their_lines_with_the_signature_of_the_other() {
    let pair = Pair::start().await;
    let answer = pair.call(&format!("POST {SERVICE}/x"), &["X-Road-Issue: case 1", "X-Road-Id: m1"], b"body").await;
    assert_eq!(answer.status, 200);
    let (near, far) = (pair.consumer.entries().await, pair.provider.entries().await);
    assert_eq!((near.len(), far.len()), (2, 2));
    for lines in [&near, &far] {
        assert_eq!(lines[0].hash, near[0].hash);
        assert_eq!(
            (lines[0].names.issue.as_str(), lines[0].names.message_id.as_str(), lines[0].size),
            ("case 1", "m1", 4)
        );
        assert_eq!((lines[1].status, lines[1].hash), (Some(200), near[1].hash));
    }
    let signed =
        |lines: &[gateway::log::entry::Entry]| lines.iter().map(|line| line.peer.is_some()).collect::<Vec<_>>();
    assert_eq!((signed(&near), signed(&far)), (vec![false, true], vec![true, false]));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_log_there_is_no_answer() {
    let pair = Pair::start().await;
    assert_eq!(pair.get("/1").await.status, 200);
    pair.provider.break_log().await;
    let before = pair.application.count();
    assert_eq!(pair.get("/2").await.error(), "server.serverproxy.logging_failed");
    assert_eq!(pair.application.count(), before, "the application was not even asked");
    pair.consumer.break_log().await;
    assert_eq!(pair.get("/3").await.error(), "server.clientproxy.logging_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_that_differ_by_ten_minutes_are_refused() {
    let pair = Pair::start().await;
    pair.provider.pass(600);
    assert_eq!(pair.get("/1").await.error(), "server.serverproxy.signature_verification");
    pair.provider.pass(-560);
    assert_eq!(pair.get("/1").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_of_the_program_is_called_as_any_other() {
    let pair = Pair::start().await;
    let answer = pair.call("PUT /r1/NP/GOV/2002/population/mirror/a%20b?c=d", &["X-Road-Issue: 7"], b"x").await;
    assert_eq!((answer.status, answer.error(), answer.header("content-type")), (201, "", Some("text/plain")));
    assert_eq!(String::from_utf8(answer.body).unwrap(), format!("PUT /a%20b?c=d by {CLIENT} for 7"));
    assert_eq!(pair.provider.entries().await[1].status, Some(201));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_at_a_person_is_written_before_anything_is_told() {
    let pair = Pair::start().await;
    let line = "GET /r1/NP/GOV/2002/population/looked/x?a=1&personCode=11010519491231002X";
    assert_eq!(pair.call(line, &["X-Road-Issue: case 9", "X-Road-UserId: NP5"], b"").await.status, 200);
    let look = pair.provider.looks.looks.lock().unwrap()[0].clone();
    assert_eq!(
        (look.number.as_str(), look.issue.as_str(), look.user.as_str()),
        ("11010519491231002X", "case 9", "NP5")
    );
    assert_eq!((look.client.as_str(), look.service.as_str(), look.subject.purpose.as_str()), (CLIENT, "looked", "tax"));
    for trick in [
        "",
        "?personCode=&personCode=11010519491231002X",
        "?personCode=11010519491231002X&PersonCode=110105199003071239",
        "?personCode=%FF",
        "?personCode=11010519491231002Y",
        "?personCod%65=110105199003071239&personCode=11010519491231002X",
    ] {
        let refused = pair.call(&format!("GET /r1/NP/GOV/2002/population/looked/x{trick}"), &[], b"").await;
        assert_eq!(refused.error(), "client.invalid_request", "{trick}");
    }
    let small = "GET /r1/NP/GOV/2002/population/looked/x?personCode=11010519491231002x";
    assert_eq!(pair.call(small, &[], b"").await.status, 200);
    assert_eq!(pair.provider.looks.looks.lock().unwrap()[1].number, "11010519491231002X");
    pair.provider.looks.broken.store(true, std::sync::atomic::Ordering::SeqCst);
    let before = pair.application.count();
    assert_eq!(pair.call(line, &[], b"").await.error(), "server.serverproxy.logging_failed");
    assert_eq!(pair.application.count(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn listings_have_the_shapes_of_the_protocol() {
    let pair = Pair::start().await;
    let listed = send(pair.consumer.systems, &request("GET /listClients", &["Accept: application/json"], b"")).await;
    let listed: serde_json::Value = serde_json::from_slice(&listed.body).unwrap();
    let of =
        |code: &str| listed["member"].as_array().unwrap().iter().find(|m| m["id"]["subsystem_code"] == code).cloned();
    assert_eq!(of("population").unwrap()["subsystem_name"], "Population");
    assert_eq!(of("hall").unwrap()["id"]["object_type"], "SUBSYSTEM");
    let xml = send(pair.consumer.systems, &request("GET /listClients", &[], b"")).await;
    assert!(String::from_utf8_lossy(&xml.body).contains("<id:subsystemCode>population</id:subsystemCode>"));
    let methods = |which: &'static str| {
        let pair = &pair;
        async move {
            let answer = pair.call(&format!("GET /r1/NP/GOV/2002/population/{which}"), &[], b"").await;
            assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
            serde_json::from_slice::<serde_json::Value>(&answer.body).unwrap()
        }
    };
    let all = methods("listMethods").await;
    assert_eq!(all["service"].as_array().unwrap().len(), 6);
    let described = all["service"].as_array().unwrap().iter().find(|s| s["service_code"] == "described").unwrap();
    assert_eq!(described["service_type"], "OPENAPI");
    assert_eq!(described["endpoint_list"], serde_json::json!([{"method": "GET", "path": "/a"}]));
    assert_eq!(methods("allowedMethods").await["service"].as_array().unwrap().len(), 6);
    let openapi = methods("getOpenAPI?serviceCode=described").await;
    assert_eq!(openapi["servers"][0]["url"], "http://example.org/xroad-endpoint");
    let unnamed = pair.call("GET /r1/NP/GOV/2002/population/getOpenAPI", &[], b"").await;
    assert_eq!(unnamed.error(), "client.invalid_request");
}
