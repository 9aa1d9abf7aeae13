//! Verbs: fetch facts, question a look, answer, record grants and looks of the past.
pub mod fetch;
pub mod note;
pub mod question;
pub mod seed;
