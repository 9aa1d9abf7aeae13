//! HTTP tests on a whole deployment; one file per subject.
#![allow(clippy::unwrap_used)]
mod archives;
mod audit;
mod bad_input;
mod certificates;
mod connectors;
mod corrections;
mod db;
mod deployment;
mod desk;
mod events;
mod evidence;
mod food_licence;
mod foreign;
mod govstack_conformance;
mod govstack_database;
mod govstack_log;
mod govstack_mediator;
mod govstack_mediator_conformance;
mod govstack_registries;
mod govstack_roster;
mod govstack_spec;
mod govstack_table;
mod govstack_tls;
mod grant_days;
mod grant_matters;
mod grants;
mod hidden_looks;
mod lists;
mod looks;
mod message_evidence;
mod outdoor_advertising;
mod peers;
mod permissions;
mod postgres;
mod register_openapi;
mod registry;
mod replay;
mod residence_permit;
mod senior_card;
mod sessions;
mod site;
mod traffic;
mod trail;
mod uploads;
mod usage;

/// Stands in for the program (`tests::cli`); does nothing by itself.
#[test]
fn tongban() {
    tests::cli::run_if_asked();
}
