//! The log as static files: written, continued, verified, and what is found when somebody changed it.

mod export;
mod fixture;
mod given;
mod handovers;
mod peers;
mod programs;
mod tampered_exports;
mod tampered_proofs;

pub(crate) use programs::python;
