//! Documents that a deployment loads as packs: by path, kept so that every process of it works from the same ones.
//! Table: platform_document.
use crate::audit::Entry;
use crate::chance;
use crate::db::{Audited, Tx, Value};
use crate::error::{Error, Result};

/// A document: its path within the packs (`certificates/senior-card.yaml`) and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub path: String,
    pub text: String,
}

/// Stores documents over what stood at their paths.
pub fn publish(tx: &mut Tx<'_>, documents: &[Document]) -> Result<Audited<usize>> {
    for document in documents {
        let (now, digest) = (tx.now(), chance::sha256_hex(document.text.as_bytes()));
        let params: [Value<'_>; 4] = [(&document.path).into(), (&digest).into(), (&document.text).into(), now.into()];
        tx.exec(
            "INSERT INTO platform_document (path, digest, text, loaded_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (path) DO UPDATE SET digest = excluded.digest, text = excluded.text,
               loaded_at = excluded.loaded_at",
            &params,
        )?;
    }
    let detail = format!("{{\"documents\":{}}}", documents.len());
    tx.audited(Entry { event: "pack.documents-loaded", detail: &detail, ..Entry::default() }, documents.len())
}

/// Gives one document another text, which is made from what stands there; of two at the same time the second sees what
/// the first wrote. The new text. `NotFound`: there is none at this path.
pub fn change(tx: &mut Tx<'_>, path: &str, make: impl FnOnce(&str) -> Result<String>) -> Result<Audited<String>> {
    // The row is held from here on, also against other processes.
    let held = tx.exec("UPDATE platform_document SET path = path WHERE path = $1", &[path.into()])?;
    let row = tx.find("SELECT text FROM platform_document WHERE path = $1", &[path.into()])?;
    let row = row.filter(|_| held == 1).ok_or(Error::NotFound)?;
    let document = Document { path: path.to_owned(), text: make(row.str(0)?)? };
    let text = document.text.clone();
    Ok(publish(tx, &[document])?.map(|_| text))
}

/// Documents whose path begins with a folder, in order of path.
pub fn list(tx: &mut Tx<'_>, folder: &str) -> Result<Vec<Document>> {
    let all = tx.list("SELECT path, text FROM platform_document ORDER BY path", &[], |row| {
        Ok(Document { path: row.text(0)?, text: row.text(1)? })
    })?;
    Ok(all.into_iter().filter(|document| document.path.starts_with(folder)).collect())
}
