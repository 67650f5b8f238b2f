//! `POST /v1/commands/batch`.

use super::conforms::check;
use super::world::{Answered, World, check_in, member};
use proptest::prelude::*;
use serde_json::{Value, json};

fn line(key: &str, command: &str) -> String {
    let mut line: Value = serde_json::from_str(command).expect("a command");
    line["key"] = json!(key);
    line.to_string()
}

fn lines_of(answered: &Answered) -> Vec<Value> {
    assert_eq!(answered.status, 200, "{}", answered.text());
    assert_eq!(answered.header("content-type"), "application/x-ndjson");
    answered.text().lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn outcomes(lines: &[Value]) -> Vec<(u64, &str)> {
    let of = |line: &'_ Value| line["line"].as_u64();
    lines.iter().filter_map(|line| Some((of(line)?, line["outcome"].as_str()?))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_line_has_its_outcome_in_order_and_the_last_line_is_the_summary() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    world.post("/v1/commands", Some(&token), Some("before"), check_in(1)).await;
    let size = world.service.ledger.head().tree_size;
    let body = [
        line("before", &check_in(1)),
        line("k-2", &check_in(2)),
        String::new(),
        "{\"key\": \"k-3\", nonsense".to_owned(),
        line("k-4", &check_in(99)),
        line("k-5", &check_in(5).replace("on_site_code", "hearsay")),
        line("k-2", &check_in(2)),
        line("k-7", &check_in(7)),
    ]
    .join("\n");
    let answered = world.post("/v1/commands/batch", Some(&token), None, body).await;
    let lines = lines_of(&answered);
    assert_eq!(
        outcomes(&lines),
        [
            (1, "repeated"),
            (2, "recorded"),
            (4, "malformed"),
            (5, "rejected"),
            (6, "malformed"),
            (7, "repeated"),
            (8, "recorded")
        ]
    );
    assert_eq!((&lines[1]["log_index"], &lines[6]["log_index"]), (&json!(size), &json!(size + 1)));
    assert_eq!(lines[2]["code"], "malformed_json");
    assert_eq!(lines[2]["column"], 16);
    assert_eq!(lines[3]["code"], "unknown_member");
    assert_eq!(lines[4]["code"], "content_malformed");
    let summary = &lines[7]["summary"];
    for (name, count) in
        [("commands", 7), ("recorded", 2), ("repeated", 2), ("rejected", 1), ("malformed", 2), ("withheld", 0)]
    {
        assert_eq!(summary[name], count, "{name}");
    }
    assert_eq!(summary["tree_size"], size + 2);
    check(summary, &json!({ "$ref": "#/components/schemas/BatchSummary" }), "summary");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_or_none_records_nothing_when_one_line_is_refused_or_malformed() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    let size = world.service.ledger.head().tree_size;
    for bad in [line("k-2", &check_in(99)), "{}".to_owned()] {
        let body = [line("k-1", &check_in(1)), bad, line("k-3", &check_in(3))].join("\n");
        let lines = lines_of(&world.post("/v1/commands/batch?mode=all", Some(&token), None, body).await);
        let named: Vec<&str> = outcomes(&lines).into_iter().map(|(_, outcome)| outcome).collect();
        assert_eq!((named[0], named[2]), ("withheld", "withheld"));
        assert_eq!(lines[3]["summary"]["withheld"], 2);
        assert_eq!(world.service.ledger.head().tree_size, size);
    }
    let body = [line("k-1", &check_in(1)), line("k-3", &check_in(3))].join("\n");
    let lines = lines_of(&world.post("/v1/commands/batch?mode=all", Some(&token), None, body).await);
    assert_eq!(outcomes(&lines), [(1, "recorded"), (2, "recorded")]);
    assert_eq!(world.service.ledger.head().tree_size, size + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_tells_what_would_be_and_records_nothing() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    let size = world.service.ledger.head().tree_size;
    let check_out = check_in(1).replace("check-in", "check-out").replace("11:05", "12:05");
    let body = [line("k-1", &check_in(1)), line("k-2", &check_out), line("k-3", &check_out)].join("\n");
    let lines = lines_of(&world.post("/v1/commands/batch?mode=dry-run", Some(&token), None, body).await);
    assert_eq!(outcomes(&lines), [(1, "recorded"), (2, "recorded"), (3, "rejected")]);
    assert_eq!(lines[3]["summary"]["mode"], "dry-run");
    assert_eq!(world.service.ledger.head().tree_size, size);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_many_chunks_is_recorded_in_the_order_of_its_lines() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    let size = world.service.ledger.head().tree_size;
    let rostered = |number: u64| {
        let data = json!({ "member": member(number), "class": "resident", "organization": "420902001001" });
        let key = format!("m-{number}");
        json!({ "key": key, "type": "mingzhang.member.rostered.v1", "time": "2026-10-01T00:00:00Z", "evidence": "office", "data": data })
            .to_string()
    };
    let body = (1_000..8_000).map(rostered).collect::<Vec<_>>().join("\n");
    let lines = lines_of(&world.post("/v1/commands/batch", Some(&token), None, body).await);
    assert_eq!(lines.len(), 7_001);
    for (at, line) in lines[..7_000].iter().enumerate() {
        let at = u64::try_from(at).expect("a number");
        assert_eq!((&line["line"], &line["log_index"]), (&json!(at + 1), &json!(size + at)));
    }
    assert_eq!(lines[7_000]["summary"]["recorded"], 7_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_batch_has_a_summary_and_nothing_else() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    for mode in ["each", "all", "dry-run"] {
        let answered = world.post(&format!("/v1/commands/batch?mode={mode}"), Some(&token), None, "\n\n").await;
        let lines = lines_of(&answered);
        assert_eq!(lines.len(), 1);
        assert_eq!((&lines[0]["summary"]["commands"], &lines[0]["summary"]["mode"]), (&json!(0), &json!(mode)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_too_long_is_told_by_its_number_and_the_others_go_on() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    let long = line("k-2", &check_in(2)).replace("k-2", &"k".repeat(3_000_000));
    let body = [line("k-1", &check_in(1)), long.clone(), line("k-3", &check_in(3)), long].join("\n");
    let lines = lines_of(&world.post("/v1/commands/batch", Some(&token), None, body).await);
    assert_eq!(outcomes(&lines), [(1, "recorded"), (2, "malformed"), (3, "recorded"), (4, "malformed")]);
    assert_eq!((&lines[1]["code"], &lines[3]["code"]), (&json!("too_large"), &json!("too_large")));
    assert_eq!((&lines[4]["summary"]["recorded"], &lines[4]["summary"]["malformed"]), (&json!(2), &json!(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_byte_order_mark_and_dos_line_ends_are_no_fault() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    let body = format!("\u{feff}{}\r\n{}\r\n", line("k-1", &check_in(1)), line("k-2", &check_in(2)));
    let lines = lines_of(&world.post("/v1/commands/batch", Some(&token), None, body).await);
    assert_eq!(outcomes(&lines), [(1, "recorded"), (2, "recorded")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_say_that_it_is_lines_of_json_is_refused() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    for (media, status) in [
        ("application/json", 415),
        ("application/x-www-form-urlencoded", 415),
        ("text/csv", 415),
        ("application/x-ndjson", 200),
        ("Application/NDJSON; charset=utf-8", 200),
        ("application/jsonl", 200),
    ] {
        let request = axum::http::Request::post("/v1/commands/batch")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", media);
        let body = line("k-1", &check_in(1));
        let answered = world.send(request.body(body.into()).expect("a request")).await;
        assert_eq!(answered.status, status, "{media}: {}", answered.text());
    }
}

/// Lines as clients send them and as they come out of a broken client: whole, cut, doubled, with bytes changed.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let whole =
        (1..=7_u64, 0..9_u8).prop_map(|(number, key)| line(&format!("k-{key}"), &check_in(number)).into_bytes());
    let changed = (whole.clone(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(mut line, at, byte)| {
        let at = at.index(line.len());
        line[at] = byte;
        line
    });
    let cut = (whole.clone(), any::<prop::sample::Index>()).prop_map(|(mut line, at)| {
        line.truncate(at.index(line.len()));
        line
    });
    let noise = prop::collection::vec(any::<u8>(), 0..200);
    let lines = prop::collection::vec(prop_oneof![3 => whole, 2 => changed, 1 => cut, 1 => noise], 0..12);
    lines.prop_map(|lines| lines.join(&b'\n'))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn whatever_bytes_come_the_lines_of_the_answer_say_exactly_what_was_recorded(
        body in body(), mode in prop::sample::select(vec!["each", "all", "dry-run"]),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let world = World::street();
            let token = world.token("w-1", &["recorder"]);
            let before = world.service.ledger.head().tree_size;
            let path = format!("/v1/commands/batch?mode={mode}");
            let answered = world.post(&path, Some(&token), None, body).await;
            let lines = lines_of(&answered);
            let (last, lines) = lines.split_last().expect("a last line");
            assert!(last["summary"].is_object(), "{last}");
            let recorded: Vec<&Value> = lines.iter().filter(|line| line["outcome"] == "recorded").collect();
            let after = world.service.ledger.head().tree_size;
            if mode == "dry-run" {
                assert_eq!(after, before);
                return;
            }
            assert_eq!(after - before, recorded.len() as u64, "{}", answered.text());
            for (line, log_index) in recorded.iter().zip(before..) {
                assert_eq!(line["log_index"], log_index);
                let entry = world.service.ledger.entries(log_index, 1).expect("an entry").remove(0);
                let entry: Value = serde_json::from_slice(&entry.bytes).expect("JSON");
                assert_eq!(entry["id"], line["id"]);
            }
            let refused = lines.iter().any(|line| line["outcome"] == "rejected" || line["outcome"] == "malformed");
            assert!(mode == "each" || !refused || recorded.is_empty(), "{}", answered.text());
        });
    }
}
