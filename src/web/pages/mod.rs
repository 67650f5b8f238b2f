//! One file for each page.

pub(super) mod conduct;
mod failure;
pub(super) mod index;
pub(super) mod line;
pub(super) mod notice;

pub(super) use failure::Failure;
pub use failure::not_found;
