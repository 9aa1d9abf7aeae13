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
    /// The number in a call, in its one form. A call that names nobody, or more than one, is refused: the trail could not
    /// tell whom the application looked up.
    pub fn number(&self, asked: &Asked) -> Result<String, String> {
        let found = self.all(asked);
        let [text] = found.as_slice() else {
            return Err(format!("the call must name exactly one person or enterprise, it names {}", found.len()));
        };
        canonical(text).ok_or_else(|| {
            "the number is neither a resident ID number nor a unified social credit code with right check digits"
                .to_owned()
        })
    }

    fn all(&self, asked: &Asked) -> Vec<String> {
        match self {
            Self::Query(name) => {
                let pairs = asked.address.query.as_deref().unwrap_or_default().split('&');
                let pairs = pairs.filter_map(|pair| pair.split_once('='));
                let named = |key: &str| decode(key).is_none_or(|key| key.eq_ignore_ascii_case(name));
                pairs.filter(|(key, _)| named(key)).map(|(_, value)| decode(value).unwrap_or_default()).collect()
            }
            Self::Path(segment) => asked.address.path.split('/').nth(*segment).and_then(decode).into_iter().collect(),
            Self::Header(name) => {
                let named = asked.head.headers().filter(|header| header.name.eq_ignore_ascii_case(name));
                named.map(|header| String::from_utf8_lossy(header.value).into_owned()).collect()
            }
        }
    }
}

/// Capital letters, right check digits; the date of birth is for the registers to judge.
fn canonical(text: &str) -> Option<String> {
    let person = codes::ResidentId::parse(text, time::macros::date!(9999 - 12 - 31)).map(|id| id.as_str().to_owned());
    person.ok().or_else(|| codes::Uscc::parse(text).ok().map(|code| code.as_str().to_owned()))
}
