//! The month's lifecycle as a state machine: every command in every stage, accepted or refused with its code. Asked of the real
//! ledger, never written down: `docs/reference/month.md` is generated from it.

use super::fixture::*;
use mingzhang::identity::{Actor, Role};
use mingzhang::ledger::{Mode, Outcome};
use mingzhang_events::*;
use std::fmt::Write;

/// When the month is over.
pub(crate) const OVER: &str = "2026-11-03T01:00:00Z";
/// After the last day of a disclosure of five working days that was opened then.
pub(crate) const AFTER_DISCLOSURE: &str = "2026-11-11T01:00:00Z";

/// What the street has done in its month before it is frozen.
pub(crate) struct Month10 {
    pub(crate) fixture: Fixture,
    /// A visit that waits for its review.
    pub(crate) unreviewed: EventId,
    /// A visit that was corrected after its review.
    corrected: EventId,
    /// An objection to the unreviewed visit, assigned to the judge.
    pub(crate) objection: EventId,
    /// The first notice, once it was issued.
    pub(crate) notice: Option<EventId>,
}

pub(crate) fn month() -> Month {
    "2026-10".parse().expect("a month")
}

fn street() -> OrganizationId {
    organization(STREET)
}

/// Somebody with one role everywhere, by a name that tells it.
pub(crate) fn holder(role: Role) -> Actor {
    let id = format!("the-{role}").parse().expect("an actor");
    Actor { id, member: None, grants: vec![role.as_str().parse().expect("a grant")] }
}

/// A reviewer who has touched nothing.
pub(crate) fn judge() -> Actor {
    Actor { id: "judge".parse().expect("an actor"), ..holder(Role::Reviewer) }
}

/// Rules from October on that demand a disclosure, with further lines.
pub(crate) fn rules_with_disclosure(lines: &str) -> ScoringRulesAdopted {
    let document = format!(
        "title = \"t\"\nversion = \"october\"\neffective_from = \"2026-10\"\nreview_required_for = []\n\
         [[awards]]\nclause = \"1\"\nname = \"n\"\npoints_max = \"5\"\n[disclosure]\nworking_days = 5\n{lines}\n"
    );
    ScoringRulesAdopted { rules: Box::new(mingzhang_projections::parse_rules(&document).expect("rules")) }
}

pub(crate) fn visit_at(hour: u8) -> (HomeVisitMade, Instant) {
    let visit = HomeVisitMade { household: HOUSEHOLD, member: MEMBER, minutes: 30 };
    (visit, at(&format!("2026-10-05T{hour:02}:00:00Z")))
}

pub(crate) fn raised(subject: EventId, ground: ObjectionGround) -> ObjectionRaised {
    ObjectionRaised { ground, member: MEMBER, subject }
}

pub(crate) fn assigned_to(actor: &Actor, objection: EventId) -> ObjectionAssigned {
    ObjectionAssigned { assignee: actor.id, objection }
}

impl Month10 {
    /// The month as it is entered, on the day after its end.
    pub(crate) fn open() -> Month10 {
        Month10::under("")
    }

    /// The same under further lines of the rules on disclosure.
    pub(crate) fn under(lines: &str) -> Month10 {
        let fixture = Fixture::new();
        fixture.record(rules_with_disclosure(lines), at(BEFORE));
        let (visit, start) = visit_at(1);
        let unreviewed = fixture.record(visit, start);
        let (visit, start) = visit_at(2);
        let corrected = fixture.record(visit, start);
        fixture.record_as(&fixture.reviewer(), ServiceApproved { record: corrected }, at(END));
        let reason = CorrectionReason::EnteredWrongly;
        fixture.record(RecordCorrected { decision: None, minutes: 20, reason, record: corrected }, start);
        let objection = fixture.record(raised(unreviewed, ObjectionGround::TimeWrong), at(END));
        fixture.record(assigned_to(&judge(), objection), at(END));
        fixture.clock.set(at(OVER));
        Month10 { fixture, unreviewed, corrected, objection, notice: None }
    }

    pub(crate) fn freeze(self) -> Month10 {
        self.fixture.record(MonthFrozen { month: month(), organization: street() }, at(OVER));
        self
    }

    pub(crate) fn disclose(self) -> Month10 {
        self.fixture.record(self.disclosure(), at(OVER));
        self
    }

    pub(crate) fn wait(self) -> Month10 {
        self.fixture.clock.set(at(AFTER_DISCLOSURE));
        self
    }

    /// The objection is taken back by who raised it.
    pub(crate) fn withdraw(self) -> Month10 {
        let withdrawn = ObjectionWithdrawn { objection: self.objection };
        self.fixture.record_as(&self.fixture.clerk(), withdrawn, self.now());
        self
    }

    pub(crate) fn dismiss(self) -> Month10 {
        let (objection, reason) = (self.objection, DismissalReason::RecordConfirmed);
        let dismissed = ObjectionDismissed { clause: None, objection, reason };
        self.fixture.record_as(&judge(), dismissed, self.now());
        self
    }

    pub(crate) fn close(self) -> Month10 {
        self.fixture.record(MonthClosed { month: month(), organization: street() }, self.now());
        self
    }

    pub(crate) fn issue(mut self) -> Month10 {
        self.notice = Some(self.fixture.record(self.notice_numbered("10"), self.now()));
        self
    }

    pub(crate) fn supersede(self) -> Month10 {
        let notice = self.superseding("10-1", self.notice);
        self.fixture.record(notice, self.now());
        self
    }

    /// What a disclosure at this moment says.
    pub(crate) fn disclosure(&self) -> DisclosureOpened {
        DisclosureOpened {
            digest: "0".repeat(64),
            month: month(),
            organization: street(),
            root_hash: "0".repeat(64),
            tree_size: self.fixture.ledger.head().tree_size,
            until: "2026-11-10".parse().expect("a date"),
            working_days: 5,
        }
    }

    /// What a notice at this moment says.
    pub(crate) fn notice_numbered(&self, number: &str) -> NoticeIssued {
        NoticeIssued {
            digest: "0".repeat(64),
            format: None,
            month: month(),
            number: number.to_owned(),
            organization: street(),
            root_hash: "0".repeat(64),
            supersedes: None,
            tree_size: self.fixture.ledger.head().tree_size,
        }
    }

    /// What a notice at this moment says that takes the place of another.
    pub(crate) fn superseding(&self, number: &str, supersedes: Option<EventId>) -> NoticeIssued {
        NoticeIssued { format: Some(NoticeFormat::Superseding), supersedes, ..self.notice_numbered(number) }
    }

    /// The present.
    pub(crate) fn now(&self) -> Instant {
        use mingzhang::clock::Clock;
        self.fixture.clock.now()
    }
}

/// How a stage is reached.
type Reach = fn() -> Month10;

/// The stages of the month by name.
pub(crate) const STAGES: &[(&str, Reach)] = &[
    ("登记中 open", Month10::open),
    ("已冻结 frozen", || Month10::open().freeze()),
    ("公示期内，没有异议 disclosed", || Month10::open().withdraw().freeze().disclose()),
    ("公示期内，有异议未决 objections", || Month10::open().freeze().disclose()),
    ("期满，异议未决 objections", || Month10::open().freeze().disclose().wait()),
    ("异议办结 decided", || Month10::open().freeze().disclose().wait().dismiss()),
    ("已月结 closed", || Month10::open().freeze().disclose().wait().dismiss().close()),
    ("已通报 issued", || Month10::open().freeze().disclose().wait().dismiss().close().issue()),
    ("原通报已更正 superseded", || {
        Month10::open().freeze().disclose().wait().dismiss().close().issue().supersede()
    }),
];

type Proposed = (Actor, Event, Instant);
type Propose = fn(&Month10) -> Proposed;

/// A command: what it is called, and who proposes what.
pub(crate) const COMMANDS: &[(&str, Propose)] = &[
    ("登记一次走访 record a visit, recorder", |_| {
        let (visit, start) = visit_at(5);
        (holder(Role::Recorder), visit.into(), start)
    }),
    ("安排活动 schedule an activity, recorder", |_| {
        let scheduled = ActivityScheduled {
            activity: ActivityId(77),
            class: ActivityClass::Voluntary,
            emergency_grade: None,
            ends_at: at("2026-10-20T03:00:00Z"),
            kind: ActivityKind::Service,
            organization: organization(COMMUNITY),
            starts_at: at("2026-10-20T01:00:00Z"),
        };
        (holder(Role::Recorder), scheduled.into(), at(END))
    }),
    ("加分 grant points, reviewer", |_| {
        let (clause, points) = ("1".parse().expect("a clause"), "1".parse().expect("points"));
        (holder(Role::Reviewer), PointsGranted { clause, member: MEMBER, points }.into(), at(END))
    }),
    ("审核 approve, reviewer", |month| {
        (holder(Role::Reviewer), ServiceApproved { record: month.unreviewed }.into(), month.now())
    }),
    ("审核更正过的 approve what was corrected, reviewer", |month| {
        (holder(Role::Reviewer), ServiceApproved { record: month.corrected }.into(), month.now())
    }),
    ("更正 correct, recorder", |month| corrected_by(month, Role::Recorder)),
    ("更正 correct, reviewer", |month| corrected_by(month, Role::Reviewer)),
    ("更正 correct, publisher", |month| corrected_by(month, Role::Publisher)),
    ("施行细则 adopt rules from this month, operator", |_| {
        let mut adopted = rules_with_disclosure("");
        adopted.rules.version = "other".parse().expect("a version");
        (holder(Role::Operator), adopted.into(), at(END))
    }),
    ("冻结 freeze, publisher", |month| {
        let organization = street();
        (holder(Role::Publisher), MonthFrozen { month: self::month(), organization }.into(), month.now())
    }),
    ("公示 disclose, publisher", |month| (holder(Role::Publisher), month.disclosure().into(), month.now())),
    ("提出异议 object to a record, its member", |month| {
        let member = Actor { id: "m-1".parse().expect("an actor"), member: Some(MEMBER), grants: Vec::new() };
        (member, raised(month.corrected, ObjectionGround::TimeWrong).into(), month.now())
    }),
    ("分派异议 assign an objection, publisher", |month| {
        (holder(Role::Publisher), assigned_to(&judge(), month.objection).into(), month.now())
    }),
    ("决定异议 decide it, whom it is assigned to", |month| {
        (judge(), ObjectionUpheld { clause: None, objection: month.objection }.into(), month.now())
    }),
    ("撤回异议 withdraw it, who raised it", |month| {
        (month.fixture.clerk(), ObjectionWithdrawn { objection: month.objection }.into(), month.now())
    }),
    ("月结 close, publisher", |month| {
        let organization = street();
        (holder(Role::Publisher), MonthClosed { month: self::month(), organization }.into(), month.now())
    }),
    ("印发通报 issue a notice, publisher", |month| {
        (holder(Role::Publisher), month.notice_numbered("11").into(), month.now())
    }),
    ("印发支部台账 issue the file of a register, publisher", |month| {
        let issued = DocumentIssued {
            activity: None,
            digest: FileDigest([7; 32]),
            format: DocumentFormat::Csv,
            kind: DocumentKind::Register,
            member: None,
            month: Some(self::month()),
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
        (holder(Role::Publisher), month.superseding("12", supersedes).into(), month.now())
    }),
];

fn corrected_by(month: &Month10, role: Role) -> Proposed {
    let (_, start) = visit_at(1);
    let (record, reason) = (month.unreviewed, CorrectionReason::EnteredWrongly);
    (holder(role), RecordCorrected { decision: None, minutes: 25, reason, record }.into(), start)
}

/// A record under a chain of two steps, of a reviewer and of a publisher.
struct Reviewed {
    fixture: Fixture,
    record: EventId,
}

/// Who takes the first step; they could take the second, too.
fn first_reviewer() -> Actor {
    let grants = ["reviewer", "publisher"].map(|grant| grant.parse().expect("a grant")).into();
    Actor { id: "first".parse().expect("an actor"), member: None, grants }
}

impl Reviewed {
    fn opened() -> Reviewed {
        let fixture = Fixture::new();
        let document = "title = \"t\"\nversion = \"chain\"\neffective_from = \"2026-10\"\nreview_required_for = []\n\
             review_chain = [{ name = \"初审\", role = \"reviewer\" }, { name = \"复核\", role = \"publisher\" }]\n";
        let rules = Box::new(mingzhang_projections::parse_rules(document).expect("rules"));
        fixture.record(ScoringRulesAdopted { rules }, at(BEFORE));
        let (visit, start) = visit_at(1);
        let record = fixture.record(visit, start);
        Reviewed { fixture, record }
    }

    fn then(self, actor: &Actor, event: impl Into<Event>) -> Reviewed {
        self.fixture.record_as(actor, event, visit_at(1).1);
        self
    }

    fn approved(self, actor: &Actor) -> Reviewed {
        let record = self.record;
        self.then(actor, ServiceApproved { record })
    }

    fn returned(self) -> Reviewed {
        let (reason, record) = (ReturnReason::TimeWrong, self.record);
        self.then(&holder(Role::Publisher), ServiceReturned { reason, record })
    }

    fn corrected(self) -> Reviewed {
        let (clerk, record) = (self.fixture.clerk(), self.record);
        let reason = CorrectionReason::ReturnedAndMended;
        self.then(&clerk, RecordCorrected { decision: None, minutes: 25, reason, record })
    }

    fn reversed(self) -> Reviewed {
        let (reason, record) = (CorrectionReason::FoundUntrue, self.record);
        self.then(&judge(), RecordReversed { decision: None, reason, record })
    }
}

/// How a record comes to stand where it does.
type Stand = fn() -> Reviewed;

const STANDINGS: &[(&str, Stand)] = &[
    ("待初审 waits for step 1", Reviewed::opened),
    ("待复核 waits for step 2", || Reviewed::opened().approved(&first_reviewer())),
    ("审核通过 approved", || Reviewed::opened().approved(&first_reviewer()).approved(&holder(Role::Publisher))),
    ("退回 returned", || Reviewed::opened().approved(&first_reviewer()).returned()),
    ("退回后已更正 corrected", || Reviewed::opened().approved(&first_reviewer()).returned().corrected()),
    ("已冲正 reversed", || Reviewed::opened().reversed()),
];

type ProposeReview = fn(&Reviewed) -> (Actor, Event);

const REVIEWS: &[(&str, ProposeReview)] = &[
    ("通过 approve, who recorded it", |of| (of.fixture.clerk(), ServiceApproved { record: of.record }.into())),
    ("通过 approve, who took step 1, also a publisher", |of| {
        (first_reviewer(), ServiceApproved { record: of.record }.into())
    }),
    ("通过 approve, another reviewer", |of| (judge(), ServiceApproved { record: of.record }.into())),
    ("通过 approve, a publisher", |of| (holder(Role::Publisher), ServiceApproved { record: of.record }.into())),
    ("退回 return, another reviewer", |of| {
        (judge(), ServiceReturned { reason: ReturnReason::TimeWrong, record: of.record }.into())
    }),
    ("退回 return, a publisher", |of| {
        (holder(Role::Publisher), ServiceReturned { reason: ReturnReason::TimeWrong, record: of.record }.into())
    }),
    ("更正 correct, who recorded it", |of| {
        let reason = CorrectionReason::EnteredWrongly;
        (of.fixture.clerk(), RecordCorrected { decision: None, minutes: 26, reason, record: of.record }.into())
    }),
];

/// What becomes of every review, wherever the record stands.
fn outcomes_of_reviews() -> Vec<Vec<Option<&'static str>>> {
    let of_standing = |(_, stand): &(&str, Stand)| {
        let of = stand();
        let outcome = |(_, propose): &(&str, ProposeReview)| {
            let (actor, event) = propose(&of);
            tried(&of.fixture, &actor, event, visit_at(1).1)
        };
        REVIEWS.iter().map(outcome).collect()
    };
    STANDINGS.iter().map(of_standing).collect()
}

/// What becomes of every command, stage by stage.
pub(crate) fn outcomes() -> Vec<Vec<Option<&'static str>>> {
    let of_stage = |(_, reach): &(&str, Reach)| {
        let month = reach();
        let outcome = |(_, propose): &(&str, Propose)| {
            let (actor, event, occurred_at) = propose(&month);
            tried(&month.fixture, &actor, event, occurred_at)
        };
        COMMANDS.iter().map(outcome).collect()
    };
    STAGES.iter().map(of_stage).collect()
}

/// The page, below its heading.
pub(crate) fn page() -> String {
    let mut page = String::from(
        "\nWhat each command comes to in each stage of a month whose rules demand a disclosure: ✓ recorded, or the code of the refusal\n\
         ([all of them](errors.md)). Under rules without `disclosure` a month is closed in any stage before, too. Asked of the ledger itself.\n\n",
    );
    let stages: Vec<_> = STAGES.iter().map(|(stage, _)| *stage).collect();
    let commands: Vec<_> = COMMANDS.iter().map(|(command, _)| *command).collect();
    table(&mut page, &stages, &commands, &outcomes());
    page.push_str(
        "\n## 审核环节 The steps of the review\n\nThe same for a record under a review chain of two steps, the first a reviewer's, the second a \
         publisher's.\n\n",
    );
    let standings: Vec<_> = STANDINGS.iter().map(|(standing, _)| *standing).collect();
    let reviews: Vec<_> = REVIEWS.iter().map(|(review, _)| *review).collect();
    table(&mut page, &standings, &reviews, &outcomes_of_reviews());
    page
}

/// What would become of a fact: nothing if it would be recorded, else the code of the refusal.
fn tried(fixture: &Fixture, actor: &Actor, event: Event, occurred_at: Instant) -> Option<&'static str> {
    let command = fixture.command(event, occurred_at);
    match fixture.submit(actor, vec![command], Mode::DryRun).expect("the store works").remove(0) {
        Outcome::Recorded { .. } => None,
        Outcome::Rejected(rejection) => Some(rejection.code()),
        other @ (Outcome::Repeated { .. } | Outcome::Withheld) => panic!("{other:?}"),
    }
}

/// A column for each stage, a row for each command.
fn table(page: &mut String, stages: &[&str], commands: &[&str], outcomes: &[Vec<Option<&'static str>>]) {
    page.push_str("| command, who |");
    for stage in stages {
        write!(page, " {stage} |").expect("writing to memory");
    }
    page.push_str(&format!("\n|{}\n", "---|".repeat(stages.len() + 1)));
    for (row, command) in commands.iter().enumerate() {
        write!(page, "| {command} |").expect("writing to memory");
        for of_stage in outcomes {
            match of_stage[row] {
                None => page.push_str(" ✓ |"),
                Some(code) => write!(page, " `{code}` |").expect("writing to memory"),
            }
        }
        page.push('\n');
    }
}
