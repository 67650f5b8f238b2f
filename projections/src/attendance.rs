//! What an organisation held in a month and who came: meetings, trainings, night patrols; and how records are evidenced.
//! Activities count for the organisation that held them and those above it.

use crate::figures::Sessions;
use crate::models::ReadModels;
use crate::rates::Rate;
use mingzhang_events::{Evidence, Month, OrganizationId};
use serde::Serialize;

/// Meetings or trainings of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SessionAttendance {
    /// How many were held and not cancelled.
    pub held: u32,
    /// Accepted attendances.
    pub attended: u32,
    /// Leaves.
    pub on_leave: u32,
    /// Absences without leave.
    pub absent: u32,
    /// 出席率: attended ÷ all three.
    pub rate: Rate,
}

/// Attendance (出席情况) at meetings and trainings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Attendance {
    /// 会议.
    pub meetings: SessionAttendance,
    /// 培训.
    pub trainings: SessionAttendance,
}

/// Night patrols (夜间巡逻) of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Patrols {
    /// Shifts held and not cancelled.
    pub shifts: u32,
    /// Sign-ups in force, one for each member and shift.
    pub signed_up: u32,
    /// Accepted records.
    pub attended: u32,
    /// Sign-ups without a record; 0 until the month is frozen for the member's branch (closed, if its freeze didn't say so).
    pub no_shows: u32,
    /// Minutes of accepted records.
    pub minutes: u64,
}

/// How many records are evidenced in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct EvidenceShare {
    /// How.
    pub evidence: Evidence,
    /// Accepted and pending records.
    pub records: u32,
    /// Of all of them.
    pub share: Rate,
}

impl ReadModels {
    /// Meetings and trainings of an organisation in a month. None for an unknown organisation.
    pub fn attendance(&self, organization: OrganizationId, month: Month) -> Option<Attendance> {
        let number = self.organization_number(organization)?;
        let figures = self.figures(month);
        let published_min = self.published_group_members_min(month);
        let attendance = |sessions: &Sessions| SessionAttendance {
            held: sessions.held,
            attended: sessions.attended,
            on_leave: sessions.on_leave,
            absent: sessions.absent,
            rate: Rate::new(sessions.attended, sessions.attended + sessions.on_leave + sessions.absent, published_min),
        };
        let of = figures.of(number);
        Some(Attendance { meetings: attendance(&of.meetings), trainings: attendance(&of.trainings) })
    }

    /// Night patrols of an organisation in a month. None for an unknown organisation.
    pub fn patrols(&self, organization: OrganizationId, month: Month) -> Option<Patrols> {
        let number = self.organization_number(organization)?;
        let patrols = self.figures(month).of(number).patrols;
        Some(Patrols {
            shifts: patrols.shifts,
            signed_up: patrols.signed_up,
            attended: patrols.attended,
            no_shows: patrols.no_shows,
            minutes: patrols.minutes,
        })
    }

    /// Whether it is known who missed what they had signed up for (报名未到) in an organisation's month. False for an unknown organisation.
    pub fn no_shows_known(&self, organization: OrganizationId, month: Month) -> bool {
        let known = |number| self.months.no_shows_known(&self.organizations, month, number);
        self.organization_number(organization).is_some_and(known)
    }

    /// How the accepted and pending records of an organisation's members are evidenced, in the order of the closed list.
    /// None for an unknown organisation.
    pub fn evidence_mix(&self, organization: OrganizationId, month: Month) -> Option<Vec<EvidenceShare>> {
        let number = self.organization_number(organization)?;
        let mix = self.figures(month).of(number).evidence;
        let all = mix.iter().sum();
        let share = |(&evidence, records): (&Evidence, u32)| EvidenceShare {
            evidence,
            records,
            share: Rate::new(records, all, 0),
        };
        Some(Evidence::ALL.iter().zip(mix).map(share).collect())
    }
}
