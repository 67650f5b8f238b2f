//! Issued notices, composed again from the log as it was at their checkpoint, and kept: they never change.

use super::pages::Failure;
use super::site::Site;
use crate::notice::{Imprint, Notice, NoticeContext, compose};
use mingzhang_events::{EventId, MemberId};
use mingzhang_projections::NoticeEntry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Notices kept in memory; a street's takes about 100 kB.
const KEPT_MAX: usize = 64;

/// An issued notice: the entry that issued it, and its figures.
pub(super) struct Issued {
    pub(super) entry: NoticeEntry,
    pub(super) notice: Notice,
    /// Whose consent to the full name was in force at its checkpoint.
    consented: BTreeSet<MemberId>,
}

impl Issued {
    /// Whether its figures are those that were issued.
    pub(super) fn is_as_issued(&self) -> bool {
        self.notice.digest() == self.entry.digest
    }

    /// What stands beside the figures today. Reads names, so it may block.
    pub(super) fn imprint(&self, site: &Site) -> Result<Imprint, Failure> {
        let members = self.notice.members.iter().map(|line| line.member);
        let names = site.names(members, &self.consented)?;
        Ok(Imprint {
            demonstration: site.demonstration,
            issuing_body: site.issuing_body.clone(),
            disclosed_until: self.entry.disclosed_until,
            issued_on: Some(self.entry.issued_at.local_date()),
            witnessing: site.publication.witnessing(self.entry.tree_size),
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
        let context = NoticeContext {
            month: entry.month,
            number: entry.number.clone(),
            organization: entry.organization,
            origin: site.ledger.origin().to_owned(),
            root: site.ledger.root_at(entry.tree_size).map_err(Failure::of)?,
        };
        let models = site.follower.models_at(entry.tree_size).map_err(Failure::of)?;
        let notice = compose(&models, &context).ok_or(Failure::NotFound)?;
        let consented = models.consenting(notice.members.iter().map(|line| line.member));
        let issued = Arc::new(Issued { entry, notice, consented });
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
