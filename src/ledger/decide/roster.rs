//! Rules for the roster, enrolments and pairings.

use super::Case;
use super::people::must_not_be_erased;
use crate::identity::Role;
use crate::ledger::Rejection;
use crate::ledger::state::NONE;
use mingzhang_events::{
    EnrollmentEnded, EventId, HardshipPairingEnded, HardshipPairingFormed, Instant, MemberEnrolled, MemberExempted,
    MemberId, MemberLeft, MemberReclassified, MemberRostered, MemberTransferred, OrganizationId,
};

const KEEPERS: &[Role] = &[Role::Recorder];
const PUBLISHERS: &[Role] = &[Role::Publisher];

pub(super) fn rostered(case: &Case<'_>, event: &MemberRostered) -> Result<(), Rejection> {
    let branch = case.state.organization(event.organization)?;
    case.require(KEEPERS, &[branch])?;
    case.must_be_open(branch, case.at)?;
    case.state.must_exist(branch, case.at)?;
    let Some(member) = case.state.member_number(event.member) else { return Ok(()) };
    must_not_be_erased(case, member)?;
    let known = case.state.member_state(member);
    if known.left_minute == NONE || case.at.unix_minutes() < known.left_minute {
        let organization = case.state.organization_id(known.branch);
        return Err(Rejection::AlreadyOnRoster { member: event.member, organization });
    }
    Ok(())
}

/// The rows of a member and their branch, if the actor may change the roster there now, and at another place that this changes.
fn on_roster(
    case: &Case<'_>,
    member: MemberId,
    place: Option<u32>,
    decision: Option<EventId>,
) -> Result<(u32, u32), Rejection> {
    let member = case.state.member(member)?;
    let branch = case.state.member_state(member).branch;
    case.must_admit((member, place), decision, KEEPERS, &[branch])?;
    case.state.must_be_rostered(member, case.at)?;
    Ok((member, branch))
}

pub(super) fn transferred(case: &Case<'_>, event: &MemberTransferred) -> Result<(), Rejection> {
    let to = case.state.organization(event.organization)?;
    let (member, from) = on_roster_since(case, event.member, Some(to), event.decision)?;
    let is_settled = case.state.settled_for_member(member, Some(to), case.at).is_some();
    case.require(if is_settled { PUBLISHERS } else { KEEPERS }, &[to])?;
    case.state.must_exist(to, case.at)?;
    if from == to {
        return Err(Rejection::AlreadyInBranch { member: event.member, organization: event.organization });
    }
    Ok(())
}

pub(super) fn reclassified(case: &Case<'_>, event: &MemberReclassified) -> Result<(), Rejection> {
    let (member, _) = on_roster_since(case, event.member, None, event.decision)?;
    if case.state.member_state(member).class == event.class as u8 {
        return Err(Rejection::AlreadyInClass { member: event.member });
    }
    Ok(())
}

pub(super) fn exempted(case: &Case<'_>, event: &MemberExempted) -> Result<(), Rejection> {
    on_roster(case, event.member, None, event.decision)?;
    if event.until.is_some_and(|until| until < case.at.local_date()) {
        return Err(Rejection::ContentOutOfRange {
            what: ("免予报到的截止日（until）不得早于开始", "until: not before the exemption starts"),
        });
    }
    Ok(())
}

pub(super) fn left(case: &Case<'_>, event: &MemberLeft) -> Result<(), Rejection> {
    on_roster_since(case, event.member, None, event.decision).map(drop)
}

/// As [`on_roster`], for what ends a membership or begins another: a member's are told in their order. Each holds branch and class
/// until the next, so that one told in between would be undone by that next one, and couldn't be told again.
fn on_roster_since(
    case: &Case<'_>,
    member: MemberId,
    place: Option<u32>,
    decision: Option<EventId>,
) -> Result<(u32, u32), Rejection> {
    let (row, branch) = on_roster(case, member, place, decision)?;
    let changed_seconds = case.state.member_state(row).changed_seconds;
    if case.at.unix_seconds() < changed_seconds {
        let changed_at = Instant::from_unix_seconds(changed_seconds).unwrap_or(case.at);
        return Err(Rejection::RosterChangedSince { member, changed_at });
    }
    Ok((row, branch))
}

/// The rows of a member and a community, if the actor reaches either and the member's month is open or a decision admits it.
fn member_and_place(
    case: &Case<'_>,
    member: MemberId,
    place: OrganizationId,
    decision: Option<EventId>,
) -> Result<(u32, u32), Rejection> {
    let place = case.state.organization(place)?;
    let member = case.state.member(member)?;
    let branch = case.state.member_state(member).branch;
    case.must_admit((member, None), decision, KEEPERS, &[place, branch])?;
    Ok((member, place))
}

pub(super) fn enrolled(case: &Case<'_>, event: &MemberEnrolled) -> Result<(), Rejection> {
    let (member, community) = member_and_place(case, event.member, event.community, event.decision)?;
    case.state.must_exist(community, case.at)?;
    case.state.must_be_rostered(member, case.at)?;
    if case.state.enrolled_seconds(member, community).is_some() {
        return Err(Rejection::AlreadyEnrolled { member: event.member, community: event.community });
    }
    Ok(())
}

pub(super) fn enrollment_ended(case: &Case<'_>, event: &EnrollmentEnded) -> Result<(), Rejection> {
    let (member, community) = member_and_place(case, event.member, event.community, event.decision)?;
    match case.state.enrolled_seconds(member, community) {
        Some(since) if since <= case.at.unix_seconds() => Ok(()),
        Some(_) | None => Err(Rejection::NotEnrolled { member: event.member, community: event.community }),
    }
}

pub(super) fn pairing_formed(case: &Case<'_>, event: &HardshipPairingFormed) -> Result<(), Rejection> {
    let (member, organization) = member_and_place(case, event.member, event.organization, None)?;
    case.state.must_exist(organization, case.at)?;
    case.state.must_be_rostered(member, case.at)?;
    let pairing = case.state.pairing(event.household, member);
    if pairing.is_some_and(|pairing| case.at.unix_minutes() < pairing.ended_minute) {
        return Err(Rejection::AlreadyPaired { member: event.member, household: event.household });
    }
    Ok(())
}

pub(super) fn pairing_ended(case: &Case<'_>, event: &HardshipPairingEnded) -> Result<(), Rejection> {
    let member = case.state.member(event.member)?;
    let not_paired = Rejection::NotPaired { member: event.member, household: event.household };
    let Some(pairing) = case.state.pairing(event.household, member) else { return Err(not_paired) };
    let branch = case.state.member_state(member).branch;
    case.require(KEEPERS, &[pairing.organization, branch])?;
    case.must_be_open_for_member(member, case.at)?;
    if pairing.ended_minute != NONE || case.at.unix_minutes() < pairing.formed_minute {
        return Err(not_paired);
    }
    Ok(())
}
