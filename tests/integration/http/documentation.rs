//! `/openapi.json`, `/docs`, and the reference.

use super::world::World;
use mingzhang::http::openapi;

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_served_and_its_page_loads_nothing_from_elsewhere() {
    let world = World::empty();
    let document = world.get("/openapi.json", None).await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let generated: serde_json::Value = serde_json::from_str(&openapi::json()).expect("a document");
    assert_eq!(document, generated);
    let page = world.get("/docs/", None).await;
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("https://") && !page.text().contains("//cdn"), "{}", page.text());
}

#[test]
fn every_route_says_who_may_call_it() {
    let document: serde_json::Value = serde_json::from_str(&openapi::json()).expect("a document");
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            if path.starts_with("/v1/") {
                let who = operation["description"].as_str().unwrap_or_default();
                assert!(who.contains("**Who:**"), "{method} {path}");
                let public = who.contains("**Who:** anybody");
                assert_eq!(operation["security"].is_array(), !public, "{method} {path}");
            }
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().expect("a name");
                let in_path = path.contains(&format!("{{{name}}}"));
                assert_eq!(parameter["in"] == "path", in_path, "{method} {path}: {name}");
            }
        }
    }
}

#[test]
fn the_reference_has_every_route_and_every_code() {
    let reference = openapi::markdown();
    let document: serde_json::Value = serde_json::from_str(&openapi::json()).expect("a document");
    let mut ids = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            assert!(reference.contains(&format!("| `{} {path}` |", method.to_uppercase())), "{method} {path}");
            assert!(ids.insert(operation["operationId"].as_str().expect("an id")), "{method} {path}: an id used twice");
        }
    }
    for (code, _) in mingzhang::ledger::Rejection::CODES {
        assert!(reference.contains(&format!("| `{code}` |")), "{code}");
    }
}
