//! 待审核: the records of a month that wait for a review, by the ids that a review names.

use super::{Service, ServiceError};
use crate::store::StoreError;
use mingzhang_events::{EventId, Month, OrganizationId, decode};
use mingzhang_projections::{ReadModels, WaitingRecord};
use serde::Serialize;

/// What waits for a review.
#[derive(Clone, Debug, Serialize)]
pub struct Waiting {
    /// In which month.
    pub month: Month,
    /// How many records in all.
    pub waiting: usize,
    /// The first of them, in order of their deadlines.
    pub records: Vec<WaitingById>,
}

/// A record that waits, by the id that a review names.
#[derive(Clone, Debug, Serialize)]
pub struct WaitingById {
    /// The event that opened it.
    pub id: EventId,
    /// What waits.
    #[serde(flatten)]
    pub record: WaitingRecord,
}

impl Service {
    /// The records of an organisation's month that wait for a review by these models, at one step or at any; none for an unknown
    /// organisation. Reads the entries that opened the first `limit` of them, and blocks.
    pub fn waiting(
        &self,
        models: &ReadModels,
        organization: OrganizationId,
        month: Month,
        step: Option<u8>,
        limit: usize,
    ) -> Result<Option<Waiting>, ServiceError> {
        let Some(all) = models.waiting_records(organization, month, step) else { return Ok(None) };
        let waiting = all.len();
        let records = all.into_iter().take(limit).map(|record| self.by_id(record)).collect::<Result<_, _>>()?;
        Ok(Some(Waiting { month, waiting, records }))
    }

    fn by_id(&self, record: WaitingRecord) -> Result<WaitingById, ServiceError> {
        let log_index = record.log_index;
        let damaged = |what: String| StoreError::Damaged { log_index, what };
        let entry = self.ledger.entries(log_index, 1)?.pop().ok_or_else(|| damaged("it isn't there".to_owned()))?;
        let event = decode(&entry.bytes).map_err(|source| damaged(source.to_string()))?;
        Ok(WaitingById { id: event.id, record })
    }
}
