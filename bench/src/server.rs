//! The real program in a process of its own, on a free port of the loopback address.
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::Result;

pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process until `/healthz` answered 200.
    pub started_in: Duration,
}

impl Server {
    /// `log`: where its log lines go; they are written as in production.
    pub fn start(program: &Path, data: &Path, log: &Path) -> Result<Self> {
        let begun = Instant::now();
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(log)?)
            .spawn()
            .map_err(|e| format!("{} cannot be started: {e}", program.display()))?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let address = line.trim().strip_prefix("http://").and_then(|text| text.parse().ok());
        let Some(address) = address else {
            child.kill()?;
            child.wait()?;
            return Err(format!("the server did not tell its address; see {}", log.display()).into());
        };
        let mut server = Self { child, address, started_in: Duration::ZERO };
        server.wait_until_healthy(begun)?;
        Ok(server)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    fn wait_until_healthy(&mut self, begun: Instant) -> Result<()> {
        while begun.elapsed() < Duration::from_secs(30) {
            if is_healthy(self.address).unwrap_or(false) {
                self.started_in = begun.elapsed();
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Err("the server did not become healthy within 30 s".into())
    }

    /// SIGTERM; the server finishes what it has begun.
    pub fn stop(mut self) -> Result<()> {
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            kill_process(pid, Signal::TERM)?;
        }
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { Err(format!("the server ended with {status}").into()) }
    }
}

impl Drop for Server {
    /// Whatever goes wrong here, no server is left behind.
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            drop(self.child.kill());
            drop(self.child.wait());
        }
    }
}

fn is_healthy(address: SocketAddr) -> Result<bool> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.starts_with("HTTP/1.1 200"))
}
