//! `POST /v1/documents`: makes a register, statement, certificate or attendance sheet, records that it is issued, and gives the file, once.

use super::{Particulars, format_named, not_made, nothing_of_that_name};
use crate::http::auth::{Known, must_have_a_role};
use crate::http::extract::{JSON, NoParams, Whole, must_be, object, unread};
use crate::http::v1::notices::issue::must_publish;
use crate::http::v1::notices::show::others_wait;
use crate::http::{App, Kind, Problem, schema};
use crate::identity::Role;
use crate::ledger::{Command, IdempotencyKey, Mode, Outcome, Submission};
use crate::notice::render::KeptFiles;
use crate::papers::issuer;
use crate::service::CertificateRequest;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mingzhang_events::{ActivityId, DocumentKind, Event, EventId, Evidence, Instant, MemberId, Month, OrganizationId};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    kind: DocumentKind,
    organization: Option<OrganizationId>,
    member: Option<MemberId>,
    activity: Option<ActivityId>,
    month: Option<Month>,
    from: Option<Month>,
    until: Option<Month>,
    format: Option<String>,
    number: Option<String>,
    requested_at: Option<Instant>,
    evidence: Option<Evidence>,
    supersedes: Option<EventId>,
}

/// Issues a document at the present size of the log: its digest is recorded, and the file is given in the answer, once. A file that was lost is issued anew,
/// in the place of the first. A certificate takes `requested_at`, when the member asked for it, and `evidence`, how that is known (`both_parties` or `attested`).
#[utoipa::path(
    post, path = "/v1/documents", tag = "documents", summary = "印发台账、明细、证明、出席记录", security(("token" = [])),
    description = "**Who:** a publisher that reaches the organisation, or the member's branch.",
    request_body(content = schema::DocumentWanted, content_type = "application/json"),
    responses(
        (status = 201, description = "Issued", body = schema::IssuedFile),
        schema::Refusals, schema::BodyRefusals, (status = 409, body = Problem, content_type = "application/problem+json")
    )
)]
pub(crate) async fn issue(
    State(app): State<Arc<App>>,
    Known(actor): Known,
    _: NoParams,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<impl IntoResponse, Problem> {
    must_be(&headers, JSON)?;
    must_have_a_role(&actor, &[Role::Publisher])?;
    let malformed = |fault: String| Problem::new(Kind::CONTENT_MALFORMED, format!("请求体有误：{fault}"), fault);
    let asked: Asked = object(&body).map_err(|fault| unread(&body, &fault))?;
    let Asked { kind, organization, member, activity, month, from, until, number, supersedes, .. } = asked;
    let particulars = Particulars { kind, organization, member, activity, month, from, until };
    let wanted = particulars.wanted().map_err(|fault| malformed(fault.to_owned()))?;
    let format = format_named(asked.format.as_deref()).map_err(malformed)?;
    let request = match (kind, asked.requested_at) {
        (DocumentKind::Certificate, None) => {
            return Err(malformed("requested_at: when the member asked for the certificate".to_owned()));
        }
        (_, requested_at) => requested_at.map(|requested_at| CertificateRequest { requested_at, number }),
    };
    let issuer = issuer(&*app.service.models().await, &wanted).ok_or_else(nothing_of_that_name)?;
    must_publish(&app, &actor, issuer).await?;
    let service = Arc::clone(&app.service);
    let work = move |_: &KeptFiles| service.paper_to_issue(&wanted, format, request.as_ref(), supersedes);
    let made = app.service.notice_files.in_turn(work).await.ok_or_else(others_wait)?;
    let made = made.map_err(not_made)?.ok_or_else(nothing_of_that_name)?;
    let (digest, number) = (made.event.digest, made.event.number.clone());
    let event = Event::from(made.event);
    let command = Command {
        key: IdempotencyKey::of_plan(&event),
        event,
        evidence: asked.evidence.unwrap_or(Evidence::Office),
        imported: None,
        occurred_at: app.service.clock.now(),
    };
    let submission = Submission { actor, commands: vec![command], mode: Mode::EachAlone };
    let reply = app.service.ledger.submit(submission).await?;
    let (log_index, id) = match reply.outcomes.first() {
        Some(Outcome::Recorded { log_index, id } | Outcome::Repeated { log_index, id }) => (*log_index, *id),
        Some(Outcome::Rejected(rejection)) => return Err(Problem::from(rejection)),
        Some(Outcome::Withheld) | None => unreachable!("one command submitted alone is decided"),
    };
    let issued = schema::IssuedFile {
        id: id.to_string(),
        log_index,
        digest: digest.to_string(),
        number,
        format: format.name().to_owned(),
        file: STANDARD.encode(made.bytes),
    };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(issued)))
}
