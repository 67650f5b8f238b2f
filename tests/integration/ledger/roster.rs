//! Changes of a member on the roster, and the order in which they are told.

use super::fixture::*;
use mingzhang::ledger::Outcome;
use mingzhang_events::*;

/// The code of the refusal.
fn refused(fixture: &Fixture, event: impl Into<Event>, when: &str) -> &'static str {
    match fixture.try_record(&fixture.clerk(), event, at(when)) {
        Outcome::Rejected(rejection) => rejection.code(),
        accepted @ (Outcome::Recorded { .. } | Outcome::Repeated { .. } | Outcome::Withheld) => panic!("{accepted:?}"),
    }
}

/// A change told before another would be undone by it, and leaving before a transfer would bring the member back.
#[test]
fn a_member_s_changes_on_the_roster_are_told_in_their_order() {
    let fixture = Fixture::new();
    let transferred = MemberTransferred { decision: None, member: MEMBER, organization: organization(OTHER_BRANCH) };
    fixture.record(transferred, at("2026-10-10T01:00:30Z"));
    let reclassified = || MemberReclassified { decision: None, class: MemberClass::Deployed, member: MEMBER };
    let left = || MemberLeft { decision: None, member: MEMBER, reason: LeavingReason::MovedAway };
    for when in ["2026-10-05T01:00:00Z", "2026-10-10T01:00:29Z"] {
        assert_eq!(refused(&fixture, reclassified(), when), "roster_changed_since");
        assert_eq!(refused(&fixture, left(), when), "roster_changed_since");
    }
    fixture.record(reclassified(), at("2026-10-10T01:00:30Z"));
    fixture.record(left(), at("2026-10-12T01:00:00Z"));
}
