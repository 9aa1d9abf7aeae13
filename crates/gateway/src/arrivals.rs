//! The way in to a door that another server of this program serves (`app::govstack`): the places, the patience and the TLS of
//! the gateway's own doors, so that there is one way in.
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::patience::Patient;
use crate::places::{DoorLimits, Place, Places};
use crate::pool::Stream;
use crate::tls::{Asks, Fingerprint, Tls};

/// A caller who does not finish the handshake in this time is cut off, as at the gateway's own doors.
const HEAD_WITHIN: Duration = Duration::from_secs(15);
/// Connections that have come in and wait to be served.
const WAITING: usize = 64;

/// A connection that has come in.
pub struct Arrival {
    pub stream: Box<dyn Stream>,
    pub from: SocketAddr,
    /// SHA-256 of the certificate that was shown.
    pub certificate: Option<Fingerprint>,
}

/// Connections of one door, each when its handshake is done: one that is slow holds up no other.
pub struct Arrivals(mpsc::Receiver<Arrival>);

impl Arrivals {
    /// Listens until this is dropped. `tls`: None: the door is open without TLS.
    #[must_use]
    pub fn of(listener: TcpListener, tls: Option<(Tls, Asks)>, limits: DoorLimits) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(listen(listener, tls, limits, sender));
        Self(receiver)
    }

    pub async fn next(&mut self) -> Option<Arrival> {
        self.0.recv().await
    }
}

async fn listen(listener: TcpListener, tls: Option<(Tls, Asks)>, limits: DoorLimits, arrived: mpsc::Sender<Arrival>) {
    let (places, tls) = (Places::new(&limits), tls.map(Arc::new));
    loop {
        let next = tokio::select! {
            next = places.next(&listener) => next,
            () = arrived.closed() => return,
        };
        match next {
            Ok((stream, from, place)) => {
                let (tls, arrived, within) = (tls.clone(), arrived.clone(), limits.write_within);
                tokio::spawn(async move {
                    match greet(stream, (tls.as_deref(), within), place).await {
                        Ok((stream, certificate)) => drop(arrived.send(Arrival { stream, from, certificate }).await),
                        Err(error) => tracing::info!(%error, "a caller could not show who it is"),
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn greet(
    stream: TcpStream,
    (tls, within): (Option<&(Tls, Asks)>, Duration),
    place: Place,
) -> io::Result<(Box<dyn Stream>, Option<Fingerprint>)> {
    drop(stream.set_nodelay(true));
    let stream = Seated { stream: Patient::new(stream, within), _place: place };
    let Some((tls, asks)) = tls else { return Ok((Box::new(stream), None)) };
    let greeted = tokio::time::timeout(HEAD_WITHIN, tls.accept_asking(stream, *asks)).await;
    let (stream, certificate) = greeted.map_err(|_| io::Error::other("the TLS handshake took too long"))??;
    Ok((Box::new(stream), certificate))
}

/// A stream that keeps its place at the door as long as it lives.
struct Seated<S> {
    stream: S,
    _place: Place,
}

impl<S: AsyncRead + Unpin> AsyncRead for Seated<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Seated<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
