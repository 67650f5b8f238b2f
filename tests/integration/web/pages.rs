//! What the pages answer.

use super::fixture::{Street, record};
use mingzhang_events::{MemberId, NameConsentWithdrawn};

struct Answer {
    code: u16,
    headers: ureq::http::HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }
}

fn get(address: &str, tag: Option<&str>) -> Answer {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut request = agent.get(address);
    if let Some(tag) = tag {
        request = request.header("if-none-match", tag);
    }
    let mut response = request.call().expect("an answer");
    let body = response.body_mut().read_to_vec().expect("a body");
    // A workbook is no text; what is asked of it is in the headers.
    let body = String::from_utf8_lossy(&body).into_owned();
    Answer { code: response.status().as_u16(), headers: response.headers().clone(), body }
}

#[test]
fn the_front_page_lists_the_notice_with_its_rates_and_the_checkpoint() {
    let street = Street::served();
    let page = get(&street.address, None);
    assert_eq!(page.code, 200);
    let note = street.service.ledger.checkpoint().expect("a checkpoint");
    for expected in ["书院街道", "2026年10月", "〔2026〕10号", "83.33%", "33.33%", "58.33%", note.note()] {
        assert!(
            page.body.contains(&expected.replace('+', "&#43;")) || page.body.contains(expected),
            "{expected}: {}",
            page.body
        );
    }
    assert!(page.body.contains(&format!("/notices/{}", street.notice)));
}

#[test]
fn the_front_page_lists_what_is_disclosed_until_when_and_how_to_object() {
    let street = Street::disclosing();
    let page = get(&street.address, None);
    let disclosed = page.body.split("<section").find(|section| section.contains("正在公示"));
    let disclosed = disclosed.unwrap_or_else(|| panic!("{}", page.body));
    for expected in ["书院街道", "2026年10月", "2026-11-1", mingzhang::notice::wording::HOW_TO_OBJECT] {
        assert!(disclosed.contains(expected), "{expected}: {disclosed}");
    }
    assert!(disclosed.contains(&format!("/notices/{}", street.notice)));
    let issued = Street::served();
    assert!(!get(&issued.address, None).body.contains("正在公示"));
}

#[test]
fn a_notice_shows_names_by_consent_and_no_whole_member_id() {
    let street = Street::served();
    let page = get(&street.notice_page(), None);
    assert_eq!(page.code, 200);
    assert!(page.body.contains("李某2"), "the name with consent is missing");
    assert!(page.body.contains("张*") && !page.body.contains("张某"), "a name is shown without consent");
    for suffix in ["", ".csv", ".json", ".txt", ".html"] {
        let body = get(&format!("{}{suffix}", street.notice_page()), None).body;
        for member in 1..=24 {
            assert!(!body.contains(&MemberId(member).to_string()), "{suffix} prints a whole member id");
        }
    }
}

#[test]
fn a_withdrawn_consent_hides_the_name_and_leaves_the_notice_as_issued() {
    let street = Street::served();
    record(&street.service, vec![("2026-11-03T01:10:00Z", NameConsentWithdrawn { member: MemberId(2) }.into())]);
    let page = get(&street.notice_page(), None);
    assert!(!page.body.contains("李某2") && !page.body.contains("role=\"alert\""), "{}", page.body);
}

#[test]
fn a_notice_that_does_not_follow_from_the_log_says_so() {
    let forged = |notice| mingzhang_events::NoticeIssued { digest: "0".repeat(64), ..notice };
    let page = get(&Street::served_with(forged).notice_page(), None);
    assert!(page.body.contains("role=\"alert\""));
    assert!(page.body.contains(&"0".repeat(64)));
}

#[test]
fn the_page_of_a_notice_has_charts_with_their_tables_and_the_notice_itself_has_none() {
    let street = Street::served();
    let page = get(&street.notice_page(), None).body;
    for (chart, title, row) in [
        ("chart-distribution", "积分分布", "<th scope=\"row\">0</th><td class=\"figure\">"),
        (
            "chart-kinds",
            "活动构成",
            "<th scope=\"row\">10月</th><td class=\"figure\">12</td><td class=\"figure\">8</td>",
        ),
        ("chart-evidence", "佐证构成", "<th scope=\"row\">10月</th><td class=\"figure\">"),
    ] {
        let (_, figure) = page.split_once(&format!("<figure class=\"charted\" id=\"{chart}\">")).expect(chart);
        let (figure, _) = figure.split_once("</figure>").expect("its end");
        assert!(figure.contains(title) && figure.contains(&format!("<title id=\"{chart}-title\">")), "{figure}");
        assert!(figure.contains(row), "{figure}");
    }
    assert!(!page.contains("chart-points"), "one month is no course");
    assert!(!get(&format!("{}.html", street.notice_page()), None).body.contains("<figure class=\"charted\""));
}

#[test]
fn an_unchanged_page_is_not_sent_twice() {
    let street = Street::served();
    let first = get(&street.notice_page(), None);
    let again = get(&street.notice_page(), Some(first.header("etag")));
    assert_eq!((again.code, again.body.as_str()), (304, ""));
}

#[test]
fn a_page_may_load_our_style_sheets_only_and_they_are_kept_for_ever() {
    let street = Street::served();
    let page = get(&street.notice_page(), None);
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"));
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    let sheets: Vec<&str> = (page.body.split("href=\"").skip(1))
        .filter_map(|rest| rest.split('"').next())
        .filter(|address| address.starts_with("/assets/"))
        .collect();
    assert_eq!(sheets.len(), 3, "{sheets:?}");
    for sheet in sheets {
        let answer = get(&format!("{}{sheet}", street.address), None);
        assert_eq!(
            (answer.code, answer.header("cache-control")),
            (200, "public, max-age=31536000, immutable"),
            "{sheet}"
        );
    }
}

#[test]
fn every_file_has_its_type_and_a_chinese_name() {
    let street = Street::served();
    for (suffix, content_type) in [
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
        ("txt", "text/plain; charset=utf-8"),
        ("html", "text/html; charset=utf-8"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ] {
        let file = get(&format!("{}.{suffix}", street.notice_page()), None);
        assert_eq!((file.code, file.header("content-type")), (200, content_type));
        assert!(file.header("content-disposition").contains("filename*=UTF-8''%E4%B9%A6"), "{suffix}");
    }
}

#[test]
fn an_address_where_nothing_stands_has_a_page_in_chinese_and_english() {
    let street = Street::served();
    for address in ["/nothing", "/notices/e0", "/notices/e00000000000000000000000000", "/assets/0/site.css"] {
        let page = get(&format!("{}{address}", street.address), None);
        assert_eq!(page.code, 404, "{address}");
        assert!(page.body.contains("没有这个页面") && page.body.contains("There is no such page"), "{address}");
        assert!(!page.header("content-security-policy").is_empty(), "{address}");
    }
}

#[test]
fn where_no_newer_checkpoint_can_be_written_down_the_front_page_shows_the_one_before() {
    let street = Street::served();
    let before = street.service.published_checkpoint().expect("a checkpoint");
    // Nothing can be written where a directory stands.
    std::fs::create_dir(street.directory().join("checkpoint.unfinished")).expect("a directory");
    street.grow(9);
    let page = get(&street.address, None);
    assert_eq!(page.code, 200, "{}", page.body);
    let shown = before.note().lines().nth(1).expect("its size");
    assert!(page.body.contains(&format!("\n{shown}\n")), "{}", page.body);
}
