//! Every kind of document in both office formats, table by table and cell by cell: what openpyxl and python-docx read is what the JSON of the same figures says.

use super::fixture::{Files, read};
use crate::http::world::{EAST, World, member};
use mingzhang::ledger::wording::local;
use mingzhang::notice::wording;
use mingzhang_events::Instant;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// What a cell has to hold.
#[derive(Clone, Debug, PartialEq)]
enum Figure {
    Text(String),
    Count(u64),
    /// As the API writes them: `-1.50`.
    Points(String),
    Minutes(u64),
    /// Hundredths of a per cent.
    Percent(u64),
    Date(String),
    /// `19:05`.
    Time(String),
    Empty,
}

use Figure::{Count, Date, Empty, Minutes, Percent, Points, Text, Time};

impl Figure {
    /// As people read it. Nothing here has thousands.
    fn written(&self) -> String {
        match self {
            Text(text) | Date(text) | Time(text) => text.clone(),
            Count(number) => number.to_string(),
            Points(points) => points.replace('-', "−"),
            Minutes(minutes) => format!("{}:{:02}", minutes / 60, minutes % 60),
            Percent(hundredths) => format!("{}.{:02}%", hundredths / 100, hundredths % 100),
            Empty => String::new(),
        }
    }

    /// As a program reads it: kind and value.
    fn value(&self) -> Value {
        let number = |digits: &str| digits.parse::<f64>().expect("a number");
        match self {
            Text(text) => json!(["s", text]),
            Count(count) => json!(["n", *count as f64]),
            Points(points) => json!(["n", number(points)]),
            Minutes(minutes) => json!(["minutes", minutes]),
            Percent(hundredths) => json!(["n", number(&format!("{hundredths}e-4"))]),
            Date(date) => json!(["date", date]),
            Time(time) => json!(["time", time]),
            Empty => json!(["n", null]),
        }
    }
}

/// A table by the first cells of its header, and its rows.
struct Expected {
    header: &'static [&'static str],
    rows: Vec<Vec<Figure>>,
}

fn expect(header: &'static [&'static str], rows: Vec<Vec<Figure>>) -> Expected {
    Expected { header, rows }
}

/// Kind and value of a cell that openpyxl read. A whole number is a number, and a length of no time is one, too.
fn found(cell: &Value) -> Value {
    let value = &cell["value"];
    match value.as_f64() {
        Some(number) if cell["kind"] == "n" => json!(["n", number]),
        _ => json!([cell["kind"], value]),
    }
}

/// Insists that both files have each of these tables, with these rows and no more.
#[track_caller]
fn hold(kind: &str, docx: &Path, xlsx: &Path, tables: &[Expected]) {
    let (text, workbook) = (read(docx), read(xlsx));
    let sheets = workbook["sheets"].as_array().expect("sheets");
    for Expected { header, rows } in tables {
        assert!(!rows.is_empty(), "{kind}: {header:?} has no rows to compare");
        let begins = |row: &Value, cell: fn(&Value) -> &Value| {
            header.iter().enumerate().all(|(place, heading)| cell(&row[place]) == heading)
        };
        let table =
            text["tables"].as_array().expect("tables").iter().find(|table| begins(&table["rows"][0], |cell| cell));
        let table = table.unwrap_or_else(|| panic!("{kind}: no table {header:?} in the text"));
        let written: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(Figure::written).collect()).collect();
        assert_eq!(json!(table["rows"].as_array().expect("rows")[1..]), json!(written), "{kind}: {header:?} as text");

        let place = |sheet: &Value| sheet["rows"].as_array()?.iter().position(|row| begins(row, |cell| &cell["value"]));
        let (sheet, place) = sheets
            .iter()
            .find_map(|sheet| Some((sheet["rows"].as_array()?, place(sheet)?)))
            .unwrap_or_else(|| panic!("{kind}: no table {header:?} in the workbook"));
        let below: Vec<Vec<Value>> = sheet[place + 1..]
            .iter()
            .take(rows.len())
            .map(|row| row.as_array().expect("cells").iter().take(rows[0].len()).map(found).collect())
            .collect();
        let values: Vec<Vec<Value>> = rows.iter().map(|row| row.iter().map(Figure::value).collect()).collect();
        assert_eq!(below, values, "{kind}: {header:?} in the workbook");
        let after = sheet.get(place + 1 + rows.len());
        assert!(after.is_none_or(|row| row[1]["value"].is_null()), "{kind}: {header:?} goes on: {after:?}");
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no count"))
}

fn array(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list"))
}

fn points(value: &Value) -> Figure {
    value.as_str().map_or(Text("＊".to_owned()), |points| Points(points.to_owned()))
}

/// Numerator, denominator and rate; withheld, or of nobody.
fn rate(rate: &Value) -> [Figure; 3] {
    let sign = |sign: &str| [0; 3].map(|_| Text(sign.to_owned()));
    if rate.is_null() {
        return sign("—");
    }
    if rate == "withheld" {
        return sign("＊");
    }
    [
        Count(number(&rate["numerator"])),
        Count(number(&rate["denominator"])),
        Percent(number(&rate["percent_hundredths"])),
    ]
}

fn evidence(code: &Value) -> Figure {
    code.as_str().map_or(Empty, |code| Text(wording::evidence(code.parse().expect("an evidence")).chinese.into_owned()))
}

/// The tables of a notice, by its JSON.
fn of_notice(json: &Value) -> Vec<Expected> {
    let notice = &json["notice"];
    let [percent, shares] = [
        ["enrollment", "pairing_sign_up", "patrol_sign_up"],
        ["participation", "pairing_participation", "patrol_participation"],
    ];
    let names = ["报到率", "结对报名率", "巡逻报名率", "参与率", "走访参与率", "巡逻参与率"];
    let rates = names
        .iter()
        .zip(percent.iter().chain(&shares))
        .map(|(name, field)| std::iter::once(Text((*name).to_owned())).chain(rate(&notice["rates"][field])).collect());
    let totals = &notice["totals"];
    let sums = [
        ("积分合计", points(&totals["points"])),
        ("人均积分", points(&totals["average_points"])),
        ("志愿服务时长", Minutes(number(&totals["voluntary_minutes"]))),
    ];
    let below = array(&notice["sub_organizations"]);
    let last = |figures: [Figure; 3]| figures.into_iter().next_back().expect("three");
    let organizations = below.iter().map(|of| {
        let rates = percent.map(|field| last(rate(&of["rates"][field])));
        let rank = of["rank"].as_u64().map_or(Text("—".to_owned()), Count);
        let sums = [points(&of["totals"]["points"]), points(&of["totals"]["average_points"])];
        [rank, Text(text(&of["name"])), Count(number(&of["due"]))].into_iter().chain(rates).chain(sums).collect()
    });
    let participation = below.iter().map(|of| {
        let rates = shares.map(|field| last(rate(&of["rates"][field])));
        let minutes = Minutes(number(&of["totals"]["voluntary_minutes"]));
        std::iter::once(Text(text(&of["name"]))).chain(rates).chain([minutes]).collect()
    });
    let records: u64 = array(&notice["evidence"]).iter().map(|line| number(&line["records"])).sum();
    let mix = array(&notice["evidence"]).iter().map(|line| {
        let of = number(&line["records"]);
        // Half a hundredth is rounded up.
        let share = (of * 20_000 + records) / (2 * records);
        vec![evidence(&line["evidence"]), Count(of), Percent(share)]
    });
    let members = array(&json["names"]).iter().zip(array(&notice["members"])).map(|(name, line)| {
        vec![
            Count(number(&line["rank"])),
            name.as_str().map_or(Empty, |name| Text(name.to_owned())),
            Text(text(&line["number_tail"])),
            Text(line["branch"].as_str().unwrap_or("已转出").to_owned()),
            points(&line["points"]),
            Minutes(number(&line["voluntary_minutes"])),
        ]
    });
    vec![
        expect(&["指标", "人数"], rates.collect()),
        expect(&["合计", "2026年10月"], sums.map(|(name, figure)| vec![Text(name.to_owned()), figure]).to_vec()),
        expect(&["名次", "组织"], organizations.collect()),
        expect(&["组织", "参与率"], participation.collect()),
        expect(&["佐证方式", "记录数"], mix.collect()),
        expect(&["名次", "党员", "编号尾号"], members.collect()),
    ]
}

#[test]
fn notices_disclosures_and_superseding_notices_have_every_figure_of_their_json() {
    for (kind, files) in
        [("notice", Files::issued()), ("superseding", Files::superseding()), ("disclosure", Files::disclosed())]
    {
        hold(kind, &files.path("notice.docx"), &files.path("notice.xlsx"), &of_notice(&files.json));
    }
}

#[test]
fn a_superseding_notice_has_each_changed_figure_of_a_member_as_it_was_and_as_it_is() {
    let files = Files::superseding();
    let (document, workbook) = (files.read("notice.docx"), files.read("notice.xlsx"));
    let tables = array(&document["tables"]).iter();
    let written = tables.filter(|table| table["rows"][0][1] == "项目").flat_map(|table| array(&table["rows"]));
    let written: Vec<[&Value; 3]> = written.map(|row| [&row[1], &row[2], &row[3]]).collect();
    let sheet = array(&workbook["sheets"]).iter().find(|sheet| sheet["name"] == "更正明细").expect("the sheet");
    let cells = array(&sheet["rows"]).iter();
    let cells: Vec<[Value; 3]> = cells.map(|row| [1, 2, 3].map(|place| found(&row[place]))).collect();
    let mut compared = 0;
    for change in array(&files.json["notice"]["changes"]["members"]) {
        let figures =
            |of: &Value| [Count(number(&of["rank"])), points(&of["points"]), Minutes(number(&of["voluntary_minutes"]))];
        let both = figures(&change["before"]).into_iter().zip(figures(&change["after"]));
        let items = ["名次", "积分", "志愿服务时长"].into_iter().zip(both);
        for (item, (before, after)) in items.filter(|(_, (before, after))| before != after) {
            let printed = [json!(item), json!(before.written()), json!(after.written())];
            assert!(written.iter().any(|row| row.map(Clone::clone) == printed), "{printed:?} in {written:?}");
            let values = [Text(item.to_owned()), before, after].map(|figure| figure.value());
            assert!(cells.contains(&values), "{values:?} in {cells:?}");
            compared += 1;
        }
    }
    assert!(compared > 1, "{compared}");
}

/// Local time of day after so many minutes: a text with the day where that is another, in a workbook a time.
fn time_of(item: &Value, after_minutes: u64) -> Figure {
    let start: Instant = text(&item["started_at"]).parse().expect("an instant");
    let at = start.plus_minutes(u32::try_from(after_minutes).expect("a day at most"));
    assert_eq!(at.local_date(), start.local_date(), "nobody here serves past midnight");
    Time(local(at)[11..].to_owned())
}

fn span(item: &Value) -> [Figure; 2] {
    let minutes = number(&item["minutes"]);
    [time_of(item, 0), if minutes == 0 { Empty } else { time_of(item, minutes) }]
}

/// What the codes of the API are called, where the documents have words.
fn word(code: &Value) -> String {
    let word = match code.as_str().expect("a code") {
        "voluntary" => "志愿服务",
        "organized" => "组织生活",
        "duty" => "值守",
        "accepted" => "有效",
        "pending" => "待审核",
        "check_out_missing" => "未签退",
        "leave" => "请假",
        "absence" => "无故缺席",
        "no_show" => "报名未到",
        "holds" => "无误",
        "holds_as_told" => "无误，但只凭审计包本身",
        "not_made" => "未核对",
        other => panic!("{other} has no word yet"),
    };
    word.to_owned()
}

fn kind(item: &Value) -> Option<String> {
    let kind = item["kind"].as_str()?;
    Some(wording::kind(kind.parse().expect("a kind")).chinese.into_owned())
}

fn occasion(item: &Value) -> Figure {
    let kind = kind(item).expect("service, or the lack of it");
    if item["occasion"] == "service" { Text(kind) } else { Text(format!("{}（{kind}）", word(&item["occasion"]))) }
}

fn or_empty(value: &Value) -> Figure {
    value.as_str().map_or(Empty, |text| if text.is_empty() { Empty } else { Text(text.to_owned()) })
}

fn entries(item: &Value) -> Figure {
    Text(array(&item["log_indexes"]).iter().map(Value::to_string).collect::<Vec<_>>().join(" "))
}

/// A street with a patrol and a meeting; the API's points of its first seven members, who are of one community.
struct Papers {
    world: World,
    token: String,
    points: Vec<Value>,
    community: String,
    directory: tempfile::TempDir,
}

impl Papers {
    async fn of_a_street() -> Papers {
        let world = World::street();
        crate::http::meeting(&world);
        // Three meetings more on the same day: a day's cap is four points, and each gives two.
        for (place, hour) in [(4, 5), (5, 7), (6, 9)] {
            let (activity, at) = (format!("a000000000000{place}"), format!("2026-10-20T0{hour}:00:00Z"));
            let scheduled = json!({
                "activity": activity, "class": "organized", "kind": "meeting", "organization": EAST,
                "starts_at": at, "ends_at": format!("2026-10-20T0{hour}:50:00Z"),
            });
            world.record(&activity, "mingzhang.activity.scheduled.v1", "2026-10-19T01:00:00Z", "office", scheduled);
            let data = json!({ "activity": activity, "member": member(1), "outcome": "attended" });
            let key = format!("attended-{activity}");
            world.record(&key, "mingzhang.attendance.recorded.v1", &at, "on_site_code", data);
        }
        world.name(1, "王东", "E-1");
        let token = world.token("o-1", &["operator", "reviewer"]);
        let mut points = Vec::new();
        for number in 1..=7 {
            let path = format!("/v1/members/{}/points?month=2026-10", member(number));
            points.push(world.get(&path, Some(&token)).await.json());
        }
        let community = world.get(&format!("/v1/organizations/{EAST}"), Some(&token)).await.json();
        let directory = tempfile::tempdir().expect("a directory");
        Papers { world, token, points, community: text(&community["name"]), directory }
    }

    /// Insists on these tables in both formats of a draft.
    async fn hold(&self, kind: &str, query: &str, tables: &[Expected]) {
        let mut paths = Vec::new();
        for format in ["docx", "xlsx"] {
            let path = format!("/v1/documents/draft?kind={kind}&{query}&format={format}");
            let made = self.world.get(&path, Some(&self.token)).await;
            assert_eq!(made.status, 200, "{kind}: {}", made.text());
            paths.push(self.directory.path().join(format!("{kind}.{format}")));
            std::fs::write(paths.last().expect("just now"), &made.body).expect("written");
        }
        hold(kind, &paths[0], &paths[1], tables);
    }

    /// The items of a member, by number.
    fn items(&self, of: usize) -> impl Iterator<Item = &Value> {
        array(&self.points[of - 1]["items"]).iter()
    }

    fn branch(&self, item: &Value) -> Figure {
        assert_eq!(item["branch"], EAST);
        Text(self.community.clone())
    }
}

fn name_of(number: usize) -> Figure {
    if number == 1 { Text("王*".to_owned()) } else { Empty }
}

fn tail(number: usize) -> Figure {
    Text(member(number as u64)[10..].to_owned())
}

fn particulars<const N: usize>(rows: [(&str, Figure); N]) -> Expected {
    expect(&["项目", "内容"], rows.map(|(name, figure)| vec![Text(name.to_owned()), figure]).to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn registers_statements_certificates_and_attendance_sheets_have_what_the_points_say() {
    let papers = Papers::of_a_street().await;
    let of_register = |who: usize, item: &Value| {
        let [from, until] = if item["kind"].is_null() { [Empty, Empty] } else { span(item) };
        vec![
            Date(text(&item["date"])),
            name_of(who),
            tail(who),
            papers.branch(item),
            occasion(item),
            Text(word(&item["class"])),
            if item["activity"].is_null() { Empty } else { Text(papers.community.clone()) },
            from,
            until,
            Minutes(number(&item["minutes"])),
            evidence(&item["evidence"]),
            Text(word(&item["standing"])),
            points(&item["points"]),
            or_empty(&item["clause"]),
            entries(item),
        ]
    };
    let mut lines: Vec<(String, usize, Vec<Figure>)> = Vec::new();
    for who in 1..=7 {
        let line = |item: &Value| (text(&item["started_at"]), who, of_register(who, item));
        lines.extend(papers.items(who).map(line));
    }
    lines.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
    let rows = lines.into_iter().map(|(_, _, row)| row).collect();
    let query = format!("organization={EAST}&month=2026-10");
    papers.hold("register", &query, &[expect(&["日期", "党员", "编号尾号"], rows)]).await;

    let of_statement = |item: &Value| {
        vec![
            Date(text(&item["date"])),
            occasion(item),
            or_empty(&item["clause"]),
            or_empty(&item["name"]),
            Minutes(number(&item["minutes"])),
            points(&item["points_before_cap"]),
            points(&item["points"]),
            evidence(&item["evidence"]),
            Text(word(&item["standing"])),
            entries(item),
        ]
    };
    let own = &papers.points[0];
    let capped = papers.items(1).filter(|item| item["points_before_cap"] != item["points"]).count();
    assert!(capped > 0, "no item of the statement is above its cap: the two columns can't be told apart");
    let summary = particulars([
        ("党员", Text(format!("王*（编号尾号{}）", &member(1)[10..]))),
        ("所在支部", Text(papers.community.clone())),
        ("月份", Text("2026年10月".to_owned())),
        ("积分合计", points(&own["total"])),
        ("支部内名次", Text(format!("第{}名，共{}名", own["rank_in_branch"], own["ranked_in_branch"]))),
        ("志愿服务时长", Minutes(number(&own["voluntary_minutes"]))),
        ("积分细则", or_empty(&own["rules_version"])),
    ]);
    let items = expect(&["日期", "事项", "条款"], papers.items(1).map(of_statement).collect());
    let query = format!("member={}&month=2026-10", member(1));
    papers.hold("statement", &query, &[summary, items]).await;

    let certified = || {
        papers.items(1).filter(|item| {
            (&item["occasion"], &item["class"], &item["standing"])
                == (&json!("service"), &json!("voluntary"), &json!("accepted"))
        })
    };
    let of_certificate = |item: &Value| {
        let [from, until] = span(item);
        let minutes = Minutes(number(&item["minutes"]));
        let kind = Text(kind(item).expect("a kind"));
        vec![
            Date(text(&item["date"])),
            kind,
            papers.branch(item),
            from,
            until,
            minutes,
            evidence(&item["evidence"]),
            entries(item),
        ]
    };
    let kinds: std::collections::BTreeSet<String> = certified().filter_map(kind).collect();
    let volunteer = particulars([
        ("姓名", name_of(1)),
        ("志愿者编号", Text(member(1))),
        ("证件类型及号码", Empty),
        ("服务期间", Text("2026年10月".to_owned())),
        ("服务次数", Count(certified().count() as u64)),
        ("服务时长（小时:分）", Minutes(certified().map(|item| number(&item["minutes"])).sum())),
        ("服务内容", Text(kinds.into_iter().collect::<Vec<_>>().join("、"))),
        ("申请日期", Empty),
        ("负责人（签字）", Empty),
        ("经办人（签字）", Empty),
        ("联系方式", Empty),
    ]);
    let services = expect(&["服务日期", "服务内容"], certified().map(of_certificate).collect());
    let query = format!("member={}&from=2026-10&until=2026-10", member(1));
    papers.hold("certificate", &query, &[volunteer, services]).await;

    let at_meeting = |who: usize| {
        let item = papers.items(who).find(|item| item["activity"] == "a0000000000003").expect("an item");
        let (present, said) = match item["occasion"].as_str().expect("an occasion") {
            "service" => (true, "出席"),
            "leave" => (false, "请假"),
            _ => (false, "缺席"),
        };
        let [from, until] = if present { span(item) } else { [Empty, Empty] };
        let minutes = if present { Minutes(number(&item["minutes"])) } else { Empty };
        let mut row = vec![Count(who as u64), name_of(who), tail(who), papers.branch(item), Text(said.to_owned())];
        row.extend([from, until, minutes, evidence(&item["evidence"]), Text(word(&item["standing"])), entries(item)]);
        row
    };
    let rows = (1..=3).map(at_meeting).collect();
    papers.hold("attendance", "activity=a0000000000003", &[expect(&["序号", "党员"], rows)]).await;
}

/// Each check by its code, as the report calls it.
const CHECKS: [(&str, &str); 12] = [
    ("bundle", "审计包完整"),
    ("checkpoint", "检查点由账本签名"),
    ("witnesses", "见证人联署"),
    ("previous", "接续以前的检查点"),
    ("entries", "记录规范、依次、不重复"),
    ("root", "由全部记录重算的根哈希与签名一致"),
    ("notice", "通报就是账本印发的那一份"),
    ("documents", "印发的文书依据的根哈希"),
    ("figures", "由记录和细则重算的每个数字"),
    ("rules", "细则就是账本施行的"),
    ("reviews", "没有人审核自己登记或涉及自己的记录"),
    ("reveals", "出示的身份就是账本所承诺的人"),
];

#[test]
fn an_audit_report_has_what_the_audit_found() {
    let directory = tempfile::tempdir().expect("a directory");
    let run = |arguments: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mingzhang"));
        let output = command.current_dir(directory.path()).args(arguments.split(' ')).output().expect("it runs");
        assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    run("demo --divisions 420902001001 --members 60 --no-serve --directory ledger");
    run("export audit --month 2026-10 --output bundle.tar.zst --ledger ledger");
    let found: Value =
        serde_json::from_slice(&run("audit bundle.tar.zst --format json --report report.docx")).expect("JSON");
    run("audit bundle.tar.zst --report report.xlsx");
    let (subject, conduct) = (&found["subject"], &found["conduct"]);
    let local = |at: &Value| local(text(at).parse().expect("an instant"));
    let of_subject = particulars([
        ("被审计组织", Text("书院社区居委会".to_owned())),
        ("组织代码", or_empty(&subject["organization"])),
        ("月份", Text("2026年10月".to_owned())),
        ("通报文号", or_empty(&subject["number"])),
        ("印发记录", or_empty(&subject["notice"])),
        ("审计包所含记录", Text("全部".to_owned())),
        ("登记时间", Text(format!("{}至{}", local(&subject["recorded"][0]), local(&subject["recorded"][1])))),
        ("公钥", or_empty(&subject["verifier_key"])),
        ("公钥来源", Text("取自审计包，未经认证".to_owned())),
        ("联署的见证人", Empty),
    ]);
    let check = |check: &Value| {
        let (_, name) = CHECKS.iter().find(|(code, _)| check["check"] == *code).expect("a check");
        vec![Text((*name).to_owned()), Text(word(&check["outcome"]))]
    };
    let superseded = |of: &Value| {
        let result = if of["recomputed"] == true { "与印发时相同" } else { "与印发时不同" };
        vec![or_empty(&of["number"]), Count(number(&of["tree_size"])), Text(result.to_owned()), or_empty(&of["digest"])]
    };
    let mix = |mix: &Value| {
        let [all, month, late] = ["records", "in_month", "late_in_month"].map(|field| Count(number(&mix[field])));
        vec![evidence(&mix["evidence"]), all, month, late]
    };
    let look =
        |what: &str, which: String, count: &Value| vec![Text(what.to_owned()), Text(which), Count(number(count))];
    let mut looks: Vec<_> =
        array(&conduct["back_entered_by"]).iter().map(|by| look("补录", text(&by["actor"]), &by["entries"])).collect();
    looks.extend(array(&conduct["silences"]).iter().map(|silence| {
        let (from, until) = (local(&silence["from"]), local(&silence["until"]));
        let after = number(&silence["log_index"]);
        look("无登记", format!("{from}至{until}（小时），第{after}条之后"), &silence["hours"])
    }));
    looks.extend(
        array(&conduct["busiest_hours"])
            .iter()
            .map(|hour| look("最忙一小时（条）", local(&hour["from"]), &hour["entries"])),
    );
    let tables = [
        of_subject,
        expect(&["核对", "结果"], array(&found["checks"]).iter().map(check).collect()),
        expect(&["被取代的通报", "条目数"], array(&found["superseded"]).iter().map(superseded).collect()),
        expect(&["佐证", "全部"], array(&conduct["evidence"]).iter().map(mix).collect()),
        expect(&["项目", "经办人或时间"], looks),
    ];
    let path = |name: &str| directory.path().join(name);
    hold("audit report", &path("report.docx"), &path("report.xlsx"), &tables);
}
