//! Types and pure decisions: what is asked, what a grant covers, what a look and a question are.
pub mod ask;
pub mod grant;
pub mod look;
pub mod question;
