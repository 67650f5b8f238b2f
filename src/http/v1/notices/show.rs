//! `GET /v1/notices/{id}`: a notice, composed again from the log as it was at its checkpoint, for everybody.

use crate::document::attachment;
use crate::http::answer::not_acceptable;
use crate::http::auth::Caller;
use crate::http::extract::{Named, Params};
use crate::http::v1::organizations::any_role;
use crate::http::{App, Kind, Problem, as_of, conditional, negotiate, schema};
use crate::notice::render::{FileFormat, file_name};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::Response;
use jiff::civil::Date;
use mingzhang_events::{EventId, NoticeFormat};
use mingzhang_projections::NoticeEntry;
use serde::Deserialize;
use std::str::FromStr;
use std::sync::Arc;

/// Which figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum View {
    /// As they were published: those of its checkpoint.
    Published,
    /// As a superseding notice would have them: with all corrections so far.
    Corrected,
}

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ShowParams {
    /// `published` (unless said otherwise): as it was issued. `corrected`: a draft with all corrections so far, or up to `as_of`.
    #[param(value_type = Option<String>, pattern = "^(published|corrected)$")]
    view: Option<View>,
    /// The answer as it was when the log had so many entries; the present one if absent.
    as_of: Option<u64>,
}

/// A notice's id, with or without the suffix of a format.
pub(crate) struct File {
    id: EventId,
    format: Option<FileFormat>,
}

impl FromStr for File {
    type Err = mingzhang_events::IdError;
    fn from_str(text: &str) -> Result<File, Self::Err> {
        let (id, format) = match text.split_once('.') {
            Some((id, suffix)) => (id, FileFormat::of_suffix(suffix)),
            None => (text, None),
        };
        // An unknown suffix makes the id malformed as a whole.
        let id = if text.contains('.') && format.is_none() { text } else { id };
        Ok(File { id: id.parse()?, format })
    }
}

/// The notice in the format asked for, by Accept or by a suffix: `.json`, `.html`, `.csv`, `.txt`, `.pdf`, `.docx`, `.xlsx`. Its figures are those of
/// its checkpoint for ever; names stand as they may be shown today. With `as_of`, a notice that wasn't issued yet isn't found.
#[utoipa::path(
    get, path = "/v1/notices/{id}", tag = "notices", summary = "一份通报",
    description = "**Who:** anybody; `view=corrected` as PDF, DOCX or XLSX: a token with any role that reaches the organisation.",
    params(("id" = String, Path, description = "The id of the event that issued it; may end in .json, .html, .csv, .txt, .pdf, .docx or .xlsx", example = "e00000000000000000000000001", pattern = "^e[0-7][0-9a-hjkmnp-tv-z]{25}(\\.(json|html|csv|txt|pdf|docx|xlsx))?$"), ShowParams),
    responses((status = 200, description = "The notice",
        content((schema::AnyObject = "application/json"), (String = "text/html"), (String = "text/csv"), (String = "text/plain"),
            (schema::Binary = "application/pdf"),
            (schema::Binary = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (schema::Binary = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), schema::Refusals)
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Named(File { id, format }): Named<File>,
    Params(ShowParams { view, as_of }): Params<ShowParams>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let format = format.map_or_else(|| accepted(&headers), Ok)?;
    let mut entry = super::issued(&app, id, as_of).await?;
    let mut issued_on = Some(entry.issued_at.local_date());
    if view == Some(View::Corrected) {
        // There is another for each size of the log: the public would never run out of documents to be made.
        if !format.is_text() {
            any_role(entry.organization)(&caller, &*app.service.models().await)?;
        }
        // Nobody has issued it: a draft of what would take the place of a notice.
        entry.tree_size = as_of::size(as_of, app.service.models().await.tree_size())?;
        if !entry.number.is_empty() {
            (entry.format, entry.supersedes) = (NoticeFormat::Superseding, Some(entry.id));
        }
        (entry.number, entry.disclosed_until, issued_on) = (String::new(), None, None);
    }
    let rendered = render_as(&app, entry, issued_on, format).await?;
    let mut response = respond(&headers, format, "no-cache", rendered);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept"));
    Ok(response)
}

/// The format that the headers accept best.
fn accepted(headers: &HeaderMap) -> Result<FileFormat, Problem> {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let offered = FileFormat::ALL.map(FileFormat::media_type);
    negotiate::best(accept, &offered).map(|best| FileFormat::ALL[best]).ok_or_else(|| not_acceptable(&offered))
}

/// The format by the suffix of the address, else by what is accepted.
pub(crate) fn format_of(uri: &Uri, headers: &HeaderMap) -> Result<FileFormat, Problem> {
    let by_suffix = uri.path().rsplit_once('.').and_then(|(_, suffix)| FileFormat::of_suffix(suffix));
    by_suffix.map_or_else(|| accepted(headers), Ok)
}

/// A notice as a file, and the name under which to keep it.
pub(crate) struct Rendered {
    bytes: Arc<[u8]>,
    name: String,
}

/// Names may be erased or consented to without a new entry: the tag is that of the bytes.
pub(crate) fn respond(
    asked: &HeaderMap,
    format: FileFormat,
    caching: &'static str,
    Rendered { bytes, name }: Rendered,
) -> Response {
    let etag = conditional::etag_of(&bytes);
    let mut response = conditional::respond(asked, etag, format.content_type(), caching, Bytes::from_owner(bytes));
    if !matches!(format, FileFormat::Json | FileFormat::Html) {
        let name = HeaderValue::try_from(attachment(&name, format.suffix())).expect("ASCII");
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

/// Composed at its checkpoint, and rendered once it is its turn, with the names of that moment. The entry is one that was issued, or stands for a draft.
pub(crate) async fn render_as(
    app: &App,
    entry: NoticeEntry,
    issued_on: Option<Date>,
    format: FileFormat,
) -> Result<Rendered, Problem> {
    let failed = |failure| Problem::internal("composing a notice at its checkpoint", &failure);
    let (service, disclosed_until) = (Arc::clone(&app.service), entry.disclosed_until);
    let composed = app.past.work(move || {
        let composed = service.issued_notice(&entry).map_err(failed)?;
        let composed = composed.ok_or_else(|| Problem::unknown("这个组织", "organization"))?;
        if issued_on.is_some() && format != FileFormat::Json && !composed.is_as_published(&entry) {
            return Err(differs(&entry));
        }
        let imprint = service.imprint(&composed, issued_on, disclosed_until).map_err(failed)?;
        let at_hand = service.notice_files.at_hand(&composed.notice, &imprint, format)?;
        let name = file_name(&composed.notice, &imprint);
        Ok::<_, Problem>((composed, name, at_hand))
    });
    let (composed, name, at_hand) = composed.await?;
    if let Some(bytes) = at_hand {
        return Ok(Rendered { bytes, name });
    }
    let service = Arc::clone(&app.service);
    let made = app.service.notice_files.in_turn(move |files| {
        let imprint = || service.imprint(&composed, issued_on, disclosed_until).map_err(failed);
        files.file(&composed.notice, imprint, format)
    });
    let made = made.await;
    let bytes = made.ok_or_else(others_wait)??;
    Ok(Rendered { bytes, name })
}

/// The problem that no document is made of what isn't the notice that was issued.
fn differs(entry: &NoticeEntry) -> Problem {
    tracing::error!(notice = %entry.id, "the notice composed from the log isn't the one that was issued");
    Problem::new(
        Kind::NOTICE_DIFFERS,
        "由账本重算的通报与印发时的摘要不符，不予提供文件：请管理员运行 mingzhang verify",
        "the notice that the log gives hasn't the digest that was issued, so no document is made of it: its operator has to run `mingzhang verify`",
    )
}

/// The problem that documents of others are to be made first.
pub(crate) fn others_wait() -> Problem {
    Problem::new(Kind::BUSY, "正在为其他人生成文件：请稍后重试", "documents are being made for others: try again later")
}
