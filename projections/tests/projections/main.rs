//! What the projections say, definition by definition, and what they keep for any log.

mod boundaries;
mod burden;
mod capabilities;
mod conduct;
mod corrections;
mod documents;
mod invariants;
mod listing;
mod nonsense;
mod organizations;
mod passed_over;
#[path = "../../../tests/support/random_rules.rs"]
mod random_rules;
mod rates;
mod review_steps;
mod revisions;
mod schemes;
mod scoring;
mod simulation;
mod story;
mod time;
