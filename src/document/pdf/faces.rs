//! Which faces the font files of a directory have: reads their names and weights, some kilobytes of each, and not the files.
//!
//! A file that isn't a font is passed over. Invariant: in the order of paths, whatever order the file system lists them in.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use ttf_parser::Style;
use ttf_parser::name::{Table as Names, name_id};
use ttf_parser::os2::Table as Metrics;

/// Directories below directories: deeper ones aren't looked into, so that a loop of links ends.
const DEPTH_MAX: u8 = 8;
/// The tables read are far smaller.
const TABLE_BYTES_MAX: u32 = 1 << 20;
/// Collections have some tens of faces.
const FACES_MAX: u32 = 256;

/// An upright face of a font file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FaceFound {
    pub(super) path: PathBuf,
    /// Its place in the file.
    pub(super) index: u32,
    /// The names of its family, in every language.
    pub(super) families: Vec<String>,
    /// 400 is regular, 700 bold.
    pub(super) weight: u16,
}

/// Every upright face in a directory and below; none where there is no such directory.
pub(super) fn faces_in(directory: &Path) -> Vec<FaceFound> {
    let mut files = Vec::new();
    collect(directory, DEPTH_MAX, &mut files);
    files.sort();
    files.iter().flat_map(|path| faces_of(path).unwrap_or_default()).collect()
}

fn collect(directory: &Path, depth: u8, files: &mut Vec<PathBuf>) {
    let Ok(listed) = std::fs::read_dir(directory) else { return };
    for path in listed.flatten().map(|file| file.path()) {
        let suffix = path.extension().and_then(|suffix| suffix.to_str()).unwrap_or("").to_ascii_lowercase();
        if path.is_dir() && depth > 0 {
            collect(&path, depth - 1, files);
        } else if ["ttf", "otf", "ttc", "otc"].contains(&&*suffix) {
            files.push(path);
        }
    }
}

/// The faces of one file (OpenType 1.9, «Organization of an OpenType Font»); none if it isn't a font.
fn faces_of(path: &Path) -> Option<Vec<FaceFound>> {
    let mut file = File::open(path).ok()?;
    let head = read(&mut file, 0, 12)?;
    let starts = if head.starts_with(b"ttcf") {
        let count = number(&head[8..])?.min(FACES_MAX);
        let starts = read(&mut file, 12, 4 * count)?;
        starts.chunks_exact(4).map(number).collect::<Option<Vec<u32>>>()?
    } else {
        vec![0]
    };
    let face = |(index, start)| face(&mut file, path, index, start);
    Some((0..).zip(starts).filter_map(face).collect())
}

fn face(file: &mut File, path: &Path, index: u32, start: u32) -> Option<FaceFound> {
    let head = read(file, start, 12)?;
    let tables = u32::from(u16::from_be_bytes([head[4], head[5]]));
    let directory = read(file, start.checked_add(12)?, 16 * tables)?;
    let mut table = |tag: &[u8; 4]| {
        let record = directory.chunks_exact(16).find(|record| record.starts_with(tag))?;
        read(file, number(&record[8..])?, number(&record[12..])?)
    };
    let (names, metrics) = (table(b"name")?, table(b"OS/2")?);
    let metrics = Metrics::parse(&metrics)?;
    let families = (Names::parse(&names)?.names.into_iter())
        .filter(|name| [name_id::FAMILY, name_id::TYPOGRAPHIC_FAMILY].contains(&name.name_id))
        .filter_map(|name| name.to_string())
        .collect();
    let weight = metrics.weight().to_number();
    (metrics.style() == Style::Normal).then(|| FaceFound { path: path.to_owned(), index, families, weight })
}

fn read(file: &mut File, at: u32, length: u32) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at.into())).ok()?;
    file.take(length.min(TABLE_BYTES_MAX).into()).read_to_end(&mut bytes).ok()?;
    (bytes.len() == length as usize).then_some(bytes)
}

fn number(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}
