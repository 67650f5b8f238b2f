//! Whom a table may name, as the ledger knows them: read once, before the rows.

use super::super::client::Client;
use super::super::failure::Failure;
use super::super::target::{Directory, Target};
use super::{Names, now};
use crate::import::{Households, Members};
use mingzhang_events::{EventId, HouseholdId, Instant, MemberId, OrganizationId};
use mingzhang_projections::ReadModels;
use std::cell::RefCell;
use std::collections::HashMap;

/// Calls `then` with the names that the target knows. A look-up that failed fails the whole: taken for "nobody", it would make
/// a second member of somebody.
pub(super) fn with<R>(target: &Target, then: impl FnOnce(&dyn Names) -> R) -> Result<R, Failure> {
    let failed = RefCell::new(None);
    let answer = match target {
        Target::Directory(directory) => {
            let by_name = directory.service.identity.members_by_name()?;
            let models = directory.service.models_blocking();
            then(&OfDirectory { directory, by_name, models: &models, now: now(), failed: &failed })
        }
        Target::Server(client) => then(&OfServer { client, origin: client.origin()?, failed: &failed }),
    };
    failed.into_inner().map_or(Ok(answer), Err)
}

/// The value, or the failure put aside.
fn or_put_aside<T: Default>(outcome: Result<T, Failure>, failed: &RefCell<Option<Failure>>) -> T {
    outcome.unwrap_or_else(|failure| {
        failed.borrow_mut().get_or_insert(failure);
        T::default()
    })
}

struct OfDirectory<'a> {
    directory: &'a Directory,
    by_name: HashMap<String, Vec<MemberId>>,
    models: &'a ReadModels,
    now: Instant,
    failed: &'a RefCell<Option<Failure>>,
}

impl Members for OfDirectory<'_> {
    fn by_number(&self, number: &str) -> Option<MemberId> {
        or_put_aside(self.directory.service.identity.member_by_number(number).map_err(Failure::from), self.failed)
    }

    fn by_name_in_branch(&self, name: &str, branch: OrganizationId) -> Vec<MemberId> {
        let of_name = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        let here = |member: &MemberId| self.models.branch_of(*member, self.now) == Some(branch);
        of_name.iter().copied().filter(here).collect()
    }
}

impl Households for OfDirectory<'_> {
    fn by_code(&self, code: &str) -> Option<HouseholdId> {
        or_put_aside(self.directory.service.identity.household(code).map_err(Failure::from), self.failed)
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
        or_put_aside(self.directory.event(id), self.failed).map(|(_, event)| event.occurred_at)
    }
    fn as_members(&self) -> &dyn Members {
        self
    }
    fn as_households(&self) -> &dyn Households {
        self
    }
}

/// A server tells members by number only: neither names nor the codes of households are handed out to be searched.
struct OfServer<'a> {
    client: &'a Client,
    origin: String,
    failed: &'a RefCell<Option<Failure>>,
}

impl Members for OfServer<'_> {
    fn by_number(&self, number: &str) -> Option<MemberId> {
        or_put_aside(self.client.member_by_number(number), self.failed)
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
        or_put_aside(self.client.knows_organization(organization), self.failed)
    }
    fn occurred_at(&self, id: EventId) -> Option<Instant> {
        or_put_aside(self.client.occurred_at(id), self.failed)
    }
    fn as_members(&self) -> &dyn Members {
        self
    }
    fn as_households(&self) -> &dyn Households {
        self
    }
}
