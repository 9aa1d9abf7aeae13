//! The provider's application, written on sockets alone: counts what it carries out by the number in the path, holds calls,
//! swallows and gives large bodies.
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

/// How long a piece of work takes: a cut then finds calls under way.
const WORK: Duration = Duration::from_millis(20);
const PIECE: usize = 64 << 10;

#[derive(Default)]
struct State {
    /// How often each number was delivered.
    delivered: HashMap<String, u32>,
    /// Answers are held back.
    held: bool,
}

#[derive(Clone, Default)]
pub struct Application {
    state: Arc<(Mutex<State>, Condvar)>,
}

impl Application {
    /// Serves on an address until the process ends; where it listens.
    pub fn start(address: &str) -> (Self, String) {
        let listener = TcpListener::bind(address).unwrap();
        let (application, address) = (Self::default(), listener.local_addr().unwrap().to_string());
        let shared = application.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let shared = shared.clone();
                // A gateway that goes away ends its connection only.
                thread::spawn(move || drop(shared.connection(&stream.unwrap())));
            }
        });
        (application, address)
    }

    pub fn delivered(&self) -> HashMap<String, u32> {
        self.state.0.lock().unwrap().delivered.clone()
    }

    pub fn hold(&self) {
        self.state.0.lock().unwrap().held = true;
    }

    pub fn release(&self) {
        self.state.0.lock().unwrap().held = false;
        self.state.1.notify_all();
    }

    /// Waits until a number was delivered.
    pub fn wait_for(&self, number: &str) {
        let (state, news) = &*self.state;
        let waiting = |state: &mut State| !state.delivered.contains_key(number);
        let waited = news.wait_timeout_while(state.lock().unwrap(), Duration::from_secs(20), waiting).unwrap();
        assert!(!waited.1.timed_out(), "{number} was not delivered");
    }

    fn connection(&self, stream: &TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::with_capacity(PIECE, stream);
        while let Some((path, length)) = head(&mut reader)? {
            let read = swallow(&mut reader, length)?;
            let mut writer = stream;
            match path.strip_prefix("/api/").and_then(|rest| rest.split_once('/')) {
                Some(("sink", _)) => answer(&mut writer, &read.to_string())?,
                Some(("large", bytes)) => large(&mut writer, bytes.parse().unwrap_or(0))?,
                Some(("work", number)) => {
                    self.carry_out(number);
                    answer(&mut writer, number)?;
                }
                _ => answer(&mut writer, "?")?,
            }
        }
        Ok(())
    }

    fn carry_out(&self, number: &str) {
        let (state, news) = &*self.state;
        *state.lock().unwrap().delivered.entry(number.to_owned()).or_default() += 1;
        news.notify_all();
        thread::sleep(WORK);
        drop(news.wait_while(state.lock().unwrap(), |state| state.held).unwrap());
    }
}

/// Path and length of the next request; None: the connection has ended.
fn head(reader: &mut impl BufRead) -> io::Result<Option<(String, u64)>> {
    let (mut path, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_end();
        match line.split_once(": ").or_else(|| line.split_once(':')) {
            _ if line.is_empty() => return Ok(Some((path, length))),
            _ if path.is_empty() => line.split(' ').nth(1).unwrap_or_default().clone_into(&mut path),
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().unwrap_or(0),
            _ => {}
        }
    }
}

fn swallow(reader: &mut impl Read, length: u64) -> io::Result<u64> {
    io::copy(&mut reader.take(length), &mut io::sink())
}

fn answer(writer: &mut impl Write, text: &str) -> io::Result<()> {
    write!(writer, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{text}", text.len())
}

fn large(writer: &mut impl Write, bytes: u64) -> io::Result<()> {
    write!(writer, "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {bytes}\r\n\r\n")?;
    io::copy(&mut io::repeat(b'x').take(bytes), writer).map(drop)
}
