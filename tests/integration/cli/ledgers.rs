//! Making ledgers, tokens, and who may open a directory.

use super::fixture::Place;
use mingzhang::clock::MachineClock;
use mingzhang::service::Service;
use std::sync::Arc;

#[test]
fn a_new_ledger_shows_its_key_and_is_never_overwritten() {
    let place = Place::new();
    place.run("init ledger --origin test.example/street").exits(0).saying("test.example/street+");
    let key = std::fs::read(place.path("ledger/signing-key")).unwrap();
    place.run("init ledger --origin other.example").exits(1).saying("已存在").saying("choose another directory");
    assert_eq!(std::fs::read(place.path("ledger/signing-key")).unwrap(), key);
    place.run("verify --ledger ledger").exits(0);
}

#[test]
fn a_name_that_cannot_be_an_origin_makes_no_ledger() {
    let place = Place::new();
    place.run("init ledger --origin 'two words'").exits(2).saying("can't name a log");
    assert!(!place.path("ledger").exists());
}

#[test]
fn a_directory_without_a_ledger_is_named_with_the_way_to_make_one() {
    let place = Place::new();
    for command in ["verify", "show notice", "token list", "close --month 2026-01"] {
        place.run(&format!("{command} --ledger nowhere")).exits(1).saying("mingzhang init nowhere");
    }
    assert!(!place.path("nowhere").exists());
}

#[test]
fn a_held_directory_is_refused_with_the_hint_to_use_url_and_can_still_be_verified() {
    let place = Place::with_ledger();
    let held = Service::open(&place.path("ledger"), Arc::new(MachineClock), &mut |_, _| {}).unwrap();
    for command in ["show notice", "close --month 2026-01", "record organization --organization 1 --name 市 --level 市"]
    {
        place.run(&format!("{command} --ledger ledger")).exits(6).saying("--url");
    }
    place.run("verify --ledger ledger").exits(0);
    place.run("token create --actor w-1 --grant recorder --ledger ledger").exits(0);
    held.stop().unwrap();
    drop(held);
    place.run("show notice --ledger ledger").exits(0);
}

#[test]
fn a_token_is_shown_once_listed_without_its_secret_and_revoked() {
    let place = Place::with_roster();
    let made =
        place.run("token create --actor w-0012 --grant recorder@420902001 --grant reviewer --ledger ledger").exits(0);
    let secret = made.stdout.lines().next().unwrap().to_owned();
    assert!(secret.starts_with("mz_"), "{secret}");
    let listed =
        place.run("token list --ledger ledger").exits(0).saying("recorder@420902001 reviewer").saying("w-0012");
    assert!(!listed.said().contains(&secret));
    let fingerprint = listed.stdout.lines().nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    place.run(&format!("token revoke {fingerprint} --ledger ledger")).exits(0);
    place.run(&format!("token revoke {fingerprint} --ledger ledger")).exits(3).saying("token list");
    place.run("token list --ledger ledger").exits(0).saying("revoked");
}

#[test]
fn a_token_for_an_organisation_that_the_ledger_does_not_have_is_refused() {
    let place = Place::with_roster();
    let create = "token create --actor w-0012 --grant recorder --grant reviewer@";
    place.run(&format!("{create}420902999 --ledger ledger")).exits(3).saying("420902999").saying("check the code");
    place.run("token list --ledger ledger").exits(0).saying("no tokens yet");
    place.run(&format!("{create}420902001001-02 --ledger ledger")).exits(0);
}

#[test]
fn a_token_without_a_name_or_with_an_unknown_role_is_a_wrong_usage() {
    let place = Place::with_ledger();
    place.run("token create --grant recorder --ledger ledger").exits(2).saying("--actor");
    place.run("token create --actor w-1 --grant king --ledger ledger").exits(2).saying("recorder, reviewer");
}

#[test]
fn the_database_of_names_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::with_roster();
    let files = std::fs::read_dir(place.path("ledger")).expect("the ledger's directory");
    let of_names: Vec<_> = files
        .map(|file| file.expect("a file"))
        .filter(|file| file.file_name().to_string_lossy().starts_with("identity.sqlite"))
        .collect();
    assert!(!of_names.is_empty());
    for file in of_names {
        let mode = file.metadata().expect("there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}: {mode:o}", file.file_name());
    }
}
