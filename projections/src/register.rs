//! 台账: every fact of an organisation's members in a month, one after another; and who was at one activity. Pure; worked out when asked for.

use crate::dates::Dated;
use crate::explanation::ExplainedItem;
use crate::intern::NONE;
use crate::models::ReadModels;
use crate::records::Form;
use crate::rules::InForce;
use crate::scoring::Scorer;
use crate::span::instant;
use mingzhang_events::{
    ActivityClass, ActivityId, ActivityKind, AttendanceOutcome, Evidence, Instant, MemberId, Month, OrganizationId,
};
use serde::Serialize;
use std::collections::BTreeSet;

/// One line of a register (台账).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegisterLine {
    /// Whose.
    pub member: MemberId,
    /// What it was, what it gave and why.
    pub item: ExplainedItem,
}

/// One line of an attendance sheet (出席记录).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SheetLine {
    /// Who.
    pub member: MemberId,
    /// Whether they were there. Whoever checked in was.
    pub outcome: AttendanceOutcome,
    /// Since when; of who is on leave, absent or was present by a list, the list's time.
    pub started_at: Instant,
    /// Whole minutes; 0 while the check-out is missing.
    pub minutes: u16,
    /// How it was evidenced.
    pub evidence: Evidence,
    /// Where they belonged at its date.
    pub branch: Option<OrganizationId>,
    /// Whether it counts, and if not, why not.
    pub standing: crate::Standing,
    /// The entries behind it.
    pub log_indexes: Vec<u64>,
}

/// Who was at an activity (出席记录).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttendanceSheet {
    /// Which activity.
    pub activity: ActivityId,
    /// Who held it.
    pub organization: OrganizationId,
    /// Its kind.
    pub kind: ActivityKind,
    /// In what capacity members took part.
    pub class: ActivityClass,
    /// Its planned start.
    pub starts_at: Instant,
    /// How long it was planned to take, in minutes.
    pub planned_minutes: u16,
    /// Whether it was cancelled.
    pub cancelled: bool,
    /// By outcome, then in order of start and of member. Records that were reversed or returned say so.
    pub lines: Vec<SheetLine>,
}

impl ReadModels {
    /// Every fact of a month whose member belonged to the organisation, or to one below it, at its date: in order of date and of start, then of
    /// member. None for an unknown organisation.
    pub fn register(&self, organization: OrganizationId, month: Month) -> Option<Vec<RegisterLine>> {
        let number = self.organization_number(organization)?;
        let tree = self.tree(month);
        let ever: BTreeSet<u32> =
            tree.part(number).iter().flat_map(|&below| self.roster.ever_in(below)).copied().collect();
        let mut scorer = Scorer::explaining(self, InForce::adopted(&self.rules));
        let mut lines = Vec::new();
        for member in ever {
            let found = self.member_months.find(&self.roster.members[member as usize], month);
            let amendments = found.map_or(NONE, |found| self.member_months.get(found).amendments);
            let id = self.roster.id(member);
            scorer.month(member, month, |item, trail| {
                if item.fact.branch != NONE && tree.holds(number, item.fact.branch) {
                    lines.push(RegisterLine { member: id, item: self.explained(&item, trail, amendments) });
                }
            });
        }
        lines.sort_by(|one, other| {
            (one.item.date, one.item.started_at, one.member, &one.item.log_indexes).cmp(&(
                other.item.date,
                other.item.started_at,
                other.member,
                &other.item.log_indexes,
            ))
        });
        Some(lines)
    }

    /// Who was at an activity, on leave or absent. None for one that was never scheduled.
    pub fn attendance_sheet(&self, activity: ActivityId) -> Option<AttendanceSheet> {
        let number = self.activities.number(activity)?;
        let of = self.activities.get(number);
        let months = self.months_of_records(number);
        let near = months.into_iter().flat_map(|month| self.member_months.of_month(month));
        let own = near.flat_map(|member_month| {
            let records = self.records.chain(self.member_months.get(member_month).records);
            let own = records.filter(|(_, entry)| entry.activity() == Some(number));
            own.map(move |(record, _)| self.sheet_line(record, member_month))
        });
        // Once all are found, the other months aren't looked through.
        let mut lines: Vec<SheetLine> = own.take(of.records as usize).collect();
        let place = |line: &'_ SheetLine| (line.outcome, line.started_at, line.member);
        lines.sort_by(|one: &SheetLine, other| (place(one), &one.log_indexes).cmp(&(place(other), &other.log_indexes)));
        Some(AttendanceSheet {
            activity,
            organization: self.organizations.id(of.organization),
            kind: of.kind(),
            class: of.class(),
            starts_at: instant(of.starts_at),
            planned_minutes: of.length_minutes,
            cancelled: of.is_cancelled(),
            lines,
        })
    }

    /// Who holds an activity. None for one that was never scheduled.
    pub fn activity_holder(&self, activity: ActivityId) -> Option<OrganizationId> {
        let of = self.activities.get(self.activities.number(activity)?);
        Some(self.organizations.id(of.organization))
    }

    fn sheet_line(&self, record: u32, member_month: u32) -> SheetLine {
        let of = self.member_months.get(member_month);
        let entry = self.records.get(record);
        let Dated { dated_at, served_from } = self.dated(record, entry, of.month());
        let branch = self.roster.branch(&self.organizations, of.member, dated_at);
        SheetLine {
            member: self.roster.id(of.member),
            outcome: match entry.form() {
                Form::CheckIn | Form::Attended | Form::HomeVisit | Form::Duty => AttendanceOutcome::Attended,
                Form::OnLeave => AttendanceOutcome::OnLeave,
                Form::Absent => AttendanceOutcome::Absent,
            },
            started_at: instant(served_from),
            minutes: entry.minutes,
            evidence: entry.evidence(),
            branch: (branch != NONE).then(|| self.organizations.id(branch)),
            standing: self.standing(entry, branch, self.rules.in_force(of.month())),
            log_indexes: self.record_log_indexes(record, of.amendments),
        }
    }
}
