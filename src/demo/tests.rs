//! What the demo promises: determinism, order, and one of everything.

use super::*;
use mingzhang_events::{Event, Evidence, decode_data, encode_data};
use std::collections::{BTreeMap, BTreeSet};

fn is_weekday(date: Date) -> bool {
    !matches!(date.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday)
}

fn rules() -> ScoringRules {
    let awards =
        r#"[{"clause":"3.1","name":"表扬","points_max":"10.00"},{"clause":"3.3","name":"投诉","points_max":"10.00"}]"#;
    let document = format!(
        r#"{{"rules":{{"awards":{awards},"effective_from":"2026-01","items":[],"review_required_for":["attested"],"title":"t","version":"1"}}}}"#
    );
    let event = decode_data("mingzhang.scoring-rules.adopted.v1", &document).expect("a document");
    let Event::ScoringRulesAdopted(adopted) = event else { panic!("{event:?}") };
    *adopted.rules
}

fn street() -> Options {
    Options::new(rules(), is_weekday)
}

fn batches(options: &Options) -> Vec<DemoBatch> {
    plan(options).expect("a demo").flatten().collect()
}

#[test]
fn the_same_options_give_the_same_commands_and_another_seed_gives_others() {
    let written = |seed| format!("{:?}", batches(&Options { seed, members: 300, ..street() }));
    assert_eq!(written(7), written(7));
    assert_ne!(written(7), written(8));
}

#[test]
fn batches_come_in_the_order_of_recording_and_hold_nothing_from_their_future() {
    let mut before = Instant::EARLIEST;
    for batch in batches(&street()) {
        assert!(batch.recorded_at >= before);
        before = batch.recorded_at;
        for command in &batch.commands {
            assert!(command.occurred_at <= batch.recorded_at, "{command:?}");
        }
    }
}

#[test]
fn a_month_of_a_street_has_each_fact_that_the_demo_promises() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut evidence: BTreeMap<Evidence, usize> = BTreeMap::new();
    for command in batches(&street()).iter().flat_map(|batch| &batch.commands) {
        *counts.entry(command.event.stored_type()).or_default() += 1;
        *evidence.entry(command.evidence).or_default() += 1;
    }
    let not_promised = [
        "organization.moved",
        "organization.dissolved",
        "member.reclassified",
        "points.reset",
        "points.vetoed",
        "decision.quashed",
        "notice.issued",
        "document.issued",
        "person.erased",
        "recording.suspended",
        "recording.restored",
        "disclosure.opened",
        "objection.withdrawn",
        "signing-key.rotated",
        // By the ledger itself, when the names are recorded.
        "identity.committed",
    ];
    for stored_type in Event::STORED_TYPES {
        let promised = !not_promised.iter().any(|name| stored_type.contains(name));
        assert_eq!(counts.contains_key(stored_type), promised, "{stored_type}: {counts:?}");
    }
    assert_eq!(evidence.len(), Evidence::ALL.len(), "{evidence:?}");
    let total: usize = counts.values().sum();
    assert!((15_000..40_000).contains(&total), "{total} facts: {counts:?}");
    let of =
        |name: &str| counts.iter().find(|(stored_type, _)| stored_type.contains(name)).map_or(0, |(_, count)| *count);
    let enrolled = of("member.enrolled") - of("enrollment.ended");
    assert!((1_800..1_930).contains(&enrolled), "92 to 96 of a hundred have reported: {enrolled}");
    let back_entered = evidence[&Evidence::BackEntered] * 1_000 / of("check-in.recorded");
    assert!((15..60).contains(&back_entered), "about three of a hundred are entered afterwards: {back_entered}");
}

#[test]
fn late_patrols_cross_midnight_and_the_months_end() {
    let mut across = BTreeSet::new();
    for command in batches(&street()).into_iter().flat_map(|batch| batch.commands) {
        if let Event::ActivityScheduled(event) = command.event
            && event.starts_at.local_day() != event.ends_at.local_day()
        {
            across.insert(event.starts_at.local_date());
        }
    }
    assert_eq!(across.len(), 31);
    assert!(across.last().is_some_and(|last| last.to_string() == "2026-10-31"));
}

#[test]
fn facts_survive_their_stored_form() {
    for command in batches(&Options { members: 100, ..street() }).into_iter().flat_map(|batch| batch.commands) {
        let stored = encode_data(&command.event).expect("an event can be stored");
        assert_eq!(decode_data(command.event.stored_type(), &stored).expect("what was stored"), command.event);
    }
}

#[test]
fn people_have_distinct_ids_and_numbers() {
    let plan = plan(&Options { members: 5_000, ..street() }).expect("a demo");
    let people: Vec<_> = plan.people().collect();
    assert_eq!(people.len(), 5_000);
    assert_eq!(people.iter().map(|person| person.member).collect::<BTreeSet<_>>().len(), 5_000);
    assert_eq!(people.iter().map(|person| &person.number).collect::<BTreeSet<_>>().len(), 5_000);
}

#[test]
fn what_is_not_built_in_is_refused() {
    let refused = |options: Options| plan(&options).expect_err("a refusal");
    let division: OrganizationId = "110101001".parse().expect("a code");
    assert_eq!(refused(Options { division, ..street() }), DemoError::UnknownDivision(division));
    assert!(matches!(refused(Options { members: 0, ..street() }), DemoError::OutOfRange(_)));
    assert!(matches!(refused(Options { months: 0, ..street() }), DemoError::OutOfRange(_)));
}

#[test]
fn between_three_and_seven_of_ten_members_help_a_household() {
    let plan = plan(&street()).expect("a demo");
    let paired = plan.cast.members.iter().filter(|member| member.paired).count();
    assert!((600..1_400).contains(&paired), "{paired} of 2,000");
}

#[test]
fn each_month_has_a_correction_after_its_close() {
    let (mut closed, mut late) = (BTreeSet::new(), BTreeMap::new());
    for batch in batches(&Options { months: 2, ..street() }) {
        for command in batch.commands {
            let month = command.occurred_at.month();
            if let Event::MonthClosed(event) = &command.event {
                closed.insert(event.month);
            }
            if matches!(command.event, Event::RecordCorrected(_)) && closed.contains(&month) {
                *late.entry(month).or_insert(0) += 1;
            }
        }
    }
    assert_eq!(late.values().copied().collect::<Vec<_>>(), [1, 1], "{late:?}");
}

#[test]
fn the_last_month_tells_a_story_of_objections_and_of_a_notice_superseded() {
    for (members, months) in [(2_000, 1), (40, 3), (40, 13)] {
        let batches = batches(&Options { members, months, ..street() });
        let documents: Vec<Document> = batches.iter().filter_map(|batch| batch.document).collect();
        let month = street().last_month;
        let [.., disclosed, issued, superseding] = documents[..] else { panic!("{documents:?}") };
        assert!(matches!(disclosed, Document::Disclosure { month: of, .. } if of == month));
        assert_eq!((issued, superseding), (Document::Notice { month }, Document::SupersedingNotice { month }));
        assert_eq!(documents.len(), usize::from(months) + 2, "every other month has its notice only");

        let mut decisions = Vec::new();
        let mut corrected_for = Vec::new();
        for (batch, command) in batches.iter().flat_map(|batch| batch.commands.iter().map(move |of| (batch, of))) {
            if let Event::ObjectionRaised(event) = &command.event {
                assert_eq!(batch.actor.member, Some(event.member));
            } else if matches!(command.event, Event::ObjectionUpheld(_)) {
                decisions.push(command.key.event_id());
            } else if let Event::RecordCorrected(event) = &command.event {
                corrected_for.extend(event.decision);
            }
        }
        assert_eq!(corrected_for, decisions);
        assert_eq!(corrected_for.len(), 1, "{members} members, {months} months");
    }
}
