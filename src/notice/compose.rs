//! Facts to notice: reads the figures of one organisation's month off the read models. Works nothing out that they know.

use super::circular::Notice;
use super::figures::{
    CheckpointHead, DutyFigures, EvidenceCount, MemberLine, PatrolFigures, PreviousMonth, RecordFigures, RulesNamed,
    SubOrganization, Totals,
};
use crate::transparency::Hash;
use mingzhang_events::{Instant, MemberId, Month, NoticeFormat, OrganizationId};
use mingzhang_projections::{ChildSummary, DutyCoverage, MonthSummary, RankedMember, ReadModels};
use std::collections::BTreeMap;

/// What a notice is about, and the head of the log that the read models stand at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeContext {
    /// The month.
    pub month: Month,
    /// The document number, such as `〔2026〕10号`; empty for a draft.
    pub number: String,
    /// The organisation that it is about and that issues it.
    pub organization: OrganizationId,
    /// The name of the log.
    pub origin: String,
    /// The root hash of the log at [`ReadModels::tree_size`].
    pub root: Hash,
}

impl NoticeContext {
    /// Of an organisation's month, under a number, from the log of that name and root.
    pub fn new(organization: OrganizationId, month: Month, number: &str, origin: &str, root: Hash) -> NoticeContext {
        NoticeContext { month, number: number.to_owned(), organization, origin: origin.to_owned(), root }
    }
}

/// Composes the notice. The same log at the same size gives the same notice. None for an organisation that never was.
pub fn compose(models: &ReadModels, context: &NoticeContext) -> Option<Notice> {
    let NoticeContext { month, organization, .. } = *context;
    let summary = models.month_summary(organization, month)?;
    let rules = models.rules_in_force(month).map(|(rules, _)| rules);
    let ranking = models.member_ranking(organization, month, None, usize::MAX)?;
    let mut branches = BranchNames { models, at: last_instant(month), names: BTreeMap::new() };
    Some(Notice {
        changes: None,
        checkpoint: CheckpointHead::new(&context.origin, models.tree_size(), &context.root),
        due: summary.members.due,
        duty: summary.duty.as_ref().ok().map(duty),
        evidence: (summary.evidence.iter())
            .map(|share| EvidenceCount { evidence: share.evidence, records: share.records })
            .collect(),
        format: NoticeFormat::First,
        home_visits: summary.records.home_visits,
        level: summary.organization.level,
        meetings: summary.attendance.meetings.into(),
        members: ranking.rows.iter().map(|row| branches.line(row)).collect(),
        month,
        month_closed: summary.closed.is_some(),
        name: summary.organization.name.clone(),
        number: context.number.clone(),
        organization,
        patrols: PatrolFigures {
            attended: summary.patrols.attended,
            minutes: summary.patrols.minutes,
            no_shows: summary.patrols.no_shows,
            shifts: summary.patrols.shifts,
            signed_up: summary.patrols.signed_up,
        },
        previous: models.month_summary(organization, month.previous()).and_then(|earlier| previous(&earlier)),
        published_group_members_min: summary.published_group_members_min,
        rates: summary.rates.into(),
        records: RecordFigures {
            accepted: summary.records.accepted,
            check_out_missing: summary.records.check_out_missing,
            pending: summary.records.pending,
            returned: summary.records.returned,
        },
        rules: rules.map(|rules| RulesNamed { title: rules.title.clone(), version: rules.version }),
        sub_organizations: sub_organizations(&summary.children),
        supersedes: None,
        totals: Totals {
            average_points: summary.average.points,
            points: summary.points,
            voluntary_minutes: summary.voluntary_minutes,
        },
        trainings: summary.attendance.trainings.into(),
    })
}

/// Line `number`, from 1, of the members' ranking that a notice about this organisation and month prints, without composing the rest. None beyond
/// the last.
pub(super) fn member_line(
    models: &ReadModels,
    organization: OrganizationId,
    month: Month,
    number: usize,
) -> Option<MemberLine> {
    let ranking = models.member_ranking(organization, month, None, number)?;
    let row = ranking.rows.get(number.checked_sub(1)?)?;
    Some(BranchNames { models, at: last_instant(month), names: BTreeMap::new() }.line(row))
}

/// The month before, if it was closed: what nobody closed has no figures to compare with.
fn previous(summary: &MonthSummary) -> Option<PreviousMonth> {
    summary.closed.is_some().then(|| PreviousMonth {
        month: summary.month,
        rates: summary.rates.into(),
        totals: Totals {
            average_points: summary.average.points,
            points: summary.points,
            voluntary_minutes: summary.voluntary_minutes,
        },
    })
}

fn duty(coverage: &DutyCoverage) -> DutyFigures {
    DutyFigures {
        days_covered: coverage.rate.numerator,
        days_needed: coverage.rate.denominator,
        members_per_working_day: coverage.members_per_working_day,
        working_days: coverage.working_days,
    }
}

/// By rank; those without one last; then by code.
fn sub_organizations(children: &[ChildSummary]) -> Vec<SubOrganization> {
    let mut rows: Vec<SubOrganization> = (children.iter())
        .map(|child| SubOrganization {
            due: child.members.due,
            level: child.organization.level,
            name: child.organization.name.clone(),
            organization: child.organization.organization,
            rank: child.rank,
            rates: child.rates.into(),
            totals: Totals {
                average_points: child.average.points,
                points: child.points,
                voluntary_minutes: child.voluntary_minutes,
            },
        })
        .collect();
    rows.sort_by_key(|row| (row.rank.unwrap_or(usize::MAX), row.organization));
    rows
}

/// The names of branches at the last moment of the month, each looked up once.
struct BranchNames<'a> {
    models: &'a ReadModels,
    at: Option<Instant>,
    names: BTreeMap<OrganizationId, String>,
}

impl BranchNames<'_> {
    fn line(&mut self, row: &RankedMember) -> MemberLine {
        MemberLine {
            branch: row.branch.map(|branch| self.name(branch)),
            member: row.member,
            number_tail: number_tail(row.member),
            points: row.points,
            rank: row.rank,
            voluntary_minutes: row.voluntary_minutes,
        }
    }

    fn name(&mut self, branch: OrganizationId) -> String {
        let (models, at) = (self.models, self.at);
        let name = || models.organization(branch, at).map_or_else(|| branch.to_string(), |card| card.name);
        self.names.entry(branch).or_insert_with(name).clone()
    }
}

fn last_instant(month: Month) -> Option<Instant> {
    Instant::from_unix_seconds(month.end().ok()?.unix_seconds() - 1).ok()
}

/// The last four digits of a member id.
pub(crate) fn number_tail(member: MemberId) -> String {
    let number = member.to_string();
    number[number.len() - 4..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::{NoticeContext, compose};
    use crate::notice::Rate;
    use mingzhang_events::{
        ActorId, Event, EventId, Evidence, Instant, MemberClass, MemberEnrolled, MemberId, MemberRostered,
        OrganizationEstablished, OrganizationId, OrganizationLevel, RecordedEvent,
    };
    use mingzhang_projections::ReadModels;

    fn code(text: &str) -> OrganizationId {
        text.parse().expect("a code")
    }

    /// A street with two communities: six members, of whom four are enrolled, in the first; two in the second.
    fn models() -> ReadModels {
        let at: Instant = "2026-10-03T02:00:00Z".parse().expect("an instant");
        let established = |organization: &str, parent: Option<&str>, level, name: &str| {
            let (organization, parent) = (code(organization), parent.map(code));
            Event::from(OrganizationEstablished { level, name: name.to_owned(), organization, parent })
        };
        let mut events = vec![
            established("420902001", None, OrganizationLevel::Subdistrict, "书院街道"),
            established("420902001001", Some("420902001"), OrganizationLevel::Community, "书院社区"),
            established("420902001002", Some("420902001"), OrganizationLevel::Community, "槐荫社区"),
        ];
        for number in 1..=8 {
            let organization = code(if number <= 6 { "420902001001" } else { "420902001002" });
            let member = MemberId(number);
            events.push(MemberRostered { class: MemberClass::ALL[0], member, organization }.into());
            if number <= 4 {
                events.push(MemberEnrolled { decision: None, community: organization, member }.into());
            }
        }
        let recorded_by: ActorId = "w-0001".parse().expect("an actor");
        let mut models = ReadModels::new();
        for (log_index, event) in (0..).zip(events) {
            let id = EventId(u128::from(log_index) + 1);
            let evidence = Evidence::Imported;
            models.apply(
                log_index,
                &RecordedEvent { id, event, evidence, imported: None, occurred_at: at, recorded_at: at, recorded_by },
            );
        }
        models.settle();
        models
    }

    fn context(organization: &str) -> NoticeContext {
        NoticeContext {
            month: "2026-10".parse().expect("a month"),
            number: "〔2026〕10号".to_owned(),
            organization: code(organization),
            origin: "example.org/street".to_owned(),
            root: [7; 32],
        }
    }

    #[test]
    fn a_notice_names_its_checkpoint_and_counts_over_all_below() {
        let notice = compose(&models(), &context("420902001")).expect("a notice");
        assert_eq!((notice.checkpoint.tree_size, notice.due, notice.members.len()), (15, 8, 8));
        assert_eq!(notice.checkpoint.root_hash, "07".repeat(32));
        assert_eq!(notice.rates.enrollment, Rate::Of { numerator: 4, denominator: 8 });
        assert_eq!(notice.members[0].branch.as_deref(), Some("书院社区"));
        assert!(!notice.month_closed && notice.rules.is_none() && notice.previous.is_none());
    }

    #[test]
    fn a_community_of_two_has_neither_rates_nor_a_rank() {
        let notice = compose(&models(), &context("420902001")).expect("a notice");
        let names: Vec<&str> = notice.sub_organizations.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["书院社区", "槐荫社区"]);
        let small = &notice.sub_organizations[1];
        assert_eq!((small.due, small.rank, small.totals.average_points), (2, None, None));
        assert_eq!(small.rates.enrollment, Rate::Withheld);
    }

    #[test]
    fn the_total_of_a_small_group_is_the_sum_of_lines_that_the_notice_prints_anyway() {
        let notice = compose(&models(), &context("420902001")).expect("a notice");
        let small = &notice.sub_organizations[1];
        let lines = notice.members.iter().filter(|line| line.branch.as_deref() == Some(&*small.name));
        let (count, sum) = lines.fold((0, 0), |(count, sum), line| (count + 1, sum + line.points.hundredths()));
        assert_eq!((count, sum), (2, small.totals.points.hundredths()));
    }

    #[test]
    fn the_same_log_gives_the_same_digest_and_another_number_another() {
        let once = compose(&models(), &context("420902001")).expect("a notice");
        assert_eq!(once.digest(), compose(&models(), &context("420902001")).expect("a notice").digest());
        let other = NoticeContext { number: "〔2026〕11号".to_owned(), ..context("420902001") };
        assert_ne!(once.digest(), compose(&models(), &other).expect("a notice").digest());
    }

    #[test]
    fn an_organisation_that_never_was_has_no_notice() {
        assert_eq!(compose(&models(), &context("999")), None);
    }
}
