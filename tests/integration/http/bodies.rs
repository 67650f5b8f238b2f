//! Bodies of requests, damaged at random: each is taken or refused, and none is a failure of the server.

use super::world::{EAST, STREET, World, check_in, member};
use crate::fuzz::{self, Damage, damaged, within_little};
use serde_json::{Value, json};
use std::cell::LazyCell;
use tokio::runtime::Runtime;

struct Asked {
    runtime: Runtime,
    world: World,
    token: String,
    bodies: Vec<(&'static str, Vec<u8>)>,
}

thread_local! {
    static ASKED: LazyCell<Asked> = LazyCell::new(asked);
}

fn asked() -> Asked {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let world = runtime.block_on(async { World::street() });
    let token = world.token("w-1", &["recorder", "reviewer", "publisher", "operator"]);
    let mut line: Value = serde_json::from_str(&check_in(1)).expect("a command");
    line["key"] = json!("k-1");
    let bodies = [
        ("/v1/commands", check_in(1)),
        ("/v1/commands/batch?mode=each", format!("{line}\n{line}\n")),
        ("/v1/commands/batch?mode=all", format!("{line}\n")),
        ("/v1/people", json!({ "people": [{ "member": member(1), "name": "王东", "number": "E-1" }] }).to_string()),
        (
            "/v1/members/find",
            json!({ "members": [{ "name": "王东", "branch": EAST }, { "number": "E-1" }] }).to_string(),
        ),
        ("/v1/organizations/find", json!({ "names": ["东支部"], "below": STREET }).to_string()),
        ("/v1/households", json!({ "households": [{ "code": "H-1", "household": null }] }).to_string()),
        ("/v1/notices", json!({ "organization": STREET, "month": "2026-10", "number": "〔2026〕1号" }).to_string()),
        ("/v1/months/2026-10/disclosure", json!({ "organization": STREET, "working_days": 5 }).to_string()),
        (
            "/v1/documents",
            json!({ "kind": "register", "organization": EAST, "month": "2026-10", "format": "csv" }).to_string(),
        ),
    ];
    let bodies = bodies.map(|(path, body)| (path, body.into_bytes())).into();
    Asked { runtime, world, token, bodies }
}

#[test]
fn no_damaged_body_is_a_failure_of_the_server() {
    within_little("http::bodies::no_damaged_body_is_a_failure_of_the_server", || {
        bolero::check!().with_type::<(u8, Vec<Damage>)>().with_test_time(fuzz::time()).for_each(|(which, damages)| {
            ASKED.with(|asked| {
                let (path, body) = &asked.bodies[usize::from(*which) % asked.bodies.len()];
                let body = damaged(body, damages);
                let answered = asked.world.post(path, Some(&asked.token), Some("k-1"), body);
                let answered = asked.runtime.block_on(answered);
                assert!(!answered.status.is_server_error(), "{path}: {} {}", answered.status, answered.text());
            });
        });
    });
}
