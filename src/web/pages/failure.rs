//! What somebody sees when there is nothing to show, or when we have failed.

use crate::document::{PdfError, RenderError};
use crate::notice::wording::Words;
use crate::web::headers;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

/// Why there is no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Nothing stands at this address.
    NotFound,
    /// The server can't make this format; every other can be had.
    NoSuchFormat,
    /// Others are to be served first, who ask for as much.
    Busy,
    /// What the log gives isn't what was issued: no document is made of it.
    Altered,
    /// We have failed; the log says how, the page doesn't.
    Ours,
}

#[derive(Template)]
#[template(path = "web/templates/failure.html", config = ".askama.toml")]
struct Page {
    heading: Words,
    advice: Words,
    code: u16,
}

impl Failure {
    /// Ours, for a reason that goes to the log and not onto the page.
    pub(crate) fn of(reason: impl std::error::Error) -> Failure {
        tracing::error!(error = %reason, "a page could not be made");
        Failure::Ours
    }
}

impl From<RenderError> for Failure {
    fn from(reason: RenderError) -> Failure {
        match reason {
            RenderError::Pdf(PdfError::NoFonts { .. } | PdfError::NotBuilt | PdfError::TooLong { .. }) => {
                tracing::warn!(error = %reason, "a format can't be made");
                Failure::NoSuchFormat
            }
            RenderError::Pdf(PdfError::Typesetting(_)) | RenderError::Workbook(_) => Failure::of(reason),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (code, heading, advice) = match self {
            Failure::NotFound => (
                StatusCode::NOT_FOUND,
                Words::new("没有这个页面", "There is no such page"),
                Words::new(
                    "地址可能抄错了，通报也可能还没有印发。已印发的通报都在首页，从不撤下。",
                    "The address may be mistyped, or the notice not issued yet. Issued notices are all on the front page and are never taken down.",
                ),
            ),
            Failure::NoSuchFormat => (
                StatusCode::SERVICE_UNAVAILABLE,
                Words::new("暂时没有这种格式", "This format can't be had at the moment"),
                Words::new(
                    "通报没有受影响，其他格式都可以下载。PDF 需要服务器装有中文字体，请告诉公布单位。",
                    "The notice is not affected, and every other format can be downloaded. A PDF needs Chinese fonts on the server: tell the issuing body.",
                ),
            ),
            Failure::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                Words::new("正在为其他人生成文件", "Documents are being made for others"),
                Words::new("请过几分钟再试。", "Try again in a few minutes."),
            ),
            Failure::Altered => (
                StatusCode::INTERNAL_SERVER_ERROR,
                Words::new("账本重算的结果与印发的通报不符", "The ledger no longer gives the notice that was issued"),
                Words::new(
                    "账本可能被改动过，因此不提供文件。请不要采信，并告诉公布单位和监督单位。",
                    "It may have been changed, so no document is made of it. Don't rely on it, and tell the issuing and the supervising body.",
                ),
            ),
            Failure::Ours => (
                StatusCode::INTERNAL_SERVER_ERROR,
                Words::new("系统出了差错", "Something went wrong on our side"),
                Words::new(
                    "账本没有受影响。请过几分钟再试；如果仍然如此，请告诉公布单位。",
                    "The ledger is not affected. Try again in a few minutes; if it stays, tell the issuing body.",
                ),
            ),
        };
        let page = Page { heading, advice, code: code.as_u16() };
        (code, Html(page.render().expect("writing to memory"))).into_response()
    }
}

/// The page for an address where nothing stands.
pub async fn not_found() -> Response {
    headers::protect(Failure::NotFound.into_response()).await
}

#[cfg(test)]
mod tests {
    use super::Failure;
    use axum::http::StatusCode;
    use axum::response::IntoResponse;

    #[tokio::test]
    async fn every_failure_has_a_page_in_two_languages() {
        for (failure, code) in [
            (Failure::NotFound, StatusCode::NOT_FOUND),
            (Failure::NoSuchFormat, StatusCode::SERVICE_UNAVAILABLE),
            (Failure::Busy, StatusCode::SERVICE_UNAVAILABLE),
            (Failure::Altered, StatusCode::INTERNAL_SERVER_ERROR),
            (Failure::Ours, StatusCode::INTERNAL_SERVER_ERROR),
        ] {
            let page = failure.into_response();
            assert_eq!(page.status(), code);
            let body = axum::body::to_bytes(page.into_body(), usize::MAX).await.expect("a body");
            let text = String::from_utf8(body.to_vec()).expect("utf-8");
            assert!(text.contains("lang=\"zh-Hans\"") && text.contains("lang=\"en\""), "{text}");
        }
    }
}
