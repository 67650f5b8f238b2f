//! The button that checks a notice, in a real browser: it passes on what the log holds, and on each forgery it fails at the step that
//! shows it.

use super::browser::Browser;
use super::fixture::Street;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mingzhang::transparency::{Ed25519Signer, sign_note};
use mingzhang_events::{Event, ExemptionReason, MemberExempted, MemberId, RateDefinition, RateKind};
use serde_json::{Value, json};

/// Presses the button and waits for the end: how it ended, and every step with how it ended.
const VERIFY: &str = r"new Promise(done => {
    const panel = document.querySelector('#verify');
    const ended = () => {
        if (!['passed', 'as-told', 'failed', 'unable'].includes(panel.dataset.state)) return;
        const steps = Array.from(document.querySelectorAll('#verify-steps li'), step => [step.dataset.step, step.dataset.state, step.textContent]);
        const key = document.querySelector('#verify-key').value.trim();
        done({ state: panel.dataset.state, key, steps, said: document.querySelector('#verify-result').textContent });
    };
    new MutationObserver(ended).observe(panel, { attributes: true });
    document.querySelector('#verify-start').click();
})";

pub(super) struct Verdict {
    pub(super) state: String,
    /// The key that the reader gave; empty without one.
    pub(super) key: String,
    /// The step that didn't pass.
    pub(super) stopped_at: Option<String>,
    pub(super) text: String,
}

pub(super) fn verify(browser: &mut Browser) -> Verdict {
    let answer = browser.awaited(VERIFY);
    let steps = answer["steps"].as_array().expect("steps");
    let stopped = steps.iter().find(|step| step[1] != "passed");
    let text = format!("{} {}", answer["said"], json!(steps));
    Verdict {
        state: answer["state"].as_str().expect("a state").to_owned(),
        key: answer["key"].as_str().expect("text").to_owned(),
        stopped_at: stopped.map(|step| step[0].as_str().expect("a name").to_owned()),
        text,
    }
}

pub(super) fn assert_passes(browser: &mut Browser, what: &str) {
    let verdict = verify(browser);
    // By the site's own key no more is proved than that the site agrees with itself.
    let (state, words) = if verdict.key.is_empty() {
        ("as-told", "前后一致，但公钥没有核对")
    } else {
        ("passed", "核验通过")
    };
    assert_eq!((verdict.state.as_str(), verdict.stopped_at), (state, None), "{what}: {}", verdict.text);
    assert_eq!(verdict.text.contains("核验通过"), !verdict.key.is_empty(), "{what}: {}", verdict.text);
    assert!(verdict.text.contains(words) && verdict.text.contains("没有核验的"), "{what}: {}", verdict.text);
}

pub(super) fn assert_stops(browser: &mut Browser, state: &str, step: &str, what: &str) {
    assert_eq!(how_it_went_on(browser, state, step, what), None);
}

/// None if it stopped at that step, in that state; otherwise what it did.
fn how_it_went_on(browser: &mut Browser, state: &str, step: &str, what: &str) -> Option<String> {
    let verdict = verify(browser);
    let stopped = (verdict.state.as_str(), verdict.stopped_at.as_deref()) == (state, Some(step));
    let is_as_it_should = stopped && !["核验通过", "前后一致，但"].iter().any(|words| verdict.text.contains(words));
    (!is_as_it_should).then(|| format!("{what}: {} at {:?}: {}", verdict.state, verdict.stopped_at, verdict.text))
}

pub(super) fn changed(text: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut document: Value = serde_json::from_str(text).expect("JSON");
    change(&mut document);
    document.to_string()
}

/// The same base64 with one bit of its first byte flipped.
pub(super) fn flipped(base64: &Value) -> Value {
    let mut bytes = STANDARD.decode(base64.as_str().expect("text")).expect("base64");
    bytes[0] ^= 1;
    json!(STANDARD.encode(bytes))
}

#[test]
fn the_notice_and_each_of_its_lines_verify_and_again_after_the_log_has_grown() {
    let street = Street::served();
    let mut browser = Browser::start();
    browser.open(&street.notice_page());
    assert_passes(&mut browser, "the notice");
    for household in 0..3 {
        street.grow(100 + household);
        browser.open(&street.notice_page());
        assert_passes(&mut browser, "the notice, of a log that has grown");
    }
    for number in [1, 2, 12, 24] {
        browser.open(&format!("{}/lines/{number}", street.notice_page()));
        assert_passes(&mut browser, &format!("line {number}"));
    }
    assert_eq!(browser.complaints, Vec::<String>::new());
}

/// What is changed on the way, in which answer of the API (`""`: in the page itself), and the step that must show it.
pub(super) type Forgery = (&'static str, &'static str, &'static str, fn(&str) -> String);

/// The text with something changed between two places.
pub(super) fn in_place(text: &str, from: &str, to: &str, old: &str, new: &str) -> String {
    let (before, rest) = text.split_once(from).expect("the beginning");
    let (place, after) = rest.split_once(to).expect("the end");
    assert!(place.contains(old), "nothing to forge: no {old} between {from} and {to}");
    format!("{before}{from}{}{to}{after}", place.replacen(old, new, 1))
}

const OF_THE_NOTICE: &[Forgery] = &[
    ("a changed figure", ".json", "digest", |text| {
        changed(text, |of| of["notice"]["members"][3]["points"] = json!("99.00"))
    }),
    ("a changed figure with a digest to match", ".json", "digest", |text| {
        changed(text, |of| {
            of["notice"]["due"] = json!(23);
            of["digest"] = json!("0".repeat(64));
        })
    }),
    ("a rate that is rounded up", ".json", "digest", |text| {
        changed(text, |of| of["notice"]["rates"]["enrollment"]["percent_hundredths"] = json!(10_000))
    }),
    ("a truncated list of members", ".json", "digest", |text| {
        changed(text, |of| drop(of["notice"]["members"].as_array_mut().expect("members").pop()))
    }),
    ("a root that the log never had", ".json", "issued", |text| {
        changed(text, |of| of["notice"]["checkpoint"]["root_hash"] = json!("0".repeat(64)))
    }),
    ("another number of the document", ".json", "issued", |text| {
        changed(text, |of| of["notice"]["number"] = json!("〔2026〕11号"))
    }),
    ("a notice that isn't JSON", ".json", "fetch", |text| text[..text.len() / 2].to_owned()),
    ("a changed inclusion proof", "/proof", "entry", |text| {
        changed(text, |of| of["inclusion_proof"][0] = flipped(&of["inclusion_proof"][0]))
    }),
    ("a shortened inclusion proof", "/proof", "entry", |text| {
        changed(text, |of| drop(of["inclusion_proof"].as_array_mut().expect("hashes").pop()))
    }),
    ("a lengthened inclusion proof", "/proof", "entry", |text| {
        changed(text, |of| {
            let last = of["inclusion_proof"][0].clone();
            of["inclusion_proof"].as_array_mut().expect("hashes").push(last);
        })
    }),
    ("another place in the log", "/proof", "entry", |text| {
        changed(text, |of| of["log_index"] = json!(of["log_index"].as_u64().expect("an index") - 1))
    }),
    ("an entry with another digest", "/proof", "entry", |text| {
        changed(text, |of| {
            let mut entry: Value = serde_json::from_str(of["entry"].as_str().expect("text")).expect("JSON");
            entry["data"]["digest"] = json!("0".repeat(64));
            of["entry"] = json!(entry.to_string());
        })
    }),
    ("a swapped entry", "/proof", "entry", |text| changed(text, |of| of["entry"] = json!("{}"))),
    ("a wrong root in the checkpoint", "/proof", "signature", |text| {
        changed(text, |of| {
            let note = of["checkpoint"].as_str().expect("a note").to_owned();
            let root = note.lines().nth(2).expect("a root").to_owned();
            let other = flipped(&json!(root));
            of["checkpoint"] = json!(note.replacen(&root, other.as_str().expect("text"), 1));
        })
    }),
    ("a checkpoint of a larger size", "/proof", "signature", |text| {
        changed(text, |of| {
            let (note, size) = (of["checkpoint"].as_str().expect("a note").to_owned(), of["tree_size"].to_string());
            of["checkpoint"] = json!(note.replacen(&size, "9999", 1));
        })
    }),
    ("a checkpoint of another log under this log's key", "/proof", "signature", |text| {
        changed(text, |of| {
            let note = of["checkpoint"].as_str().expect("a note").to_owned();
            let (_, rest) = note[..=note.find("\n\n").expect("a text")].split_once('\n').expect("a name");
            let signer = Ed25519Signer::from_seed("example.org/street", &[7; 32]).expect("a signer");
            of["checkpoint"] = json!(sign_note(&format!("example.org/other\n{rest}"), &[&signer]).expect("signed"));
        })
    }),
    ("a wrong signature", "/proof", "signature", |text| {
        changed(text, |of| {
            let note = of["checkpoint"].as_str().expect("a note").to_owned();
            let (rest, signature) = note.trim_end().rsplit_once(' ').expect("a signature");
            let mut bytes = STANDARD.decode(signature).expect("base64");
            *bytes.last_mut().expect("bytes") ^= 1;
            of["checkpoint"] = json!(format!("{rest} {}\n", STANDARD.encode(bytes)));
        })
    }),
    ("no signature", "/proof", "fetch", |text| {
        changed(text, |of| {
            let note = of["checkpoint"].as_str().expect("a note").to_owned();
            of["checkpoint"] = json!(note.split_once("\n\n").expect("a text").0);
        })
    }),
    ("a changed consistency proof", "/proof", "growth", |text| {
        changed(text, |of| of["consistency_proof"][0] = flipped(&of["consistency_proof"][0]))
    }),
    ("no consistency proof", "/proof", "growth", |text| changed(text, |of| of["consistency_proof"] = json!([]))),
    ("a page that shows other counts", "", "page", |text| text.replacen("<b>24</b>", "<b>20</b>", 1)),
    ("a page that shows another rate", "", "page", |text| text.replacen("83.33<span", "98.33<span", 1)),
    ("a page that leaves a member out", "", "page", |text| {
        let (before, after) = text.rsplit_once("<tr>").expect("a row");
        format!("{before}{}", after.split_once("</tr>").expect("its end").1)
    }),
    // Of every kind of figure that the page prints.
    ("another month in the browser's title", "", "page", |text| {
        text.replacen("<title>关于2026年10月", "<title>关于2026年9月", 1)
    }),
    ("another month in the heading", "", "page", |text| text.replacen("<h1>关于2026年10月", "<h1>关于2026年11月", 1)),
    ("another month in the English heading", "", "page", |text| {
        text.replacen("community, 2026-10", "community, 2026-11", 1)
    }),
    ("another organisation in the browser's title", "", "page", |text| {
        in_place(text, "<title>", "</title>", "书院街道", "城南街道")
    }),
    ("another number of the document on the page", "", "page", |text| {
        in_place(text, "class=\"number\"", "</p>", "10号", "11号")
    }),
    ("another count in the overview", "", "page", |text| {
        in_place(text, "一、总体情况", "</p>", "应报到党员24人", "应报到党员20人")
    }),
    ("another sum in the overview", "", "page", |text| in_place(text, "全月", "</p>", "积分合计", "积分合计1")),
    ("a rate under the name of another", "", "page", |text| text.replacen("<h3>报到率", "<h3>参与率", 1)),
    ("a rate read aloud under the name of another", "", "page", |text| {
        text.replacen("aria-label=\"报到率", "aria-label=\"参与率", 1)
    }),
    ("columns under the names of others", "", "page", |text| {
        in_place(text, "class=\"organizations\"", "</thead>", "参与率", "报到率")
    }),
    ("a longer bar", "", "page", |text| {
        text.replacen("class=\"fill\" width=\"83.33\"", "class=\"fill\" width=\"98.33\"", 1)
    }),
    ("another sum", "", "page", |text| in_place(text, "<dl class=\"sums\">", "</dl>", "<dd>", "<dd>1")),
    ("another rate of an organisation", "", "page", |text| {
        in_place(text, "class=\"organizations\"", "</table>", "＊", "50.00%")
    }),
    ("other patrols", "", "page", |text| in_place(text, "夜间巡逻</b>", "</p>", "参加", "参加1")),
    ("other visits", "", "page", |text| in_place(text, "结对走访</b>", "</p>", "次，参与率", "9次，参与率")),
    ("other meetings", "", "page", |text| in_place(text, "会议</b>", "</p>", "出席", "出席1")),
    ("other duty", "", "page", |text| in_place(text, "每日值守</b>", "</p>", "其中", "其中1")),
    ("more records that count", "", "page", |text| text.replacen("有效记录", "有效记录9,", 1)),
    ("none that is pending", "", "page", |text| in_place(text, "有效记录", "</p>", "待审核", "退回")),
    ("fewer back-entries", "", "page", |text| in_place(text, "四、记录与佐证", "</p>", "补录", "补录0")),
    ("another way of evidencing", "", "page", |text| {
        in_place(text, "class=\"evidence\"", "</table>", "现场扫码", "双方确认")
    }),
    ("more of that evidence", "", "page", |text| {
        in_place(text, "class=\"evidence\"", "</table>", "<td class=\"figure\">", "<td class=\"figure\">1")
    }),
    ("another version of the rules", "", "page", |text| in_place(text, "本月积分按", "</p>", "版）", "9版）")),
    ("another limit for small groups", "", "page", |text| text.replacen("不足5人", "不足3人", 1)),
    ("another count of entries", "", "page", |text| text.replacen("由账本最前面的", "由账本最前面的9", 1)),
    ("witnesses that there are not", "", "page", |text| {
        text.replacen("未配置见证人。", "已见证：99家见证人中的99家已签名。", 1)
    }),
    ("another root in the table", "", "page", |text| text.replacen("<dd class=\"hash\">", "<dd class=\"hash\">0", 1)),
    ("other lines below the QR code", "", "page", |text| {
        in_place(text, "<figcaption>", "</figcaption>", "<code>", "<code>9")
    }),
    ("another date of issue", "", "page", |text| {
        in_place(text, "class=\"signed\"", "</p>", "11月3日</time>", "10月3日</time>")
    }),
    ("another date of issue for programs", "", "page", |text| {
        text.replacen("datetime=\"2026-11-03\"", "datetime=\"2026-10-03\"", 1)
    }),
    ("another count of members", "", "page", |text| text.replacen("党员积分，共24名", "党员积分，共25名", 1)),
    ("a member in another branch", "", "page", |text| {
        in_place(text, "class=\"members\"", "</table>", "class=\"branch\">书院社区", "class=\"branch\">槐荫社区")
    }),
    ("another member's name", "", "page", |text| {
        in_place(text, "class=\"members\"", "</table>", "class=\"person\">", "class=\"person\">欧阳")
    }),
    ("a figure more", "", "page", |text| text.replacen("</article>", "<p>另有99名党员满分</p></article>", 1)),
    ("a figure more, in full-width digits", "", "page", |text| text.replacen("特此通报。", "特此通报，共９９名。", 1)),
    ("a figure more, outside of the notice", "", "page", |text| {
        text.replacen("<main id=\"content\">", "<main id=\"content\"><p>100%</p>", 1)
    }),
    ("a figure more, in Chinese numerals", "", "page", |text| text.replacen("特此通报。", "特此通报，共九十九名。", 1)),
    ("a figure more, in financial numerals", "", "page", |text| {
        text.replacen("</article>", "<p>加分玖拾</p></article>", 1)
    }),
    ("a figure more, in English words", "", "page", |text| {
        text.replacen("</article>", "<p>Ninety-nine members</p></article>", 1)
    }),
    ("a figure more, before the notice", "", "page", |text| {
        text.replacen("<main id=\"content\">", "<p>报到率99.99%</p><main id=\"content\">", 1)
    }),
    ("a figure more, in the footer", "", "page", |text| text.replacen("</footer>", "<p>报到率99.99%</p></footer>", 1)),
    ("a figure more, beside the button", "", "page", |text| {
        text.replacen("<h2 id=\"verify-title\">", "<p>报到率99.99%</p><h2 id=\"verify-title\">", 1)
    }),
    ("a figure more, in a second list of steps", "", "page", |text| {
        text.replacen("</body>", "<ol id=\"verify-steps\"><li>报到率99.99%</li></ol></body>", 1)
    }),
    ("a figure more, in a warning", "", "page", |text| {
        let warned = "<article class=\"notice\"><div class=\"altered\"><p>更正：报到率应为99.99%，共9,999人</p></div>";
        text.replacen("<article class=\"notice\">", warned, 1)
    }),
    ("a warning without a figure", "", "page", |text| {
        text.replacen(
            "<article class=\"notice\">",
            "<div class=\"altered\"><p>请以纸质为准</p></div><article class=\"notice\">",
            1,
        )
    }),
    ("a figure more, in a remark", "", "page", |text| {
        let remark = "<p class=\"restated\">更正：报到率应为99.99%</p><article class=\"notice\">";
        text.replacen("<article class=\"notice\">", remark, 1)
    }),
    ("a remark in other words", "", "page", |text| {
        text.replacen(
            "<article class=\"notice\">",
            "<p class=\"restated\">本通报已作废</p><article class=\"notice\">",
            1,
        )
    }),
    ("another count in the chart of points", "", "page", |text| {
        in_place(text, "id=\"chart-distribution\"", "</figure>", "<td class=\"figure\">", "<td class=\"figure\">9")
    }),
    ("another count above a column", "", "page", |text| {
        let (before, rest) = text.split_once("id=\"chart-distribution\"").expect("the chart");
        let (chart, number) = rest.split_once("class=\"caption\"").expect("a caption");
        format!("{before}id=\"chart-distribution\"{chart}class=\"caption\"{}", number.replacen('>', ">9", 1))
    }),
    ("another band of points", "", "page", |text| {
        in_place(text, "id=\"chart-distribution\"", "</figure>", "<th scope=\"row\">0–", "<th scope=\"row\">1–")
    }),
    ("other home visits in the chart of kinds", "", "page", |text| {
        let (before, rest) = text.split_once("id=\"chart-kinds\"").expect("the chart");
        let (heads, row) = rest.split_once("<tbody>").expect("its table");
        let column = heads.split("<th").skip(3).position(|head| head.contains("走访")).expect("its column");
        let mut cells: Vec<String> = row.split("<td class=\"figure\">").map(str::to_owned).collect();
        cells[column + 1].insert(0, '9');
        format!("{before}id=\"chart-kinds\"{heads}<tbody>{}", cells.join("<td class=\"figure\">"))
    }),
    ("another evidence in the chart", "", "page", |text| {
        in_place(text, "id=\"chart-evidence\"", "</figure>", "<td class=\"figure\">", "<td class=\"figure\">9")
    }),
    ("another month in the chart", "", "page", |text| {
        in_place(text, "id=\"chart-evidence\"", "</figure>", "<th scope=\"row\">10月", "<th scope=\"row\">9月")
    }),
    ("another sentence of the chart", "", "page", |text| {
        in_place(text, "id=\"chart-kinds\"", "</figure>", "<caption>", "<caption>报到率99.99%")
    }),
    ("a chart more", "", "page", |text| {
        let more = "<figure class=\"charted\" id=\"chart-more\"><p>报到率99.99%</p></figure>";
        text.replacen("<div class=\"pictures\">", &format!("<div class=\"pictures\">{more}"), 1)
    }),
    ("a figure more, beside the charts", "", "page", |text| {
        text.replacen("<div class=\"pictures\">", "<p>报到率99.99%</p><div class=\"pictures\">", 1)
    }),
    ("charts where there are none", "", "page", |text| {
        let charts = "<div class=\"charts\"><div class=\"pictures\"><p class=\"charted\">报到率99.99%</p></div></div>";
        text.replacen("<article class=\"notice\">", &format!("{charts}<article class=\"notice\">"), 1)
    }),
    ("a figure more, in a field", "", "page", |text| {
        text.replacen("</article>", "<input value=\"报到率99.99%\"></article>", 1)
    }),
    ("a figure more, at the side of a list", "", "page", |text| {
        text.replacen("</article>", "<ol start=\"99\"><li>名党员</li></ol></article>", 1)
    }),
    ("a figure more, in a drawing", "", "page", |text| {
        text.replacen("</article>", "<svg><text>99.99%</text></svg></article>", 1)
    }),
    ("a picture", "", "page", |text| {
        text.replacen("</article>", "<img src=\"/assets/rates.png\" alt=\"\"></article>", 1)
    }),
    ("an item told twice", "/lines/", "lines", |text| {
        changed(text, |of| {
            let mut again = of["items"][0].clone();
            again["points"] = json!("0.00");
            again["standing"] = json!("accepted");
            of["items"].as_array_mut().expect("items").push(again);
        })
    }),
    ("lines that all rest on the same entry", "/lines/", "lines", |text| {
        static FIRST: std::sync::OnceLock<Value> = std::sync::OnceLock::new();
        changed(text, |of| {
            let first = FIRST.get_or_init(|| of["items"][0]["entries"].clone());
            of["items"].as_array_mut().expect("items").iter_mut().for_each(|item| item["entries"] = first.clone());
            of["forged"] = json!(true);
        })
    }),
    ("lines whose points are higher", "/lines/", "lines", |text| {
        changed(text, |of| of["items"][0]["points"] = json!("77.00"))
    }),
    ("lines of other members", "/lines/", "lines", |text| {
        changed(text, |of| of["line"]["number_tail"] = json!("zzzz"))
    }),
    ("records that aren't in the log", "/lines/", "lines", |text| {
        changed(text, |of| {
            of["items"][0]["entries"][0]["leaf_hash"] = flipped(&of["items"][0]["entries"][0]["leaf_hash"])
        })
    }),
    ("records without entries", "/lines/", "lines", |text| changed(text, |of| of["items"][0]["entries"] = json!([]))),
];

/// What stands in the place of a number where a month is disclosed.
const OF_A_DISCLOSURE: &[Forgery] = &[
    ("a disclosure that looks issued", "", "page", |text| {
        in_place(
            text,
            "class=\"number\">",
            "</p>",
            "公示稿，公示至 2026年11月10日 止，期间可以提出异议",
            "〔2026〕10号",
        )
    }),
    ("a disclosure that ends earlier", "", "page", |text| {
        in_place(text, "class=\"number\">", "</p>", "2026年11月10日", "2026年11月5日")
    }),
    ("a disclosure that ends earlier, in English", "", "page", |text| {
        in_place(text, "class=\"number\">", "</p>", "until 2026-11-10", "until 2026-11-05")
    }),
    ("a period that ends earlier than what was disclosed", "", "page", |text| {
        in_place(text, "class=\"objecting\"", "</section>", "至2026年11月10日止", "至2026年11月5日止")
    }),
    ("a disclosure that nobody may object to", "", "page", |text| {
        in_place(text, "class=\"objecting\"", "</section>", "党员可在公示期内", "党员不得在公示期内")
    }),
    ("a month that is said to be closed", "", "page", |text| {
        text.replacen("本月尚未月结，以下数字仍可能变动。", "", 1)
    }),
];

pub(super) fn each_is_shown(forgeries: &'static [Forgery], street: &Street, page: &str) {
    each_is_shown_of(street, None, forgeries, page);
}

pub(super) fn each_is_shown_of(
    street: &Street,
    notice: Option<mingzhang_events::EventId>,
    forgeries: &'static [Forgery],
    page: &str,
) {
    let notice = notice.unwrap_or(street.notice);
    // So that proofs have hashes in them.
    (0..4).for_each(|household| street.grow(200 + household));
    let mut browser = Browser::start();
    let address = format!("{}/notices/{notice}{page}", street.address);
    browser.open(&address);
    assert_passes(&mut browser, "nothing forged");
    let mut unseen = Vec::new();
    for (what, place, step, forge) in forgeries {
        browser.evaluate("localStorage.clear()");
        let of_page = format!("/notices/{notice}{page}");
        street.forge(move |path, text| {
            let is_it =
                if place.is_empty() { path == of_page } else { path.starts_with("/v1") && path.contains(place) };
            if !is_it {
                return text;
            }
            forge(&text)
        });
        browser.open(&address);
        unseen.extend(how_it_went_on(&mut browser, "failed", step, what));
    }
    assert!(unseen.is_empty(), "{} of {} went unseen:\n{}", unseen.len(), forgeries.len(), unseen.join("\n"));
    street.forge(|_, text| text);
    browser.open(&address);
    assert_passes(&mut browser, "nothing forged any more");
}

#[test]
fn every_forgery_of_a_notice_is_shown_at_the_step_that_it_breaks() {
    each_is_shown(OF_THE_NOTICE, &Street::served(), "");
}

#[test]
fn every_forgery_of_a_disclosure_is_shown_at_the_step_that_it_breaks() {
    each_is_shown(OF_A_DISCLOSURE, &Street::disclosing(), "");
}

/// Only whoever issues notices can: the digest is of what it says.
#[test]
fn a_notice_that_was_issued_with_a_total_that_is_no_sum_is_shown() {
    let honest = Street::served();
    let answer = ureq::get(format!("{}/v1/notices/{}.json", honest.address, honest.notice)).call();
    let answer = answer.expect("an answer").body_mut().read_to_string().expect("text");
    let mut notice = serde_json::from_str::<Value>(&answer).expect("JSON")["notice"].take();
    notice["totals"]["points"] = json!("999.00");
    let street = Street::served_with(|mut issued| {
        notice["checkpoint"]["root_hash"] = json!(issued.root_hash);
        let digest = <sha2::Sha256 as sha2::Digest>::digest(notice.to_string());
        issued.digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        issued
    });
    street.forge(move |path, text| {
        let is_it = path.starts_with("/v1") && path.ends_with(".json");
        if is_it { changed(&text, |of| of["notice"] = notice.clone()) } else { text }
    });
    let mut browser = Browser::start();
    browser.open(&street.notice_page());
    assert_stops(&mut browser, "failed", "total", "a total that is no sum");
}

#[test]
fn a_log_that_was_rolled_back_or_rewritten_with_its_own_key_is_shown_to_who_was_here_before() {
    let (street, short, fork) = (Street::served(), Street::served(), Street::served());
    (0..4).for_each(|household| street.grow(300 + household));
    (0..9).for_each(|household| fork.grow(400 + household));
    let mut browser = Browser::start();
    browser.open(&street.notice_page());
    assert_passes(&mut browser, "the first time");
    for (other, what) in [(&short, "rolled back"), (&fork, "rewritten")] {
        *street.router.lock().expect("no panic") = other.router.lock().expect("no panic").clone();
        browser.open(&format!("{}/notices/{}", street.address, other.notice));
        assert_stops(&mut browser, "failed", "remembered", what);
    }
    browser.evaluate("localStorage.clear()");
    browser.open(&format!("{}/notices/{}", street.address, fork.notice));
    assert_passes(&mut browser, "a fork, for who has kept nothing");
}

#[test]
fn a_browser_that_lacks_the_cryptography_says_that_nothing_was_checked() {
    let street = Street::served();
    for (script, said) in [
        ("Object.defineProperty(crypto, 'subtle', { value: undefined })", "https"),
        ("crypto.subtle.importKey = async () => { throw new DOMException('no', 'NotSupportedError') }", "Ed25519"),
    ] {
        let mut browser = Browser::start();
        browser.before_every_page(script);
        browser.open(&street.notice_page());
        let verdict = verify(&mut browser);
        assert_eq!((verdict.state.as_str(), verdict.stopped_at.as_deref()), ("unable", Some("browser")));
        assert!(verdict.text.contains(said) && verdict.text.contains("没有结论"), "{}", verdict.text);
    }
}

#[test]
fn where_the_rules_define_a_rate_otherwise_the_page_says_how_agrees_with_itself_and_passes() {
    let street = Street::shaped(|events| {
        let adopted = events.iter().position(|(_, event)| matches!(event, Event::ScoringRulesAdopted(_)));
        let Event::ScoringRulesAdopted(adopted) = &mut events[adopted.expect("rules")].1 else { unreachable!() };
        adopted.rules.rates.push(RateDefinition {
            cutoff: None,
            exempting_reasons: Some(Vec::new()),
            member_classes: Vec::new(),
            rate: RateKind::Enrollment,
        });
        let rostered =
            events.iter().rposition(|(_, event)| matches!(event, Event::MemberRostered(_))).expect("members");
        let reason = ExemptionReason::Illness;
        let exempted = MemberExempted { decision: None, member: MemberId(24), reason, until: None };
        events.insert(rostered + 1, ("2026-09-20T01:00:00Z", exempted.into()));
    });
    let mut browser = Browser::start();
    browser.open(&street.notice_page());
    let page = browser.evaluate("document.body.textContent").as_str().expect("text").to_owned();
    assert!(page.contains("应报到党员23人，另按细则计入报到率的24人，已报到20人，报到率83.33%"), "{page}");
    assert!(page.contains("报到率按细则另定：应报到的是当月最后一刻在花名册内的党员，免予报到的也计。"), "{page}");
    assert_passes(&mut browser, "a rate of its own");
}
