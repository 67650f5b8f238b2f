//! 待审核: the records of a month that wait for a review, by the ids that a review names.

use super::{Service, ServiceError};
use jiff::civil::Date;
use mingzhang_events::{EventId, Month, OrganizationId};
use mingzhang_projections::{ReadModels, WaitingRecord};
use serde::Serialize;

/// What waits for a review, as the read models have it.
#[derive(Clone, Debug)]
pub struct WaitingFound {
    month: Month,
    waiting: usize,
    records: Vec<WaitingRecord>,
}

impl WaitingFound {
    /// The records of an organisation's month that wait for a review, at one step or at any: the first `limit` of them. What is
    /// overdue is so on that day. None for an unknown
    /// organisation.
    pub fn among(
        models: &ReadModels,
        organization: OrganizationId,
        month: Month,
        step: Option<u8>,
        today: Date,
        limit: usize,
    ) -> Option<WaitingFound> {
        let mut records = models.waiting_records(organization, month, step, today)?;
        let waiting = records.len();
        records.truncate(limit);
        Some(WaitingFound { month, waiting, records })
    }
}

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
    /// The same with the ids of the records, which stand in the entries that opened them. Reads these, and blocks: let the models go before.
    pub fn waiting_by_id(&self, found: WaitingFound) -> Result<Waiting, ServiceError> {
        let WaitingFound { month, waiting, records } = found;
        let ids = self.ledger.ids_at(&records.iter().map(|record| record.log_index).collect())?;
        let by_id = |record: WaitingRecord| WaitingById { id: ids[&record.log_index], record };
        Ok(Waiting { month, waiting, records: records.into_iter().map(by_id).collect() })
    }
}
