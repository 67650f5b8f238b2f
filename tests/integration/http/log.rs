//! `/log/…`: the log as a standard tlog-tiles log, read over HTTP and nothing else.

use super::world::{Answered, EAST, World};
use mingzhang::store::StoreError;
use mingzhang::transparency::{
    SignedCheckpoint, Tile, TileContent, Tree, VerifierKey, bundle, entry_bundles, hash_tiles, leaf_hash,
};
use serde_json::json;

/// A ledger of more than one full tile.
fn large() -> World {
    let world = World::street();
    for number in 0..300 {
        let data = json!({ "organization": EAST, "name": format!("东社区党委{number}") });
        world.record(
            &format!("renamed-{number}"),
            "mingzhang.organization.renamed.v1",
            "2026-10-02T00:00:00Z",
            "office",
            data,
        );
    }
    world
}

async fn published(world: &World) -> SignedCheckpoint {
    let key = VerifierKey::parse(&world.service.ledger.verifier_key()).expect("a key");
    let answered = world.get("/log/checkpoint", None).await;
    assert_eq!(answered.header("content-type"), "text/plain; charset=utf-8");
    SignedCheckpoint::open(&answered.body, &key).expect("a checkpoint of this log")
}

async fn tile(world: &World, tile: Tile, token: Option<&str>) -> Answered {
    let answered = world.get(&format!("/log/{tile}"), token).await;
    assert_eq!(answered.status, 200, "{tile}: {}", answered.text());
    assert_eq!(answered.header("content-type"), "application/octet-stream", "{tile}");
    let cached = if tile.content == TileContent::Entries { "private" } else { "public" };
    assert_eq!(answered.header("cache-control"), format!("{cached}, max-age=31536000, immutable"), "{tile}");
    answered
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_log_can_be_read_and_gives_the_signed_root() {
    let world = large();
    let auditor = world.token("w-1", &["auditor"]);
    let signed = published(&world).await;
    let size = signed.checkpoint().size;
    assert!(size > 300, "{size}");
    let mut tree = Tree::new();
    for bundle in entry_bundles(0, size) {
        let answered = tile(&world, bundle, Some(&auditor)).await;
        assert_eq!(answered.header("vary"), "authorization");
        let leaves: Vec<_> = bundle::entries(&answered.body).map(|entry| leaf_hash(entry.expect("an entry"))).collect();
        assert_eq!(leaves.len(), usize::from(bundle.width));
        tree.extend(&leaves);
        let hashes = Tile { content: TileContent::Hashes { level: 0 }, ..bundle };
        assert_eq!(tile(&world, hashes, None).await.body, leaves.as_flattened());
    }
    assert_eq!(tree.root(), signed.checkpoint().root);
    let first = tree.root_at(256, |_| Err(StoreError::NotALedger)).expect("in memory");
    let upper: Vec<Tile> = hash_tiles(0, size).filter(|tile| tile.content.level() > 0).collect();
    assert_eq!(upper.len(), 1);
    assert_eq!(tile(&world, upper[0], None).await.body[..], first);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_partial_tiles_of_every_earlier_checkpoint_go_on_being_served() {
    let world = large();
    let auditor = world.token("w-1", &["auditor"]);
    let full = tile(&world, Tile { content: TileContent::Entries, index: 0, width: 256 }, Some(&auditor)).await.body;
    let leaves: Vec<_> = bundle::entries(&full).map(|entry| leaf_hash(entry.expect("an entry"))).collect();
    for width in [1, 2, 17, 255] {
        let entries = Tile { content: TileContent::Entries, index: 0, width };
        let partial = tile(&world, entries, Some(&auditor)).await.body;
        assert!(full.starts_with(&partial), "{width}");
        assert_eq!(bundle::entries(&partial).count(), usize::from(width));
        let hashes = Tile { content: TileContent::Hashes { level: 0 }, ..entries };
        assert_eq!(tile(&world, hashes, None).await.body, leaves[..usize::from(width)].as_flattened());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_published_log_does_not_have_is_not_there() {
    let world = large();
    let auditor = world.token("w-1", &["auditor"]);
    let size = published(&world).await.checkpoint().size;
    let beyond = size % 256 + 1;
    for path in [
        "/log/".to_owned(),
        "/log/tile/0/001".to_owned(),
        format!("/log/tile/0/001.p/{beyond}"),
        format!("/log/tile/entries/001.p/{beyond}"),
        "/log/tile/entries/001".to_owned(),
        "/log/tile/entries/002".to_owned(),
        "/log/tile/0/002.p/1".to_owned(),
        "/log/tile/0/x001/000".to_owned(),
        "/log/tile/0/x999/x999/x999/x999/x999/999".to_owned(),
        "/log/tile/1/000".to_owned(),
        "/log/tile/1/000.p/2".to_owned(),
        "/log/tile/2/000.p/1".to_owned(),
        "/log/tile/63/000.p/1".to_owned(),
        "/log/tile/64/000.p/1".to_owned(),
        "/log/tile/0/000.p/0".to_owned(),
        "/log/tile/0/000.p/256".to_owned(),
        "/log/tile/0/0".to_owned(),
        "/log/tile/0/x000/000".to_owned(),
        "/log/tile/00/000".to_owned(),
        "/log/tile/0/..%2f..%2fcheckpoint".to_owned(),
        "/log/tile/data/000".to_owned(),
        "/log/tile/0".to_owned(),
        "/log/tile/entries".to_owned(),
        "/log/nothing".to_owned(),
    ] {
        let problem = world.get(&path, Some(&auditor)).await.problem();
        assert_eq!(problem.0, 404, "{path}: {problem:?}");
    }
    assert_eq!(world.get("/log/tile/1/000.p/1", None).await.status, 200);
    assert_eq!(world.get(&format!("/log/tile/0/001.p/{}", beyond - 1), None).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_tile_or_the_checkpoint_already_is_told_so() {
    let world = large();
    for path in ["/log/checkpoint", "/log/tile/0/000", "/log/tile/0/000.p/3"] {
        let etag = world.get(path, None).await.header("etag").to_owned();
        let again = world.get_with(path, None, &[("if-none-match", &etag)]).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path}");
    }
    let etag = world.get("/log/checkpoint", None).await.header("etag").to_owned();
    let data = json!({ "organization": EAST, "name": "东社区党委" });
    world.record("more", "mingzhang.organization.renamed.v1", "2026-10-02T00:00:00Z", "office", data);
    let again = world.get_with("/log/checkpoint", None, &[("if-none-match", &etag)]).await;
    assert_eq!(again.status, 200, "another checkpoint is published now");
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_are_compressed_for_who_asks_for_it() {
    let world = large();
    let auditor = world.token("w-1", &["auditor"]);
    let plain = world.get("/log/tile/entries/000", Some(&auditor)).await;
    let packed = world.get_with("/log/tile/entries/000", Some(&auditor), &[("accept-encoding", "gzip")]).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.body.len() * 2 < plain.body.len(), "{} of {}", packed.body.len(), plain.body.len());
}
