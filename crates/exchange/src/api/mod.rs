//! What information systems ask of the exchange itself: who looked at whose data, and what a consumer may read.
pub mod readable;
pub mod usage;
