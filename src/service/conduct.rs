//! 经办情况: what the log says of how records were entered, with what log-ins tell of who entered them.

use super::{Service, ServiceError};
use crate::identity::{Role, Token};
use mingzhang_events::{Month, OrganizationId};
use mingzhang_projections::{Conduct, KnownRecorder};

/// Who holds one of these decides on what others recorded.
const DECIDERS: [Role; 3] = [Role::Reviewer, Role::Publisher, Role::Operator];

impl Service {
    /// How the records of an organisation's month were entered, now or when the log had `as_of` entries; none for an unknown
    /// organisation. Log-ins are those of today, revoked ones too. Reads the log from the month's start on, so it may take
    /// seconds, and blocks.
    pub fn conduct(
        &self,
        organization: OrganizationId,
        month: Month,
        as_of: Option<u64>,
    ) -> Result<Option<Conduct>, ServiceError> {
        let known: Vec<KnownRecorder> = self.identity.tokens()?.into_iter().map(known).collect();
        let asked = self
            .follower
            .with_recorders(month, as_of, |models, recorders| models.conduct(organization, month, recorders, &known));
        Ok(asked?)
    }
}

fn known(token: Token) -> KnownRecorder {
    let decides = token.grants.iter().filter(|grant| DECIDERS.contains(&grant.role));
    KnownRecorder {
        actor: token.actor,
        member: token.member,
        decides_in: decides.map(|grant| grant.organization).collect(),
    }
}
