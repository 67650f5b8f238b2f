//! ETag and If-None-Match (RFC 9110 §8.8.3, §13.1.2). The models change only with the log, so an answer is told by the tree
//! size and what was asked; it needn't be worked out to be known unchanged. Pure.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::hash::BuildHasher;

/// The entity tag of the answer to `asked` (path, query and format) at a tree size, of this version of the program.
pub(crate) fn etag(tree_size: u64, asked: &str, format: &str) -> HeaderValue {
    let hash = foldhash::quality::FixedState::with_seed(1).hash_one((asked, format, env!("CARGO_PKG_VERSION")));
    HeaderValue::try_from(format!("\"{tree_size:x}-{hash:016x}\"")).expect("hex digits")
}

/// The entity tag of an answer that changes with more than the log, such as names: that of its bytes.
pub(crate) fn etag_of(body: &[u8]) -> HeaderValue {
    let hash = foldhash::quality::FixedState::with_seed(1).hash_one(body);
    HeaderValue::try_from(format!("\"{:x}-{hash:016x}\"", body.len())).expect("hex digits")
}

/// A body with its tag, or that the client has it already.
pub(crate) fn respond(
    asked: &HeaderMap,
    etag: HeaderValue,
    media_type: &'static str,
    caching: &'static str,
    body: impl Into<Body>,
) -> Response {
    let mut response = if is_known(asked, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, media_type)], body.into()).into_response()
    };
    response.headers_mut().insert(header::ETAG, etag);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    response
}

/// Whether the client has this answer already. Compared weakly, as RFC 9110 says for If-None-Match.
pub(crate) fn is_known(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let etag = etag.as_bytes();
    headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/").as_bytes() == etag)
    })
}

#[cfg(test)]
mod tests {
    use super::{etag, is_known};
    use axum::http::{HeaderMap, HeaderValue, header};

    #[test]
    fn a_tag_is_known_in_a_list_weak_or_strong_and_another_size_is_not() {
        let tag = etag(7, "/v1/rules", "json");
        let text = tag.to_str().expect("ASCII");
        for (sent, known) in [
            (format!("\"x\", W/{text}"), true),
            (text.to_owned(), true),
            ("*".to_owned(), true),
            ("\"x\"".to_owned(), false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::try_from(sent).expect("ASCII"));
            assert_eq!(is_known(&headers, &tag), known);
        }
        assert_ne!(etag(8, "/v1/rules", "json"), tag);
        assert_ne!(etag(7, "/v1/rules", "csv"), tag);
    }
}
