//! Sixteen forks of one size at once: one of them is cosigned.

use super::fixture::*;
use mingzhang::witness::Answer;
use std::sync::Barrier;

#[test]
fn of_sixteen_forks_that_race_one_is_cosigned() {
    for round in 0..20_u64 {
        let directory = tempfile::tempdir().unwrap();
        let log = Log::new(10, 0, 0);
        let witness = open(directory.path(), &log);
        assert!(matches!(witness.add_checkpoint(log.request(0, 10).as_bytes()), Ok(Answer::Cosigned(_))));
        let branches: Vec<Log> = (1..=16).map(|branch| Log::new(11 + round, branch, 10)).collect();
        let start = Barrier::new(branches.len());
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let asking = branches.iter().map(|branch| {
                let request = branch.request(10, 11 + round);
                let (witness, start) = (&witness, &start);
                scope.spawn(move || {
                    start.wait();
                    witness.add_checkpoint(request.as_bytes()).unwrap()
                })
            });
            let asking: Vec<_> = asking.collect();
            asking.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let cosigned = answers.iter().filter(|answer| matches!(answer, Answer::Cosigned(_))).count();
        let refused = answers.iter().filter(|answer| **answer == Answer::OtherSize(11 + round)).count();
        assert_eq!((cosigned, refused), (1, 15), "{answers:?}");
        assert_eq!(evidence(directory.path()).iter().filter(|name| name.ends_with(".shown")).count(), 15);
    }
}
