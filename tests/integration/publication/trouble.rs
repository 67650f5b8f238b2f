//! Witnesses that are slow, wrong, lying, or that know another past of the log.

use super::fixture::*;
use crate::copied::copy_all;
use mingzhang::audit::Finding;
use mingzhang::ledger::{LedgerError, SignError, SubmitError};
use mingzhang::service::{Service, ServiceError, VerifyError, resume, verify};
use mingzhang::store::StoreError;
use mingzhang::transparency::{Checkpoint, VerifierKey};
use mingzhang::transparency::{Ed25519Signer, SignedCheckpoint, Tree, leaf_hash, witness_request};
use mingzhang::witness::Answer;
use std::sync::atomic::Ordering;
use tempfile::TempDir;

/// A request of a log that has this ledger's key and another past.
fn forked(old: u64, size: u64) -> String {
    let mut tree = Tree::new();
    (0..size).for_each(|index| tree.push(leaf_hash(&index.to_be_bytes())));
    let nothing = |_| Err(StoreError::NotALedger);
    let signer = Ed25519Signer::from_seed(ORIGIN, &[7; 32]).unwrap();
    let signed = SignedCheckpoint::sign(Checkpoint::new(ORIGIN, size, tree.root()), &[&signer]).unwrap();
    witness_request::write(old, &tree.consistency_proof(old, size, nothing).unwrap(), signed.note())
}

/// A ledger of that size after its first round with a witness that has cosigned another past, under the ledger's own key.
fn asked_of_a_witness_of_another_past(cosigned: u64, size: u64) -> (Place, Service, (OurWitness, TempDir)) {
    let place = Place::new();
    let directory = tempfile::tempdir().unwrap();
    let mut one = OurWitness::start(directory.path(), 1, &place.key);
    one.stop();
    assert!(matches!(one.show(&forked(0, cosigned)), Answer::Cosigned(_)));
    one.start_again();
    place.ask(&[("甲", &one.key(), &one.url())], "all");
    let service = place.open();
    record(&service, size - 1);
    service.publication.round(NEVER).unwrap();
    (place, service, (one, directory))
}

#[test]
fn a_witness_that_knows_another_size_is_told_the_proof_from_there() {
    let place = Place::new();
    let directory = tempfile::tempdir().unwrap();
    let mut one = OurWitness::start(directory.path(), 1, &place.key);
    place.ask(&[("甲", &one.key(), &one.url())], "all");
    let service = place.open();
    service.publication.round(NEVER).unwrap();
    record(&service, 299);
    service.publication.round(NEVER).unwrap();
    drop(service);
    // We forget what it has: it tells us.
    std::fs::remove_file(place.path().join("witness-sizes")).unwrap();
    let service = place.open();
    record(&service, 10);
    service.publication.round(NEVER).unwrap();
    assert_eq!(published(&service), (310, true));
    // It forgets: that is its fault, and the ledger goes on.
    one.forget();
    one.start_again();
    record(&service, 10);
    service.publication.round(NEVER).unwrap();
    assert_eq!((published(&service), troubles(&service)), ((320, true), vec![None]));
}

#[test]
fn a_witness_that_cosigned_another_past_is_an_alarm_and_publishes_nothing() {
    for (cosigned, size, expected) in [(3, 10, "split_view"), (10, 10, "split_view"), (20, 10, "rolled_back")] {
        let (_place, service, _witness) = asked_of_a_witness_of_another_past(cosigned, size);
        assert_eq!(troubles(&service), [Some(expected)], "{cosigned} {size}");
        assert_eq!(published(&service), (size, false));
        assert!(service.publication.metrics().contains("mingzhang_witness_alarm{witness=\"甲\"} 1"));
        // It is asked again once in a while, in case that the operator has put it right.
        for _ in 0..31 {
            service.publication.round(NEVER).unwrap();
        }
        assert_eq!(standing(&service).witnesses[0].submissions, 1);
        service.publication.round(NEVER).unwrap();
        assert_eq!(standing(&service).witnesses[0].submissions, 2);
    }
}

/// The size that the ledger isn't opened for, because so much was signed otherwise.
fn refused_for(place: &Place) -> u64 {
    let found = match verify(&place.path(), None, &[], &mut |_, _| {}).map(|_| ()) {
        Err(VerifyError::Finding(Finding::OlderThanSigned { signed, .. } | Finding::OtherThanSigned { signed })) => {
            signed
        }
        other => panic!("verified as {other:?}"),
    };
    let published = place.path().join("checkpoint");
    let resumed = resume(&place.path(), &[published], clock(), &mingzhang::keys::no_passphrase).map(|_| ());
    for refused in [resumed, place.try_open().map(|_| ())] {
        let signed = match refused {
            Err(ServiceError::Ledger(
                LedgerError::OlderThanSigned { signed, .. } | LedgerError::OtherThanSigned { signed },
            )) => signed,
            other => panic!("opened as {other:?}"),
        };
        assert_eq!(signed, found);
    }
    found
}

#[test]
fn a_witness_that_has_another_past_with_our_own_signature_stops_the_ledger_for_good() {
    for (cosigned, size) in [(3, 10), (10, 10), (20, 10)] {
        let (place, service, _witness) = asked_of_a_witness_of_another_past(cosigned, size);
        let refused = try_record(&service).expect_err("nothing more is recorded");
        let SubmitError::Contradicted(SignError::Contradicted { signed, tree_size }) = refused else {
            panic!("{refused}")
        };
        assert_eq!((signed, tree_size, service.ledger.head().tree_size), (cosigned, size, size));
        drop(service);
        assert_eq!(refused_for(&place), cosigned);
    }
}

#[test]
fn an_old_copy_of_the_whole_directory_is_stopped_by_its_witness_and_the_newest_log_goes_on() {
    let place = Place::new();
    let directory = tempfile::tempdir().unwrap();
    let one = OurWitness::start(directory.path(), 1, &place.key);
    place.ask(&[("甲", &one.key(), &one.url())], "all");
    let service = place.open();
    record(&service, 9);
    service.publication.round(NEVER).unwrap();
    drop(service);
    let (old, new) = (directory.path().join("old"), directory.path().join("new"));
    copy_all(&place.path(), &old);
    let service = place.open();
    record(&service, 2);
    service.publication.round(NEVER).unwrap();
    assert_eq!(published(&service), (12, true));
    drop(service);
    copy_all(&place.path(), &new);
    std::fs::remove_dir_all(place.path()).unwrap();
    copy_all(&old, &place.path());
    let service = place.open();
    service.publication.round(NEVER).unwrap();
    assert!(matches!(try_record(&service), Err(SubmitError::Contradicted(_))));
    drop(service);
    assert_eq!(refused_for(&place), 12);
    std::fs::copy(new.join("ledger.sqlite"), place.path().join("ledger.sqlite")).unwrap();
    let service = place.open();
    record(&service, 1);
    service.publication.round(NEVER).unwrap();
    assert_eq!((published(&service), troubles(&service)), ((13, true), vec![None]));
}

#[test]
fn a_witness_can_t_stop_the_ledger_by_its_word_nor_by_what_others_signed() {
    let place = Place::new();
    let stranger = Ed25519Signer::from_seed(ORIGIN, &[8; 32]).unwrap();
    let head = Checkpoint::new(ORIGIN, 99, [1; 32]);
    let strange = SignedCheckpoint::sign(head, &[&stranger]).unwrap().note().to_owned();
    let unsigned = strange.replace("99\n", "98\n");
    let service = place.open();
    let of_today = service.ledger.checkpoint().unwrap();
    record(&service, 1);
    drop(service);
    let older = of_today.note().to_owned();
    // Our name and our key's id stand over a signature that is of another text.
    let forged = older.replacen(&format!("\n{}\n", of_today.checkpoint().size), "\n99\n", 1);
    assert_ne!(forged, older);
    for note in [strange, unsigned, forged, older, String::new(), "x".repeat(100_000)] {
        let puppet = Puppet::new(move |body| match body {
            "" => http(200, "text/plain", &note),
            _ => http(409, "text/x.tlog.size", "99\n"),
        });
        place.ask(&[("甲", &key_of(1), &puppet.url)], "all");
        let service = place.open();
        service.publication.round(NEVER).unwrap();
        assert_eq!(troubles(&service), [Some("rolled_back")]);
        assert_eq!(puppet.asked.load(Ordering::SeqCst), 2, "its checkpoint was asked for");
        record(&service, 1);
        assert_eq!(service.ledger.checkpoint().unwrap().checkpoint().size, service.ledger.head().tree_size);
    }
}

#[test]
fn a_head_of_our_own_isn_t_taken_for_the_one_of_that_size_that_a_witness_tells_of() {
    let place = Place::new();
    let puppet = Puppet::new(|body| blind_cosignature(1, body));
    place.ask(&[("甲", &key_of(1), &puppet.url)], "all");
    let service = place.open();
    record(&service, 9);
    service.publication.round(NEVER).unwrap();
    assert_eq!((published(&service), standing(&service).witnesses[0].lag_entries), ((10, true), 0));
    drop(service);
    puppet.say(|_| http(409, "text/x.tlog.size", "11\n"));
    let service = place.open();
    assert_eq!(standing(&service).witnesses[0].lag_entries, 0, "it is remembered");
    service.publication.round(NEVER).unwrap();
    assert_eq!((troubles(&service), standing(&service).head_is_unwitnessed), (vec![Some("rolled_back")], false));
    record(&service, 1);
    // No round since: the head of 11 entries is ours, and the witness has cosigned 10 of it.
    let standing = standing(&service);
    assert_eq!((standing.tree_size, standing.witnesses[0].cosigned_size), (11, 11));
    assert_eq!((standing.head_is_unwitnessed, standing.witnesses[0].lag_entries), (true, 1));
}

#[test]
fn answers_that_prove_nothing_make_no_quorum() {
    let place = Place::new();
    let puppet = Puppet::new(|body| blind_cosignature(1, body));
    place.ask(&[("甲", &key_of(1), &puppet.url)], "all");
    let service = place.open();
    type Answer = Box<dyn Fn(&str) -> String + Send>;
    let size_of = |size: &'static str| -> Answer { Box::new(move |_| http(409, "text/x.tlog.size", size)) };
    let plain = |code: u16, body: &'static str| -> Answer { Box::new(move |_| http(code, "text/plain", body)) };
    let changed = |change: fn(String) -> String| -> Answer { Box::new(move |body| change(blind_cosignature(1, body))) };
    let table: Vec<(&str, Answer, &str)> = vec![
        ("no answer", Box::new(|_| String::new()), "not_answering"),
        ("no HTTP", Box::new(|_| "nonsense\r\n\r\n".to_owned()), "not_answering"),
        ("an empty 200", plain(200, ""), "unusable"),
        ("a 200 that isn't lines", plain(200, "ok\n"), "unusable"),
        ("lines without an end", plain(200, "— w1.example AAAA"), "unusable"),
        ("the cosignature of another", Box::new(|body| blind_cosignature(2, body)), "unusable"),
        ("over another checkpoint", Box::new(|_| blind_cosignature(1, &forked(0, 3))), "unusable"),
        ("cut off", changed(|answer| answer.replacen("Content-Length: 1", "Content-Length: 9", 1)), "not_answering"),
        ("too long", Box::new(|_| http(200, "text/plain", &"x".repeat(100_000))), "not_answering"),
        ("a redirection", plain(302, ""), "refused"),
        ("it doesn't know the key", plain(403, ""), "refused"),
        ("it doesn't know the log", plain(404, ""), "refused"),
        ("malformed", plain(400, ""), "refused"),
        ("it fails", plain(500, ""), "refused"),
        ("no size", size_of("x\n"), "unusable"),
        (
            "a size of its own each time",
            {
                let told = std::sync::atomic::AtomicU64::new(0);
                Box::new(move |_| {
                    http(409, "text/x.tlog.size", &format!("{}\n", told.fetch_add(1, Ordering::SeqCst) % 3 + 1))
                })
            },
            "unusable",
        ),
        ("the size that we said", size_of("0\n"), "split_view"),
        ("more than we have", size_of("99\n"), "rolled_back"),
        ("409 as in the specification's first version", plain(409, "no\n"), "split_view"),
        ("422", plain(422, "no\n"), "split_view"),
    ];
    record(&service, 3);
    drop(service);
    for (what, answer, expected) in table {
        drop(std::fs::remove_file(place.path().join("witness-sizes")));
        puppet.say(answer);
        let service = place.open();
        service.publication.round(NEVER).unwrap();
        assert_eq!(troubles(&service), [Some(expected)], "{what}: {:?}", standing(&service).witnesses[0].trouble);
        assert!(!published(&service).1, "{what}");
    }
}

#[test]
fn a_witness_that_is_away_is_asked_after_1_2_4_up_to_32_rounds() {
    let place = Place::new();
    let puppet = Puppet::new(|_| http(503, "text/plain", ""));
    place.ask(&[("甲", &key_of(1), &puppet.url)], "all");
    let service = place.open();
    let mut asked_in = Vec::new();
    for round in 1..=128_u64 {
        let before = puppet.asked.load(Ordering::SeqCst);
        service.publication.round(NEVER).unwrap();
        if puppet.asked.load(Ordering::SeqCst) > before {
            asked_in.push(round);
        }
    }
    assert_eq!(asked_in, [1, 2, 4, 8, 16, 32, 64, 96, 128]);
    // Once it answers, it is asked for every head again.
    puppet.say(|body| blind_cosignature(1, body));
    for _ in 0..32 {
        service.publication.round(NEVER).unwrap();
    }
    assert_eq!(published(&service), (1, true));
    record(&service, 1);
    service.publication.round(NEVER).unwrap();
    assert_eq!(published(&service), (2, true));
}

#[test]
fn a_ledger_records_while_a_witness_says_nothing_at_all() {
    let place = Place::new();
    // It takes connections and never answers: the worst that a network does.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let key: VerifierKey = key_of(1);
    place.ask(&[("甲", &key, &format!("http://{}", silent.local_addr().unwrap()))], "all");
    let service = place.open();
    std::thread::scope(|scope| {
        let round = scope.spawn(|| service.publication.round(NEVER));
        let (connection, _) = silent.accept().unwrap();
        record(&service, 200);
        assert!(!round.is_finished(), "it still waits for its answer");
        assert_eq!(service.ledger.head().tree_size, 201);
        assert_eq!(published(&service), (1, false));
        drop(connection);
        round.join().unwrap().unwrap();
    });
    assert_eq!(troubles(&service), [Some("not_answering")]);
}
