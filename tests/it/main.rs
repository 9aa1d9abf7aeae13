//! HTTP tests on a whole deployment; one file per subject.
#![allow(clippy::unwrap_used)]
mod permissions;
mod senior_card;

/// Stands in for the program (`tests::cli`); does nothing by itself.
#[test]
fn tongban() {
    tests::cli::run_if_asked();
}
