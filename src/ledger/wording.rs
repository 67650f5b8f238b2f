//! What a refusal says to people: Simplified Chinese first, English second. Each says what to do next.

use super::Rejection;
use mingzhang_events::Instant;

/// In Chinese.
pub fn chinese(rejection: &Rejection) -> String {
    match rejection {
        Rejection::KeyReusedWithOtherContent { recorded_as } => {
            format!("幂等键已用于另一事实（{recorded_as}）：请换用新的幂等键")
        }
        Rejection::ContentOutOfRange { what: (chinese, _) } => format!("内容超出范围：{chinese}；请改正后再试"),
        Rejection::OccurredInTheFuture { now } => format!("发生时间晚于现在（{}）：请核对时间", local(*now)),
        Rejection::NotOfToday { today } => {
            format!(
                "冻结、公示、月结、通报、文书的印发、异议的决定，以及本人或细则所列角色提出的异议，自办理之日起算（账本的今天是 {today}）：请不写发生时间；不写仍被拒绝的，是机器时钟落后于账本，请管理员校准时钟，或待时钟到了该日再办理"
            )
        }
        Rejection::EvidenceNotAccepted => "服务记录请注明佐证方式：扫码、双方确认、见证、导入或补录".to_owned(),
        Rejection::UnknownOrganization { organization } => {
            format!("没有代码为 {organization} 的组织：请核对代码，或先登记该组织")
        }
        Rejection::UnknownMember { member } => format!("账中没有 {member} 这名党员：请先列入花名册"),
        Rejection::UnknownActivity { activity } => format!("没有活动 {activity}：请先安排活动"),
        Rejection::UnknownRecord { record } => format!("没有记录 {record}：请核对记录编号"),
        Rejection::UnknownSubject { subject } => {
            format!(
                "没有编号为 {subject} 的记录、决定、公示、通报或文书：请核对编号；对报名未到等没有记录的一项有异议的，请写当月公示或通报的编号"
            )
        }
        Rejection::UnknownObjection { objection } => format!("没有异议 {objection}：请核对编号"),
        Rejection::RoleDoesNotReach { role, organization: Some(organization) } => {
            format!("您没有在 {organization} 的“{}”权限：请联系管理员", role_name(role))
        }
        Rejection::RoleDoesNotReach { role, organization: None } => {
            format!("您没有全账范围的“{}”权限：请联系管理员", role_name(role))
        }
        Rejection::MonthFrozen { month, organization, open_from } => {
            format!(
                "{month} 已由 {organization} 冻结：此前的事项只能审核或更正，最迟自 {open_from} 起的可以登记；漏记或有误的请提出异议"
            )
        }
        Rejection::MonthDisclosed { month, organization } => {
            format!("{month} 已由 {organization} 公示：请由发布人更正")
        }
        Rejection::MonthClosed { month, organization, open_from } => {
            format!(
                "{month} 已由 {organization} 月结：此前的事项只能由发布人更正，最迟自 {open_from} 起的可以登记；漏记或有误的请提出异议"
            )
        }
        Rejection::ClosedMonthFinal { month, organization } => {
            format!("{month} 已由 {organization} 月结，按当月细则不再更正：有误请在其后月份以加分或扣分处理")
        }
        Rejection::OrganizationNotYetEstablished { organization } => {
            format!("当时组织 {organization} 尚未成立：请核对时间")
        }
        Rejection::OrganizationDissolved { organization } => {
            format!("当时组织 {organization} 已撤销或合并：请登记到现有组织")
        }
        Rejection::OrganizationExists { organization } => {
            format!("组织 {organization} 已存在：请核对代码，或换用新的代码")
        }
        Rejection::RootExists { organization } => format!("组织树已有根 {organization}：请填写上级组织"),
        Rejection::OrganizationBelowItself { organization } => {
            format!("组织 {organization} 不能隶属于自己或其下级：请填写其他上级组织")
        }
        Rejection::OrganizationNotEmpty { organization } => {
            format!("组织 {organization} 还有党员或下级组织：请先转出或合并")
        }
        Rejection::AlreadyOnRoster { member, organization } => {
            format!("{member} 已在 {organization} 的花名册上：不必再列；换支部请办理转接")
        }
        Rejection::NotOnRoster { member } => format!("当时 {member} 不在花名册上：请核对时间或先列入花名册"),
        Rejection::RosterChangedSince { member, changed_at } => {
            format!("{member} 在 {} 已有花名册变动：请按先后登记，时间不早于该变动", local(*changed_at))
        }
        Rejection::NameConsentNotConfirmed { member } => {
            format!("代 {member} 登记的公开姓名同意须经双方确认或有人见证：请注明佐证方式")
        }
        Rejection::CertificateNotRequested { member } => {
            format!("写有 {member} 姓名的证明须由本人申请：请写明申请时间和佐证方式（双方确认或见证）")
        }
        Rejection::PersonErased { member } => {
            format!("{member} 的个人信息已删除：再次加入请用新的党员标识列入花名册")
        }
        Rejection::NameConsentInForce { member } => format!("{member} 已同意公开姓名：不必再登记"),
        Rejection::NoNameConsent { member } => format!("{member} 没有有效的公开姓名同意：不必撤回"),
        Rejection::RecordingSuspended { actor } => format!(
            "{actor} 的登记资格已暂停，不能登记、更正时长或加减分（审核和冲正不受影响）：请由他人办理，或联系管理员"
        ),
        Rejection::RecordingSuspendedAlready { actor } => {
            format!("{actor} 的登记资格已经暂停：如需改变期限，请先恢复")
        }
        Rejection::RecordingNotSuspended { actor } => format!("{actor} 的登记资格没有暂停：不必恢复，请核对是谁"),
        Rejection::AlreadyInBranch { member, organization } => {
            format!("{member} 已属于 {organization}：不必转接，请核对转入支部")
        }
        Rejection::AlreadyInClass { member } => format!("{member} 已是这一类别：不必再改"),
        Rejection::AlreadyEnrolled { member, community } => format!("{member} 已向 {community} 报到：不必再报到"),
        Rejection::NotEnrolled { member, community } => format!("{member} 没有向 {community} 报到：请先登记报到"),
        Rejection::ActivityExists { activity } => format!("活动 {activity} 已存在：请换用新的代码，或核对是否重复"),
        Rejection::ActivityTimesWrong => "活动结束须晚于开始，且不超过一天：请核对时间，跨天的请分日安排".to_owned(),
        Rejection::ActivityCancelled { activity } => format!("活动 {activity} 已取消：请核对活动，或另行安排"),
        Rejection::ActivityStarted { activity } => {
            format!("活动 {activity} 已开始，不能再报名或撤回：请直接签到或登记出席")
        }
        Rejection::AlreadySignedUp { member, activity } => format!("{member} 已报名活动 {activity}：不必再报名"),
        Rejection::NotSignedUp { member, activity } => {
            format!("{member} 没有报名活动 {activity}：不必撤回，请核对活动")
        }
        Rejection::OutsideActivityTime { starts_at, ends_at } => {
            format!(
                "签到（含更正后的开始时间）须在计划开始前两小时至计划结束之间（{} 至 {}）：请核对时间，错过的请补签",
                local(*starts_at),
                local(*ends_at)
            )
        }
        Rejection::KindHasNoAttendance => "会议和培训登记出席；其他活动请签到".to_owned(),
        Rejection::AlreadyRecorded { log_index } => {
            format!("该党员的这次活动或当日值守已有记录（第 {log_index} 条）：如有错误请更正")
        }
        Rejection::NotCheckedIn { member, activity } => {
            format!("{member} 在活动 {activity} 没有未签退的签到：请先签到或补签")
        }
        Rejection::CheckOutBeforeCheckIn { checked_in_at } => {
            format!("签退早于签到（{}）：请核对时间", local(*checked_in_at))
        }
        Rejection::StretchTooLong { minutes_max } => format!("一次连续服务超过 {minutes_max} 分钟：请核对时间"),
        Rejection::OverlapsOtherService { log_index } => {
            format!(
                "该时段与该党员的另一记录（第 {log_index} 条）重叠：请核对时间，前一记录有误请先更正；会议提前离开的，请按实际分钟更正其出席"
            )
        }
        Rejection::AlreadyPaired { member, household } => format!("{member} 已与 {household} 结对：不必再登记"),
        Rejection::NotPaired { member, household } => {
            format!("当时 {member} 没有与 {household} 结对：请先登记结对，或核对日期")
        }
        Rejection::AlreadyOnDutyRoster { member } => format!("{member} 当日已排班：不必再排"),
        Rejection::NotOnDutyRoster { member } => format!("{member} 当日没有排班：请先排班"),
        Rejection::ReviewOfOwnRecord { record } => format!("不能审核自己经办的记录 {record}：请由他人审核"),
        Rejection::AboutOneself => "不能审核或决定与本人有关的事项：请由他人办理".to_owned(),
        Rejection::RecordReversed { record } => {
            format!("记录 {record} 已冲正：确有此事请重新登记；对它的异议以“已经更正”答复")
        }
        Rejection::RecordOpen { record } => format!("记录 {record} 尚未签退：请先签退或补签"),
        Rejection::AlreadyApproved { record } => format!("记录 {record} 已审核通过：有误请更正或冲正"),
        Rejection::EarlierStepTaken { record } => {
            format!("您已办理过记录 {record} 的前一审核环节：各环节须由不同的人办理，请由他人审核")
        }
        Rejection::RecordReturned { record } => format!("记录 {record} 已退回：请先更正"),
        Rejection::CorrectionInOtherMonth { month } => format!("更正后的时间不在 {month}：请冲正后重新登记"),
        Rejection::HasNoServiceTime { record } => format!("{record} 是加分或扣分，不审核也不更正：请冲正后重新决定"),
        Rejection::NotAVetoOrReset { record } => format!("{record} 不是清零或否决：其他决定和记录请冲正"),
        Rejection::DecisionNotNamed => "因异议成立而更正的，请写明异议决定的编号；其他更正不写".to_owned(),
        Rejection::DecisionOfOtherRecord { decision } => {
            format!("{decision} 不是对该记录、该党员当月或其后月份异议成立的决定：请核对编号")
        }
        Rejection::DecisionAnswered { decision } => {
            format!(
                "已按决定 {decision} 更正或登记：一项决定对一条记录只用一次；更正时写错的请另以“录入差错”更正，另有遗漏请另提异议"
            )
        }
        Rejection::ObjectionTooLate { until, after_notice: true } => {
            format!("异议期已于 {until} 结束：请在通报印发后提出异议")
        }
        Rejection::ObjectionTooLate { until, after_notice: false } => {
            format!("异议期已于 {until} 结束，不再受理异议：发现错误请告知发布人")
        }
        Rejection::ObjectionWrittenDownTooLate { until } => {
            format!("期内收到的异议最晚于 {until} 代为登记，现已过期：发现错误请告知发布人")
        }
        Rejection::SubjectOfOthers { member } => format!("该记录、决定、公示或通报与 {member} 无关：请核对"),
        Rejection::AlreadyObjected => "同一人的同一异议已经提出：请等待决定，或先撤回".to_owned(),
        Rejection::ObjectionDecided { objection } => format!("异议 {objection} 已有决定：另有事由的请另提异议"),
        Rejection::ObjectionWithdrawn { objection } => format!("异议 {objection} 已撤回：仍有异议请另行提出"),
        Rejection::InvolvedInObjection { objection } => {
            format!("异议 {objection} 须由没有提出、经办、更正或审核过的人决定：请分派给他人")
        }
        Rejection::ObjectionNotAssigned { objection } => format!("异议 {objection} 没有分派给您：请先由发布人分派"),
        Rejection::ObjectionOfOthers { objection } => {
            format!("异议 {objection} 只能由提出人撤回，经办人代为提出的也可由本人撤回：请联系提出人")
        }
        Rejection::UnknownClause => "当月施行的积分细则中没有这一条款：请对照施行中的细则核对条款编号".to_owned(),
        Rejection::ClauseOfOtherDirection => "该条款只能加分或只能扣分：请核对条款".to_owned(),
        Rejection::PointsAboveClause { points_max } => format!("超过该条款的上限 {points_max} 分：请改小"),
        Rejection::RulesFaulty { fault } => format!("积分细则有误：{fault}；请先用 mingzhang rules check 检查"),
        Rejection::RulesForSettledMonth { month } => {
            format!("{month} 已冻结或月结：细则不能从该月或更早施行，请把 effective_from 改为其后的月份")
        }
        Rejection::RulesVersionExists => "该版本号的积分细则已施行：请换用新的版本号".to_owned(),
        Rejection::MonthNotOver { month } => format!("{month} 尚未结束：请待该月结束后再办理"),
        Rejection::EarlierMonthOpen { month, organization } => {
            format!("{organization} 的 {month} 还有登记而未办结：各月须按先后冻结和月结，请先办理该月")
        }
        Rejection::LaterMonthSettled { month, organization } => {
            format!(
                "{organization} 的 {month} 已先冻结或月结：被越过的较早月份不再登记任何事项，也不再补办冻结和月结，请按先后办理以后各月"
            )
        }
        Rejection::NoRulesInForce { month } => format!("{month} 没有施行中的积分细则：请先施行细则"),
        Rejection::MonthNotFrozen { month } => format!("{month} 尚未冻结：请先冻结再公示"),
        Rejection::DisclosureTooShort { working_days_min } => {
            format!("按当月细则公示不得少于 {working_days_min} 个工作日：请延后截止日")
        }
        Rejection::CalendarMissing { year } => {
            format!("没有 {year} 年的法定工作日历：请把该年放假安排写进积分细则（calendars）并施行")
        }
        Rejection::DisclosureEndWrong { until } => format!("公示截止日不是工作日的最后一天：请改为 {until}"),
        Rejection::MonthNotDisclosed { month } => format!("按当月细则，{month} 请先公示再月结"),
        Rejection::DisclosureRunning { until } => format!("公示至 {until} 止：请在次日以后月结"),
        Rejection::ObjectionsUndecided { objections } => format!("还有 {objections} 件异议没有决定：请先决定再月结"),
        Rejection::CorrectionsDue { objections, records } => format!(
            "按细则，月结后不再更正，而还有 {objections} 件异议成立未更正、{records} 条更正待审核或被退回：请先更正、审核再月结"
        ),
        Rejection::MonthNotClosed { month } => format!("{month} 尚未月结：请先月结再印发通报"),
        Rejection::NoticeNumberUsed => "该文号已用过：请换用新的文号".to_owned(),
        Rejection::NoticeExists { notice } => {
            format!("该组织该月已印发通报 {notice}：更正请用 --supersedes 写明它")
        }
        Rejection::NoticeNotInForce { notice } => {
            format!("{notice} 不是该组织该月最新的通报：请核对编号")
        }
        Rejection::DocumentIssuedAlready { document } => format!("这份文件已印发（{document}）：不必再登记"),
        Rejection::CertificateNumberUsed => "该证明编号已用过：请换用新的编号".to_owned(),
        Rejection::DocumentNotInForce { document } => {
            format!("{document} 不是同类同事项中最新的文书：请核对编号")
        }
        Rejection::CheckpointBeyondLog { tree_size } => {
            format!("引用的检查点大于账本现有的 {tree_size} 条：请核对是否连到了正确的账本")
        }
        Rejection::CheckpointBeforeStage { tree_size_min } => {
            format!("所引用的检查点早于冻结（通报则早于月结），须不小于 {tree_size_min} 条：请重新拟稿")
        }
        Rejection::HandoverNotProved => {
            "签名密钥只能用 mingzhang key rotate 更换：须由现用密钥和新密钥共同签署".to_owned()
        }
    }
}

/// In English: what the code means, and the particulars.
pub fn english(rejection: &Rejection) -> String {
    let meaning =
        Rejection::CODES.iter().find(|(code, _)| *code == rejection.code()).map_or("", |(_, meaning)| *meaning);
    match particulars(rejection) {
        Some(particulars) => format!("{meaning} ({particulars})"),
        None => meaning.to_owned(),
    }
}

/// Whom and what it is about, in English; none where the meaning says it all.
fn particulars(rejection: &Rejection) -> Option<String> {
    Some(match rejection {
        Rejection::KeyReusedWithOtherContent { recorded_as } => format!("the key stands for event {recorded_as}"),
        Rejection::ContentOutOfRange { what: (_, english) } => (*english).to_owned(),
        Rejection::OccurredInTheFuture { now } => format!("it is now {}", local(*now)),
        Rejection::NotOfToday { today } => format!("today is {today}"),
        Rejection::UnknownOrganization { organization }
        | Rejection::OrganizationNotYetEstablished { organization }
        | Rejection::OrganizationDissolved { organization }
        | Rejection::OrganizationExists { organization }
        | Rejection::OrganizationBelowItself { organization }
        | Rejection::OrganizationNotEmpty { organization } => format!("organisation {organization}"),
        Rejection::RootExists { organization } => format!("the root is {organization}"),
        Rejection::UnknownMember { member }
        | Rejection::NotOnRoster { member }
        | Rejection::AlreadyInClass { member }
        | Rejection::NameConsentNotConfirmed { member }
        | Rejection::CertificateNotRequested { member }
        | Rejection::PersonErased { member }
        | Rejection::NameConsentInForce { member }
        | Rejection::NoNameConsent { member }
        | Rejection::AlreadyOnDutyRoster { member }
        | Rejection::NotOnDutyRoster { member }
        | Rejection::SubjectOfOthers { member } => format!("member {member}"),
        Rejection::RecordingSuspended { actor }
        | Rejection::RecordingSuspendedAlready { actor }
        | Rejection::RecordingNotSuspended { actor } => format!("actor {actor}"),
        Rejection::UnknownActivity { activity }
        | Rejection::ActivityExists { activity }
        | Rejection::ActivityCancelled { activity }
        | Rejection::ActivityStarted { activity } => format!("activity {activity}"),
        Rejection::UnknownRecord { record }
        | Rejection::ReviewOfOwnRecord { record }
        | Rejection::RecordReversed { record }
        | Rejection::RecordOpen { record }
        | Rejection::AlreadyApproved { record }
        | Rejection::EarlierStepTaken { record }
        | Rejection::RecordReturned { record }
        | Rejection::HasNoServiceTime { record }
        | Rejection::NotAVetoOrReset { record } => format!("record {record}"),
        Rejection::RoleDoesNotReach { role, organization: Some(organization) } => {
            format!("wanted: {role} in organisation {organization}; ask an operator")
        }
        Rejection::RoleDoesNotReach { role, organization: None } => {
            format!("wanted: {role} of the whole ledger; ask an operator")
        }
        Rejection::UnknownSubject { subject } => format!("event {subject}"),
        Rejection::UnknownObjection { objection }
        | Rejection::ObjectionDecided { objection }
        | Rejection::ObjectionWithdrawn { objection }
        | Rejection::InvolvedInObjection { objection }
        | Rejection::ObjectionNotAssigned { objection }
        | Rejection::ObjectionOfOthers { objection } => format!("objection {objection}"),
        Rejection::DecisionOfOtherRecord { decision } | Rejection::DecisionAnswered { decision } => {
            format!("decision {decision}")
        }
        Rejection::RosterChangedSince { member, changed_at } => {
            format!("member {member}, changed at {}", local(*changed_at))
        }
        Rejection::ObjectionTooLate { until, after_notice: true } => {
            format!("the last day was {until}; the notice is still to come")
        }
        Rejection::ObjectionTooLate { until, after_notice: false }
        | Rejection::ObjectionWrittenDownTooLate { until } => format!("the last day was {until}"),
        Rejection::DisclosureEndWrong { until } => format!("the right one is {until}"),
        Rejection::DisclosureRunning { until } => format!("the last day is {until}"),
        Rejection::DisclosureTooShort { working_days_min } => format!("at least {working_days_min} working days"),
        Rejection::CalendarMissing { year } => format!("the year {year}"),
        Rejection::ObjectionsUndecided { objections } => format!("{objections} of them"),
        Rejection::CorrectionsDue { objections, records } => {
            format!(
                "{objections} upheld objections not corrected, {records} corrected records not reviewed, or returned"
            )
        }
        Rejection::MonthFrozen { month, organization, open_from } => {
            format!(
                "{month} was frozen for organisation {organization}; facts are taken from {open_from} on at the latest"
            )
        }
        Rejection::MonthDisclosed { month, organization } => {
            format!("{month} was disclosed by organisation {organization}")
        }
        Rejection::MonthClosed { month, organization, open_from } => {
            format!(
                "{month} was closed for organisation {organization}; facts are taken from {open_from} on at the latest"
            )
        }
        Rejection::EarlierMonthOpen { month, organization } | Rejection::LaterMonthSettled { month, organization } => {
            format!("{month} of organisation {organization}")
        }
        Rejection::ClosedMonthFinal { month, organization } => {
            format!("{month} was closed for organisation {organization}")
        }
        Rejection::AlreadyOnRoster { member, organization } | Rejection::AlreadyInBranch { member, organization } => {
            format!("member {member}, organisation {organization}")
        }
        Rejection::AlreadyEnrolled { member, community } | Rejection::NotEnrolled { member, community } => {
            format!("member {member}, community {community}")
        }
        Rejection::AlreadySignedUp { member, activity }
        | Rejection::NotSignedUp { member, activity }
        | Rejection::NotCheckedIn { member, activity } => format!("member {member}, activity {activity}"),
        Rejection::OutsideActivityTime { starts_at, ends_at } => {
            format!("planned from {} to {}", local(*starts_at), local(*ends_at))
        }
        Rejection::AlreadyRecorded { log_index } | Rejection::OverlapsOtherService { log_index } => {
            format!("entry {log_index}")
        }
        Rejection::CheckOutBeforeCheckIn { checked_in_at } => format!("checked in at {}", local(*checked_in_at)),
        Rejection::StretchTooLong { minutes_max } => format!("at most {minutes_max} minutes"),
        Rejection::AlreadyPaired { member, household } | Rejection::NotPaired { member, household } => {
            format!("member {member}, household {household}")
        }
        Rejection::CorrectionInOtherMonth { month } => format!("the record is of {month}"),
        Rejection::PointsAboveClause { points_max } => format!("at most {points_max} points"),
        Rejection::RulesFaulty { fault } => fault.clone(),
        Rejection::MonthNotOver { month }
        | Rejection::NoRulesInForce { month }
        | Rejection::RulesForSettledMonth { month }
        | Rejection::MonthNotClosed { month }
        | Rejection::MonthNotFrozen { month }
        | Rejection::MonthNotDisclosed { month } => month.to_string(),
        Rejection::NoticeExists { notice } | Rejection::NoticeNotInForce { notice } => format!("notice {notice}"),
        Rejection::DocumentIssuedAlready { document } | Rejection::DocumentNotInForce { document } => {
            format!("document {document}")
        }
        Rejection::CheckpointBeyondLog { tree_size } => format!("the log has {tree_size} entries"),
        Rejection::CheckpointBeforeStage { tree_size_min } => {
            format!("at least {tree_size_min} entries")
        }
        Rejection::EvidenceNotAccepted
        | Rejection::ActivityTimesWrong
        | Rejection::KindHasNoAttendance
        | Rejection::AboutOneself
        | Rejection::DecisionNotNamed
        | Rejection::AlreadyObjected
        | Rejection::UnknownClause
        | Rejection::ClauseOfOtherDirection
        | Rejection::RulesVersionExists
        | Rejection::NoticeNumberUsed
        | Rejection::CertificateNumberUsed
        | Rejection::HandoverNotProved => return None,
    })
}

/// A role's Chinese name.
pub fn role_name(role: &str) -> &str {
    match role {
        "recorder" => "经办人",
        "reviewer" => "审核人",
        "publisher" => "发布人",
        "auditor" => "监督人",
        "operator" => "管理员",
        other => other,
    }
}

/// An instant as people read it, in local time: `2026-10-03 19:30`.
pub fn local(at: Instant) -> String {
    let minute = at.local_minute_of_day();
    format!("{} {:02}:{:02}", at.local_date(), minute / 60, minute % 60)
}
