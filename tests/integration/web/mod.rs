//! The public pages over a real socket, from a ledger on disk, and in a real browser.

mod addresses;
mod browser;
mod conduct;
mod erasure;
pub(crate) mod fixture;
mod in_browser;
mod keys;
mod kinds_of_page;
mod lines;
mod own_words;
mod pages;
mod superseding;
mod verification;
mod words;
