//! A finished page or file as an answer: with an ETag of its content, so that an unchanged one isn't sent twice.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// How a page is kept: asked for again each time, and sent only if it has changed.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// The answer to a request with these headers.
pub(super) fn answer(
    request: &HeaderMap,
    content_type: &'static str,
    body: impl AsRef<[u8]> + Send + 'static,
) -> Response {
    let digest: String = Sha256::digest(body.as_ref()).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    tagged(request, &digest, ASK_AGAIN, content_type, Bytes::from_owner(body))
}

/// An answer whose content is known by a tag.
pub(super) fn tagged(
    request: &HeaderMap,
    tag: &str,
    kept: HeaderValue,
    content_type: &'static str,
    body: impl IntoResponse,
) -> Response {
    // Weak, because the same content may be sent compressed or plain.
    let tag = HeaderValue::try_from(format!("W/\"{tag}\"")).expect("hex digits");
    let known = request.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok()).unwrap_or("");
    let known = known.split(',').any(|known| known.trim() == tag);
    let headers: [(HeaderName, HeaderValue); 2] = [(header::CACHE_CONTROL, kept), (header::ETAG, tag)];
    if known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let mut response = body.into_response();
    response.headers_mut().extend(headers);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// A file to keep, under the name that its Content-Disposition says.
pub(super) fn named(mut response: Response, disposition: &str) -> Response {
    let value = HeaderValue::try_from(disposition).expect("ASCII");
    response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    response
}
