//! `POST /v1/documents`: makes a register, statement, certificate or attendance sheet, records that it is issued, and gives the file.
//!
//! Invariant: one key issues one file. Repeated, it gives that file while it is at hand, and else says that it was issued.

use super::{Particulars, format_named, not_made, nothing_of_that_name};
use crate::http::auth::{Known, must_have_a_role};
use crate::http::extract::{JSON, NoParams, Whole, must_be, object, unread};
use crate::http::v1::commands::proposed::key_of_other_content;
use crate::http::v1::commands::record::idempotency_key;
use crate::http::v1::notices::issue::{key_reused, must_publish, recorded_with};
use crate::http::v1::notices::show::others_wait;
use crate::http::{App, Kind, Problem, schema};
use crate::identity::Role;
use crate::ledger::{Command, Mode, Outcome, Submission};
use crate::notice::render::KeptFiles;
use crate::papers::{Wanted, issuer};
use crate::service::{CertificateRequest, PaperToIssue, Service};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mingzhang_events::{
    ActivityId, DocumentIssued, DocumentKind, Event, EventId, Evidence, Instant, MemberId, Month, OrganizationId,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    kind: DocumentKind,
    organization: Option<OrganizationId>,
    member: Option<MemberId>,
    activity: Option<ActivityId>,
    code: Option<String>,
    month: Option<Month>,
    from: Option<Month>,
    until: Option<Month>,
    format: Option<String>,
    number: Option<String>,
    requested_at: Option<Instant>,
    evidence: Option<Evidence>,
    supersedes: Option<EventId>,
}

impl Asked {
    /// The document that is meant.
    fn wanted(&self, origin: &str) -> Result<Wanted, String> {
        let &Asked { kind, organization, member, activity, ref code, month, from, until, .. } = self;
        let code = code.clone();
        let particulars = Particulars { kind, organization, member, activity, code, month, from, until };
        particulars.wanted(origin).map_err(str::to_owned)
    }

    fn evidence(&self) -> Evidence {
        self.evidence.unwrap_or(Evidence::Office)
    }

    /// What tells it from whatever else could be asked for.
    fn digest(&self) -> [u8; 32] {
        Sha256::digest(serde_json::to_vec(self).expect("what was read as JSON is JSON")).into()
    }

    /// Whether that was issued as this asks for it, as far as the log tells.
    fn is(&self, issued: &DocumentIssued, evidence: Evidence) -> bool {
        let or = |asked: Option<&str>, issued: &str| asked.is_none_or(|asked| asked == issued);
        let organization = self.organization.is_none_or(|organization| organization == issued.organization);
        let month = self.month.is_none_or(|month| issued.month == Some(month));
        (self.kind, self.member, self.activity) == (issued.kind, issued.member, issued.activity)
            && (self.supersedes, self.requested_at) == (issued.supersedes, issued.requested_at)
            && self.format.as_deref().unwrap_or("text") == issued.format.as_str()
            && or(self.number.as_deref(), issued.number.as_deref().unwrap_or_default())
            && (organization, month, self.evidence()) == (true, true, evidence)
    }
}

/// Issues a document at the present size of the log: its digest is recorded, and the file is given. Repeated with the same key, it gives the same file while it is at
/// hand, which it is for a while; then `file` is null, and a file that was lost is issued anew with another key, in the place of the first. A certificate
/// takes `requested_at`, when the member asked for it, and `evidence`, how that is known (`both_parties` or `attested`).
#[utoipa::path(
    post, path = "/v1/documents", tag = "documents", summary = "印发台账、明细、证明、出席记录", security(("token" = [])),
    description = "**Who:** a publisher that reaches the organisation, or the member's branch.",
    params(("Idempotency-Key" = String, Header, description = "1 to 200 visible ASCII characters, such as a UUID", pattern = "^[!-~]{1,200}$")),
    request_body(content = schema::DocumentWanted, content_type = "application/json"),
    responses(
        (status = 201, description = "Issued", body = schema::IssuedFile),
        (status = 200, description = "Issued before", body = schema::IssuedFile),
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
    let key = idempotency_key(&headers)?;
    must_be(&headers, JSON)?;
    must_have_a_role(&actor, &[Role::Publisher])?;
    let malformed = |fault: String| Problem::new(Kind::CONTENT_MALFORMED, format!("请求体有误：{fault}"), fault);
    let asked: Asked = object(&body).map_err(|fault| unread(&body, &fault))?;
    let wanted = asked.wanted(app.service.ledger.origin()).map_err(malformed)?;
    let format = format_named(asked.format.as_deref()).map_err(malformed)?;
    let request = match (asked.kind, asked.requested_at) {
        (DocumentKind::Certificate, None) => {
            return Err(malformed("requested_at: when the member asked for the certificate".to_owned()));
        }
        (_, requested_at) => {
            requested_at.map(|requested_at| CertificateRequest { requested_at, number: asked.number.clone() })
        }
    };
    if key.is_of_content() {
        return Err(key_of_other_content());
    }
    let issuer = issuer(&*app.service.models().await, &wanted).ok_or_else(nothing_of_that_name)?;
    must_publish(&app, &actor, issuer).await?;
    let service = Arc::clone(&app.service);
    // Made and recorded in one turn: of two that ask with one key at the same time, the second finds what the first issued.
    let work = move |files: &KeptFiles| {
        let id = key.event_id();
        if let Some(before) = issued_before(&service, files, id, &asked)? {
            return Ok((StatusCode::OK, before));
        }
        let made = service.paper_to_issue(&wanted, format, request.as_ref(), asked.supersedes).map_err(not_made)?;
        let PaperToIssue { bytes, event } = made.ok_or_else(nothing_of_that_name)?;
        let (digest, number) = (event.digest.to_string(), event.number.clone());
        let (evidence, occurred_at) = (asked.evidence(), service.clock.now());
        let command = Command { key, event: event.into(), evidence, imported: None, occurred_at };
        let submission = Submission { actor, commands: vec![command], mode: Mode::EachAlone };
        let log_index = match service.ledger.submit_blocking(submission)?.outcomes.first() {
            Some(Outcome::Recorded { log_index, .. } | Outcome::Repeated { log_index, .. }) => *log_index,
            Some(Outcome::Rejected(rejection)) => return Err(Problem::from(rejection)),
            Some(Outcome::Withheld) | None => unreachable!("one command submitted alone is decided"),
        };
        let file = Some(STANDARD.encode(&bytes));
        files.keep_issued(id, asked.digest(), bytes.into());
        let (id, format) = (id.to_string(), format.name().to_owned());
        Ok((StatusCode::CREATED, schema::IssuedFile { id, log_index, digest, number, format, file }))
    };
    let (status, issued) = app.service.notice_files.in_turn(work).await.ok_or_else(others_wait)??;
    Ok((status, [(header::CACHE_CONTROL, "no-store")], Json(issued)))
}

/// What was issued with this key, if it was, and its file if it is at hand. Refused if something else was.
fn issued_before(
    service: &Service,
    files: &KeptFiles,
    id: EventId,
    asked: &Asked,
) -> Result<Option<schema::IssuedFile>, Problem> {
    let Some((log_index, recorded)) = recorded_with(service, id)? else { return Ok(None) };
    let Event::DocumentIssued(issued) = recorded.event else { return Err(key_reused(id)) };
    let kept = files.issued(id);
    // The log doesn't have of which months a certificate is.
    let same = kept.as_ref().is_none_or(|(of, _)| *of == asked.digest());
    if !same || !asked.is(&issued, recorded.evidence) {
        return Err(key_reused(id));
    }
    Ok(Some(schema::IssuedFile {
        id: id.to_string(),
        log_index,
        digest: issued.digest.to_string(),
        number: issued.number,
        format: issued.format.to_string(),
        file: kept.map(|(_, bytes)| STANDARD.encode(bytes)),
    }))
}
