//! What `decide` needs to know: a fold of the log, kept a batch ahead of what is durable. Pure.
//!
//! It may not be read by anything that answers queries: those have the read models. Invariant: after `undo_to(mark)` it is
//! what it was at the mark; after `apply` of every entry it is the same on every machine.

mod apply;
mod id_index;
mod image;
mod lookup;
mod objections;
mod review;
mod settled;
mod table;

use bitcode::{Decode, Encode};
use id_index::IdIndex;
pub(crate) use lookup::{Subject, instant_of};
use mingzhang_events::{
    ActivityClass, ActivityId, ActivityKind, ActorId, EventId, HouseholdId, Instant, MemberId, OrganizationId,
    ScoringRules,
};
use settled::FormerPlace;
pub(crate) use settled::Settled;
use std::sync::Arc;
pub(crate) use table::NONE;
use table::{Map, Rows, Table};

/// An organisation as decisions see it. Times are minutes since 1970; `NONE` is never.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct OrganizationState {
    /// The row above; `NONE` for the root.
    pub(crate) parent: u32,
    pub(crate) established_minute: u32,
    /// When it was dissolved or merged.
    pub(crate) ended_minute: u32,
    /// The row it was merged into.
    pub(crate) successor: u32,
    /// By its place in the closed list.
    pub(crate) level: u8,
    /// The latest month that it has frozen or closed itself, by number; 0 if none.
    settled_month: u16,
    /// Since when it is below its parent.
    placed_minute: u32,
    /// Where it was before; `NONE` if it was never moved.
    former: u32,
    pub(crate) members: u32,
    pub(crate) children: u32,
}

/// A member as decisions see it.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct MemberState {
    /// The row of the branch.
    pub(crate) branch: u32,
    /// Since when they belong to it.
    placed_minute: u32,
    /// Where they belonged before; `NONE` if nowhere else.
    former: u32,
    pub(crate) rostered_minute: u32,
    pub(crate) left_minute: u32,
    /// When branch or class last changed, or they left: in seconds, because changes of one minute have an order.
    pub(crate) changed_seconds: i64,
    /// Their class, by its place in the closed list.
    pub(crate) class: u8,
    /// Whether their full name may be printed.
    pub(crate) consents_to_name: bool,
    /// Whether name and log-ins are gone.
    pub(crate) erased: bool,
    /// The newest record of theirs; the chain goes on in `RecordState::previous`.
    pub(crate) last_record: u32,
    /// The latest start that a correction has given a record of theirs after that was first recorded; 0 if none has.
    pub(crate) moved_start_minute: u32,
}

/// An activity as decisions see it.
#[derive(Debug, Clone)]
pub(crate) struct ActivityState {
    pub(crate) organization: u32,
    pub(crate) starts_at: Instant,
    pub(crate) ends_at: Instant,
    pub(crate) kind: ActivityKind,
    pub(crate) class: ActivityClass,
    /// Whether its records are dated at its planned start: as the rules say that were known for its month when it was scheduled.
    pub(crate) dates_records: bool,
    pub(crate) cancelled: bool,
}

/// What a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) enum RecordKind {
    /// Check-in and check-out, on site or late.
    Service,
    /// Presence at a meeting or training.
    Attendance,
    /// Leave or absence from one.
    Absence,
    /// A home visit.
    HomeVisit,
    /// A duty.
    Duty,
    /// A grant or deduction.
    Award,
    /// A reset or a veto.
    Veto,
}

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Standing {
    /// Checked in, not out.
    Open,
    /// Not reviewed.
    Unreviewed,
    Approved,
    Returned,
    /// Corrected since the last review.
    Corrected,
    Reversed,
}

/// A record, grant or deduction as decisions see it.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct RecordState {
    /// The lower half of the event's id.
    pub(crate) id_tail: u64,
    pub(crate) log_index: u32,
    pub(crate) member: u32,
    /// Whose activity, household or duty it was.
    pub(crate) organization: u32,
    /// The activity; `NONE` if there is none.
    pub(crate) activity: u32,
    pub(crate) opened_by: u32,
    /// Who checked out or corrected last; `NONE` if nobody did.
    pub(crate) changed_by: u32,
    /// Who reviewed it last; `NONE` if nobody did.
    pub(crate) reviewed_by: u32,
    /// When the service began; of which day it is says [`LedgerState::dated_at`].
    pub(crate) start_minute: u32,
    pub(crate) recorded_minute: u32,
    /// The member's record before this one.
    pub(crate) previous: u32,
    pub(crate) minutes: u16,
    /// How often review has begun anew, by a return or a correction.
    pub(crate) review_round: u16,
    /// Steps of the review chain taken since.
    pub(crate) steps_taken: u8,
    pub(crate) kind: RecordKind,
    pub(crate) standing: Standing,
    /// Whether it is what an upheld objection said to be missing: that decision admits it and its check-out.
    pub(crate) was_missing: bool,
}

impl RecordState {
    /// Whose figures count it beside those of the member's branch: who held the activity, or whose duty it was.
    pub(crate) fn counted_at(&self) -> Option<u32> {
        match self.kind {
            RecordKind::Service | RecordKind::Attendance | RecordKind::Absence | RecordKind::Duty => {
                Some(self.organization)
            }
            RecordKind::HomeVisit | RecordKind::Award | RecordKind::Veto => None,
        }
    }
}

/// What somebody did to a record whom the record itself doesn't name any more.
#[derive(Debug, Clone, Copy, Default, Encode, Decode)]
pub(crate) struct EarlierHand {
    /// Whether they checked out or corrected.
    pub(crate) changed: bool,
    /// In which round of its review they took a step, plus one; 0 if in none.
    pub(crate) round_plus_one: u32,
}

/// A member's part in an activity.
#[derive(Debug, Clone, Default, Encode, Decode)]
pub(crate) struct Participation {
    pub(crate) signed_up: bool,
    /// Row of the record + 1; 0 if there is none.
    pub(crate) record_plus_one: u32,
}

/// A pairing of a household with a member.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct PairingState {
    pub(crate) organization: u32,
    pub(crate) formed_minute: u32,
    pub(crate) ended_minute: u32,
}

/// How far a month has come for an organisation and all below it (月度进程).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub(crate) enum MonthStage {
    /// 冻结.
    Frozen,
    /// 公示.
    Disclosed,
    /// 月结.
    Closed,
}

/// A stage, and the entry that reached it.
#[derive(Debug, Clone, Copy, Encode, Decode)]
pub(crate) struct MonthReached {
    pub(crate) stage: MonthStage,
    pub(crate) log_index: u32,
    /// The entry that showed the month to everybody: the disclosure, also after the close, or the close where there was none. `NONE` before.
    pub(crate) shown_at: u32,
}

/// What put a record right, or brought it in, last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Mended {
    pub(crate) log_index: u32,
    /// Whether it counts for nothing until it is reviewed: a correction does, and what had been missing by its evidence.
    pub(crate) needs_review: bool,
}

/// What was shown to everybody: a disclosure or a notice.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct Publication {
    pub(crate) event: u128,
    pub(crate) organization: u32,
    /// By number.
    pub(crate) month: u16,
    /// Of a notice: its number.
    pub(crate) number: Option<String>,
    /// Of a disclosure: its last local day. Of a notice: the day of its issue.
    pub(crate) day: u32,
    /// The entry by which it was.
    pub(crate) log_index: u32,
}

/// An issued document as decisions see it.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct DocumentState {
    /// By its place in the closed list.
    pub(crate) kind: u8,
    pub(crate) organization: u32,
    /// Whom it is about; `NONE` if nobody.
    pub(crate) member: u32,
    /// The activity that it is about; `NONE` if there is none.
    pub(crate) activity: u32,
    /// By number; 0 without a month.
    pub(crate) month: u16,
    pub(crate) superseded: bool,
}

/// Where an objection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) enum ObjectionStanding {
    Raised,
    Upheld,
    Dismissed,
    Withdrawn,
}

/// An objection as decisions see it.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct ObjectionState {
    /// What it is about, by its event.
    pub(crate) subject: u128,
    pub(crate) member: u32,
    /// The member's branch when it was raised.
    pub(crate) organization: u32,
    /// The record or decision that it is about; `NONE` if it is a line.
    pub(crate) record: u32,
    pub(crate) raised_by: u32,
    /// Whether it is the member's own, raised by or for them, as far as the log tells: it says so, or nobody else could have raised it.
    pub(crate) of_member: bool,
    /// Who is to decide it; `NONE` as long as nobody is.
    pub(crate) assignee: u32,
    /// The event that upheld it.
    pub(crate) decision: Option<u128>,
    /// Whether anything was corrected or recorded because of it: one decision admits one fact.
    pub(crate) answered: bool,
    /// By number.
    pub(crate) month: u16,
    /// By its place in the closed list.
    pub(crate) ground: u8,
    pub(crate) standing: ObjectionStanding,
}

/// Small values that a mark copies whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
struct Scalars {
    tree_size: u64,
    last_recorded_seconds: i64,
    /// The root of the tree of organisations.
    root: u32,
    /// The latest month that is frozen, disclosed or closed anywhere, by number; 0 if none is.
    latest_frozen_month: u16,
    /// The latest month that is closed anywhere, by number; 0 if none is.
    latest_closed_month: u16,
}

/// The state that commands are decided on.
#[derive(Debug, Clone)]
pub struct LedgerState {
    scalars: Scalars,
    organizations: Table<OrganizationId, OrganizationState>,
    members: Table<MemberId, MemberState>,
    activities: Table<ActivityId, ActivityState>,
    households: Table<HouseholdId, ()>,
    actors: Table<ActorId, ()>,
    /// Files that were issued, by the events that issued them.
    documents: Table<EventId, DocumentState>,
    /// By the SHA-256 of a file: the row of its document.
    files: Map<[u8; 32], u32>,
    /// The numbers of certificates that each organisation has used.
    certificates: Map<(u32, String), ()>,
    records: Rows<RecordState>,
    participations: Map<(u32, u32), Participation>,
    pairings: Map<(u32, u32), PairingState>,
    /// Those in force by member and community, each with the second from which on.
    enrollments: Map<(u32, u32), i64>,
    /// By organisation, local day and member: the row of the record that it was served + 1; 0 if there is none.
    duties: Map<(u32, u32, u32), u32>,
    months: Map<(u16, u32), MonthReached>,
    objections: Table<EventId, ObjectionState>,
    /// By member and month: the objections upheld because a record is missing that nothing has answered yet, in the order of their
    /// decisions. One decision admits one record.
    missing: Map<(u32, u16), Vec<u32>>,
    /// By record: the newest entry that corrected it, or entered it because an upheld objection said that it was missing.
    mended: Map<u32, Mended>,
    /// By record and decision: each decision that a correction of the record has named.
    corrected_by: Map<(u32, u128), ()>,
    /// Whose right to record is suspended, until which local day; `NONE` without an end.
    suspensions: Map<u32, u32>,
    /// By record and actor: whoever had a record in hand before those whom it names.
    earlier_hands: Map<(u32, u32), EarlierHand>,
    former_places: Rows<FormerPlace>,
    /// By month and branch, as long as that isn't closed: where anybody has an entry of service, a decision or a sign-up.
    entered: Map<(u16, u32), ()>,
    rules: Vec<Arc<ScoringRules>>,
    publications: Vec<Publication>,
    /// Each entry that changed the signing key, with the key that signs after it.
    rotations: Vec<(u64, String)>,
    /// The handover that this ledger itself is making, from which key to which. Not of the log, and in no snapshot.
    handover: Option<(String, String)>,
    ids: IdIndex,
    /// Ids inserted and not yet final, oldest first, with how many were made final before.
    ids_journal: Vec<(EventId, u64)>,
    ids_forgotten: u64,
}

impl Default for LedgerState {
    fn default() -> Self {
        LedgerState {
            scalars: Scalars {
                tree_size: 0,
                last_recorded_seconds: Instant::EARLIEST.unix_seconds(),
                root: NONE,
                latest_frozen_month: 0,
                latest_closed_month: 0,
            },
            organizations: Table::default(),
            members: Table::default(),
            activities: Table::default(),
            households: Table::default(),
            actors: Table::default(),
            documents: Table::default(),
            files: Map::default(),
            certificates: Map::default(),
            records: Rows::default(),
            participations: Map::default(),
            pairings: Map::default(),
            enrollments: Map::default(),
            duties: Map::default(),
            months: Map::default(),
            objections: Table::default(),
            missing: Map::default(),
            mended: Map::default(),
            corrected_by: Map::default(),
            suspensions: Map::default(),
            earlier_hands: Map::default(),
            former_places: Rows::default(),
            entered: Map::default(),
            rules: Vec::new(),
            publications: Vec::new(),
            rotations: Vec::new(),
            handover: None,
            ids: IdIndex::default(),
            ids_journal: Vec::new(),
            ids_forgotten: 0,
        }
    }
}

/// A place to go back to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    scalars: Scalars,
    tables: [u64; 22],
    rules: usize,
    publications: usize,
    rotations: usize,
    ids: u64,
}

impl LedgerState {
    /// How many entries are folded in.
    pub fn tree_size(&self) -> u64 {
        self.scalars.tree_size
    }

    /// When the newest entry was recorded: no later one may be recorded earlier.
    pub fn last_recorded_at(&self) -> Instant {
        Instant::from_unix_seconds(self.scalars.last_recorded_seconds).unwrap_or(Instant::EARLIEST)
    }

    /// The present place, to go back to.
    pub(crate) fn mark(&self) -> Mark {
        Mark {
            scalars: self.scalars,
            tables: [
                self.organizations.mark(),
                self.members.mark(),
                self.activities.mark(),
                self.households.mark(),
                self.actors.mark(),
                self.documents.mark(),
                self.files.mark(),
                self.certificates.mark(),
                self.records.mark(),
                self.participations.mark(),
                self.pairings.mark(),
                self.enrollments.mark(),
                self.duties.mark(),
                self.months.mark(),
                self.objections.mark(),
                self.missing.mark(),
                self.mended.mark(),
                self.corrected_by.mark(),
                self.suspensions.mark(),
                self.earlier_hands.mark(),
                self.former_places.mark(),
                self.entered.mark(),
            ],
            rules: self.rules.len(),
            publications: self.publications.len(),
            rotations: self.rotations.len(),
            ids: self.ids_forgotten + self.ids_journal.len() as u64,
        }
    }

    /// Takes back everything applied since the mark.
    pub(crate) fn undo_to(&mut self, mark: &Mark) {
        self.scalars = mark.scalars;
        let [
            organizations,
            members,
            activities,
            households,
            actors,
            documents,
            files,
            certificates,
            records,
            participations,
            pairings,
            enrollments,
            duties,
            months,
            objections,
            missing,
            mended,
            corrected_by,
            suspensions,
            earlier_hands,
            former_places,
            entered,
        ] = mark.tables;
        self.organizations.undo_to(organizations);
        self.members.undo_to(members);
        self.activities.undo_to(activities);
        self.households.undo_to(households);
        self.actors.undo_to(actors);
        self.documents.undo_to(documents);
        self.files.undo_to(files);
        self.certificates.undo_to(certificates);
        self.records.undo_to(records);
        self.participations.undo_to(participations);
        self.pairings.undo_to(pairings);
        self.enrollments.undo_to(enrollments);
        self.duties.undo_to(duties);
        self.months.undo_to(months);
        self.objections.undo_to(objections);
        self.missing.undo_to(missing);
        self.mended.undo_to(mended);
        self.corrected_by.undo_to(corrected_by);
        self.suspensions.undo_to(suspensions);
        self.earlier_hands.undo_to(earlier_hands);
        self.former_places.undo_to(former_places);
        self.entered.undo_to(entered);
        self.rules.truncate(mark.rules);
        self.publications.truncate(mark.publications);
        self.rotations.truncate(mark.rotations);
        let kept = usize::try_from(mark.ids.saturating_sub(self.ids_forgotten)).expect("a journal fits in memory");
        while self.ids_journal.len() > kept {
            let (id, log_index) = self.ids_journal.pop().expect("longer than what is kept");
            self.ids.remove(id, log_index);
        }
    }

    /// Makes everything before the mark final: it is durable.
    pub(crate) fn forget_before(&mut self, mark: &Mark) {
        let [
            organizations,
            members,
            activities,
            households,
            actors,
            documents,
            files,
            certificates,
            records,
            participations,
            pairings,
            enrollments,
            duties,
            months,
            objections,
            missing,
            mended,
            corrected_by,
            suspensions,
            earlier_hands,
            former_places,
            entered,
        ] = mark.tables;
        self.organizations.forget_before(organizations);
        self.members.forget_before(members);
        self.activities.forget_before(activities);
        self.households.forget_before(households);
        self.actors.forget_before(actors);
        self.documents.forget_before(documents);
        self.files.forget_before(files);
        self.certificates.forget_before(certificates);
        self.records.forget_before(records);
        self.participations.forget_before(participations);
        self.pairings.forget_before(pairings);
        self.enrollments.forget_before(enrollments);
        self.duties.forget_before(duties);
        self.months.forget_before(months);
        self.objections.forget_before(objections);
        self.missing.forget_before(missing);
        self.mended.forget_before(mended);
        self.corrected_by.forget_before(corrected_by);
        self.suspensions.forget_before(suspensions);
        self.earlier_hands.forget_before(earlier_hands);
        self.former_places.forget_before(former_places);
        self.entered.forget_before(entered);
        let durable = usize::try_from(mark.ids.saturating_sub(self.ids_forgotten)).expect("a journal fits in memory");
        self.ids_journal.drain(..durable);
        self.ids_forgotten = mark.ids;
    }

    /// Log indexes that may be this event's: compare with what is stored there.
    pub(crate) fn candidates(&self, id: EventId) -> impl Iterator<Item = u64> {
        self.ids.candidates(id)
    }
}
