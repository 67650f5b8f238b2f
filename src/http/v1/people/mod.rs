//! Names and numbers (人员): into `identity`, beside the log, erasable.

pub(crate) mod record;
