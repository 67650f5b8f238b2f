//! The audit bundle: a tar.zst of plain files from which anyone recomputes a notice without the ledger. `docs/reference/audit-bundle.md` has the
//! format.
//!
//! Invariant: the same ledger, notice and range give the same bytes; a file that this doesn't name isn't in a bundle. Holds no name of a person.

mod fault;
mod read;
mod write;

pub use fault::BundleFault;
pub(super) use read::BundleReader;
pub use write::{BundleContents, BundleWriteError, write_bundle};

use mingzhang_events::{ActorId, EventId, IdentityCommitted, MemberId, Month, OrganizationId};
use serde::{Deserialize, Serialize};

/// The format named in a manifest.
pub const FORMAT: &str = "mingzhang.audit-bundle.v1";
/// The format named in `identities.json`.
pub(super) const IDENTITIES_FORMAT: &str = "mingzhang.identities.v1";

/// The names of files, in the order in which they stand in the archive; between the last two the rules, after them the entries.
pub(super) const MANIFEST: &str = "manifest.json";
pub(super) const README: &str = "README.txt";
pub(super) const CHECKPOINT: &str = "checkpoint";
pub(super) const NOTICE: &str = "notice.json";
pub(super) const RULES: &str = "rules/";
pub(super) const IDENTITIES: &str = "identities.json";

/// What a bundle is of, and what is in it but the entries. Claims only: the audit holds each of them against the log, the key excepted, which is
/// looked at only by who brings none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// `mingzhang.audit-bundle.v1`.
    pub format: String,
    /// The name of the log.
    pub origin: String,
    /// The key that its checkpoints are checked with (C2SP verifier key), as whoever made the bundle says.
    pub verifier_key: String,
    /// The size of the checkpoint: the entries reach up to it.
    pub tree_size: u64,
    /// The first entry that is in the bundle: 0 for the whole log, else a multiple of 256.
    pub first_index: u64,
    /// What stands for the entries before the first: the roots of the complete subtrees over them, from the largest on, in base64.
    pub frontier: Vec<String>,
    /// The month that is audited.
    pub month: Month,
    /// The organisation that is audited.
    pub organization: OrganizationId,
    /// The notice that was issued.
    pub notice: NoticeNamed,
    /// Every file but this one and the entries, in the order of the archive.
    pub files: Vec<FileNamed>,
}

/// The notice of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeNamed {
    /// The event that issued it.
    pub event: EventId,
    /// The place of that entry in the log.
    pub log_index: u64,
    /// Its document number.
    pub number: String,
    /// SHA-256 of `notice.json` in hex.
    pub digest: String,
    /// The size of the log that its figures rest on.
    pub tree_size: u64,
}

/// A file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileNamed {
    /// Its name in the archive.
    pub path: String,
    /// Its SHA-256 in hex.
    pub sha256: String,
    /// Its length.
    pub size_bytes: u64,
}

impl Manifest {
    /// As it stands in the archive. Any other spelling is refused.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("a manifest is JSON");
        bytes.push(b'\n');
        bytes
    }
}

/// What is said of the people behind ids. Outside of the log, so nothing proves it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identities {
    /// `mingzhang.identities.v1`.
    pub format: String,
    /// The commitments to members (身份承诺) in entries before the first of the bundle, in order of the log. None for the whole log: its
    /// entries hold them all.
    pub commitments: Vec<CommitmentListed>,
    /// The actors that are members, as the operator says: so that it can be seen who reviewed what is about themselves.
    pub actors: Vec<ActorOfMember>,
}

/// A commitment in an entry that isn't in the bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommitmentListed {
    /// The entry.
    pub log_index: u64,
    /// What it says.
    pub committed: IdentityCommitted,
}

/// An actor that is a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActorOfMember {
    /// Who records.
    pub actor: ActorId,
    /// Who that is, by pseudonym.
    pub member: MemberId,
}

/// The place of a version of the rules: the entry that adopted it and its number. Both are letters, digits, `.`, `_` and `-` only.
pub(super) fn rules_path(log_index: u64, version: &str) -> String {
    format!("{RULES}{log_index}-{version}.json")
}

/// The one header (ustar) that a file of this name and length has: no owner, no time, so that the same content gives the same bytes. None for a
/// name or length that no header holds.
pub(super) fn header(path: &str, size_bytes: u64) -> Option<tar::Header> {
    let mut header = tar::Header::new_ustar();
    header.set_path(path).ok()?;
    // Eleven octal digits: longer ones are written in another way, which is refused.
    if size_bytes >= 1 << 33 {
        return None;
    }
    header.set_size(size_bytes);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_entry_type(tar::EntryType::Regular);
    header.set_cksum();
    Some(header)
}

/// The bytes of zeros after a file, up to the next block.
pub(super) fn padding(size_bytes: u64) -> usize {
    usize::try_from((512 - size_bytes % 512) % 512).expect("below 512")
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
