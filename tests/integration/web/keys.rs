//! The keys that a reader gives to the button: one, several where a key was replaced, of a kind that no browser knows, mistyped.

use super::browser::Browser;
use super::fixture::Street;
use super::verification::{assert_passes, assert_stops, changed, verify};
use mingzhang::identity::Actor;
use mingzhang::transparency::{Checkpoint, Ed25519Signer, SignedCheckpoint, Signer, Sm2Signer};
use serde_json::json;

fn give(browser: &mut Browser, street: &Street, keys: &str) {
    browser.open(&street.notice_page());
    browser.evaluate(&format!("document.querySelector('#verify-key').value = {}", json!(keys)));
}

fn rotate(street: &Street) {
    let keeper = std::sync::Arc::new(Actor::holder_of_the_files("keeper".parse().expect("an actor")));
    street.service.rotate_key(keeper, &mingzhang::keys::no_passphrase).expect("handed over");
}

#[test]
fn the_reader_can_give_the_key_and_a_notice_signed_with_another_fails() {
    let street = Street::served();
    let mut browser = Browser::start();
    give(&mut browser, &street, &street.service.ledger.verifier_key());
    assert_passes(&mut browser, "with the key that was given");
    let other = Ed25519Signer::from_seed("example.org/street", &[8; 32]).expect("a signer").verifier_key();
    give(&mut browser, &street, &other);
    assert_stops(&mut browser, "failed", "signature", "another key of the same name");
    let of_another = Ed25519Signer::from_seed("example.org/other", &[7; 32]).expect("a signer").verifier_key();
    give(&mut browser, &street, &of_another);
    assert_stops(&mut browser, "failed", "signature", "the key of another log");
}

/// A slip of the reader's says nothing about the notice, and nobody is accused of it.
#[test]
fn with_a_key_that_is_mistyped_or_of_another_kind_nothing_is_proved_either_way() {
    let street = Street::served();
    let mut browser = Browser::start();
    let own = street.service.ledger.verifier_key();
    let (name, id) = own.split_once('+').expect("a key");
    let other_id = if id.starts_with('0') { "1" } else { "0" };
    let sm2 = Sm2Signer::from_secret("example.org/street", &[7; 32]).expect("a signer").verifier_key();
    for (what, key) in [
        ("an id that isn't the key's", format!("{name}+{other_id}{}", &id[1..])),
        ("other characters", own.replace('A', "B")),
        ("cut off", own[..own.len() - 3].to_owned()),
        ("no key", "5f9a1c2e".to_owned()),
        ("a good one and no key", format!("{own} 5f9a1c2e")),
        ("an SM2 key alone", sm2.clone()),
    ] {
        give(&mut browser, &street, &key);
        let verdict = verify(&mut browser);
        assert_eq!((verdict.state.as_str(), verdict.stopped_at.as_deref()), ("unable", Some("key")), "{what}");
        let accuses = ["请保留本页", "不通过"].iter().any(|accusing| verdict.text.contains(accusing));
        assert!(verdict.text.contains("没有结论") && !accuses, "{what}: {}", verdict.text);
    }
    give(&mut browser, &street, &format!("{sm2}\n{own}"));
    assert_passes(&mut browser, "an SM2 key beside the log's");
}

#[test]
fn whoever_has_the_key_of_before_is_asked_whether_it_was_replaced_and_can_give_both() {
    let street = Street::served();
    let mut browser = Browser::start();
    let before = street.service.ledger.verifier_key();
    give(&mut browser, &street, &before);
    assert_passes(&mut browser, "with the key that was given");
    rotate(&street);
    browser.open(&street.notice_page());
    let verdict = verify(&mut browser);
    assert_eq!((verdict.state.as_str(), verdict.stopped_at.as_deref()), ("failed", Some("signature")), "the key kept");
    for said in ["账本可能换了钥匙，也可能是假冒的", "再核验一次", "may have replaced its key"] {
        assert!(verdict.text.contains(said), "{said}: {}", verdict.text);
    }
    let after = street.service.ledger.verifier_key();
    for keys in [format!("{before} {after}"), format!("{after}\n{before}\n"), after] {
        give(&mut browser, &street, &keys);
        assert_passes(&mut browser, &keys);
    }
    browser.open(&street.notice_page());
    browser.evaluate("document.querySelector('#verify-key').value = ''");
    assert_passes(&mut browser, "without any, from then on");
}

#[test]
fn a_site_that_changes_its_key_is_shown_to_who_was_here_before() {
    let street = Street::served();
    let mut browser = Browser::start();
    browser.open(&street.notice_page());
    assert_passes(&mut browser, "the first time");
    street.forge(|path, text| match path.ends_with("/proof") {
        false => text,
        true => changed(&text, |of| {
            let signer = Ed25519Signer::from_seed("example.org/street", &[9; 32]).expect("a signer");
            let note = of["checkpoint"].as_str().expect("a note").to_owned();
            let checkpoint = Checkpoint::parse(&note[..=note.find("\n\n").expect("a text")]).expect("a checkpoint");
            let signed = SignedCheckpoint::sign(checkpoint, &[&signer]).expect("signed");
            of["checkpoint"] = json!(signed.note());
            of["verifier_key"] = json!(signer.verifier_key());
        }),
    });
    browser.open(&street.notice_page());
    assert_stops(&mut browser, "failed", "key", "everything signed anew with another key");
}

#[test]
fn a_key_that_was_handed_over_is_asked_for_once_and_the_log_of_before_is_still_known() {
    let street = Street::served();
    let mut browser = Browser::start();
    browser.open(&street.notice_page());
    assert_passes(&mut browser, "the first time");
    rotate(&street);
    browser.open(&street.notice_page());
    assert_stops(&mut browser, "failed", "key", "the site gives another key than last time");
    let key = street.service.ledger.verifier_key();
    browser.evaluate(&format!("document.querySelector('#verify-key').value = {}", json!(key)));
    assert_passes(&mut browser, "with the new key, from elsewhere");
    browser.open(&street.notice_page());
    browser.evaluate("document.querySelector('#verify-key').value = ''");
    assert_passes(&mut browser, "from then on");
}
