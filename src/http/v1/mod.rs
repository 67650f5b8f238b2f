//! One folder for each resource, one file for each route.

pub(crate) mod checkpoint;
pub(crate) mod commands;
pub(crate) mod disclosures;
pub(crate) mod documents;
pub(crate) mod events;
pub(crate) mod households;
pub(crate) mod members;
pub(crate) mod months;
pub(crate) mod notices;
pub(crate) mod objections;
pub(crate) mod organizations;
pub(crate) mod people;
pub(crate) mod rules;
pub(crate) mod tables;

use super::App;
use crate::notice::render::FileFormat;
use axum::Router;
use axum::routing::get;
use std::sync::Arc;

/// The same answers by a suffix instead of an Accept header, for links in pages and spreadsheets.
pub(crate) fn by_suffix() -> Router<Arc<App>> {
    let of = |name: &str, suffix: &str| format!("/v1/organizations/{{code}}/{name}.{suffix}");
    let mut router = Router::new();
    for format in FileFormat::ALL {
        router = router.route(&of("draft", format.suffix()), get(organizations::draft::draft));
    }
    for suffix in ["csv", "json"] {
        router = router
            .route(&of("ranking", suffix), get(organizations::ranking::ranking))
            .route(&of("units", suffix), get(organizations::units::units))
            .route(&of("rates", suffix), get(organizations::rates::rates))
            .route(&of("attendance", suffix), get(organizations::attendance::attendance))
            .route(&of("duty", suffix), get(organizations::duty::duty))
            .route(&of("summary", suffix), get(organizations::summary::summary))
            .route(&format!("/v1/members/{{id}}/points.{suffix}"), get(members::points::points));
    }
    router
}
