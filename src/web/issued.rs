//! Issued notices, composed again from the log as it was at their checkpoint, and kept: they never change.
//!
//! Invariant: whatever looks back into the log is done one at a time, and who waits for it keeps no thread waiting. The charts of a notice, which look
//! at a year, are counted once somebody sees its page.

use super::pages::Failure;
use super::site::Site;
use crate::chart::Chart;
use crate::notice::{Composed, Counting, Imprint, Notice, Past, charts, course, recompose};
use crate::turns::Turns;
use mingzhang_events::{EventId, MemberId};
use mingzhang_projections::{NoticeEntry, ReadModels};
use std::collections::{BTreeSet, VecDeque};
use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Notices kept in memory; a street's takes about 100 kB.
const KEPT_MAX: usize = 64;

/// An issued notice: the entry that issued it, and its figures.
pub(super) struct Issued {
    pub(super) entry: NoticeEntry,
    pub(super) notice: Notice,
    /// Its pictures, once somebody has looked at them.
    charts: OnceLock<Vec<Chart>>,
    /// Whose consent to the full name was in force at its checkpoint.
    consented: BTreeSet<MemberId>,
    counting: Counting,
}

impl Issued {
    /// Whether its figures are those that were issued.
    pub(super) fn is_as_issued(&self) -> bool {
        self.notice.digest() == self.entry.digest
    }

    /// Its pictures, if they were counted.
    pub(super) fn charts(&self) -> Option<&[Chart]> {
        self.charts.get().map(Vec::as_slice)
    }

    /// What stands beside the figures: names and witnesses of today, what the operator had set as it was when it was issued. Reads both, so it may block.
    pub(super) fn imprint(&self, site: &Site) -> Result<Imprint, Failure> {
        let names = site.names(self.notice.members_named(), &self.consented)?;
        let kept = site.letterheads.kept(&self.entry.digest).map_err(Failure::of)?;
        let letterhead = kept.unwrap_or_else(|| site.letterhead.clone());
        Ok(Imprint {
            demonstration: site.demonstration,
            letterhead,
            disclosed_until: self.entry.disclosed_until,
            issued_on: Some(self.entry.issued_at.local_date()),
            witnessing: site.publication.witnessing(self.entry.tree_size),
            counting: self.counting.clone(),
            names,
        })
    }
}

/// Issued notices that somebody has asked for.
pub(super) struct IssuedNotices {
    /// Those asked for lately come last.
    kept: Mutex<VecDeque<Arc<Issued>>>,
    /// At looking back into the log.
    pub(super) turns: Turns,
}

impl IssuedNotices {
    /// None yet.
    pub(super) fn none() -> IssuedNotices {
        IssuedNotices { kept: Mutex::default(), turns: Turns::of(1) }
    }

    /// A notice that is kept already.
    pub(super) fn kept(&self, event: EventId) -> Option<Arc<Issued>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|issued| issued.entry.id == event)?;
        let issued = kept.remove(place)?;
        kept.push_back(Arc::clone(&issued));
        Some(issued)
    }

    fn keep(&self, issued: &Arc<Issued>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_MAX {
            kept.pop_front();
        }
        kept.push_back(Arc::clone(issued));
    }

    /// The notice that an entry issued. May take seconds for a large log.
    pub(super) async fn compose(&self, site: &Arc<Site>, entry: NoticeEntry) -> Result<Arc<Issued>, Failure> {
        if let Some(issued) = self.kept(entry.id) {
            return Ok(issued);
        }
        let site = Arc::clone(site);
        self.turns.work(move || site.issued.composed(&site, entry)).await
    }

    /// The same with its pictures counted.
    pub(super) async fn compose_with_charts(
        &self,
        site: &Arc<Site>,
        entry: NoticeEntry,
    ) -> Result<Arc<Issued>, Failure> {
        let issued = self.compose(site, entry).await?;
        if issued.charts().is_some() {
            return Ok(issued);
        }
        let site = Arc::clone(site);
        let counted = self.turns.work(move || {
            // Whoever had the turn before may have counted them.
            if issued.charts().is_none() {
                let models = site.follower.models_at(issued.entry.tree_size).map_err(Failure::of)?;
                let course = course(&models, issued.entry.organization, issued.entry.month).unwrap_or_default();
                drop(models);
                issued.charts.get_or_init(|| charts(&issued.notice, &course));
            }
            Ok(issued)
        });
        counted.await
    }

    fn composed(&self, site: &Site, entry: NoticeEntry) -> Result<Arc<Issued>, Failure> {
        // Whoever had the turn before may have composed it.
        if let Some(issued) = self.kept(entry.id) {
            return Ok(issued);
        }
        let superseded = entry.supersedes.and_then(|superseded| site.follower.models().published(superseded));
        let composed =
            recompose(&AsItWas(site), site.ledger.origin(), &entry, superseded.as_ref())?.ok_or(Failure::NotFound)?;
        let Composed { notice, consented, counting } = composed;
        let issued = Arc::new(Issued { entry, notice, charts: OnceLock::new(), consented, counting });
        if !issued.is_as_issued() {
            tracing::error!(notice = %issued.entry.id, "the notice composed from the log isn't the one that was issued");
        }
        self.keep(&issued);
        Ok(issued)
    }
}

/// The log of a site at earlier sizes.
struct AsItWas<'a>(&'a Site);

impl Past for AsItWas<'_> {
    type Error = Failure;

    fn root_at(&self, tree_size: u64) -> Result<[u8; 32], Failure> {
        self.0.ledger.root_at(tree_size).map_err(Failure::of)
    }

    fn models_at(&self, tree_size: u64) -> Result<impl Deref<Target = ReadModels>, Failure> {
        self.0.follower.models_at(tree_size).map_err(Failure::of)
    }
}

#[cfg(test)]
mod tests {
    use super::{Issued, IssuedNotices, KEPT_MAX};
    use crate::notice::{Counting, samples};
    use mingzhang_events::EventId;
    use mingzhang_projections::NoticeEntry;
    use std::collections::BTreeSet;
    use std::sync::{Arc, OnceLock};

    #[test]
    fn the_notice_that_was_asked_for_lately_stays() {
        let (notices, notice) = (IssuedNotices::none(), samples::street());
        for event in 0..KEPT_MAX as u128 + 10 {
            let draft = NoticeEntry::draft("420902001".parse().expect("a code"), notice.month, 1);
            let entry = NoticeEntry { id: EventId(event), ..draft };
            let (charts, consented, counting) = (OnceLock::new(), BTreeSet::new(), Counting::default());
            notices.keep(&Arc::new(Issued { entry, notice: notice.clone(), charts, consented, counting }));
            assert!(notices.kept(EventId(0)).is_some(), "the front page asks for it all the time: {event}");
        }
        assert!(notices.kept(EventId(1)).is_none() && notices.kept(EventId(KEPT_MAX as u128)).is_some());
    }
}
