//! Whom a table may name, as the ledger knows them: read once, before the rows.

use super::super::client::Client;
use super::super::failure::Failure;
use super::super::target::{Directory, Target};
use super::{Names, now};
use crate::import::{Households, Members};
use mingzhang_events::{EventId, HouseholdId, Instant, MemberId, OrganizationId};
use mingzhang_projections::ReadModels;
use std::collections::HashMap;

/// Calls `then` with the names that the target knows.
pub(super) fn with<R>(target: &Target, then: impl FnOnce(&dyn Names) -> R) -> Result<R, Failure> {
    match target {
        Target::Directory(directory) => {
            let by_name = directory.service.identity.members_by_name()?;
            let models = directory.service.models_blocking();
            Ok(then(&OfDirectory { directory, by_name, models: &models, now: now() }))
        }
        Target::Server(client) => Ok(then(&OfServer { client, origin: client.origin()? })),
    }
}

struct OfDirectory<'a> {
    directory: &'a Directory,
    by_name: HashMap<String, Vec<MemberId>>,
    models: &'a ReadModels,
    now: Instant,
}

impl Members for OfDirectory<'_> {
    fn by_number(&self, number: &str) -> Option<MemberId> {
        self.directory.service.identity.member_by_number(number).ok().flatten()
    }

    fn by_name_in_branch(&self, name: &str, branch: OrganizationId) -> Vec<MemberId> {
        let of_name = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        let here = |member: &MemberId| self.models.branch_of(*member, self.now) == Some(branch);
        of_name.iter().copied().filter(here).collect()
    }
}

impl Households for OfDirectory<'_> {
    fn by_code(&self, code: &str) -> Option<HouseholdId> {
        self.directory.service.identity.household(code).ok().flatten()
    }
}

impl Names for OfDirectory<'_> {
    fn origin(&self) -> &str {
        &self.directory.service.config.origin
    }
    fn knows(&self, organization: OrganizationId) -> bool {
        self.models.organization(organization, None).is_some()
    }
    fn occurred_at(&self, id: EventId) -> Option<Instant> {
        self.directory.event(id).ok().flatten().map(|(_, event)| event.occurred_at)
    }
    fn as_members(&self) -> &dyn Members {
        self
    }
    fn as_households(&self) -> &dyn Households {
        self
    }
}

/// A server tells members by number only: names aren't handed out to be searched.
struct OfServer<'a> {
    client: &'a Client,
    origin: String,
}

impl Members for OfServer<'_> {
    fn by_number(&self, number: &str) -> Option<MemberId> {
        self.client.member_by_number(number).ok().flatten()
    }

    fn by_name_in_branch(&self, _: &str, _: OrganizationId) -> Vec<MemberId> {
        Vec::new()
    }
}

impl Households for OfServer<'_> {
    fn by_code(&self, _: &str) -> Option<HouseholdId> {
        None
    }
}

impl Names for OfServer<'_> {
    fn origin(&self) -> &str {
        &self.origin
    }
    fn knows(&self, organization: OrganizationId) -> bool {
        self.client.knows_organization(organization).unwrap_or(false)
    }
    fn occurred_at(&self, id: EventId) -> Option<Instant> {
        self.client.occurred_at(id).ok().flatten()
    }
    fn as_members(&self) -> &dyn Members {
        self
    }
    fn as_households(&self) -> &dyn Households {
        self
    }
}
