//! 日期归属: by which instant a record is dated, and since when it was really served. The one place that says so (DOMAIN §4).
//!
//! Pure. Invariant: a record stands in the month of the member that its date lies in, wherever its check-in lies.

use crate::activities::Activity;
use crate::models::ReadModels;
use crate::records::Record;
use crate::span::month_start;
use mingzhang_events::{Month, RecordDating};

/// The instants of a record, in Unix seconds.
#[derive(Clone, Copy)]
pub(crate) struct Dated {
    /// Of which day and month it is, and of whose branch: the planned start of its activity, or its own where it has none, or one whose
    /// rules date records so.
    pub(crate) dated_at: i64,
    /// When the service began.
    pub(crate) served_from: i64,
}

impl ReadModels {
    /// When a record of a member's month is dated, and since when it was served.
    pub(crate) fn dated(&self, record: u32, entry: Record, month: Month) -> Dated {
        let served_from = month_start(month) + self.records.served_from(record);
        Dated { dated_at: self.dated_at(entry.activity(), served_from), served_from }
    }

    /// When what was served from then on is dated, at an activity or at none.
    pub(crate) fn dated_at(&self, activity: Option<u32>, served_from: i64) -> i64 {
        self.dating(activity).map_or(served_from, |activity| activity.starts_at)
    }

    /// The month that it is dated in, if it was served from the month `own` on.
    pub(crate) fn dated_month(&self, activity: Option<u32>, own: Month) -> Month {
        self.dating(activity).and_then(|activity| Month::from_number(activity.month)).unwrap_or(own)
    }

    /// How records at the activities that start in a month are dated; none if at some one way and at some the other, as where rules were adopted between
    /// their announcements. Of a month without activities it is as its rules say, by the planned start if there are none.
    pub fn records_dated_by(&self, month: Month) -> Option<RecordDating> {
        let of = |by_plan: bool| if by_plan { RecordDating::PlannedStart } else { RecordDating::OwnStart };
        let mut dated =
            self.activities.of_month(month).iter().map(|&activity| self.activities.get(activity).dates_records);
        let Some(first) = dated.next() else {
            return Some(of(self.rules_in_force(month).is_none_or(|(rules, _)| rules.dates_by_plan())));
        };
        dated.all(|by_plan| by_plan == first).then(|| of(first))
    }

    fn dating(&self, activity: Option<u32>) -> Option<Activity> {
        activity.map(|activity| self.activities.get(activity)).filter(|activity| activity.dates_records)
    }
}
