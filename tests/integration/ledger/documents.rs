//! Which files may be issued: what they are about is known, a certificate was asked for, no number and no file is issued twice.

use super::fixture::*;
use super::month10::{AFTER_DISCLOSURE, Month10, month};
use mingzhang::identity::{Actor, Role};
use mingzhang::ledger::{Mode, Outcome, Rejection};
use mingzhang_events::*;

/// When it is in the fixture.
const NOW: &str = "2026-10-20T04:00:00Z";

fn digest(byte: u8) -> FileDigest {
    FileDigest([byte; 32])
}

/// The file of a branch's register.
fn register(byte: u8) -> DocumentIssued {
    DocumentIssued {
        activity: None,
        digest: digest(byte),
        format: DocumentFormat::Csv,
        kind: DocumentKind::Register,
        member: None,
        month: Some(month()),
        notice: None,
        number: None,
        organization: organization(BRANCH),
        requested_at: None,
        root_hash: "0".repeat(64),
        supersedes: None,
        tree_size: 1,
    }
}

fn certificate(byte: u8, number: &str) -> DocumentIssued {
    DocumentIssued {
        kind: DocumentKind::Certificate,
        member: Some(MEMBER),
        month: None,
        number: Some(number.to_owned()),
        requested_at: Some(at("2026-10-19T01:00:00Z")),
        ..register(byte)
    }
}

/// Who attended the community's meeting.
fn sheet(byte: u8, code: &str) -> DocumentIssued {
    let (activity, organization) = (Some(MEETING), organization(code));
    DocumentIssued { kind: DocumentKind::Attendance, activity, organization, ..register(byte) }
}

fn tried(fixture: &Fixture, actor: &Actor, event: DocumentIssued, evidence: Evidence) -> Result<EventId, Rejection> {
    let mut command = fixture.command(event, at(NOW));
    command.evidence = evidence;
    match fixture.submit(actor, vec![command], Mode::EachAlone).expect("the store works").remove(0) {
        Outcome::Recorded { id, .. } => Ok(id),
        Outcome::Rejected(rejection) => Err(rejection),
        other @ (Outcome::Repeated { .. } | Outcome::Withheld) => panic!("{other:?}"),
    }
}

fn refused(fixture: &Fixture, event: DocumentIssued) -> Rejection {
    tried(fixture, &fixture.clerk(), event, Evidence::Attested).expect_err("it is refused")
}

type Situation = fn() -> Rejection;

/// The code, and a situation that leads to it.
pub(super) const SITUATIONS: &[(&str, Situation)] = &[
    ("certificate_not_requested", || {
        let fixture = Fixture::new();
        let unasked = tried(&fixture, &fixture.clerk(), certificate(1, "1"), Evidence::Office);
        unasked.expect_err("an office doesn't ask for a member")
    }),
    ("document_issued_already", || {
        let fixture = Fixture::new();
        fixture.record(register(1), at(NOW));
        refused(&fixture, register(1))
    }),
    ("certificate_number_used", || {
        let fixture = Fixture::new();
        fixture.record(certificate(1, "1"), at(NOW));
        refused(&fixture, DocumentIssued { member: Some(COLLEAGUE), ..certificate(2, "1") })
    }),
    ("document_not_in_force", || {
        let fixture = Fixture::new();
        let supersedes = Some(fixture.record(register(1), at(NOW)));
        fixture.record(DocumentIssued { supersedes, ..register(2) }, at(NOW));
        refused(&fixture, DocumentIssued { supersedes, ..register(3) })
    }),
];

#[test]
fn each_situation_is_refused_with_its_own_code() {
    for (code, situation) in SITUATIONS {
        assert_eq!(situation().code(), *code);
    }
}

#[test]
fn a_certificate_is_issued_only_by_a_publisher_of_the_branch_and_only_as_the_member_asked() {
    for (role, scope, evidence, code) in [
        (Role::Publisher, BRANCH, Evidence::BothParties, None),
        (Role::Publisher, STREET, Evidence::Attested, None),
        (Role::Publisher, BRANCH, Evidence::Imported, Some("certificate_not_requested")),
        (Role::Publisher, OTHER_BRANCH, Evidence::BothParties, Some("role_does_not_reach")),
        (Role::Recorder, BRANCH, Evidence::BothParties, Some("role_does_not_reach")),
        (Role::Auditor, STREET, Evidence::BothParties, Some("role_does_not_reach")),
    ] {
        let fixture = Fixture::new();
        let issued = tried(&fixture, &fixture.with_role(role, scope), certificate(1, "1"), evidence);
        assert_eq!(issued.as_ref().err().map(Rejection::code), code, "{role}@{scope}, {evidence}: {issued:?}");
    }
    let fixture = Fixture::new();
    let tomorrow = DocumentIssued { requested_at: Some(at("2026-10-20T04:00:01Z")), ..certificate(1, "1") };
    assert_eq!(refused(&fixture, tomorrow).code(), "certificate_not_requested");
    fixture.record(PersonErased { member: MEMBER }, at(NOW));
    assert_eq!(refused(&fixture, certificate(1, "1")).code(), "person_erased");
}

#[test]
fn a_document_has_what_its_kind_is_about_and_nothing_else() {
    let fixture = Fixture::new();
    for (what, faulty) in [
        ("a register of a member", DocumentIssued { member: Some(MEMBER), ..register(1) }),
        ("a register without a month", DocumentIssued { month: None, ..register(1) }),
        ("a numbered register", DocumentIssued { number: Some("1".to_owned()), ..register(1) }),
        ("a statement about nobody", DocumentIssued { kind: DocumentKind::Statement, ..register(1) }),
        ("an attendance sheet of no activity", DocumentIssued { kind: DocumentKind::Attendance, ..register(1) }),
        ("a notice's file without the notice", DocumentIssued { kind: DocumentKind::Notice, ..register(1) }),
        ("a certificate without a request", DocumentIssued { requested_at: None, ..certificate(1, "1") }),
        ("a certificate without a number", DocumentIssued { number: None, ..certificate(1, "1") }),
        ("a certificate numbered by nothing", certificate(1, " ")),
        (
            "a certificate of another branch",
            DocumentIssued { organization: organization(OTHER_BRANCH), ..certificate(1, "1") },
        ),
        (
            "a certificate that was asked for before the member was on the roster",
            DocumentIssued { requested_at: Some(at("2001-10-19T01:00:00Z")), ..certificate(1, "1") },
        ),
        ("a checkpoint that is none", DocumentIssued { root_hash: "root".to_owned(), ..register(1) }),
    ] {
        assert_eq!(refused(&fixture, faulty).code(), "content_out_of_range", "{what}");
    }
    let beyond = DocumentIssued { tree_size: 9_999, ..register(1) };
    assert_eq!(refused(&fixture, beyond).code(), "checkpoint_beyond_log");
    let unknown = DocumentIssued { supersedes: Some(EventId(99)), ..register(1) };
    assert_eq!(refused(&fixture, unknown).code(), "unknown_subject");
    let statement = DocumentIssued { kind: DocumentKind::Statement, member: Some(MEMBER), ..register(1) };
    for sound in [statement, sheet(2, COMMUNITY)] {
        fixture.record(sound, at(NOW));
    }
}

/// A publisher vouches for what is theirs: `check-document` says whose a file is, and of which month.
#[test]
fn an_attendance_sheet_is_of_whoever_held_the_activity_and_of_the_month_in_which_it_started() {
    let fixture = Fixture::new();
    for faulty in [sheet(1, BRANCH), sheet(1, OTHER_BRANCH)] {
        assert_eq!(refused(&fixture, faulty).code(), "content_out_of_range", "a part of it didn't hold it");
    }
    let of_another_month = DocumentIssued { month: Some(month().next()), ..sheet(1, COMMUNITY) };
    assert_eq!(refused(&fixture, of_another_month).code(), "content_out_of_range");
    for (byte, sound) in [(2, COMMUNITY), (3, STREET)] {
        fixture.record(sheet(byte, sound), at(NOW));
    }
}

#[test]
fn only_a_document_about_the_same_is_superseded() {
    let fixture = Fixture::new();
    let of_a_member = Some(fixture.record(certificate(1, "1"), at(NOW)));
    let of_another = DocumentIssued { member: Some(COLLEAGUE), supersedes: of_a_member, ..certificate(2, "2") };
    assert_eq!(refused(&fixture, of_another).code(), "document_not_in_force");
    let of_another_kind = DocumentIssued { supersedes: of_a_member, ..register(2) };
    assert_eq!(refused(&fixture, of_another_kind).code(), "document_not_in_force");
    fixture.record(DocumentIssued { supersedes: of_a_member, ..certificate(2, "2") }, at(NOW));
}

#[test]
fn a_file_of_a_notice_names_a_notice_of_that_organisation_and_month() {
    let issued = Month10::open().withdraw().freeze().disclose().wait().close().issue();
    let (fixture, notice) = (&issued.fixture, issued.notice);
    let file = DocumentIssued { kind: DocumentKind::Notice, notice, organization: organization(STREET), ..register(1) };
    for (what, faulty, code) in [
        (
            "called a disclosure",
            DocumentIssued { kind: DocumentKind::Disclosure, ..file.clone() },
            "content_out_of_range",
        ),
        ("of another month", DocumentIssued { month: Some(month().next()), ..file.clone() }, "content_out_of_range"),
        (
            "of another organisation",
            DocumentIssued { organization: organization(BRANCH), ..file.clone() },
            "content_out_of_range",
        ),
        ("of no notice", DocumentIssued { notice: Some(EventId(99)), ..file.clone() }, "unknown_subject"),
    ] {
        match fixture.try_record(&fixture.clerk(), faulty, at(AFTER_DISCLOSURE)) {
            Outcome::Rejected(rejection) => assert_eq!(rejection.code(), code, "{what}"),
            other @ (Outcome::Recorded { .. } | Outcome::Repeated { .. } | Outcome::Withheld) => {
                panic!("{what}: {other:?}")
            }
        }
    }
    fixture.record(file, at(AFTER_DISCLOSURE));
}
