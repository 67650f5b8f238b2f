//! How the records of a month were entered: each sign of back-entry is found, and nothing that isn't there.

use crate::story::{Story, local, month, org};
use mingzhang_events::*;
use mingzhang_projections::{Conduct, KnownRecorder, ReadModels, Recorders};

/// Tells an event as recorded by somebody at a later time.
fn by(story: &mut Story, actor: &str, recorded: &str, event: impl Into<Event>) -> EventId {
    let id = story.tell(event);
    let last = story.log.last_mut().expect("just told");
    last.recorded_by = actor.parse().expect("an actor");
    last.recorded_at = local(recorded);
    id
}

/// Of a burst, unless the rules say otherwise.
const BURST_RECORDS_MIN: usize = 20;

fn duty(member: u64, branch: &str, minutes: u16) -> DutyServed {
    DutyServed { member: MemberId(member), minutes, organization: org(branch) }
}

fn conduct(story: &Story, organization: &str, known: &[KnownRecorder]) -> Conduct {
    let mut models = ReadModels::new();
    models.apply_batch(0, &story.log);
    models.settle();
    // From the first entry of the month on, as the log is read.
    let from = story.log.iter().position(|event| event.recorded_at >= local("2026-03-01 00:00"));
    let from = from.unwrap_or(story.log.len());
    let mut recorders = Recorders::from_entry(from as u64);
    story.log[from..].iter().for_each(|event| recorders.note(event));
    models.conduct(org(organization), month("2026-03"), &recorders, known).expect("an organisation")
}

fn known(actor: &str, member: Option<u64>, decides_in: &[&str]) -> KnownRecorder {
    let decides_in = decides_in.iter().map(|code| Some(org(code))).collect();
    KnownRecorder { actor: actor.parse().expect("an actor"), member: member.map(MemberId), decides_in }
}

#[test]
fn back_entries_imports_and_late_records_are_counted_for_each_organisation_and_recorder() {
    let mut story = Story::street();
    story.roster_many(5, "b1").roster(101, "b2").roster(102, "b2").roster(103, "b2");
    // Of another month, by the same hand.
    story.at("2026-02-10 10:00").evidenced(Evidence::BackEntered);
    by(&mut story, "w-1", "2026-02-10 12:00", duty(1, "b1", 60));
    story.at("2026-03-10 10:00");
    for member in 1..=3 {
        by(&mut story, "w-1", "2026-03-13 10:01", duty(member, "b1", 60));
    }
    story.evidenced(Evidence::Imported);
    by(&mut story, "w-2", "2026-03-13 10:00", duty(101, "b2", 60));
    // What is said late to have been scanned was typed in, unless it stands in the row of a file.
    story.evidenced(Evidence::OnSiteCode);
    by(&mut story, "w-1", "2026-03-13 10:01", duty(4, "b1", 60));
    by(&mut story, "w-2", "2026-03-13 10:00", duty(102, "b2", 60));
    by(&mut story, "w-2", "2026-03-13 10:01", duty(103, "b2", 60));
    story.log.last_mut().expect("just told").imported = ImportedRow::new(FileDigest([7; 32]), 3).ok();
    let conduct = conduct(&story, "s", &[]);
    let counts = |entered: mingzhang_projections::Entered| {
        (entered.records, entered.back_entered, entered.imported, entered.late)
    };
    // Three days to the minute aren't late yet.
    assert_eq!(counts(conduct.entered), (7, 4, 2, 5));
    let organizations: Vec<_> =
        conduct.organizations.iter().map(|of| (of.organization.to_string(), counts(of.entered))).collect();
    assert_eq!(organizations, [("c1".to_owned(), (4, 4, 0, 4)), ("c2".to_owned(), (3, 0, 2, 1))]);
    let recorders: Vec<_> = conduct.recorders.iter().map(|of| (of.actor.to_string(), counts(of.entered))).collect();
    assert_eq!(recorders, [("w-1".to_owned(), (4, 4, 0, 4)), ("w-2".to_owned(), (3, 0, 2, 1))]);
}

#[test]
fn only_the_part_of_the_tree_that_is_asked_about_is_looked_at() {
    let mut story = Story::street();
    story.roster(1, "b1").roster(101, "b2").at("2026-03-10 10:00");
    by(&mut story, "w-1", "2026-03-10 12:00", duty(1, "b1", 60));
    by(&mut story, "w-2", "2026-03-10 12:00", duty(101, "b2", 800));
    let conduct = conduct(&story, "c1", &[]);
    assert_eq!((conduct.entered.records, conduct.long_days.len(), conduct.recorders.len()), (1, 0, 1));
}

#[test]
fn a_burst_is_so_many_by_hand_within_ten_minutes_and_codes_make_none() {
    for (evidence, count, last_at, found) in [
        (Evidence::BackEntered, BURST_RECORDS_MIN, "2026-03-20 09:09", Some(BURST_RECORDS_MIN)),
        (Evidence::BackEntered, BURST_RECORDS_MIN, "2026-03-20 09:10", None),
        (Evidence::BackEntered, BURST_RECORDS_MIN - 1, "2026-03-20 09:09", None),
        (Evidence::OnSiteCode, BURST_RECORDS_MIN * 2, "2026-03-20 09:00", None),
        (Evidence::Imported, BURST_RECORDS_MIN * 2, "2026-03-20 09:00", None),
    ] {
        let mut story = Story::street();
        story.roster_many(60, "b1").at("2026-03-19 10:00").evidenced(evidence);
        for member in 1..=count {
            let recorded = if member == count { last_at } else { "2026-03-20 09:00" };
            by(&mut story, "w-1", recorded, duty(member as u64, "b1", 60));
        }
        let bursts = conduct(&story, "s", &[]).bursts;
        let expected: Vec<u32> = found.into_iter().map(|count| u32::try_from(count).expect("few")).collect();
        let sizes: Vec<u32> = bursts.iter().map(|burst| burst.records).collect();
        assert_eq!(sizes, expected, "{evidence:?} {count} {last_at}");
        assert!(bursts.iter().all(|burst| burst.from == local("2026-03-20 09:00")));
    }
}

#[test]
fn scans_that_are_typed_in_late_are_a_burst() {
    for (recorded, found) in [("2026-03-22 10:00", 0), ("2026-03-22 10:01", 1)] {
        let mut story = Story::street();
        story.roster_many(60, "b1").at("2026-03-19 10:00").evidenced(Evidence::OnSiteCode);
        for member in 1..=BURST_RECORDS_MIN {
            by(&mut story, "w-1", recorded, duty(member as u64, "b1", 60));
        }
        assert_eq!(conduct(&story, "s", &[]).bursts.len(), found, "{recorded}");
    }
}

#[test]
fn records_about_oneself_and_about_subordinates_are_told_apart_as_far_as_log_ins_tell() {
    let mut story = Story::street();
    story.roster(1, "b1").roster(2, "c1").roster(101, "b2").at("2026-03-10 10:00");
    for actor in ["own", "reviews", "above", "beside", "unknown"] {
        by(&mut story, actor, "2026-03-10 12:00", duty(1, "b1", 10));
    }
    let known = [
        known("own", Some(1), &["c1"]),
        known("reviews", None, &["c1"]),
        known("above", Some(2), &[]),
        known("beside", Some(101), &["c2"]),
    ];
    let conduct = conduct(&story, "s", &known);
    let mut found: Vec<_> = (conduct.recorders.iter())
        .map(|of| (of.actor.to_string(), of.about_oneself, of.as_superior))
        .filter(|(_, own, superior)| own + superior > 0)
        .collect();
    found.sort();
    assert_eq!(found, [("above".to_owned(), 0, 1), ("own".to_owned(), 1, 0), ("reviews".to_owned(), 0, 1)]);
}

#[test]
fn who_reviews_whom_is_counted_and_mutual_review_is_seen() {
    let mut story = Story::street();
    story.roster_many(4, "b1").at("2026-03-10 10:00");
    let records: Vec<EventId> =
        (1..=3).map(|member| by(&mut story, "a", "2026-03-10 12:00", duty(member, "b1", 60))).collect();
    let other = by(&mut story, "b", "2026-03-10 12:00", duty(4, "b1", 60));
    for (reviewer, record) in [("b", records[0]), ("b", records[1]), ("c", records[2]), ("a", other)] {
        by(&mut story, reviewer, "2026-03-11 12:00", ServiceApproved { record });
    }
    let pairs = conduct(&story, "s", &[]).review_pairs;
    let pairs: Vec<_> = pairs
        .iter()
        .map(|pair| (pair.recorder.to_string(), pair.reviewer.to_string(), pair.reviews, pair.of_recorder, pair.mutual))
        .collect();
    let pair = |recorder: &str, reviewer: &str, reviews, of, mutual| {
        (recorder.to_owned(), reviewer.to_owned(), reviews, of, mutual)
    };
    assert_eq!(pairs, [pair("a", "b", 2, 3, true), pair("a", "c", 1, 3, false), pair("b", "a", 1, 1, true)]);
}

#[test]
fn days_too_long_and_records_at_the_same_time_are_found_unless_they_were_reversed() {
    let mut story = Story::street();
    story.roster_many(5, "b1");
    let mut served = |member, at: &str, minutes| {
        story.at(at);
        let id = by(&mut story, "w-1", "2026-03-20 12:00", duty(member, "b1", minutes));
        (id, story.log.len() as u64 - 1)
    };
    served(1, "2026-03-11 06:00", 360);
    served(1, "2026-03-11 12:00", 361);
    served(2, "2026-03-11 06:00", 360);
    served(2, "2026-03-11 12:00", 360);
    let (_, first) = served(3, "2026-03-12 10:00", 60);
    let (_, second) = served(3, "2026-03-12 10:30", 60);
    served(4, "2026-03-12 10:00", 30);
    served(4, "2026-03-12 10:30", 60);
    served(5, "2026-03-12 10:00", 700);
    let (taken_back, _) = served(5, "2026-03-12 10:30", 60);
    story.tell(RecordReversed { decision: None, reason: CorrectionReason::RecordedTwice, record: taken_back });
    let conduct = conduct(&story, "s", &[]);
    let days: Vec<_> = conduct.long_days.iter().map(|day| (day.member.0, day.date.to_string(), day.minutes)).collect();
    assert_eq!(days, [(1, "2026-03-11".to_owned(), 721)]);
    let overlaps: Vec<_> = (conduct.overlaps.iter())
        .map(|overlap| (overlap.member.0, overlap.log_index, overlap.other_log_index, overlap.minutes))
        .collect();
    assert_eq!(overlaps, [(3, first, second, 30)]);
    assert_eq!((conduct.long_days_count, conduct.overlaps_count), (1, 1));
}

#[test]
fn corrections_after_the_close_and_suspensions_are_told() {
    let mut story = Story::street();
    story.roster_many(2, "b1").at("2026-03-10 10:00");
    let record = by(&mut story, "w-1", "2026-03-10 12:00", duty(1, "b1", 60));
    let corrected =
        |minutes| RecordCorrected { decision: None, minutes, reason: CorrectionReason::EnteredWrongly, record };
    by(&mut story, "w-2", "2026-03-11 12:00", corrected(50));
    story.at("2026-04-01 09:00").tell(MonthClosed { month: month("2026-03"), organization: org("s") });
    story.at("2026-03-10 10:00");
    by(&mut story, "w-2", "2026-04-02 12:00", corrected(40));
    by(
        &mut story,
        "w-2",
        "2026-04-02 12:01",
        RecordReversed { decision: None, reason: CorrectionReason::FoundUntrue, record },
    );
    story.at("2026-04-03 09:00");
    let recorder = |name: &str| name.parse().expect("an actor");
    let reason = SuspensionReason::FalseRecords;
    story.tell(RecordingSuspended { reason, recorder: recorder("w-1"), until: None });
    story.tell(RecordingSuspended { reason, recorder: recorder("w-2"), until: None });
    story.at("2026-04-04 09:00").tell(RecordingRestored { recorder: recorder("w-2") });
    let conduct = conduct(&story, "s", &[]);
    let recorders: Vec<_> =
        (conduct.recorders.iter()).map(|of| (of.actor.to_string(), of.corrections_after_close, of.suspended)).collect();
    assert_eq!(recorders, [("w-1".to_owned(), 0, true), ("w-2".to_owned(), 2, false)]);
    let suspensions: Vec<_> =
        conduct.suspensions.iter().map(|of| (of.actor.to_string(), of.restored_at.is_some())).collect();
    assert_eq!(suspensions, [("w-1".to_owned(), false), ("w-2".to_owned(), true)]);
    let after = ReadModels::from_bytes(&{
        let mut models = ReadModels::new();
        models.apply_batch(0, &story.log);
        models.settle();
        models.to_bytes()
    });
    assert!(after.is_ok(), "suspensions are part of a snapshot");
}

#[test]
fn a_decision_that_was_undone_after_the_close_is_counted_as_a_correction_is() {
    let mut story = Story::street_with_rules();
    story.roster_many(2, "b1").at("2026-03-10 10:00");
    let grants = [1, 2, 3].map(|_| story.grant(1, "3.1", "1"));
    let resets = [story.reset(1, "5"), story.reset(2, "5")];
    let reversed = |record| RecordReversed { decision: None, reason: CorrectionReason::FoundUntrue, record };
    let quashed = |decision| DecisionQuashed { decision, reason: QuashingReason::Reviewed };
    by(&mut story, "w-1", "2026-03-20 12:00", reversed(grants[0]));
    story.at("2026-04-01 09:00").tell(MonthClosed { month: month("2026-03"), organization: org("s") });
    by(&mut story, "w-1", "2026-04-02 12:00", reversed(grants[1]));
    by(&mut story, "w-2", "2026-04-02 12:01", reversed(grants[2]));
    by(&mut story, "w-2", "2026-04-02 12:02", quashed(resets[0]));
    by(&mut story, "w-2", "2026-04-02 12:03", quashed(resets[1]));
    let told = |organization: &str| -> Vec<_> {
        let conduct = conduct(&story, organization, &[]);
        conduct.recorders.iter().map(|of| (of.actor.to_string(), of.corrections_after_close)).collect()
    };
    assert_eq!(told("s"), [("w-1".to_owned(), 1), ("w-2".to_owned(), 3)]);
    assert_eq!(told("b2"), [], "of another branch's members");
}

#[test]
fn from_when_on_something_is_told_of_is_for_the_rules_of_the_month_to_say() {
    let told = |lines: &str, minutes: u16| {
        let mut story = Story::street();
        let rules = format!(
            "title = \"t\"\nversion = \"v\"\neffective_from = \"2026-03\"\nreview_required_for = []\n{lines}\n"
        );
        story.adopt(&rules).roster_many(3, "b1").at("2026-03-10 10:00").evidenced(Evidence::BackEntered);
        for (member, recorded) in [(1, "2026-03-12 10:00"), (2, "2026-03-12 10:01"), (3, "2026-03-12 10:05")] {
            by(&mut story, "w-1", recorded, duty(member, "b1", minutes));
        }
        let conduct = conduct(&story, "s", &[]);
        let burst = conduct.bursts.first().map_or(0, |burst| burst.records);
        (conduct.entered.late, burst, conduct.long_days_count, conduct.limits)
    };
    let (late, burst, long_days, limits) = told("", 720);
    assert_eq!((late, burst, long_days), (0, 0, 0));
    let named = |limits: mingzhang_projections::ConductLimits| {
        (limits.burst_minutes, limits.burst_records_min, limits.late_after_days, limits.plausible_day_minutes)
    };
    assert_eq!(named(limits), (10, 20, 3, 720));
    let (late, burst, long_days, limits) = told(
        "[conduct]\nburst_minutes = 5\nburst_records_min = 2\nlate_after_days = 2\nplausible_day_minutes = 719",
        720,
    );
    // Two days to the minute aren't late, and the third record is no longer within the five minutes.
    assert_eq!((late, burst, long_days), (2, 2, 3));
    assert_eq!(named(limits), (5, 2, 2, 719));
    // One limit leaves the others as they are.
    assert_eq!(named(told("[conduct]\nlate_after_days = 0", 60).3), (10, 20, 0, 720));
    assert_eq!(told("[conduct]\nlate_after_days = 0", 60).0, 3);
}

#[test]
fn limits_out_of_their_range_are_a_fault_of_the_document() {
    let parsed = |line: &str| {
        mingzhang_projections::parse_rules(&format!(
            "title = \"t\"\nversion = \"v\"\neffective_from = \"2026-03\"\nreview_required_for = []\n[conduct]\n{line}\n"
        ))
    };
    for (field, first, last) in [
        ("burst_minutes", 1, Some(1440)),
        ("burst_records_min", 2, None),
        ("late_after_days", 0, Some(366)),
        ("plausible_day_minutes", 1, Some(1440)),
    ] {
        let (below, above) = (u16::checked_sub(first, 1), last.map(|last| last + 1));
        for out_of_range in below.into_iter().chain(above) {
            let fault = parsed(&format!("{field} = {out_of_range}")).expect_err("out of range");
            assert!(fault.chinese.contains("核查标准"), "{field} = {out_of_range}: {}", fault.chinese);
        }
        for in_range in [first, last.unwrap_or(u16::MAX)] {
            assert!(parsed(&format!("{field} = {in_range}")).is_ok(), "{field} = {in_range}");
        }
    }
}
