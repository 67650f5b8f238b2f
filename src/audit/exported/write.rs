//! Writing an export: only what is new, each entry hashed again first, the checkpoint last.
//!
//! May not continue what isn't the same log. Invariant: the directory's checkpoint is of entries and tiles that are durable, or
//! still the one of the export before.

use super::output::{Output, UNFINISHED};
use super::runs::{write_entries, write_run};
use super::{CHECKPOINT, load_tree};
use crate::audit::Finding;
use crate::durable::DirectoryLock;
use crate::store::{EventStore, StoreError};
use crate::transparency::{Checkpoint, SignedCheckpoint, Tile, TileContent, Tree, hash_tiles};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What an export holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All of it: for auditors.
    EntriesAndHashes,
    /// The checkpoint and the hashes: what everybody may see.
    HashesOnly,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The size of the log that was there before; 0 for a new export.
    pub known: u64,
    /// The size that is there now.
    pub size: u64,
    /// How many files were written, the checkpoint among them.
    pub files: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// How many files of the export before were gone or had another length, and were written anew.
    pub repaired: u64,
}

/// Writes the log up to a published checkpoint as static files below `directory`. Calls `progress` with the entries done and their total.
pub fn export_log(
    store: &dyn EventStore,
    published: &SignedCheckpoint,
    directory: &Path,
    scope: Scope,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Exported, ExportError> {
    let head = published.checkpoint();
    let tree = load_tree(store, head.size)?;
    if tree.root() != head.root {
        return Err(Finding::StoredHashesDiffer { published: head.size }.into());
    }
    // Held until all is written: a second export would write into the same files.
    let failed = |source| ExportError::File { doing: "working in", path: directory.to_owned(), source };
    std::fs::create_dir_all(directory).map_err(failed)?;
    let lock = DirectoryLock::take_itself(directory).map_err(failed)?;
    let _lock = lock.ok_or_else(|| ExportError::Held(directory.to_owned()))?;
    let before = find_export(directory, scope)?;
    if let Some(before) = &before {
        check_continues(store, head, before, directory)?;
    }
    let known = match &before {
        Some(before) => checkpoint_of(before, directory)?.size,
        None => 0,
    };
    let output = Output { directory, only_missing: false };
    let mut exported = Exported { known, size: head.size, files: 0, bytes: 0, repaired: 0 };
    write_entries(store, &output, scope, &mut exported, progress)?;
    for tile in hash_tiles(known, head.size).filter(|tile| tile.content.level() > 0) {
        // From the tree whose root was signed, and not as they are stored.
        let hashes = tree.tile_hashes(&tile).expect("the tree has all levels above the leaves");
        exported.count(output.write(&tile, hashes.as_flattened())?);
    }
    repair(store, &tree, directory, scope, &mut exported)?;
    if exported.repaired > 0 || before.is_none_or(|before| before != published.note().as_bytes()) {
        output.publish(published)?;
        exported.count(Some(published.note().len() as u64));
    }
    Ok(exported)
}

/// Writes anew what an earlier export had written and isn't there any more, or not in its length. What is in the other files isn't looked at:
/// that is for whoever verifies the export.
fn repair(
    store: &dyn EventStore,
    tree: &Tree,
    directory: &Path,
    scope: Scope,
    exported: &mut Exported,
) -> Result<(), ExportError> {
    let (output, before, known) = (Output { directory, only_missing: true }, exported.files, exported.known);
    // What is beyond was written just now.
    for tile in hash_tiles(0, exported.size).filter(|tile| tile.is_within(known)) {
        let bundle = Tile { content: TileContent::Entries, ..tile };
        let is_leaves = tile.content.level() == 0;
        let is_whole = output.has(&tile)? && (!is_leaves || scope == Scope::HashesOnly || output.has(&bundle)?);
        if is_whole {
            continue;
        }
        if is_leaves {
            let run = write_run(store, &output, scope, tile.first(), tile.first() + u64::from(tile.width))?;
            exported.files += run.files;
            exported.bytes += run.bytes;
        } else {
            let hashes = tree.tile_hashes(&tile).expect("the tree has all levels above the leaves");
            exported.count(output.write(&tile, hashes.as_flattened())?);
        }
    }
    exported.repaired = exported.files - before;
    Ok(())
}

impl Exported {
    fn count(&mut self, written_bytes: Option<u64>) {
        self.files += u64::from(written_bytes.is_some());
        self.bytes += written_bytes.unwrap_or_default();
    }
}

/// The checkpoint of an export that is there, if there is one.
fn find_export(directory: &Path, scope: Scope) -> Result<Option<Vec<u8>>, ExportError> {
    let path = directory.join(CHECKPOINT);
    let note = match std::fs::read(&path) {
        Ok(note) => note,
        Err(absent) if absent.kind() == ErrorKind::NotFound => return check_new(directory).map(|()| None),
        Err(source) => return Err(ExportError::File { doing: "reading", path, source }),
    };
    // A ledger's own directory has a checkpoint too.
    if !directory.join("tile").exists() {
        check_new(directory)?;
    }
    let has_entries = directory.join("tile/entries").exists();
    let found = if has_entries { Scope::EntriesAndHashes } else { Scope::HashesOnly };
    if checkpoint_of(&note, directory)?.size > 0 && found != scope {
        return Err(ExportError::OtherScope { directory: directory.to_owned(), scope: found });
    }
    Ok(Some(note))
}

fn checkpoint_of(note: &[u8], directory: &Path) -> Result<Checkpoint, ExportError> {
    Checkpoint::of_note(note).map_err(|_| ExportError::NotAnExport(directory.to_owned()))
}

/// An export that was interrupted before its first tile or checkpoint is begun again; anything else isn't ours to write into.
fn check_new(directory: &Path) -> Result<(), ExportError> {
    let failed = |source| ExportError::File { doing: "looking into", path: directory.to_owned(), source };
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(absent) if absent.kind() == ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(failed(source)),
    };
    for entry in entries {
        let name = entry.map_err(failed)?.file_name();
        if name != "tile" && name != UNFINISHED && name != CHECKPOINT {
            return Err(ExportError::NotAnExport(directory.to_owned()));
        }
    }
    Ok(())
}

/// The log only grew since the export that is there. By its name another log is told from another history of this one, whichever of its
/// keys signed that.
fn check_continues(
    store: &dyn EventStore,
    now: &Checkpoint,
    before: &[u8],
    directory: &Path,
) -> Result<(), ExportError> {
    let (before, directory) = (checkpoint_of(before, directory)?, directory.to_owned());
    let Checkpoint { size: exported, origin, root, .. } = before;
    if origin != now.origin {
        return Err(ExportError::OtherLog { directory, origin });
    }
    if exported > now.size {
        return Err(ExportError::Ahead { directory, exported, published: now.size });
    }
    if load_tree(store, exported)?.root() != root {
        return Err(ExportError::Forked { directory, exported });
    }
    Ok(())
}

/// Why a log isn't exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// What stands in the directory isn't an export.
    #[error("{} isn't empty and holds no exported log: choose another directory", .0.display())]
    NotAnExport(PathBuf),
    /// The directory holds another log.
    #[error("{} holds another log, {origin}: choose another directory", directory.display())]
    OtherLog {
        /// The directory.
        directory: PathBuf,
        /// The name of that log.
        origin: String,
    },
    /// The directory is ahead of the ledger.
    #[error(
        "{} holds {exported} entries and the ledger has published only {published}: was an old copy of it put back?",
        directory.display()
    )]
    Ahead {
        /// The directory.
        directory: PathBuf,
        /// The size of its checkpoint.
        exported: u64,
        /// The size of the ledger's.
        published: u64,
    },
    /// The directory holds another history of the same log.
    #[error(
        "{} holds {exported} entries that aren't the first {exported} of this ledger: keep both and find out which was changed",
        directory.display()
    )]
    Forked {
        /// The directory.
        directory: PathBuf,
        /// The size of its checkpoint.
        exported: u64,
    },
    /// The directory was written with entries and is to be continued without, or the reverse.
    #[error("{} was exported {}: continue it so, or choose another directory", directory.display(), in_words(*.scope))]
    OtherScope {
        /// The directory.
        directory: PathBuf,
        /// What it holds.
        scope: Scope,
    },
    /// Another export is being written there.
    #[error("{} is being written into by another export: wait until it has ended", .0.display())]
    Held(PathBuf),
    /// What is stored isn't what was signed. Nothing of it is published.
    #[error("the ledger isn't sound: verify it")]
    Unsound(#[from] Finding),
    /// A file can't be read or written.
    #[error("{doing} {}", path.display())]
    File {
        /// What was being tried.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
}

impl From<StoreError> for ExportError {
    fn from(error: StoreError) -> ExportError {
        ExportError::Unsound(error.into())
    }
}

fn in_words(scope: Scope) -> &'static str {
    match scope {
        Scope::EntriesAndHashes => "with its entries",
        Scope::HashesOnly => "without entries",
    }
}
