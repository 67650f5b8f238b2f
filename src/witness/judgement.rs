//! The witness's judgement: may this checkpoint be cosigned, and is it evidence against the log? Reads the memory and changes nothing.
//!
//! Invariant: nothing but a checkpoint that provably extends the one cosigned last passes.

use super::contradiction::{Contradiction, ContradictionKind};
use super::memory::{Memory, MemoryError};
use crate::transparency::{Checkpoint, ProofError, empty_root, verify_consistency, witness_request};

/// A checkpoint that a known log signed.
pub(super) struct Shown<'a> {
    pub(super) checkpoint: &'a Checkpoint,
    /// Its note, with the log's signatures and no others.
    pub(super) note: &'a str,
    /// The whole request.
    pub(super) body: &'a [u8],
}

/// What a request is answered with (C2SP tlog-witness).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// 200: the line of the cosignature.
    Cosigned(String),
    /// 400: it isn't such a request.
    Malformed(&'static str),
    /// 403: no key that is known signed it, or one did wrongly.
    NotSigned(String),
    /// 404: the log isn't watched here.
    UnknownOrigin,
    /// 409: the proof begins at another size than this, which was cosigned last.
    OtherSize(u64),
    /// 422: it isn't shown to extend what was cosigned last.
    NotConsistent(ProofError),
}

/// What is to be done with a request.
pub(super) struct Judgement {
    /// None: cosign.
    pub(super) refusal: Option<Answer>,
    /// To be kept before anything else.
    pub(super) evidence: Option<Contradiction>,
}

pub(super) fn judge(shown: &Shown<'_>, head: &[u8], memory: &Memory) -> Result<Judgement, MemoryError> {
    let Checkpoint { size, root, .. } = *shown.checkpoint;
    let last = memory.last()?;
    let (last_size, last_root) = last.as_ref().map_or((0, empty_root()), |last| (last.size, last.root));
    // A fork is one whatever was asked: two heads of one size, both signed by the log.
    let fork = memory.cosigned_at(size)?.filter(|(cosigned, _)| cosigned.root != root).map(|(_, note)| note);
    let evidence = fork.map(|cosigned| Contradiction { kind: ContradictionKind::Fork, cosigned });

    let refused = |refusal, evidence| Ok(Judgement { refusal: Some(refusal), evidence });
    let Some((old_size, proof)) = witness_request::parse_head(head) else {
        return refused(
            Answer::Malformed("the lines before the checkpoint aren't `old <size>` and up to 63 hashes in base64"),
            evidence,
        );
    };
    if old_size > size {
        return refused(Answer::Malformed("the old size is larger than the checkpoint's"), evidence);
    }
    if old_size != last_size {
        return refused(Answer::OtherSize(last_size), evidence);
    }
    match verify_consistency(old_size, size, &proof, &last_root, &root) {
        Ok(()) => Ok(Judgement { refusal: None, evidence }),
        Err(why) => {
            // A proof that fails may be just a wrong proof, so this is no proof of a fork; but it may be the only trace of one.
            let unproven = || Contradiction {
                kind: ContradictionKind::NotConsistent,
                cosigned: last.as_ref().map(|_| memory.note()).transpose().ok().flatten().flatten().unwrap_or_default(),
            };
            let same_head = (size, root) == (last_size, last_root);
            refused(Answer::NotConsistent(why), evidence.or_else(|| (!same_head).then(unproven)))
        }
    }
}
