//! One row of the table of records → one fact.

use super::{RecordContext, RecordType, activity_of_code};
use crate::import::cell::{code, number, points};
use crate::import::column::Column;
use crate::import::duration::{Unit, minutes};
use crate::import::fault::Reason;
use crate::import::fields::{Faulty, Fields};
use crate::import::organization_named::required_organization;
use crate::import::people::{NamedHousehold, known_member, listed, numbered_otherwise};
use crate::import::text::plain;
use crate::import::word::Word;
use crate::ledger::IdempotencyKey;
use mingzhang_events::{
    ActivityCancelled, ActivityId, ActivityScheduled, AttendanceRecorded, DecisionQuashed, DutyRostered, DutyServed,
    EnrollmentEnded, Event, EventId, HardshipPairingEnded, HardshipPairingFormed, HomeVisitMade, HouseholdId, Instant,
    LateCheckInRecorded, MemberCheckedIn, MemberCheckedOut, MemberEnrolled, MemberExempted, MemberId, MemberLeft,
    MemberReclassified, MemberSignedUp, MemberTransferred, PointsDeducted, PointsGranted, PointsReset, PointsVetoed,
    RecordCorrected, RecordReversed, ServiceApproved, ServiceReturned, SignUpWithdrawn,
};
use std::collections::HashMap;

/// When a fact happened.
pub(super) enum Time {
    /// The row says it.
    Happened(Instant),
    /// A plan was made, the row doesn't say when, but it was before this.
    Planned {
        /// The start of what is planned.
        before: Instant,
    },
}

/// The row, and what it is read against.
pub(super) struct Row<'r, 'f, 'c> {
    pub(super) fields: &'r mut Fields<'f>,
    pub(super) context: &'r mut RecordContext<'c>,
    /// Households paired for the first time by rows above.
    pub(super) paired: &'r HashMap<String, HouseholdId>,
    /// The household that this row pairs for the first time.
    pub(super) newly_paired: Option<NamedHousehold>,
}

impl Row<'_, '_, '_> {
    /// The fact, and when it happened. Every cell is read before the first fault stops us, so that all faults are noted.
    pub(super) fn fact(&mut self, record_type: RecordType) -> Result<(Event, Time), Faulty> {
        let (event, at) = match record_type {
            RecordType::ActivityScheduled => {
                let (activity, organization) = (self.activity(), self.organization());
                let (kind, class) = (self.word(Column::Kind), self.word(Column::Class));
                let emergency_grade = self.fields.optional(Column::Grade, Word::read);
                let (starts_at, ends_at) = self.span()?;
                let (activity, organization, kind, class) = (activity?, organization?, kind?, class?);
                let (emergency_grade, planned) = (emergency_grade?, self.planned(starts_at)?);
                let event =
                    ActivityScheduled { activity, class, emergency_grade, ends_at, kind, organization, starts_at };
                return Ok((event.into(), planned));
            }
            RecordType::ActivityCancelled => {
                let (activity, reason, at) = (self.activity(), self.word(Column::Reason), self.start());
                (ActivityCancelled { activity: activity?, reason: reason? }.into(), at?)
            }
            RecordType::SignUp => {
                let (activity, member, at) = (self.activity(), self.member(), self.start());
                (MemberSignedUp { activity: activity?, member: member? }.into(), at?)
            }
            RecordType::SignUpWithdrawn => {
                let (activity, member, at) = (self.activity(), self.member(), self.start());
                (SignUpWithdrawn { activity: activity?, member: member? }.into(), at?)
            }
            RecordType::CheckIn => {
                let (activity, member, at) = (self.activity(), self.member(), self.start());
                (MemberCheckedIn { activity: activity?, member: member? }.into(), at?)
            }
            RecordType::CheckOut => {
                let (activity, member, at) = (self.activity(), self.member(), self.start());
                (MemberCheckedOut { activity: activity?, member: member? }.into(), at?)
            }
            RecordType::LateCheckIn => {
                let (activity, member, reason) = (self.activity(), self.member(), self.word(Column::Reason));
                let (at, ended_at) = self.span()?;
                let (activity, member, reason) = (activity?, member?, reason?);
                (LateCheckInRecorded { activity, ended_at, member, reason }.into(), at)
            }
            RecordType::Attendance => {
                let (activity, member, outcome) = (self.activity(), self.member(), self.word(Column::Outcome));
                let at = self.start()?;
                (AttendanceRecorded { activity: activity?, member: member?, outcome: outcome? }.into(), at)
            }
            RecordType::Pairing => {
                let (member, organization, at) = (self.member(), self.organization(), self.start_or_day());
                let household = self.household_or_new()?;
                (HardshipPairingFormed { household, member: member?, organization: organization? }.into(), at?)
            }
            RecordType::PairingEnded => {
                let (member, household, at) = (self.member(), self.household(), self.start_or_day());
                (HardshipPairingEnded { household: household?, member: member? }.into(), at?)
            }
            RecordType::HomeVisit => {
                let (member, household, time) = (self.member(), self.household(), self.time());
                let (at, minutes) = time?;
                (HomeVisitMade { household: household?, member: member?, minutes }.into(), at)
            }
            RecordType::DutyRostered => {
                let (member, organization, at) = (self.member(), self.organization(), self.start_or_day());
                let at = at?;
                let (member, organization) = (member?, organization?);
                let planned = self.planned(at)?;
                return Ok((DutyRostered { date: at.local_date(), member, organization }.into(), planned));
            }
            RecordType::DutyServed => {
                let (member, organization, time) = (self.member(), self.organization(), self.time());
                let (at, minutes) = time?;
                (DutyServed { member: member?, minutes, organization: organization? }.into(), at)
            }
            RecordType::Transfer => {
                let (member, organization, at) = (self.member(), self.organization(), self.start_or_day());
                (MemberTransferred { decision: None, member: member?, organization: organization? }.into(), at?)
            }
            RecordType::Leaving => {
                let (member, reason, at) = (self.member(), self.word(Column::Reason), self.start_or_day());
                (MemberLeft { decision: None, member: member?, reason: reason? }.into(), at?)
            }
            RecordType::Exemption => {
                let (member, reason, at) = (self.member(), self.word(Column::Reason), self.start_or_day());
                let until = self.fields.optional_day(Column::Until);
                (MemberExempted { decision: None, member: member?, reason: reason?, until: until? }.into(), at?)
            }
            RecordType::Enrollment => {
                let (member, community, at) = (self.member(), self.organization(), self.start_or_day());
                (MemberEnrolled { decision: None, community: community?, member: member? }.into(), at?)
            }
            RecordType::EnrollmentEnded => {
                let (member, community, at) = (self.member(), self.organization(), self.start_or_day());
                (EnrollmentEnded { decision: None, community: community?, member: member? }.into(), at?)
            }
            RecordType::Approval => {
                let (record, at) = (self.record(), self.start_or_day());
                (ServiceApproved { record: record? }.into(), at?)
            }
            RecordType::Return => {
                let (record, reason, at) = (self.record(), self.word(Column::Reason), self.start_or_day());
                (ServiceReturned { reason: reason?, record: record? }.into(), at?)
            }
            RecordType::Correction => {
                let (record, reason, time) = (self.record(), self.word(Column::Reason), self.time());
                let (at, minutes) = time?;
                (RecordCorrected { decision: None, minutes, reason: reason?, record: record? }.into(), at)
            }
            RecordType::Reversal => {
                let (record, reason, at) = (self.record(), self.word(Column::Reason), self.start_or_day());
                (RecordReversed { decision: None, reason: reason?, record: record? }.into(), at?)
            }
            RecordType::Grant => {
                let (member, clause, points, at) = (self.member(), self.clause(), self.points(), self.start_or_day());
                (PointsGranted { decision: None, clause: clause?, member: member?, points: points? }.into(), at?)
            }
            RecordType::Deduction => {
                let (member, clause, points, at) = (self.member(), self.clause(), self.points(), self.start_or_day());
                (PointsDeducted { decision: None, clause: clause?, member: member?, points: points? }.into(), at?)
            }
            RecordType::Reset => {
                let (member, clause, at) = (self.member(), self.clause(), self.start_or_day());
                (PointsReset { clause: clause?, member: member? }.into(), at?)
            }
            RecordType::Veto => {
                let (member, clause, at) = (self.member(), self.clause(), self.start_or_day());
                (PointsVetoed { clause: clause?, member: member? }.into(), at?)
            }
            RecordType::Quashing => {
                let (decision, reason, at) = (self.record(), self.word(Column::Reason), self.start_or_day());
                (DecisionQuashed { decision: decision?, reason: reason? }.into(), at?)
            }
            RecordType::Reclassification => {
                let (member, class, at) = (self.member(), self.word(Column::Class), self.start_or_day());
                (MemberReclassified { decision: None, class: class?, member: member? }.into(), at?)
            }
        };
        Ok((event, Time::Happened(at)))
    }

    fn planned(&mut self, before: Instant) -> Result<Time, Faulty> {
        let planned_at = self.fields.optional_instant(Column::PlannedAt)?;
        Ok(planned_at.map_or(Time::Planned { before }, Time::Happened))
    }

    fn member(&mut self) -> Result<MemberId, Faulty> {
        match known_member(self.fields, self.context.members, self.context.organizations)? {
            Some(member) => Ok(member),
            None => match self.fields.optional(Column::Number, number)? {
                Some(number) => {
                    let otherwise = numbered_otherwise(self.context.members, &number, None);
                    let known = listed(&otherwise);
                    let reason = match known.is_empty() {
                        true => Reason::UnknownMember,
                        false => Reason::NumberWrittenOtherwise { known },
                    };
                    Err(self.fields.fault(Column::Number, reason))
                }
                None => Err(self.fields.fault(Column::MemberName, Reason::UnknownMember)),
            },
        }
    }

    fn activity(&mut self) -> Result<ActivityId, Faulty> {
        let origin = self.context.origin;
        self.fields.required(Column::Activity, |text| {
            Ok(plain(text).parse().unwrap_or_else(|_| activity_of_code(origin, text)))
        })
    }

    fn organization(&mut self) -> Result<mingzhang_events::OrganizationId, Faulty> {
        required_organization(self.fields, Column::Organization, self.context.organizations)
    }

    fn household(&mut self) -> Result<HouseholdId, Faulty> {
        let (households, paired) = (self.context.households, self.paired);
        self.fields.required(Column::Household, |text| {
            let text = &*plain(text);
            let known = text.parse().ok().or_else(|| households.by_code(text)).or_else(|| paired.get(text).copied());
            known.ok_or(Reason::UnknownHousehold)
        })
    }

    /// A pairing may name a household that nobody has named before: it gets a random id.
    fn household_or_new(&mut self) -> Result<HouseholdId, Faulty> {
        let Some(code) = self.fields.optional(Column::Household, |text| Ok(plain(text)))? else {
            return self.household();
        };
        let known = code.parse().ok().or_else(|| self.context.households.by_code(&code));
        if let Some(household) = known.or_else(|| self.paired.get(&*code).copied()) {
            return Ok(household);
        }
        let household = (self.context.new_household)();
        self.newly_paired = Some(NamedHousehold { household, code: code.into_owned() });
        Ok(household)
    }

    /// A record by its event id, or by the idempotency key that it was recorded with.
    fn record(&mut self) -> Result<EventId, Faulty> {
        self.fields.required(Column::Record, |text| {
            let text = &*plain(text);
            let by_key = || text.parse::<IdempotencyKey>().map(|key| key.event_id()).map_err(|_| Reason::NotAKey);
            text.parse().or_else(|_| by_key())
        })
    }

    fn clause(&mut self) -> Result<mingzhang_events::ClauseId, Faulty> {
        self.fields.required(Column::Clause, code)
    }

    fn points(&mut self) -> Result<mingzhang_events::Points, Faulty> {
        self.fields.required(Column::Points, points)
    }

    fn word<W: Word>(&mut self, column: Column) -> Result<W, Faulty> {
        self.fields.required(column, W::read)
    }

    fn start(&mut self) -> Result<Instant, Faulty> {
        self.fields.beginning(false).map(|began| began.at)
    }

    /// Where a day is meant, its date alone will do.
    fn start_or_day(&mut self) -> Result<Instant, Faulty> {
        self.fields.beginning(true).map(|began| began.at)
    }

    /// How long it took, by the columns that say so: none, or all that do agree.
    fn minutes(&mut self) -> Result<Option<u16>, Faulty> {
        let mut said = None;
        for (column, unit) in
            [(Column::Minutes, Unit::Minutes), (Column::Hours, Unit::Hours), (Column::Duration, Unit::Unsaid)]
        {
            match (said, self.fields.optional(column, |text| minutes(text, unit))?) {
                (Some(before), Some(now)) if before != now => return Err(self.fields.fault(column, Reason::EndWrong)),
                (before, now) => said = before.or(now),
            }
        }
        Ok(said)
    }

    /// Start and end: from the cell of the start, the end or the minutes. Whatever says so agrees.
    fn span(&mut self) -> Result<(Instant, Instant), Faulty> {
        let minutes = self.minutes();
        let began = self.fields.beginning(false)?;
        let (start, range_end) = (began.at, began.until);
        let end = self.fields.end(began)?;
        let minutes = minutes?;
        let by_minutes = minutes.map(|minutes| start.plus_minutes(minutes.into()));
        let column = if end.is_some() || range_end.is_none() { Column::End } else { Column::Start };
        let said: Vec<Instant> = [range_end, end, by_minutes].into_iter().flatten().collect();
        let Some(&end) = said.first() else {
            return Err(self.fields.fault(Column::End, Reason::CellEmpty));
        };
        let lasted = end.unix_seconds() - start.unix_seconds();
        if said.iter().any(|other| *other != end) || lasted <= 0 || lasted > 24 * 3_600 {
            return Err(self.fields.fault(column, Reason::EndWrong));
        }
        Ok((start, end))
    }

    /// Start and whole minutes, from the minutes or the end.
    fn time(&mut self) -> Result<(Instant, u16), Faulty> {
        let (start, end) = self.span()?;
        match u16::try_from(end.unix_minutes() - start.unix_minutes()) {
            Ok(minutes) if minutes > 0 => Ok((start, minutes)),
            _ => Err(self.fields.fault(Column::End, Reason::EndWrong)),
        }
    }
}
