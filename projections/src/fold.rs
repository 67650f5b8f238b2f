//! One event into the read models. Every kind of event is named here; none is skipped by a wildcard.
//!
//! Marks the member-months whose points an event may change: too many is slow, too few would be wrong.

use crate::awards::{Decision, Ruling};
use crate::intern::NONE;
use crate::models::ReadModels;
use crate::months::{Close, Disclosure, Notice};
use crate::objections::{Decided, ObjectionStanding};
use crate::records::{Form, Opening, Review};
use crate::revisions::{Admitted, Counted, Revised};
use crate::span::{month_start, whole_minutes};
use mingzhang_events::{
    ActivityId, AttendanceOutcome, AttendanceRecorded, ClauseId, DecisionQuashed, DisclosureOpened, Event, EventId,
    MemberId, Month, MonthClosed, NoticeFormat, NoticeIssued, OrganizationId, Points, RecordCorrected, RecordReversed,
    RecordedEvent, ServiceReturned, SignUpWithdrawn, day_number,
};

impl ReadModels {
    /// Applies the entry at `log_index`, which follows the one applied before. Never panics: an event that doesn't fit what
    /// came before, such as a check-out without a check-in, changes nothing. A ledger has at most 2^32 − 2 entries (forty
    /// years of the largest city); those beyond are counted and otherwise ignored.
    pub fn apply(&mut self, log_index: u64, event: &RecordedEvent) {
        self.tree_size = log_index.saturating_add(1);
        self.newest_recorded_at = self.newest_recorded_at.max(event.recorded_at.unix_seconds());
        let Some(log_index) = u32::try_from(log_index).ok().filter(|&log_index| log_index < NONE - 1) else { return };
        self.recorded_days.note(log_index, self.newest_recorded_at);
        let _ = self.fold(log_index, event);
    }

    /// `None` for an event that doesn't fit.
    fn fold(&mut self, log_index: u32, recorded: &RecordedEvent) -> Option<()> {
        let at = recorded.occurred_at.unix_seconds();
        let month = recorded.occurred_at.month();
        match &recorded.event {
            Event::OrganizationEstablished(e) => {
                let fits = self.organizations.establish(e.organization, e.level, &e.name, e.parent, at);
                fits.then(|| self.cache.tree_changed(self.tree_size))
            }
            Event::OrganizationRenamed(e) => {
                let organization = self.organizations.number(e.organization)?;
                self.organizations.rename(organization, &e.name, at);
                self.cache.organizations_changed(self.tree_size);
                Some(())
            }
            Event::OrganizationMoved(e) => {
                let (moved, parent) =
                    (self.organizations.number(e.organization)?, self.organizations.number(e.parent)?);
                self.organizations.place_below(moved, parent, at).then(|| self.mark_below(moved, at, month))
            }
            Event::OrganizationMerged(e) => {
                let (merged, into) = (self.organizations.number(e.organization)?, self.organizations.number(e.into)?);
                self.organizations.merge(merged, into, at).then(|| self.mark_below(merged, at, month))
            }
            Event::OrganizationDissolved(e) => {
                let organization = self.organizations.number(e.organization)?;
                self.organizations.dissolve(organization, at);
                self.cache.tree_changed(self.tree_size);
                Some(())
            }
            Event::MemberRostered(e) => {
                let organization = self.organizations.number(e.organization)?;
                let member = self.roster.enter(log_index, e.member, e.class, organization, at);
                self.mark_member_from(member, month);
                Some(())
            }
            Event::MemberTransferred(e) => {
                self.note_admitted(log_index, recorded, e.member, Admitted::Transferred, e.decision);
                let organization = self.organizations.number(e.organization)?;
                let member = self.roster.number(e.member)?;
                self.roster.transfer(log_index, member, organization, at).then(|| self.mark_member_from(member, month))
            }
            Event::MemberReclassified(e) => {
                self.note_admitted(log_index, recorded, e.member, Admitted::Reclassified, e.decision);
                let member = self.roster.number(e.member)?;
                self.roster.reclassify(log_index, member, e.class, at).then(|| self.mark_member_from(member, month))
            }
            Event::MemberExempted(e) => {
                self.note_admitted(log_index, recorded, e.member, Admitted::Exempted, e.decision);
                let member = self.roster.number(e.member)?;
                self.roster.exempt(member, e.reason, e.until.map(day_number), at);
                self.mark_member_from(member, month);
                Some(())
            }
            Event::MemberLeft(e) => {
                self.note_admitted(log_index, recorded, e.member, Admitted::Left, e.decision);
                let member = self.roster.number(e.member)?;
                self.roster.leave(log_index, member, e.reason, at).then(|| self.mark_member_from(member, month))
            }
            Event::MemberEnrolled(e) => {
                self.note_admitted(log_index, recorded, e.member, Admitted::Enrolled, e.decision);
                let community = self.organizations.number(e.community)?;
                let member = self.roster.number(e.member)?;
                self.roster.enroll(member, community, at);
                self.cache.figures_changed_from(month);
                Some(())
            }
            Event::EnrollmentEnded(e) => {
                self.note_admitted(log_index, recorded, e.member, Admitted::EnrollmentEnded, e.decision);
                let community = self.organizations.number(e.community)?;
                let member = self.roster.number(e.member)?;
                self.roster.end_enrollment(member, community, at);
                self.cache.figures_changed_from(month);
                Some(())
            }
            Event::ActivityScheduled(e) => {
                let organization = self.organizations.number(e.organization)?;
                let rules = self.rules.in_force(e.starts_at.month());
                let dates_records = rules.is_none_or(|compiled| compiled.rules.dates_by_plan());
                let month = self.activities.schedule(e, organization, dates_records, log_index)?;
                self.cache.figures_changed(month);
                Some(())
            }
            Event::ActivityCancelled(e) => {
                let number = self.activities.number(e.activity)?;
                let activity = self.activities.get(number);
                if !activity.is_cancelled() {
                    self.activities.cancel(number, log_index);
                    self.cancelled.push(number);
                    self.cache.figures_changed(Month::from_number(activity.month)?);
                }
                Some(())
            }
            Event::MemberSignedUp(e) => self.sign_up(log_index, e.member, e.activity),
            Event::SignUpWithdrawn(e) => self.withdraw(e, at),
            Event::MemberCheckedIn(e) => {
                let (member, activity) = (self.roster.number(e.member)?, self.activities.number(e.activity)?);
                if self.participation.open_check_in(member, activity).is_some() {
                    return None;
                }
                let opening = Opened { form: Form::CheckIn, subject: activity, minutes: 0, open: true };
                let record = self.open(log_index, recorded, month, member, &opening);
                self.participation.note_open(member, activity, record);
                Some(())
            }
            Event::MemberCheckedOut(e) => self.check_out(log_index, recorded, e.member, e.activity),
            Event::LateCheckInRecorded(e) => {
                let (member, activity) = (self.roster.number(e.member)?, self.activities.number(e.activity)?);
                let minutes = whole_minutes(at, e.ended_at.unix_seconds())?;
                // A check-in without a check-out gives way to what is attested afterwards.
                if let Some(unfinished) = self.participation.open_check_in(member, activity) {
                    self.reverse_record(log_index, unfinished);
                }
                let opening = Opened { form: Form::CheckIn, subject: activity, minutes, open: false };
                self.open(log_index, recorded, month, member, &opening);
                Some(())
            }
            Event::AttendanceRecorded(e) => self.record_attendance(log_index, recorded, month, e),
            Event::HardshipPairingFormed(e) => {
                let member = self.roster.number(e.member)?;
                let household = self.pairings.household(e.household);
                let head = &mut self.roster.members[member as usize].pairing;
                *head = self.pairings.form(*head, household, at);
                self.cache.figures_changed_from(month);
                Some(())
            }
            Event::HardshipPairingEnded(e) => {
                let member = self.roster.number(e.member)?;
                let household = self.pairings.household(e.household);
                self.pairings.end(self.roster.members[member as usize].pairing, household, at);
                self.cache.figures_changed_from(month);
                Some(())
            }
            Event::HomeVisitMade(e) => {
                let member = self.roster.number(e.member)?;
                let subject = self.pairings.household(e.household);
                let opening = Opened { form: Form::HomeVisit, subject, minutes: e.minutes, open: false };
                self.open(log_index, recorded, month, member, &opening);
                Some(())
            }
            Event::DutyRostered(e) => {
                let (member, organization) =
                    (self.roster.number(e.member)?, self.organizations.number(e.organization)?);
                self.duty.roster(day_number(e.date), organization, member);
                self.cache.figures_changed(Month::of(e.date));
                Some(())
            }
            Event::DutyServed(e) => {
                let (member, subject) = (self.roster.number(e.member)?, self.organizations.number(e.organization)?);
                let opening = Opened { form: Form::Duty, subject, minutes: e.minutes, open: false };
                self.open(log_index, recorded, month, member, &opening);
                Some(())
            }
            Event::ServiceApproved(e) => self.approve(log_index, recorded, e.record),
            Event::ServiceReturned(e) => self.return_record(log_index, recorded, e),
            Event::RecordCorrected(e) => self.correct(log_index, recorded, e, month),
            Event::RecordReversed(e) => self.reverse(log_index, recorded, e),
            Event::PointsGranted(e) => {
                self.note_admitted(log_index, recorded, e.member, Admitted::Granted, e.decision);
                self.award(log_index, recorded, e.member, e.clause, e.points, Ruling::Granted)
            }
            Event::PointsDeducted(e) => {
                self.note_admitted(log_index, recorded, e.member, Admitted::Deducted, e.decision);
                self.award(log_index, recorded, e.member, e.clause, e.points, Ruling::Deducted)
            }
            Event::PointsReset(e) => self.decide(log_index, recorded, e.member, e.clause, 0, Ruling::Reset),
            Event::PointsVetoed(e) => self.decide(log_index, recorded, e.member, e.clause, 0, Ruling::Vetoed),
            Event::DecisionQuashed(e) => self.quash(log_index, recorded, e),
            Event::ScoringRulesAdopted(e) => {
                if self.rules.adopt(&e.rules, log_index) {
                    self.mark_months_from(e.rules.effective_from);
                }
                Some(())
            }
            Event::MonthFrozen(e) => {
                let organization = self.organizations.number(e.organization)?;
                self.months.freeze(e.month, organization, Close { at, log_index });
                if e.counts_no_shows {
                    self.count_no_shows(e.month, organization);
                }
                Some(())
            }
            Event::DisclosureOpened(e) => self.disclose(log_index, e, recorded.id, at),
            Event::ObjectionRaised(e) => self.raise_objection(log_index, recorded, e),
            Event::ObjectionAssigned(e) => self.objections.assign(e.objection, e.assignee),
            Event::ObjectionUpheld(e) => {
                let decided = Decided { standing: ObjectionStanding::Upheld, clause: e.clause, reason: None };
                self.objections.decide(e.objection, recorded, decided)
            }
            Event::ObjectionDismissed(e) => {
                let (standing, reason) = (ObjectionStanding::Dismissed, Some(e.reason));
                self.objections.decide(e.objection, recorded, Decided { standing, clause: e.clause, reason })
            }
            Event::ObjectionWithdrawn(e) => {
                let decided = Decided { standing: ObjectionStanding::Withdrawn, clause: None, reason: None };
                self.objections.decide(e.objection, recorded, decided)
            }
            Event::MonthClosed(e) => self.close_month(log_index, e, at),
            Event::NoticeIssued(e) => self.notice(log_index, e, recorded.id, at),
            Event::DocumentIssued(e) => self.issue_document(log_index, e, recorded.id, at),
            Event::NameConsentGiven(e) => {
                let member = self.roster.number(e.member)?;
                self.people.consent(member);
                Some(())
            }
            Event::NameConsentWithdrawn(e) => {
                let member = self.roster.number(e.member)?;
                self.people.withdraw_consent(member);
                Some(())
            }
            Event::PersonErased(e) => {
                let member = self.roster.number(e.member)?;
                self.people.erase(member);
                Some(())
            }
            Event::RecordingSuspended(e) => {
                self.sanctions.suspend(e.recorder, e.reason, e.until.map(day_number), at, log_index);
                Some(())
            }
            Event::RecordingRestored(e) => self.sanctions.restore(e.recorder, at),
            // Whom an id stands for changes no figure: whoever asks for it looks through the entries.
            Event::IdentityCommitted(_) => None,
            // Who signs the log is nothing that anybody earned or did.
            Event::SigningKeyRotated(_) => None,
        }
    }

    fn sign_up(&mut self, log_index: u32, member: MemberId, activity: ActivityId) -> Option<()> {
        let (member, activity) = (self.roster.number(member)?, self.activities.number(activity)?);
        let month = Month::from_number(self.activities.get(activity).month)?;
        let number = self.member_months.find_or_add(&mut self.roster.members, member, month);
        let head = self.member_months.get(number).sign_ups;
        if self.participation.sign_ups(head).any(|(_, sign_up)| sign_up.activity == activity) {
            return None;
        }
        self.member_months.get_mut(number).sign_ups = self.participation.add(activity, log_index, head);
        self.mark_sign_up(number, month);
        Some(())
    }

    fn withdraw(&mut self, withdrawn: &SignUpWithdrawn, at: i64) -> Option<()> {
        let (member, number) = (self.roster.number(withdrawn.member)?, self.activities.number(withdrawn.activity)?);
        let activity = self.activities.get(number);
        if at >= activity.starts_at {
            return None;
        }
        let month = Month::from_number(activity.month)?;
        let member_month = self.member_months.find(&self.roster.members[member as usize], month)?;
        let head = self.member_months.get(member_month).sign_ups;
        let (sign_up, _) = self.participation.sign_ups(head).find(|(_, sign_up)| sign_up.activity == number)?;
        self.participation.withdraw(sign_up);
        self.mark_sign_up(member_month, month);
        Some(())
    }

    /// A sign-up bears on points only once no-shows are known.
    fn mark_sign_up(&mut self, member_month: u32, month: Month) {
        self.cache.figures_changed(month);
        if self.months.any_no_shows(month) {
            self.member_months.mark(member_month);
        }
    }

    fn check_out(
        &mut self,
        log_index: u32,
        recorded: &RecordedEvent,
        member: MemberId,
        activity: ActivityId,
    ) -> Option<()> {
        let (member, activity) = (self.roster.number(member)?, self.activities.number(activity)?);
        let record = self.participation.open_check_in(member, activity)?;
        let owner = self.records.owner(record);
        let dated = self.dated(record, self.records.get(record), self.member_months.get(owner).month());
        let minutes = whole_minutes(dated.served_from, recorded.occurred_at.unix_seconds())?;
        self.participation.close(member, activity);
        self.records.check_out(record, minutes, log_index);
        self.mark_record(record, owner);
        let (month, opened) = (self.member_months.get(owner).month(), self.records.log_index(record));
        let decision = self.objections.complete(member, month, opened, log_index);
        self.note_revision(log_index, recorded, (owner, record), Revised::CheckedOut, decision);
        Some(())
    }

    fn record_attendance(
        &mut self,
        log_index: u32,
        recorded: &RecordedEvent,
        month: Month,
        e: &AttendanceRecorded,
    ) -> Option<()> {
        let (member, subject) = (self.roster.number(e.member)?, self.activities.number(e.activity)?);
        let (form, minutes) = match e.outcome {
            AttendanceOutcome::Attended => (Form::Attended, self.activities.get(subject).length_minutes),
            AttendanceOutcome::OnLeave => (Form::OnLeave, 0),
            AttendanceOutcome::Absent => (Form::Absent, 0),
        };
        self.open(log_index, recorded, month, member, &Opened { form, subject, minutes, open: false });
        Some(())
    }

    /// `own` is the month in which the service began.
    fn open(&mut self, log_index: u32, recorded: &RecordedEvent, own: Month, member: u32, opened: &Opened) -> u32 {
        let activity = opened.form.is_at_activity().then_some(opened.subject);
        let month = self.dated_month(activity, own);
        let owner = self.member_months.find_or_add(&mut self.roster.members, member, month);
        let opening = Opening {
            form: opened.form,
            subject: opened.subject,
            evidence: recorded.evidence,
            minutes: opened.minutes,
            served_from: recorded.occurred_at.unix_seconds() - month_start(month),
            open: opened.open,
        };
        let head = self.member_months.get(owner).records;
        let record = self.records.open(recorded.id, log_index, owner, head, &opening);
        let decision = self.objections.enter(member, month, log_index);
        self.member_months.get_mut(owner).records = record;
        if let Some(activity) = activity {
            self.activities.count_record(activity);
            self.activities.note_month(activity, month);
        }
        self.mark_record(record, owner);
        self.note_revision(log_index, recorded, (owner, record), Revised::Recorded, decision);
        record
    }

    /// Takes the next step of the review chain as it is now; only after the last one is the record approved.
    fn approve(&mut self, log_index: u32, recorded: &RecordedEvent, record: EventId) -> Option<()> {
        let record = self.standing_record(record)?;
        let month = self.member_months.get(self.records.owner(record)).month();
        let steps = self.rules.in_force(month).map_or(1, |compiled| compiled.rules.review_steps());
        if self.review_steps.take(record, steps) {
            self.records.get_mut(record).set_review(Review::Approved);
            self.note_review(log_index, recorded, record, Revised::Approved);
        }
        self.amend(record, log_index);
        Some(())
    }

    fn return_record(&mut self, log_index: u32, recorded: &RecordedEvent, e: &ServiceReturned) -> Option<()> {
        let record = self.standing_record(e.record)?;
        self.review_steps.forget(record);
        self.records.get_mut(record).set_review(Review::Returned);
        self.amend(record, log_index);
        self.note_review(log_index, recorded, record, Revised::Returned(e.reason));
        Some(())
    }

    /// A review of what was missing follows from the decision that admitted it.
    fn note_review(&mut self, log_index: u32, recorded: &RecordedEvent, record: u32, revised: Revised) {
        let decision = self.objections.admitted(self.records.log_index(record));
        self.note_revision(log_index, recorded, (self.records.owner(record), record), revised, decision);
    }

    fn correct(&mut self, log_index: u32, recorded: &RecordedEvent, e: &RecordCorrected, own: Month) -> Option<()> {
        let at = recorded.occurred_at.unix_seconds();
        let record = self.standing_record(e.record)?;
        self.forget_open(record);
        self.review_steps.forget(record);
        // The month it is taken out of changes as much as the one it is put into.
        let from = self.records.owner(record);
        let activity = self.records.get(record).activity();
        self.mark_record(record, from);
        let before = self.counted_record(from, record);
        let counted = Counted { at: before.at.min(self.dated_at(activity, at)), ..before };
        self.note_revised(log_index, recorded, counted, Revised::Corrected(e.reason), e.decision);
        let (member, month) = (self.member_months.get(from).member, self.dated_month(activity, own));
        let to = self.member_months.find_or_add(&mut self.roster.members, member, month);
        if from != to {
            let head = self.member_months.get(from).records;
            self.member_months.get_mut(from).records = self.records.unlink(record, head);
            if let Some(activity) = activity {
                self.activities.note_month(activity, month);
            }
            let head = self.member_months.get(to).records;
            self.records.link(record, to, head);
            self.member_months.get_mut(to).records = record;
            let heads = (self.member_months.get(from).amendments, self.member_months.get(to).amendments);
            let heads = self.amendments.transfer(record, heads.0, heads.1);
            self.member_months.get_mut(from).amendments = heads.0;
            self.member_months.get_mut(to).amendments = heads.1;
        }
        self.records.correct(record, at - month_start(month), e.minutes);
        self.objections.correct(e.decision, log_index);
        self.amend(record, log_index);
        Some(())
    }

    fn reverse(&mut self, log_index: u32, recorded: &RecordedEvent, e: &RecordReversed) -> Option<()> {
        let revised = Revised::Reversed(e.reason);
        if let Some(award) = self.awards.number(e.record) {
            self.objections.correct(e.decision, log_index);
            self.objections.reverse(|subject| subject == e.record, log_index);
            self.note_ruling(log_index, recorded, award, revised, e.decision);
            return self.undo(log_index, award, false);
        }
        let record = self.standing_record(e.record)?;
        self.objections.correct(e.decision, log_index);
        self.note_revision(log_index, recorded, (self.records.owner(record), record), revised, e.decision);
        self.reverse_record(log_index, record);
        Some(())
    }

    fn reverse_record(&mut self, log_index: u32, record: u32) {
        self.forget_open(record);
        self.review_steps.forget(record);
        self.records.get_mut(record).reverse();
        self.objections.reverse(|subject| self.records.number(subject) == Some(record), log_index);
        self.amend(record, log_index);
    }

    /// A record that hasn't been reversed; nothing brings a reversed one back.
    fn standing_record(&self, id: EventId) -> Option<u32> {
        self.records.number(id).filter(|&record| !self.records.get(record).is_reversed())
    }

    fn forget_open(&mut self, record: u32) {
        let entry = self.records.get(record);
        if entry.is_open() {
            let member = self.member_months.get(self.records.owner(record)).member;
            self.participation.close(member, entry.subject);
        }
    }

    fn amend(&mut self, record: u32, log_index: u32) {
        let owner = self.records.owner(record);
        let head = self.member_months.get(owner).amendments;
        self.member_months.get_mut(owner).amendments = self.amendments.add(record, log_index, head);
        self.mark_record(record, owner);
    }

    fn quash(&mut self, log_index: u32, recorded: &RecordedEvent, e: &DecisionQuashed) -> Option<()> {
        let award = self.awards.number(e.decision)?;
        if !matches!(self.awards.get(award).ruling, Ruling::Reset | Ruling::Vetoed) {
            return None;
        }
        let of = self.member_months.get(self.awards.get(award).member_month);
        let decision = self.objections.quash(e.decision, (of.member, of.month()), log_index);
        self.note_ruling(log_index, recorded, award, Revised::Quashed(e.reason), decision);
        self.undo(log_index, award, true)
    }

    fn note_ruling(
        &mut self,
        log_index: u32,
        recorded: &RecordedEvent,
        award: u32,
        revised: Revised,
        decision: Option<EventId>,
    ) {
        let of = self.awards.get(award);
        let member_month = self.member_months.get(of.member_month);
        let counted = Counted { member: member_month.member, month: member_month.month(), at: of.at, place: NONE };
        self.note_revised(log_index, recorded, counted, revised, decision);
    }

    /// Takes back a decision, of a reset or a veto with all that it did to later months.
    fn undo(&mut self, log_index: u32, award: u32, quashed: bool) -> Option<()> {
        let number = self.awards.reverse(award, log_index, quashed);
        self.member_months.mark(number);
        if matches!(self.awards.get(award).ruling, Ruling::Reset | Ruling::Vetoed) {
            let of = self.member_months.get(number);
            self.cache.roster_changed(of.member, of.month());
        }
        Some(())
    }

    fn award(
        &mut self,
        log_index: u32,
        recorded: &RecordedEvent,
        member: MemberId,
        clause: ClauseId,
        points: Points,
        ruling: Ruling,
    ) -> Option<()> {
        let above_zero = points > Points::ZERO;
        above_zero.then(|| self.decide(log_index, recorded, member, clause, points.hundredths(), ruling))?
    }

    fn decide(
        &mut self,
        log_index: u32,
        recorded: &RecordedEvent,
        member: MemberId,
        clause: ClauseId,
        hundredths: i64,
        ruling: Ruling,
    ) -> Option<()> {
        let member = self.roster.number(member)?;
        let month = recorded.occurred_at.month();
        let number = self.member_months.find_or_add(&mut self.roster.members, member, month);
        let decision = Decision {
            event: recorded.id,
            clause,
            at: recorded.occurred_at.unix_seconds(),
            hundredths,
            log_index,
            evidence: recorded.evidence,
            ruling,
        };
        self.awards.add(member, number, decision);
        self.member_months.mark(number);
        if matches!(ruling, Ruling::Reset | Ruling::Vetoed) {
            // Base points of later months may be vetoed with it, also where nothing else happened.
            self.cache.roster_changed(member, month);
        }
        Some(())
    }

    fn close_month(&mut self, log_index: u32, e: &MonthClosed, at: i64) -> Option<()> {
        let organization = self.organizations.number(e.organization)?;
        self.months.close(e.month, organization, Close { at, log_index });
        self.count_no_shows(e.month, organization);
        Some(())
    }

    fn disclose(&mut self, log_index: u32, e: &DisclosureOpened, event: EventId, at: i64) -> Option<()> {
        self.months.disclosures.push(Disclosure {
            event: event.0,
            digest: e.digest.clone(),
            month: e.month.number(),
            organization: self.organizations.number(e.organization)?,
            root_hash: e.root_hash.clone(),
            tree_size: e.tree_size,
            until_day: day_number(e.until),
            working_days: e.working_days,
            at,
            log_index,
        });
        Some(())
    }

    fn notice(&mut self, log_index: u32, e: &NoticeIssued, event: EventId, at: i64) -> Option<()> {
        let notice = Notice {
            supersedes: e.supersedes.map(|notice| notice.0),
            superseded_by: None,
            event: event.0,
            digest: e.digest.clone(),
            format: e.format.unwrap_or(NoticeFormat::First) as u8,
            month: e.month.number(),
            number: e.number.clone(),
            organization: self.organizations.number(e.organization)?,
            root_hash: e.root_hash.clone(),
            tree_size: e.tree_size,
            at,
            log_index,
        };
        self.months.issue(notice);
        Some(())
    }

    /// The number of an organisation that queries may be asked about.
    pub(crate) fn organization_number(&self, id: OrganizationId) -> Option<u32> {
        self.organizations.number(id)
    }
}

/// What opens a record, before its month is known.
struct Opened {
    form: Form,
    subject: u32,
    minutes: u16,
    open: bool,
}
