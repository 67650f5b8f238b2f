//! 身份承诺: whoever is named is committed to in the log, once for each name and number, and made good after a crash.

use mingzhang::clock::{Clock, SetClock};
use mingzhang::identity::{Actor, Person};
use mingzhang::ledger::{Command, IdempotencyKey, Mode, Submission};
use mingzhang::service::Service;
use mingzhang_events::*;
use rusqlite::Connection;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

const MEMBER: MemberId = MemberId(7);
const STRANGER: MemberId = MemberId(8);

fn clock(at: &str) -> Arc<dyn Clock> {
    Arc::new(SetClock::at(at.parse().expect("an instant")))
}

/// A ledger with one branch and one member.
fn founded(path: &Path) -> Service {
    let service = Service::create(path, "test.example/street", None, clock("2026-10-01T00:00:00Z")).expect("a ledger");
    let branch: OrganizationId = "420902001".parse().expect("a code");
    let established = OrganizationEstablished {
        level: OrganizationLevel::Branch,
        name: "支部".to_owned(),
        organization: branch,
        parent: None,
    };
    let rostered = MemberRostered { class: MemberClass::Resident, member: MEMBER, organization: branch };
    let at = "2026-09-01T00:00:00Z".parse().expect("an instant");
    let command = |event: Event| Command {
        key: IdempotencyKey::of_fact(&event, at),
        event,
        evidence: Evidence::Office,
        imported: None,
        occurred_at: at,
    };
    let commands = vec![command(established.into()), command(rostered.into())];
    let actor = Arc::new(Actor::holder_of_the_files(recorder()));
    let submission = Submission { actor, commands, mode: Mode::AllOrNothing };
    service.ledger.submit_blocking(submission).expect("the store works");
    assert_eq!(service.ledger.head().tree_size, 2);
    service
}

fn open(path: &Path) -> Service {
    Service::open(path, clock("2026-10-02T00:00:00Z"), &mut |_, _| {}).expect("a ledger")
}

fn recorder() -> ActorId {
    "w-1".parse().expect("an actor")
}

fn named(service: &Service, member: MemberId, name: &str, number: Option<&str>) {
    let person = Person { name: name.to_owned(), number: number.map(str::to_owned) };
    service.identity.record_people(&[(member, person)]).expect("people");
}

fn commit(service: &Service, member: MemberId) {
    service.commit_identities(recorder(), &HashSet::from([member])).expect("the store works");
}

/// The commitments in the log, in order.
fn committed(service: &Service) -> Vec<IdentityCommitted> {
    let entries = service.ledger.entries(0, service.ledger.head().tree_size).expect("entries");
    let of = |bytes: &[u8]| {
        let event = decode(bytes).expect("an event").event;
        if let Event::IdentityCommitted(committed) = event { Some(committed) } else { None }
    };
    entries.iter().filter_map(|entry| of(&entry.bytes)).collect()
}

#[test]
fn the_same_person_is_committed_to_once_and_a_changed_one_anew() {
    let directory = tempfile::tempdir().expect("a directory");
    let service = founded(&directory.path().join("ledger"));
    for (name, number, count) in [
        ("张三", Some("1001"), 1),
        ("张三", Some("1001"), 1),
        ("张山", Some("1001"), 2),
        ("张三", Some("1001"), 3),
        ("张三", Some("1002"), 4),
        ("张三", None, 4),
    ] {
        named(&service, MEMBER, name, number);
        commit(&service, MEMBER);
        assert_eq!(committed(&service).len(), count, "{name} {number:?}");
    }
    let log = committed(&service);
    assert_eq!(log[0].number_commitment, log[1].number_commitment, "the salt of what didn't change stays");
    assert_ne!(log[0].name_commitment, log[2].name_commitment, "a salt is used for one text at one time");
    assert_eq!(log[2].name_commitment, log[3].name_commitment);
    let last = service.identity.opening(MEMBER).expect("people").expect("kept").committed();
    assert_eq!(Some(&last), log.last(), "what is kept opens what the log has");
}

#[test]
fn nobody_who_is_on_no_roster_is_committed_to() {
    let directory = tempfile::tempdir().expect("a directory");
    let service = founded(&directory.path().join("ledger"));
    named(&service, STRANGER, "李四", None);
    commit(&service, STRANGER);
    assert_eq!(committed(&service), []);
}

#[test]
fn a_crash_between_the_name_and_its_commitment_is_made_good_at_the_next_start() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("ledger");
    let service = founded(&path);
    named(&service, MEMBER, "张三", Some("1001"));
    drop(service);
    let service = open(&path);
    let made = service.identity.opening(MEMBER).expect("people").expect("kept").committed();
    assert_eq!(committed(&service), [made]);
    let entry = decode(&service.ledger.entries(2, 1).expect("entries")[0].bytes).expect("an event");
    assert_eq!(entry.recorded_by.to_string(), "ledger");
    drop(service);
    assert_eq!(committed(&open(&path)).len(), 1, "once");
}

#[test]
fn a_crash_between_the_commitment_and_remembering_it_records_nothing_twice() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("ledger");
    let service = founded(&path);
    named(&service, MEMBER, "张三", Some("1001"));
    commit(&service, MEMBER);
    drop(service);
    let people = Connection::open(path.join("identity.sqlite")).expect("the database of people");
    assert_eq!(people.execute("UPDATE person SET committed = 0", []).expect("SQL"), 1);
    drop(people);
    // At another instant, so that the command isn't the same in every part.
    let service = open(&path);
    assert_eq!(committed(&service).len(), 1);
    assert!(service.identity.uncommitted().expect("people").is_empty(), "and it is remembered now");
}

/// A ledger whose database of people is that of the version before commitments, with 张三 and the number 1001 in it.
fn founded_before_commitments(path: &Path) {
    drop(founded(path));
    let file = path.join("identity.sqlite");
    std::fs::remove_file(&file).expect("removed");
    let people = Connection::open(&file).expect("a database");
    let migrations = concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/sqlite/migrations/");
    for migration in ["0001_people.sql", "0002_consents_are_in_the_log.sql"] {
        let sql = std::fs::read_to_string(format!("{migrations}{migration}")).expect("SQL");
        people.execute_batch(&sql).expect("the database of the version before");
    }
    people.pragma_update(None, "user_version", 2).expect("SQL");
    people.execute("INSERT INTO person VALUES (7, '张三', '1001')", []).expect("SQL");
}

#[test]
fn a_name_recorded_by_an_earlier_version_is_committed_to_when_it_is_recorded_again() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("ledger");
    founded_before_commitments(&path);
    let service = open(&path);
    assert_eq!(service.identity.person(MEMBER).expect("people").expect("kept").name, "张三");
    assert!(service.reveal(MEMBER).expect("people").is_none());
    commit(&service, MEMBER);
    assert_eq!(committed(&service), [], "nothing is made up for them");
    named(&service, MEMBER, "张三", Some("1001"));
    commit(&service, MEMBER);
    assert_eq!(committed(&service).len(), 1);
}

#[test]
fn a_number_of_an_earlier_version_is_committed_to_with_the_name_whether_or_not_it_is_told_again() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("ledger");
    founded_before_commitments(&path);
    let service = open(&path);
    for number in [None, Some("1001"), None] {
        named(&service, MEMBER, "张三", number);
        commit(&service, MEMBER);
        let log = committed(&service);
        assert_eq!(log.len(), 1, "{number:?}");
        assert!(log[0].number_commitment.is_some(), "{number:?}");
        let opening = service.identity.opening(MEMBER).expect("people").expect("kept");
        assert_eq!(opening.committed(), log[0], "{number:?}: what is kept opens what the log has");
    }
}

#[test]
fn a_number_that_was_left_without_a_commitment_gets_it_when_the_member_is_recorded_again() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("ledger");
    let service = founded(&path);
    named(&service, MEMBER, "张三", None);
    commit(&service, MEMBER);
    drop(service);
    let people = Connection::open(path.join("identity.sqlite")).expect("the database of people");
    assert_eq!(people.execute("UPDATE person SET number = '1001'", []).expect("SQL"), 1);
    drop(people);
    let service = open(&path);
    named(&service, MEMBER, "张三", Some("1001"));
    commit(&service, MEMBER);
    let log = committed(&service);
    assert_eq!(log.len(), 2);
    assert_eq!(log[0].name_commitment, log[1].name_commitment, "the salt of the name stays");
    let opening = service.identity.opening(MEMBER).expect("people").expect("kept");
    assert_eq!(opening.committed(), log[1], "what is kept opens what the log has");
}

#[test]
fn who_has_no_number_has_no_salt_of_one() {
    let directory = tempfile::tempdir().expect("a directory");
    let service = founded(&directory.path().join("ledger"));
    for name in ["张三", "张三", "张山"] {
        named(&service, MEMBER, name, None);
        commit(&service, MEMBER);
        let opening = service.identity.opening(MEMBER).expect("people").expect("kept");
        assert_eq!((opening.number_salt, opening.committed().number_commitment), (None, None), "{name}");
    }
}

#[test]
fn an_erased_persons_salts_are_gone_and_nobody_is_committed_to_under_their_id() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("ledger");
    let service = founded(&path);
    named(&service, MEMBER, "张三", Some("1001"));
    commit(&service, MEMBER);
    let opening = service.identity.opening(MEMBER).expect("people").expect("kept");
    let salts = [opening.name_salt, opening.number_salt.expect("of a number")];
    let holds = |salt: &[u8; 32]| {
        let files =
            std::fs::read_dir(&path).expect("a directory").filter_map(|entry| std::fs::read(entry.ok()?.path()).ok());
        files.filter(|bytes| bytes.windows(32).any(|bytes| bytes == salt)).count()
    };
    assert!(salts.iter().all(|salt| holds(salt) > 0), "they are on the disk");
    let command = service.erasing(MEMBER).expect("the log");
    let actor = Arc::new(Actor::holder_of_the_files(recorder()));
    let submission = Submission { actor, commands: vec![command], mode: Mode::EachAlone };
    service.ledger.submit_blocking(submission).expect("the store works");
    service.models_blocking();
    assert!(salts.iter().all(|salt| holds(salt) == 0), "and then nowhere");
    assert!(service.reveal(MEMBER).expect("people").is_none());
    named(&service, MEMBER, "张三", Some("1001"));
    commit(&service, MEMBER);
    assert_eq!(committed(&service).len(), 1, "the rules refuse it");
}
