//! What a log signed against its own past, kept whole: the checkpoint that was cosigned, and the request that contradicts it.
//!
//! Never overwrites a file. What proves a fork is always kept; what may be just a wrong proof is kept up to a limit, because anyone
//! who reads the log could send such requests without end.

use super::judgement::Shown;
use crate::durable::{Disk, replace};
use sha2::{Digest, Sha256};
use std::io::Result;
use std::path::{Path, PathBuf};

/// So many requests that prove no fork by themselves are kept of each log.
const NOT_CONSISTENT_KEPT_MAX: usize = 1_000;

/// Something to be kept.
pub(super) struct Contradiction {
    pub(super) kind: ContradictionKind,
    /// The note that was cosigned; empty if none was.
    pub(super) cosigned: String,
}

/// What it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ContradictionKind {
    /// Two heads of one size, both signed by the log. Proves by itself that the log forked.
    Fork,
    /// A head that the log signed and that wasn't proven to extend the one cosigned before.
    NotConsistent,
}

impl ContradictionKind {
    /// As it stands in file names and log lines.
    pub(super) const fn code(self) -> &'static str {
        match self {
            ContradictionKind::Fork => "fork",
            ContradictionKind::NotConsistent => "not-consistent",
        }
    }
}

/// Keeps it as two files in the directory, `<kind>-<size>-<hash>.cosigned` and `.shown`. None if it is kept already, or enough are.
pub(super) fn keep(
    disk: &dyn Disk,
    directory: &Path,
    evidence: &Contradiction,
    shown: &Shown<'_>,
) -> Result<Option<PathBuf>> {
    std::fs::create_dir_all(directory)?;
    let kind = evidence.kind.code();
    // Of the head and not of the request: the same head with other lines around it is the same evidence.
    let hash = Sha256::digest(shown.checkpoint.to_string());
    let hash: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let name = |part: &str| directory.join(format!("{kind}-{}-{hash}.{part}", shown.checkpoint.size));
    let path = name("shown");
    if path.exists() || evidence.kind == ContradictionKind::NotConsistent && is_full(directory, kind)? {
        return Ok(None);
    }
    replace(disk, &name("cosigned"), evidence.cosigned.as_bytes())?;
    replace(disk, &path, shown.body)?;
    Ok(Some(path))
}

fn is_full(directory: &Path, kind: &str) -> Result<bool> {
    let of_this_kind = |file: &Result<std::fs::DirEntry>| {
        let name = file.as_ref().map(|file| file.file_name()).unwrap_or_default();
        name.to_str().is_some_and(|name| name.starts_with(kind) && name.ends_with(".shown"))
    };
    Ok(std::fs::read_dir(directory)?.filter(of_this_kind).count() >= NOT_CONSISTENT_KEPT_MAX)
}
