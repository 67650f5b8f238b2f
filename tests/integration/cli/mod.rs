//! The command line as people use it: the real program, its output and its exit codes.

mod audits;
mod clocks;
mod data_tables;
mod demo;
mod documents;
mod exports;
mod facts;
mod fixture;
mod handovers;
mod hostile;
mod keys;
mod ledgers;
mod mappings;
mod mixed_rows;
mod months;
mod named;
mod places;
mod reveals;
mod rules;
mod server;
mod tables;
mod usage;
mod verification;
mod widths;
mod witnessing;
mod workbooks;
