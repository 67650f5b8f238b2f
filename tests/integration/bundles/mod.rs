//! Audit bundles of a real demonstration: sound ones pass, and whatever is done to one is found and named.

mod damaged;
mod fixture;
mod forgeries;
mod histories;
mod hostile;
mod kept;
mod reveals;
mod sound;
