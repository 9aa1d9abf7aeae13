//! Certificates of an authority of the test's own.
use std::path::{Path, PathBuf};

use gateway::authority::{self, Pair as Certificate};
use gateway::tls::{Outbound, Tls};
use time::{Duration, OffsetDateTime};

use super::NOW_SECONDS;

/// Certificates are checked against the clock of the world.
pub fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(NOW_SECONDS).unwrap() - Duration::days(365)
}

pub struct Authority {
    pub folder: tempfile::TempDir,
    root: Certificate,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let (folder, root) = (tempfile::tempdir().unwrap(), authority::root(name, now()).unwrap());
        std::fs::write(folder.path().join("root.pem"), &root.certificate).unwrap();
        Self { folder, root }
    }

    pub fn roots(&self) -> PathBuf {
        self.folder.path().join("root.pem")
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A new certificate in the files of this name, good for so many days; its fingerprint.
    pub fn write(&self, name: &str, days: i64) -> String {
        let pair = authority::issue(&self.root, &["127.0.0.1".into()], (now(), days)).unwrap();
        std::fs::write(self.file(&format!("{name}.pem")), &pair.certificate).unwrap();
        std::fs::write(self.file(&format!("{name}.key")), &pair.key).unwrap();
        seal::digest::to_hex(&seal::digest::sha256(&pem_bytes(&pair.certificate)))
    }

    /// The files of this name, and the authorities of another.
    pub fn open(&self, name: &str, roots: &Path) -> Tls {
        Tls::open(&self.file(&format!("{name}.pem")), &self.file(&format!("{name}.key")), roots).unwrap()
    }

    /// A gateway's TLS, and the fingerprint of its certificate.
    pub fn issue(&self, name: &str, roots: &Path) -> (Outbound, String) {
        let print = self.write(name, 3650);
        (Outbound { tls: Some(self.open(name, roots)) }, print)
    }
}

fn pem_bytes(pem: &str) -> Vec<u8> {
    use base64::Engine as _;
    let inner: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    base64::engine::general_purpose::STANDARD.decode(inner).unwrap()
}
