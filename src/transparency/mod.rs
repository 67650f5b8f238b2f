//! The tree over the log and its proofs (RFC 6962, C2SP): pure functions over bytes. No I/O, no clock, no events.

/// A SHA-256 hash: of a leaf, of a node or of a whole tree (RFC 6962 §2.1).
pub type Hash = [u8; 32];
