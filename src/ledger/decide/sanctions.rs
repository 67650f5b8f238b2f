//! Rules for sanctions on the right to record.

use super::Case;
use crate::identity::Role;
use crate::ledger::Rejection;
use mingzhang_events::{ActorId, RecordingRestored, RecordingSuspended};

pub(super) fn suspended(case: &Case<'_>, event: &RecordingSuspended) -> Result<(), Rejection> {
    may_sanction(case, event.recorder)?;
    if event.until.is_some_and(|until| until < case.now.local_date()) {
        return Err(Rejection::ContentOutOfRange {
            what: ("截止日（until）最早为今天", "until: today at the earliest"),
        });
    }
    match case.state.suspended_until(event.recorder, case.now) {
        Some(_) => Err(Rejection::RecordingSuspendedAlready { actor: event.recorder }),
        None => Ok(()),
    }
}

pub(super) fn restored(case: &Case<'_>, event: &RecordingRestored) -> Result<(), Rejection> {
    may_sanction(case, event.recorder)?;
    match case.state.suspended_until(event.recorder, case.now) {
        Some(_) => Ok(()),
        None => Err(Rejection::RecordingNotSuspended { actor: event.recorder }),
    }
}

/// An actor's log-ins may reach several parts of the tree: only an operator of all of it decides on them, and never on their own.
fn may_sanction(case: &Case<'_>, actor: ActorId) -> Result<(), Rejection> {
    case.require_everywhere(Role::Operator)?;
    if case.actor.id == actor { Err(Rejection::AboutOneself) } else { Ok(()) }
}
