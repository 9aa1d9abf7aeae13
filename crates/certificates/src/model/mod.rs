//! Types and pure decisions: what a type of certificate is, what a certificate says, how it stands, how it is checked.
pub mod document;
pub mod number;
pub mod offline;
pub mod standing;
pub mod statement;

use platform::ids::Id;

/// A certificate's identifier within this deployment: `crt_…`. The one that the world knows is `codes::CertificateId`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CertificateId(String);

impl Id for CertificateId {
    const PREFIX: &'static str = "crt";

    fn from_text(text: String) -> Self {
        Self(text)
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}
