//! `GET /v1/checkpoint`.

use super::conforms::conforms;
use super::world::World;
use mingzhang::transparency::{SignedCheckpoint, VerifierKey};

#[tokio::test(flavor = "multi_thread")]
async fn how_it_stands_with_the_witnesses_is_told_as_described() {
    let world = World::street();
    let route = "/v1/checkpoint/witnesses";
    let said = world.get(route, None).await.json();
    conforms(&said, "get", route, "200");
    assert_eq!(
        (said["state"].as_str(), said["published_size"].as_u64()),
        (Some("not_configured"), said["tree_size"].as_u64())
    );
    let directory = world.closed();
    let path = directory.path().join("ledger");
    let service = World::opened_again(&path);
    let witness = mingzhang::transparency::CosignatureSigner::from_seed("w.example", &[2; 32]).expect("a key");
    let (log, witness) = (service.ledger.verifier_key(), witness.verifier_key());
    std::fs::write(path.join("policy"), format!("log {log}\nwitness 甲 {witness} http://127.0.0.1:1\nquorum 甲\n"))
        .expect("the policy");
    drop(service);
    let service = World::opened_again(&path);
    service.publication.round(1).expect("a round");
    let said = service.publication.standing().expect("it stands somehow").to_json();
    conforms(&said, "get", route, "200");
    assert_eq!((said["state"].as_str(), said["head_is_unwitnessed"].as_bool()), (Some("unwitnessed"), Some(true)));
    assert_eq!(
        (said["witnesses"][0]["trouble"].as_str(), said["witnesses"][0]["failures"].as_u64()),
        (Some("not_answering"), Some(1))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_checkpoint_is_the_signed_note_of_the_head() {
    let world = World::street();
    let answered = world.get("/v1/checkpoint", None).await;
    assert_eq!(answered.header("content-type"), "text/plain; charset=utf-8");
    let key = VerifierKey::parse(&world.service.ledger.verifier_key()).expect("a key");
    let signed = SignedCheckpoint::open(&answered.body, &key).expect("a checkpoint of this log");
    let head = world.service.ledger.head();
    assert_eq!((signed.checkpoint().size, signed.checkpoint().root), (head.tree_size, head.root));
}
