//! Properties of the stored bytes, over random events of every type.

#[path = "../../tests/support/random_events.rs"]
mod random_events;

use mingzhang_events::{
    AwardClause, DecodeError, ENTRY_BYTES_MAX, EncodeError, Event, Points, RecordedEvent, ScoringRulesAdopted, decode,
    decode_canonical, decode_data, encode, encode_data,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use random_events::{every_type, recorded_event};

const ORIGIN: &str = "ledger.example/shuyuan";

fn entry_of(event: &RecordedEvent) -> Vec<u8> {
    let mut entry = Vec::new();
    let length = encode(event, ORIGIN, &mut entry).expect("a random event fits an entry");
    assert_eq!(length, entry.len());
    entry
}

/// One event of every stored type, the same in every run.
fn one_of_each() -> Vec<RecordedEvent> {
    let mut runner = TestRunner::deterministic();
    let mut sample = |strategy: BoxedStrategy<Event>| {
        let event = strategy.new_tree(&mut runner).expect("a sample").current();
        RecordedEvent { event, ..recorded_event().new_tree(&mut runner).expect("a sample").current() }
    };
    every_type().into_iter().map(&mut sample).collect()
}

#[test]
fn there_is_a_random_event_of_every_stored_type() {
    let types: Vec<_> = one_of_each().iter().map(|event| event.event.stored_type()).collect();
    assert_eq!(types, Event::STORED_TYPES, "tests/support/random_events.rs: one strategy for each type, in order");
}

proptest! {
    #![proptest_config(Config::with_cases(2_000))]

    #[test]
    fn what_is_encoded_decodes_to_the_same_event(event in recorded_event()) {
        let entry = entry_of(&event);
        prop_assert!(entry.len() <= ENTRY_BYTES_MAX);
        prop_assert_eq!(&decode(&entry).expect("decodes"), &event);
        prop_assert_eq!(&decode_canonical(&entry, ORIGIN).expect("decodes"), &event);
    }

    #[test]
    fn an_entry_is_canonical_to_another_implementation_of_rfc_8785(event in recorded_event()) {
        let entry = entry_of(&event);
        let value: serde_json::Value = serde_json::from_slice(&entry).expect("JSON");
        let canonical = serde_json_canonicalizer::to_string(&value).expect("canonical JSON");
        prop_assert_eq!(std::str::from_utf8(&entry).expect("UTF-8"), canonical);
    }

    #[test]
    fn data_alone_decodes_to_the_same_fact(event in recorded_event()) {
        let data = encode_data(&event.event).expect("encodes");
        prop_assert_eq!(decode_data(event.event.stored_type(), &data).expect("decodes"), event.event);
    }

    #[test]
    fn a_changed_byte_never_passes_for_the_same_entry(event in recorded_event(), at in any::<prop::sample::Index>(), flip in 1..=255_u8) {
        let mut entry = entry_of(&event);
        let at = at.index(entry.len());
        entry[at] ^= flip;
        // It may be another event, or none; if it is one, its bytes are the only ones of that event.
        if let Ok(other) = decode_canonical(&entry, ORIGIN) {
            prop_assert_ne!(&other, &event);
            prop_assert_eq!(entry_of(&other), entry);
        }
    }
}

#[test]
fn the_canonical_reader_refuses_every_other_spelling() {
    for event in one_of_each() {
        let entry = String::from_utf8(entry_of(&event)).expect("UTF-8");
        let respelled = [
            ("a space", entry.replacen("\"data\":", "\"data\": ", 1)),
            ("an escape", entry.replacen(":\"1.0\"", ":\"\\u0031.0\"", 1)),
            ("other order", {
                let middle = ",\"specversion\":\"1.0\"";
                entry.replacen(middle, "", 1).replacen("{\"data\"", "{\"specversion\":\"1.0\",\"data\"", 1)
            }),
        ];
        for (what, other) in respelled {
            assert_ne!(other, entry);
            assert_eq!(decode(other.as_bytes()).expect("an event all the same"), event);
            assert!(
                matches!(decode_canonical(other.as_bytes(), ORIGIN), Err(DecodeError::NotCanonical { .. })),
                "{what}: {other}"
            );
        }
        assert!(matches!(
            decode_canonical(entry.as_bytes(), "another.example/ledger"),
            Err(DecodeError::NotCanonical { .. })
        ));
    }
}

#[test]
fn an_unknown_field_is_refused_in_the_envelope_and_in_the_data_of_every_type() {
    for event in one_of_each() {
        let entry = String::from_utf8(entry_of(&event)).expect("UTF-8");
        let in_data = entry.replacen("{\"data\":{", "{\"data\":{\"aaaa\":1,", 1);
        let in_envelope = entry.replacen("{\"data\":{", "{\"aaaa\":1,\"data\":{", 1);
        let twice = entry.replacen(",\"specversion\":\"1.0\"", ",\"specversion\":\"1.0\",\"specversion\":\"1.0\"", 1);
        for other in [in_data, in_envelope, twice] {
            assert_ne!(other, entry);
            assert!(matches!(decode(other.as_bytes()), Err(DecodeError::Json(_))), "{other}");
        }
    }
}

#[test]
fn a_truncated_or_prolonged_entry_is_refused() {
    for event in one_of_each() {
        let entry = entry_of(&event);
        for length in 0..entry.len() {
            assert!(decode(&entry[..length]).is_err(), "the first {length} bytes of {}", event.event.stored_type());
        }
        for junk in ["x", " ", "\n", "\0", "{}", ",\"type\":\"x\"}"] {
            let longer = [&entry, junk.as_bytes()].concat();
            assert!(decode(&longer).is_err(), "{junk:?} after {}", event.event.stored_type());
        }
    }
}

#[test]
fn an_unknown_type_is_named_in_the_refusal() {
    let event = one_of_each().swap_remove(0);
    let stored_type = event.event.stored_type();
    let entry = String::from_utf8(entry_of(&event)).expect("UTF-8").replace(stored_type, "mingzhang.none.v1");
    assert!(matches!(decode(entry.as_bytes()), Err(DecodeError::UnknownType(name)) if name == "mingzhang.none.v1"));
    assert!(matches!(decode_data("mingzhang.none.v1", "{}"), Err(DecodeError::UnknownType(_))));
    assert!(matches!(decode(b""), Err(DecodeError::NoType)));
    assert!(matches!(decode(b"{}"), Err(DecodeError::NoType)));
}

#[test]
fn a_type_name_inside_the_data_is_not_taken_for_the_type() {
    let entry = br#"{"time":"x","data":{"a":"b","type":"mingzhang.member.left.v1"}}"#;
    assert!(matches!(decode(entry), Err(DecodeError::NoType)));
    let escaped = br#"{"data":{},"source":",\"type\":\"mingzhang.member.left.v1"}"#;
    assert!(matches!(decode(escaped), Err(DecodeError::NoType)));
}

/// An adoption of rules whose entry is longer by one byte for each character of padding.
fn rules_padded_by(characters: usize) -> RecordedEvent {
    let is_rules = |event: &RecordedEvent| matches!(event.event, Event::ScoringRulesAdopted(_));
    let event = one_of_each().into_iter().find(is_rules).expect("one of each type");
    let Event::ScoringRulesAdopted(ScoringRulesAdopted { mut rules }) = event.event.clone() else { unreachable!() };
    let clause = "9".parse().expect("a clause");
    rules.awards = vec![AwardClause {
        caps: None,
        clause,
        group: None,
        name: "a".repeat(characters),
        only: None,
        points_max: Points::ZERO,
    }];
    RecordedEvent { event: ScoringRulesAdopted { rules }.into(), ..event }
}

#[test]
fn an_entry_of_65_535_bytes_is_accepted_and_one_byte_more_is_refused() {
    let padding = ENTRY_BYTES_MAX - entry_of(&rules_padded_by(0)).len();
    let longest = rules_padded_by(padding);
    assert_eq!(entry_of(&longest).len(), ENTRY_BYTES_MAX);
    assert_eq!(decode(&entry_of(&longest)).expect("decodes"), longest);

    let mut kept = b"what was there before".to_vec();
    let refused = encode(&rules_padded_by(padding + 1), ORIGIN, &mut kept);
    assert!(matches!(refused, Err(EncodeError::TooLong(length)) if length == ENTRY_BYTES_MAX + 1));
    assert_eq!(kept, b"what was there before");
}

#[test]
fn what_canonical_json_cannot_hold_is_neither_written_nor_read() {
    let notice = |tree_size: u64| {
        format!(
            r#"{{"digest":"","month":"2026-10","number":"1","organization":"420902001","root_hash":"","tree_size":{tree_size}}}"#
        )
    };
    let read = |tree_size| decode_data("mingzhang.notice.issued.v1", &notice(tree_size));
    let Ok(Event::NoticeIssued(mut largest)) = read((1 << 53) - 1) else { panic!("2^53 − 1 is read") };
    assert!(read(1 << 53).is_err());
    assert!(encode_data(&Event::NoticeIssued(largest.clone())).is_ok());
    largest.tree_size += 1;
    assert!(encode_data(&Event::NoticeIssued(largest)).is_err());
}

#[test]
fn a_date_outside_2000_to_2199_is_neither_written_nor_read() {
    let rostered = |date: &str| {
        let data = format!(r#"{{"date":"{date}","member":"m0000000000001","organization":"420902001"}}"#);
        decode_data("mingzhang.duty.rostered.v1", &data)
    };
    let Ok(Event::DutyRostered(mut last)) = rostered("2199-12-31") else { panic!("the last day is read") };
    assert!(rostered("2200-01-01").is_err());
    assert!(rostered("20261003").is_err());
    last.date = last.date.tomorrow().expect("a date");
    assert!(encode_data(&Event::DutyRostered(last)).is_err());
    let null_end = r#"{"member":"m0000000000001","reason":"age","until":null}"#;
    assert!(decode_data("mingzhang.member.exempted.v1", null_end).is_err(), "without an end is absent, never null");
}

#[test]
fn an_entry_that_is_no_text_is_refused_as_such() {
    let entry = b"{\"data\":{\"a\":\"\xff\"},\"type\":\"mingzhang.member.left.v1\"}";
    assert!(matches!(decode(entry), Err(DecodeError::NotText(_))));
}
