//! On which local day each entry was recorded: one row for each day, because the log is in order of recording.

use crate::span::{day_start, local_day};
use bitcode::{Decode, Encode};

/// The first entry of each day on which any was recorded.
#[derive(Default, Encode, Decode)]
pub(crate) struct RecordedDays {
    /// Log index and local day.
    first: Vec<(u32, u32)>,
    /// The first second after the newest of these days.
    until: i64,
}

impl RecordedDays {
    /// Notes the next entry.
    pub(crate) fn note(&mut self, log_index: u32, at: i64) {
        if at >= self.until {
            let day = local_day(at);
            self.first.push((log_index, day));
            self.until = day_start(day.saturating_add(1));
        }
    }

    /// The day of an entry.
    pub(crate) fn of(&self, log_index: u32) -> u32 {
        let after = self.first.partition_point(|&(first, _)| first <= log_index);
        after.checked_sub(1).map_or(0, |at| self.first[at].1)
    }
}
