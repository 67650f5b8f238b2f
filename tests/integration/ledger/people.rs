//! Who consents to a name in full, who may pass that on, and what erasing a person leaves possible.

use super::fixture::*;
use mingzhang::identity::{Actor, Role};
use mingzhang::ledger::{Mode, Outcome};
use mingzhang_events::*;

fn member_of_no_role(member: MemberId) -> Actor {
    Actor { id: "m-1".parse().expect("an actor"), member: Some(member), grants: Vec::new() }
}

fn code_of(outcome: &Outcome) -> Option<&'static str> {
    if let Outcome::Rejected(rejection) = outcome { Some(rejection.code()) } else { None }
}

#[test]
fn members_give_and_withdraw_their_own_consent_and_nobody_elses() {
    let fixture = Fixture::new();
    let own = member_of_no_role(MEMBER);
    let mut given = fixture.command(NameConsentGiven { member: MEMBER }, at(BEFORE));
    given.evidence = Evidence::Office;
    let outcomes = fixture.submit(&own, vec![given], Mode::EachAlone).expect("the store works");
    assert_eq!(code_of(&outcomes[0]), None, "a log-in of one's own is its own evidence: {outcomes:?}");
    fixture.record_as(&own, NameConsentWithdrawn { member: MEMBER }, at(BEFORE));
    for event in [
        Event::from(NameConsentGiven { member: COLLEAGUE }),
        Event::from(NameConsentWithdrawn { member: COLLEAGUE }),
        Event::from(PersonErased { member: MEMBER }),
    ] {
        assert_eq!(code_of(&fixture.try_record(&own, event, at(BEFORE))), Some("role_does_not_reach"));
    }
}

#[test]
fn only_who_keeps_a_members_branch_passes_on_a_consent_and_only_an_operator_erases() {
    let fixture = Fixture::new();
    for (role, branch, passes_on, erases) in [
        (Role::Recorder, BRANCH, true, false),
        (Role::Recorder, OTHER_BRANCH, false, false),
        (Role::Publisher, STREET, false, false),
        (Role::Operator, OTHER_BRANCH, false, false),
        (Role::Operator, COMMUNITY, true, true),
    ] {
        let actor = fixture.with_role(role, branch);
        let given = fixture.try_record(&actor, NameConsentGiven { member: MEMBER }, at(BEFORE));
        assert_eq!(code_of(&given).is_none(), passes_on, "{role}@{branch}: {given:?}");
        if passes_on {
            fixture.record_as(&actor, NameConsentWithdrawn { member: MEMBER }, at(BEFORE));
        }
        let erased = fixture.try_record(&actor, PersonErased { member: COLLEAGUE }, at(BEFORE));
        assert_eq!(code_of(&erased).is_none(), erases, "{role}@{branch}: {erased:?}");
    }
}

#[test]
fn only_an_operator_of_the_whole_ledger_commits_to_who_somebody_is_and_never_of_the_erased_or_unknown() {
    let fixture = Fixture::new();
    let commitment =
        |member, byte| IdentityCommitted { member, name_commitment: Commitment([byte; 32]), number_commitment: None };
    for (role, branch, refused) in [
        (Role::Operator, STREET, None),
        (Role::Operator, COMMUNITY, Some("role_does_not_reach")),
        (Role::Recorder, STREET, Some("role_does_not_reach")),
        (Role::Publisher, STREET, Some("role_does_not_reach")),
        (Role::Auditor, STREET, Some("role_does_not_reach")),
    ] {
        let actor = fixture.with_role(role, branch);
        let outcome = fixture.try_record(&actor, commitment(MEMBER, 1), at(BEFORE));
        assert_eq!(code_of(&outcome), refused, "{role}@{branch}: {outcome:?}");
    }
    let operator = fixture.with_role(Role::Operator, STREET);
    let unknown = fixture.try_record(&operator, commitment(MemberId(99), 1), at(BEFORE));
    assert_eq!(code_of(&unknown), Some("unknown_member"));
    fixture.record(PersonErased { member: MEMBER }, at(BEFORE));
    let erased = fixture.try_record(&operator, commitment(MEMBER, 2), at(BEFORE));
    assert_eq!(code_of(&erased), Some("person_erased"));
}

#[test]
fn who_was_erased_comes_back_under_a_new_id_only() {
    let fixture = Fixture::new();
    fixture.record(MemberLeft { decision: None, member: MEMBER, reason: LeavingReason::ALL[0] }, at(BEFORE));
    fixture.record(PersonErased { member: MEMBER }, at(BEFORE));
    let back = |member| MemberRostered { class: MemberClass::Resident, member, organization: organization(BRANCH) };
    let refused = fixture.try_record(&fixture.clerk(), back(MEMBER), at(END));
    assert_eq!(code_of(&refused), Some("person_erased"));
    fixture.record(back(MemberId(77)), at(END));
}
