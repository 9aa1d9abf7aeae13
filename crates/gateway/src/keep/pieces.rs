//! Large bodies that are kept: in pieces of 256 KiB, each sealed and stored by itself, so that no more than one lies in
//! memory and no write holds the database for long.
//!
//! A piece is AES-256-GCM under the body's own key (HMAC-SHA256 of the label and its salt with the key of its message); its
//! nonce is its place, bound to it is the number of its body. Whether all of them are there and in their order the body's
//! hash tells, which the message has and both gateways signed.
use platform::audit::Entry as AuditEntry;
use platform::policy::{Action, On};
use platform::{Ctx, Error, Result};
use ring::aead::{Aad, NONCE_LEN, Nonce};

use super::{Body, Keys, Message, Sealed};
use crate::body::{Kept, Taken};
use crate::gateway::Gateway;
use crate::protocol::hash::sha512;
use crate::store_piece::{insert_piece, list_pieces};

const LABEL: &[u8] = b"tongban/kept-body/v1";
/// Bytes of a piece; a body in memory of at most so many lies in its message.
pub const PIECE: usize = 256 << 10;

/// Where the pieces of a body lie, and the salt of their key. Stands in the sealed message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    pub number: i64,
    pub salt: [u8; 16],
}

impl Apart {
    /// A new place.
    #[must_use]
    pub fn new() -> Self {
        Self { number: i64::from_be_bytes(platform::chance::bytes()) & i64::MAX, salt: platform::chance::bytes() }
    }
}

impl Default for Apart {
    fn default() -> Self {
        Self::new()
    }
}

fn nonce(place: u32) -> Nonce {
    let mut bytes = [0; NONCE_LEN];
    bytes[NONCE_LEN - 4..].copy_from_slice(&place.to_be_bytes());
    Nonce::assume_unique_for_key(bytes)
}

impl Keys {
    /// `key`: the name of the one that sealed the message.
    fn seal_piece(&self, (key, apart): (&str, &Apart), (place, mut bytes): (u32, Vec<u8>)) -> Result<Vec<u8>> {
        let own = self.own(key, &[LABEL, &apart.salt].concat())?;
        let sealing = own.seal_in_place_append_tag(nonce(place), Aad::from(apart.number.to_be_bytes()), &mut bytes);
        sealing.map_err(|_| Error::Internal("a body could not be sealed".into()))?;
        Ok(bytes)
    }

    fn open_pieces(&self, (key, apart): (&str, &Apart), pieces: Vec<Vec<u8>>) -> Result<Vec<u8>> {
        let own = self.own(key, &[LABEL, &apart.salt].concat())?;
        let mut body = Vec::new();
        for (place, mut bytes) in (0..).zip(pieces) {
            let opened = own.open_in_place(nonce(place), Aad::from(apart.number.to_be_bytes()), &mut bytes);
            body.extend_from_slice(opened.map_err(|_| Error::Internal("what is kept of a body was altered".into()))?);
        }
        Ok(body)
    }
}

/// Whether all bytes are here, not on their way.
pub(crate) fn is_here(body: &Taken) -> bool {
    match &body.body {
        Kept::Memory(bytes) => bytes.len() as u64 == body.size,
        Kept::File(_) => true,
    }
}

/// The bytes from a place on, one piece at most, without moving what is read next.
async fn piece_of(body: &Taken, from: u64) -> Result<Vec<u8>> {
    let length = usize::try_from((body.size - from).min(PIECE as u64)).map_err(Error::internal)?;
    match &body.body {
        Kept::Memory(bytes) => {
            let from = usize::try_from(from).map_err(Error::internal)?;
            let piece = bytes.get(from..from + length);
            piece.map(<[u8]>::to_vec).ok_or_else(|| Error::Internal("a body is shorter than it says".into()))
        }
        Kept::File(file) => Ok(file.piece(from, length).await?),
    }
}

impl Gateway {
    /// Keeps a body that came after the line of its message, as `keep` said (`Sealed::late`); nothing when it said nothing.
    /// An error denies the call as a log that fails does.
    pub async fn keep_late(&self, sealed: Option<&Sealed>, body: &Taken) -> Result<()> {
        let Some((sealed, apart)) = sealed.and_then(|sealed| Some((sealed, sealed.late.as_ref()?))) else {
            return Ok(());
        };
        let ctx = Ctx::system(self.platform(), "gateway.keep");
        for (place, from) in (0..).zip((0..body.size).step_by(PIECE)) {
            let plain = piece_of(body, from).await?;
            let piece = self.body_keys()?.seal_piece((&sealed.key, apart), (place, plain))?;
            let (number, until) = (apart.number, sealed.until);
            let grant = ctx.allow(Action::MessageLog, &On::PUBLIC)?;
            let written = ctx.db().write(grant, move |tx| {
                insert_piece(tx, (number, place.into()), (until, &piece))?;
                let object = format!("body {number} piece {place}");
                tx.audited(AuditEntry { event: "message.kept", object: &object, ..AuditEntry::default() }, ())
            });
            written.await?;
        }
        Ok(())
    }

    /// The message with its body, when that lies apart. `key`: what sealed the message; `size`: what its line says.
    pub(crate) async fn rejoin(&self, message: Message, (key, size): (&str, u64)) -> Result<Message> {
        let Body::Apart(apart) = &message.body else { return Ok(message) };
        let (grant, number) =
            (Ctx::system(self.platform(), "gateway.evidence").allow(Action::MessageRead, &On::PUBLIC)?, apart.number);
        let pieces = self.platform().db().read(grant, move |tx| list_pieces(tx, number)).await?;
        let body = self.body_keys()?.open_pieces((key, apart), pieces)?;
        let body = match body.len() as u64 {
            length if length < size => Body::NeverCame,
            _ if message.body_digest == Some(sha512(&body)) => Body::Whole(body),
            _ => return Err(Error::Internal("what is kept of a body was altered".into())),
        };
        Ok(Message { body, ..message })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::{Room, Spooled};

    #[test]
    fn pieces_are_opened_in_their_order_and_body_alone() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        let (apart, name) = (Apart::new(), keys.current.clone());
        let seal =
            |apart: &Apart, place: u32, bytes: &[u8]| keys.seal_piece((&name, apart), (place, bytes.to_vec())).unwrap();
        let pieces = vec![seal(&apart, 0, b"one"), seal(&apart, 1, b"two")];
        let open = |apart: &Apart, pieces: Vec<Vec<u8>>| keys.open_pieces((&name, apart), pieces);
        assert_eq!(open(&apart, pieces.clone()).unwrap(), b"onetwo");
        assert_eq!(open(&apart, pieces[..1].to_vec()).unwrap(), b"one");
        assert!(open(&apart, pieces.iter().rev().cloned().collect()).is_err());
        let other = Apart { number: apart.number ^ 1, ..apart.clone() };
        assert!(open(&other, pieces.clone()).is_err());
        for at in 0..pieces[1].len() {
            let mut altered = pieces.clone();
            altered[1][at] ^= 1;
            assert!(open(&apart, altered).is_err(), "byte {at}");
        }
    }

    #[tokio::test]
    async fn a_file_is_read_piece_by_piece_and_still_read_from_its_beginning() {
        let folder = tempfile::tempdir().unwrap();
        let size = PIECE + 5;
        let mut file = Spooled::new(folder.path(), Room::of(size as u64)).unwrap();
        file.append(&vec![7; PIECE]).unwrap();
        file.append(b"after").unwrap();
        file.rewind().unwrap();
        let taken = Taken { body: Kept::File(file), digest: Some([1; 64]), size: size as u64 };
        assert_eq!(piece_of(&taken, 0).await.unwrap(), vec![7; PIECE]);
        assert_eq!(piece_of(&taken, PIECE as u64).await.unwrap(), b"after");
        let Kept::File(mut file) = taken.body else { unreachable!() };
        assert_eq!(file.chunk().unwrap()[0], 7);
    }
}
