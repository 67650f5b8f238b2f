//! 文书: what a branch, a member or an office is given beside the notice: register, statement, certificate, attendance sheet. Composed from the read
//! models at a named checkpoint into a document. No store, no clock, no network, no format.
//!
//! Invariant: same models, same names, same document. A name stands there as the setting gives it, and in full on a certificate only with its request.

mod attendance;
mod certificate;
mod common;
mod period;
mod register;
mod statement;
pub mod wording;

pub use period::PeriodFault;
use register::Holders;

use crate::document::{Anchor, Document, Signature};
use crate::notice::{CheckpointHead, Imprint};
use mingzhang_events::{ActivityId, DocumentKind, Instant, MemberId, Month, OrganizationId};
use mingzhang_projections::{AttendanceSheet, MemberPoints, ReadModels, RegisterLine};
use std::collections::BTreeMap;

/// Which document is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// 支部台账: every record of an organisation's members in a month.
    Register {
        /// Whose: this one and all below it.
        organization: OrganizationId,
        /// Which month.
        month: Month,
    },
    /// 个人积分明细: a member's points in a month, each with its event and its clause.
    Statement {
        /// Whose.
        member: MemberId,
        /// Which month.
        month: Month,
    },
    /// 志愿服务记录证明: a member's voluntary service in a stretch of months.
    Certificate {
        /// Whose.
        member: MemberId,
        /// The first month.
        from: Month,
        /// The last month.
        until: Month,
    },
    /// 出席记录: who was at one activity, on leave or absent.
    Attendance {
        /// At which.
        activity: ActivityId,
        /// What the office itself calls it, where that is known: the log has the id alone, which is made from it.
        code: Option<String>,
    },
}

impl Wanted {
    /// What kind of document it is.
    pub const fn kind(&self) -> DocumentKind {
        match self {
            Wanted::Register { .. } => DocumentKind::Register,
            Wanted::Statement { .. } => DocumentKind::Statement,
            Wanted::Certificate { .. } => DocumentKind::Certificate,
            Wanted::Attendance { .. } => DocumentKind::Attendance,
        }
    }

    /// The member whom it is about, if it is about one.
    pub const fn member(&self) -> Option<MemberId> {
        match self {
            Wanted::Statement { member, .. } | Wanted::Certificate { member, .. } => Some(*member),
            Wanted::Register { .. } | Wanted::Attendance { .. } => None,
        }
    }
}

/// What is certified at a member's own request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certified {
    /// The certificate's number.
    pub number: String,
    /// When the member asked for it.
    pub requested_at: Instant,
    /// Their full name. Stands nowhere but on the certificate.
    pub name: String,
}

/// What stands on the paper beside the facts.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The checkpoint of the models.
    pub head: CheckpointHead,
    /// Who issues it and when, and names as they may be shown. The date is none in a draft.
    pub imprint: Imprint,
    /// When it is made.
    pub made_at: Instant,
    /// The random number of a file that is issued (文书识别码), 32 hex digits; none in a draft.
    pub code: Option<String>,
    /// What a certificate has only as the member asked; none in a draft.
    pub certified: Option<Certified>,
}

/// What the models say, before names and date stand beside it.
pub struct Gathered {
    /// Who issues it: the organisation wanted, the member's branch, or who held the activity.
    pub organization: OrganizationId,
    /// What they are called.
    pub organization_name: String,
    /// The month that it is about; none of a certificate.
    pub month: Option<Month>,
    facts: Facts,
    /// Names of every organisation that is printed.
    organizations: BTreeMap<OrganizationId, String>,
}

enum Facts {
    Register(Month, Vec<RegisterLine>, Holders),
    Statement(Box<MemberPoints>),
    Certificate {
        member: MemberId,
        from: Month,
        until: Month,
        months: Vec<MemberPoints>,
    },
    /// With what the office calls the activity.
    Attendance(AttendanceSheet, Option<String>),
}

/// Who issues it: the organisation wanted, the member's branch, or who held the activity. None if the ledger has nothing of that name.
pub fn issuer(models: &ReadModels, wanted: &Wanted) -> Option<OrganizationId> {
    match *wanted {
        Wanted::Register { organization, .. } => models.organization(organization, None).map(|_| organization),
        Wanted::Statement { member, .. } | Wanted::Certificate { member, .. } => models.branch_now(member),
        Wanted::Attendance { activity, .. } => models.activity_holder(activity),
    }
}

/// What the models say of it. None if the ledger has no such organisation, member or activity.
pub fn gather(models: &ReadModels, wanted: &Wanted) -> Option<Gathered> {
    let organization = issuer(models, wanted)?;
    let (month, facts) = match *wanted {
        Wanted::Register { organization, month } => {
            let lines = models.register(organization, month)?;
            let holders = Holders::of_lines(models, &lines);
            (Some(month), Facts::Register(month, lines, holders))
        }
        Wanted::Statement { member, month } => {
            (Some(month), Facts::Statement(Box::new(models.member_points(member, month)?)))
        }
        Wanted::Certificate { member, from, until } => {
            let active = models.member(member)?.months;
            let within = active.into_iter().filter(|month| (from..=until).contains(month));
            let months = within.filter_map(|month| models.member_points(member, month)).collect();
            (None, Facts::Certificate { member, from, until, months })
        }
        Wanted::Attendance { activity, ref code } => {
            let sheet = models.attendance_sheet(activity)?;
            (Some(sheet.starts_at.month()), Facts::Attendance(sheet, code.clone()))
        }
    };
    let mut organizations = BTreeMap::new();
    for of in facts.organizations().into_iter().chain([organization]) {
        let name = || models.organization(of, None).map(|card| card.name).unwrap_or_default();
        organizations.entry(of).or_insert_with(name);
    }
    let organization_name = organizations.get(&organization).cloned().unwrap_or_default();
    Some(Gathered { organization, organization_name, month, facts, organizations })
}

impl Facts {
    fn organizations(&self) -> Vec<OrganizationId> {
        match self {
            Facts::Register(_, lines, holders) => {
                lines.iter().filter_map(|line| line.item.branch).chain(holders.organizations()).collect()
            }
            Facts::Statement(points) => points.items.iter().filter_map(|item| item.branch).collect(),
            Facts::Certificate { months, .. } => {
                months.iter().flat_map(|points| &points.items).filter_map(|item| item.branch).collect()
            }
            Facts::Attendance(sheet, _) => sheet.lines.iter().filter_map(|line| line.branch).collect(),
        }
    }

    fn members(&self) -> Vec<MemberId> {
        match self {
            Facts::Register(_, lines, _) => lines.iter().map(|line| line.member).collect(),
            Facts::Statement(points) => vec![points.member],
            Facts::Certificate { member, .. } => vec![*member],
            Facts::Attendance(sheet, _) => sheet.lines.iter().map(|line| line.member).collect(),
        }
    }
}

impl Gathered {
    /// Everybody who is named, if their names may be shown.
    pub fn members_named(&self) -> Vec<MemberId> {
        let mut members = self.facts.members();
        members.sort_unstable();
        members.dedup();
        members
    }

    /// The document.
    pub fn document(self, setting: &Setting) -> Document<'static> {
        let Gathered { organization_name, facts, organizations, .. } = self;
        let issuing_body = setting.imprint.letterhead.issuing_body.clone().unwrap_or_else(|| organization_name.clone());
        let named = common::Names { imprint: setting.imprint.clone(), organizations };
        let content = match facts {
            Facts::Register(month, lines, holders) => {
                register::content(&organization_name, month, lines, holders, named)
            }
            Facts::Statement(points) => statement::content(&points, &named, &setting.imprint),
            Facts::Certificate { member, from, until, months } => {
                certificate::content(member, (from, until), &months, &named, setting)
            }
            Facts::Attendance(sheet, code) => attendance::content(sheet, code, named, setting.made_at),
        };
        let date = setting.imprint.issued_on;
        let mut body = common::opening(setting);
        body.extend(content.body);
        body.extend(common::closing(setting));
        Document {
            header: None,
            number: content.number,
            title: content.title,
            addressees: None,
            body,
            signature: date.map(|date| Signature {
                body: issuing_body,
                date,
                sealed: setting.imprint.letterhead.sealed,
            }),
            anchor: Some(anchor(&setting.head, &setting.imprint)),
            annexes: content.annexes,
            dated: date,
        }
    }
}

fn anchor(head: &CheckpointHead, imprint: &Imprint) -> Anchor {
    let witnessing = crate::notice::wording::witnessing(&imprint.witnessing, head.tree_size);
    Anchor {
        origin: head.origin.clone(),
        tree_size: head.tree_size,
        root_hash: head.root_hash.clone(),
        lines: vec![witnessing.chinese.into_owned(), wording::CHECKING.to_owned()],
        code: head.text().trim_end().to_owned(),
    }
}
