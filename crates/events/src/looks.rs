//! Where the line of a delivery goes: the trail is a neighbour's, so `app` joins it.
use platform::Result;
use platform::db::Tx;

/// A delivery about somebody, to somebody who had not read it before.
#[derive(Debug, Clone)]
pub struct Delivered {
    /// Resident ID number or unified social credit code.
    pub number: String,
    /// Who reads it: key of an organisation, or a system's identifier.
    pub consumer: String,
    pub purpose: String,
    pub basis: String,
    /// The register behind the type; else the type's key.
    pub resource: String,
    /// Keys of the data.
    pub fields: Vec<String>,
}

/// Log or deny: in the transaction that lets the deliveries go. An error keeps them here.
pub trait Looks: Send + Sync {
    fn note(&self, tx: &mut Tx<'_>, delivered: &[Delivered]) -> Result<()>;
}

/// Writes no line: for a deployment whose events are about nobody.
pub struct Unnoted;

impl Looks for Unnoted {
    fn note(&self, _: &mut Tx<'_>, _: &[Delivered]) -> Result<()> {
        Ok(())
    }
}
