//! A notice as published against the notice that the entries give, figure by figure.

use super::verdict::FigureDifference;
use serde_json::Value;

/// So many differences are told one by one.
const TOLD_MAX: usize = 100;
/// A file that is longer than the notice by so much, and more than twice as long, isn't looked into: as values it would take several
/// gigabytes.
const LONGER_BYTES_MAX: usize = 1 << 20;

/// How many figures and texts a notice in canonical form holds.
pub(super) fn count(canonical: &[u8]) -> usize {
    let (mut figures, mut in_text, mut escaped) = (0, false, false);
    for (place, byte) in canonical.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b':' if !in_text && !matches!(canonical.get(place + 1), Some(b'{' | b'[')) => figures += 1,
            _ => {}
        }
    }
    figures
}

/// Every figure that differs, at most a hundred of them, and how many there are. A file that isn't JSON differs as a whole.
pub(super) fn differences(published: &[u8], recomputed: &[u8]) -> (Vec<FigureDifference>, usize) {
    if published == recomputed {
        return (Vec::new(), 0);
    }
    let mut found = Found::default();
    if published.len() > recomputed.len() * 2 + LONGER_BYTES_MAX {
        let bytes = |file: &[u8]| Some(format!("a file of {} bytes", file.len()));
        found.note("", bytes(published), bytes(recomputed));
        return (found.told, found.count);
    }
    let recomputed: Value = serde_json::from_slice(recomputed).expect("a notice is JSON");
    match serde_json::from_slice::<Value>(published) {
        Ok(published) => found.compare("", Some(&published), Some(&recomputed)),
        Err(fault) => found.note("", Some(format!("not JSON: {fault}")), Some("a notice".to_owned())),
    }
    if found.count == 0 {
        found.note("", Some("the same figures in another spelling".to_owned()), Some("canonical JSON".to_owned()));
    }
    (found.told, found.count)
}

#[derive(Default)]
struct Found {
    told: Vec<FigureDifference>,
    count: usize,
}

impl Found {
    fn note(&mut self, figure: &str, published: Option<String>, recomputed: Option<String>) {
        self.count += 1;
        if self.told.len() < TOLD_MAX {
            self.told.push(FigureDifference { figure: figure.to_owned(), published, recomputed });
        }
    }

    fn compare(&mut self, place: &str, published: Option<&Value>, recomputed: Option<&Value>) {
        match (published, recomputed) {
            (Some(Value::Object(a)), Some(Value::Object(b))) => {
                let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
                for key in keys {
                    let below = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
                    self.compare(&below, a.get(key), b.get(key));
                }
            }
            (Some(Value::Array(a)), Some(Value::Array(b))) => {
                for at in 0..a.len().max(b.len()) {
                    self.compare(&format!("{place}[{at}]"), a.get(at), b.get(at));
                }
            }
            (a, b) if a == b => {}
            (a, b) => self.note(place, a.map(short), b.map(short)),
        }
    }
}

/// A value in one line that can be read.
fn short(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text.chars().count() <= 80 { text } else { format!("{}…", text.chars().take(80).collect::<String>()) }
}

#[cfg(test)]
mod tests {
    use super::{count, differences};
    use crate::notice::samples;

    #[test]
    fn every_changed_figure_is_named_with_both_values() {
        let notice = samples::street();
        let mut changed = notice.clone();
        changed.due += 1;
        changed.members[3].rank = 99;
        changed.members.pop();
        let (told, count) = differences(&changed.canonical_json(), &notice.canonical_json());
        let figures: Vec<&str> = told.iter().map(|difference| difference.figure.as_str()).collect();
        assert_eq!((figures.as_slice(), count), (&["due", "members[3].rank", "members[59]"][..], 3));
        assert_eq!((told[0].published.as_deref(), told[0].recomputed.as_deref()), (Some("1029"), Some("1028")));
        assert_eq!(told[2].published, None);
    }

    #[test]
    fn another_spelling_of_the_same_figures_differs() {
        let notice = samples::street().canonical_json();
        let spaced = [b" ", notice.as_slice()].concat();
        assert_eq!(differences(&spaced, &notice).1, 1);
        assert_eq!(differences(b"{", &notice).1, 1);
        assert_eq!(differences(&notice, &notice), (Vec::new(), 0));
    }

    #[test]
    fn what_is_far_longer_than_a_notice_differs_as_a_whole() {
        let notice = samples::street().canonical_json();
        let figures = |count: usize| format!("[{}0]", "0,".repeat(count)).into_bytes();
        let (told, count) = differences(&figures(4 << 20), &notice);
        assert_eq!((told[0].published.as_deref(), count), (Some("a file of 8388611 bytes"), 1));
        assert!(differences(&figures(50), &notice).0[0].published.as_deref().is_some_and(|told| told.starts_with('[')));
    }

    #[test]
    fn figures_are_counted_and_texts_may_hold_colons() {
        assert_eq!(count(br#"{"a":1,"b":{"c":"x:\":y","d":[{"e":null}]}}"#), 3);
    }
}
