//! Query and path parameters; what is wrong with them as a problem.

use super::{Kind, Problem};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, RawPathParams, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
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
                Err(Problem::new(Kind::MALFORMED_QUERY, format!("查询参数有误：{fault}"), fault))
            }
        }
    }
}

/// The one identifier in the path. A suffix such as `.csv` isn't part of it.
pub(crate) struct Named<T>(pub(crate) T);

impl<T: FromStr<Err: std::fmt::Display>, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Named<T>, Problem> {
        let malformed = |fault: String| Problem::new(Kind::MALFORMED_PATH, format!("地址中的编号有误：{fault}"), fault);
        let params =
            RawPathParams::from_request_parts(parts, state).await.map_err(|fault| malformed(fault.body_text()))?;
        let (_, text) = params.iter().next().ok_or_else(|| malformed("there is no identifier".to_owned()))?;
        text.parse().map(Named).map_err(|fault: T::Err| malformed(fault.to_string()))
    }
}

/// The two identifiers in the path, in their order.
pub(crate) struct NamedPair<A, B>(pub(crate) A, pub(crate) B);

impl<A, B, S> FromRequestParts<S> for NamedPair<A, B>
where
    A: FromStr<Err: std::fmt::Display>,
    B: FromStr<Err: std::fmt::Display>,
    S: Send + Sync,
{
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<NamedPair<A, B>, Problem> {
        let malformed = |fault: String| Problem::new(Kind::MALFORMED_PATH, format!("地址中的编号有误：{fault}"), fault);
        let params =
            RawPathParams::from_request_parts(parts, state).await.map_err(|fault| malformed(fault.body_text()))?;
        let mut texts = params.iter().map(|(_, text)| text);
        let (Some(first), Some(second)) = (texts.next(), texts.next()) else {
            return Err(malformed("there are no two identifiers".to_owned()));
        };
        let first = first.parse().map_err(|fault: A::Err| malformed(fault.to_string()))?;
        let second = second.parse().map_err(|fault: B::Err| malformed(fault.to_string()))?;
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

/// A body read whole.
pub(crate) struct Whole(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for Whole {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Whole, Problem> {
        Bytes::from_request(request, state).await.map(Whole).map_err(|refusal| {
            if refusal.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
                Problem::new(
                    Kind::TOO_LARGE,
                    "请求体过大：请分成几次",
                    "the body is too large: send it in several requests",
                )
            } else {
                Problem::new(
                    Kind::BODY_TIMED_OUT,
                    "请求体没有收完：请重发",
                    "the body didn't arrive whole: send it again",
                )
            }
        })
    }
}
