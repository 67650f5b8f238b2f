//! What was handed in again and not recorded: counted while the ledger is open, because the log has each fact once.
//!
//! Counts and nothing else: not who, not what. A dry run isn't counted.

use super::{Mode, Outcome, Rejection};
use serde::Serialize;
use std::sync::atomic::{AtomicU64, Ordering};

/// How often something was handed in that was there already, since the ledger was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Repetitions {
    /// The same command again, with its key: answered with the first receipt.
    pub repeated: u64,
    /// The same fact, or one at the same time, under another key: refused.
    pub refused_as_known: u64,
}

/// The counters behind it.
#[derive(Debug, Default)]
pub(super) struct RepetitionCounts {
    repeated: AtomicU64,
    refused_as_known: AtomicU64,
}

impl RepetitionCounts {
    /// Takes in what became of a submission.
    pub(super) fn count(&self, mode: Mode, outcomes: &[Outcome]) {
        if mode == Mode::DryRun {
            return;
        }
        let repeated = |outcome: &&Outcome| matches!(outcome, Outcome::Repeated { .. });
        let known = |outcome: &&Outcome| matches!(outcome, Outcome::Rejected(rejection) if is_known(rejection));
        for (counter, count) in [
            (&self.repeated, outcomes.iter().filter(repeated).count()),
            (&self.refused_as_known, outcomes.iter().filter(known).count()),
        ] {
            if count > 0 {
                counter.fetch_add(count as u64, Ordering::Relaxed);
            }
        }
    }

    /// So far.
    pub(super) fn so_far(&self) -> Repetitions {
        Repetitions {
            repeated: self.repeated.load(Ordering::Relaxed),
            refused_as_known: self.refused_as_known.load(Ordering::Relaxed),
        }
    }
}

/// Whether a refusal says that the fact, or one at the same time, is in the log already.
fn is_known(rejection: &Rejection) -> bool {
    matches!(
        rejection,
        Rejection::OrganizationExists { .. }
            | Rejection::AlreadyOnRoster { .. }
            | Rejection::AlreadyInBranch { .. }
            | Rejection::AlreadyInClass { .. }
            | Rejection::AlreadyEnrolled { .. }
            | Rejection::ActivityExists { .. }
            | Rejection::AlreadySignedUp { .. }
            | Rejection::AlreadyRecorded { .. }
            | Rejection::OverlapsOtherService { .. }
            | Rejection::AlreadyPaired { .. }
            | Rejection::AlreadyOnDutyRoster { .. }
            | Rejection::AlreadyApproved { .. }
            | Rejection::NameConsentInForce { .. }
            | Rejection::AlreadyObjected
    )
}
