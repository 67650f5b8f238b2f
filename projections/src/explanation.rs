//! A member's points explained: every point names its events and its clause. The total is the sum of the items.

use crate::assessment::MemberAssessment;
use crate::facts::{Cause, Fact, Ground, Standing};
use crate::intern::NONE;
use crate::models::ReadModels;
use crate::rules::InForce;
use crate::scoring::trail::TrailStep;
use crate::scoring::{Item, Scorer, Unscored};
use crate::span::instant;
use jiff::civil::Date;
use mingzhang_events::{
    ActivityClass, ActivityId, ActivityKind, ClauseId, Evidence, Instant, MemberId, Month, OrganizationId, Points,
    RulesVersion,
};
use serde::Serialize;

/// What an item is for (事由).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// 服务记录.
    Service,
    /// 请假.
    Leave,
    /// 无故缺席.
    Absence,
    /// 报名未到.
    NoShow,
    /// 加分决定.
    Granted,
    /// 扣分决定.
    Deducted,
    /// 清零决定.
    Reset,
    /// 一票否决决定.
    Vetoed,
    /// 基础分.
    Base,
}

/// One line of the explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplainedItem {
    /// What it is for.
    pub occasion: Occasion,
    /// Under which clause it gives or takes, or by which it gives nothing; none if no clause concerns it, or none yet.
    pub clause: Option<ClauseId>,
    /// What the clause is called; empty without one.
    pub name: String,
    /// Given or, below zero, taken.
    pub points: Points,
    /// The same before caps.
    pub points_before_cap: Points,
    /// How it came about: what the clause gives, then each coefficient and each cap that took effect. Ends in `points`.
    pub trail: Vec<TrailStep>,
    /// Whether it counts, and if not, why not.
    pub standing: Standing,
    /// Why it gives and takes nothing although it counts.
    pub unscored: Option<Unscored>,
    /// The kind of service; none for a decision.
    pub kind: Option<ActivityKind>,
    /// In what capacity; none for a decision.
    pub class: Option<ActivityClass>,
    /// When the service began, or the decision took effect.
    pub started_at: Instant,
    /// The local date that it counts on: of the planned start of its activity, or of its own.
    pub date: Date,
    /// Whole minutes of service.
    pub minutes: u16,
    /// Where the member belonged at its date.
    pub branch: Option<OrganizationId>,
    /// The activity, if it was one.
    pub activity: Option<ActivityId>,
    /// How it was evidenced; none for a no-show, which is the lack of a record, and for base points.
    pub evidence: Option<Evidence>,
    /// The entries it rests on, in order: the one that opened it, its check-out, its reviews and corrections, and the one that
    /// cancelled its activity. Base points rest on the entry that put the member where they are.
    pub log_indexes: Vec<u64>,
}

/// A member's points in one month, explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemberPoints {
    /// Who.
    pub member: MemberId,
    /// When.
    pub month: Month,
    /// Where they belong at the last moment of the month.
    pub branch: Option<OrganizationId>,
    /// The sum of the items, over all branches they belonged to.
    pub total: Points,
    /// Minutes of voluntary service that count.
    pub voluntary_minutes: u32,
    /// Rank among the members of `branch`.
    pub rank_in_branch: Option<usize>,
    /// Members ranked in `branch`.
    pub ranked_in_branch: Option<usize>,
    /// The rules they were scored by; none if none were in force: then nothing earns points.
    pub rules_version: Option<RulesVersion>,
    /// Every fact of the month in order of its date, those that earn nothing included.
    pub items: Vec<ExplainedItem>,
    /// How the member is assessed; none if the rules don't say how.
    pub assessment: Option<MemberAssessment>,
}

impl ReadModels {
    /// A member's points in a month with every item that they are the sum of. None for an unknown member.
    pub fn member_points(&self, member: MemberId, month: Month) -> Option<MemberPoints> {
        let number = self.roster.number(member)?;
        let rules = self.rules.in_force(month);
        let found = self.member_months.find(&self.roster.members[number as usize], month);
        let amendments = found.map_or(NONE, |found| self.member_months.get(found).amendments);
        let (mut items, mut voluntary_minutes) = (Vec::new(), 0_u32);
        Scorer::explaining(self, InForce::adopted(&self.rules)).month(number, month, |item, trail| {
            voluntary_minutes = voluntary_minutes.saturating_add(item.fact.voluntary_minutes());
            items.push(self.explained(&item, trail, amendments));
        });
        let branch = self.branch_at_cutoff(number, month);
        let branch = (branch != NONE).then(|| self.organizations.id(branch));
        let in_branch = branch.and_then(|branch| self.member_rank(branch, member, month));
        let ranked = branch.and_then(|branch| self.member_ranking(branch, month, None, 0));
        Some(MemberPoints {
            member,
            month,
            branch,
            total: items.iter().map(|item: &ExplainedItem| item.points).sum(),
            voluntary_minutes,
            rank_in_branch: in_branch.map(|ranked| ranked.rank),
            ranked_in_branch: ranked.map(|ranking| ranking.members),
            rules_version: rules.map(|compiled| compiled.rules.version),
            items,
            assessment: self.assessment_of(number, month),
        })
    }

    pub(crate) fn explained(&self, item: &Item<'_>, trail: &[TrailStep], amendments: u32) -> ExplainedItem {
        let fact = item.fact;
        let clause = item.clause.named();
        let (activity, evidence, log_indexes) = self.sources(fact, amendments);
        ExplainedItem {
            occasion: match fact.ground {
                Ground::Service => Occasion::Service,
                Ground::Leave => Occasion::Leave,
                Ground::Absence => Occasion::Absence,
                Ground::NoShow => Occasion::NoShow,
                Ground::Granted => Occasion::Granted,
                Ground::Deducted => Occasion::Deducted,
                Ground::Reset => Occasion::Reset,
                Ground::Vetoed => Occasion::Vetoed,
                Ground::Base => Occasion::Base,
            },
            clause: clause.map(|(clause, _)| clause),
            name: clause.map_or_else(String::new, |(_, name)| name.to_owned()),
            points: Points::from_hundredths(item.given),
            points_before_cap: Points::from_hundredths(item.uncapped),
            trail: trail.to_vec(),
            standing: fact.standing,
            unscored: item.unscored,
            kind: fact.kind.map(|(kind, _)| kind),
            class: fact.kind.map(|(_, class)| class),
            started_at: instant(fact.served_from),
            date: instant(fact.dated_at).local_date(),
            minutes: fact.minutes,
            branch: (fact.branch != NONE).then(|| self.organizations.id(fact.branch)),
            activity: activity.map(|activity| self.activities.id(activity)),
            evidence,
            log_indexes,
        }
    }

    fn sources(&self, fact: Fact, amendments: u32) -> (Option<u32>, Option<Evidence>, Vec<u64>) {
        match fact.cause {
            Cause::Record(number) => {
                let record = self.records.get(number);
                let mut entries = self.record_log_indexes(number, amendments);
                let cancelled_by = record.activity().and_then(|activity| self.activities.get(activity).cancelled_by);
                entries.extend(cancelled_by.map(u64::from));
                entries.sort_unstable();
                (record.activity(), Some(record.evidence()), entries)
            }
            Cause::SignUp(number) => {
                let sign_up = self.participation.sign_up(number);
                (Some(sign_up.activity), None, vec![u64::from(sign_up.log_index)])
            }
            Cause::Award(number) => {
                let award = self.awards.get(number);
                let entries = std::iter::once(award.log_index).chain(award.reversed).map(u64::from).collect();
                (None, Some(award.evidence()), entries)
            }
            Cause::Membership(log_index) => (None, None, vec![u64::from(log_index)]),
        }
    }

    /// The entry that opened a record, its check-out and those that amended it, in order.
    pub(crate) fn record_log_indexes(&self, record: u32, amendments: u32) -> Vec<u64> {
        let mut entries: Vec<u64> = self.entries_about(record, amendments).map(u64::from).collect();
        entries.sort_unstable();
        entries
    }

    /// The last of them.
    pub(crate) fn last_log_index(&self, record: u32, amendments: u32) -> u32 {
        self.entries_about(record, amendments).max().unwrap_or(0)
    }

    fn entries_about(&self, record: u32, amendments: u32) -> impl Iterator<Item = u32> {
        let amended = self.amendments.chain(amendments).filter(move |amendment| amendment.record == record);
        let own = std::iter::once(self.records.log_index(record)).chain(self.records.check_out_log_index(record));
        own.chain(amended.map(|amendment| amendment.log_index))
    }
}
