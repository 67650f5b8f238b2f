//! The composers of notices that were issued: by its format, each is composed as it was (0015). A superseding notice (更正通报) also says what
//! changed, from the read models at two checkpoints.

use super::changes::{Changes, Superseded};
use super::circular::Notice;
use super::compose::{NoticeContext, compose};
use super::counting::Counting;
use crate::transparency::Hash;
use mingzhang_events::{EventId, MemberId, NoticeFormat};
use mingzhang_projections::{NoticeEntry, ReadModels};
use std::collections::BTreeSet;
use std::ops::Deref;

/// Composes the notice that takes the place of another. `before` has the figures of that one at its own checkpoint, `models` the entry that
/// issued it. None if they don't, or if it is about something else, or if the organisation never was. That the log had at that checkpoint the
/// root that the entry names is for the caller to hold them to: an auditor wants the figures of a log that was changed as well.
pub fn compose_superseding(
    models: &ReadModels,
    context: &NoticeContext,
    superseded: EventId,
    before: &Notice,
) -> Option<Notice> {
    let entry = models.published(superseded)?;
    let fits = (entry.organization, entry.month) == (context.organization, context.month)
        && (before.organization, before.month) == (context.organization, context.month)
        && entry.tree_size == before.checkpoint.tree_size;
    if !fits {
        return None;
    }
    let notice = compose(models, context)?;
    let revisions = models.revisions_bearing_on(context.organization, context.month, entry.tree_size);
    let changes = Changes::between(before, &notice, &revisions);
    let NoticeEntry { digest, id, number, root_hash, tree_size, .. } = entry;
    Some(Notice {
        changes: Some(changes),
        format: NoticeFormat::Superseding,
        supersedes: Some(Superseded { digest, event: id, number, root_hash, tree_size }),
        ..notice
    })
}

/// A notice, and whose consent to the full name was in force at its checkpoint.
#[derive(Clone, Debug)]
pub struct Composed {
    /// The figures.
    pub notice: Notice,
    /// Of those whom it has a line about.
    pub consented: BTreeSet<MemberId>,
    /// How the rules in force at its checkpoint count.
    pub counting: Counting,
}

impl Composed {
    /// What stands beside the figures of a notice, as the models have it that it was composed from.
    pub fn new(models: &ReadModels, notice: Notice) -> Composed {
        let consented = models.consenting(notice.members_named());
        let counting = Counting::of(models, notice.month);
        Composed { notice, consented, counting }
    }

    /// Whether it is what an entry issued or disclosed. What isn't stands in a log that was changed since.
    pub fn is_as_published(&self, entry: &NoticeEntry) -> bool {
        self.notice.digest() == entry.digest
    }
}

/// Where read models and roots of earlier sizes are had from.
pub trait Past {
    /// Why they can't be.
    type Error;

    /// The root hash of the log at a size.
    fn root_at(&self, tree_size: u64) -> Result<Hash, Self::Error>;

    /// The read models of a size. What is given is let go before the next is asked for.
    fn models_at(&self, tree_size: u64) -> Result<impl Deref<Target = ReadModels>, Self::Error>;
}

/// Composes what an entry issued or disclosed, by the composer that its format names. `superseded` is the entry of the notice that it supersedes, if
/// it does. `Ok(None)` if the log has nothing of which it could be made.
pub fn recompose<P: Past>(
    past: &P,
    origin: &str,
    entry: &NoticeEntry,
    superseded: Option<&NoticeEntry>,
) -> Result<Option<Composed>, P::Error> {
    let figures = |of: &NoticeEntry| {
        Ok(NoticeContext::new(of.organization, of.month, &of.number, origin, past.root_at(of.tree_size)?))
    };
    let before = match (entry.format, superseded) {
        (NoticeFormat::First, _) => None,
        (NoticeFormat::Superseding, None) => return Ok(None),
        (NoticeFormat::Superseding, Some(superseded)) => {
            let context = figures(superseded)?;
            let before = compose(&*past.models_at(superseded.tree_size)?, &context);
            let Some(before) = before else { return Ok(None) };
            Some((superseded.id, before))
        }
    };
    let context = figures(entry)?;
    let models = past.models_at(entry.tree_size)?;
    let notice = match before {
        None => compose(&models, &context),
        Some((superseded, before)) => compose_superseding(&models, &context, superseded, &before),
    };
    Ok(notice.map(|notice| Composed::new(&models, notice)))
}
