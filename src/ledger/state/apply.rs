//! Folding an event into the decision state. Cannot fail: what was committed was decided, and anything else is ignored.

use super::lookup::id_tail;
use super::settled::FormerPlace;
use super::{
    ActivityState, DocumentState, LedgerState, MemberState, MonthReached, MonthStage, NONE, ObjectionStanding,
    OrganizationState, PairingState, Participation, Publication, RecordKind, RecordState, Standing,
};
use mingzhang_events::{
    ActivityId, AttendanceOutcome, DocumentIssued, Event, EventId, Instant, LateCheckInRecorded, MemberId,
    MemberRostered, Month, OrganizationId, OrganizationLevel, RecordedEvent, ScoringRules, day_number,
};
use std::sync::Arc;

impl LedgerState {
    /// Folds in the entry at `log_index`, which must be the next one.
    pub(crate) fn apply(&mut self, log_index: u64, recorded: &RecordedEvent) {
        debug_assert_eq!(log_index, self.scalars.tree_size);
        self.scalars.tree_size = log_index + 1;
        self.scalars.last_recorded_seconds =
            self.scalars.last_recorded_seconds.max(recorded.recorded_at.unix_seconds());
        self.ids.insert(recorded.id, log_index);
        self.ids_journal.push((recorded.id, log_index));
        let at = recorded.occurred_at;
        match &recorded.event {
            Event::OrganizationEstablished(event) => self.establish(event.organization, event.level, event.parent, at),
            Event::OrganizationRenamed(_) => {}
            Event::OrganizationMoved(event) => self.move_below(event.organization, event.parent, at),
            Event::OrganizationMerged(event) => self.merge(event.organization, event.into, at),
            Event::OrganizationDissolved(event) => self.end_organization(event.organization, at, NONE),
            Event::MemberRostered(event) => self.roster(event, at),
            Event::MemberTransferred(event) => {
                self.transfer(event.member, event.organization, at);
                self.answer_by_fact(event.member, event.decision);
            }
            Event::MemberReclassified(event) => {
                self.change_member(event.member, |member| {
                    member.class = event.class as u8;
                    member.note_change(at);
                });
                self.answer_by_fact(event.member, event.decision);
            }
            Event::MemberExempted(event) => self.answer_by_fact(event.member, event.decision),
            Event::MemberLeft(event) => {
                self.leave(event.member, at);
                self.answer_by_fact(event.member, event.decision);
            }
            Event::MemberEnrolled(event) => {
                if let Some(key) = self.enrollment_key(event.member, event.community)
                    && self.enrollments.get(&key).is_none()
                {
                    self.enrollments.set(key, at.unix_seconds());
                }
                self.answer_by_fact(event.member, event.decision);
            }
            Event::EnrollmentEnded(event) => {
                // An older log may hold an end before the beginning: it ended nothing.
                if let Some(key) = self.enrollment_key(event.member, event.community)
                    && self.enrollments.get(&key).is_some_and(|since| *since <= at.unix_seconds())
                {
                    self.enrollments.remove(&key);
                }
                self.answer_by_fact(event.member, event.decision);
            }
            Event::ActivityScheduled(event) => {
                if let (Some(organization), None) =
                    (self.organizations.number(&event.organization), self.activities.number(&event.activity))
                {
                    let (starts_at, ends_at, kind, class) = (event.starts_at, event.ends_at, event.kind, event.class);
                    let rules = self.rules_for(starts_at.month());
                    let dates_records = rules.is_none_or(ScoringRules::dates_by_plan);
                    let cancelled = false;
                    let state =
                        ActivityState { organization, starts_at, ends_at, kind, class, dates_records, cancelled };
                    self.activities.add(event.activity, state);
                }
            }
            Event::ActivityCancelled(event) => {
                if let Some(row) = self.activities.number(&event.activity) {
                    self.activities.change(row, |activity| activity.cancelled = true);
                }
            }
            Event::MemberSignedUp(event) => self.sign_up(event.member, event.activity, true),
            Event::SignUpWithdrawn(event) => self.sign_up(event.member, event.activity, false),
            Event::MemberCheckedIn(event) => {
                self.take_part(
                    log_index,
                    recorded,
                    event.member,
                    event.activity,
                    Standing::Open,
                    RecordKind::Service,
                    0,
                );
            }
            Event::MemberCheckedOut(event) => self.check_out(log_index, recorded, event.member, event.activity),
            Event::LateCheckInRecorded(event) => self.late_check_in(log_index, recorded, event),
            Event::AttendanceRecorded(event) => {
                let (kind, minutes) = match event.outcome {
                    AttendanceOutcome::Attended => (RecordKind::Attendance, self.planned_minutes(event.activity)),
                    AttendanceOutcome::OnLeave | AttendanceOutcome::Absent => (RecordKind::Absence, 0),
                };
                let standing = Standing::Unreviewed;
                self.take_part(log_index, recorded, event.member, event.activity, standing, kind, minutes);
            }
            Event::HardshipPairingFormed(event) => {
                if let (Some(member), Some(organization)) =
                    (self.members.number(&event.member), self.organizations.number(&event.organization))
                {
                    let household = self.households.number_or_add(event.household, || ());
                    let formed_minute = at.unix_minutes();
                    let state = PairingState { organization, formed_minute, ended_minute: NONE };
                    self.pairings.set((household, member), state);
                }
            }
            Event::HardshipPairingEnded(event) => {
                if let (Some(household), Some(member)) =
                    (self.households.number(&event.household), self.members.number(&event.member))
                    && let Some(mut state) = self.pairings.get(&(household, member)).cloned()
                {
                    state.ended_minute = at.unix_minutes();
                    self.pairings.set((household, member), state);
                }
            }
            Event::HomeVisitMade(event) => {
                let member = self.members.number(&event.member);
                let pairing = member.and_then(|member| self.pairing(event.household, member));
                if let (Some(member), Some(organization)) = (member, pairing.map(|pairing| pairing.organization)) {
                    self.open_record(
                        log_index,
                        recorded,
                        member,
                        organization,
                        NONE,
                        RecordKind::HomeVisit,
                        event.minutes,
                    );
                }
            }
            Event::DutyRostered(event) => {
                if let (Some(organization), Some(member)) =
                    (self.organizations.number(&event.organization), self.members.number(&event.member))
                {
                    self.duties.set((organization, day_number(event.date), member), 0);
                }
            }
            Event::DutyServed(event) => {
                if let (Some(organization), Some(member)) =
                    (self.organizations.number(&event.organization), self.members.number(&event.member))
                {
                    let kind = RecordKind::Duty;
                    let record = self.open_record(log_index, recorded, member, organization, NONE, kind, event.minutes);
                    self.duties.set((organization, at.local_day(), member), record + 1);
                }
            }
            Event::ServiceApproved(event) => self.approve(recorded, event.record),
            Event::ServiceReturned(event) => self.return_record(recorded, event.record),
            Event::RecordCorrected(event) => {
                self.correct(log_index, recorded, event);
                self.answer_by_correction(event.record, event.decision);
            }
            Event::RecordReversed(event) => {
                self.reverse(recorded, event.record);
                self.answer_by_correction(event.record, event.decision);
            }
            Event::PointsGranted(event) => {
                self.decision(log_index, recorded, event.member, RecordKind::Award);
                self.answer_by_fact(event.member, event.decision);
            }
            Event::PointsDeducted(event) => {
                self.decision(log_index, recorded, event.member, RecordKind::Award);
                self.answer_by_fact(event.member, event.decision);
            }
            Event::PointsReset(event) => self.decision(log_index, recorded, event.member, RecordKind::Veto),
            Event::PointsVetoed(event) => self.decision(log_index, recorded, event.member, RecordKind::Veto),
            Event::DecisionQuashed(event) => {
                self.reverse(recorded, event.decision);
                self.answer_by_quashing(event.decision);
            }
            // A document with faults could not be scored by: the read models don't take it either.
            Event::ScoringRulesAdopted(event) => {
                if event.rules.faults().is_empty() {
                    self.rules.push(Arc::new(event.rules.as_ref().clone()));
                }
            }
            Event::MonthFrozen(event) => self.advance(log_index, event.month, event.organization, MonthStage::Frozen),
            Event::DisclosureOpened(event) => {
                self.advance(log_index, event.month, event.organization, MonthStage::Disclosed);
                self.publish(log_index, recorded.id, (event.organization, event.month), None, day_number(event.until));
            }
            Event::ObjectionRaised(event) => self.object(recorded, event),
            Event::ObjectionAssigned(event) => {
                let assignee = self.actors.number_or_add(event.assignee, || ());
                self.change_objection(event.objection, |objection| objection.assignee = assignee);
            }
            Event::ObjectionUpheld(event) => self.uphold(event.objection, recorded.id),
            Event::ObjectionDismissed(event) => self.change_objection(event.objection, |objection| {
                objection.standing = ObjectionStanding::Dismissed;
            }),
            Event::ObjectionWithdrawn(event) => self.change_objection(event.objection, |objection| {
                objection.standing = ObjectionStanding::Withdrawn;
            }),
            Event::MonthClosed(event) => self.advance(log_index, event.month, event.organization, MonthStage::Closed),
            Event::NoticeIssued(event) => {
                let number = Some(event.number.clone());
                self.publish(log_index, recorded.id, (event.organization, event.month), number, at.local_day());
            }
            Event::DocumentIssued(event) => self.issue_document(recorded.id, event),
            // Decided on nothing but the member: the log has it, and no rule asks for it.
            Event::IdentityCommitted(_) => {}
            Event::NameConsentGiven(event) => self.change_member(event.member, |member| member.consents_to_name = true),
            Event::NameConsentWithdrawn(event) => {
                self.change_member(event.member, |member| member.consents_to_name = false);
            }
            Event::PersonErased(event) => self.change_member(event.member, |member| {
                member.consents_to_name = false;
                member.erased = true;
            }),
            Event::RecordingSuspended(event) => {
                let actor = self.actors.number_or_add(event.recorder, || ());
                self.suspensions.set(actor, event.until.map_or(NONE, day_number));
            }
            Event::RecordingRestored(event) => {
                if let Some(actor) = self.actors.number(&event.recorder) {
                    self.suspensions.remove(&actor);
                }
            }
            Event::SigningKeyRotated(event) => self.rotations.push((log_index, event.new_key.clone())),
        }
    }

    fn establish(
        &mut self,
        organization: OrganizationId,
        level: OrganizationLevel,
        parent: Option<OrganizationId>,
        at: Instant,
    ) {
        if self.organizations.number(&organization).is_some() {
            return;
        }
        let parent = parent.and_then(|parent| self.organizations.number(&parent)).unwrap_or(NONE);
        let row = self.organizations.add(
            organization,
            OrganizationState {
                parent,
                established_minute: at.unix_minutes(),
                ended_minute: NONE,
                successor: NONE,
                level: level as u8,
                settled_month: 0,
                placed_minute: at.unix_minutes(),
                former: NONE,
                members: 0,
                children: 0,
            },
        );
        if parent == NONE {
            self.scalars.root = row;
        } else {
            self.organizations.change(parent, |above| above.children += 1);
        }
    }

    fn move_below(&mut self, organization: OrganizationId, parent: OrganizationId, at: Instant) {
        let (Some(row), Some(parent)) = (self.organizations.number(&organization), self.organizations.number(&parent))
        else {
            return;
        };
        self.detach(row);
        let OrganizationState { parent: above, placed_minute: since_minute, former: previous, .. } =
            *self.organizations.row(row);
        let until_minute = at.unix_minutes();
        let former = self.former_places.add(FormerPlace { above, since_minute, until_minute, previous });
        self.organizations.change(row, |moved| {
            moved.parent = parent;
            moved.placed_minute = until_minute;
            moved.former = former;
        });
        self.organizations.change(parent, |above| above.children += 1);
    }

    fn detach(&mut self, row: u32) {
        let above = self.organizations.row(row).parent;
        if above != NONE {
            self.organizations.change(above, |above| above.children = above.children.saturating_sub(1));
        }
    }

    fn end_organization(&mut self, organization: OrganizationId, at: Instant, successor: u32) {
        if let Some(row) = self.organizations.number(&organization) {
            self.detach(row);
            self.organizations.change(row, |ended| {
                ended.ended_minute = at.unix_minutes();
                ended.successor = successor;
            });
        }
    }

    /// Members and sub-organisations stay attached to the row that ended and are found through its successor.
    fn merge(&mut self, organization: OrganizationId, into: OrganizationId, at: Instant) {
        let (Some(from), Some(into)) = (self.organizations.number(&organization), self.organizations.number(&into))
        else {
            return;
        };
        let OrganizationState { members, children, .. } = *self.organizations.row(from);
        self.end_organization(organization, at, into);
        self.organizations.change(into, |successor| {
            successor.members += members;
            successor.children += children;
        });
    }

    fn roster(&mut self, event: &MemberRostered, at: Instant) {
        let Some(branch) = self.organizations.number(&event.organization) else { return };
        match self.members.number(&event.member) {
            None => {
                let (rostered_minute, class) = (at.unix_minutes(), event.class as u8);
                self.members.add(
                    event.member,
                    MemberState {
                        branch,
                        placed_minute: rostered_minute,
                        former: NONE,
                        rostered_minute,
                        left_minute: NONE,
                        changed_seconds: at.unix_seconds(),
                        class,
                        consents_to_name: false,
                        erased: false,
                        last_record: NONE,
                        moved_start_minute: 0,
                    },
                );
            }
            Some(row) => {
                self.place(row, branch, at, self.members.row(row).left_minute);
                self.members.change(row, |member| {
                    member.class = event.class as u8;
                    member.rostered_minute = at.unix_minutes();
                    member.left_minute = NONE;
                    member.note_change(at);
                });
            }
        }
        self.organizations.change(branch, |organization| organization.members += 1);
    }

    /// From now on they belong to that branch; until when they belonged to the one before is kept.
    fn place(&mut self, row: u32, branch: u32, at: Instant, until_minute: u32) {
        let MemberState { branch: above, placed_minute: since_minute, former: previous, .. } = *self.members.row(row);
        let former = self.former_places.add(FormerPlace { above, since_minute, until_minute, previous });
        self.members.change(row, |member| {
            member.branch = branch;
            member.placed_minute = at.unix_minutes();
            member.former = former;
        });
    }

    fn change_member(&mut self, member: MemberId, change: impl FnOnce(&mut MemberState)) {
        if let Some(row) = self.members.number(&member) {
            self.members.change(row, change);
        }
    }

    fn remove_from_branch(&mut self, member: u32) {
        let branch = self.present(self.members.row(member).branch);
        self.organizations.change(branch, |organization| organization.members = organization.members.saturating_sub(1));
    }

    fn transfer(&mut self, member: MemberId, organization: OrganizationId, at: Instant) {
        let (Some(row), Some(branch)) = (self.members.number(&member), self.organizations.number(&organization)) else {
            return;
        };
        self.remove_from_branch(row);
        self.place(row, branch, at, at.unix_minutes());
        self.members.change(row, |member| member.note_change(at));
        self.organizations.change(branch, |organization| organization.members += 1);
    }

    fn leave(&mut self, member: MemberId, at: Instant) {
        if let Some(row) = self.members.number(&member) {
            self.remove_from_branch(row);
            self.members.change(row, |member| {
                member.left_minute = at.unix_minutes();
                member.note_change(at);
            });
        }
    }

    fn enrollment_key(&self, member: MemberId, community: OrganizationId) -> Option<(u32, u32)> {
        Some((self.members.number(&member)?, self.organizations.number(&community)?))
    }

    fn sign_up(&mut self, member: MemberId, activity: ActivityId, signed_up: bool) {
        if let (Some(member), Some(activity)) = (self.members.number(&member), self.activities.number(&activity)) {
            self.note_entered(member, self.activities.row(activity).starts_at);
            let part = Participation { signed_up, ..self.participation(member, activity) };
            self.participations.set((member, activity), part);
        }
    }

    fn planned_minutes(&self, activity: ActivityId) -> u16 {
        let planned = self.activities.number(&activity).map(|row| self.activities.row(row));
        planned.map_or(0, |activity| minutes_between(activity.starts_at, activity.ends_at))
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one record")]
    fn take_part(
        &mut self,
        log_index: u64,
        recorded: &RecordedEvent,
        member: MemberId,
        activity: ActivityId,
        standing: Standing,
        kind: RecordKind,
        minutes: u16,
    ) {
        let (Some(member), Some(activity)) = (self.members.number(&member), self.activities.number(&activity)) else {
            return;
        };
        let organization = self.activities.row(activity).organization;
        let record = self.open_record(log_index, recorded, member, organization, activity, kind, minutes);
        self.records.change(record, |record| record.standing = standing);
        let part = Participation { record_plus_one: record + 1, ..self.participation(member, activity) };
        self.participations.set((member, activity), part);
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one record")]
    fn open_record(
        &mut self,
        log_index: u64,
        recorded: &RecordedEvent,
        member: u32,
        organization: u32,
        activity: u32,
        kind: RecordKind,
        minutes: u16,
    ) -> u32 {
        let opened_by = self.actors.number_or_add(recorded.recorded_by, || ());
        let dated_at = self.dated(activity, recorded.occurred_at);
        let was_missing = match kind {
            RecordKind::Service
            | RecordKind::Attendance
            | RecordKind::Absence
            | RecordKind::HomeVisit
            | RecordKind::Duty => self.answer_missing(member, dated_at.month()),
            RecordKind::Award | RecordKind::Veto => false,
        };
        self.note_entered(member, dated_at);
        let record = self.records.add(RecordState {
            id_tail: id_tail(recorded.id),
            log_index: number_of(log_index),
            member,
            organization,
            activity,
            opened_by,
            changed_by: NONE,
            reviewed_by: NONE,
            start_minute: recorded.occurred_at.unix_minutes(),
            recorded_minute: recorded.recorded_at.unix_minutes(),
            previous: self.members.row(member).last_record,
            minutes,
            review_round: 0,
            steps_taken: 0,
            kind,
            standing: Standing::Unreviewed,
            was_missing,
        });
        if was_missing {
            self.note_admitted(log_index, recorded, record);
        }
        self.members.change(member, |member| member.last_record = record);
        record
    }

    /// The member's branch of that time has an entry of that month. Nobody waits for a closed one, whatever a decision admits there.
    fn note_entered(&mut self, member: u32, at: Instant) {
        let (number, branch) = (at.month().number(), self.branch_at(member, at.unix_minutes()));
        if self.entered.get(&(number, branch)).is_none() && !self.is_closed(number, branch) {
            self.entered.set((number, branch), ());
        }
    }

    fn check_out(&mut self, log_index: u64, recorded: &RecordedEvent, member: MemberId, activity: ActivityId) {
        let (Some(member), Some(activity)) = (self.members.number(&member), self.activities.number(&activity)) else {
            return;
        };
        if let Some(record) = self.participation(member, activity).record_plus_one.checked_sub(1) {
            let by = self.actors.number_or_add(recorded.recorded_by, || ());
            let end = recorded.occurred_at.unix_minutes();
            let was_missing =
                self.record_state(record).was_missing || self.answer_missing(member, self.record_month(record));
            if was_missing {
                self.note_admitted(log_index, recorded, record);
            }
            self.records.change(record, |record| {
                record.was_missing = was_missing;
                record.minutes = u16::try_from(end.saturating_sub(record.start_minute)).unwrap_or(u16::MAX);
                record.standing = Standing::Unreviewed;
                record.changed_by = by;
            });
        }
    }

    fn late_check_in(&mut self, log_index: u64, recorded: &RecordedEvent, event: &LateCheckInRecorded) {
        let minutes = minutes_between(recorded.occurred_at, event.ended_at);
        let (standing, kind) = (Standing::Unreviewed, RecordKind::Service);
        // A check-in without a check-out is superseded by what is attested afterwards.
        if let (Some(member), Some(activity)) =
            (self.members.number(&event.member), self.activities.number(&event.activity))
            && let Some(open) = self.participation(member, activity).record_plus_one.checked_sub(1)
        {
            self.records.change(open, |record| record.standing = Standing::Reversed);
        }
        self.take_part(log_index, recorded, event.member, event.activity, standing, kind, minutes);
    }

    fn decision(&mut self, log_index: u64, recorded: &RecordedEvent, member: MemberId, kind: RecordKind) {
        if let Some(member) = self.members.number(&member) {
            let branch = self.members.row(member).branch;
            self.open_record(log_index, recorded, member, branch, NONE, kind, 0);
        }
    }

    /// A month never goes back.
    fn advance(&mut self, log_index: u64, month: Month, organization: OrganizationId, stage: MonthStage) {
        let Some(row) = self.organizations.number(&organization) else { return };
        let (key, log_index) = ((month.number(), row), number_of(log_index));
        if self.months.get(&key).is_none_or(|reached| reached.stage < stage) {
            let shown_at = match stage {
                MonthStage::Frozen => NONE,
                MonthStage::Disclosed => log_index,
                MonthStage::Closed => self.disclosure_of(row, month).map_or(log_index, |of| of.log_index),
            };
            self.months.set(key, MonthReached { stage, log_index, shown_at });
        }
        self.organizations.change(row, |settled| settled.settled_month = settled.settled_month.max(month.number()));
        self.scalars.latest_frozen_month = self.scalars.latest_frozen_month.max(month.number());
        if stage == MonthStage::Closed {
            self.scalars.latest_closed_month = self.scalars.latest_closed_month.max(month.number());
            self.forget_entered(row, month);
        }
    }

    fn publish(
        &mut self,
        log_index: u64,
        id: EventId,
        (organization, month): (OrganizationId, Month),
        number: Option<String>,
        day: u32,
    ) {
        if let Some(organization) = self.organizations.number(&organization) {
            let (month, log_index) = (month.number(), number_of(log_index));
            self.publications.push(Publication { event: id.0, organization, month, number, day, log_index });
        }
    }

    fn issue_document(&mut self, id: EventId, event: &DocumentIssued) {
        let Some(organization) = self.organizations.number(&event.organization) else { return };
        if self.files.get(&event.digest.0).is_some() || self.documents.number(&id).is_some() {
            return;
        }
        if let Some(superseded) = event.supersedes.and_then(|superseded| self.document(superseded)) {
            self.documents.change(superseded, |document| document.superseded = true);
        }
        if let Some(number) = &event.number {
            self.certificates.set((organization, number.clone()), ());
        }
        let state = DocumentState {
            kind: event.kind as u8,
            organization,
            member: event.member.and_then(|member| self.members.number(&member)).unwrap_or(NONE),
            activity: event.activity.and_then(|activity| self.activities.number(&activity)).unwrap_or(NONE),
            month: event.month.map_or(0, Month::number),
            superseded: false,
        };
        let row = self.documents.add(id, state);
        self.files.set(event.digest.0, row);
    }
}

impl MemberState {
    /// Changes told out of their order, as older logs may hold them, leave the latest.
    fn note_change(&mut self, at: Instant) {
        self.changed_seconds = self.changed_seconds.max(at.unix_seconds());
    }
}

/// A log index as the state holds it.
pub(super) fn number_of(log_index: u64) -> u32 {
    u32::try_from(log_index).expect("fewer than 2^32 - 1 entries")
}

fn minutes_between(start: Instant, end: Instant) -> u16 {
    u16::try_from(end.unix_minutes().saturating_sub(start.unix_minutes())).unwrap_or(u16::MAX)
}
