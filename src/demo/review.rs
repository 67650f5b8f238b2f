//! 审核: what becomes of a record after it was recorded: approved, returned, mended, reversed, or left lying.

use super::Plan;
use super::agenda::Slot;
use super::cast::Office;
use super::day::{MINUTES_AN_HOUR, local};
use super::founding::closing;
use super::random::Random;
use mingzhang_events::{
    CorrectionReason, EventId, Evidence, Instant, RecordCorrected, RecordReversed, ReturnReason, ServiceApproved,
    ServiceReturned,
};

/// A record that waits for its review.
pub(super) struct Waiting {
    pub(super) record: EventId,
    pub(super) start: Instant,
    /// Its length, if it has one that can be corrected.
    pub(super) minutes: Option<u32>,
    /// When it was complete.
    pub(super) recorded_at: Instant,
}

/// Reviews a record on one of the evenings after it, if its month is still open then.
pub(super) fn review(plan: &mut Plan, office: Office, waiting: &Waiting, random: &mut Random) {
    let evening = |day: u32| local(day, 20 * MINUTES_AN_HOUR + 30, 0);
    let day = waiting.recorded_at.local_day() + random.between(1, 3);
    let until = closing(waiting.start.month());
    if random.permille(15) || evening(day) >= until {
        return;
    }
    let slot = Slot { at: evening(day), by: office.reviewer };
    let record = waiting.record;
    match waiting.minutes {
        Some(minutes) if random.permille(22) => {
            let reasons = [ReturnReason::TimeWrong, ReturnReason::EvidenceMissing, ReturnReason::TimeWrong];
            let returned = ServiceReturned { reason: *random.pick(&reasons), record };
            plan.agenda.note(slot, returned, Evidence::Office, slot.at);
            if random.permille(800) && evening(day + 1) < until {
                mend(plan, office, waiting, minutes, day + 1, random);
            }
        }
        _ => plan.agenda.note(slot, ServiceApproved { record }, Evidence::Office, slot.at),
    }
}

/// Corrects a returned record on a day, which is reviewed again on its evening.
fn mend(plan: &mut Plan, office: Office, waiting: &Waiting, minutes: u32, day: u32, random: &mut Random) {
    let in_truth = minutes.saturating_sub(random.between(5, 20)).max(10);
    let minutes = u16::try_from(in_truth.min(minutes)).expect("within a day");
    let (record, reason) = (waiting.record, CorrectionReason::ReturnedAndMended);
    let by_day = Slot { at: local(day, 16 * MINUTES_AN_HOUR + 20, 0), by: office.recorder };
    plan.agenda.note(
        by_day,
        RecordCorrected { decision: None, minutes, reason, record },
        Evidence::Attested,
        waiting.start,
    );
    let evening = Slot { at: local(day, 20 * MINUTES_AN_HOUR + 30, 0), by: office.reviewer };
    plan.agenda.note(evening, ServiceApproved { record }, Evidence::Office, evening.at);
}

/// Corrects a record on the afternoon after its month was closed: the circular that was issued stays as it is. Reviewed anew in
/// the evening.
pub(super) fn correct_after_the_close(plan: &mut Plan, office: Office, waiting: &Waiting, minutes: u32) {
    let day = closing(waiting.start.month()).local_day();
    let minutes = u16::try_from(minutes - minutes / 4).expect("within a day");
    let (record, reason) = (waiting.record, CorrectionReason::EnteredWrongly);
    let afternoon = Slot { at: local(day, 15 * MINUTES_AN_HOUR, 0), by: plan.cast.publisher };
    plan.agenda.note(
        afternoon,
        RecordCorrected { decision: None, minutes, reason, record },
        Evidence::Attested,
        waiting.start,
    );
    let evening = Slot { at: local(day, 20 * MINUTES_AN_HOUR + 30, 0), by: office.reviewer };
    plan.agenda.note(evening, ServiceApproved { record }, Evidence::Office, evening.at);
}

/// Reverses a record that was found untrue two days later.
pub(super) fn reverse(plan: &mut Plan, office: Office, waiting: &Waiting) {
    let at = local(waiting.recorded_at.local_day() + 2, 15 * MINUTES_AN_HOUR, 0);
    if at < closing(waiting.start.month()) {
        let reversed = RecordReversed { decision: None, reason: CorrectionReason::FoundUntrue, record: waiting.record };
        plan.agenda.note(Slot { at, by: office.reviewer }, reversed, Evidence::Office, at);
    }
}
