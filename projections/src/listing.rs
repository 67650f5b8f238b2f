//! 清单: the models row by row, for exports. The order is that of the log, and the same each time.
//!
//! A listing is of one organisation and all below it, as the tree stands at the newest instant recorded: a row belongs to the branch of its own
//! moment. Nothing is gathered; each row is handed over once it is made, and an error of whoever takes it ends the listing.

use crate::awards::Ruling;
use crate::dates::Dated;
use crate::explanation::Occasion;
use crate::facts::Standing;
use crate::intern::NONE;
use crate::models::ReadModels;
use crate::span::instant;
use crate::summary::ChildSummary;
use crate::tree::Tree;
use jiff::civil::Date;
use mingzhang_events::{
    ActivityClass, ActivityId, ActivityKind, ClauseId, EmergencyGrade, EventId, Evidence, Instant, MemberId, Month,
    OrganizationId, Points,
};

/// An activity (活动).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityRow {
    /// By which entry it was scheduled.
    pub log_index: u64,
    /// Which.
    pub activity: ActivityId,
    /// Who holds it.
    pub organization: OrganizationId,
    /// What kind.
    pub kind: ActivityKind,
    /// In what capacity members take part.
    pub class: ActivityClass,
    /// The grade of the emergency that it answers.
    pub emergency_grade: Option<EmergencyGrade>,
    /// Its planned start.
    pub starts_at: Instant,
    /// Its planned length.
    pub minutes: u16,
    /// Whether it was cancelled.
    pub cancelled: bool,
}

/// A sign-up (报名) in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignUpRow {
    /// By which entry.
    pub log_index: u64,
    /// For which activity.
    pub activity: ActivityId,
    /// Who.
    pub member: MemberId,
    /// The member's branch when the activity starts.
    pub branch: OrganizationId,
}

/// A record (记录) as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRow {
    /// The entry that opened it.
    pub log_index: u64,
    /// Whose.
    pub member: MemberId,
    /// The member's branch at its date.
    pub branch: OrganizationId,
    /// What kind of service.
    pub kind: ActivityKind,
    /// In what capacity.
    pub class: ActivityClass,
    /// At which activity, if it was one.
    pub activity: Option<ActivityId>,
    /// When the service began, as corrected.
    pub started_at: Instant,
    /// The local date that it counts on: of the planned start of its activity, or of its own.
    pub date: Date,
    /// Whole minutes, as corrected.
    pub minutes: u16,
    /// How it was evidenced.
    pub evidence: Evidence,
    /// Whether it counts, and if not, why not.
    pub standing: Standing,
}

/// A decision (加分、扣分、清零、一票否决).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionRow {
    /// By which entry.
    pub log_index: u64,
    /// Its event.
    pub id: EventId,
    /// About whom.
    pub member: MemberId,
    /// The member's branch then.
    pub branch: OrganizationId,
    /// What it does.
    pub occasion: Occasion,
    /// Under which clause.
    pub clause: Option<ClauseId>,
    /// How many points are given, or below zero taken; none for a reset or a veto.
    pub points: Option<Points>,
    /// From when on.
    pub decided_at: Instant,
    /// How it was evidenced.
    pub evidence: Evidence,
    /// The entry by which it was reversed or quashed.
    pub ended_by: Option<u64>,
}

/// One part of the tree.
struct Part {
    tree: Tree,
    organization: u32,
}

impl Part {
    /// The code of a branch that stands in it.
    fn code(&self, models: &ReadModels, branch: u32) -> Option<OrganizationId> {
        (branch != NONE && self.tree.holds(self.organization, branch)).then(|| models.organizations.id(branch))
    }
}

impl ReadModels {
    fn part(&self, organization: OrganizationId) -> Option<Part> {
        let organization = self.organization_number(organization)?;
        Some(Part { tree: Tree::at(&self.organizations, self.newest_recorded_at), organization })
    }

    /// Whether an organisation is another or stands below it at the newest instant recorded.
    pub fn stands_below(&self, organization: OrganizationId, above: OrganizationId) -> bool {
        let (number, above) = (self.organization_number(organization), self.organization_number(above));
        number.zip(above).is_some_and(|(number, above)| {
            self.organizations.upward(number, self.newest_recorded_at).any(|upward| upward == above)
        })
    }

    /// The members who were ever on the roster of an organisation or of one below it, by id. None for an unknown organisation.
    pub fn members_ever_in(&self, organization: OrganizationId) -> Option<Vec<MemberId>> {
        let part = self.part(organization)?;
        let below = part.tree.part(part.organization).iter();
        let mut members: Vec<MemberId> =
            below.flat_map(|&of| self.roster.ever_in(of)).map(|&member| self.roster.id(member)).collect();
        members.sort_unstable();
        members.dedup();
        Some(members)
    }

    /// Every organisation that ever was, an organisation itself or below it, by code: with those that were merged or dissolved. None for an
    /// unknown organisation.
    pub fn organizations_ever_in(&self, organization: OrganizationId) -> Option<Vec<OrganizationId>> {
        let part = self.part(organization)?;
        let below = part.tree.part(part.organization).iter();
        let mut codes: Vec<OrganizationId> = below.map(|&of| self.organizations.id(of)).collect();
        codes.sort_unstable();
        Some(codes)
    }

    /// What an organisation and all below it did in a month. None for an unknown organisation.
    pub fn organization_month(&self, organization: OrganizationId, month: Month) -> Option<ChildSummary> {
        Some(self.child_summary(self.organization_number(organization)?, month, None))
    }

    /// Activities that the part of the tree held, in order of log index. `Ok(None)` for an unknown organisation.
    pub fn each_activity<E>(
        &self,
        organization: OrganizationId,
        mut each: impl FnMut(ActivityRow) -> Result<(), E>,
    ) -> Result<Option<()>, E> {
        let Some(part) = self.part(organization) else { return Ok(None) };
        for number in 0..self.activities.count() {
            let activity = self.activities.get(number);
            let Some(organization) = part.code(self, activity.organization) else { continue };
            each(ActivityRow {
                log_index: u64::from(activity.log_index),
                activity: self.activities.id(number),
                organization,
                kind: activity.kind(),
                class: activity.class(),
                emergency_grade: activity.grade(),
                starts_at: instant(activity.starts_at),
                minutes: activity.length_minutes,
                cancelled: activity.is_cancelled(),
            })?;
        }
        Ok(Some(()))
    }

    /// Sign-ups in force, in the order in which the months of members first appeared in the log, those of one newest first. `Ok(None)` for an
    /// unknown organisation.
    pub fn each_sign_up<E>(
        &self,
        organization: OrganizationId,
        mut each: impl FnMut(SignUpRow) -> Result<(), E>,
    ) -> Result<Option<()>, E> {
        let Some(part) = self.part(organization) else { return Ok(None) };
        for number in 0..self.member_months.count() {
            let of = self.member_months.get(number);
            for (_, sign_up) in self.participation.sign_ups(of.sign_ups) {
                let starts_at = self.activities.get(sign_up.activity).starts_at;
                let branch = self.roster.branch(&self.organizations, of.member, starts_at);
                let Some(branch) = part.code(self, branch) else { continue };
                each(SignUpRow {
                    log_index: u64::from(sign_up.log_index),
                    activity: self.activities.id(sign_up.activity),
                    member: self.roster.id(of.member),
                    branch,
                })?;
            }
        }
        Ok(Some(()))
    }

    /// Records of the part's members, in order of log index. `Ok(None)` for an unknown organisation.
    pub fn each_record<E>(
        &self,
        organization: OrganizationId,
        mut each: impl FnMut(RecordRow) -> Result<(), E>,
    ) -> Result<Option<()>, E> {
        let Some(part) = self.part(organization) else { return Ok(None) };
        for number in 0..self.records.count() {
            let record = self.records.get(number);
            let of = self.member_months.get(self.records.owner(number));
            let Dated { dated_at, served_from } = self.dated(number, record, of.month());
            let in_branch = self.roster.branch(&self.organizations, of.member, dated_at);
            let Some(branch) = part.code(self, in_branch) else { continue };
            let (kind, class) = self.kind_of(record);
            each(RecordRow {
                log_index: u64::from(self.records.log_index(number)),
                member: self.roster.id(of.member),
                branch,
                kind,
                class,
                activity: record.activity().map(|activity| self.activities.id(activity)),
                started_at: instant(served_from),
                date: instant(dated_at).local_date(),
                minutes: record.minutes,
                evidence: record.evidence(),
                standing: self.standing(record, in_branch, self.rules.in_force(of.month())),
            })?;
        }
        Ok(Some(()))
    }

    /// Decisions about the part's members, in order of log index. `Ok(None)` for an unknown organisation.
    pub fn each_decision<E>(
        &self,
        organization: OrganizationId,
        mut each: impl FnMut(DecisionRow) -> Result<(), E>,
    ) -> Result<Option<()>, E> {
        let Some(part) = self.part(organization) else { return Ok(None) };
        for award in self.awards.all() {
            let member = self.member_months.get(award.member_month).member;
            let branch = self.roster.branch(&self.organizations, member, award.at);
            let Some(branch) = part.code(self, branch) else { continue };
            let (occasion, points) = match award.ruling {
                Ruling::Granted => (Occasion::Granted, Some(award.hundredths)),
                Ruling::Deducted => (Occasion::Deducted, Some(-award.hundredths)),
                Ruling::Reset => (Occasion::Reset, None),
                Ruling::Vetoed => (Occasion::Vetoed, None),
            };
            each(DecisionRow {
                log_index: u64::from(award.log_index),
                id: award.id(),
                member: self.roster.id(member),
                branch,
                occasion,
                clause: award.clause(),
                points: points.map(Points::from_hundredths),
                decided_at: instant(award.at),
                evidence: award.evidence(),
                ended_by: award.reversed.map(u64::from),
            })?;
        }
        Ok(Some(()))
    }
}
