//! The review chain: a record counts after the last step, and what waits is told by step, with its deadline.

use crate::story::{Story, month, org};
use mingzhang_events::*;
use mingzhang_projections::{MonthProgress, Standing, WaitingRecord};

const RULES: &str = "title = \"t\"\nversion = \"v\"\neffective_from = \"2026-01\"\nreview_required_for = [\"attested\"]\n\
    review_chain = [{ name = \"支部初审\", role = \"reviewer\", level = \"branch\", within_working_days = 1 }, \
    { name = \"街道复核\", role = \"publisher\", within_working_days = 2 }]\n\
    [[items]]\nclause = \"1\"\nname = \"走访\"\nkind = \"home_visit\"\nper = \"occurrence\"\npoints = \"2\"\n";

fn street() -> Story {
    let mut story = Story::street();
    story.adopt(RULES).roster(1, "b1").roster(2, "b2");
    story
}

fn attested_visit(story: &mut Story, member: u64, when: &str) -> EventId {
    let record = story.evidenced(Evidence::Attested).visit(member, when);
    story.evidenced(Evidence::Office);
    record
}

fn approve(story: &mut Story, record: EventId, when: &str) {
    story.at(when).tell(ServiceApproved { record });
}

fn standing(story: &Story) -> (Standing, String) {
    let points = story.points_of(1, "2026-10");
    (points.items[0].standing, points.total.to_string())
}

fn progress(story: &Story, of: &str) -> MonthProgress {
    let models = story.models();
    models.month_progress(org(of), month("2026-10"), models.newest_day()).expect("known")
}

fn waiting(story: &Story, of: &str) -> Vec<WaitingRecord> {
    let models = story.models();
    models.waiting_records(org(of), month("2026-10"), None, models.newest_day()).expect("known")
}

#[test]
fn a_record_counts_only_after_the_last_step() {
    let mut story = street();
    let record = attested_visit(&mut story, 1, "2026-10-12 10:00");
    assert_eq!(standing(&story), (Standing::Pending, "0.00".to_owned()));
    approve(&mut story, record, "2026-10-13 09:00");
    assert_eq!(standing(&story), (Standing::Pending, "0.00".to_owned()));
    approve(&mut story, record, "2026-10-14 09:00");
    assert_eq!(standing(&story), (Standing::Accepted, "2.00".to_owned()));
    assert_eq!(story.points_of(1, "2026-10").items[0].log_indexes.len(), 3, "both approvals are among its sources");
}

#[test]
fn a_return_or_a_correction_between_the_steps_starts_anew() {
    let mut story = street();
    let record = attested_visit(&mut story, 1, "2026-10-12 10:00");
    approve(&mut story, record, "2026-10-13 09:00");
    story.tell(ServiceReturned { reason: ReturnReason::TimeWrong, record });
    assert_eq!(standing(&story).0, Standing::Returned);
    // A ledger refuses it before the correction; whoever reads one all the same takes it for a first step.
    approve(&mut story, record, "2026-10-13 10:00");
    assert_eq!(standing(&story).0, Standing::Returned);
    let reason = CorrectionReason::ReturnedAndMended;
    story.at("2026-10-12 10:30").tell(RecordCorrected { decision: None, minutes: 20, reason, record });
    approve(&mut story, record, "2026-10-14 09:00");
    assert_eq!(standing(&story).0, Standing::Pending, "the approval before the return doesn't count any more");
    story.at("2026-10-12 10:30").tell(RecordCorrected { decision: None, minutes: 25, reason, record });
    approve(&mut story, record, "2026-10-15 09:00");
    assert_eq!(standing(&story).0, Standing::Pending);
    approve(&mut story, record, "2026-10-15 10:00");
    assert_eq!(standing(&story), (Standing::Accepted, "2.00".to_owned()));
}

#[test]
fn what_needs_no_review_counts_between_the_steps_of_one() {
    let mut story = street();
    let record = story.visit(1, "2026-10-12 10:00");
    approve(&mut story, record, "2026-10-13 09:00");
    assert_eq!(standing(&story), (Standing::Accepted, "2.00".to_owned()));
    assert!(waiting(&story, "s").is_empty());
}

#[test]
fn the_chain_that_counts_is_the_one_in_force_when_the_step_is_taken() {
    let mut story = street();
    let [first, second] = ["2026-10-12 10:00", "2026-10-12 12:00"].map(|when| attested_visit(&mut story, 1, when));
    approve(&mut story, first, "2026-10-13 09:00");
    approve(&mut story, first, "2026-10-13 10:00");
    approve(&mut story, second, "2026-10-13 10:00");
    let without_chain = RULES.replace("version = \"v\"", "version = \"w\"");
    let (before, rest) = without_chain.split_once("review_chain").expect("a chain");
    let (_, after) = rest.split_once("]\n").expect("its end");
    story.adopt(&format!("{before}{after}"));
    let standings =
        |story: &Story| story.points_of(1, "2026-10").items.iter().map(|item| item.standing).collect::<Vec<_>>();
    assert_eq!(standings(&story), [Standing::Accepted, Standing::Pending], "nobody has approved it since");
    approve(&mut story, second, "2026-10-14 10:00");
    assert_eq!(standings(&story), [Standing::Accepted, Standing::Accepted], "one is enough now");
    let longer = RULES.replace("version = \"v\"", "version = \"x\"");
    story.adopt(&longer);
    assert_eq!(standings(&story), [Standing::Accepted, Standing::Accepted], "what is approved stays approved");
}

#[test]
fn what_waits_is_told_by_step_since_when_and_until_when() {
    let mut story = street();
    // The first working day after Friday 9 October is the Saturday that makes up for the holiday.
    let first = attested_visit(&mut story, 1, "2026-10-09 10:00");
    let second = attested_visit(&mut story, 2, "2026-10-10 10:00");
    let records = waiting(&story, "s");
    let told = |record: &WaitingRecord| {
        let until = record.until.expect("a deadline").to_string();
        (record.step, record.step_name.clone(), record.since.to_string(), until, record.overdue)
    };
    let line = |step: u8, name: &str, since: &str, until: &str, overdue| {
        (step, name.to_owned(), since.to_owned(), until.to_owned(), overdue)
    };
    assert_eq!(
        records.iter().map(told).collect::<Vec<_>>(),
        [
            line(1, "支部初审", "2026-10-09", "2026-10-10", false),
            line(1, "支部初审", "2026-10-10", "2026-10-12", false)
        ]
    );
    approve(&mut story, second, "2026-10-12 09:00");
    let records = waiting(&story, "s");
    assert_eq!(
        records.iter().map(told).collect::<Vec<_>>(),
        [line(1, "支部初审", "2026-10-09", "2026-10-10", true), line(2, "街道复核", "2026-10-12", "2026-10-14", false)]
    );
    assert_eq!(
        records.iter().map(|record| record.role).collect::<Vec<_>>(),
        [ReviewRole::Reviewer, ReviewRole::Publisher]
    );
    assert_eq!(waiting(&story, "b2").len(), 1);
    approve(&mut story, first, "2026-10-13 09:00");
    assert_eq!(
        waiting(&story, "b1").iter().map(told).collect::<Vec<_>>(),
        [line(2, "街道复核", "2026-10-13", "2026-10-15", false)]
    );
    approve(&mut story, first, "2026-10-13 09:00");
    assert!(waiting(&story, "b1").is_empty());
    assert_eq!(
        story.models().waiting_records(org("s"), month("2026-10"), Some(1), story.models().newest_day()),
        Some(Vec::new())
    );
}

#[test]
fn a_table_that_comes_late_is_reviewed_in_time_counted_from_its_recording() {
    let mut story = street();
    story.at("2026-10-20 09:00").visit(2, "2026-10-20 09:00");
    // Happened on the 9th, recorded on the 20th.
    attested_visit(&mut story, 1, "2026-10-09 10:00");
    let records = waiting(&story, "s");
    assert_eq!(records[0].since.to_string(), "2026-10-20");
    assert_eq!(records[0].until.expect("a deadline").to_string(), "2026-10-21");
    assert!(!records[0].overdue);
}

#[test]
fn the_months_progress_counts_each_step_branch_by_branch() {
    let mut story = street();
    for when in ["2026-10-12 10:00", "2026-10-13 10:00"] {
        attested_visit(&mut story, 1, when);
    }
    let other = attested_visit(&mut story, 2, "2026-10-13 12:00");
    approve(&mut story, other, "2026-10-14 09:00");
    let whole = progress(&story, "s");
    assert_eq!(whole.counted_on.to_string(), "2026-10-14");
    let steps = |steps: &[mingzhang_projections::StepWork]| {
        steps.iter().map(|work| (work.step, work.records, work.overdue, work.since.to_string())).collect::<Vec<_>>()
    };
    assert_eq!(whole.work_left.unreviewed, 3);
    assert_eq!(steps(&whole.review_steps), [(1, 2, 1, "2026-10-12".to_owned()), (2, 1, 0, "2026-10-14".to_owned())]);
    let branches: Vec<(String, _)> = (whole.branches.iter())
        .map(|branch| (branch.organization.organization.to_string(), steps(&branch.review_steps)))
        .collect();
    assert_eq!(
        branches,
        [
            ("b1".to_owned(), vec![(1, 2, 1, "2026-10-12".to_owned())]),
            ("b2".to_owned(), vec![(2, 1, 0, "2026-10-14".to_owned())])
        ]
    );
    assert_eq!(steps(&progress(&story, "c2").review_steps), [(2, 1, 0, "2026-10-14".to_owned())]);
}

/// Those who came by a merger are of the branch that they came to, also once that one has merged itself.
#[test]
fn what_waits_after_a_merger_waits_in_the_branch_that_it_was_made_in() {
    let mut story = street();
    for other in 3..10 {
        story.roster(other, "s");
    }
    story.at("2026-10-05 00:00").tell(OrganizationMerged { into: org("b2"), organization: org("b1") });
    attested_visit(&mut story, 1, "2026-10-12 10:00");
    story.at("2026-10-20 00:00").tell(OrganizationMerged { into: org("c1"), organization: org("b2") });
    let of = |of: &str| waiting(&story, of).iter().map(|record| record.branch).collect::<Vec<_>>();
    for (asked, waits) in [("s", 1), ("c1", 1), ("c2", 0), ("b1", 0), ("b2", 1)] {
        assert_eq!(of(asked), vec![org("b2"); waits], "{asked}");
    }
}

#[test]
fn without_a_chain_what_waits_waits_for_a_reviewer_without_a_deadline() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1");
    attested_visit(&mut story, 1, "2026-10-12 10:00");
    let records = waiting(&story, "s");
    let [record] = &records[..] else { panic!("{records:?}") };
    assert_eq!((record.step, record.step_name.as_str(), record.role), (1, "", ReviewRole::Reviewer));
    assert_eq!((record.until, record.overdue), (None, false));
    assert_eq!(story.log_index_of(story.log.last().expect("a log").id), record.log_index);
}

#[test]
fn a_deadline_in_a_year_without_a_calendar_is_not_told() {
    let mut story = street();
    attested_visit(&mut story, 1, "2026-12-31 10:00");
    let records =
        story.models().waiting_records(org("s"), month("2026-12"), None, story.models().newest_day()).expect("known");
    assert_eq!((records[0].until, records[0].overdue), (None, false));
}

/// Nobody may approve it any more, so that nobody is late with it. What was corrected since may be.
#[test]
fn what_was_disclosed_or_closed_waits_for_nobody_until_it_is_corrected() {
    let disclosed = |story: &mut Story, of: &str| {
        let (digest, root_hash) = ("0".repeat(64), "0".repeat(64));
        let (month, organization, until) = (month("2026-10"), org(of), "2026-11-10".parse().expect("a date"));
        let (tree_size, working_days) = (1, 5);
        story.tell(DisclosureOpened { digest, month, organization, root_hash, tree_size, until, working_days });
    };
    let closed = |story: &mut Story, of: &str| {
        story.close("2026-10", of);
    };
    let left = |story: &Story| (waiting(story, "s").len(), progress(story, "s").work_left.unreviewed);
    type Show<'a> = &'a dyn Fn(&mut Story, &str);
    // By the member's branch, and, of the guest at the other's activity, by who held it.
    for (member, show, of) in [(1, &disclosed as Show<'_>, "s"), (1, &closed, "c1"), (2, &closed, "c1")] {
        let mut story = street();
        story.schedule(1, ActivityKind::Meeting, "2026-10-12 10:00", "2026-10-12 11:00");
        story.evidenced(Evidence::Attested).at("2026-10-12 10:00");
        let record = story.attend(member, 1, AttendanceOutcome::Attended);
        story.evidenced(Evidence::Office).at("2026-11-02 09:00");
        assert_eq!(left(&story), (1, 1), "{member} {of}");
        show(&mut story, of);
        assert_eq!(left(&story), (0, 0), "{member} {of}");
        let reason = CorrectionReason::EnteredWrongly;
        story.at("2026-10-12 10:00").tell(RecordCorrected { decision: None, minutes: 50, reason, record });
        assert_eq!(left(&story), (1, 1), "{member} {of}");
    }
}

/// A decision opens the review of what is entered because of it, until everybody is shown that this waits.
#[test]
fn what_was_missing_or_corrected_before_the_month_was_shown_waits_for_nobody_either() {
    let mut story = street();
    let record = attested_visit(&mut story, 1, "2026-10-12 10:00");
    let ground = ObjectionGround::RecordMissing;
    let uphold = |story: &mut Story| {
        let objection = story.at("2026-10-30 09:00").tell(ObjectionRaised {
            for_member: false,
            ground,
            member: MemberId(1),
            subject: record,
        });
        story.tell(ObjectionUpheld { clause: None, objection });
    };
    uphold(&mut story);
    attested_visit(&mut story, 1, "2026-10-13 10:00");
    let reason = CorrectionReason::EnteredWrongly;
    story.at("2026-10-12 10:00").tell(RecordCorrected { decision: None, minutes: 50, reason, record });
    assert_eq!(waiting(&story, "s").len(), 2);
    story.at("2026-11-02 09:00").close("2026-10", "c1");
    assert_eq!(waiting(&story, "s").len(), 0);
    uphold(&mut story);
    attested_visit(&mut story, 1, "2026-10-14 10:00");
    assert_eq!(waiting(&story, "s").len(), 1, "what was entered since");
    story.at("2026-11-03 09:00").close("2026-10", "s");
    assert_eq!(waiting(&story, "s").len(), 0, "which the street has shown");
}
