//! Objections, above all that a record is missing, in random lifecycles: what the ledger admits because of them and what the read models say
//! of them are one account.

use super::fixture::*;
use super::month10::*;
use mingzhang::clock::Clock;
use mingzhang::identity::{Actor, Role};
use mingzhang::ledger::{Mode, Outcome, Rejection};
use mingzhang_events::*;
use mingzhang_projections::{ObjectionEntry, ObjectionStanding, ReadModels, Revised};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Something that somebody tries. Numbers choose among what there is.
#[derive(Clone, Debug)]
enum Step {
    CheckIn(u64),
    CheckOut(u64),
    LateCheckIn(u64),
    Visit(u8),
    Grant,
    Veto,
    /// To one of the records, or to the line that is disclosed; by the clerk, or by a colleague of the member's.
    Raise {
        ground: ObjectionGround,
        subject: Option<usize>,
        by_colleague: bool,
    },
    Uphold(usize),
    Withdraw(usize),
    Admit(usize),
    Correct {
        record: usize,
        decision: usize,
    },
    Reverse {
        record: usize,
        decision: usize,
    },
    Quash(usize),
    Freeze,
    Disclose,
    Close,
}

fn step() -> impl Strategy<Value = Step> {
    let ground = prop_oneof![4 => Just(ObjectionGround::RecordMissing), 1 => Just(ObjectionGround::PointsWrong)];
    prop_oneof![
        4 => (0..6_u64).prop_map(Step::CheckIn),
        4 => (0..6_u64).prop_map(Step::CheckOut),
        1 => (0..6_u64).prop_map(Step::LateCheckIn),
        2 => (0..20_u8).prop_map(Step::Visit),
        1 => Just(Step::Grant),
        1 => Just(Step::Veto),
        6 => (ground, proptest::option::weighted(0.7, 0..8_usize), any::<bool>())
            .prop_map(|(ground, subject, by_colleague)| Step::Raise { ground, subject, by_colleague }),
        5 => (0..8_usize).prop_map(Step::Uphold),
        1 => (0..8_usize).prop_map(Step::Withdraw),
        2 => (0..4_usize).prop_map(Step::Admit),
        1 => (0..8_usize, 0..4_usize).prop_map(|(record, decision)| Step::Correct { record, decision }),
        1 => (0..8_usize, 0..4_usize).prop_map(|(record, decision)| Step::Reverse { record, decision }),
        1 => (0..8_usize).prop_map(Step::Quash),
        2 => Just(Step::Freeze),
        1 => Just(Step::Disclose),
        1 => Just(Step::Close),
    ]
}

/// A ledger, and the read models of what it took.
struct Told {
    month: Month10,
    models: ReadModels,
    records: Vec<EventId>,
    objections: Vec<EventId>,
    decisions: Vec<EventId>,
}

/// An evening of October on which nothing else happens.
fn evening(number: u64, time: &str) -> Instant {
    at(&format!("2026-10-{:02}T{time}:00Z", 10 + number))
}

fn patrol(number: u64) -> ActivityId {
    ActivityId(100 + number)
}

impl Told {
    fn new() -> Told {
        Told::under(None)
    }

    /// Under rules that say so what becomes of a closed month.
    fn under(closed_month_corrections: Option<ClosedMonthCorrections>) -> Told {
        let lines = "notice_working_days = 5\nobjectors = \"any_member\"\n\
             [[vetoes]]\nclause = \"2\"\nname = \"n\"\nperiod = \"month\"";
        let month = Month10::under(lines);
        if closed_month_corrections.is_some() {
            let mut adopted = rules_with_disclosure(lines);
            adopted.rules.version = "closing".parse().expect("a version");
            adopted.rules.closed_month_corrections = closed_month_corrections;
            month.fixture.record(adopted, at(BEFORE));
        }
        for number in 0..6 {
            let scheduled = ActivityScheduled {
                activity: patrol(number),
                class: ActivityClass::Voluntary,
                emergency_grade: None,
                ends_at: evening(number, "13:00"),
                kind: ActivityKind::NightPatrol,
                organization: organization(COMMUNITY),
                starts_at: evening(number, "11:00"),
            };
            month.fixture.record(scheduled, at(BEFORE));
        }
        month.fixture.record_as(&clerk(), ObjectionWithdrawn { objection: month.objection }, month.now());
        let records = vec![month.unreviewed];
        let mut told =
            Told { month, models: ReadModels::new(), records, objections: Vec::new(), decisions: Vec::new() };
        told.read();
        told
    }

    /// Folds what is new into the read models.
    fn read(&mut self) {
        let (from, to) = (self.models.tree_size(), self.month.fixture.ledger.head().tree_size);
        for (log_index, entry) in (from..).zip(self.month.fixture.ledger.entries(from, to - from).expect("entries")) {
            self.models.apply(log_index, &decode(&entry.bytes).expect("an event"));
        }
        self.models.settle();
    }

    /// What became of it; nothing if it was refused.
    fn tell(&mut self, actor: &Actor, event: impl Into<Event>, occurred_at: Instant) -> Option<EventId> {
        let outcome = self.month.fixture.try_record(actor, event, occurred_at);
        self.read();
        match outcome {
            Outcome::Recorded { id, .. } => Some(id),
            Outcome::Rejected(_) => None,
            other @ (Outcome::Repeated { .. } | Outcome::Withheld) => panic!("{other:?}"),
        }
    }

    fn take(&mut self, step: &Step) {
        let now = self.month.fixture.clock.now();
        let publisher = holder(Role::Publisher);
        let chosen = |of: &[EventId], at: usize| of.get(at % of.len().max(1)).copied();
        let reason = CorrectionReason::ObjectionUpheld;
        match *step {
            Step::CheckIn(number) => {
                let event = MemberCheckedIn { activity: patrol(number), member: MEMBER };
                let record = self.tell(&clerk(), event, evening(number, "11:05"));
                self.records.extend(record);
            }
            Step::CheckOut(number) => {
                let event = MemberCheckedOut { activity: patrol(number), member: MEMBER };
                self.tell(&clerk(), event, evening(number, "12:55"));
            }
            Step::LateCheckIn(number) => {
                let (ended_at, reason) = (evening(number, "12:30"), LateCheckInReason::Forgotten);
                let event = LateCheckInRecorded { activity: patrol(number), ended_at, member: MEMBER, reason };
                let record = self.tell(&clerk(), event, evening(number, "11:05"));
                self.records.extend(record);
            }
            Step::Visit(hour) => {
                let (visit, start) = visit_at(3 + hour);
                let record = self.tell(&clerk(), visit, start);
                self.records.extend(record);
            }
            Step::Grant => {
                let (clause, points) = ("1".parse().expect("a clause"), "1".parse().expect("points"));
                let record =
                    self.tell(&clerk(), PointsGranted { clause, decision: None, member: MEMBER, points }, at(END));
                self.records.extend(record);
            }
            Step::Veto => {
                let event = PointsVetoed { clause: "2".parse().expect("a clause"), member: MEMBER };
                let record = self.tell(&clerk(), event, at(END));
                self.records.extend(record);
            }
            Step::Raise { ground, subject, by_colleague } => {
                let subject = subject.map_or(self.month.disclosed, |subject| chosen(&self.records, subject));
                let Some(subject) = subject else { return };
                let raiser = if by_colleague { colleague() } else { clerk() };
                if let Some(objection) = self.tell(&raiser, raised(subject, ground), now) {
                    self.tell(&publisher, assigned_to(&judge(), objection), now);
                    self.objections.push(objection);
                }
            }
            Step::Uphold(at) => {
                let Some(objection) = chosen(&self.objections, at) else { return };
                let decision = self.tell(&judge(), ObjectionUpheld { clause: None, objection }, now);
                self.decisions.extend(decision);
            }
            Step::Withdraw(at) => {
                let Some(objection) = chosen(&self.objections, at) else { return };
                self.tell(&clerk(), ObjectionWithdrawn { objection }, now);
            }
            Step::Admit(at) => {
                let Some(decision) = chosen(&self.decisions, at) else { return };
                self.tell(&publisher, granted(decision), self::at(END));
            }
            Step::Correct { record, decision } => {
                let decision = chosen(&self.decisions, decision);
                let Some(record) = chosen(&self.records, record) else { return };
                let Some(known) = self.models.record(record) else { return };
                let event = RecordCorrected { decision, minutes: 25, reason, record };
                self.tell(&publisher, event, known.started_at);
            }
            Step::Reverse { record, decision } => {
                let decision = chosen(&self.decisions, decision);
                let Some(record) = chosen(&self.records, record) else { return };
                self.tell(&publisher, RecordReversed { decision, reason, record }, now);
            }
            Step::Quash(at) => {
                let Some(decision) = chosen(&self.records, at) else { return };
                self.tell(&clerk(), DecisionQuashed { decision, reason: QuashingReason::Reviewed }, now);
            }
            Step::Freeze => {
                self.tell(
                    &publisher,
                    MonthFrozen { counts_no_shows: true, month: month(), organization: organization(STREET) },
                    now,
                );
            }
            Step::Disclose => {
                let disclosure = self.month.disclosure();
                let disclosed = self.tell(&publisher, disclosure, now);
                self.month.disclosed = self.month.disclosed.or(disclosed);
            }
            Step::Close => {
                self.month.fixture.clock.set(at(AFTER_DISCLOSURE));
                let event = MonthClosed { month: month(), organization: organization(STREET) };
                self.tell(&publisher, event, at(AFTER_DISCLOSURE));
            }
        }
    }

    /// The refusal of a fact, if it would be refused.
    fn refusal(&self, event: impl Into<Event>, occurred_at: Instant) -> Option<Rejection> {
        let command = self.month.fixture.command(event, occurred_at);
        let outcomes = self.month.fixture.submit(&clerk(), vec![command], Mode::DryRun);
        match outcomes.expect("the store works").remove(0) {
            Outcome::Recorded { .. } => None,
            Outcome::Rejected(rejection) => Some(rejection),
            other @ (Outcome::Repeated { .. } | Outcome::Withheld) => panic!("{other:?}"),
        }
    }

    /// Whether the ledger would take another record of the month.
    fn takes_another(&self) -> bool {
        // At a time of its own.
        let visit = HomeVisitMade { household: HOUSEHOLD, member: MEMBER, minutes: 1 };
        let refusal = self.refusal(visit, at("2026-10-06T15:00:00Z"));
        let code = refusal.map(|rejection| rejection.code());
        assert!([None, Some("month_frozen"), Some("month_closed")].contains(&code), "{code:?}");
        code.is_none()
    }

    /// The objections whose decisions the ledger would admit a fact for.
    fn admitting(&self) -> Vec<EventId> {
        let admits = |objection: &ObjectionEntry| {
            let decision = objection.decision.filter(|_| objection.standing == ObjectionStanding::Upheld)?;
            match self.refusal(granted(decision), at(END)).map(|rejection| rejection.code()) {
                None => Some(objection.id),
                Some("decision_answered") => None,
                Some(other) => panic!("{other}"),
            }
        };
        self.models.objections_about(MEMBER).iter().filter_map(admits).collect()
    }

    /// Those that were upheld and whose corrections, as the read models know them, leave them one fact: none, or reversals that don't name such a
    /// decision.
    fn unanswered(&self) -> Vec<EventId> {
        let objections = self.models.objections_about(MEMBER);
        let alike = |named: EventId, of: &ObjectionEntry| {
            let named = objections.iter().find(|other| other.decision == Some(named)).expect("a decision");
            (named.subject, named.ground) == (of.subject, of.ground)
        };
        let answers = |log_index: u64, of: &ObjectionEntry| {
            let entry = self.month.fixture.ledger.entries(log_index, 1).expect("entries").remove(0);
            let event = decode(&entry.bytes).expect("an event").event;
            if let Event::RecordReversed(reversed) = event {
                reversed.decision.is_some_and(|named| alike(named, of))
            } else {
                // A late check-in reverses the one whose place it takes.
                of.ground == ObjectionGround::RecordMissing || !matches!(event, Event::LateCheckInRecorded(_))
            }
        };
        let unanswered = objections
            .iter()
            .filter(|of| of.standing == ObjectionStanding::Upheld && !of.corrections.iter().any(|&at| answers(at, of)));
        unanswered.map(|of| of.id).collect()
    }

    /// How many objections the read models know that a record is missing and nothing has answered.
    fn waiting(&self) -> usize {
        let objections = self.models.objections_about(MEMBER);
        let waiting = objections.iter().filter(|objection| {
            objection.ground == ObjectionGround::RecordMissing
                && objection.standing == ObjectionStanding::Upheld
                && objection.corrections.is_empty()
        });
        waiting.count()
    }
}

fn clerk() -> Actor {
    Actor::holder_of_the_files("clerk".parse().expect("an actor"))
}

fn colleague() -> Actor {
    Actor { id: "m-2".parse().expect("an actor"), member: Some(COLLEAGUE), grants: Vec::new() }
}

fn granted(decision: EventId) -> PointsGranted {
    let (clause, points) = ("1".parse().expect("a clause"), "1".parse().expect("points"));
    PointsGranted { clause, decision: Some(decision), member: MEMBER, points }
}

fn missing(subject: usize) -> Step {
    Step::Raise { ground: ObjectionGround::RecordMissing, subject: Some(subject), by_colleague: false }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn the_ledger_admits_a_record_exactly_while_the_read_models_say_that_one_is_missing(
        steps in proptest::collection::vec(step(), 1..40),
    ) {
        let mut told = Told::new();
        let mut is_frozen = false;
        for step in &steps {
            told.take(step);
            let progress = told.models.month_progress(organization(STREET), month(), told.models.newest_day()).expect("a street");
            is_frozen |= progress.frozen_at.is_some() || progress.closed.is_some();
            if is_frozen {
                prop_assert_eq!(told.takes_another(), told.waiting() > 0, "after {:?}", step);
            }
            prop_assert_eq!(told.admitting(), told.unanswered(), "after {:?}", step);
        }
        // Also of what was entered while the month was open.
        let freeze = MonthFrozen { counts_no_shows: true, month: month(), organization: organization(STREET) };
        let now = told.month.now();
        told.tell(&holder(Role::Publisher), freeze, now);
        prop_assert_eq!(told.takes_another(), told.waiting() > 0);
        // Whatever a frozen month took names a decision of its own, and a check-out that of its check-in.
        let mut admitted = BTreeSet::new();
        for revision in told.models.revisions(0) {
            match revision.revised {
                Revised::Recorded => {
                    let decision = revision.decision.expect("admitted by a decision");
                    prop_assert!(admitted.insert(decision), "{decision} admitted two records");
                    prop_assert_eq!(revision.ground, Some(ObjectionGround::RecordMissing));
                }
                Revised::CheckedOut => prop_assert!(revision.decision.is_some()),
                Revised::Approved
                | Revised::Returned(_)
                | Revised::Corrected(_)
                | Revised::Reversed(_)
                | Revised::Quashed(_)
                | Revised::Admitted(_) => {}
            }
        }
        for objection in told.models.objections_about(MEMBER) {
            if objection.ground == ObjectionGround::RecordMissing {
                let entered = objection.corrections.iter().filter(|&&log_index| {
                    told.models.revisions(log_index).first().is_some_and(|revision| {
                        revision.log_index == log_index && revision.revised == Revised::Recorded
                    })
                });
                prop_assert!(entered.count() <= 1, "one decision admits one record");
            }
        }
    }

    #[test]
    fn a_final_month_is_closed_exactly_once_the_read_models_say_that_no_correction_is_due(
        steps in proptest::collection::vec(step(), 1..40),
    ) {
        let mut told = Told::under(Some(ClosedMonthCorrections::Refuse));
        let last = [Step::Freeze, Step::Disclose];
        steps.iter().chain(&last).filter(|step| !matches!(step, Step::Close)).for_each(|step| told.take(step));
        for objection in told.objections.clone() {
            let reason = DismissalReason::RecordConfirmed;
            let now = told.month.now();
            told.tell(&judge(), ObjectionDismissed { clause: None, objection, reason }, now);
        }
        told.month.fixture.clock.set(at(AFTER_DISCLOSURE));
        let progress = told.models.month_progress(organization(STREET), month(), told.models.newest_day());
        let due = progress.expect("a street").work_left.corrections_due;
        let closed = MonthClosed { month: month(), organization: organization(STREET) };
        match told.refusal(closed, at(AFTER_DISCLOSURE)) {
            None => prop_assert_eq!(due, 0),
            Some(Rejection::CorrectionsDue { objections, .. }) => prop_assert_eq!(objections, due as usize),
            Some(other) => panic!("{other:?}"),
        }
    }
}

/// What admits it is the decision, and not how far the month has come since.
#[test]
fn a_check_in_that_a_decision_admitted_has_its_check_out_however_far_the_month_has_come() {
    for close in [false, true] {
        let mut told = Told::new();
        told.take(&missing(0));
        told.take(&Step::Freeze);
        told.take(&Step::Uphold(0));
        told.take(&Step::CheckIn(0));
        told.take(&Step::Disclose);
        if close {
            told.take(&Step::Close);
        }
        let progress =
            told.models.month_progress(organization(STREET), month(), told.models.newest_day()).expect("a street");
        assert_eq!(progress.closed.is_some(), close);
        let checked_out = MemberCheckedOut { activity: patrol(0), member: MEMBER };
        let outcome = told.month.fixture.try_record(&clerk(), checked_out, evening(0, "12:55"));
        assert!(matches!(outcome, Outcome::Recorded { .. }), "closed: {close}: {outcome:?}");
    }
}

/// A closed month that is final takes nothing, whatever was admitted before.
#[test]
fn a_final_month_takes_no_check_out_of_what_was_admitted() {
    let month = Month10::under("");
    let mut final_rules = rules_with_disclosure("");
    final_rules.rules.version = "final".parse().expect("a version");
    final_rules.rules.closed_month_corrections = Some(ClosedMonthCorrections::Refuse);
    month.fixture.record(final_rules, at(BEFORE));
    let objection = month.fixture.record(raised(month.unreviewed, ObjectionGround::RecordMissing), month.now());
    month.fixture.record(assigned_to(&judge(), objection), month.now());
    month.fixture.record_as(&judge(), ObjectionUpheld { clause: None, objection }, month.now());
    month.fixture.record(check_in(), at(START));
    let month = month.freeze().disclose().wait().dismiss().close();
    match month.fixture.try_record(&month.fixture.clerk(), check_out(), at(END)) {
        Outcome::Rejected(rejection) => assert_eq!(rejection.code(), "month_closed"),
        other @ (Outcome::Recorded { .. } | Outcome::Repeated { .. } | Outcome::Withheld) => panic!("{other:?}"),
    }
}

/// A check-in of before the freeze waits for its check-out: the decision admits that, and is answered by it.
#[test]
fn a_check_out_that_was_missing_answers_the_decision() {
    let mut told = Told::new();
    told.take(&Step::CheckIn(0));
    told.take(&missing(0));
    told.take(&Step::Freeze);
    told.take(&Step::CheckOut(0));
    assert!(told.models.objections_about(MEMBER)[1].corrections.is_empty(), "nothing is upheld yet");
    told.take(&Step::Uphold(0));
    assert_eq!((told.waiting(), told.takes_another()), (1, true));
    told.take(&Step::CheckOut(0));
    assert_eq!((told.waiting(), told.takes_another()), (0, false));
    let revision = told.models.revisions(0).pop().expect("a revision");
    assert_eq!((revision.revised, revision.objection), (Revised::CheckedOut, Some(told.objections[0])));
}

/// What is entered while the month is open answers a decision as well: it admits no second record once the month is frozen.
#[test]
fn a_decision_answered_while_the_month_was_open_admits_nothing_later() {
    let mut told = Told::new();
    told.take(&missing(0));
    told.take(&Step::Uphold(0));
    told.take(&Step::Visit(4));
    told.take(&Step::Freeze);
    assert_eq!((told.waiting(), told.takes_another()), (0, false));
}

/// What is missing is there after the quashing as little as before: the decision still admits it.
#[test]
fn a_quashing_answers_no_decision_that_a_record_is_missing() {
    let mut told = Told::new();
    told.take(&Step::Veto);
    told.take(&missing(1));
    told.take(&Step::Freeze);
    told.take(&Step::Uphold(0));
    told.take(&Step::Quash(1));
    assert!(told.models.revisions(0).iter().any(|of| matches!(of.revised, Revised::Quashed(_))), "it was quashed");
    assert_eq!((told.waiting(), told.takes_another()), (1, true));
}

/// Two people said so of two records: a correction that names one of the decisions leaves the other its own.
#[test]
fn a_correction_answers_one_decision_that_a_record_is_missing() {
    let mut told = Told::new();
    told.take(&Step::Freeze);
    told.take(&Step::Disclose);
    for (at, by_colleague) in [false, true].into_iter().enumerate() {
        told.take(&Step::Raise { ground: ObjectionGround::RecordMissing, subject: None, by_colleague });
        told.take(&Step::Uphold(at));
    }
    assert_eq!((told.waiting(), told.takes_another()), (2, true));
    told.take(&Step::Correct { record: 0, decision: 0 });
    assert_eq!((told.waiting(), told.takes_another()), (1, true));
    assert_eq!((told.admitting(), told.unanswered()), (vec![told.objections[1]], vec![told.objections[1]]));
    told.take(&Step::Visit(4));
    assert_eq!((told.waiting(), told.takes_another()), (0, false));
    let revision = told.models.revisions(0).pop().expect("a revision");
    assert_eq!((revision.revised, revision.decision), (Revised::Recorded, Some(told.decisions[1])));
}
