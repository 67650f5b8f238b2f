//! Notices, composed from the models of this ledger as they are or were.

use super::{Service, ServiceError};
use crate::audit::Finding;
use crate::follower::Models;
use crate::letterheads;
use crate::notice::changes::Changes;
use crate::notice::{
    Compared, Composed, Imprint, Notice, NoticeContext, Past, Published, compose, compose_superseding, recompose,
};
use crate::transparency::{Hash, leaf_hash};
use jiff::civil::Date;
use mingzhang_events::{CalendarMissing, DisclosureOpened, EventId, Month, NoticeIssued, OrganizationId};
use mingzhang_projections::NoticeEntry;
use std::ops::Deref;
use std::sync::PoisonError;

/// How often the root of the present size is read anew where the log grows meanwhile.
const ROOTS_READ_MAX: usize = 8;

/// Entries read at once.
const ENTRIES_READ: u64 = 8_192;

/// Why a month can't be disclosed.
#[derive(Debug, thiserror::Error)]
pub enum DisclosureError {
    /// The ledger failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// Nobody says for how long.
    #[error("the rules of the month set no period of disclosure: say for how many working days")]
    NoPeriod,
    /// When it would end isn't known.
    #[error(transparent)]
    Calendar(#[from] CalendarMissing),
}

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
        let (models, root) = self.models_with_root()?;
        let context = context(root);
        let superseding = before.and_then(|(of, before)| compose_superseding(&models, &context, of, &before));
        Ok(superseding.or_else(|| compose(&models, &context)))
    }

    /// The present models and the root of their size. It may have to be read from the store, which nobody does who holds the models: so it is read first, and
    /// again where the log has grown meanwhile. A log that grows too fast for that is replayed.
    fn models_with_root(&self) -> Result<(Models<'_>, Hash), ServiceError> {
        for _ in 0..ROOTS_READ_MAX {
            let tree_size = self.models_blocking().tree_size();
            let root = self.ledger.root_at(tree_size)?;
            let models = self.follower.models();
            if models.tree_size() == tree_size {
                return Ok((models, root));
            }
        }
        let tree_size = self.models_blocking().tree_size();
        let root = self.ledger.root_at(tree_size)?;
        Ok((self.follower.models_at(tree_size)?, root))
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

    /// The fact that a notice is issued now, in the place of another if one is named, with its letterhead kept. Whether that one can be superseded, the
    /// rules say.
    pub fn notice_to_issue(
        &self,
        organization: OrganizationId,
        month: Month,
        number: &str,
        supersedes: Option<EventId>,
    ) -> Result<Option<NoticeIssued>, ServiceError> {
        let Some(notice) = self.compose_now(organization, month, number, supersedes)? else { return Ok(None) };
        self.must_rest_on_what_was_signed(notice.checkpoint.tree_size)?;
        let issued = NoticeIssued { supersedes, ..notice.issued() };
        self.keep_letterhead(&issued.digest)?;
        Ok(Some(issued))
    }

    /// The fact that a month's draft is disclosed from today on, for so many working days or as many as its rules say, with its letterhead kept. None for
    /// an unknown organisation.
    pub fn disclosure_to_open(
        &self,
        organization: OrganizationId,
        month: Month,
        working_days: Option<u8>,
    ) -> Result<Option<DisclosureOpened>, DisclosureError> {
        let by_rules = || self.models_blocking().disclosure_working_days(month);
        let working_days = working_days.or_else(by_rules).ok_or(DisclosureError::NoPeriod)?;
        let Some(draft) = self.compose_now(organization, month, "", None)? else { return Ok(None) };
        self.must_rest_on_what_was_signed(draft.checkpoint.tree_size)?;
        let today = self.clock.now().local_date();
        let opened = draft.disclosed(today, working_days, &self.models_blocking().calendar())?;
        self.keep_letterhead(&opened.digest)?;
        Ok(Some(opened))
    }

    /// Refuses to give out figures of a log whose entries, as they are stored, don't hash to the root of that size. What was read before isn't read again.
    fn must_rest_on_what_was_signed(&self, tree_size: u64) -> Result<(), ServiceError> {
        let mut read = self.entries_read.lock().unwrap_or_else(PoisonError::into_inner);
        if read.size() >= tree_size {
            return Ok(());
        }
        let mut frontier = read.clone();
        while frontier.size() < tree_size {
            let count = ENTRIES_READ.min(tree_size - frontier.size());
            let entries = self.ledger.entries(frontier.size(), count)?;
            if entries.is_empty() {
                return Err(Finding::RootDiffers { published: tree_size }.into());
            }
            entries.iter().for_each(|entry| frontier.push(leaf_hash(&entry.bytes)));
        }
        if frontier.root() != self.ledger.root_at(tree_size)? {
            return Err(Finding::RootDiffers { published: tree_size }.into());
        }
        *read = frontier;
        Ok(())
    }

    /// Before it is recorded: whatever is answered, it stays as it was issued.
    fn keep_letterhead(&self, digest: &str) -> Result<(), ServiceError> {
        Ok(self.letterheads.keep(digest, &letterheads::of_today(&self.config))?)
    }

    /// What is printed beside the figures: names as they may be shown today, in full if consented to at the notice's checkpoint and ever since; what the
    /// operator had set as it was when it was issued, and as it is today on what isn't.
    pub fn imprint(
        &self,
        composed: &Composed,
        issued_on: Option<Date>,
        disclosed_until: Option<Date>,
    ) -> Result<Imprint, ServiceError> {
        let Composed { notice, consented, counting } = composed;
        let in_full = self.follower.models().consenting(consented.iter().copied());
        let today = || letterheads::of_today(&self.config);
        let letterhead = match issued_on {
            Some(_) => self.letterheads.kept(&notice.digest())?.unwrap_or_else(today),
            None => today(),
        };
        Ok(Imprint {
            demonstration: self.config.demonstration,
            letterhead,
            disclosed_until,
            issued_on,
            witnessing: self.publication.witnessing(notice.checkpoint.tree_size),
            counting: counting.clone(),
            names: self.identity.shown_names(notice.members_named(), &in_full, self.config.mask_names)?,
        })
    }
}
