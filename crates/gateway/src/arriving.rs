//! The body of a request at a door, which knows whether it was read to its end: only then may another request follow it
//! on its connection (RFC 9112 §9.3).
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

#[derive(Debug)]
pub struct Arriving {
    body: Incoming,
    ended: bool,
}

impl Arriving {
    /// Whether nothing of it is left; so from the first when there is none.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.ended || self.body.is_end_stream()
    }
}

impl From<Incoming> for Arriving {
    fn from(body: Incoming) -> Self {
        Self { body, ended: false }
    }
}

impl Body for Arriving {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<hyper::Result<Frame<Bytes>>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        self.ended |= frame.is_none();
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
