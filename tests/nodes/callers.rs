//! Information systems that call as fast as they are answered, and remember what they were told and when.
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::node::{CLIENT, SERVICE};

/// Whoever is told nothing for so long was not told.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// After a fault a caller waits as its people would have set it.
const PAUSE: Duration = Duration::from_millis(200);

/// What came of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    Done,
    /// A fault of the exchange: its code.
    Fault(String),
    /// No answer at all, or one that is none.
    Nothing(String),
}

/// One attempt.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Of the work: the same when it is tried again.
    pub number: String,
    /// Of the call: `X-Road-Id`.
    pub message: String,
    /// Tried again until it is done.
    pub repeats: bool,
    pub begun: Instant,
    pub ended: Instant,
    pub told: Told,
}

pub struct Callers {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<Vec<Attempt>>>,
}

impl Callers {
    /// Half of them take a fault for the end of that work; the others repeat it under its number until it is done.
    pub fn start(count: usize, door: &str) -> Self {
        let (stop, door) = (Arc::new(AtomicBool::new(false)), door.parse().unwrap());
        let caller = |place: usize| {
            let stop = Arc::clone(&stop);
            thread::spawn(move || work(door, place, &stop))
        };
        let threads = (0..count).map(caller).collect();
        Self { stop, threads }
    }

    /// Everything they did, in the order in which it ended.
    pub fn finish(self) -> Vec<Attempt> {
        self.stop.store(true, Ordering::SeqCst);
        let mut all: Vec<Attempt> = self.threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        all.sort_by_key(|attempt| attempt.ended);
        all
    }
}

fn work(door: SocketAddr, place: usize, stop: &AtomicBool) -> Vec<Attempt> {
    let repeats = place.is_multiple_of(2);
    let (mut attempts, mut piece) = (Vec::new(), 0);
    while !stop.load(Ordering::SeqCst) {
        piece += 1;
        let number = format!("{place}-{piece}");
        for again in 0.. {
            let (begun, message) = (Instant::now(), format!("m-{number}-{again}"));
            let told = post(door, (&number, &message), PATIENCE);
            let (done, number) = (told == Told::Done, number.clone());
            attempts.push(Attempt { number, message, repeats, begun, ended: Instant::now(), told });
            if !done {
                thread::sleep(PAUSE);
            }
            if done || !repeats {
                break;
            }
        }
    }
    attempts
}

/// One piece of work on a connection of its own.
pub fn post(door: SocketAddr, (number, message): (&str, &str), patience: Duration) -> Told {
    match ask(door, (number, message), patience) {
        Ok((200, head, body)) if body == number && !head.contains("x-road-error") => Told::Done,
        Ok((status, head, body)) => match head.split("x-road-error: ").nth(1).and_then(|rest| rest.lines().next()) {
            Some(code) => Told::Fault(code.to_owned()),
            None => Told::Nothing(format!("{status} {body}")),
        },
        Err(error) => Told::Nothing(error.to_string()),
    }
}

/// A request as it is sent.
pub fn request(number: &str, message: &str) -> String {
    format!(
        "POST {SERVICE}/work/{number} HTTP/1.1\r\nHost: gateway\r\nX-Road-Client: {CLIENT}\r\nX-Road-Id: {message}\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n{number}",
        number.len()
    )
}

fn ask(door: SocketAddr, (number, message): (&str, &str), patience: Duration) -> io::Result<(u16, String, String)> {
    let mut stream = TcpStream::connect_timeout(&door, patience)?;
    stream.set_read_timeout(Some(patience))?;
    stream.write_all(request(number, message).as_bytes())?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(|| io::Error::other("the answer broke off"))?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| io::Error::other("an answer without a status"))?;
    Ok((status, head.to_ascii_lowercase(), body.to_owned()))
}
