//! What a witness counts, in the text format of Prometheus. Labelled with origins from the configuration, never with what was sent.

use super::Answer;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Statuses that a request can be answered with.
const ANSWERS: [u16; 7] = [200, 400, 403, 404, 409, 422, 500];

/// The counters of one witness.
#[derive(Default)]
pub(super) struct Measure {
    answers: [AtomicU64; ANSWERS.len()],
    evidence: AtomicU64,
    sizes: Mutex<BTreeMap<String, u64>>,
}

impl Measure {
    /// Counts an answer; none if there was a failure.
    pub(super) fn count(&self, answer: Option<&Answer>) {
        let http = answer.map_or(500, Answer::http_code);
        if let Some(place) = ANSWERS.iter().position(|known| *known == http) {
            self.answers[place].fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn evidence(&self) {
        self.evidence.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn cosigned(&self, origin: &str, size: u64) {
        let mut sizes = self.sizes.lock().unwrap_or_else(PoisonError::into_inner);
        sizes.insert(origin.to_owned(), size);
    }

    /// What stands at `/metrics`.
    pub(super) fn render(&self) -> String {
        let mut text = String::from(
            "# HELP mingzhang_witness_answers_total Answers to add-checkpoint.\n# TYPE mingzhang_witness_answers_total counter\n",
        );
        for (http, count) in ANSWERS.iter().zip(&self.answers) {
            let count = count.load(Ordering::Relaxed);
            writeln!(text, "mingzhang_witness_answers_total{{code=\"{http}\"}} {count}").expect("writing to memory");
        }
        let evidence = self.evidence.load(Ordering::Relaxed);
        text.push_str("# HELP mingzhang_witness_evidence_total Contradictions kept since the start.\n# TYPE mingzhang_witness_evidence_total counter\n");
        writeln!(text, "mingzhang_witness_evidence_total {evidence}").expect("writing to memory");
        text.push_str("# HELP mingzhang_witness_cosigned_size Tree size cosigned last since the start.\n# TYPE mingzhang_witness_cosigned_size gauge\n");
        for (origin, size) in self.sizes.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let origin = origin.replace('\\', "\\\\").replace('"', "\\\"");
            writeln!(text, "mingzhang_witness_cosigned_size{{origin=\"{origin}\"}} {size}").expect("writing to memory");
        }
        text
    }
}
