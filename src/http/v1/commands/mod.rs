//! Recording: commands in, receipts and outcomes out.

pub(crate) mod acts;
pub(crate) mod batch;
mod chunks;
mod outcomes;
pub(crate) mod proposed;
pub(crate) mod record;
mod rostered;
mod unread;
