//! Households (困难家庭) by the street's own codes: kept beside the log, so that their ids tell nothing.

pub(crate) mod record;
