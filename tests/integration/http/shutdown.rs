//! Stopping under load: whoever was answered finds their fact after the next start.

use super::client::{Served, post};
use super::world::{World, member};
use mingzhang_events::EventId;
use serde_json::json;

fn rostered(number: u64) -> String {
    json!({
        "type": "mingzhang.member.rostered.v1", "time": "2026-10-01T00:00:00Z", "evidence": "office",
        "data": { "member": member(number), "class": "resident", "organization": "420902001001" },
    })
    .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_under_load_loses_nothing_that_was_acknowledged() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    let served = Served::of(&world).await;
    let (told, mut acknowledged_some) = tokio::sync::mpsc::unbounded_channel();
    let mut clients = Vec::new();
    for client in 0..16_u64 {
        let mut connection = served.connect().await;
        let (token, told) = (token.clone(), told.clone());
        clients.push(tokio::spawn(async move {
            let mut acknowledged = Vec::new();
            for number in (client + 1) * 100_000.. {
                let request = post(&token, &format!("k-{number}"), &rostered(number));
                if connection.write(&request).await.is_err() {
                    break;
                }
                let Some((head, body)) = connection.answer().await else { break };
                assert!(head.starts_with("HTTP/1.1 201"), "{head}{body}");
                let receipt: serde_json::Value = serde_json::from_str(&body).expect("a receipt");
                acknowledged.push((
                    receipt["id"].as_str().expect("an id").parse::<EventId>().expect("an id"),
                    receipt["log_index"].as_u64().expect("an index"),
                ));
                told.send(()).ok();
            }
            acknowledged
        }));
    }
    for _ in 0..500 {
        acknowledged_some.recv().await.expect("they record");
    }
    served.stop().await.expect("it stops").expect("in order");
    let mut acknowledged = Vec::new();
    for client in clients {
        acknowledged.extend(client.await.expect("a client doesn't panic"));
    }
    assert!(acknowledged.len() >= 500);

    let directory = world.closed();
    let again = World::opened_again(&directory.path().join("ledger"));
    for (id, log_index) in &acknowledged {
        assert_eq!(again.ledger.find(*id).expect("the log is read"), Some(*log_index));
    }
    let note = std::fs::read_to_string(again.directory.checkpoint()).expect("the checkpoint was published");
    assert!(note.starts_with(&format!("example.org/shuyuan\n{}\n", again.ledger.head().tree_size)), "{note}");
}
