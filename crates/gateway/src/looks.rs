//! Who is looked at: a service may say where in a call the number of the person or enterprise stands. Then the look is
//! written for that person before the application is asked; `app` joins this with the trail.
use std::future::Future;
use std::pin::Pin;

use platform::Result;
use serde::Deserialize;

use crate::message::Asked;
use crate::protocol::ids::decode;

/// Where the number stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Place {
    /// A parameter of the query.
    Query(String),
    /// A segment of the service's path, from 1.
    Path(usize),
    /// A header.
    Header(String),
}

/// What the trail says of such a call.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    pub at: Place,
    /// Why such calls are made: a purpose as grants name it.
    pub purpose: String,
    /// The provision that they rest on.
    pub basis: String,
    /// What is told, as the trail lists it.
    pub fields: Vec<String>,
}

/// A call that looks at somebody.
#[derive(Debug, Clone)]
pub struct Look {
    pub number: String,
    pub client: String,
    /// Key of the client's organisation, when it is one of ours.
    pub organisation: Option<String>,
    /// `X-Road-UserId`, `X-Road-Issue`; empty when not given.
    pub user: String,
    pub issue: String,
    pub service: String,
    pub subject: Subject,
}

pub type Noting<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// Writes a look; the call goes on only after `Ok`.
pub trait Looks: Send + Sync {
    fn note(&self, look: Look) -> Noting<'_>;
}

/// For gateways without a trail (tests, relays).
pub struct NoTrail;

impl Looks for NoTrail {
    fn note(&self, _: Look) -> Noting<'_> {
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Place {
    /// The number in a call; None: it has none.
    #[must_use]
    pub fn number(&self, asked: &Asked) -> Option<String> {
        let text = match self {
            Self::Query(name) => asked.address.query.as_deref()?.split('&').find_map(|pair| {
                let (key, value) = pair.split_once('=')?;
                (decode(key)? == *name).then(|| value.replace('+', " "))
            })?,
            Self::Path(segment) => asked.address.path.split('/').nth(*segment)?.to_owned(),
            Self::Header(name) => asked.header(name),
        };
        decode(&text).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }
}
