//! What a verification found wrong. Each names the log index where it can be named.

use crate::store::StoreError;

/// The first contradiction that was found.
#[derive(Debug, thiserror::Error)]
pub enum Finding {
    /// The bytes of an entry aren't those that were hashed when it was recorded.
    #[error("entry {log_index} is not what was recorded: its bytes don't have the hash that is stored beside it")]
    EntryChanged {
        /// Which.
        log_index: u64,
    },
    /// A hash that is stored beside the entries isn't that of its entry, and the entries are those that were signed.
    #[error(
        "the stored hash of entry {log_index} is forged or damaged, and the entry is not: the entries give the root that was signed"
    )]
    LeafHashDiffers {
        /// Of which entry.
        log_index: u64,
    },
    /// What is stored can't be read as entries.
    #[error("entry {log_index} can't be read: {what}")]
    EntryUnreadable {
        /// The first that can't.
        log_index: u64,
        /// What was found.
        what: String,
    },
    /// The bytes are no event of this log in canonical form.
    #[error("entry {log_index} is no event of this log")]
    NotAnEvent {
        /// Which.
        log_index: u64,
        /// Why not.
        #[source]
        source: mingzhang_events::DecodeError,
    },
    /// Recorded before the entry before it.
    #[error("entry {log_index} says that it was recorded before the entry before it")]
    RecordedEarlier {
        /// Which.
        log_index: u64,
    },
    /// Two entries have one id: a command was recorded twice.
    #[error("entry {log_index} has the id of entry {first}: one command was recorded twice")]
    IdTwice {
        /// The later one.
        log_index: u64,
        /// The earlier one.
        first: u64,
    },
    /// A stored tile root isn't that of the entries, and these are those that were signed.
    #[error(
        "the stored root of tile {position} of level {level}, from entry {log_index} on, is forged or damaged, and no entry is: the entries give the root that was signed"
    )]
    TileRootDiffers {
        /// Level 1 covers 256 entries, level 2 covers 65,536, ….
        level: u8,
        /// Which tile of the level.
        position: u64,
        /// The first entry below it.
        log_index: u64,
    },
    /// A stored tile root isn't that of the entries, and nothing signed tells which of them is right.
    #[error(
        "the entries from {log_index} on don't give the stored root of tile {position} of level {level}: either they or the root were changed"
    )]
    TileOrEntriesDiffer {
        /// Level 1 covers 256 entries, level 2 covers 65,536, ….
        level: u8,
        /// Which tile of the level.
        position: u64,
        /// The first entry below it.
        log_index: u64,
    },
    /// The stored roots of a tile's blocks aren't those of its entries.
    #[error("the stored block roots of tile {tile}, from entry {log_index} on, aren't those of its entries")]
    BlockRootsDiffer {
        /// Which tile of 256 entries.
        tile: u64,
        /// Its first entry.
        log_index: u64,
    },
    /// There are hashes of a tile that the log hasn't filled: the entries that fill it couldn't be recorded.
    #[error(
        "the table {table} has a row about tile {position}, which the {tree_size} entries of the log don't fill: somebody wrote it, and the entries that fill that tile couldn't be recorded"
    )]
    BeyondEnd {
        /// The table of `ledger.sqlite`.
        table: &'static str,
        /// Which tile.
        position: u64,
        /// The size of the log.
        tree_size: u64,
    },
    /// The checkpoint file isn't a checkpoint of this log with its key's signature.
    #[error("the published checkpoint isn't one that the key of this log signed")]
    CheckpointNotSigned {
        /// Why not.
        #[source]
        source: crate::transparency::CheckpointError,
    },
    /// An entry says that the signing key was handed over, and it wasn't, or not by the key in force.
    #[error("entry {log_index} hands the signing key over without the signatures of both keys")]
    HandoverNotProved {
        /// Which.
        log_index: u64,
        /// Why not.
        #[source]
        source: crate::transparency::NoteError,
    },
    /// More was published than is there: entries are missing.
    #[error(
        "the published checkpoint has {published} entries and the log only {tree_size}: entries are missing from {tree_size} on"
    )]
    EntriesMissing {
        /// The size that was signed.
        published: u64,
        /// The size that is there.
        tree_size: u64,
    },
    /// The log was rewritten after its checkpoint was published.
    #[error("the first {published} entries don't have the root that was signed and published: the log was rewritten")]
    RootDiffers {
        /// The size that was signed.
        published: u64,
    },
    /// The stored hashes don't give the root that was signed. The entries weren't looked at yet.
    #[error(
        "the hashes that are stored beside the entries don't give the root that was signed and published for {published} of them: either they or the entries were changed"
    )]
    StoredHashesDiffer {
        /// The size that was signed.
        published: u64,
    },
    /// A snapshot of the read models isn't what its entries give.
    #[error("the snapshot of the read models at {tree_size} entries isn't what these entries give: delete it")]
    SnapshotDiffers {
        /// The size it is of.
        tree_size: u64,
    },
    /// More was signed than is there: an older copy of the log was put back.
    #[error(
        "a checkpoint of {signed} entries was signed and the log has only {tree_size}: an older copy of it was put back"
    )]
    OlderThanSigned {
        /// The size that was signed.
        signed: u64,
        /// The size that is there.
        tree_size: u64,
    },
    /// The log isn't the one whose head was signed.
    #[error("the first {signed} entries don't have the root that was signed: the log was rewritten")]
    OtherThanSigned {
        /// The size that was signed.
        signed: u64,
    },
    /// The snapshot of the decision state isn't what its entries give.
    #[error("the snapshot of the decision state at {tree_size} entries isn't what these entries give: delete it")]
    DecisionsDiffer {
        /// The size it is of.
        tree_size: u64,
    },
    /// A ledger or an exported log has no checkpoint.
    #[error("there is no file `checkpoint`: it was taken away, or this is no ledger and no exported log")]
    CheckpointMissing,
    /// The ledger's directory doesn't tell what was signed.
    #[error("there is no file `signed-heads`: what was signed can't be told, and the log may be an older copy")]
    SignedHeadsMissing,
    /// What the ledger's directory tells of what was signed was changed.
    #[error("the file `signed-heads` is damaged: what was signed can't be told, and the log may be an older copy")]
    SignedHeadsDamaged,
    /// Less is remembered as signed than was published: an older copy of one of the two files was put back.
    #[error(
        "the published checkpoint has {published} entries, and `signed-heads` knows of {signed} only: it is an older copy"
    )]
    SignedHeadsOlder {
        /// The size that is remembered as signed last.
        signed: u64,
        /// The size of the published checkpoint.
        published: u64,
    },
    /// The checkpoint of an export isn't one that the policy lets be relied on.
    #[error("the checkpoint doesn't meet the policy")]
    CheckpointNotMet {
        /// Why not.
        #[source]
        source: crate::transparency::PolicyError,
    },
    /// What was given as an earlier checkpoint isn't one of a log that the policy knows.
    #[error("the earlier checkpoint isn't one that a log of the policy signed")]
    EarlierNotSigned {
        /// Why not.
        #[source]
        source: crate::transparency::PolicyError,
    },
    /// The earlier checkpoint is of another log than the later one.
    #[error("the earlier checkpoint is of another log, {origin}")]
    EarlierOfOtherLog {
        /// The origin that it names.
        origin: String,
    },
    /// The log has become smaller.
    #[error("an earlier checkpoint has {earlier} entries and this one only {published}: the log was rolled back")]
    RolledBack {
        /// The size that was signed before.
        earlier: u64,
        /// The size that is shown now.
        published: u64,
    },
    /// The log doesn't extend what it signed before.
    #[error(
        "the first {earlier} entries don't have the root of the earlier checkpoint: the log was rewritten, or shows different people different logs"
    )]
    Forked {
        /// The size that was signed before.
        earlier: u64,
    },
    /// A file that the log has isn't in the export.
    #[error("the file {path} of the export is missing: its entries, from {log_index} on, can't be checked")]
    TileMissing {
        /// Below the directory.
        path: String,
        /// The first entry below it.
        log_index: u64,
    },
    /// A file that no log has.
    #[error("the file {path} doesn't belong to an exported log: delete it, or export anew")]
    StrayFile {
        /// Below the directory.
        path: String,
    },
    /// A tile of a larger log than the checkpoint's.
    #[error(
        "the file {path} is of more than the {published} entries of the checkpoint: an older checkpoint was put back, or an export was interrupted"
    )]
    BeyondCheckpoint {
        /// Below the directory.
        path: String,
        /// The size of the checkpoint.
        published: u64,
    },
    /// A partial tile that an earlier checkpoint had isn't the beginning of what is there now.
    #[error("the file {path}, of an earlier checkpoint, isn't the beginning of what the log has there now")]
    OlderTileDiffers {
        /// Below the directory.
        path: String,
    },
    /// A notice names a root that the log didn't have.
    #[error("entry {log_index} issued a notice that names a root which the log didn't have at the size that it names")]
    NoticeRootDiffers {
        /// The entry that issued it.
        log_index: u64,
    },
    /// A notice isn't what its entries give.
    #[error(
        "entry {log_index} issued a notice whose digest isn't that of the notice composed from its entries: at least one figure differs"
    )]
    NoticeDiffers {
        /// The entry that issued it.
        log_index: u64,
    },
    /// A document names a root that the log didn't have.
    #[error(
        "entry {log_index} issued a document that names a root which the log didn't have at the size that it names"
    )]
    DocumentRootDiffers {
        /// The entry that issued it.
        log_index: u64,
    },
    /// The database itself is broken.
    #[error("the database is damaged: {what}")]
    DatabaseDamaged {
        /// What it says.
        what: String,
    },
    /// The world failed; nothing is proved either way.
    #[error("reading the ledger")]
    Unfinished(#[source] StoreError),
}

impl Finding {
    /// Whether the ledger's directory doesn't tell any more what was signed: the entries may be sound.
    pub fn is_forgetting(&self) -> bool {
        matches!(
            self,
            Finding::CheckpointMissing
                | Finding::SignedHeadsMissing
                | Finding::SignedHeadsDamaged
                | Finding::SignedHeadsOlder { .. }
        )
    }

    /// Where in the log, if it can be told.
    pub fn log_index(&self) -> Option<u64> {
        match self {
            Finding::EntryChanged { log_index }
            | Finding::LeafHashDiffers { log_index }
            | Finding::EntryUnreadable { log_index, .. }
            | Finding::NotAnEvent { log_index, .. }
            | Finding::RecordedEarlier { log_index }
            | Finding::IdTwice { log_index, .. }
            | Finding::HandoverNotProved { log_index, .. }
            | Finding::NoticeRootDiffers { log_index }
            | Finding::NoticeDiffers { log_index }
            | Finding::BlockRootsDiffer { log_index, .. }
            | Finding::DocumentRootDiffers { log_index }
            | Finding::TileMissing { log_index, .. }
            | Finding::TileOrEntriesDiffer { log_index, .. }
            | Finding::TileRootDiffers { log_index, .. } => Some(*log_index),
            Finding::EntriesMissing { tree_size, .. } | Finding::OlderThanSigned { tree_size, .. } => Some(*tree_size),
            Finding::CheckpointNotSigned { .. }
            | Finding::CheckpointMissing
            | Finding::SignedHeadsMissing
            | Finding::SignedHeadsDamaged
            | Finding::SignedHeadsOlder { .. }
            | Finding::CheckpointNotMet { .. }
            | Finding::EarlierNotSigned { .. }
            | Finding::EarlierOfOtherLog { .. }
            | Finding::RolledBack { .. }
            | Finding::Forked { .. }
            | Finding::BeyondEnd { .. }
            | Finding::StrayFile { .. }
            | Finding::BeyondCheckpoint { .. }
            | Finding::OlderTileDiffers { .. }
            | Finding::RootDiffers { .. }
            | Finding::StoredHashesDiffer { .. }
            | Finding::SnapshotDiffers { .. }
            | Finding::OtherThanSigned { .. }
            | Finding::DecisionsDiffer { .. }
            | Finding::DatabaseDamaged { .. }
            | Finding::Unfinished(_) => None,
        }
    }
}

impl From<StoreError> for Finding {
    fn from(error: StoreError) -> Finding {
        match error {
            StoreError::Damaged { log_index, what } => Finding::EntryUnreadable { log_index, what },
            StoreError::TileMissing { path, log_index } => Finding::TileMissing { path, log_index },
            StoreError::NotALedger => Finding::DatabaseDamaged { what: error.to_string() },
            StoreError::HeldByAnother
            | StoreError::AlreadyExists
            | StoreError::NewerFormat { .. }
            | StoreError::PeopleInUse
            | StoreError::Failed { .. } => Finding::Unfinished(error),
        }
    }
}
