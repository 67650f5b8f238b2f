//! Golden bytes: one entry of each stored type, written out here as a value and kept for ever as bytes in
//! `tests/fixtures/events`. What was stored once must read the same in every later version.
//!
//! A new type gets its file with `MINGZHANG_BLESS=1 cargo test -p mingzhang-events --test golden`, which writes missing files and
//! never touches one that is there.

use mingzhang_events::*;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

const ORIGIN: &str = "ledger.example/shuyuan";

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/events")
}

/// A value from its text; which type it is, the field it stands in says.
fn v<T: FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("a value of the fixture")
}

fn entry(id: u128, occurred_at: &str, recorded_at: &str, evidence: Evidence, event: impl Into<Event>) -> RecordedEvent {
    RecordedEvent {
        id: EventId(id),
        event: event.into(),
        evidence,
        imported: None,
        occurred_at: v(occurred_at),
        recorded_at: v(recorded_at),
        recorded_by: v("w-0012"),
    }
}

/// The values that the golden bytes stand for, in the order of the table of contents.
#[rustfmt::skip]
fn written_out() -> Vec<RecordedEvent> {
    use Evidence::{Attested, BackEntered, BothParties, Imported, Office, OnSiteCode};
    let member = || v::<MemberId>("m0123456789abc");
    let household = || v::<HouseholdId>("h7zzzzzzzzzzzz");
    let activity = || v::<ActivityId>("a00000000000g7");
    let record = || v::<EventId>("e7zzzzzzzzzzzzzzzzzzzzzzzzz");
    let street = || v::<OrganizationId>("420902001");
    let community = || v::<OrganizationId>("420902001001");
    let branch = || v::<OrganizationId>("420902001001-03");
    vec![
        entry(1, "2025-12-31T16:00:00Z", "2026-01-05T01:02:03Z", Imported,
            OrganizationEstablished { level: OrganizationLevel::Community, name: "城站社区党委".into(), organization: community(), parent: Some(street()) }),
        entry(2, "2026-03-01T00:00:00Z", "2026-03-02T01:00:00Z", Office,
            OrganizationRenamed { name: "槐荫\"东\"网格党支部\\1".into(), organization: branch() }),
        entry(3, "2026-03-01T00:00:00Z", "2026-03-02T01:00:00Z", Office,
            OrganizationMoved { organization: branch(), parent: v("420902001002") }),
        entry(4, "2026-03-01T00:00:00Z", "2026-03-02T01:00:00Z", Office,
            OrganizationMerged { into: branch(), organization: v("420902001001-04") }),
        entry(5, "2026-03-01T00:00:00Z", "2026-03-02T01:00:00Z", Office,
            OrganizationDissolved { organization: v("420902001001-05") }),
        entry(6, "2026-01-01T00:00:00Z", "2026-01-05T01:02:03Z", Imported,
            MemberRostered { class: MemberClass::InService, member: member(), organization: branch() }),
        entry(7, "2026-04-01T00:00:00Z", "2026-04-01T02:00:00Z", Imported,
            MemberTransferred { decision: None, member: member(), organization: v("420902001001-04") }),
        entry(34, "2026-04-15T00:00:00Z", "2026-04-15T02:00:00Z", Office,
            MemberReclassified { decision: None, class: MemberClass::Deployed, member: member() }),
        entry(8, "2026-04-01T00:00:00Z", "2026-04-01T02:00:00Z", Attested,
            MemberExempted { decision: None, member: member(), reason: ExemptionReason::Maternity, until: Some(jiff::civil::date(2026, 9, 30)) }),
        entry(9, "2026-04-01T00:00:00Z", "2026-04-01T02:00:00Z", Attested,
            MemberLeft { decision: None, member: member(), reason: LeavingReason::MovedAway }),
        entry(10, "2026-01-08T02:30:00Z", "2026-01-08T02:31:00Z", BothParties,
            MemberEnrolled { decision: None, community: community(), member: member() }),
        entry(11, "2026-08-31T15:59:59Z", "2026-09-01T00:10:00Z", Attested,
            EnrollmentEnded { decision: None, community: community(), member: member() }),
        entry(12, "2026-09-28T01:00:00Z", "2026-09-28T01:00:00Z", Office,
            ActivityScheduled { activity: activity(), class: ActivityClass::Voluntary, emergency_grade: None, ends_at: v("2026-10-03T17:30:00Z"), kind: ActivityKind::NightPatrol, organization: community(), starts_at: v("2026-10-03T13:30:00Z") }),
        entry(13, "2026-10-03T09:00:00Z", "2026-10-03T09:00:05Z", Office,
            ActivityCancelled { activity: activity(), reason: CancellationReason::Weather }),
        entry(14, "2026-09-29T04:05:06Z", "2026-09-29T04:05:06Z", BothParties,
            MemberSignedUp { activity: activity(), member: member() }),
        entry(15, "2026-10-02T04:05:06Z", "2026-10-02T04:05:06Z", BothParties,
            SignUpWithdrawn { activity: activity(), member: member() }),
        entry(16, "2026-10-03T13:28:11Z", "2026-10-03T13:28:12Z", OnSiteCode,
            MemberCheckedIn { activity: activity(), member: member() }),
        entry(17, "2026-10-03T17:31:40Z", "2026-10-03T17:31:41Z", OnSiteCode,
            MemberCheckedOut { activity: activity(), member: member() }),
        entry(18, "2026-10-03T13:30:00Z", "2026-10-05T08:00:00Z", BackEntered,
            LateCheckInRecorded { activity: activity(), ended_at: v("2026-10-03T17:30:00Z"), member: member(), reason: LateCheckInReason::OnPaper }),
        entry(19, "2026-10-15T07:00:00Z", "2026-10-15T09:00:00Z", Attested,
            AttendanceRecorded { activity: activity(), member: member(), outcome: AttendanceOutcome::OnLeave }),
        entry(20, "2026-02-01T02:00:00Z", "2026-02-01T02:00:00Z", BothParties,
            HardshipPairingFormed { household: household(), member: member(), organization: community() }),
        entry(21, "2026-12-31T02:00:00Z", "2026-12-31T02:00:00Z", Attested,
            HardshipPairingEnded { household: household(), member: member() }),
        entry(22, "2026-10-06T11:00:00Z", "2026-10-07T01:00:00Z", BothParties,
            HomeVisitMade { household: household(), member: member(), minutes: 45 }),
        entry(23, "2026-09-30T01:00:00Z", "2026-09-30T01:00:00Z", Office,
            DutyRostered { date: jiff::civil::date(2026, 10, 10), member: member(), organization: community() }),
        entry(24, "2026-10-10T00:30:00Z", "2026-10-10T10:00:00Z", Attested,
            DutyServed { member: member(), minutes: 450, organization: community() }),
        entry(25, "2026-10-20T01:00:00Z", "2026-10-20T01:00:00Z", Office,
            ServiceApproved { record: record() }),
        entry(26, "2026-10-20T01:00:00Z", "2026-10-20T01:00:00Z", Office,
            ServiceReturned { reason: ReturnReason::EvidenceMissing, record: record() }),
        entry(27, "2026-10-21T01:00:00Z", "2026-10-21T01:00:00Z", Attested,
            RecordCorrected { decision: None, minutes: 225, reason: CorrectionReason::ReturnedAndMended, record: record() }),
        entry(28, "2026-10-22T01:00:00Z", "2026-10-22T01:00:00Z", Office,
            RecordReversed { decision: None, reason: CorrectionReason::FoundUntrue, record: record() }),
        entry(29, "2026-10-23T01:00:00Z", "2026-10-23T01:00:00Z", Office,
            PointsGranted { decision: None, clause: v("4.1"), member: member(), points: v("12.50") }),
        entry(30, "2026-10-23T01:00:00Z", "2026-10-23T01:00:00Z", Office,
            PointsDeducted { decision: None, clause: v("5.2"), member: member(), points: v("0.05") }),
        entry(35, "2026-10-24T01:00:00Z", "2026-10-24T01:00:00Z", Office,
            PointsReset { clause: v("6.1"), member: member() }),
        entry(36, "2026-10-24T01:00:00Z", "2026-10-24T01:00:00Z", Office,
            PointsVetoed { clause: v("6.2"), member: member() }),
        entry(37, "2026-10-30T01:00:00Z", "2026-10-30T01:00:00Z", Office,
            DecisionQuashed { decision: record(), reason: QuashingReason::AppealUpheld }),
        entry(31, "2025-12-20T01:00:00Z", "2025-12-20T01:00:00Z", Office,
            ScoringRulesAdopted { rules: Box::new(rules()) }),
        entry(40, "2026-11-03T01:00:00Z", "2026-11-03T01:00:00Z", Office,
            MonthFrozen { month: v("2026-10"), organization: street() }),
        entry(41, "2026-11-03T02:00:00Z", "2026-11-03T02:00:00Z", Office,
            DisclosureOpened { digest: "0123456789abcdef".repeat(4), month: v("2026-10"), organization: street(), root_hash: "fedcba9876543210".repeat(4), tree_size: 28_416, until: jiff::civil::date(2026, 11, 10), working_days: 5 }),
        entry(42, "2026-11-04T02:00:00Z", "2026-11-04T02:00:00Z", Office,
            ObjectionRaised { ground: ObjectionGround::TimeWrong, member: member(), subject: record() }),
        entry(43, "2026-11-04T03:00:00Z", "2026-11-04T03:00:00Z", Office,
            ObjectionAssigned { assignee: v("r-0003"), objection: record() }),
        entry(44, "2026-11-05T03:00:00Z", "2026-11-05T03:00:00Z", Office,
            ObjectionUpheld { clause: Some(v("3.1")), objection: record() }),
        entry(45, "2026-11-05T03:00:00Z", "2026-11-05T03:00:00Z", Office,
            ObjectionDismissed { clause: None, objection: record(), reason: DismissalReason::RecordConfirmed }),
        entry(46, "2026-11-05T03:00:00Z", "2026-11-05T03:00:00Z", Office,
            ObjectionWithdrawn { objection: record() }),
        entry(32, "2026-11-03T01:00:00Z", "2026-11-03T01:00:00Z", Office,
            MonthClosed { month: v("2026-10"), organization: street() }),
        entry(u128::MAX, "2026-11-05T01:00:00Z", "2026-11-05T01:00:00Z", Office,
            NoticeIssued { digest: "0123456789abcdef".repeat(4), format: None, month: v("2026-10"), number: "〔2026〕10号".into(), organization: street(), root_hash: "fedcba9876543210".repeat(4), supersedes: None, tree_size: 9_007_199_254_740_991 }),
        entry(52, "2026-11-06T02:00:00Z", "2026-11-06T02:00:00Z", BothParties,
            DocumentIssued { activity: None, digest: v(&"0123456789abcdef".repeat(4)), format: DocumentFormat::Pdf, kind: DocumentKind::Certificate, member: Some(member()), month: None, notice: None, number: Some("志证〔2026〕1号".into()), organization: street(), requested_at: Some(v("2026-11-05T07:30:00Z")), root_hash: "fedcba9876543210".repeat(4), supersedes: None, tree_size: 28_416 }),
        entry(51, "2026-10-01T01:00:00Z", "2026-10-01T01:00:00Z", Office,
            IdentityCommitted { member: member(), name_commitment: v(&"0123456789abcdef".repeat(4)), number_commitment: Some(v(&"fedcba9876543210".repeat(4))) }),
        entry(39, "2026-11-07T01:00:00Z", "2026-11-07T02:00:00Z", BothParties,
            NameConsentGiven { member: member() }),
        entry(40, "2026-11-08T01:00:00Z", "2026-11-08T01:00:00Z", Office,
            NameConsentWithdrawn { member: member() }),
        entry(41, "2026-11-09T01:00:00Z", "2026-11-09T01:00:00Z", Office,
            PersonErased { member: member() }),
        entry(42, "2026-11-10T01:00:00Z", "2026-11-10T01:00:00Z", Office,
            RecordingSuspended { reason: SuspensionReason::UnderInvestigation, recorder: v("w-0099"), until: Some(jiff::civil::date(2026, 12, 31)) }),
        entry(43, "2026-11-20T01:00:00Z", "2026-11-20T01:00:00Z", Office,
            RecordingRestored { recorder: v("w-0099") }),
        entry(33, "2026-11-06T01:00:00Z", "2026-11-06T01:00:00Z", Office,
            SigningKeyRotated { handover: "mingzhang signing-key handover v1\nexample.gov.cn/shuyuan+00000001+AQ==\nexample.gov.cn/shuyuan+00000002+AQ==\n\n— example.gov.cn/shuyuan AAAA\n".into(), new_key: "example.gov.cn/shuyuan+00000002+AQ==".into(), old_key: "example.gov.cn/shuyuan+00000001+AQ==".into() }),
    ]
}

/// Entries of types that got optional fields after their golden bytes were written: with every one of them. The same file rules.
#[rustfmt::skip]
fn with_later_fields() -> Vec<(&'static str, RecordedEvent)> {
    use Evidence::{Attested, Office};
    vec![
        ("mingzhang.check-in.recorded.v1.imported.json", RecordedEvent { imported: Some(ImportedRow::new(v(&"0123456789abcdef".repeat(4)), 17).expect("a row")), ..entry(52, "2026-10-03T13:25:00Z", "2026-11-02T01:00:00Z", Evidence::Imported,
            MemberCheckedIn { activity: v("a00000000000g7"), member: v("m0123456789abc") }) }),
        ("mingzhang.activity.scheduled.v1.later-fields.json", entry(38, "2026-07-01T00:00:00Z", "2026-07-01T00:00:00Z", Office,
            ActivityScheduled { activity: v("a00000000000g8"), class: ActivityClass::Duty, emergency_grade: Some(EmergencyGrade::Serious), ends_at: v("2026-07-01T12:00:00Z"), kind: ActivityKind::Mobilization, organization: v("420902001001"), starts_at: v("2026-07-01T01:00:00Z") })),
        ("mingzhang.member.transferred.v1.later-fields.json", entry(54, "2026-10-21T01:00:00Z", "2026-11-20T01:00:00Z", Office,
            MemberTransferred { decision: Some(v("e7zzzzzzzzzzzzzzzzzzzzzzzzy")), member: v("m0123456789abc"), organization: v("420902001001-04") })),
        ("mingzhang.member.reclassified.v1.later-fields.json", entry(55, "2026-10-21T01:00:00Z", "2026-11-20T01:00:00Z", Office,
            MemberReclassified { class: MemberClass::Deployed, decision: Some(v("e7zzzzzzzzzzzzzzzzzzzzzzzzy")), member: v("m0123456789abc") })),
        ("mingzhang.member.exempted.v1.later-fields.json", entry(56, "2026-10-21T01:00:00Z", "2026-11-20T01:00:00Z", Office,
            MemberExempted { decision: Some(v("e7zzzzzzzzzzzzzzzzzzzzzzzzy")), member: v("m0123456789abc"), reason: ExemptionReason::Illness, until: Some(jiff::civil::date(2026, 12, 31)) })),
        ("mingzhang.member.left.v1.later-fields.json", entry(57, "2026-10-21T01:00:00Z", "2026-11-20T01:00:00Z", Office,
            MemberLeft { decision: Some(v("e7zzzzzzzzzzzzzzzzzzzzzzzzy")), member: v("m0123456789abc"), reason: LeavingReason::MovedAway })),
        ("mingzhang.member.enrolled.v1.later-fields.json", entry(58, "2026-10-21T01:00:00Z", "2026-11-20T01:00:00Z", Office,
            MemberEnrolled { community: v("420902001001"), decision: Some(v("e7zzzzzzzzzzzzzzzzzzzzzzzzy")), member: v("m0123456789abc") })),
        ("mingzhang.enrollment.ended.v1.later-fields.json", entry(59, "2026-10-21T01:00:00Z", "2026-11-20T01:00:00Z", Office,
            EnrollmentEnded { community: v("420902001001"), decision: Some(v("e7zzzzzzzzzzzzzzzzzzzzzzzzy")), member: v("m0123456789abc") })),
        ("mingzhang.points.granted.v1.later-fields.json", entry(60, "2026-10-21T01:00:00Z", "2026-11-20T01:00:00Z", Office,
            PointsGranted { clause: v("4.1"), decision: Some(v("e7zzzzzzzzzzzzzzzzzzzzzzzzy")), member: v("m0123456789abc"), points: v("2") })),
        ("mingzhang.points.deducted.v1.later-fields.json", entry(61, "2026-10-21T01:00:00Z", "2026-11-20T01:00:00Z", Office,
            PointsDeducted { clause: v("5.2"), decision: Some(v("e7zzzzzzzzzzzzzzzzzzzzzzzzy")), member: v("m0123456789abc"), points: v("1.5") })),
        ("mingzhang.notice.issued.v1.later-fields.json", entry(50, "2026-11-20T01:00:00Z", "2026-11-20T01:00:00Z", Office,
            NoticeIssued { digest: "0123456789abcdef".repeat(4), format: None, month: v("2026-10"), number: "〔2026〕12号".into(), organization: v("420902001"), root_hash: "fedcba9876543210".repeat(4), supersedes: Some(v("e7zzzzzzzzzzzzzzzzzzzzzzzzz")), tree_size: 28_500 })),
        ("mingzhang.notice.issued.v1.format.json", entry(53, "2026-11-20T01:00:00Z", "2026-11-20T01:00:00Z", Office,
            NoticeIssued { digest: "0123456789abcdef".repeat(4), format: Some(NoticeFormat::Superseding), month: v("2026-10"), number: "〔2026〕13号".into(), organization: v("420902001"), root_hash: "fedcba9876543210".repeat(4), supersedes: Some(v("e7zzzzzzzzzzzzzzzzzzzzzzzzz")), tree_size: 28_500 })),
        ("mingzhang.record.corrected.v1.later-fields.json", entry(47, "2026-10-21T01:00:00Z", "2026-11-06T01:00:00Z", Attested,
            RecordCorrected { decision: Some(v("e7zzzzzzzzzzzzzzzzzzzzzzzzy")), minutes: 225, reason: CorrectionReason::ObjectionUpheld, record: v("e7zzzzzzzzzzzzzzzzzzzzzzzzz") })),
        ("mingzhang.record.reversed.v1.later-fields.json", entry(48, "2026-11-06T01:00:00Z", "2026-11-06T01:00:00Z", Office,
            RecordReversed { decision: Some(v("e7zzzzzzzzzzzzzzzzzzzzzzzzy")), reason: CorrectionReason::ObjectionUpheld, record: v("e7zzzzzzzzzzzzzzzzzzzzzzzzz") })),
        ("mingzhang.scoring-rules.adopted.v1.disclosure.json", entry(49, "2026-12-20T01:00:00Z", "2026-12-20T01:00:00Z", Office,
            ScoringRulesAdopted { rules: Box::new(ScoringRules { disclosure: Some(DisclosureRules { answer_within_working_days: Some(3), notice_working_days: Some(10), objector_roles: Vec::new(), objectors: Some(Objectors::AnyMember), working_days: 5 }), ..rules() }) })),
        ("mingzhang.scoring-rules.adopted.v1.objector-roles.json", entry(55, "2026-12-20T01:00:00Z", "2026-12-20T01:00:00Z", Office,
            ScoringRulesAdopted { rules: Box::new(ScoringRules { disclosure: Some(DisclosureRules { answer_within_working_days: None, notice_working_days: None, objector_roles: vec![ObjectorRole::Reviewer, ObjectorRole::Auditor], objectors: None, working_days: 5 }), ..rules() }) })),
        ("mingzhang.scoring-rules.adopted.v1.calendars.json", entry(50, "2026-12-20T01:00:00Z", "2026-12-20T01:00:00Z", Office,
            ScoringRulesAdopted { rules: Box::new(ScoringRules { calendars: vec![YearCalendar { holidays: vec![Holiday { from: jiff::civil::date(2026, 12, 31), until: jiff::civil::date(2027, 1, 3) }], make_up_days: vec![MakeUpDay(jiff::civil::date(2027, 1, 10))], notice: "〔2026〕1号".into(), year: 2027 }], ..rules() }) })),
        ("mingzhang.scoring-rules.adopted.v1.conduct.json", entry(51, "2026-12-20T01:00:00Z", "2026-12-20T01:00:00Z", Office,
            ScoringRulesAdopted { rules: Box::new(ScoringRules { conduct: Some(ConductRules { burst_minutes: Some(5), burst_records_min: Some(12), late_after_days: Some(7), plausible_day_minutes: Some(600) }), ..rules() }) })),
        ("mingzhang.scoring-rules.adopted.v1.dating.json", entry(56, "2026-12-20T01:00:00Z", "2026-12-20T01:00:00Z", Office,
            ScoringRulesAdopted { rules: Box::new(ScoringRules { records_dated_by: Some(RecordDating::PlannedStart), ..rules() }) })),
        ("mingzhang.scoring-rules.adopted.v1.subtraction.json", entry(57, "2026-12-20T01:00:00Z", "2026-12-20T01:00:00Z", Office,
            ScoringRulesAdopted { rules: Box::new(ScoringRules { withhold_against_subtraction: Some(true), ..rules() }) })),
        ("mingzhang.scoring-rules.adopted.v1.later-fields.json", entry(39, "2026-12-20T01:00:00Z", "2026-12-20T01:00:00Z", Office,
            ScoringRulesAdopted { rules: Box::new(later_rules()) })),
    ]
}

/// Every optional field of every clause, as of the day on which these bytes were written.
#[rustfmt::skip]
fn later_rules() -> ScoringRules {
    let caps = || Caps { in_all: Some(v("1500")), per_activity: Some(v("2")), per_day: Some(v("8")), per_month: Some(v("60.5")), per_quarter: Some(v("150")), per_year: Some(v("500")) };
    ScoringRules {
        assessment: Some(Assessment {
            bands: vec![
                Band { clause: v("9.1"), consequence: Some("评为优秀".into()), name: "优秀".into(), points_from: Some(v("95")), voluntary_minutes_from: Some(3_000) },
                Band { clause: v("9.2"), consequence: None, name: "其他".into(), points_from: None, voluntary_minutes_from: None },
            ],
            parts: vec![AssessmentPart { of: Measure::MonthPoints, percent: 50 }, AssessmentPart { of: Measure::YearMonthlyAverage, percent: 50 }],
        }),
        awards: vec![AwardClause { caps: Some(caps()), clause: v("4.1"), group: Some(v("3")), name: "见义勇为".into(), only: Some(AwardDirection::Grant), points_max: v("50") }],
        back_entry_quota: Some(BackEntryQuota { clause: v("7.1"), evidence: vec![Evidence::BackEntered], name: "补录限额".into(), percent_max: Some(20), records_max: Some(2) }),
        base: vec![BasePoints { clause: v("2.1"), each: Period::Year, member_classes: vec![MemberClass::Resident], name: "基础分".into(), points: v("100") }],
        calendars: Vec::new(),
        closed_month_corrections: Some(ClosedMonthCorrections::Restate),
        coefficients: vec![Coefficient {
            clause: v("8.1"), emergency_grades: vec![EmergencyGrade::Serious], evidence: vec![Evidence::OnSiteCode], items: vec![v("3.1")], kinds: vec![ActivityKind::Mobilization],
            member_classes: vec![MemberClass::Deployed], name: "凌晨加倍".into(), times: v("1.5"), window: Some(TimeWindow { counts: WindowCount::OverlappingMinutes, from: v("02:00"), until: v("08:00") }),
        }],
        conduct: None,
        deduction_caps: Some(caps()),
        deductions: vec![DeductionItem { caps: Some(caps()), clause: v("5.1"), kind: None, name: "报名未到".into(), on: DeductionGround::NoShow, per_month_max: None, points: v("2") }],
        disclosure: None,
        duty_members_per_working_day: None,
        effective_from: v("2027-01"),
        exempt_from_deductions: Some(true),
        gates: vec![Gate { clause: v("9.9"), name: "报到率".into(), percent_min: 95, rate: RateKind::Enrollment }],
        groups: vec![ScoringGroup { caps: caps(), clause: v("3"), name: "服务类".into() }],
        items: vec![ScoringItem { brackets: vec![Bracket { minutes_from: 60, points: v("1") }, Bracket { minutes_from: 120, points: v("2.5") }], caps: Some(caps()), class: None, clause: v("3.1"), group: Some(v("3")), kind: ActivityKind::Mobilization, name: "急难险重".into(), per: ScoringUnit::Bracket, points: Points::ZERO, rounding: None }],
        published_group_members_min: None,
        rates: vec![RateDefinition { cutoff: Some(Cutoff::MonthStart), exempting_reasons: Some(vec![ExemptionReason::Illness]), member_classes: vec![MemberClass::InService], rate: RateKind::Enrollment }],
        records_dated_by: None,
        resets: vec![PeriodClause { clause: v("6.1"), name: "虚报".into(), period: Period::Year }],
        review_chain: vec![ReviewStep { level: Some(OrganizationLevel::Community), name: "社区复核".into(), role: ReviewRole::Reviewer, within_working_days: Some(3) }],
        review_required_for: vec![],
        stretch_minutes_max: None,
        title: "书院街道党员积分细则（2027年版）".into(),
        total_caps: Some(caps()),
        version: v("2027-1"),
        vetoes: vec![PeriodClause { clause: v("6.2"), name: "受处分".into(), period: Period::Quarter }],
        withhold_against_subtraction: None,
    }
}

/// Every field of every kind of clause that there was at first is there at least once, and absent at least once where it may be.
#[rustfmt::skip]
fn rules() -> ScoringRules {
    ScoringRules {
        assessment: None,
        awards: vec![AwardClause { caps: None, clause: v("4.1"), group: None, name: "见义勇为".into(), only: None, points_max: v("50") }],
        back_entry_quota: None,
        base: vec![],
        calendars: Vec::new(),
        closed_month_corrections: None,
        coefficients: vec![],
        conduct: None,
        deduction_caps: None,
        deductions: vec![
            DeductionItem { caps: None, clause: v("5.1"), kind: Some(ActivityKind::Meeting), name: "无故缺席会议".into(), on: DeductionGround::AbsenceWithoutLeave, per_month_max: Some(v("10")), points: v("5") },
            DeductionItem { caps: None, clause: v("5.2"), kind: None, name: "报名未到".into(), on: DeductionGround::NoShow, per_month_max: None, points: v("2") },
        ],
        disclosure: None,
        duty_members_per_working_day: Some(2),
        effective_from: v("2026-01"),
        exempt_from_deductions: None,
        gates: vec![],
        groups: vec![],
        items: vec![
            ScoringItem { brackets: vec![], caps: Some(Caps { per_day: Some(v("8")), per_month: Some(v("60.5")), ..Caps::default() }), class: Some(ActivityClass::Voluntary), clause: v("3.1"), group: None, kind: ActivityKind::NightPatrol, name: "夜间巡逻".into(), per: ScoringUnit::HalfHour, points: v("0.75"), rounding: Some(Rounding::HalfUp) },
            ScoringItem { brackets: vec![], caps: None, class: None, clause: v("3.2"), group: None, kind: ActivityKind::HomeVisit, name: "走访困难家庭".into(), per: ScoringUnit::Occurrence, points: v("2"), rounding: None },
        ],
        published_group_members_min: Some(5),
        rates: vec![],
        records_dated_by: None,
        resets: vec![],
        review_chain: vec![],
        review_required_for: vec![Evidence::BackEntered, Evidence::Imported],
        stretch_minutes_max: Some(720),
        title: "书院街道党员积分细则（2026年版）".into(),
        total_caps: None,
        version: v("2026-1"),
        vetoes: vec![],
        withhold_against_subtraction: None,
    }
}

fn bytes_of(event: &RecordedEvent) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(event, ORIGIN, &mut bytes).expect("the fixture's value is an entry");
    bytes
}

/// Every file with the value that it stands for.
fn every_golden() -> Vec<(String, RecordedEvent)> {
    let first = written_out().into_iter().map(|event| (format!("{}.json", event.event.stored_type()), event));
    first.chain(with_later_fields().into_iter().map(|(name, event)| (name.to_owned(), event))).collect()
}

fn golden(name: &str) -> Vec<u8> {
    let path = directory().join(name);
    fs::read(&path).unwrap_or_else(|error| {
        panic!(
            "no golden bytes in {name} ({error}): add its value to written_out(), then run\n  \
             MINGZHANG_BLESS=1 cargo test -p mingzhang-events --test golden"
        )
    })
}

/// Writes the files of types that have none, when asked to. Files that exist are never written.
fn bless_missing() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let events = if std::env::var_os("MINGZHANG_BLESS").is_some() { every_golden() } else { Vec::new() };
        for (name, event) in events {
            let path = directory().join(name);
            if !path.exists() {
                fs::write(&path, bytes_of(&event)).expect("writing golden bytes");
            }
        }
    });
}

#[test]
fn every_stored_type_has_a_written_out_value_and_golden_bytes_and_nothing_else_has() {
    bless_missing();
    let types: Vec<_> = written_out().iter().map(|event| event.event.stored_type()).collect();
    assert_eq!(types, Event::STORED_TYPES, "written_out() has one value for each stored type, in order");
    let expected: BTreeSet<String> = every_golden().into_iter().map(|(name, _)| name).collect();
    let found: BTreeSet<String> = (fs::read_dir(directory()).expect("the fixtures"))
        .map(|file| file.expect("a fixture").file_name().into_string().expect("an ASCII name"))
        .filter(|name| name != "README.md")
        .collect();
    let missing: Vec<_> = expected.difference(&found).collect();
    let unknown: Vec<_> = found.difference(&expected).collect();
    assert!(missing.is_empty(), "no golden bytes: {missing:?}; see the head of this file");
    assert!(
        unknown.is_empty(),
        "golden bytes of types that nothing reads any more: {unknown:?}; bytes once stored must stay readable"
    );
}

#[test]
fn golden_bytes_decode_to_the_value_written_out_and_encode_to_the_same_bytes() {
    bless_missing();
    for (name, event) in every_golden() {
        let golden = golden(&name);
        let read = decode_canonical(&golden, ORIGIN);
        assert_eq!(read.unwrap_or_else(|error| panic!("{}: {error}", event.event.stored_type())), event);
        assert_eq!(String::from_utf8(bytes_of(&event)), String::from_utf8(golden));
    }
}

#[test]
fn golden_bytes_are_canonical_to_another_implementation_of_rfc_8785() {
    bless_missing();
    for (name, _) in every_golden() {
        let golden = golden(&name);
        let value: serde_json::Value = serde_json::from_slice(&golden).expect("JSON");
        let canonical = serde_json_canonicalizer::to_vec(&value).expect("canonical JSON");
        assert_eq!(String::from_utf8(golden), String::from_utf8(canonical));
    }
}

#[test]
fn golden_bytes_are_cloudevents_with_every_required_attribute() {
    bless_missing();
    for stored_type in Event::STORED_TYPES {
        let value: serde_json::Value = serde_json::from_slice(&golden(&format!("{stored_type}.json"))).expect("JSON");
        let object = value.as_object().expect("an object");
        for required in ["id", "source", "specversion", "type"] {
            assert!(object[required].as_str().is_some_and(|text| !text.is_empty()), "{stored_type}: {required}");
        }
        assert_eq!((&object["specversion"], &object["type"]), (&"1.0".into(), &(*stored_type).into()));
        // CloudEvents 1.0 §3.1: attribute names are lower-case ASCII letters and digits.
        let plain = |name: &String| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        assert!(object.keys().all(plain), "{stored_type}");
    }
}
