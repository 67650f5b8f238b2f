//! 经办情况: how the records of a month came into the log, and what of it should be looked at. For auditors only.
//!
//! Nothing here is wrong in itself: it says where to look. Invariant: the same entries give the same answer; lists are cut at
//! [`LISTED_MAX`], counts never.

use crate::dates::Dated;
use crate::models::ReadModels;
use crate::recorders::{Act, Recorders};
use crate::sanctions::Suspension;
use crate::span::{instant, local_day};
use crate::tree::Tree;
use jiff::civil::Date;
use mingzhang_events::{ActorId, ConductRules, Evidence, Instant, MemberId, Month, OrganizationId, date_from_days};
use serde::Serialize;
use std::collections::BTreeMap;

/// Longer lists are cut: the first of them say where to look.
pub const LISTED_MAX: usize = 200;

/// What the database of log-ins knows of a recorder. The log has the pseudonym only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownRecorder {
    /// The pseudonym.
    pub actor: ActorId,
    /// The member that they are, if they are one.
    pub member: Option<MemberId>,
    /// Where they review, publish or keep the tree; none is the whole ledger.
    pub decides_in: Vec<Option<OrganizationId>>,
}

/// How records were entered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Entered {
    /// All of them.
    pub records: u32,
    /// 补录: entered as such, or late by hand as if it were scanned on site just then.
    pub back_entered: u32,
    /// 导入: evidenced so, or with the row of a file.
    pub imported: u32,
    /// Recorded more than the rules' days after their date.
    pub late: u32,
}

impl Entered {
    fn count(&mut self, evidence: Evidence, late: bool, from_file: bool) {
        self.records += 1;
        self.back_entered += u32::from(evidence == Evidence::BackEntered || is_late_scan(evidence, late, from_file));
        self.imported += u32::from(evidence == Evidence::Imported || from_file);
        self.late += u32::from(late);
    }
}

/// Whether a record says that it was scanned on site, and was typed in long after.
fn is_late_scan(evidence: Evidence, late: bool, from_file: bool) -> bool {
    evidence == Evidence::OnSiteCode && late && !from_file
}

/// An organisation's share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrganizationConduct {
    /// Which: directly below the one asked about, or itself for records of its own members.
    pub organization: OrganizationId,
    /// Its name.
    pub name: String,
    /// Records of its members.
    #[serde(flatten)]
    pub entered: Entered,
}

/// A recorder's (经办人) share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecorderConduct {
    /// Who.
    pub actor: ActorId,
    /// What they entered.
    #[serde(flatten)]
    pub entered: Entered,
    /// About themselves.
    pub about_oneself: u32,
    /// About somebody over whose points they also decide, or in whose branch's superior organisation they are a member.
    pub as_superior: u32,
    /// In closed months: corrections and reversals of records, reversals and quashings of decisions.
    pub corrections_after_close: u32,
    /// Whether their right to record is suspended now.
    pub suspended: bool,
}

/// Many records by one hand in a short time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Burst {
    /// By whom.
    pub actor: ActorId,
    /// The minute of the first.
    pub from: Instant,
    /// How many within the rules' minutes.
    pub records: u32,
}

/// Who reviews whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ReviewPair {
    /// Who entered.
    pub recorder: ActorId,
    /// Who reviewed.
    pub reviewer: ActorId,
    /// How many reviews.
    pub reviews: u32,
    /// Of all reviews of what this recorder entered.
    pub of_recorder: u32,
    /// Whether they review each other.
    pub mutual: bool,
}

/// A day on which somebody served longer than the rules hold plausible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LongDay {
    /// Who.
    pub member: MemberId,
    /// The local day that the records are of: that of the planned start of their activity, or of their own.
    pub date: Date,
    /// Whole minutes.
    pub minutes: u32,
}

/// Two records of a member at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Overlap {
    /// Who.
    pub member: MemberId,
    /// The entry of the one.
    pub log_index: u64,
    /// The entry of the other.
    pub other_log_index: u64,
    /// How long both lasted.
    pub minutes: u32,
}

/// From when on something is told of (核查标准): as the rules of the month have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ConductLimits {
    /// Within how many minutes records by one hand are a burst.
    pub burst_minutes: u16,
    /// From how many records on.
    pub burst_records_min: u16,
    /// A record is late if it was recorded more than so many days after its date.
    pub late_after_days: u16,
    /// More minutes of service on one day are hardly possible.
    pub plausible_day_minutes: u16,
}

impl From<ConductRules> for ConductLimits {
    fn from(rules: ConductRules) -> ConductLimits {
        ConductLimits {
            burst_minutes: rules.burst_minutes(),
            burst_records_min: rules.burst_records_min(),
            late_after_days: rules.late_after_days(),
            plausible_day_minutes: rules.plausible_day_minutes(),
        }
    }
}

/// A month's conduct (经办情况).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conduct {
    /// Of whose members, with all below.
    pub organization: OrganizationId,
    /// Of which month: records that are dated in it.
    pub month: Month,
    /// Of a log of so many entries.
    pub tree_size: u64,
    /// From when on something is told of: by the rules of the month.
    pub limits: ConductLimits,
    /// All records, whatever became of them.
    #[serde(flatten)]
    pub entered: Entered,
    /// Bursts, long days and overlaps, before the lists were cut.
    pub bursts_count: usize,
    /// See [`LongDay`].
    pub long_days_count: usize,
    /// See [`Overlap`].
    pub overlaps_count: usize,
    /// By code; those without records are left out.
    pub organizations: Vec<OrganizationConduct>,
    /// Most back-entries first.
    pub recorders: Vec<RecorderConduct>,
    /// Largest first.
    pub bursts: Vec<Burst>,
    /// Most reviews first.
    pub review_pairs: Vec<ReviewPair>,
    /// Longest first.
    pub long_days: Vec<LongDay>,
    /// In order of member and time.
    pub overlaps: Vec<Overlap>,
    /// Everybody whose right to record was ever suspended, in order of the log.
    pub suspensions: Vec<Suspension>,
}

/// What is counted of a recorder on the way.
#[derive(Clone, Default)]
struct Counted {
    entered: Entered,
    about_oneself: u32,
    as_superior: u32,
    corrections_after_close: u32,
    /// When they entered by hand, in order of the chains.
    by_hand: Vec<u32>,
}

impl ReadModels {
    /// How the records of an organisation's month were entered. `recorders` covers the log from the month's start on; `known` is
    /// what log-ins tell. None for an unknown organisation.
    pub fn conduct(
        &self,
        organization: OrganizationId,
        month: Month,
        recorders: &Recorders,
        known: &[KnownRecorder],
    ) -> Option<Conduct> {
        let number = self.organization_number(organization)?;
        let (tree, limits) = (self.tree(month), self.conduct_limits(month));
        let superiors = Superiors::new(self, &tree, recorders, known, month);
        let (mut entered, mut by_part) = (Entered::default(), BTreeMap::<u32, Entered>::new());
        let mut counted = vec![Counted::default(); recorders.actors_count()];
        let mut reviews = BTreeMap::<(u32, u32), u32>::new();
        let (mut long_days, mut overlaps) = (Vec::new(), Vec::new());
        let parts: BTreeMap<u32, u32> = (tree.children(number))
            .flat_map(|child| tree.part(child).iter().map(move |&below| (below, child)))
            .collect();
        for member_month in self.member_months.of_month(month) {
            let of = self.member_months.get(member_month);
            let member = self.roster.id(of.member);
            let mut served = Vec::new();
            let mut opened_by = BTreeMap::new();
            for (record, entry) in self.records.chain(of.records) {
                let log_index = self.records.log_index(record);
                let Dated { dated_at, served_from } = self.dated(record, entry, month);
                let branch = self.roster.branch(&self.organizations, of.member, dated_at);
                let inside = branch != crate::intern::NONE && tree.holds(number, branch);
                let Some((actor, minute, _)) = recorders.of(log_index).filter(|_| inside) else { continue };
                let late = i64::from(minute) * 60 > dated_at + i64::from(limits.late_after_days) * 86_400;
                let (evidence, from_file) = (entry.evidence(), recorders.is_from_file(log_index));
                let part = by_part.entry(parts.get(&branch).copied().unwrap_or(number)).or_default();
                let by = &mut counted[actor as usize];
                for entered in [&mut entered, part, &mut by.entered] {
                    entered.count(evidence, late, from_file);
                }
                by.about_oneself += u32::from(superiors.is(actor, of.member));
                by.as_superior += u32::from(superiors.is_above(actor, of.member, branch));
                let by_word = matches!(evidence, Evidence::Attested | Evidence::BothParties | Evidence::BackEntered);
                if by_word || is_late_scan(evidence, late, from_file) {
                    by.by_hand.push(minute);
                }
                opened_by.insert(record, (actor, branch));
                if entry.may_count() && !entry.is_open() && entry.minutes > 0 {
                    served.push(Served { day: local_day(dated_at), served_from, minutes: entry.minutes, log_index });
                }
            }
            let is_after_close = |branch: u32, log_index: u32| {
                let close = self.months.closed(&self.organizations, month, branch);
                close.is_some_and(|close| close.log_index < log_index)
            };
            for &award in self.awards.of(member_month) {
                let award = self.awards.get(award);
                let branch = self.roster.branch(&self.organizations, of.member, award.at);
                let inside = branch != crate::intern::NONE && tree.holds(number, branch);
                let undone = award.reversed.filter(|&undone| inside && is_after_close(branch, undone));
                if let Some((by, ..)) = undone.and_then(|undone| recorders.of(undone)) {
                    counted[by as usize].corrections_after_close += 1;
                }
            }
            for amendment in self.amendments.chain(of.amendments) {
                let Some(&(recorder, branch)) = opened_by.get(&amendment.record) else { continue };
                match recorders.of(amendment.log_index) {
                    Some((reviewer, _, Act::Review)) => *reviews.entry((recorder, reviewer)).or_default() += 1,
                    Some((by, _, Act::Correction)) => {
                        let after = is_after_close(branch, amendment.log_index);
                        counted[by as usize].corrections_after_close += u32::from(after);
                    }
                    Some((_, _, Act::Other)) | None => {}
                }
            }
            look_at_days(member, &mut served, limits, &mut long_days, &mut overlaps);
        }
        let mut bursts = Vec::new();
        for (by, actor) in counted.iter_mut().zip(0..) {
            bursts_of(recorders.actor(actor), &mut by.by_hand, limits, &mut bursts);
        }
        bursts.sort_by_key(|burst| (std::cmp::Reverse(burst.records), burst.from, burst.actor.to_string()));
        long_days.sort_by_key(|day: &LongDay| (std::cmp::Reverse(day.minutes), day.date, day.member));
        overlaps.sort_by_key(|overlap: &Overlap| (overlap.member, overlap.log_index));
        let (bursts_count, long_days_count, overlaps_count) = (bursts.len(), long_days.len(), overlaps.len());
        bursts.truncate(LISTED_MAX);
        long_days.truncate(LISTED_MAX);
        overlaps.truncate(LISTED_MAX);
        let named = |(&of, &entered): (&u32, &Entered)| {
            let card = self.card(of, crate::span::month_cutoff(month));
            OrganizationConduct { organization: card.organization, name: card.name, entered }
        };
        let mut organizations: Vec<OrganizationConduct> = by_part.iter().map(named).collect();
        organizations.sort_by_key(|part| part.organization);
        Some(Conduct {
            organization,
            month,
            tree_size: self.tree_size(),
            limits,
            entered,
            bursts_count,
            long_days_count,
            overlaps_count,
            organizations,
            recorders: self.recorders_by_back_entry(recorders, &counted),
            bursts,
            review_pairs: pairs(recorders, &reviews),
            long_days,
            overlaps,
            suspensions: self.sanctions.all(),
        })
    }

    /// From when on the rules of a month want something looked at; the defaults without rules.
    pub fn conduct_limits(&self, month: Month) -> ConductLimits {
        let rules = self.rules.in_force(month).map(|compiled| compiled.rules.conduct());
        rules.unwrap_or_default().into()
    }

    fn recorders_by_back_entry(&self, recorders: &Recorders, counted: &[Counted]) -> Vec<RecorderConduct> {
        let mut all: Vec<RecorderConduct> = (counted.iter().zip(0..))
            .filter(|(by, _)| by.entered.records > 0 || by.corrections_after_close > 0)
            .map(|(by, number)| {
                let actor = recorders.actor(number);
                RecorderConduct {
                    actor,
                    entered: by.entered,
                    about_oneself: by.about_oneself,
                    as_superior: by.as_superior,
                    corrections_after_close: by.corrections_after_close,
                    suspended: self.sanctions.is_suspended(actor, local_day(self.newest_recorded_at)),
                }
            })
            .collect();
        all.sort_by_key(|by| (std::cmp::Reverse((by.entered.back_entered, by.entered.records)), by.actor.to_string()));
        all.truncate(LISTED_MAX);
        all
    }
}

/// Who stands above whom, as far as log-ins tell.
struct Superiors<'a> {
    tree: &'a Tree,
    /// By the recorder's number.
    of: BTreeMap<u32, Standing>,
}

/// Where a recorder stands.
#[derive(Default)]
struct Standing {
    member: Option<u32>,
    branch: Option<u32>,
    /// Where they decide on points; none is everywhere.
    decides_in: Vec<Option<u32>>,
}

impl<'a> Superiors<'a> {
    fn new(
        models: &ReadModels,
        tree: &'a Tree,
        recorders: &Recorders,
        known: &[KnownRecorder],
        month: Month,
    ) -> Superiors<'a> {
        let mut of = BTreeMap::<u32, Standing>::new();
        for recorder in known {
            let Some(actor) = recorders.number(recorder.actor) else { continue };
            let member = recorder.member.and_then(|member| models.roster.number(member));
            let branch = member.map(|member| models.branch_at_cutoff(member, month));
            let branch = branch.filter(|&branch| branch != crate::intern::NONE);
            let decides = recorder.decides_in.iter().filter_map(|scope| match scope {
                None => Some(None),
                Some(organization) => models.organization_number(*organization).map(Some),
            });
            // Somebody may have several log-ins under one name.
            let standing = of.entry(actor).or_default();
            standing.member = standing.member.or(member);
            standing.branch = standing.branch.or(branch);
            standing.decides_in.extend(decides);
        }
        Superiors { tree, of }
    }

    fn is(&self, actor: u32, member: u32) -> bool {
        self.of.get(&actor).is_some_and(|standing| standing.member == Some(member))
    }

    fn is_above(&self, actor: u32, member: u32, branch: u32) -> bool {
        let Some(standing) = self.of.get(&actor) else { return false };
        let above = standing.branch.is_some_and(|own| own != branch && self.tree.holds(own, branch));
        let covers = |scope: &Option<u32>| scope.is_none_or(|scope| self.tree.holds(scope, branch));
        standing.member != Some(member) && (above || standing.decides_in.iter().any(covers))
    }
}

/// What a record says of when somebody served.
struct Served {
    /// The local day that it is dated on: a shift over midnight is one of that day.
    day: u32,
    served_from: i64,
    minutes: u16,
    log_index: u32,
}

/// Finds the days that are too long and the records that overlap, in one member's month.
fn look_at_days(
    member: MemberId,
    served: &mut [Served],
    limits: ConductLimits,
    long_days: &mut Vec<LongDay>,
    overlaps: &mut Vec<Overlap>,
) {
    let mut days = BTreeMap::<u32, u32>::new();
    for stay in served.iter() {
        *days.entry(stay.day).or_default() += u32::from(stay.minutes);
    }
    for (day, minutes) in days.into_iter().filter(|&(_, minutes)| minutes > u32::from(limits.plausible_day_minutes)) {
        long_days.push(LongDay { member, date: date_from_days(i64::from(day)), minutes });
    }
    served.sort_unstable_by_key(|stay| (stay.served_from, stay.minutes, stay.log_index));
    // The one among those before that lasted longest: whatever begins before its end overlaps it.
    let mut longest: Option<(i64, u32)> = None;
    for &Served { served_from: start, minutes, log_index, .. } in served.iter() {
        let end = start + i64::from(minutes) * 60;
        if let Some((until, other)) = longest.filter(|(until, _)| start < *until) {
            let minutes = u32::try_from((until.min(end) - start) / 60).unwrap_or(0);
            let (log_index, other_log_index) = (u64::from(other), u64::from(log_index));
            if minutes > 0 {
                overlaps.push(Overlap { member, log_index, other_log_index, minutes });
            }
        }
        if longest.is_none_or(|(until, _)| end > until) {
            longest = Some((end, log_index));
        }
    }
}

/// Finds the bursts among the minutes in which somebody entered by hand.
fn bursts_of(actor: ActorId, by_hand: &mut [u32], limits: ConductLimits, bursts: &mut Vec<Burst>) {
    by_hand.sort_unstable();
    let mut rest: &[u32] = by_hand;
    while let Some(&first) = rest.first() {
        let within = rest.partition_point(|&minute| minute < first + u32::from(limits.burst_minutes));
        if within >= usize::from(limits.burst_records_min) {
            let from = instant(i64::from(first) * 60);
            bursts.push(Burst { actor, from, records: crate::intern::number_of(within) });
            rest = &rest[within..];
        } else {
            rest = &rest[1..];
        }
    }
}

fn pairs(recorders: &Recorders, reviews: &BTreeMap<(u32, u32), u32>) -> Vec<ReviewPair> {
    let mut of_recorder = BTreeMap::<u32, u32>::new();
    for (&(recorder, _), &count) in reviews {
        *of_recorder.entry(recorder).or_default() += count;
    }
    let pair = |(&(recorder, reviewer), &count): (&(u32, u32), &u32)| ReviewPair {
        recorder: recorders.actor(recorder),
        reviewer: recorders.actor(reviewer),
        reviews: count,
        of_recorder: of_recorder[&recorder],
        mutual: reviews.contains_key(&(reviewer, recorder)),
    };
    let mut pairs: Vec<ReviewPair> = reviews.iter().map(pair).collect();
    pairs.sort_by_key(|pair| (std::cmp::Reverse(pair.reviews), pair.recorder.to_string(), pair.reviewer.to_string()));
    pairs.truncate(LISTED_MAX);
    pairs
}
