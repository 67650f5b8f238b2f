//! What happened to records after they were opened: reviews, corrections, reversals, each by its log index.

use crate::intern::{number_of, push_tight};
use bitcode::{Decode, Encode};

/// An event that named a record, in the chain of the record's member-month.
#[derive(Clone, Copy, Encode, Decode)]
pub(crate) struct Amendment {
    pub(crate) record: u32,
    pub(crate) log_index: u32,
    next: u32,
}

/// Every review, correction and reversal of a record.
#[derive(Default, Encode, Decode)]
pub(crate) struct Amendments {
    all: Vec<Amendment>,
}

impl Amendments {
    /// Gives the chain's new head.
    pub(crate) fn add(&mut self, record: u32, log_index: u32, head: u32) -> u32 {
        push_tight(&mut self.all, Amendment { record, log_index, next: head });
        number_of(self.all.len() - 1)
    }

    /// The amendments of a chain, newest first.
    pub(crate) fn chain(&self, head: u32) -> impl Iterator<Item = Amendment> + '_ {
        crate::roster::chain(&self.all, head, |amendment| amendment.next)
    }

    /// Moves the amendments of one record from one chain to another; gives both heads.
    pub(crate) fn transfer(&mut self, record: u32, from: u32, to: u32) -> (u32, u32) {
        let mut heads = (crate::intern::NONE, to);
        let mut numbers = Vec::new();
        let mut number = from;
        while let Some(amendment) = self.all.get(number as usize) {
            numbers.push(number);
            number = amendment.next;
        }
        for number in numbers.into_iter().rev() {
            let amendment = &mut self.all[number as usize];
            let head = if amendment.record == record { &mut heads.1 } else { &mut heads.0 };
            amendment.next = *head;
            *head = number;
        }
        heads
    }
}
