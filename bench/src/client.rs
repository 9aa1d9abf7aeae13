//! A keep-alive HTTP/1.1 connection that costs as little as one can: it shares two cores with the server.
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Result;

pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

/// What is looked at of an answer.
pub struct Answer {
    pub status: u16,
    pub location: String,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self::over(stream))
    }

    pub fn over(stream: TcpStream) -> Self {
        Self { stream, read: Vec::with_capacity(64 << 10) }
    }

    /// Sends a whole request and reads the whole answer.
    pub async fn ask(&mut self, request: &str) -> Result<Answer> {
        self.ask_bytes(request.as_bytes()).await
    }

    pub async fn ask_bytes(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request).await?;
        self.answer().await
    }

    /// Reads a whole answer.
    pub async fn answer(&mut self) -> Result<Answer> {
        self.read.clear();
        let head = loop {
            if let Some(at) = find(&self.read, b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        let text = std::str::from_utf8(&self.read[..head])?;
        let status = text.get(9..12).unwrap_or_default().parse()?;
        let location = header(text, "location").unwrap_or_default().to_owned();
        let length = header(text, "content-length").map(str::parse::<usize>).transpose()?;
        let is_chunked = header(text, "transfer-encoding") == Some("chunked");
        let end = match length {
            Some(length) => head + length,
            None if is_chunked => self.chunks(head).await?,
            None => head,
        };
        while self.read.len() < end {
            self.more().await?;
        }
        Ok(Answer { status, location })
    }

    async fn more(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.read).await? {
            0 => Err("the server closed the connection".into()),
            _ => Ok(()),
        }
    }

    /// Reads chunks to the last one; where the body ends.
    async fn chunks(&mut self, mut at: usize) -> Result<usize> {
        loop {
            let line = loop {
                match find(&self.read[at..], b"\r\n") {
                    Some(length) => break at + length,
                    None => self.more().await?,
                }
            };
            let size = usize::from_str_radix(std::str::from_utf8(&self.read[at..line])?, 16)?;
            at = line + 2 + size + 2;
            while self.read.len() < at {
                self.more().await?;
            }
            if size == 0 {
                return Ok(at);
            }
        }
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// A page as a browser asks for it.
pub fn get(address: SocketAddr, path: &str, session: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: session={session}\r\nAccept: text/html\r\n\
         Accept-Encoding: gzip\r\nAccept-Language: zh-CN\r\n\r\n"
    )
}

/// A form as a browser sends it.
pub fn post(address: SocketAddr, path: &str, (session, csrf): (&str, &str)) -> String {
    let body = format!("csrf={csrf}");
    format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nCookie: session={session}\r\nAccept: text/html\r\n\
         Accept-Encoding: gzip\r\nAccept-Language: zh-CN\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}
