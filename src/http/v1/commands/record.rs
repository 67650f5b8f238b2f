//! `POST /v1/commands`: one command, answered with its receipt once it is durable.

use super::acts::{Acts, cannot_decide, given_in_vain};
use super::proposed;
use super::rostered::Proposed;
use crate::http::auth::Known;
use crate::http::extract::{JSON, NoParams, Whole, must_be};
use crate::http::v1::people;
use crate::http::{App, Kind, Problem, schema};
use crate::ledger::{IdempotencyKey, Mode, Outcome, Reply, Submission};
use crate::service::Warning;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use std::sync::Arc;

const KEY: &str = "idempotency-key";

#[derive(Serialize)]
struct Answered<'a> {
    id: mingzhang_events::EventId,
    log_index: u64,
    tree_size: u64,
    checkpoint: &'a str,
    inclusion_proof: Vec<String>,
    repeated: bool,
    warnings: Vec<Warning>,
}

/// Records one fact. The ledger's rules decide; a refusal names the state that forbids it. The receipt is given once the
/// fact is durable: with it anyone can check that it is in the log of that signed checkpoint (RFC 6962 §2.1.1). Repeated
/// with the same key and content, the command gives the receipt again and records nothing.
#[utoipa::path(
    post, path = "/v1/commands", tag = "recording", summary = "登记一项事实", security(("token" = [])),
    description = "**Who:** any token; each command has the roles that the ledger's rules ask for.",
    params(("Idempotency-Key" = String, Header, description = "1 to 200 visible ASCII characters, such as a UUID; one meaning in the whole ledger", pattern = "^[!-~]{1,200}$")),
    request_body(content = schema::Command, content_type = "application/json"),
    responses(
        (status = 201, body = schema::Receipt, content_type = "application/json", description = "Recorded and durable", headers(("Location" = String))),
        (status = 200, body = schema::Receipt, content_type = "application/json", description = "Recorded before; nothing new"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
        (status = 507, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn record(
    State(app): State<Arc<App>>,
    Known(actor): Known,
    _: NoParams,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?;
    must_be(&headers, JSON)?;
    let command = proposed::parse(&body, key).map_err(|fault| *fault.problem)?;
    let (recorder, commands) = (actor.id, vec![command]);
    let acts = Acts::among(&commands);
    if let Some((_, why)) = given_in_vain(&app, &actor, &commands).await?.pop_first() {
        return Err(cannot_decide(why));
    }
    let proposed = Proposed::by(&commands);
    let reply = app.service.ledger.submit(Submission { actor, commands, mode: Mode::EachAlone }).await?;
    let rostered = proposed.rostered(&reply.outcomes).collect();
    // What was told of them before is committed to now that they are known. If that fails, the fact is recorded all the same.
    if let Err(problem) = people::record::commit(&app, recorder, rostered).await {
        tracing::warn!(code = problem.code, "an identity is not yet committed to in the log: the next start does it");
    }
    receipt(&app, &reply, acts.warnings_of_one(&app, &reply).await).await
}

/// What one command came to: its receipt with what is to be told beside it, or the refusal.
pub(crate) async fn receipt(app: &App, reply: &Reply, warnings: Vec<Warning>) -> Result<Response, Problem> {
    app.meter.submission_commands.record(1);
    let (log_index, id, repeated) = match reply.outcomes.first() {
        Some(Outcome::Recorded { log_index, id }) => (*log_index, *id, false),
        Some(Outcome::Repeated { log_index, id }) => (*log_index, *id, true),
        Some(Outcome::Rejected(rejection)) => {
            app.meter.refused.increment(1);
            return Err(Problem::from(rejection));
        }
        Some(Outcome::Withheld) | None => unreachable!("one command submitted alone is decided"),
    };
    if repeated {
        app.meter.repeated.increment(1)
    } else {
        app.meter.recorded.increment(1)
    }
    let receipt = app
        .service
        .ledger
        .signed_receipt(log_index, reply.head)
        .await
        .map_err(|failure| Problem::internal("making a receipt", &failure))?;
    let answered = Answered {
        id,
        log_index,
        tree_size: receipt.tree_size,
        checkpoint: receipt.checkpoint.note(),
        inclusion_proof: receipt.inclusion_proof.iter().map(|hash| STANDARD.encode(hash)).collect(),
        repeated,
        warnings,
    };
    let body = serde_json::to_vec(&answered).expect("a receipt is JSON");
    let http_status = if repeated { StatusCode::OK } else { StatusCode::CREATED };
    let location = HeaderValue::try_from(format!("/v1/events/{id}")).expect("ASCII");
    let json = HeaderValue::from_static("application/json");
    Ok((http_status, [(header::CONTENT_TYPE, json), (header::LOCATION, location)], body).into_response())
}

/// The key of the header. The draft standard writes it in quotes, most clients don't: both mean the same.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<IdempotencyKey, Problem> {
    let text = headers.get(KEY).and_then(|value| value.to_str().ok()).map(str::trim).unwrap_or_default();
    let unquoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    unquoted.parse().map_err(|fault: crate::ledger::IdempotencyKeyError| {
        Problem::new(
            Kind::KEY_MISSING,
            "请在 Idempotency-Key 头中给出幂等键：1 至 200 个可见 ASCII 字符，例如 UUID",
            format!("the header Idempotency-Key is needed: {fault}"),
        )
    })
}
