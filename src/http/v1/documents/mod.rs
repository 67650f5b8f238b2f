//! Documents (文书): looked at, issued, listed, and checked by whoever has the file.

pub(crate) mod draft;
pub(crate) mod issue;
pub(crate) mod list;
pub(crate) mod show;

use super::super::{App, Kind, Problem};
use crate::document::Format;
use crate::import::activity_of_code;
use crate::papers::{PeriodFault, Wanted};
use crate::service::PaperError;
use mingzhang_events::{ActivityId, DocumentKind, MemberId, Month, OrganizationId};

/// What a document is about; which of it a kind takes, [`Wanted`] says.
#[derive(Clone, Debug)]
pub(crate) struct Particulars {
    kind: DocumentKind,
    organization: Option<OrganizationId>,
    member: Option<MemberId>,
    activity: Option<ActivityId>,
    code: Option<String>,
    month: Option<Month>,
    from: Option<Month>,
    until: Option<Month>,
}

impl Particulars {
    /// The document that is meant, or what is missing or too much.
    pub(crate) fn wanted(self, origin: &str) -> Result<Wanted, &'static str> {
        let Particulars { kind, organization, member, activity, code, month, from, until } = self;
        if code.as_ref().is_some_and(|code| Some(activity_of_code(origin, code)) != activity) {
            return Err("code: that of the activity, of an attendance sheet only");
        }
        match (kind, organization, member, activity, month, from, until) {
            (DocumentKind::Register, Some(organization), None, None, Some(month), None, None) => {
                Ok(Wanted::Register { organization, month })
            }
            (DocumentKind::Statement, None, Some(member), None, Some(month), None, None) => {
                Ok(Wanted::Statement { member, month })
            }
            (DocumentKind::Certificate, None, Some(member), None, None, Some(from), Some(until)) if from <= until => {
                Ok(Wanted::Certificate { member, from, until })
            }
            (DocumentKind::Certificate, None, Some(_), None, None, Some(_), Some(_)) => Err("until: not before from"),
            (DocumentKind::Attendance, None, None, Some(activity), None, None, None) => {
                Ok(Wanted::Attendance { activity, code })
            }
            _ => Err("kind and what it takes: register with organization and month; statement with member and month; \
                      certificate with member, from and until; attendance with activity"),
        }
    }
}

/// What a file of this kind is called.
const fn name_of(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Notice => "积分通报",
        DocumentKind::Disclosure => "积分公示",
        DocumentKind::Register => "支部台账",
        DocumentKind::Statement => "个人积分明细",
        DocumentKind::Certificate => "志愿服务记录证明",
        DocumentKind::Attendance => "出席记录",
    }
}

/// A format by its name.
pub(crate) fn format_named(name: Option<&str>) -> Result<Format, String> {
    let name = name.unwrap_or("text");
    Format::ALL.iter().copied().find(|format| format.name() == name).ok_or_else(|| {
        let known: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        format!("format: one of {}", known.join(", "))
    })
}

fn not_made(failure: PaperError) -> Problem {
    match failure {
        PaperError::NoName(member) => Problem::new(
            Kind::UNKNOWN,
            format!("没有 {member} 的姓名：请先导入花名册"),
            format!("no name of {member} is on record: import the roster first"),
        ),
        PaperError::Period(fault) => {
            let kind = match fault {
                PeriodFault::NotBegun(_) => Kind::MONTH_NOT_BEGUN,
                PeriodFault::Backward { .. } | PeriodFault::NotOver(_) | PeriodFault::NothingServed => {
                    Kind::NOT_CERTIFIABLE
                }
            };
            Problem::new(kind, fault.chinese(), fault.to_string())
        }
        PaperError::Render(failure) => failure.into(),
        failure @ PaperError::Service(_) => Problem::internal("making a document", &failure),
    }
}

fn nothing_of_that_name() -> Problem {
    Problem::unknown("这个组织、党员或活动", "organisation, member or activity")
}

/// The problem that what is wanted can't be meant, in a query.
fn malformed(fault: impl Into<String>) -> Problem {
    let fault = fault.into();
    Problem::new(Kind::MALFORMED_QUERY, format!("查询参数有误：{fault}"), fault)
}

/// Who may look at it: the member whom it is about, and every role over the branch.
async fn must_concern(app: &App, caller: &super::super::auth::Caller, wanted: &Wanted) -> Result<(), Problem> {
    let models = app.service.models().await;
    match *wanted {
        Wanted::Statement { member, .. } | Wanted::Certificate { member, .. } => {
            caller.must_reach_member(&models, member)
        }
        Wanted::Register { organization, .. } => caller.must_reach(&models, &crate::identity::Role::ALL, organization),
        Wanted::Attendance { activity, .. } => {
            caller.known()?;
            let holder = models.activity_holder(activity).ok_or_else(nothing_of_that_name)?;
            caller.must_reach(&models, &crate::identity::Role::ALL, holder)
        }
    }
}
