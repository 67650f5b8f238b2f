//! Parameters of query and path, and bodies; what is wrong with them as a problem. Knows nothing of what they mean.

use super::observe::BODY_BYTES_MAX;
use super::{Kind, Limits, Problem};
use crate::ledger::misread::{Misread, field_at, misread};
use axum::body::{Bytes, HttpBody};
use axum::extract::{FromRequest, FromRequestParts, Query, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

/// The query parameters. Unknown ones are refused: a misspelt `as_of` must not answer about the present.
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Params<T>, Problem> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(params)) => Ok(Params(params)),
            Err(fault) => {
                let fault = fault.body_text();
                let fault = fault.strip_prefix("Failed to deserialize query string: ").unwrap_or(&fault);
                if fault.contains("unknown field `as_of`") {
                    return Err(not_of_a_size());
                }
                let Misread { chinese, english } = misread(fault, None);
                Err(Problem::new(Kind::MALFORMED_QUERY, format!("查询参数有误：{chinese}"), english))
            }
        }
    }
}

/// The problem that an answer isn't one of the read models, which can be replayed to any size: what names its size is decided otherwise.
fn not_of_a_size() -> Problem {
    Problem::new(
        Kind::MALFORMED_QUERY,
        "这个地址没有 as_of：检查点和证明只对已签名的条数存在（通报的证明用 since，其他用自己保存的检查点），姓名没有历史；见 /docs",
        "as_of isn't asked here: checkpoints and proofs are of signed sizes only (since for the proof of a notice, else the checkpoint that you have kept), and names have no history; see /docs",
    )
}

/// No query parameter at all: for routes without any.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoParams {}

impl<S: Sync> FromRequestParts<S> for NoParams {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<NoParams, Problem> {
        Params::from_request_parts(parts, state).await.map(|Params(none)| none)
    }
}

/// The one identifier in the path. A suffix such as `.csv` isn't part of it.
pub(crate) struct Named<T>(pub(crate) T);

impl<T: FromStr<Err: fmt::Display>, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Named<T>, Problem> {
        let params =
            RawPathParams::from_request_parts(parts, state).await.map_err(|fault| malformed(&fault.body_text()))?;
        let (_, text) = params.iter().next().ok_or_else(|| malformed("there is no identifier"))?;
        text.parse().map(Named).map_err(|fault: T::Err| malformed(&fault.to_string()))
    }
}

fn malformed(fault: &str) -> Problem {
    let Misread { chinese, english } = misread(fault, None);
    Problem::new(Kind::MALFORMED_PATH, format!("地址中的编号有误：{chinese}"), english)
}

/// The two identifiers in the path, in their order.
pub(crate) struct NamedPair<A, B>(pub(crate) A, pub(crate) B);

impl<A, B, S> FromRequestParts<S> for NamedPair<A, B>
where
    A: FromStr<Err: fmt::Display>,
    B: FromStr<Err: fmt::Display>,
    S: Send + Sync,
{
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<NamedPair<A, B>, Problem> {
        let params =
            RawPathParams::from_request_parts(parts, state).await.map_err(|fault| malformed(&fault.body_text()))?;
        let mut texts = params.iter().map(|(_, text)| text);
        let (Some(first), Some(second)) = (texts.next(), texts.next()) else {
            return Err(malformed("there are no two identifiers"));
        };
        let first = first.parse().map_err(|fault: A::Err| malformed(&fault.to_string()))?;
        let second = second.parse().map_err(|fault: B::Err| malformed(&fault.to_string()))?;
        Ok(NamedPair(first, second))
    }
}

/// How many a page has: as asked, within what is offered.
pub(crate) fn page_size(asked: Option<usize>, usual: usize, most: usize) -> Result<usize, Problem> {
    match asked {
        None => Ok(usual),
        Some(count) if (1..=most).contains(&count) => Ok(count),
        Some(_) => Err(Problem::new(
            Kind::MALFORMED_QUERY,
            format!("limit 应为 1 至 {most}"),
            format!("limit has to be from 1 to {most}"),
        )),
    }
}

/// The problem that a page can't go on from there: an empty page would look like the end.
pub(crate) fn no_such_place() -> Problem {
    Problem::new(
        Kind::MALFORMED_QUERY,
        "cursor 不在这份清单中：请从第一页重新开始",
        "the cursor isn't in this list: ask for the first page again",
    )
}

/// A body read whole, within the time that a client has for it.
pub(crate) struct Whole(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for Whole {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Whole, Problem> {
        let limits = request.extensions().get::<Limits>().copied().unwrap_or_default();
        let too_large = || {
            Problem::new(
                Kind::TOO_LARGE,
                "请求体过大：请分成几次",
                "the body is too large: send it in several requests",
            )
        };
        // What says so itself isn't waited for.
        if request.body().size_hint().lower() > BODY_BYTES_MAX as u64 {
            return Err(too_large());
        }
        let read = tokio::time::timeout(limits.body_within, Bytes::from_request(request, state));
        match read.await {
            Ok(Ok(body)) => Ok(Whole(body)),
            Ok(Err(refusal)) if refusal.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE => Err(too_large()),
            Ok(Err(_)) => Err(Problem::new(
                Kind::BODY_BROKEN,
                "请求体没有收完，或分块格式有误：请检查后重发",
                "the body ended early or its framing is broken: mend it and send it again",
            )),
            Err(_) => Err(Problem::new(
                Kind::BODY_TIMED_OUT,
                "请求体没有按时收完：请重发",
                "the body didn't arrive whole in time: send it again",
            )),
        }
    }
}

/// Media types of one JSON value. Any that ends with `+json` is one too.
pub(crate) const JSON: &[&str] = &["application/json"];
/// Media types of JSON values line by line.
pub(crate) const JSON_LINES: &[&str] =
    &["application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-lines"];

/// Refuses a body that says it is something else.
pub(crate) fn must_be(headers: &HeaderMap, wanted: &[&str]) -> Result<(), Problem> {
    if headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return Err(Problem::new(
            Kind::UNSUPPORTED_MEDIA,
            "请求体请勿压缩",
            "send the body as it is, without Content-Encoding",
        ));
    }
    let Some(media) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let media = media.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if wanted.contains(&media.as_str()) || (wanted == JSON && media.ends_with("+json")) {
        return Ok(());
    }
    let wanted = wanted[0];
    Err(Problem::new(
        Kind::UNSUPPORTED_MEDIA,
        format!("请求体应为 {wanted}"),
        format!("the body has to be {wanted}: say so in Content-Type"),
    ))
}

/// A value that stands as a JSON object. What is derived reads an array as well, its members in their order: a client that
/// sends one by mistake would record something that it never named.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object<T>, D::Error> {
        struct Members<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = Object<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members)).map(Object)
            }
        }
        deserializer.deserialize_map(Members(PhantomData))
    }
}

/// The problem that a body isn't the object that is asked for.
pub(crate) fn unread(body: &[u8], fault: &serde_json::Error) -> Problem {
    let kind = if fault.is_data() { Kind::CONTENT_MALFORMED } else { Kind::MALFORMED_JSON };
    let field = std::str::from_utf8(body).ok().filter(|_| fault.line() <= 1 && fault.is_data());
    let Misread { chinese, english } =
        misread(&fault.to_string(), field.and_then(|body| field_at(body, fault.column())));
    let (line, column) = (fault.line(), fault.column());
    Problem::new(
        kind,
        format!("请求体第 {line} 行第 {column} 列：{chinese}"),
        format!("at line {line}, column {column}: {english}"),
    )
}

/// The object in a body.
pub(crate) fn object<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(body).map(|Object(object)| object)
}
