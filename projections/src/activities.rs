//! Activities (活动): what was planned where and when, and whether it was cancelled.

use crate::intern::{Interner, number_of, push_tight};
use crate::models::ReadModels;
use bitcode::{Decode, Encode};
use mingzhang_events::{ActivityClass, ActivityId, ActivityKind, ActivityScheduled, EmergencyGrade, Month};
use std::collections::BTreeMap;

/// One planned activity.
#[derive(Clone, Copy, Encode, Decode)]
pub(crate) struct Activity {
    pub(crate) starts_at: i64,
    pub(crate) length_minutes: u16,
    pub(crate) month: u16,
    /// The organisation that holds it.
    pub(crate) organization: u32,
    pub(crate) log_index: u32,
    /// Records opened at it, ever.
    pub(crate) records: u32,
    kind: u8,
    class: u8,
    /// [`NO_GRADE`] if it answers no emergency.
    grade: u8,
    /// Whether its records are dated at its planned start, and not at their own: as the rules say that were known for its month when it was
    /// scheduled. It never changes, so that no record changes its date by what is adopted later.
    pub(crate) dates_records: bool,
    /// The entry that cancelled it.
    pub(crate) cancelled_by: Option<u32>,
    /// Whether a record of it was ever in a month that neither is its own nor borders on it.
    pub(crate) scattered: bool,
}

const NO_GRADE: u8 = u8::MAX;

impl Activity {
    pub(crate) fn is_cancelled(self) -> bool {
        self.cancelled_by.is_some()
    }

    pub(crate) fn kind(self) -> ActivityKind {
        ActivityKind::ALL[usize::from(self.kind)]
    }

    pub(crate) fn class(self) -> ActivityClass {
        ActivityClass::ALL[usize::from(self.class)]
    }

    pub(crate) fn grade(self) -> Option<EmergencyGrade> {
        EmergencyGrade::ALL.get(usize::from(self.grade)).copied()
    }
}

/// Every activity ever scheduled.
#[derive(Default, Encode, Decode)]
pub(crate) struct Activities {
    ids: Interner,
    all: Vec<Activity>,
    #[bitcode(skip)]
    by_month: BTreeMap<u16, Vec<u32>>,
}

impl Activities {
    pub(crate) fn number(&self, id: ActivityId) -> Option<u32> {
        self.ids.number(id.0)
    }

    pub(crate) fn id(&self, activity: u32) -> ActivityId {
        ActivityId(self.ids.id(activity))
    }

    pub(crate) fn get(&self, activity: u32) -> Activity {
        self.all[activity as usize]
    }

    pub(crate) fn count(&self) -> u32 {
        number_of(self.all.len())
    }

    /// The activities that start in a month, in order of their log index.
    pub(crate) fn of_month(&self, month: Month) -> &[u32] {
        self.by_month.get(&month.number()).map_or(&[], Vec::as_slice)
    }

    /// The first announcement of an activity counts; a second one of the same id is ignored.
    pub(crate) fn schedule(
        &mut self,
        scheduled: &ActivityScheduled,
        organization: u32,
        dates_records: bool,
        log_index: u32,
    ) -> Option<Month> {
        let (activity, new) = self.ids.intern(scheduled.activity.0);
        if !new {
            return None;
        }
        let (starts, ends) = (scheduled.starts_at.unix_seconds(), scheduled.ends_at.unix_seconds());
        let month = scheduled.starts_at.month();
        self.by_month.entry(month.number()).or_default().push(activity);
        push_tight(
            &mut self.all,
            Activity {
                starts_at: starts,
                length_minutes: crate::span::whole_minutes(starts, ends).unwrap_or(0),
                month: month.number(),
                organization,
                log_index,
                records: 0,
                kind: scheduled.kind as u8,
                class: scheduled.class as u8,
                grade: scheduled.emergency_grade.map_or(NO_GRADE, |grade| grade as u8),
                dates_records,
                cancelled_by: None,
                scattered: false,
            },
        );
        Some(month)
    }

    /// The first cancellation counts.
    pub(crate) fn cancel(&mut self, activity: u32, log_index: u32) {
        self.all[activity as usize].cancelled_by.get_or_insert(log_index);
    }

    /// A record of it was opened in a month, or has moved there.
    pub(crate) fn note_month(&mut self, activity: u32, month: Month) {
        let activity = &mut self.all[activity as usize];
        activity.scattered |= activity.month.abs_diff(month.number()) > 1;
    }

    pub(crate) fn count_record(&mut self, activity: u32) {
        let records = &mut self.all[activity as usize].records;
        *records = records.saturating_add(1);
    }

    pub(crate) fn rebuild(&mut self) {
        self.ids.rebuild();
        self.by_month = BTreeMap::new();
        for (at, activity) in self.all.iter().enumerate() {
            self.by_month.entry(activity.month).or_default().push(number_of(at));
        }
    }
}

impl ReadModels {
    /// The months in which records of an activity may stand: none if it has no record; those around its own, because where records are dated at
    /// their own start that may lie on the other side of midnight; any once one was elsewhere.
    pub(crate) fn months_of_records(&self, activity: u32) -> Vec<Month> {
        let of = self.activities.get(activity);
        let month = Month::from_number(of.month).expect("made from a month");
        match (of.records, of.scattered) {
            (0, _) => Vec::new(),
            (_, true) => self.active_months(),
            (_, false) => vec![month, month.previous(), month.next()],
        }
    }
}
