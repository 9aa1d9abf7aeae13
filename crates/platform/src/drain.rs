//! The rest of a body that was refused: read and thrown away before the answer. Browsers send all before they listen, so
//! on a connection that is closed in the middle nobody would read why.
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Frame, SizeHint};

/// Who sends more than this, or takes longer, is cut off.
const MOST: usize = 64 << 20;
const PATIENCE: Duration = Duration::from_secs(30);

/// Answers errors only when the request's body is at its end.
pub(crate) async fn refused(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let shared = Shared(Arc::new(Mutex::new(body)));
    let response = next.run(Request::from_parts(parts, Body::new(shared.clone()))).await;
    let status = response.status();
    if (status.is_client_error() || status.is_server_error())
        && tokio::time::timeout(PATIENCE, shared.swallow()).await.is_err()
    {
        tracing::debug!("a refused body did not end in time");
    }
    response
}

/// A body that the handler reads and that is still at hand afterwards.
#[derive(Clone)]
struct Shared(Arc<Mutex<Body>>);

impl Shared {
    fn with<T>(&self, f: impl FnOnce(&mut Body) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn swallow(&self) {
        let mut left = MOST;
        let next = || std::future::poll_fn(|cx| self.with(|body| Pin::new(body).poll_frame(cx)));
        while let Some(Ok(frame)) = next().await {
            left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
            if left == 0 {
                return;
            }
        }
    }
}

impl HttpBody for Shared {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.with(|body| Pin::new(body).poll_frame(cx))
    }

    fn is_end_stream(&self) -> bool {
        self.with(|body| body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        self.with(|body| body.size_hint())
    }
}
