//! Where the line of a delivery goes, and which values may go with it: trail and grants are a neighbour's, so `app` joins
//! them.
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

/// A subscriber who is about to read what a register says.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// Key of an organisation, or a system's identifier.
    pub consumer: &'a str,
    pub purpose: &'a str,
    pub resource: &'a str,
}

/// Log or deny: in the transaction that lets the deliveries go. An error keeps them here.
pub trait Looks: Send + Sync {
    fn note(&self, tx: &mut Tx<'_>, delivered: &[Delivered]) -> Result<()>;

    /// Those of the register's fields that a grant gives the reader at this moment. Without grants to ask: none.
    fn granted(&self, _tx: &mut Tx<'_>, _reader: &Reader<'_>, _fields: &[&str]) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
}

/// Writes no line: for a deployment whose events are about nobody.
pub struct Unnoted;

impl Looks for Unnoted {
    fn note(&self, _: &mut Tx<'_>, _: &[Delivered]) -> Result<()> {
        Ok(())
    }
}
