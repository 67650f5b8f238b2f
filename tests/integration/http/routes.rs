//! What holds for every route: taken from the OpenAPI document, so that a new route is held to it as soon as it is described.

use super::world::{EAST, World, member};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

/// Tables that answer to a suffix as well; the document has them under their plain address only.
const BY_SUFFIX: [&str; 7] = ["ranking", "units", "rates", "attendance", "duty", "summary", "points"];

/// Answers in JSON that have no ETag, each with its reason.
const WITHOUT_TAG: [(&str, &str); 2] = [
    ("/v1/members/{id}/person", "a name: nothing in between may keep it"),
    ("/v1/members/{id}/reveal", "a name: nothing in between may keep it"),
];

/// A closed month, an issued notice, everything that a route can ask about.
async fn world() -> (World, String) {
    let world = World::street();
    let data = json!({ "organization": EAST, "month": "2026-10" });
    world.record("close", "mingzhang.month.closed.v1", "2026-11-05T00:00:00Z", "office", data);
    world.name(1, "王东", "E-1");
    super::documents::record_register(&world);
    let token = world.token_of("w-1", None, &["recorder", "reviewer", "publisher", "auditor", "operator"]);
    (world, token)
}

fn document() -> Value {
    serde_json::from_str(&mingzhang::http::openapi::json()).expect("a document")
}

/// The address of a route with something in it that exists, and the query parameters that it must have.
fn address(path: &str, operation: &Value, notice: &str) -> String {
    let id = if path.starts_with("/v1/members") { member(1) } else { notice.to_owned() };
    let path = path
        .replace("{code}", EAST)
        .replace("{month}", "2026-10")
        .replace("{id}", &id)
        .replace("{number}", "1")
        .replace("{file}", "records.csv")
        .replace("{sha256}", &super::documents::digest('9'))
        .replace("{month}", "2026-10")
        .replace("/tile/{level}/{index}", "/tile/0/000.p/13")
        .replace("/tile/entries/{index}", "/tile/entries/000.p/13");
    assert!(!path.contains('{'), "{path}: say in this test what stands there");
    let parameters = operation["parameters"].as_array();
    let required = parameters
        .into_iter()
        .flatten()
        .filter(|parameter| parameter["in"] == "query" && parameter["required"] == true);
    let query: Vec<String> = required
        .map(|parameter| match parameter["name"].as_str() {
            Some("month") => "month=2026-10".to_owned(),
            Some("organization") => format!("organization={EAST}"),
            Some("kind") => format!("kind=register&organization={EAST}&month=2026-10"),
            Some("since") => format!("since={notice}"),
            other => panic!("{path}: say in this test what {other:?} is"),
        })
        .collect();
    format!("{path}?{}", query.join("&"))
}

async fn issue(world: &World, token: &str) -> String {
    let wanted = json!({ "organization": EAST, "month": "2026-10", "number": "〔2026〕1号" }).to_string();
    let issued = world.post("/v1/notices", Some(token), Some("n-1"), wanted).await;
    assert_eq!(issued.status, 201, "{}", issued.text());
    issued.json()["id"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_query_parameter_is_refused_by_every_route() {
    let (world, token) = world().await;
    let notice = issue(&world, &token).await;
    let mut addresses = vec![("get".to_owned(), "/openapi.json?".to_owned())];
    for (path, item) in document()["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let address = address(path, operation, &notice);
            let (before, query) = address.split_once('?').expect("a query");
            if path == "/v1/organizations/{code}/draft" {
                let suffixes = ["csv", "html", "json", "txt"];
                addresses.extend(suffixes.map(|suffix| (method.clone(), format!("{before}.{suffix}?{query}"))));
            }
            if BY_SUFFIX.iter().any(|name| path.ends_with(&format!("/{name}"))) {
                addresses.push((method.clone(), format!("{before}.csv?{query}")));
                addresses.push((method.clone(), format!("{before}.json?{query}")));
            }
            addresses.push((method.clone(), address));
        }
    }
    assert!(addresses.len() > 40, "{}", addresses.len());
    for (method, address) in addresses {
        let send = async |address: &str| {
            let request = Request::builder().method(method.to_uppercase().as_str()).uri(address);
            let request = request.header("authorization", format!("Bearer {token}")).header("idempotency-key", "k-1");
            world.send(request.body(Body::empty()).expect("a request")).await
        };
        let answered = send(&format!("{address}&nonsense=1")).await;
        assert_eq!(answered.status, 400, "{method} {address}: {}", answered.text());
        assert_eq!(answered.problem().1, "malformed_query", "{method} {address}");
        if method == "get" {
            assert_eq!(send(&address).await.status, 200, "{address}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_in_json_has_a_tag_and_is_not_sent_again_to_who_has_it() {
    let (world, token) = world().await;
    let notice = issue(&world, &token).await;
    let mut addresses = vec![("/openapi.json".to_owned(), "/openapi.json".to_owned())];
    for (path, item) in document()["paths"].as_object().expect("paths") {
        let operation = &item["get"];
        if operation["responses"]["200"]["content"]["application/json"].is_object() {
            addresses.push((path.clone(), address(path, operation, &notice)));
        }
    }
    for text in ["/v1/checkpoint", "/log/checkpoint", &format!("/v1/events/{notice}/proof")] {
        addresses.push((text.to_owned(), text.to_owned()));
    }
    assert!(addresses.len() > 20, "{}", addresses.len());
    for (path, address) in addresses {
        let first = world.get(&address, Some(&token)).await;
        assert_eq!(first.status, 200, "{address}: {}", first.text());
        if let Some((_, reason)) = WITHOUT_TAG.iter().find(|(without, _)| *without == path) {
            assert_eq!((first.header("etag"), first.header("cache-control")), ("", "no-store"), "{reason}");
            continue;
        }
        let etag = first.header("etag").to_owned();
        assert!(etag.starts_with('"'), "{address} has no ETag");
        let again = world.get_with(&address, Some(&token), &[("if-none-match", &etag)]).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{address}");
        assert_eq!(again.header("etag"), etag, "{address}");
        let other = world.get_with(&address, Some(&token), &[("if-none-match", "\"other\"")]).await;
        assert_eq!((other.status.as_u16(), other.body.len()), (200, first.body.len()), "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_array_in_the_place_of_an_object_is_refused_in_every_body() {
    let (world, token) = world().await;
    let size = world.service.ledger.head().tree_size;
    let check_in = json!({ "activity": "a0000000000009", "member": member(1) });
    let command = ["mingzhang.check-in.recorded.v1", "2026-11-03T11:05:00Z", "on_site_code"];
    let [stored_type, time, evidence] = command;
    let as_array = json!([stored_type, time, evidence, check_in]);
    let data_as_array = json!({ "type": stored_type, "time": time, "evidence": evidence,
        "data": ["a0000000000009", member(1)] });
    let rules = mingzhang_projections::parse_rules(mingzhang_projections::DEFAULT_RULES_TOML).expect("rules");
    let Value::Object(mut rules) = serde_json::to_value(rules).expect("rules are JSON") else { panic!("an object") };
    rules.insert("version".to_owned(), json!("2099.1"));
    rules.insert("effective_from".to_owned(), json!("2026-12"));
    let adopt = |rules: Value| {
        json!({ "type": "mingzhang.scoring-rules.adopted.v1", "time": "2026-11-04T00:00:00Z", "evidence": "office",
            "data": { "rules": rules } })
    };
    let rules_as_array = adopt(Value::Array(rules.values().cloned().collect()));
    for (path, body) in [
        ("/v1/commands", as_array.clone()),
        ("/v1/commands", data_as_array),
        ("/v1/commands", rules_as_array),
        ("/v1/people", json!([[[member(1), "李东", null]]])),
        ("/v1/people", json!({ "people": [[member(1), "李东", null]] })),
        ("/v1/notices", json!([EAST, "2026-10", "〔2026〕9号"])),
        ("/v1/documents", json!(["register", EAST, null, null, "2026-10"])),
        ("/v1/members/find", json!([[{ "number": "E-1" }]])),
        ("/v1/members/find", json!({ "members": [["E-1", null, null]] })),
        ("/v1/organizations/find", json!([["东支部"]])),
        ("/v1/households", json!([[{ "code": "H-1" }]])),
        ("/v1/households", json!({ "households": [["H-1", null]] })),
    ] {
        let answered = world.post(path, Some(&token), Some("k-array"), body.to_string()).await;
        assert_eq!(answered.problem(), (422, "content_malformed".to_owned()), "{path} {body}");
    }
    let line = json!(["k-array", stored_type, time, evidence, check_in]).to_string();
    let answered = world.post("/v1/commands/batch", Some(&token), None, line).await;
    assert!(answered.text().contains(r#""code":"content_malformed""#), "{}", answered.text());
    assert_eq!(world.service.ledger.head().tree_size, size);
    assert_eq!(
        world.service.identity.person(mingzhang_events::MemberId(1)).expect("people").expect("known").name,
        "王东"
    );
    // The same as objects is recorded.
    let answered =
        world.post("/v1/commands", Some(&token), Some("k-rules"), adopt(Value::Object(rules)).to_string()).await;
    assert_eq!(answered.status, 201, "{}", answered.text());
}
