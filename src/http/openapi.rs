//! The API's own description: OpenAPI 3.1 generated from the routes, a page to read it, and the reference as Markdown.

use super::error::http_status_of;
use super::extract::NoParams;
use super::{App, Kind, conditional, log, operations, v1};
use crate::ledger::Rejection;
use axum::Router;
use axum::http::HeaderMap;
use axum::routing::get;
use std::fmt::Write;
use std::sync::Arc;
use utoipa::OpenApi;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "明账 Mingzhang",
        description = "The signed, append-only ledger of Party members' service. Every answer names the tree size that it is \
                       the answer of (`Mingzhang-Tree-Size`); `as_of` asks for an earlier one. Times are RFC 3339 in UTC, \
                       points decimals as text, refusals problems (RFC 9457) with a stable `code`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "recording", description = "登记 — facts in, receipts out"),
        (name = "organizations", description = "组织 — the tree, rankings, rates, attendance, duty"),
        (name = "members", description = "党员 — their points, explained"),
        (name = "months", description = "月份 — how far a month has come, disclosures, objections"),
        (name = "notices", description = "通报 — issued circulars"),
        (name = "documents", description = "文书 — which files were issued"),
        (name = "rules", description = "积分细则 — the scoring rules"),
        (name = "log", description = "账目 — entries and checkpoint"),
        (name = "operations", description = "运行 — for whoever operates the service"),
    ),
    // Their addresses have slashes inside the index, which a template of OpenAPI can't say.
    paths(log::tile::hashes, log::tile::entries),
    modifiers(&BearerToken)
)]
struct Document;

struct BearerToken;

impl utoipa::Modify for BearerToken {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// Every route with its description. Each operation has an id of its own, from its method and path: `get_v1_members_id_points`.
pub(crate) fn routes() -> OpenApiRouter<Arc<App>> {
    let mut routes = described();
    for (path, item) in &mut routes.get_openapi_mut().paths.paths {
        for (method, operation) in
            [("delete", item.delete.as_mut()), ("get", item.get.as_mut()), ("post", item.post.as_mut())]
        {
            let Some(operation) = operation else { continue };
            let words = path.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
            operation.operation_id = Some(std::iter::once(method).chain(words).collect::<Vec<_>>().join("_"));
        }
    }
    routes
}

fn described() -> OpenApiRouter<Arc<App>> {
    use v1::{
        checkpoint, commands, disclosures, documents, events, households, members, months, notices, objections,
        organizations, people, rules, tables,
    };
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(commands::record::record))
        .routes(routes!(commands::batch::batch))
        .routes(routes!(people::record::record))
        .routes(routes!(households::record::record))
        .routes(routes!(members::find::find))
        .routes(routes!(members::show::show))
        .routes(routes!(members::points::points))
        .routes(routes!(members::person::person, members::erase::erase))
        .routes(routes!(members::reveal::reveal))
        .routes(routes!(organizations::list::list))
        .routes(routes!(organizations::find::find))
        .routes(routes!(organizations::show::show))
        .routes(routes!(organizations::ranking::ranking))
        .routes(routes!(organizations::units::units))
        .routes(routes!(organizations::rates::rates))
        .routes(routes!(organizations::attendance::attendance))
        .routes(routes!(organizations::duty::duty))
        .routes(routes!(organizations::summary::summary))
        .routes(routes!(organizations::conduct::conduct))
        .routes(routes!(organizations::burden::burden))
        .routes(routes!(organizations::draft::draft))
        .routes(routes!(notices::list::list, notices::issue::issue))
        .routes(routes!(notices::show::show))
        .routes(routes!(notices::line::line))
        .routes(routes!(notices::proof::proof))
        .routes(routes!(notices::changes::changes))
        .routes(routes!(documents::list::list, documents::issue::issue))
        .routes(routes!(documents::draft::draft))
        .routes(routes!(documents::show::show))
        .routes(routes!(months::show::show))
        .routes(routes!(months::waiting::waiting))
        .routes(routes!(months::disclose::disclose))
        .routes(routes!(disclosures::list::list))
        .routes(routes!(objections::list::list))
        .routes(routes!(rules::list::list))
        .routes(routes!(tables::show::show))
        .routes(routes!(events::list::list))
        .routes(routes!(events::show::show))
        .routes(routes!(events::proof::proof))
        .routes(routes!(checkpoint::show::show))
        .routes(routes!(checkpoint::witnesses::show))
        .routes(routes!(log::checkpoint::show))
        .route("/log/tile/{level}/{*index}", get(log::tile::hashes))
        .route("/log/tile/entries/{*index}", get(log::tile::entries))
        .routes(routes!(operations::livez))
        .routes(routes!(operations::readyz))
        .routes(routes!(operations::metrics))
}

/// `/openapi.json`, and `/docs`, a page that loads nothing from elsewhere.
pub(crate) fn documentation(document: &utoipa::openapi::OpenApi) -> Router {
    let text: Arc<str> = document.to_json().expect("a document is JSON").into();
    let config = utoipa_swagger_ui::Config::from("/openapi.json");
    Router::new()
        .route(
            "/openapi.json",
            get(async move |_: NoParams, headers: HeaderMap| {
                let etag = conditional::etag_of(text.as_bytes());
                conditional::respond(&headers, etag, "application/json", "no-cache", text.to_string())
            }),
        )
        .merge(utoipa_swagger_ui::SwaggerUi::new("/docs").config(config))
}

/// The OpenAPI document, indented: `docs/reference/openapi.json`.
pub fn json() -> String {
    let document = routes().into_openapi();
    format!("{}\n", document.to_pretty_json().expect("a document is JSON"))
}

/// The reference as Markdown, below its heading: `docs/reference/api.md`.
pub fn markdown() -> String {
    let document = routes().into_openapi();
    let mut text = String::from(
        "\nServed at `/openapi.json` as OpenAPI 3.1 and at `/docs` as a page. A caller authenticates with\n\
         `Authorization: Bearer …`; who may call what stands with each route.\n\n## Routes\n\n\
         | route | | who | parameters |\n|---|---|---|---|\n",
    );
    for (path, item) in &document.paths.paths {
        for (method, operation) in operations_of(item) {
            let summary = operation.summary.as_deref().unwrap_or_default();
            let who = operation.description.as_deref().and_then(who_of).unwrap_or("anybody who reaches the port");
            writeln!(text, "| `{method} {path}` | {summary} | {who} | {} |", parameters_of(operation))
                .expect("writing to memory");
        }
    }
    text.push_str("\nTables (`ranking`, `units`, `rates`, `attendance`, `duty`, `summary`, `points`) answer to `Accept: text/csv` and to the\nsuffixes `.csv` and `.json`; a notice and a draft also to `.html`, `.txt`, `.pdf`, `.docx` and `.xlsx`.\n\n`as_of` asks for the answer as it was at a tree size. Checkpoints, proofs, the changes between two notices, tiles and names have no `as_of`: what names their\nsize otherwise, and why, is [decided](../decisions/0031-what-names-its-size-otherwise.md).\n\n## Problems\n\nRefusals and failures are `application/problem+json` (RFC 9457) with a stable `code`.\n\n| code | status | meaning |\n|---|---|---|\n");
    for kind in Kind::ALL {
        writeln!(text, "| `{}` | {} | {} |", kind.code, kind.http_status, kind.meaning).expect("writing to memory");
    }
    text.push_str(
        "\nRefusals by the ledger's rules, in order of precedence:\n\n| code | status | meaning |\n|---|---|---|\n",
    );
    for (code, meaning) in Rejection::CODES {
        writeln!(text, "| `{code}` | {} | {meaning} |", http_status_of(code)).expect("writing to memory");
    }
    text
}

fn operations_of(item: &PathItem) -> impl Iterator<Item = (&'static str, &Operation)> {
    [("GET", item.get.as_ref()), ("POST", item.post.as_ref()), ("DELETE", item.delete.as_ref())]
        .into_iter()
        .filter_map(|(method, operation)| Some((method, operation?)))
}

/// What follows `**Who:**`.
fn who_of(description: &str) -> Option<&str> {
    let (_, rest) = description.split_once("**Who:** ")?;
    Some(rest.lines().next().unwrap_or(rest).trim_end_matches('.'))
}

fn parameters_of(operation: &Operation) -> String {
    let parameters = operation.parameters.iter().flatten().filter_map(|parameter| match parameter {
        RefOr::T(parameter) if parameter.parameter_in != ParameterIn::Path => Some(parameter),
        RefOr::T(_) | RefOr::Ref(_) => None,
    });
    let names: Vec<String> = parameters
        .map(|parameter| {
            let required = if parameter.required == utoipa::openapi::Required::True { "" } else { "?" };
            format!("`{}{required}`", parameter.name)
        })
        .collect();
    names.join(" ")
}
