//! `GET /v1/documents/{sha256}`: whether this very file was issued, when and by whom, and what has taken its place. For everybody.

use crate::http::answer::{Answer, Ask, LookUp, answer};
use crate::http::extract::{Named, Params};
use crate::http::{App, Kind, Problem, schema};
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
/// beneath its figures is answered with that notice. Nothing tells whom a document is about. A file of a notice that was downloaded and not issued isn't
/// recorded: `mingzhang check-document FILE --url` compares it with what is given out today, as does whoever downloads it once more.
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
                return Err(not_recorded());
            }
            Ok(Checked { document, notice })
        }),
    )
    .await
}

/// No file of this digest is recorded, which says nothing against one that was only downloaded: a digest doesn't tell of which notice it is.
fn not_recorded() -> Problem {
    Problem::new(
        Kind::UNKNOWN,
        "没有登记过这个摘要的文件；下载的通报文件未经印发就没有登记：请用 mingzhang check-document 文件 --url 本站网址 核验，或从通报页面重新下载一份逐字节比较".to_owned(),
        "no file with this digest was issued; one of a notice that was only downloaded isn't recorded: check it with `mingzhang check-document FILE --url` of this site, or compare it with what the notice's page gives".to_owned(),
    )
}
