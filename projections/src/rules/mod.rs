//! Scoring rules (积分细则): reading them as people write them, and which version is in force for a month.

mod compiled;
mod document;
mod idle;

pub(crate) use compiled::Compiled;
pub use document::{DEFAULT_RULES_TOML, DocumentFault, check_rules, parse_rules};
pub use idle::idle_rules;

use bitcode::{Decode, Encode};
use mingzhang_events::{LegalCalendar, Month, Period, ScoringRules};

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

    /// The legal calendar, with the years that the documents bring.
    pub(crate) fn calendar(&self) -> LegalCalendar<'_> {
        LegalCalendar::adopted(self.versions.iter().map(|version| &version.rules))
    }

    /// Whether any version looks at more than the month that it scores.
    pub(crate) fn look_back(&self) -> bool {
        self.versions.iter().any(|version| version.cap_reach > Period::Month || version.decision_reach > Period::Month)
    }

    fn position(&self, month: Month) -> Option<usize> {
        ScoringRules::version_in_force(self.versions.iter().map(|version| version.rules.effective_from), month)
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

/// The versions that score: those adopted or, from a month on, one that is only proposed.
#[derive(Clone, Copy)]
pub(crate) struct InForce<'a> {
    adopted: &'a Adopted,
    proposed: Option<(&'a Compiled, Month)>,
}

impl<'a> InForce<'a> {
    /// Those adopted.
    pub(crate) fn adopted(adopted: &'a Adopted) -> InForce<'a> {
        InForce { adopted, proposed: None }
    }

    /// Those adopted before a month, and another one from it on.
    pub(crate) fn proposed(adopted: &'a Adopted, proposed: &'a Compiled, from: Month) -> InForce<'a> {
        InForce { adopted, proposed: Some((proposed, from)) }
    }

    /// The version that scores a month.
    pub(crate) fn at(&self, month: Month) -> Option<&'a Compiled> {
        let proposed = self.proposed.filter(|(_, from)| *from <= month).map(|(proposed, _)| proposed);
        proposed.or_else(|| self.adopted.in_force(month))
    }

    /// The first month that any version scores.
    pub(crate) fn earliest(&self) -> Option<Month> {
        let adopted = self.adopted.versions.iter().map(|version| version.rules.effective_from);
        adopted.chain(self.proposed.map(|(_, from)| from)).min()
    }

    /// The longest period of base points in any version.
    pub(crate) fn base_reach(&self) -> Period {
        let all = self.adopted.versions.iter().chain(self.proposed.map(|(proposed, _)| proposed));
        all.map(|version| version.base_reach).max().unwrap_or(Period::Month)
    }

    /// The longest period of a reset or a veto in any version.
    pub(crate) fn decision_reach(&self) -> Period {
        let all = self.adopted.versions.iter().chain(self.proposed.map(|(proposed, _)| proposed));
        all.map(|version| version.decision_reach).max().unwrap_or(Period::Month)
    }
}
