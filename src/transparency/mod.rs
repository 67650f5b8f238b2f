//! The tree over the log and its proofs (RFC 6962, C2SP): pure functions over bytes. No I/O, no clock, no events.
//!
//! Nothing here trusts what it is given: a proof is worth something only once it was checked against a root, and a root
//! only once the signature over its checkpoint was.

pub mod bundle;
mod checkpoint;
mod commitment;
mod cosignature;
mod frontier;
mod handover;
mod note;
mod old_block;
mod policy;
mod policy_syntax;
mod proof;
mod signer;
mod sm2;
mod tile;
mod tlog_proof;
mod tree;
mod verifier_key;
pub mod witness_request;
mod witnessing;

pub use checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
pub use commitment::{Salt, commitment};
pub use cosignature::CosignatureSigner;
pub use frontier::Frontier;
pub use handover::{check_handover, hand_over};
pub use note::{KeyFault, Note, NoteError, NoteSignature, sign_note};
pub use old_block::{BLOCK_WIDTH, BlockRoots, OldBlock};
pub use policy::{Cosigner, Policy, PolicyError, PolicyLog, PolicyWitness, Witnessed};
pub use policy_syntax::{PolicyFault, PolicySyntaxError};
pub use proof::{ProofError, consistency_proof, inclusion_proof, root_hash, verify_consistency, verify_inclusion};
pub use signer::{Ed25519Signer, Signer};
pub use sm2::Sm2Signer;
pub use tile::{Tile, TileContent, entry_bundles, hash_tiles};
pub use tlog_proof::{TlogProof, TlogProofError};
pub use tree::{NodesMismatch, TILE_WIDTH, Tree, TreeError, empty_root, leaf_hash, node_hash};
pub use verifier_key::{KeyKind, VerifierKey};
pub use witnessing::Witnessing;

/// A SHA-256 hash: of a leaf, of a node or of a whole tree (RFC 6962 §2.1).
pub type Hash = [u8; 32];
