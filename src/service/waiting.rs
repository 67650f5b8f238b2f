//! 待审核: the records of a month that wait for a review, by the ids that a review names.

use super::{Service, ServiceError};
use crate::document::csv_in_memory;
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

impl Waiting {
    /// The columns of its table, which `mingzhang import records` reads again once what was decided is written in. What the record says
    /// stands under names that no column of the import has: a review has an evidence of its own.
    pub const COLUMNS: [&str; 14] = [
        "记录",
        "类型",
        "开始时间",
        "原因",
        "幂等键",
        "第几步",
        "环节",
        "期限",
        "党员支部",
        "党员",
        "种类",
        "服务开始",
        "记录分钟",
        "记录佐证",
    ];

    /// A row for each record, with room for what is decided.
    pub fn rows(&self) -> impl Iterator<Item = [String; 14]> + '_ {
        self.records.iter().map(|WaitingById { id, record }| {
            [
                id.to_string(),
                String::new(),
                String::new(),
                String::new(),
                // Stands for this step of this round of its review, so that a table that is read twice reviews once.
                format!("review-{id}-{}", record.last_log_index),
                record.step.to_string(),
                record.step_name.clone(),
                record.until.map_or_else(String::new, |until| until.to_string()),
                record.branch.to_string(),
                record.member.to_string(),
                record.kind.to_string(),
                record.started_at.to_string(),
                record.minutes.to_string(),
                record.evidence.to_string(),
            ]
        })
    }

    /// The table as CSV (RFC 4180) that spreadsheets open as it is.
    pub fn csv(&self) -> Vec<u8> {
        csv_in_memory(|rows| {
            rows.texts(Waiting::COLUMNS)?;
            self.rows().try_for_each(|row| rows.texts(row))
        })
    }
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
