//! Whose right to record is suspended changes neither service time nor points, whatever other roles they have.

use super::fixture::*;
use super::month10::*;
use mingzhang::identity::{Actor, Role};
use mingzhang::ledger::Outcome;
use mingzhang_events::*;

/// Somebody with every role, suspended.
fn suspended(fixture: &Fixture) -> Actor {
    let id: ActorId = "everything".parse().expect("an actor");
    let grants = [Role::Recorder, Role::Reviewer, Role::Publisher];
    let grants = grants.map(|role| role.as_str().parse().expect("a grant")).into();
    let (reason, until) = (SuspensionReason::FalseRecords, None);
    fixture.record(RecordingSuspended { reason, recorder: id, until }, at(END));
    Actor { id, member: None, grants }
}

fn code(fixture: &Fixture, actor: &Actor, event: impl Into<Event>, when: Instant) -> Option<&'static str> {
    match fixture.try_record(actor, event, when) {
        Outcome::Rejected(rejection) => Some(rejection.code()),
        Outcome::Recorded { .. } | Outcome::Repeated { .. } | Outcome::Withheld => None,
    }
}

#[test]
fn who_is_suspended_corrects_no_minutes_and_decides_on_no_points_and_reviews_and_reverses_as_before() {
    let refused = Some("recording_suspended");
    let month = Month10::open();
    let actor = suspended(&month.fixture);
    let (record, reason) = (month.unreviewed, CorrectionReason::EnteredWrongly);
    let corrected = || RecordCorrected { decision: None, minutes: 300, reason, record };
    let (clause, points): (ClauseId, Points) = ("1".parse().expect("a clause"), "1".parse().expect("points"));
    let granted = PointsGranted { clause, decision: None, member: MEMBER, points };
    let deducted = PointsDeducted { clause, decision: None, member: MEMBER, points };
    let reset = PointsReset { clause: "8".parse().expect("a clause"), member: MEMBER };
    assert_eq!(code(&month.fixture, &actor, corrected(), visit_at(1).1), refused);
    assert_eq!(code(&month.fixture, &actor, granted, at(END)), refused);
    assert_eq!(code(&month.fixture, &actor, deducted, at(END)), refused);
    assert_eq!(code(&month.fixture, &actor, reset, at(END)), refused);
    assert_eq!(code(&month.fixture, &actor, ServiceApproved { record }, month.now()), None);
    let reversed = RecordReversed { decision: None, reason: CorrectionReason::FoundUntrue, record };
    assert_eq!(code(&month.fixture, &actor, reversed, month.now()), None);
}

#[test]
fn who_is_suspended_corrects_no_closed_month_either() {
    let month = Month10::open().freeze().disclose().wait().dismiss().close();
    let actor = suspended(&month.fixture);
    let (record, reason) = (month.unreviewed, CorrectionReason::EnteredWrongly);
    let corrected = RecordCorrected { decision: None, minutes: 40, reason, record };
    assert_eq!(code(&month.fixture, &actor, corrected.clone(), visit_at(1).1), Some("recording_suspended"));
    assert_eq!(code(&month.fixture, &holder(Role::Publisher), corrected, visit_at(1).1), None);
}
