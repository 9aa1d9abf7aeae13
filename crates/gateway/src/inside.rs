//! A call of this program itself, in the name of one of its own subsystems: without a socket, with the roster, the rights,
//! the log and the signatures of every other call.
use std::net::{IpAddr, Ipv4Addr};

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::Response;
use hyper::header::CONTENT_TYPE;

use crate::body::Outgoing;
use crate::consumer::{self, Call};
use crate::gateway::Gateway;
use crate::protocol::fault::{Fault, Kind};

/// A call that changes nothing. The caller stands on this machine: the roster lets it speak for the client by its network
/// or its token.
#[derive(Debug, Clone, Copy)]
pub struct Get<'a> {
    pub client: &'a str,
    /// Path and query, `/r1/…`.
    pub target: &'a str,
    /// `X-Road-Issue`; empty: none.
    pub issue: &'a str,
    pub token: Option<&'a str>,
    /// Bytes of an answer at most.
    pub limit: u64,
}

/// What the service answered, with whatever status.
#[derive(Debug)]
pub struct Got {
    pub status: u16,
    pub content_type: String,
    /// None: it is longer than the limit.
    pub body: Option<Bytes>,
}

/// Asks, and reads the answer whole. An error is a fault of the exchange.
pub async fn get(gateway: &Gateway, call: &Get<'_>) -> Result<Got, Fault> {
    let mut headers = vec![("X-Road-Client", call.client.as_bytes()), ("Accept", b"application/json".as_slice())];
    if !call.issue.is_empty() {
        headers.push(("X-Road-Issue", call.issue.as_bytes()));
    }
    headers.extend(call.token.map(|token| ("TB-Token", token.as_bytes())));
    let asked = Call {
        verb: "GET",
        target: call.target,
        headers: &headers,
        from: IpAddr::V4(Ipv4Addr::LOCALHOST),
        certificate: None,
        place: None,
    };
    read(consumer::call(gateway, &asked, None).await?, call.limit).await
}

/// Asks for a caller at another door of this program, who must prove its client as at the gateway's own.
pub async fn asked(gateway: &Gateway, call: &Call<'_>, limit: u64) -> Result<Got, Fault> {
    read(consumer::call(gateway, call, None).await?, limit).await
}

async fn read(response: Response<Outgoing>, limit: u64) -> Result<Got, Fault> {
    let status = response.status().as_u16();
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let (content_type, mut body) = (kind.to_owned(), response.into_body());
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Kind::ClientIoError.says(format!("the answer cannot be read: {error}")))?;
        let Some(data) = frame.data_ref() else { continue };
        if (whole.len() + data.len()) as u64 > limit {
            return Ok(Got { status, content_type, body: None });
        }
        whole.extend_from_slice(data);
    }
    Ok(Got { status, content_type, body: Some(whole.freeze()) })
}
