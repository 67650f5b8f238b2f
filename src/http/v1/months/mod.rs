//! Months (月份) on their way: how far one has come, and its disclosure.

pub(crate) mod disclose;
pub(crate) mod show;
pub(crate) mod waiting;

use crate::http::Problem;
use mingzhang_events::OrganizationId;
use mingzhang_projections::ReadModels;

/// The organisation that is asked about: the root of the tree unless one is named.
pub(crate) fn organization(models: &ReadModels, named: Option<OrganizationId>) -> Result<OrganizationId, Problem> {
    let root = || models.roots().first().map(|card| card.organization);
    named.or_else(root).ok_or_else(|| Problem::unknown("这个组织", "organization"))
}
