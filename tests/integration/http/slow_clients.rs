//! Clients that say nothing, or not all, over real sockets: none holds a connection for ever, and each that can be told is told why.

use super::client::Served;
use super::world::{World, check_in};
use mingzhang::http::Limits;
use std::time::Duration;

/// Long enough for a busy machine where it mustn't run out; short where a test waits for it.
const LONG: Duration = Duration::from_secs(600);
const SHORT: Duration = Duration::from_millis(50);
const PATIENT: Limits = Limits { headers_within: LONG, body_within: LONG, silence_max: LONG, unread_within: LONG };

fn head(token: &str, route: &str, length: usize) -> String {
    format!(
        "POST {route} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\nidempotency-key: k-1\r\n\
         content-length: {length}\r\n\r\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_whose_headers_never_end_is_closed() {
    let world = World::empty();
    let served = Served::within(&world.service, Limits { headers_within: SHORT, ..PATIENT }).await;
    for begun in ["", "GET /livez HTTP/1.1\r\n", "GET /livez HTTP/1.1\r\nhost: localhost\r\nx-never:"] {
        let mut connection = served.connect().await;
        connection.write(begun).await.expect("it is open");
        // Nothing comes but the end.
        assert_eq!(connection.until("\r\n\r\n").await, None, "{begun:?}");
    }
    // Whoever drips a header byte by byte gains no time by it.
    let mut connection = served.connect().await;
    connection.write("GET /livez HTTP/1.1\r\nx-never: ").await.expect("it is open");
    let mut dripped = 0;
    while connection.write("x").await.is_ok() {
        tokio::time::sleep(Duration::from_millis(5)).await;
        dripped += 1;
        assert!(dripped < 100_000, "it is never closed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_whole_is_answered_however_short_the_time_for_headers() {
    let world = World::empty();
    let served = Served::within(&world.service, PATIENT).await;
    let mut connection = served.connect().await;
    for _ in 0..3 {
        connection.write("GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n").await.expect("it is open");
        let (head, body) = connection.answer().await.expect("an answer");
        assert!(head.starts_with("HTTP/1.1 200") && body == "ok\n", "{head}{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_stalls_is_answered_with_408_and_records_nothing() {
    let world = World::street();
    let token = world.token("w-1", &["recorder", "operator", "publisher"]);
    let size = world.service.ledger.head().tree_size;
    let served = Served::within(&world.service, Limits { body_within: SHORT, ..PATIENT }).await;
    for route in ["/v1/commands", "/v1/people", "/v1/notices"] {
        let mut connection = served.connect().await;
        connection.write(&format!("{}{{", head(&token, route, 200))).await.expect("it is open");
        let (head, body) = connection.answer().await.expect("an answer");
        assert!(head.starts_with("HTTP/1.1 408"), "{route}: {head}");
        assert!(body.contains(r#""code":"body_timed_out""#), "{route}: {body}");
    }
    assert_eq!(world.service.ledger.head().tree_size, size);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_sends_a_batch_and_reads_nothing_is_let_go() {
    let world = World::street();
    let token = world.token("w-1", &[]);
    let served = Served::within(&world.service, Limits { unread_within: SHORT, ..PATIENT }).await;
    let mut connection = served.connect().await;
    connection.write(&head(&token, "/v1/commands/batch", 1 << 29)).await.expect("it is open");
    let lines = "x\n".repeat(32_768);
    let let_go = async { while connection.write(&lines).await.is_ok() {} };
    tokio::time::timeout(LONG / 10, let_go).await.expect("it is let go");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_stalls_ends_with_what_was_recorded_and_why_it_ended() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    let size = world.service.ledger.head().tree_size;
    let served = Served::within(&world.service, Limits { silence_max: SHORT, ..PATIENT }).await;
    let line = format!("{{\"key\":\"k-1\",{}\n", &check_in(1)[1..]);
    let mut connection = served.connect().await;
    let batch = format!("{}{line}{{\"key\":", head(&token, "/v1/commands/batch", 10_000));
    connection.write(&batch).await.expect("it is open");
    let answered = connection.until("0\r\n\r\n").await.expect("an answer that ends");
    assert!(answered.starts_with("HTTP/1.1 200"), "{answered}");
    assert!(answered.contains(r#"{"line":1,"outcome":"recorded""#), "{answered}");
    let last = answered.lines().find(|line| line.starts_with(r#"{"summary""#)).expect("a summary");
    let last: serde_json::Value = serde_json::from_str(last).expect("JSON");
    assert_eq!((&last["summary"]["recorded"], &last["problem"]["code"]), (&1.into(), &"body_timed_out".into()));
    assert_eq!(world.service.ledger.head().tree_size, size + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_whose_chunks_are_broken_or_that_says_it_is_enormous_is_refused_at_once_for_what_it_is() {
    let world = World::street();
    let token = world.token("w-1", &["recorder", "operator"]);
    let served = Served::within(&world.service, PATIENT).await;
    let chunked = head(&token, "/v1/commands", 0).replace("content-length: 0", "transfer-encoding: chunked");
    let enormous = head(&token, "/v1/commands", 99_000_000_000);
    for (request, status, code) in
        [(format!("{chunked}zz\r\n{{"), "400", "body_broken"), (enormous, "413", "too_large")]
    {
        let mut connection = served.connect().await;
        connection.write(&request).await.expect("it is open");
        let (head, body) = connection.answer().await.expect("an answer");
        assert!(head.starts_with(&format!("HTTP/1.1 {status}")), "{head}");
        assert!(body.contains(&format!(r#""code":"{code}""#)), "{body}");
    }
}
