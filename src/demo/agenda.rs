//! What is going to be recorded when, and by whom. Commands of one office at one instant are one batch.

use super::{DemoBatch, Document};
use crate::identity::Actor;
use crate::ledger::{Command, IdempotencyKey};
use mingzhang_events::{Event, EventId, Evidence, Instant};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An actor's place in the list of actors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ActorIndex(pub(super) u32);

/// When, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot {
    /// When it is recorded.
    pub(super) at: Instant,
    /// Who records it.
    pub(super) by: ActorIndex,
}

/// What is due in a slot.
#[derive(Debug, Default)]
struct Due {
    commands: Vec<Command>,
    document: Option<Document>,
}

/// The batches to come, in the order in which they are recorded.
#[derive(Debug)]
pub(super) struct Agenda {
    seed: u64,
    count: u64,
    slots: BTreeMap<Slot, Due>,
    /// Everything before this has been taken.
    taken_until: Instant,
}

impl Agenda {
    pub(super) fn new(seed: u64) -> Agenda {
        Agenda { seed, count: 0, slots: BTreeMap::new(), taken_until: Instant::EARLIEST }
    }

    /// Adds a fact, and gives the id that its event will have.
    pub(super) fn add(
        &mut self,
        slot: Slot,
        event: impl Into<Event>,
        evidence: Evidence,
        occurred_at: Instant,
    ) -> EventId {
        let key = self.push(slot, event.into(), evidence, occurred_at);
        key.event_id()
    }

    /// Adds a fact that nothing refers to later.
    pub(super) fn note(&mut self, slot: Slot, event: impl Into<Event>, evidence: Evidence, occurred_at: Instant) {
        self.push(slot, event.into(), evidence, occurred_at);
    }

    /// Adds a document that is composed after the slot's facts.
    pub(super) fn compose(&mut self, slot: Slot, document: Document) {
        self.slots.entry(slot).or_default().document = Some(document);
    }

    fn push(&mut self, slot: Slot, event: Event, evidence: Evidence, occurred_at: Instant) -> &IdempotencyKey {
        debug_assert!(slot.at >= self.taken_until, "{} is over: {event:?}", slot.at);
        debug_assert!(occurred_at <= slot.at, "recorded at {} before it happened at {occurred_at}: {event:?}", slot.at);
        let key = format!("demo-{:x}-{}", self.seed, self.count).parse().expect("visible ASCII");
        self.count += 1;
        let commands = &mut self.slots.entry(slot).or_default().commands;
        commands.push(Command { key, event, evidence, imported: None, occurred_at });
        &commands.last().expect("just pushed").key
    }

    /// Takes everything that is recorded before an instant.
    pub(super) fn take_until(&mut self, end: Instant, actors: &[Arc<Actor>]) -> Vec<DemoBatch> {
        let later = self.slots.split_off(&Slot { at: end, by: ActorIndex(0) });
        let due = std::mem::replace(&mut self.slots, later);
        self.taken_until = end;
        let batch = |(slot, Due { commands, document }): (Slot, Due)| {
            let actor = Arc::clone(&actors[slot.by.0 as usize]);
            DemoBatch { recorded_at: slot.at, actor, commands, document }
        };
        due.into_iter().map(batch).collect()
    }
}
