//! HTTP tests on a whole deployment; one file per subject.
#![allow(clippy::unwrap_used)]
mod audit;
mod bad_input;
mod certificates;
mod db;
mod deployment;
mod desk;
mod food_licence;
mod foreign;
mod looks;
mod permissions;
mod postgres;
mod residence_permit;
mod senior_card;
mod sessions;
mod site;
mod trail;
mod uploads;

/// Stands in for the program (`tests::cli`); does nothing by itself.
#[test]
fn tongban() {
    tests::cli::run_if_asked();
}
