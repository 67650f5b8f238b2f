//! Commitments in a bundle that the operator has tampered with, signed with the right key.

use super::fixture::{DEMONSTRATION, Parts, codes, policy};
use mingzhang::audit::Reveal;
use mingzhang::audit::bundle::Identities;
use mingzhang::audit::offline::{Check, Outcome, Trust, Verdict, audit_bundle};
use mingzhang_events::{Event, IdentityCommitted, RecordedEvent};
use std::io::Cursor;

fn audit(bundle: &[u8], reveals: &[Reveal]) -> Verdict {
    let open = || Ok(Cursor::new(bundle.to_vec()));
    audit_bundle(open, Trust::Policy(&policy()), None, reveals, &mut |_, _| {}).expect("memory can be read")
}

fn reveal() -> Reveal {
    Reveal::parse(&DEMONSTRATION.reveal).expect("a reveal")
}

fn outcome(report: &Verdict) -> Outcome {
    report.checks.iter().find(|outcome| outcome.check == Check::Reveals).expect("it is told").outcome
}

fn commitment_mut<'a>(events: &'a mut [RecordedEvent]) -> &'a mut IdentityCommitted {
    let committed = |event: &'a mut RecordedEvent| {
        if let Event::IdentityCommitted(committed) = &mut event.event { Some(committed) } else { None }
    };
    let mut all = events.iter_mut().filter_map(committed);
    all.find(|committed| committed.member == reveal().member).expect("committed")
}

#[test]
fn a_commitment_that_was_changed_or_taken_out_no_longer_holds_even_if_the_log_is_signed_anew() {
    let mut parts = Parts::whole();
    let mut events = parts.events();
    let committed = |event: &RecordedEvent| {
        if let Event::IdentityCommitted(committed) = &event.event { Some(committed.clone()) } else { None }
    };
    let other = events.iter().filter_map(committed).find(|other| other.member != reveal().member);
    commitment_mut(&mut events).name_commitment = other.expect("another member").name_commitment;
    parts.issue_anew(events.clone());
    let report = audit(&parts.repacked(), &[reveal()]);
    assert_eq!((codes(&report), outcome(&report)), (vec!["reveal_differs"], Outcome::Fails));

    let mut parts = Parts::whole();
    let mut events = parts.events();
    events.retain(|event| !matches!(&event.event, Event::IdentityCommitted(of) if of.member == reveal().member));
    parts.issue_anew(events);
    let report = audit(&parts.repacked(), &[reveal()]);
    assert_eq!((codes(&report), outcome(&report)), (vec!["reveal_not_committed"], Outcome::Fails));

    let report = audit(&DEMONSTRATION.whole, &[reveal()]);
    assert_eq!((codes(&report), outcome(&report)), (vec![], Outcome::Holds));
}

#[test]
fn a_bundle_of_a_part_lists_the_commitments_before_it_and_says_that_nothing_proves_the_list() {
    let report = audit(&DEMONSTRATION.since_month, &[reveal()]);
    assert_eq!((codes(&report), outcome(&report)), (vec![], Outcome::HoldsAsTold));
    assert_eq!(report.revealed[0].outcome, Outcome::HoldsAsTold);

    let mut parts = Parts::of(&DEMONSTRATION.since_month);
    let mut identities: Identities = serde_json::from_slice(parts.file("identities.json")).expect("identities");
    let among = parts.events().iter().filter(|event| matches!(event.event, Event::IdentityCommitted(_))).count();
    assert_eq!(identities.commitments.len() + among, 150, "one for each member, listed or among the entries");
    identities.commitments.retain(|listed| listed.committed.member != reveal().member);
    *parts.file("identities.json") = serde_json::to_vec(&identities).expect("JSON");
    let report = audit(&parts.repacked(), &[reveal()]);
    assert_eq!((codes(&report), outcome(&report)), (vec!["reveal_not_committed"], Outcome::Fails));

    let mut whole = Parts::whole();
    let identities: Identities = serde_json::from_slice(whole.file("identities.json")).expect("identities");
    assert!(identities.commitments.is_empty(), "the entries of a whole log hold them");
}
