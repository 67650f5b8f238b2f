//! What recording a month took: counted by how it was entered, and each entry once.

use crate::story::{Story, local, month, org};
use mingzhang_events::*;
use mingzhang_projections::{Burden, BurdenCount, ReadModels};

fn burden(story: &Story, organization: &str) -> Burden {
    let mut models = ReadModels::new();
    models.apply_batch(0, &story.log);
    models.settle();
    let mut count = BurdenCount::of(org(organization), month("2026-03"));
    story.log.iter().for_each(|event| count.note(&models, event));
    count.burden(story.log.len() as u64)
}

fn duty(member: u64, branch: &str) -> DutyServed {
    DutyServed { member: MemberId(member), minutes: 60, organization: org(branch) }
}

#[test]
fn fields_are_counted_by_how_they_were_entered_and_a_time_is_one_more() {
    let mut story = Story::street();
    story.roster(1, "b1").roster(2, "b1").at("2026-03-10 10:00").evidenced(Evidence::Attested);
    // Three fields, told as it happens; then three and a time; then a code and a table.
    story.tell(duty(1, "b1"));
    story.tell(duty(2, "b1"));
    story.log.last_mut().expect("just told").recorded_at = local("2026-03-11 10:00");
    story.at("2026-03-12 10:00").evidenced(Evidence::OnSiteCode).tell(duty(1, "b1"));
    story.evidenced(Evidence::Imported).tell(duty(2, "b1"));
    let burden = burden(&story, "s");
    let told = |effort: mingzhang_projections::Effort| (effort.facts, effort.fields);
    assert_eq!((told(burden.typed), told(burden.scanned), told(burden.imported)), ((2, 7), (1, 3), (1, 3)));
    assert_eq!((burden.records, burden.typed_fields_per_record_hundredths), (4, Some(175)));
    assert_eq!(burden.kinds.len(), 1, "{:?}", burden.kinds);
}

#[test]
fn what_was_entered_again_is_told_by_how_it_was_found_out() {
    let mut story = Story::street();
    story.roster(1, "b1").roster(2, "b1").at("2026-03-10 10:00").evidenced(Evidence::Attested);
    story.schedule(1, ActivityKind::NightPatrol, "2026-03-10 09:00", "2026-03-10 12:00");
    let first = story.tell(duty(1, "b1"));
    let again = story.tell(duty(1, "b1"));
    story.tell(RecordReversed { decision: None, reason: CorrectionReason::RecordedTwice, record: again });
    story.tell(RecordCorrected {
        decision: None,
        minutes: 50,
        reason: CorrectionReason::EnteredWrongly,
        record: first,
    });
    story.tell(ServiceReturned { reason: ReturnReason::RecordedTwice, record: first });
    let (activity, member, reason) = (ActivityId(1), MemberId(2), LateCheckInReason::Forgotten);
    story.tell(LateCheckInRecorded { activity, ended_at: local("2026-03-10 11:00"), member, reason });
    let again = burden(&story, "s").entered_again;
    let told = (again.identical, again.found_recorded_twice, again.corrected, again.late_check_ins);
    assert_eq!(told, (1, 2, 1, 1));
}

#[test]
fn a_fact_is_of_the_organisation_of_its_member_and_of_the_month_in_which_it_was_recorded() {
    let mut story = Story::street();
    story.roster(1, "b1").roster(2, "b2").at("2026-02-10 10:00").evidenced(Evidence::Attested);
    story.tell(duty(1, "b1"));
    story.at("2026-03-10 10:00");
    let record = story.tell(duty(1, "b1"));
    story.tell(duty(2, "b2"));
    story.tell(ServiceApproved { record });
    story.tell(RecordingSuspended {
        reason: SuspensionReason::RepeatedErrors,
        recorder: "w-9".parse().expect("an actor"),
        until: None,
    });
    let facts = |organization| {
        let burden = burden(&story, organization);
        burden.typed.facts
    };
    assert_eq!((facts("s"), facts("c1"), facts("b1"), facts("c2")), (4, 2, 2, 1));
}
