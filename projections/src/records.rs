//! Records (记录) of service: 20 bytes each, chained within the month of the member that they belong to.
//!
//! A record's log index, member and month aren't stored with it: the index is an offset from its block's, and the chain
//! ends in its owner. Invariant: following `next` from any record ends in the member-month that owns the chain, and that month is the
//! one that the record is dated in.

use crate::intern::{NONE, number_of, push_tight};
use crate::record_index::RecordIndex;
use bitcode::{Decode, Encode};
use mingzhang_events::{EventId, Evidence};
use std::collections::BTreeMap;

/// What opened a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Form {
    /// 签到、补签.
    CheckIn,
    /// 出席.
    Attended,
    /// 请假.
    OnLeave,
    /// 缺席.
    Absent,
    /// 走访.
    HomeVisit,
    /// 值守.
    Duty,
}

impl Form {
    /// Whether its subject is the activity that it was made at.
    pub(crate) fn is_at_activity(self) -> bool {
        match self {
            Form::CheckIn | Form::Attended | Form::OnLeave | Form::Absent => true,
            Form::HomeVisit | Form::Duty => false,
        }
    }
}

const FORMS: [Form; 8] =
    [Form::CheckIn, Form::Attended, Form::OnLeave, Form::Absent, Form::HomeVisit, Form::Duty, Form::Duty, Form::Duty];

/// What review has said of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Review {
    /// Nothing yet.
    None,
    /// 审核通过.
    Approved,
    /// 退回.
    Returned,
    /// Corrected since: what it says now was neither evidenced on site nor reviewed, so it waits for approval.
    Mended,
}

const REVIEWS: [Review; 4] = [Review::None, Review::Approved, Review::Returned, Review::Mended];

/// What a new record starts with.
pub(crate) struct Opening {
    pub(crate) form: Form,
    /// The activity, household or community, as the form says.
    pub(crate) subject: u32,
    pub(crate) evidence: Evidence,
    pub(crate) minutes: u16,
    /// When the service began: seconds since the start of its month, below zero before it.
    pub(crate) served_from: i64,
    /// Without a check-out yet.
    pub(crate) open: bool,
}

/// One record. `bits`, from the lowest: 22 since when it was served in seconds from [`BEFORE`] the month on, 3 form, 3 evidence, 2 review,
/// 1 open, 1 reversed.
#[derive(Clone, Copy, Encode, Decode)]
pub(crate) struct Record {
    bits: u32,
    pub(crate) subject: u32,
    next: u32,
    pub(crate) minutes: u16,
    log_offset: u16,
}

const SERVED: u32 = (1 << 22) - 1;
/// Who checks in early, or late, at an activity of another month is served outside the month of the record. 22 bits reach from eight days
/// before the start of a month to nine after its end: an activity takes a day at most. What lies further off stands in `far_served`.
const BEFORE: i64 = 8 * 86_400;
const FAR_SERVED: u32 = SERVED;
const OPEN: u32 = 1 << 30;
const REVERSED: u32 = 1 << 31;

impl Record {
    pub(crate) fn form(self) -> Form {
        FORMS[(self.bits >> 22 & 7) as usize]
    }

    pub(crate) fn evidence(self) -> Evidence {
        Evidence::ALL[(self.bits >> 25 & 7) as usize]
    }

    pub(crate) fn review(self) -> Review {
        REVIEWS[(self.bits >> 28 & 3) as usize]
    }

    pub(crate) fn is_open(self) -> bool {
        self.bits & OPEN != 0
    }

    pub(crate) fn is_reversed(self) -> bool {
        self.bits & REVERSED != 0
    }

    /// The activity it was made at, if its form has one.
    pub(crate) fn activity(self) -> Option<u32> {
        self.form().is_at_activity().then_some(self.subject)
    }

    /// Neither returned nor reversed: it may count, now or once it is complete or approved.
    pub(crate) fn may_count(self) -> bool {
        !self.is_reversed() && self.review() != Review::Returned
    }

    pub(crate) fn set_review(&mut self, review: Review) {
        self.bits = self.bits & !(3 << 28) | u32::from(review as u8) << 28;
    }

    pub(crate) fn reverse(&mut self) {
        self.bits |= REVERSED;
    }

    fn check_out(&mut self, minutes: u16) {
        self.bits &= !OPEN;
        self.minutes = minutes;
    }

    /// In truth it took so long. An absence so corrected was none.
    fn correct(&mut self, minutes: u16) {
        self.check_out(minutes);
        if matches!(self.form(), Form::Absent | Form::OnLeave) {
            self.bits = self.bits & !(7 << 22) | u32::from(Form::Attended as u8) << 22;
        }
        self.set_review(Review::Mended);
    }
}

/// Marks the `next` that names the owning member-month.
const OWNER: u32 = 1 << 31;
const BLOCK: usize = 16;
/// An offset that doesn't fit 16 bits stands in `far`.
const FAR: u16 = u16::MAX;

/// Every record ever opened, in order of log index.
#[derive(Default, Encode, Decode)]
pub(crate) struct Records {
    all: Vec<Record>,
    /// The log index of every sixteenth record.
    bases: Vec<u32>,
    far: BTreeMap<u32, u32>,
    far_served: BTreeMap<u32, i64>,
    /// The log index of each record's check-out; 0 if it has none.
    check_outs: Vec<u32>,
    index: RecordIndex,
}

impl Records {
    pub(crate) fn get(&self, record: u32) -> Record {
        self.all[record as usize]
    }

    pub(crate) fn get_mut(&mut self, record: u32) -> &mut Record {
        &mut self.all[record as usize]
    }

    pub(crate) fn count(&self) -> u32 {
        number_of(self.all.len())
    }

    /// The record that an event opened.
    pub(crate) fn number(&self, id: EventId) -> Option<u32> {
        self.index.number(id)
    }

    /// Reads what looking up an id will read first. See `touch.rs`.
    pub(crate) fn touch(&self, id: EventId) -> u32 {
        self.index.touch(id)
    }

    pub(crate) fn log_index(&self, record: u32) -> u32 {
        let offset = self.all[record as usize].log_offset;
        if offset == FAR {
            return self.far.get(&record).copied().unwrap_or(0);
        }
        self.bases[record as usize / BLOCK] + u32::from(offset)
    }

    /// When its service began, in seconds since the start of its month; below zero before it.
    pub(crate) fn served_from(&self, record: u32) -> i64 {
        match self.all[record as usize].bits & SERVED {
            FAR_SERVED => self.far_served.get(&record).copied().unwrap_or(0),
            stored => i64::from(stored) - BEFORE,
        }
    }

    fn serve_from(&mut self, record: u32, served_from: i64) {
        let near = u32::try_from(served_from.saturating_add(BEFORE)).ok().filter(|&stored| stored < FAR_SERVED);
        match near {
            Some(_) => self.far_served.remove(&record),
            None => self.far_served.insert(record, served_from),
        };
        let bits = &mut self.all[record as usize].bits;
        *bits = *bits & !SERVED | near.unwrap_or(FAR_SERVED);
    }

    /// In truth it was served from then on and took so long.
    pub(crate) fn correct(&mut self, record: u32, served_from: i64, minutes: u16) {
        self.all[record as usize].correct(minutes);
        self.serve_from(record, served_from);
    }

    /// Opens a record at the head of its owner's chain and gives its number: the chain's new head.
    pub(crate) fn open(&mut self, id: EventId, log_index: u32, owner: u32, head: u32, opening: &Opening) -> u32 {
        let record = self.count();
        if self.all.len().is_multiple_of(BLOCK) {
            push_tight(&mut self.bases, log_index);
        }
        let offset = self.bases.last().and_then(|base| log_index.checked_sub(*base));
        let log_offset = offset.and_then(|offset| u16::try_from(offset).ok()).unwrap_or(FAR);
        if log_offset == FAR {
            self.far.insert(record, log_index);
        }
        let bits = u32::from(opening.form as u8) << 22
            | u32::from(opening.evidence as u8) << 25
            | if opening.open { OPEN } else { 0 };
        self.index.insert(id, record);
        let next = if head == NONE { OWNER | owner } else { head };
        let (subject, minutes) = (opening.subject, opening.minutes);
        push_tight(&mut self.all, Record { bits, subject, next, minutes, log_offset });
        self.serve_from(record, opening.served_from);
        push_tight(&mut self.check_outs, 0);
        record
    }

    /// Completes a check-in.
    pub(crate) fn check_out(&mut self, record: u32, minutes: u16, log_index: u32) {
        self.all[record as usize].check_out(minutes);
        self.check_outs[record as usize] = log_index;
    }

    /// The log index of its check-out.
    pub(crate) fn check_out_log_index(&self, record: u32) -> Option<u32> {
        self.check_outs.get(record as usize).copied().filter(|&log_index| log_index != 0)
    }

    /// The member-month whose chain a record stands in.
    pub(crate) fn owner(&self, record: u32) -> u32 {
        let mut next = self.all[record as usize].next;
        while next & OWNER == 0 {
            next = self.all[next as usize].next;
        }
        next & !OWNER
    }

    /// The records of a chain, newest first.
    pub(crate) fn chain(&self, head: u32) -> impl Iterator<Item = (u32, Record)> + '_ {
        let entry = |number: u32| (number & OWNER == 0).then(|| (number, self.all[number as usize]));
        std::iter::successors(entry(head), move |(_, record)| entry(record.next))
    }

    /// Takes a record out of its chain and gives the chain's new head, which may be [`NONE`].
    pub(crate) fn unlink(&mut self, record: u32, head: u32) -> u32 {
        let next = self.all[record as usize].next;
        if head == record {
            return if next & OWNER == 0 { next } else { NONE };
        }
        let mut before = head;
        while self.all[before as usize].next != record {
            before = self.all[before as usize].next;
        }
        self.all[before as usize].next = next;
        head
    }

    /// Puts an unlinked record at the head of another chain.
    pub(crate) fn link(&mut self, record: u32, owner: u32, head: u32) {
        self.all[record as usize].next = if head == NONE { OWNER | owner } else { head };
    }

    /// What [`Records::rebuild`] needs beside the stored columns.
    pub(crate) fn fingerprints(&self) -> Vec<u32> {
        self.index.fingerprints(self.count())
    }

    /// Rebuilds the index after loading; false if the fingerprints are those of other records.
    pub(crate) fn rebuild(&mut self, fingerprints: &[u32]) -> bool {
        self.index.rebuild(fingerprints);
        fingerprints.len() == self.all.len()
    }
}
