//! Types and pure decisions: what a resource declares, who claims which field, whether a record keeps to it.
pub mod catalogue;
pub mod check;
pub mod record;
pub mod resource;
pub mod rows;
