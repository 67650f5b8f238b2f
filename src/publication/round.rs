//! The rounds: the durable head is handed to every witness whose turn it is, and published once enough of them have cosigned it.
//!
//! One head a round, the same for all: cosignatures under different heads never make a quorum.

use super::standing::WitnessStanding;
use super::submission::{Submitted, agent, submit};
use super::{Publication, PublicationError, Published};
use crate::transparency::{NoteSignature, SignedCheckpoint};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// A witness is asked again about the same head after this time, so that whoever watches sees that it still stands behind it.
const REFRESH_SECONDS: u64 = 3_600;

/// What the rounds remember.
#[derive(Default)]
pub(super) struct Rounds {
    /// Whether the last one ended without a quorum.
    unwitnessed: AtomicBool,
}

impl Publication {
    /// One round every `every`, and one more when told to stop; a failure is logged and the next round tries again.
    pub fn run(&self, every: Duration, told_to_stop: &Receiver<()>) {
        let refresh_after = u32::try_from(REFRESH_SECONDS / every.as_secs().max(1)).unwrap_or(u32::MAX);
        let mut last = false;
        loop {
            if let Err(failure) = self.round(refresh_after) {
                tracing::error!(error = %failure, "no checkpoint could be published");
            }
            if last {
                return;
            }
            last = !matches!(told_to_stop.recv_timeout(every), Err(RecvTimeoutError::Timeout));
        }
    }

    /// Whether the last round ended without the quorum that the policy asks for.
    pub(super) fn head_is_unwitnessed(&self) -> bool {
        self.policy.is_some() && self.rounds.unwitnessed.load(Ordering::Relaxed)
    }

    /// Publishes the head; where witnesses are asked, hands it to those whose turn it is and waits for their answers. A witness that has
    /// cosigned this head is asked again after `refresh_after` rounds.
    pub fn round(&self, refresh_after: u32) -> Result<(), PublicationError> {
        // What was never witnessed is shown as it is; and what a witness may see of it must not be smaller than what was shown.
        let shown = self.publish_head()?;
        let Some(policy) = &self.policy else { return Ok(()) };
        let head = self.ledger.checkpoint()?;
        let size = head.checkpoint().size;
        // What was cosigned of this very head stays.
        let pending = if shown.checkpoint.checkpoint() == head.checkpoint() { shown.checkpoint } else { head };
        let due: Vec<(usize, WitnessStanding)> = {
            let mut witnesses = self.witnesses.lock();
            let due = witnesses.iter_mut().enumerate();
            due.filter_map(|(at, witness)| witness.is_due(size, refresh_after).then(|| (at, witness.clone()))).collect()
        };
        let agent = agent();
        let prove = |old| self.ledger.consistency_proof(old, size);
        let mut cosigned = pending.as_ref().clone();
        std::thread::scope(|scope| {
            let (answer, answers) = channel::<(usize, Submitted)>();
            for (at, witness) in &due {
                let (answer, agent, pending, prove) = (answer.clone(), &agent, &pending, &prove);
                scope.spawn(move || {
                    let url = witness.url.as_deref().expect("a witness that is due has an address");
                    let submitted = submit(agent, url, &witness.key, witness.cosigned_size, pending, prove);
                    // Nobody listens only if the round itself has failed.
                    drop(answer.send((*at, submitted)));
                });
            }
            drop(answer);
            for (at, submitted) in answers {
                if let Some(more) = self.take(at, &submitted, &cosigned)? {
                    cosigned = more;
                    if policy.check(cosigned.note().as_bytes()).is_ok() {
                        let checkpoint = Arc::new(cosigned.clone());
                        self.publish(Published { checkpoint, is_witnessed: true })?;
                    }
                }
            }
            Ok::<(), PublicationError>(())
        })?;
        let unwitnessed = policy.check(cosigned.note().as_bytes()).is_err();
        if self.rounds.unwitnessed.swap(unwitnessed, Ordering::Relaxed) != unwitnessed {
            if unwitnessed {
                tracing::warn!(tree_size = size, "too few witnesses cosigned the head: it is unwitnessed");
            } else {
                tracing::info!(tree_size = size, "the head is witnessed");
            }
        }
        if !due.is_empty() {
            self.witnesses.remember();
        }
        Ok(())
    }

    /// Notes down what a witness answered; gives the checkpoint with its cosignature, if it gave one.
    fn take(
        &self,
        at: usize,
        submitted: &Submitted,
        cosigned: &SignedCheckpoint,
    ) -> Result<Option<SignedCheckpoint>, PublicationError> {
        let mut witnesses = self.witnesses.lock();
        let witness = &mut witnesses[at];
        match &submitted.lines {
            Ok(lines) => {
                let lines = NoteSignature::parse_lines(lines).map_err(crate::transparency::CheckpointError::from)?;
                let more = cosigned.with_cosignatures(&lines, std::slice::from_ref(&witness.key))?;
                witness.cosigned(submitted.witness_size);
                Ok(Some(more))
            }
            Err(trouble) => {
                witness.failed(submitted.witness_size, trouble.clone());
                Ok(None)
            }
        }
    }
}
