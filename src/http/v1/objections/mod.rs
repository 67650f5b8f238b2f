//! Objections (异议): raised and decided as facts under `/v1/commands`, listed here.

pub(crate) mod list;
