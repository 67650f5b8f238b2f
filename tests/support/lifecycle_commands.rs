//! Every command of the lifecycle table: who proposes what, and when it happened. Each kind of fact stands here at least once.

use super::*;

type Proposed = (Actor, Event, Instant);
pub(super) type Propose = fn(&Month10) -> Proposed;

/// By a recorder, on a day of the month.
fn recorded(month: &Month10, event: impl Into<Event>, when: &str) -> Proposed {
    (holder(Role::Recorder), event.into(), month.day(when))
}

/// By an operator, on a day of the month.
fn operated(month: &Month10, event: impl Into<Event>) -> Proposed {
    (holder(Role::Operator), event.into(), month.day(END))
}

/// Now.
fn today(month: &Month10, role: Role, event: impl Into<Event>) -> Proposed {
    (holder(role), event.into(), month.now())
}

fn member() -> Actor {
    Actor { id: "m-1".parse().expect("an actor"), member: Some(MEMBER), grants: Vec::new() }
}

fn clause(text: &str) -> ClauseId {
    text.parse().expect("a clause")
}

fn granted(member: MemberId, decision: Option<EventId>) -> PointsGranted {
    PointsGranted { clause: clause("1"), decision, member, points: "1".parse().expect("points") }
}

fn corrected_by(month: &Month10, role: Role) -> Proposed {
    let (record, reason) = (month.unreviewed, CorrectionReason::EnteredWrongly);
    let corrected = RecordCorrected { decision: None, minutes: 25, reason, record };
    (holder(role), corrected.into(), month.day("2026-10-05T01:00:00Z"))
}

fn reversed_by(month: &Month10, role: Role) -> Proposed {
    let (record, reason) = (month.unreviewed, CorrectionReason::FoundUntrue);
    today(month, role, RecordReversed { decision: None, reason, record })
}

/// A command: what it is called, and who proposes what.
pub(crate) const COMMANDS: &[(&str, Propose)] = &[
    ("组织成立 establish an organisation, operator", |month| {
        let (level, name) = (OrganizationLevel::Branch, "第三网格党支部".into());
        let (organization, parent) = (organization("420902001001-03"), Some(organization(COMMUNITY)));
        operated(month, OrganizationEstablished { level, name, organization, parent })
    }),
    ("组织更名 rename it, operator", |month| {
        operated(month, OrganizationRenamed { name: "新名党支部".into(), organization: organization(BRANCH) })
    }),
    ("组织隶属变更 move it, operator", |month| {
        let (organization, parent) = (organization(BRANCH), organization(ELSEWHERE));
        operated(month, OrganizationMoved { organization, parent })
    }),
    ("组织合并 merge it, operator", |month| {
        let (into, organization) = (organization(OTHER_BRANCH), organization(BRANCH));
        operated(month, OrganizationMerged { into, organization })
    }),
    ("组织撤销 dissolve one without members, operator", |month| {
        operated(month, OrganizationDissolved { organization: organization(OTHER_BRANCH) })
    }),
    ("列入花名册 roster a newcomer, recorder", |month| {
        let (class, organization) = (MemberClass::Resident, organization(BRANCH));
        recorded(month, MemberRostered { class, member: MemberId(9), organization }, BEFORE)
    }),
    ("组织关系转接 transfer a member, recorder", |month| {
        let organization = organization(OTHER_BRANCH);
        recorded(month, MemberTransferred { decision: None, member: MEMBER, organization }, BEFORE)
    }),
    ("党员类别变更 reclassify a member, recorder", |month| {
        let class = MemberClass::Deployed;
        recorded(month, MemberReclassified { class, decision: None, member: MEMBER }, BEFORE)
    }),
    ("免予报到 exempt a member, recorder", |month| {
        let (member, reason) = (MEMBER, ExemptionReason::Illness);
        recorded(month, MemberExempted { decision: None, member, reason, until: None }, BEFORE)
    }),
    ("退出花名册 a member leaves, recorder", |month| {
        recorded(month, MemberLeft { decision: None, member: MEMBER, reason: LeavingReason::MovedAway }, BEFORE)
    }),
    ("报到 enrol a member, recorder", |month| {
        let community = organization(COMMUNITY);
        recorded(month, MemberEnrolled { community, decision: None, member: MEMBER }, BEFORE)
    }),
    ("报到终止 end an enrolment, recorder", |month| {
        let community = organization(COMMUNITY);
        recorded(month, EnrollmentEnded { community, decision: None, member: COLLEAGUE }, BEFORE)
    }),
    ("结对 pair a member, recorder", |month| {
        let (household, organization) = (HOUSEHOLD, organization(COMMUNITY));
        recorded(month, HardshipPairingFormed { household, member: COLLEAGUE, organization }, BEFORE)
    }),
    ("结对终止 end a pairing, recorder", |month| {
        recorded(month, HardshipPairingEnded { household: HOUSEHOLD, member: MEMBER }, BEFORE)
    }),
    ("安排活动 schedule an activity, recorder", |month| {
        let scheduled = ActivityScheduled {
            activity: ActivityId(77),
            class: ActivityClass::Voluntary,
            emergency_grade: None,
            ends_at: month.day("2026-10-20T03:00:00Z"),
            kind: ActivityKind::Service,
            organization: organization(COMMUNITY),
            starts_at: month.day("2026-10-20T01:00:00Z"),
        };
        recorded(month, scheduled, END)
    }),
    ("取消活动 cancel one with a check-in, recorder", |month| {
        let (activity, reason) = (month.activity(OPEN_PATROL), CancellationReason::Weather);
        recorded(month, ActivityCancelled { activity, reason }, "2026-10-09T00:00:00Z")
    }),
    ("报名 sign up, recorder", |month| {
        recorded(month, MemberSignedUp { activity: month.activity(PATROL), member: MEMBER }, BEFORE)
    }),
    ("撤回报名 withdraw a sign-up, recorder", |month| {
        recorded(month, SignUpWithdrawn { activity: month.activity(PLANNED), member: COLLEAGUE }, BEFORE)
    }),
    ("签到 check in, recorder", |month| {
        recorded(month, MemberCheckedIn { activity: month.activity(PATROL), member: MEMBER }, START)
    }),
    ("签退 check out, recorder", |month| {
        let activity = month.activity(OPEN_PATROL);
        recorded(month, MemberCheckedOut { activity, member: COLLEAGUE }, "2026-10-08T12:00:00Z")
    }),
    ("补签 record a check-in late, recorder", |month| {
        let (activity, reason) = (month.activity(PATROL), LateCheckInReason::Forgotten);
        recorded(month, LateCheckInRecorded { activity, ended_at: month.day(END), member: MEMBER, reason }, START)
    }),
    ("会议出席 record attendance, recorder", |month| {
        let when = if month.earlier { "2026-10-04T11:30:00Z" } else { "2026-10-04T01:30:00Z" };
        let (activity, outcome) = (month.activity(MEETING), AttendanceOutcome::Attended);
        recorded(month, AttendanceRecorded { activity, member: MEMBER, outcome }, when)
    }),
    ("登记一次走访 record a visit, recorder", |month| recorded(month, visit_at(5).0, "2026-10-05T05:00:00Z")),
    ("值守排班 roster a duty, recorder", |month| {
        let (date, organization) = (month.day("2026-10-06T01:00:00Z").local_date(), organization(COMMUNITY));
        recorded(month, DutyRostered { date, member: MEMBER, organization }, BEFORE)
    }),
    ("值守 record a duty, recorder", |month| {
        let served = DutyServed { member: MEMBER, minutes: 60, organization: organization(COMMUNITY) };
        recorded(month, served, "2026-10-07T01:00:00Z")
    }),
    ("加分 grant points, reviewer", |month| (holder(Role::Reviewer), granted(MEMBER, None).into(), month.day(END))),
    ("扣分 deduct points, reviewer", |month| {
        let (clause, points) = (clause("1"), "1".parse().expect("points"));
        let deducted = PointsDeducted { clause, decision: None, member: MEMBER, points };
        (holder(Role::Reviewer), deducted.into(), month.day(END))
    }),
    ("清零 reset points, reviewer", |month| {
        (holder(Role::Reviewer), PointsReset { clause: clause("8"), member: MEMBER }.into(), month.day(END))
    }),
    ("一票否决 veto points, reviewer", |month| {
        (holder(Role::Reviewer), PointsVetoed { clause: clause("9"), member: MEMBER }.into(), month.day(END))
    }),
    ("撤销 quash a veto, reviewer", |month| {
        today(month, Role::Reviewer, DecisionQuashed { decision: month.vetoed, reason: QuashingReason::Reviewed })
    }),
    ("撤销 quash a veto, publisher", |month| {
        today(month, Role::Publisher, DecisionQuashed { decision: month.vetoed, reason: QuashingReason::Reviewed })
    }),
    ("审核 approve, reviewer", |month| today(month, Role::Reviewer, ServiceApproved { record: month.unreviewed })),
    ("审核更正过的 approve what was corrected, reviewer", |month| {
        today(month, Role::Reviewer, ServiceApproved { record: month.corrected })
    }),
    ("退回 return, reviewer", |month| {
        let (reason, record) = (ReturnReason::TimeWrong, month.unreviewed);
        today(month, Role::Reviewer, ServiceReturned { reason, record })
    }),
    ("更正 correct, recorder", |month| corrected_by(month, Role::Recorder)),
    ("更正 correct, reviewer", |month| corrected_by(month, Role::Reviewer)),
    ("更正 correct, publisher", |month| corrected_by(month, Role::Publisher)),
    ("冲正 reverse, reviewer", |month| reversed_by(month, Role::Reviewer)),
    ("冲正 reverse, publisher", |month| reversed_by(month, Role::Publisher)),
    ("施行细则 adopt rules from this month, operator", |month| {
        let mut adopted = rules_with_disclosure("");
        adopted.rules.version = "other".parse().expect("a version");
        adopted.rules.effective_from = month.day(END).month();
        operated(month, adopted)
    }),
    ("冻结 freeze, publisher", |month| {
        let (organization, of) = (street(), month.day(END).month());
        today(month, Role::Publisher, MonthFrozen { counts_no_shows: true, month: of, organization })
    }),
    ("公示 disclose, publisher", |month| today(month, Role::Publisher, month.disclosure())),
    ("提出异议 object to a record, its member", |month| {
        (member(), raised(month.corrected, ObjectionGround::TimeWrong).into(), month.now())
    }),
    ("提出异议 object to a record and say it was before the month's end, its member", |month| {
        (member(), raised(month.corrected, ObjectionGround::TimeWrong).into(), month.day(END))
    }),
    ("提出异议 object to a line of the disclosure, its member", |month| {
        let line = month.disclosed.unwrap_or(EventId(99));
        (member(), raised(line, ObjectionGround::PointsWrong).into(), month.now())
    }),
    ("提出异议 object to a record on a day in time, recorder", |month| {
        (holder(Role::Recorder), raised(month.corrected, ObjectionGround::TimeWrong).into(), at(OVER))
    }),
    ("分派异议 assign an objection, publisher", |month| {
        today(month, Role::Publisher, assigned_to(&judge(), month.objection))
    }),
    ("决定异议 decide it, whom it is assigned to", |month| {
        (judge(), ObjectionUpheld { clause: None, objection: month.objection }.into(), month.now())
    }),
    ("驳回异议 dismiss it, whom it is assigned to", |month| {
        let (objection, reason) = (month.objection, DismissalReason::RecordConfirmed);
        (judge(), ObjectionDismissed { clause: None, objection, reason }.into(), month.now())
    }),
    ("撤回异议 withdraw it, who raised it", |month| {
        (month.fixture.clerk(), ObjectionWithdrawn { objection: month.objection }.into(), month.now())
    }),
    ("撤回异议 withdraw it, the member for whom it was raised", |month| {
        (member(), ObjectionWithdrawn { objection: month.objection }.into(), month.now())
    }),
    ("月结 close, publisher", |month| {
        let (organization, of) = (street(), month.day(END).month());
        today(month, Role::Publisher, MonthClosed { month: of, organization })
    }),
    ("印发通报 issue a notice, publisher", |month| today(month, Role::Publisher, month.notice_numbered("11"))),
    ("印发支部台账 issue the file of a register, publisher", |month| {
        let issued = DocumentIssued {
            activity: None,
            digest: FileDigest([7; 32]),
            format: DocumentFormat::Csv,
            kind: DocumentKind::Register,
            member: None,
            month: Some(super::month()),
            notice: None,
            number: None,
            organization: organization(BRANCH),
            requested_at: None,
            root_hash: "0".repeat(64),
            supersedes: None,
            tree_size: 1,
        };
        (holder(Role::Publisher), issued.into(), month.now())
    }),
    ("印发更正通报 supersede the first notice, publisher", |month| {
        let supersedes = month.notice.or(Some(EventId(99)));
        today(month, Role::Publisher, month.superseding("12", supersedes))
    }),
    ("身份承诺 commit to an identity, operator", |month| {
        let name_commitment = "0".repeat(64).parse().expect("a commitment");
        operated(month, IdentityCommitted { member: MEMBER, name_commitment, number_commitment: None })
    }),
    ("公开姓名同意 consent to the name, recorder", |month| {
        recorded(month, NameConsentGiven { member: MEMBER }, END)
    }),
    ("撤回公开姓名同意 withdraw that consent, recorder", |month| {
        recorded(month, NameConsentWithdrawn { member: COLLEAGUE }, END)
    }),
    ("删除个人信息 erase a person, operator", |month| operated(month, PersonErased { member: COLLEAGUE })),
    ("暂停登记 suspend a recorder, operator", |month| {
        let (reason, recorder) = (SuspensionReason::UnderInvestigation, "w-9".parse().expect("an actor"));
        operated(month, RecordingSuspended { reason, recorder, until: None })
    }),
    ("恢复登记 restore a recorder, operator", |month| {
        operated(month, RecordingRestored { recorder: "suspended".parse().expect("an actor") })
    }),
    ("签名密钥更换 hand over the signing key, operator", |month| {
        let (handover, new_key, old_key) = ("h".into(), "n".into(), "o".into());
        operated(month, SigningKeyRotated { handover, new_key, old_key })
    }),
    // From here on there is a decision that upheld an objection of the colleague's.
    ("按决定加分 grant points by a decision, reviewer", |month| {
        (holder(Role::Reviewer), granted(COLLEAGUE, Some(month.upheld())).into(), month.day(END))
    }),
    ("按决定加分 grant points by a decision, publisher", |month| {
        (holder(Role::Publisher), granted(COLLEAGUE, Some(month.upheld())).into(), month.day(END))
    }),
    ("按决定免予报到 exempt by a decision, publisher", |month| {
        let (decision, member, reason) = (Some(month.upheld()), COLLEAGUE, ExemptionReason::Illness);
        (holder(Role::Publisher), MemberExempted { decision, member, reason, until: None }.into(), month.day(BEFORE))
    }),
    ("按决定加分 grant points to another by it, publisher", |month| {
        (holder(Role::Publisher), granted(MEMBER, Some(month.upheld())).into(), month.day(END))
    }),
    // From here on there is a record of the colleague's that a decision admitted as missing.
    ("审核按决定补登的 approve what a decision admitted, reviewer", |month| {
        today(month, Role::Reviewer, ServiceApproved { record: month.admitted() })
    }),
    ("退回按决定补登的 return what a decision admitted, reviewer", |month| {
        let (reason, record) = (ReturnReason::TimeWrong, month.admitted());
        today(month, Role::Reviewer, ServiceReturned { reason, record })
    }),
];
