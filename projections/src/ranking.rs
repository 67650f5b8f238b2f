//! Rankings: of the members of an organisation, and of the organisations directly below one.

use crate::intern::{Lookup, NONE};
use crate::models::ReadModels;
use crate::ordered_members::{OrderedMembers, Place};
use crate::rates::Average;
use crate::settle::Earned;
use crate::tree::Tree;
use mingzhang_events::{ClauseId, MemberId, Month, OrganizationId, Points};
use serde::Serialize;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Where a page of a ranking goes on: after this member with these points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RankingCursor {
    /// The points of the last member shown.
    pub points: Points,
    /// The last member shown.
    pub member: MemberId,
}

impl fmt::Display for RankingCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.points, self.member)
    }
}

/// Not the text of a [`RankingCursor`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a cursor of a ranking: ask for the first page again")]
pub struct CursorError(String);

impl FromStr for RankingCursor {
    type Err = CursorError;
    fn from_str(text: &str) -> Result<RankingCursor, CursorError> {
        let parse = || {
            let (points, member) = text.split_once('_')?;
            Some(RankingCursor { points: points.parse().ok()?, member: member.parse().ok()? })
        };
        parse().ok_or_else(|| CursorError(text.to_owned()))
    }
}

impl Serialize for RankingCursor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One member in a ranking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RankedMember {
    /// From 1; the same for the same points; the next skips (1, 2, 2, 4).
    pub rank: usize,
    /// Who.
    pub member: MemberId,
    /// Where they belong at the last moment of the month; none if they have left.
    pub branch: Option<OrganizationId>,
    /// Earned in the organisation in the month.
    pub points: Points,
    /// Minutes of voluntary service in the organisation in the month.
    pub voluntary_minutes: u32,
}

/// A page of the ranking of an organisation's members (党员积分排名).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemberRanking {
    /// Whose members.
    pub organization: OrganizationId,
    /// Of which month.
    pub month: Month,
    /// How many are ranked in all.
    pub members: usize,
    /// By points, then by member id.
    pub rows: Vec<RankedMember>,
    /// Where the next page begins; none after the last.
    pub next: Option<RankingCursor>,
}

/// One organisation in a ranking (组织积分排名).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RankedOrganization {
    /// None while its average isn't published, and if a gate leaves it out.
    pub rank: Option<usize>,
    /// The clause of the gate that leaves it out of the ranking: its rate is too low.
    pub excluded_by: Option<ClauseId>,
    /// Which.
    pub organization: OrganizationId,
    /// Its name at the last moment of the month.
    pub name: String,
    /// Earned by its members in the month.
    pub points: Points,
    /// Points per member due.
    pub average: Average,
}

/// The members of one organisation in one month, in order.
pub(crate) struct Ranking {
    organization: u32,
    month: Month,
    /// At the month's end.
    tree: Arc<Tree>,
    order: OrderedMembers,
    hundredths: Lookup<u32, i64>,
    /// The tree size since which it hasn't changed, as far as is known.
    since: u64,
}

impl Ranking {
    fn new(models: &ReadModels, organization: u32, month: Month) -> Ranking {
        let tree = models.tree(month);
        // Who merged into it may stand elsewhere since, and have earned something here in between.
        let merged = (0..crate::intern::number_of(models.organizations.count()))
            .filter(|&of| models.organizations.successors(of).any(|into| tree.holds(organization, into)));
        let places = tree.part(organization).iter().copied().chain(merged);
        let mut members: Vec<u32> = places.flat_map(|of| models.roster.ever_in(of)).copied().collect();
        members.sort_unstable();
        members.dedup();
        let order = OrderedMembers::default();
        let since = models.tree_size();
        let mut ranking = Ranking { organization, month, tree, order, hundredths: Lookup::default(), since };
        let mut places = Vec::with_capacity(members.len());
        let mut earned = Earned::new(models);
        for member in members {
            if let Some(hundredths) = ranking.worth(&mut earned, models, member) {
                ranking.hundredths.insert(member, hundredths);
                places.push(Place::new(hundredths, models.roster.id(member), member));
            }
        }
        ranking.order = OrderedMembers::new(places);
        ranking
    }

    pub(crate) fn count(&self) -> usize {
        self.order.count()
    }

    /// What a member is ranked by; `None` for who is neither on the roster here at the month's end nor earned anything here.
    fn worth(&self, earned: &mut Earned<'_>, models: &ReadModels, member: u32) -> Option<i64> {
        let earned = (earned.of(member, self.month).iter())
            .filter(|part| self.holds(part.branch))
            .fold(None, |sum: Option<i64>, part| Some(sum.unwrap_or(0).saturating_add(part.hundredths)));
        earned.or_else(|| self.holds(models.branch_at_cutoff(member, self.month)).then_some(0))
    }

    /// Whether an organisation is the ranked one or stands below it; [`NONE`] doesn't.
    fn holds(&self, organization: u32) -> bool {
        organization != NONE && self.tree.holds(self.organization, organization)
    }

    /// Puts a member where they belong now.
    pub(crate) fn mend(&mut self, models: &ReadModels, member: u32) {
        self.since = models.tree_size();
        let id = models.roster.id(member);
        if let Some(before) = self.hundredths.remove(&member) {
            self.order.remove(Place::new(before, id, member));
        }
        if let Some(hundredths) = self.worth(&mut Earned::new(models), models, member) {
            self.hundredths.insert(member, hundredths);
            self.order.insert(Place::new(hundredths, id, member));
        }
    }
}

impl ReadModels {
    fn ranking(&self, organization: u32, month: Month) -> Arc<Ranking> {
        self.cache.ranking(organization, month).unwrap_or_else(|| {
            let ranking = Arc::new(Ranking::new(self, organization, month));
            self.cache.keep_ranking(organization, month, &ranking);
            ranking
        })
    }

    /// The members of an organisation and of all below it, by the points they earned there in the month. Ranked are those
    /// on its roster at the last moment of the month and those who earned points in it. None for an unknown organisation.
    pub fn member_ranking(
        &self,
        organization: OrganizationId,
        month: Month,
        after: Option<RankingCursor>,
        limit: usize,
    ) -> Option<MemberRanking> {
        let number = self.organization_number(organization)?;
        let ranking = self.ranking(number, month);
        let (start, skipped) = match after {
            None => (Place::new(i64::MAX, MemberId(0), 0), None),
            Some(RankingCursor { points, member }) => {
                (Place::new(points.hundredths(), member, 0), Some((points.hundredths(), member)))
            }
        };
        let (_, following) = ranking.order.from(start);
        let mut following = following.skip_while(|place| Some((place.hundredths(), place.id)) == skipped).peekable();
        let (mut rows, mut last) = (Vec::with_capacity(limit.min(1_000)), None);
        while rows.len() < limit {
            let Some(place) = following.next() else { break };
            let rank = match last {
                Some((hundredths, rank)) if hundredths == place.hundredths() => rank,
                _ => ranking.order.rank(place.hundredths()),
            };
            last = Some((place.hundredths(), rank));
            rows.push(self.ranked(&ranking, place, rank));
        }
        let next =
            following.peek().and(rows.last()).map(|row| RankingCursor { points: row.points, member: row.member });
        Some(MemberRanking { organization, month, members: ranking.count(), rows, next })
    }

    /// The tree size since which the ranking of an organisation hasn't changed: every page of it has been the same since then. None if
    /// it isn't at hand, so that it would have to be worked out first.
    pub fn ranking_stands_since(&self, organization: OrganizationId, month: Month) -> Option<u64> {
        let number = self.organization_number(organization)?;
        self.cache.ranking(number, month).map(|ranking| ranking.since)
    }

    /// Whether what was earned in a branch counts for an organisation in a month: the branch is that organisation, or stood below it at the
    /// month's last moment. False for an unknown one.
    pub fn counts_for(&self, organization: OrganizationId, branch: OrganizationId, month: Month) -> bool {
        let (above, below) = (self.organization_number(organization), self.organization_number(branch));
        above.zip(below).is_some_and(|(above, below)| self.tree(month).holds(above, below))
    }

    /// One member's line in the ranking of an organisation. None if either is unknown or the member isn't ranked there.
    pub fn member_rank(&self, organization: OrganizationId, member: MemberId, month: Month) -> Option<RankedMember> {
        let number = self.organization_number(organization)?;
        let member = self.roster.number(member)?;
        let ranking = self.ranking(number, month);
        let hundredths = *ranking.hundredths.get(&member)?;
        let place = Place::new(hundredths, self.roster.id(member), member);
        Some(self.ranked(&ranking, place, ranking.order.rank(hundredths)))
    }

    fn ranked(&self, ranking: &Ranking, place: Place, rank: usize) -> RankedMember {
        let here = self.parts_of(place.member, ranking.month).into_iter().filter(|part| ranking.holds(part.branch));
        let branch = self.branch_at_cutoff(place.member, ranking.month);
        RankedMember {
            rank,
            member: place.id,
            branch: (branch != NONE).then(|| self.organizations.id(branch)),
            points: Points::from_hundredths(place.hundredths()),
            voluntary_minutes: here.fold(0, |sum: u32, part| sum.saturating_add(part.voluntary_minutes)),
        }
    }

    /// The organisations directly below one, by points per member due; those that a gate leaves out come after the ranked ones,
    /// those whose average isn't published last.
    /// None for an unknown organisation.
    pub fn organization_ranking(&self, organization: OrganizationId, month: Month) -> Option<Vec<RankedOrganization>> {
        let number = self.organization_number(organization)?;
        let figures = self.figures(month);
        let at = crate::span::month_cutoff(month);
        let published_min = self.published_group_members_min(month);
        let rules = self.rules.in_force(month);
        let mut rows: Vec<RankedOrganization> = figures
            .tree
            .children(number)
            .filter(|&child| self.organizations.exists(child, at))
            .map(|child| {
                let of = figures.of(child);
                RankedOrganization {
                    rank: None,
                    excluded_by: rules.and_then(|compiled| compiled.gate_below(of)),
                    organization: self.organizations.id(child),
                    name: self.organizations.name(child, at).to_owned(),
                    points: Points::from_hundredths(of.hundredths),
                    average: of.average(published_min),
                }
            })
            .collect();
        let ranked = |row: &RankedOrganization| row.average.points.filter(|_| row.excluded_by.is_none());
        rows.sort_by_key(|row| {
            (std::cmp::Reverse(ranked(row)), std::cmp::Reverse(row.average.points), row.organization)
        });
        let averages: Vec<Option<Points>> = rows.iter().map(ranked).collect();
        for (own, row) in averages.iter().zip(&mut rows) {
            let better = |other: &&Option<Points>| *other > own;
            row.rank = own.map(|_| averages.iter().filter(better).count() + 1);
        }
        Some(rows)
    }
}
