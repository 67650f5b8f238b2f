//! A receipt that is checked offline (C2SP tlog-proof, `@v1`): where an entry stands, its inclusion proof, and the checkpoint.
//!
//! Takes nothing on trust: what was read proves something only once it was checked with the entry's bytes and a policy.
//! Invariant: a proof that was read is written again as the same bytes.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::checkpoint::parse_decimal;
use super::policy::{Policy, PolicyError, Witnessed};
use super::{Hash, ProofError, leaf_hash, verify_inclusion};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// The longest way from a leaf to a root.
const HASHES_MAX: usize = 63;

/// That an entry is in a log, for whoever has the entry and knows whom to trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// What an application adds; authenticated by nothing. This ledger adds nothing.
    pub extra: Option<Vec<u8>>,
    /// Where the entry stands in the log.
    pub log_index: u64,
    /// From the leaf's sibling up (RFC 6962 §2.1.1).
    pub inclusion_proof: Vec<Hash>,
    /// The signed checkpoint as it was published, with its cosignatures.
    pub checkpoint: String,
}

impl TlogProof {
    /// Reads a proof. Checks its form and neither hashes nor signatures.
    pub fn parse(proof: &str) -> Result<Self, TlogProofError> {
        use TlogProofError::Malformed;
        let (head, checkpoint) = proof
            .split_once("\n\n")
            .ok_or(Malformed("no empty line separates the inclusion proof from the checkpoint"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(FIRST_LINE) {
            return Err(Malformed("its first line isn't `c2sp.org/tlog-proof@v1`"));
        }
        let extra = match lines.next_if(|line| line.starts_with("extra ")) {
            Some(line) => {
                let extra = STANDARD.decode(&line["extra ".len()..]).ok().filter(|extra| !extra.is_empty());
                Some(extra.ok_or(Malformed("its line `extra` isn't base64"))?)
            }
            None => None,
        };
        let log_index = lines
            .next()
            .and_then(|line| parse_decimal(line.strip_prefix("index ")?))
            .ok_or(Malformed("the line `index <n>` is missing, or its number isn't decimal without leading zeros"))?;
        let hash = |line| STANDARD.decode(line).ok()?.try_into().ok();
        let inclusion_proof: Option<Vec<Hash>> = lines.map(hash).collect();
        let inclusion_proof =
            inclusion_proof.ok_or(Malformed("a line of its inclusion proof isn't the base64 of a hash"))?;
        if inclusion_proof.len() > HASHES_MAX {
            return Err(Malformed("its inclusion proof has more than 63 hashes"));
        }
        if !checkpoint.ends_with('\n') {
            return Err(Malformed("its checkpoint doesn't end with a newline"));
        }
        Ok(Self { extra, log_index, inclusion_proof, checkpoint: checkpoint.to_owned() })
    }

    /// Checks that the entry stands in a log that the policy knows, under a checkpoint that meets it.
    pub fn verify<'policy>(&self, entry: &[u8], policy: &'policy Policy) -> Result<Witnessed<'policy>, TlogProofError> {
        let witnessed = policy.check(self.checkpoint.as_bytes())?;
        let head = &witnessed.checkpoint;
        verify_inclusion(&leaf_hash(entry), self.log_index, head.size, &self.inclusion_proof, &head.root)?;
        Ok(witnessed)
    }
}

/// The text of the file.
impl std::fmt::Display for TlogProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.log_index)?;
        for hash in &self.inclusion_proof {
            writeln!(f, "{}", STANDARD.encode(hash))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

/// Why a proof can't be read, or proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlogProofError {
    /// The text isn't a proof.
    #[error("not a tlog-proof: {0}")]
    Malformed(&'static str),
    /// The checkpoint isn't one to rely on.
    #[error("the checkpoint in the proof doesn't meet the policy: {0}")]
    Checkpoint(#[from] PolicyError),
    /// The entry isn't where the proof says that it is.
    #[error("the entry isn't in the tree of the checkpoint at this place: {0}")]
    Inclusion(#[from] ProofError),
}
