//! The disk fails at each step of publishing, with and without having done it: nothing is shown that isn't durable, and nothing goes back.

use super::fixture::*;
use crate::failing_disk::{FailingDisk, Fault};
use mingzhang::publication::{Publication, PublicationFiles};
use mingzhang::transparency::{Checkpoint, Note};
use std::path::Path;
use std::sync::Arc;

fn files(path: &Path) -> PublicationFiles {
    PublicationFiles {
        checkpoint: path.join("checkpoint"),
        policy: path.join("policy"),
        witness_sizes: path.join("witness-sizes"),
    }
}

fn size_of(note: &str) -> u64 {
    Checkpoint::parse(Note::parse(note.as_bytes()).unwrap().text).unwrap().size
}

#[test]
fn whatever_step_fails_what_is_shown_is_durable_and_never_goes_back() {
    for asks_witnesses in [false, true] {
        let mut failures = 0;
        for fault in Fault::ALL {
            for at in 1..=16 {
                failures += u64::from(one_run(asks_witnesses, at, fault));
            }
        }
        // Three checkpoints of four steps each; none where a failure let the later ones fall together.
        assert!(failures >= 3 * 8, "{asks_witnesses}: {failures}");
    }
}

/// Gives whether the step was reached.
fn one_run(asks_witnesses: bool, at: u64, fault: Fault) -> bool {
    let place = Place::new();
    let puppet = Puppet::new(|body| blind_cosignature(1, body));
    if asks_witnesses {
        place.ask(&[("甲", &key_of(1), &puppet.url)], "all");
    }
    let service = place.open();
    let disk = Arc::new(FailingDisk::new(at, fault));
    let publication = Publication::open(Arc::clone(&service.ledger), files(&place.path()), disk.clone()).unwrap();
    let row = format!("step {at} {fault:?}, witnesses {asks_witnesses}");
    let mut shown_before = 0;
    for _ in 0..3 {
        record(&service, 2);
        drop(publication.round(NEVER));
        let Ok(published) = publication.published() else { continue };
        let shown = published.checkpoint.checkpoint().size;
        assert!(shown >= shown_before, "{row}: {shown_before} was shown before {shown}");
        shown_before = shown;
        // Whoever starts anew after a loss of power shows at least as much.
        assert!(size_of(&place.written()) >= shown, "{row}: what is shown isn't written down");
        assert!(!published.is_witnessed || place.policy().check(published.checkpoint.note().as_bytes()).is_ok());
    }
    publication.round(NEVER).unwrap();
    let published = publication.published().unwrap();
    let (shown, is_witnessed) = (published.checkpoint.checkpoint().size, published.is_witnessed);
    assert_eq!((shown, is_witnessed), (7, asks_witnesses), "{row}: a failure is made good in the next round");
    drop(publication);
    let disk_that_works = Arc::new(mingzhang::durable::MachineDisk);
    let again = Publication::open(Arc::clone(&service.ledger), files(&place.path()), disk_that_works).unwrap();
    assert_eq!(again.published().unwrap().checkpoint.checkpoint().size, 7, "{row}");
    disk.has_failed()
}
