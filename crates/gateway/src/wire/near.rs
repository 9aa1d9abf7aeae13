//! The consumer's end of a line: answers come in, are checked against their requests, logged, and handed over.
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, BufReader};
use tokio::sync::{mpsc, oneshot};

use super::bundle::{self, Came, Opened, Untrue};
use super::frame::{self, Bundle, Carried, Frame, TOLD};
use super::lane::{self, Lane, Waiting};
use super::{beside, far};
use crate::body::{Kept, Taken};
use crate::gateway::Gateway;
use crate::keep::Sealed;
use crate::log::entry::{Entry, Part};
use crate::message::Answered;
use crate::pool::Origin;
use crate::protocol::fault::{Fault, Kind};
use crate::protocol::hash::to_text;

/// A call that has no answer after so long is given up. Longer than any service may take.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(150);
/// How often a line is looked after.
pub(super) const TENDED: Duration = Duration::from_secs(5);
/// A line on which calls wait and pings bring nothing for so long is dead.
const SILENT: Duration = Duration::from_secs(15);
/// A line that was not used for so long is closed.
const IDLE: Duration = Duration::from_secs(60);
/// Faults of a request that the provider's gateway finds.
const CLIENTS: [&str; 3] = ["client.bad_request", "client.invalid_request", "client.invalid_protocol_version"];

/// Carries a line until it ends.
pub async fn run<S: AsyncRead + AsyncWrite>(
    gateway: Gateway,
    (lane, origin): (Arc<Lane>, Arc<Origin>),
    (stream, frames): (S, mpsc::Receiver<Bytes>),
) {
    let (from, to) = tokio::io::split(stream);
    let why = tokio::select! {
        why = read(&gateway, (&lane, &origin), from) => why.to_string(),
        why = lane::write(to, frames) => why.to_string(),
        why = tend(&lane) => why.to_owned(),
    };
    tracing::debug!(peer = lane.server, why, "a line to another gateway ended");
    lane.close(|| broken(&lane));
}

fn broken(lane: &Lane) -> Fault {
    Kind::ClientIoError.says(format!(
        "the line to the gateway {} broke; the call may have been carried out, ask how it stands before you repeat it",
        lane.server
    ))
}

async fn read(
    gateway: &Gateway,
    (lane, origin): (&Arc<Lane>, &Arc<Origin>),
    from: impl AsyncRead + Unpin,
) -> std::io::Error {
    let mut from = BufReader::with_capacity(far::BUFFER, from);
    loop {
        match lane.next(&mut from).await {
            Err(error) => return error,
            Ok(Frame::Bundle(bundle)) => {
                let hold = lane.hold(bundle.number);
                let (gateway, lane, origin) = (gateway.clone(), Arc::clone(lane), Arc::clone(origin));
                tokio::spawn(async move { take(&gateway, (&lane, &origin), (bundle, hold)).await });
            }
            Ok(Frame::Stored(bundle)) => lane.release(bundle, true),
            Ok(Frame::Dropped(bundle)) => lane.release(bundle, false),
            Ok(Frame::Refused { code, words, requests }) => {
                requests.iter().for_each(|request| lane.end(request, fault_of(lane, &code, &words)));
            }
            Ok(Frame::Closing) => lane.retire(),
            Ok(Frame::Ping | Frame::Pong) => {}
        }
    }
}

/// Keeps the line alive while calls wait; why it ends.
async fn tend(lane: &Lane) -> &'static str {
    // When the first ping went out that nothing has answered.
    let mut pinged: Option<Instant> = None;
    loop {
        tokio::time::sleep(TENDED).await;
        if lane.pending() == 0 {
            pinged = None;
            if lane.silent() > IDLE || !lane.is_open() {
                return "it is not used";
            }
            continue;
        }
        match pinged {
            // A line that rested was silent too: only what was asked for can be missed.
            Some(at) if lane.silent() >= at.elapsed() => {
                if at.elapsed() > SILENT {
                    return "nothing comes from the other side";
                }
            }
            _ => pinged = Some(Instant::now()),
        }
        lane.send(frame::ping());
        let late = || {
            let why =
                "did not answer in time; the call may have been carried out, ask how it stands before you repeat it";
            Kind::ClientIoError.says(format!("the gateway {} {why}", lane.server))
        };
        if let Some(than) = Instant::now().checked_sub(ANSWER_WITHIN) {
            lane.end_older(than, late);
        }
    }
}

/// The other gateway's fault, as it told it.
fn fault_of(lane: &Lane, code: &str, words: &str) -> Fault {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.';
    let known = code.len() <= 80
        && code.bytes().all(plain)
        && (code.starts_with("server.serverproxy.") || CLIENTS.contains(&code));
    let code = if known { code } else { "server.serverproxy.internal_error" };
    let words: String = words.chars().filter(|c| !c.is_control()).take(TOLD).collect();
    Fault { code: code.to_owned().into(), message: format!("{}: {words}", lane.server) }
}

fn inconsistent(what: &str) -> Fault {
    Kind::InconsistentResponse.says(format!("the answer does not belong to the request: {what}; it was thrown away"))
}

/// Checks who signed a bundle of answers.
fn check(gateway: &Gateway, lane: &Lane, (bundle, opened): (&Bundle, &Opened)) -> Result<(), Fault> {
    let bad =
        |why: &str| Kind::InvalidSignature.says(format!("the answer of {} is not signed rightly: {why}", lane.server));
    let roster = gateway.roster();
    let peer = roster.peer_with(&bundle.key).filter(|peer| peer.server == lane.server);
    let key = peer.and_then(|peer| peer.keys.get(&bundle.key));
    let key = key.ok_or_else(|| bad("its key is not one of that gateway"))?;
    opened.check(gateway, bundle, key).map_err(|untrue| match untrue {
        Untrue::Altered => inconsistent("its bytes are not those that were signed"),
        Untrue::Forged => bad("the signature is forged"),
        Untrue::Untimely(_) => bad("it was signed at another time; the clocks differ"),
    })
}

/// An answer that waits for both logs.
struct Ready {
    waiting: Box<Waiting>,
    answered: Answered,
    beside: bool,
    /// What is kept of it, when that waits for its body.
    kept: Option<Sealed>,
}

async fn take(
    gateway: &Gateway,
    (lane, origin): (&Arc<Lane>, &Arc<Origin>),
    (bundle, hold): (Bundle, oneshot::Receiver<bool>),
) {
    let Some(opened) = bundle::open(&bundle, Part::Answer) else {
        return lane.close(|| inconsistent("its head cannot be passed on"));
    };
    if let Err(fault) = check(gateway, lane, (&bundle, &opened)) {
        let end = |came: &Came| lane.end(&came.request_id, Fault { ..fault.clone() });
        return opened.messages.iter().for_each(end);
    }
    let (mut ready, mut kept) = (Vec::new(), Vec::new());
    for (place, came) in opened.messages.iter().enumerate() {
        let Some(waiting) = lane.take(&came.request_id) else { continue };
        match answered(came, &waiting) {
            Ok(answered) => {
                let beside = matches!(came.body, Carried::Beside { .. });
                ready.push(Ready { waiting, answered, beside, kept: None });
                kept.push(place);
            }
            Err(fault) => waiting.fail(gateway.log(), fault),
        }
    }
    let logged = async {
        let signed = opened.signed(&bundle, &kept)?;
        let mut lines: Vec<Entry> = ready.iter().zip(signed).map(|(ready, signed)| line(lane, ready, signed)).collect();
        for (line, Ready { answered, kept, .. }) in lines.iter_mut().zip(&mut ready) {
            line.kept = gateway.keep(line, (answered.head.bytes(), &answered.body)).await?;
            kept.clone_from(&line.kept);
        }
        gateway.log().add(lines).await?.wait().await
    };
    let (logged, stored) = tokio::join!(logged, hold);
    let denied = match (logged, stored) {
        (Ok(()), Ok(true)) => None,
        (Ok(()), Ok(false)) => Some(Kind::LoggingFailed.says(UNKNOWN_END)),
        (Ok(()), Err(_)) => Some(broken(lane)),
        (Err(error), _) => {
            let fault = denied(&error);
            return ready.into_iter().for_each(|ready| ready.waiting.fail(gateway.log(), fault.clone()));
        }
    };
    for ready in ready {
        match &denied {
            Some(fault) => drop(ready.waiting.reply.send(Err(fault.clone()))),
            None => hand_over(gateway, (lane, origin), ready),
        }
    }
}

/// The provider has answered, and the answer may not be told.
pub(crate) const UNKNOWN_END: &str =
    "the message log cannot be written now; the call may have been carried out, ask how it stands before you repeat it";

fn denied(error: &platform::Error) -> Fault {
    tracing::error!(%error, "answers are thrown away, as they cannot be logged");
    Kind::ClientLoggingFailed.says(UNKNOWN_END)
}

/// The answer's line, with the provider's signature in it.
fn line(lane: &Lane, ready: &Ready, signed: crate::log::Signed) -> Entry {
    let mut entry = ready.answered.entry(ready.waiting.entry.clone());
    entry.peer = Some(signed);
    if let Some(fault) = told(lane, &ready.answered) {
        entry.fault = fault.code.into_owned();
    }
    entry
}

/// The answer of a bundle, when it is the one to this request.
fn answered(came: &Came, waiting: &Waiting) -> Result<Answered, Fault> {
    let (read, names) = (&came.head, &waiting.entry.names);
    for (name, wanted) in [
        ("x-road-id", &names.message_id),
        ("x-road-client", &names.client),
        ("x-road-service", &names.service),
        ("x-road-request-hash", &to_text(&waiting.entry.hash)),
    ] {
        if read.last(name) != Some(wanted) {
            return Err(inconsistent(&format!("{name} is another")));
        }
    }
    let status = read.first().parse().ok().filter(|status| (200..600).contains(status));
    let status = status.ok_or_else(|| inconsistent("it has no status"))?;
    let (body, size) = match &came.body {
        Carried::Here(body) => (body.clone(), body.len() as u64),
        Carried::Beside { size, .. } => (Bytes::new(), *size),
    };
    let body = Taken { body: Kept::Memory(body), digest: came.digest, size };
    let (sent, took) = (Some(waiting.begun), waiting.begun.elapsed());
    Ok(Answered { head: came.head.clone(), body, hash: came.hash, status, sent, took })
}

/// The fault that an answer is, if it is one.
fn told(lane: &Lane, answered: &Answered) -> Option<Fault> {
    let code = answered.head.last("x-road-error")?;
    let Kept::Memory(body) = &answered.body.body else { return None };
    let told = serde_json::from_slice::<serde_json::Value>(body).ok();
    let words = told.as_ref().and_then(|told| told["message"].as_str()).unwrap_or("it gave no reason");
    Some(fault_of(lane, code, words))
}

fn hand_over(gateway: &Gateway, (lane, origin): (&Arc<Lane>, &Arc<Origin>), ready: Ready) {
    let Ready { waiting, answered, beside, kept } = ready;
    if let Some(fault) = told(lane, &answered) {
        return drop(waiting.reply.send(Err(fault)));
    }
    if !beside {
        return drop(waiting.reply.send(Ok(answered))); // the caller may have gone
    }
    let (gateway, origin) = (gateway.clone(), Arc::clone(origin));
    tokio::spawn(async move {
        let wanted = (waiting.entry.names.request_id.as_str(), answered.body.digest.unwrap_or([0; 64]));
        let whole = async {
            let body = beside::get(&gateway, &origin, wanted).await?;
            gateway.keep_late(kept.as_ref(), &body).await.map_err(|error| denied(&error))?;
            Ok(Answered { body, ..answered })
        };
        drop(waiting.reply.send(whole.await));
    });
}
