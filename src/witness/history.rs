//! Every head that was cosigned before the last one: a file of lines `<size> <base64 of the note>`, sizes rising.
//!
//! Invariant: a line is only ever appended. A line that was cut off by a crash is taken away before the next is written.

use crate::durable::Disk;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fs::File;
use std::io::{Read, Result, Seek, SeekFrom};
use std::path::Path;

/// No line is as long: a request has at most 64 KiB, and base64 makes it a third longer.
const LINE_BYTES_MAX: u64 = 96 * 1_024;
/// Below it, reading all is as quick as looking.
const WINDOW_BYTES: u64 = 4 * LINE_BYTES_MAX;

/// Appends a head, unless it is there already.
pub(super) fn append(disk: &dyn Disk, path: &Path, size: u64, note: &str) -> Result<()> {
    let mut whole_bytes = 0;
    if let Some(mut file) = open(path)? {
        let end = file.metadata()?.len();
        let from = end.saturating_sub(WINDOW_BYTES);
        let tail = read(&mut file, from, end)?;
        let whole = tail.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        whole_bytes = from + whole as u64;
        let last = tail[..whole].split(|byte| *byte == b'\n').rev().find(|line| !line.is_empty());
        if last.and_then(size_of).is_some_and(|last| last >= size) {
            return Ok(());
        }
    }
    disk.append(path, whole_bytes, format!("{size} {}\n", STANDARD.encode(note)).as_bytes())
}

/// The note of the head of that size.
pub(super) fn find(path: &Path, size: u64) -> Result<Option<String>> {
    let Some(mut file) = open(path)? else { return Ok(None) };
    // The line, if there is one, begins in `low..high`; a line begins at each of them.
    let (mut low, mut high) = (0, file.metadata()?.len());
    while high - low > WINDOW_BYTES {
        let middle = low + (high - low) / 2;
        let part = read(&mut file, middle, middle + 2 * LINE_BYTES_MAX)?;
        let Some(newline) = part.iter().position(|byte| *byte == b'\n') else { break };
        let start = middle + newline as u64 + 1;
        let line = part[newline + 1..].split(|byte| *byte == b'\n').next().unwrap_or_default();
        match size_of(line) {
            Some(found) if found <= size => low = start,
            Some(_) | None => high = start,
        }
    }
    let window = read(&mut file, low, high)?;
    let line = window.split(|byte| *byte == b'\n').find(|line| size_of(line) == Some(size));
    Ok(line.and_then(|line| {
        let (_, note) = std::str::from_utf8(line).ok()?.split_once(' ')?;
        String::from_utf8(STANDARD.decode(note).ok()?).ok()
    }))
}

fn open(path: &Path) -> Result<Option<File>> {
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn read(file: &mut File, from: u64, to: u64) -> Result<Vec<u8>> {
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(to - from).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn size_of(line: &[u8]) -> Option<u64> {
    std::str::from_utf8(line).ok()?.split_once(' ')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{WINDOW_BYTES, append, find};
    use crate::durable::MachineDisk;

    #[test]
    fn every_head_is_found_again_and_no_other_in_a_short_file_and_in_a_long_one() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("history");
        assert_eq!(find(&path, 1).unwrap(), None);
        // Lines of very different lengths, so that halving the file doesn't halve the count.
        let note = |size: u64| format!("{size}:{}", "x".repeat((size * 7_919 % 60_001) as usize));
        for size in (3..400).step_by(3) {
            append(&MachineDisk, &path, size, &note(size)).unwrap();
            append(&MachineDisk, &path, size, "another").unwrap();
            append(&MachineDisk, &path, 1, "earlier").unwrap();
        }
        assert!(std::fs::metadata(&path).unwrap().len() > 4 * WINDOW_BYTES);
        for size in 0..405 {
            let expected = (size % 3 == 0 && size > 0 && size < 400).then(|| note(size));
            assert!(find(&path, size).unwrap() == expected, "{size}");
        }
    }

    #[test]
    fn a_line_that_was_cut_off_gives_way_to_the_next() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("history");
        append(&MachineDisk, &path, 5, "five").unwrap();
        let whole = std::fs::read(&path).unwrap();
        append(&MachineDisk, &path, 7, "seven").unwrap();
        let both = std::fs::read(&path).unwrap();
        for cut in whole.len()..both.len() {
            std::fs::write(&path, &both[..cut]).unwrap();
            append(&MachineDisk, &path, 7, "seven").unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), both, "cut at {cut}");
        }
    }
}
