//! `GET /v1/rules`.

use super::conforms::conforms;
use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_are_public_whole_and_by_the_month_they_score() {
    let world = World::street();
    let all = world.get("/v1/rules", None).await.json();
    conforms(&all, "get", "/v1/rules", "200");
    assert_eq!(all["versions"][0]["rules"]["version"], "2026-1");
    assert_eq!(world.get("/v1/rules?month=2026-10", None).await.json(), all);
    let before = world.get("/v1/rules?month=2026-08", None).await.json();
    assert_eq!(before["versions"].as_array().map(Vec::len), Some(0));
}
