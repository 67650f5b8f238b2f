//! Answers as they were (`as_of=<tree size>`): from models replayed to that size on a thread that may block, a few at a time.

use super::{App, Kind, Problem};
use crate::follower::FollowError;
use mingzhang_projections::ReadModels;
use std::sync::Arc;

/// Each may hold the models of a whole city for as long as it takes.
pub(crate) const AT_A_TIME: usize = 2;

/// What `question` answers of the models as they were when the log had `tree_size` entries.
pub(crate) async fn ask<A: Send + 'static>(
    app: &Arc<App>,
    tree_size: u64,
    question: impl FnOnce(&ReadModels) -> Result<A, Problem> + Send + 'static,
) -> Result<A, Problem> {
    let _permit = app.past.acquire().await.expect("never closed");
    let service = Arc::clone(&app.service);
    let worked_out = tokio::task::spawn_blocking(move || match service.follower.models_at(tree_size) {
        Ok(models) => question(&models),
        Err(FollowError::BeyondHead { tree_size }) => Err(beyond_head(tree_size)),
        Err(failure @ FollowError::Store(_)) => Err(Problem::internal("replaying the log", &failure)),
    });
    match worked_out.await {
        Ok(answered) => answered,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}

/// The problem that the log isn't that long.
pub(crate) fn beyond_head(tree_size: u64) -> Problem {
    Problem::new(
        Kind::AS_OF_BEYOND_HEAD,
        format!("账本现有 {tree_size} 条：as_of 不能大于它"),
        format!("the log has {tree_size} entries: as_of can't be larger"),
    )
}
