//! The demo, recorded through the real ledger: the rules refuse nothing of it.

use jiff::civil::Date;
use mingzhang::clock::SetClock;
use mingzhang::demo::{DemoBatch, Document, Options, plan};
use mingzhang::ledger::{Command, Head, IdempotencyKey, Ledger, LedgerState, Mode, Outcome, Signing, Submission};
use mingzhang::store::{MemorySignedHeads, MemoryStore};
use mingzhang::transparency::Ed25519Signer;
use mingzhang_events::{
    DisclosureOpened, Event, EventId, Evidence, Instant, LegalCalendar, Month, NoticeFormat, NoticeIssued,
    OrganizationId, is_working_day,
};
use mingzhang_projections::{DEFAULT_RULES_TOML, parse_rules};
use std::sync::Arc;

const ORIGIN: &str = "demo.example/ledger";

fn works(date: Date) -> bool {
    is_working_day(date).expect("a year whose working days are known")
}

fn options() -> Options {
    let rules = parse_rules(DEFAULT_RULES_TOML).expect("the default rules are sound");
    Options { members: 400, ..Options::new(rules, works) }
}

/// The entry of a document, whose digest the rules don't know: there are no read models here.
fn document(
    organization: OrganizationId,
    batch: &DemoBatch,
    size_before: u64,
    last_notice: Option<EventId>,
) -> Option<Command> {
    let (digest, root_hash) = ("0".repeat(64), "0".repeat(64));
    let occurred_at = batch.recorded_at;
    let tree_size = size_before + batch.commands.len() as u64;
    let number = format!("{tree_size}");
    let event = match batch.document? {
        Document::Disclosure { month, working_days } => {
            let until = LegalCalendar::default().working_day_after(occurred_at.local_date(), working_days);
            let until = until.expect("a known year");
            Event::from(DisclosureOpened { digest, month, organization, root_hash, tree_size, until, working_days })
        }
        Document::Notice { month } => {
            NoticeIssued { digest, format: None, month, number, organization, root_hash, supersedes: None, tree_size }
                .into()
        }
        Document::SupersedingNotice { month } => {
            let format = Some(NoticeFormat::Superseding);
            NoticeIssued { digest, format, month, number, organization, root_hash, supersedes: last_notice, tree_size }
                .into()
        }
    };
    let key = IdempotencyKey::of_fact(&event, occurred_at);
    Some(Command { key, event, evidence: Evidence::Office, imported: None, occurred_at })
}

/// Records a whole demo and gives the head.
fn record(options: &Options) -> Head {
    let clock = Arc::new(SetClock::at(Instant::EARLIEST));
    let signer = Ed25519Signer::from_seed(ORIGIN, &[7; 32]).expect("a key name");
    let signing = Signing::with(signer, MemorySignedHeads::default());
    let store = Arc::new(MemoryStore::new());
    let ledger = Ledger::open(store, ORIGIN, signing, Arc::clone(&clock) as _, LedgerState::default(), &mut |_| {})
        .expect("an empty store is a ledger");
    let mut last_notice = None;
    for batch in plan(options).expect("a demo").flatten() {
        clock.set(batch.recorded_at);
        let mut commands = batch.commands.clone();
        if let Some(document) = document(options.division, &batch, ledger.head().tree_size, last_notice) {
            last_notice = Some(document.key.event_id());
            commands.push(document);
        }
        let submission =
            Submission { actor: Arc::clone(&batch.actor), commands: commands.clone(), mode: Mode::EachAlone };
        let reply = ledger.submit_blocking(submission).expect("memory doesn't fail");
        for (outcome, command) in reply.outcomes.iter().zip(commands) {
            assert!(matches!(outcome, Outcome::Recorded { .. }), "at {}: {outcome:?}: {command:?}", batch.recorded_at);
        }
    }
    ledger.head()
}

#[test]
fn a_demo_is_recorded_without_a_refusal_and_its_seed_decides_the_root() {
    let first = record(&options());
    assert!(first.tree_size > 4_000, "{}", first.tree_size);
    assert_eq!(record(&options()), first);
    assert_ne!(record(&Options { seed: 1, ..options() }).root, first.root);
}

#[test]
fn demos_of_every_shape_are_recorded_without_a_refusal() {
    let month = |text: &str| text.parse::<Month>().expect("a month");
    let code = |text: &str| text.parse().expect("a code");
    let shapes = [
        // One community, hardly anybody.
        Options { division: code("420902001003"), members: 1, ..options() },
        Options { division: code("640104001002"), members: 30, seed: 3, ..options() },
        // Several months, over the new year and a leap day.
        Options { members: 200, months: 4, last_month: month("2026-03"), seed: 4, ..options() },
        // A county with more streets than have offices of their own, and a city.
        Options { division: code("511703"), members: 900, seed: 5, ..options() },
        Options { division: code("4209"), members: 3_000, seed: 6, ..options() },
    ];
    for shape in shapes {
        record(&shape);
    }
}
