//! What stands in requests and answers, for the OpenAPI document. Descriptions only: the answers themselves are written
//! from the read models, and tests hold each of them against its description.

mod conduct;
mod documents;
mod figures;
mod log;
mod members;
mod months;
mod notices;
mod recording;

pub use conduct::*;
pub use documents::*;
pub use figures::*;
pub use log::*;
pub use members::*;
pub use months::*;
pub use notices::*;
pub use recording::*;

use super::Problem;
use std::collections::BTreeMap;

/// A JSON object whose members are told elsewhere.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
pub struct AnyObject(pub BTreeMap<String, serde_json::Value>);

/// The bytes of a file (OpenAPI 3.1: no schema says more than the media type does).
#[derive(Debug, utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct Binary(pub Vec<u8>);

/// How questions are refused.
#[derive(utoipa::IntoResponses)]
pub enum Refusals {
    /// A parameter is missing, unknown or malformed.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(#[to_schema] Problem),
    /// A token is needed, or the one sent is unknown.
    #[response(status = 401, content_type = "application/problem+json")]
    NotKnown(#[to_schema] Problem),
    /// No role of the token reaches.
    #[response(status = 403, content_type = "application/problem+json")]
    NotAllowed(#[to_schema] Problem),
    /// There is nothing of that name, or `as_of` is larger than the log.
    #[response(status = 404, content_type = "application/problem+json")]
    Unknown(#[to_schema] Problem),
    /// None of the accepted formats is made.
    #[response(status = 406, content_type = "application/problem+json")]
    NotAcceptable(#[to_schema] Problem),
    /// The body isn't what is asked for.
    #[response(status = 422, content_type = "application/problem+json")]
    Unfit(#[to_schema] Problem),
}

/// How bodies are refused, besides.
#[derive(utoipa::IntoResponses)]
pub enum BodyRefusals {
    /// Too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(#[to_schema] Problem),
    /// Not JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    NotJson(#[to_schema] Problem),
    /// The ledger doesn't record at the moment.
    #[response(status = 503, content_type = "application/problem+json")]
    Stopped(#[to_schema] Problem),
    /// No room is left.
    #[response(status = 507, content_type = "application/problem+json")]
    DiskFull(#[to_schema] Problem),
}
