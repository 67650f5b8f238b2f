//! The rounds: the durable head is handed to every witness whose turn it is, and published once enough of them have cosigned it.
//!
//! One head a round, the same for all: cosignatures under different heads never make a quorum.

use super::standing::WitnessStanding;
use super::submission::{Submitted, agent, cosigned_last, submit};
use super::{Publication, PublicationError, Published, Trouble};
use crate::ledger::Head;
use crate::transparency::{Checkpoint, NoteSignature, Policy, SignedCheckpoint, VerifierKey};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A witness is asked again about the same head after this time, so that whoever watches sees that it still stands behind it.
const REFRESH_SECONDS: u64 = 3_600;

/// What the rounds remember.
#[derive(Default)]
pub(super) struct Rounds {
    /// Whether the last one ended without a quorum; none before the first.
    unwitnessed: Mutex<Option<bool>>,
    /// The checkpoint that was handed out last, with what was collected under it.
    collected: Mutex<Option<Arc<SignedCheckpoint>>>,
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

    /// Whether the last round ended without the quorum that the policy asks for; before the first one, and while a witness contradicts the
    /// ledger, whether the head isn't the one that is published as witnessed.
    pub(super) fn head_is_unwitnessed(&self) -> bool {
        let told = *self.rounds.unwitnessed.lock().unwrap_or_else(PoisonError::into_inner);
        let head = self.ledger.head();
        let is_covered = self.shown().is_some_and(|shown| {
            let checkpoint = shown.checkpoint.checkpoint();
            shown.is_witnessed && (checkpoint.size, checkpoint.root) == (head.tree_size, head.root)
        });
        let alarmed =
            || self.witnesses.lock().iter().any(|witness| witness.trouble.as_ref().is_some_and(Trouble::is_alarm));
        self.policy.is_some() && (told == Some(true) || !is_covered && (told.is_none() || alarmed()))
    }

    /// Publishes the head; where witnesses are asked, hands it to those whose turn it is and waits for their answers. A witness that has
    /// cosigned this head is asked again after `refresh_after` rounds.
    pub fn round(&self, refresh_after: u32) -> Result<(), PublicationError> {
        // What was never witnessed is shown as it is; and what a witness may see of it must not be smaller than what was shown.
        let shown = self.publish_head()?;
        let Some(policy) = &self.policy else { return Ok(()) };
        let pending = self.rounds.pending(&shown.checkpoint, self.ledger.checkpoint()?);
        let size = pending.checkpoint().size;
        // In case that all have cosigned it and it could not be written down.
        let mut outcome = self.publish_if_witnessed(policy, &pending);
        let due: Vec<(usize, WitnessStanding)> = {
            let mut witnesses = self.witnesses.lock();
            let due = witnesses.iter_mut().enumerate();
            due.filter_map(|(at, witness)| witness.is_due(&pending, refresh_after).then(|| (at, witness.clone())))
                .collect()
        };
        let agent = agent();
        let prove = |old| self.ledger.consistency_proof(old, size);
        let mut cosigned = Arc::clone(&pending);
        std::thread::scope(|scope| {
            let (answer, answers) = channel::<(usize, Submitted)>();
            for (at, witness) in &due {
                let (answer, agent, pending, prove) = (answer.clone(), &agent, &pending, &prove);
                scope.spawn(move || {
                    let url = witness.url.as_deref().expect("a witness that is due has an address");
                    let submitted = submit(agent, url, &witness.key, witness.cosigned_size, pending, prove);
                    if submitted.is_alarm()
                        && let Some(note) = cosigned_last(agent, url, self.ledger.origin())
                    {
                        self.hold_to(&witness.name, &note);
                    }
                    answer.send((*at, submitted)).expect("the round listens until all have answered");
                });
            }
            drop(answer);
            for (at, submitted) in answers {
                if let Some(more) = self.take(at, &submitted, &cosigned) {
                    cosigned = self.rounds.collect(more);
                    let published = self.publish_if_witnessed(policy, &cosigned);
                    if outcome.is_ok() {
                        outcome = published;
                    }
                }
            }
        });
        let unwitnessed = policy.check(cosigned.note().as_bytes()).is_err();
        let before = self.rounds.unwitnessed.lock().unwrap_or_else(PoisonError::into_inner).replace(unwitnessed);
        if before.unwrap_or(false) != unwitnessed {
            if unwitnessed {
                tracing::warn!(tree_size = size, "too few witnesses cosigned the head: it is unwitnessed");
            } else {
                tracing::info!(tree_size = size, "the head is witnessed");
            }
        }
        if !due.is_empty() {
            self.witnesses.remember();
        }
        outcome
    }

    /// What a witness says is only its word. A checkpoint with our own signature is ours: if it isn't of this log, the ledger stops.
    fn hold_to(&self, witness: &str, note: &[u8]) {
        let Ok(key) = VerifierKey::parse(&self.ledger.verifier_key()) else { return };
        let Ok(signed) = SignedCheckpoint::open(note, &key) else { return };
        let Checkpoint { size, root, .. } = *signed.checkpoint();
        match self.ledger.hold_to(Head { tree_size: size, root }) {
            Ok(true) => {}
            Ok(false) => tracing::error!(
                alarm = "contradicted",
                witness,
                size,
                note = signed.note(),
                "it is kept in signed-heads"
            ),
            Err(failure) => tracing::error!(error = %failure, witness, size, "what a witness holds against the ledger"),
        }
    }

    fn publish_if_witnessed(&self, policy: &Policy, cosigned: &Arc<SignedCheckpoint>) -> Result<(), PublicationError> {
        if policy.check(cosigned.note().as_bytes()).is_err() {
            return Ok(());
        }
        self.publish(Published { checkpoint: Arc::clone(cosigned), is_witnessed: true }).map(|_| ())
    }

    /// Notes down what a witness answered; gives the checkpoint with its cosignature, if it gave one.
    fn take(&self, at: usize, submitted: &Submitted, cosigned: &SignedCheckpoint) -> Option<SignedCheckpoint> {
        let mut witnesses = self.witnesses.lock();
        let witness = &mut witnesses[at];
        match &submitted.cosigned {
            Ok(lines) => {
                let lines = NoteSignature::parse_lines(lines).expect("lines that were read before");
                let more = cosigned.with_cosignatures(&lines, std::slice::from_ref(&witness.key));
                witness.cosigned(submitted.witness_size, cosigned.checkpoint().root);
                Some(more.expect("a cosignature that was checked before"))
            }
            Err(trouble) => {
                witness.failed(submitted.witness_size, trouble.clone());
                None
            }
        }
    }
}

impl Rounds {
    /// What is to be cosigned: the head, with what was collected for this very head before.
    fn pending(&self, shown: &Arc<SignedCheckpoint>, head: Arc<SignedCheckpoint>) -> Arc<SignedCheckpoint> {
        let collected = self.collected.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let of_this_head = |known: &Arc<SignedCheckpoint>| known.checkpoint() == head.checkpoint();
        collected.filter(of_this_head).or_else(|| Some(Arc::clone(shown)).filter(of_this_head)).unwrap_or(head)
    }

    fn collect(&self, cosigned: SignedCheckpoint) -> Arc<SignedCheckpoint> {
        let cosigned = Arc::new(cosigned);
        *self.collected.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&cosigned));
        cosigned
    }
}
