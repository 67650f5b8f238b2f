//! Scoring at the size of a city: a month of a million members anew, twelve months under other rules, one batch after another.
//! `cargo bench --bench scoring`. Each is too long for criterion to repeat; the best and the worst of three are printed.

#[path = "city.rs"]
mod city;

use city::{City, EIGHT_EVENTS, EIGHT_RECORDS};
use mingzhang_events::{Evidence, Month, RecordedEvent, ScoringRules, ScoringRulesAdopted};
use mingzhang_projections::{DEFAULT_RULES_TOML, ReadModels, parse_rules};
use std::time::{Duration, Instant};

const MONTHS: u16 = 12;

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    #[expect(clippy::disallowed_methods, reason = "a bench measures elapsed time")]
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

fn rules(version: &str, yearly: bool) -> ScoringRules {
    let mut rules = parse_rules(DEFAULT_RULES_TOML).expect("the default rules");
    rules.version = version.parse().expect("a version");
    if yearly {
        let caps = rules.total_caps.get_or_insert_default();
        caps.per_year = Some("200".parse().expect("points"));
    }
    rules
}

/// So many months of a city, settled.
fn lived(city: &mut City, months: u16) -> (ReadModels, Month, RecordedEvent) {
    let mut models = ReadModels::new();
    models.apply_batch(0, &city.beginning());
    let last: Month = "2026-12".parse().expect("a month");
    let mut example = None;
    let mut batch = Vec::with_capacity(10_000);
    for number in last.number() + 1 - months..=last.number() {
        city.month(Month::from_number(number).expect("a month"), EIGHT_RECORDS, |event| {
            if example.is_none() {
                example = Some(event.clone());
            }
            batch.push(event);
            if batch.len() == batch.capacity() {
                models.apply_batch(models.tree_size(), &batch);
                batch.clear();
            }
        });
        models.apply_batch(models.tree_size(), &batch);
        batch.clear();
        models.settle();
    }
    (models, last, example.expect("a month has events"))
}

#[expect(clippy::print_stdout, reason = "what is measured is what this program is for")]
fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let mut city = City::new(1_000_000);
    let (mut models, last, example) = lived(&mut city, MONTHS);
    let records = EIGHT_RECORDS.records;
    println!("1 M members, {MONTHS} months of {records} M records and {} M events each", EIGHT_RECORDS.events);
    for (name, yearly) in [("caps by day and month", false), ("a cap by year as well", true)] {
        let (simulation, elapsed) = timed(|| models.simulate(&rules("other", yearly), last, MONTHS));
        assert_eq!((simulation.months.len(), simulation.members), (usize::from(MONTHS), 1_000_000));
        println!("  {MONTHS} months simulated, {name}: {elapsed:?}");
    }
    let mut events = Vec::new();
    city.month(last.next(), EIGHT_EVENTS, |event| {
        if events.len() < 5_300_000 {
            events.push(event);
        }
    });
    // What is planned and who signs up; then check-ins and check-outs; then attendance and visits.
    let (planned, done) = events.split_at(1_300_000);
    models.apply_batch(models.tree_size(), planned);
    models.settle();
    for (batch, taken) in [(1_000, &done[..2_000_000]), (1, &done[2_000_000..])] {
        let elapsed = timed(|| {
            for events in taken.chunks(batch) {
                models.apply_batch(models.tree_size(), events);
                models.settle();
            }
        })
        .1;
        let each = elapsed.as_nanos() / taken.len() as u128;
        println!("  applied and settled, {batch} at a time: {each} ns an event");
    }
    drop(events);
    for (name, yearly) in [("caps by day and month", false), ("a cap by year as well", true)] {
        let mut times = Vec::new();
        for number in 0..3 {
            let version = format!("{yearly}-{number}");
            let rules = Box::new(ScoringRules { effective_from: last, ..rules(&version, yearly) });
            let event = ScoringRulesAdopted { rules }.into();
            let adopted = RecordedEvent { event, evidence: Evidence::Office, ..example.clone() };
            models.apply(models.tree_size(), &adopted);
            times.push(timed(|| models.settle()).1);
        }
        times.sort_unstable();
        println!("  scored anew, {name}: {:?} to {:?}", times[0], times[2]);
    }
}
