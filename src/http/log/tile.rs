//! `GET /log/tile/…`: tiles of hashes for everybody, bundles of entries for auditors.

use crate::http::auth::{Known, does_not_reach, has_everywhere};
use crate::http::extract::NoParams;
use crate::http::{App, Problem, conditional, schema};
use crate::identity::Role;
use crate::transparency::{Tile, TileContent};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// A year: as long as caches keep anything.
const FOR_EVERYBODY: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const FOR_WHO_ASKED: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");

/// A tile of 256 hashes, or with `.p/<width>` its first 1 to 255: of leaves at level 0, of full tiles of the level below above
/// it. An index is written in groups of three digits, all but the last after an `x`: 1234067 is `x001/x234/067`.
#[utoipa::path(
    get, path = "/log/tile/{level}/{index}", tag = "log", summary = "哈希块", description = "**Who:** anybody.",
    params(
        ("level" = u8, Path, description = "0 to 63", minimum = 0, maximum = 63),
        ("index" = String, Path, description = "Such as 000, x001/x234/067, or 001.p/17 for a partial tile", example = "000"),
    ),
    responses((status = 200, description = "Hashes of 32 bytes, end to end (C2SP tlog-tiles)", body = Vec<u8>, content_type = "application/octet-stream"), schema::Refusals)
)]
pub(crate) async fn hashes(
    State(app): State<Arc<App>>,
    _: NoParams,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    read(&app, &uri, &headers, FOR_EVERYBODY).await
}

/// The entries below a tile of level 0, byte for byte as they were hashed: for each its length as a big-endian `u16`, then its
/// bytes. A partial bundle is asked for as a partial tile is.
#[utoipa::path(
    get, path = "/log/tile/entries/{index}", tag = "log", summary = "账目块", security(("token" = [])),
    description = "**Who:** an auditor of the whole ledger.",
    params(("index" = String, Path, description = "Such as 000, x001/x234/067, or 001.p/17 for a partial bundle", example = "000")),
    responses((status = 200, description = "Entries (C2SP tlog-tiles, entry bundle)", body = Vec<u8>, content_type = "application/octet-stream"), schema::Refusals)
)]
pub(crate) async fn entries(
    State(app): State<Arc<App>>,
    Known(actor): Known,
    _: NoParams,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if !has_everywhere(&*app.service.models().await, &actor, Role::Auditor) {
        return Err(does_not_reach(None));
    }
    read(&app, &uri, &headers, FOR_WHO_ASKED).await
}

async fn read(app: &App, uri: &Uri, headers: &HeaderMap, cached: HeaderValue) -> Result<Response, Problem> {
    let unknown = || Problem::unknown("这一块", "tile in the published log");
    let tile = uri.path().strip_prefix("/log/").and_then(Tile::parse).ok_or_else(unknown)?;
    // What a smaller checkpoint has published needs no newer one.
    let publication = Arc::clone(&app.service.publication);
    let is_published = tokio::task::spawn_blocking(move || publication.covers(|size| tile.is_within(size))).await;
    let is_published = is_published.expect("publishing doesn't panic");
    if !is_published.map_err(|failure| Problem::internal("publishing the checkpoint", &failure))? {
        return Err(unknown());
    }
    // The address alone tells the bytes.
    let etag = conditional::etag(u64::from(tile.width), uri.path(), app.service.ledger.origin());
    let mut response = if conditional::is_known(headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let ledger = Arc::clone(&app.service.ledger);
        let bytes = tokio::task::spawn_blocking(move || ledger.tile(&tile)).await.expect("reading doesn't panic");
        let bytes = bytes.map_err(|failure| Problem::internal("reading a tile", &failure))?;
        ([(header::CONTENT_TYPE, "application/octet-stream")], bytes.ok_or_else(unknown)?).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, etag);
    headers.insert(header::CACHE_CONTROL, cached);
    if tile.content == TileContent::Entries {
        headers.insert(header::VARY, HeaderValue::from_static("authorization"));
    }
    Ok(response)
}
