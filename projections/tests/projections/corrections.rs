//! Review, correction and reversal: nothing is edited, each answers what came before.

use crate::story::{Story, month, org, points};
use mingzhang_events::*;
use mingzhang_projections::Standing;

fn correct(story: &mut Story, record: EventId, when: &str, minutes: u16) -> EventId {
    story.at(when).tell(RecordCorrected { decision: None, minutes, reason: CorrectionReason::EnteredWrongly, record })
}

/// Corrects, and has the correction approved.
fn correct_and_approve(story: &mut Story, record: EventId, when: &str, minutes: u16) {
    correct(story, record, when, minutes);
    story.tell(ServiceApproved { record });
}

fn patrolled() -> (Story, EventId) {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1").schedule(1, ActivityKind::NightPatrol, "2026-10-03 20:00", "2026-10-03 22:00");
    let record = story.serve(1, 1, "2026-10-03 20:00", "2026-10-03 22:00");
    (story, record)
}

fn standing(story: &Story) -> Standing {
    story.points_of(1, "2026-10").items[0].standing
}

#[test]
fn a_returned_record_counts_again_once_it_is_corrected_and_approved() {
    let (mut story, record) = patrolled();
    assert_eq!((standing(&story), story.october(1)), (Standing::Accepted, "2.00".to_owned()));
    story.at("2026-10-05 09:00").tell(ServiceReturned { reason: ReturnReason::TimeWrong, record });
    assert_eq!((standing(&story), story.october(1)), (Standing::Returned, "0.00".to_owned()));
    correct(&mut story, record, "2026-10-03 20:30", 60);
    assert_eq!((standing(&story), story.october(1)), (Standing::Pending, "0.00".to_owned()));
    story.at("2026-10-07 09:00").tell(ServiceApproved { record });
    assert_eq!((standing(&story), story.october(1)), (Standing::Accepted, "1.00".to_owned()));
    let item = &story.points_of(1, "2026-10").items[0];
    assert_eq!(item.log_indexes.len(), 5, "checked in, checked out, returned, corrected, approved");
}

#[test]
fn a_correction_replaces_start_and_minutes_and_a_later_one_replaces_it() {
    let (mut story, record) = patrolled();
    correct_and_approve(&mut story, record, "2026-10-03 19:00", 30);
    assert_eq!(story.october(1), "0.50");
    correct_and_approve(&mut story, record, "2026-10-03 19:00", 90);
    assert_eq!(story.october(1), "1.50");
    assert_eq!(story.points_of(1, "2026-10").items[0].started_at, crate::story::local("2026-10-03 19:00"));
}

#[test]
fn a_correction_takes_a_visit_with_its_reviews_to_the_month_in_which_it_truly_started() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1");
    let record = story.visit(1, "2026-10-03 20:00");
    let other = story.visit(1, "2026-10-04 20:00");
    story.at("2026-10-05 09:00").tell(ServiceApproved { record });
    story.tell(ServiceApproved { record: other });
    correct_and_approve(&mut story, record, "2026-09-30 23:00", 120);
    assert_eq!(story.october(1), "2.00");
    let september = story.points_of(1, "2026-09");
    assert_eq!((september.total, september.items[0].log_indexes.len()), (points("2"), 4));
    assert_eq!(story.points_of(1, "2026-10").items[0].log_indexes.len(), 2);
    correct_and_approve(&mut story, record, "2026-10-03 20:00", 60);
    assert_eq!((story.october(1), story.points_of(1, "2026-09").items.len()), ("4.00".to_owned(), 0));
}

#[test]
fn a_correction_completes_a_record_without_check_out_and_a_check_out_after_it_is_ignored() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1").schedule(1, ActivityKind::NightPatrol, "2026-10-03 20:00", "2026-10-03 22:00");
    let (activity, member) = (ActivityId(1), MemberId(1));
    let record = story.at("2026-10-03 20:00").tell(MemberCheckedIn { activity, member });
    correct_and_approve(&mut story, record, "2026-10-03 20:00", 60);
    story.at("2026-10-03 23:00").tell(MemberCheckedOut { activity, member });
    assert_eq!(story.october(1), "1.00");
}

#[test]
fn an_absence_corrected_to_minutes_of_service_was_none() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1").schedule(1, ActivityKind::Meeting, "2026-10-03 15:00", "2026-10-03 16:00");
    let record = story.at("2026-10-03 15:00").attend(1, 1, AttendanceOutcome::Absent);
    assert_eq!(story.october(1), "-2.00");
    correct(&mut story, record, "2026-10-03 15:00", 60);
    assert_eq!(story.october(1), "0.00", "what was corrected waits for approval, whatever its evidence");
    story.tell(ServiceApproved { record });
    assert_eq!(story.october(1), "2.00");
}

#[test]
fn what_is_attested_afterwards_takes_the_place_of_a_check_in_without_check_out() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1").schedule(1, ActivityKind::NightPatrol, "2026-10-03 20:00", "2026-10-03 22:00");
    let (activity, member) = (ActivityId(1), MemberId(1));
    story.at("2026-10-03 20:00").tell(MemberCheckedIn { activity, member });
    let (ended_at, reason) = (crate::story::local("2026-10-03 21:00"), LateCheckInReason::Forgotten);
    let late = story.tell(LateCheckInRecorded { activity, ended_at, member, reason });
    let items = story.points_of(1, "2026-10").items;
    assert_eq!((items.len(), story.october(1)), (2, "1.00".to_owned()));
    assert!(
        items
            .iter()
            .any(|item| item.standing == Standing::Reversed && item.log_indexes.contains(&story.log_index_of(late)))
    );
}

#[test]
fn nothing_brings_a_reversed_record_back() {
    let (mut story, record) = patrolled();
    story.tell(RecordReversed { decision: None, reason: CorrectionReason::RecordedTwice, record });
    story.tell(ServiceApproved { record });
    correct(&mut story, record, "2026-10-03 20:00", 60);
    assert_eq!((standing(&story), story.october(1)), (Standing::Reversed, "0.00".to_owned()));
    assert_eq!(story.models().record(record).expect("known").standing, Standing::Reversed);
}

#[test]
fn a_reversed_grant_gives_nothing_and_names_its_reversal() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1").at("2026-10-09 10:00");
    let record = story.grant(1, "3.2", "4");
    story.tell(RecordReversed { decision: None, reason: CorrectionReason::ObjectionUpheld, record });
    assert_eq!(story.october(1), "0.00");
    assert_eq!(story.points_of(1, "2026-10").items[0].log_indexes.len(), 2);
}

#[test]
fn an_event_that_names_no_record_changes_nothing() {
    let (mut story, _) = patrolled();
    let before = story.models().to_bytes().len();
    story.tell(ServiceReturned { reason: ReturnReason::TimeWrong, record: EventId(12_345) });
    story.tell(RecordReversed { decision: None, reason: CorrectionReason::FoundUntrue, record: EventId(12_345) });
    assert_eq!(story.models().to_bytes().len(), before);
    assert_eq!(story.october(1), "2.00");
    assert!(story.models().record(EventId(12_345)).is_none());
}

#[test]
fn cancelling_an_activity_takes_the_points_of_its_records_whenever_they_were_served() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1").schedule(1, ActivityKind::NightPatrol, "2026-10-03 20:00", "2026-10-03 22:00");
    story.serve(1, 1, "2026-08-03 20:00", "2026-08-03 21:00");
    let moved = story.serve(1, 1, "2026-10-03 20:00", "2026-10-03 22:00");
    correct_and_approve(&mut story, moved, "2026-12-03 20:00", 120);
    let totals = |story: &Story| ["2026-08", "2026-10", "2026-12"].map(|of| story.points_of(1, of).total.to_string());
    assert_eq!(totals(&story), ["0.00", "3.00", "0.00"], "all of them are of its month");
    story
        .at("2026-12-05 09:00")
        .tell(ActivityCancelled { activity: ActivityId(1), reason: CancellationReason::Weather });
    assert_eq!(totals(&story), ["0.00", "0.00", "0.00"]);
}

/// What is left to do about October in all of the street.
fn corrections_due(story: &Story) -> u32 {
    let progress = story.models().month_progress(org("s"), month("2026-10"), story.models().newest_day());
    progress.expect("a known organisation").work_left.corrections_due
}

fn uphold(story: &mut Story, subject: EventId, ground: ObjectionGround) -> EventId {
    let objection = story.tell(ObjectionRaised { for_member: false, ground, member: MemberId(1), subject });
    story.tell(ObjectionUpheld { clause: None, objection })
}

#[test]
fn an_objection_that_a_record_is_missing_is_answered_by_the_next_record_of_the_member_s_month() {
    let (mut story, record) = patrolled();
    story.at("2026-11-02 09:00");
    uphold(&mut story, record, ObjectionGround::RecordMissing);
    uphold(&mut story, record, ObjectionGround::RecordMissing);
    assert_eq!(corrections_due(&story), 2);
    story.roster(2, "b1").serve(2, 1, "2026-10-03 20:00", "2026-10-03 22:00");
    story.visit(1, "2026-09-04 20:00");
    assert_eq!(corrections_due(&story), 2, "of another member, of another month");
    let entered = story.serve(1, 1, "2026-10-04 20:00", "2026-10-04 21:00");
    assert_eq!(corrections_due(&story), 1);
    let first = &story.models().objections_about(MemberId(1))[0];
    assert_eq!(first.corrections, [story.log_index_of(entered)]);
    story.serve(1, 1, "2026-10-05 20:00", "2026-10-05 21:00");
    assert_eq!(corrections_due(&story), 0);
}

#[test]
fn an_objection_to_a_reset_is_answered_by_its_quashing() {
    let (mut story, _) = patrolled();
    let decision = story.at("2026-10-09 10:00").reset(1, "5");
    uphold(&mut story, decision, ObjectionGround::PointsWrong);
    assert_eq!(corrections_due(&story), 1);
    story.tell(DecisionQuashed { decision, reason: QuashingReason::AppealUpheld });
    assert_eq!(corrections_due(&story), 0);
}

/// It gave way to what was attested: nothing about it can be corrected any more.
#[test]
fn an_objection_to_a_check_in_is_answered_by_the_late_one_that_takes_its_place() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1").schedule(1, ActivityKind::NightPatrol, "2026-10-03 20:00", "2026-10-03 22:00");
    let (activity, member) = (ActivityId(1), MemberId(1));
    let record = story.at("2026-10-03 20:00").tell(MemberCheckedIn { activity, member });
    uphold(&mut story, record, ObjectionGround::TimeWrong);
    assert_eq!(corrections_due(&story), 1);
    let (ended_at, reason) = (crate::story::local("2026-10-03 21:00"), LateCheckInReason::Forgotten);
    let late = story.tell(LateCheckInRecorded { activity, ended_at, member, reason });
    assert_eq!(corrections_due(&story), 0);
    assert_eq!(story.models().objections_about(member)[0].corrections, [story.log_index_of(late)]);
}

#[test]
fn a_quashing_is_a_reason_by_the_decision_about_the_veto_rather_than_by_one_about_a_line() {
    let (mut story, _) = patrolled();
    let veto = story.at("2026-10-09 10:00").reset(1, "5");
    let disclosed = DisclosureOpened {
        digest: "0".repeat(64),
        month: month("2026-10"),
        organization: org("s"),
        root_hash: "0".repeat(64),
        tree_size: 1,
        until: "2026-11-10".parse().expect("a date"),
        working_days: 5,
    };
    story.at("2026-11-02 09:00").tell(MonthFrozen {
        counts_no_shows: true,
        month: month("2026-10"),
        organization: org("s"),
    });
    let line = story.tell(disclosed);
    let of_line = uphold(&mut story, line, ObjectionGround::PointsWrong);
    let of_veto = uphold(&mut story, veto, ObjectionGround::MemberWrong);
    uphold(&mut story, line, ObjectionGround::TimeWrong);
    assert_eq!(corrections_due(&story), 3);
    let quashed = story.tell(DecisionQuashed { decision: veto, reason: QuashingReason::AppealUpheld });
    assert_eq!(corrections_due(&story), 1);
    let answered: Vec<_> = story.models().objections_about(MemberId(1)).into_iter().map(|of| of.corrections).collect();
    let at = story.log_index_of(quashed);
    assert_eq!(answered, [vec![at], vec![at], vec![]]);
    let revision = story.models().revisions(0).pop().expect("a revision");
    assert_eq!((revision.id, revision.decision), (quashed, Some(of_veto)), "and not {of_line}");
}

#[test]
fn a_fact_that_names_the_decision_answers_it_and_is_a_reason_of_the_next_notice() {
    let (mut story, record) = patrolled();
    let decision = uphold(&mut story, record, ObjectionGround::PointsWrong);
    assert_eq!(corrections_due(&story), 1);
    story.at("2026-11-02 09:00").tell(MonthFrozen {
        counts_no_shows: true,
        month: month("2026-10"),
        organization: org("s"),
    });
    let enrolled = MemberEnrolled { community: org("c1"), decision: Some(decision), member: MemberId(1) };
    let enrolled = story.at("2026-10-20 09:00").tell(enrolled);
    assert_eq!(corrections_due(&story), 0);
    let revisions = story.models().revisions(0);
    let revision = revisions.iter().find(|revision| revision.id == enrolled).expect("told");
    assert_eq!((revision.revised.act(), revision.month, revision.member), ("enrolled", month("2026-10"), MemberId(1)));
    assert_eq!((revision.decision, revision.ground), (Some(decision), Some(ObjectionGround::PointsWrong)));
    let told = revisions.len();
    story.tell(EnrollmentEnded { community: org("c1"), decision: None, member: MemberId(1) });
    assert_eq!(story.models().revisions(0).len(), told, "without a decision it is no correction");
}
