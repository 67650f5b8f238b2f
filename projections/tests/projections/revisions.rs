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
    story.tell(MonthFrozen { counts_no_shows: true, month: month("2026-10"), organization: org(organization) });
}

/// An objection and the decision that upholds it.
fn uphold(story: &mut Story, subject: EventId, ground: ObjectionGround) -> (EventId, EventId) {
    let objection =
        story.at("2026-11-02 09:00").tell(ObjectionRaised { for_member: false, ground, member: MemberId(1), subject });
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

fn reverse(story: &mut Story, record: EventId) -> EventId {
    story.at("2026-11-03 09:00").tell(RecordReversed { decision: None, reason: CorrectionReason::FoundUntrue, record })
}

/// The member's line, and whether they took part, are those of where they came to.
#[test]
fn what_is_revised_where_the_month_is_open_is_told_to_whoever_the_member_came_to_since() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1").schedule(1, ActivityKind::NightPatrol, "2026-10-05 20:00", "2026-10-05 22:00");
    let record = story.serve(1, 1, "2026-10-05 20:00", "2026-10-05 22:00");
    story.at("2026-10-15 09:00");
    story.tell(MemberTransferred { decision: None, member: MemberId(1), organization: org("b2") });
    story.at("2026-11-02 09:00");
    freeze(&mut story, "c2");
    let reversed = reverse(&mut story, record);
    assert_eq!(revisions(&story).iter().map(|of| of.id).collect::<Vec<_>>(), [reversed]);
    let bearing = story.models().revisions_bearing_on(org("c2"), month("2026-10"), 0);
    assert_eq!(bearing.iter().map(|of| of.id).collect::<Vec<_>>(), [reversed]);
}

#[test]
fn a_guest_s_record_is_told_to_whoever_held_the_activity() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1").roster(2, "b2");
    story.schedule(1, ActivityKind::NightPatrol, "2026-10-05 20:00", "2026-10-05 22:00");
    let record = story.serve(2, 1, "2026-10-05 20:00", "2026-10-05 22:00");
    story.at("2026-11-02 09:00");
    freeze(&mut story, "c1");
    let reversed = reverse(&mut story, record);
    assert_eq!(revisions(&story).iter().map(|of| of.id).collect::<Vec<_>>(), [reversed]);
    let bearing = |of: &str| story.models().revisions_bearing_on(org("c1"), month(of), 0).len();
    assert_eq!([bearing("2026-09"), bearing("2026-10"), bearing("2026-11")], [0, 1, 0]);
}

/// Closes a month of the street and issues its notice.
fn publish(story: &mut Story, of: &str) {
    story.at("2026-11-02 09:00").close(of, "s");
    let number = format!("{of} 号");
    let (tree_size, hash) = (story.log.len() as u64, "0".repeat(64));
    let (digest, root_hash, organization) = (hash.clone(), hash, org("s"));
    let (format, supersedes, month) = (None, None, month(of));
    story.tell(NoticeIssued { digest, format, month, number, organization, root_hash, supersedes, tree_size });
}

fn unpublished(story: &Story, of: &str) -> u32 {
    let models = story.models();
    models.month_progress(org("s"), month(of), models.newest_day()).expect("known").corrections_unpublished
}

#[test]
fn what_is_unpublished_is_what_the_next_notice_would_name() {
    let rules = |cap: &str| {
        format!(
            "title = \"t\"\nversion = \"v\"\neffective_from = \"2026-01\"\nreview_required_for = []\n\
             [[items]]\nclause = \"1\"\nname = \"走访\"\nkind = \"home_visit\"\nper = \"occurrence\"\npoints = \"2\"\n{cap}\
             [[awards]]\nclause = \"2\"\nname = \"n\"\npoints_max = \"5\"\n"
        )
    };
    let september_s_reversal = |cap: &str| {
        let mut story = Story::street();
        story.adopt(&rules(cap)).roster(1, "b1");
        let record = story.visit(1, "2026-09-05 10:00");
        story.visit(1, "2026-10-05 10:00");
        publish(&mut story, "2026-09");
        publish(&mut story, "2026-10");
        reverse(&mut story, record);
        [unpublished(&story, "2026-09"), unpublished(&story, "2026-10")]
    };
    assert_eq!(september_s_reversal(""), [1, 0], "no rule looks back");
    let yearly = "caps = { per_year = \"3\" }\n";
    assert_eq!(september_s_reversal(yearly), [1, 1], "October has what September leaves of the year");

    let september_s_fact = |fact: fn(Option<EventId>) -> Event| {
        let mut story = Story::street();
        story.adopt(&rules("")).roster(1, "b1");
        let record = story.visit(1, "2026-09-05 10:00");
        story.visit(1, "2026-10-05 10:00");
        publish(&mut story, "2026-09");
        publish(&mut story, "2026-10");
        let (_, decision) = uphold(&mut story, record, ObjectionGround::PointsWrong);
        story.at("2026-09-06 10:00").tell(fact(Some(decision)));
        [unpublished(&story, "2026-09"), unpublished(&story, "2026-10")]
    };
    let member = MemberId(1);
    let granted = september_s_fact(|decision| {
        let (clause, points) = ("2".parse().expect("a clause"), "1".parse().expect("points"));
        PointsGranted { clause, decision, member: MemberId(1), points }.into()
    });
    assert_eq!(granted, [1, 0], "{member} has it in September");
    let exempted = |until: &str| -> [u32; 2] {
        let fact: fn(Option<EventId>) -> Event = match until {
            "2026-09-20" => |decision| exempted(decision, "2026-09-20"),
            _ => |decision| exempted(decision, "2026-10-20"),
        };
        september_s_fact(fact)
    };
    assert_eq!([exempted("2026-09-20"), exempted("2026-10-20")], [[1, 0], [1, 1]]);
}

fn exempted(decision: Option<EventId>, until: &str) -> Event {
    let (reason, until) = (ExemptionReason::Illness, Some(until.parse().expect("a date")));
    MemberExempted { decision, member: MemberId(1), reason, until }.into()
}

/// They have a line there, with the points that they earned.
#[test]
fn who_left_in_the_month_has_a_line_that_a_reversal_changes() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1").schedule(1, ActivityKind::NightPatrol, "2026-10-05 20:00", "2026-10-05 22:00");
    let record = story.serve(1, 1, "2026-10-05 20:00", "2026-10-05 22:00");
    story.at("2026-10-15 09:00");
    story.tell(MemberLeft { decision: None, member: MemberId(1), reason: LeavingReason::MovedAway });
    publish(&mut story, "2026-10");
    assert_eq!(unpublished(&story, "2026-10"), 0);
    reverse(&mut story, record);
    assert_eq!(unpublished(&story, "2026-10"), 1);
}
