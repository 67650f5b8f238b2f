//! `DELETE /v1/members/{id}/person`: erases name, number and log-ins (删除个人信息). The log keeps that it was done, and nothing of whom.

use crate::http::auth::{Known, has_everywhere};
use crate::http::extract::{Named, NoParams};
use crate::http::v1::commands::record::receipt;
use crate::http::{App, Problem, schema};
use crate::identity::Role;
use crate::ledger::{Mode, Outcome, Rejection, Submission};
use crate::service::ServiceError;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use mingzhang_events::MemberId;
use std::sync::Arc;

/// Erases a person for good: name, number and log-ins go, and that they went is recorded. What the member did stays in the log by
/// their id, and so do its root, proofs, totals and digests. Repeated, it makes sure of it and gives the receipt again. Somebody whom the log
/// doesn't know, as after a roster whose import broke off, is erased for an operator of the whole ledger; nothing is recorded then.
#[utoipa::path(
    delete, path = "/v1/members/{id}/person", tag = "members", summary = "删除个人信息", security(("token" = [])),
    description = "**Who:** an operator that reaches the member's branch.",
    params(("id" = String, Path, description = "The member's id", example = "m0000000000001", pattern = "^m[0-9a-f][0-9a-hjkmnp-tv-z]{12}$")),
    responses(
        (status = 201, description = "Erased", body = schema::Receipt),
        (status = 200, description = "Erased before", body = schema::Receipt),
        (status = 204, description = "Something was still kept of somebody whom the log calls erased, or doesn't know: it is gone now"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
        (status = 507, body = Problem, content_type = "application/problem+json"),
        schema::Refusals
    )
)]
pub(crate) async fn erase(
    State(app): State<Arc<App>>,
    Known(actor): Known,
    Named(member): Named<MemberId>,
    _: NoParams,
) -> Result<Response, Problem> {
    let service = Arc::clone(&app.service);
    let command = tokio::task::spawn_blocking(move || service.erasing(member)).await;
    let command = command.expect("looking up an entry doesn't panic");
    let command = command.map_err(|failure| Problem::internal("looking up an erasure", &failure))?;
    let operates_everywhere = has_everywhere(&*app.service.models().await, &actor, Role::Operator);
    let reply = app.service.ledger.submit(Submission { actor, commands: vec![command], mode: Mode::EachAlone }).await?;
    let recorded = match reply.outcomes.first() {
        Some(Outcome::Recorded { .. } | Outcome::Repeated { .. }) => true,
        Some(Outcome::Rejected(Rejection::PersonErased { .. })) => false,
        Some(Outcome::Rejected(Rejection::UnknownMember { .. })) if operates_everywhere => false,
        _ => return receipt(&app, &reply, Vec::new()).await,
    };
    let service = Arc::clone(&app.service);
    let erased = tokio::task::spawn_blocking(move || match recorded {
        true => service.identity.erase(&[member]).map(|()| true).map_err(ServiceError::from),
        false => service.erase_kept(member),
    });
    let erased = erased.await.expect("erasing a person doesn't panic");
    let erased = erased.map_err(|failure| Problem::internal("erasing a person", &failure))?;
    if erased && !recorded {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    receipt(&app, &reply, Vec::new()).await
}
