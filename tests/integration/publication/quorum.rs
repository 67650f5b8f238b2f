//! What is published is what enough witnesses have cosigned; nothing waits for them, and nothing goes back.

use super::fixture::*;
use crate::witness::peer::Peer;
use mingzhang::audit::Finding;
use mingzhang::keys::no_passphrase;
use mingzhang::publication::PublicationError;
use mingzhang::service::{ServiceError, resume};
use mingzhang::transparency::Witnessing;

#[test]
fn without_a_policy_the_head_is_published_and_written_down_whenever_it_is_asked_for() {
    let place = Place::new();
    let service = place.open();
    for size in [1, 4, 9] {
        record(&service, size - service.ledger.head().tree_size);
        assert_eq!(published(&service), (size, false));
        let note = service.publication.published().unwrap().checkpoint.note().to_owned();
        assert_eq!(place.written(), note, "shown only once it is durable");
    }
    assert_eq!(service.publication.witnessing(9), Witnessing::NotConfigured);
    assert_eq!(standing(&service).published.code(), "not_configured");
    service.publication.round(NEVER).unwrap();
}

#[test]
fn whoever_asks_while_others_ask_and_record_is_never_shown_less_than_before() {
    let place = Place::new();
    let service = place.open();
    let (recorded, last) = (std::sync::atomic::AtomicBool::new(false), std::sync::Mutex::new(0));
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                while !recorded.load(std::sync::atomic::Ordering::Relaxed) {
                    let before = *last.lock().unwrap();
                    let (now, _) = published(&service);
                    assert!(now >= before, "{before} was shown and then {now}");
                    let mut last = last.lock().unwrap();
                    *last = now.max(*last);
                }
            });
        }
        record(&service, 400);
        recorded.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert_eq!(published(&service), (401, false));
    assert!(place.written().starts_with("test.example/street\n401\n"), "{}", place.written());
}

#[test]
fn a_head_is_published_once_both_witnesses_cosigned_it_and_until_then_the_last_one_stays() {
    let place = Place::new();
    let directory = tempfile::tempdir().unwrap();
    let one = OurWitness::start(directory.path(), 1, &place.key);
    let mut two = OurWitness::start(directory.path(), 2, &place.key);
    place.ask(&[("甲", &one.key(), &one.url()), ("乙", &two.key(), &two.url())], "all");
    let service = place.open();
    assert_eq!(service.publication.witnessing(1), Witnessing::Unwitnessed { witnesses: 2 });
    service.publication.round(NEVER).unwrap();
    assert_eq!(published(&service), (1, true));
    record(&service, 5);
    assert_eq!(published(&service), (1, true), "what nobody cosigned isn't shown");
    service.publication.round(NEVER).unwrap();
    assert_eq!(published(&service), (6, true));
    place.policy().check(place.written().as_bytes()).expect("it stands in the directory with both cosignatures");
    let names = vec!["甲".to_owned(), "乙".to_owned()];
    let witnessed = Witnessing::Witnessed { names, witnesses: 2, tree_size: 6 };
    assert_eq!(service.publication.witnessing(6), witnessed);
    assert_eq!(service.publication.witnessing(3), witnessed, "what is below it is covered by it");
    assert_eq!(service.publication.witnessing(7), Witnessing::Unwitnessed { witnesses: 2 });
    assert!(!standing(&service).head_is_unwitnessed);

    two.stop();
    record(&service, 4);
    service.publication.round(NEVER).unwrap();
    assert_eq!(published(&service), (6, true));
    assert!(standing(&service).head_is_unwitnessed);
    assert_eq!(troubles(&service), [None, Some("not_answering")]);
    let metrics = service.publication.metrics();
    for line in [
        "mingzhang_published_size 6",
        "mingzhang_unwitnessed_head 1",
        "mingzhang_witness_submissions_total{witness=\"乙\"} 3",
        "mingzhang_witness_failures_total{witness=\"乙\"} 1",
        "mingzhang_witness_cosigned_size{witness=\"甲\"} 10",
        "mingzhang_witness_lag_entries{witness=\"乙\"} 4",
        "mingzhang_witness_alarm{witness=\"乙\"} 0",
    ] {
        assert!(metrics.lines().any(|known| known == line), "{line} is missing in\n{metrics}");
    }
    record(&service, 1);
    two.start_again();
    service.publication.round(NEVER).unwrap();
    assert_eq!(published(&service), (11, true), "it has caught up");
    assert!(!standing(&service).head_is_unwitnessed);
    assert_eq!(troubles(&service), [None, None]);
}

#[test]
fn a_witness_that_comes_back_is_enough_although_nothing_was_recorded_meanwhile() {
    let place = Place::new();
    let directory = tempfile::tempdir().unwrap();
    let one = OurWitness::start(directory.path(), 1, &place.key);
    let mut two = OurWitness::start(directory.path(), 2, &place.key);
    place.ask(&[("甲", &one.key(), &one.url()), ("乙", &two.key(), &two.url())], "all");
    let service = place.open();
    two.stop();
    service.publication.round(NEVER).unwrap();
    assert_eq!(published(&service), (1, false));
    two.start_again();
    service.publication.round(NEVER).unwrap();
    assert_eq!(published(&service), (1, true), "what the first one gave was kept");
    assert_eq!(standing(&service).witnesses[0].submissions, 1, "and it wasn't asked again");
}

#[test]
fn what_was_never_witnessed_is_published_as_it_is_and_said_to_be() {
    let place = Place::new();
    let away = TcpAway::new();
    place.ask(&[("甲", &key_of(1), &away.url)], "all");
    let service = place.open();
    assert!(standing(&service).head_is_unwitnessed, "also before anybody was asked");
    service.publication.round(NEVER).unwrap();
    assert_eq!(published(&service), (1, false));
    record(&service, 5);
    service.publication.round(NEVER).unwrap();
    assert_eq!(published(&service), (6, false));
    let standing = standing(&service);
    assert_eq!((standing.published.code(), standing.head_is_unwitnessed), ("unwitnessed", true));
    place.policy().check(place.written().as_bytes()).expect_err("no quorum");
}

/// An address where nobody listens.
struct TcpAway {
    url: String,
}

impl TcpAway {
    fn new() -> TcpAway {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        TcpAway { url: format!("http://{}", listener.local_addr().unwrap()) }
    }
}

#[test]
fn two_of_three_are_enough_and_who_comes_later_is_added() {
    let place = Place::new();
    let directory = tempfile::tempdir().unwrap();
    let one = OurWitness::start(directory.path(), 1, &place.key);
    let two = OurWitness::start(directory.path(), 2, &place.key);
    let mut three = OurWitness::start(directory.path(), 3, &place.key);
    three.stop();
    let witnesses =
        [("a", &one), ("b", &two), ("c", &three)].map(|(name, witness)| (name, witness.key(), witness.url()));
    let witnesses: Vec<_> = witnesses.iter().map(|(name, key, url)| (*name, key, &**url)).collect();
    place.ask(&witnesses, "2");
    let service = place.open();
    service.publication.round(NEVER).unwrap();
    assert_eq!(published(&service), (1, true));
    assert_eq!(standing(&service).cosigners.len(), 2);
    three.start_again();
    service.publication.round(NEVER).unwrap();
    assert_eq!(standing(&service).cosigners.len(), 3, "under the same head, with those that it had");
    let times: Vec<u64> = standing(&service).cosigners.iter().map(|(_, time)| *time).collect();
    assert_eq!(times, [1_793_844_000; 3]);
    // Whoever has cosigned a head isn't asked again, until it is time to refresh.
    let asked: Vec<u64> = standing(&service).witnesses.iter().map(|witness| witness.submissions).collect();
    service.publication.round(NEVER).unwrap();
    assert_eq!(standing(&service).witnesses.iter().map(|witness| witness.submissions).collect::<Vec<_>>(), asked);
    service.publication.round(2).unwrap();
    let refreshed: Vec<u64> = standing(&service).witnesses.iter().map(|witness| witness.submissions).collect();
    assert_eq!(refreshed, asked.iter().map(|count| count + 1).collect::<Vec<_>>());
}

#[test]
fn a_start_shows_what_was_shown_before_it() {
    let place = Place::new();
    let directory = tempfile::tempdir().unwrap();
    let mut one = OurWitness::start(directory.path(), 1, &place.key);
    place.ask(&[("甲", &one.key(), &one.url())], "all");
    let service = place.open();
    service.publication.round(NEVER).unwrap();
    one.stop();
    record(&service, 5);
    service.publication.round(NEVER).unwrap();
    drop(service);
    let service = place.open();
    assert_eq!(published(&service), (1, true), "stopping doesn't put an unwitnessed head in its place");
    assert_eq!(standing(&service).witnesses[0].cosigned_size, 1, "the sizes are remembered");
    one.start_again();
    service.publication.round(NEVER).unwrap();
    assert_eq!(published(&service), (6, true));
    assert_eq!(standing(&service).witnesses[0].submissions, 1);
    drop(service);
    // Without a policy the head is published again, and never a smaller one.
    std::fs::rename(place.path().join("policy"), place.path().join("policy.away")).unwrap();
    let service = place.open();
    assert_eq!(published(&service), (6, false));
    record(&service, 2);
    assert_eq!(published(&service), (8, false));
    drop(service);
    std::fs::rename(place.path().join("policy.away"), place.path().join("policy")).unwrap();
    one.stop();
    let service = place.open();
    assert_eq!(published(&service), (8, false), "what was shown last, and not the older one that was witnessed");
}

#[test]
fn a_policy_that_is_wrong_or_about_another_log_is_refused_with_what_to_do() {
    let place = Place::new();
    let write = |text: &str| std::fs::write(place.path().join("policy"), text).unwrap();
    write("log nonsense\nquorum none\n");
    let refused = place.try_open().err().expect("refused");
    assert!(refused.to_string().contains("line 1 of the policy"), "{refused}");
    write(&format!("log {}\nquorum none\n", place.key.replace("test.example/street", "other.example")));
    assert!(place.try_open().is_err());
    let other = mingzhang::transparency::Ed25519Signer::from_seed(ORIGIN, &[8; 32]).unwrap();
    write(&format!("log {}\nquorum none\n", mingzhang::transparency::Signer::verifier_key(&other)));
    let refused = place.try_open().err().expect("refused");
    assert!(
        matches!(&refused, ServiceError::Publication(PublicationError::PolicyOfOthers { key, .. }) if *key == place.key),
        "{refused}"
    );
    write(&format!("log {}\nquorum none\n", place.key));
    let service = place.open();
    assert_eq!(service.publication.witnessing(1), Witnessing::NotConfigured, "a quorum of none asks nobody");
}

#[test]
fn a_published_checkpoint_that_is_damaged_is_named_and_published_anew_once_the_operator_answers_for_it() {
    let place = Place::new();
    drop(place.open());
    std::fs::write(place.path().join("checkpoint"), "half of a").unwrap();
    let refused = place.try_open().err().expect("refused");
    assert!(matches!(refused, ServiceError::Publication(PublicationError::Unreadable { .. })), "{refused}");
    std::fs::remove_file(place.path().join("checkpoint")).unwrap();
    let refused = place.try_open().err().expect("refused");
    assert!(matches!(refused, ServiceError::Contradiction(Finding::CheckpointMissing)), "{refused}");
    resume(&place.path(), &[], clock(), &no_passphrase).unwrap();
    assert_eq!(published(&place.open()), (1, false));
}

#[test]
fn a_ledger_that_was_put_back_to_an_older_copy_is_not_published() {
    let place = Place::new();
    let service = place.open();
    record(&service, 3);
    drop(service);
    let old = std::fs::read(place.path().join("ledger.sqlite")).unwrap();
    let service = place.open();
    record(&service, 3);
    drop(service);
    std::fs::write(place.path().join("ledger.sqlite"), old).unwrap();
    for suffix in ["-wal", "-shm"] {
        drop(std::fs::remove_file(place.path().join(format!("ledger.sqlite{suffix}"))));
    }
    drop(std::fs::remove_dir_all(place.path().join("snapshots")));
    let refused = place.try_open().err().expect("refused");
    let text = refused.to_string();
    assert!(text.contains('7') && text.contains('4') && text.contains("older copy"), "{text}");
}

#[test]
fn a_witness_that_we_did_not_write_makes_a_quorum_with_ours() {
    let place = Place::new();
    let directory = tempfile::tempdir().unwrap();
    let one = OurWitness::start(directory.path(), 1, &place.key);
    let peer = Peer::watching(directory.path(), ORIGIN, &place.key);
    place.ask(&[("ours", &one.key(), &one.url()), ("theirs", &peer.key, &peer.url)], "all");
    let service = place.open();
    for size in [1, 2, 300] {
        record(&service, size - service.ledger.head().tree_size);
        service.publication.round(NEVER).unwrap();
        assert_eq!((published(&service), troubles(&service)), ((size, true), vec![None, None]));
    }
    let witnessed = place.policy();
    let witnessed = witnessed.check(place.written().as_bytes()).unwrap();
    assert_eq!(witnessed.cosigners.len(), 2);
}
