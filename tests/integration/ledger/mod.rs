//! The ledger as a whole: what it refuses, what it keeps through crashes, full disks and clocks that go back.

mod admitted;
mod closing;
mod crash;
mod dated;
mod documents;
mod faults;
mod fixture;
mod keys;
mod lifecycle;
mod missing;
#[path = "../../support/lifecycle.rs"]
#[expect(dead_code, reason = "the page is for the generated references")]
mod month10;
mod objections;
mod overlaps;
mod people;
mod refusals;
mod review;
mod roster;
mod sanctions;
mod settled;
mod signing;
mod writer;

/// The state of a ledger with members, an activity and somebody who has checked in, as its snapshot has it.
pub(crate) fn a_state() -> Vec<u8> {
    let fixture = fixture::Fixture::new();
    fixture.record(fixture::check_in(), fixture::at(fixture::START));
    fixture.ledger.stop();
    fixture.ledger.state_snapshot().expect("a snapshot of a stopped ledger").1
}
