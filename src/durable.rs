//! Files that must outlive a loss of power: replaced whole or not at all, or appended to.
//!
//! Decides nothing about what is in them. Invariant: when a function here returns well, what it wrote is on the disk, under its
//! name; when it fails, the old content or the new one is there, and never a part of it under that name.

use std::ffi::OsString;
use std::fs::File;
use std::io::{Result, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The steps that a disk is asked for. A trait, so that a test can let each of them fail.
pub trait Disk: Send + Sync {
    /// Writes a file anew. It isn't on the disk yet.
    fn write(&self, path: &Path, content: &[u8]) -> Result<()>;
    /// Brings what was written to the disk.
    fn flush(&self, path: &Path) -> Result<()>;
    /// Puts one file in the place of another.
    fn rename(&self, from: &Path, to: &Path) -> Result<()>;
    /// Brings the names in a directory to the disk.
    fn flush_directory(&self, path: &Path) -> Result<()>;
    /// Cuts a file (absent: makes it) at `size_bytes`, writes there, and brings it to the disk.
    fn append(&self, path: &Path, size_bytes: u64, content: &[u8]) -> Result<()>;
}

/// The disk of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct MachineDisk;

impl Disk for MachineDisk {
    fn write(&self, path: &Path, content: &[u8]) -> Result<()> {
        std::fs::write(path, content)
    }

    fn flush(&self, path: &Path) -> Result<()> {
        File::open(path)?.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        std::fs::rename(from, to)
    }

    fn flush_directory(&self, path: &Path) -> Result<()> {
        File::open(path)?.sync_all()
    }

    fn append(&self, path: &Path, size_bytes: u64, content: &[u8]) -> Result<()> {
        let mut file = File::options().create(true).truncate(false).write(true).open(path)?;
        file.set_len(size_bytes)?;
        file.seek(SeekFrom::End(0))?;
        file.write_all(content)?;
        file.sync_all()
    }
}

/// Puts `content` in the place of a file, or makes it. A crash at any line leaves the old content or the new one.
pub fn replace(disk: &dyn Disk, path: &Path, content: &[u8]) -> Result<()> {
    let unfinished = beside(path, ".unfinished");
    disk.write(&unfinished, content)?;
    // A name may only point to what is on the disk.
    disk.flush(&unfinished)?;
    disk.rename(&unfinished, path)?;
    // From here on the new content is there, but a loss of power may still bring the old one back.
    disk.flush_directory(directory_of(path))
}

/// A new file that hasn't its name yet: it gets it once it is on the disk whole, if something else doesn't decide otherwise.
#[derive(Debug)]
pub struct Unfinished {
    named: PathBuf,
    unfinished: PathBuf,
}

impl Unfinished {
    /// Makes it beside its place, empty, with the permissions of `mode`. Fails if something stands there already: it is somebody's.
    pub fn create(path: &Path, mode: u32) -> Result<(Unfinished, File)> {
        let unfinished = beside(path, ".unfinished");
        let file = File::options().write(true).create_new(true).mode(mode).open(&unfinished)?;
        Ok((Unfinished { named: path.to_owned(), unfinished }, file))
    }

    /// The same with its content, which is on the disk then.
    pub fn write(path: &Path, content: &[u8], mode: u32) -> Result<Unfinished> {
        let (unfinished, mut file) = Unfinished::create(path, mode)?;
        match file.write_all(content).and_then(|()| file.sync_all()) {
            Ok(()) => Ok(unfinished),
            Err(error) => {
                unfinished.remove();
                Err(error)
            }
        }
    }

    /// Where it stands until then.
    pub fn path(&self) -> &Path {
        &self.unfinished
    }

    /// Gives it its name, in the place of what had it. Where that fails it stays, unnamed.
    pub fn finish(&self) -> Result<()> {
        // A name may only point to what is on the disk.
        MachineDisk.flush(&self.unfinished)?;
        std::fs::rename(&self.unfinished, &self.named)?;
        MachineDisk.flush_directory(directory_of(&self.named))
    }

    /// Takes it away.
    pub fn remove(self) {
        drop(std::fs::remove_file(self.unfinished));
    }
}

/// The path with more at its end.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// The directory that a file's name stands in.
pub fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A lock on a directory: one process works in it. The system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct DirectoryLock(File);

impl DirectoryLock {
    /// Takes the lock on the directory itself, in which no file is to be left; none if another process has it.
    pub fn take_itself(directory: &Path) -> Result<Option<DirectoryLock>> {
        DirectoryLock::of(File::open(directory)?)
    }

    /// Takes the lock `lock` in the directory; none if another process has it.
    pub fn take(directory: &Path) -> Result<Option<DirectoryLock>> {
        DirectoryLock::of(File::options().create(true).truncate(false).write(true).open(directory.join("lock"))?)
    }

    fn of(file: File) -> Result<Option<DirectoryLock>> {
        match file.try_lock() {
            Ok(()) => Ok(Some(DirectoryLock(file))),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Drop for DirectoryLock {
    /// Lets go at once. Closing the file alone would wait for every child process that was just forked and still has it.
    fn drop(&mut self) {
        drop(self.0.unlock());
    }
}
