//! A ledger whose key was handed over, before and after a notice, as others see it: exports, bundles, receipts, checkpoints of before.

use super::fixture::Place;

const MORE: &str = "record organization-renamed --organization 420902001001 --ledger ledger --name";

fn key(place: &Place) -> String {
    let keys = std::fs::read_to_string(place.path("ledger/verifier-key")).expect("the public keys");
    keys.lines().next().expect("a key").to_owned()
}

/// A community of a few for October 2026, whose key was handed over before its notice was issued anew and again after; with the three keys, and
/// with what was kept at the time of the first: an export, a checkpoint, a receipt.
fn handed_over_twice() -> (Place, [String; 3]) {
    let place = Place::new();
    place.run("demo --divisions 420902001001 --members 40 --no-serve --directory ledger").exits(0);
    let first = key(&place);
    place.run("export log --output grown --ledger ledger").exits(0);
    std::fs::copy(place.path("ledger/checkpoint"), place.path("kept")).expect("copied");
    let listed = place.run("show event 20 --ledger ledger --json").exits(0).stdout;
    let event: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
    let id = event["entry"]["id"].as_str().expect("an id").to_owned();
    let files = "--output kept.tlog-proof --entry-output kept.json";
    place.run(&format!("proof --event {id} {files} --ledger ledger")).exits(0);
    place.run("key rotate --ledger ledger").exits(0);
    let second = key(&place);
    let issue = "notice --month 2026-10 --organization 420902001001 --ledger ledger --issue --number 〔2026〕11号";
    place.run(issue).exits(3).saying("notice_exists");
    let issued = place.run("show notice 2026-10 --ledger ledger --json").exits(0).stdout;
    let issued: serde_json::Value = serde_json::from_str(&issued).expect("JSON");
    let issued = issued["notices"][0]["id"].as_str().expect("an id").to_owned();
    place.run(&format!("{issue} --supersedes {issued}")).exits(0);
    place.run("key rotate --ledger ledger").exits(0);
    let third = key(&place);
    place.run(&format!("{MORE} 书院")).exits(0);
    (place, [first, second, third])
}

#[test]
fn an_export_goes_on_and_is_verified_by_whoever_trusts_any_key_that_ever_signed_it() {
    let (place, keys) = handed_over_twice();
    place.run("export log --output grown --ledger ledger").exits(0);
    place.run("export log --output anew --ledger ledger").exits(0);
    for key in &keys {
        for export in ["grown", "anew"] {
            place.run(&format!("verify --log {export} --key {key} --previous kept")).exits(0).saying("is sound");
        }
    }
    let stranger = Place::with_ledger();
    place.run(&format!("verify --ledger ledger --key {}", key(&stranger))).exits(5);
    place.run(&format!("verify --log anew --key {}", key(&stranger))).exits(5);
}

#[test]
fn a_checkpoint_that_a_key_signed_after_it_was_handed_over_is_refused() {
    let (place, [first, ..]) = handed_over_twice();
    let signer = |name: &str| {
        let origin = first.split('+').next().expect("a name");
        let (algorithm, nobody) = (mingzhang::keys::Algorithm::Ed25519, mingzhang::keys::no_passphrase);
        mingzhang::keys::read(&place.path(name), origin, algorithm, &nobody).expect("a key")
    };
    // The first key comes from the demonstration's seed: a second demonstration has it still.
    place.run("demo --divisions 420902001001 --members 40 --no-serve --directory again").exits(0);
    place.run("export log --output out --ledger ledger").exits(0);
    place.run("export audit --month 2026-10 --output bundle --ledger ledger").exits(0);
    let note = std::fs::read_to_string(place.path("out/checkpoint")).expect("a note");
    let (text, _) = note.split_once("\n\n").expect("a note");
    let old = signer("again/signing-key");
    let forged = mingzhang::transparency::sign_note(&format!("{text}\n"), &[old.as_ref()]).expect("signed");
    place.write("out/checkpoint", &forged);
    place.run(&format!("verify --log out --key {first}")).exits(5).saying("checkpoint");
    place.write("ledger/checkpoint", &forged);
    place.run("export log --output never --ledger ledger").exits(5);
    place.run("export audit --month 2026-10 --output never --ledger ledger").exits(5);
}

#[test]
fn a_bundle_is_audited_by_whoever_trusts_any_key_that_ever_signed_the_log() {
    let (place, keys) = handed_over_twice();
    place.run("export audit --month 2026-10 --output bundle --ledger ledger").exits(0);
    for key in &keys {
        place.run(&format!("audit bundle --key {key} --previous kept")).exits(0).saying("it holds");
    }
    place.run("audit bundle --previous kept").exits(0);
    let stranger = Place::with_ledger();
    place.run(&format!("audit bundle --key {}", key(&stranger))).exits(5).saying("checkpoint");
}

/// As where witnesses are asked: what they cosigned stays published until they have cosigned what the new key signs.
#[test]
fn a_checkpoint_that_was_published_before_the_handover_is_exported_with_the_key_of_then() {
    let (place, keys) = handed_over_twice();
    place.write("ledger/checkpoint", std::fs::read(place.path("kept")).expect("kept"));
    place.run("export log --output old --ledger ledger").exits(0);
    place.run("export audit --month 2026-10 --output bundle --ledger ledger").exits(3).saying("published checkpoint");
    for key in &keys[..1] {
        place.run(&format!("verify --log old --key {key} --previous kept")).exits(0);
    }
}

#[test]
fn a_receipt_of_before_holds_for_whoever_trusts_the_key_of_then() {
    let (place, [first, second, third]) = handed_over_twice();
    let check = "check-proof kept.tlog-proof --entry kept.json --policy policy";
    place.write("policy", format!("log {first}\nlog {second}\nlog {third}\nquorum none\n"));
    place.run(check).exits(0).saying("It holds");
    // A receipt stands alone: without the log nothing leads from the new key to the old one.
    place.write("policy", format!("log {third}\nquorum none\n"));
    place.run(check).exits(5).saying("names");
}

/// The second key isn't handed over in the log: it signs beside whichever key is in force.
#[test]
fn who_trusts_the_second_key_beside_the_log_s_own_or_alone_verifies_over_a_handover() {
    let place = Place::new();
    place.run("demo --divisions 420902001001 --members 40 --no-serve --directory ledger").exits(0);
    place.run("key add-sm2 --ledger ledger").exits(0);
    place.run(&format!("{MORE} 书院")).exits(0);
    let first = key(&place);
    std::fs::copy(place.path("ledger/checkpoint"), place.path("kept")).expect("copied");
    place.run("key rotate --ledger ledger").exits(0);
    place.run(&format!("{MORE} 书院二")).exits(0);
    place.run("export log --output out --ledger ledger").exits(0);
    place.run("export audit --month 2026-10 --output bundle --ledger ledger").exits(0);
    let keys = std::fs::read_to_string(place.path("ledger/verifier-key")).expect("the public keys");
    let (second, sm2) = keys.trim().split_once('\n').expect("two keys");
    for trusted in
        [format!("{first}\nlog {sm2}"), format!("{sm2}\nlog {first}"), format!("{second}\nlog {sm2}"), sm2.to_owned()]
    {
        place.write("policy", format!("log {trusted}\nquorum none\n"));
        place.run("verify --log out --policy policy --previous kept").exits(0).saying("is sound");
        place.run("audit bundle --policy policy --previous kept").exits(0).saying("it holds").saying("由您提供");
    }
    for key in [&first, second, sm2] {
        place.run(&format!("verify --ledger ledger --key {key} --previous kept")).exits(0);
    }
}
