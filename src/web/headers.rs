//! What a browser may do with a page: load our own style sheets, scripts and icon, ask this server for proofs, and nothing else.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

const PROTECTING: [(HeaderName, HeaderValue); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// Adds the protecting headers to an answer.
pub(super) async fn protect(mut response: Response) -> Response {
    response.headers_mut().extend(PROTECTING);
    response
}
