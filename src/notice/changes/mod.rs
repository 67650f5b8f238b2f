//! What differs between two notices about one month (更正说明): figures, organisations, members, and the entries behind it.
//!
//! Compares, and works nothing out anew. Invariant: whoever takes the changes back from the later notice has the lines and figures of the
//! earlier one; a page's script does so.

mod groups;
mod named_figures;
pub mod wording;

pub use groups::{About, CauseInWords, ChangeGroup, ChangedItem, groups, shifts_in_words};
pub use named_figures::FigureValue;

use super::circular::Notice;
use super::figures::{MemberLine, SubOrganization};
use super::wording::Words;
use mingzhang_events::{EventId, MemberId, Month, ObjectionGround, OrganizationId};
use mingzhang_projections::Revision;
use named_figures::named_figures;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The notice whose place another takes (被取代的通报), as the log has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Superseded {
    /// SHA-256 of its canonical JSON.
    pub digest: String,
    /// The event that issued it.
    pub event: EventId,
    /// Its document number.
    pub number: String,
    /// The root hash of the log at its size.
    pub root_hash: String,
    /// How many entries its figures rest on.
    pub tree_size: u64,
}

/// Everything that differs, before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Behind the figures and the rows of organisations: the entries that no line below tells, such as an enrolment that a decision
    /// admitted, a record that waits for its review, that of another organisation's member at an activity held here, or a transfer
    /// between two branches of one name. Left out of the JSON where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<ChangeCause>,
    /// Figures of the whole organisation, in the order of the notice.
    pub figures: Vec<FigureChange>,
    /// Members whose line differs in more than its rank, or came or went: in the order of the later notice, those that went last.
    pub members: Vec<MemberChange>,
    /// Organisations directly below whose row differs, or came or went: likewise.
    pub organizations: Vec<OrganizationChange>,
    /// How the ranks of all other members moved, because of those that changed.
    pub rank_shifts: Vec<RankShift>,
}

/// A figure of the whole organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FigureChange {
    /// In the later notice; none where it has none, such as an average that is withheld.
    pub after: Option<FigureValue>,
    /// In the earlier notice, likewise.
    pub before: Option<FigureValue>,
    /// Its place in a notice's JSON, such as `rates.enrollment`.
    pub figure: String,
    /// What it is called.
    #[serde(skip)]
    pub name: Words,
}

/// A line of the members' ranking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemberChange {
    /// In the later notice; none if it went.
    pub after: Option<MemberLine>,
    /// In the earlier notice; none if it came.
    pub before: Option<MemberLine>,
    /// The entries since the earlier notice that changed the member's month or an earlier one, in order of the log: what is dated before
    /// bears on it as well, by an exemption, or by caps of a quarter or year.
    pub causes: Vec<ChangeCause>,
}

impl MemberChange {
    /// Whose line it is.
    pub fn member(&self) -> MemberId {
        self.line().member
    }

    /// The line as it is now, or was if it went.
    pub fn line(&self) -> &MemberLine {
        self.after.as_ref().or(self.before.as_ref()).expect("it stands in one of them")
    }
}

/// An entry behind a change (更正依据): words of closed lists and ids only, nothing personal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeCause {
    /// What was done: see [`mingzhang_projections::Revised::act`].
    pub act: String,
    /// The decision that upheld an objection and that it follows from.
    pub decision: Option<EventId>,
    /// The entry's event.
    pub event: EventId,
    /// What was objected to.
    pub ground: Option<ObjectionGround>,
    /// Its place in the log.
    pub log_index: u64,
    /// Whose record it changed: the month of the notice, or an earlier one that bears on it.
    pub month: Month,
    /// That objection: the event that raised it.
    pub objection: Option<EventId>,
    /// Why, in the word of the entry.
    pub reason: Option<String>,
}

impl From<&Revision> for ChangeCause {
    fn from(revision: &Revision) -> ChangeCause {
        ChangeCause {
            act: revision.revised.act().to_owned(),
            decision: revision.decision,
            event: revision.id,
            ground: revision.ground,
            log_index: revision.log_index,
            month: revision.month,
            objection: revision.objection,
            reason: revision.revised.reason().map(str::to_owned),
        }
    }
}

/// The row of an organisation directly below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrganizationChange {
    /// In the later notice; none if it went.
    pub after: Option<SubOrganization>,
    /// In the earlier notice; none if it came.
    pub before: Option<SubOrganization>,
}

impl OrganizationChange {
    /// The row as it is now, or was if it went.
    pub fn row(&self) -> &SubOrganization {
        self.after.as_ref().or(self.before.as_ref()).expect("it stands in one of them")
    }
}

/// Members whose points stayed and whose rank moved: all of them between two ranks, by as many places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RankShift {
    /// By how many places: above 0 further down, below 0 further up.
    pub by: i64,
    /// The first rank, as it was before.
    pub first: usize,
    /// The last rank, as it was before.
    pub last: usize,
    /// How many members that are.
    pub members: usize,
}

impl Changes {
    /// What differs, with the revisions behind it: those that bear on the month of the organisation.
    pub fn between(before: &Notice, after: &Notice, revisions: &[Revision]) -> Changes {
        let mut causes: BTreeMap<MemberId, Vec<&Revision>> = BTreeMap::new();
        for revision in revisions {
            causes.entry(revision.member).or_default().push(revision);
        }
        let causes_of = |member: MemberId| {
            causes.get(&member).into_iter().flatten().map(|revision| ChangeCause::from(*revision)).collect()
        };
        let (members, rank_shifts) = members(before, after, causes_of);
        let (figures, organizations) = (figures(before, after), organizations(before, after));
        let told: BTreeSet<MemberId> = members.iter().map(MemberChange::member).collect();
        let untold = |revision: &&Revision| revision.bears_on(after.month) && !told.contains(&revision.member);
        let behind: &[Revision] = if figures.is_empty() && organizations.is_empty() { &[] } else { revisions };
        Changes {
            causes: behind.iter().filter(untold).map(ChangeCause::from).collect(),
            figures,
            members,
            organizations,
            rank_shifts,
        }
    }

    /// Whether nothing differs at all.
    pub fn is_nothing(&self) -> bool {
        *self == Changes::default()
    }

    /// How many members' lines moved in rank only.
    pub fn members_shifted(&self) -> usize {
        self.rank_shifts.iter().map(|shift| shift.members).sum()
    }
}

fn figures(before: &Notice, after: &Notice) -> Vec<FigureChange> {
    let (earlier, later) = (named_figures(before), named_figures(after));
    let gone = earlier.iter().filter(|of| !later.iter().any(|other| other.figure == of.figure));
    let all = later.iter().chain(gone);
    let change = all.map(|of| {
        let value = |figures: &[named_figures::NamedFigure]| {
            figures.iter().find(|other| other.figure == of.figure).and_then(|found| found.value.clone())
        };
        FigureChange { after: value(&later), before: value(&earlier), figure: of.figure.clone(), name: of.name.clone() }
    });
    change.filter(|change| change.after != change.before).collect()
}

fn members(
    before: &Notice,
    after: &Notice,
    causes: impl Fn(MemberId) -> Vec<ChangeCause>,
) -> (Vec<MemberChange>, Vec<RankShift>) {
    let earlier: BTreeMap<MemberId, &MemberLine> = before.members.iter().map(|line| (line.member, line)).collect();
    let mut gone = earlier.clone();
    let (mut changes, mut ranks) = (Vec::new(), Vec::new());
    for line in &after.members {
        match gone.remove(&line.member) {
            Some(was) if (MemberLine { rank: line.rank, ..was.clone() }) == *line => ranks.push((was.rank, line.rank)),
            was => changes.push(MemberChange {
                after: Some(line.clone()),
                before: was.cloned(),
                causes: causes(line.member),
            }),
        }
    }
    let went = before.members.iter().filter(|line| gone.contains_key(&line.member));
    changes.extend(went.map(|line| MemberChange {
        after: None,
        before: Some(line.clone()),
        causes: causes(line.member),
    }));
    (changes, rank_shifts(ranks))
}

/// Of ranks before and after, those that moved, as runs. Members with the same points had one rank and have one.
fn rank_shifts(mut ranks: Vec<(usize, usize)>) -> Vec<RankShift> {
    ranks.sort_unstable();
    let by = |(before, after): (usize, usize)| {
        i64::try_from(after).expect("a count of members") - i64::try_from(before).expect("a count of members")
    };
    let runs = ranks.chunk_by(|a, b| by(*a) == by(*b)).filter(|run| by(run[0]) != 0);
    runs.map(|run| RankShift { by: by(run[0]), first: run[0].0, last: run[run.len() - 1].0, members: run.len() })
        .collect()
}

fn organizations(before: &Notice, after: &Notice) -> Vec<OrganizationChange> {
    let rows = |notice: &'_ Notice| -> BTreeMap<OrganizationId, SubOrganization> {
        notice.sub_organizations.iter().map(|row| (row.organization, row.clone())).collect()
    };
    let mut earlier = rows(before);
    let mut changes: Vec<OrganizationChange> = (after.sub_organizations.iter())
        .map(|row| OrganizationChange { after: Some(row.clone()), before: earlier.remove(&row.organization) })
        .collect();
    changes.retain(|change| change.after != change.before);
    changes.extend(earlier.into_values().map(|row| OrganizationChange { after: None, before: Some(row) }));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::samples;
    use mingzhang_events::{CorrectionReason, Points, QuashingReason};
    use mingzhang_projections::{Admitted, Revised};

    #[test]
    fn the_same_notice_has_no_changes() {
        assert!(Changes::between(&samples::street(), &samples::street(), &[]).is_nothing());
    }

    #[test]
    fn taking_the_changes_back_gives_the_lines_of_before() {
        let (before, after) = samples::corrected_street();
        let changes = Changes::between(&before, &after, &[]);
        assert_eq!(changes.members.len(), 2, "{changes:?}");
        let mut lines = after.members.clone();
        for line in changes.members.iter().filter_map(|change| change.after.as_ref()) {
            lines.retain(|other| other != line);
        }
        for line in &mut lines {
            let moved = |shift: &&RankShift| {
                let rank = i64::try_from(line.rank).expect("a rank") - shift.by;
                usize::try_from(rank).is_ok_and(|rank| (shift.first..=shift.last).contains(&rank))
            };
            if let Some(shift) = changes.rank_shifts.iter().find(moved) {
                line.rank = usize::try_from(i64::try_from(line.rank).expect("a rank") - shift.by).expect("a rank");
            }
        }
        lines.extend(changes.members.iter().filter_map(|change| change.before.clone()));
        let in_order = |mut lines: Vec<MemberLine>| {
            lines.sort_by_key(|line| line.member);
            lines
        };
        assert_eq!(in_order(lines), in_order(before.members.clone()));
    }

    #[test]
    fn a_figure_that_is_withheld_now_is_told_without_its_numerator() {
        let (before, mut after) = (samples::street(), samples::street());
        after.rates.enrollment = crate::notice::Rate::Withheld;
        after.totals.average_points = None;
        let changes = Changes::between(&before, &after, &[]);
        let told = serde_json::to_value(&changes.figures).expect("JSON");
        assert_eq!(told[0]["figure"], "rates.enrollment");
        assert_eq!(told[0]["after"], "withheld");
        assert_eq!(
            (&told[1]["figure"], &told[1]["after"]),
            (&"totals.average_points".into(), &serde_json::Value::Null)
        );
    }

    /// A guest at an activity has no line, and the attendance that was counted here is another.
    #[test]
    fn an_entry_that_no_line_tells_is_named_behind_the_figures() {
        let (before, mut after) = (samples::street(), samples::street());
        let guest = Revision {
            log_index: 7,
            id: EventId(7),
            member: MemberId(u64::MAX),
            month: after.month,
            revised: Revised::Reversed(CorrectionReason::FoundUntrue),
            decision: None,
            objection: None,
            ground: None,
        };
        assert_eq!(Changes::between(&before, &after, &[guest]).causes, [], "nothing differs");
        after.patrols.attended -= 1;
        let changes = Changes::between(&before, &after, &[guest]);
        assert_eq!((changes.figures.len(), changes.causes.len()), (1, 1));
        assert_eq!((changes.causes[0].act.as_str(), changes.causes[0].event), ("reversed", EventId(7)));
    }

    /// A transfer between two branches of one name, each of another community: no line and no figure of the street is another.
    #[test]
    fn an_entry_that_changed_only_rows_of_organisations_is_named_with_each_of_them() {
        let (before, mut after) = (samples::street(), samples::street());
        let moved = revision(28_420, "2026-10", after.members[5].member, Revised::Admitted(Admitted::Transferred));
        for (at, due) in [(0, 1), (1, -1)] {
            let row = &mut after.sub_organizations[at];
            row.due = row.due.checked_add_signed(due).expect("a count");
        }
        let changes = Changes::between(&before, &after, std::slice::from_ref(&moved));
        assert_eq!((changes.figures.len(), changes.members.len(), changes.organizations.len()), (0, 0, 2));
        let told: Vec<u64> = changes.causes.iter().map(|cause| cause.log_index).collect();
        assert_eq!(told, [28_420]);
        let printed = groups(&changes, after.month, |_| None);
        let causes: Vec<usize> = printed.iter().map(|group| group.causes.len()).collect();
        assert_eq!(causes, [1, 1], "{printed:?}");
        after.due += 1;
        let changes = Changes::between(&before, &after, &[moved]);
        let printed = groups(&changes, after.month, |_| None);
        let causes: Vec<usize> = printed.iter().map(|group| group.causes.len()).collect();
        assert_eq!(causes, [1, 0, 0], "once, where a figure changed too: {printed:?}");
    }

    #[test]
    fn members_that_only_moved_in_rank_are_told_as_runs() {
        let mut after = samples::street();
        let before = after.clone();
        let last = after.members.pop().expect("a member");
        after.members.iter_mut().for_each(|line| line.rank += 1);
        after.members.insert(0, MemberLine { points: Points::from_hundredths(9_900), rank: 1, ..last });
        let changes = Changes::between(&before, &after, &[]);
        assert_eq!((changes.members.len(), changes.members_shifted()), (1, 59));
        assert_eq!(changes.rank_shifts.len(), 1);
        assert_eq!((changes.rank_shifts[0].by, changes.rank_shifts[0].first), (1, 1));
    }

    fn revision(log_index: u64, month: &str, member: MemberId, revised: Revised) -> Revision {
        let month = month.parse().expect("a month");
        let (decision, objection, ground) = (None, None, None);
        Revision { log_index, id: EventId(log_index.into()), member, month, revised, decision, objection, ground }
    }

    #[test]
    fn a_line_names_what_was_done_to_its_month_and_what_earlier_months_bear_on_it() {
        let (before, after) = samples::corrected_street();
        let member = Changes::between(&before, &after, &[]).members[0].member();
        let earlier = revision(28_420, "2026-07", member, Revised::Admitted(Admitted::Exempted));
        let own = revision(28_421, "2026-10", member, Revised::Quashed(QuashingReason::Reviewed));
        let changes = Changes::between(&before, &after, &[earlier, own]);
        let told: Vec<u64> = changes.members[0].causes.iter().map(|cause| cause.log_index).collect();
        assert_eq!(told, [28_420, 28_421]);
        assert_eq!(changes.causes, [], "they are told with the line");
    }

    #[test]
    fn a_figure_of_records_names_the_record_that_changed_no_line() {
        let (before, mut after) = (samples::street(), samples::street());
        after.records.pending += 1;
        let member = after.members[5].member;
        let entered = revision(28_420, "2026-10", member, Revised::Recorded);
        let of_another_month = revision(28_421, "2026-09", member, Revised::Recorded);
        let changes = Changes::between(&before, &after, &[entered, of_another_month]);
        assert_eq!((changes.figures.len(), changes.members.len()), (1, 0));
        let told: Vec<u64> = changes.causes.iter().map(|cause| cause.log_index).collect();
        assert_eq!(told, [28_420]);
    }
}
