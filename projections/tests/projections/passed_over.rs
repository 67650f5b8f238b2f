//! Months that an organisation with members has left open, and that a later freeze passes over.

use crate::story::{Story, month, org};
use mingzhang_events::*;

const RULES: &str = "title = \"t\"\nversion = \"v\"\neffective_from = \"2015-01\"\nreview_required_for = []\n";

fn street() -> Story {
    let mut story = Story::street();
    story.adopt(RULES);
    story
}

/// The months before October 2026 that an organisation passes over, in their order.
fn passed_over(story: &Story, of: &str) -> Vec<String> {
    story.models().passed_over(org(of), month("2026-10")).iter().map(Month::to_string).collect()
}

#[test]
fn only_months_at_whose_end_somebody_belonged_there_are_passed_over() {
    let mut story = street();
    story.at("2026-03-31 10:00").roster(1, "b1");
    story.at("2026-05-10 10:00").tell(MemberLeft {
        decision: None,
        member: MemberId(1),
        reason: LeavingReason::MovedAway,
    });
    story.at("2026-08-01 10:00").roster(2, "b2");
    assert_eq!(passed_over(&story, "c1"), ["2026-03", "2026-04"]);
    assert_eq!(passed_over(&story, "b2"), ["2026-08", "2026-09"]);
    assert_eq!(passed_over(&story, "s"), ["2026-03", "2026-04", "2026-08", "2026-09"]);
    let (month, organization) = (month("2026-08"), org("c2"));
    story.at("2026-11-02 10:00").tell(MonthFrozen { counts_no_shows: true, month, organization });
    assert_eq!(passed_over(&story, "b2"), ["2026-09"], "back to the newest that is settled");
    assert!(passed_over(&story, "nowhere").is_empty());
}

#[test]
fn a_branch_that_moved_or_merged_is_passed_over_where_it_stood() {
    let mut story = street();
    story.at("2026-03-01 10:00").roster(1, "b1");
    story.at("2026-06-15 00:00").tell(OrganizationMoved { organization: org("b1"), parent: org("c2") });
    assert_eq!(passed_over(&story, "c1"), ["2026-03", "2026-04", "2026-05"]);
    assert_eq!(passed_over(&story, "c2"), ["2026-06", "2026-07", "2026-08", "2026-09"]);
    story.at("2026-08-15 00:00").tell(OrganizationMerged { into: org("b2"), organization: org("b1") });
    assert_eq!(passed_over(&story, "b1"), ["2026-03", "2026-04", "2026-05", "2026-06", "2026-07"]);
    assert_eq!(passed_over(&story, "b2"), ["2026-08", "2026-09"]);
}
