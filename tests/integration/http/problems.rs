//! Problems (RFC 9457): the shape, and what has no route.

use super::world::World;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::routing::get;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

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

/// What stands around the API stands around the pages beside it too: so a page can stand for any route.
fn beside(pages: Router) -> (World, Router) {
    let world = World::empty();
    let router = mingzhang::http::router_with_pages(Arc::clone(&world.service), pages);
    (world, router)
}

async fn problem_of(router: Router, path: &str) -> (u16, String, String) {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let response = router.oneshot(request).await.expect("a router doesn't fail");
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    let text = String::from_utf8(body.into()).expect("UTF-8");
    let problem: serde_json::Value = serde_json::from_str(&text).expect("a problem");
    (status, problem["code"].as_str().expect("a code").to_owned(), text)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_answered_with_a_problem_that_tells_nothing_of_it_and_the_service_goes_on() {
    async fn panics() {
        panic!("王小东 was at the door");
    }
    let (_world, router) = beside(Router::new().route("/panics", get(panics)));
    let (status, code, text) = problem_of(router.clone(), "/panics").await;
    assert_eq!((status, code.as_str()), (500, "internal"));
    assert!(!text.contains("王小东"), "{text}");
    let request = Request::get("/livez").body(Body::empty()).expect("a request");
    assert_eq!(router.oneshot(request).await.expect("a router doesn't fail").status(), 200);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_takes_longer_than_thirty_seconds_is_given_up() {
    async fn never() {
        std::future::pending().await
    }
    async fn slowly() {
        tokio::time::sleep(Duration::from_secs(29)).await;
    }
    let (_world, router) = beside(Router::new().route("/never", get(never)).route("/slowly", get(slowly)));
    let request = Request::get("/slowly").body(Body::empty()).expect("a request");
    assert_eq!(router.clone().oneshot(request).await.expect("a router doesn't fail").status(), 200);
    let asked = tokio::time::Instant::now();
    let (status, code, _) = problem_of(router, "/never").await;
    assert_eq!((status, code.as_str(), asked.elapsed().as_secs()), (503, "timed_out", 30));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_request_is_said_in_chinese_and_english_by_its_field_and_in_no_word_of_the_program() {
    let world = World::street();
    let token = world.token("w-1", &["recorder", "auditor", "publisher"]);
    let certificate = r#"{"kind":"certificate","member":"m0000000000001","from":"2026-10","until":"2026-10"}"#;
    let visit = |minutes: &str| {
        format!(
            r#"{{"type":"mingzhang.home-visit.made.v1","time":"2026-10-05T07:00:00Z","evidence":"attested","data":{{"household":"h0000000000001","member":"m0000000000001","minutes":{minutes}}}}}"#
        )
    };
    let asked = [
        world.get("/v1/events?limit=x", Some(&token)).await,
        world.get("/v1/events?limt=1", Some(&token)).await,
        world.get("/v1/organizations/420902001001/rates", None).await,
        world.get("/v1/organizations/420902001001/rates?month=10", None).await,
        world.get("/v1/members/1001", Some(&token)).await,
        world.get("/v1/documents/draft?kind=statement&month=2026-10", Some(&token)).await,
        world.get("/v1/documents/draft?kind=register&organization=4&month=2026-10&format=odt", Some(&token)).await,
        world.post("/v1/documents", Some(&token), Some("d-1"), r#"{"kind":"register","month":"2026-10"}"#).await,
        world.post("/v1/documents", Some(&token), Some("d-2"), certificate).await,
        world.post("/v1/commands", Some(&token), Some("k-1"), visit("30.5")).await,
        world.post("/v1/commands", Some(&token), Some("k-2"), visit("\"30\"")).await,
        world.post("/v1/commands", Some(&token), Some("k-3"), visit("")).await,
    ];
    let words = [
        ("“limit”应为不带符号的整数", "limit: has to be a whole number"),
        ("不认识“limt”", "limt isn't known"),
        ("缺少“month”", "month is missing"),
        ("“month”\"10\" 不是月份", "is not a month like 2026-10"),
        ("不是党员标识", "is not a member id"),
        ("“kind”为 statement 时，写且只写 member、month", "kind: statement takes member, month, and nothing else"),
        ("“format”应为其中之一：text、csv", "format: has to be one of text, csv"),
        (
            "“kind”为 register 时，写且只写 organization、month",
            "kind: register takes organization, month, and nothing else",
        ),
        ("缺少“requested_at”：证明须本人申请", "requested_at is missing"),
        ("“minutes”写的是小数 30.5", "minutes: is the fraction 30.5"),
        ("“minutes”写的是文字 \"30\"", "minutes: is the text \"30\""),
        ("这里应有一个值", "a value is missing here"),
    ];
    for (answered, (chinese, english)) in asked.iter().zip(words) {
        let problem = answered.json();
        let (told, told_english) = (problem["detail"].as_str().unwrap(), problem["detail_en"].as_str().unwrap());
        assert!(told.contains(chinese) && !told.contains(english), "{told}");
        assert!(told_english.contains(english), "{told_english}");
        for internal in ["u16", "usize", "u64", "struct", "expected", "found in string"] {
            assert!(!told.contains(internal) && !told_english.contains(internal), "{told} / {told_english}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_as_of_says_what_names_its_size() {
    let world = World::street();
    let answered = world.get("/v1/checkpoint?as_of=1", None).await;
    assert_eq!(answered.problem(), (400, "malformed_query".to_owned()));
    let detail = answered.json()["detail_en"].as_str().expect("words").to_owned();
    assert!(detail.contains("signed sizes only") && detail.contains("since"), "{detail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_content_out_of_range_is_told_in_chinese() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    let named = serde_json::json!({
        "type": "mingzhang.organization.renamed.v1", "time": "2026-10-02T00:00:00Z", "evidence": "office",
        "data": { "organization": super::world::STREET, "name": " " },
    });
    let answered = world.post("/v1/commands", Some(&token), Some("k-1"), named.to_string()).await;
    let detail = answered.json()["detail"].as_str().expect("words").to_owned();
    assert!(detail.contains("名称（name）须为 1 至 100 个字") && !detail.contains("characters"), "{detail}");
}
