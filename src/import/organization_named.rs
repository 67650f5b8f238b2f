//! Which organisation a cell means: the one with this code, or the only one of this name. It knows no tree; names are looked up by whoever has it.
//!
//! Invariant: of several that are called alike none is taken. They are listed with their codes.

use crate::import::cell::code;
use crate::import::column::Column;
use crate::import::fault::Reason;
use crate::import::fields::{Faulty, Fields};
use crate::import::text;
use mingzhang_events::OrganizationId;

/// Of so many that are called alike codes are listed; a city has 1,700 branches called 第一党支部.
pub const CANDIDATES_MAX: usize = 20;

/// The organisations that a table may name: those that whoever imports reaches.
pub trait Organizations {
    /// All that are called so now, by their name alone or with the names of those above in front. The name is written as
    /// [`organization_as_read`](super::organization_as_read) does. Beyond one more than [`CANDIDATES_MAX`] some may be missing.
    fn called(&self, name: &str) -> Vec<OrganizationId>;
    /// The name of the one above: to tell namesakes apart.
    fn name_above(&self, organization: OrganizationId) -> Option<String>;
}

/// The organisation of a cell, if it isn't empty. What can be a code is one.
pub(super) fn organization(
    fields: &mut Fields<'_>,
    column: Column,
    organizations: &dyn Organizations,
) -> Result<Option<OrganizationId>, Faulty> {
    fields.optional(column, |cell| match code(cell) {
        Err(Reason::NotACode) => named(cell, organizations),
        read => read,
    })
}

/// The organisation of a cell that mustn't be empty.
pub(super) fn required_organization(
    fields: &mut Fields<'_>,
    column: Column,
    organizations: &dyn Organizations,
) -> Result<OrganizationId, Faulty> {
    match organization(fields, column, organizations)? {
        Some(organization) => Ok(organization),
        None => Err(fields.fault(column, Reason::CellEmpty)),
    }
}

fn named(cell: &str, organizations: &dyn Organizations) -> Result<OrganizationId, Reason> {
    match organizations.called(&text::organization(cell)).as_slice() {
        [only] => Ok(*only),
        // Nobody writes a name in such letters here: it is a code with a slip.
        [] if cell.is_ascii() => Err(Reason::NotACode),
        [] => Err(Reason::UnknownOrganization),
        several => {
            let told = |organization: &OrganizationId| match organizations.name_above(*organization) {
                Some(above) => format!("{organization}（{above}）"),
                None => organization.to_string(),
            };
            let mut candidates: Vec<String> = several.iter().take(CANDIDATES_MAX).map(told).collect();
            if several.len() > CANDIDATES_MAX {
                candidates.push("……".to_owned());
            }
            Err(Reason::AmbiguousOrganization { candidates: candidates.join("、") })
        }
    }
}
