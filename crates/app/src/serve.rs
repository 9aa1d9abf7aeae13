//! The server: listens, answers, and on a signal finishes what it has begun.
use std::net::SocketAddr;

use platform::Platform;
use platform::error::{Error, Result};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use crate::doors::Doors;
use crate::wiring::App;

/// A bound socket, so that the address is known before the first request.
pub struct Server {
    listener: TcpListener,
    ends: Ends,
    pub address: SocketAddr,
}

/// The signals that end the program. Heard from the moment that the socket is bound: one that comes before the first
/// request is answered must not kill.
struct Ends {
    interrupt: Signal,
    terminate: Signal,
}

impl Server {
    pub async fn bind(listen: &str) -> Result<Self> {
        let listener = TcpListener::bind(listen).await.map_err(|e| {
            Error::Unavailable(format!("cannot listen on {listen}: {e}; choose another --listen ADDRESS:PORT"))
        })?;
        let address = listener.local_addr()?;
        let ends = Ends { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? };
        Ok(Self { listener, ends, address })
    }

    /// Serves until SIGTERM or Ctrl-C. In-flight requests are finished, then jobs in hand, then the log is sealed.
    pub async fn run(self, app: App, doors: Doors) -> Result<()> {
        let (stop, stopped) = watch::channel(false);
        let platform: Platform = app.platform.clone();
        app.registry.begin_watch().await?;
        let upkeep = tokio::spawn(platform::upkeep::run(platform.clone(), stopped.clone()));
        let workers: Vec<_> = (0..platform.config().jobs.workers)
            .map(|_| tokio::spawn(platform::jobs::work(platform.clone(), app.handlers.clone(), stopped.clone())))
            .collect();
        let follower = app.registry.clone();
        let followed = stopped.clone();
        let following = tokio::spawn(async move { follower.follow(followed).await });
        let doors = doors.serve(&app, &stopped);
        let service = app.router().into_make_service_with_connect_info::<SocketAddr>();
        let served = axum::serve(self.listener, service).with_graceful_shutdown(self.ends.heard()).await;
        tracing::info!("stopping: no new requests, finishing jobs");
        stop.send_replace(true);
        for worker in workers.into_iter().chain(doors).chain([following]) {
            if let Err(error) = worker.await {
                tracing::error!(%error, "a worker ended badly");
            }
        }
        upkeep.await.map_err(Error::internal)?;
        served.map_err(Error::from)
    }
}

impl Ends {
    async fn heard(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
