//! The month's lifecycle as a state machine: every command in every stage, accepted or refused with its code. Asked of the real
//! ledger, never written down: `docs/reference/month.md` is generated from it.

#[path = "lifecycle_commands.rs"]
mod commands;

use super::fixture::*;
pub(crate) use commands::COMMANDS;
use commands::Propose;
use mingzhang::identity::{Actor, Role};
use mingzhang::ledger::{Mode, Outcome};
use mingzhang_events::*;
use std::fmt::Write;

/// When the month is over.
pub(crate) const OVER: &str = "2026-11-03T01:00:00Z";
/// After the last day of a disclosure of five working days that was opened then.
pub(crate) const AFTER_DISCLOSURE: &str = "2026-11-11T01:00:00Z";

/// A community beside the one that everybody belongs to.
const ELSEWHERE: &str = "420902001002";
/// Where the colleague checked in and not out.
const OPEN_PATROL: ActivityId = ActivityId(4);
/// What the colleague signed up for.
const PLANNED: ActivityId = ActivityId(5);

/// What the street has done in its month before it is frozen.
pub(crate) struct Month10 {
    pub(crate) fixture: Fixture,
    /// A visit that waits for its review.
    pub(crate) unreviewed: EventId,
    /// A visit that was corrected after its review.
    pub(crate) corrected: EventId,
    /// A veto of the colleague's points.
    pub(crate) vetoed: EventId,
    /// An objection to the unreviewed visit, assigned to the judge.
    pub(crate) objection: EventId,
    /// The disclosure, once it was opened.
    pub(crate) disclosed: Option<EventId>,
    /// The first notice, once it was issued.
    pub(crate) notice: Option<EventId>,
    /// A decision that upheld an objection and that nothing has answered, once it was asked for.
    upheld: std::cell::OnceCell<EventId>,
    /// A patrol that a decision admitted because it was missing, once it was asked for.
    admitted: std::cell::OnceCell<EventId>,
    /// Whether commands are dated in the month before.
    earlier: bool,
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
         [[awards]]\nclause = \"1\"\nname = \"n\"\npoints_max = \"5\"\n\
         [[resets]]\nclause = \"8\"\nname = \"n\"\nperiod = \"year\"\n\
         [[vetoes]]\nclause = \"9\"\nname = \"n\"\nperiod = \"year\"\n[disclosure]\nworking_days = 5\n{lines}\n"
    );
    ScoringRulesAdopted { rules: Box::new(mingzhang_projections::parse_rules(&document).expect("rules")) }
}

pub(crate) fn visit_at(hour: u8) -> (HomeVisitMade, Instant) {
    let visit = HomeVisitMade { household: HOUSEHOLD, member: MEMBER, minutes: 30 };
    (visit, at(&format!("2026-10-05T{hour:02}:00:00Z")))
}

pub(crate) fn raised(subject: EventId, ground: ObjectionGround) -> ObjectionRaised {
    ObjectionRaised { for_member: false, ground, member: MEMBER, subject }
}

pub(crate) fn assigned_to(actor: &Actor, objection: EventId) -> ObjectionAssigned {
    ObjectionAssigned { assignee: actor.id, objection }
}

/// What the commands are about: activities of the month and of the one before, plans, and a colleague who enrolled, consented, signed up,
/// checked in and was vetoed. Gives the veto.
fn with_other_facts(fixture: &Fixture) -> EventId {
    let since = at("2026-09-01T00:00:00Z");
    let elsewhere = OrganizationEstablished {
        level: OrganizationLevel::Community,
        name: "槐荫社区".into(),
        organization: organization(ELSEWHERE),
        parent: Some(street()),
    };
    fixture.record(elsewhere, since);
    let days = [
        (OPEN_PATROL, "2026-10-08"),
        (PLANNED, "2026-10-09"),
        (ActivityId(11), "2026-09-03"),
        (ActivityId(12), "2026-09-03"),
        (ActivityId(13), "2026-09-04"),
        (ActivityId(14), "2026-09-08"),
        (ActivityId(15), "2026-09-09"),
    ];
    for (activity, day) in days {
        let (starts_at, ends_at) = (at(&format!("{day}T11:00:00Z")), at(&format!("{day}T13:00:00Z")));
        let kind = if activity == ActivityId(13) { ActivityKind::Meeting } else { ActivityKind::NightPatrol };
        let (class, organization) = (ActivityClass::Voluntary, organization(COMMUNITY));
        let emergency_grade = None;
        fixture.record(
            ActivityScheduled { activity, class, emergency_grade, ends_at, kind, organization, starts_at },
            since,
        );
    }
    for date in ["2026-09-07", "2026-10-07"] {
        let (date, organization) = (date.parse().expect("a date"), organization(COMMUNITY));
        fixture.record(DutyRostered { date, member: MEMBER, organization }, since);
    }
    let member = COLLEAGUE;
    fixture.record(MemberEnrolled { community: organization(COMMUNITY), decision: None, member }, since);
    fixture.record(NameConsentGiven { member }, since);
    fixture.record(MemberSignedUp { activity: PLANNED, member }, at(BEFORE));
    fixture.record(MemberCheckedIn { activity: OPEN_PATROL, member }, at("2026-10-08T11:00:00Z"));
    let (reason, recorder) = (SuspensionReason::UnderInvestigation, "suspended".parse().expect("an actor"));
    fixture.record(RecordingSuspended { reason, recorder, until: None }, at(BEFORE));
    fixture.record(PointsVetoed { clause: "9".parse().expect("a clause"), member }, at("2026-10-19T00:00:00Z"))
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
        let vetoed = with_other_facts(&fixture);
        fixture.clock.set(at(OVER));
        let (upheld, admitted) = <(std::cell::OnceCell<_>, std::cell::OnceCell<_>)>::default();
        let (disclosed, notice, earlier) = (None, None, false);
        Month10 { fixture, unreviewed, corrected, objection, vetoed, disclosed, notice, upheld, admitted, earlier }
    }

    /// With commands that are dated in the month before.
    fn earlier(self) -> Month10 {
        Month10 { earlier: true, ..self }
    }

    /// A day of the month, or of the one before.
    fn day(&self, text: &str) -> Instant {
        at(&if self.earlier { text.replace("2026-10", "2026-09") } else { text.to_owned() })
    }

    /// An activity of the month, or its like of the one before.
    fn activity(&self, activity: ActivityId) -> ActivityId {
        if self.earlier { ActivityId(activity.0 + 10) } else { activity }
    }

    /// The decision that upheld an objection of the colleague's, who handed it in in time.
    fn upheld(&self) -> EventId {
        *self.upheld.get_or_init(|| self.upheld_on(ObjectionGround::PointsWrong))
    }

    fn upheld_on(&self, ground: ObjectionGround) -> EventId {
        let objection = ObjectionRaised { for_member: false, ground, member: COLLEAGUE, subject: self.vetoed };
        let objection = self.fixture.record(objection, at(OVER));
        self.fixture.record(assigned_to(&judge(), objection), self.now());
        self.fixture.record_as(&judge(), ObjectionUpheld { clause: None, objection }, self.now())
    }

    /// A patrol of the colleague's that was said to be missing and entered late.
    fn admitted(&self) -> EventId {
        *self.admitted.get_or_init(|| {
            self.upheld_on(ObjectionGround::RecordMissing);
            let (ended_at, reason) = (at(END), LateCheckInReason::Forgotten);
            self.fixture
                .record(LateCheckInRecorded { activity: PATROL, ended_at, member: COLLEAGUE, reason }, at(START))
        })
    }

    pub(crate) fn freeze(self) -> Month10 {
        self.fixture.record(MonthFrozen { counts_no_shows: true, month: month(), organization: street() }, at(OVER));
        self
    }

    pub(crate) fn disclose(mut self) -> Month10 {
        self.disclosed = Some(self.fixture.record(self.disclosure(), at(OVER)));
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

/// The last column: after the close, what is dated in the month before.
const EARLIER: &str = "月结后，记在该月之前 closed, dated in the month before";

/// What becomes of every command, stage by stage; last, of what is dated in the month before one that is closed.
pub(crate) fn outcomes() -> Vec<Vec<Option<&'static str>>> {
    let of_stage = |month: Month10| {
        let outcome = |(_, propose): &(&str, Propose)| {
            let (actor, event, occurred_at) = propose(&month);
            tried(&month.fixture, &actor, event, occurred_at)
        };
        COMMANDS.iter().map(outcome).collect()
    };
    let earlier = Month10::open().freeze().disclose().wait().dismiss().close().earlier();
    STAGES.iter().map(|(_, reach)| reach()).chain([earlier]).map(of_stage).collect()
}

/// The page, below its heading.
pub(crate) fn page() -> String {
    let mut page = String::from(
        "\nWhat each command comes to in each stage of a month whose rules demand a disclosure: ✓ recorded, or the code of the refusal\n\
         ([all of them](errors.md)). Each kind of fact has a row at least; the last column is the same with a date before the month that was closed. Under rules without `disclosure` a month is closed in any stage before, too. Asked of the ledger itself.\n\n",
    );
    let stages: Vec<_> = STAGES.iter().map(|(stage, _)| *stage).chain([EARLIER]).collect();
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
