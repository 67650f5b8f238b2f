//! What the pages read from.

use super::issued::IssuedNotices;
use crate::follower::{Follower, Models};
use crate::identity::Identity;
use crate::ledger::Ledger;
use crate::publication::Publication;
use std::sync::Arc;

/// One ledger's public pages.
pub struct Site {
    pub(super) ledger: Arc<Ledger>,
    pub(super) follower: Arc<Follower>,
    pub(super) identity: Arc<Identity>,
    pub(super) publication: Arc<Publication>,
    pub(super) issuing_body: Option<String>,
    pub(super) demonstration: bool,
    pub(super) issued: IssuedNotices,
}

impl Site {
    /// Pages of a ledger. `issuing_body` stands above its documents, `demonstration` says that its members are made up: both as
    /// the operator has set them.
    pub fn new(
        ledger: &Arc<Ledger>,
        follower: &Arc<Follower>,
        identity: &Arc<Identity>,
        publication: &Arc<Publication>,
        issuing_body: Option<String>,
        demonstration: bool,
    ) -> Site {
        Site {
            ledger: Arc::clone(ledger),
            follower: Arc::clone(follower),
            identity: Arc::clone(identity),
            publication: Arc::clone(publication),
            issuing_body,
            demonstration,
            issued: IssuedNotices::default(),
        }
    }

    /// The read models with everything that was durable when it was called.
    pub(super) async fn models(&self) -> Models<'_> {
        self.follower.caught_up(self.ledger.head().tree_size).await;
        self.follower.models()
    }
}
