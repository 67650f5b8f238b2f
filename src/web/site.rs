//! What the pages read from.

use super::issued::IssuedNotices;
use super::pages::Failure;
use crate::clock::Clock;
use crate::config::Config;
use crate::follower::{Follower, Models};
use crate::identity::Identity;
use crate::ledger::Ledger;
use crate::letterheads::{self, Letterheads};
use crate::notice::Letterhead;
use crate::notice::render::KeptFiles;
use crate::publication::Publication;
use mingzhang_events::MemberId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One ledger's public pages.
pub struct Site {
    pub(super) ledger: Arc<Ledger>,
    pub(super) follower: Arc<Follower>,
    pub(super) identity: Arc<Identity>,
    pub(super) publication: Arc<Publication>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) letterheads: Letterheads,
    /// What is set today.
    pub(super) letterhead: Letterhead,
    pub(super) demonstration: bool,
    pub(super) mask_names: bool,
    pub(super) issued: IssuedNotices,
    pub(super) notice_files: Arc<KeptFiles>,
}

impl Site {
    /// Pages of a ledger, as its operator has set them.
    #[expect(clippy::too_many_arguments, reason = "the parts of a service, which the pages don't know as one")]
    pub fn new(
        ledger: &Arc<Ledger>,
        follower: &Arc<Follower>,
        identity: &Arc<Identity>,
        publication: &Arc<Publication>,
        notice_files: &Arc<KeptFiles>,
        letterheads: &Letterheads,
        clock: &Arc<dyn Clock>,
        config: &Config,
    ) -> Site {
        Site {
            ledger: Arc::clone(ledger),
            follower: Arc::clone(follower),
            identity: Arc::clone(identity),
            publication: Arc::clone(publication),
            clock: Arc::clone(clock),
            letterheads: letterheads.clone(),
            letterhead: letterheads::of_today(config),
            demonstration: config.demonstration,
            mask_names: config.mask_names,
            issued: IssuedNotices::none(),
            notice_files: Arc::clone(notice_files),
        }
    }

    /// What may be shown of these members' names, of whom those `consented` had consented when it was published. Blocks.
    pub(super) fn names(
        &self,
        members: impl IntoIterator<Item = MemberId>,
        consented: &BTreeSet<MemberId>,
    ) -> Result<BTreeMap<MemberId, String>, Failure> {
        let in_full = self.follower.models().consenting(consented.iter().copied());
        self.identity.shown_names(members, &in_full, self.mask_names).map_err(Failure::of)
    }

    /// The read models with everything that was durable when it was called.
    pub(super) async fn models(&self) -> Models<'_> {
        self.follower.caught_up(self.ledger.head().tree_size).await;
        self.follower.models()
    }
}
