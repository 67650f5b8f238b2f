//! The scoring rules (积分细则), every version that was adopted.

pub(crate) mod list;
