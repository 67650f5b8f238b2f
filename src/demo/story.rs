//! What becomes of the last month after its end: frozen, disclosed, objected to, closed, issued, corrected, and issued anew.
//!
//! Invariant: each act of office comes on a day on which the ledger takes it, whatever the holidays.

use super::agenda::Slot;
use super::day::{MINUTES_AN_HOUR, local};
use super::founding::closing;
use super::review::Waiting;
use super::service::Shift;
use super::{Document, Plan};
use crate::identity::Actor;
use mingzhang_events::{
    CorrectionReason, DisclosureRules, DismissalReason, Event, EventId, Evidence, LegalCalendar, MonthClosed,
    MonthFrozen, NameConsentWithdrawn, ObjectionAssigned, ObjectionDismissed, ObjectionGround, ObjectionRaised,
    ObjectionUpheld, OrganizationId, RecordCorrected, ScoringRules, ScoringRulesAdopted, ServiceApproved, day_number,
};
use mingzhang_events::{Instant, Month};

/// How long the draft is shown.
const WORKING_DAYS: u8 = 3;
/// The half hour with which a patrol wasn't credited.
const MINUTES_MISSED: u32 = 30;

/// The days of its acts, as day numbers since 1970.
#[derive(Debug)]
pub(super) struct Story {
    month: Month,
    /// Frozen and disclosed.
    frozen: u32,
    /// Objections are raised and assigned on the first working day, decided on the second.
    raised: u32,
    decided: u32,
    /// The day after the disclosure's last.
    closed: u32,
    /// How many records have a part in it so far.
    records: u32,
}

impl Story {
    /// The story of a month; none where the working days after it aren't known.
    pub(super) fn of(month: Month, rules: &ScoringRules) -> Option<Story> {
        let calendar = LegalCalendar::adopted([rules]);
        let frozen = closing(month).local_date();
        let after = |working_days| calendar.working_day_after(frozen, working_days).ok().map(day_number);
        Some(Story {
            month,
            frozen: day_number(frozen),
            raised: after(1)?,
            decided: after(2)?,
            closed: after(WORKING_DAYS)? + 1,
            records: 0,
        })
    }

    /// Whether it is about a month.
    pub(super) fn is_of(&self, month: Month) -> bool {
        self.month == month
    }

    /// The day of the superseding notice.
    pub(super) fn last_day(&self) -> u32 {
        self.closed + 1
    }
}

fn at(day: u32, hour: u32) -> Instant {
    local(day, hour * MINUTES_AN_HOUR, 0)
}

fn office(plan: &mut Plan, slot: Slot, event: impl Into<Event>) -> EventId {
    plan.agenda.add(slot, event, Evidence::Office, slot.at)
}

/// Puts what the office does of its own accord on the agenda: it adopts rules that demand a disclosure, freezes, discloses, closes.
/// Somebody thinks better of a consent.
pub(super) fn announce(plan: &mut Plan, organization: OrganizationId, founded: Slot) {
    let Some(story) = &plan.story else { return };
    let (month, frozen, closed) = (story.month, story.frozen, story.closed);
    let mut rules = plan.options.rules.clone();
    rules.version = "demo-disclosure".parse().expect("a version");
    rules.effective_from = month;
    rules.disclosure = Some(DisclosureRules {
        answer_within_working_days: Some(WORKING_DAYS),
        notice_working_days: None,
        objector_roles: Vec::new(),
        objectors: None,
        working_days: WORKING_DAYS,
    });
    office(plan, founded, ScoringRulesAdopted { rules: Box::new(rules) });
    let publisher = plan.cast.publisher;
    let by_publisher = |day, hour| Slot { at: at(day, hour), by: publisher };
    office(plan, by_publisher(frozen, 10), MonthFrozen { counts_no_shows: true, month, organization });
    plan.agenda.compose(by_publisher(frozen, 11), Document::Disclosure { month, working_days: WORKING_DAYS });
    office(plan, by_publisher(closed, 10), MonthClosed { month, organization });
    plan.agenda.compose(by_publisher(closed, 10), Document::Notice { month });
    if let Some((member, by)) = plan.cast.first_consent {
        let slot = Slot { at: at(frozen, 9), by };
        plan.agenda.note(slot, NameConsentWithdrawn { member }, Evidence::Attested, slot.at);
    }
}

/// Gives a patrol a part in the story, if it still needs one: the first is corrected after the close, the second credited with more
/// because its member objects, the objection to the third is dismissed. Nobody has reviewed any of them.
pub(super) fn take_part(plan: &mut Plan, shift: &Shift) {
    let Some(story) = &mut plan.story else { return };
    if !story.is_of(shift.waiting.start.month()) {
        return;
    }
    story.records += 1;
    match story.records {
        1 => correct_after_the_close(plan, shift),
        2 => object(plan, shift, None),
        3 => object(plan, shift, Some(DismissalReason::RecordConfirmed)),
        _ => {}
    }
}

/// The member objects to the record; it is dismissed for a reason, or upheld and corrected.
fn object(plan: &mut Plan, shift: &Shift, dismissed: Option<DismissalReason>) {
    let Some(&Story { raised, decided, records, .. }) = plan.story.as_ref() else { return };
    let id = format!("m-{records}").parse().expect("a pseudonym");
    let own = plan.cast.add_actor(Actor { id, member: Some(shift.member), grants: Vec::new() });
    let (record, reviewer, publisher) = (shift.waiting.record, shift.office.reviewer, plan.cast.publisher);
    let assignee = plan.cast.actors[reviewer.0 as usize].id;

    let ground = ObjectionGround::TimeWrong;
    let raised_by = Slot { at: at(raised, 9), by: own };
    let objection =
        office(plan, raised_by, ObjectionRaised { for_member: false, ground, member: shift.member, subject: record });
    office(plan, Slot { at: at(raised, 14), by: publisher }, ObjectionAssigned { assignee, objection });
    let decides = Slot { at: at(decided, 10), by: reviewer };
    if let Some(reason) = dismissed {
        office(plan, decides, ObjectionDismissed { clause: None, objection, reason });
        return;
    }
    let decision = office(plan, decides, ObjectionUpheld { clause: None, objection });
    let minutes = shift.minutes + MINUTES_MISSED;
    correct(plan, shift, decided, minutes, CorrectionReason::ObjectionUpheld, Some(decision));
}

/// Half of the patrol was entered wrongly, which shows after the notice was issued. The next day there is another in its place.
fn correct_after_the_close(plan: &mut Plan, shift: &Shift) {
    let Some(&Story { month, closed, .. }) = plan.story.as_ref() else { return };
    correct(plan, shift, closed, shift.minutes / 2, CorrectionReason::EnteredWrongly, None);
    let slot = Slot { at: at(closed + 1, 10), by: plan.cast.publisher };
    plan.agenda.compose(slot, Document::SupersedingNotice { month });
}

/// On the afternoon of a day by the publisher; reviewed anew in the evening.
fn correct(
    plan: &mut Plan,
    shift: &Shift,
    day: u32,
    minutes: u32,
    reason: CorrectionReason,
    decision: Option<EventId>,
) {
    let Waiting { record, start, .. } = shift.waiting;
    let minutes = u16::try_from(minutes).expect("within a day");
    let afternoon = Slot { at: at(day, 15), by: plan.cast.publisher };
    let corrected = RecordCorrected { decision, minutes, reason, record };
    plan.agenda.note(afternoon, corrected, Evidence::Attested, start);
    let evening = Slot { at: at(day, 20), by: shift.office.reviewer };
    office(plan, evening, ServiceApproved { record });
}
