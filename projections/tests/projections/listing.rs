//! Months one after the other, and the models row by row.

use crate::story::{Story, month, org};
use mingzhang_events::*;
use mingzhang_projections::{Occasion, Standing};

/// Patrols in August, September and October; August isn't closed.
fn three_months() -> Story {
    let mut story = Story::street_with_rules();
    story.roster_many(6, "b1").roster(7, "b2");
    for (member, from) in
        [(1, "2026-08-05 20:00"), (1, "2026-09-05 20:00"), (2, "2026-09-06 20:00"), (7, "2026-10-05 20:00")]
    {
        story.patrol(member, from, 120);
    }
    story.at("2026-10-02 09:00").close("2026-09", "s");
    story
}

#[test]
fn a_course_goes_back_as_far_as_each_month_was_closed_and_counts_each_as_its_own_summary() {
    let story = three_months();
    let models = story.models();
    let course = models.course(org("s"), month("2026-10"), 12).expect("a known organisation");
    let months: Vec<Month> = course.iter().map(|of| of.month).collect();
    assert_eq!(months, [month("2026-09"), month("2026-10")], "August was never closed");
    for of in &course {
        let summary = models.month_summary(org("s"), of.month).expect("known");
        assert_eq!((of.points, of.average, of.rates), (summary.points, summary.average, summary.rates));
        let patrols = of.kinds.iter().find(|(kind, _)| *kind == ActivityKind::NightPatrol).map(|(_, records)| *records);
        assert_eq!(patrols, Some(summary.patrols.attended));
        let evidence: Vec<(Evidence, u32)> =
            summary.evidence.iter().map(|share| (share.evidence, share.records)).collect();
        assert_eq!(of.evidence, evidence);
    }
    assert_eq!(models.course(org("s"), month("2026-10"), 1).expect("known").len(), 1);
    assert!(models.course(org("nowhere"), month("2026-10"), 12).is_none());
}

#[test]
fn every_record_is_listed_once_as_it_stands_in_the_order_of_the_log() {
    let mut story = three_months();
    let late = story.service(3, "2026-10-07 09:00", 60);
    story.at("2026-10-08 09:00").tell(RecordReversed {
        decision: None,
        reason: CorrectionReason::RecordedTwice,
        record: late,
    });
    let models = story.models();
    let mut rows = Vec::new();
    let listed = models.each_record(org("s"), |row| {
        rows.push(row);
        Ok::<(), ()>(())
    });
    assert_eq!(listed, Ok(Some(())));
    assert_eq!(rows.len(), models.records_count() as usize);
    assert!(rows.is_sorted_by_key(|row| row.log_index));
    let reversed: Vec<MemberId> =
        rows.iter().filter(|row| row.standing == Standing::Reversed).map(|row| row.member).collect();
    assert_eq!(reversed, [MemberId(3)]);
}

#[test]
fn a_listing_of_a_branch_has_its_own_rows_by_the_branch_of_their_moment() {
    let mut story = three_months();
    story.grant(7, "grant", "2");
    story.at("2026-10-20 09:00").tell(MemberTransferred {
        decision: None,
        member: MemberId(7),
        organization: org("b1"),
    });
    story.patrol(7, "2026-10-21 20:00", 60);
    let models = story.models();
    let members = |branch: &str| {
        let mut members = Vec::new();
        let listed = models.each_record(org(branch), |row| {
            members.push(row.member.0);
            Ok::<(), ()>(())
        });
        assert_eq!(listed, Ok(Some(())));
        members
    };
    assert_eq!((members("b1"), members("b2")), (vec![1, 1, 2, 7], vec![7]));
    assert_eq!(models.members_ever_in(org("b2")), Some(vec![MemberId(7)]));
    let mut decisions = Vec::new();
    let listed = models.each_decision(org("b2"), |row| {
        decisions.push((row.member, row.occasion));
        Ok::<(), ()>(())
    });
    assert_eq!((listed, decisions), (Ok(Some(())), vec![(MemberId(7), Occasion::Granted)]));
    assert_eq!(models.each_record(org("nowhere"), |_| Ok::<(), ()>(())), Ok(None));
}

#[test]
fn an_error_of_whoever_takes_the_rows_ends_the_listing() {
    let story = three_months();
    let mut taken = 0;
    let refused = story.models().each_record(org("s"), |_| {
        taken += 1;
        Err("full")
    });
    assert_eq!((refused, taken), (Err("full"), 1));
}
