//! Problems (RFC 9457): the shape, and what has no route.

use super::world::World;
use axum::body::Body;
use axum::http::Request;
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_route_and_an_unknown_method_are_problems() {
    let world = World::empty();
    for path in ["/v1/nothing", "/nothing", "/v1/organizations/1/nothing", "/v1"] {
        assert_eq!(world.get(path, None).await.problem(), (404, "not_found".to_owned()), "{path}");
    }
    for path in ["/v1/checkpoint", "/v1/commands", "/livez"] {
        let request = Request::delete(path).body(Body::empty()).expect("a request");
        let answered = world.send(request).await;
        assert_eq!(answered.problem(), (405, "method_not_allowed".to_owned()), "{path}");
        assert!(!answered.header("allow").is_empty(), "{path} says which methods it has");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_problem_has_the_members_of_the_standard_and_its_words_in_two_languages() {
    let world = World::empty();
    let problem = world.get("/v1/nothing", None).await;
    let body = problem.json();
    let members: BTreeSet<&str> = body.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(members, BTreeSet::from(["type", "title", "status", "code", "detail", "detail_en"]));
    assert_eq!(problem.header("cache-control"), "no-store");
}

#[test]
fn every_kind_of_problem_has_a_code_of_its_own_and_a_status_of_refusal_or_failure() {
    let kinds = mingzhang::http::Kind::ALL;
    let codes: BTreeSet<&str> = kinds.iter().map(|kind| kind.code).collect();
    assert_eq!(codes.len(), kinds.len());
    for kind in kinds {
        assert!((400..600).contains(&kind.http_status), "{}", kind.code);
        assert!(!kind.title.is_ascii() && kind.meaning.is_ascii(), "{}", kind.code);
    }
}
