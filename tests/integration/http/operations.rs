//! `/livez`, `/readyz`, `/metrics`, and the log lines.

use super::world::{World, check_in, member};
use mingzhang::ledger::Head;
use std::io::Write;
use std::sync::{Arc, Mutex};

#[tokio::test(flavor = "multi_thread")]
async fn it_lives_and_is_ready() {
    let world = World::street();
    for path in ["/livez", "/readyz"] {
        let answered = world.get(path, None).await;
        assert_eq!((answered.status.as_u16(), answered.text().as_str()), (200, "ok\n"));
    }
    // Somebody has a head of another history with our signature.
    let other = Head { root: [7; 32], ..world.service.ledger.head() };
    assert!(!world.service.ledger.hold_to(other).expect("remembered"));
    assert_eq!(world.get("/livez", None).await.status, 200);
    assert_eq!(world.get("/readyz", None).await.problem(), (503, "log_contradicted".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_metrics_count_requests_by_route_and_events_and_never_name_what_was_asked() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    world.post("/v1/commands", Some(&token), Some("k-1"), check_in(1)).await;
    world.post("/v1/commands", Some(&token), Some("k-2"), check_in(1)).await;
    world.get(&format!("/v1/members/{}", member(3)), Some(&token)).await;
    let text = world.get("/metrics", None).await.text();
    let size = world.service.ledger.head().tree_size;
    for line in [
        "mingzhang_events_recorded_total 1".to_owned(),
        "mingzhang_commands_refused_total 1".to_owned(),
        "mingzhang_http_requests_total{method=\"POST\",route=\"/v1/commands\",status=\"2xx\"} 1".to_owned(),
        "mingzhang_http_requests_total{method=\"POST\",route=\"/v1/commands\",status=\"4xx\"} 1".to_owned(),
        "mingzhang_http_request_seconds_count{method=\"GET\",route=\"/v1/members/{id}\"} 1".to_owned(),
        format!("mingzhang_tree_size {size}"),
        "mingzhang_follower_lag_entries 0".to_owned(),
    ] {
        assert!(text.lines().any(|of| of == line), "{line} in\n{text}");
    }
    assert!(!text.contains(&member(3)));
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panics").write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_request_is_one_line_of_json_without_what_was_asked_or_who_asked() {
    let world = World::street();
    world.name(3, "王小东", "E-3");
    let token = world.token("w-1", &["recorder"]);
    let written = Written::default();
    let writer = written.clone();
    let subscriber = mingzhang::http::logging::subscriber("info", move || writer.clone());
    // Whether anybody listens is remembered for each place that logs. Another test may be remembering that nobody does, just now.
    world.get("/livez", None).await;
    let guard = tracing::subscriber::set_default(subscriber);
    tracing::callsite::rebuild_interest_cache();
    world.get(&format!("/v1/members/{}", member(3)), Some(&token)).await;
    let wanted = r#"{"members":[{"number":"E-3"}]}"#;
    assert_eq!(world.post("/v1/members/find", Some(&token), None, wanted).await.status, 200);
    drop(guard);
    let text = String::from_utf8(written.0.lock().expect("nobody panics").clone()).expect("UTF-8");
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert_eq!((&lines[0]["route"], &lines[0]["status"]), (&"/v1/members/{id}".into(), &200.into()));
    assert!(lines[0]["microseconds"].is_u64());
    for secret in [member(3).as_str(), token.as_str(), "w-1", "E-3", "王小东"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}
