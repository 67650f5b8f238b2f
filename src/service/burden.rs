//! 负担: what a month's recording took, counted over the log when it is asked for.

use super::{Service, ServiceError};
use mingzhang_events::{Month, OrganizationId};
use mingzhang_projections::{Burden, BurdenCount};

impl Service {
    /// What recording an organisation's month took; none for an unknown organisation. Reads the entries that were recorded in the
    /// month, so it may take seconds, and blocks.
    pub fn burden(&self, organization: OrganizationId, month: Month) -> Result<Option<Burden>, ServiceError> {
        if self.follower.models().organization(organization, None).is_none() {
            return Ok(None);
        }
        let mut count = BurdenCount::of(organization, month);
        let tree_size = self.follower.each_recorded_in(month, &mut |models, recorded| count.note(models, recorded))?;
        Ok(Some(count.burden(tree_size)))
    }
}
