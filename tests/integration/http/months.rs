//! `/v1/months`, `/v1/objections`: a month from its freeze to its notice.

use super::conforms::conforms;
use super::world::{Answered, EAST, STREET, WEST, World, command, member};
use serde_json::{Value, json};

/// The rules of November, which demand a disclosure, and a patrol in it.
fn under_rules(world: &World) {
    let rules = mingzhang_projections::parse_rules(
        "title = \"t\"\nversion = \"n\"\neffective_from = \"2026-10\"\nreview_required_for = [\"attested\"]\n\
         [disclosure]\nworking_days = 3\nanswer_within_working_days = 2\n",
    )
    .expect("rules");
    let office = "office";
    world.record(
        "rules",
        "mingzhang.scoring-rules.adopted.v1",
        "2026-10-01T00:00:00Z",
        office,
        json!({ "rules": rules }),
    );
}

fn disclosure() -> String {
    json!({ "organization": STREET }).to_string()
}

async fn freeze(world: &World, token: &str) {
    let body = command(
        "mingzhang.month.frozen.v1",
        "2026-11-05T01:00:00Z",
        "office",
        json!({ "month": "2026-10", "organization": STREET }),
    );
    let frozen = world.post("/v1/commands", Some(token), Some("freeze"), body).await;
    assert_eq!(frozen.status, 201, "{}", frozen.text());
}

async fn object(world: &World, token: &str, key: &str, subject: &Value, number: u64) -> Answered {
    let data = json!({ "subject": subject, "member": member(number), "ground": "points_wrong" });
    let body = command("mingzhang.objection.raised.v1", "2026-11-05T01:30:00Z", "office", data);
    world.post("/v1/commands", Some(token), Some(key), body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_frozen_disclosed_to_everybody_and_objected_to_by_its_members() {
    let world = World::street();
    under_rules(&world);
    let publisher = world.token("p-1", &["publisher"]);
    let month = format!("/v1/months/2026-10?organization={STREET}");
    assert_eq!(world.get(&month, None).await.problem().0, 401);
    let open = world.get(&month, Some(&publisher)).await.json();
    conforms(&open, "get", "/v1/months/{month}", "200");
    assert_eq!((&open["stage"], &open["disclosure_working_days_min"]), (&json!("open"), &json!(3)));

    let early = world.post("/v1/months/2026-10/disclosure", Some(&publisher), Some("d"), disclosure()).await;
    assert_eq!(early.problem(), (409, "month_not_frozen".to_owned()));
    freeze(&world, &publisher).await;
    let opened = world.post("/v1/months/2026-10/disclosure", Some(&publisher), Some("d"), disclosure()).await;
    assert_eq!(opened.status, 201, "{}", opened.text());
    let again = world.post("/v1/months/2026-10/disclosure", Some(&publisher), Some("d"), disclosure()).await;
    assert_eq!((again.status.as_u16(), &again.json()["id"]), (200, &opened.json()["id"]));
    let longer = json!({ "organization": STREET, "working_days": 9 }).to_string();
    let other = world.post("/v1/months/2026-10/disclosure", Some(&publisher), Some("d"), longer).await;
    assert_eq!(other.problem(), (409, "key_reused_with_other_content".to_owned()));
    let elsewhere = world.token("p-2", &[&format!("publisher@{EAST}")]);
    let refused = world.post("/v1/months/2026-10/disclosure", Some(&elsewhere), Some("e"), disclosure()).await;
    assert_eq!(refused.problem(), (403, "role_does_not_reach".to_owned()));
    let both = format!("/v1/objections?organization={STREET}&member={}", member(8));
    assert_eq!(world.get(&both, Some(&publisher)).await.problem(), (400, "malformed_query".to_owned()));

    // Thursday; the third working day after it is Tuesday.
    let disclosed = world.get(&month, Some(&publisher)).await.json();
    assert_eq!((&disclosed["stage"], &disclosed["disclosure"]["until"]), (&json!("disclosed"), &json!("2026-11-10")));
    let id = &opened.json()["id"];
    let shown = world.get(&format!("/v1/notices/{}.txt", id.as_str().expect("an id")), None).await;
    assert!(shown.text().contains("公示至 2026年11月10日 止"), "{}", shown.text());
    assert_eq!(world.get("/v1/notices", None).await.json()["notices"], json!([]), "a disclosure is no notice");

    // Member 8 objects to their own line, and can't object to anybody else's.
    let own = world.token_of("m-8", Some(8), &[]);
    assert_eq!(object(&world, &own, "o-1", id, 9).await.problem(), (403, "role_does_not_reach".to_owned()));
    let raised = object(&world, &own, "o-2", id, 8).await;
    assert_eq!(raised.status, 201, "{}", raised.text());
    let waiting = world.get(&month, Some(&publisher)).await.json();
    assert_eq!(waiting["work_left"]["objections_undecided"], 1);
    let of_branch = |code: &str| {
        let branches = waiting["branches"].as_array().expect("branches");
        branches
            .iter()
            .find(|branch| branch["organization"]["organization"] == code)
            .map(|branch| branch["work_left"]["objections_undecided"].clone())
    };
    assert_eq!(of_branch(WEST), Some(json!(1)), "{waiting}");
    assert_ne!(of_branch(EAST), Some(json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn objections_are_listed_for_who_reaches_the_organisation_and_for_the_member() {
    let world = World::street();
    under_rules(&world);
    let publisher = world.token("p-1", &["publisher"]);
    freeze(&world, &publisher).await;
    let opened = world.post("/v1/months/2026-10/disclosure", Some(&publisher), Some("d"), disclosure()).await.json();
    let own = world.token_of("m-8", Some(8), &[]);
    assert_eq!(object(&world, &own, "o-1", &opened["id"], 8).await.status, 201);

    let list = |query: &'static str, token: String| {
        let world = &world;
        async move { world.get(&format!("/v1/objections{query}"), Some(&token)).await }
    };
    let all = list("?month=2026-10", publisher.clone()).await.json();
    conforms(&all, "get", "/v1/objections", "200");
    let first = &all["objections"][0];
    assert_eq!((&first["standing"], &first["decide_until"]), (&json!("raised"), &json!("2026-11-09")));
    assert_eq!(list("?month=2026-09", publisher.clone()).await.json()["objections"], json!([]));
    let east = world.token("w-1", &[&format!("recorder@{EAST}")]);
    assert_eq!(list("", east.clone()).await.problem().0, 403);
    assert_eq!(list("?organization=420902001001", east).await.json()["objections"], json!([]));
    let of_member = format!("/v1/objections?member={}", member(8));
    assert_eq!(world.get(&of_member, Some(&own)).await.json()["objections"].as_array().map(Vec::len), Some(1));
    let stranger = world.token_of("m-9", Some(9), &[]);
    assert_eq!(world.get(&of_member, Some(&stranger)).await.problem().0, 403);
}
