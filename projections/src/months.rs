//! Closed months (月结) and issued notices (通报).

use crate::organizations::Organizations;
use crate::span::month_cutoff;
use bitcode::{Decode, Encode};
use mingzhang_events::Month;
use std::collections::BTreeMap;

/// A close: when, and by which entry.
#[derive(Clone, Copy, Encode, Decode)]
pub(crate) struct Close {
    pub(crate) at: i64,
    pub(crate) log_index: u32,
}

#[derive(Clone, Encode, Decode)]
pub(crate) struct Notice {
    pub(crate) event: u128,
    pub(crate) digest: String,
    pub(crate) month: u16,
    pub(crate) number: String,
    pub(crate) organization: u32,
    pub(crate) root_hash: String,
    pub(crate) tree_size: u64,
    pub(crate) at: i64,
    pub(crate) log_index: u32,
}

/// Every close and every notice.
#[derive(Default, Encode, Decode)]
pub(crate) struct Months {
    /// By (month, organisation); the first close counts.
    closes: BTreeMap<(u16, u32), Close>,
    pub(crate) notices: Vec<Notice>,
}

impl Months {
    pub(crate) fn close(&mut self, month: Month, organization: u32, close: Close) {
        self.closes.entry((month.number(), organization)).or_insert(close);
    }

    /// Whether anything of a month is closed at all.
    pub(crate) fn any_closed(&self, month: Month) -> bool {
        self.closes.range((month.number(), 0)..=(month.number(), u32::MAX)).next().is_some()
    }

    /// The close that covers an organisation: its own, or that of one above it at the month's end.
    pub(crate) fn closed(&self, organizations: &Organizations, month: Month, organization: u32) -> Option<Close> {
        organizations
            .upward(organization, month_cutoff(month))
            .find_map(|above| self.closes.get(&(month.number(), above)).copied())
    }
}
