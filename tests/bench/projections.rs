//! The read models at the size of a city: replay, memory, snapshot, ranking. `cargo bench --bench projections`.

#[path = "city.rs"]
mod city;

use city::{City, EIGHT_EVENTS, EIGHT_RECORDS, Mix};
use criterion::{BatchSize, Criterion, Throughput, criterion_group};
use mingzhang_events::{Month, OrganizationId, RecordedEvent};
use mingzhang_projections::ReadModels;
use std::hint::black_box;
use std::time::{Duration, Instant};

fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

fn root() -> OrganizationId {
    "city".parse().expect("an organization code")
}

fn apply(models: &mut ReadModels, events: &[RecordedEvent]) {
    models.apply_batch(models.tree_size(), events);
}

fn begun(city: &mut City) -> ReadModels {
    let mut models = ReadModels::new();
    apply(&mut models, &city.beginning());
    models
}

fn replay(c: &mut Criterion) {
    let mut group = c.benchmark_group("replay");
    let mut city = City::new(125_000);
    let beginning = city.beginning();
    let mut events = Vec::new();
    city.month(month("2026-10"), EIGHT_EVENTS, |event| events.push(event));
    group.throughput(Throughput::Elements(events.len() as u64)).sample_size(10);
    let fresh = || {
        let mut models = ReadModels::new();
        apply(&mut models, &beginning);
        models
    };
    group.bench_function("apply and settle a month of 125,000 members", |b| {
        b.iter_batched(
            fresh,
            |mut models| {
                apply(&mut models, &events);
                models.settle();
                models
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("the same, settled every 1,000 events", |b| {
        b.iter_batched(
            fresh,
            |mut models| {
                for batch in events.chunks(1_000) {
                    apply(&mut models, batch);
                    models.settle();
                }
                models
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

fn ranking(c: &mut Criterion) {
    let of = month("2026-10");
    let mut city = City::new(1_000_000);
    let mut models = begun(&mut city);
    let mut last = None;
    city.month(of, EIGHT_EVENTS, |event| {
        models.apply(models.tree_size(), &event);
        last = Some(event);
    });
    models.settle();
    let mut group = c.benchmark_group("a million members");
    let page = models.member_ranking(root(), of, None, 500_000).expect("known");
    let deep = page.next;
    group.bench_function("first page of 50", |b| b.iter(|| black_box(models.member_ranking(root(), of, None, 50))));
    group.bench_function("page of 50 in the middle", |b| {
        b.iter(|| black_box(models.member_ranking(root(), of, deep, 50)))
    });
    let mut number = 0;
    group.bench_function("rank of one member", |b| {
        b.iter(|| {
            number = (number + 7_919) % city.members;
            black_box(models.member_rank(root(), city.member(number), of))
        });
    });
    group.bench_function("explained points of one member", |b| {
        b.iter(|| {
            number = (number + 7_919) % city.members;
            black_box(models.member_points(city.member(number), of))
        });
    });
    let event = last.expect("a month has events");
    group.bench_function("apply and settle one event, then rank a page", |b| {
        b.iter(|| {
            models.apply(models.tree_size(), &event);
            models.settle();
            black_box(models.member_ranking(root(), of, None, 50))
        });
    });
    group.finish();
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    #[expect(clippy::disallowed_methods, reason = "a bench measures elapsed time")]
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

/// Bytes that the process holds in memory.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) * 1_024
}

/// Ten million events of 250,000 members (or fewer months of the richer mix), once: what criterion can't repeat in good time.
#[expect(clippy::print_stdout, reason = "what is measured is what this program is for")]
fn large_ledger(mix: Mix) {
    let months = ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10"].map(month);
    let mut city = City::new(250_000);
    let mut models = begun(&mut city);
    let before = resident_bytes();
    let (mut applying, mut events) = (Duration::ZERO, 0);
    let mut batch = Vec::with_capacity(10_000);
    for of in months {
        let mut flush = |batch: &mut Vec<RecordedEvent>| {
            events += batch.len() as u64;
            applying += timed(|| apply(&mut models, batch)).1;
            batch.clear();
        };
        city.month(of, mix, |event| {
            batch.push(event);
            if batch.len() == batch.capacity() {
                flush(&mut batch);
            }
        });
        flush(&mut batch);
    }
    let settling = timed(|| models.settle()).1;
    let member_months = city.members * months.len() as u64;
    println!("{} records, {} events a member-month", mix.records, mix.events);
    let nanoseconds = (applying + settling).as_nanos() / u128::from(events);
    println!("  {events} events: apply {applying:?}, settle {settling:?}: {nanoseconds} ns an event");
    let held = resident_bytes().saturating_sub(before);
    println!("  {} bytes a member-month ({} MB over the roster)", held / member_months, held >> 20);
    let (bytes, writing) = timed(|| models.to_bytes());
    let (again, reading) = timed(|| ReadModels::from_bytes(&bytes).expect("our own bytes"));
    println!("  snapshot of {} MB: written in {writing:?}, read in {reading:?}", bytes.len() >> 20);
    assert_eq!(again.tree_size(), models.tree_size());
    drop((again, bytes));
    let of = months[4];
    let cold = timed(|| models.month_summary(root(), of)).1;
    let warm = timed(|| models.month_summary(root(), of)).1;
    println!("  the city's month summed up: first {cold:?}, again {warm:?}");
    let cold = timed(|| models.member_ranking(root(), of, None, 50)).1;
    println!("  the city's ranking, first asked for: {cold:?}");
}

criterion_group!(benches, replay, ranking);

fn main() {
    if std::env::args().any(|argument| argument == "--bench") {
        large_ledger(EIGHT_EVENTS);
        large_ledger(EIGHT_RECORDS);
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
}
