//! Outcomes of a batch, written as NDJSON by hand: one line for each, without an allocation where all went well.

use super::chunks::Line;
use super::proposed::Fault;
use crate::http::Problem;
use crate::ledger::{Outcome, wording};
use crate::service::Warning;
use serde::Serialize;
use std::io::Write;

/// How many lines came to what.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Counts {
    pub(super) commands: u64,
    pub(super) recorded: u64,
    pub(super) repeated: u64,
    pub(super) rejected: u64,
    pub(super) malformed: u64,
    pub(super) withheld: u64,
}

/// What a batch came to, as far as it was worked off.
#[derive(Serialize)]
pub(super) struct Summary<'a> {
    pub(super) mode: &'static str,
    #[serde(flatten)]
    pub(super) counts: Counts,
    pub(super) tree_size: u64,
    pub(super) root_hash: String,
    pub(super) checkpoint: Option<&'a str>,
}

/// The last line. With a problem, the batch came to grief; what the lines before say holds all the same.
#[derive(Serialize)]
pub(super) struct Ended<'a> {
    pub(super) summary: Summary<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) problem: Option<&'a Problem>,
}

#[derive(Serialize)]
struct Refused<'a> {
    line: u64,
    outcome: &'static str,
    code: &'a str,
    detail: &'a str,
    detail_en: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

/// Appends a line for each of the chunk's lines. Outcomes are those of its commands; what is to be told with some of them stands by the place of the
/// command, in order.
pub(super) fn write(
    lines: &[(u64, Line)],
    outcomes: Vec<Outcome>,
    told: &[(usize, Vec<Warning>)],
    counts: &mut Counts,
    into: &mut Vec<u8>,
) {
    let mut outcomes = outcomes.into_iter().enumerate();
    let mut told = told.iter().peekable();
    for (number, line) in lines {
        counts.commands += 1;
        match line {
            Line::Command => {
                let (at, decided) = outcomes.next().map_or((usize::MAX, None), |(at, decided)| (at, Some(decided)));
                let warnings = told.next_if(|(of, _)| *of == at).map_or(&[][..], |(_, warnings)| warnings);
                outcome(*number, decided, warnings, counts, into);
            }
            Line::Refused(problem) => {
                counts.rejected += 1;
                let Problem { code, detail, detail_en, .. } = problem;
                json_line(into, &Refused { line: *number, outcome: "rejected", code, detail, detail_en, column: None });
            }
            Line::Malformed(fault) => malformed(*number, fault, counts, into),
        }
    }
}

fn outcome(line: u64, outcome: Option<Outcome>, warnings: &[Warning], counts: &mut Counts, into: &mut Vec<u8>) {
    let written = match outcome {
        Some(Outcome::Recorded { log_index, id }) => {
            counts.recorded += 1;
            write!(into, r#"{{"line":{line},"outcome":"recorded","log_index":{log_index},"id":"{id}"#)
                .and_then(|()| end_of_recorded(warnings, into))
        }
        Some(Outcome::Repeated { log_index, id }) => {
            counts.repeated += 1;
            write!(into, r#"{{"line":{line},"outcome":"repeated","log_index":{log_index},"id":"{id}"#)
                .and_then(|()| end_of_recorded(warnings, into))
        }
        Some(Outcome::Rejected(rejection)) => {
            counts.rejected += 1;
            let (detail, detail_en) = (wording::chinese(&rejection), wording::english(&rejection));
            let code = rejection.code();
            json_line(
                into,
                &Refused { line, outcome: "rejected", code, detail: &detail, detail_en: &detail_en, column: None },
            );
            Ok(())
        }
        Some(Outcome::Withheld) | None => {
            counts.withheld += 1;
            writeln!(into, r#"{{"line":{line},"outcome":"withheld"}}"#)
        }
    };
    written.expect("writing to memory");
}

fn end_of_recorded(warnings: &[Warning], into: &mut Vec<u8>) -> std::io::Result<()> {
    if warnings.is_empty() {
        return into.write_all(b"\"}\n");
    }
    into.write_all(br#"","warnings":"#)?;
    serde_json::to_writer(&mut *into, warnings)?;
    into.write_all(b"}\n")
}

fn malformed(line: u64, fault: &Fault, counts: &mut Counts, into: &mut Vec<u8>) {
    counts.malformed += 1;
    let Problem { code, detail, detail_en, .. } = fault.problem.as_ref();
    json_line(into, &Refused { line, outcome: "malformed", code, detail, detail_en, column: fault.column });
}

/// Appends a value as one line.
pub(super) fn json_line(into: &mut Vec<u8>, value: &impl Serialize) {
    serde_json::to_writer(&mut *into, value).expect("what is answered is JSON");
    into.push(b'\n');
}
