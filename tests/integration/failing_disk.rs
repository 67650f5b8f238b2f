//! A disk that fails at one step, with or without having done it: for tables of faults.

use mingzhang::durable::{Disk, MachineDisk};
use std::io::{Error, Result};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// When a step fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing was done.
    NotDone,
    /// It was done to half, where there is a half.
    HalfDone,
    /// It was done, and a failure was told.
    Done,
}

impl Fault {
    pub(crate) const ALL: [Fault; 3] = [Fault::NotDone, Fault::HalfDone, Fault::Done];
}

/// A disk whose step number `at` fails, counted from 1.
pub(crate) struct FailingDisk {
    at: u64,
    fault: Fault,
    steps: AtomicU64,
}

impl FailingDisk {
    pub(crate) fn new(at: u64, fault: Fault) -> FailingDisk {
        FailingDisk { at, fault, steps: AtomicU64::new(0) }
    }

    /// Whether the step that fails was reached.
    pub(crate) fn has_failed(&self) -> bool {
        self.steps.load(Ordering::SeqCst) >= self.at
    }

    fn step(&self, half: impl FnOnce() -> Result<()>, whole: impl FnOnce() -> Result<()>) -> Result<()> {
        if self.steps.fetch_add(1, Ordering::SeqCst) + 1 != self.at {
            return whole();
        }
        match self.fault {
            Fault::NotDone => {}
            Fault::HalfDone => half()?,
            Fault::Done => whole()?,
        }
        Err(Error::other("the disk of the test fails"))
    }
}

impl Disk for FailingDisk {
    fn write(&self, path: &Path, content: &[u8]) -> Result<()> {
        let half = || MachineDisk.write(path, &content[..content.len() / 2]);
        self.step(half, || MachineDisk.write(path, content))
    }

    fn flush(&self, path: &Path) -> Result<()> {
        self.step(|| Ok(()), || MachineDisk.flush(path))
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        self.step(|| Ok(()), || MachineDisk.rename(from, to))
    }

    fn flush_directory(&self, path: &Path) -> Result<()> {
        self.step(|| Ok(()), || MachineDisk.flush_directory(path))
    }

    fn append(&self, path: &Path, size_bytes: u64, content: &[u8]) -> Result<()> {
        let half = || MachineDisk.append(path, size_bytes, &content[..content.len() / 2]);
        self.step(half, || MachineDisk.append(path, size_bytes, content))
    }
}
