//! `POST /v1/months/{month}/disclosure`: composes the draft of the circular at the present checkpoint and opens its disclosure (公示).

use crate::http::auth::Known;
use crate::http::extract::{JSON, Named, NoParams, Whole, must_be, object, unread};
use crate::http::v1::commands::proposed::key_of_other_content;
use crate::http::v1::commands::record::idempotency_key;
use crate::http::v1::notices::issue::{must_publish, publish};
use crate::http::{App, Kind, Problem, schema};
use crate::ledger::{IdempotencyKey, Rejection};
use crate::service::{DisclosureError, Service};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use mingzhang_events::{Event, Month, OrganizationId};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    organization: OrganizationId,
    #[serde(default)]
    working_days: Option<u8>,
}

/// Opens the disclosure of an organisation's frozen month: the draft of its circular as it is now, to be read under `/v1/notices/{id}` by everybody,
/// and objected to until the last of its working days. Repeated with the same key, it gives the receipt of the disclosure that was opened.
#[utoipa::path(
    post, path = "/v1/months/{month}/disclosure", tag = "months", summary = "公示", security(("token" = [])),
    description = "**Who:** a publisher that reaches the organisation.",
    params(
        ("month" = String, Path, description = "The month", example = "2026-10", pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$"),
        ("Idempotency-Key" = String, Header, description = "1 to 200 visible ASCII characters, such as a UUID", pattern = "^[!-~]{1,200}$")
    ),
    request_body(content = schema::DisclosureWanted, content_type = "application/json"),
    responses(
        (status = 201, description = "Opened", body = schema::Receipt),
        (status = 200, description = "Opened before", body = schema::Receipt),
        schema::Refusals, schema::BodyRefusals, (status = 409, body = Problem, content_type = "application/problem+json")
    )
)]
pub(crate) async fn disclose(
    State(app): State<Arc<App>>,
    Known(actor): Known,
    Named(month): Named<Month>,
    _: NoParams,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?;
    must_be(&headers, JSON)?;
    let Wanted { organization, working_days } = object(&body).map_err(|fault| unread(&body, &fault))?;
    if key.is_of_content() && key != IdempotencyKey::of_disclosure(organization, month, working_days) {
        return Err(key_of_other_content());
    }
    let same = move |event: &Event| {
        matches!(event, Event::DisclosureOpened(opened)
            if (opened.organization, opened.month) == (organization, month)
                && working_days.is_none_or(|days| days == opened.working_days))
    };
    must_publish(&app, &actor, organization).await?;
    publish(&app, actor, key, same, move |service| compose(service, organization, month, working_days)).await
}

fn compose(
    service: &Service,
    organization: OrganizationId,
    month: Month,
    working_days: Option<u8>,
) -> Result<Event, Problem> {
    let opened = service.disclosure_to_open(organization, month, working_days).map_err(|error| match error {
        DisclosureError::NoPeriod => Problem::new(
            Kind::CONTENT_MALFORMED,
            "当月细则没有规定公示期：请写明 working_days",
            "the rules of the month set no period of disclosure: say working_days",
        ),
        DisclosureError::Calendar(missing) => Problem::from(&Rejection::CalendarMissing { year: missing.year }),
        DisclosureError::Service(failure) => Problem::internal("composing a draft", &failure),
    })?;
    Ok(opened.ok_or_else(|| Problem::unknown("这个组织", "organization"))?.into())
}
