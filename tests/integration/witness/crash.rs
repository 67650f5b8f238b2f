//! The disk fails at each step of remembering, with and without having done it: of one size, two heads are never cosigned.

use super::fixture::*;
use crate::failing_disk::{FailingDisk, Fault};
use mingzhang::durable::MachineDisk;
use mingzhang::witness::{Answer, MemoryError, WitnessError};
use std::path::Path;
use std::sync::Arc;

/// The first step is that of making the log's directory; then come those of the first head and of the second.
const FIRST_STEP: u64 = 2;
const STEPS_MAX: u64 = 40;

#[test]
fn whatever_step_fails_no_two_heads_of_one_size_are_cosigned() {
    let mut failures = 0;
    for fault in Fault::ALL {
        for at in FIRST_STEP..STEPS_MAX {
            failures += u64::from(one_run(at, fault));
        }
    }
    // Four steps for the first head, five for the second with its line of history, four for the second again: each in three ways.
    assert_eq!(failures, 3 * (4 + 5 + 4));
}

/// Lets a step fail while the honest log is cosigned, then offers its fork and the log again, both before and after a restart. Gives
/// whether the step was reached at all.
fn one_run(at: u64, fault: Fault) -> bool {
    let directory = tempfile::tempdir().unwrap();
    let (log, fork) = (Log::new(40, 0, 0), Log::new(40, 1, 5));
    let disk = Arc::new(FailingDisk::new(at, fault));
    let mut given = Vec::new();
    let mut failed = false;
    let witness = open_on(directory.path(), &log, disk);
    let mut ask = |witness: &mingzhang::witness::Witness, log: &Log, old: u64, new: u64| match witness
        .add_checkpoint(log.request(old, new).as_bytes())
    {
        Ok(Answer::Cosigned(_)) => given.push((new, log.root(new))),
        Ok(_) => {}
        Err(MemoryError::File { .. }) => failed = true,
        Err(damaged @ MemoryError::Damaged { .. }) => panic!("step {at} {fault:?}: {damaged}"),
    };
    ask(&witness, &log, 0, 10);
    ask(&witness, &fork, 0, 10);
    ask(&witness, &log, 10, 30);
    for branch in [&fork, &log] {
        for (old, new) in [(0, 10), (10, 10), (10, 30), (30, 30), (0, 30)] {
            ask(&witness, branch, old, new);
        }
    }
    drop(witness);
    let witness = open(directory.path(), &log);
    for branch in [&fork, &log] {
        for (old, new) in [(0, 10), (10, 10), (10, 30), (30, 30), (30, 40)] {
            ask(&witness, branch, old, new);
        }
    }
    for (size, root) in &given {
        let other = given.iter().find(|(of, other)| of == size && other != root);
        assert_eq!(other, None, "step {at} {fault:?}: two heads of {size}");
    }
    assert!(given.is_sorted_by_key(|(size, _)| *size), "step {at} {fault:?}: it went back: {given:?}");
    // Whichever of the two logs was cosigned first, it got on to its end: a fault must not wedge the witness.
    assert_eq!(given.last().map(|(size, _)| *size), Some(40), "step {at} {fault:?}: {given:?}");
    failed
}

#[test]
fn a_second_process_with_the_same_memory_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::new(20, 0, 0);
    let first = open(directory.path(), &log);
    let signer = mingzhang::transparency::CosignatureSigner::from_seed(WITNESS, &[2; 32]).unwrap();
    let clock = Arc::new(mingzhang::clock::MachineClock);
    let second =
        mingzhang::witness::Witness::open(directory.path(), signer, vec![log.key()], Arc::new(MachineDisk), clock);
    assert!(matches!(second, Err(WitnessError::Held(_))));
    drop(first);
    drop(open(directory.path(), &log));
}

#[test]
fn a_memory_that_was_damaged_or_half_taken_away_cosigns_nothing() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 4] = [
        ("the last head taken away", |log| std::fs::remove_file(log.join("checkpoint")).unwrap()),
        ("the last head cut off", |log| {
            let note = std::fs::read(log.join("checkpoint")).unwrap();
            std::fs::write(log.join("checkpoint"), &note[..40]).unwrap();
        }),
        ("the last head emptied", |log| std::fs::write(log.join("checkpoint"), "").unwrap()),
        ("the head of another log", |log| {
            let note = std::fs::read_to_string(log.join("checkpoint")).unwrap();
            std::fs::write(log.join("checkpoint"), note.replace("log.example/street\n", "log.example/other\n"))
                .unwrap();
        }),
    ];
    for (what, damage) in damages {
        let directory = tempfile::tempdir().unwrap();
        let log = Log::new(40, 0, 0);
        let witness = open(directory.path(), &log);
        for (old, new) in [(0, 10), (10, 20)] {
            assert!(matches!(witness.add_checkpoint(log.request(old, new).as_bytes()), Ok(Answer::Cosigned(_))));
        }
        let of_log = std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().path());
        damage(&of_log.filter(|path| path.is_dir()).collect::<Vec<_>>()[0]);
        for (old, new) in [(20, 30), (0, 30), (0, 10)] {
            let answer = witness.add_checkpoint(log.request(old, new).as_bytes());
            assert!(matches!(answer, Err(MemoryError::Damaged { .. })), "{what}: {answer:?}");
        }
    }
}
