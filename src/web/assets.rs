//! Style sheets, scripts and the icon, inside the binary. Their addresses hold a hash of their content, so that they can be kept for ever.

use super::answer::tagged;
use super::pages::Failure;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "src/web/assets"]
struct Folder;

struct Asset {
    bytes: Cow<'static, [u8]>,
    /// The first 16 hex digits of the SHA-256 of the bytes.
    hash: String,
}

static ASSETS: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    let embedded = Folder::iter().filter_map(|name| Some((name.to_string(), Folder::get(&name)?.data)));
    let of_notices = ("notice.css".to_owned(), Cow::Borrowed(crate::notice::render::STYLE.as_bytes()));
    let asset = |bytes: Cow<'static, [u8]>| {
        let hash = Sha256::digest(&bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Asset { bytes, hash }
    };
    embedded.chain([of_notices]).map(|(name, bytes)| (name, asset(bytes))).collect()
});

/// The scripts that check a notice, in the order in which they build on one another.
pub(super) const VERIFYING: [&str; 6] =
    ["proofs.js", "prose.js", "corrections.js", "printed.js", "changes.js", "verify.js"];

/// The address of an asset, such as `/assets/9f2c4a61b7d8e035/site.css`. Panics for a name that isn't embedded, which the tests
/// that render every template would show.
pub(super) fn address(name: &str) -> String {
    format!("/assets/{}/{name}", ASSETS[name].hash)
}

/// Serves an asset. An address with another hash is of another version of this program, and isn't found.
pub(super) async fn show(Path((hash, name)): Path<(String, String)>, request: HeaderMap) -> Response {
    let Some(asset) = ASSETS.get(&name).filter(|asset| asset.hash == hash) else {
        return Failure::NotFound.into_response();
    };
    let content_type = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let for_ever = HeaderValue::from_static("public, max-age=31536000, immutable");
    tagged(&request, &asset.hash, for_ever, content_type, asset.bytes.clone())
}
