//! What was issued is known by its digest, also after a snapshot; a register has what its members did while they were there.

use crate::story::{Story, local, month, org};
use mingzhang_events::*;
use mingzhang_projections::ReadModels;

fn notice(number: &str, supersedes: Option<EventId>) -> NoticeIssued {
    NoticeIssued {
        digest: "0".repeat(64),
        format: None,
        month: month("2026-10"),
        number: number.to_owned(),
        organization: org("s"),
        root_hash: "f".repeat(64),
        supersedes,
        tree_size: 5,
    }
}

fn file_of(notice: EventId, byte: u8) -> DocumentIssued {
    DocumentIssued {
        activity: None,
        digest: FileDigest([byte; 32]),
        format: DocumentFormat::Text,
        kind: DocumentKind::Notice,
        member: None,
        month: Some(month("2026-10")),
        notice: Some(notice),
        number: None,
        organization: org("s"),
        requested_at: None,
        root_hash: "f".repeat(64),
        supersedes: None,
        tree_size: 5,
    }
}

#[test]
fn a_file_of_a_notice_is_superseded_with_it_also_after_a_snapshot() {
    let mut story = Story::street();
    let first = story.tell(notice("1", None));
    story.tell(file_of(first, 1));
    let second = story.tell(notice("2", Some(first)));
    story.tell(file_of(second, 2));
    let models = story.models();
    let reloaded = ReadModels::from_bytes(&models.to_bytes()).expect("our own bytes");
    for models in [&models, &reloaded] {
        let of = |byte| models.document_standing(FileDigest([byte; 32]));
        let superseded = of(1).expect("issued").superseded_by.expect("superseded");
        assert_eq!((superseded.id, superseded.number.as_deref()), (second, Some("2")));
        let in_force = of(2).expect("issued");
        assert_eq!((in_force.number.as_deref(), in_force.superseded_by), (Some("2"), None));
        assert_eq!(of(3), None);
    }
}

#[test]
fn a_digest_stands_for_the_first_file_that_was_issued_with_it() {
    let mut story = Story::street();
    let of = story.tell(notice("1", None));
    let first = story.tell(file_of(of, 1));
    story.tell(file_of(of, 1));
    assert_eq!(story.models().document(FileDigest([1; 32])).map(|document| document.id), Some(first));
    assert_eq!(story.models().documents(None, None, None).expect("a list").count(), 1);
}

#[test]
fn a_register_has_what_its_members_did_while_they_belonged_there() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1");
    story.patrol(1, "2026-10-03 19:00", 60);
    story.at("2026-10-10 00:00").tell(MemberTransferred {
        decision: None,
        member: MemberId(1),
        organization: org("b2"),
    });
    story.patrol(1, "2026-10-20 19:00", 90);
    let models = story.models();
    let minutes = |of: &str| -> Vec<u16> {
        let register = models.register(org(of), month("2026-10")).expect("known");
        register.iter().filter(|line| line.item.kind.is_some()).map(|line| line.item.minutes).collect()
    };
    assert_eq!((minutes("b1"), minutes("b2"), minutes("s")), (vec![60], vec![90], vec![60, 90]));
    assert_eq!(models.register(org("nowhere"), month("2026-10")), None);
}

#[test]
fn an_attendance_sheet_has_everybody_who_was_recorded_at_the_activity_and_nobody_else() {
    let mut story = Story::street();
    story.roster_many(4, "b1");
    for activity in [7, 8] {
        story.schedule(activity, ActivityKind::Meeting, "2026-10-31 22:00", "2026-11-01 01:00");
    }
    let [_, attended, _] =
        [(1, AttendanceOutcome::Absent), (2, AttendanceOutcome::Attended), (3, AttendanceOutcome::OnLeave)]
            .map(|(member, outcome)| story.at("2026-10-31 22:00").attend(member, 7, outcome));
    let elsewhere = story.at("2026-10-31 22:00").attend(4, 8, AttendanceOutcome::Attended);
    let sheet = story.models().attendance_sheet(ActivityId(7)).expect("scheduled");
    let lines: Vec<(u64, AttendanceOutcome)> = sheet.lines.iter().map(|line| (line.member.0, line.outcome)).collect();
    let expected = [(2, AttendanceOutcome::Attended), (3, AttendanceOutcome::OnLeave), (1, AttendanceOutcome::Absent)];
    assert_eq!(lines, expected);
    assert_eq!((sheet.starts_at, sheet.planned_minutes), (local("2026-10-31 22:00"), 180));
    assert_eq!(story.models().attendance_sheet(ActivityId(9)), None);
    // Also those whose time was corrected to a month that isn't the activity's and doesn't border on it, and still no other.
    let reason = CorrectionReason::EnteredWrongly;
    for record in [attended, elsewhere] {
        story.at("2026-08-05 22:00").tell(RecordCorrected { decision: None, minutes: 60, reason, record });
    }
    let members = |activity: u64| -> Vec<u64> {
        let sheet = story.models().attendance_sheet(ActivityId(activity)).expect("scheduled");
        sheet.lines.iter().map(|line| line.member.0).collect()
    };
    assert_eq!((members(7), members(8)), (vec![2, 3, 1], vec![4]));
}
