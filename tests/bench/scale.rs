//! A city: 1 M members and 10 M events on SQLite. Recording it, replaying it, starting with a snapshot, `as_of`, ranking,
//! memory, exporting the log, exporting an audit bundle and auditing it.
//!
//! One month with check-ins and check-outs only, in 400 communities: what it leaves out are corrections, late entries and a
//! tree that changes. `cargo bench --bench scale [-- EVENTS]` prints a table; 10 M events need 15 GB of disk and some minutes.

#![expect(clippy::print_stdout, reason = "a benchmark prints a table")]
#![expect(clippy::float_arithmetic, reason = "a benchmark measures time")]

use mingzhang::audit::Scope;
use mingzhang::audit::offline::{Trust, audit_bundle};
use mingzhang::clock::MachineClock;
use mingzhang::identity::Actor;
use mingzhang::ledger::{Command, IdempotencyKey, Mode, Outcome, Submission};
use mingzhang::notice::{NoticeContext, compose};
use mingzhang::service::{AuditWanted, Service, export_audit, export_log};
use mingzhang_events::*;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

const COMMUNITIES: u64 = 400;
/// The argument after which this program, on its own so that its memory tells, audits a bundle.
const AUDIT: &str = "audit-this-bundle";

fn main() {
    if let Some(bundle) = std::env::args().skip(1).skip_while(|argument| argument != AUDIT).nth(1) {
        return audit(Path::new(&bundle));
    }
    let wanted = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(10_000_000_u64);
    let directory = tempfile::tempdir_in(std::env::current_dir().expect("a directory")).expect("a directory on disk");
    let path = directory.path().join("city");
    let members = wanted / 10;
    println!("{wanted} events, {members} members, {COMMUNITIES} communities\n");
    let service =
        Service::create(&path, "bench.example/city", Some([7; 32]), Arc::new(MachineClock)).expect("a ledger");
    let actor = Arc::new(Actor::holder_of_the_files("bench".parse().expect("an actor")));
    let (_, seconds) = timed(|| record(&service, &actor, wanted, members));
    let tree_size = service.ledger.head().tree_size;
    row("recording, batches of 4,000 (events/s)", per_second(tree_size, seconds));
    let (_, seconds) = timed(|| service.stop().expect("a stop"));
    row("stopping, with snapshots (s)", seconds);
    drop(service);
    row("database (bytes an event)", size(&path.join("ledger.sqlite")) / float(tree_size));
    row("snapshots (bytes an event)", sizes(&path.join("snapshots")) / float(tree_size));

    let (service, seconds) = timed(|| open(&path));
    row("start with a snapshot (s)", seconds);
    row("memory after the start (MB)", resident_megabytes());
    queries(&service, members);
    as_of(&service, tree_size);
    row("memory after all that (MB)", resident_megabytes());
    issue(&service, &actor);
    service.stop().expect("a stop");
    drop(service);
    export(&path, directory.path());

    std::fs::remove_dir_all(path.join("snapshots")).expect("snapshots are disposable");
    let store = mingzhang::store::SqliteStore::open_read_only(&path.join("ledger.sqlite")).expect("a store");
    let mut models = mingzhang_projections::ReadModels::new();
    let (_, seconds) =
        timed(|| mingzhang::follower::replay(&store, &mut models, tree_size, &mut |_| {}).expect("a replay"));
    row("replay into all read models (events/s)", per_second(tree_size, seconds));
}

fn open(path: &Path) -> Service {
    Service::open(path, Arc::new(MachineClock), &mut |_, _| {}).expect("a ledger")
}

fn row(what: &str, value: f64) {
    let places = if value < 100.0 { 3 } else { 0 };
    println!("{what:<56} {value:>14.places$}");
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn timed<T>(run: impl FnOnce() -> T) -> (T, f64) {
    let start = std::time::Instant::now();
    let outcome = run();
    (outcome, start.elapsed().as_secs_f64())
}

#[expect(clippy::cast_precision_loss, reason = "figures of a benchmark")]
fn float(count: u64) -> f64 {
    count as f64
}

fn per_second(count: u64, seconds: f64) -> f64 {
    float(count) / seconds
}

fn size(path: &Path) -> f64 {
    float(std::fs::metadata(path).expect("a file").len())
}

fn sizes(path: &Path) -> f64 {
    std::fs::read_dir(path).expect("a directory").map(|file| size(&file.expect("a file").path())).sum()
}

/// What the process holds in memory now (Linux).
fn resident_megabytes() -> f64 {
    megabytes("VmRSS")
}

fn megabytes(of: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with(of)).expect("a line");
    let kilobytes: u64 = line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number");
    float(kilobytes) / 1e3
}

fn code(text: &str) -> OrganizationId {
    text.parse().expect("a code")
}

fn community(number: u64) -> OrganizationId {
    code(&format!("420902{:06}", number % COMMUNITIES))
}

fn member(number: u64) -> MemberId {
    MemberId(number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

fn month() -> Month {
    "2026-10".parse().expect("a month")
}

fn start_of(day: u64) -> Instant {
    let first: Instant = "2026-10-01T11:00:00Z".parse().expect("an instant");
    first.plus_minutes(u32::try_from(day * 1_440).expect("a month"))
}

fn command(event: impl Into<Event>, occurred_at: Instant, number: u64) -> Command {
    let key: IdempotencyKey = format!("city-{number}").parse().expect("a key");
    Command { key, event: event.into(), evidence: Evidence::OnSiteCode, imported: None, occurred_at }
}

fn record(service: &Service, actor: &Arc<Actor>, wanted: u64, members: u64) {
    let mut batch = Vec::new();
    let mut number = 0;
    let mut push = |event: Event, at: Instant| {
        number += 1;
        batch.push(command(event, at, number));
        if batch.len() == 4_000 || number == wanted {
            submit(service, actor, std::mem::take(&mut batch));
        }
        number < wanted
    };
    let since: Instant = "2026-09-01T00:00:00Z".parse().expect("an instant");
    let established = |organization, parent, level| {
        let name = format!("{organization}");
        Event::from(OrganizationEstablished { level, name, organization, parent })
    };
    push(established(code("4209"), None, OrganizationLevel::City), since);
    for street in 0..20 {
        push(established(code(&format!("42-{street}")), Some(code("4209")), OrganizationLevel::Subdistrict), since);
    }
    for number in 0..COMMUNITIES {
        let street = code(&format!("42-{}", number % 20));
        push(established(community(number), Some(street), OrganizationLevel::Community), since);
    }
    let rules = mingzhang_projections::parse_rules(mingzhang_projections::DEFAULT_RULES_TOML).expect("rules");
    push(ScoringRulesAdopted { rules: Box::new(rules) }.into(), since);
    for number in 0..members {
        let (class, organization) = (MemberClass::Resident, community(number));
        push(MemberRostered { class, member: member(number), organization }.into(), since);
    }
    for day in 0..31 {
        for number in 0..COMMUNITIES {
            let (class, kind, organization) = (ActivityClass::Voluntary, ActivityKind::NightPatrol, community(number));
            let (activity, starts_at) = (ActivityId(day * COMMUNITIES + number), start_of(day));
            let ends_at = starts_at.plus_minutes(180);
            push(
                ActivityScheduled { activity, class, emergency_grade: None, ends_at, kind, organization, starts_at }
                    .into(),
                since,
            );
        }
    }
    for day in 0..31 {
        for number in 0..members {
            let activity = ActivityId(day * COMMUNITIES + number % COMMUNITIES);
            let start = start_of(day).plus_minutes(u32::try_from(number % 30).expect("below 30"));
            let minutes = 60 + u32::try_from(number.wrapping_mul(2_654_435_761) % 90).expect("below 90");
            push(MemberCheckedIn { activity, member: member(number) }.into(), start);
            if !push(MemberCheckedOut { activity, member: member(number) }.into(), start.plus_minutes(minutes)) {
                return;
            }
        }
    }
}

fn submit(service: &Service, actor: &Arc<Actor>, commands: Vec<Command>) {
    let submission = Submission { actor: Arc::clone(actor), commands, mode: Mode::EachAlone };
    let reply = service.ledger.submit_blocking(submission).expect("durable");
    let refused = reply.outcomes.iter().find(|outcome| !matches!(outcome, Outcome::Recorded { .. }));
    assert!(refused.is_none(), "{refused:?}");
}

fn queries(service: &Service, members: u64) {
    let models = service.models_blocking();
    let city = code("4209");
    let (_, seconds) = timed(|| models.member_ranking(city, month(), None, 50).expect("a ranking"));
    row("ranking of the city, first time (ms)", seconds * 1e3);
    let mut cursor = None;
    let (pages, seconds) = timed(|| {
        let mut pages = 0;
        while pages < 2_000 {
            let page = models.member_ranking(city, month(), cursor, 50).expect("a ranking");
            cursor = page.next;
            pages += 1;
        }
        pages
    });
    row("ranking of the city, a page of 50 (µs)", seconds * 1e6 / float(pages));
    let asked = 10_000.min(members);
    let (_, seconds) =
        timed(|| (0..asked).filter_map(|n| models.member_rank(city, member(n * 97 % members), month())).count());
    row("rank of one member in the city (µs)", seconds * 1e6 / float(asked));
    let (_, seconds) = timed(|| (0..asked).for_each(|n| drop(models.member_points(member(n * 97 % members), month()))));
    row("points of one member, explained (µs)", seconds * 1e6 / float(asked));
    let (_, seconds) = timed(|| models.month_summary(city, month()));
    row("summary of the month, first time (ms)", seconds * 1e3);
}

fn as_of(service: &Service, tree_size: u64) {
    for part in [3, 7] {
        let size = tree_size * part / 10 - 1;
        let (_, seconds) = timed(|| drop(service.follower.models_at(size).expect("models")));
        row(&format!("as_of={size}, first time (s)"), seconds);
        let (_, seconds) = timed(|| drop(service.follower.models_at(size).expect("models")));
        row(&format!("as_of={size}, again (µs)"), seconds * 1e6);
    }
}

/// Closes the month and issues its notice.
fn issue(service: &Service, actor: &Arc<Actor>) {
    let (organization, now) = (code("4209"), service.clock.now());
    let office = |event: Event, key: &str| {
        let key: IdempotencyKey = key.parse().expect("a key");
        submit(
            service,
            actor,
            vec![Command { key, event, evidence: Evidence::Office, imported: None, occurred_at: now }],
        );
    };
    office(MonthClosed { month: month(), organization }.into(), "close");
    let models = service.models_blocking();
    let root = service.ledger.root_at(models.tree_size()).expect("a root");
    let (origin, number) = (service.config.origin.clone(), "〔2026〕10号".to_owned());
    let context = NoticeContext { month: month(), number, organization, origin, root };
    let (notice, seconds) = timed(|| compose(&models, &context).expect("a notice"));
    drop(models);
    row("composing the city's notice (s)", seconds);
    office(notice.issued().into(), "notice");
}

/// The log as static files, beside copying the database; then an audit bundle, and what it takes to audit it elsewhere.
fn export(ledger: &Path, beside: &Path) {
    let (_, seconds) = timed(|| {
        std::fs::copy(ledger.join("ledger.sqlite"), beside.join("copy")).expect("a copy");
        File::open(beside.join("copy")).and_then(|copy| copy.sync_all()).expect("on disk");
    });
    row("peer: copying the database to disk (s)", seconds);
    std::fs::remove_file(beside.join("copy")).expect("removed");
    let log = beside.join("log");
    let (_, seconds) =
        timed(|| export_log(ledger, &log, Scope::EntriesAndHashes, &mut |_, _| {}).expect("an exported log"));
    row("export log, entries and hashes (s)", seconds);
    let (_, seconds) =
        timed(|| export_log(ledger, &log, Scope::EntriesAndHashes, &mut |_, _| {}).expect("an exported log"));
    row("export log again, nothing new (s)", seconds);
    std::fs::remove_dir_all(&log).expect("removed");
    let bundle = beside.join("bundle.tar.zst");
    let wanted = AuditWanted { month: month(), organization: Some(code("4209")), since_month: false };
    let (_, seconds) = timed(|| {
        let output = File::create(&bundle).expect("a file");
        export_audit(ledger, wanted, Arc::new(MachineClock), output, &mut |_, _| {}).expect("a bundle")
    });
    row("export audit (s)", seconds);
    row("audit bundle (MB)", size(&bundle) / 1e6);
    let program = std::env::current_exe().expect("this program");
    let status = std::process::Command::new(program).arg(AUDIT).arg(&bundle).status().expect("a process");
    assert!(status.success(), "the audit failed");
    std::fs::remove_file(&bundle).expect("removed");
}

fn audit(bundle: &Path) {
    let (verdict, seconds) =
        timed(|| audit_bundle(|| File::open(bundle), Trust::Bundle, None, &[], &mut |_, _| {}).expect("a bundle"));
    assert!(verdict.sound, "{:?}", verdict.findings);
    row("audit of the bundle, by itself (s)", seconds);
    row("audit of the bundle, most memory held (MB)", megabytes("VmHWM"));
}
