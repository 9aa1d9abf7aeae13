//! Verbs: fetch facts, question a look, answer; ask for a grant, decide, change it; record grants and looks of the past.
pub mod automatic;
pub mod change;
pub mod covered;
pub mod decide;
pub mod fetch;
pub mod hide;
pub mod note;
pub mod question;
pub mod record;
pub mod request;
pub mod seed;
