//! `GET /v1/notices/{id}/changes`: what differs between two notices about one month, for everybody.

use super::issued;
use crate::http::answer::not_acceptable;
use crate::http::extract::{Named, Params};
use crate::http::{App, Kind, Problem, conditional, negotiate, schema};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use mingzhang_events::EventId;
use serde::Deserialize;
use std::sync::Arc;

const MEDIA: [&str; 3] = ["application/json", "text/csv", "text/plain"];
const SENT_AS: [&str; 3] = ["application/json", "text/csv; charset=utf-8", "text/plain; charset=utf-8"];

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangesParams {
    /// The other notice: the id of the event that issued it.
    #[param(value_type = String, pattern = "^e[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    since: EventId,
}

/// Every figure and line that differs between two notices of one organisation about one month, and the entries behind it. Which of the two
/// is named first makes no difference: `earlier` is the one that rests on fewer entries. Names stand as they may be shown today.
#[utoipa::path(
    get, path = "/v1/notices/{id}/changes", tag = "notices", summary = "两份通报的差别", description = "**Who:** anybody.",
    params(("id" = String, Path, description = "The id of the event that issued a notice", example = "e00000000000000000000000001", pattern = "^e[0-7][0-9a-hjkmnp-tv-z]{25}$"), ChangesParams),
    responses((status = 200, description = "What differs",
        content((schema::NoticeChanges = "application/json"), (String = "text/csv"), (String = "text/plain"))), schema::Refusals)
)]
pub(crate) async fn changes(
    State(app): State<Arc<App>>,
    Named(id): Named<EventId>,
    Params(ChangesParams { since }): Params<ChangesParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let format = negotiate::best(accept, &MEDIA).ok_or_else(|| not_acceptable(&MEDIA))?;
    let (one, other) = (issued(&app, id, None).await?, issued(&app, since, None).await?);
    if (one.organization, one.month) != (other.organization, other.month) {
        return Err(Problem::new(
            Kind::CONTENT_MALFORMED,
            "两份通报不是同一组织同一月份的，无从比较：请核对编号",
            "the two notices aren't about the same organisation and month: check their ids",
        ));
    }
    let service = Arc::clone(&app.service);
    let compared = app.past.work(move || service.compare_notices(&one, &other)).await;
    let compared = compared.map_err(|failure| Problem::internal("comparing two notices", &failure))?;
    let compared = compared.ok_or_else(|| Problem::unknown("这份通报", "notice"))?;
    let body = match format {
        0 => compared.json(),
        1 => compared.csv(),
        _ => compared.text().into_bytes(),
    };
    let etag = conditional::etag_of(&body);
    let mut response = conditional::respond(&headers, etag, SENT_AS[format], "no-cache", body);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept"));
    Ok(response)
}
