//! Bundles of log entries as they are served beside the tiles of level 0 (C2SP tlog-tiles, "Log entries").

use crate::SealError;

/// The longest entry that a bundle can hold: 65,535 bytes.
pub const MAX_ENTRY_BYTES: usize = u16::MAX as usize;

/// Each entry preceded by its length in bytes as a big-endian u16.
/// Errors: [`SealError::Malformed`] when an entry is longer than [`MAX_ENTRY_BYTES`].
pub fn write_entries<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, SealError> {
    let mut bundle = Vec::new();
    for entry in entries {
        let length = u16::try_from(entry.len());
        let length = length.map_err(|_| malformed(format!("an entry has {} bytes, 65535 fit", entry.len())))?;
        bundle.extend(length.to_be_bytes());
        bundle.extend(entry);
    }
    Ok(bundle)
}

/// The entries of a bundle. Errors: [`SealError::Malformed`] when it ends within an entry.
pub fn read_entries(bundle: &[u8]) -> Result<Vec<&[u8]>, SealError> {
    let mut rest = bundle;
    let mut entries = Vec::new();
    while !rest.is_empty() {
        let whole = rest
            .split_first_chunk::<2>()
            .and_then(|(length, after)| after.split_at_checked(usize::from(u16::from_be_bytes(*length))));
        let (entry, after) = whole.ok_or_else(|| malformed("it ends within an entry".to_owned()))?;
        entries.push(entry);
        rest = after;
    }
    Ok(entries)
}

fn malformed(why: String) -> SealError {
    SealError::malformed("entry bundle", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundles_give_their_entries_back() {
        let long = vec![7; MAX_ENTRY_BYTES];
        let entries: [&[u8]; 3] = [b"one", b"", &long];
        let bundle = write_entries(entries).unwrap();
        assert_eq!(&bundle[..7], b"\0\x03one\0\0");
        assert_eq!(read_entries(&bundle).unwrap(), entries);
        assert!(read_entries(&bundle[..bundle.len() - 1]).is_err());
        assert!(read_entries(&[0]).is_err());
        assert!(write_entries([vec![0; MAX_ENTRY_BYTES + 1].as_slice()]).is_err());
    }
}
