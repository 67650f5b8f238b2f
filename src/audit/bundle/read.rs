//! Reading a bundle that somebody else made: nothing is trusted, nothing is written, and no length is believed before it is read.
//!
//! Invariant: exactly the files that the format names, in their order, each with the one header that it can have; anything else is a
//! [`BundleFault`], never a panic and never more memory than a bundle of its length needs.

use super::{
    BundleFault, CHECKPOINT, FORMAT, FileNamed, IDENTITIES, MANIFEST, Manifest, NOTICE, README, RULES, header, hex,
    padding,
};
use crate::transparency::{Tile, bundle::ENTRY_BYTES_MAX, entry_bundles};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, BufReader, Read};

/// Ids alone keep a bundle from shrinking further than to a fifteenth.
const TIMES_MAX: u64 = 100;
/// So much may be unpacked whatever the length.
const UNPACKED_FREE_BYTES: u64 = 64 << 20;
/// The largest window that is unpacked: 128 MiB.
const WINDOW_LOG_MAX: u32 = 27;
const BLOCK: usize = 512;

const MANIFEST_BYTES_MAX: u64 = 4 << 20;
const FILES_MAX: usize = 10_000;
/// A signed note with a hundred cosignatures.
const CHECKPOINT_BYTES_MAX: u64 = 1 << 20;
/// The notice of a city: a million lines.
const NOTICE_BYTES_MAX: u64 = 256 << 20;
/// Commitments to a city's members, a million of them.
const IDENTITIES_BYTES_MAX: u64 = 512 << 20;
const README_BYTES_MAX: u64 = 1 << 20;
/// 256 entries with their lengths.
const ENTRIES_BYTES_MAX: u64 = 256 * (ENTRY_BYTES_MAX as u64 + 2);

/// A bundle that is being read, from its manifest to its last entry.
pub(in crate::audit) struct BundleReader<R: Read> {
    unpacked: Unpacked<R>,
    /// What it says it is.
    pub(in crate::audit) manifest: Manifest,
    /// Every file but the manifest and the entries.
    pub(in crate::audit) files: BTreeMap<String, Vec<u8>>,
    tiles: Box<dyn Iterator<Item = Tile> + Send>,
}

impl<R: Read> BundleReader<R> {
    /// Reads everything up to the first entry.
    pub(in crate::audit) fn open(input: R) -> Result<Self, BundleFault> {
        let mut unpacked = Unpacked::new(input)?;
        let bytes = unpacked.file(MANIFEST, None, MANIFEST_BYTES_MAX)?;
        let manifest = read_manifest(&bytes)?;
        let mut files = BTreeMap::new();
        for FileNamed { path, sha256, size_bytes } in &manifest.files {
            let bytes = unpacked.file(path, Some(*size_bytes), bytes_max(path))?;
            if hex(&Sha256::digest(&bytes)) != *sha256 {
                return Err(BundleFault::FileChanged { path: path.clone() });
            }
            files.insert(path.clone(), bytes);
        }
        let tiles = Box::new(entry_bundles(manifest.first_index, manifest.tree_size));
        Ok(BundleReader { unpacked, manifest, files, tiles })
    }

    /// The next entry bundle; none after the last, when it was made sure that nothing follows.
    pub(in crate::audit) fn next_bundle(&mut self) -> Result<Option<(Tile, Vec<u8>)>, BundleFault> {
        match self.tiles.next() {
            Some(tile) => Ok(Some((tile, self.unpacked.file(&tile.to_string(), None, ENTRIES_BYTES_MAX)?))),
            None => self.unpacked.end().map(|()| None),
        }
    }
}

fn read_manifest(bytes: &[u8]) -> Result<Manifest, BundleFault> {
    let malformed = |what: String| BundleFault::ManifestMalformed { what };
    let manifest: Manifest = serde_json::from_slice(bytes).map_err(|fault| malformed(fault.to_string()))?;
    if manifest.format != FORMAT {
        return Err(malformed(format!("its format is {:?} and not {FORMAT}", manifest.format)));
    }
    if manifest.to_bytes() != bytes {
        return Err(malformed("it is written in another way than bundles are".to_owned()));
    }
    if !manifest.first_index.is_multiple_of(256) || manifest.first_index > manifest.tree_size {
        return Err(malformed("its entries begin inside a tile or beyond the log".to_owned()));
    }
    let paths: Vec<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    match paths.as_slice() {
        [README, CHECKPOINT, NOTICE, rules @ .., IDENTITIES]
            if rules.len() <= FILES_MAX && rules.iter().all(|path| path.starts_with(RULES)) =>
        {
            Ok(manifest)
        }
        _ => Err(malformed("it doesn't name the files of a bundle in their order".to_owned())),
    }
}

fn bytes_max(path: &str) -> u64 {
    match path {
        README => README_BYTES_MAX,
        CHECKPOINT => CHECKPOINT_BYTES_MAX,
        NOTICE => NOTICE_BYTES_MAX,
        IDENTITIES => IDENTITIES_BYTES_MAX,
        // An entry holds the rules.
        _ => ENTRY_BYTES_MAX as u64,
    }
}

/// The archive, unpacked as it is read.
struct Unpacked<R: Read> {
    decoder: zstd::Decoder<'static, BufReader<Counted<R>>>,
    read_bytes: u64,
}

struct Counted<R> {
    input: R,
    bytes: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.bytes += count as u64;
        Ok(count)
    }
}

impl<R: Read> Unpacked<R> {
    fn new(input: R) -> Result<Self, BundleFault> {
        let begin = |fault: io::Error| unreadable("at its beginning", &fault);
        let input = BufReader::with_capacity(1 << 20, Counted { input, bytes: 0 });
        let mut decoder = zstd::Decoder::with_buffer(input).map_err(begin)?.single_frame();
        decoder.window_log_max(WINDOW_LOG_MAX).map_err(begin)?;
        Ok(Unpacked { decoder, read_bytes: 0 })
    }

    /// Fills the buffer.
    fn exactly(&mut self, buffer: &mut [u8], place: &str) -> Result<(), BundleFault> {
        self.decoder.read_exact(buffer).map_err(|fault| unreadable(place, &fault))?;
        self.read_bytes += buffer.len() as u64;
        let allowed =
            self.decoder.get_ref().get_ref().bytes.saturating_mul(TIMES_MAX).saturating_add(UNPACKED_FREE_BYTES);
        if self.read_bytes > allowed { Err(BundleFault::TooCompressible { times: TIMES_MAX }) } else { Ok(()) }
    }

    /// The file that must come next. Its length must be `size_bytes`, if that is known.
    fn file(&mut self, path: &str, size_bytes: Option<u64>, size_bytes_max: u64) -> Result<Vec<u8>, BundleFault> {
        let mut block = [0; BLOCK];
        let place = format!("at {path}");
        self.exactly(&mut block, &place)?;
        let found = tar::Header::from_byte_slice(&block);
        let is_end = block == [0; BLOCK];
        let name = if is_end { "the end".into() } else { String::from_utf8_lossy(&found.path_bytes()).into_owned() };
        if name != path {
            let found = name.chars().take(120).collect();
            return Err(BundleFault::FileUnexpected { expected: path.to_owned(), found });
        }
        let header_changed = || BundleFault::HeaderChanged { path: path.to_owned() };
        let says = found.size().map_err(|_| header_changed())?;
        if says > size_bytes_max {
            return Err(BundleFault::FileTooLong { path: path.to_owned(), size_bytes: says, size_bytes_max });
        }
        let is_the_one = header(path, says).is_some_and(|expected| expected.as_bytes() == &block);
        if !is_the_one || size_bytes.is_some_and(|size_bytes| size_bytes != says) {
            return Err(header_changed());
        }
        let mut bytes = Vec::new();
        // Grown as it is read: a header can say what it likes.
        while (bytes.len() as u64) < says {
            let start = bytes.len();
            let more = (says - start as u64).min(1 << 20);
            bytes.resize(start + usize::try_from(more).expect("at most a mebibyte"), 0);
            self.exactly(&mut bytes[start..], &place)?;
        }
        let mut rest = [0; BLOCK];
        let rest = &mut rest[..padding(says)];
        self.exactly(rest, &place)?;
        if rest.iter().any(|byte| *byte != 0) { Err(header_changed()) } else { Ok(bytes) }
    }

    /// Two blocks of zeros, and nothing more: neither in the archive nor after it.
    fn end(&mut self) -> Result<(), BundleFault> {
        let mut blocks = [0; 2 * BLOCK];
        self.exactly(&mut blocks, "at its end")?;
        let mut more = [0; 1];
        let followed = self.decoder.read(&mut more).map_err(|fault| unreadable("at its end", &fault))?;
        let after = self.decoder.get_mut().read(&mut more).map_err(|fault| unreadable("at its end", &fault))?;
        if blocks.iter().any(|byte| *byte != 0) || followed + after > 0 { Err(BundleFault::TooMuch) } else { Ok(()) }
    }
}

fn unreadable(place: &str, fault: &io::Error) -> BundleFault {
    BundleFault::Unreadable { place: place.to_owned(), what: fault.to_string() }
}
