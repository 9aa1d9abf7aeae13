//! How the doors of GovStack's interfaces are listened to: with the limits of the gateway's doors, and over TLS with its
//! certificate where the setting says so.
use std::net::SocketAddr;

use axum::Router;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use gateway::DoorLimits;
use gateway::arrivals::Arrivals;
use gateway::pool::Stream;
use gateway::tls::{Asks, Fingerprint, Tls};
use platform::error::{Error, Result};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Where a caller stands, and the certificate that it showed.
#[derive(Debug, Clone, Copy)]
pub struct Caller {
    pub from: SocketAddr,
    pub certificate: Option<Fingerprint>,
}

/// A door's socket, bound before anything is served. `setting` says where; None: the door is closed.
pub async fn bind(setting: &str, listen: &str) -> Result<Option<TcpListener>> {
    if listen.is_empty() {
        return Ok(None);
    }
    let bound = TcpListener::bind(listen).await;
    let failed = |error| Error::Unavailable(format!("cannot listen on {listen}: {error}; choose another {setting}"));
    bound.map(Some).map_err(failed)
}

/// Serves until `stop` says true; requests under way are finished.
pub fn serve(
    listener: TcpListener,
    (tls, limits): (Option<(Tls, Asks)>, DoorLimits),
    router: Router,
    mut stop: watch::Receiver<bool>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let Ok(address) = listener.local_addr() else { return };
        let door = Door { address, arrivals: Arrivals::of(listener, tls, limits) };
        let service = router.into_make_service_with_connect_info::<Caller>();
        let until = async move { drop(stop.wait_for(|stop| *stop).await) };
        if let Err(error) = axum::serve(door, service).with_graceful_shutdown(until).await {
            tracing::error!(%error, "a door of GovStack ended");
        }
    })
}

struct Door {
    address: SocketAddr,
    arrivals: Arrivals,
}

impl Listener for Door {
    type Io = Box<dyn Stream>;
    type Addr = Caller;

    async fn accept(&mut self) -> (Self::Io, Caller) {
        match self.arrivals.next().await {
            Some(arrival) => (arrival.stream, Caller { from: arrival.from, certificate: arrival.certificate }),
            // Nobody comes any more: the program ends.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<Caller> {
        Ok(Caller { from: self.address, certificate: None })
    }
}

impl Connected<IncomingStream<'_, Door>> for Caller {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        *stream.remote_addr()
    }
}
