//! Notices (通报): issued by a publisher, read by everybody.

pub(crate) mod issue;
pub(crate) mod list;
pub(crate) mod show;
