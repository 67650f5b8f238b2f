//! The ledger as a whole: what it refuses, what it keeps through crashes, full disks and clocks that go back.

mod admitted;
mod crash;
mod documents;
mod faults;
mod fixture;
mod keys;
mod lifecycle;
mod missing;
#[path = "../../support/lifecycle.rs"]
#[expect(dead_code, reason = "the page is for the generated references")]
mod month10;
mod overlaps;
mod people;
mod refusals;
mod review;
mod roster;
mod settled;
mod signing;
mod writer;
