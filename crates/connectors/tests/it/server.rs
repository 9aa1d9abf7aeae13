//! A web server of the test's own, byte by byte.
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone)]
pub struct Server {
    pub address: String,
    calls: Arc<AtomicUsize>,
}

impl Server {
    /// Answers each request (head and body as text) with bytes, then closes the connection.
    pub async fn new(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::slow(Duration::ZERO, answer).await
    }

    /// The same, waiting before each 1,000 bytes.
    pub async fn slow(wait: Duration, answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = Self { address, calls: Arc::default() };
        let (calls, answer) = (Arc::clone(&server.calls), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                calls.fetch_add(1, Ordering::SeqCst);
                let answer = Arc::clone(&answer);
                tokio::spawn(async move { serve(stream, wait, &*answer).await });
            }
        });
        server
    }

    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

async fn serve(mut stream: TcpStream, wait: Duration, answer: &(impl Fn(&str) -> Vec<u8> + ?Sized)) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !is_whole(&request) {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(length) => request.extend_from_slice(&buffer[..length]),
        }
    }
    let bytes = answer(&String::from_utf8_lossy(&request));
    for chunk in bytes.chunks(1000) {
        tokio::time::sleep(wait).await;
        if stream.write_all(chunk).await.is_err() {
            return; // whoever asked has gone
        }
    }
    drop(stream.shutdown().await);
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.to_ascii_lowercase();
    let length = length.split_once("content-length: ").and_then(|(_, rest)| rest.lines().next()?.trim().parse().ok());
    body.len() >= length.unwrap_or(0)
}

/// A whole answer.
pub fn reply(status: &str, content_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
}

pub fn json(body: &str) -> Vec<u8> {
    reply("200 OK", "application/json; charset=utf-8", body)
}

pub fn xml(body: &str) -> Vec<u8> {
    let envelope = format!(
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>{body}</s:Body></s:Envelope>"
    );
    reply("200 OK", "text/xml; charset=utf-8", &envelope)
}
