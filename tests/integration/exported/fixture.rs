//! A log of any size, signed, and its export.

use mingzhang::audit::{ExportError, Exported, Finding, Previous, Scope, export_log, verify_export};
use mingzhang::store::{BatchBuilder, EventStore, MemoryStore};
use mingzhang::transparency::{
    Checkpoint, CosignatureSigner, Ed25519Signer, Policy, SignedCheckpoint, Signer, Tree, VerifierKey, bundle,
    leaf_hash,
};
use mingzhang_events::{
    Event, EventId, Evidence, Instant, MemberClass, MemberId, MemberRostered, OrganizationEstablished,
    OrganizationLevel, RecordedEvent, encode,
};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub(super) const ORIGIN: &str = "test.example/exported";

/// One organisation, then one member after the other.
pub(super) fn entry(number: u64) -> Vec<u8> {
    let organization = "c0".parse().expect("a code");
    let event = match number {
        0 => Event::from(OrganizationEstablished {
            level: OrganizationLevel::City,
            name: "市".to_owned(),
            organization,
            parent: None,
        }),
        _ => Event::from(MemberRostered { class: MemberClass::Resident, member: MemberId(number), organization }),
    };
    let event = RecordedEvent {
        id: EventId(u128::from(number) + 1),
        event,
        evidence: Evidence::Office,
        imported: None,
        occurred_at: Instant::EARLIEST,
        recorded_at: Instant::EARLIEST.plus_minutes(u32::try_from(number / 100).expect("a small log")),
        recorded_by: "o-1".parse().expect("an actor"),
    };
    let mut bytes = Vec::new();
    encode(&event, ORIGIN, &mut bytes).expect("an entry");
    bytes
}

pub(super) fn entries(count: u64) -> Vec<Vec<u8>> {
    (0..count).map(entry).collect()
}

/// A store of these entries, committed a hundred at a time, so that segments and tiles end at different places.
pub(super) fn store_of(entries: &[Vec<u8>]) -> MemoryStore {
    let (store, mut tree) = (MemoryStore::new(), Tree::new());
    for batch in entries.chunks(100) {
        let mut builder = BatchBuilder::new(tree.size());
        for entry in batch {
            builder.push(entry).expect("an entry that fits");
        }
        store.commit(&builder.seal(&mut tree)).expect("committed");
    }
    store
}

pub(super) fn tree_of(entries: &[Vec<u8>]) -> Tree {
    let mut tree = Tree::new();
    tree.extend(&entries.iter().map(|entry| leaf_hash(entry)).collect::<Vec<_>>());
    tree
}

pub(super) fn log_signer() -> Ed25519Signer {
    Ed25519Signer::from_seed(ORIGIN, &[7; 32]).expect("a signer")
}

pub(super) fn log_key() -> VerifierKey {
    VerifierKey::parse(&log_signer().verifier_key()).expect("a key")
}

pub(super) fn witness() -> CosignatureSigner {
    CosignatureSigner::from_seed("witness.example", &[8; 32]).expect("a witness")
}

/// The log and one witness that has to cosign.
pub(super) fn policy() -> Policy {
    let text = format!("log {}\nwitness w {}\nquorum w\n", log_signer().verifier_key(), witness().verifier_key());
    Policy::parse(text.as_bytes()).expect("a policy")
}

/// The log's own checkpoint over these entries, cosigned.
pub(super) fn checkpoint_of(entries: &[Vec<u8>]) -> SignedCheckpoint {
    cosigned(Checkpoint::new(ORIGIN, entries.len() as u64, tree_of(entries).root()))
}

pub(super) fn cosigned(head: Checkpoint) -> SignedCheckpoint {
    let signed = SignedCheckpoint::sign(head, &[&log_signer()]).expect("signed");
    let (witness, text) = (witness(), signed.checkpoint().to_string());
    let key = VerifierKey::parse(&witness.verifier_key()).expect("a key");
    signed.with_cosignatures(&[witness.cosign(&text, 1_800_000_000)], &[key]).expect("cosigned")
}

/// An export in a directory of its own.
pub(super) struct Export(TempDir);

impl Export {
    pub(super) fn nothing_yet() -> Export {
        Export(tempfile::tempdir().expect("a directory"))
    }

    pub(super) fn of(entries: &[Vec<u8>]) -> Export {
        let export = Export::nothing_yet();
        export.write(&store_of(entries), &checkpoint_of(entries), Scope::EntriesAndHashes).expect("exported");
        export
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn write(
        &self,
        store: &dyn EventStore,
        published: &SignedCheckpoint,
        scope: Scope,
    ) -> Result<Exported, ExportError> {
        export_log(store, published, self.path(), scope, &mut |_, _| {})
    }

    /// Verifies it against earlier checkpoints, and gives the count of older partial tiles.
    pub(super) fn verify(&self, earlier: &[&SignedCheckpoint]) -> Result<u64, Finding> {
        let kept = |earlier: &&SignedCheckpoint| Previous::parse(earlier.note().as_bytes()).expect("a checkpoint");
        let earlier: Vec<_> = earlier.iter().map(kept).collect();
        verify_export(self.path(), &policy(), &earlier, &mut |_, _| {}).map(|verified| {
            assert_eq!(verified.witnessed.cosigners.len(), 1);
            verified.older_partial_tiles
        })
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub(super) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.file(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(super) fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.file(name);
        std::fs::create_dir_all(path.parent().expect("below the directory")).expect("a directory");
        std::fs::write(path, bytes).expect("written");
    }

    pub(super) fn remove(&self, name: &str) {
        std::fs::remove_file(self.file(name)).expect("removed");
    }

    /// Every file, by its path below the directory.
    pub(super) fn files(&self) -> Vec<String> {
        fn collect(directory: &Path, into: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(directory).expect("a directory").flatten() {
                let path = entry.path();
                if path.is_dir() { collect(&path, into) } else { into.push(path) }
            }
        }
        let mut paths = Vec::new();
        collect(self.path(), &mut paths);
        let below = |path: &PathBuf| path.strip_prefix(self.path()).expect("below").display().to_string();
        let mut files: Vec<String> = paths.iter().map(below).collect();
        files.sort();
        files
    }
}

/// Two full tiles and a part of a third; the export was made in two steps, so partial tiles of 300 are there as well.
pub(super) const SIZE: u64 = 700;
pub(super) const EARLIER: usize = 300;

/// An export that was made in two steps.
pub(super) fn grown() -> Export {
    let all = entries(SIZE);
    let (store, export) = (store_of(&all), Export::nothing_yet());
    export.write(&store, &checkpoint_of(&all[..EARLIER]), Scope::EntriesAndHashes).expect("exported");
    export.write(&store, &checkpoint_of(&all), Scope::EntriesAndHashes).expect("exported");
    export
}

pub(super) fn bundle_of(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    entries.iter().for_each(|entry| bundle::append_entry(&mut bytes, entry).expect("an entry that fits"));
    bytes
}

pub(super) fn hashes_of(entries: &[Vec<u8>]) -> Vec<u8> {
    entries.iter().flat_map(|entry| leaf_hash(entry)).collect()
}

/// Another name for the member of an entry, in canonical form and of the same length.
pub(super) fn forged(number: u64) -> Vec<u8> {
    let text = String::from_utf8(entry(number)).expect("UTF-8");
    assert!(text.contains("resident"), "{text}");
    text.replace("o-1", "o-2").into_bytes()
}

/// The whole log with one entry forged, and all that follows from it but signatures.
pub(super) fn forged_log() -> Vec<Vec<u8>> {
    let mut all = entries(SIZE);
    all[40] = forged(40);
    all
}

/// The whole export of another history, signed and cosigned as if it were the true one.
pub(super) fn replace_all(export: &Export, all: &[Vec<u8>]) {
    let other = Export::of(all);
    for file in export.files() {
        export.remove(&file);
    }
    for file in other.files() {
        export.put(&file, other.read(&file));
    }
}
