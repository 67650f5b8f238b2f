//! Documents (文书): whether a file was issued, for everybody who has it.

pub(crate) mod show;
