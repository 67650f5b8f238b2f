//! ETag, 304, Vary, compression.

use super::world::{EAST, World, check_in};

const RANKING: &str = "/v1/organizations/420902001001/ranking?month=2026-10";

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_the_client_has_is_not_sent_again_until_the_log_grows() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    let first = world.get(RANKING, Some(&token)).await;
    let etag = first.header("etag").to_owned();
    assert!(etag.starts_with('"'));
    let again = world.get_with(RANKING, Some(&token), &[("if-none-match", &etag)]).await;
    assert_eq!((again.status.as_u16(), again.body.len(), again.header("etag")), (304, 0, etag.as_str()));
    assert_eq!(again.header("mingzhang-tree-size"), first.header("mingzhang-tree-size"));

    world.post("/v1/commands", Some(&token), Some("k-1"), check_in(1)).await;
    let grown = world.get_with(RANKING, Some(&token), &[("if-none-match", &etag)]).await;
    assert_eq!(grown.status, 200);
    assert_ne!(grown.header("etag"), etag);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_does_not_open_what_the_caller_may_not_see() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    let etag = world.get(RANKING, Some(&token)).await.header("etag").to_owned();
    let refused = world.get_with(RANKING, None, &[("if-none-match", &etag)]).await;
    assert_eq!(refused.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn formats_and_tree_sizes_have_tags_of_their_own() {
    let world = World::street();
    let size = world.service.ledger.head().tree_size;
    let path = format!("/v1/organizations/{EAST}/rates?month=2026-10");
    let json = world.get(&path, None).await;
    let csv = world.get_with(&path, None, &[("accept", "text/csv")]).await;
    let earlier = world.get(&format!("{path}&as_of={}", size - 1), None).await;
    assert_ne!(json.header("etag"), csv.header("etag"));
    assert_ne!(json.header("etag"), earlier.header("etag"));
    assert!(json.header("vary").contains("accept"), "{}", json.header("vary"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_answer_is_compressed_on_request_and_then_its_tag_is_weak() {
    let world = World::street();
    let plain = world.get("/v1/rules", None).await;
    for encoding in ["zstd", "br", "gzip"] {
        let packed = world.get_with("/v1/rules", None, &[("accept-encoding", encoding)]).await;
        assert_eq!(packed.header("content-encoding"), encoding);
        assert!(packed.body.len() < plain.body.len());
        assert_eq!(packed.header("etag"), format!("W/{}", plain.header("etag")));
        let known = [("accept-encoding", encoding), ("if-none-match", packed.header("etag"))];
        assert_eq!(world.get_with("/v1/rules", None, &known).await.status, 304);
    }
    let small = world.get_with("/livez", None, &[("accept-encoding", "zstd")]).await;
    assert_eq!(small.header("content-encoding"), "");
}
