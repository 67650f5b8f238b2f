//! A small street with two branches, two members and an activity, on a store of choice and a clock that the test sets.

use mingzhang::clock::SetClock;
use mingzhang::identity::{Actor, Role};
use mingzhang::ledger::{
    Command, IdempotencyKey, Ledger, LedgerError, LedgerState, Mode, Outcome, Signing, Submission, SubmitError,
};
use mingzhang::store::{EventStore, MemorySignedHeads, MemoryStore, SignedHeads};
use mingzhang::transparency::Ed25519Signer;
use mingzhang_events::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) const ORIGIN: &str = "test.example/street";
pub(crate) const STREET: &str = "420902001";
pub(crate) const COMMUNITY: &str = "420902001001";
pub(crate) const BRANCH: &str = "420902001001-01";
pub(crate) const OTHER_BRANCH: &str = "420902001001-02";
pub(crate) const MEMBER: MemberId = MemberId(1);
pub(crate) const COLLEAGUE: MemberId = MemberId(2);
/// On 3 October, 19:00 to 21:00 local time.
pub(crate) const PATROL: ActivityId = ActivityId(1);
/// On 3 October, 19:00 to 21:00 as well, elsewhere.
pub(crate) const OTHER_PATROL: ActivityId = ActivityId(2);
/// On 4 October, 09:00 to 11:00 local time.
pub(crate) const MEETING: ActivityId = ActivityId(3);
pub(crate) const HOUSEHOLD: HouseholdId = HouseholdId(1);

pub(crate) fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

pub(crate) fn organization(code: &str) -> OrganizationId {
    code.parse().expect("a code")
}

/// A ledger with the street in it, at noon of 20 October 2026.
pub(crate) struct Fixture {
    pub(crate) ledger: Ledger,
    pub(crate) clock: Arc<SetClock>,
    keys: AtomicU64,
}

impl Fixture {
    pub(crate) fn new() -> Fixture {
        Fixture::on(Arc::new(MemoryStore::new()))
    }

    /// On a store, which may hold the street already.
    pub(crate) fn on(store: Arc<dyn EventStore>) -> Fixture {
        Fixture::signing(store, Box::new(MemorySignedHeads::default())).expect("a ledger")
    }

    /// On a store, with a memory of what was signed.
    pub(crate) fn signing(store: Arc<dyn EventStore>, heads: Box<dyn SignedHeads>) -> Result<Fixture, LedgerError> {
        let clock = Arc::new(SetClock::at(at("2026-10-20T04:00:00Z")));
        let size = store.head().expect("a store");
        let signer = Ed25519Signer::from_seed(ORIGIN, &[7; 32]).expect("a key");
        let signing = Signing { log_key: Box::new(signer), successor: None, beside: Vec::new(), heads };
        let ledger = Ledger::open(store, ORIGIN, signing, clock.clone(), LedgerState::default(), &mut |_| {});
        let fixture = Fixture { ledger: ledger?, clock, keys: AtomicU64::new(size * 1_000) };
        if size == 0 {
            fixture.lay_the_ground();
        }
        Ok(fixture)
    }

    fn lay_the_ground(&self) {
        let since = at("2026-09-01T00:00:00Z");
        for (code, parent, level) in [
            (STREET, None, OrganizationLevel::Subdistrict),
            (COMMUNITY, Some(STREET), OrganizationLevel::Community),
            (BRANCH, Some(COMMUNITY), OrganizationLevel::Branch),
            (OTHER_BRANCH, Some(COMMUNITY), OrganizationLevel::Branch),
        ] {
            let parent = parent.map(organization);
            let name = code.to_owned();
            self.record(OrganizationEstablished { level, name, organization: organization(code), parent }, since);
        }
        let rules = mingzhang_projections::parse_rules(mingzhang_projections::DEFAULT_RULES_TOML).expect("rules");
        self.record(ScoringRulesAdopted { rules: Box::new(rules) }, since);
        for member in [MEMBER, COLLEAGUE] {
            self.record(
                MemberRostered { class: MemberClass::Resident, member, organization: organization(BRANCH) },
                since,
            );
        }
        let evening = ("2026-10-03T11:00:00Z", "2026-10-03T13:00:00Z", ActivityKind::NightPatrol);
        let morning = ("2026-10-04T01:00:00Z", "2026-10-04T03:00:00Z", ActivityKind::Meeting);
        for (activity, (starts_at, ends_at, kind)) in [(PATROL, evening), (OTHER_PATROL, evening), (MEETING, morning)] {
            let (class, organization) = (ActivityClass::Voluntary, organization(COMMUNITY));
            let (starts_at, ends_at) = (at(starts_at), at(ends_at));
            self.record(
                ActivityScheduled { activity, class, emergency_grade: None, ends_at, kind, organization, starts_at },
                since,
            );
        }
        let pairing =
            HardshipPairingFormed { household: HOUSEHOLD, member: MEMBER, organization: organization(COMMUNITY) };
        self.record(pairing, since);
    }

    /// Somebody with every role everywhere.
    pub(crate) fn clerk(&self) -> Actor {
        Actor::holder_of_the_files("clerk".parse().expect("an actor"))
    }

    /// Somebody else with every role everywhere.
    pub(crate) fn reviewer(&self) -> Actor {
        Actor::holder_of_the_files("reviewer".parse().expect("an actor"))
    }

    /// Somebody with one role in one part of the tree.
    pub(crate) fn with_role(&self, role: Role, code: &str) -> Actor {
        let grant = format!("{role}@{code}").parse().expect("a grant");
        Actor { id: "somebody".parse().expect("an actor"), member: None, grants: vec![grant] }
    }

    pub(crate) fn command(&self, event: impl Into<Event>, occurred_at: Instant) -> Command {
        let key = format!("key-{}", self.keys.fetch_add(1, Ordering::Relaxed));
        Command {
            key: key.parse().expect("a key"),
            event: event.into(),
            evidence: Evidence::Attested,
            imported: None,
            occurred_at,
        }
    }

    pub(crate) fn submit(
        &self,
        actor: &Actor,
        commands: Vec<Command>,
        mode: Mode,
    ) -> Result<Vec<Outcome>, SubmitError> {
        let submission = Submission { actor: Arc::new(actor.clone()), commands, mode };
        self.ledger.submit_blocking(submission).map(|reply| reply.outcomes)
    }

    pub(crate) fn try_record(&self, actor: &Actor, event: impl Into<Event>, occurred_at: Instant) -> Outcome {
        let command = self.command(event, occurred_at);
        self.submit(actor, vec![command], Mode::EachAlone).expect("the store works").remove(0)
    }

    /// Records as the clerk; panics if refused. Gives the event's id.
    pub(crate) fn record(&self, event: impl Into<Event>, occurred_at: Instant) -> EventId {
        self.record_as(&self.clerk(), event, occurred_at)
    }

    pub(crate) fn record_as(&self, actor: &Actor, event: impl Into<Event>, occurred_at: Instant) -> EventId {
        match self.try_record(actor, event, occurred_at) {
            Outcome::Recorded { id, .. } => id,
            refused @ (Outcome::Repeated { .. } | Outcome::Rejected(_) | Outcome::Withheld) => panic!("{refused:?}"),
        }
    }

    pub(crate) fn key(&self, text: &str) -> IdempotencyKey {
        text.parse().expect("a key")
    }
}

pub(crate) fn check_in() -> MemberCheckedIn {
    MemberCheckedIn { activity: PATROL, member: MEMBER }
}

pub(crate) fn check_out() -> MemberCheckedOut {
    MemberCheckedOut { activity: PATROL, member: MEMBER }
}

/// Before the patrol.
pub(crate) const BEFORE: &str = "2026-10-02T00:00:00Z";
/// During the patrol.
pub(crate) const START: &str = "2026-10-03T11:05:00Z";
/// At the patrol's end.
pub(crate) const END: &str = "2026-10-03T12:55:00Z";
