//! A line between gateways without the gateways: what one sends is caught, and sent to others as often as one likes.
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use gateway::wire::frame::{self, Frame};

const WAIT: Duration = Duration::from_secs(30);

/// The far end of a line that a gateway opened; it answers nothing.
pub struct Catcher {
    stream: TcpStream,
    /// The bytes that opened it.
    opening: Vec<u8>,
}

/// What was caught of one call: the bytes that open a line, and those of the request and of the word that it is logged.
pub struct Caught {
    opening: Vec<u8>,
    frames: Vec<u8>,
}

/// A head of HTTP, with its empty line.
fn head(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let (mut bytes, mut one) = (Vec::new(), [0]);
    while !bytes.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut one)?;
        bytes.push(one[0]);
    }
    Ok(bytes)
}

/// The next frame and its bytes.
fn next(stream: &mut TcpStream) -> io::Result<(Frame, Vec<u8>)> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let mut bytes = vec![0; u32::from_be_bytes(length) as usize];
    stream.read_exact(&mut bytes)?;
    let whole = [&length[..], &bytes].concat();
    Ok((frame::read(bytes.into()).expect("a frame that a gateway writes"), whole))
}

impl Catcher {
    pub fn accept(listener: &TcpListener) -> Self {
        let (mut stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(WAIT)).unwrap();
        let opening = head(&mut stream).unwrap();
        let taken = "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: tongban-line/1\r\n\r\n";
        stream.write_all(taken.as_bytes()).unwrap();
        Self { stream, opening }
    }

    /// The next request, with the word of its gateway that it is logged.
    pub fn catch(&mut self) -> Caught {
        let (mut frames, mut waits) = (Vec::new(), None);
        loop {
            let (frame, bytes) = next(&mut self.stream).unwrap();
            match frame {
                Frame::Bundle(bundle) => waits = Some(bundle.number),
                Frame::Stored(number) if waits == Some(number) => {
                    frames.extend(bytes);
                    return Caught { opening: self.opening.clone(), frames };
                }
                _ => continue,
            }
            frames.extend(bytes);
        }
    }
}

impl Caught {
    /// Sends it to a gateway on a line of its own; the status of the answer, or the code of the fault.
    pub fn send(&self, door: &str) -> String {
        let mut stream = TcpStream::connect(door).unwrap();
        stream.set_read_timeout(Some(WAIT)).unwrap();
        stream.write_all(&self.opening).unwrap();
        let taken = head(&mut stream).unwrap();
        assert!(taken.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&taken));
        stream.write_all(&self.frames).unwrap();
        loop {
            match next(&mut stream).unwrap().0 {
                Frame::Refused { code, .. } => return code,
                Frame::Bundle(bundle) => {
                    let told = String::from_utf8_lossy(&bundle.messages[0].head).into_owned();
                    let mut lines = told.split("\r\n");
                    let status = lines.next().unwrap().to_owned();
                    let code = lines.find_map(|line| line.strip_prefix("x-road-error:"));
                    return code.map_or(status, str::to_owned);
                }
                _ => {}
            }
        }
    }
}
