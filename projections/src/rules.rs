//! Scoring rules (积分细则): reading them as people write them, and which version is in force for a month.

use crate::intern::number_of;
use bitcode::{Decode, Encode};
use mingzhang_events::{ActivityClass, ActivityKind, Evidence, Month, ScoringRules};

/// A rules document in TOML that a street can start from: night patrols, visits, meetings, training, voluntary service,
/// duty and mobilisation, with caps, deductions and clauses for decisions.
pub const DEFAULT_RULES_TOML: &str = include_str!("default-rules.toml");

/// Why a rules document can't be used, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize)]
#[error("reading the scoring rules, line {line}, column {column}: {message}")]
pub struct RulesFault {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong and what to do about it.
    pub message: String,
}

/// Reads a rules document (TOML). Faults of meaning, such as a clause that occurs twice, point at the clause.
pub fn parse_rules(toml: &str) -> Result<ScoringRules, RulesFault> {
    let rules: ScoringRules = toml::from_str(toml).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        fault_at(toml, offset, error.message().to_owned())
    })?;
    match rules.faults().into_iter().next() {
        None => Ok(rules),
        Some(message) => Err(fault_at(toml, offset_of_clause(toml, &message), message)),
    }
}

fn fault_at(toml: &str, offset: usize, message: String) -> RulesFault {
    let before = toml.get(..offset).unwrap_or(toml);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
    RulesFault { line, column, message }
}

/// The last place that names the clause of a message `clause 3.1: …`, or the start of the document.
fn offset_of_clause(toml: &str, message: &str) -> usize {
    let clause = message.strip_prefix("clause ").and_then(|rest| rest.split([' ', ':']).next());
    clause.and_then(|clause| toml.rfind(&format!("\"{clause}\""))).unwrap_or(0)
}

/// A version in force, laid out for scoring.
pub(crate) struct Compiled {
    pub(crate) rules: ScoringRules,
    /// The first item that fits, by kind and class.
    items: [[Option<u16>; 3]; 7],
    review_required: [bool; 6],
}

impl Compiled {
    pub(crate) fn new(rules: ScoringRules) -> Compiled {
        let mut items = [[None; 3]; 7];
        for (at, item) in rules.items.iter().enumerate().take(usize::from(u16::MAX)) {
            for &class in ActivityClass::ALL.iter().filter(|&&class| item.class.is_none_or(|only| only == class)) {
                items[item.kind as usize][class as usize].get_or_insert(u16::try_from(at).unwrap_or(u16::MAX));
            }
        }
        let mut review_required = [false; 6];
        for &evidence in &rules.review_required_for {
            review_required[evidence as usize] = true;
        }
        Compiled { rules, items, review_required }
    }

    pub(crate) fn item(&self, kind: ActivityKind, class: ActivityClass) -> Option<u16> {
        self.items[kind as usize][class as usize]
    }

    pub(crate) fn requires_review(&self, evidence: Evidence) -> bool {
        self.review_required[evidence as usize]
    }
}

/// Every version adopted.
#[derive(Default, Encode, Decode)]
pub(crate) struct Adopted {
    /// Log index and document as JSON.
    documents: Vec<(u32, String)>,
    #[bitcode(skip)]
    versions: Vec<Compiled>,
}

impl Adopted {
    /// A document with faults is ignored: it could not be scored by. False then.
    pub(crate) fn adopt(&mut self, rules: &ScoringRules, log_index: u32) -> bool {
        let Ok(document) = serde_json::to_string(rules) else { return false };
        if !rules.faults().is_empty() {
            return false;
        }
        self.documents.push((log_index, document));
        self.versions.push(Compiled::new(rules.clone()));
        true
    }

    /// The version with the latest `effective_from` not after the month; of several, the one adopted last.
    pub(crate) fn in_force(&self, month: Month) -> Option<&Compiled> {
        self.position(month).map(|at| &self.versions[at])
    }

    /// The version in force and the log index of its adoption.
    pub(crate) fn in_force_since(&self, month: Month) -> Option<(&ScoringRules, u32)> {
        self.position(month).map(|at| (&self.versions[at].rules, self.documents[at].0))
    }

    /// Every version in order of adoption, with the log index of its adoption.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&ScoringRules, u32)> {
        self.versions.iter().zip(&self.documents).map(|(version, (log_index, _))| (&version.rules, *log_index))
    }

    fn position(&self, month: Month) -> Option<usize> {
        let applicable = self.versions.iter().enumerate().filter(|(_, version)| version.rules.effective_from <= month);
        applicable.max_by_key(|(at, version)| (version.rules.effective_from, number_of(*at))).map(|(at, _)| at)
    }

    /// Reads the documents after loading; false if one can't be read.
    pub(crate) fn rebuild(&mut self) -> bool {
        let read = |(_, document): &(u32, String)| serde_json::from_str(document).ok().map(Compiled::new);
        match self.documents.iter().map(read).collect() {
            Some(versions) => self.versions = versions,
            None => return false,
        }
        true
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

    #[test]
    fn a_fault_is_found_at_its_line_and_column() {
        let misspelt = DEFAULT_RULES_TOML.replacen("kind = \"night_patrol\"", "kind = \"night_parade\"", 1);
        let fault = parse_rules(&misspelt).expect_err("an unknown kind");
        let line = misspelt.lines().position(|line| line.contains("night_parade")).expect("it is there") + 1;
        assert_eq!((fault.line, fault.column), (line, 8), "{fault}");

        let doubled = DEFAULT_RULES_TOML.replacen("clause = \"1.7\"", "clause = \"1.6\"", 1);
        let fault = parse_rules(&doubled).expect_err("a clause that occurs twice");
        assert!(fault.message.contains("clause 1.6 occurs twice"), "{fault}");
        let line =
            doubled.lines().enumerate().filter(|(_, line)| line.contains("\"1.6\"")).last().expect("it is there").0 + 1;
        assert_eq!(fault.line, line);
    }
}
