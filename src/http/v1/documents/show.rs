//! `GET /v1/documents/{sha256}`: whether this very file was issued, when and by whom, and what has taken its place. For everybody.

use crate::http::answer::{Answer, Ask, LookUp, answer};
use crate::http::extract::{Named, Params};
use crate::http::{App, Problem, schema};
use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use mingzhang_events::FileDigest;
use mingzhang_projections::{DocumentStanding, NoticeEntry, ReadModels};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DocumentParams {
    /// The answer as it was when the log had so many entries; the present one if absent.
    as_of: Option<u64>,
}

#[derive(Serialize)]
struct Checked {
    document: Option<DocumentStanding>,
    notice: Option<NoticeEntry>,
}

impl Answer for Checked {}

/// Whether a file with this digest was issued: by which organisation, when, on which checkpoint, and what has taken its place. A digest that a notice prints
/// beneath its figures is answered with that notice. Nothing tells whom a document is about.
#[utoipa::path(
    get, path = "/v1/documents/{sha256}", tag = "documents", summary = "文书核验", description = "**Who:** anybody.",
    params(("sha256" = String, Path, description = "SHA-256 of the file's bytes, or the digest that a notice prints", pattern = "^[0-9a-f]{64}$"), DocumentParams),
    responses((status = 200, description = "Known", body = schema::CheckedDocument), schema::Refusals)
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Named(digest): Named<FileDigest>,
    Params(DocumentParams { as_of }): Params<DocumentParams>,
    ask: Ask,
) -> Result<Response<Body>, Problem> {
    answer(
        &app,
        ask,
        as_of,
        |_, _| Ok(()),
        LookUp(move |models: &ReadModels| {
            let document = models.document_standing(digest);
            let notice = match document.as_ref().and_then(|document| document.notice) {
                Some(notice) => models.published(notice),
                None => models.published_with(digest),
            };
            if document.is_none() && notice.is_none() {
                return Err(Problem::unknown("印发过这份文件的记载", "issued document"));
            }
            Ok(Checked { document, notice })
        }),
    )
    .await
}
