//! The ledger as a whole: what it refuses, what it keeps through crashes, full disks and clocks that go back.

mod crash;
mod faults;
mod fixture;
mod keys;
mod people;
mod refusals;
mod signing;
mod writer;
