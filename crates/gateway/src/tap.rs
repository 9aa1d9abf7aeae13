//! The request head as it came: order and case of headers count for the request hash, and the HTTP library keeps neither.
//!
//! `Tapped` notes the bytes that the library reads until a request's head is taken, then nothing until its body has come
//! whole. A caller who sends the next request before the answer (pipelining) loses the case of its headers, nothing else.
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// No head is longer: the library refuses it before (`MAX_HEAD`).
const MAX_NOTED: usize = 128 * 1024;
const MAX_HEADERS: usize = 128;

#[derive(Debug)]
struct Noted {
    bytes: Vec<u8>,
    noting: bool,
}

/// The bytes read of one connection. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Tap(Arc<Mutex<Noted>>);

impl Tap {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Noted { bytes: Vec::new(), noting: true })))
    }

    /// The bytes of the head that was read last, and what came of its body with it. Nothing is noted until `resume`.
    #[must_use]
    pub fn take(&self) -> Vec<u8> {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.noting = false;
        std::mem::take(&mut noted.bytes)
    }

    /// The body has come to its end: what is read from now on belongs to the next request.
    pub fn resume(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).noting = true;
    }

    fn note(&self, read: &[u8]) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.noting && noted.bytes.len() + read.len() <= MAX_NOTED {
            noted.bytes.extend_from_slice(read);
        }
    }
}

/// The headers in `bytes`, each name as it was written; None: they are not of this request.
pub fn headers<'a>(bytes: &'a [u8], verb: &str, target: &str) -> Option<Vec<(&'a str, &'a [u8])>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    // Blank lines before a request are allowed (RFC 9112 §2.2); httparse skips them.
    let whole = matches!(request.parse(bytes), Ok(httparse::Status::Complete(_)));
    let same = request.method == Some(verb) && request.path == Some(target);
    (whole && same).then(|| request.headers.iter().map(|header| (header.name, header.value)).collect())
}

/// A connection with a tap.
pub struct Tapped<S> {
    inner: S,
    tap: Tap,
}

impl<S> Tapped<S> {
    pub fn new(inner: S) -> (Self, Tap) {
        let tap = Tap::new();
        (Self { inner, tap: tap.clone() }, tap)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Tapped<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(cx, buf);
        if polled.is_ready() {
            self.tap.note(&buf.filled()[before..]);
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Tapped<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;

    #[tokio::test]
    async fn headers_keep_order_and_case_and_the_next_head_is_found() {
        let first = b"POST /r1/a HTTP/1.1\r\nX-Road-Client: A/B/C\r\naccept:  text/xml \r\nACCEPT: b\r\nContent-Length: 2\r\n\r\nhi";
        let second = b"GET /r1/b HTTP/1.1\r\nHost: x\r\n\r\n";
        let wire: Vec<u8> = [first.as_slice(), second].concat();
        let (mut tapped, tap) = Tapped::new(wire.as_slice());
        let mut buffer = vec![0; first.len()];
        tapped.read_exact(&mut buffer).await.unwrap();
        let bytes = tap.take();
        let headers = headers(&bytes, "POST", "/r1/a").unwrap();
        let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["X-Road-Client", "accept", "ACCEPT", "Content-Length"]);
        assert_eq!(headers[1].1, b"text/xml", "white space around a value is not part of it");
        tap.resume();
        tapped.read_to_end(&mut buffer).await.unwrap();
        let bytes = tap.take();
        assert!(super::headers(&bytes, "GET", "/r1/b").is_some());
        assert_eq!(super::headers(&bytes, "GET", "/elsewhere"), None, "not the request that the library speaks of");
    }
}
