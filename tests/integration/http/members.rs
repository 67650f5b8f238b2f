//! `GET /v1/members…`.

use super::conforms::conforms;
use super::world::{EAST, World, member};
use mingzhang_events::decode;

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
    for path in [format!("/v1/members/{}/person", member(1)), "/v1/members?number=E-1".to_owned()] {
        let person = world.get(&path, Some(&token)).await;
        assert_eq!(person.header("cache-control"), "no-store");
        let body = person.json();
        conforms(
            &body,
            "get",
            path.split('?')
                .next()
                .map_or("", |path| if path.ends_with("person") { "/v1/members/{id}/person" } else { path }),
            "200",
        );
        assert_eq!((body["name"].as_str(), body["member"].as_str()), (Some("王东"), Some(member(1).as_str())));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_there_is_not_found() {
    let world = World::street();
    let token = world.token("w-1", &["operator"]);
    for path in [
        format!("/v1/members/{}", member(99)),
        format!("/v1/members/{}/points?month=2026-10", member(99)),
        format!("/v1/members/{}/person", member(1)),
        "/v1/members?number=none".to_owned(),
    ] {
        assert_eq!(world.get(&path, Some(&token)).await.problem(), (404, "unknown".to_owned()), "{path}");
    }
    let malformed = world.get("/v1/members/m123", Some(&token)).await;
    assert_eq!(malformed.problem(), (400, "malformed_path".to_owned()));
}
