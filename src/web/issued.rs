//! Issued notices, composed again from the log as it was at their checkpoint, and kept: they never change.

use super::pages::Failure;
use super::site::Site;
use crate::chart::Chart;
use crate::notice::{Composed, Imprint, Notice, Past, charts, course, recompose};
use mingzhang_events::{EventId, MemberId, RateDefinition};
use mingzhang_projections::{NoticeEntry, ReadModels};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

/// Notices kept in memory; a street's takes about 100 kB.
const KEPT_MAX: usize = 64;

/// An issued notice: the entry that issued it, and its figures.
pub(super) struct Issued {
    pub(super) entry: NoticeEntry,
    pub(super) notice: Notice,
    /// Its pictures.
    pub(super) charts: Vec<Chart>,
    /// Whose consent to the full name was in force at its checkpoint.
    consented: BTreeSet<MemberId>,
    own_rates: Vec<RateDefinition>,
}

impl Issued {
    /// Whether its figures are those that were issued.
    pub(super) fn is_as_issued(&self) -> bool {
        self.notice.digest() == self.entry.digest
    }

    /// What stands beside the figures today. Reads names, so it may block.
    pub(super) fn imprint(&self, site: &Site) -> Result<Imprint, Failure> {
        let names = site.names(self.notice.members_named(), &self.consented)?;
        Ok(Imprint {
            demonstration: site.demonstration,
            issuing_body: site.issuing_body.clone(),
            header: site.documents.header.clone(),
            sealed: site.documents.sealed,
            contact: site.documents.contact.clone(),
            disclosed_until: self.entry.disclosed_until,
            issued_on: Some(self.entry.issued_at.local_date()),
            witnessing: site.publication.witnessing(self.entry.tree_size),
            own_rates: self.own_rates.clone(),
            names,
        })
    }
}

/// Issued notices that somebody has asked for.
#[derive(Default)]
pub(super) struct IssuedNotices {
    kept: Mutex<BTreeMap<EventId, Arc<Issued>>>,
}

impl IssuedNotices {
    /// A notice that is kept already.
    pub(super) fn kept(&self, event: EventId) -> Option<Arc<Issued>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(&event).map(Arc::clone)
    }

    /// The notice that an entry issued. May take seconds for a large log, and blocks.
    pub(super) fn compose(&self, site: &Site, entry: NoticeEntry) -> Result<Arc<Issued>, Failure> {
        if let Some(issued) = self.kept(entry.id) {
            return Ok(issued);
        }
        let superseded = entry.supersedes.and_then(|superseded| site.follower.models().published(superseded));
        let composed =
            recompose(&AsItWas(site), site.ledger.origin(), &entry, superseded.as_ref())?.ok_or(Failure::NotFound)?;
        let Composed { notice, consented, own_rates } = composed;
        let models = site.follower.models_at(entry.tree_size).map_err(Failure::of)?;
        let course = course(&models, entry.organization, entry.month).unwrap_or_default();
        drop(models);
        let charts = charts(&notice, &course);
        let issued = Arc::new(Issued { entry, notice, charts, consented, own_rates });
        if !issued.is_as_issued() {
            tracing::error!(notice = %issued.entry.id, "the notice composed from the log isn't the one that was issued");
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_MAX {
            kept.pop_first();
        }
        kept.insert(issued.entry.id, Arc::clone(&issued));
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
