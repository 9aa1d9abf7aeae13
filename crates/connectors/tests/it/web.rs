//! REST and SOAP services, good and bad ones.
use std::time::{Duration, Instant};

use connectors::Circuit;
use platform::clock::SECOND;

use crate::server::{Server, json, reply, xml};
use crate::{ASKED, OTHER, PERSON, a, asked, clock, open, source};

fn rest(server: &Server, more: &str) -> String {
    format!(
        "resource: x\nrest:\n  address: http://{}\n  path: /p/{{number}}?n={{number}}\n  link: {{internal: true, max_bytes: 2000}}\n  \
         answer: /data\nsubject: n\nfields: {{a: {{from: a}}}}\nretry_delay_ms: 1\n{more}",
        server.address
    )
}

fn soap(server: &Server, more: &str) -> String {
    format!(
        "resource: x\nsoap:\n  address: http://{}\n  path: /s\n  link: {{internal: true}}\n  action: urn:find\n  \
         envelope: <E><n>{{number}}</n></E>\n  answer: [found, person]\n  {more}\nsubject: who/n\nfields: {{a: {{from: a}}}}\n\
         retry_delay_ms: 1\n",
        server.address
    )
}

/// What a server that answers so makes of a question, and how often it was asked.
async fn told(
    answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static,
) -> (Result<Option<String>, &'static str>, usize) {
    let server = Server::new(answer).await;
    let told = a(&open(&rest(&server, ""))).await;
    (told, server.calls())
}

fn good() -> Vec<u8> {
    json(&format!(r#"{{"data": {{"n": "{PERSON}", "a": "yes"}}}}"#))
}

#[tokio::test]
async fn a_good_answer_arrives_and_the_question_is_the_configured_one() {
    let server = Server::new(|request| {
        assert!(request.starts_with(&format!("GET /p/{PERSON}?n={PERSON} HTTP/1.1\r\n")), "{request}");
        good()
    });
    let server = server.await;
    assert_eq!(a(&open(&rest(&server, ""))).await, Ok(Some("yes".into())));
}

#[tokio::test]
async fn a_system_that_holds_a_small_x_is_asked_with_one() {
    let small = OTHER.to_ascii_lowercase();
    assert_ne!(small, OTHER);
    let of = small.clone();
    let server = Server::new(move |request| {
        assert!(request.starts_with(&format!("GET /p/{of}?n={of} HTTP/1.1\r\n")), "{request}");
        json(&format!(r#"{{"data": {{"n": "{of}", "a": "yes"}}}}"#))
    });
    let yaml = rest(&server.await, "").replace("{number}", "{number_lower}");
    let answer = open(&yaml).ask(&asked(OTHER)).await.unwrap().unwrap();
    assert_eq!(answer.data["a"], "yes", "their small x is the same person");
    let server = Server::new(move |request| {
        assert!(request.contains(&format!("<n>{small}</n>")), "{request}");
        xml(&format!("<found><person><who><n>{small}</n></who><a>yes</a></person></found>"))
    });
    let yaml = soap(&server.await, "").replace("{number}", "{number_lower}");
    assert_eq!(open(&yaml).ask(&asked(OTHER)).await.unwrap().unwrap().data["a"], "yes");
}

#[tokio::test]
async fn a_key_comes_from_its_file_and_goes_into_its_header() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("token"), "t0ken\n").unwrap();
    let server = Server::new(|request| {
        assert!(request.contains("\r\nauthorization: Bearer t0ken\r\n"), "{request}");
        good()
    });
    let headers = "internal: true, headers: [{name: authorization, prefix: 'Bearer ', value: {file: token}}]";
    let yaml = rest(&server.await, "").replace("internal: true", headers);
    assert_eq!(a(&source(&yaml, folder.path(), &clock())).await, Ok(Some("yes".into())));
    let document = connectors::Document::parse("x", &yaml).unwrap();
    let missing = connectors::Source::open(&document, &connectors::Surroundings::default(), clock());
    let error = missing.err().unwrap();
    assert!(error.contains("token") && !error.contains("t0ken"), "{error}");
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_costs_nothing() {
    // It does not announce that it closes.
    let server = Server::new(|_| String::from_utf8(good()).unwrap().replace("connection: close\r\n", "").into()).await;
    let source = open(&rest(&server, "retries: 0\n"));
    for calls in 1..5 {
        assert_eq!(a(&source).await, Ok(Some("yes".into())));
        assert_eq!(server.calls(), calls);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn nothing_held_is_an_answer() {
    assert_eq!(told(|_| reply("404 Not Found", "text/plain", "")).await, (Ok(None), 1));
    assert_eq!(told(|_| json(r#"{"data": null}"#)).await, (Ok(None), 1));
    assert_eq!(told(|_| json(r#"{"data": []}"#)).await, (Ok(None), 1));
}

#[tokio::test]
async fn what_may_pass_is_asked_again_and_nothing_else() {
    assert_eq!(told(|_| reply("503 Busy", "text/plain", "")).await, (Err("unavailable"), 3));
    assert_eq!(told(|_| Vec::new()).await, (Err("unavailable"), 3));
    assert_eq!(told(|_| reply("403 Forbidden", "text/plain", "")).await, (Err("refused"), 1));
    assert_eq!(told(|_| reply("200 OK", "text/html", "<p>login</p>")).await, (Err("malformed"), 1));
    assert_eq!(told(|_| json("{")).await, (Err("malformed"), 1));
    assert_eq!(told(|_| json(r#"{"data": [{}, {}]}"#)).await, (Err("malformed"), 1));
    assert_eq!(told(|_| b"NOT HTTP\r\n\r\n".to_vec()).await, (Err("malformed"), 1));
}

#[tokio::test]
async fn an_answer_about_somebody_else_never_leaves() {
    let other = format!(r#"{{"data": {{"n": "{OTHER}", "a": "secret"}}}}"#);
    assert_eq!(told(move |_| json(&other)).await, (Err("wrong-subject"), 1));
    assert_eq!(told(|_| json(r#"{"data": {"a": "secret"}}"#)).await, (Err("malformed"), 1));
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Server::new(|_| good()).await;
    let location = elsewhere.address.clone();
    let answer = move |_: &str| {
        format!("HTTP/1.1 302 Found\r\nlocation: http://{location}/p\r\ncontent-length: 0\r\n\r\n").into_bytes()
    };
    assert_eq!(told(answer).await, (Err("refused"), 1));
    assert_eq!(elsewhere.calls(), 0);
}

#[tokio::test]
async fn a_length_that_is_a_lie_is_found_out() {
    let long = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{\"data\": null}";
    assert_eq!(told(|_| long.as_bytes().to_vec()).await, (Err("unavailable"), 3));
    let short = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5\r\n\r\n{\"data\": null}";
    assert_eq!(told(|_| short.as_bytes().to_vec()).await, (Err("malformed"), 1));
    let two = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n{\"da";
    assert!(told(|_| two.as_bytes().to_vec()).await.0.is_err());
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_not_read() {
    let large = format!(r#"{{"data": {{"a": "{}"}}}}"#, "x".repeat(10_000));
    assert_eq!(told(move |_| json(&large)).await, (Err("too-large"), 1));
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunks = format!("{head}{}", format!("3e8\r\n{}\r\n", " ".repeat(1000)).repeat(1000));
    assert_eq!(told(move |_| chunks.clone().into_bytes()).await, (Err("too-large"), 1));
    let headers = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x-a: b\r\n".repeat(50_000));
    assert!(told(move |_| headers.clone().into_bytes()).await.0.is_err());
}

#[tokio::test]
async fn time_is_bounded_also_for_one_who_drips() {
    let slow = Server::slow(Duration::from_millis(80), |_| json(&" ".repeat(100_000))).await;
    let source = open(&rest(&slow, "timeout_ms: 200\nretries: 0\n").replace("max_bytes: 2000", "max_bytes: 200000"));
    let started = Instant::now();
    assert_eq!(a(&source).await, Err("timeout"));
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_failing_source_is_left_alone_and_tried_again() {
    use std::sync::atomic::{AtomicBool, Ordering};
    static IS_WELL: AtomicBool = AtomicBool::new(false);
    let sick = |_: &str| if IS_WELL.load(Ordering::SeqCst) { good() } else { reply("500 No", "text/plain", "") };
    let server = Server::new(sick).await;
    let clock = clock();
    let yaml = rest(&server, "retries: 0\nbreaker: {failures: 2, pause_seconds: 30}\n");
    let source = source(&yaml, std::path::Path::new("."), &clock);
    for expected in ["unavailable", "unavailable", "resting", "resting"] {
        assert_eq!(a(&source).await, Err(expected));
    }
    assert_eq!(server.calls(), 2);
    let health = source.health();
    assert!(matches!(health.circuit, Circuit::Open(_)), "{health:?}");
    assert_eq!((health.consecutive_failures, health.figures.calls, health.last_ok), (4, 2, None));
    IS_WELL.store(true, Ordering::SeqCst);
    clock.advance(30 * SECOND);
    assert_eq!(a(&source).await, Ok(Some("yes".into())));
    let health = source.health();
    assert_eq!((health.circuit, health.consecutive_failures), (Circuit::Closed, 0));
    assert!(health.last_ok.is_some() && health.figures.last_micros > 0);
}

#[tokio::test]
async fn answers_are_kept_for_the_declared_seconds_alone() {
    let server = Server::new(|_| good()).await;
    let clock = clock();
    let source = source(&rest(&server, "cache: {seconds: 10}\n"), std::path::Path::new("."), &clock);
    for (after, calls) in [(0, 1), (9, 1), (1, 2)] {
        clock.advance(after * SECOND);
        assert_eq!(a(&source).await, Ok(Some("yes".into())));
        assert_eq!(server.calls(), calls);
    }
    assert_eq!(source.health().figures.from_memory, 1);
}

#[tokio::test]
async fn only_a_true_number_goes_into_a_question() {
    let server = Server::new(|_| good()).await;
    let source = open(&rest(&server, ""));
    for number in ["", "110101199003074978", "../x", "110101199003074979 "] {
        assert_eq!(source.ask(&asked(number)).await.unwrap_err().code(), "refused", "{number}");
    }
    assert_eq!(server.calls(), 0);
}

#[tokio::test]
async fn addresses_within_a_network_need_the_documents_word() {
    let server = Server::new(|_| good()).await;
    let public = rest(&server, "").replace("internal: true, ", "").replace("http://", "https://");
    assert_eq!(a(&open(&public)).await, Err("refused"));
    assert_eq!(server.calls(), 0);
    let named = public.replace("127.0.0.1", "localhost");
    assert_eq!(a(&open(&named)).await, Err("refused"), "the address counts, not the name");
}

#[tokio::test]
async fn a_soap_service_answers() {
    let body = format!(
        "<r:found xmlns:r='u'><r:person><r:who><r:n>{PERSON}</r:n></r:who><r:a>a &lt; b</r:a></r:person></r:found>"
    );
    let server = Server::new(move |request| {
        assert!(
            request.contains("soapaction: \"urn:find\"") && request.ends_with(&format!("<n>{PERSON}</n></E>")),
            "{request}"
        );
        xml(&body)
    });
    assert_eq!(a(&open(&soap(&server.await, ""))).await, Ok(Some("a < b".into())));
    let nothing = Server::new(|_| xml("<found/>")).await;
    assert_eq!(a(&open(&soap(&nothing, ""))).await, Ok(None));
}

#[tokio::test]
async fn bad_envelopes_faults_and_repetition() {
    let bomb = "<!DOCTYPE x [<!ENTITY a 'b'>]><s:Envelope><s:Body>&a;</s:Body></s:Envelope>";
    for (answer, more, code, calls) in [
        (reply("200 OK", "text/xml", bomb), "repeatable: true", "malformed", 1),
        (reply("200 OK", "text/xml", "<a/>"), "", "malformed", 1),
        (reply("200 OK", "text/html", "<a/>"), "", "malformed", 1),
        (xml("<s:Fault><faultcode>s:Client</faultcode></s:Fault>"), "repeatable: true", "refused", 1),
        (xml("<s:Fault><faultcode>s:Server</faultcode></s:Fault>"), "", "unavailable", 1),
        (xml("<s:Fault><faultcode>s:Server</faultcode></s:Fault>"), "repeatable: true", "unavailable", 3),
    ] {
        let told = String::from_utf8_lossy(&answer).into_owned();
        let server = Server::new(move |_| answer.clone()).await;
        assert_eq!(a(&open(&soap(&server, more))).await, Err(code), "{told}");
        assert_eq!(server.calls(), calls, "{told}");
    }
    assert_eq!(ASKED.number, PERSON);
}
