//! Rules for issuing documents: what a file is about is known, a certificate was asked for, and a number or digest is used once.

use super::months::must_name_a_checkpoint;
use super::{Case, must_be_text};
use crate::identity::Role;
use crate::ledger::Rejection;
use crate::ledger::state::{DocumentState, NONE};
use mingzhang_events::{DocumentIssued, DocumentKind, EventId, Evidence, MemberId, Month};

const ISSUERS: &[Role] = &[Role::Publisher];

pub(super) fn issued(case: &Case<'_>, event: &DocumentIssued) -> Result<(), Rejection> {
    must_fit_its_kind(event)?;
    must_name_a_checkpoint(&event.digest.to_string(), &event.root_hash)?;
    let organization = case.state.organization(event.organization)?;
    let member = event.member.map(|member| case.state.member(member)).transpose()?;
    let activity = event.activity.map(|activity| case.state.activity(activity)).transpose()?;
    let superseded = match event.supersedes {
        None => None,
        Some(document) => {
            let row = case.state.document(document).ok_or(Rejection::UnknownSubject { subject: document })?;
            Some((document, row))
        }
    };
    case.require(ISSUERS, &[organization])?;
    case.must_be_of_today()?;
    if let Some(notice) = event.notice {
        must_be_published(case, event, organization, notice)?;
    }
    if let Some(row) = member {
        super::people::must_not_be_erased(case, row)?;
        let branch = case.state.member_state(row).branch;
        if !case.state.ancestors(branch).any(|above| above == organization) {
            let what = (
                "组织（organization）须为该党员所在支部或其上级",
                "organization: the member's branch, or one above it",
            );
            return Err(Rejection::ContentOutOfRange { what });
        }
    }
    if let Some(row) = activity {
        must_be_of_its_activity(case, event, organization, row)?;
    }
    if let (DocumentKind::Certificate, Some(member)) = (event.kind, event.member) {
        must_be_requested(case, event, member)?;
        must_be_asked_by_a_member_of_then(case, event, member)?;
    }
    if let Some(document) = case.state.document_with(event.digest) {
        return Err(Rejection::DocumentIssuedAlready { document });
    }
    if event.number.as_deref().is_some_and(|number| case.state.has_certificate(organization, number)) {
        return Err(Rejection::CertificateNumberUsed);
    }
    if let Some((document, row)) = superseded {
        let earlier = case.state.document_state(row);
        let about = (event.kind as u8, organization, member.unwrap_or(NONE), activity.unwrap_or(NONE));
        if earlier.superseded || about_of(earlier) != about || earlier.month != event.month.map_or(0, Month::number) {
            return Err(Rejection::DocumentNotInForce { document });
        }
    }
    if event.tree_size > case.state.tree_size() {
        return Err(Rejection::CheckpointBeyondLog { tree_size: case.state.tree_size() });
    }
    Ok(())
}

/// Refuses a document without what its kind is about, and one with what it isn't.
fn must_fit_its_kind(event: &DocumentIssued) -> Result<(), Rejection> {
    // Of each kind: month, member, activity, notice, number and request, whether it may supersede.
    let (fits, what) = match event.kind {
        DocumentKind::Notice | DocumentKind::Disclosure => (
            (true, false, false, true, false, false),
            (
                "通报、公示的文件：须有 month 和 notice，此外不写",
                "a file of a notice or disclosure: month and notice, and nothing else",
            ),
        ),
        DocumentKind::Register => (
            (true, false, false, false, false, true),
            ("台账：须有 month，此外只可写 supersedes", "a register: month, and nothing else but supersedes"),
        ),
        DocumentKind::Statement => (
            (true, true, false, false, false, true),
            (
                "个人积分明细：须有 month 和 member，此外只可写 supersedes",
                "a statement: month and member, and nothing else but supersedes",
            ),
        ),
        DocumentKind::Certificate => (
            (false, true, false, false, true, true),
            (
                "证明：须有 member、number 和 requested_at，此外只可写 supersedes",
                "a certificate: member, number and requested_at, and nothing else but supersedes",
            ),
        ),
        DocumentKind::Attendance => (
            (true, false, true, false, false, true),
            (
                "出席记录：须有 month 和 activity，此外只可写 supersedes",
                "an attendance sheet: month and activity, and nothing else but supersedes",
            ),
        ),
    };
    let (month, member, activity, notice, numbered, may_supersede) = fits;
    let is_so = event.month.is_some() == month
        && event.member.is_some() == member
        && event.activity.is_some() == activity
        && event.notice.is_some() == notice
        && event.number.is_some() == numbered
        && event.requested_at.is_some() == numbered
        && (may_supersede || event.supersedes.is_none());
    if !is_so {
        return Err(Rejection::ContentOutOfRange { what });
    }
    event.number.as_deref().map_or(Ok(()), |number| {
        must_be_text(number, 60, ("证明编号（number）须为 1 至 60 个字", "number: 1 to 60 characters"))
    })
}

/// Refuses the file of a notice or disclosure that the organisation never published, or about another month.
fn must_be_published(
    case: &Case<'_>,
    event: &DocumentIssued,
    organization: u32,
    notice: EventId,
) -> Result<(), Rejection> {
    let published = case.state.publication(notice).ok_or(Rejection::UnknownSubject { subject: notice })?;
    let is_notice = event.kind == DocumentKind::Notice;
    let month = event.month.map(Month::number);
    if published.organization == organization
        && Some(published.month) == month
        && published.number.is_some() == is_notice
    {
        return Ok(());
    }
    Err(Rejection::ContentOutOfRange {
        what: (
            "文书的类型、组织和月份（kind, organization, month）须与所指通报或公示一致",
            "kind, organization and month: those of the notice or disclosure",
        ),
    })
}

/// Refuses the attendance sheet of what others held, or of another month.
fn must_be_of_its_activity(
    case: &Case<'_>,
    event: &DocumentIssued,
    organization: u32,
    activity: u32,
) -> Result<(), Rejection> {
    let held = case.state.activity_state(activity);
    let is_own = case.state.ancestors(held.organization).any(|above| above == organization);
    if is_own && event.month == Some(held.starts_at.month()) {
        return Ok(());
    }
    Err(Rejection::ContentOutOfRange {
        what: (
            "出席记录的组织（organization）须为举办该活动的组织或其上级，月份（month）须为活动开始的月份",
            "organization and month of an attendance sheet: whoever held the activity, or one above it, and the month in which it started",
        ),
    })
}

/// Nobody's name goes on a certificate unless they asked: with both parties confirming it, or somebody attesting it.
fn must_be_requested(case: &Case<'_>, event: &DocumentIssued, member: MemberId) -> Result<(), Rejection> {
    let has_asked = event.requested_at.is_some_and(|asked| asked <= case.at);
    match case.evidence {
        Evidence::BothParties | Evidence::Attested if has_asked => Ok(()),
        Evidence::BothParties
        | Evidence::Attested
        | Evidence::Office
        | Evidence::OnSiteCode
        | Evidence::Imported
        | Evidence::BackEntered => Err(Rejection::CertificateNotRequested { member }),
    }
}

/// Nobody asked before they were on the roster: such a date is a slip of the pen, and would stand on the certificate for ever.
fn must_be_asked_by_a_member_of_then(
    case: &Case<'_>,
    event: &DocumentIssued,
    member: MemberId,
) -> Result<(), Rejection> {
    let rostered = case.state.rostered_at(case.state.member(member)?);
    if event.requested_at.is_some_and(|asked| asked.local_date() < rostered.local_date()) {
        let what = (
            "申请时间（requested_at）不早于该党员列入花名册之日",
            "requested_at: not before the day on which the member was put on the roster",
        );
        return Err(Rejection::ContentOutOfRange { what });
    }
    Ok(())
}

fn about_of(document: &DocumentState) -> (u8, u32, u32, u32) {
    (document.kind, document.organization, document.member, document.activity)
}
