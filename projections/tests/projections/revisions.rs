//! 改动: what changed a settled month, for whom, and because of what.

use crate::story::{Story, month, org};
use mingzhang_events::*;
use mingzhang_projections::{Revised, Revision};

/// A patrol of each of two members in October; the street's month is frozen afterwards.
fn frozen() -> (Story, [EventId; 2]) {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1").roster(2, "b1");
    story.schedule(1, ActivityKind::NightPatrol, "2026-10-03 20:00", "2026-10-03 22:00");
    let records = [1, 2].map(|member| story.serve(member, 1, "2026-10-03 20:00", "2026-10-03 22:00"));
    story.at("2026-11-02 09:00");
    freeze(&mut story, "s");
    (story, records)
}

fn freeze(story: &mut Story, organization: &str) {
    story.tell(MonthFrozen { month: month("2026-10"), organization: org(organization) });
}

/// An objection and the decision that upholds it.
fn uphold(story: &mut Story, subject: EventId, ground: ObjectionGround) -> (EventId, EventId) {
    let objection = story.at("2026-11-02 09:00").tell(ObjectionRaised { ground, member: MemberId(1), subject });
    (objection, story.tell(ObjectionUpheld { clause: None, objection }))
}

fn named(revision: &Revision) -> (Option<EventId>, Option<EventId>) {
    (revision.objection, revision.decision)
}

fn revisions(story: &Story) -> Vec<Revision> {
    story.models().revisions(0)
}

#[test]
fn each_record_that_was_missing_names_the_decision_that_it_answers_and_no_later_one() {
    let (mut story, [record, _]) = frozen();
    let first = uphold(&mut story, record, ObjectionGround::RecordMissing);
    let second = uphold(&mut story, record, ObjectionGround::RecordMissing);
    story.serve(1, 1, "2026-10-04 20:00", "2026-10-04 21:00");
    story.visit(1, "2026-10-05 20:00");
    let third = uphold(&mut story, record, ObjectionGround::RecordMissing);
    let told: Vec<_> = revisions(&story).iter().map(|of| (of.revised, named(of))).collect();
    let some = |(objection, decision)| (Some(objection), Some(decision));
    let expected = [(Revised::Recorded, first), (Revised::CheckedOut, first), (Revised::Recorded, second)];
    assert_eq!(told, expected.map(|(revised, of)| (revised, some(of))), "and not {third:?}");
}

#[test]
fn a_quashing_names_the_objection_that_it_answers() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1");
    let decision = story.at("2026-10-09 10:00").reset(1, "5");
    freeze(&mut story, "s");
    // That a record is missing isn't answered by a quashing.
    uphold(&mut story, decision, ObjectionGround::RecordMissing);
    let upheld = uphold(&mut story, decision, ObjectionGround::PointsWrong);
    story.tell(DecisionQuashed { decision, reason: QuashingReason::AppealUpheld });
    let revision = revisions(&story).pop().expect("a revision");
    assert_eq!(named(&revision), (Some(upheld.0), Some(upheld.1)));
    let answered = story.models().objections_about(MemberId(1)).into_iter().map(|of| of.corrections.len());
    assert_eq!(answered.collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn what_is_done_in_a_branch_whose_month_is_open_is_no_revision_because_another_s_is_frozen() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1").roster(2, "b2").at("2026-11-02 09:00");
    freeze(&mut story, "b1");
    story.schedule(1, ActivityKind::NightPatrol, "2026-10-03 20:00", "2026-10-03 22:00");
    let record = story.serve(2, 1, "2026-10-03 20:00", "2026-10-03 22:00");
    story.tell(ServiceApproved { record });
    assert_eq!(revisions(&story), []);
    let late = story.serve(1, 1, "2026-10-03 20:00", "2026-10-03 22:00");
    assert_eq!(revisions(&story).iter().map(|of| of.id).next(), Some(late));
}

#[test]
fn only_the_last_step_of_a_review_approves() {
    let mut story = Story::street();
    story.adopt(
        "title = \"t\"\nversion = \"v\"\neffective_from = \"2026-01\"\nreview_required_for = []\n\
         review_chain = [{ name = \"初审\", role = \"reviewer\" }, { name = \"复核\", role = \"publisher\" }]\n",
    );
    story.roster(1, "b1").schedule(1, ActivityKind::NightPatrol, "2026-10-03 20:00", "2026-10-03 22:00");
    let record = story.serve(1, 1, "2026-10-03 20:00", "2026-10-03 22:00");
    story.at("2026-11-02 09:00");
    freeze(&mut story, "s");
    story.tell(ServiceApproved { record });
    assert_eq!(revisions(&story), []);
    let last = story.tell(ServiceApproved { record });
    assert_eq!(revisions(&story).iter().map(|of| (of.id, of.revised)).collect::<Vec<_>>(), [(last, Revised::Approved)]);
}

#[test]
fn a_review_of_what_was_missing_names_the_decision_that_admitted_it() {
    let (mut story, [record, other]) = frozen();
    let (activity, member) = (ActivityId(2), MemberId(1));
    story.schedule(2, ActivityKind::NightPatrol, "2026-10-04 20:00", "2026-10-04 22:00");
    let open = story.at("2026-10-04 20:00").tell(MemberCheckedIn { activity, member });
    let of_end = uphold(&mut story, record, ObjectionGround::RecordMissing);
    story.at("2026-10-04 22:00").tell(MemberCheckedOut { activity, member });
    let of_visit = uphold(&mut story, record, ObjectionGround::RecordMissing);
    let visit = story.visit(1, "2026-10-05 20:00");
    let some = |(objection, decision)| (Some(objection), Some(decision));
    for (record, expected) in [(open, some(of_end)), (visit, some(of_visit)), (other, (None, None))] {
        story.at("2026-11-03 09:00").tell(ServiceReturned { reason: ReturnReason::TimeWrong, record });
        story.tell(ServiceApproved { record });
        let told: Vec<_> = revisions(&story).iter().rev().take(2).map(named).collect();
        assert_eq!(told, [expected, expected]);
    }
}
