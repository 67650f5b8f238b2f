//! Documents (文书): looked at, issued, listed, and checked by whoever has the file.

pub(crate) mod draft;
pub(crate) mod issue;
pub(crate) mod list;
pub(crate) mod show;

use super::notices::show::others_wait;
use crate::document::Format;
use crate::http::auth::{Caller, does_not_reach, has_everywhere, reaches};
use crate::http::{App, Kind, Problem, as_of};
use crate::identity::{Actor, Role};
use crate::import::activity_of_code;
use crate::ledger::misread::Misread;
use crate::papers::{PeriodFault, Wanted, issuer};
use crate::service::PaperError;
use mingzhang_events::{ActivityId, DocumentKind, MemberId, Month, OrganizationId};
use mingzhang_projections::ReadModels;

/// Documents that may wait for their turn, with the one that is being made. Apart from the public's files of notices: a stranger keeps nobody from
/// issuing.
pub(crate) const PLACES: usize = 8;

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
    pub(crate) fn wanted(self, origin: &str) -> Result<Wanted, Misread> {
        let Particulars { kind, organization, member, activity, code, month, from, until } = self;
        if code.as_ref().is_some_and(|code| Some(activity_of_code(origin, code)) != activity) {
            return Err(both("“code”不是这次活动的编号", "code: that of the activity, of an attendance sheet only"));
        }
        let takes = match (kind, organization, member, activity, month, from, until) {
            (DocumentKind::Register, Some(organization), None, None, Some(month), None, None) => {
                return Ok(Wanted::Register { organization, month });
            }
            (DocumentKind::Statement, None, Some(member), None, Some(month), None, None) => {
                return Ok(Wanted::Statement { member, month });
            }
            (DocumentKind::Certificate, None, Some(member), None, None, Some(from), Some(until)) => {
                return match from <= until {
                    true => Ok(Wanted::Certificate { member, from, until }),
                    false => Err(both("“until”早于“from”", "until: not before from")),
                };
            }
            (DocumentKind::Attendance, None, None, Some(activity), None, None, None) => {
                return Ok(Wanted::Attendance { activity, code });
            }
            (DocumentKind::Register, ..) => ["organization", "month"].as_slice(),
            (DocumentKind::Statement, ..) => &["member", "month"],
            (DocumentKind::Certificate, ..) => &["member", "from", "until"],
            (DocumentKind::Attendance, ..) => &["activity"],
            (DocumentKind::Notice | DocumentKind::Disclosure, ..) => {
                let kinds = ["register", "statement", "certificate", "attendance"];
                let (chinese, english) = (kinds.join("、"), kinds.join(", "));
                return Err(both(
                    format!("“kind”应为其中之一：{chinese}"),
                    format!("kind: has to be one of {english}"),
                ));
            }
        };
        let (chinese, english) = (takes.join("、"), takes.join(", "));
        Err(both(
            format!("“kind”为 {kind} 时，写且只写 {chinese}"),
            format!("kind: {kind} takes {english}, and nothing else"),
        ))
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

/// A format by its name; a text unless one is named.
pub(crate) fn format_named(name: Option<&str>) -> Result<Format, Misread> {
    name.map_or(Ok(Format::Text), str::parse).map_err(|_| {
        let names = Format::ALL.map(Format::name);
        let (chinese, english) = (names.join("、"), names.join(", "));
        both(format!("“format”应为其中之一：{chinese}"), format!("format: has to be one of {english}"))
    })
}

fn both(chinese: impl Into<String>, english: impl Into<String>) -> Misread {
    Misread { chinese: chinese.into(), english: english.into() }
}

/// Makes a document on a thread that may block: a text beside the questions about the past, a file once it is its turn.
async fn made<T: Send + 'static>(
    app: &App,
    format: Format,
    make: impl FnOnce() -> Result<Option<T>, PaperError> + Send + 'static,
) -> Result<T, Problem> {
    let made = if format.is_text() { Some(app.past.work(make).await) } else { app.papers.work(make).await };
    made.ok_or_else(others_wait)?.map_err(not_made)?.ok_or_else(nothing_of_that_name)
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
                PeriodFault::Backward { .. }
                | PeriodFault::NotOver(_)
                | PeriodFault::NothingServed
                | PeriodFault::ActivityNotOver => Kind::NOT_CERTIFIABLE,
            };
            Problem::new(kind, fault.chinese(), fault.to_string())
        }
        PaperError::Render(failure) => failure.into(),
        PaperError::Service(failure) => as_of::problem("making a document", &failure),
    }
}

fn nothing_of_that_name() -> Problem {
    Problem::unknown("这个组织、党员或活动", "organisation, member or activity")
}

/// The problem that what is wanted can't be meant, in a query.
fn malformed(Misread { chinese, english }: Misread) -> Problem {
    Problem::new(Kind::MALFORMED_QUERY, format!("查询参数有误：{chinese}"), english)
}

/// Who may look at it: the member whom it is about, and every role over the branch.
async fn must_concern(app: &App, caller: &Caller, wanted: &Wanted) -> Result<(), Problem> {
    let models = app.service.models().await;
    match wanted.member() {
        Some(member) => caller.must_reach_member(&models, member),
        None => must_reach(&models, caller.known()?, &Role::ALL, wanted),
    }
}

/// Refuses an actor without any of these roles over whoever would issue it. Who reaches but a part isn't told what there is elsewhere.
fn must_reach(models: &ReadModels, actor: &Actor, roles: &[Role], wanted: &Wanted) -> Result<(), Problem> {
    let issuer = issuer(models, wanted);
    let reached = match issuer {
        Some(issuer) => reaches(models, actor, roles, issuer),
        None => roles.iter().any(|role| has_everywhere(models, actor, *role)),
    };
    if !reached {
        return Err(does_not_reach(if let Wanted::Register { organization, .. } = wanted {
            Some(*organization)
        } else {
            None
        }));
    }
    issuer.map(|_| ()).ok_or_else(nothing_of_that_name)
}
