//! How far an organisation's month has come (月度进程), and what is left to do in it, branch by branch.

use crate::figures::Figures;
use crate::intern::NONE;
use crate::models::ReadModels;
use crate::months::Disclosure;
use crate::objections::{ObjectionEntry, ObjectionStanding};
use crate::queries::{ClosedMonth, NoticeEntry, OrganizationCard};
use crate::review_steps::{StepWork, Waiting};
use crate::span::{instant, month_cutoff};
use jiff::civil::Date;
use mingzhang_events::{EventId, Evidence, Instant, Month, OrganizationId, date_from_days};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How far a month has come. Each stage is reached by an act of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MonthStage {
    /// 登记中: records are entered.
    Open,
    /// 已冻结: only reviews and corrections.
    Frozen,
    /// 公示期: nobody objects so far.
    Disclosed,
    /// 异议处理中: it is disclosed, and an objection waits for its decision.
    Objections,
    /// 异议办结: it is disclosed, and every objection is decided.
    Decided,
    /// 已月结.
    Closed,
    /// 已通报.
    Issued,
    /// 原通报已更正: a notice has taken the place of the one before it.
    Superseded,
}

/// A disclosure (公示).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DisclosureEntry {
    /// The event that opened it.
    pub id: EventId,
    /// The month it is about.
    pub month: Month,
    /// Whose it is.
    pub organization: OrganizationId,
    /// SHA-256 of the canonical JSON of the draft in hex.
    pub digest: String,
    /// The checkpoint that its figures rest on.
    pub tree_size: u64,
    /// The checkpoint's root hash in hex.
    pub root_hash: String,
    /// When it was opened.
    pub opened_at: Instant,
    /// Its last local day.
    pub until: Date,
    /// How many legal working days it lasts.
    pub working_days: u8,
    /// By which entry.
    pub log_index: u64,
}

impl DisclosureEntry {
    /// Whether it goes on on a day: until the end of its last one.
    pub fn is_running(&self, today: Date) -> bool {
        today <= self.until
    }
}

/// What is left to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct WorkLeft {
    /// Records that wait for a review (待审核) and can have it: what was disclosed or closed is corrected first.
    pub unreviewed: u32,
    /// Records that nobody had reviewed when the month was shown to everybody (公示时未审核): they count for nothing, and only a correction lets
    /// them be reviewed again.
    pub shown_unreviewed: u32,
    /// Records that were returned and not mended (退回未补正).
    pub returned: u32,
    /// Check-ins without a check-out (未签退).
    pub open_check_ins: u32,
    /// Records entered afterwards (补录), pending or accepted: for attention.
    pub back_entered: u32,
    /// Objections that nobody has decided (异议待决定).
    pub objections_undecided: u32,
    /// Objections that were upheld and that no correction has followed (异议成立未更正).
    pub corrections_due: u32,
}

impl WorkLeft {
    fn is_nothing(&self) -> bool {
        *self == WorkLeft::default()
    }
}

/// What is left to do in one organisation itself, without those below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BranchWork {
    /// Which.
    pub organization: OrganizationCard,
    /// What.
    pub work_left: WorkLeft,
    /// What of it waits at which step of the review, in order.
    pub review_steps: Vec<StepWork>,
}

/// An organisation's month on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MonthProgress {
    /// Which organisation.
    pub organization: OrganizationCard,
    /// Which month.
    pub month: Month,
    /// How far it has come.
    pub stage: MonthStage,
    /// When it was frozen.
    pub frozen_at: Option<Instant>,
    /// For how many working days the rules demand that it is disclosed before its close; none if they don't.
    pub disclosure_working_days_min: Option<u8>,
    /// The disclosure that covers the organisation.
    pub disclosure: Option<DisclosureEntry>,
    /// The close that covers it.
    pub closed: Option<ClosedMonth>,
    /// The organisation's newest notice about the month.
    pub notice: Option<NoticeEntry>,
    /// In all of it.
    pub work_left: WorkLeft,
    /// What of it waits at which step of the review, in order.
    pub review_steps: Vec<StepWork>,
    /// Entries since the organisation's newest notice about the month that bear on it: the notice doesn't tell them, and one that
    /// supersedes it is due, which names them.
    pub corrections_unpublished: u32,
    /// The local day on which it was asked: what is overdue is so on that day.
    pub counted_on: Date,
    /// The years whose calendars are missing for the last days of objections to its newest notice and of their decisions.
    pub calendars_missing: BTreeSet<i16>,
    /// Where something is left to do, each before those below it.
    pub branches: Vec<BranchWork>,
}

impl ReadModels {
    /// How far an organisation's month has come; what is overdue is so on that day. None for an unknown organisation.
    pub fn month_progress(&self, organization: OrganizationId, month: Month, today: Date) -> Option<MonthProgress> {
        let number = self.organization_number(organization)?;
        let frozen = self.months.frozen(&self.organizations, month, number);
        let disclosure = self.months.disclosed(&self.organizations, month, number);
        let closed = self.closed(organization, month);
        let notice = self.notices(Some(organization)).into_iter().find(|notice| notice.month == month);
        let objections = self.objections(organization, Some(month))?;
        let stage = match (&notice, closed, disclosure, frozen) {
            (Some(notice), ..) if notice.supersedes.is_some() => MonthStage::Superseded,
            (Some(_), ..) => MonthStage::Issued,
            (None, Some(_), ..) => MonthStage::Closed,
            (None, None, Some(_), _) => disclosed_stage(&objections),
            (None, None, None, Some(_)) => MonthStage::Frozen,
            (None, None, None, None) => MonthStage::Open,
        };
        let figures = self.figures(month);
        let any_pending = figures.of(number).pending > 0;
        let waiting = if any_pending { self.waiting_by_step(number, month, today) } else { Waiting::new() };
        let mut work_left = work_left(figures.of(number), None, waiting.values());
        objections.iter().for_each(|objection| work_left.add(objection));
        let unpublished =
            notice.as_ref().map(|notice| self.revisions_bearing_on(organization, month, notice.tree_size).len());
        let calendars_missing = self.calendars_missing(month, notice.as_ref(), &objections);
        Some(MonthProgress {
            organization: self.card(number, month_cutoff(month)),
            month,
            stage,
            frozen_at: frozen.map(|freeze| instant(freeze.at)),
            disclosure_working_days_min: self.disclosure_working_days(month),
            disclosure: disclosure.map(|disclosure| self.disclosure_entry(disclosure)),
            closed,
            notice,
            work_left,
            review_steps: in_all(&waiting),
            corrections_unpublished: u32::try_from(unpublished.unwrap_or(0)).unwrap_or(u32::MAX),
            counted_on: today,
            calendars_missing,
            branches: self.branch_work(number, month, &objections, &waiting),
        })
    }

    fn calendars_missing(
        &self,
        month: Month,
        notice: Option<&NoticeEntry>,
        objections: &[ObjectionEntry],
    ) -> BTreeSet<i16> {
        let rules = self.rules.in_force(month).and_then(|compiled| compiled.rules.disclosure.as_ref());
        let after_notice = notice.zip(rules.and_then(|rules| rules.notice_working_days)).and_then(|(notice, days)| {
            let last = self.calendar().working_day_after(notice.issued_at.local_date(), days);
            last.err().map(|missing| missing.year)
        });
        let undecided = objections.iter().filter(|objection| objection.standing.is_undecided());
        undecided.filter_map(|objection| objection.calendar_missing).chain(after_notice).collect()
    }

    /// The months before this one that are under rules and that an organisation with members has left open (越过), in their order, back to
    /// the newest that it has settled: they stay as they are once this one is frozen. Empty for an unknown organisation.
    pub fn passed_over(&self, organization: OrganizationId, month: Month) -> Vec<Month> {
        let Some(number) = self.organization_number(organization) else { return Vec::new() };
        let earlier = std::iter::successors(Some(month.previous()), |month| Some(month.previous()));
        let is_open = |month: &Month| {
            self.rules.in_force(*month).is_some() && !self.months.is_settled(&self.organizations, *month, number)
        };
        let mut passed: Vec<Month> = earlier.take_while(is_open).collect();
        let Some(&first) = passed.last() else { return passed };
        let members = self.members_below_from(number, first);
        passed.retain(|&month| {
            let mut joined = members.iter().take_while(|(since, _)| *since <= month);
            joined.any(|&(_, member)| self.is_below_at_cutoff(member, number, month))
        });
        passed.reverse();
        passed
    }

    /// Everybody who may have belonged to an organisation, or to one below it, at the end of a month or of one after it, each with the month in which
    /// they were first on the roster; the first of them first.
    fn members_below_from(&self, organization: u32, month: Month) -> Vec<(Month, u32)> {
        let below = self.organizations.below_from(organization, month_cutoff(month));
        let since = |&member: &u32| self.roster.first_month(member).map(|since| (since, member));
        let mut members: Vec<(Month, u32)> =
            below.into_iter().flat_map(|of| self.roster.ever_in(of)).filter_map(since).collect();
        members.sort_unstable();
        members
    }

    fn is_below_at_cutoff(&self, member: u32, organization: u32, month: Month) -> bool {
        let branch = self.branch_at_cutoff(member, month);
        branch != NONE && self.organizations.upward(branch, month_cutoff(month)).any(|above| above == organization)
    }

    /// For how many working days the rules of a month demand that it is disclosed; none if they don't.
    pub fn disclosure_working_days(&self, month: Month) -> Option<u8> {
        self.rules.in_force(month)?.rules.disclosure.as_ref().map(|disclosure| disclosure.working_days)
    }

    /// Every disclosure, newest first.
    pub fn disclosures(&self) -> Vec<DisclosureEntry> {
        self.months.disclosures.iter().rev().map(|disclosure| self.disclosure_entry(disclosure)).collect()
    }

    /// Those that go on on a day (正在公示), newest first.
    pub fn running_disclosures(&self, today: Date) -> Vec<DisclosureEntry> {
        let mut all = self.disclosures();
        all.retain(|disclosure| disclosure.is_running(today));
        all
    }

    fn branch_work(
        &self,
        organization: u32,
        month: Month,
        objections: &[ObjectionEntry],
        waiting: &Waiting,
    ) -> Vec<BranchWork> {
        let figures = self.figures(month);
        let mut by_branch: BTreeMap<OrganizationId, Vec<&ObjectionEntry>> = BTreeMap::new();
        for objection in objections {
            if let Some(branch) = objection.branch {
                by_branch.entry(branch).or_default().push(objection);
            }
        }
        let own = |&of: &u32| {
            let below = figures.tree.children(of).map(|child| figures.of(child));
            let id = self.organizations.id(of);
            let steps = || waiting.range((id, 0)..=(id, u8::MAX)).map(|(_, work)| work);
            let mut left = work_left(figures.of(of), Some(below.collect()), steps());
            by_branch.get(&id).into_iter().flatten().for_each(|objection| left.add(objection));
            (!left.is_nothing()).then(|| BranchWork {
                organization: self.card(of, month_cutoff(month)),
                work_left: left,
                review_steps: steps().cloned().collect(),
            })
        };
        figures.tree.part(organization).iter().filter_map(own).collect()
    }

    fn disclosure_entry(&self, disclosure: &Disclosure) -> DisclosureEntry {
        DisclosureEntry {
            id: EventId(disclosure.event),
            month: Month::from_number(disclosure.month).expect("made from a month"),
            organization: self.organizations.id(disclosure.organization),
            digest: disclosure.digest.clone(),
            tree_size: disclosure.tree_size,
            root_hash: disclosure.root_hash.clone(),
            opened_at: instant(disclosure.at),
            until: date_from_days(i64::from(disclosure.until_day)),
            working_days: disclosure.working_days,
            log_index: u64::from(disclosure.log_index),
        }
    }
}

/// What waits at each step, over all organisations.
fn in_all(waiting: &Waiting) -> Vec<StepWork> {
    let mut steps = BTreeMap::<u8, StepWork>::new();
    for ((_, step), work) in waiting {
        steps.entry(*step).and_modify(|all| all.and(work)).or_insert_with(|| work.clone());
    }
    steps.into_values().collect()
}

/// How far the objections to what is disclosed have come. One that was withdrawn was none.
fn disclosed_stage(objections: &[ObjectionEntry]) -> MonthStage {
    let standing = |standing| objections.iter().any(|objection| objection.standing == standing);
    if objections.iter().any(|objection| objection.standing.is_undecided()) {
        MonthStage::Objections
    } else if standing(ObjectionStanding::Upheld) || standing(ObjectionStanding::Dismissed) {
        MonthStage::Decided
    } else {
        MonthStage::Disclosed
    }
}

/// What the counts of an organisation say, less those of the organisations directly below, and what waits there for a review.
fn work_left<'a>(of: &Figures, below: Option<Vec<&Figures>>, waiting: impl Iterator<Item = &'a StepWork>) -> WorkLeft {
    let below = below.unwrap_or_default();
    let own = |count: fn(&Figures) -> u32| count(of) - below.iter().map(|child| count(child)).sum::<u32>();
    let unreviewed = waiting.map(|work| work.records).sum();
    WorkLeft {
        unreviewed,
        shown_unreviewed: own(|figures| figures.pending).saturating_sub(unreviewed),
        returned: own(|figures| figures.returned),
        open_check_ins: own(|figures| figures.check_out_missing),
        back_entered: own(|figures| figures.evidence[Evidence::BackEntered as usize]),
        ..WorkLeft::default()
    }
}

impl WorkLeft {
    fn add(&mut self, objection: &ObjectionEntry) {
        self.objections_undecided += u32::from(objection.standing.is_undecided());
        let due = objection.standing == ObjectionStanding::Upheld && objection.corrections.is_empty();
        self.corrections_due += u32::from(due);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mingzhang_events::{
        MemberClass, MemberId, MemberRostered, OrganizationEstablished, OrganizationLevel, ScoringRulesAdopted,
    };

    #[test]
    fn looking_back_counts_no_month_and_leaves_what_is_kept() {
        let organization: OrganizationId = "s".parse().expect("a code");
        let (level, name, parent) = (OrganizationLevel::Branch, "支部".to_owned(), None);
        let rules = "title = \"t\"\nversion = \"v\"\neffective_from = \"2015-01\"\nreview_required_for = []\n";
        let rules = Box::new(crate::parse_rules(rules).expect("rules"));
        let models = ReadModels::of_facts(
            "2015-01-01T00:00:00Z",
            Evidence::Office,
            [
                OrganizationEstablished { level, name, organization, parent }.into(),
                MemberRostered { class: MemberClass::Resident, member: MemberId(1), organization }.into(),
                ScoringRulesAdopted { rules }.into(),
            ],
        );
        let month: Month = "2026-10".parse().expect("a month");
        models.figures(month);
        assert_eq!(models.passed_over(organization, month).len(), 11 * 12 + 9);
        assert!(models.kept_figures(month).is_some(), "what readers ask for is kept");
        assert!(models.kept_figures(month.previous()).is_none());
    }
}
