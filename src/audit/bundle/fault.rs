//! What is wrong with a bundle as a file, before anything is recomputed.

/// Why a bundle can't be read, or isn't one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleFault {
    /// Neither zstd nor tar, or cut off, or damaged.
    #[error("the file can't be unpacked {place}: {what}")]
    Unreadable {
        /// Where.
        place: String,
        /// What the unpacking said.
        what: String,
    },
    /// It unpacks to so much more than it is that it can be no bundle.
    #[error("the file unpacks to more than {times} times its length: a bundle doesn't")]
    TooCompressible {
        /// How many times.
        times: u64,
    },
    /// Something else stands where a file should.
    #[error("{found} stands where {expected} should: a file is missing, too many, or in another place")]
    FileUnexpected {
        /// What should be there.
        expected: String,
        /// What is there.
        found: String,
    },
    /// The header of a file isn't the one that such a file has.
    #[error("the header of {path} isn't the one that this file has in a bundle")]
    HeaderChanged {
        /// Which.
        path: String,
    },
    /// A file is longer than it can be.
    #[error("{path} says it has {size_bytes} bytes: such a file has at most {size_bytes_max}")]
    FileTooLong {
        /// Which.
        path: String,
        /// What its header says.
        size_bytes: u64,
        /// What is allowed.
        size_bytes_max: u64,
    },
    /// A file isn't the one that the manifest names.
    #[error("{path} isn't the file that the manifest names: its SHA-256 is another")]
    FileChanged {
        /// Which.
        path: String,
    },
    /// The manifest isn't one.
    #[error("the manifest can't be read: {what}")]
    ManifestMalformed {
        /// Why not.
        what: String,
    },
    /// A file isn't of its form.
    #[error("{path} can't be read: {what}")]
    FileMalformed {
        /// Which.
        path: String,
        /// Why not.
        what: String,
    },
    /// An entry bundle doesn't hold as many entries as it has to.
    #[error("entry {log_index} can't be read: {what}")]
    EntryUnreadable {
        /// The first that can't.
        log_index: u64,
        /// What was found.
        what: String,
    },
    /// Something follows after the last file.
    #[error("something follows after the last entry")]
    TooMuch,
}

impl BundleFault {
    /// Its stable code.
    pub fn code(&self) -> &'static str {
        match self {
            BundleFault::Unreadable { .. } => "unreadable",
            BundleFault::TooCompressible { .. } => "too_compressible",
            BundleFault::FileUnexpected { .. } => "file_unexpected",
            BundleFault::HeaderChanged { .. } => "header_changed",
            BundleFault::FileTooLong { .. } => "file_too_long",
            BundleFault::FileChanged { .. } => "file_changed",
            BundleFault::ManifestMalformed { .. } => "manifest_malformed",
            BundleFault::FileMalformed { .. } => "file_malformed",
            BundleFault::EntryUnreadable { .. } => "entry_unreadable",
            BundleFault::TooMuch => "too_much",
        }
    }
}
