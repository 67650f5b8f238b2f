//! 身份承诺: whoever is named in the database of people is committed to in the log, so that nobody can put another person behind an
//! id unseen.
//!
//! First the name is durable beside the log, then its commitment is recorded. A crash in between leaves it uncommitted: the next
//! start records it, and so does whoever records the same name again. The log holds no name and no salt.

use super::Service;
use crate::audit::{REVEAL_FORMAT, Reveal};
use crate::identity::{Actor, IdentityError, Opening};
use crate::ledger::{Command, IdempotencyKey, Mode, Outcome, Rejection, Submission, SubmitError};
use mingzhang_events::{ActorId, Evidence, MemberId};
use std::collections::HashSet;
use std::sync::Arc;

/// Who makes good what was left: the ledger itself.
const THE_LEDGER: &str = "ledger";
/// Recorded together.
const AT_ONCE: usize = 10_000;

/// Names are kept whose commitments aren't in the log yet. The next start makes it good, and so does recording them again.
#[derive(Debug, thiserror::Error)]
pub enum CommitmentError {
    /// The database of people failed.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The log takes nothing.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl Service {
    /// Commits to those of these members whose names are kept and not yet committed to, in the name of whoever recorded them. Waits
    /// until it is durable. Who is on no roster yet is left until they are.
    pub fn commit_identities(&self, recorder: ActorId, members: &HashSet<MemberId>) -> Result<(), CommitmentError> {
        let mut members: Vec<MemberId> = members.iter().copied().collect();
        members.sort_unstable();
        for members in members.chunks(AT_ONCE) {
            self.commit(recorder, &self.identity.uncommitted_of(members)?)?;
        }
        Ok(())
    }

    /// Commits to everybody whose name is kept and not yet committed to.
    pub fn commit_all_identities(&self, recorder: ActorId) -> Result<(), CommitmentError> {
        let openings = self.identity.uncommitted()?;
        self.commit(recorder, &openings)
    }

    /// What opens the commitments to a member, for whoever may know who it is. None if no name is kept, or none was recorded since
    /// commitments are made.
    pub fn reveal(&self, member: MemberId) -> Result<Option<Reveal>, IdentityError> {
        let reveal = |Opening { member, person, name_salt, number_salt }| Reveal {
            format: REVEAL_FORMAT.to_owned(),
            origin: self.config.origin.clone(),
            member,
            name: person.name,
            name_salt,
            number: person.number,
            number_salt,
        };
        Ok(self.identity.opening(member)?.map(reveal))
    }

    /// What a crash has left, or a name that was told before its member was on the roster.
    pub(super) fn make_commitments_good(&self) {
        let recorder = THE_LEDGER.parse().expect("an actor");
        if let Err(failure) = self.commit_all_identities(recorder) {
            // The ledger is sound without them; the next start tries again.
            tracing::warn!(error = %failure, "identities that are kept are not yet committed to in the log");
        }
    }

    fn commit(&self, recorder: ActorId, openings: &[Opening]) -> Result<(), CommitmentError> {
        // Whether they might name the person was asked when they did. A name that is kept is always committed to.
        let actor = Arc::new(Actor::holder_of_the_files(recorder));
        for openings in openings.chunks(AT_ONCE) {
            let commands = openings.iter().map(|opening| self.committing(opening)).collect();
            let submission = Submission { actor: Arc::clone(&actor), commands, mode: Mode::EachAlone };
            let reply = self.ledger.submit_blocking(submission)?;
            let in_the_log = |outcome: &Outcome| match outcome {
                Outcome::Recorded { .. } | Outcome::Repeated { .. } => true,
                // By another start at another instant: the key stands for these commitments and nothing else.
                Outcome::Rejected(rejection) => matches!(rejection, Rejection::KeyReusedWithOtherContent { .. }),
                Outcome::Withheld => false,
            };
            let outcomes = openings.iter().zip(&reply.outcomes);
            let committed: Vec<&Opening> =
                outcomes.filter(|(_, outcome)| in_the_log(outcome)).map(|(opening, _)| opening).collect();
            // A crash from here on: they are in the log, and once more proposed at the next start.
            self.identity.note_committed(&committed)?;
        }
        Ok(())
    }

    fn committing(&self, opening: &Opening) -> Command {
        let event = opening.committed().into();
        let key = IdempotencyKey::of_plan(&event);
        Command { key, event, evidence: Evidence::Office, imported: None, occurred_at: self.clock.now() }
    }
}
