//! Any answer as an outline that people can read: labels in Chinese, lists of like things as tables. Drops nothing.

use super::super::output::{self, Side, faint, strong, table_within};
use crate::import::Word;
use crate::ledger::wording;
use mingzhang_events::{
    ActivityClass, ActivityKind, Evidence, ExemptionReason, Instant, LeavingReason, MemberClass, OrganizationLevel,
};
use serde_json::{Map, Value as Json};

/// What names a row, best first.
const NAMES_THE_ROW: [&str; 8] = ["name", "organization", "actor", "recorder", "member", "date", "log_index", "id"];

/// The outline of an answer.
pub(in crate::cli) fn outline(answer: &Json) -> String {
    let mut lines = Vec::new();
    write(answer, 0, &mut lines);
    lines.join("\n")
}

fn write(value: &Json, depth: usize, lines: &mut Vec<String>) {
    let indent = "  ".repeat(depth);
    let Json::Object(fields) = value else {
        lines.push(format!("{indent}{}", leaf(value).unwrap_or_default()));
        return;
    };
    // What fits a line first, then what needs several.
    for (key, value) in fields {
        if let Some(text) = word(key, value).or_else(|| leaf(value)) {
            lines.push(format!("{indent}{}  {text}", faint(label(key))));
        }
    }
    for (key, value) in fields.iter().filter(|(_, value)| leaf(value).is_none()) {
        lines.push(format!("{indent}{}", strong(label(key))));
        match value {
            Json::Array(rows) => write_rows(rows, &format!("{indent}  "), lines),
            Json::String(text) => lines.extend(text.trim_end().lines().map(|line| format!("{indent}  {line}"))),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_) => write(value, depth + 1, lines),
        }
    }
}

/// A list of like things: a column for each of their fields.
fn write_rows(rows: &[Json], indent: &str, lines: &mut Vec<String>) {
    let flat: Vec<Map<String, Json>> = rows.iter().map(flattened).collect();
    let mut columns: Vec<&String> = Vec::new();
    for key in flat.iter().flat_map(Map::keys) {
        if !columns.contains(&key) {
            columns.push(key);
        }
    }
    let names_the_row = NAMES_THE_ROW.iter().find_map(|name| columns.iter().position(|key| key == name));
    if let Some(at) = names_the_row {
        columns[..=at].rotate_right(1);
    }
    let cell = |row: &Map<String, Json>, key: &String| match row.get(key) {
        None => String::new(),
        Some(value) => word(key, value).or_else(|| leaf(value)).unwrap_or_else(|| match value {
            Json::Array(items) => format!("{} 项，见 --json", items.len()),
            Json::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_) => "见 --json".to_owned(),
        }),
    };
    let cells: Vec<Vec<String>> = flat.iter().map(|row| columns.iter().map(|key| cell(row, key)).collect()).collect();
    let is_number = |column: usize| {
        flat.iter().all(|row| row.get(columns[column]).is_none_or(|value| value.is_number() || value.is_null()))
    };
    let sides: Vec<Side> = (0..columns.len()).map(|at| if is_number(at) { Side::Right } else { Side::Left }).collect();
    let labels: Vec<String> = columns.iter().map(|key| label(key)).collect();
    let header: Vec<&str> = labels.iter().map(String::as_str).collect();
    // What isn't a terminal has no width to keep to: each row stays in one line, for whoever searches or cuts them.
    let columns = output::columns().map_or(usize::MAX, |columns| columns.saturating_sub(indent.len()));
    let table = table_within(columns, &sides, &header, &cells);
    lines.extend(table.lines().map(|line| format!("{indent}{line}")));
}

/// A row's own fields and those of the objects inside it.
fn flattened(row: &Json) -> Map<String, Json> {
    let mut flat = Map::new();
    if let Json::Object(fields) = row {
        for (key, value) in fields {
            if let (Json::Object(inner), None) = (value, leaf(value)) {
                flat.extend(inner.iter().map(|(name, value)| (name.clone(), value.clone())));
            } else {
                flat.insert(key.clone(), value.clone());
            }
        }
    } else {
        flat.insert(String::new(), row.clone());
    }
    flat
}

/// A word of a closed list in Chinese, with its stored spelling as the labels have it; none for anything else.
fn word(key: &str, value: &Json) -> Option<String> {
    let stored = value.as_str()?;
    let chinese = match key {
        "class" => of_list::<MemberClass>(stored).or_else(|| of_list::<ActivityClass>(stored)),
        "evidence" => of_list::<Evidence>(stored),
        "kind" => of_list::<ActivityKind>(stored),
        "leaving" => of_list::<LeavingReason>(stored),
        "level" => of_list::<OrganizationLevel>(stored),
        "reason" => of_list::<ExemptionReason>(stored),
        "occasion" | "standing" | "unscored" | "withheld" => of_explanation(stored),
        _ => None,
    };
    chinese.map(|chinese| format!("{chinese} {stored}"))
}

fn of_list<W: Word>(stored: &str) -> Option<&'static str> {
    W::WORDS.iter().find(|(_, spelling, _)| *spelling == stored).map(|(_, _, chinese)| chinese[0])
}

/// The words of an explained item.
fn of_explanation(stored: &str) -> Option<&'static str> {
    Some(match stored {
        "absence" => "无故缺席",
        "accepted" => "有效",
        "activity_cancelled" => "活动已取消",
        "base" => "基础分",
        "beside_small_group" => "防推算",
        "check_out_missing" => "未签退",
        "deducted" => "扣分",
        "exempt" => "当时免予报到",
        "granted" => "加分",
        "leave" | "on_leave" => "请假",
        "no_clause" => "细则无此项",
        "no_rules" => "当月无施行的细则",
        "no_show" => "报名未到",
        "not_on_roster" => "当时不在册",
        "nothing_to_divide_by" => "无分母",
        "over_quota" => "超出补录限额",
        "pending" => "待审核",
        "quashed" => "撤销",
        "reset" => "清零",
        "returned" => "退回",
        "reversed" => "冲正",
        "service" => "服务记录",
        "small_group" => "人数过少",
        "vetoed" => "一票否决",
        _ => return None,
    })
}

/// What fits a line.
fn leaf(value: &Json) -> Option<String> {
    match value {
        Json::Null => Some("—".to_owned()),
        Json::Bool(yes) => Some(if *yes { "是 yes" } else { "否 no" }.to_owned()),
        Json::Number(number) => Some(number.to_string()),
        Json::String(text) => (!text.contains('\n')).then(|| as_local_time(text).unwrap_or_else(|| text.clone())),
        Json::Array(items) => {
            if items.is_empty() {
                return Some("—".to_owned());
            }
            let short = items.iter().all(|item| item.is_number() || item.as_str().is_some_and(|text| text.len() <= 12));
            let texts = || items.iter().filter_map(leaf).collect::<Vec<_>>();
            short.then(|| texts().join(" "))
        }
        Json::Object(fields) => rate(fields),
    }
}

/// An instant as the street's clock showed it (Beijing time); other texts are none.
fn as_local_time(text: &str) -> Option<String> {
    let at: Instant = text.parse().ok()?;
    let seconds = at.unix_seconds().rem_euclid(60);
    let minute = wording::local(at);
    Some(if seconds == 0 { minute } else { format!("{minute}:{seconds:02}") })
}

/// A rate with what it is made of: `95.83% (115/120)`.
fn rate(fields: &Map<String, Json>) -> Option<String> {
    let (numerator, denominator) = (fields.get("numerator")?.as_u64()?, fields.get("denominator")?.as_u64()?);
    let percent = match fields.get("percent_hundredths").and_then(Json::as_u64) {
        Some(hundredths) => format!("{}.{:02}%", hundredths / 100, hundredths % 100),
        None if denominator == 0 => "—".to_owned(),
        None => "＊".to_owned(),
    };
    Some(format!("{percent} ({numerator}/{denominator})"))
}

/// What a field is called.
fn label(key: &str) -> String {
    let chinese = match key {
        "about_oneself" => "为本人",
        "above" => "上级",
        "absent" => "缺席",
        "accepted" => "有效",
        "activity" => "活动",
        "actor" => "代号",
        "as_superior" => "为下属",
        "assessment" => "评定",
        "attendance" => "出席",
        "attended" => "出席人次",
        "average" => "人均",
        "average_points" => "人均积分",
        "back_entered" => "补录",
        "below" => "下级",
        "branch" => "支部",
        "branches" => "所在支部",
        "burst_minutes" => "集中登记分钟",
        "burst_records_min" => "集中登记条数",
        "bursts" => "集中登记",
        "bursts_count" => "集中登记次数",
        "change" => "较上月",
        "check_out_missing" => "未签退",
        "checkpoint" => "检查点",
        "children" => "各下级组织",
        "class" => "类别",
        "clause" => "条款",
        "closed" => "月结",
        "closed_at" => "月结时间",
        "community" => "社区",
        "corrected" => "更正",
        "corrections_after_close" => "月结后更正",
        "cosigned_at" => "签名时间",
        "cosigned_size" => "已见证条数",
        "cosigners" => "已签名的见证人",
        "data" => "内容",
        "date" => "日期",
        "days_covered" => "已值守天数",
        "days_needed" => "应值守天数",
        "digest" => "摘要",
        "due" => "应参加",
        "duty" => "值守",
        "enrollment" => "报到率",
        "enrollment_percent_hundredths" => "报到率（万分之一）",
        "enrollments" => "报到",
        "entered_again" => "重复登记",
        "entry" => "记录",
        "events" => "记录",
        "evidence" => "佐证",
        "exempt" => "免予报到",
        "exemptions" => "免报",
        "exists" => "存续",
        "facts" => "事实",
        "failures" => "失败次数",
        "fields" => "项数",
        "format" => "格式",
        "found_recorded_twice" => "查出的重复",
        "from" => "自",
        "head_is_unwitnessed" => "最新记录未见证",
        "held" => "举行次数",
        "home_visits" => "走访",
        "id" => "编号",
        "identical" => "完全相同",
        "imported" => "导入",
        "importedfile" => "导入的文件",
        "importedrow" => "文件中的行",
        "inclusion_proof" => "包含证明",
        "issued_at" => "印发时间",
        "items" => "逐项依据",
        "kind" => "类型",
        "kinds" => "各类事实",
        "lag_entries" => "未见证条数",
        "late" => "逾期",
        "late_after_days" => "逾期天数",
        "late_check_ins" => "补签",
        "leaving" => "退出原因",
        "level" => "层级",
        "log_index" => "序号",
        "log_indexes" => "依据记录",
        "long_days" => "超长的一天",
        "long_days_count" => "超长天数",
        "meetings" => "会议",
        "member" => "党员",
        "members" => "党员数",
        "members_per_working_day" => "每工作日人数",
        "minutes" => "分钟",
        "month" => "月份",
        "months" => "有记录的月份",
        "mutual" => "互相审核",
        "name" => "名称",
        "no_shows" => "报名未到",
        "not_recorded_since_start" => "启动以来重复提交而未登记",
        "notices" => "通报",
        "number" => "编号、文号",
        "occasion" => "事由",
        "of_recorder" => "该经办人受审",
        "on_leave" => "请假",
        "organization" => "组织",
        "organizations" => "各组织",
        "other_log_index" => "另一序号",
        "overlaps" => "时间重叠",
        "overlaps_count" => "重叠次数",
        "pairing_sign_up" => "结对报名率",
        "pairing_sign_up_percent_hundredths" => "结对报名率（万分之一）",
        "parent" => "上级",
        "participation" => "参与率",
        "patrol_participation" => "巡逻参与率",
        "patrol_sign_up" => "巡逻报名率",
        "patrol_sign_up_percent_hundredths" => "巡逻报名率（万分之一）",
        "patrols" => "夜间巡逻",
        "pending" => "待审核",
        "plausible_day_minutes" => "一天合理分钟",
        "points" => "积分",
        "points_before_cap" => "封顶前",
        "published_group_members_min" => "公布所需人数",
        "published_size" => "已公布条数",
        "rank" => "名次",
        "rank_in_branch" => "支部内名次",
        "ranked_in_branch" => "支部内排名人数",
        "rate" => "比率",
        "rates" => "各项率",
        "reason" => "原因",
        "recordedat" => "登记时间",
        "recordedby" => "经办人",
        "recorder" => "经办人",
        "recorders" => "各经办人",
        "records" => "记录",
        "refused_as_known" => "因已有而拒绝",
        "repeated" => "同键重复",
        "restored_at" => "恢复",
        "returned" => "退回",
        "review_pairs" => "审核关系",
        "reviewer" => "审核人",
        "reviews" => "审核次数",
        "root_hash" => "根哈希",
        "rostered" => "在册",
        "rules_version" => "细则版本",
        "scanned" => "扫码",
        "shifts" => "班次",
        "signed_up" => "报名人次",
        "since" => "自",
        "source" => "账本",
        "specversion" => "格式版本",
        "standing" => "是否有效",
        "started_at" => "开始时间",
        "state" => "状态",
        "submissions" => "提交次数",
        "summary" => "当月情况",
        "superseded_by" => "被何取代",
        "suspended" => "已暂停登记",
        "suspensions" => "暂停登记",
        "time" => "发生时间",
        "total" => "合计",
        "trail" => "依据",
        "trainings" => "培训",
        "tree_size" => "账本条数",
        "trouble" => "问题",
        "type" => "类型",
        "typed" => "手工",
        "typed_fields_per_record_hundredths" => "每条记录手工项数（百分之一）",
        "unscored" => "不计分原因",
        "until" => "至",
        "visit_participation" => "走访参与率",
        "voluntary_minutes" => "志愿服务分钟",
        "withheld" => "不公布原因",
        "witnesses" => "见证人",
        "working_days" => "工作日",
        _ => return key.to_owned(),
    };
    format!("{chinese} {key}")
}

#[cfg(test)]
mod tests {
    use super::outline;
    use serde_json::json;

    #[test]
    fn an_answer_is_told_without_dropping_anything() {
        let answer = json!({
            "name": "书院街道",
            "rates": { "enrollment": { "numerator": 115, "denominator": 120, "percent_hundredths": 9583, "withheld": null } },
            "children": [
                { "organization": { "organization": "1", "exists": true }, "rank": 1, "kind": "night_patrol", "standing": "accepted" },
                { "organization": { "organization": "2", "exists": false }, "rank": null, "something_new": "x" },
            ],
            "note": "two\nlines\n",
            "from": "2026-09-30T16:00:00Z",
            "issued_at": "2026-11-02T15:59:07Z",
        });
        let told = anstream::adapter::strip_str(&outline(&answer)).to_string();
        for part in [
            "书院街道",
            "95.83% (115/120)",
            "something_new",
            "夜间巡逻 night_patrol",
            "有效 accepted",
            "  two\n  lines",
            "名次 rank",
            "自 from  2026-10-01 00:00",
            "2026-11-02 23:59:07",
        ] {
            assert!(told.contains(part), "{part:?} is missing in\n{told}");
        }
    }
}
