//! Rules for the tree of organisations.

use super::{Case, must_be_public_name};
use crate::identity::Role;
use crate::ledger::Rejection;
use mingzhang_events::{
    OrganizationDissolved, OrganizationEstablished, OrganizationId, OrganizationMerged, OrganizationMoved,
    OrganizationRenamed,
};

const KEEPERS: &[Role] = &[Role::Operator];
const NAME: (&str, &str) = (
    "名称（name）须为 1 至 100 个字，不含不可见字符，首尾没有空格",
    "name: 1 to 100 characters, none of them invisible, no space at either end",
);

pub(super) fn established(case: &Case<'_>, event: &OrganizationEstablished) -> Result<(), Rejection> {
    must_be_public_name(&event.name, NAME)?;
    match event.parent {
        None => {
            case.require_everywhere(Role::Operator)?;
            if case.state.has_organization(event.organization) {
                return Err(Rejection::OrganizationExists { organization: event.organization });
            }
            match case.state.root() {
                Some(organization) => Err(Rejection::RootExists { organization }),
                None => Ok(()),
            }
        }
        Some(parent) => {
            let parent = case.state.organization(parent)?;
            case.require(KEEPERS, &[parent])?;
            case.must_be_open(parent, case.at)?;
            case.state.must_exist(parent, case.at)?;
            if case.state.has_organization(event.organization) {
                return Err(Rejection::OrganizationExists { organization: event.organization });
            }
            Ok(())
        }
    }
}

/// The organisation's row, if the actor may change it now.
fn changeable(case: &Case<'_>, organization: OrganizationId) -> Result<u32, Rejection> {
    let row = case.state.organization(organization)?;
    case.require(KEEPERS, &[row])?;
    case.must_be_open(row, case.at)?;
    case.state.must_exist(row, case.at)?;
    Ok(row)
}

/// Refuses to hang an organisation below itself.
fn must_not_be_below(case: &Case<'_>, target: u32, row: u32) -> Result<(), Rejection> {
    if case.state.ancestors(target).any(|ancestor| ancestor == row) {
        return Err(Rejection::OrganizationBelowItself { organization: case.state.organization_id(row) });
    }
    Ok(())
}

pub(super) fn renamed(case: &Case<'_>, event: &OrganizationRenamed) -> Result<(), Rejection> {
    must_be_public_name(&event.name, NAME)?;
    changeable(case, event.organization).map(drop)
}

pub(super) fn moved(case: &Case<'_>, event: &OrganizationMoved) -> Result<(), Rejection> {
    let row = changeable(case, event.organization)?;
    let parent = changeable(case, event.parent)?;
    must_not_be_below(case, parent, row)
}

pub(super) fn merged(case: &Case<'_>, event: &OrganizationMerged) -> Result<(), Rejection> {
    let row = changeable(case, event.organization)?;
    let into = changeable(case, event.into)?;
    must_not_be_below(case, into, row)
}

pub(super) fn dissolved(case: &Case<'_>, event: &OrganizationDissolved) -> Result<(), Rejection> {
    let row = changeable(case, event.organization)?;
    let state = case.state.organization_state(row);
    if state.members > 0 || state.children > 0 {
        return Err(Rejection::OrganizationNotEmpty { organization: event.organization });
    }
    Ok(())
}
