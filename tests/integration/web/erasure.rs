//! A person is erased: nothing of them is left on the disk or on a page, and nothing that was proved changes.

use super::fixture::{Street, record};
use mingzhang::clock::{Clock, SetClock};
use mingzhang::identity::{IdentityError, Person};
use mingzhang::notice::{NoticeContext, compose};
use mingzhang::service::Service;
use mingzhang::store::StoreError;
use mingzhang_events::{EventId, MemberId, NameConsentGiven};
use std::path::Path;
use std::sync::Arc;

/// One of those who served; consented to the full name before the notice was issued.
const MEMBER: MemberId = MemberId(2);
const NAME: &str = "欧阳待删";
const NUMBER: &str = "N-待删-0002";

/// The files below a directory that hold a text.
fn files_with(directory: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
        } else if std::fs::read(&path).expect("a file").windows(text.len()).any(|bytes| bytes == text.as_bytes()) {
            found.push(path.display().to_string());
        }
    }
    found
}

fn named(street: &Street) {
    let person = Person { name: NAME.to_owned(), number: Some(NUMBER.to_owned()) };
    street.service.identity.record_people(&[(MEMBER, person)]).expect("a person");
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

fn get(address: &str) -> String {
    agent().get(address).call().expect("an answer").body_mut().read_to_string().expect("text")
}

fn erase(street: &Street, token: &str, member: MemberId) -> (u16, String) {
    let address = format!("{}/v1/members/{member}/person", street.address);
    let answer = agent().delete(address).header("Authorization", format!("Bearer {token}")).call();
    let mut answer = answer.expect("an answer");
    (answer.status().as_u16(), answer.body_mut().read_to_string().expect("text"))
}

/// What was signed, proved and published, recomputed.
fn proved(service: &Service, tree_size: u64, notice: EventId) -> impl PartialEq + std::fmt::Debug + use<> {
    let root = service.ledger.root_at(tree_size).expect("a root");
    let proofs: Vec<_> =
        (0..tree_size).map(|entry| service.ledger.inclusion_proof(entry, tree_size).expect("a proof")).collect();
    let entries: Vec<_> =
        service.ledger.entries(0, tree_size).expect("entries").into_iter().map(|entry| entry.bytes).collect();
    let issued = service.models_blocking().notices(None).into_iter().find(|entry| entry.id == notice);
    let issued = issued.expect("the notice");
    let context = NoticeContext {
        month: issued.month,
        number: issued.number.clone(),
        organization: issued.organization,
        origin: service.ledger.origin().to_owned(),
        root: service.ledger.root_at(issued.tree_size).expect("a root"),
    };
    let composed = compose(&service.follower.models_at(issued.tree_size).expect("models"), &context).expect("a notice");
    assert_eq!(composed.digest(), issued.digest, "the notice is the one that was issued");
    let today = service.models_blocking().member_points(MEMBER, issued.month).map(|points| points.total);
    (root, proofs, entries, composed.canonical_json(), today)
}

#[test]
fn erasing_a_person_leaves_no_byte_of_them_and_root_proofs_totals_and_notices_as_they_were() {
    let street = Street::served();
    named(&street);
    let operator = street.service.identity.create_token(
        "o-1".parse().expect("an actor"),
        None,
        &["operator".parse().expect("a grant")],
    );
    let operator = operator.expect("a token");
    let recorder = ["recorder".parse().expect("a grant")];
    let own = street.service.identity.create_token("m-2".parse().expect("an actor"), Some(MEMBER), &recorder);
    let own = own.expect("a token");
    assert!(!files_with(street.directory(), NAME).is_empty() && !files_with(street.directory(), NUMBER).is_empty());
    assert!(get(&street.notice_page()).contains(NAME), "shown in full by consent");
    let tree_size = street.service.ledger.head().tree_size;
    let before = proved(&street.service, tree_size, street.notice);

    assert_eq!(erase(&street, &own, MEMBER).0, 403, "a recorder erases nobody");
    let (code, receipt) = erase(&street, &operator, MEMBER);
    assert_eq!(code, 201, "{receipt}");

    assert_eq!(files_with(street.directory(), NAME), [""; 0]);
    assert_eq!(files_with(street.directory(), NUMBER), [""; 0]);
    assert_eq!(street.service.ledger.head().tree_size, tree_size + 1, "it is in the log that it was done");
    assert_eq!(proved(&street.service, tree_size, street.notice), before);
    for suffix in ["", ".csv", ".json", ".txt", ".html"] {
        let page = get(&format!("{}{suffix}", street.notice_page()));
        assert!(!page.contains(NAME) && !page.contains("欧*"), "{suffix} still shows the name");
        assert!(!page.contains("role=\"alert\""), "{suffix}: the notice is no longer as issued");
    }
    assert_eq!(erase(&street, &own, MEMBER).0, 401, "the log-in is gone");
    let (code, again) = erase(&street, &operator, MEMBER);
    assert_eq!(code, 200, "asked again, it makes sure and gives the receipt again: {again}");
    let body = serde_json::json!({ "people": [{ "member": MEMBER, "name": NAME, "number": NUMBER }] });
    let named_again = agent()
        .post(format!("{}/v1/people", street.address))
        .header("Authorization", format!("Bearer {operator}"))
        .send(body.to_string());
    assert_eq!(named_again.expect("an answer").status().as_u16(), 409, "nobody ties the id to a name again");
}

#[test]
fn a_database_of_people_put_back_from_a_backup_is_erased_at_the_next_start() {
    let street = Street::served();
    named(&street);
    let ledger = street.directory().to_owned();
    // When its last user has gone, the database of people is one whole file.
    let directory = street.stopped();
    let people = ledger.join("identity.sqlite");
    let backup = std::fs::read(&people).expect("the database of people");
    let clock: Arc<dyn Clock> = Arc::new(SetClock::at("2026-11-03T02:00:00Z".parse().expect("an instant")));
    let service = Service::open(&ledger, Arc::clone(&clock), &mut |_, _| {}).expect("a ledger");
    let erased = mingzhang_events::PersonErased { member: MEMBER };
    record(&service, vec![("2026-11-03T01:10:00Z", erased.into())]);
    service.models_blocking();
    assert_eq!(files_with(&ledger, NAME), [""; 0], "a command of its own erases too");
    drop(service);
    std::fs::write(&people, backup).expect("put back");
    assert_eq!(files_with(&ledger, NAME).len(), 1, "the backup holds the name");
    let service = Service::open(&ledger, clock, &mut |_, _| {}).expect("a ledger");
    assert_eq!(service.identity.person(MEMBER).expect("people"), None);
    assert_eq!(files_with(&ledger, NAME), [""; 0]);
    drop((service, directory));
}

/// Old bytes stay until the reader has gone: that is one failure of its own, and the only one that a start passes over.
#[test]
fn who_reads_the_database_of_people_meanwhile_is_told_from_a_disk_that_fails() {
    let street = Street::served();
    named(&street);
    let reader =
        rusqlite::Connection::open(street.directory().join("identity.sqlite")).expect("the database of people");
    reader.execute_batch("BEGIN; SELECT member FROM person").expect("a snapshot");
    let erased = street.service.identity.erase(&[MEMBER]);
    assert!(matches!(erased, Err(IdentityError::Store(StoreError::PeopleInUse))), "{erased:?}");
    drop(reader);
    street.service.identity.erase(&[MEMBER]).expect("nobody reads it any more");
    assert_eq!(files_with(street.directory(), NAME), [""; 0]);
}

#[test]
fn a_consent_given_after_the_publication_leaves_the_name_masked_there() {
    let street = Street::served();
    record(&street.service, vec![("2026-11-03T01:10:00Z", NameConsentGiven { member: MemberId(5) }.into())]);
    let page = get(&street.notice_page());
    assert!(page.contains("李某2") && !page.contains("䶮某5") && page.contains("䶮*"));
}

#[test]
fn where_the_operator_says_so_a_name_without_consent_gives_way_to_the_number() {
    let street = Street::configured(|config| config.mask_names = false);
    for suffix in ["", ".csv", ".json", ".txt", ".html"] {
        let page = get(&format!("{}{suffix}", street.notice_page()));
        assert!(page.contains("李某2") && !page.contains("张*"), "{suffix}: {page}");
    }
}

#[test]
fn no_page_names_a_household() {
    let street = Street::served();
    for suffix in ["", "/lines/1", ".csv", ".json", ".txt", ".html"] {
        let page = get(&format!("{}{suffix}", street.notice_page()));
        for household in 1..=24 {
            assert!(!page.contains(&mingzhang_events::HouseholdId(household).to_string()), "{suffix}: {page}");
        }
    }
}
