//! The witness: its protocol, what it remembers through crashes and races, and what it keeps of a fork.

mod crash;
mod fixture;
pub(crate) mod peer;
mod race;
mod requests;
