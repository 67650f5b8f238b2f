//! Plain questions: an organisation, a member, a record, the closes, the notices, the rules. No household is ever named.

use crate::dates::Dated;
use crate::facts::Standing;
use crate::intern::NONE;
use crate::models::ReadModels;
use crate::months::Notice;
use crate::progress::DisclosureEntry;
use crate::span::instant;
use jiff::civil::Date;
use mingzhang_events::{
    ActivityClass, ActivityId, ActivityKind, EventId, Evidence, ExemptionReason, Instant, LeavingReason, LegalCalendar,
    MemberClass, MemberId, Month, NoticeFormat, OrganizationId, OrganizationLevel, ScoringRules, date_from_days,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// An organisation in one line, as it was at some instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrganizationCard {
    /// Its code.
    pub organization: OrganizationId,
    /// Its name then.
    pub name: String,
    /// Its level.
    pub level: OrganizationLevel,
    /// The organisation above it then; none for a root.
    pub parent: Option<OrganizationId>,
    /// Whether it existed then: established, and neither merged nor dissolved.
    pub exists: bool,
}

/// From when on a member belongs where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BranchMembership {
    /// From this instant on.
    pub from: Instant,
    /// The branch as recorded; none after leaving.
    pub organization: Option<OrganizationId>,
    /// The member's class.
    pub class: MemberClass,
    /// Why they left, if they did.
    pub leaving: Option<LeavingReason>,
}

/// An enrolment (报到) of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EnrollmentPeriod {
    /// The community.
    pub community: OrganizationId,
    /// From this instant on.
    pub from: Instant,
    /// Until this instant; none while in force.
    pub until: Option<Instant>,
}

/// An exemption (免予报到) of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExemptionPeriod {
    /// Why.
    pub reason: ExemptionReason,
    /// From this instant on.
    pub from: Instant,
    /// The last day; none without an end.
    pub until: Option<Date>,
}

/// A member's place in the roster over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemberHistory {
    /// Who.
    pub member: MemberId,
    /// Oldest first.
    pub branches: Vec<BranchMembership>,
    /// Oldest recorded first.
    pub enrollments: Vec<EnrollmentPeriod>,
    /// Oldest recorded first.
    pub exemptions: Vec<ExemptionPeriod>,
    /// The months in which the member has records, sign-ups or decisions, in order.
    pub months: Vec<Month>,
}

/// A record (记录) of service as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordState {
    /// Whose.
    pub member: MemberId,
    /// What kind of service.
    pub kind: ActivityKind,
    /// In what capacity.
    pub class: ActivityClass,
    /// At which activity, if it was one.
    pub activity: Option<ActivityId>,
    /// When the service began, as corrected.
    pub started_at: Instant,
    /// Whole minutes, as corrected.
    pub minutes: u16,
    /// How it was evidenced.
    pub evidence: Evidence,
    /// Whether it counts, and if not, why not.
    pub standing: Standing,
    /// The entry that opened it, then its reviews and corrections.
    pub log_indexes: Vec<u64>,
}

/// A close (月结).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ClosedMonth {
    /// When.
    pub closed_at: Instant,
    /// By which entry.
    pub log_index: u64,
}

/// An issued notice (通报).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoticeEntry {
    /// The event that issued it.
    pub id: EventId,
    /// The month it is about.
    pub month: Month,
    /// Its document number.
    pub number: String,
    /// Who issued it and whom it is about.
    pub organization: OrganizationId,
    /// SHA-256 of its canonical JSON in hex.
    pub digest: String,
    /// What it says: the figures, or also what changed since the notice that it supersedes.
    pub format: NoticeFormat,
    /// The checkpoint that its figures rest on.
    pub tree_size: u64,
    /// The checkpoint's root hash in hex.
    pub root_hash: String,
    /// When it was issued, or the disclosure opened.
    pub issued_at: Instant,
    /// The notice about the same month that it supersedes.
    pub supersedes: Option<EventId>,
    /// The notice that supersedes it.
    pub superseded_by: Option<EventId>,
    /// The last day of the disclosure, if it is one.
    #[serde(skip)]
    pub disclosed_until: Option<Date>,
    /// By which entry.
    pub log_index: u64,
}

impl NoticeEntry {
    /// Stands for what nobody has issued: an organisation's month at a size of the log.
    pub fn draft(organization: OrganizationId, month: Month, tree_size: u64) -> NoticeEntry {
        NoticeEntry {
            id: EventId(0),
            month,
            number: String::new(),
            organization,
            digest: String::new(),
            format: NoticeFormat::First,
            tree_size,
            root_hash: String::new(),
            issued_at: Instant::EARLIEST,
            supersedes: None,
            superseded_by: None,
            disclosed_until: None,
            log_index: tree_size,
        }
    }
}

impl ReadModels {
    /// An organisation as it was at an instant, or at the newest one recorded. None if it never was.
    pub fn organization(&self, organization: OrganizationId, at: Option<Instant>) -> Option<OrganizationCard> {
        Some(self.card(self.organization_number(organization)?, self.seconds(at)))
    }

    /// The organisations directly below one at an instant, or at the newest one recorded, by code. None if it never was.
    pub fn children(&self, organization: OrganizationId, at: Option<Instant>) -> Option<Vec<OrganizationCard>> {
        let (number, at) = (self.organization_number(organization)?, self.seconds(at));
        let tree = crate::tree::Tree::at(&self.organizations, at);
        let existing = tree.children(number).filter(|&child| self.organizations.exists(child, at));
        Some(existing.map(|child| self.card(child, at)).collect())
    }

    /// The organisations above one at an instant, or at the newest one recorded, nearest first. None if it never was.
    pub fn ancestors(&self, organization: OrganizationId, at: Option<Instant>) -> Option<Vec<OrganizationCard>> {
        let (number, at) = (self.organization_number(organization)?, self.seconds(at));
        Some(self.organizations.upward(number, at).skip(1).map(|above| self.card(above, at)).collect())
    }

    /// An organisation and all that existed below it at an instant, each before those below it. None if it never was.
    pub fn subtree(&self, organization: OrganizationId, at: Option<Instant>) -> Option<Vec<OrganizationCard>> {
        let (number, at) = (self.organization_number(organization)?, self.seconds(at));
        let tree = crate::tree::Tree::at(&self.organizations, at);
        let existing = tree.part(number).iter().filter(|&&of| self.organizations.exists(of, at));
        Some(existing.map(|&of| self.card(of, at)).collect())
    }

    /// The organisations without one above them at the newest instant recorded, by code.
    pub fn roots(&self) -> Vec<OrganizationCard> {
        let at = self.newest_recorded_at;
        let count = crate::intern::number_of(self.organizations.count());
        let root = |&of: &u32| self.organizations.exists(of, at) && self.organizations.parent(of, at) == NONE;
        let mut roots: Vec<OrganizationCard> = (0..count).filter(root).map(|of| self.card(of, at)).collect();
        roots.sort_by_key(|card| card.organization);
        roots
    }

    /// Who is called what at the newest instant recorded, as `plain` writes it. 书院社区第一党支部 below 书院社区 is called so, and 第一党支部 too; and either with
    /// the names of those above in front. Only existing organisations, and those at or below one of `within`, if that is said.
    pub fn organizations_by_name(
        &self,
        within: Option<&[OrganizationId]>,
        plain: fn(&str) -> String,
    ) -> BTreeMap<String, Vec<OrganizationId>> {
        let at = self.newest_recorded_at;
        let tree = crate::tree::Tree::at(&self.organizations, at);
        let numbers: BTreeSet<u32> = match within {
            None => (0..crate::intern::number_of(self.organizations.count())).collect(),
            Some(tops) => {
                let known = tops.iter().filter_map(|top| self.organization_number(*top));
                known.flat_map(|top| tree.part(top)).copied().collect()
            }
        };
        let mut called: BTreeMap<String, Vec<OrganizationId>> = BTreeMap::new();
        for of in numbers.into_iter().filter(|&of| self.organizations.exists(of, at)) {
            let chain: Vec<String> =
                self.organizations.upward(of, at).map(|of| plain(self.organizations.name(of, at))).collect();
            let Some((own, above)) = chain.split_first() else { continue };
            let short = above.iter().filter_map(|above| own.strip_prefix(above.as_str())).filter(|own| !own.is_empty());
            let mut names = BTreeSet::new();
            for name in std::iter::once(own.as_str()).chain(short) {
                let mut name = name.to_owned();
                names.insert(name.clone());
                for above in above {
                    name.insert_str(0, above);
                    names.insert(name.clone());
                }
            }
            for name in names {
                called.entry(name).or_default().push(self.organizations.id(of));
            }
        }
        called.values_mut().for_each(|organizations| organizations.sort_unstable());
        called
    }

    /// A member's branches, enrolments and exemptions over time. None for an unknown member.
    pub fn member(&self, member: MemberId) -> Option<MemberHistory> {
        let number = self.roster.number(member)?;
        let mut branches: Vec<BranchMembership> = (self.roster.memberships(number))
            .map(|membership| BranchMembership {
                from: instant(membership.from),
                organization: (membership.organization != NONE).then(|| self.organizations.id(membership.organization)),
                class: membership.class(),
                leaving: membership.leaving(),
            })
            .collect();
        branches.reverse();
        let mut enrollments: Vec<EnrollmentPeriod> = (self.roster.enrollments(number))
            .map(|enrollment| EnrollmentPeriod {
                community: self.organizations.id(enrollment.community),
                from: instant(enrollment.from),
                until: (enrollment.until != i64::MAX).then(|| instant(enrollment.until)),
            })
            .collect();
        enrollments.reverse();
        let mut exemptions: Vec<ExemptionPeriod> = (self.roster.exemptions(number))
            .map(|exemption| ExemptionPeriod {
                reason: exemption.reason(),
                from: instant(exemption.from),
                until: (exemption.until_day != NONE).then(|| date_from_days(i64::from(exemption.until_day))),
            })
            .collect();
        exemptions.reverse();
        let heads = &self.roster.members[number as usize];
        let mut months: Vec<Month> = self.member_months.of_member(heads).map(|(_, of)| of.month()).collect();
        months.sort_unstable();
        Some(MemberHistory { member, branches, enrollments, exemptions, months })
    }

    /// The branch of a member at an instant, merged branches followed. None off the roster.
    pub fn branch_of(&self, member: MemberId, at: Instant) -> Option<OrganizationId> {
        let number = self.roster.number(member)?;
        let branch = self.roster.branch(&self.organizations, number, at.unix_seconds());
        (branch != NONE).then(|| self.organizations.id(branch))
    }

    /// The branch that a member has as of the newest entry, or had last. None for somebody who was on no roster.
    pub fn branch_now(&self, member: MemberId) -> Option<OrganizationId> {
        self.branch_of(member, self.newest_recorded_at()?).or_else(|| {
            let history = self.member(member)?;
            history.branches.iter().rev().find_map(|membership| membership.organization)
        })
    }

    /// Whether a member ever belonged to an organisation, or to one that is below it now.
    pub fn was_ever_in(&self, member: MemberId, organization: OrganizationId) -> bool {
        let known = self.roster.number(member).zip(self.organization_number(organization));
        let Some((member, organization)) = known else { return false };
        let at = self.newest_recorded_at;
        let belonged = self.roster.memberships(member).filter(|membership| membership.organization != NONE);
        let is_there = |branch: u32| {
            let now = self.organizations.successor(branch, at);
            branch == organization || self.organizations.upward(now, at).any(|above| above == organization)
        };
        belonged.map(|membership| membership.organization).any(is_there)
    }

    /// How many members were ever on the roster.
    pub fn members_count(&self) -> usize {
        self.roster.members.len()
    }

    /// How many records were ever opened.
    pub fn records_count(&self) -> u32 {
        self.records.count()
    }

    /// The members on the roster of an organisation and of all below it at the last moment of a month, by id. None for an
    /// unknown organisation.
    pub fn roster(&self, organization: OrganizationId, month: Month) -> Option<Vec<MemberId>> {
        let number = self.organization_number(organization)?;
        let tree = self.tree(month);
        let ever: BTreeSet<u32> =
            tree.part(number).iter().flat_map(|&below| self.roster.ever_in(below)).copied().collect();
        let here = |member: &u32| {
            let branch = self.branch_at_cutoff(*member, month);
            branch != NONE && tree.holds(number, branch)
        };
        let mut members: Vec<MemberId> = ever.into_iter().filter(here).map(|member| self.roster.id(member)).collect();
        members.sort_unstable();
        Some(members)
    }

    /// The record that an event opened, as it stands.
    pub fn record(&self, id: EventId) -> Option<RecordState> {
        let number = self.records.number(id)?;
        let record = self.records.get(number);
        let of = self.member_months.get(self.records.owner(number));
        let Dated { dated_at, served_from } = self.dated(number, record, of.month());
        let branch = self.roster.branch(&self.organizations, of.member, dated_at);
        let (kind, class) = self.kind_of(record);
        Some(RecordState {
            member: self.roster.id(of.member),
            kind,
            class,
            activity: record.activity().map(|activity| self.activities.id(activity)),
            started_at: instant(served_from),
            minutes: record.minutes,
            evidence: record.evidence(),
            standing: self.standing(record, branch, self.rules.in_force(of.month())),
            log_indexes: self.record_log_indexes(number, of.amendments),
        })
    }

    /// The close that covers an organisation's month: its own, or that of one above it. None while it is open.
    pub fn closed(&self, organization: OrganizationId, month: Month) -> Option<ClosedMonth> {
        let number = self.organization_number(organization)?;
        let close = self.months.closed(&self.organizations, month, number)?;
        Some(ClosedMonth { closed_at: instant(close.at), log_index: u64::from(close.log_index) })
    }

    /// Issued notices, newest first; of one organisation, or of all.
    pub fn notices(&self, organization: Option<OrganizationId>) -> Vec<NoticeEntry> {
        let number = organization.map(|organization| self.organization_number(organization));
        let wanted = |notice: &&Notice| number.is_none_or(|number| number == Some(notice.organization));
        self.months.notices.iter().rev().filter(wanted).map(|notice| self.notice_entry(notice)).collect()
    }

    /// The notice about a month that an organisation issued under this number. A number is used once.
    pub fn notice_numbered(&self, organization: OrganizationId, month: Month, number: &str) -> Option<NoticeEntry> {
        let all = self.notices(Some(organization));
        all.into_iter().find(|notice| notice.month == month && notice.number == number)
    }

    /// The newest notices that were issued, at most so many, newest first.
    pub fn newest_notices(&self, at_most: usize) -> Vec<NoticeEntry> {
        self.months.notices.iter().rev().take(at_most).map(|notice| self.notice_entry(notice)).collect()
    }

    /// What an event published: an issued notice, or a disclosure as a notice without a number.
    pub fn published(&self, event: EventId) -> Option<NoticeEntry> {
        if let Some(notice) = self.months.notice(event.0) {
            return Some(self.notice_entry(notice));
        }
        let DisclosureEntry {
            id, month, organization, digest, tree_size, root_hash, opened_at, until, log_index, ..
        } = self.disclosures().into_iter().find(|disclosure| disclosure.id == event)?;
        let (number, issued_at) = (String::new(), opened_at);
        let disclosed_until = Some(until);
        Some(NoticeEntry {
            id,
            month,
            number,
            organization,
            digest,
            format: NoticeFormat::First,
            tree_size,
            root_hash,
            issued_at,
            supersedes: None,
            superseded_by: None,
            disclosed_until,
            log_index,
        })
    }

    /// The rules that score a month, and the log index of their adoption. None if none are in force.
    pub fn rules_in_force(&self, month: Month) -> Option<(&ScoringRules, u64)> {
        self.rules.in_force_since(month).map(|(rules, log_index)| (rules, u64::from(log_index)))
    }

    /// The legal calendar (工作日历), with the years that adopted rules bring.
    pub fn calendar(&self) -> LegalCalendar<'_> {
        self.rules.calendar()
    }

    /// Every version of the rules in order of adoption, with the log index of its adoption.
    pub fn rules_adopted(&self) -> Vec<(&ScoringRules, u64)> {
        self.rules.all().map(|(rules, log_index)| (rules, u64::from(log_index))).collect()
    }

    /// The months in which any member has records, sign-ups or decisions, in order.
    pub fn active_months(&self) -> Vec<Month> {
        Month::from_number(0).map_or_else(Vec::new, |first| self.member_months.months_from(first))
    }

    pub(crate) fn card(&self, number: u32, at: i64) -> OrganizationCard {
        let parent = self.organizations.parent(number, at);
        OrganizationCard {
            organization: self.organizations.id(number),
            name: self.organizations.name(number, at).to_owned(),
            level: self.organizations.level(number),
            parent: (parent != NONE).then(|| self.organizations.id(parent)),
            exists: self.organizations.exists(number, at),
        }
    }

    fn seconds(&self, at: Option<Instant>) -> i64 {
        at.map_or(self.newest_recorded_at, Instant::unix_seconds)
    }

    fn notice_entry(&self, notice: &Notice) -> NoticeEntry {
        NoticeEntry {
            id: EventId(notice.event),
            month: Month::from_number(notice.month).expect("made from a month"),
            number: notice.number.clone(),
            organization: self.organizations.id(notice.organization),
            digest: notice.digest.clone(),
            format: NoticeFormat::ALL[usize::from(notice.format)],
            tree_size: notice.tree_size,
            root_hash: notice.root_hash.clone(),
            issued_at: instant(notice.at),
            supersedes: notice.supersedes.map(EventId),
            superseded_by: notice.superseded_by.map(EventId),
            disclosed_until: None,
            log_index: u64::from(notice.log_index),
        }
    }
}
