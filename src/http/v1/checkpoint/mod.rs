//! The checkpoint (检查点): the signed head of the log.

pub(crate) mod show;
pub(crate) mod witnesses;
