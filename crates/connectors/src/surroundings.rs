//! What a document refers to but does not hold: addresses of this deployment, and secrets.
use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::document::Document;
use crate::settings::Secret;

/// The deployment around the documents.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The data folder: `${data}`, and where files of secrets are looked for.
    pub data: PathBuf,
    /// What `${name}` stands for (setting `connectors.addresses`).
    pub addresses: BTreeMap<String, String>,
}

impl Surroundings {
    /// The first `${name}` of the document that this deployment has no address for.
    #[must_use]
    pub fn missing(&self, document: &Document) -> Option<String> {
        document.addresses().into_iter().find_map(|text| self.fill(text).err())
    }

    /// The text with every `${name}` replaced.
    ///
    /// # Errors
    /// The name that has no address.
    pub fn fill(&self, text: &str) -> Result<String, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            filled.push_str(before);
            match (name, self.addresses.get(name)) {
                ("data", _) => filled.push_str(&self.data.to_string_lossy()),
                (_, Some(address)) => filled.push_str(address),
                (_, None) => return Err(name.to_owned()),
            }
            rest = behind;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    /// # Errors
    /// Names where the secret was looked for, never the secret.
    pub(crate) fn secret(&self, secret: &Secret) -> Result<String, String> {
        match (&secret.file, &secret.env) {
            (Some(file), None) => {
                let path = self.data.join(file);
                let text = std::fs::read_to_string(&path)
                    .map_err(|e| format!("the secret {} cannot be read: {e}; put the file there", path.display()))?;
                Ok(text.trim_end_matches(['\r', '\n']).to_owned())
            }
            (None, Some(name)) => std::env::var(name).map_err(|_| {
                format!("the variable {name} with a secret is not set; set it where the program is started")
            }),
            _ => Err("a secret names both file and env, or neither; keep one of the two".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_and_a_missing_one_is_told() {
        let addresses = BTreeMap::from([("credit".to_owned(), "127.0.0.1:1".to_owned())]);
        let around = Surroundings { data: "d".into(), addresses };
        assert_eq!(around.fill("http://${credit}/x${data}").as_deref(), Ok("http://127.0.0.1:1/xd"));
        assert_eq!(around.fill("${other}"), Err("other".into()));
        assert_eq!(around.fill("plain"), Ok("plain".into()));
    }
}
