//! Reading a rules document as people write it (TOML), and pointing at what is wrong with it.
//!
//! Every fault has a place and, where one can be guessed, what was probably meant. Nothing here changes what a sound document
//! says; what goes without saying in a document and not in what is stored, is said.

use mingzhang_events::{
    ActivityKind, ClauseId, Coefficient, RecordDating, RulesFault, ScoringRules, ScoringUnit, WindowCount,
};
use std::collections::BTreeSet;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A rules document in TOML that a street can start from: night patrols, visits, meetings, training, voluntary service,
/// duty and mobilisation, with caps, deductions and clauses for decisions.
pub const DEFAULT_RULES_TOML: &str = include_str!("default-rules.toml");

/// Why a rules document can't be used, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize)]
#[error("reading the scoring rules, line {line}, column {column}: {english}")]
pub struct DocumentFault {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// How many characters of the line are meant; 1 at least.
    pub characters: usize,
    /// What is wrong and what to do about it, in Chinese.
    pub chinese: String,
    /// The same in English.
    pub english: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

/// Reads a rules document (TOML). Of several faults, the first is told.
pub fn parse_rules(toml: &str) -> Result<ScoringRules, DocumentFault> {
    check_rules(toml).map_err(|mut faults| faults.remove(0))
}

/// Reads a rules document (TOML) and tells every fault, in order of place; there is at least one. A document that can't be
/// read at all has one.
pub fn check_rules(toml: &str) -> Result<ScoringRules, Vec<DocumentFault>> {
    let mut rules: ScoringRules = toml::from_str(toml).map_err(|error| vec![unreadable(toml, &error)])?;
    rules.records_dated_by.get_or_insert(RecordDating::PlannedStart);
    rules.withhold_against_subtraction.get_or_insert(true);
    let table = DeTable::parse(toml).map_err(|error| vec![unreadable(toml, &error)])?;
    let located = |fault: RulesFault| {
        let span = place_of(table.get_ref(), &fault).unwrap_or(0..0);
        let prefix = fault.clause.map_or_else(String::new, |clause| format!("条款 {clause}："));
        fault_at(toml, span, format!("{prefix}{}", fault.chinese), fault.to_string(), None)
    };
    let (mut twice, mut found) = (BTreeSet::new(), rules.faults());
    twice.extend(found.iter().filter(|fault| fault.field == "clause").filter_map(|fault| fault.clause));
    // Which of two clauses with one number is meant can't be told before each has its own.
    found.retain(|fault| fault.field == "clause" || fault.clause.is_none_or(|clause| !twice.contains(&clause)));
    found.extend(never_applying(&rules));
    let mut faults: Vec<DocumentFault> = found.into_iter().map(located).collect();
    faults.sort_by_key(|fault| (fault.line, fault.column));
    if faults.is_empty() { Ok(rules) } else { Err(faults) }
}

/// Coefficients on the minutes within a window that score nothing, since all that they could fit is scored per occurrence. Those that
/// name such an item are faults; a document with these could be adopted, and stays adopted.
fn never_applying(rules: &ScoringRules) -> impl Iterator<Item = RulesFault> + '_ {
    let untimed = |kind: Option<ActivityKind>| {
        let mut fitting = rules.items.iter().filter(|item| kind.is_none_or(|kind| item.kind == kind)).peekable();
        fitting.peek().is_some() && fitting.all(|item| item.per == ScoringUnit::Occurrence)
    };
    let counts_minutes = |coefficient: &&Coefficient| {
        let window = coefficient.window.as_ref();
        coefficient.items.is_empty() && window.is_some_and(|of| of.counts == WindowCount::OverlappingMinutes)
    };
    rules.coefficients.iter().filter(counts_minutes).filter_map(move |coefficient| {
        let kind = coefficient.kinds.iter().copied().find(|kind| untimed(Some(*kind)));
        let nothing = coefficient.kinds.is_empty() && untimed(None);
        let (field, chinese, english) = match kind {
            Some(kind) => ("kinds", format!("{kind} 的条款"), format!("every item of {kind}")),
            None if nothing => ("window", "可适用的条款".to_owned(), "every item that it could fit".to_owned()),
            None => return None,
        };
        Some(RulesFault {
            clause: Some(coefficient.clause),
            field,
            chinese: format!("{chinese}都按次计分，没有可按时段计的分钟：请用 whole_shift"),
            english: format!("{english} is per occurrence and has no minutes to count: use whole_shift"),
        })
    })
}

fn fault_at(
    toml: &str,
    span: Range<usize>,
    chinese: String,
    english: String,
    suggestion: Option<String>,
) -> DocumentFault {
    let before = toml.get(..span.start).unwrap_or(toml);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
    let meant = toml.get(span).unwrap_or("").lines().next().unwrap_or("");
    DocumentFault { line, column, characters: meant.chars().count().max(1), chinese, english, suggestion }
}

/// What can't be read, in words for people.
fn unreadable(toml: &str, error: &toml::de::Error) -> DocumentFault {
    let message = error.message();
    let quoted = |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let (chinese, known, written) = if message.starts_with("unknown field") {
        let names = quoted(message);
        let written = names.first().cloned().unwrap_or_default();
        (format!("没有“{written}”这一项"), names.into_iter().skip(1).collect(), written)
    } else if let Some((written, known)) = message.split_once(" is not one of: ") {
        let written = written.trim_matches('"').to_owned();
        (format!("“{written}”不在可选范围：{known}"), known.split(", ").map(str::to_owned).collect(), written)
    } else if message.starts_with("missing field") {
        (format!("缺少“{}”", quoted(message).concat()), Vec::new(), String::new())
    } else {
        (format!("无法读取：{message}"), Vec::new(), String::new())
    };
    let suggestion = nearest(&written, &known);
    fault_at(toml, error.span().unwrap_or(0..0), chinese, message.to_owned(), suggestion)
}

/// The known word that a misspelt one is nearest to, if it is near at all.
fn nearest(written: &str, known: &[String]) -> Option<String> {
    let distance = |word: &String| strsim::damerau_levenshtein(written, word);
    let best = known.iter().min_by_key(|word| distance(word))?;
    (distance(best) <= 1 + written.chars().count() / 3).then(|| best.clone())
}

/// Where a fault stands: its field, or else its clause.
fn place_of(document: &DeTable<'_>, fault: &RulesFault) -> Option<Range<usize>> {
    let mut tables = Vec::new();
    match fault.clause {
        Some(clause) => tables_of(document, clause, &mut tables),
        None => tables.push(document),
    }
    // Of clauses with one number, the last is one too many.
    let table = *tables.last()?;
    field(table, fault.field).or_else(|| field(table, "clause")).map(|(_, value)| value.span())
}

fn field<'d>(table: &'d DeTable<'_>, name: &str) -> Option<(&'d str, &'d Spanned<DeValue<'d>>)> {
    table.iter().find(|(key, _)| key.get_ref() == name).map(|(key, value)| (key.get_ref().as_ref(), value))
}

fn tables_of<'d>(table: &'d DeTable<'d>, clause: ClauseId, found: &mut Vec<&'d DeTable<'d>>) {
    let named = field(table, "clause").and_then(|(_, value)| value.get_ref().as_str());
    if named == Some(clause.as_str()) {
        found.push(table);
    }
    for (_, value) in table {
        match value.get_ref() {
            DeValue::Table(below) => tables_of(below, clause, found),
            DeValue::Array(values) => {
                let below = values.iter().filter_map(|value| value.get_ref().as_table());
                below.for_each(|below| tables_of(below, clause, found));
            }
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_rules_can_be_read_and_have_no_faults() {
        let rules = parse_rules(DEFAULT_RULES_TOML).expect("the default rules");
        assert_eq!(rules.items.len(), 7);
        assert_eq!(rules.effective_from.to_string(), "2026-01");
    }

    fn line_of(document: &str, text: &str) -> usize {
        document.lines().enumerate().filter(|(_, line)| line.contains(text)).last().expect("it is there").0 + 1
    }

    #[test]
    fn a_misspelt_word_is_found_at_its_line_and_column_and_the_right_one_suggested() {
        for (right, wrong, column, characters, suggestion) in [
            ("kind = \"night_patrol\"\nper", "kind = \"night_parade\"\nper", 8, 14, Some("night_patrol")),
            ("rounding = \"down\"", "roundign = \"down\"", 1, 8, Some("rounding")),
            ("per = \"hour\"", "per = \"fortnight\"", 7, 11, None),
        ] {
            let misspelt = DEFAULT_RULES_TOML.replacen(right, wrong, 1);
            let fault = parse_rules(&misspelt).expect_err("a misspelt word");
            let text = wrong.lines().next().expect("a line");
            assert_eq!((fault.line, fault.column), (line_of(&misspelt, text), column), "{fault}");
            assert_eq!((fault.characters, fault.suggestion.as_deref()), (characters, suggestion), "{fault}");
        }
    }

    #[test]
    fn every_fault_of_meaning_is_told_at_its_field() {
        let faulty = DEFAULT_RULES_TOML.replacen("clause = \"1.7\"", "clause = \"1.6\"", 1).replacen(
            "points_max = \"20\"",
            "points_max = \"0\"",
            1,
        );
        let faults = check_rules(&faulty).expect_err("two faults");
        let places: Vec<_> = faults.iter().map(|fault| (fault.line, fault.column)).collect();
        assert_eq!(places, [(line_of(&faulty, "\"1.6\""), 10), (line_of(&faulty, "points_max = \"0\""), 14)]);
        assert!(faults[0].english.contains("clause 1.6: occurs twice"), "{}", faults[0]);
        assert!(faults[1].chinese.contains("条款 3.4：分值须大于 0"), "{}", faults[1].chinese);
    }

    #[test]
    fn of_two_clauses_with_one_number_only_that_is_told_until_each_has_its_own() {
        let first = "kind = \"duty\"\nper = \"occurrence\"\npoints = ";
        let faulty = DEFAULT_RULES_TOML.replacen(&format!("{first}\"1\""), &format!("{first}\"0\""), 1);
        let twice = faulty.replacen("clause = \"1.7\"", "clause = \"1.6\"", 1);
        let told = |document: &str| -> Vec<(usize, String)> {
            let faults = check_rules(document).expect_err("faults");
            faults.into_iter().map(|fault| (fault.line, fault.english)).collect()
        };
        let faults = told(&twice);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!(faults[0].0, line_of(&twice, "clause = \"1.6\""), "the second of them");
        let [(line, english)] = &told(&faulty)[..] else { panic!("{:?}", told(&faulty)) };
        assert_eq!(*line, line_of(&faulty, "points = \"0\""));
        assert!(english.contains("points must be above 0"), "{english}");
    }

    #[test]
    fn minutes_in_a_window_of_what_is_scored_per_occurrence_are_told() {
        let coefficient = |lines: &str, counts: &str| {
            format!(
                "title = \"t\"\nversion = \"v\"\neffective_from = \"2026-10\"\nreview_required_for = []\n\
                 [[items]]\nclause = \"1\"\nname = \"n\"\nkind = \"home_visit\"\nper = \"occurrence\"\npoints = \"2\"\n\
                 [[items]]\nclause = \"2\"\nname = \"n\"\nkind = \"night_patrol\"\nper = \"hour\"\npoints = \"1\"\n\
                 [[coefficients]]\nclause = \"3\"\nname = \"n\"\ntimes = \"2\"\n{lines}\n\
                 window = {{ from = \"22:00\", until = \"06:00\", counts = \"{counts}\" }}\n"
            )
        };
        for (lines, place) in [
            ("kinds = [\"home_visit\"]", Some((21, 9))),
            ("kinds = [\"night_patrol\", \"home_visit\"]", Some((21, 9))),
            ("items = [\"1\"]", Some((22, 10))),
            ("kinds = [\"night_patrol\"]", None),
            ("items = [\"2\"]\nkinds = [\"home_visit\"]", None),
            ("", None),
        ] {
            let told = check_rules(&coefficient(lines, "overlapping_minutes")).err();
            let first = told.as_ref().and_then(|faults| faults.first()).map(|fault| (fault.line, fault.column));
            assert_eq!(first, place, "{lines}: {told:?}");
            assert!(check_rules(&coefficient(lines, "whole_shift")).is_ok(), "{lines}");
        }
        let only_visits = coefficient("", "overlapping_minutes").replacen("\"hour\"", "\"occurrence\"", 1);
        let faults = check_rules(&only_visits).expect_err("nothing has minutes");
        assert_eq!((faults.len(), faults[0].line), (1, 22), "{faults:?}");
    }

    #[test]
    fn a_calendar_that_cannot_be_is_refused() {
        let calendar = "\n[[calendars]]\nyear = 2027\nnotice = \"n\"\nholidays = [{ from = \"2026-12-31\", until = \"2027-01-03\" }]\n\
                        make_up_days = [\"2027-01-09\"]\n";
        assert!(check_rules(&format!("{DEFAULT_RULES_TOML}{calendar}")).is_ok());
        for (right, wrong, told) in [
            ("\"2027-01-09\"", "\"2027-01-08\"", "the make-up day 2027-01-08 must be a Saturday or Sunday"),
            ("\"2027-01-09\"", "\"2027-01-02\"", "the make-up day 2027-01-02 must be"),
            ("2026-12-31", "2026-11-30", "2026-11-30 isn't in that year"),
            ("2027-01-03", "2026-12-30", "the holiday from 2026-12-31 on ends before it begins"),
            ("year = 2027", "year = 2028", "2026-12-31 isn't in that year"),
            ("notice = \"n\"", "notice = \"\"", "visible characters"),
            ("\n[[calendars]]", &format!("{calendar}[[calendars]]"), "it occurs twice"),
        ] {
            let document = format!("{DEFAULT_RULES_TOML}{}", calendar.replacen(right, wrong, 1));
            let faults = check_rules(&document).expect_err(wrong);
            assert!(faults[0].english.contains(told), "{}", faults[0]);
        }
    }
}
