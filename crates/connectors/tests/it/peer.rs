//! A service of another region: what goes over the way that others give, what is remembered, what is asked again.
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use connectors::{Document, Matter, PeerCall, PeerCalling, PeerReply, Peers, Source, SourceError, Surroundings};
use platform::clock::SECOND;

use crate::{ASKED, PERSON, clock};

type Fault = fn() -> Result<PeerReply, SourceError>;
type Answer = dyn Fn() -> Result<PeerReply, SourceError> + Send + Sync;

/// Answers each call alike and keeps what was asked: client, target, issue, token.
struct Way {
    answer: Box<Answer>,
    asked: Mutex<Vec<[String; 4]>>,
    calls: AtomicUsize,
}

impl Peers for Way {
    fn get<'a>(&'a self, call: PeerCall<'a>) -> PeerCalling<'a> {
        let PeerCall { client, target, issue, token, limit } = call;
        assert_eq!(limit, 2000);
        self.asked.lock().unwrap().push([client, target, issue, token.unwrap_or_default()].map(str::to_owned));
        self.calls.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::ready((self.answer)()))
    }
}

fn way(answer: impl Fn() -> Result<PeerReply, SourceError> + Send + Sync + 'static) -> Arc<Way> {
    Arc::new(Way { answer: Box::new(answer), asked: Mutex::default(), calls: AtomicUsize::new(0) })
}

fn reply(status: u16, body: &str) -> Result<PeerReply, SourceError> {
    Ok(PeerReply { status, content_type: "application/json; charset=UTF-8".into(), body: body.to_owned().into() })
}

fn good() -> Result<PeerReply, SourceError> {
    reply(200, &format!(r#"{{"subject": "{PERSON}", "fields": {{"a": {{"value": "yes", "as_of": "2026-10-01"}}}}}}"#))
}

const YAML: &str = "resource: x\npeer:\n  service: NP/BEI/1/sub/persons\n  client: NP/GOV/2/own\n  \
     office: {zh-Hans: 公安局, zh-Hant: 公安局, en: Police}\n  region: {zh-Hans: 甲市, zh-Hant: 甲市, en: City A}\n  \
     path: /p/{number}?fields=a&purpose={purpose}&basis={basis}\n  max_bytes: 2000\n\
     subject: subject\nas_of: {from: /fields/a/as_of, date: YYYY-MM-DD}\nfields: {a: {from: /fields/a/value}}\n\
     retry_delay_ms: 1\ncache: {seconds: 10}\n";

fn source(yaml: &str, way: &Arc<Way>, clock: &platform::clock::Clock) -> Source {
    let document = Document::parse("connectors/x.yaml", yaml).unwrap();
    let peers: Arc<dyn Peers> = Arc::clone(way) as _;
    Source::open_among(&document, (&Surroundings::default(), peers), clock.clone()).unwrap()
}

#[tokio::test]
async fn the_call_says_who_asks_for_what_and_is_remembered_for_that_alone() {
    let (way, clock) = (way(good), clock());
    let source = source(YAML, &way, &clock);
    let elsewhere = source.elsewhere().unwrap();
    assert_eq!((elsewhere.id.as_str(), elsewhere.office.en.as_str()), ("NP/BEI/1/sub", "Police"));
    let matter = Matter { purpose: "residence permit", basis: "《条例》第五条&x", case: Some("case_1") };
    for _ in 0..2 {
        let answer = source.ask_in(&ASKED, &matter).await.unwrap().unwrap();
        assert_eq!((answer.data["a"].as_str(), answer.as_of.to_string().as_str()), (Some("yes"), "2026-10-01"));
    }
    let target = format!(
        "/r1/NP/BEI/1/sub/persons/p/{PERSON}?fields=a&purpose=residence%20permit&basis=%E3%80%8A%E6%9D%A1%E4%BE%8B%E3%80%8B%E7%AC%AC%E4%BA%94%E6%9D%A1%26x"
    );
    assert_eq!(*way.asked.lock().unwrap(), [["NP/GOV/2/own", &target, "case_1", ""].map(str::to_owned)]);
    for other in [
        Matter { case: Some("case_2"), ..matter },
        Matter { purpose: "tax", ..matter },
        Matter { basis: "another law", ..matter },
    ] {
        source.ask_in(&ASKED, &other).await.unwrap();
    }
    assert_eq!(way.calls.load(Ordering::SeqCst), 4, "what was told for one matter is not told for another");
    clock.advance(10 * SECOND);
    source.ask_in(&ASKED, &matter).await.unwrap();
    assert_eq!(way.calls.load(Ordering::SeqCst), 5);
    assert_eq!(source.health().kind.name(), "peer");
}

#[tokio::test]
async fn what_may_pass_is_asked_again_and_a_refusal_is_not() {
    let faults: [(Fault, &str, usize); 7] = [
        (|| Err(SourceError::Unavailable("the exchange says network_error".into())), "unavailable", 3),
        (|| Err(SourceError::Refused("the exchange says access_denied".into())), "refused", 1),
        (|| Err(SourceError::TooLarge(2000)), "too-large", 1),
        (|| reply(503, "{}"), "unavailable", 3),
        (|| reply(403, "{}"), "refused", 1),
        (|| reply(200, "[1"), "malformed", 1),
        (|| reply(200, r#"{"subject": "11010119900307109X", "fields": {}}"#), "wrong-subject", 1),
    ];
    for (answer, code, calls) in faults {
        let way = way(answer);
        let told = source(YAML, &way, &clock()).ask(&ASKED).await.map_err(|error| error.code());
        assert_eq!((told, way.calls.load(Ordering::SeqCst)), (Err(code), calls));
    }
    let nothing = way(|| reply(404, ""));
    assert_eq!(source(YAML, &nothing, &clock()).ask(&ASKED).await, Ok(None));
}

#[tokio::test]
async fn without_a_gateway_it_says_so_and_a_wrong_document_is_refused() {
    let document = Document::parse("x", YAML).unwrap();
    let alone = Source::open(&document, &Surroundings::default(), clock()).unwrap();
    let error = alone.ask(&ASKED).await.unwrap_err();
    assert!(error.to_string().contains("gateway.listen"), "{error}");
    for (from, to, word) in [
        ("/p/{number}", "/p", "{number}"),
        ("/p/{number}", "/../{number}", "dots"),
        ("basis={basis}", "basis={law}", "no path has"),
    ] {
        let error = Document::parse("x", &YAML.replace(from, to)).unwrap_err();
        assert!(error.contains(word), "{error}");
    }
    for (from, to) in
        [("NP/BEI/1/sub/persons", "NP/BEI/1"), ("persons", "../persons"), ("NP/GOV/2/own", "own"), ("sub/p", "sub/?p")]
    {
        let document = Document::parse("x", &YAML.replace(from, to)).unwrap();
        let error = Source::open(&document, &Surroundings::default(), clock()).err().unwrap();
        assert!(error.contains("no identifier"), "{error}");
    }
}
