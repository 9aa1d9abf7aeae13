//! HTTP/1.1 over loopback, for servers that run as processes of their own: one request per connection, blocking.
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// No answer of a living server takes so long.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }
}

/// A browser in short: the session's cookie and the form token of the last page.
#[derive(Clone, Default)]
pub struct Visitor {
    pub address: String,
    cookies: Vec<(String, String)>,
    csrf: String,
}

impl Visitor {
    #[must_use]
    pub fn at(address: &str) -> Self {
        Self { address: address.to_owned(), ..Self::default() }
    }

    pub fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.send("GET", path, "")
    }

    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> io::Result<Answer> {
        let all = std::iter::once(("csrf", self.csrf.as_str())).chain(fields.iter().copied());
        let encode = crate::caller::encode;
        let pairs: Vec<String> = all.map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        self.send("POST", path, &pairs.join("&"))
    }

    /// A file of this many bytes in a form of several parts.
    pub fn upload(&mut self, path: &str, field: &str, bytes: usize) -> io::Result<Answer> {
        let part = |head: &str| format!("--cut\r\nContent-Disposition: form-data; name={head}\r\n\r\n");
        let csrf = format!("{}{}\r\n", part("\"csrf\""), self.csrf);
        let file = part(&format!("\"{field}\"; filename=\"a.pdf\""));
        let body = format!("{csrf}{file}%PDF-{}\r\n--cut--\r\n", " ".repeat(bytes));
        self.send_as("multipart/form-data; boundary=cut", ("POST", path), &body)
    }

    pub fn sign_in(&mut self, login: &str, password: &str) -> io::Result<()> {
        self.get("/sign-in")?;
        let answer = self.post("/sign-in", &[("login", login), ("password", password)])?;
        if answer.status != 303 {
            return Err(io::Error::other(format!("sign-in answered {}", answer.status)));
        }
        self.get("/my/account").map(|_| ())
    }

    fn send(&mut self, method: &str, path: &str, body: &str) -> io::Result<Answer> {
        self.send_as("application/x-www-form-urlencoded", (method, path), body)
    }

    /// Like most browsers it sends everything before it listens.
    fn send_as(&mut self, kind: &str, (method, path): (&str, &str), body: &str) -> io::Result<Answer> {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: {}\r\n\
             Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            cookies.join("; "),
            body.len()
        );
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(request.as_bytes())?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let answer = parse(&bytes)?;
        self.learn(&answer);
        Ok(answer)
    }

    fn learn(&mut self, answer: &Answer) {
        for (name, line) in &answer.headers {
            if name.eq_ignore_ascii_case("set-cookie")
                && let Some((key, value)) = line.split(';').next().and_then(|pair| pair.split_once('='))
            {
                self.cookies.retain(|(known, _)| known != key);
                self.cookies.push((key.to_owned(), value.to_owned()));
            }
        }
        if let Some((_, rest)) = answer.body.split_once("name=\"csrf\" value=\"")
            && let Some((token, _)) = rest.split_once('"')
        {
            token.clone_into(&mut self.csrf);
        }
    }
}

/// One request of a program: no cookies, headers of its own.
pub fn call(address: &str, (method, path): (&str, &str), headers: &[(&str, &str)], body: &str) -> io::Result<Answer> {
    let own: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{own}Content-Length: {length}\r\n\r\n{body}"
    );
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    parse(&bytes)
}

/// An answer that broke off is an error: a status line alone acknowledges nothing.
fn parse(bytes: &[u8]) -> io::Result<Answer> {
    let broken = || io::Error::other("the answer broke off");
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(broken)?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    let headers: Vec<(String, String)> =
        lines.filter_map(|line| line.split_once(": ")).map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    let body = String::from_utf8_lossy(&bytes[end + 4..]).into_owned();
    let answer = Answer { status: status.ok_or_else(broken)?, headers, body };
    let length = answer.header("content-length").parse::<usize>();
    if length.is_ok_and(|length| bytes.len() - end - 4 < length) { Err(broken()) } else { Ok(answer) }
}
