//! Disclosures (公示): opened under `/v1/months/{month}/disclosure`, listed here for everybody; the draft of each is read under `/v1/notices/{id}`.

pub(crate) mod list;
