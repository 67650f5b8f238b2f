//! One suite for every implementation of the store, and what only a file can show.

mod conformance;
mod durable;
mod fixture;
