//! 负担: what a month's recording took, counted over the log when it is asked for.

use super::{Service, ServiceError};
use mingzhang_events::{Month, OrganizationId, RecordedEvent};
use mingzhang_projections::{Burden, BurdenCount, ReadModels};

impl Service {
    /// What recording an organisation's month took, now or when the log had `as_of` entries; none for an unknown organisation. Reads the entries that were recorded in the
    /// month, so it may take seconds, and blocks.
    pub fn burden(
        &self,
        organization: OrganizationId,
        month: Month,
        as_of: Option<u64>,
    ) -> Result<Option<Burden>, ServiceError> {
        let is_known = match as_of {
            None => self.follower.models().organization(organization, None).is_some(),
            // What the log didn't hold yet has no answer of then.
            Some(tree_size) => self.follower.models_at(tree_size)?.organization(organization, None).is_some(),
        };
        if !is_known {
            return Ok(None);
        }
        let mut count = BurdenCount::of(organization, month);
        let note = &mut |models: &ReadModels, recorded: &RecordedEvent| count.note(models, recorded);
        let tree_size = self.follower.each_recorded_in(month, as_of, note)?;
        Ok(Some(count.burden(tree_size)))
    }
}
