//! The head that was signed last (`signed-heads`): kept apart from the log, so that an old copy of the log that is put back is
//! noticed before anything is signed for it a second time.
//!
//! May not decide what is signed. Invariant: once `remember` has answered `Ok`, every later `last`, also after a crash,
//! gives that head or a later one; or, after `remember_alone`, the one of another history.

use crate::transparency::Hash;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A head that was signed: whoever has seen its signature holds the log to it for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedHead {
    /// The count of entries.
    pub tree_size: u64,
    /// The root hash over them.
    pub root: Hash,
}

/// Why the head that was signed last can't be told or remembered.
#[derive(Debug, thiserror::Error)]
pub enum SignedHeadsError {
    /// The file can't be read or written.
    #[error("{doing} {path}")]
    File {
        /// What was being tried.
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// There is no such file.
    #[error("{0} is missing: put back the newest copy of it, or of the whole directory")]
    Missing(PathBuf),
    /// The file holds no head that can be read, though something was written.
    #[error("{0} is damaged: put back the newest copy of it, or of the whole directory")]
    Damaged(PathBuf),
}

/// Where the head that was signed last is remembered.
pub trait SignedHeads: Send + Sync {
    /// The head that was signed last, if anything was ever signed.
    fn last(&self) -> Result<Option<SignedHead>, SignedHeadsError>;

    /// Remembers, durably, that a head is about to be signed. Called before the signature leaves.
    fn remember(&self, head: SignedHead) -> Result<(), SignedHeadsError>;

    /// Remembers, durably, a head that was signed for another history than this log's, and none of this one beside it: by it the log is refused
    /// when it is opened again. Until it has answered `Ok`, one of this one's may still be there, whatever `last` gives: it is called again.
    fn remember_alone(&self, head: SignedHead) -> Result<(), SignedHeadsError> {
        self.remember(head)
    }
}

/// In memory, for tests and trials: forgets when it is dropped.
#[derive(Debug, Default)]
pub struct MemorySignedHeads(Mutex<Option<SignedHead>>);

impl SignedHeads for MemorySignedHeads {
    fn last(&self) -> Result<Option<SignedHead>, SignedHeadsError> {
        Ok(*self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn remember(&self, head: SignedHead) -> Result<(), SignedHeadsError> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(head);
        Ok(())
    }
}

/// Two lines of this many bytes, written in turn: one that a crash tore leaves the other.
const LINE_BYTES: usize = 128;
const LINES: usize = 2;
/// A line that is being written is whole again after much less; one that is torn for so long stays so.
const STANDS_STILL: Duration = Duration::from_millis(20);

/// In a file of two lines, `<tree size> <root in hex> <check>` and spaces up to 127 characters. The file never grows, so that
/// making a line durable is one flush of one block.
#[derive(Debug)]
pub struct SignedHeadsFile {
    path: PathBuf,
    file: File,
    /// The line that holds the last durable head, and which head that is.
    last: Mutex<Option<(usize, SignedHead)>>,
}

impl SignedHeadsFile {
    /// Makes the file, with nothing signed yet; it must not exist.
    pub fn create(path: &Path) -> Result<SignedHeadsFile, SignedHeadsError> {
        let failed = failed("making", path);
        let file = File::options().read(true).write(true).create_new(true).open(path).map_err(&failed)?;
        file.write_all_at(&blank_line().repeat(LINES), 0).and_then(|()| file.sync_all()).map_err(&failed)?;
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(directory).and_then(|directory| directory.sync_all()).map_err(&failed)?;
        Ok(SignedHeadsFile { path: path.to_owned(), file, last: Mutex::new(None) })
    }

    /// Opens the file; it must exist. A line that a crash tore is passed over, and written anew with the next head.
    pub fn open(path: &Path) -> Result<SignedHeadsFile, SignedHeadsError> {
        let file = File::options().read(true).write(true).open(path).map_err(missing_or("opening", path))?;
        let Content { last, .. } = read(&file, path)?;
        Ok(SignedHeadsFile { path: path.to_owned(), file, last: Mutex::new(last) })
    }

    /// The head that was signed last, for whoever only reads; `None` if nothing was signed. Every line must be whole: while they
    /// are being written, they are looked at again until they are.
    pub fn read_last(path: &Path) -> Result<Option<SignedHead>, SignedHeadsError> {
        let read_once = || {
            let file = File::open(path).map_err(missing_or("reading", path))?;
            read(&file, path)
        };
        let mut before = read_once()?;
        while before.has_torn_line {
            wait_until_it_stands_still();
            let again = read_once()?;
            if again.bytes == before.bytes {
                return Err(SignedHeadsError::Damaged(path.to_owned()));
            }
            before = again;
        }
        Ok(before.last.map(|(_, head)| head))
    }
}

impl SignedHeads for SignedHeadsFile {
    fn last(&self) -> Result<Option<SignedHead>, SignedHeadsError> {
        Ok(self.last.lock().unwrap_or_else(PoisonError::into_inner).map(|(_, head)| head))
    }

    fn remember(&self, head: SignedHead) -> Result<(), SignedHeadsError> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // Never over the head that is known to be durable: a crash in the middle of the line leaves that one.
        let line = last.map_or(0, |(line, _)| (line + 1) % LINES);
        let at = u64::try_from(line * LINE_BYTES).expect("two lines");
        let written = self.file.write_all_at(&written(&head), at).and_then(|()| self.file.sync_data());
        // A crash here: the head is remembered and was never signed. The log has it, so nothing is lost or forbidden.
        written.map_err(failed("writing", &self.path))?;
        *last = Some((line, head));
        Ok(())
    }

    fn remember_alone(&self, head: SignedHead) -> Result<(), SignedHeadsError> {
        // Into every line: it may be of fewer entries than the head in the other one. A crash in between leaves that one.
        (0..LINES).try_for_each(|_| self.remember(head))
    }
}

fn failed<'a>(doing: &'static str, path: &'a Path) -> impl Fn(io::Error) -> SignedHeadsError + use<'a> {
    move |source| SignedHeadsError::File { doing, path: path.to_owned(), source }
}

#[expect(clippy::disallowed_methods, reason = "another process writes, and there is nothing of it to wait for")]
fn wait_until_it_stands_still() {
    std::thread::sleep(STANDS_STILL);
}

fn missing_or<'a>(doing: &'static str, path: &'a Path) -> impl Fn(io::Error) -> SignedHeadsError + use<'a> {
    move |source| {
        if source.kind() == io::ErrorKind::NotFound {
            SignedHeadsError::Missing(path.to_owned())
        } else {
            failed(doing, path)(source)
        }
    }
}

fn check(head: &SignedHead) -> String {
    let hash = Sha256::new().chain_update(head.tree_size.to_be_bytes()).chain_update(head.root).finalize();
    hex(&hash[..8])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn written(head: &SignedHead) -> Vec<u8> {
    let text = format!("{} {} {}", head.tree_size, hex(&head.root), check(head));
    format!("{text:<width$}\n", width = LINE_BYTES - 1).into_bytes()
}

/// A line that no head was written into yet.
fn blank_line() -> Vec<u8> {
    [[b' '; LINE_BYTES - 1].as_slice(), b"\n"].concat()
}

fn parsed(line: &[u8]) -> Option<SignedHead> {
    let text = std::str::from_utf8(line).ok()?;
    let mut words = text.split_whitespace();
    let (tree_size, root) = (words.next()?.parse().ok()?, words.next()?);
    let (pairs, []) = root.as_bytes().as_chunks::<2>() else { return None };
    let bytes: Option<Vec<u8>> =
        pairs.iter().map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
    let head = SignedHead { tree_size, root: bytes?.try_into().ok()? };
    // Byte for byte, the spaces too: nothing else is ever written.
    (written(&head) == line).then_some(head)
}

/// What the file says.
struct Content {
    bytes: Vec<u8>,
    /// The later of the heads in lines that are whole, with which line it is.
    last: Option<(usize, SignedHead)>,
    /// Whether a line is neither a head nor blank: a crash tore it, it is being written, or it was changed.
    has_torn_line: bool,
}

fn read(file: &File, path: &Path) -> Result<Content, SignedHeadsError> {
    let mut content = Vec::new();
    let limited = (file.take((LINE_BYTES * LINES + 1) as u64)).read_to_end(&mut content);
    limited.map_err(failed("reading", path))?;
    let lines = || content.chunks(LINE_BYTES).enumerate();
    let last = lines().filter_map(|(at, line)| Some((at, parsed(line)?))).max_by_key(|(_, head)| head.tree_size);
    let blank = blank_line();
    let has_torn_line = lines().any(|(_, line)| line != blank && parsed(line).is_none());
    // A first line that a crash tore leaves the other one blank: then nothing was ever signed.
    let is_whole = content.len() == LINE_BYTES * LINES && (last.is_some() || content[LINE_BYTES..] == blank);
    if is_whole {
        Ok(Content { bytes: content, last, has_torn_line })
    } else {
        Err(SignedHeadsError::Damaged(path.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::{LINE_BYTES, SignedHead, SignedHeads, SignedHeadsError, SignedHeadsFile};

    fn head(tree_size: u64) -> SignedHead {
        SignedHead { tree_size, root: [u8::try_from(tree_size % 251).expect("below 251"); 32] }
    }

    #[test]
    fn what_was_remembered_is_there_after_opening_again() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("signed-heads");
        assert!(matches!(SignedHeadsFile::read_last(&path), Err(SignedHeadsError::Missing(_))));
        let heads = SignedHeadsFile::create(&path).expect("a new file");
        assert!(SignedHeadsFile::create(&path).is_err(), "it is never overwritten");
        assert_eq!(heads.last().expect("read"), None);
        for size in [1, 2, 700, 100_000_000_000] {
            heads.remember(head(size)).expect("written");
            assert_eq!(SignedHeadsFile::open(&path).expect("it opens").last().expect("read"), Some(head(size)));
            assert_eq!(std::fs::read(&path).expect("read").len(), 2 * LINE_BYTES);
        }
    }

    #[test]
    fn a_line_that_was_torn_at_any_byte_leaves_the_head_before_it() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("signed-heads");
        let heads = SignedHeadsFile::create(&path).expect("a new file");
        let mut before = std::fs::read(&path).expect("read");
        for size in 1..=4 {
            heads.remember(head(size)).expect("written");
            let after = std::fs::read(&path).expect("read");
            for torn_at in 0..after.len() {
                let torn = [&after[..torn_at], &before[torn_at..]].concat();
                std::fs::write(&path, torn).expect("written");
                let opened = SignedHeadsFile::open(&path).expect("one line is whole");
                let last = opened.last().expect("read").map(|head| head.tree_size);
                assert!(
                    last == Some(size) || last == (size > 1).then(|| size - 1),
                    "{size} torn at {torn_at}: {last:?}"
                );
            }
            std::fs::write(&path, &after).expect("written");
            before = after;
        }
    }

    #[test]
    fn whoever_only_reads_is_told_of_any_bit_that_is_another() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("signed-heads");
        let heads = SignedHeadsFile::create(&path).expect("a new file");
        for size in 1..=2 {
            heads.remember(head(size)).expect("written");
            let whole = std::fs::read(&path).expect("read");
            // Some bytes of each line, and another bit of each: looking twice takes its time.
            for at in (0..whole.len()).step_by(9) {
                let mut flipped = whole.clone();
                flipped[at] ^= 1 << (at % 8);
                std::fs::write(&path, &flipped).expect("written");
                let read = SignedHeadsFile::read_last(&path);
                assert!(matches!(read, Err(SignedHeadsError::Damaged(_))), "byte {at}: {read:?}");
            }
            std::fs::write(&path, &whole).expect("written");
            assert_eq!(SignedHeadsFile::read_last(&path).expect("read"), Some(head(size)));
        }
    }

    #[test]
    fn whoever_reads_while_heads_are_being_written_is_never_told_of_damage() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("signed-heads");
        let heads = SignedHeadsFile::create(&path).expect("a new file");
        /// Ends the writer also where a read panics: the scope waits for it.
        struct Done<'a>(&'a std::sync::atomic::AtomicBool);
        impl Drop for Done<'_> {
            fn drop(&mut self) {
                self.0.store(true, std::sync::atomic::Ordering::Relaxed);
            }
        }
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            let _done = Done(&done);
            scope.spawn(|| {
                for size in (1..).take_while(|_| !done.load(std::sync::atomic::Ordering::Relaxed)) {
                    heads.remember(head(size)).expect("written");
                }
            });
            let mut before = 0;
            for _ in 0..5_000 {
                let last = SignedHeadsFile::read_last(&path).map(|last| last.map_or(0, |head| head.tree_size));
                let last = last.unwrap_or_else(|error| panic!("after {before}: {error}"));
                assert!(last >= before, "{last} after {before}");
                before = last;
            }
        });
    }

    #[test]
    fn a_file_that_holds_no_head_is_damaged_and_not_the_file_of_a_log_that_never_signed() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("signed-heads");
        let heads = SignedHeadsFile::create(&path).expect("a new file");
        heads.remember(head(1)).expect("written");
        heads.remember(head(2)).expect("written");
        let whole = std::fs::read(&path).expect("read");
        let flipped: Vec<u8> = whole.iter().map(|byte| byte ^ 1).collect();
        for damaged in [&flipped[..], b"", &whole[..40]] {
            std::fs::write(&path, damaged).expect("written");
            assert!(matches!(SignedHeadsFile::open(&path), Err(SignedHeadsError::Damaged(_))), "{damaged:?}");
        }
    }
}
