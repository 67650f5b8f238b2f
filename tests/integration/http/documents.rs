//! Whether a file was issued: everybody who has its digest is told, and nobody is told whom it is about.

use super::conforms::conforms;
use super::world::{EAST, NOW, World, member};
use serde_json::{Value, json};

const ROUTE: &str = "/v1/documents/{sha256}";

pub(super) fn digest(digit: char) -> String {
    digit.to_string().repeat(64)
}

/// Records that a file of a register was issued, and gives its digest.
pub(super) fn record_register(world: &World) -> String {
    let data = json!({
        "digest": digest('9'), "format": "csv", "kind": "register", "month": "2026-10", "organization": EAST,
        "root_hash": digest('0'), "tree_size": 1,
    });
    world.record("register", "mingzhang.document.issued.v1", NOW, "office", data);
    digest('9')
}

/// A certificate of the first member.
fn certificate(digit: char, number: &str, supersedes: Option<&Value>) -> Value {
    let mut data = json!({
        "digest": digest(digit), "format": "pdf", "kind": "certificate", "member": member(1), "number": number,
        "organization": EAST, "requested_at": "2026-11-04T01:00:00Z", "root_hash": digest('0'), "tree_size": 1,
    });
    if let Some(id) = supersedes {
        data["supersedes"] = id.clone();
    }
    data
}

async fn asked(world: &World, digit: char) -> Value {
    let answered = world.get(&format!("/v1/documents/{}", digest(digit)), None).await;
    assert_eq!(answered.status, 200, "{}", answered.text());
    assert!(!answered.text().contains(&member(1)), "whom it is about isn't told: {}", answered.text());
    conforms(&answered.json(), "get", ROUTE, "200");
    answered.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_tells_whether_the_file_was_issued_and_what_has_taken_its_place() {
    let world = World::street();
    let stored_type = "mingzhang.document.issued.v1";
    world.record("first", stored_type, NOW, "both_parties", certificate('1', "志证〔2026〕1号", None));
    let first = asked(&world, '1').await;
    let document = &first["document"];
    assert_eq!((&document["number"], &document["kind"]), (&json!("志证〔2026〕1号"), &json!("certificate")));
    assert_eq!((&document["organization"], &document["issued_at"]), (&json!(EAST), &json!(NOW)));
    assert!(document["superseded_by"].is_null() && first["notice"].is_null());
    let second = certificate('2', "志证〔2026〕2号", Some(&document["id"]));
    world.record("second", stored_type, NOW, "attested", second);
    let superseded = asked(&world, '1').await["document"]["superseded_by"].clone();
    assert_eq!(superseded["number"], "志证〔2026〕2号");
    assert_eq!(superseded["id"], asked(&world, '2').await["document"]["id"]);
    assert!(asked(&world, '2').await["document"]["superseded_by"].is_null());
    let never = world.get(&format!("/v1/documents/{}", digest('3')), None).await;
    assert_eq!(never.problem(), (404, "unknown".to_owned()));
    assert!(never.text().contains("未经印发就没有登记"), "{}", never.text());
    let malformed = world.get("/v1/documents/abc", None).await;
    assert_eq!(malformed.problem(), (400, "malformed_path".to_owned()));
}
