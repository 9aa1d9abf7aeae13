//! The X-Road message protocol for REST (PR-REST, protocol id `r1`), pure: identifiers, the canonical head and its hash,
//! paths and their patterns, faults.
pub mod address;
pub mod fault;
pub mod hash;
pub mod head;
pub mod ids;
pub mod path;
