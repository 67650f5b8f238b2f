//! The log is handed over to another key while witnesses are asked: what they cosigned stays until they have cosigned what the new key signs.

use super::fixture::*;
use mingzhang::identity::Actor;
use mingzhang::keys::no_passphrase;
use mingzhang::publication::PublicationError;
use mingzhang::service::ServiceError;
use std::sync::Arc;

#[test]
fn what_was_witnessed_stays_published_after_a_handover_until_the_new_key_is_witnessed_too() {
    let place = Place::new();
    let directory = tempfile::tempdir().unwrap();
    let mut witness = OurWitness::start(directory.path(), 1, &place.key);
    place.ask(&[("甲", &witness.key(), &witness.url())], "all");
    let service = place.open();
    service.publication.round(NEVER).unwrap();
    assert_eq!(published(&service), (1, true));
    let signed_by = |service: &mingzhang::service::Service| {
        service.publication.verifier_key_of(&service.publication.published().unwrap().checkpoint)
    };

    let actor = Arc::new(Actor::holder_of_the_files("keeper".parse().unwrap()));
    service.rotate_key(actor, &no_passphrase).unwrap();
    let new_key = service.ledger.verifier_key();
    assert_ne!(new_key, place.key);
    record(&service, 3);
    service.publication.round(NEVER).unwrap();
    assert_eq!(published(&service), (1, true), "the witness knows nothing of the new key");
    assert_eq!(signed_by(&service), place.key);
    service.stop().unwrap();
    drop(service);

    let refused = place.try_open().map(|_| ());
    assert!(
        matches!(refused, Err(ServiceError::Publication(PublicationError::PolicyOfOthers { .. }))),
        "whom to rely on isn't guessed: {refused:?}"
    );
    let policy = std::fs::read_to_string(place.path().join("policy")).unwrap();
    std::fs::write(place.path().join("policy"), format!("log {new_key}\n{policy}")).unwrap();
    let service = place.open();
    assert_eq!(published(&service), (1, true), "and not an unwitnessed one in its place");
    assert_eq!(signed_by(&service), place.key);

    witness.told_of(&new_key);
    service.publication.round(NEVER).unwrap();
    assert_eq!(published(&service), (5, true));
    assert_eq!(signed_by(&service), new_key);
    place.policy().check(place.written().as_bytes()).expect("as the policy asks");
    service.stop().unwrap();
}
