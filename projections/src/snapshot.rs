//! The read models as bytes and back: a start needs no replay. Disposable: whoever can't read one replays the log.
//!
//! Invariant: the same log gives the same bytes, however it was cut into batches.

use crate::models::ReadModels;

/// Of the layout below. A change of any stored column changes it; a snapshot with another one isn't read.
pub const SNAPSHOT_FORMAT: u32 = 20;

const MAGIC: &[u8; 8] = b"MZMODELS";
/// Magic (8 bytes), format (4), checksum of the rest (8).
const CHECKED_FROM: usize = 20;
const HEADER_BYTES: usize = CHECKED_FROM + 8;

/// Why a snapshot can't be read. Replay the log instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// Not a snapshot, or cut off.
    #[error("reading a snapshot of the read models: it is none, or is cut off; replay the log")]
    NotASnapshot,
    /// Of another version of this program.
    #[error("reading a snapshot of the read models: its format is {0}, not {SNAPSHOT_FORMAT}; replay the log")]
    OtherFormat(u32),
    /// Its bytes aren't those that were written.
    #[error("reading a snapshot of the read models: its bytes have changed; replay the log")]
    Damaged,
}

impl ReadModels {
    /// As bytes: header, fingerprints of the records, columns. The models must be settled.
    pub fn to_bytes(&self) -> Vec<u8> {
        assert!(self.is_settled(), "settle the read models before writing a snapshot");
        let fingerprints = bitcode::encode(&self.records.fingerprints());
        let columns = bitcode::encode(self);
        let mut bytes = Vec::with_capacity(HEADER_BYTES + fingerprints.len() + columns.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&SNAPSHOT_FORMAT.to_le_bytes());
        bytes.extend_from_slice(&[0; 8]);
        bytes.extend_from_slice(&(fingerprints.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&fingerprints);
        bytes.extend_from_slice(&columns);
        let (header, rest) = bytes.split_at_mut(CHECKED_FROM);
        header[12..].copy_from_slice(&checksum(rest).to_le_bytes());
        bytes
    }

    /// From bytes; what is derived (lookups, lists by month) is rebuilt.
    pub fn from_bytes(bytes: &[u8]) -> Result<ReadModels, SnapshotError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(SnapshotError::NotASnapshot)?;
        let (format, rest) = rest.split_first_chunk::<4>().ok_or(SnapshotError::NotASnapshot)?;
        let format = u32::from_le_bytes(*format);
        if format != SNAPSHOT_FORMAT {
            return Err(SnapshotError::OtherFormat(format));
        }
        let (sum, rest) = rest.split_first_chunk::<8>().ok_or(SnapshotError::NotASnapshot)?;
        if u64::from_le_bytes(*sum) != checksum(rest) {
            return Err(SnapshotError::Damaged);
        }
        let (length, rest) = rest.split_first_chunk::<8>().ok_or(SnapshotError::NotASnapshot)?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| SnapshotError::Damaged)?;
        let (fingerprints, columns) = rest.split_at_checked(length).ok_or(SnapshotError::Damaged)?;
        let fingerprints: Vec<u32> = bitcode::decode(fingerprints).map_err(|_| SnapshotError::Damaged)?;
        let mut models: ReadModels = bitcode::decode(columns).map_err(|_| SnapshotError::Damaged)?;
        models.organizations.rebuild();
        models.roster.rebuild();
        models.activities.rebuild();
        models.awards.rebuild();
        models.pairings.rebuild();
        models.documents.rebuild();
        models.months.rebuild();
        models.rebuild_open_check_ins();
        models.cache.organizations_changed(models.tree_size);
        let whole = models.records.rebuild(&fingerprints) && models.rules.rebuild();
        whole.then_some(models).ok_or(SnapshotError::Damaged)
    }

    fn rebuild_open_check_ins(&mut self) {
        for record in 0..self.records.count() {
            let entry = self.records.get(record);
            if entry.is_open() && !entry.is_reversed() {
                let member = self.member_months.get(self.records.owner(record)).member;
                self.participation.note_open(member, entry.subject, record);
            }
        }
    }
}

/// Against bit rot and half-written files, not against forgery: whoever distrusts a snapshot replays the log.
fn checksum(bytes: &[u8]) -> u64 {
    let mix = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    let (words, rest) = bytes.as_chunks::<8>();
    let sum = words.iter().fold(bytes.len() as u64, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(sum, u64::from_le_bytes(last))
}
