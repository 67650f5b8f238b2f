//! Reads a log over HTTP (C2SP tlog-tiles): its checkpoint, and the tiles of its leaf hashes. Believes nothing of it.

use super::AlarmKind;
use crate::transparency::{Hash, Tile};
use std::sync::mpsc::channel;
use std::time::Duration;

/// For one request, from its first byte to the last of its answer.
const TIME_MAX: Duration = Duration::from_secs(20);
/// A checkpoint with a hundred signatures, some of them post-quantum.
const CHECKPOINT_BYTES_MAX: u64 = 1 << 20;
/// Kept open from one tile to the next.
const CONNECTIONS: usize = 32;
const HASH_BYTES: usize = 32;
/// A full tile has 8 KiB; what is longer is read far enough to be said to be too long.
const TILE_BYTES_MAX: u64 = 64 * 1_024;

/// Why something can't be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("{path} can't be read: {why}")]
    Unreachable { path: String, why: String },
    #[error("{path} isn't there, although the log has published it")]
    Missing { path: String },
    #[error("{path} has {found} bytes and not {expected}")]
    Length { path: String, found: usize, expected: usize },
}

impl FetchError {
    pub(super) fn kind(&self) -> AlarmKind {
        match self {
            FetchError::Unreachable { .. } => AlarmKind::Unreachable,
            FetchError::Missing { .. } => AlarmKind::MissingTile,
            FetchError::Length { .. } => AlarmKind::WrongTile,
        }
    }
}

/// A log at an address.
pub(super) struct Source {
    url: String,
    agent: ureq::Agent,
    tries: u32,
    pause: Duration,
}

impl Source {
    pub(super) fn new(url: &str, tries: u32, pause: Duration) -> Source {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(TIME_MAX))
            .max_idle_connections(CONNECTIONS)
            .max_idle_connections_per_host(CONNECTIONS);
        Source { url: url.trim_end_matches('/').to_owned(), agent: config.build().into(), tries: tries.max(1), pause }
    }

    /// The signed note that is served now.
    pub(super) fn checkpoint(&self) -> Result<String, FetchError> {
        let path = "checkpoint";
        let unreachable = |why: &str| FetchError::Unreachable { path: path.to_owned(), why: why.to_owned() };
        let note =
            self.read(path, CHECKPOINT_BYTES_MAX)?.ok_or_else(|| unreachable("there is no log at this address"))?;
        String::from_utf8(note).map_err(|_| unreachable("it isn't text"))
    }

    /// The hashes of tiles, in order, fetched at the same time.
    pub(super) fn tiles(&self, tiles: &[Tile]) -> Vec<Result<Vec<Hash>, FetchError>> {
        std::thread::scope(|scope| {
            let fetching: Vec<_> = tiles.iter().map(|tile| scope.spawn(move || self.tile(*tile))).collect();
            fetching.into_iter().map(|tile| tile.join().expect("fetching doesn't panic")).collect()
        })
    }

    fn tile(&self, tile: Tile) -> Result<Vec<Hash>, FetchError> {
        let width = usize::from(tile.width);
        let bytes = match self.tile_bytes(tile)? {
            Some(bytes) => bytes,
            // A log may take a partial tile away once it has the full one, whose beginning it is.
            None if !tile.is_full() => {
                let full = self.tile_bytes(Tile { width: 256, ..tile })?;
                let mut full = full.ok_or_else(|| FetchError::Missing { path: tile.to_string() })?;
                full.truncate(width * HASH_BYTES);
                full
            }
            None => return Err(FetchError::Missing { path: tile.to_string() }),
        };
        let (hashes, _) = bytes.as_chunks::<HASH_BYTES>();
        Ok(hashes.to_vec())
    }

    /// None if there is no such tile; one that is there has the length of its width.
    fn tile_bytes(&self, tile: Tile) -> Result<Option<Vec<u8>>, FetchError> {
        let (path, expected) = (tile.to_string(), usize::from(tile.width) * HASH_BYTES);
        let Some(bytes) = self.read(&path, TILE_BYTES_MAX)? else { return Ok(None) };
        if bytes.len() == expected {
            return Ok(Some(bytes));
        }
        Err(FetchError::Length { path, found: bytes.len(), expected })
    }

    /// Tries more than once; that something isn't there needs no second try.
    fn read(&self, path: &str, bytes_max: u64) -> Result<Option<Vec<u8>>, FetchError> {
        let mut tried = 1;
        loop {
            match self.read_once(path, bytes_max) {
                Ok(read) => return Ok(read),
                Err(why) if tried >= self.tries => return Err(FetchError::Unreachable { path: path.to_owned(), why }),
                Err(_) => {
                    tried += 1;
                    let (_kept, never) = channel::<()>();
                    let _waited = never.recv_timeout(self.pause);
                }
            }
        }
    }

    fn read_once(&self, path: &str, bytes_max: u64) -> Result<Option<Vec<u8>>, String> {
        let failed = |error: ureq::Error| error.to_string();
        let mut response = self.agent.get(format!("{}/{path}", self.url)).call().map_err(failed)?;
        match response.status().as_u16() {
            200 => response.body_mut().with_config().limit(bytes_max).read_to_vec().map(Some).map_err(failed),
            404 | 410 => Ok(None),
            code => Err(format!("it answers with the HTTP status {code}")),
        }
    }
}
