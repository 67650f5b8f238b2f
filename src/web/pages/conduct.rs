//! `/conduct`: how records were entered, for auditors. The page holds nothing: its script asks with the token that is typed in, and
//! keeps it nowhere.

use super::Failure;
use crate::web::answer::answer;
use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;

#[derive(Template)]
#[template(path = "web/templates/conduct.html", config = ".askama.toml")]
struct Page;

pub(crate) async fn show(request: HeaderMap) -> Result<Response, Failure> {
    Ok(answer(&request, "text/html; charset=utf-8", Page.render().map_err(Failure::of)?.into_bytes()))
}
