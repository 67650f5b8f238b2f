//! What queries have worked out and may ask for again: trees and figures by month, rankings by month and organisation.
//!
//! Bounded, never stored. Invariant: whatever is in here is what working it out again would give; `apply` and `settle` drop
//! or mend what an event changes.

use crate::figures::MonthFigures;
use crate::models::ReadModels;
use crate::ranking::Ranking;
use crate::span::month_cutoff;
use crate::tree::Tree;
use mingzhang_events::Month;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Months kept: this one and last, and some that people look back at.
const MONTHS_MAX: usize = 12;
/// Places in all kept rankings together: about 24 bytes each, and as much again to find them by.
const PLACES_MAX: usize = 3_000_000;
const RANKINGS_MAX: usize = 5_000;
/// A smaller ranking is made faster than it is kept, and stands on one page, so that nobody asks since when it stands. Debug
/// builds keep every one, so that tests see them mended.
const KEPT_MIN: usize = if cfg!(debug_assertions) { 1 } else { 50 };
/// More changes than this at once: the rankings are made anew when somebody asks.
const MENDED_MAX: usize = 50_000;

struct KeptRanking {
    ranking: Arc<Ranking>,
    last_used: u64,
}

#[derive(Default)]
struct Kept {
    /// Oldest first.
    trees: Vec<(Month, Arc<Tree>)>,
    /// Oldest first.
    figures: Vec<(Month, Arc<MonthFigures>)>,
    rankings: BTreeMap<(Month, u32), KeptRanking>,
    uses: u64,
    /// Members whose place in the roster changed, from which month on.
    roster_changes: Vec<(u32, Month)>,
    /// The tree size since which no organisation has changed.
    organizations_since: u64,
}

/// Trees, figures and rankings, behind a lock so that queries can share them.
#[derive(Default)]
pub(crate) struct Cache {
    kept: Mutex<Kept>,
}

impl Cache {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept_mut(&mut self) -> &mut Kept {
        self.kept.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    /// An organisation has another name, or stands elsewhere, from this tree size on.
    pub(crate) fn organizations_changed(&mut self, tree_size: u64) {
        self.kept_mut().organizations_since = tree_size;
    }

    pub(crate) fn tree_changed(&mut self, tree_size: u64) {
        self.organizations_changed(tree_size);
        let kept = self.kept_mut();
        kept.trees.clear();
        kept.figures.clear();
        kept.rankings.clear();
    }

    pub(crate) fn figures_changed(&mut self, month: Month) {
        self.kept_mut().figures.retain(|(of, _)| *of != month);
    }

    pub(crate) fn figures_changed_from(&mut self, month: Month) {
        self.kept_mut().figures.retain(|(of, _)| *of < month);
    }

    /// Base points change also where nothing else happened, so that no ranking can be mended.
    pub(crate) fn rules_changed_from(&mut self, month: Month) {
        self.figures_changed_from(month);
        self.kept_mut().rankings.retain(|(of, _), _| *of < month);
    }

    /// Rankings are mended at the next settling.
    pub(crate) fn roster_changed(&mut self, member: u32, month: Month) {
        self.figures_changed_from(month);
        let kept = self.kept_mut();
        if !kept.rankings.is_empty() {
            kept.roster_changes.push((member, month));
        }
    }

    /// Whether a change of points in a month bears on any kept ranking.
    pub(crate) fn ranks_any(&mut self, month: Month) -> bool {
        self.kept_mut().rankings.range((month, 0)..=(month, u32::MAX)).next().is_some()
    }

    fn find<T>(kept: &[(Month, Arc<T>)], month: Month) -> Option<Arc<T>> {
        kept.iter().find(|(of, _)| *of == month).map(|(_, found)| Arc::clone(found))
    }

    fn keep<T>(kept: &mut Vec<(Month, Arc<T>)>, month: Month, value: &Arc<T>) {
        kept.retain(|(of, _)| *of != month);
        if kept.len() == MONTHS_MAX {
            kept.remove(0);
        }
        kept.push((month, Arc::clone(value)));
    }

    pub(crate) fn figures(&self, month: Month) -> Option<Arc<MonthFigures>> {
        Cache::find(&self.kept().figures, month)
    }

    pub(crate) fn keep_figures(&self, month: Month, figures: &Arc<MonthFigures>) {
        Cache::keep(&mut self.kept().figures, month, figures);
    }

    pub(crate) fn ranking(&self, organization: u32, month: Month) -> Option<Arc<Ranking>> {
        let mut kept = self.kept();
        kept.uses += 1;
        let uses = kept.uses;
        let found = kept.rankings.get_mut(&(month, organization))?;
        found.last_used = uses;
        Some(Arc::clone(&found.ranking))
    }

    pub(crate) fn keep_ranking(&self, organization: u32, month: Month, ranking: &Arc<Ranking>) {
        if ranking.count() < KEPT_MIN {
            return;
        }
        let mut kept = self.kept();
        let last_used = kept.uses;
        kept.rankings.insert((month, organization), KeptRanking { ranking: Arc::clone(ranking), last_used });
        let mut places: usize = kept.rankings.values().map(|kept| kept.ranking.count()).sum();
        while kept.rankings.len() > 1 && (places > PLACES_MAX || kept.rankings.len() > RANKINGS_MAX) {
            let oldest = kept.rankings.iter().min_by_key(|(_, kept)| kept.last_used).map(|(key, _)| *key);
            let removed = oldest.and_then(|key| kept.rankings.remove(&key));
            places -= removed.map_or(0, |removed| removed.ranking.count());
        }
    }
}

impl ReadModels {
    /// The tree size since which no organisation has changed, as far as is known: every answer about the organisations alone
    /// has been the same since then.
    pub fn organizations_stand_since(&self) -> u64 {
        self.cache.kept().organizations_since
    }

    /// The tree at the last moment of a month.
    pub(crate) fn tree(&self, month: Month) -> Arc<Tree> {
        let kept = Cache::find(&self.cache.kept().trees, month);
        kept.unwrap_or_else(|| {
            let tree = Arc::new(Tree::at(&self.organizations, month_cutoff(month)));
            Cache::keep(&mut self.cache.kept().trees, month, &tree);
            tree
        })
    }

    /// Drops the kept figures of the settled member-months, and mends the kept rankings: `moved` are the member-months with
    /// other totals than before, each with the branches it had or has points in.
    pub(crate) fn settle_cache(&mut self, dirty: &[u32], moved: &[(u32, u32)]) {
        let mut cache = std::mem::take(&mut self.cache);
        let kept = cache.kept_mut();
        if !kept.figures.is_empty() {
            let mut months: Vec<Month> = dirty.iter().map(|&number| self.member_months.get(number).month()).collect();
            months.sort_unstable();
            months.dedup();
            kept.figures.retain(|(of, _)| !months.contains(of));
        }
        let roster_changes = std::mem::take(&mut kept.roster_changes);
        if moved.len() + roster_changes.len() > MENDED_MAX {
            kept.rankings.clear();
        }
        // No query is under way while the models change, so each ranking is ours alone.
        for &(number, branch) in moved {
            let of = self.member_months.get(number);
            for above in self.organizations.upward(branch, month_cutoff(of.month())) {
                let kept = kept.rankings.get_mut(&(of.month(), above));
                if let Some(ranking) = kept.and_then(|kept| Arc::get_mut(&mut kept.ranking)) {
                    ranking.mend(self, of.member);
                }
            }
        }
        for &(member, from) in &roster_changes {
            for (_, kept) in kept.rankings.range_mut((from, 0)..) {
                if let Some(ranking) = Arc::get_mut(&mut kept.ranking) {
                    ranking.mend(self, member);
                }
            }
        }
        self.cache = cache;
    }
}
