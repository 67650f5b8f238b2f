//! `/v1/months`, `/v1/objections`: a month from its freeze to its notice.

use super::conforms::conforms;
use super::world::{Answered, EAST, STREET, WEST, World, command, member};
use mingzhang::clock::SetClock;
use mingzhang::identity::Actor;
use mingzhang::import::{Households, Members, Organizations, RecordContext, Table, TableFile, Whom, records};
use mingzhang::ledger::{IdempotencyKey, Mode, Outcome, Submission};
use mingzhang_events::{Evidence, HouseholdId, MemberId, OrganizationId, decode};
use serde_json::{Value, json};
use std::sync::Arc;

fn clock_at(now: &str) -> Arc<SetClock> {
    Arc::new(SetClock::at(now.parse().expect("an instant")))
}

/// The rules of November, which demand a disclosure, and a patrol in it.
fn under_rules(world: &World) {
    under_rules_with(world, "");
}

fn under_rules_with(world: &World, lines: &str) {
    let rules = mingzhang_projections::parse_rules(&format!(
        "title = \"t\"\nversion = \"n\"\neffective_from = \"2026-10\"\nreview_required_for = [\"attested\"]\n\
         [disclosure]\nworking_days = 3\nanswer_within_working_days = 2\n{lines}\n",
    ))
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
        json!({ "counts_no_shows": true, "month": "2026-10", "organization": STREET }),
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

#[tokio::test(flavor = "multi_thread")]
async fn everybody_finds_what_is_disclosed_until_when_and_how_to_object() {
    let clock = clock_at("2026-11-05T02:00:00Z");
    let world = World::street_at(Arc::clone(&clock));
    under_rules(&world);
    let publisher = world.token("p-1", &["publisher"]);
    let list = |query: &'static str| {
        let world = &world;
        async move { world.get(&format!("/v1/disclosures{query}"), None).await.json() }
    };
    assert_eq!(list("").await["disclosures"], json!([]));
    freeze(&world, &publisher).await;
    let opened = world.post("/v1/months/2026-10/disclosure", Some(&publisher), Some("d"), disclosure()).await.json();
    let running = list("").await;
    conforms(&running, "get", "/v1/disclosures", "200");
    let found = &running["disclosures"][0];
    assert_eq!((&found["id"], &found["until"]), (&opened["id"], &json!("2026-11-10")));
    assert!(running["how_to_object"].as_str().is_some_and(|told| told.contains("异议")), "{running}");
    assert_eq!(list("?month=2026-09").await["disclosures"], json!([]));
    assert_eq!(list("?organization=420902001001").await["disclosures"], json!([]));
    // Of the last moment of its last day, and of the next.
    for (now, found) in [("2026-11-10T15:59:59Z", 1), ("2026-11-10T16:00:00Z", 0)] {
        clock.set(now.parse().expect("an instant"));
        assert_eq!(list("").await["disclosures"].as_array().map(Vec::len), Some(found), "{now}");
    }
    assert_eq!(list("?over=true&month=2026-10").await["disclosures"][0]["id"], opened["id"]);
}

/// What is closed over an upheld objection that nothing followed from is told to whoever closes it.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_upheld_and_not_corrected_is_told_with_the_close_and_the_notice() {
    let clock = clock_at("2026-11-05T02:00:00Z");
    let world = World::street_at(Arc::clone(&clock));
    under_rules(&world);
    let publisher = world.token("p-1", &["publisher"]);
    freeze(&world, &publisher).await;
    let opened = world.post("/v1/months/2026-10/disclosure", Some(&publisher), Some("d"), disclosure()).await.json();
    let own = world.token_of("m-8", Some(8), &[]);
    let objection = object(&world, &own, "o-1", &opened["id"], 8).await.json()["id"].clone();
    let record = |key: &'static str, token: String, kind: &'static str, when: &'static str, data: Value| {
        let world = &world;
        let body = command(&format!("mingzhang.{kind}.v1"), when, "office", data);
        async move { world.post("/v1/commands", Some(&token), Some(key), body).await }
    };
    let assigned = |to: &str| json!({ "assignee": to, "objection": objection });
    let now = "2026-11-05T01:30:00Z";

    // Who is known to have no role to decide it isn't given it; who isn't known is told of.
    world.token("w-9", &["recorder"]);
    world.token("r-east", &[&format!("reviewer@{EAST}")]);
    world.token_of("r-8", Some(8), &["reviewer"]);
    for nobody in ["w-9", "r-east", "m-8", "r-8"] {
        let refused = record("a-1", publisher.clone(), "objection.assigned", now, assigned(nobody)).await;
        assert_eq!(refused.problem(), (409, "assignee_cannot_decide".to_owned()), "{nobody}");
        // Whoever can't assign it learns nothing of others' roles.
        let probed = record("a-5", own.clone(), "objection.assigned", now, assigned(nobody)).await;
        assert_eq!(probed.problem(), (403, "role_does_not_reach".to_owned()), "{nobody}");
    }
    let unknown = record("a-2", publisher.clone(), "objection.assigned", now, assigned("who")).await;
    conforms(&unknown.json(), "post", "/v1/commands", "201");
    assert_eq!(unknown.json()["warnings"][0]["code"], "assignee_unknown");
    // Of many commands the same holds for each.
    let line = |key: &str, to: &str| {
        let data = assigned(to);
        json!({ "key": key, "type": "mingzhang.objection.assigned.v1", "time": now, "evidence": "office", "data": data })
            .to_string()
    };
    let lines = format!("{}\n{}\n", line("a-1", "w-9"), line("a-4", "whom"));
    let size = world.service.ledger.head().tree_size;
    for (mode, outcomes) in
        [("dry-run", ["rejected", "recorded"]), ("all", ["rejected", "withheld"]), ("each", ["rejected", "recorded"])]
    {
        let path = format!("/v1/commands/batch?mode={mode}");
        let answered = world.post(&path, Some(&publisher), None, lines.clone()).await.text();
        let told: Vec<Value> = answered.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let outcome = |at: usize| told[at]["outcome"].as_str().expect("an outcome").to_owned();
        assert_eq!([outcome(0), outcome(1)], outcomes, "{mode}: {answered}");
        assert_eq!((&told[0]["code"], &told[2]["summary"]["rejected"]), (&json!("assignee_cannot_decide"), &json!(1)));
        let warned = told[1]["warnings"][0]["code"] == "assignee_unknown";
        assert_eq!(warned, mode == "each", "{answered}");
    }
    assert_eq!(world.service.ledger.head().tree_size, size + 1);
    let judge = world.token("r-9", &[&format!("reviewer@{WEST}")]);
    let known = record("a-3", publisher.clone(), "objection.assigned", now, assigned("r-9")).await;
    assert_eq!((known.status.as_u16(), &known.json()["warnings"]), (201, &json!([])));

    let upheld = record("u-1", judge, "objection.upheld", now, json!({ "objection": objection })).await;
    assert_eq!(upheld.status, 201, "{}", upheld.text());
    clock.set("2026-11-11T01:00:00Z".parse().expect("an instant"));
    let month = json!({ "month": "2026-10", "organization": STREET });
    let closed = record("c-1", publisher.clone(), "month.closed", "2026-11-11T01:00:00Z", month).await;
    assert_eq!((closed.status.as_u16(), &closed.json()["warnings"][0]["code"]), (201, &json!("corrections_due")));
    let wanted = json!({ "organization": STREET, "month": "2026-10", "number": "〔2026〕10号" }).to_string();
    let issued = world.post("/v1/notices", Some(&publisher), Some("n-1"), wanted).await;
    assert_eq!((issued.status.as_u16(), &issued.json()["warnings"][0]["code"]), (201, &json!("corrections_due")));

    // The key that stands for the number asks for that very notice, whatever key it was issued with; any other key is another notice.
    let of_number =
        IdempotencyKey::of_notice(STREET.parse().expect("a code"), "2026-10".parse().expect("a month"), "〔2026〕10号");
    let wanted = |supersedes: Option<&Value>| {
        json!({ "organization": STREET, "month": "2026-10", "number": "〔2026〕10号", "supersedes": supersedes })
            .to_string()
    };
    let again = world.post("/v1/notices", Some(&publisher), Some(of_number.as_str()), wanted(None)).await;
    assert_eq!((again.status.as_u16(), &again.json()["id"]), (200, &issued.json()["id"]), "{}", again.text());
    let other = wanted(Some(&issued.json()["id"]));
    for (key, wanted) in [(of_number.as_str(), other), ("n-2", wanted(None))] {
        let refused = world.post("/v1/notices", Some(&publisher), Some(key), wanted).await;
        assert_eq!(refused.problem(), (409, "notice_number_used".to_owned()), "{key}");
    }
}

/// Where any member may object, they see what became of it, and of nothing else about the other.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_objected_for_another_lists_what_they_raised_and_nobody_else_does() {
    let world = World::street();
    under_rules_with(&world, "objectors = \"any_member\"");
    let publisher = world.token("p-1", &["publisher"]);
    freeze(&world, &publisher).await;
    let opened = world.post("/v1/months/2026-10/disclosure", Some(&publisher), Some("d"), disclosure()).await.json();
    let (neighbour, own) = (world.token_of("m-9", Some(9), &[]), world.token_of("m-8", Some(8), &[]));
    let objection = object(&world, &neighbour, "o-1", &opened["id"], 8).await;
    assert_eq!(objection.status, 201, "{}", objection.text());
    let raised = "/v1/objections?raised_by=m-9";
    let listed = world.get(raised, Some(&neighbour)).await.json();
    conforms(&listed, "get", "/v1/objections", "200");
    assert_eq!(listed["objections"][0]["id"], objection.json()["id"]);
    for other in [&own, &publisher] {
        assert_eq!(world.get(raised, Some(other)).await.problem().0, 403);
    }
    assert_eq!(world.get("/v1/objections?raised_by=m-8", Some(&own)).await.json()["objections"], json!([]));
    let about = format!("/v1/objections?member={}", member(8));
    assert_eq!(world.get(&about, Some(&neighbour)).await.problem().0, 403);
    let both = format!("{raised}&member={}", member(8));
    assert_eq!(world.get(&both, Some(&neighbour)).await.problem(), (400, "malformed_query".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_review_is_a_table_that_reviews_once_the_decisions_are_written_in() {
    let world = World::street();
    let step = |name: &str, role: &str| format!("{{ name = \"{name}\", role = \"{role}\", within_working_days = 2 }}");
    let rules = format!(
        "title = \"t\"\nversion = \"n\"\neffective_from = \"2026-10\"\nreview_required_for = [\"back_entered\"]\n\
         review_chain = [{}, {}]\n",
        step("初审", "reviewer"),
        step("复核", "publisher")
    );
    let rules = mingzhang_projections::parse_rules(&rules).expect("rules");
    let adopted = json!({ "rules": rules });
    world.record("rules", "mingzhang.scoring-rules.adopted.v1", "2026-10-01T00:00:00Z", "office", adopted);
    let late = json!({
        "activity": "a0000000000001", "member": member(5), "ended_at": "2026-10-03T13:00:00Z", "reason": "forgotten",
    });
    world.record("late", "mingzhang.late-check-in.recorded.v1", "2026-10-03T11:00:00Z", "back_entered", late);
    let reviewer = world.token("r-1", &[&format!("reviewer@{EAST}")]);
    let address = format!("/v1/months/2026-10/waiting?organization={EAST}");
    let west = format!("/v1/months/2026-10/waiting?organization={WEST}");
    assert_eq!(world.get(&west, Some(&reviewer)).await.problem().0, 403);
    let listed = world.get(&address, Some(&reviewer)).await.json();
    conforms(&listed, "get", "/v1/months/{month}/waiting", "200");
    assert_eq!((&listed["waiting"], &listed["records"][0]["step_name"]), (&json!(1), &json!("初审")));
    assert_eq!(listed["records"][0]["until"], "2026-11-09", "two working days after Thursday 5 November");
    assert_eq!(world.get(&format!("{address}&step=2"), Some(&reviewer)).await.json()["waiting"], 0);

    // Written in by a reviewer: the same table twice, recorded once.
    let table = world.get_with(&address, Some(&reviewer), &[("accept", "text/csv")]).await.text();
    let decided = table.replacen(",,,,review-", ",审核通过,2026-11-04,,review-", 1);
    assert_ne!(table, decided, "{table}");
    let import = |text: &str| {
        let mut context = RecordContext {
            origin: "test.example",
            members: &Nobody,
            organizations: &Nobody,
            households: &Nobody,
            now: "2026-11-05T02:00:00Z".parse().expect("an instant"),
            occurred_at: &|_| None,
            new_household: &mut || panic!("no household is paired"),
        };
        let parsed = records(&TableFile::of_text(Table::Records, text).expect("a table"), &mut context);
        assert_eq!(parsed.faults, []);
        let commands = parsed.commands.into_iter().map(|(_, command)| command).collect();
        let grants = vec![format!("reviewer@{EAST}").parse().expect("a grant")];
        let actor = Arc::new(Actor { id: "r-1".parse().expect("an actor"), member: None, grants });
        let submission = Submission { actor, commands, mode: Mode::AllOrNothing };
        let submit = || world.service.ledger.submit_blocking(submission).expect("the writer runs").outcomes.remove(0);
        std::thread::scope(|scope| scope.spawn(submit).join().expect("submitting doesn't panic"))
    };
    let Outcome::Recorded { log_index, .. } = import(&decided) else { panic!("it is recorded") };
    let entry = world.service.ledger.entries(log_index, 1).expect("entries").remove(0);
    let review = decode(&entry.bytes).expect("an event");
    assert_eq!(review.evidence, Evidence::Imported, "the table is the evidence of the review, not what the record had");
    assert_eq!(review.imported.map(|row| row.row()), Some(2));
    assert!(matches!(import(&decided), Outcome::Repeated { .. }), "the same table again");
    let listed = world.get(&address, Some(&reviewer)).await.json();
    assert_eq!((&listed["records"][0]["step"], &listed["records"][0]["role"]), (&json!(2), &json!("publisher")));
    let month = world.get(&format!("/v1/months/2026-10?organization={EAST}"), Some(&reviewer)).await.json();
    conforms(&month, "get", "/v1/months/{month}", "200");
    assert_eq!((&month["review_steps"][0]["step"], &month["review_steps"][0]["records"]), (&json!(2), &json!(1)));
}

/// Rows that review name nobody.
struct Nobody;

impl Members for Nobody {
    fn fitting(&self, _: &Whom) -> Vec<MemberId> {
        Vec::new()
    }
    fn whom(&self, _: MemberId) -> Whom {
        Whom::default()
    }
}

impl Organizations for Nobody {
    fn called(&self, _: &str) -> Vec<OrganizationId> {
        Vec::new()
    }
    fn name_above(&self, _: OrganizationId) -> Option<String> {
        None
    }
}

impl Households for Nobody {
    fn by_code(&self, _: &str) -> Option<HouseholdId> {
        None
    }
}

/// What nobody has reviewed counts for nothing once it is shown, and what was passed over stays so: whoever does either is told.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_stage_leaves_behind_is_told_with_it() {
    let world = World::empty();
    let august = "2026-08-01T00:00:00Z";
    for (code, level, parent) in [(STREET, "subdistrict", None), (WEST, "community", Some(STREET))] {
        let established = json!({ "organization": code, "name": code, "level": level, "parent": parent });
        world.record(code, "mingzhang.organization.established.v1", august, "office", established);
    }
    let rostered = json!({ "member": member(8), "class": "resident", "organization": WEST });
    world.record("member", "mingzhang.member.rostered.v1", august, "office", rostered);
    let rules = "title = \"t\"\nversion = \"n\"\neffective_from = \"2026-08\"\nreview_required_for = [\"attested\"]\n";
    let rules = mingzhang_projections::parse_rules(rules).expect("rules");
    let adopted = json!({ "rules": rules });
    world.record("rules", "mingzhang.scoring-rules.adopted.v1", "2026-07-01T00:00:00Z", "office", adopted);
    let pairing = json!({ "household": "h0000000000001", "member": member(8), "organization": WEST });
    world.record("pair", "mingzhang.hardship-pairing.formed.v1", "2026-10-01T00:00:00Z", "office", pairing);
    let visit = json!({ "household": "h0000000000001", "member": member(8), "minutes": 30 });
    world.record("visit", "mingzhang.home-visit.made.v1", "2026-10-05T01:00:00Z", "attested", visit.clone());
    let (recorder, reviewer) = (world.token("w-1", &["recorder"]), world.token("r-1", &["reviewer"]));
    let visit = command("mingzhang.home-visit.made.v1", "2026-10-06T01:00:00Z", "attested", visit);
    let visit = world.post("/v1/commands", Some(&recorder), Some("to-return"), visit).await.json();
    let returned = json!({ "reason": "time_wrong", "record": visit["id"] });
    let returned = command("mingzhang.service.returned.v1", "2026-10-07T01:00:00Z", "office", returned);
    assert_eq!(world.post("/v1/commands", Some(&reviewer), Some("return"), returned).await.status.as_u16(), 201);
    let publisher = world.token("p-1", &["publisher"]);
    let codes = |answer: &Value| {
        let warnings = answer["warnings"].as_array().expect("warnings").iter();
        warnings.map(|warning| warning["code"].as_str().expect("a code").to_owned()).collect::<Vec<_>>()
    };
    let stage = |kind: &'static str, mut data: Value| {
        data["month"] = json!("2026-10");
        data["organization"] = json!(STREET);
        let body = command(&format!("mingzhang.month.{kind}.v1"), "2026-11-05T01:00:00Z", "office", data);
        let (world, publisher) = (&world, &publisher);
        async move { world.post("/v1/commands", Some(publisher), Some(kind), body).await.json() }
    };
    assert_eq!(codes(&stage("frozen", json!({ "counts_no_shows": true })).await), ["months_passed_over"]);
    assert_eq!(codes(&stage("closed", json!({})).await), ["returned", "shown_unreviewed"]);
    let month = world.get(&format!("/v1/months/2026-10?organization={STREET}"), Some(&publisher)).await.json();
    let left = &month["work_left"];
    assert_eq!((&left["unreviewed"], &left["shown_unreviewed"]), (&json!(0), &json!(1)), "{left}");
}
