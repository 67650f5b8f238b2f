//! The engine against a second implementation of scoring: SQL over the exported entries, written from the guide. Random months with
//! every capability mixed.

mod town;

use mingzhang_events::{MemberId, Month, RecordedEvent, ScoringRules};
use mingzhang_projections::{ExplainedItem, MemberPoints, Occasion, ReadModels};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use rusqlite::{Connection, params};
use town::{MEMBERS, Story, Town, organization, story};

/// What both say of one fact.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    started_at: i64,
    occasion: String,
    /// Where it is what scores the fact.
    clause: Option<String>,
    hundredths: i64,
    unscored: Option<String>,
}

/// The second implementation.
struct Oracle {
    connection: Connection,
}

impl Oracle {
    fn new() -> Oracle {
        let connection = Connection::open_in_memory().expect("a database in memory");
        connection.execute_batch(include_str!("schema.sql")).expect("the schema");
        connection.set_prepared_statement_cache_capacity(100);
        Oracle { connection }
    }

    /// Reads a log and scores all of it.
    fn read(&self, entries: &[String]) {
        let run = |sql: &str| {
            self.connection
                .prepare_cached(sql)
                .and_then(|mut statement| statement.execute([]))
                .unwrap_or_else(|error| panic!("{error}: {sql}"))
        };
        run("BEGIN");
        for table in [
            "entry",
            "event",
            "month",
            "period",
            "activity",
            "record",
            "fact",
            "unsorted",
            "cap",
            "fact_purse",
            "coefficient",
            "fitting",
        ] {
            run(&format!("DELETE FROM {table}"));
        }
        let mut insert = self.connection.prepare_cached("INSERT INTO entry VALUES (?1, ?2)").expect("a statement");
        for (log_index, entry) in entries.iter().enumerate() {
            let log_index = i64::try_from(log_index).expect("few");
            insert.execute(params![log_index, entry]).expect("an entry");
        }
        for statement in include_str!("derive.sql").split(";\n\n") {
            run(statement);
        }
        let facts: i64 = self.connection.query_row("SELECT count(*) FROM fact", [], |row| row.get(0)).expect("a count");
        for n in 1..=facts {
            for statement in include_str!("score.sql").split(";\n\n") {
                let mut scored = self.connection.prepare_cached(statement).expect("a statement");
                let wanted = scored.parameter_count();
                assert_eq!(wanted, 1, "{statement}");
                scored.execute([n]).expect("scored");
            }
        }
        run("COMMIT");
    }

    fn lines(&self, member: MemberId, month: Month) -> Vec<Line> {
        let sql = "SELECT at, ground, CASE WHEN why IS NULL THEN clause END, given, why FROM fact WHERE member = ?1 AND m = ?2 ORDER BY n";
        let mut statement = self.connection.prepare_cached(sql).expect("a statement");
        let line = |row: &rusqlite::Row<'_>| {
            Ok(Line {
                started_at: row.get(0)?,
                occasion: row.get(1)?,
                clause: row.get(2)?,
                hundredths: row.get(3)?,
                unscored: row.get(4)?,
            })
        };
        let rows = statement.query_map(params![member.to_string(), month.number()], line).expect("lines");
        rows.collect::<Result<_, _>>().expect("lines")
    }
}

fn told(item: &ExplainedItem) -> Line {
    let word = |value: &dyn erased::Word| value.word();
    Line {
        started_at: item.started_at.unix_seconds(),
        occasion: word(&item.occasion),
        clause: item.clause.filter(|_| item.unscored.is_none()).map(|clause| clause.to_string()),
        hundredths: item.points.hundredths(),
        unscored: item.unscored.map(|why| word(&why)),
    }
}

/// The stored words of what is serialised.
mod erased {
    pub(super) trait Word {
        fn word(&self) -> String;
    }

    impl<T: serde::Serialize> Word for T {
        fn word(&self) -> String {
            serde_json::to_value(self).expect("JSON").as_str().expect("a word").to_owned()
        }
    }
}

fn folded(log: &[RecordedEvent]) -> ReadModels {
    let mut models = ReadModels::new();
    models.apply_batch(0, log);
    models.settle();
    models
}

/// Both read the same entries and say the same of every fact.
fn compare(oracle: &Oracle, story: &Story) -> Result<(), TestCaseError> {
    let rules: Vec<&ScoringRules> =
        std::iter::once(&story.first).chain(story.second.iter().map(|(_, rules)| rules)).collect();
    prop_assert!(rules.iter().all(|rules| rules.faults().is_empty()), "{:?}", rules[0].faults());
    let town = Town::of(story);
    oracle.read(&town.entries());
    let models = folded(&town.log);
    let otherwise = folded(&Town::of(&story.in_other_order()).log);
    for number in story.beginning.number()..story.beginning.number() + 4 {
        let month = Month::from_number(number).expect("a month");
        let mut sum = 0;
        for member in (0..MEMBERS).map(MemberId) {
            let explained = models.member_points(member, month).expect("a known member");
            let ours: Vec<Line> = explained.items.iter().map(told).collect();
            let theirs = oracle.lines(member, month);
            prop_assert_eq!(&ours, &theirs, "{} in {}", member, month);
            let total: i64 = theirs.iter().map(|line| line.hundredths).sum();
            prop_assert_eq!(explained.total.hundredths(), total);
            sum += total;
            // Groups, decisions, resets, vetoes, rates and parts of the assessment say the same in any order.
            let again = otherwise.member_points(member, month).expect("a known member");
            prop_assert_eq!(&explained.items, &again.items);
            let assessed = |of: &MemberPoints| of.assessment.as_ref().map(|of| (of.points, of.band.clone()));
            prop_assert_eq!(assessed(&explained), assessed(&again));
            for item in &explained.items {
                prop_assert!(!item.log_indexes.is_empty());
                prop_assert!(item.log_indexes.iter().all(|&log_index| log_index < town.log.len() as u64));
                prop_assert!(item.occasion != Occasion::Base || item.clause.is_some());
            }
        }
        let summary = models.month_summary(organization("s"), month).expect("known");
        prop_assert_eq!(summary.points.hundredths(), sum, "the street in {}", month);
        prop_assert_eq!(Some(summary), otherwise.month_summary(organization("s"), month));
    }
    Ok(())
}

/// Random months: stories of four each. More of them, or others, where the environment asks for it.
fn run(stories: u32, seed: u64) {
    let asked = Config::default();
    let rng_seed = match asked.rng_seed {
        RngSeed::Fixed(other) => RngSeed::Fixed(other ^ seed),
        RngSeed::Random => RngSeed::Random,
    };
    let config = Config {
        cases: stories.max(asked.cases),
        rng_seed,
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..asked
    };
    let oracle = Oracle::new();
    TestRunner::new(config)
        .run(&story(), |story| compare(&oracle, &story))
        .unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn both_implementations_say_the_same_of_five_thousand_random_months() {
    run(1_250, 1);
}

#[test]
fn both_implementations_say_the_same_of_another_five_thousand() {
    run(1_250, 2);
}
