//! A member's points explained: every point names its events and its clause. The total is the sum of the items.

use crate::facts::{Cause, Fact, Ground, Standing};
use crate::intern::NONE;
use crate::models::ReadModels;
use crate::scoring::{Clause, Item, Scratch, Unscored, score};
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
}

/// One line of the explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplainedItem {
    /// What it is for.
    pub occasion: Occasion,
    /// Under which clause; none if it earns nothing, or nothing yet.
    pub clause: Option<ClauseId>,
    /// What the clause is called; empty without one.
    pub name: String,
    /// Given or, below zero, taken.
    pub points: Points,
    /// The same before caps.
    pub points_before_cap: Points,
    /// Whether it counts, and if not, why not.
    pub standing: Standing,
    /// Why it has no clause although it counts.
    pub unscored: Option<Unscored>,
    /// The kind of service; none for a decision.
    pub kind: Option<ActivityKind>,
    /// In what capacity; none for a decision.
    pub class: Option<ActivityClass>,
    /// Its start, or when the decision took effect.
    pub started_at: Instant,
    /// The local date of its start.
    pub date: Date,
    /// Whole minutes of service.
    pub minutes: u16,
    /// Where the member belonged when it started.
    pub branch: Option<OrganizationId>,
    /// The activity, if it was one.
    pub activity: Option<ActivityId>,
    /// How it was evidenced; none for a no-show, which is the lack of a record.
    pub evidence: Option<Evidence>,
    /// The entries it rests on, in order: the one that opened it, its check-out, its reviews and corrections.
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
    /// Every fact of the month in order of its start, those that earn nothing included.
    pub items: Vec<ExplainedItem>,
}

impl ReadModels {
    /// A member's points in a month with every item that they are the sum of. None for an unknown member.
    pub fn member_points(&self, member: MemberId, month: Month) -> Option<MemberPoints> {
        let number = self.roster.number(member)?;
        let rules = self.rules.in_force(month);
        let (mut facts, mut items) = (Vec::new(), Vec::new());
        if let Some(member_month) = self.member_months.find(&self.roster.members[number as usize], month) {
            self.gather(member_month, rules, &mut facts);
            let amendments = self.member_months.get(member_month).amendments;
            score(rules, &self.awards, &facts, &mut Scratch::default(), |item| {
                items.push(self.explained(&item, amendments));
            });
        }
        let branch = self.branch_at_cutoff(number, month);
        let branch = (branch != NONE).then(|| self.organizations.id(branch));
        let in_branch = branch.and_then(|branch| self.member_rank(branch, member, month));
        let ranked = branch.and_then(|branch| self.member_ranking(branch, month, None, 0));
        Some(MemberPoints {
            member,
            month,
            branch,
            total: items.iter().map(|item: &ExplainedItem| item.points).sum(),
            voluntary_minutes: facts.iter().fold(0, |sum: u32, fact| sum.saturating_add(fact.voluntary_minutes())),
            rank_in_branch: in_branch.map(|ranked| ranked.rank),
            ranked_in_branch: ranked.map(|ranking| ranking.members),
            rules_version: rules.map(|compiled| compiled.rules.version),
            items,
        })
    }

    fn explained(&self, item: &Item<'_>, amendments: u32) -> ExplainedItem {
        let fact = item.fact;
        let (clause, name, unscored) = match item.clause {
            Clause::Scored(clause) => (Some(clause.clause), clause.name.clone(), None),
            Clause::Deducted(clause) => (Some(clause.clause), clause.name.clone(), None),
            Clause::Awarded(clause) => (Some(clause.clause), clause.name.clone(), None),
            Clause::None(unscored) => (None, String::new(), unscored),
        };
        let (activity, evidence, log_indexes) = self.sources(fact, amendments);
        let started_at = instant(fact.started_at);
        ExplainedItem {
            occasion: match fact.ground {
                Ground::Service => Occasion::Service,
                Ground::Leave => Occasion::Leave,
                Ground::Absence => Occasion::Absence,
                Ground::NoShow => Occasion::NoShow,
                Ground::Granted => Occasion::Granted,
                Ground::Deducted => Occasion::Deducted,
            },
            clause,
            name,
            points: Points::from_hundredths(item.given),
            points_before_cap: Points::from_hundredths(item.uncapped),
            standing: fact.standing,
            unscored,
            kind: fact.kind.map(|(kind, _)| kind),
            class: fact.kind.map(|(_, class)| class),
            started_at,
            date: started_at.local_date(),
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
                (record.activity(), Some(record.evidence()), self.record_log_indexes(number, amendments))
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
        }
    }

    /// The entry that opened a record, its check-out and those that amended it, in order.
    pub(crate) fn record_log_indexes(&self, record: u32, amendments: u32) -> Vec<u64> {
        let mut entries: Vec<u64> = (self.amendments.chain(amendments))
            .filter(|amendment| amendment.record == record)
            .map(|amendment| u64::from(amendment.log_index))
            .collect();
        entries.push(u64::from(self.records.log_index(record)));
        entries.extend(self.records.check_out_log_index(record).map(u64::from));
        entries.sort_unstable();
        entries
    }
}
