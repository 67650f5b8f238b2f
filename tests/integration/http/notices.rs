//! `/v1/notices`.

use super::conforms::conforms;
use super::world::{Answered, EAST, World, check_in, member};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::future::Either;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use mingzhang::document::RenderError;
use mingzhang::notice::render::{FileFormat, KeptFiles};
use mingzhang::transparency::{Hash, SignedCheckpoint, VerifierKey, leaf_hash, verify_consistency, verify_inclusion};
use mingzhang_events::{MemberId, Points};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;
use tokio::task::JoinHandle;

fn wanted(number: &str) -> String {
    json!({ "organization": EAST, "month": "2026-10", "number": number }).to_string()
}

fn close(world: &World) {
    let data = json!({ "organization": EAST, "month": "2026-10" });
    world.record("close", "mingzhang.month.closed.v1", "2026-11-05T00:00:00Z", "office", data);
}

/// Every format in which a notice is had: its suffix and its media type.
fn files() -> [(&'static str, &'static str); FileFormat::ALL.len()] {
    [
        ("html", "text/html"),
        ("csv", "text/csv"),
        ("txt", "text/plain"),
        ("json", "application/json"),
        ("pdf", "application/pdf"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ]
}

/// By its suffix and by what is accepted, under a Chinese name, and without the full name of somebody who didn't consent.
async fn the_same_file(
    world: &World,
    (address, plain): (&str, &str),
    token: Option<&str>,
    (suffix, media): (&str, &str),
) -> Answered {
    let by_suffix = world.get(address, token).await;
    let by_accept = world.get_with(plain, token, &[("accept", media)]).await;
    assert_eq!(by_suffix.status, 200, "{}", by_suffix.text());
    assert_eq!(by_suffix.body, by_accept.body);
    assert!(by_suffix.header("content-type").starts_with(media));
    assert!(by_accept.header("vary").contains("accept"));
    let kept = by_suffix.header("content-disposition");
    let ending = format!("%E9%80%9A%E6%8A%A5.{suffix}");
    assert!(["json", "html"].contains(&suffix) || (kept.contains("UTF-8''%E") && kept.ends_with(&ending)), "{kept}");
    assert!(!by_suffix.text().contains("王小东"), "without consent no full name is shown");
    by_suffix
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publisher_issues_the_notice_of_a_closed_month_and_everybody_reads_it() {
    let world = World::street();
    world.name(3, "王小东", "E-3");
    let token = world.token("w-1", &[&format!("publisher@{EAST}")]);
    let open = world.post("/v1/notices", Some(&token), Some("n-1"), wanted("〔2026〕1号")).await;
    assert_eq!(open.problem(), (409, "month_not_closed".to_owned()));
    close(&world);
    let issued = world.post("/v1/notices", Some(&token), Some("n-1"), wanted("〔2026〕1号")).await;
    assert_eq!(issued.status, 201, "{}", issued.text());
    let id = issued.json()["id"].as_str().expect("an id").to_owned();

    let list = world.get("/v1/notices", None).await.json();
    conforms(&list, "get", "/v1/notices", "200");
    let entry = &list["notices"][0];
    assert_eq!((&entry["id"], &entry["number"]), (&json!(id), &json!("〔2026〕1号")));

    let figures = world.get(&format!("/v1/notices/{id}"), None).await;
    assert_eq!(figures.header("content-type"), "application/json");
    assert!(figures.text().contains(entry["digest"].as_str().expect("a digest")), "the notice names its digest");
    for (suffix, media) in files() {
        let (address, plain) = (format!("/v1/notices/{id}.{suffix}"), format!("/v1/notices/{id}"));
        let by_suffix = the_same_file(&world, (&address, &plain), None, (suffix, media)).await;
        let known = [("if-none-match", by_suffix.header("etag"))];
        assert_eq!(world.get_with(&address, None, &known).await.status, 304);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_corrected_view_is_a_draft_of_the_present_figures() {
    let world = World::street();
    let token = world.token("w-1", &["publisher", "recorder"]);
    close(&world);
    let elsewhere = world.token("w-2", &["publisher@420902001002"]);
    let refused = world.post("/v1/notices", Some(&elsewhere), Some("n-0"), wanted("〔2026〕0号")).await;
    assert_eq!(refused.problem(), (403, "role_does_not_reach".to_owned()));
    let issued = world.post("/v1/notices", Some(&token), Some("n-1"), wanted("〔2026〕1号")).await.json();
    let address = format!("/v1/notices/{}", issued["id"].as_str().expect("an id"));
    let (published, corrected) =
        (world.get(&address, None).await, world.get(&format!("{address}?view=corrected"), None).await);
    let (published, corrected) = (published.json(), corrected.json());
    assert_eq!(corrected["notice"]["number"], "", "{corrected}");
    assert_eq!((published["issued_on"].is_null(), corrected["issued_on"].is_null()), (false, true), "{corrected}");
    assert_ne!(corrected["notice"]["checkpoint"]["tree_size"], published["notice"]["checkpoint"]["tree_size"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn issuing_again_with_the_same_key_issues_nothing_though_the_log_has_grown() {
    let world = World::street();
    let token = world.token("w-1", &["publisher", "recorder"]);
    close(&world);
    let first = world.post("/v1/notices", Some(&token), Some("n-1"), wanted("〔2026〕1号")).await.json();
    world.post("/v1/commands", Some(&token), Some("k-1"), check_in(1)).await;
    let again = world.post("/v1/notices", Some(&token), Some("n-1"), wanted("〔2026〕1号")).await;
    assert_eq!((again.status.as_u16(), &again.json()["id"]), (200, &first["id"]));
    let other = world.post("/v1/notices", Some(&token), Some("n-1"), wanted("〔2026〕2号")).await;
    assert_eq!(other.problem(), (409, "key_reused_with_other_content".to_owned()));
    assert_eq!(world.get("/v1/notices", None).await.json()["notices"].as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_publisher_that_reaches_the_organisation_issues() {
    let world = World::street();
    close(&world);
    for grant in ["recorder", "reviewer", "auditor", "operator", "publisher@420902001002"] {
        let token = world.token(&grant.replace('@', "-"), &[grant]);
        let refused = world.post("/v1/notices", Some(&token), Some(grant), wanted("〔2026〕1号")).await;
        assert_eq!(refused.problem(), (403, "role_does_not_reach".to_owned()), "{grant}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_was_never_issued_is_not_found() {
    let world = World::street();
    let id = "e00000000000000000000000001";
    assert_eq!(world.get(&format!("/v1/notices/{id}"), None).await.problem(), (404, "unknown".to_owned()));
    assert_eq!(world.get(&format!("/v1/notices/{id}.doc"), None).await.problem(), (400, "malformed_path".to_owned()));
}

/// A street with a closed month and its notice, and the notice's id.
async fn with_a_notice() -> (World, String) {
    let world = World::street();
    close(&world);
    let token = world.token("w-1", &["publisher"]);
    let issued = world.post("/v1/notices", Some(&token), Some("n-1"), wanted("〔2026〕1号")).await;
    // So that the present checkpoint is a later one.
    let data = json!({ "member": member(9), "community": EAST });
    world.record("later", "mingzhang.member.enrolled.v1", "2026-11-04T00:00:00Z", "office", data);
    (world, issued.json()["id"].as_str().expect("an id").to_owned())
}

fn hashes(of: &Value) -> Vec<Hash> {
    let hash =
        |text: &Value| STANDARD.decode(text.as_str().expect("text")).expect("base64").try_into().expect("a hash");
    of.as_array().expect("a list").iter().map(hash).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_of_a_notice_is_the_sum_of_records_that_are_proved_to_be_in_the_log() {
    let (world, id) = with_a_notice().await;
    let notice = world.get(&format!("/v1/notices/{id}"), None).await.json();
    let members = notice["notice"]["members"].as_array().expect("members").clone();
    assert_eq!(members.len(), 7);
    let mut records = 0;
    for (number, printed) in (1..).zip(&members) {
        let line = world.get(&format!("/v1/notices/{id}/lines/{number}"), None).await;
        assert_eq!(line.status, 200, "{}", line.text());
        assert!(!(1..=10).any(|number| line.text().contains(&member(number))), "no member is named: {}", line.text());
        let line = line.json();
        conforms(&line, "get", "/v1/notices/{id}/lines/{number}", "200");
        assert_eq!((&line["line"], &line["checkpoint"]), (printed, &notice["notice"]["checkpoint"]));
        let sum: Points = line["items"].as_array().expect("items").iter().map(|item| points(&item["points"])).sum();
        assert_eq!(sum, points(&printed["points"]), "line {number}");
        let tree_size = line["checkpoint"]["tree_size"].as_u64().expect("a size");
        let root = world.service.ledger.root_at(tree_size).expect("a root");
        for entry in line["items"].as_array().expect("items").iter().flat_map(|item| item["entries"].as_array()) {
            for entry in entry {
                let leaf = hashes(&json!([entry["leaf_hash"]]))[0];
                let proof = hashes(&entry["inclusion_proof"]);
                let log_index = entry["log_index"].as_u64().expect("an index");
                verify_inclusion(&leaf, log_index, tree_size, &proof, &root).expect("it is in the log");
                assert_eq!(entry["entry"], Value::Null);
                records += 1;
            }
        }
    }
    assert!(records > 8, "{records} entries were traced");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_entries_of_a_line_are_for_auditors_and_for_the_member() {
    let (world, id) = with_a_notice().await;
    let path = format!("/v1/notices/{id}/lines/1");
    let auditor = world.token("audit", &["auditor"]);
    let line = world.get(&path, Some(&auditor)).await.json();
    conforms(&line, "get", "/v1/notices/{id}/lines/{number}", "200");
    let own: MemberId = line["member"].as_str().expect("whose it is").parse().expect("a member");
    let of_others = (1..=7).find(|number| MemberId(*number) != own).expect("another");
    for (token, whole) in [
        (auditor, true),
        (world.token_of("own", Some(own.0), &[]), true),
        (world.token_of("other", Some(of_others), &[]), false),
        (world.token("east-audit", &[&format!("auditor@{EAST}")]), false),
        (world.token("rec", &["recorder"]), false),
    ] {
        let line = world.get(&path, Some(&token)).await.json();
        let entry = &line["items"][0]["entries"][0];
        assert_eq!((line["member"].is_string(), entry["entry"].is_string()), (whole, whole));
        if let Some(text) = entry["entry"].as_str() {
            assert_eq!(hashes(&json!([entry["leaf_hash"]]))[0], leaf_hash(text.as_bytes()));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_the_notice_does_not_have_is_not_found() {
    let (world, id) = with_a_notice().await;
    for (number, problem) in [("8", (404, "unknown")), ("0", (400, "malformed_path")), ("x", (400, "malformed_path"))] {
        let (status, code) = world.get(&format!("/v1/notices/{id}/lines/{number}"), None).await.problem();
        assert_eq!((status, code.as_str()), problem, "{number}");
    }
    let (status, code) = world.get("/v1/notices/e00000000000000000000000001/lines/1", None).await.problem();
    assert_eq!((status, code.as_str()), (404, "unknown"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_proof_of_a_notice_leads_from_its_digest_to_the_signed_checkpoint() {
    let (world, id) = with_a_notice().await;
    let notice = world.get(&format!("/v1/notices/{id}"), None).await.json();
    let answered = world.get(&format!("/v1/notices/{id}/proof?since=5"), None).await;
    assert_eq!(answered.status, 200, "{}", answered.text());
    let proof = answered.json();
    conforms(&proof, "get", "/v1/notices/{id}/proof", "200");
    let key = VerifierKey::parse(proof["verifier_key"].as_str().expect("a key")).expect("a key");
    let note = proof["checkpoint"].as_str().expect("a note");
    let head = SignedCheckpoint::open(note.as_bytes(), &key).expect("signed").checkpoint().clone();
    let entry = proof["entry"].as_str().expect("the entry");
    let log_index = proof["log_index"].as_u64().expect("an index");
    let inclusion = hashes(&proof["inclusion_proof"]);
    verify_inclusion(&leaf_hash(entry.as_bytes()), log_index, head.size, &inclusion, &head.root).expect("in the log");
    let issued: Value = serde_json::from_str(entry).expect("JSON");
    assert_eq!(issued["data"]["digest"], notice["digest"]);
    let root = |size: u64| world.service.ledger.root_at(size).expect("a root");
    let size = proof["notice_tree_size"].as_u64().expect("a size");
    let grown = hashes(&proof["consistency_proof"]);
    verify_consistency(size, head.size, &grown, &root(size), &head.root).expect("it has only grown");
    let grown = hashes(&proof["since"]["consistency_proof"]);
    verify_consistency(5, head.size, &grown, &root(5), &head.root).expect("it has only grown");
    let ahead = world.get(&format!("/v1/notices/{id}/proof?since={}", head.size + 1), None).await;
    assert_eq!(ahead.problem(), (404, "as_of_beyond_head".to_owned()));
    let without = world.get(&format!("/v1/notices/{id}/proof"), None).await.json();
    assert_eq!(without["since"], Value::Null);
}

fn points(text: &Value) -> Points {
    text.as_str().expect("text").parse().expect("points")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_superseding_notice_and_the_one_before_it_lead_to_each_other_and_both_can_be_had() {
    let world = World::street();
    close(&world);
    let token = world.token("w-1", &[&format!("publisher@{EAST}")]);
    let issue = async |key: &str, number: &str, supersedes: Option<&Value>| {
        let mut body = json!({ "organization": EAST, "month": "2026-10", "number": number });
        if let Some(notice) = supersedes {
            body["supersedes"] = notice.clone();
        }
        world.post("/v1/notices", Some(&token), Some(key), body.to_string()).await
    };
    let first = issue("n-1", "1", None).await.json()["id"].clone();
    let address = format!("/v1/notices/{}", first.as_str().expect("an id"));
    let as_issued = world.get(&address, None).await.json();
    let view = async |view: &str| world.get(&format!("{address}?view={view}"), None).await;
    assert_eq!(view("nonsense").await.problem().0, 400);
    let points = |notice: &Value| notice["notice"]["totals"]["points"].clone();
    assert_eq!(points(&view("corrected").await.json()), points(&as_issued), "nothing was corrected yet");

    // Member 2's patrol was in truth of half an hour.
    let listed = world.get(&format!("{address}/lines/1"), Some(&world.token("a-1", &["auditor"]))).await.json();
    let record = listed["items"][0]["entries"][0]["id"].clone();
    let data = json!({ "record": record, "minutes": 30, "reason": "entered_wrongly" });
    world.record("mend", "mingzhang.record.corrected.v1", "2026-10-03T11:00:00Z", "attested", data);
    assert_ne!(points(&view("corrected").await.json()), points(&as_issued));
    assert_eq!(view("published").await.json()["notice"], as_issued["notice"]);
    assert_eq!(view("corrected").await.json()["notice"]["number"], "");

    assert_eq!(issue("n-2", "2", Some(&json!("e00000000000000000000000063"))).await.problem().1, "notice_not_in_force");
    let second = issue("n-3", "2", Some(&first)).await;
    assert_eq!(second.status, 201, "{}", second.text());
    let second = second.json()["id"].clone();
    let list = world.get("/v1/notices", None).await.json();
    conforms(&list, "get", "/v1/notices", "200");
    assert_eq!((&list["notices"][0]["supersedes"], &list["notices"][0]["superseded_by"]), (&first, &Value::Null));
    assert_eq!((&list["notices"][1]["supersedes"], &list["notices"][1]["superseded_by"]), (&Value::Null, &second));
    assert_eq!(world.get(&address, None).await.json()["notice"], as_issued["notice"], "it stays as it was issued");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_the_notice_as_it_would_be_issued_now_and_records_nothing() {
    let world = World::street();
    world.name(3, "王小东", "E-3");
    let token = world.token("w-1", &[&format!("publisher@{EAST}")]);
    let size = world.service.ledger.head().tree_size;
    let path = format!("/v1/organizations/{EAST}/draft");
    for (suffix, media) in files() {
        let (address, plain) = (format!("{path}.{suffix}?month=2026-10"), format!("{path}?month=2026-10"));
        the_same_file(&world, (&address, &plain), Some(&token), (suffix, media)).await;
    }
    assert_eq!(world.service.ledger.head().tree_size, size);
    let draft = world.get(&format!("{path}?month=2026-10"), Some(&token)).await.json();
    let december = world.get(&format!("{path}?month=2026-12"), Some(&token)).await;
    assert_eq!(december.problem(), (409, "month_not_begun".to_owned()));
    let nowhere = world.get("/v1/organizations/999/draft?month=2026-10", Some(&world.token("w-2", &["auditor"]))).await;
    assert_eq!(nowhere.problem(), (404, "unknown".to_owned()));
    // Issued at once, its figures are those of the draft.
    close(&world);
    let issued = world.post("/v1/notices", Some(&token), Some("n-1"), wanted("〔2026〕1号")).await.json();
    let notice = world.get(&format!("/v1/notices/{}", issued["id"].as_str().expect("an id")), None).await.json();
    assert_eq!((&notice["members"], &notice["rates"]), (&draft["members"], &draft["rates"]));
}

/// The address of the notice of the closed month.
async fn issued(world: &World) -> String {
    close(world);
    let token = world.token("w-1", &["publisher"]);
    let issued = world.post("/v1/notices", Some(&token), Some("n-1"), wanted("〔2026〕1号")).await.json();
    format!("/v1/notices/{}", issued["id"].as_str().expect("an id"))
}

/// Takes the turn at the public's documents, until something is sent or the sender is dropped.
async fn turn_taken(world: &World) -> (Sender<()>, JoinHandle<()>) {
    let (begun, begins) = channel();
    let (finish, finished) = channel::<()>();
    let files = Arc::clone(&world.service.notice_files);
    let being_made = tokio::spawn(async move {
        let work = move |_: &KeptFiles| {
            begun.send(()).expect("it is waited for");
            finished.recv().unwrap_or_default();
        };
        files.in_turn(work).await.expect("nobody waits");
    });
    tokio::task::spawn_blocking(move || begins.recv()).await.expect("no panic").expect("it is being made");
    (finish, being_made)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_documents_keeps_nobody_from_the_notice_and_only_few_may_wait() {
    let world = World::street();
    let address = issued(&world).await;
    let (finish, being_made) = turn_taken(&world).await;
    let document = format!("{address}.docx");
    let mut strangers: FuturesUnordered<_> = (0..KeptFiles::PLACES).map(|_| world.get(&document, None)).collect();
    let refused = tokio::time::timeout(Duration::from_secs(60), strangers.next()).await.expect("at once");
    let refused = refused.expect("one too many");
    assert_eq!(refused.problem(), (503, "busy".to_owned()));
    let figures = world.get(&address, None);
    let figures = futures::future::select(Box::pin(figures), strangers.next()).await;
    let Either::Left((figures, _)) = figures else { panic!("no document can be had before it is its turn") };
    assert_eq!(figures.status, 200);
    finish.send(()).expect("it waits for this");
    being_made.await.expect("no panic");
    let served: Vec<_> = strangers.collect().await;
    assert_eq!(served.len(), KeptFiles::PLACES - 1);
    assert!(served.iter().all(|file| file.status == 200 && file.body == served[0].body));
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_of_what_nobody_issued_are_for_those_with_a_role() {
    let world = World::street();
    let address = issued(&world).await;
    let (recorder, elsewhere) = (world.token("w-2", &[&format!("recorder@{EAST}")]), world.token("w-3", &[]));
    for suffix in ["docx", "xlsx"] {
        let corrected = format!("{address}.{suffix}?view=corrected");
        assert_eq!(world.get(&corrected, None).await.problem(), (401, "token_missing".to_owned()));
        assert_eq!(world.get(&corrected, Some(&elsewhere)).await.problem(), (403, "role_does_not_reach".to_owned()));
        assert_eq!(world.get(&corrected, Some(&recorder)).await.status, 200);
        assert_eq!(world.get(&format!("{address}.{suffix}"), None).await.status, 200);
    }
    for suffix in ["json", "html", "csv", "txt"] {
        assert_eq!(world.get(&format!("{address}.{suffix}?view=corrected"), None).await.status, 200, "{suffix}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_file_is_kept_that_was_made_before_somebody_was_erased() {
    let world = World::street();
    issued(&world).await;
    let service = &world.service;
    let entry = service.follower.models().newest_notices(1).remove(0);
    let composed = service.issued_notice(&entry).expect("composed").expect("an organisation");
    let imprint = service.imprint(&composed, None, None).expect("names");
    let xlsx = FileFormat::of_suffix("xlsx").expect("a format");
    let at_hand = || service.notice_files.at_hand(&composed.notice, &imprint, xlsx).expect("looked for").is_some();
    let made = service.notice_files.file(&composed.notice, || Ok::<_, RenderError>(imprint.clone()), xlsx);
    made.expect("made");
    assert!(at_hand());
    let erased = json!({ "member": member(3) });
    let log_index = world.record("erased", "mingzhang.person.erased.v1", "2026-11-05T00:00:00Z", "office", erased);
    service.follower.caught_up(log_index + 1).await;
    assert!(!at_hand());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_erased_while_a_document_waits_for_its_turn_is_not_in_it() {
    let world = World::street();
    world.name(3, "张待删", "E-3");
    let address = issued(&world).await;
    assert!(world.get(&format!("{address}.csv"), None).await.text().contains("张*"));
    let document = format!("{address}.docx");
    let (finish, being_made) = turn_taken(&world).await;
    // Once one of them is refused, all others wait for their turn.
    let mut strangers: FuturesUnordered<_> = (0..KeptFiles::PLACES).map(|_| world.get(&document, None)).collect();
    assert_eq!(strangers.next().await.expect("one too many").status, 503);
    let erased = json!({ "member": member(3) });
    let log_index = world.record("erased", "mingzhang.person.erased.v1", "2026-11-05T00:00:00Z", "office", erased);
    world.service.follower.caught_up(log_index + 1).await;
    finish.send(()).expect("it waits for this");
    being_made.await.expect("no panic");
    let served: Vec<_> = strangers.collect().await;
    let parts = mingzhang::document::unpacked(&served[0].body).expect("an archive");
    assert!(!String::from_utf8_lossy(&parts).contains("张*"), "the name was read before it was its turn");
    assert!(served.iter().all(|file| file.status == 200 && file.body == served[0].body));
}

/// A stranger at each place for the public's documents, and a member and a publisher beside them.
#[tokio::test(flavor = "multi_thread")]
async fn strangers_who_wait_for_documents_keep_no_member_from_a_statement_and_no_publisher_from_issuing() {
    let world = World::street();
    let (finish, being_made) = turn_taken(&world).await;
    let files = &world.service.notice_files;
    let mut waiting: Vec<_> = (1..KeptFiles::PLACES).map(|_| Box::pin(files.in_turn(|_| ()))).collect();
    for stranger in &mut waiting {
        assert!(stranger.as_mut().now_or_never().is_none());
    }
    assert_eq!(files.in_turn(|_| ()).await, None, "every place is taken");
    let own = world.token_of("own", Some(1), &[]);
    for format in ["text", "xlsx"] {
        let address = format!("/v1/documents/draft?kind=statement&member={}&month=2026-10&format={format}", member(1));
        let statement = world.get(&address, Some(&own)).await;
        assert_eq!(statement.status, 200, "{}", statement.text());
    }
    let publisher = world.token("p-1", &["publisher"]);
    let register = json!({ "kind": "register", "organization": EAST, "month": "2026-10", "format": "docx" });
    let issued = world.post("/v1/documents", Some(&publisher), Some("d-1"), register.to_string()).await;
    assert_eq!(issued.status, 201, "{}", issued.text());
    drop(finish);
    being_made.await.expect("no panic");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_packed_already_is_sent_as_it_is_and_of_known_length() {
    let world = World::street();
    let address = issued(&world).await;
    let token = world.token("w-2", &["auditor"]);
    let tables = ["records.parquet", "records.xlsx"].map(|table| format!("/v1/tables/{table}"));
    for path in [format!("{address}.docx"), format!("{address}.xlsx")].iter().chain(&tables) {
        let file = world.get_with(path, Some(&token), &[("accept-encoding", "gzip, zstd")]).await;
        assert_eq!((file.status.as_u16(), file.header("content-encoding")), (200, ""), "{path}");
        assert_eq!(file.header("content-length"), file.body.len().to_string(), "{path}");
    }
    let page = world.get_with(&format!("{address}.html"), None, &[("accept-encoding", "gzip")]).await;
    assert_eq!(page.header("content-encoding"), "gzip");
}
