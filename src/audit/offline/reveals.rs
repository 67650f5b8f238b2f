//! 身份抽查: members whose names were revealed, held against every commitment to them in the order of the log.
//!
//! Invariant: a commitment to somebody else, before or after, is told; only the last one may make a reveal hold.

use super::finding::AuditFinding;
use super::verdict::{Outcome, Revealed};
use crate::audit::bundle::CommitmentListed;
use crate::audit::reveal::Reveal;
use mingzhang_events::{Event, IdentityCommitted, MemberId, RecordedEvent};
use std::collections::BTreeMap;

struct CommittedAt {
    log_index: u64,
    committed: IdentityCommitted,
}

/// The commitments to those who are revealed.
#[derive(Default)]
pub(super) struct Commitments(BTreeMap<MemberId, Vec<CommittedAt>>);

impl Commitments {
    /// Of these members, so far only what the bundle lists of the entries that it hasn't got.
    pub(super) fn of(reveals: &[Reveal], listed: &[CommitmentListed], first_index: u64) -> Commitments {
        let mut commitments = Commitments(reveals.iter().map(|reveal| (reveal.member, Vec::new())).collect());
        for CommitmentListed { log_index, committed } in listed.iter().filter(|listed| listed.log_index < first_index) {
            commitments.take(*log_index, committed);
        }
        commitments
    }

    /// The next entry.
    pub(super) fn note(&mut self, log_index: u64, event: &RecordedEvent) {
        if let Event::IdentityCommitted(committed) = &event.event {
            self.take(log_index, committed);
        }
    }

    fn take(&mut self, log_index: u64, committed: &IdentityCommitted) {
        if let Some(of) = self.0.get_mut(&committed.member) {
            of.push(CommittedAt { log_index, committed: committed.clone() });
        }
    }

    /// What a reveal comes to, and what contradicts it.
    pub(super) fn held_against(
        &self,
        reveal: &Reveal,
        origin: &str,
        first_index: u64,
    ) -> Result<Revealed, AuditFinding> {
        let member = reveal.member;
        if reveal.origin != origin {
            return Err(AuditFinding::RevealForeign { member });
        }
        let all = self.0.get(&member).map_or(&[][..], Vec::as_slice);
        let Some(last) = all.last() else { return Err(AuditFinding::RevealNotCommitted { member }) };
        let is_name = |at: &&CommittedAt| reveal.opens_name(&at.committed);
        let opens = |at: &CommittedAt| reveal.opens_name(&at.committed) && reveal.opens_number(&at.committed);
        let Some(newest) = all.iter().rposition(opens) else {
            return Err(AuditFinding::RevealDiffers { member, log_index: last.log_index });
        };
        if let Some(later) = all.get(newest + 1) {
            return Err(AuditFinding::RevealSuperseded {
                member,
                from: all[newest].log_index,
                log_index: later.log_index,
            });
        }
        let named = all.iter().rev().take_while(is_name).count();
        let (before, since) = all.split_at(all.len() - named);
        let other_number = since.iter().filter(|at| !opens(at)).map(|at| at.log_index);
        Ok(Revealed {
            member,
            name: reveal.name.clone(),
            number: reveal.number.clone(),
            since: since[0].log_index,
            other_names: before.iter().map(|at| at.log_index).collect(),
            other_numbers: other_number.collect(),
            outcome: if first_index == 0 { Outcome::Holds } else { Outcome::HoldsAsTold },
        })
    }
}
