//! A connection whose other end must take what it is sent: one that takes nothing for too long is cut off, so that a caller
//! cannot hold an answer, its file and a place at the door by reading nothing.
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::places::Place;

pub(crate) struct Patient<S> {
    inner: S,
    within: Duration,
    /// Made at the first write that must wait: an end that keeps pace costs no timer.
    timer: Option<Pin<Box<Sleep>>>,
    waiting: bool,
    /// Left when the connection is closed, whatever it has become meanwhile.
    _place: Option<Arc<Place>>,
}

impl<S> Patient<S> {
    pub(crate) fn new(inner: S, within: Duration) -> Self {
        Self { inner, within, timer: None, waiting: false, _place: None }
    }

    /// With the place at the door that the connection takes.
    pub(crate) fn at(self, place: &Arc<Place>) -> Self {
        Self { _place: Some(Arc::clone(place)), ..self }
    }

    fn watch<T>(&mut self, cx: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.waiting = false;
            return polled;
        }
        let end = Instant::now() + self.within;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(end)));
        if !self.waiting {
            self.waiting = true;
            timer.as_mut().reset(end);
        }
        match timer.as_mut().poll(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(()) => {
                let why = format!("the other end took nothing for {} s", self.within.as_secs());
                Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, why)))
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write(cx, buf);
        self.watch(cx, polled)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.inner).poll_flush(cx);
        self.watch(cx, polled)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.inner).poll_shutdown(cx);
        self.watch(cx, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write_vectored(cx, bufs);
        self.watch(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn who_reads_slowly_is_waited_for_and_who_reads_nothing_is_cut_off() {
        let (near, mut far) = tokio::io::duplex(8);
        let mut patient = Patient::new(near, Duration::from_millis(200));
        // Longer than the patience in all, never in one go.
        let reading = tokio::spawn(async move {
            let mut piece = [0; 8];
            for _ in 0..6 {
                tokio::time::sleep(Duration::from_millis(80)).await;
                far.read_exact(&mut piece).await.unwrap();
            }
            far
        });
        patient.write_all(&[7; 48]).await.unwrap();
        let far = reading.await.unwrap();
        let stuck = patient.write_all(&[7; 48]).await.unwrap_err();
        assert_eq!(stuck.kind(), io::ErrorKind::TimedOut);
        drop(far);
    }
}
