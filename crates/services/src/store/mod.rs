//! SQL of the hall and the mapping of its rows; nothing else.
pub mod cases;
pub mod drafts;
pub mod items;
pub mod past;
pub mod tasks;
