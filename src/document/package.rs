//! An office document taken apart: DOCX and XLSX are packages of compressed parts, so what is written in one can't be looked for in its bytes.

use std::io::{Cursor, Read};

/// Up to so many bytes are unpacked, in all: a package of a few kilobytes may hold gigabytes.
const UNPACKED_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The parts of a package, one after another, as far as they go into 64 MiB; none if it isn't a package.
pub fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let left = UNPACKED_BYTES_MAX.saturating_sub(u64::try_from(parts.len()).unwrap_or(u64::MAX));
        let part = archive.by_index(at).ok()?;
        part.take(left).read_to_end(&mut parts).ok()?;
        parts.push(b'\n');
    }
    Some(parts)
}
