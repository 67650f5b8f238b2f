//! What queries have worked out and may ask for again: figures by month, rankings by organisation and month.
//!
//! Bounded, never stored. Invariant: whatever is in here is what working it out again would give; `apply` and `settle` drop
//! or mend what an event changes.

use crate::figures::MonthFigures;
use crate::models::ReadModels;
use crate::ranking::Ranking;
use mingzhang_events::Month;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Figures kept: this month and last, and some that people look back at.
const FIGURES_MAX: usize = 6;
/// Places in all kept rankings together: about 24 bytes each, and as much again to find them by.
const PLACES_MAX: usize = 3_000_000;
const RANKINGS_MAX: usize = 1_000;
/// More changes than this at once: the rankings are made anew when somebody asks.
const MENDED_MAX: usize = 50_000;

#[derive(Default)]
struct Kept {
    /// Last used last.
    figures: Vec<(Month, Arc<MonthFigures>)>,
    /// Last used last.
    rankings: Vec<((u32, Month), Arc<Ranking>)>,
    /// Members whose place in the roster changed, from which month on.
    roster_changes: Vec<(u32, Month)>,
}

/// Figures and rankings, behind a lock so that queries can share them.
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

    pub(crate) fn tree_changed(&mut self) {
        let kept = self.kept_mut();
        kept.figures.clear();
        kept.rankings.clear();
    }

    pub(crate) fn figures_changed(&mut self, month: Month) {
        self.kept_mut().figures.retain(|(of, _)| *of != month);
    }

    pub(crate) fn figures_changed_from(&mut self, month: Month) {
        self.kept_mut().figures.retain(|(of, _)| *of < month);
    }

    /// Rankings are mended at the next settling.
    pub(crate) fn roster_changed(&mut self, member: u32, month: Month) {
        self.figures_changed_from(month);
        let kept = self.kept_mut();
        if !kept.rankings.is_empty() {
            kept.roster_changes.push((member, month));
        }
    }

    pub(crate) fn figures(&self, month: Month) -> Option<Arc<MonthFigures>> {
        let mut kept = self.kept();
        let at = kept.figures.iter().position(|(of, _)| *of == month)?;
        let found = kept.figures.remove(at);
        kept.figures.push(found.clone());
        Some(found.1)
    }

    pub(crate) fn keep_figures(&self, month: Month, figures: &Arc<MonthFigures>) {
        let mut kept = self.kept();
        kept.figures.retain(|(of, _)| *of != month);
        kept.figures.push((month, Arc::clone(figures)));
        if kept.figures.len() > FIGURES_MAX {
            kept.figures.remove(0);
        }
    }

    pub(crate) fn ranking(&self, organization: u32, month: Month) -> Option<Arc<Ranking>> {
        let mut kept = self.kept();
        let at = kept.rankings.iter().rposition(|(of, _)| *of == (organization, month))?;
        let found = Arc::clone(&kept.rankings[at].1);
        // Those at the end are used most: moving them about would only cost time.
        if at + 8 < kept.rankings.len() {
            kept.rankings[at..].rotate_left(1);
        }
        Some(found)
    }

    pub(crate) fn keep_ranking(&self, organization: u32, month: Month, ranking: &Arc<Ranking>) {
        let mut kept = self.kept();
        kept.rankings.retain(|(of, _)| *of != (organization, month));
        kept.rankings.push(((organization, month), Arc::clone(ranking)));
        let mut places: usize = kept.rankings.iter().map(|(_, ranking)| ranking.count()).sum();
        while kept.rankings.len() > 1 && (places > PLACES_MAX || kept.rankings.len() > RANKINGS_MAX) {
            places -= kept.rankings.remove(0).1.count();
        }
    }
}

impl ReadModels {
    /// Mends the kept rankings and drops the kept figures that the settled member-months bear on.
    pub(crate) fn settle_cache(&mut self, dirty: &[u32]) {
        let mut cache = std::mem::take(&mut self.cache);
        let kept = cache.kept_mut();
        let roster_changes = std::mem::take(&mut kept.roster_changes);
        if !kept.figures.is_empty() {
            let mut months: Vec<Month> = dirty.iter().map(|&number| self.member_months.get(number).month()).collect();
            months.dedup();
            kept.figures.retain(|(of, _)| !months.contains(of));
        }
        if dirty.len() > MENDED_MAX {
            kept.rankings.clear();
        }
        // No query is under way while the models change, so each ranking is ours alone.
        for ((_, month), ranking) in &mut kept.rankings {
            let Some(ranking) = Arc::get_mut(ranking) else { continue };
            for &number in dirty {
                let of = self.member_months.get(number);
                if of.month() == *month {
                    ranking.mend(self, of.member);
                }
            }
            for &(member, from) in &roster_changes {
                if from <= *month {
                    ranking.mend(self, member);
                }
            }
        }
        self.cache = cache;
    }
}
