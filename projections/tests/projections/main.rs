//! What the projections say, definition by definition, and what they keep for any log.

mod corrections;
mod invariants;
mod nonsense;
mod organizations;
mod rates;
mod scoring;
mod story;
mod time;
