//! 记录: one table for all single facts about members → one command a row. The column 类型 says which fact.

mod kinds;
mod row;

pub use kinds::RecordType;

use crate::import::Parsed;
use crate::import::column::Column;
use crate::import::fault::Reason;
use crate::import::fields::for_each_row;
use crate::import::file::TableFile;
use crate::import::organization_named::Organizations;
use crate::import::people::{Households, Members};
use crate::import::text::{plain, tidy};
use crate::import::word::Word;
use crate::ledger::IdempotencyKey;
use mingzhang_events::{ActivityId, EventId, Evidence, HouseholdId, Instant};
use row::{Row, Time};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// What the table is read against.
pub struct RecordContext<'a> {
    /// The log's origin: the same activity code in another ledger is another activity.
    pub origin: &'a str,
    /// Who is known.
    pub members: &'a dyn Members,
    /// Which organisations may be named instead of giving their codes.
    pub organizations: &'a dyn Organizations,
    /// Which households are known.
    pub households: &'a dyn Households,
    /// The present instant: when what is planned by this table was planned, if it doesn't say.
    pub now: Instant,
    /// When a fact happened that the ledger has by this id: a plan that is imported again was planned then.
    pub occurred_at: &'a dyn Fn(EventId) -> Option<Instant>,
    /// A new random id, for a household that is paired for the first time.
    pub new_household: &'a mut dyn FnMut() -> HouseholdId,
}

/// The activity that a street's own code stands for, however it is typed: `ＸＬ-1` is `XL-1`. It may be derived, unlike a household's: a
/// patrol isn't personal.
pub fn activity_of_code(origin: &str, code: &str) -> ActivityId {
    let hash = Sha256::new_with_prefix(b"mingzhang/activity-code/v1\0").chain_update(origin.as_bytes());
    let digest: [u8; 32] = hash.chain_update(b"\0").chain_update(tidy(code).as_bytes()).finalize().into();
    ActivityId(u64::from_be_bytes(digest[..8].try_into().expect("8 of 32 bytes")))
}

/// Reads a table of records. A row that says the same as one above it is a fault: if both are true, each has its own key.
pub fn records(file: &TableFile, context: &mut RecordContext<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let mut line_of: HashMap<IdempotencyKey, u64> = HashMap::new();
    let mut paired = HashMap::new();
    for_each_row(file, &mut parsed, |fields, parsed| {
        let key = fields.optional(Column::Key, |text| plain(text).parse().map_err(|_| Reason::NotAKey));
        let evidence = fields.optional(Column::Evidence, Evidence::read);
        let record_type = fields.required(Column::Type, RecordType::read)?;
        let mut row = Row { fields, context, paired: &paired, newly_paired: None };
        let (event, time) = row.fact(record_type)?;
        let newly_paired = row.newly_paired;
        let (key, occurred_at) = match (key?, time) {
            (key, Time::Happened(at)) => (key, at),
            (key, Time::Planned { before }) => {
                let key = key.unwrap_or_else(|| IdempotencyKey::of_plan(&event));
                let first_imported_at = (context.occurred_at)(key.event_id());
                (Some(key), first_imported_at.unwrap_or(before.min(context.now)))
            }
        };
        parsed.push(fields.line, key, event, evidence?.unwrap_or(Evidence::Imported), occurred_at);

        let (_, command) = parsed.commands.last().expect("just pushed");
        if let Some(&line) = line_of.get(&command.key) {
            return Err(fields.fault(Column::Key, Reason::SameAsLine { line }));
        }
        if fields.faultless() {
            line_of.insert(command.key.clone(), fields.line);
            paired.extend(newly_paired.iter().map(|named| (named.code.clone(), named.household)));
            parsed.households.extend(newly_paired);
        }
        Ok(())
    });
    parsed
}
