//! An application that lives in this program: it is called without a socket, with the same rights, log and signatures as
//! any other. `app` joins them by name (`application:NAME` in the roster).
use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;

/// A call of an application in this program. The rights were checked before.
#[derive(Debug)]
pub struct Visit {
    pub verb: String,
    /// The service's code.
    pub service: String,
    /// The service's path as it was sent (plain: it has one form only), with its leading `/` or empty.
    pub path: String,
    pub query: String,
    /// The calling subsystem's identifier.
    pub client: String,
    /// Key of the client's organisation in our directory, when it is one of ours.
    pub organisation: Option<String>,
    pub request_id: String,
    /// `X-Road-UserId`, `X-Road-Issue`; empty when not given.
    pub user: String,
    pub issue: String,
    pub body: Bytes,
}

/// What it answers.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub kind: &'static str,
    pub text: String,
}

pub type Replying<'a> = Pin<Box<dyn Future<Output = Reply> + Send + 'a>>;

pub trait Application: Send + Sync {
    fn answer(&self, visit: Visit) -> Replying<'_>;

    /// OpenAPI 3 of the service with this code, for `getOpenAPI`; None: it is not described.
    fn describe(&self, _code: &str) -> Option<String> {
        None
    }
}
