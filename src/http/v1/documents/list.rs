//! `GET /v1/documents`: what an organisation has issued, newest first: also the register of its certificates.

use crate::http::answer::{Answer, KnownAsk, answer};
use crate::http::csv::{Cell, Table};
use crate::http::extract::{Params, no_such_place, page_size};
use crate::http::{App, Problem, schema};
use crate::identity::Role;
use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use mingzhang_events::{DocumentKind, EventId, OrganizationId};
use mingzhang_projections::{IssuedDocument, ReadModels};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const PAGE: usize = 50;
const PAGE_MAX: usize = 1_000;

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DocumentsParams {
    /// Who issued them.
    #[param(value_type = String, pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$")]
    organization: OrganizationId,
    /// Only of this kind.
    #[param(value_type = Option<String>, pattern = "^(notice|disclosure|register|statement|certificate|attendance)$")]
    kind: Option<DocumentKind>,
    /// At most so many; 50 unless said otherwise.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// From the header `Link` of the page before.
    #[param(value_type = Option<String>, pattern = "^e[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    cursor: Option<EventId>,
    /// The answer as it was when the log had so many entries; the present one if absent.
    as_of: Option<u64>,
}

#[derive(Serialize)]
struct Documents {
    documents: Vec<IssuedDocument>,
    next: Option<EventId>,
}

impl Answer for Documents {
    const HAS_TABLE: bool = true;
    fn next(&self) -> Option<String> {
        self.next.map(|last| last.to_string())
    }
    fn table(&self) -> Option<Table> {
        let rows = self.documents.iter().map(|document| {
            vec![
                Cell::text(document.issued_at),
                Cell::text(document.kind),
                Cell::optional(document.number.as_ref(), Cell::text),
                Cell::optional(document.month, Cell::text),
                Cell::optional(document.member, Cell::text),
                Cell::optional(document.requested_at, Cell::text),
                Cell::text(document.format),
                Cell::text(document.digest),
                Cell::optional(document.superseded_by, Cell::text),
                Cell::text(document.id),
            ]
        });
        Some(Table {
            title: "文书登记".to_owned(),
            head: &[
                "印发时间",
                "种类",
                "编号",
                "月份",
                "党员标识",
                "申请时间",
                "格式",
                "文件摘要",
                "取代它的",
                "记录编号",
            ],
            rows: rows.collect(),
        })
    }
}

/// What an organisation has issued, newest first. Those of kind `certificate` are its register of certificates.
#[utoipa::path(
    get, path = "/v1/documents", tag = "documents", summary = "文书登记", security(("token" = [])),
    description = "**Who:** a token with any role that reaches the organisation.",
    params(DocumentsParams),
    responses((status = 200, description = "Documents",
        content((schema::DocumentList = "application/json"), (String = "text/csv"))), schema::Refusals)
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    KnownAsk(ask): KnownAsk,
    Params(params): Params<DocumentsParams>,
) -> Result<Response<Body>, Problem> {
    let DocumentsParams { organization, kind, limit, cursor, as_of } = params;
    let limit = page_size(limit, PAGE, PAGE_MAX)?;
    answer(
        &app,
        ask,
        as_of,
        |caller, models| caller.must_reach(models, &Role::ALL, organization),
        // Of an office there are thousands, and what has taken a file's place is looked for.
        move |models: &ReadModels| {
            let found = models.documents(Some(organization), kind, cursor).ok_or_else(no_such_place)?;
            let mut documents: Vec<IssuedDocument> = found.take(limit + 1).collect();
            let more = documents.len() > limit;
            documents.truncate(limit);
            let next = documents.last().filter(|_| more).map(|document| document.id);
            Ok(Documents { documents, next })
        },
    )
    .await
}
