//! Rules for the person behind an id: commitments to who it is, consents to print the full name, and erasing.

use super::Case;
use crate::identity::Role;
use crate::ledger::Rejection;
use mingzhang_events::{Evidence, IdentityCommitted, MemberId, NameConsentGiven, NameConsentWithdrawn, PersonErased};

/// Who passes on what a member said.
const KEEPERS: &[Role] = &[Role::Recorder, Role::Operator];
const ERASERS: &[Role] = &[Role::Operator];

/// Also of who has left: what they did is still published. Not by who records: only the ledger has the salts, and a commitment that they
/// don't open would make every true reveal look like a change of person.
pub(super) fn committed(case: &Case<'_>, event: &IdentityCommitted) -> Result<(), Rejection> {
    let member = case.state.member(event.member)?;
    case.require_everywhere(Role::Operator)?;
    must_not_be_erased(case, member)
}

pub(super) fn consent_given(case: &Case<'_>, event: &NameConsentGiven) -> Result<(), Rejection> {
    let member = for_themselves_or_by(case, event.member)?;
    case.state.must_be_rostered(member, case.at)?;
    must_be_confirmed(case, event.member)?;
    must_not_be_erased(case, member)?;
    if case.state.member_state(member).consents_to_name {
        return Err(Rejection::NameConsentInForce { member: event.member });
    }
    Ok(())
}

/// As easy as giving it (PIPL art. 15): nothing has to be evidenced, and who has left may still do it.
pub(super) fn consent_withdrawn(case: &Case<'_>, event: &NameConsentWithdrawn) -> Result<(), Rejection> {
    let member = for_themselves_or_by(case, event.member)?;
    if case.state.member_state(member).consents_to_name {
        Ok(())
    } else {
        Err(Rejection::NoNameConsent { member: event.member })
    }
}

pub(super) fn erased(case: &Case<'_>, event: &PersonErased) -> Result<(), Rejection> {
    let member = case.state.member(event.member)?;
    case.require(ERASERS, &[case.state.member_state(member).branch])?;
    must_not_be_erased(case, member)
}

/// The member's row, if it is the member who acts or somebody who keeps their branch's records.
fn for_themselves_or_by(case: &Case<'_>, member: MemberId) -> Result<u32, Rejection> {
    let row = case.state.member(member)?;
    if case.actor.member != Some(member) {
        case.require(KEEPERS, &[case.state.member_state(row).branch])?;
    }
    Ok(row)
}

/// A consent that somebody passes on was confirmed by the member or witnessed: it is never imported or recalled.
fn must_be_confirmed(case: &Case<'_>, member: MemberId) -> Result<(), Rejection> {
    let own = case.actor.member == Some(member);
    match case.evidence {
        Evidence::BothParties | Evidence::Attested => Ok(()),
        Evidence::Office | Evidence::OnSiteCode | Evidence::Imported | Evidence::BackEntered if own => Ok(()),
        Evidence::Office | Evidence::OnSiteCode | Evidence::Imported | Evidence::BackEntered => {
            Err(Rejection::NameConsentNotConfirmed { member })
        }
    }
}

/// Refuses what would tie an erased person to their id again.
pub(super) fn must_not_be_erased(case: &Case<'_>, member: u32) -> Result<(), Rejection> {
    if case.state.member_state(member).erased {
        return Err(Rejection::PersonErased { member: case.state.member_id(member) });
    }
    Ok(())
}
