//! Writing a bundle: the small files from memory, the entries straight from the store.
//!
//! Invariant: what is written is what [`super::BundleReader`] reads, and its entries are those that were recorded and signed; however many they
//! are, they don't stay in memory. The commitments of a part of the log do: some hundred bytes for each member, taken from entries before the
//! part, whose hashes nobody looks at. So nothing proves them, as the format says.

use super::{
    CHECKPOINT, CommitmentListed, FileNamed, IDENTITIES, IDENTITIES_FORMAT, Identities, MANIFEST, Manifest, NOTICE,
    README, header, hex, padding, rules_path,
};
use crate::audit::Finding;
use crate::audit::scan::entries_of_types;
use crate::store::EventStore;
use crate::transparency::{Frontier, Hash, SignedCheckpoint, Tile, bundle, entry_bundles, leaf_hash};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mingzhang_events::{Event, RecordedEvent, ScoringRules};
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// What the files say.
const README_TEXT: &str = include_str!("readme.txt");
/// Fast, and small enough: entries shrink to about a fifth.
const COMPRESSION_LEVEL: i32 = 3;
/// Entries read from the store at once.
const CHUNK: u64 = 8_192;

/// The parts of a bundle that aren't entries.
#[derive(Clone, Debug)]
pub struct BundleContents {
    /// Its manifest; the list of files and the frontier are filled in.
    pub manifest: Manifest,
    /// The checkpoint with its cosignatures.
    pub checkpoint: SignedCheckpoint,
    /// What stands for the entries before the first.
    pub frontier: Frontier,
    /// The canonical JSON of the notice.
    pub notice: Vec<u8>,
    /// Every version of the rules adopted among the entries, with the log index of its adoption.
    pub rules: Vec<(u64, ScoringRules)>,
    /// What is said of the people behind ids.
    pub identities: Identities,
}

/// Why a bundle couldn't be written.
#[derive(Debug, thiserror::Error)]
pub enum BundleWriteError {
    /// The store can't be read, or not as it should.
    #[error("reading the entries")]
    Entries(#[from] Finding),
    /// The output can't be written.
    #[error("writing the bundle")]
    Output(#[from] io::Error),
}

/// Writes a bundle and gives back the output, if the entries are those that were recorded and signed. Calls `progress` with entries done and
/// their total.
pub fn write_bundle<W: Write>(
    output: W,
    mut contents: BundleContents,
    store: &dyn EventStore,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<W, BundleWriteError> {
    contents.identities.format = IDENTITIES_FORMAT.to_owned();
    contents.identities.commitments = commitments_before(store, contents.manifest.first_index)?;
    let mut identities = serde_json::to_vec_pretty(&contents.identities).expect("identities are JSON");
    identities.push(b'\n');
    let mut files: Vec<(String, Vec<u8>)> = vec![
        (README.to_owned(), README_TEXT.as_bytes().to_vec()),
        (CHECKPOINT.to_owned(), contents.checkpoint.note().as_bytes().to_vec()),
        (NOTICE.to_owned(), contents.notice),
    ];
    files.extend(contents.rules.iter().map(|(log_index, rules)| {
        (rules_path(*log_index, &rules.version.to_string()), serde_json::to_vec(rules).expect("rules are JSON"))
    }));
    files.push((IDENTITIES.to_owned(), identities));
    let named = |(path, bytes): &(String, Vec<u8>)| FileNamed {
        path: path.clone(),
        sha256: hex(&Sha256::digest(bytes)),
        size_bytes: bytes.len() as u64,
    };
    contents.manifest.files = files.iter().map(named).collect();
    contents.manifest.frontier = contents.frontier.subtrees().iter().map(|hash| STANDARD.encode(hash)).collect();

    let mut compressed = zstd::Encoder::new(output, COMPRESSION_LEVEL)?;
    compressed.include_checksum(true)?;
    put(&mut compressed, MANIFEST, &contents.manifest.to_bytes())?;
    for (path, bytes) in &files {
        put(&mut compressed, path, bytes)?;
    }
    let head = contents.checkpoint.checkpoint();
    let root = put_entries(&mut compressed, store, contents.frontier, head.size, progress)?;
    if root != head.root {
        return Err(Finding::RootDiffers { published: head.size }.into());
    }
    // The end of a tar: two blocks of zeros.
    compressed.write_all(&[0; 1_024])?;
    Ok(compressed.finish()?)
}

/// The commitments in the entries that the bundle hasn't got.
fn commitments_before(store: &dyn EventStore, first_index: u64) -> Result<Vec<CommitmentListed>, Finding> {
    let entries = entries_of_types(store, first_index, &["mingzhang.identity.committed.v1"])?;
    let listed = |(log_index, entry): (u64, RecordedEvent)| {
        let Event::IdentityCommitted(committed) = entry.event else { return None };
        Some(CommitmentListed { log_index, committed })
    };
    Ok(entries.into_iter().filter_map(listed).collect())
}

fn put(output: &mut impl Write, path: &str, bytes: &[u8]) -> io::Result<()> {
    let size_bytes = bytes.len() as u64;
    let header =
        header(path, size_bytes).ok_or_else(|| io::Error::other(format!("{path} doesn't fit a tar header")))?;
    output.write_all(header.as_bytes())?;
    output.write_all(bytes)?;
    output.write_all(&[0; 512][..padding(size_bytes)])
}

/// The entry bundles (C2SP tlog-tiles) from a frontier to `tree_size`: segments of one tile, end to end, are its bundle. Gives the root over
/// them.
fn put_entries(
    output: &mut impl Write,
    store: &dyn EventStore,
    mut frontier: Frontier,
    tree_size: u64,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Hash, BundleWriteError> {
    let first_index = frontier.size();
    let mut tiles = entry_bundles(first_index, tree_size);
    let mut tile: Option<Tile> = tiles.next();
    let (mut open_bundle, mut next) = (Vec::new(), first_index);
    while let Some(open) = tile {
        let segments = store.read(next, CHUNK.min(tree_size - next)).map_err(Finding::from)?;
        let before = next;
        let mut open = Some(open);
        for segment in segments {
            for (entry, stored) in segment.entries().zip(segment.hashes()) {
                let (log_index, entry) = entry.map_err(Finding::from)?;
                let Some(of) = open.filter(|_| log_index == next) else { continue };
                let leaf = leaf_hash(entry);
                if leaf != *stored {
                    return Err(Finding::EntryChanged { log_index }.into());
                }
                frontier.push(leaf);
                bundle::append_entry(&mut open_bundle, entry)
                    .map_err(|long| Finding::EntryUnreadable { log_index, what: long.to_string() })?;
                next += 1;
                if next == of.first() + u64::from(of.width) {
                    put(output, &of.to_string(), &open_bundle)?;
                    open_bundle.clear();
                    open = tiles.next();
                }
            }
        }
        tile = open;
        if next == before {
            return Err(Finding::EntryUnreadable { log_index: next, what: "the entry is missing".to_owned() }.into());
        }
        progress(next - first_index, tree_size - first_index);
    }
    Ok(frontier.root())
}
