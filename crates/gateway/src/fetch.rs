//! Reads the federation document where it lies: a file, or http(s) without any detour. Its signature tells whether it
//! counts; https hides who asks and keeps it from being withheld for one reader alone.
use std::path::Path;
use std::time::Duration;

use crate::body::{Outgoing, Spool};
use crate::pool::{CallError, Origin};
use crate::tls::Outbound;

/// A document is small: a thousand servers take half a megabyte.
const LIMIT: u64 = 16 << 20;
const PATIENCE: Duration = Duration::from_secs(10);
/// From the first byte to the last, whatever happens.
const WITHIN: Duration = Duration::from_secs(60);

/// The text at `from`. The error names the place and says what is wrong with it.
pub(crate) async fn fetch(from: &str, outbound: &Outbound, spool: &Spool) -> Result<String, String> {
    let read = async {
        match (from.strip_prefix("https://"), from.strip_prefix("http://")) {
            (Some(rest), _) => over(Place::of(rest, 443), Some(outbound), spool).await,
            (_, Some(rest)) => over(Place::of(rest, 80), None, spool).await,
            _ => file(Path::new(from)).await,
        }
    };
    let read = tokio::time::timeout(WITHIN, read).await;
    let read = read.unwrap_or_else(|_| Err(format!("it was not read within {} s", WITHIN.as_secs())));
    read.map_err(|why| format!("{from}: {why}"))
}

struct Place {
    /// What stands in Host.
    host: String,
    /// `host:port`.
    authority: String,
    path: String,
}

impl Place {
    fn of(rest: &str, port: u16) -> Self {
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        // Of an IPv6 address the colons within the brackets name no port.
        let named = host.rsplit_once(':').is_some_and(|(_, port)| !port.contains(']'));
        let authority = if named { host.to_owned() } else { format!("{host}:{port}") };
        Self { host: host.to_owned(), authority, path: format!("/{path}") }
    }
}

async fn file(path: &Path) -> Result<String, String> {
    let text = |error: std::io::Error| error.to_string();
    let size = tokio::fs::metadata(path).await.map_err(text)?.len();
    if size > LIMIT {
        return Err(too_large());
    }
    tokio::fs::read_to_string(path).await.map_err(text)
}

fn too_large() -> String {
    format!("it is larger than {LIMIT} bytes, which no federation document is")
}

async fn over(place: Place, secure: Option<&Outbound>, spool: &Spool) -> Result<String, String> {
    let dial = match secure {
        Some(outbound) => {
            let (outbound, authority) = (outbound.clone(), place.authority.clone());
            let dial = tokio::task::spawn_blocking(move || outbound.public(&authority)).await;
            dial.map_err(|error| error.to_string())??
        }
        None => Outbound::default().plain(&place.authority),
    };
    let origin = Origin::new(&place.authority, dial, PATIENCE);
    let request = hyper::Request::builder().uri(&place.path).header(hyper::header::HOST, &place.host);
    let request = request.body(Outgoing::empty()).map_err(|error| error.to_string())?;
    let sent = tokio::time::timeout(PATIENCE, origin.send(request)).await;
    let sent = sent.map_err(|_| "it did not answer".to_owned())?;
    let (response, _) = sent.map_err(|(CallError::Connect(why) | CallError::Io(why))| why)?.split();
    let status = response.status();
    if status.is_redirection() {
        let to = response.headers().get(hyper::header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or("elsewhere");
        return Err(format!("it sends us on to {to}, where nobody goes unasked: name the last address in the roster"));
    }
    if status != hyper::StatusCode::OK {
        return Err(format!("it answered {status}"));
    }
    let spool = Spool { limit: LIMIT, patience: PATIENCE, within: WITHIN, ..spool.clone() };
    let taken = spool.take(response.into_body()).await.map_err(|broken| match broken {
        crate::body::Broken::TooLarge { .. } => too_large(),
        broken => format!("{broken:?}"),
    })?;
    let bytes = taken.bytes().await.map_err(|error| error.to_string())?;
    String::from_utf8(bytes.into()).map_err(|_| "it is not text".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_their_ports() {
        for (rest, port, authority, path) in [
            ("a.example/doc.jws", 443, "a.example:443", "/doc.jws"),
            ("a.example:8443/x/y?z", 443, "a.example:8443", "/x/y?z"),
            ("10.0.0.1", 80, "10.0.0.1:80", "/"),
            ("[::1]/x", 443, "[::1]:443", "/x"),
            ("[::1]:9/x", 443, "[::1]:9", "/x"),
        ] {
            let place = Place::of(rest, port);
            assert_eq!((place.authority.as_str(), place.path.as_str()), (authority, path), "{rest}");
        }
    }
}
