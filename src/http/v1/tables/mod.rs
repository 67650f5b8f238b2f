//! Whole tables for other programs (数据表).

pub(crate) mod show;
