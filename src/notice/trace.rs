//! From a line of a notice to the records that make it (追溯). Pure, like composing: the same log gives the same trace.
//!
//! Invariant: the points of the items add up to the points of the line.

use super::compose::member_line;
use super::figures::MemberLine;
use mingzhang_events::{Month, OrganizationId};
use mingzhang_projections::{ExplainedItem, ReadModels};

/// A line of the members' ranking with everything that it is the sum of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Which line, from 1.
    pub number: usize,
    /// The line as it is printed.
    pub line: MemberLine,
    /// What counts in this organisation, in order of its start, with the entries that each rests on. What the member did while belonging elsewhere
    /// isn't among them, nor in the line.
    pub items: Vec<ExplainedItem>,
}

/// Traces a line of the notice that is composed from these models. None beyond the last line, or for an organisation that never was.
pub fn trace(models: &ReadModels, organization: OrganizationId, month: Month, number: usize) -> Option<Trace> {
    let line = member_line(models, organization, month, number)?;
    let mut items = models.member_points(line.member, month)?.items;
    items.retain(|item| item.branch.is_some_and(|branch| models.counts_for(organization, branch, month)));
    Some(Trace { number, line, items })
}
