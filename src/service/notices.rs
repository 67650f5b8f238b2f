//! Notices, composed from the models of this ledger as they are or were.

use super::{Service, ServiceError};
use crate::follower::Models;
use crate::notice::changes::Changes;
use crate::notice::{
    Compared, Composed, Imprint, Notice, NoticeContext, Past, Published, compose, compose_superseding, recompose,
};
use crate::transparency::Hash;
use jiff::civil::Date;
use mingzhang_events::{EventId, Month, NoticeIssued, OrganizationId};
use mingzhang_projections::NoticeEntry;
use std::ops::Deref;

impl Past for Service {
    type Error = ServiceError;

    fn root_at(&self, tree_size: u64) -> Result<Hash, ServiceError> {
        Ok(self.ledger.root_at(tree_size)?)
    }

    fn models_at(
        &self,
        tree_size: u64,
    ) -> Result<impl Deref<Target = mingzhang_projections::ReadModels>, ServiceError> {
        Ok(self.follower.models_at(tree_size)?)
    }
}

impl Service {
    /// What an entry issued or disclosed, composed anew at its own checkpoint. None if the log has nothing of which it could be made. May take
    /// seconds, and blocks.
    pub fn issued_notice(&self, entry: &NoticeEntry) -> Result<Option<Composed>, ServiceError> {
        let superseded = entry.supersedes.and_then(|superseded| self.follower.models().published(superseded));
        recompose(self, self.ledger.origin(), entry, superseded.as_ref())
    }

    /// The notice of a month as it would be issued now; with the one that it is to take the place of, it says what changed. None for an
    /// unknown organisation. Blocks.
    pub fn compose_now(
        &self,
        organization: OrganizationId,
        month: Month,
        number: &str,
        supersedes: Option<EventId>,
    ) -> Result<Option<Notice>, ServiceError> {
        let context = |root| NoticeContext::new(organization, month, number, self.ledger.origin(), root);
        let superseded = supersedes.and_then(|superseded| self.models_blocking().published(superseded));
        let before = match &superseded {
            None => None,
            Some(entry) => {
                let root = self.ledger.root_at(entry.tree_size)?;
                compose(&*self.follower.models_at(entry.tree_size)?, &context(root)).map(|before| (entry.id, before))
            }
        };
        // Held from here on: the figures are those of the size that is named.
        let models: Models<'_> = self.models_blocking();
        let context = context(self.ledger.root_at(models.tree_size())?);
        let superseding = before.and_then(|(of, before)| compose_superseding(&models, &context, of, &before));
        Ok(superseding.or_else(|| compose(&models, &context)))
    }

    /// What differs between two notices about one month of one organisation, each at its own checkpoint, and why. None if the log has nothing of
    /// which they could be made. May take seconds, and blocks.
    pub fn compare_notices(&self, one: &NoticeEntry, other: &NoticeEntry) -> Result<Option<Compared>, ServiceError> {
        let is_in_order = (one.tree_size, one.log_index) <= (other.tree_size, other.log_index);
        let (earlier, later) = if is_in_order { (one, other) } else { (other, one) };
        let context = |of: &NoticeEntry| -> Result<NoticeContext, ServiceError> {
            let root = self.ledger.root_at(of.tree_size)?;
            Ok(NoticeContext::new(of.organization, of.month, &of.number, self.ledger.origin(), root))
        };
        // Roots before models: these are held by nobody who reads the store.
        let contexts = (context(earlier)?, context(later)?);
        let before = compose(&*self.follower.models_at(earlier.tree_size)?, &contexts.0);
        let Some(before) = before else { return Ok(None) };
        let composed = {
            let models = self.follower.models_at(later.tree_size)?;
            let Some(after) = compose(&models, &contexts.1) else { return Ok(None) };
            let revisions = models.revisions_bearing_on(after.organization, after.month, earlier.tree_size);
            let changes = Changes::between(&before, &after, &revisions);
            let notice = Notice { changes: Some(changes), ..after };
            Composed::new(&models, notice)
        };
        let imprint = self.imprint(&composed, None, None)?;
        let published = |of: &NoticeEntry| Published {
            event: of.id,
            number: of.number.clone(),
            digest: of.digest.clone(),
            tree_size: of.tree_size,
        };
        Ok(Some(Compared::new(published(earlier), published(later), composed.notice, imprint)))
    }

    /// The fact that a notice is issued now, in the place of another if one is named. Whether that one can be superseded, the rules say.
    pub fn notice_to_issue(
        &self,
        organization: OrganizationId,
        month: Month,
        number: &str,
        supersedes: Option<EventId>,
    ) -> Result<Option<NoticeIssued>, ServiceError> {
        let notice = self.compose_now(organization, month, number, supersedes)?;
        Ok(notice.map(|notice| NoticeIssued { supersedes, ..notice.issued() }))
    }

    /// What is printed beside the figures: names as they may be shown today. In full, if consented to at the notice's checkpoint and ever since.
    pub fn imprint(
        &self,
        composed: &Composed,
        issued_on: Option<Date>,
        disclosed_until: Option<Date>,
    ) -> Result<Imprint, ServiceError> {
        let Composed { notice, consented, counting } = composed;
        let in_full = self.follower.models().consenting(consented.iter().copied());
        Ok(Imprint {
            demonstration: self.config.demonstration,
            issuing_body: self.config.issuing_body.clone(),
            header: self.config.documents.header.clone(),
            sealed: self.config.documents.sealed,
            contact: self.config.documents.contact.clone(),
            disclosed_until,
            issued_on,
            witnessing: self.publication.witnessing(notice.checkpoint.tree_size),
            counting: counting.clone(),
            names: self.identity.shown_names(notice.members_named(), &in_full, self.config.mask_names)?,
        })
    }
}
