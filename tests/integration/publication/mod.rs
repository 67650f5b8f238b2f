//! What the ledger publishes, with witnesses that cosign, fail, lie, or know another past.

mod faults;
mod fixture;
mod handover;
mod quorum;
mod trouble;
