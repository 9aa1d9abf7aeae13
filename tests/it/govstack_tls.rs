//! The doors of GovStack's interfaces over TLS: what is asked of callers, and what a certificate proves.
use std::sync::Arc;

use app::Doors;
use gateway::authority::{self, Pair};
use platform::clock::Clock;
use platform::config::{Config, DoorTls};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::TestApp;
use time::OffsetDateTime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::govstack_mediator::{KEEPER, POLICE};

const TOKEN: &str = "a-token-of-the-tests";

/// Handshakes go by the world's clock, not by that of the test.
fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(Clock::World.now().0 / 1_000_000).unwrap()
}

fn issued(root: &Pair, name: &str) -> Pair {
    authority::issue(root, &[name.to_owned()], (now(), 1)).unwrap()
}

struct City {
    _folder: TempDir,
    app: TestApp,
    root: Pair,
    registries: String,
    mediator: String,
    _stop: watch::Sender<bool>,
}

impl City {
    async fn open(tls: DoorTls) -> Self {
        let (folder, root) = (tempfile::tempdir().unwrap(), authority::root("Test", now()).unwrap());
        let own = issued(&root, "127.0.0.1");
        let place = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let files =
            (place("own.pem", &own.certificate), place("own.key", &own.key), place("root.pem", &root.certificate));
        let set = |config: &mut Config| {
            config.gateway.listen = "127.0.0.1:0".into();
            let of = &mut config.gateway.tls;
            (of.certificate, of.key, of.authorities) = files;
            let doors = &mut config.govstack;
            doors.listen = "127.0.0.1:0".into();
            (doors.token, doors.basis) = (TOKEN.into(), "test".into());
            doors.mediator.listen = "127.0.0.1:0".into();
            (doors.tls, doors.mediator.tls) = (tls, tls);
            let digest = platform::chance::sha256_hex(KEEPER.as_bytes());
            doors.mediator.tokens = [(digest, "read:conf write:conf".to_owned())].into();
        };
        let app = TestApp::with(set).await;
        let doors = Doors::bind(app.platform()).await.unwrap();
        let at =
            |name: &str| doors.addresses().unwrap().into_iter().find(|(door, _)| door.starts_with(name)).unwrap().1;
        let (registries, mediator) = (at("digital registries").to_string(), at("information mediator").to_string());
        let (stop, stopped) = watch::channel(false);
        drop(doors.serve(app.app(), &stopped));
        Self { _folder: folder, app, root, registries, mediator, _stop: stop }
    }

    /// One request over TLS; an error: the door did not answer.
    async fn ask(
        &self,
        address: &str,
        shown: Option<&Pair>,
        (head, body): (&str, Value),
    ) -> std::io::Result<(u16, Value)> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.root.certificate.as_bytes()).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots);
        let config = match shown {
            None => config.with_no_client_auth(),
            Some(pair) => {
                let chain = vec![CertificateDer::from_pem_slice(pair.certificate.as_bytes()).unwrap()];
                config
                    .with_client_auth_cert(chain, PrivateKeyDer::from_pem_slice(pair.key.as_bytes()).unwrap())
                    .unwrap()
            }
        };
        let stream = TcpStream::connect(address).await?;
        let name = ServerName::try_from("127.0.0.1").unwrap();
        let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
        exchange(stream, address, (head, body)).await
    }

    async fn keep(&self, shown: Option<&Pair>, (line, body): (&str, Value)) -> (u16, Value) {
        let head = format!("{line} HTTP/1.1\r\nAuthorization: Bearer {KEEPER}\r\nContent-Type: application/json");
        self.ask(&self.mediator, shown, (&head, body)).await.unwrap()
    }

    async fn room(&self, shown: Option<&Pair>) -> u16 {
        let head = format!("GET /r1/{POLICE}/listMethods HTTP/1.1\r\nX-GovStack-Client: {POLICE}");
        self.ask(&self.mediator, shown, (&head, Value::Null)).await.unwrap().0
    }

    /// Callers of the police's application must show this certificate from now on.
    async fn asks_for(&self, pair: &Pair, shown: Option<&Pair>) {
        let (_, conf) = self.keep(shown, ("GET /api/v1/config", Value::Null)).await;
        let spec = conf.pointer("/members/0/applications/0/services/0/specUrl").and_then(Value::as_str).unwrap();
        assert!(spec.starts_with(&format!("https://{}/r1/", self.mediator)), "{spec}");
        let callers = json!({"certificates": [pair.fingerprint().unwrap()]});
        let application = json!({"id": "public-security", "x-callers": callers});
        let member = json!({"name": "云岭市公安局", "class": "GOV", "code": "1199010001000200XW", "applications": [application]});
        let change = json!({"domain": conf["domain"], "instance": "NP", "members": [member]});
        let (status, words) = self.keep(shown, ("PATCH /api/v1/config", change)).await;
        assert_eq!(status, 201, "{words}");
    }
}

async fn exchange(
    mut stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    address: &str,
    (head, body): (&str, Value),
) -> std::io::Result<(u16, Value)> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let length = body.len();
    let sent = format!("{head}\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}");
    stream.write_all(sent.as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    let text = String::from_utf8(bytes).unwrap();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return Err(std::io::Error::other("no answer")) };
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
    Ok((status, serde_json::from_str(body).unwrap_or_else(|_| Value::String(body.to_owned()))))
}

const LIST: &str = "GET /listClients HTTP/1.1";

#[tokio::test(flavor = "multi_thread")]
async fn a_door_that_asks_for_certificates_hears_nobody_without_one() {
    let city = City::open(DoorTls::Mutual).await;
    let (own, other) = (issued(&city.root, "system"), issued(&city.root, "other"));
    let strangers = authority::root("Strangers", now()).unwrap();
    let stranger = issued(&strangers, "system");
    for address in [&city.mediator, &city.registries] {
        let plain = TcpStream::connect(address).await.unwrap();
        assert!(exchange(plain, address, (LIST, Value::Null)).await.is_err(), "{address}: without TLS");
        for shown in [None, Some(&stranger)] {
            assert!(city.ask(address, shown, (LIST, Value::Null)).await.is_err(), "{address}: not one of ours");
        }
    }
    let (status, all) = city.ask(&city.mediator, Some(&own), (LIST, Value::Null)).await.unwrap();
    assert!(status == 200 && !all["member"].as_array().unwrap().is_empty(), "{all}");
    assert_eq!(city.room(Some(&other)).await, 200, "its network is proof enough");
    city.asks_for(&own, Some(&other)).await;
    assert_eq!((city.room(Some(&own)).await, city.room(Some(&other)).await), (200, 403), "its certificate alone");
    assert!(city.app.app().gateway.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_door_over_tls_hears_those_without_a_certificate_and_knows_those_with_one() {
    let city = City::open(DoorTls::On).await;
    let own = issued(&city.root, "system");
    let plain = TcpStream::connect(&city.mediator).await.unwrap();
    assert!(exchange(plain, &city.mediator, (LIST, Value::Null)).await.is_err(), "without TLS");
    assert_eq!(city.ask(&city.mediator, None, (LIST, Value::Null)).await.unwrap().0, 200);
    let stranger = issued(&authority::root("Strangers", now()).unwrap(), "system");
    assert!(
        city.ask(&city.mediator, Some(&stranger), (LIST, Value::Null)).await.is_err(),
        "what is shown is looked at"
    );
    city.asks_for(&own, None).await;
    assert_eq!((city.room(Some(&own)).await, city.room(None).await), (200, 403));
    let head = format!(
        "GET /databases HTTP/1.1\r\nAuthorization: {TOKEN}\r\nInformation-Mediator-Client: NP/GOV/119901000100060000/health"
    );
    let (status, all) = city.ask(&city.registries, None, (&head, Value::Null)).await.unwrap();
    assert!(status == 200 && all["databases"].is_array(), "{all}");
}
