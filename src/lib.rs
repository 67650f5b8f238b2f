//! Mingzhang (明账): the ledger underneath a community's monthly points. See `docs/ARCHITECTURE.md` for the map.

pub mod audit;
pub mod chart;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod document;
pub mod durable;
pub mod follower;
pub mod http;
pub mod identity;
pub mod import;
pub mod keys;
pub mod ledger;
pub mod monitor;
pub mod notice;
pub mod papers;
pub mod publication;
pub mod serve;
pub mod service;
pub mod store;
pub mod tables;
pub mod transparency;
pub mod turns;
pub mod web;
pub mod witness;
