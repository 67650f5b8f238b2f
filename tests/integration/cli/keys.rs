//! `mingzhang key`: passphrases, handing over, the second signature.

use super::fixture::Place;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

pub(super) fn secret(place: &Place, name: &str, text: &str) {
    place.write(name, text);
    std::fs::set_permissions(place.path(name), std::fs::Permissions::from_mode(0o600)).expect("it is ours");
}

const RENAME: &str = "record organization-renamed --organization 420902001 --name 新街道 --ledger ledger";

#[test]
fn a_key_under_a_passphrase_signs_for_whoever_has_it_and_verifying_needs_none() {
    let place = Place::with_roster();
    secret(&place, "one", "一个 long passphrase\n");
    secret(&place, "other", "another\n");
    place.run("key show --ledger ledger").exits(0).saying("无口令");
    place.run("key encrypt --ledger ledger").exits(2).saying("--new-passphrase-file");
    place.run("key encrypt --new-passphrase-file one --ledger ledger").exits(0);
    let pem = std::fs::read_to_string(place.path("ledger/signing-key")).expect("read");
    assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"), "{pem}");
    let mode = std::fs::metadata(place.path("ledger/signing-key")).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    place.run("key show --ledger ledger").exits(0).saying("有口令");

    place.run(RENAME).exits(1).saying("有口令，没有给出口令").saying("下一步：请用 --passphrase-file");
    place.run(&format!("{RENAME} --passphrase-file other")).exits(1).saying("口令打不开").saying("请核对口令");
    place.run("show checkpoint --ledger ledger").exits(0).saying("test.example/street");
    place.run(&format!("{RENAME} --passphrase-file one")).exits(0);
    place.run("verify --ledger ledger").exits(0);
    std::fs::set_permissions(place.path("one"), std::fs::Permissions::from_mode(0o644)).expect("it is ours");
    place.run(&format!("{RENAME} --passphrase-file one")).exits(1).saying("chmod 600");
    secret(&place, "one", "一个 long passphrase\n");

    let named =
        place.command().env("MINGZHANG_PASSPHRASE_FILE", "one").args(["show", "notice", "--ledger", "ledger"]).status();
    assert!(named.expect("it runs").success());
    place.run("key encrypt --new-passphrase-file other --passphrase-file one --ledger ledger").exits(0);
    place.run("key encrypt --remove --passphrase-file one --ledger ledger").exits(1);
    place.run("key encrypt --remove --passphrase-file other --ledger ledger").exits(0);
    place.run("show notice --ledger ledger").exits(0);
    std::fs::set_permissions(place.path("ledger/signing-key"), std::fs::Permissions::from_mode(0o640)).expect("ours");
    let refused = place.run("show notice --ledger ledger").exits(1);
    refused.saying("别人可以读").saying("下一步：请运行 chmod 600").saying("next: run `chmod 600");
}

/// After a rotation the policy beside the ledger has to name the new key; what to add is said.
#[test]
fn a_policy_without_the_key_of_now_says_which_line_to_add() {
    let place = Place::with_ledger();
    let old = published_key(&place);
    std::fs::write(place.path("ledger/policy"), format!("log {old}\nquorum none\n")).expect("written");
    place.run("key rotate --ledger ledger").exits(0);
    let new = published_key(&place);
    let refused = place.run("show notice --ledger ledger").exits(1);
    refused
        .saying("没有本账本现在的公钥")
        .saying(&format!("原有的 log 行下面加一行：log {new}"))
        .saying(&format!("has, add: log {new}"));
    std::fs::write(place.path("ledger/policy"), format!("log {old}\nlog {new}\nquorum none\n")).expect("written");
    place.run("show notice --ledger ledger").exits(0);
    std::fs::write(place.path("ledger/policy"), format!("log {new}\nquorum somebody\n")).expect("written");
    place.run("show notice --ledger ledger").exits(1).saying("第 2 行有误").saying("docs/guides/audit.zh.md");
}

#[test]
fn openssl_opens_our_key_files_with_the_passphrase() {
    let place = Place::with_ledger();
    secret(&place, "one", "correct horse\n");
    place.run("key add-sm2 --ledger ledger").exits(0);
    place.run("key encrypt --new-passphrase-file one --ledger ledger").exits(0);
    for file in ["signing-key", "signing-key-sm2"] {
        let path = place.path(&format!("ledger/{file}"));
        let opens = |passphrase: &str| {
            let mut ran = Command::new("openssl");
            ran.args(["pkey", "-noout", "-passin", &format!("pass:{passphrase}"), "-in"]).arg(&path);
            ran.output().expect("openssl is installed: apt-get install openssl").status.success()
        };
        assert_eq!((opens("correct horse"), opens("wrong")), (true, false), "{file}");
    }
}

fn published_key(place: &Place) -> String {
    let keys = std::fs::read_to_string(place.path("ledger/verifier-key")).expect("the public keys");
    keys.lines().next().expect("a key").to_owned()
}

#[test]
fn a_rotation_is_recorded_and_old_and_new_public_keys_verify() {
    let place = Place::with_roster();
    let (old, size) = (published_key(&place), place.entries());
    let old_note = std::fs::read(place.path("ledger/checkpoint")).expect("a checkpoint");
    place.run("key rotate --ledger ledger").exits(0).saying(&format!("entry {size}"));
    let new = published_key(&place);
    assert_ne!(old, new);
    assert_eq!(old.split('+').next(), new.split('+').next(), "the name stays");
    assert!(!place.path("ledger/signing-key.next").exists());
    place.run(RENAME).exits(0);
    place.run("verify --ledger ledger").exits(0).saying("1 handovers");
    for key in [&old, &new] {
        place.run(&format!("verify --ledger ledger --key {key}")).exits(0);
    }
    place.run("show event 18 --ledger ledger").exits(0).saying("mingzhang.signing-key.rotated.v1");
    // A checkpoint from before is still one of this log, signed by the key of then.
    let newest = std::fs::read(place.path("ledger/checkpoint")).expect("a checkpoint");
    std::fs::write(place.path("ledger/checkpoint"), old_note).expect("written");
    place.run(&format!("verify --ledger ledger --key {new}")).exits(0);
    std::fs::write(place.path("ledger/checkpoint"), newest).expect("written");
    // Again, now under a passphrase.
    secret(&place, "one", "correct horse\n");
    place.run("key encrypt --new-passphrase-file one --ledger ledger").exits(0);
    place.run("key rotate --ledger ledger").exits(1).saying("--passphrase-file");
    place.run("key rotate --passphrase-file one --ledger ledger").exits(0);
    place.run("key show --ledger ledger").exits(0).saying("有口令").saying(&published_key(&place));
    place.run(&format!("verify --ledger ledger --key {old}")).exits(0).saying("2 handovers");
}

#[test]
fn a_rotation_that_was_broken_off_is_finished_or_taken_back_at_the_next_start() {
    let place = Place::with_roster();
    let before = std::fs::read(place.path("ledger/signing-key")).expect("the key");
    // The new key was made, and the program ended before the log had it.
    let other = Place::with_ledger();
    std::fs::copy(other.path("ledger/signing-key"), place.path("ledger/signing-key.next")).expect("copied");
    place.run(RENAME).exits(0);
    assert!(!place.path("ledger/signing-key.next").exists());
    assert_eq!(std::fs::read(place.path("ledger/signing-key")).expect("the key"), before);

    // The log had it, and the program ended before the new key took its place.
    place.run("key rotate --ledger ledger").exits(0);
    let after = std::fs::read(place.path("ledger/signing-key")).expect("the key");
    std::fs::write(place.path("ledger/signing-key"), &before).expect("written");
    place.run("show notice --ledger ledger").exits(1).saying("handed over");
    secret(&place, "ledger/signing-key.next", std::str::from_utf8(&after).expect("PEM"));
    place.run("show notice --ledger ledger").exits(0);
    assert_eq!(std::fs::read(place.path("ledger/signing-key")).expect("the key"), after);
    place.run("verify --ledger ledger").exits(0);
}

#[test]
fn the_second_signature_is_off_until_it_is_asked_for_and_is_verified_with_the_rest() {
    let place = Place::with_roster();
    let lines =
        |place: &Place| std::fs::read_to_string(place.path("ledger/checkpoint")).expect("a note").lines().count();
    assert_eq!(lines(&place), 5);
    // A passphrase that doesn't open the log's key becomes nobody's.
    secret(&place, "one", "one\n");
    secret(&place, "other", "other\n");
    place.run("key encrypt --new-passphrase-file one --ledger ledger").exits(0);
    place.run("key add-sm2 --passphrase-file other --ledger ledger").exits(1).saying("doesn't open");
    assert!(!place.path("ledger/signing-key-sm2").exists());
    place.run("show notice --passphrase-file one --ledger ledger").exits(0);
    place.run("key encrypt --remove --passphrase-file one --ledger ledger").exits(0);
    place.run("key add-sm2 --ledger ledger").exits(0).saying("SM2");
    place.run(RENAME).exits(0);
    assert_eq!(lines(&place), 6);
    place.run("verify --ledger ledger").exits(0);
    let note = std::fs::read_to_string(place.path("ledger/checkpoint")).expect("a note");
    let mut changed: Vec<String> = note.lines().map(str::to_owned).collect();
    // Another letter in the middle of the second signature.
    let at = changed[5].len() - 40;
    let letter = if changed[5].as_bytes()[at] == b'A' { "B" } else { "A" };
    changed[5].replace_range(at..=at, letter);
    std::fs::write(place.path("ledger/checkpoint"), changed.join("\n") + "\n").expect("written");
    place.run("verify --ledger ledger").exits(5).saying("checkpoint");
    std::fs::write(place.path("ledger/checkpoint"), &note).expect("written");
    let config = std::fs::read_to_string(place.path("ledger/mingzhang.toml")).expect("read");
    place.write("ledger/mingzhang.toml", config.replace("sm2_signature = true\n", ""));
    place.run("record organization-renamed --organization 420902001 --name 旧街道 --ledger ledger").exits(0);
    assert_eq!(lines(&place), 5);
}
