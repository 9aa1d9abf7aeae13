//! Callers with one request in hand each, over connections that stay open.
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::nodes::{CLIENT, SERVICE};
use crate::Result;
use crate::client::Connection;
use crate::machine;
use crate::rounds::{CALLERS, Round};

#[derive(Clone, Copy)]
pub enum Pace {
    /// The next call as soon as the last is answered.
    Full,
    /// All callers together; a caller that is late does not catch up.
    PerSecond(f64),
}

pub struct Calls {
    to: SocketAddr,
    path: &'static str,
    request: Arc<Vec<u8>>,
}

impl Calls {
    pub fn plain(to: SocketAddr) -> Self {
        Self::new(to, "/api/x")
    }

    pub fn signed(to: SocketAddr) -> Self {
        Self::new(to, SERVICE)
    }

    fn new(to: SocketAddr, path: &'static str) -> Self {
        let mut request = head(to, path, 1024).into_bytes();
        request.resize(request.len() + 1024, b'y');
        Self { to, path, request: Arc::new(request) }
    }

    pub async fn run(&self, time: Duration, pace: Pace) -> Result<Round> {
        let (started, cpu) = (Instant::now(), machine::cpu());
        let callers: Vec<_> = (0..CALLERS)
            .map(|number| tokio::spawn(caller(self.to, Arc::clone(&self.request), (started + time, pace, number))))
            .collect();
        let mut waits = Vec::new();
        for caller in callers {
            waits.extend(caller.await??);
        }
        Ok(Round::new(waits, (started.elapsed(), machine::cpu() - cpu)))
    }

    /// One body of so many bytes, written in pieces.
    pub async fn send_large(&self, bytes: usize) -> Result<()> {
        let mut stream = TcpStream::connect(self.to).await?;
        stream.write_all(head(self.to, self.path, bytes).as_bytes()).await?;
        let piece = vec![b'z'; 64 << 10];
        let mut left = bytes;
        while left > 0 {
            let now = left.min(piece.len());
            stream.write_all(&piece[..now]).await?;
            left -= now;
        }
        let status = Connection::over(stream).answer().await?.status;
        if status == 200 { Ok(()) } else { Err(format!("a large body was answered with {status}").into()) }
    }
}

fn head(to: SocketAddr, path: &str, length: usize) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {to}\r\nX-Road-Client: {CLIENT}\r\nX-Road-UserId: NP11010519491231002X\r\n\
         Content-Type: application/octet-stream\r\nContent-Length: {length}\r\n\r\n"
    )
}

async fn caller(
    to: SocketAddr,
    request: Arc<Vec<u8>>,
    (until, pace, number): (Instant, Pace, usize),
) -> Result<Vec<Duration>> {
    let mut connection = Connection::open(to).await?;
    let mut waits = Vec::new();
    let pause = match pace {
        Pace::Full => Duration::ZERO,
        Pace::PerSecond(rate) => Duration::from_secs_f64(CALLERS as f64 / rate),
    };
    // Each caller has moments of its own, evenly between those of the others: who is late does not draw them together.
    let mut next = Instant::now() + pause.mul_f64(number as f64 / CALLERS as f64);
    while Instant::now() < until {
        if !pause.is_zero() {
            tokio::time::sleep_until(next.into()).await;
        }
        let begun = Instant::now();
        let status = connection.ask_bytes(&request).await?.status;
        if status != 200 {
            return Err(format!("a call was answered with {status}").into());
        }
        waits.push(begun.elapsed());
        if !pause.is_zero() {
            let missed = next.elapsed().div_duration_f64(pause).floor();
            next += pause.mul_f64(1.0 + missed);
        }
    }
    Ok(waits)
}
