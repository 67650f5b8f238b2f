//! The template tables, recorded through the real ledger: once they are new, twice they are nothing.

use mingzhang::clock::{Clock, SetClock};
use mingzhang::identity::Actor;
use mingzhang::import::{
    Households, Members, OrganizationContext, Organizations, Parsed, RecordContext, RosterContext, Table, TableFile,
    Whom, organizations, records, roster,
};
use mingzhang::ledger::{Command, IdempotencyKey, Ledger, LedgerState, Mode, Outcome, Signing, Submission};
use mingzhang::store::{MemorySignedHeads, MemoryStore};
use mingzhang::transparency::Ed25519Signer;
use mingzhang_events::{
    Event, EventId, Evidence, HouseholdId, Instant, MemberId, OrganizationId, ScoringRulesAdopted, decode,
};
use mingzhang_projections::{DEFAULT_RULES_TOML, parse_rules};
use std::collections::HashMap;
use std::sync::Arc;

const ORIGIN: &str = "import.example/ledger";

/// A ledger, and what `identity` would know beside it.
struct Street {
    ledger: Ledger,
    clock: Arc<SetClock>,
    by_number: HashMap<String, MemberId>,
    by_name: HashMap<(String, OrganizationId), Vec<MemberId>>,
    by_code: HashMap<String, HouseholdId>,
    ids: u64,
}

impl Members for Street {
    fn fitting(&self, whom: &Whom) -> Vec<MemberId> {
        match (&whom.number, &whom.name, whom.branch) {
            (Some(number), ..) => self.by_number.get(number).copied().into_iter().collect(),
            (None, Some(name), Some(branch)) => self.by_name.get(&(name.clone(), branch)).cloned().unwrap_or_default(),
            _ => Vec::new(),
        }
    }
    fn whom(&self, member: MemberId) -> Whom {
        let number = self.by_number.iter().find(|(_, known)| **known == member).map(|(number, _)| number.clone());
        Whom { member: Some(member), number, ..Whom::default() }
    }
}

impl Organizations for Street {
    fn called(&self, _: &str) -> Vec<OrganizationId> {
        Vec::new()
    }
    fn name_above(&self, _: OrganizationId) -> Option<String> {
        None
    }
}

impl Households for Street {
    fn by_code(&self, code: &str) -> Option<HouseholdId> {
        self.by_code.get(code).copied()
    }
}

impl Street {
    fn new() -> Street {
        let clock = Arc::new(SetClock::at("2026-10-31T12:00:00Z".parse().expect("an instant")));
        let signer = Ed25519Signer::from_seed(ORIGIN, &[7; 32]).expect("a key name");
        let signing = Signing::with(signer, MemorySignedHeads::default());
        let (store, state) = (Arc::new(MemoryStore::new()), LedgerState::default());
        let ledger = Ledger::open(store, ORIGIN, signing, Arc::clone(&clock) as _, state, &mut |_| {});
        let ledger = ledger.expect("an empty store is a ledger");
        let (by_number, by_name, by_code) = Default::default();
        Street { ledger, clock, by_number, by_name, by_code, ids: 0 }
    }

    fn submit(&self, commands: Vec<Command>) -> Vec<Outcome> {
        let actor = Arc::new(Actor::holder_of_the_files("clerk".parse().expect("an actor id")));
        let mode = Mode::AllOrNothing;
        self.ledger.submit_blocking(Submission { actor, commands, mode }).expect("memory doesn't fail").outcomes
    }

    /// Records a table, and remembers whom it named.
    fn record(&mut self, parsed: Parsed) -> Vec<Outcome> {
        assert_eq!(parsed.faults, []);
        let branches = parsed.commands.iter().filter_map(|(_, command)| {
            if let Event::MemberRostered(event) = &command.event { Some(event.organization) } else { None }
        });
        for (person, branch) in parsed.people.into_iter().zip(branches) {
            let known = self.by_name.entry((person.name, branch)).or_default();
            if !known.contains(&person.member) {
                known.push(person.member);
            }
            self.by_number.extend(person.number.map(|number| (number, person.member)));
        }
        self.by_code.extend(parsed.households.into_iter().map(|named| (named.code, named.household)));
        self.submit(parsed.commands.into_iter().map(|(_, command)| command).collect())
    }

    fn adopt_rules(&self) {
        let rules = Box::new(parse_rules(DEFAULT_RULES_TOML).expect("the default rules are sound"));
        let (event, evidence) = (Event::from(ScoringRulesAdopted { rules }), Evidence::Office);
        let key = IdempotencyKey::of_content(&["rules"]);
        let outcomes =
            self.submit(vec![Command { key, event, evidence, imported: None, occurred_at: Instant::EARLIEST }]);
        assert!(matches!(outcomes[..], [Outcome::Recorded { .. }]), "{outcomes:?}");
    }

    /// When the event with this id happened, if the ledger has it.
    fn occurred_at(&self, id: EventId) -> Option<Instant> {
        let log_index = self.ledger.find(id).expect("memory doesn't fail")?;
        let entry = self.ledger.entries(log_index, 1).expect("memory doesn't fail").swap_remove(0);
        Some(decode(&entry.bytes).expect("an entry of the log").occurred_at)
    }

    fn import_all(&mut self) -> Vec<Outcome> {
        let read = |table, file| TableFile::of_text(table, file).expect("a table");
        let context = OrganizationContext { known: &|_| false, since: Instant::EARLIEST };
        let table = read(Table::Organizations, include_str!("../fixtures/import/organizations.csv"));
        let mut outcomes = self.record(organizations(&table, &context));

        let mut ids = self.ids;
        let mut new_member = || {
            ids += 1;
            MemberId(ids)
        };
        let mut context = RosterContext {
            members: &*self,
            organizations: &*self,
            new_member: &mut new_member,
            renames: false,
            gives_numbers: false,
            since: None,
        };
        let table = read(Table::Roster, include_str!("../fixtures/import/roster.csv"));
        let parsed = roster(&table, &mut context);
        outcomes.extend(self.record(parsed));

        let mut new_household = || {
            ids += 1;
            HouseholdId(ids)
        };
        let mut context = RecordContext {
            origin: ORIGIN,
            members: &*self,
            organizations: &*self,
            households: &*self,
            now: self.clock.now(),
            occurred_at: &|id| self.occurred_at(id),
            new_household: &mut new_household,
        };
        let table = read(Table::Records, include_str!("../fixtures/import/records.csv"));
        let parsed = records(&table, &mut context);
        self.ids = ids;
        outcomes.extend(self.record(parsed));
        outcomes
    }
}

#[test]
fn the_templates_are_recorded_whole_and_imported_again_change_nothing() {
    let mut street = Street::new();
    street.adopt_rules();
    let first = street.import_all();
    let refused: Vec<_> = first.iter().filter(|outcome| !matches!(outcome, Outcome::Recorded { .. })).collect();
    assert!(refused.is_empty(), "{refused:?}");
    assert_eq!(first.len(), 7 + 7 + 16);

    let head = street.ledger.head();
    street.clock.set("2026-11-02T12:00:00Z".parse().expect("an instant"));
    let second = street.import_all();
    let new: Vec<_> = second.iter().filter(|outcome| !matches!(outcome, Outcome::Repeated { .. })).collect();
    assert!(new.is_empty(), "{new:?}");
    assert_eq!(second.len(), first.len());
    assert_eq!(street.ledger.head(), head);
}
