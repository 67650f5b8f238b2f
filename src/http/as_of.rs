//! Answers as they were (`as_of=<tree size>`): from models replayed to that size on a thread that may block, a few at a time.

use super::{App, Kind, Problem};
use crate::follower::FollowError;
use crate::service::ServiceError;
use mingzhang_projections::ReadModels;
use serde::Deserialize;
use std::sync::Arc;

/// Of which tree size.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AsOfParams {
    /// The answer as it was when the log had so many entries; the present one if absent.
    pub(crate) as_of: Option<u64>,
}

/// Each may hold the models of a whole city for as long as it takes.
pub(crate) const AT_A_TIME: usize = 2;

/// What `question` answers of the models as they were when the log had `tree_size` entries.
pub(crate) async fn ask<A: Send + 'static>(
    app: &Arc<App>,
    tree_size: u64,
    question: impl FnOnce(&ReadModels) -> Result<A, Problem> + Send + 'static,
) -> Result<A, Problem> {
    ask_and_tell(app, tree_size, question, Ok).await
}

/// The same, told by `tell` once the models are let go.
pub(crate) async fn ask_and_tell<F, A: Send + 'static>(
    app: &Arc<App>,
    tree_size: u64,
    question: impl FnOnce(&ReadModels) -> Result<F, Problem> + Send + 'static,
    tell: impl FnOnce(F) -> Result<A, Problem> + Send + 'static,
) -> Result<A, Problem> {
    let service = Arc::clone(&app.service);
    let replayed = app.past.work(move || {
        let found = match service.follower.models_at(tree_size) {
            Ok(models) => question(&models)?,
            Err(failure) => return Err(problem("replaying the log", &failure.into())),
        };
        tell(found)
    });
    replayed.await
}

/// The size that is asked about: that of `as_of`, else the present one.
pub(crate) fn size(as_of: Option<u64>, head: u64) -> Result<u64, Problem> {
    match as_of {
        Some(tree_size) if tree_size > head => Err(beyond_head(head)),
        Some(tree_size) => Ok(tree_size),
        None => Ok(head),
    }
}

/// What a failure to answer of the past is told as.
pub(crate) fn problem(doing: &'static str, failure: &ServiceError) -> Problem {
    if let ServiceError::Follow(FollowError::BeyondHead { tree_size }) = failure {
        return beyond_head(*tree_size);
    }
    Problem::internal(doing, failure)
}

/// The problem that the log isn't that long.
pub(crate) fn beyond_head(tree_size: u64) -> Problem {
    Problem::new(
        Kind::AS_OF_BEYOND_HEAD,
        format!("账本现有 {tree_size} 条：as_of 不能大于它"),
        format!("the log has {tree_size} entries: as_of can't be larger"),
    )
}
