//! The parts of the program as they are used together, with the real thing below them.

mod audit;
mod bundles;
mod cli;
mod commitments;
#[path = "../support/copied.rs"]
mod copied;
mod damaged;
mod demo;
mod documents;
mod exported;
mod failing_disk;
mod fuzz;
mod http;
mod import;
#[cfg(feature = "pdf")]
mod layout;
mod ledger;
mod monitor;
mod publication;
#[path = "../support/random_events.rs"]
mod random_events;
#[path = "../support/random_rules.rs"]
mod random_rules;
mod scoring;
mod store;
mod superseding;
mod transparency;
mod ugly_tables;
mod web;
mod witness;
