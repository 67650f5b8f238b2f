//! `GET /v1/organizations…`: tree, units, rates, attendance, duty, summary.

use super::conforms::conforms;
use super::world::{EAST, STREET, WEST, World, member};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn the_tree_is_listed_from_the_top_a_page_at_a_time() {
    let world = World::street();
    let whole = world.get("/v1/organizations", None).await.json();
    conforms(&whole, "get", "/v1/organizations", "200");
    let codes = |body: &Value| -> Vec<String> {
        let all = body["organizations"].as_array().expect("organizations");
        all.iter().map(|card| card["organization"].as_str().expect("a code").to_owned()).collect()
    };
    assert_eq!(codes(&whole), [STREET, EAST, WEST]);
    let size = world.service.ledger.head().tree_size;
    let first = world.get("/v1/organizations?limit=2", None).await;
    assert_eq!(codes(&first.json()), [STREET, EAST]);
    assert_eq!(first.header("link"), format!("</v1/organizations?limit=2&cursor={EAST}@{size}>; rel=\"next\""));
    let second = world.get(&format!("/v1/organizations?limit=2&cursor={EAST}@{size}"), None).await;
    assert_eq!((codes(&second.json()), second.header("link")), (vec![WEST.to_owned()], ""));
    let below = world.get(&format!("/v1/organizations?below={WEST}"), None).await;
    assert_eq!(codes(&below.json()), [WEST]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_names_those_above_and_below_it() {
    let world = World::street();
    let street = world.get(&format!("/v1/organizations/{STREET}"), None).await.json();
    conforms(&street, "get", "/v1/organizations/{code}", "200");
    assert_eq!(street["name"], "书院街道党工委");
    assert_eq!(street["below"].as_array().map(Vec::len), Some(2));
    let east = world.get(&format!("/v1/organizations/{EAST}"), None).await.json();
    assert_eq!(east["above"][0]["organization"], STREET);
    let malformed = world.get("/v1/organizations/..%2F", None).await;
    assert_eq!(malformed.problem(), (400, "malformed_path".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn organisations_are_found_by_name_within_the_reach_of_who_asks() {
    let world = World::street();
    let name = async |code: &str| {
        world.get(&format!("/v1/organizations/{code}"), None).await.json()["name"].as_str().expect("a name").to_owned()
    };
    let (street, east, west) = (name(STREET).await, name(EAST).await, name(WEST).await);
    let long = format!("{street} {east}");
    let find = async |grants: &[&str], below: Option<&str>| {
        let token = world.token("w-1", grants);
        let wanted = json!({ "names": [east, west, long, "没有的"], "below": below }).to_string();
        let found = world.post("/v1/organizations/find", Some(&token), None, wanted).await;
        assert_eq!(found.status, 200, "{}", found.text());
        conforms(&found.json(), "post", "/v1/organizations/find", "200");
        found.json()["organizations"].clone()
    };
    let [one, other] = [EAST, WEST].map(|code| json!({ "organization": code, "above": street }));
    assert_eq!(find(&["recorder"], None).await, json!([[one], [other], [one], []]));
    assert_eq!(find(&[&format!("operator@{WEST}")], None).await, json!([[], [other], [], []]));
    assert_eq!(find(&["recorder"], Some(EAST)).await, json!([[one], [], [one], []]));
    let auditor = world.token("a-1", &["auditor"]);
    let refused = world.post("/v1/organizations/find", Some(&auditor), None, json!({ "names": [] }).to_string()).await;
    assert_eq!(refused.problem(), (403, "role_does_not_reach".to_owned()));
    let recorder = world.token("w-2", &["recorder"]);
    let many = json!({ "names": vec!["东"; 1_001] }).to_string();
    let refused = world.post("/v1/organizations/find", Some(&recorder), None, many).await;
    assert_eq!(refused.problem(), (422, "content_malformed".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn rates_for_the_public_withhold_the_numerator_of_a_small_group() {
    let world = World::street();
    let of = async |code: &str| {
        let body = world.get(&format!("/v1/organizations/{code}/rates?month=2026-10"), None).await.json();
        conforms(&body, "get", "/v1/organizations/{code}/rates", "200");
        body
    };
    let east = of(EAST).await;
    // The street's less the east's would be the west's.
    let beside =
        json!({ "numerator": null, "denominator": 7, "percent_hundredths": null, "withheld": "beside_small_group" });
    assert_eq!(east["enrollment"], beside);
    assert_eq!(east["closed"], false);
    let street = of(STREET).await;
    let told = json!({ "numerator": 5, "denominator": 10, "percent_hundredths": 5000, "withheld": null });
    assert_eq!(street["enrollment"], told);
    // Three members in the west: fewer than the rules allow to be published.
    let west = of(WEST).await;
    assert_eq!(
        west["enrollment"],
        json!({ "numerator": null, "denominator": 3, "percent_hundredths": null, "withheld": "small_group" })
    );
    let table = world.get(&format!("/v1/organizations/{STREET}/rates.csv?month=2026-10"), None).await.text();
    assert!(table.contains("报到率,5,10,50.00%\r\n"), "{table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_month_of_an_organisation_is_as_described_in_every_part() {
    let world = World::street();
    let token = world.token("w-1", &["auditor"]);
    for part in ["units", "attendance", "duty", "summary"] {
        let path = format!("/v1/organizations/{STREET}/{part}");
        let answered = world.get(&format!("{path}?month=2026-10"), Some(&token)).await;
        assert_eq!(answered.status, 200, "{}", answered.text());
        conforms(&answered.json(), "get", &format!("/v1/organizations/{{code}}/{part}"), "200");
        let table = world.get(&format!("{path}.csv?month=2026-10"), Some(&token)).await;
        assert!(table.text().starts_with('\u{feff}'), "{part}");
    }
    let summary = world.get(&format!("/v1/organizations/{STREET}/summary?month=2026-10"), Some(&token)).await.json();
    assert_eq!((&summary["members"]["due"], &summary["records"]["accepted"]), (&json!(10), &json!(4)));
    let units = world.get(&format!("/v1/organizations/{STREET}/units?month=2026-10"), Some(&token)).await.json();
    // One is too small to be told, and the other would tell it by subtraction.
    assert_eq!((&units["rows"][0]["rank"], &units["rows"][1]["rank"]), (&Value::Null, &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn duty_is_null_where_the_calendar_of_the_year_is_not_known() {
    let world = World::street();
    let token = world.token("w-1", &["auditor"]);
    let body = world.get(&format!("/v1/organizations/{EAST}/duty?month=2031-10"), Some(&token)).await.json();
    conforms(&body, "get", "/v1/organizations/{code}/duty", "200");
    assert_eq!(body["coverage"], Value::Null);
}

#[tokio::test]
async fn a_cursor_that_the_list_does_not_have_is_refused_and_no_empty_page() {
    let world = World::street();
    for path in ["/v1/organizations?cursor=zzz", "/v1/notices?cursor=e00000000000000000000000000"] {
        assert_eq!(world.get(path, None).await.problem(), (400, "malformed_query".to_owned()), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_that_moves_while_the_pages_are_turned_stands_on_exactly_one_of_them() {
    let world = World::street();
    let codes = |body: &Value| -> Vec<String> {
        let cards = body["organizations"].as_array().expect("organisations");
        cards.iter().map(|card| card["organization"].as_str().expect("a code").to_owned()).collect()
    };
    let (mut together, mut path) = (Vec::new(), "/v1/organizations?limit=1".to_owned());
    let mut turned = 0;
    loop {
        let body = world.get(&path, None).await.json();
        together.extend(codes(&body));
        let Some(next) = body["next"].as_str() else { break };
        path = format!("/v1/organizations?limit=1&cursor={next}");
        if turned == 1 {
            // The second goes below the last, which comes after it.
            let data = json!({ "organization": EAST, "parent": WEST });
            world.record("moved", "mingzhang.organization.moved.v1", "2026-10-02T00:00:00Z", "office", data);
        }
        turned += 1;
    }
    assert_eq!(together, [STREET, EAST, WEST]);
    assert_eq!(codes(&world.get("/v1/organizations", None).await.json()), [STREET, WEST, EAST]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_the_organisations_below_put_together_are_the_whole_ranking_of_one_tree_size() {
    let world = World::street();
    let token = world.token("w-1", &["auditor"]);
    let path = format!("/v1/organizations/{STREET}/units?month=2026-10");
    let whole = world.get(&path, Some(&token)).await.json();
    assert_eq!((whole["rows"].as_array().map(Vec::len), &whole["next"]), (Some(2), &Value::Null));
    let first = world.get(&format!("{path}&limit=1"), Some(&token)).await;
    conforms(&first.json(), "get", "/v1/organizations/{code}/units", "200");
    let next = first.header("link").trim_start_matches('<').split('>').next().expect("an address").to_owned();
    let data = json!({ "member": member(1), "clause": "3.2", "points": "4.00" });
    world.record("k-later", "mingzhang.points.granted.v1", "2026-10-20T00:00:00Z", "office", data);
    let second = world.get(&next, Some(&token)).await.json();
    assert_eq!(json!([first.json()["rows"][0], second["rows"][0]]), whole["rows"]);
    assert_eq!(second["next"], Value::Null);
    for faulty in ["&cursor=x", "&cursor=999@1", "&limit=0"] {
        let answered = world.get(&format!("{path}{faulty}"), Some(&token)).await;
        assert_eq!(answered.problem(), (400, "malformed_query".to_owned()), "{faulty}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_that_has_not_begun_has_neither_rates_nor_rankings() {
    let world = World::street();
    let token = world.token("w-1", &[&format!("recorder@{EAST}")]);
    for question in ["rates", "ranking", "units"] {
        let answered = world.get(&format!("/v1/organizations/{EAST}/{question}?month=2096-01"), Some(&token)).await;
        assert_eq!(answered.problem(), (409, "month_not_begun".to_owned()), "{question}");
    }
}
