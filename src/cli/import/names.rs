//! Whom and what a table may name, as the ledger knows them. A server is asked for all of them at once: the rows are read first to
//! see which organisations they name, then whom in these, then for good.

use super::super::client::{Client, FoundOrganization, WantedMember};
use super::super::exit::Exit;
use super::super::failure::{Failure, both};
use super::super::target::{Directory, Target};
use super::Names;
use crate::identity::Everybody;
use crate::import::{Households, Members, Organizations, name_as_read, organization_as_read};
use mingzhang_events::{EventId, HouseholdId, Instant, MemberId, OrganizationId};
use mingzhang_projections::ReadModels;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Calls `then` with the names that the target knows at this instant. A look-up that failed fails the whole: taken for "nobody", it would make
/// a second member of somebody.
/// Names of organisations are looked up at or below `below` only, if that is said.
pub(super) fn with<R>(
    target: &Target,
    below: Option<OrganizationId>,
    now: Instant,
    then: &dyn Fn(&dyn Names) -> R,
) -> Result<R, Failure> {
    let failed = RefCell::new(None);
    let answer = match target {
        Target::Directory(directory) => {
            let everybody = directory.service.identity.everybody(name_as_read)?;
            let models = directory.service.models_blocking();
            if below.is_some_and(|below| models.organization(below, None).is_none()) {
                return Err(unknown(below));
            }
            let called = OnceCell::new();
            then(&OfDirectory { directory, everybody, models: &models, below, called, now, failed: &failed })
        }
        Target::Server(client) => {
            if below.map(|below| client.knows_organization(below)).transpose()? == Some(false) {
                return Err(unknown(below));
            }
            let mut wanted = Wanted { origin: client.origin()?, ..Wanted::default() };
            then(&wanted);
            let names: Vec<String> = std::mem::take(&mut wanted.names).into_inner().into_iter().collect();
            if !names.is_empty() {
                let found = client.find_organizations(&names, below)?;
                wanted.organizations = names.into_iter().zip(found).collect();
                then(&wanted);
            }
            let Wanted { origin, organizations, names: _, members, codes } = wanted;
            let (members, codes): (Vec<_>, Vec<_>) =
                (members.into_inner().into_iter().collect(), codes.into_inner().into_iter().collect());
            let found = client.find_members(&members)?;
            let coded = client.households(&codes.iter().map(|code| (code.clone(), None)).collect::<Vec<_>>())?;
            let households = codes.into_iter().zip(coded).filter_map(|(code, household)| Some((code, household?)));
            then(&OfServer {
                client,
                origin,
                organizations,
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

fn unknown(below: Option<OrganizationId>) -> Failure {
    let code = below.map_or_else(String::new, |below| below.to_string());
    let wrong = both(format!("账本中没有组织 {code}"), format!("the ledger has no organisation {code}"));
    Failure::new(Exit::Refused, wrong).next(both("请核对 --below 的代码", "check the code of --below"))
}

struct OfDirectory<'a> {
    directory: &'a Directory,
    everybody: Everybody,
    models: &'a ReadModels,
    below: Option<OrganizationId>,
    /// Made once a row names an organisation without its code.
    called: OnceCell<BTreeMap<String, Vec<OrganizationId>>>,
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

impl Organizations for OfDirectory<'_> {
    fn called(&self, name: &str) -> Vec<OrganizationId> {
        let called =
            || self.models.organizations_by_name(self.below.as_ref().map(std::slice::from_ref), organization_as_read);
        self.called.get_or_init(called).get(name).cloned().unwrap_or_default()
    }

    fn name_above(&self, organization: OrganizationId) -> Option<String> {
        Some(self.models.ancestors(organization, None)?.first()?.name.clone())
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
    fn as_organizations(&self) -> &dyn Organizations {
        self
    }
}

/// Whom the rows name.
#[derive(Default)]
struct Wanted {
    origin: String,
    /// What a server told of the names that an earlier reading has put down.
    organizations: BTreeMap<String, Vec<FoundOrganization>>,
    names: RefCell<BTreeSet<String>>,
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

impl Organizations for Wanted {
    fn called(&self, name: &str) -> Vec<OrganizationId> {
        let found = self.organizations.get(name).map(Vec::as_slice);
        if found.is_none() {
            self.names.borrow_mut().insert(name.to_owned());
        }
        found.unwrap_or_default().iter().map(|found| found.organization).collect()
    }

    fn name_above(&self, _: OrganizationId) -> Option<String> {
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
    fn as_organizations(&self) -> &dyn Organizations {
        self
    }
}

/// What a server told of those whom the rows name.
struct OfServer<'a> {
    client: &'a Client,
    origin: String,
    organizations: BTreeMap<String, Vec<FoundOrganization>>,
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

impl Organizations for OfServer<'_> {
    fn called(&self, name: &str) -> Vec<OrganizationId> {
        self.organizations.get(name).into_iter().flatten().map(|found| found.organization).collect()
    }

    fn name_above(&self, organization: OrganizationId) -> Option<String> {
        let mut found = self.organizations.values().flatten();
        found.find(|found| found.organization == organization)?.above.clone()
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
    fn as_organizations(&self) -> &dyn Organizations {
        self
    }
}
