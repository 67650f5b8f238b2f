//! The JSON API through the real router, over a real ledger in a temporary directory; over real sockets where they matter.

mod access;
mod batch;
mod bodies;
mod burden;
mod checkpoint;
mod client;
mod commands;
mod conditional;
mod conduct;
mod conforms;
mod documentation;
mod documents;
mod events;
mod log;
mod members;
mod months;
mod notices;
mod operations;
mod organizations;
mod papers;
mod past;
mod people;
mod problems;
mod ranking;
mod routes;
mod rules;
mod shutdown;
mod slow_clients;
mod tables;
pub(crate) mod world;

pub(crate) use papers::meeting;
mod years;
