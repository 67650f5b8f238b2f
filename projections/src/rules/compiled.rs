//! A version of the rules laid out for scoring: what fits a record is looked up, not searched for.
//!
//! Adds nothing to what the document says; whatever is here can be read off it.

use crate::scoring::purses::{CapAmounts, NO_PURSE, Purse, PurseKey};
use mingzhang_events::{
    ActivityClass, ActivityKind, AwardClause, BasePoints, Caps, ClauseId, DeductionGround, Evidence, MemberClass,
    Period, ScoringRules,
};

/// What scoring a record of an item needs.
pub(crate) struct ItemLine {
    /// Its own, its group's, that of everything given.
    pub(crate) purses: [u16; 3],
    /// Coefficients that name it and its kind, or neither.
    pub(crate) coefficients: Vec<u16>,
}

/// What deciding under a clause needs.
pub(crate) struct AwardLine {
    pub(crate) granted: [u16; 3],
    pub(crate) deducted: [u16; 3],
}

/// A version of the rules.
pub(crate) struct Compiled {
    pub(crate) rules: ScoringRules,
    /// The first item that fits, by kind and class.
    fitting: [[Option<u16>; ActivityClass::ALL.len()]; ActivityKind::ALL.len()],
    review_required: [bool; Evidence::ALL.len()],
    limited: [bool; Evidence::ALL.len()],
    pub(crate) purses: Vec<Purse>,
    pub(crate) items: Vec<ItemLine>,
    pub(crate) deductions: Vec<[u16; 3]>,
    pub(crate) awards: Vec<AwardLine>,
    /// How far back the caps look.
    pub(crate) cap_reach: Period,
    /// How far back base points look.
    pub(crate) base_reach: Period,
    /// How far back resets and vetoes look.
    pub(crate) decision_reach: Period,
}

impl Compiled {
    pub(crate) fn new(rules: ScoringRules) -> Compiled {
        let mut fitting = [[None; ActivityClass::ALL.len()]; ActivityKind::ALL.len()];
        for (at, item) in rules.items.iter().enumerate() {
            for &class in ActivityClass::ALL.iter().filter(|&&class| item.class.is_none_or(|only| only == class)) {
                fitting[item.kind as usize][class as usize].get_or_insert(number(at));
            }
        }
        let flags = |evidence: &[Evidence]| {
            let mut flags = [false; Evidence::ALL.len()];
            evidence.iter().for_each(|&evidence| flags[evidence as usize] = true);
            flags
        };
        let limited = rules.back_entry_quota.as_ref().map_or(&[][..], |quota| &quota.evidence);
        let mut purses = Vec::new();
        let mut purse = |key: PurseKey, caps: Option<&Caps>| {
            purses.push(Purse { key, caps: CapAmounts::of(caps) });
            number(purses.len() - 1)
        };
        let all_given = purse(PurseKey::AllGiven, rules.total_caps.as_ref());
        let all_taken = purse(PurseKey::AllTaken, rules.deduction_caps.as_ref());
        let groups: Vec<(ClauseId, u16)> = (rules.groups.iter())
            .map(|group| (group.clause, purse(PurseKey::Given(group.clause), Some(&group.caps))))
            .collect();
        let group = |named: Option<ClauseId>| {
            let found = groups.iter().find(|(clause, _)| Some(*clause) == named);
            found.map_or(NO_PURSE, |(_, purse)| *purse)
        };
        let items = (rules.items.iter())
            .map(|item| ItemLine {
                purses: [purse(PurseKey::Given(item.clause), item.caps.as_ref()), group(item.group), all_given],
                coefficients: (rules.coefficients.iter().enumerate())
                    .filter(|(_, of)| of.items.is_empty() || of.items.contains(&item.clause))
                    .filter(|(_, of)| of.kinds.is_empty() || of.kinds.contains(&item.kind))
                    .map(|(at, _)| number(at))
                    .collect(),
            })
            .collect();
        let deductions = (rules.deductions.iter())
            .map(|item| [purse(PurseKey::Taken(item.clause), Some(&item.all_caps())), NO_PURSE, all_taken])
            .collect();
        let award = |award: &AwardClause, purse: &mut dyn FnMut(PurseKey, Option<&Caps>) -> u16| AwardLine {
            granted: [purse(PurseKey::Given(award.clause), award.caps.as_ref()), group(award.group), all_given],
            deducted: [purse(PurseKey::Taken(award.clause), award.caps.as_ref()), NO_PURSE, all_taken],
        };
        let awards = rules.awards.iter().map(|of| award(of, &mut purse)).collect();
        Compiled {
            fitting,
            review_required: flags(&rules.review_required_for),
            limited: flags(limited),
            purses,
            items,
            deductions,
            awards,
            cap_reach: rules.cap_reach(),
            base_reach: rules.base.iter().map(|base| base.each).max().unwrap_or(Period::Month),
            decision_reach: rules.decision_reach(),
            rules,
        }
    }

    /// The first item that fits a record.
    pub(crate) fn item(&self, kind: ActivityKind, class: ActivityClass) -> Option<usize> {
        self.fitting[kind as usize][class as usize].map(usize::from)
    }

    /// The first deduction that fits.
    pub(crate) fn deduction(&self, kind: ActivityKind, on: DeductionGround) -> Option<usize> {
        self.rules.deductions.iter().position(|item| item.on == on && item.kind.is_none_or(|only| only == kind))
    }

    /// The base points of a class of members.
    pub(crate) fn base(&self, class: MemberClass) -> Option<&BasePoints> {
        self.rules.base.iter().find(|base| base.fits(class))
    }

    pub(crate) fn requires_review(&self, evidence: Evidence) -> bool {
        self.review_required[evidence as usize]
    }

    /// Whether the quota on back-entry limits records that were so evidenced.
    pub(crate) fn limits(&self, evidence: Evidence) -> bool {
        self.limited[evidence as usize]
    }
}

/// Clauses of one sort are at most 200, so their purses fit.
fn number(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(NO_PURSE)
}
