//! `GET /v1/members…`.

use super::conforms::conforms;
use super::world::{EAST, WEST, World, member};
use mingzhang::identity::Person;
use mingzhang_events::{MemberId, decode};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn every_point_names_its_clause_and_the_entries_that_it_rests_on() {
    let world = World::street();
    let token = world.token("w-1", &["reviewer"]);
    let answered = world.get(&format!("/v1/members/{}/points?month=2026-10", member(3)), Some(&token)).await;
    let body = answered.json();
    conforms(&body, "get", "/v1/members/{id}/points", "200");
    let items = body["items"].as_array().expect("items");
    assert_eq!(items.len(), 1);
    assert_eq!((items[0]["clause"].as_str(), body["total"].as_str()), (Some("1.1"), items[0]["points"].as_str()));
    let mut types = Vec::new();
    for event in items[0]["events"].as_array().expect("events") {
        let entry =
            world.service.ledger.entries(event["log_index"].as_u64().expect("an index"), 1).expect("it is there");
        let decoded = decode(&entry[0].bytes).expect("an entry");
        assert_eq!(Some(decoded.id.to_string().as_str()), event["id"].as_str());
        types.push(decoded.event.stored_type());
    }
    assert_eq!(types, ["mingzhang.check-in.recorded.v1", "mingzhang.check-out.recorded.v1"]);
    let table = world.get(&format!("/v1/members/{}/points.csv?month=2026-10", member(3)), Some(&token)).await.text();
    assert!(table.contains(",1.1,夜间巡逻,120,"), "{table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_shown_without_a_name_and_the_person_apart() {
    let world = World::street();
    world.name(1, "王东", "E-1");
    let token = world.token("w-1", &[&format!("recorder@{EAST}")]);
    let shown = world.get(&format!("/v1/members/{}", member(1)), Some(&token)).await;
    conforms(&shown.json(), "get", "/v1/members/{id}", "200");
    assert!(!shown.text().contains("王东"));
    assert_eq!(shown.json()["branches"][0]["organization"], EAST);
    let person = world.get(&format!("/v1/members/{}/person", member(1)), Some(&token)).await;
    assert_eq!(person.header("cache-control"), "no-store");
    let body = person.json();
    conforms(&body, "get", "/v1/members/{id}/person", "200");
    assert_eq!((body["name"].as_str(), body["member"].as_str()), (Some("王东"), Some(member(1).as_str())));
}

#[tokio::test(flavor = "multi_thread")]
async fn members_are_found_by_number_or_by_name_and_branch_within_the_reach_of_who_asks() {
    let world = World::street();
    // However a name was typed when it was recorded.
    for (number, name, own) in [(1, "王　东", "E-1"), (2, "王东", "E-2"), (8, "王东", "W-8"), (500, "新人", "N-500")]
    {
        world.name(number, name, own);
    }
    let wanted = json!({ "members": [
        { "number": "E-1" }, { "number": "W-8" }, { "number": "N-500" }, { "number": "none" },
        { "name": "王东", "branch": EAST }, { "name": "王东", "branch": WEST }, { "name": "李东", "branch": EAST },
    ] });
    let find = async |grants: &[&str]| {
        let token = world.token("w-1", grants);
        let found = world.post("/v1/members/find", Some(&token), None, wanted.to_string()).await;
        assert_eq!(found.header("cache-control"), "no-store", "{}", found.text());
        conforms(&found.json(), "post", "/v1/members/find", "200");
        found.json()["members"].clone()
    };
    let [one, two, eight, new] = [member(1), member(2), member(8), member(500)];
    assert_eq!(find(&["recorder"]).await, json!([[one], [eight], [new], [], [one, two], [eight], []]));
    // Nobody learns that there is somebody whom they don't reach. Who is on no roster yet is about to be put on one.
    assert_eq!(find(&[&format!("operator@{WEST}")]).await, json!([[], [eight], [new], [], [], [eight], []]));
    // Who reviews or publishes looks up whom they reach, and puts nobody on a roster; a member looks up themselves.
    assert_eq!(find(&[&format!("reviewer@{WEST}"), "auditor"]).await, json!([[], [eight], [], [], [], [eight], []]));
    let own = world.token_of("m-8", Some(8), &[]);
    let found = world.post("/v1/members/find", Some(&own), None, wanted.to_string()).await;
    assert_eq!(found.json()["members"], json!([[], [eight], [], [], [], [eight], []]));
    for (grants, status) in [(&["auditor"][..], 403), (&["recorder"], 422)] {
        let token = world.token("w-2", grants);
        let unfit = json!({ "members": [{ "name": "王东" }] }).to_string();
        let refused = world.post("/v1/members/find", Some(&token), None, unfit).await;
        assert_eq!(refused.status, status, "{}", refused.text());
        assert!(!refused.text().contains('东'), "a problem quotes no name: {}", refused.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_beside_a_number_or_an_id_must_be_theirs() {
    let world = World::street();
    for (number, name, own) in [(1, "王　东", "E-1"), (2, "李东", "E-2"), (8, "王西", "W-8")] {
        world.name(number, name, own);
    }
    let wanted = json!({ "members": [
        { "number": "E-1", "name": "王东" }, { "number": "E-1", "name": "李东" }, { "number": "E-1", "branch": EAST },
        { "number": "E-1", "branch": WEST }, { "member": member(2), "number": "E-2", "name": "李东", "branch": EAST },
        { "member": member(2), "number": "E-1" }, { "member": member(2), "number": "E-3" }, { "member": member(8) },
        { "member": member(999) }, { "member": member(3), "name": "随便" },
    ] });
    let find = async |grants: &[&str]| {
        let token = world.token("w-1", grants);
        let found = world.post("/v1/members/find", Some(&token), None, wanted.to_string()).await;
        conforms(&found.json(), "post", "/v1/members/find", "200");
        found.json()["members"].clone()
    };
    let [one, two, three, eight] = [member(1), member(2), member(3), member(8)];
    // Of member 3 no name is kept: nothing contradicts.
    assert_eq!(find(&["recorder"]).await, json!([[one], [], [one], [], [two], [], [], [eight], [], [three]]));
    assert_eq!(find(&[&format!("recorder@{WEST}")]).await, json!([[], [], [], [], [], [], [], [eight], [], []]));
}

/// Somebody else's program holds the database of people, so that a name waits for it, and who looks members up waits for both.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_recorded_is_seen_while_who_looks_members_up_waits_for_names() {
    let world = World::street();
    world.name(1, "王东", "E-1");
    let token = world.token("w-1", &["recorder"]);
    let find = async |wanted: Value| {
        let wanted = json!({ "members": [wanted] }).to_string();
        world.post("/v1/members/find", Some(&token), None, wanted).await.json()["members"].clone()
    };
    let (by_number, by_id) = (json!({ "number": "E-1" }), json!({ "member": member(1), "name": "王东" }));
    assert_eq!(find(by_number.clone()).await, json!([[member(1)]]), "from here on the token is known");
    let other =
        Connection::open(world.directory.path().join("ledger/identity.sqlite")).expect("the database of people");
    other.execute_batch("BEGIN IMMEDIATE").expect("SQL");
    let service = Arc::clone(&world.service);
    let naming = std::thread::spawn(move || {
        let person = Person { name: "李东".to_owned(), number: None };
        service.identity.record_people(&[(MemberId(2), person)])
    });
    let settled = Duration::from_millis(300);
    tokio::time::sleep(settled).await;
    let seen = async {
        tokio::time::sleep(settled).await;
        let data = json!({ "activity": "a0000000000009", "member": member(3) });
        let recorded = world.record("now", "mingzhang.sign-up.made.v1", "2026-11-02T00:00:00Z", "on_site_code", data);
        let followed = world.service.follower.caught_up(recorded + 1);
        let in_time = tokio::time::timeout(Duration::from_secs(2), followed).await.is_ok();
        other.execute_batch("ROLLBACK").expect("SQL");
        in_time
    };
    let (numbered, named, in_time) = tokio::join!(find(by_number), find(by_id), seen);
    assert!(in_time, "the models are held by nobody who waits");
    assert_eq!((numbered, named), (json!([[member(1)]]), json!([[member(1)]])));
    naming.join().expect("naming doesn't panic").expect("people are recorded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_households_code_keeps_the_id_that_it_got_first() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    let size = world.service.ledger.head().tree_size;
    let ask = async |households: Value| {
        let body = json!({ "households": households }).to_string();
        let known = world.post("/v1/households", Some(&token), None, body).await;
        conforms(&known.json(), "post", "/v1/households", "200");
        known.json()["households"].clone()
    };
    let first = "h0000000000007";
    assert_eq!(ask(json!([{ "code": "H-07" }])).await, json!([null]));
    assert_eq!(ask(json!([{ "code": "H-07", "household": first }])).await, json!([first]));
    let other = json!([{ "code": "H-07", "household": "h0000000000008" }, { "code": "H-09" }]);
    assert_eq!(ask(other).await, json!([first, null]));
    assert_eq!(world.service.ledger.head().tree_size, size, "codes stay beside the log");
    let reviewer = world.token("w-2", &["reviewer"]);
    let body = json!({ "households": [{ "code": "H-07" }] }).to_string();
    let refused = world.post("/v1/households", Some(&reviewer), None, body).await;
    assert_eq!(refused.problem(), (403, "role_does_not_reach".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_there_is_not_found() {
    let world = World::street();
    let token = world.token("w-1", &["operator"]);
    for path in [
        format!("/v1/members/{}", member(99)),
        format!("/v1/members/{}/points?month=2026-10", member(99)),
        format!("/v1/members/{}/person", member(1)),
    ] {
        assert_eq!(world.get(&path, Some(&token)).await.problem(), (404, "unknown".to_owned()), "{path}");
    }
    let malformed = world.get("/v1/members/m123", Some(&token)).await;
    assert_eq!(malformed.problem(), (400, "malformed_path".to_owned()));
}
