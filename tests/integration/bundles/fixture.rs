//! A demonstration's audit bundle, taken apart and put together again by other means than the program's own.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mingzhang::audit::bundle::{FileNamed, Manifest};
use mingzhang::audit::offline::{Check, Outcome, Previous, Trust, Verdict, audit_bundle};
use mingzhang::clock::MachineClock;
use mingzhang::identity::Identity;
use mingzhang::notice::{NoticeContext, compose};
use mingzhang::transparency::{
    Checkpoint, Frontier, Policy, SignedCheckpoint, Signer, Tree, VerifierKey, bundle, leaf_hash,
};
use mingzhang_events::{Event, RecordedEvent, decode, encode};
use mingzhang_projections::ReadModels;
use sha2::{Digest, Sha256};
use std::io::Cursor;
use std::process::Command;
use std::sync::{Arc, LazyLock};

/// A bundle of a community of sixty for October 2026, one with the entries since the month began, and the key that signed them.
pub(super) struct Demonstration {
    pub(super) whole: Vec<u8>,
    pub(super) since_month: Vec<u8>,
    /// Who its first member is.
    pub(super) reveal: Vec<u8>,
    pub(super) signer: Box<dyn Signer>,
    /// Who is in the ledger's database of people.
    pub(super) names: Vec<String>,
    _directory: tempfile::TempDir,
}

pub(super) static DEMONSTRATION: LazyLock<Demonstration> = LazyLock::new(|| {
    let directory = tempfile::tempdir().expect("a directory");
    let run = |arguments: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mingzhang"));
        let ran = command.current_dir(directory.path()).args(arguments.split(' ')).output().expect("the program runs");
        assert!(ran.status.success(), "{arguments}: {}", String::from_utf8_lossy(&ran.stderr));
    };
    run("demo --divisions 420902001001 --members 150 --no-serve --directory ledger");
    run("export audit --month 2026-10 --output whole --ledger ledger");
    run("export audit --month 2026-10 --entries since-month --output part --ledger ledger");
    run("person reveal D000001 --output reveal --ledger ledger");
    let read = |name: &str| std::fs::read(directory.path().join(name)).expect("exported");
    let whole = read("whole");
    let origin = Parts::of(&whole).manifest.origin;
    let signer = mingzhang::keys::read(
        &directory.path().join("ledger/signing-key"),
        &origin,
        mingzhang::keys::Algorithm::Ed25519,
        &mingzhang::keys::no_passphrase,
    )
    .expect("the key");
    let people = Identity::open(&directory.path().join("ledger/identity.sqlite"), Arc::new(MachineClock));
    let names =
        people.and_then(|people| people.everybody(str::to_owned)).expect("people").by_name.into_keys().collect();
    Demonstration { names, reveal: read("reveal"), since_month: read("part"), whole, signer, _directory: directory }
});

/// The policy of a supervising body that was given the key.
pub(super) fn policy() -> Policy {
    Policy::of_log(VerifierKey::parse(&DEMONSTRATION.signer.verifier_key()).expect("a key"))
}

/// Audits with the key that the body was given.
pub(super) fn audit(bundle: &[u8]) -> Verdict {
    audit_with(bundle, Trust::Policy(&policy()), None)
}

pub(super) fn audit_with(bundle: &[u8], trust: Trust<'_>, previous: Option<&Previous>) -> Verdict {
    audit_bundle(|| Ok(Cursor::new(bundle.to_vec())), trust, previous, &[], &mut |_, _| {}).expect("memory can be read")
}

pub(super) fn codes(report: &Verdict) -> Vec<&'static str> {
    report.findings.iter().map(|finding| finding.code()).collect()
}

pub(super) fn outcome(report: &Verdict, check: Check) -> Outcome {
    report.checks.iter().find(|outcome| outcome.check == check).expect("every check is told").outcome
}

/// A bundle taken apart.
#[derive(Clone)]
pub(super) struct Parts {
    pub(super) manifest: Manifest,
    /// Every file but the manifest, in order.
    pub(super) files: Vec<(String, Vec<u8>)>,
}

impl Parts {
    pub(super) fn of(bundle: &[u8]) -> Parts {
        let tar = zstd::decode_all(bundle).expect("zstd");
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        for file in tar::Archive::new(tar.as_slice()).entries().expect("tar") {
            let mut file = file.expect("a file");
            let path = file.path().expect("a name").display().to_string();
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut file, &mut bytes).expect("its content");
            files.push((path, bytes));
        }
        let (_, manifest) = files.remove(0);
        Parts { manifest: serde_json::from_slice(&manifest).expect("a manifest"), files }
    }

    pub(super) fn whole() -> Parts {
        Parts::of(&DEMONSTRATION.whole)
    }

    pub(super) fn file(&mut self, path: &str) -> &mut Vec<u8> {
        &mut self.files.iter_mut().find(|(name, _)| name.starts_with(path)).expect("it is there").1
    }

    /// Put together again, with a manifest as it stands.
    pub(super) fn packed(&self) -> Vec<u8> {
        let mut files = vec![("manifest.json".to_owned(), self.manifest_bytes())];
        files.extend(self.files.iter().cloned());
        pack(&files, |_| {})
    }

    /// Put together again, with a manifest that names the files as they are now.
    pub(super) fn repacked(mut self) -> Vec<u8> {
        let named = self.files.iter().filter(|(path, _)| !path.starts_with("tile/"));
        self.manifest.files = named
            .map(|(path, bytes)| FileNamed {
                path: path.clone(),
                sha256: hex(&Sha256::digest(bytes)),
                size_bytes: bytes.len() as u64,
            })
            .collect();
        self.packed()
    }

    pub(super) fn manifest_bytes(&self) -> Vec<u8> {
        format!("{}\n", serde_json::to_string_pretty(&self.manifest).expect("JSON")).into_bytes()
    }

    pub(super) fn entries(&self) -> Vec<Vec<u8>> {
        let bundles = self.files.iter().filter(|(path, _)| path.starts_with("tile/"));
        bundles.flat_map(|(_, bytes)| bundle::entries(bytes)).map(|entry| entry.expect("an entry").to_vec()).collect()
    }

    pub(super) fn events(&self) -> Vec<RecordedEvent> {
        self.entries().iter().map(|entry| decode(entry).expect("an event")).collect()
    }

    /// Other entries, in bundles of 256.
    pub(super) fn set_entries(&mut self, entries: &[Vec<u8>]) {
        self.files.retain(|(path, _)| !path.starts_with("tile/"));
        for (number, entries) in (self.manifest.first_index / 256..).zip(entries.chunks(256)) {
            let partial = if entries.len() < 256 { format!(".p/{}", entries.len()) } else { String::new() };
            let mut bytes = Vec::new();
            entries.iter().for_each(|entry| bundle::append_entry(&mut bytes, entry).expect("it fits"));
            self.files.push((format!("tile/entries/{number:03}{partial}"), bytes));
        }
    }

    /// Other events as entries of the same log.
    pub(super) fn set_events(&mut self, events: &[RecordedEvent]) {
        self.set_entries(&events.iter().map(|event| self.entry(event)).collect::<Vec<_>>());
    }

    pub(super) fn entry(&self, event: &RecordedEvent) -> Vec<u8> {
        let mut bytes = Vec::new();
        encode(event, &self.manifest.origin, &mut bytes).expect("an entry");
        bytes
    }

    /// The head over what stands before the first entry and the first `count` entries as they are now.
    fn head(&self, count: usize) -> Checkpoint {
        let before = self.manifest.frontier.iter().map(|hash| STANDARD.decode(hash).expect("base64"));
        let before = before.map(|hash| hash.try_into().expect("a hash")).collect();
        let mut frontier = Frontier::from_subtrees(self.manifest.first_index, before).expect("its frontier");
        self.entries()[..count].iter().for_each(|entry| frontier.push(leaf_hash(entry)));
        Checkpoint::new(self.manifest.origin.as_str(), frontier.size(), frontier.root())
    }

    /// A checkpoint of the first `count` entries as they are now, with the log's own key: what only the operator can make.
    pub(super) fn signed(&self, count: usize) -> SignedCheckpoint {
        SignedCheckpoint::sign(self.head(count), &[DEMONSTRATION.signer.as_ref()]).expect("signed")
    }

    /// The operator signs what is there now.
    pub(super) fn resign(&mut self) {
        self.sign_with(DEMONSTRATION.signer.as_ref());
    }

    /// Somebody signs what is there now.
    pub(super) fn sign_with(&mut self, signer: &dyn Signer) {
        let signed = SignedCheckpoint::sign(self.head(self.entries().len()), &[signer]).expect("signed");
        self.manifest.tree_size = signed.checkpoint().size;
        *self.file("checkpoint") = signed.note().as_bytes().to_vec();
    }

    /// The operator composes and issues the notice anew from the events before it, and signs it all: a second history without a contradiction
    /// in itself.
    pub(super) fn issue_anew(&mut self, mut events: Vec<RecordedEvent>) {
        // Files that were given out rest on the first history: in this one there are none.
        events.retain(|event| !matches!(event.event, Event::DocumentIssued(_)));
        let at = events.iter().position(|event| event.id == self.manifest.notice.event).expect("it was issued");
        let mut models = ReadModels::new();
        (0..).zip(&events[..at]).for_each(|(log_index, event)| models.apply(log_index, event));
        models.settle();
        let mut tree = Tree::new();
        events[..at].iter().for_each(|event| tree.push(leaf_hash(&self.entry(event))));
        let context = NoticeContext {
            month: self.manifest.month,
            number: self.manifest.notice.number.clone(),
            organization: self.manifest.organization,
            origin: self.manifest.origin.clone(),
            root: tree.root(),
        };
        let notice = compose(&models, &context).expect("a notice");
        if let Event::NoticeIssued(issued) = &mut events[at].event {
            (issued.digest, issued.root_hash, issued.tree_size) = (notice.digest(), hex(&tree.root()), tree.size());
            // In no other's place, so that nothing else has to be issued anew.
            (issued.format, issued.supersedes) = (None, None);
        }
        self.manifest.notice.digest = notice.digest();
        self.manifest.notice.tree_size = tree.size();
        self.manifest.notice.log_index = at as u64;
        *self.file("notice.json") = notice.canonical_json();
        self.set_events(&events);
        self.resign();
    }
}

/// A tar.zst of these files. `change` may change each header before its checksum is taken.
pub(super) fn pack(files: &[(String, Vec<u8>)], change: impl Fn(&mut tar::Header)) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (path, bytes) in files {
        let mut header = tar::Header::new_ustar();
        // Not through `set_path`, which refuses what a hostile archive has.
        header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_entry_type(tar::EntryType::Regular);
        change(&mut header);
        header.set_cksum();
        tar.append(&header, bytes.as_slice()).expect("memory");
    }
    compress(&tar.into_inner().expect("memory"))
}

pub(super) fn compress(tar: &[u8]) -> Vec<u8> {
    zstd::encode_all(tar, 3).expect("memory")
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
