//! What it means.
