//! Types and pure decisions: what a resource declares, who claims which field, whether a record keeps to it, what is
//! late, what is disputed, what a requirement is proved by.
pub mod catalogue;
pub mod check;
pub mod code;
pub mod correction;
pub mod document;
pub mod evidence;
pub mod freshness;
pub mod quality;
pub mod record;
pub mod resource;
pub mod rows;
pub mod submission;
