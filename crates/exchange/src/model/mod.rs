//! Types and pure decisions: what is asked, what a grant covers, what a look and a question are, how a grant comes about.
pub mod ask;
pub mod document;
pub mod grant;
pub mod hiding;
pub mod kept;
pub mod look;
pub mod question;
pub mod request;
pub mod step;
pub mod terms;
pub mod used;
