//! Whom a table may name, as the ledger knows them. A server is asked for all of them at once: the rows are read twice, first to
//! see whom they name.

use super::super::client::{Client, WantedMember};
use super::super::failure::Failure;
use super::super::target::{Directory, Target};
use super::{Names, now};
use crate::identity::Everybody;
use crate::import::{Households, Members, name_as_read};
use mingzhang_events::{EventId, HouseholdId, Instant, MemberId, OrganizationId};
use mingzhang_projections::ReadModels;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Calls `then` with the names that the target knows. A look-up that failed fails the whole: taken for "nobody", it would make
/// a second member of somebody.
pub(super) fn with<R>(target: &Target, then: &dyn Fn(&dyn Names) -> R) -> Result<R, Failure> {
    let failed = RefCell::new(None);
    let answer = match target {
        Target::Directory(directory) => {
            let everybody = directory.service.identity.everybody(name_as_read)?;
            let models = directory.service.models_blocking();
            then(&OfDirectory { directory, everybody, models: &models, now: now(), failed: &failed })
        }
        Target::Server(client) => {
            let wanted = Wanted { origin: client.origin()?, members: RefCell::default(), codes: RefCell::default() };
            then(&wanted);
            let Wanted { origin, members, codes } = wanted;
            let (members, codes): (Vec<_>, Vec<_>) =
                (members.into_inner().into_iter().collect(), codes.into_inner().into_iter().collect());
            let found = client.find_members(&members)?;
            let coded = client.households(&codes.iter().map(|code| (code.clone(), None)).collect::<Vec<_>>())?;
            let households = codes.into_iter().zip(coded).filter_map(|(code, household)| Some((code, household?)));
            then(&OfServer {
                client,
                origin,
                members: members.into_iter().zip(found).collect(),
                households: households.collect(),
                numbers: RefCell::default(),
                failed: &failed,
            })
        }
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
    everybody: Everybody,
    models: &'a ReadModels,
    now: Instant,
    failed: &'a RefCell<Option<Failure>>,
}

impl Members for OfDirectory<'_> {
    fn by_number(&self, number: &str) -> Option<MemberId> {
        self.everybody.by_number.get(number).copied()
    }

    fn by_name_in_branch(&self, name: &str, branch: OrganizationId) -> Vec<MemberId> {
        let of_name = self.everybody.by_name.get(name).map_or(&[][..], Vec::as_slice);
        let here = |member: &MemberId| self.models.branch_of(*member, self.now) == Some(branch);
        of_name.iter().copied().filter(here).collect()
    }

    fn number_of(&self, member: MemberId) -> Option<String> {
        or_put_aside(self.directory.service.identity.person(member).map_err(Failure::from), self.failed)?.number
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

/// Whom the rows name.
struct Wanted {
    origin: String,
    members: RefCell<BTreeSet<WantedMember>>,
    codes: RefCell<BTreeSet<String>>,
}

impl Members for Wanted {
    fn by_number(&self, number: &str) -> Option<MemberId> {
        self.members.borrow_mut().insert(WantedMember::Numbered(number.to_owned()));
        None
    }

    fn by_name_in_branch(&self, name: &str, branch: OrganizationId) -> Vec<MemberId> {
        self.members.borrow_mut().insert(WantedMember::Named(name.to_owned(), branch));
        Vec::new()
    }

    fn number_of(&self, _: MemberId) -> Option<String> {
        None
    }
}

impl Households for Wanted {
    fn by_code(&self, code: &str) -> Option<HouseholdId> {
        self.codes.borrow_mut().insert(code.to_owned());
        None
    }
}

impl Names for Wanted {
    fn origin(&self) -> &str {
        &self.origin
    }
    fn knows(&self, _: OrganizationId) -> bool {
        true
    }
    fn occurred_at(&self, _: EventId) -> Option<Instant> {
        None
    }
    fn as_members(&self) -> &dyn Members {
        self
    }
    fn as_households(&self) -> &dyn Households {
        self
    }
}

/// What a server told of those whom the rows name.
struct OfServer<'a> {
    client: &'a Client,
    origin: String,
    members: BTreeMap<WantedMember, Vec<MemberId>>,
    households: BTreeMap<String, HouseholdId>,
    /// Of namesakes, asked for once however many rows name them.
    numbers: RefCell<HashMap<MemberId, Option<String>>>,
    failed: &'a RefCell<Option<Failure>>,
}

impl Members for OfServer<'_> {
    fn by_number(&self, number: &str) -> Option<MemberId> {
        self.members.get(&WantedMember::Numbered(number.to_owned()))?.first().copied()
    }

    fn by_name_in_branch(&self, name: &str, branch: OrganizationId) -> Vec<MemberId> {
        self.members.get(&WantedMember::Named(name.to_owned(), branch)).cloned().unwrap_or_default()
    }

    fn number_of(&self, member: MemberId) -> Option<String> {
        let ask = || {
            let found = self.client.find_if_allowed(&format!("/v1/members/{member}/person"));
            or_put_aside(found, self.failed)?["number"].as_str().map(str::to_owned)
        };
        self.numbers.borrow_mut().entry(member).or_insert_with(ask).clone()
    }
}

impl Households for OfServer<'_> {
    fn by_code(&self, code: &str) -> Option<HouseholdId> {
        self.households.get(code).copied()
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
