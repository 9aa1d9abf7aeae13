//! An application behind a gateway, without any HTTP library.
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::header;

/// What the application received.
#[derive(Debug, Clone)]
pub struct Received {
    pub head: String,
    pub body: Vec<u8>,
}

/// An application that answers as its path says.
#[derive(Clone)]
pub struct Application {
    pub address: SocketAddr,
    pub received: Arc<Mutex<Vec<Received>>>,
}

impl Application {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let application = Self { address: listener.local_addr().unwrap(), received: Arc::default() };
        let shared = application.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = shared.clone();
                tokio::spawn(async move { drop(shared.connection(stream).await) });
            }
        });
        application
    }

    pub fn last(&self) -> Received {
        self.received.lock().unwrap().last().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.received.lock().unwrap().len()
    }

    async fn connection(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut buffer = Vec::new();
        loop {
            let Some((head, body)) = read_message(&mut stream, &mut buffer).await? else { return Ok(()) };
            let path = head.split(' ').nth(1).unwrap().to_owned();
            self.received.lock().unwrap().push(Received { head, body: body.clone() });
            let answer: Vec<u8> = match path.as_str() {
                "/api/teapot" => b"HTTP/1.1 418 I'm a teapot\r\nContent-Length: 5\r\n\r\nshort".to_vec(),
                "/api/broken" => b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops".to_vec(),
                "/api/forges" => b"HTTP/1.1 200 OK\r\nX-Road-Id: forged\r\nx-road-request-hash: forged\r\nX-Road-Error: forged\r\nX-Own: 1\r\nServer: s\r\nContent-Length: 2\r\n\r\nok".to_vec(),
                "/api/lies" => b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this".to_vec(),
                // More than it says: what is left over must not become the answer to the next.
                "/api/long" => b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged".to_vec(),
                "/api/late" => {
                    tokio::time::sleep(std::time::Duration::from_millis(1300)).await;
                    b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate".to_vec()
                }
                "/api/slow" => {
                    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
                    b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow".to_vec()
                }
                "/api/lots" => [format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", 2 << 20).into_bytes(), vec![7; 2 << 20]].concat(),
                "/api/wordy" => format!("HTTP/1.1 200 OK\r\nX-Own: {}\r\nContent-Length: 0\r\n\r\n", "x".repeat(70_000)).into_bytes(),
                "/api/head" => b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Own: 1\r\n\r\n".to_vec(),
                "/api/never" => {
                    std::future::pending::<()>().await;
                    Vec::new()
                }
                "/api/moved" => b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n".to_vec(),
                _ => {
                    let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
                    answer.extend_from_slice(&body);
                    answer
                }
            };
            stream.write_all(&answer).await?;
            if path == "/api/lies" {
                return Ok(());
            }
        }
    }
}

pub async fn read_message(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> std::io::Result<Option<(String, Vec<u8>)>> {
    loop {
        if let Some(end) = buffer.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
            let length = header(&head, "content-length").and_then(|v| v.parse::<usize>().ok()).unwrap_or(0);
            while buffer.len() < end + 4 + length {
                if stream.read_buf(buffer).await? == 0 {
                    return Ok(None);
                }
            }
            let rest = buffer.split_off(end + 4 + length);
            let body = buffer.split_off(end + 4);
            *buffer = rest;
            return Ok(Some((head, body)));
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
}
