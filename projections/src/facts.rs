//! What scoring looks at: everything a member did in one month, each fact with its standing, in order of its date.
//!
//! The one place that decides whether a record counts (DOMAIN §4).

use crate::awards::Ruling;
use crate::dates::Dated;
use crate::intern::NONE;
use crate::member_months::MemberMonth;
use crate::models::ReadModels;
use crate::records::{Form, Record, Review};
use crate::rules::Compiled;
use crate::span::month_cutoff;
use mingzhang_events::{ActivityClass, ActivityKind, EmergencyGrade, Evidence, MemberClass, Month};

/// Whether a fact counts, and if not, why not (记录是否有效).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// 有效.
    Accepted,
    /// 待审核: its evidence, or its correction after a return, needs an approval.
    Pending,
    /// 退回.
    Returned,
    /// 冲正.
    Reversed,
    /// 撤销.
    Quashed,
    /// 未签退.
    CheckOutMissing,
    /// 活动已取消.
    ActivityCancelled,
    /// 当时不在册.
    NotOnRoster,
}

/// What a fact is that points can be given or taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ground {
    Service,
    Leave,
    Absence,
    NoShow,
    Granted,
    Deducted,
    Reset,
    Vetoed,
    Base,
}

/// Where a fact is kept. In order of log index within each variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cause {
    Record(u32),
    SignUp(u32),
    Award(u32),
    /// The log index of the entry that put the member where they are.
    Membership(u32),
}

/// One fact of a member's month.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact {
    /// Of which moment it is: see `dates.rs`.
    pub(crate) dated_at: i64,
    /// When the service began. The same of what is no record.
    pub(crate) served_from: i64,
    pub(crate) cause: Cause,
    pub(crate) ground: Ground,
    pub(crate) standing: Standing,
    /// None for a decision.
    pub(crate) kind: Option<(ActivityKind, ActivityClass)>,
    pub(crate) minutes: u16,
    /// Where the member belonged at its date; [`NONE`] off the roster.
    pub(crate) branch: u32,
    /// In what class they were then.
    pub(crate) member_class: MemberClass,
    /// None for the lack of a record, and for what is no service.
    pub(crate) evidence: Option<Evidence>,
    /// Of the emergency that the activity answers.
    pub(crate) grade: Option<EmergencyGrade>,
}

impl Fact {
    /// What isn't service: a decision, or base points.
    pub(crate) fn of_office(dated_at: i64, cause: Cause, ground: Ground, branch: u32) -> Fact {
        Fact {
            dated_at,
            served_from: dated_at,
            cause,
            ground,
            standing: if branch == NONE { Standing::NotOnRoster } else { Standing::Accepted },
            kind: None,
            minutes: 0,
            branch,
            member_class: MemberClass::Resident,
            evidence: None,
            grade: None,
        }
    }

    /// Minutes of voluntary service that count.
    pub(crate) fn voluntary_minutes(&self) -> u32 {
        let voluntary = matches!(self.kind, Some((_, ActivityClass::Voluntary)));
        let counts = voluntary && self.ground == Ground::Service && self.standing == Standing::Accepted;
        if counts { u32::from(self.minutes) } else { 0 }
    }
}

impl ReadModels {
    /// Gathers the facts of a member-month into `facts`, in order of date and then of log index.
    pub(crate) fn gather(&self, number: u32, rules: Option<&Compiled>, facts: &mut Vec<Fact>) {
        facts.clear();
        let of = self.member_months.get(number);
        let month = of.month();
        for (record, entry) in self.records.chain(of.records) {
            let Dated { dated_at, served_from } = self.dated(record, entry, month);
            let (branch, member_class) = self.roster.place(&self.organizations, of.member, dated_at);
            let (ground, kind, grade) = self.ground(entry);
            facts.push(Fact {
                dated_at,
                served_from,
                cause: Cause::Record(record),
                ground,
                standing: self.standing(entry, branch, rules),
                kind: Some(kind),
                minutes: entry.minutes,
                branch,
                member_class,
                evidence: Some(entry.evidence()),
                grade,
            });
        }
        if of.sign_ups != NONE && self.months.any_no_shows(month) {
            self.gather_no_shows(number, of, facts);
        }
        for &award in self.awards.of(number) {
            let decision = self.awards.get(award);
            let branch = self.roster.branch(&self.organizations, of.member, decision.at);
            let ground = match decision.ruling {
                Ruling::Granted => Ground::Granted,
                Ruling::Deducted => Ground::Deducted,
                Ruling::Reset => Ground::Reset,
                Ruling::Vetoed => Ground::Vetoed,
            };
            let mut fact = Fact::of_office(decision.at, Cause::Award(award), ground, branch);
            if decision.reversed.is_some() {
                fact.standing = if decision.quashed { Standing::Quashed } else { Standing::Reversed };
            }
            facts.push(fact);
        }
        facts.sort_unstable_by_key(|fact| (fact.dated_at, fact.cause));
    }

    fn gather_no_shows(&self, number: u32, of: MemberMonth, facts: &mut Vec<Fact>) {
        for (sign_up, entry) in self.participation.sign_ups(of.sign_ups) {
            let activity = self.activities.get(entry.activity);
            let (branch, member_class) = self.roster.place(&self.organizations, of.member, activity.starts_at);
            let missed = branch != NONE
                && !activity.is_cancelled()
                && self.months.no_shows_known(&self.organizations, of.month(), branch)
                && !self.came(number, entry.activity);
            if missed {
                facts.push(Fact {
                    dated_at: activity.starts_at,
                    served_from: activity.starts_at,
                    cause: Cause::SignUp(sign_up),
                    ground: Ground::NoShow,
                    standing: Standing::Accepted,
                    kind: Some((activity.kind(), activity.class())),
                    minutes: 0,
                    branch,
                    member_class,
                    evidence: None,
                    grade: activity.grade(),
                });
            }
        }
    }

    /// Whether a record of that activity may count, or says that the member wasn't there: in this month or, where records are dated at
    /// their own start and that may lie on the other side of midnight, a neighbouring one.
    fn came(&self, number: u32, activity: u32) -> bool {
        let of = self.member_months.get(number);
        let months = [of.month().previous(), of.month(), of.month().next()];
        let member = &self.roster.members[of.member as usize];
        self.member_months.of_member(member).filter(|(_, near)| months.contains(&near.month())).any(|(_, near)| {
            self.records
                .chain(near.records)
                .any(|(_, record)| record.activity() == Some(activity) && record.may_count())
        })
    }

    fn ground(&self, record: Record) -> (Ground, (ActivityKind, ActivityClass), Option<EmergencyGrade>) {
        let ground = match record.form() {
            Form::CheckIn | Form::Attended | Form::HomeVisit | Form::Duty => Ground::Service,
            Form::OnLeave => Ground::Leave,
            Form::Absent => Ground::Absence,
        };
        let grade = record.activity().and_then(|activity| self.activities.get(activity).grade());
        (ground, self.kind_of(record), grade)
    }

    /// What kind of service a record is of, and in what capacity.
    pub(crate) fn kind_of(&self, record: Record) -> (ActivityKind, ActivityClass) {
        match record.form() {
            Form::CheckIn | Form::Attended | Form::OnLeave | Form::Absent => {
                let activity = self.activities.get(record.subject);
                (activity.kind(), activity.class())
            }
            Form::HomeVisit => (ActivityKind::HomeVisit, ActivityClass::Voluntary),
            Form::Duty => (ActivityKind::Duty, ActivityClass::Duty),
        }
    }

    pub(crate) fn standing(&self, record: Record, branch: u32, rules: Option<&Compiled>) -> Standing {
        let needs_approval = match record.review() {
            Review::Approved => false,
            Review::Mended => true,
            Review::None | Review::Returned => rules.is_some_and(|rules| rules.requires_review(record.evidence())),
        };
        if record.is_reversed() {
            Standing::Reversed
        } else if record.review() == Review::Returned {
            Standing::Returned
        } else if record.activity().is_some_and(|activity| self.activities.get(activity).is_cancelled()) {
            Standing::ActivityCancelled
        } else if branch == NONE {
            Standing::NotOnRoster
        } else if record.is_open() {
            Standing::CheckOutMissing
        } else if needs_approval {
            Standing::Pending
        } else {
            Standing::Accepted
        }
    }

    /// The branch whose month it is at the cut-off: where the member belongs at the last moment of the month.
    pub(crate) fn branch_at_cutoff(&self, member: u32, month: Month) -> u32 {
        self.roster.branch(&self.organizations, member, month_cutoff(month))
    }
}
