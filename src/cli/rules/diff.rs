//! What changes from one version of the rules to another, in words, clause by clause.

use super::statements::{Aspect, Statement, statements};
use crate::cli::failure::{Both, Failure, both};
use crate::cli::output::{bad, faint, good, say, strong};
use mingzhang_events::ScoringRules;

/// One change.
#[derive(Debug, PartialEq, Eq)]
enum Change {
    /// A clause that wasn't there.
    Added(String, Both),
    /// A clause that isn't there any more.
    Removed(String, Both),
    /// Something that a clause says otherwise: before and after, either of which may be nothing.
    Changed(String, Both, Both),
}

pub(super) fn say_changes(old: &ScoringRules, new: &ScoringRules) -> Result<(), Failure> {
    let changes = changes(old, new);
    if changes.is_empty() {
        return say(good("✓ 两版说的一样  both say the same"));
    }
    for change in &changes {
        match change {
            Change::Added(title, words) => {
                say(format!("{} {}  {}", good("+ 新增"), strong(title), words.chinese))?;
                say(faint(format!("    added: {}", words.english)))?;
            }
            Change::Removed(title, words) => {
                say(format!("{} {}  {}", bad("− 取消"), strong(title), words.chinese))?;
                say(faint(format!("    removed: {}", words.english)))?;
            }
            Change::Changed(title, before, after) => {
                let or_nothing = |text: &str| if text.is_empty() { "—".to_owned() } else { text.to_owned() };
                let chinese = format!("{} → {}", or_nothing(&before.chinese), strong(or_nothing(&after.chinese)));
                say(format!("~ 改动 {}  {chinese}", strong(title)))?;
                say(faint(format!("    {} → {}", or_nothing(&before.english), or_nothing(&after.english))))?;
            }
        }
    }
    say(format!("\n{} 处变化 changes", changes.len()))
}

fn changes(old: &ScoringRules, new: &ScoringRules) -> Vec<Change> {
    let (before, after) = (statements(old), statements(new));
    let same = |left: &Statement, right: &Statement| {
        let named = !left.key.is_empty() || left.title == right.title;
        left.chapter == right.chapter && left.key == right.key && named
    };
    let mut changes = Vec::new();
    for statement in &before {
        match after.iter().find(|later| same(statement, later)) {
            Some(later) => compare(statement, later, &mut changes),
            None => changes.push(Change::Removed(statement.title.clone(), whole(statement))),
        }
    }
    for statement in after.iter().filter(|later| !before.iter().any(|statement| same(statement, later))) {
        changes.push(Change::Added(statement.title.clone(), whole(statement)));
    }
    reordered(&before, &after, &mut changes);
    changes
}

/// Clauses of both versions that have changed places where the order says something.
fn reordered(before: &[Statement], after: &[Statement], changes: &mut Vec<Change>) {
    let in_turn = |all: &'static str, of: &[Statement], other: &[Statement]| -> Vec<String> {
        let kept = |statement: &&Statement| {
            let same = |later: &Statement| later.chapter == all && later.key == statement.key;
            statement.in_turn && statement.chapter == all && other.iter().any(same)
        };
        of.iter().filter(kept).map(|statement| statement.key.clone()).collect()
    };
    let mut chapters: Vec<&'static str> = before.iter().map(|statement| statement.chapter).collect();
    chapters.dedup();
    for chapter in chapters {
        let (was, is) = (in_turn(chapter, before, after), in_turn(chapter, after, before));
        if was != is {
            let words = |order: &[String]| both(order.join("、"), order.join(", "));
            changes.push(Change::Changed(format!("{chapter} 次序 order"), words(&was), words(&is)));
        }
    }
}

fn compare(before: &Statement, after: &Statement, changes: &mut Vec<Change>) {
    if before.title != after.title {
        let name = |of: &Statement| both(format!("名称“{}”", of.title), format!("called {}", of.title));
        changes.push(Change::Changed(before.title.clone(), name(before), name(after)));
    }
    let words = |aspects: &[Aspect], about: &str| {
        aspects.iter().find(|aspect| aspect.about == about).map(|aspect| aspect.words.clone()).unwrap_or_default()
    };
    let added = after.aspects.iter().filter(|later| !before.aspects.iter().any(|aspect| aspect.about == later.about));
    for aspect in before.aspects.iter().chain(added) {
        let (was, is) = (words(&before.aspects, &aspect.about), words(&after.aspects, &aspect.about));
        if was != is {
            changes.push(Change::Changed(after.title.clone(), was, is));
        }
    }
}

fn whole(statement: &Statement) -> Both {
    let words: Vec<Both> = statement.aspects.iter().map(|aspect| aspect.words.clone()).collect();
    let join = |pick: fn(&Both) -> &str, between: &str| words.iter().map(pick).collect::<Vec<_>>().join(between);
    both(join(|words| &words.chinese, "；"), join(|words| &words.english, "; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mingzhang_projections::{DEFAULT_RULES_TOML, parse_rules};
    use serde_json::Value as Json;

    fn rules(document: &str) -> ScoringRules {
        parse_rules(document).expect("sound rules")
    }

    fn told(old: &str, new: &str) -> Vec<String> {
        let told = |change: Change| match change {
            Change::Added(title, words) => format!("+ {title}: {}", words.chinese),
            Change::Removed(title, words) => format!("- {title}: {}", words.chinese),
            Change::Changed(title, was, is) => format!("~ {title}: {} → {}", was.chinese, is.chinese),
        };
        changes(&rules(old), &rules(new)).into_iter().map(told).collect()
    }

    #[test]
    fn a_document_doesnt_differ_from_itself() {
        assert_eq!(told(DEFAULT_RULES_TOML, DEFAULT_RULES_TOML), [""; 0]);
    }

    /// Other values for a leaf of a document: of the same sort, one of which will be understood.
    fn others(leaf: &Json) -> Vec<Json> {
        let words = [
            "7.77",
            "2026-05",
            "2027-05-08",
            "03:30",
            "另一个",
            "77",
            "night_patrol",
            "organized",
            "half_hour",
            "half_up",
            "floating",
            "imported",
            "large",
            "overlapping_minutes",
            "no_show",
            "deduct",
            "all",
            "publisher",
            "community",
            "refuse",
            "year_monthly_average",
            "participation",
            "month_end",
            "age",
            "any_member",
            "planned_start",
        ];
        match leaf {
            Json::String(_) => words.iter().map(|&word| Json::from(word)).collect(),
            Json::Number(number) => vec![Json::from(number.as_u64().expect("a count") + 1)],
            Json::Bool(yes) => vec![Json::from(!yes)],
            Json::Null | Json::Array(_) | Json::Object(_) => Vec::new(),
        }
    }

    fn leaves(value: &Json, path: &str, found: &mut Vec<String>) {
        match value {
            Json::Object(members) => {
                members.iter().for_each(|(name, below)| leaves(below, &format!("{path}/{name}"), found));
            }
            Json::Array(values) => {
                values.iter().enumerate().for_each(|(at, below)| leaves(below, &format!("{path}/{at}"), found));
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => found.push(path.to_owned()),
        }
    }

    #[test]
    fn no_field_changes_without_being_told() {
        let document = rules(include_str!("every-field.toml"));
        let whole = serde_json::to_value(&document).expect("rules are JSON");
        let mut paths = Vec::new();
        leaves(&whole, "", &mut paths);
        assert!(paths.len() > 100, "{paths:?}");
        for path in paths {
            let leaf = whole.pointer(&path).expect("a leaf");
            let changed = others(leaf).into_iter().filter(|other| other != leaf).find_map(|other| {
                let mut changed = whole.clone();
                *changed.pointer_mut(&path).expect("a leaf") = other;
                serde_json::from_value::<ScoringRules>(changed).ok()
            });
            let changed = changed.unwrap_or_else(|| panic!("{path}: no other value is understood"));
            assert!(!changes(&document, &changed).is_empty(), "{path}: changed, and nothing told");
        }
    }

    #[test]
    fn a_changed_order_is_told_where_it_says_something_and_only_there() {
        let head = "title = \"t\"\nversion = \"v\"\neffective_from = \"2026-01\"\nreview_required_for = []\n";
        let item = |clause: &str| {
            format!(
                "[[items]]\nclause = \"{clause}\"\nname = \"n\"\nkind = \"service\"\nper = \"hour\"\npoints = \"1\"\n"
            )
        };
        let group =
            |clause: &str| format!("[[groups]]\nclause = \"{clause}\"\nname = \"n\"\ncaps = {{ per_day = \"1\" }}\n");
        let document = |parts: &[String]| format!("{head}{}", parts.concat());
        let old = document(&[item("1"), item("2"), item("3"), group("8"), group("9")]);
        let turned = document(&[item("3"), item("1"), item("2"), group("8"), group("9")]);
        assert_eq!(told(&old, &turned), ["~ 加分 Points given 次序 order: 1、2、3 → 3、1、2"]);
        let groups_turned = document(&[item("1"), item("2"), item("3"), group("9"), group("8")]);
        assert_eq!(told(&old, &groups_turned), [""; 0], "the caps of groups bind whatever their order");
        // What is added or taken away changes no order.
        let shorter = document(&[item("1"), item("3"), item("4"), group("8"), group("9")]);
        let changes = told(&old, &shorter);
        assert_eq!(changes.len(), 2, "{changes:?}");
    }

    #[test]
    fn each_change_is_told_in_words_at_its_clause() {
        let new = DEFAULT_RULES_TOML
            .replacen("points = \"0.5\"", "points = \"1\"", 1)
            .replacen(
                "caps = { per_day = \"4\", per_month = \"12\" }",
                "caps = { per_day = \"4\", per_year = \"100\" }",
                1,
            )
            .replacen("clause = \"1.7\"", "clause = \"1.8\"", 1)
            .replacen("name = \"工作日值守\"", "name = \"值班\"", 1);
        assert_eq!(
            told(DEFAULT_RULES_TOML, &new),
            [
                "~ 1.1 夜间巡逻: 每半小时 0.50 分 → 每半小时 1.00 分",
                "~ 1.2 走访困难家庭: 每月不超过 12.00 分 → ",
                "~ 1.2 走访困难家庭:  → 每年不超过 100.00 分",
                "~ 1.6 工作日值守: 名称“1.6 工作日值守” → 名称“1.6 值班”",
                "- 1.7 急难险重任务: “急难险重”的记录；每小时 2.00 分；零头进一；每日不超过 16.00 分",
                "+ 1.8 急难险重任务: “急难险重”的记录；每小时 2.00 分；零头进一；每日不超过 16.00 分",
            ]
        );
    }
}
