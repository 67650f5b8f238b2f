//! Registers, statements, certificates and attendance sheets: their values are those of the read models, their names only whose may be shown, and only
//! those get them whom they concern.

use super::conforms::conforms;
use super::world::{Answered, EAST, NOW, ORIGIN, PATROL, WEST, World, member};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const DRAFT: &str = "/v1/documents/draft";

async fn draft(world: &World, query: &str, token: &str) -> Answered {
    world.get(&format!("{DRAFT}?{query}"), Some(token)).await
}

/// The rows of the table whose heading has this cell.
fn rows(csv: &[u8], heading: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv);
    let all: Vec<Vec<String>> =
        reader.records().map(|row| row.expect("CSV").iter().map(str::to_owned).collect()).collect();
    let start = all.iter().position(|row| row.iter().any(|cell| cell == heading)).expect("the table is there");
    let width = all[start].len();
    all[start + 1..].iter().take_while(|row| row.len() == width).cloned().collect()
}

async fn points(world: &World, number: u64, token: &str) -> Value {
    world.get(&format!("/v1/members/{}/points?month=2026-10", member(number)), Some(token)).await.json()
}

/// What an item of a member's points has in common with a row of a register: day, minutes, points, entries.
fn of_item(item: &Value) -> [String; 4] {
    let entries: Vec<String> = item["log_indexes"].as_array().expect("entries").iter().map(Value::to_string).collect();
    let text = |field: &str| item[field].as_str().expect("a text").to_owned();
    [text("date"), item["minutes"].to_string(), text("points"), entries.join(" ")]
}

fn of_row(row: &[String], places: [usize; 4]) -> [String; 4] {
    places.map(|place| row[place].clone())
}

/// An organised activity, at which the first member was, too.
pub(crate) fn meeting(world: &World) {
    let scheduled = json!({
        "activity": "a0000000000003", "class": "organized", "kind": "meeting", "organization": EAST,
        "starts_at": "2026-10-20T01:00:00Z", "ends_at": "2026-10-20T03:00:00Z",
    });
    world.record("meeting", "mingzhang.activity.scheduled.v1", "2026-10-19T01:00:00Z", "office", scheduled);
    for (number, outcome) in [(1, "attended"), (2, "on_leave"), (3, "absent")] {
        let data = json!({ "activity": "a0000000000003", "member": member(number), "outcome": outcome });
        let key = format!("attendance-{number}");
        world.record(&key, "mingzhang.attendance.recorded.v1", "2026-10-20T01:00:00Z", "attested", data);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_has_every_item_of_every_member_and_nothing_else() {
    let world = World::street();
    meeting(&world);
    world.name(1, "王东", "E-1");
    let token = world.token("r-1", &["reviewer"]);
    let made = draft(&world, &format!("kind=register&organization={EAST}&month=2026-10&format=csv"), &token).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let mut written: Vec<[String; 4]> =
        rows(&made.body, "性质").iter().map(|row| of_row(row, [0, 9, 12, 14])).collect();
    let mut expected = Vec::new();
    for number in 1..=7 {
        expected.extend(points(&world, number, &token).await["items"].as_array().expect("items").iter().map(of_item));
    }
    written.sort();
    expected.sort();
    assert!(expected.len() >= 7, "{expected:?}");
    assert_eq!(written, expected);
    assert!(made.text().contains("王*") && !made.text().contains("王东"), "{}", made.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_is_the_members_own_and_says_what_the_points_say() {
    let world = World::street();
    meeting(&world);
    let own = world.token_of("own", Some(1), &[]);
    let query = format!("kind=statement&member={}&month=2026-10", member(1));
    let made = draft(&world, &format!("{query}&format=csv"), &own).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let points = points(&world, 1, &own).await;
    let expected: Vec<[String; 4]> = points["items"].as_array().expect("items").iter().map(of_item).collect();
    let written: Vec<[String; 4]> = rows(&made.body, "封顶前").iter().map(|row| of_row(row, [0, 4, 6, 9])).collect();
    assert_eq!(written, expected);
    assert!(
        made.text().contains(&format!("积分合计,{}", points["total"].as_str().expect("a total"))),
        "{}",
        made.text()
    );
    let read = draft(&world, &query, &own).await;
    assert!(read.text().contains("如何提出异议"), "{}", read.text());
    let others = world.token_of("other", Some(2), &[]);
    assert_eq!(draft(&world, &query, &others).await.problem(), (403, "role_does_not_reach".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attendance_sheet_tells_who_was_present_on_leave_and_absent() {
    let world = World::street();
    meeting(&world);
    let token = world.token("w-1", &["recorder"]);
    let made = draft(&world, "kind=attendance&activity=a0000000000003&format=csv", &token).await;
    let lines: Vec<(String, String)> =
        rows(&made.body, "序号").into_iter().map(|row| (row[2].clone(), row[4].clone())).collect();
    let tail = |number: u64| member(number)[10..].to_owned();
    let expected = [(1, "出席"), (2, "请假"), (3, "缺席")];
    assert_eq!(lines, expected.map(|(number, outcome)| (tail(number), outcome.to_owned())));
    for outcome in ["出席", "请假", "缺席"] {
        let counted = format!("{outcome},1人，其中待审核或未签退1人");
        assert!(made.text().contains(&counted), "who is listed is counted: {}", made.text());
    }
    assert!(made.text().contains("活动标识,a0000000000003"), "{}", made.text());
    let over = "尚未结束";
    assert!(!made.text().contains(over));
    let scheduled = json!({
        "activity": "a0000000000008", "class": "organized", "kind": "meeting", "organization": EAST,
        "starts_at": "2026-12-20T01:00:00Z", "ends_at": "2026-12-20T03:00:00Z",
    });
    world.record("later", "mingzhang.activity.scheduled.v1", "2026-10-19T01:00:00Z", "office", scheduled);
    let before = draft(&world, "kind=attendance&activity=a0000000000008&format=csv", &token).await;
    assert!(before.status == 200 && before.text().contains(over), "{}", before.text());
    let publisher = world.token("p-1", &["publisher"]);
    let wanted = json!({ "kind": "attendance", "activity": "a0000000000008" });
    assert_eq!(issue(&world, &publisher, "k-0", &wanted).await.problem(), (409, "not_certifiable".to_owned()));
    let code = mingzhang::import::activity_of_code(ORIGIN, "会议-1");
    let other = draft(&world, &format!("kind=attendance&activity={code}&code=XL-5-3"), &token).await;
    assert_eq!(other.problem(), (400, "malformed_query".to_owned()), "a code that isn't the activity's");
    let patrol = draft(&world, &format!("kind=attendance&activity={PATROL}&format=csv"), &token).await;
    let minutes: Vec<String> = rows(&patrol.body, "序号").into_iter().map(|row| row[7].clone()).collect();
    assert_eq!(minutes, ["40", "60", "120", "180"]);
}

async fn issue(world: &World, token: &str, key: &str, body: &Value) -> Answered {
    world.post("/v1/documents", Some(token), Some(key), body.to_string()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_has_the_name_and_only_voluntary_hours_and_is_issued_only_as_the_member_asked() {
    let world = World::street();
    meeting(&world);
    world.name(1, "王东", "E-1");
    let publisher = world.token("p-1", &["publisher"]);
    let query = format!("kind=certificate&member={}&from=2026-09&until=2026-10", member(1));
    let looked_at = draft(&world, &query, &publisher).await.text();
    assert!(looked_at.contains("王*") && !looked_at.contains("王东"), "a draft has no name: {looked_at}");
    let mut asked = json!({
        "kind": "certificate", "member": member(1), "from": "2026-09", "until": "2026-10", "format": "csv",
    });
    assert_eq!(issue(&world, &publisher, "k-1", &asked).await.problem(), (422, "content_malformed".to_owned()));
    asked["requested_at"] = json!("2026-11-05T01:00:00Z");
    assert_eq!(issue(&world, &publisher, "k-1", &asked).await.problem().1, "certificate_not_requested");
    asked["evidence"] = json!("both_parties");
    let recorder = world.token("w-1", &["recorder"]);
    assert_eq!(issue(&world, &recorder, "k-1", &asked).await.problem(), (403, "role_does_not_reach".to_owned()));
    let elsewhere = world.token("p-2", &[&format!("publisher@{WEST}")]);
    assert_eq!(issue(&world, &elsewhere, "k-1", &asked).await.problem(), (403, "role_does_not_reach".to_owned()));

    let issued = issue(&world, &publisher, "k-1", &asked).await;
    assert_eq!(issued.status, 201, "{}", issued.text());
    conforms(&issued.json(), "post", "/v1/documents", "201");
    let issued = issued.json();
    let file = STANDARD.decode(issued["file"].as_str().expect("a file")).expect("base64");
    let text = String::from_utf8_lossy(&file).into_owned();
    assert_eq!(issued["number"], "志证〔2026〕1号");
    for part in ["王东", "志证〔2026〕1号", "文书识别码", "服务时长（小时:分）,0:40"] {
        assert!(text.contains(part), "{part} is missing: {text}");
    }
    let services = rows(&file, "服务日期");
    assert_eq!(services.len(), 1, "the meeting isn't voluntary: {services:?}");
    let digest: String = Sha256::digest(&file).iter().map(|byte| format!("{byte:02x}")).collect();
    let known = world.get(&format!("/v1/documents/{digest}"), None).await.json();
    assert_eq!((&known["document"]["id"], &known["document"]["issued_at"]), (&issued["id"], &json!(NOW)));
    let auditor = world.token("a-1", &["auditor"]);
    let log = world.get("/v1/events?limit=1000", Some(&auditor)).await.text();
    assert!(log.contains("document.issued") && !log.contains("王东"), "the name isn't in the log");

    // The next one has the next number, and a random number of its own.
    let second = issue(&world, &publisher, "k-2", &asked).await.json();
    assert_eq!(second["number"], "志证〔2026〕2号");
    assert_ne!(second["digest"], issued["digest"]);
    let listed = world.get(&format!("/v1/documents?organization={EAST}&kind=certificate"), Some(&auditor)).await;
    conforms(&listed.json(), "get", "/v1/documents", "200");
    let numbers: Vec<Value> =
        listed.json()["documents"].as_array().expect("a list").iter().map(|one| one["number"].clone()).collect();
    assert_eq!(numbers, ["志证〔2026〕2号", "志证〔2026〕1号"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_not_issued_of_a_month_that_runs_or_is_to_come_nor_of_nothing() {
    let world = World::street();
    world.name(1, "王东", "E-1");
    let publisher = world.token("p-1", &["publisher"]);
    let asked = |from: &str, until: &str| {
        json!({
            "kind": "certificate", "member": member(1), "from": from, "until": until, "format": "csv",
            "requested_at": "2026-11-05T01:00:00Z", "evidence": "both_parties",
        })
    };
    let size = world.service.ledger.head().tree_size;
    for (from, until, problem) in [
        ("2026-10", "2026-09", (422, "content_malformed")),
        ("2026-10", "2026-12", (409, "month_not_begun")),
        ("2026-10", "2026-11", (409, "not_certifiable")),
        ("2026-08", "2026-08", (409, "not_certifiable")),
    ] {
        let answered = issue(&world, &publisher, "k-1", &asked(from, until)).await;
        assert_eq!(answered.problem(), (problem.0, problem.1.to_owned()), "{from} to {until}: {}", answered.text());
    }
    assert_eq!(world.service.ledger.head().tree_size, size, "no number is used up");
    // What can't be issued can be looked at, unless it hasn't begun.
    for (from, until, status) in [("2026-10", "2026-11", 200), ("2026-08", "2026-08", 200), ("2026-10", "2026-12", 409)]
    {
        let query = format!("kind=certificate&member={}&from={from}&until={until}", member(1));
        assert_eq!(draft(&world, &query, &publisher).await.status, status, "{from} to {until}");
    }
    let to_come = format!("kind=register&organization={EAST}&month=2026-12");
    assert_eq!(draft(&world, &to_come, &publisher).await.problem(), (409, "month_not_begun".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_asked_for_again_with_its_key_is_the_same_file_and_no_other_number() {
    let world = World::street();
    world.name(1, "王东", "E-1");
    let publisher = world.token("p-1", &["publisher"]);
    let asked = json!({
        "kind": "certificate", "member": member(1), "from": "2026-09", "until": "2026-10", "format": "csv",
        "requested_at": "2026-11-05T01:00:00Z", "evidence": "attested",
    });
    let without = world.post("/v1/documents", Some(&publisher), None, asked.to_string()).await;
    assert_eq!(without.problem().1, "idempotency_key_missing");
    let at_once = futures::future::join_all((0..4).map(|_| issue(&world, &publisher, "k-1", &asked))).await;
    let statuses: Vec<u16> = at_once.iter().map(|answered| answered.status.as_u16()).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    let first = at_once[0].json();
    assert!(first["file"].is_string() && at_once.iter().all(|answered| answered.json() == first), "{statuses:?}");
    let size = world.service.ledger.head().tree_size;
    let again = issue(&world, &publisher, "k-1", &asked).await;
    assert_eq!((again.status.as_u16(), again.json()), (200, first.clone()));
    conforms(&again.json(), "post", "/v1/documents", "200");

    for (field, value) in [
        ("from", json!("2026-10")),
        ("member", json!(member(2))),
        ("format", json!("text")),
        ("evidence", json!("both_parties")),
        ("requested_at", json!("2026-11-05T01:00:01Z")),
        ("number", json!("志证〔2026〕9号")),
    ] {
        let mut other = asked.clone();
        other[field] = value;
        let refused = issue(&world, &publisher, "k-1", &other).await;
        assert_eq!(refused.problem(), (409, "key_reused_with_other_content".to_owned()), "{field}");
    }
    let of_content = first["id"].as_str().expect("an id");
    assert_eq!(issue(&world, &publisher, of_content, &asked).await.problem().1, "key_of_other_content");
    // After a restart, or an erasure, no file is at hand.
    world.service.notice_files.forget();
    let later = issue(&world, &publisher, "k-1", &asked).await;
    assert_eq!(
        (later.status.as_u16(), &later.json()["file"], &later.json()["digest"]),
        (200, &Value::Null, &first["digest"])
    );
    conforms(&later.json(), "post", "/v1/documents", "200");
    assert_eq!(world.service.ledger.head().tree_size, size, "nothing more was recorded");
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_asked_for_at_the_same_time_have_numbers_of_their_own() {
    let world = World::street();
    world.name(1, "王东", "E-1");
    let publisher = world.token("p-1", &["publisher"]);
    let asked = json!({
        "kind": "certificate", "member": member(1), "from": "2026-09", "until": "2026-10", "evidence": "both_parties",
        "requested_at": "2026-11-05T01:00:00Z",
    });
    let issued =
        futures::future::join_all(["c-1", "c-2", "c-3", "c-4"].map(|key| issue(&world, &publisher, key, &asked))).await;
    let mut numbers: Vec<String> = issued.iter().map(|one| one.json()["number"].to_string()).collect();
    numbers.sort();
    assert_eq!(numbers, [1, 2, 3, 4].map(|number| format!("\"志证〔2026〕{number}号\"")));
}

/// Whoever holds the live models keeps recording and every reader waiting: what looks at many members has models of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_register_and_an_attendance_sheet_are_made_from_models_of_their_own_and_a_statement_is_not() {
    let world = World::street();
    let token = world.token("o-1", &["operator"]);
    let replays = || world.service.follower.replays();
    let statement = format!("kind=statement&member={}&month=2026-10", member(1));
    assert_eq!((draft(&world, &statement, &token).await.status.as_u16(), replays()), (200, 0));
    let register = format!("kind=register&organization={EAST}&month=2026-10");
    assert_eq!((draft(&world, &register, &token).await.status.as_u16(), replays()), (200, 1));
    assert_eq!((draft(&world, &register, &token).await.status.as_u16(), replays()), (200, 1), "they are kept");
    meeting(&world);
    let attendance = "kind=attendance&activity=a0000000000003";
    assert_eq!((draft(&world, attendance, &token).await.status.as_u16(), replays()), (200, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn issued_documents_are_listed_page_by_page() {
    let world = World::street();
    let token = world.token("p-1", &["publisher"]);
    for (key, kind) in [("d-1", "register"), ("d-2", "attendance"), ("d-3", "register"), ("d-4", "register")] {
        let wanted = match kind {
            "register" => json!({ "kind": kind, "organization": EAST, "month": "2026-10" }),
            _ => json!({ "kind": kind, "activity": PATROL }),
        };
        assert_eq!(issue(&world, &token, key, &wanted).await.status, 201);
    }
    let list = format!("/v1/documents?organization={EAST}");
    let whole = world.get(&list, Some(&token)).await.json();
    let of_kind = world.get(&format!("{list}&kind=register"), Some(&token)).await.json();
    let ids = |listed: &Value| -> Vec<Value> {
        listed["documents"].as_array().expect("a list").iter().map(|one| one["id"].clone()).collect()
    };
    assert_eq!((ids(&whole).len(), ids(&of_kind).len(), &whole["next"]), (4, 3, &Value::Null));
    let (mut turned, mut address) = (Vec::new(), format!("{list}&kind=register&limit=2"));
    loop {
        let page = world.get(&address, Some(&token)).await;
        conforms(&page.json(), "get", "/v1/documents", "200");
        turned.push(ids(&page.json()));
        let Some(next) = page.header("link").strip_prefix('<').and_then(|link| link.split_once('>')) else { break };
        address = next.0.to_owned();
    }
    assert_eq!(turned.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(turned.concat(), ids(&of_kind));
    // The attendance sheet is on no page of registers.
    let attendance = ids(&whole)[2].as_str().expect("an id").to_owned();
    let beside = world.get(&format!("{list}&kind=register&cursor={attendance}"), Some(&token)).await;
    assert_eq!(beside.problem(), (400, "malformed_query".to_owned()));
    let unlimited = world.get(&format!("{list}&limit=1001"), Some(&token)).await;
    assert_eq!(unlimited.problem(), (400, "malformed_query".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_kind_does_not_take_is_refused_and_what_is_not_there_is_not_found() {
    let world = World::street();
    let token = world.token("o-1", &["operator"]);
    for query in [
        "kind=register&month=2026-10".to_owned(),
        format!("kind=register&organization={EAST}"),
        format!("kind=statement&organization={EAST}&month=2026-10"),
        format!("kind=certificate&member={}&from=2026-10&until=2026-09", member(1)),
        format!("kind=register&organization={EAST}&month=2026-10&format=odt"),
        "kind=notice&month=2026-10".to_owned(),
    ] {
        assert_eq!(draft(&world, &query, &token).await.problem(), (400, "malformed_query".to_owned()), "{query}");
    }
    for query in ["kind=register&organization=999&month=2026-10", "kind=attendance&activity=a0000000000077"] {
        assert_eq!(draft(&world, query, &token).await.problem(), (404, "unknown".to_owned()), "{query}");
    }
    assert_eq!(world.get(&format!("{DRAFT}?kind=register"), None).await.problem().0, 401);
    let beyond = format!("kind=register&organization={EAST}&month=2026-10&as_of=1000");
    assert_eq!(draft(&world, &beyond, &token).await.problem(), (404, "as_of_beyond_head".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_can_be_had_in_every_format() {
    let world = World::street();
    meeting(&world);
    let token = world.token("o-1", &["operator"]);
    let kinds = [
        format!("kind=register&organization={EAST}&month=2026-10"),
        format!("kind=statement&member={}&month=2026-10", member(1)),
        format!("kind=certificate&member={}&from=2026-10&until=2026-10", member(1)),
        "kind=attendance&activity=a0000000000003".to_owned(),
    ];
    for kind in kinds {
        for (format, begins) in [
            ("text", ""),
            ("csv", "\u{feff}"),
            ("docx", "PK\u{3}\u{4}"),
            ("xlsx", "PK\u{3}\u{4}"),
            #[cfg(feature = "pdf")]
            ("pdf", "%PDF-"),
        ] {
            let made = draft(&world, &format!("{kind}&format={format}"), &token).await;
            assert_eq!(made.status, 200, "{kind} as {format}: {}", made.text());
            let named = made.header("content-disposition");
            assert!(named.contains("filename*=UTF-8''%E"), "{kind} as {format}: {named:?}");
            assert!(made.body.starts_with(begins.as_bytes()) && made.body.len() > 200, "{kind} as {format}");
        }
    }
}

#[cfg(feature = "pdf")]
#[tokio::test(flavor = "multi_thread")]
async fn where_no_font_is_found_a_pdf_is_unavailable_and_every_other_format_is_made() {
    let world = World::street_without_fonts();
    let token = world.token("o-1", &["operator"]);
    let register = format!("kind=register&organization={EAST}&month=2026-10");
    let pdf = draft(&world, &format!("{register}&format=pdf"), &token).await;
    assert_eq!(pdf.problem(), (503, "format_unavailable".to_owned()));
    assert!(pdf.text().contains("fonts-noto-cjk") && !pdf.text().contains("/fonts"), "{}", pdf.text());
    for format in ["text", "csv", "xlsx", "docx"] {
        assert_eq!(draft(&world, &format!("{register}&format={format}"), &token).await.status, 200, "{format}");
    }
    // Nothing is recorded of a file that can't be made.
    let size = world.service.ledger.head().tree_size;
    let publisher = world.token("p-1", &["publisher"]);
    let wanted = json!({ "kind": "register", "organization": EAST, "month": "2026-10", "format": "pdf" });
    assert_eq!(issue(&world, &publisher, "d-1", &wanted).await.problem().1, "format_unavailable");
    assert_eq!(world.service.ledger.head().tree_size, size);
    let notice = world.get(&format!("/v1/organizations/{EAST}/draft.pdf?month=2026-10"), Some(&token)).await;
    assert_eq!(notice.problem(), (503, "format_unavailable".to_owned()));
}
