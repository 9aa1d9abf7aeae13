//! A call that came in by another door of this program and is answered by that door's own part (GovStack's pub/sub): proved,
//! logged and counted as one at the gateway's own door whose provider is ours too.
use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::Response;

use crate::body::Taken as Body;
use crate::consumer::{Call, asked, who};
use crate::gateway::Gateway;
use crate::log::entry::{Entry, Side};
use crate::message::{Answered, Asked};
use crate::protocol::address::Address;
use crate::protocol::fault::{Fault, Kind};
use crate::protocol::hash::message_hash;
use crate::protocol::head::{Header, answer_head, is_skipped};
use crate::provider::Ours;
use crate::roster::Subsystem;
use crate::tls::Fingerprint;
use crate::traffic::{Key, Taken};
use crate::wire::near::UNKNOWN_END;

const NOTHING_DONE: &str = "this gateway cannot write its message log now; nothing was carried out, send again";

/// From which address a request came, and the certificate that it showed.
pub type Came = (IpAddr, Option<Fingerprint>);

impl<'a> Call<'a> {
    /// A request as it stands at another door of this program: verb and target, headers as they came.
    #[must_use]
    pub fn aside(
        (verb, target): (&'a str, &'a str),
        headers: &'a [(&'a str, &'a [u8])],
        (from, certificate): Came,
    ) -> Self {
        Self { verb, target, headers, from, certificate, place: None }
    }
}

/// Carries a call out. The log has the request before `answer` acts on it, and the answer before it is told; a call that
/// has begun runs to its end when its caller goes away. An error is a fault of the exchange: what `answer` says, with
/// whatever status, is none.
pub async fn call<F, A>(
    gateway: &Gateway,
    (call, body): (&Call<'_>, Bytes),
    answer: F,
) -> Result<Response<Bytes>, Fault>
where
    F: FnOnce(Arc<Subsystem>) -> A + Send + 'static,
    A: Future<Output = Response<Bytes>> + Send,
{
    let begun = Instant::now();
    let roster = gateway.roster();
    let client = who(&roster, call)?;
    let address = Address::parse(call.target, roster.alphabet)?;
    let asked = asked(&roster, call, &client, (address, Body::text(body)));
    let is_ours = roster.subsystem(asked.address.provider()).is_some();
    // Providers that do not exist are not listed one by one.
    let service = if is_ours { asked.address.text.clone() } else { "-".into() };
    let mut key = Key { side: Side::Both, client: client.text.clone(), service, outcome: String::new() };
    let (own, request_bytes) = (gateway.clone(), asked.body.size);
    let served = tokio::spawn(async move { carry(&own, asked, answer(client)).await });
    let served =
        served.await.unwrap_or_else(|_| Err(Kind::InternalError.says("this gateway failed; ask how the call stands")));
    key.outcome = match &served {
        Ok((response, _)) => response.status().as_str().to_owned(),
        Err(fault) => fault.code.to_string(),
    };
    let mut taken = Taken { total: begun.elapsed(), request_bytes, ..Taken::default() };
    if let Ok((response, asked)) = &served {
        taken.before = asked.from.saturating_duration_since(begun);
        (taken.inner, taken.answer_bytes) = (asked.took, response.body().len() as u64);
    }
    gateway.traffic().note(key, taken);
    served.map(|(response, _)| response)
}

/// When the door's own part was asked, and for how long.
struct Span {
    from: Instant,
    took: Duration,
}

async fn carry(
    gateway: &Gateway,
    asked: Asked,
    answer: impl Future<Output = Response<Bytes>>,
) -> Result<(Response<Bytes>, Span), Fault> {
    let entry = asked.entry(Side::Both, asked.body.size);
    if let Err(error) = note(gateway, entry.clone(), (asked.head.bytes(), &asked.body)).await {
        return Err(ended(gateway, entry, unlogged(&error, NOTHING_DONE)));
    }
    let from = Instant::now();
    let mut response = answer.await;
    let span = Span { from, took: from.elapsed() };
    if let Err(fault) = mark(&mut response, &asked) {
        return Err(ended(gateway, entry, fault));
    }
    let answered = answered(&response);
    let line = answered.entry(entry);
    match note(gateway, line.clone(), (answered.head.bytes(), &answered.body)).await {
        Ok(()) => Ok((response, span)),
        Err(error) => Err(ended(gateway, line, unlogged(&error, UNKNOWN_END))),
    }
}

/// Writes the exchange's own headers into an answer.
fn mark(response: &mut Response<Bytes>, asked: &Asked) -> Result<(), Fault> {
    for (name, value) in Ours::of(asked).headers() {
        let value =
            value.parse().map_err(|_| Kind::InconsistentResponse.says("the answer's head cannot be written"))?;
        response.headers_mut().insert(name, value);
    }
    Ok(())
}

/// The log has how the call ended as soon as it takes lines again.
fn ended(gateway: &Gateway, entry: Entry, fault: Fault) -> Fault {
    gateway.log().note(entry.failed(&fault));
    fault
}

fn answered(response: &Response<Bytes>) -> Answered {
    let sent = response.headers().iter().filter(|(name, _)| !is_skipped(name.as_str()));
    let sent = sent.map(|(name, value)| Header { name: name.as_str(), value: value.as_bytes() });
    let (status, body) = (response.status(), Body::text(response.body().clone()));
    let head = answer_head(status.as_u16(), status.canonical_reason().unwrap_or_default(), sent);
    let hash = message_hash(head.bytes(), body.digest.as_ref());
    Answered { head, body, hash, status: status.as_u16(), sent: None, took: Duration::ZERO }
}

/// Writes a line and waits until it is durable.
async fn note(gateway: &Gateway, mut line: Entry, (head, body): (&Bytes, &Body)) -> platform::Result<()> {
    line.kept = gateway.keep(&line, (head, body)).await?;
    gateway.log().add(vec![line]).await?.wait().await
}

fn unlogged(error: &platform::Error, words: &str) -> Fault {
    tracing::error!(%error, "a call is denied, as it cannot be logged");
    Kind::ClientLoggingFailed.says(words)
}
