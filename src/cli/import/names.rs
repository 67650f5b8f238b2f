//! Whom and what a table may name, as the ledger knows them. A server is asked for all of them at once: the rows are read to see what
//! they ask for, and again until they ask for nothing more.

use super::super::client::{Client, FoundOrganization};
use super::super::exit::Exit;
use super::super::failure::{Failure, both};
use super::super::target::{Directory, Target};
use super::Names;
use crate::identity::{Everybody, Person};
use crate::import::{Households, Members, Organizations, Whom, name_as_read, organization_as_read};
use mingzhang_events::{EventId, HouseholdId, Instant, MemberId, OrganizationId};
use mingzhang_projections::ReadModels;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

/// Of so many, a server is asked who they are, to say it in a fault: whoever has more of them looks for one cause.
const TOLD_MAX: usize = 200;

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
            let origin = client.origin()?;
            let mut names = OfServer { client, origin, below, asked: Asked::default(), failed: &failed };
            loop {
                let answer = then(&names);
                if !names.ask()? {
                    break answer;
                }
            }
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

impl OfDirectory<'_> {
    fn person(&self, member: MemberId) -> Option<Person> {
        or_put_aside(self.directory.service.identity.person(member).map_err(Failure::from), self.failed)
    }

    fn has_name(&self, member: MemberId, name: &str) -> bool {
        self.everybody.by_name.get(name).is_some_and(|of_name| of_name.contains(&member))
            || self.person(member).is_none()
    }

    fn has_number(&self, member: MemberId, number: &str) -> bool {
        match self.everybody.by_number.get(number) {
            Some(holder) => *holder == member,
            None => self.person(member).is_none_or(|person| person.number.is_none()),
        }
    }

    fn has_branch(&self, member: MemberId, branch: OrganizationId) -> bool {
        self.models.was_ever_in(member, branch) || self.models.branch_now(member).is_none()
    }
}

impl Members for OfDirectory<'_> {
    fn fitting(&self, whom: &Whom) -> Vec<MemberId> {
        let Whom { member, number, name, branch } = whom;
        let by_key = match (member, number, name) {
            (Some(member), ..) => {
                Some(*member).filter(|member| self.models.member(*member).is_some() || self.person(*member).is_some())
            }
            (None, Some(number), _) => self.everybody.by_number.get(number).copied(),
            (None, None, name) => {
                let of_name = name.as_ref().and_then(|name| self.everybody.by_name.get(name));
                let here = |member: &MemberId| self.models.branch_of(*member, self.now) == *branch && branch.is_some();
                return of_name.into_iter().flatten().copied().filter(here).collect();
            }
        };
        let fits = |member: &MemberId| {
            number.as_ref().is_none_or(|number| self.has_number(*member, number))
                && name.as_ref().is_none_or(|name| self.has_name(*member, name))
                && branch.is_none_or(|branch| self.has_branch(*member, branch))
        };
        by_key.filter(fits).into_iter().collect()
    }

    fn whom(&self, member: MemberId) -> Whom {
        let (name, number) = self.person(member).map(|person| (person.name, person.number)).unzip();
        Whom { member: Some(member), number: number.flatten(), name, branch: self.models.branch_now(member) }
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

/// What the rows asked a server for, with its answers: none as long as it wasn't asked.
type Answers<K, V> = RefCell<BTreeMap<K, Option<V>>>;

/// What was asked.
#[derive(Default)]
struct Asked {
    organizations: Answers<String, Vec<FoundOrganization>>,
    members: Answers<Whom, Vec<MemberId>>,
    households: Answers<String, Option<HouseholdId>>,
    told: RefCell<BTreeMap<MemberId, Whom>>,
    known: RefCell<BTreeMap<OrganizationId, bool>>,
    occurred_at: RefCell<BTreeMap<EventId, Option<Instant>>>,
}

/// The answer, if there is one. If not, the server is asked before the rows are read again.
fn answer<K: Ord + Clone, V: Clone>(answers: &Answers<K, V>, wanted: &K) -> Option<V> {
    let mut answers = answers.borrow_mut();
    match answers.get(wanted) {
        Some(answer) => answer.clone(),
        None => {
            answers.insert(wanted.clone(), None);
            None
        }
    }
}

/// Has all answered that wasn't yet. Gives whether there was anything.
fn ask_for<K: Ord + Clone, V>(
    answers: &mut Answers<K, V>,
    ask: impl FnOnce(&[K]) -> Result<Vec<V>, Failure>,
) -> Result<bool, Failure> {
    let answers = answers.get_mut();
    let unasked = |(wanted, answer): (&K, &Option<V>)| answer.is_none().then(|| wanted.clone());
    let wanted: Vec<K> = answers.iter().filter_map(unasked).collect();
    if wanted.is_empty() {
        return Ok(false);
    }
    let found = ask(&wanted)?;
    answers.extend(wanted.into_iter().zip(found.into_iter().map(Some)));
    Ok(true)
}

/// What a server knows.
struct OfServer<'a> {
    client: &'a Client,
    origin: String,
    below: Option<OrganizationId>,
    asked: Asked,
    failed: &'a RefCell<Option<Failure>>,
}

impl OfServer<'_> {
    /// Asks the server for what the last reading wanted to know. Gives whether it wanted anything.
    fn ask(&mut self) -> Result<bool, Failure> {
        let (client, below, asked) = (self.client, self.below, &mut self.asked);
        let organizations = ask_for(&mut asked.organizations, |names| client.find_organizations(names, below))?;
        let members = ask_for(&mut asked.members, |wanted| client.find_members(wanted))?;
        let households = ask_for(&mut asked.households, |codes| {
            client.households(&codes.iter().map(|code| (code.clone(), None)).collect::<Vec<_>>())
        })?;
        Ok(organizations || members || households)
    }

    fn told(&self, member: MemberId) -> Result<Whom, Failure> {
        let person = self.client.find_if_allowed(&format!("/v1/members/{member}/person"))?.unwrap_or_default();
        let history = self.client.find_if_allowed(&format!("/v1/members/{member}"))?.unwrap_or_default();
        let text = |name: &str| person[name].as_str().map(str::to_owned);
        let mut branches = history["branches"].as_array().into_iter().flatten().rev();
        let branch = branches.find_map(|membership| membership["organization"].as_str()?.parse().ok());
        Ok(Whom { member: Some(member), number: text("number"), name: text("name"), branch })
    }
}

impl Members for OfServer<'_> {
    fn fitting(&self, whom: &Whom) -> Vec<MemberId> {
        answer(&self.asked.members, whom).unwrap_or_default()
    }

    fn whom(&self, member: MemberId) -> Whom {
        let mut told = self.asked.told.borrow_mut();
        if let Some(whom) = told.get(&member) {
            return whom.clone();
        }
        if told.len() >= TOLD_MAX {
            return Whom { member: Some(member), ..Whom::default() };
        }
        let whom = or_put_aside(self.told(member), self.failed);
        told.entry(member).or_insert(whom).clone()
    }

    fn has_answered(&self, whom: &Whom) -> bool {
        self.asked.members.borrow().get(whom).is_some_and(Option::is_some)
    }
}

impl Organizations for OfServer<'_> {
    fn called(&self, name: &str) -> Vec<OrganizationId> {
        let found = answer(&self.asked.organizations, &name.to_owned()).unwrap_or_default();
        found.into_iter().map(|found| found.organization).collect()
    }

    fn name_above(&self, organization: OrganizationId) -> Option<String> {
        let organizations = self.asked.organizations.borrow();
        let mut found = organizations.values().flatten().flatten();
        found.find(|found| found.organization == organization)?.above.clone()
    }
}

impl Households for OfServer<'_> {
    fn by_code(&self, code: &str) -> Option<HouseholdId> {
        answer(&self.asked.households, &code.to_owned()).flatten()
    }
}

impl Names for OfServer<'_> {
    fn origin(&self) -> &str {
        &self.origin
    }
    fn knows(&self, organization: OrganizationId) -> bool {
        let ask = || or_put_aside(self.client.knows_organization(organization), self.failed);
        *self.asked.known.borrow_mut().entry(organization).or_insert_with(ask)
    }
    fn occurred_at(&self, id: EventId) -> Option<Instant> {
        let ask = || or_put_aside(self.client.occurred_at(id), self.failed);
        *self.asked.occurred_at.borrow_mut().entry(id).or_insert_with(ask)
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
