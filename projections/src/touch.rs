//! Reading ahead: a batch's members, months and records are looked at together before its events are applied one by one.
//!
//! In a city every event is about somebody else, so that nearly all of its cost is waiting for memory; lookups that don't
//! depend on each other wait at the same time. Changes nothing: what is read here is thrown away.

use crate::intern::NONE;
use crate::models::ReadModels;
use mingzhang_events::{ActivityId, Event, EventId, MemberId, RecordedEvent};
use std::hint::black_box;

/// Events looked at together: enough to overlap the waiting, few enough to stay in the nearest cache.
const AHEAD: usize = 32;

impl ReadModels {
    /// Applies the entries from `first_log_index` on, as [`ReadModels::apply`] would one by one, but faster.
    pub fn apply_batch(&mut self, first_log_index: u64, events: &[RecordedEvent]) {
        let mut log_index = first_log_index;
        for ahead in events.chunks(AHEAD) {
            self.touch(ahead);
            for event in ahead {
                self.apply(log_index, event);
                log_index = log_index.saturating_add(1);
            }
        }
    }

    fn touch(&self, events: &[RecordedEvent]) {
        let mut members = [NONE; AHEAD];
        for (member, event) in members.iter_mut().zip(events) {
            let (of, activity, record) = subjects(event);
            *member = of.and_then(|of| self.roster.number(of)).unwrap_or(NONE);
            black_box(activity.and_then(|activity| self.activities.number(activity)));
            black_box(record.map(|record| self.records.touch(record)));
        }
        let mut months = [NONE; AHEAD];
        for (month, &member) in months.iter_mut().zip(&members) {
            *month = self.roster.members.get(member as usize).map_or(NONE, |heads| heads.member_month);
        }
        for month in months {
            black_box(self.member_months.touch(month));
        }
    }
}

/// The member, the activity and the record whose places in memory applying an event begins with. Only what is frequent.
fn subjects(event: &RecordedEvent) -> (Option<MemberId>, Option<ActivityId>, Option<EventId>) {
    match &event.event {
        Event::MemberSignedUp(e) => (Some(e.member), Some(e.activity), None),
        Event::SignUpWithdrawn(e) => (Some(e.member), Some(e.activity), None),
        Event::MemberCheckedIn(e) => (Some(e.member), Some(e.activity), Some(event.id)),
        Event::MemberCheckedOut(e) => (Some(e.member), Some(e.activity), None),
        Event::LateCheckInRecorded(e) => (Some(e.member), Some(e.activity), Some(event.id)),
        Event::AttendanceRecorded(e) => (Some(e.member), Some(e.activity), Some(event.id)),
        Event::HomeVisitMade(e) => (Some(e.member), None, Some(event.id)),
        Event::DutyServed(e) => (Some(e.member), None, Some(event.id)),
        Event::ServiceApproved(e) => (None, None, Some(e.record)),
        Event::ServiceReturned(e) => (None, None, Some(e.record)),
        Event::RecordCorrected(e) => (None, None, Some(e.record)),
        Event::RecordReversed(e) => (None, None, Some(e.record)),
        Event::MemberTransferred(e) => (Some(e.member), None, None),
        Event::MemberReclassified(e) => (Some(e.member), None, None),
        Event::MemberExempted(e) => (Some(e.member), None, None),
        Event::MemberLeft(e) => (Some(e.member), None, None),
        Event::MemberEnrolled(e) => (Some(e.member), None, None),
        Event::EnrollmentEnded(e) => (Some(e.member), None, None),
        Event::HardshipPairingFormed(e) => (Some(e.member), None, None),
        Event::HardshipPairingEnded(e) => (Some(e.member), None, None),
        Event::DutyRostered(e) => (Some(e.member), None, None),
        Event::PointsGranted(e) => (Some(e.member), None, None),
        Event::PointsDeducted(e) => (Some(e.member), None, None),
        Event::PointsReset(e) => (Some(e.member), None, None),
        Event::PointsVetoed(e) => (Some(e.member), None, None),
        Event::DecisionQuashed(_)
        | Event::OrganizationEstablished(_)
        | Event::OrganizationRenamed(_)
        | Event::OrganizationMoved(_)
        | Event::OrganizationMerged(_)
        | Event::OrganizationDissolved(_)
        | Event::MemberRostered(_)
        | Event::ActivityScheduled(_)
        | Event::ActivityCancelled(_)
        | Event::ScoringRulesAdopted(_)
        | Event::MonthFrozen(_)
        | Event::DisclosureOpened(_)
        | Event::ObjectionRaised(_)
        | Event::ObjectionAssigned(_)
        | Event::ObjectionUpheld(_)
        | Event::ObjectionDismissed(_)
        | Event::ObjectionWithdrawn(_)
        | Event::MonthClosed(_)
        | Event::NoticeIssued(_)
        | Event::DocumentIssued(_)
        | Event::IdentityCommitted(_)
        | Event::NameConsentGiven(_)
        | Event::NameConsentWithdrawn(_)
        | Event::PersonErased(_)
        | Event::RecordingSuspended(_)
        | Event::RecordingRestored(_)
        | Event::SigningKeyRotated(_) => (None, None, None),
    }
}
