//! Whole tables: what they rest on, whom they name, and how many stand on the disk.

use super::world::{EAST, WEST, World, member};
use serde_json::json;

fn transferred(world: &World, number: u64, to: &str) {
    let data = json!({ "member": member(number), "organization": to });
    world.record(
        &format!("transfer-{number}"),
        "mingzhang.member.transferred.v1",
        "2026-11-04T00:00:00Z",
        "office",
        data,
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_then_names_nobody_who_is_out_of_reach_now() {
    let world = World::street();
    for number in [1, 2] {
        world.name(number, &format!("王东{number}"), &format!("E-{number}"));
    }
    let before = world.service.ledger.head().tree_size;
    let east = world.token("w-1", &[&format!("recorder@{EAST}")]);
    let street = world.token("w-2", &["recorder"]);
    let table = format!("/v1/tables/names.csv?organization={EAST}&as_of={before}");
    let then = world.get(&table, Some(&east)).await.text();
    assert!(then.contains("王东1") && then.contains("王东2"), "{then}");
    transferred(&world, 1, WEST);
    let refused = world.get(&format!("/v1/members/{}/person", member(1)), Some(&east)).await;
    assert_eq!(refused.problem(), (403, "role_does_not_reach".to_owned()));
    let now = world.get(&table, Some(&east)).await.text();
    assert!(!now.contains("王东1") && now.contains("王东2"), "{now}");
    assert_eq!(world.get(&table, Some(&street)).await.text(), then, "whom a role reaches everywhere, it names");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_the_present_rests_on_models_that_nobody_waits_for() {
    let world = World::street();
    let token = world.token("w-1", &["auditor"]);
    let replays = || world.service.follower.replays();
    let (started, size) = (replays(), world.service.ledger.head().tree_size);
    for name in ["records.csv", "roster.parquet"] {
        let table = world.get(&format!("/v1/tables/{name}"), Some(&token)).await;
        assert_eq!((table.status.as_u16(), table.header("mingzhang-tree-size")), (200, size.to_string().as_str()));
    }
    assert_eq!(replays(), started + 1, "not on the live ones, and both on the same");
    // Whoever has them keeps nobody from recording.
    let held = world.service.follower.past_at(size).expect("models");
    transferred(&world, 1, WEST);
    world.service.follower.caught_up(size + 1).await;
    assert_eq!((held.tree_size(), world.service.follower.models().tree_size()), (size, size + 1));
}
