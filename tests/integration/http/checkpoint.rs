//! `GET /v1/checkpoint`.

use super::world::World;
use mingzhang::transparency::{SignedCheckpoint, VerifierKey};

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
