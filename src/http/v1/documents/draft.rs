//! `GET /v1/documents/draft`: a register, statement, certificate or attendance sheet to look at. It isn't issued, and names nobody in full without consent.

use super::{Particulars, format_named, malformed, must_concern, name_of, not_made, nothing_of_that_name};
use crate::document::attachment;
use crate::http::answer::KnownAsk;
use crate::http::extract::Params;
use crate::http::v1::notices::show::others_wait;
use crate::http::{App, Problem, schema};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use mingzhang_events::{ActivityId, DocumentKind, MemberId, Month, OrganizationId};
use serde::Deserialize;
use std::sync::Arc;

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DraftParams {
    /// `register`, `statement`, `certificate` or `attendance`.
    #[param(value_type = String, pattern = "^(register|statement|certificate|attendance)$")]
    kind: DocumentKind,
    /// Of a register: whose, with all below it.
    #[param(value_type = Option<String>, pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$")]
    organization: Option<OrganizationId>,
    /// Of a statement or certificate: whose.
    #[param(value_type = Option<String>, pattern = "^m[0-9a-f][0-9a-hjkmnp-tv-z]{12}$")]
    member: Option<MemberId>,
    /// Of an attendance sheet: at which activity.
    #[param(value_type = Option<String>, pattern = "^a[0-9a-f][0-9a-hjkmnp-tv-z]{12}$")]
    activity: Option<ActivityId>,
    /// Of an attendance sheet: what the office calls the activity, to be printed instead of its id, which is made from it.
    code: Option<String>,
    /// Of a register or statement: which month.
    #[param(value_type = Option<String>, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    month: Option<Month>,
    /// Of a certificate: the first month.
    #[param(value_type = Option<String>, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    from: Option<Month>,
    /// Of a certificate: the last month.
    #[param(value_type = Option<String>, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    until: Option<Month>,
    /// `text` (unless said otherwise), `csv`, `xlsx`, `docx` or `pdf`.
    #[param(pattern = "^(text|csv|xlsx|docx|pdf)$")]
    format: Option<String>,
}

/// A register, statement, certificate or attendance sheet as it would be, at the present size of the log.
#[utoipa::path(
    get, path = "/v1/documents/draft", tag = "documents", summary = "查看台账、明细、证明、出席记录", security(("token" = [])),
    description = "**Who:** a token with any role that reaches the organisation, or the member's branch; the member's own token.",
    params(DraftParams),
    responses((status = 200, description = "The document", content((String = "text/plain"), (String = "text/csv"))), schema::Refusals)
)]
pub(crate) async fn draft(
    State(app): State<Arc<App>>,
    KnownAsk(ask): KnownAsk,
    Params(params): Params<DraftParams>,
) -> Result<impl IntoResponse, Problem> {
    let DraftParams { kind, organization, member, activity, code, month, from, until, format } = params;
    let wanted = Particulars { kind, organization, member, activity, code, month, from, until };
    let wanted = wanted.wanted(app.service.ledger.origin()).map_err(malformed)?;
    let format = format_named(format.as_deref()).map_err(malformed)?;
    must_concern(&app, &ask.caller, &wanted).await?;
    let name = attachment(name_of(kind), format.suffix());
    let service = Arc::clone(&app.service);
    let made = app.service.notice_files.in_turn(move |_| service.draft_paper(&wanted, format)).await;
    let made = made.ok_or_else(others_wait)?.map_err(not_made)?;
    let bytes = made.ok_or_else(nothing_of_that_name)?;
    // Names may be erased or consented to without a new entry.
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes))
}
