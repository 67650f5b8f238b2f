//! The public pages: plain HTML for everybody, without cookies or log-in, that can be read without scripts. Two scripts: the button that checks
//! a notice in the browser, and the question of auditors, with a token that the page keeps nowhere. Never the store, never the JSON API: only the scripts know its addresses.
//!
//! Invariant: what a page shows is in the notices and read models; a page works nothing out itself.

mod answer;
mod assets;
mod headers;
mod issued;
mod pages;
mod site;

pub use pages::not_found;
pub use site::Site;

use axum::Router;
use axum::routing::get;
use std::sync::Arc;

/// The pages and what they load. [`not_found`] is for the fallback of the whole server.
pub fn router(site: Site) -> Router {
    Router::new()
        .route("/", get(pages::index::show))
        .route("/notices/{file}", get(pages::notice::show))
        .route("/notices/{event}/lines/{number}", get(pages::line::show))
        .route("/conduct", get(pages::conduct::show))
        .route("/assets/{hash}/{name}", get(assets::show))
        .layer(axum::middleware::map_response(headers::protect))
        .with_state(Arc::new(site))
}
