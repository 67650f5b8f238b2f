//! 组织: a table of organisations → `OrganizationEstablished`, those above before those below, whatever the file's order.

use crate::import::Parsed;
use crate::import::cell::{code, name};
use crate::import::column::Column;
use crate::import::fault::{Reason, RowFault};
use crate::import::fields::{Faulty, Fields, for_each_row};
use crate::import::file::TableFile;
use crate::import::text::plain;
use crate::import::word::Word;
use mingzhang_events::{Event, Evidence, Instant, OrganizationEstablished, OrganizationId, OrganizationLevel};
use std::collections::HashMap;

/// What the table is read against.
pub struct OrganizationContext<'a> {
    /// Whether the ledger has this organisation.
    pub known: &'a dyn Fn(OrganizationId) -> bool,
    /// From when on organisations without a date of their own exist.
    pub since: Instant,
}

/// An organisation whose row is sound by itself.
#[derive(Clone)]
struct Candidate {
    line: u64,
    organization: OrganizationId,
    level: OrganizationLevel,
    name: String,
    parent: Option<OrganizationId>,
    /// The cell that names the parent: for its faults.
    parent_column: String,
    since: Instant,
}

/// Reads a table of organisations.
pub fn organizations(file: &TableFile, context: &OrganizationContext<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let mut candidates = Vec::new();
    let mut seen: HashMap<OrganizationId, Candidate> = HashMap::new();
    for_each_row(file, &mut parsed, |fields, _| {
        let candidate = candidate(fields, context)?;
        if let Some(earlier) = seen.get(&candidate.organization) {
            let reason = Reason::stands_on(earlier.line, earlier.cells(), &candidate.cells());
            return Err(fields.fault(Column::Code, reason));
        }
        seen.insert(candidate.organization, candidate.clone());
        if fields.faultless() {
            candidates.push(candidate);
        }
        Ok(())
    });
    for candidate in parents_first(candidates, &seen, context, &mut parsed.faults) {
        let Candidate { line, organization, level, name, parent, since, .. } = candidate;
        let event = Event::from(OrganizationEstablished { level, name, organization, parent });
        parsed.push(line, None, event, Evidence::Imported, since);
    }
    parsed.faults.sort_by_key(|fault| fault.line);
    parsed
}

impl Candidate {
    /// What the row says beside the code.
    fn cells(&self) -> [String; 4] {
        let parent = self.parent.map_or_else(String::new, |parent| parent.to_string());
        [self.name.clone(), self.level.chinese().to_owned(), parent, self.since.local_date().to_string()]
    }
}

fn candidate(fields: &mut Fields<'_>, context: &OrganizationContext<'_>) -> Result<Candidate, Faulty> {
    let organization = fields.required(Column::Code, code);
    let name = fields.required(Column::Name, name);
    let level = match fields.optional(Column::Level, OrganizationLevel::read) {
        Ok(None) => level_of_code(fields),
        Ok(Some(level)) => Ok(level),
        Err(faulty) => Err(faulty),
    };
    let parent = fields.optional(Column::Parent, code);
    let since = fields.optional_midnight(Column::Since);
    Ok(Candidate {
        line: fields.line,
        organization: organization?,
        level: level?,
        name: name?,
        parent: parent?,
        parent_column: fields.name_of(Column::Parent),
        since: since?.unwrap_or(context.since),
    })
}

/// Statistical division codes tell their level by their length.
fn level_of_code(fields: &mut Fields<'_>) -> Result<OrganizationLevel, Faulty> {
    let code = plain(fields.text(Column::Code).unwrap_or_default());
    match (code.len(), code.bytes().all(|byte| byte.is_ascii_digit())) {
        (4, true) => Ok(OrganizationLevel::City),
        (6, true) => Ok(OrganizationLevel::County),
        (9, true) => Ok(OrganizationLevel::Subdistrict),
        (12, true) => Ok(OrganizationLevel::Community),
        _ => Err(fields.fault(Column::Level, Reason::CellEmpty)),
    }
}

/// The longest chain of organisations that is followed in search of a circle.
const DEPTH_MAX: usize = 1_000;

/// Puts parents before children, otherwise in the order of the file. What can't be placed becomes a fault.
fn parents_first(
    candidates: Vec<Candidate>,
    seen: &HashMap<OrganizationId, Candidate>,
    context: &OrganizationContext<'_>,
    faults: &mut Vec<RowFault>,
) -> Vec<Candidate> {
    let index_of: HashMap<OrganizationId, usize> =
        candidates.iter().enumerate().map(|(index, candidate)| (candidate.organization, index)).collect();
    let above = |index: usize| candidates[index].parent.and_then(|parent| index_of.get(&parent).copied());

    let mut below = vec![Vec::new(); candidates.len()];
    let mut order = Vec::with_capacity(candidates.len());
    for (index, candidate) in candidates.iter().enumerate() {
        match (above(index), candidate.parent) {
            (Some(parent), _) => below[parent].push(index),
            (None, None) => order.push(index),
            (None, Some(parent)) if (context.known)(parent) => order.push(index),
            (None, Some(_)) => {}
        }
    }
    let mut next = 0;
    while let Some(&index) = order.get(next) {
        order.append(&mut below[index]);
        next += 1;
    }

    let mut placed = vec![false; candidates.len()];
    order.iter().for_each(|&index| placed[index] = true);
    for (index, candidate) in candidates.iter().enumerate().filter(|&(index, _)| !placed[index]) {
        let ancestors = std::iter::successors(above(index), |&index| above(index)).take(DEPTH_MAX);
        let parent = candidate.parent.expect("an organisation without one is placed");
        let reason = match seen.get(&parent) {
            None => Reason::UnknownParent,
            Some(_) if ancestors.into_iter().any(|ancestor| ancestor == index) => Reason::ParentCircle,
            Some(&Candidate { line, .. }) => Reason::ParentFaulty { line },
        };
        let (line, column) = (candidate.line, candidate.parent_column.clone());
        faults.push(RowFault { line, column, value: parent.to_string(), reason });
    }
    let mut candidates: Vec<Option<Candidate>> = candidates.into_iter().map(Some).collect();
    order.into_iter().filter_map(|index| candidates[index].take()).collect()
}
