//! 签名密钥: handed over by the ledger itself only, when both keys have signed the handover.

use super::Case;
use crate::identity::Role;
use crate::ledger::Rejection;
use crate::transparency::{VerifierKey, check_handover};
use mingzhang_events::SigningKeyRotated;

pub(super) fn rotated(case: &Case<'_>, event: &SigningKeyRotated) -> Result<(), Rejection> {
    case.require_everywhere(Role::Operator)?;
    let in_force = case.state.handover().is_some_and(|(old, new)| (old, new) == (&event.old_key, &event.new_key));
    let (old, new) = (VerifierKey::parse(&event.old_key), VerifierKey::parse(&event.new_key));
    let holds =
        matches!((old, new), (Ok(old), Ok(new)) if check_handover(event.handover.as_bytes(), &old, &new).is_ok());
    if in_force && holds { Ok(()) } else { Err(Rejection::HandoverNotProved) }
}
