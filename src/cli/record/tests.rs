//! The table of facts against the stored types: none missing, none misspelt.

use super::fact::{FACTS, Fact};
use super::value::{Lookup, NotRead};
use super::{Args, FromArgMatches, Options, key_of, read_data, read_fields};
use mingzhang_events::{ActivityId, Event, HouseholdId, MemberId};
use serde_json::Value as Json;
use std::collections::BTreeSet;

struct Anything;

impl Lookup for Anything {
    fn member(&mut self, _: &str) -> Result<Json, NotRead> {
        Ok(Json::from(MemberId(1).to_string()))
    }
    fn activity(&mut self, _: &str) -> Result<Json, NotRead> {
        Ok(Json::from(ActivityId(1).to_string()))
    }
    fn household(&mut self, _: &str) -> Result<Json, NotRead> {
        Ok(Json::from(HouseholdId(1).to_string()))
    }
}

fn parse(arguments: &str) -> Options {
    let command = Options::augment_args(clap::Command::new("record"));
    let words = std::iter::once("record".to_owned()).chain(words(arguments));
    let matches = command.try_get_matches_from(words).unwrap_or_else(|error| panic!("{arguments}: {error}"));
    Options::from_arg_matches(&matches).unwrap()
}

/// Splits as a shell does that knows single quotes only.
fn words(text: &str) -> Vec<String> {
    let odd = |(at, part): (usize, &str)| -> Vec<String> {
        if at % 2 == 1 { vec![part.to_owned()] } else { part.split_whitespace().map(str::to_owned).collect() }
    };
    text.split('\'').enumerate().flat_map(odd).collect()
}

fn friendly() -> impl Iterator<Item = &'static Fact> {
    FACTS.iter().filter(|fact| !fact.fields.is_empty())
}

#[test]
fn every_stored_type_has_a_name_of_its_own() {
    let types: Vec<&str> = FACTS.iter().map(|fact| fact.stored_type).collect();
    assert_eq!(types, Event::STORED_TYPES);
    let names: BTreeSet<String> = FACTS.iter().map(Fact::name).collect();
    assert_eq!(names.len(), FACTS.len());
    for name in ["check-in", "home-visit", "activity", "sign-up-withdrawn", "member-rostered", "organization"] {
        assert!(names.contains(name), "{name} is not among {names:?}");
    }
}

#[test]
fn every_example_is_understood() {
    for fact in friendly() {
        let options = parse(&format!("{} {}", fact.name(), fact.example));
        let event = read_fields(options.fact, &options.given, &mut Anything);
        let event = event.unwrap_or_else(|failure| panic!("{}: {failure:?}", fact.name()));
        assert_eq!(event.stored_type(), fact.stored_type);
    }
}

#[test]
fn the_fields_are_those_of_the_stored_type() {
    let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/events");
    for fact in friendly() {
        let entry = std::fs::read(fixtures.join(format!("{}.json", fact.stored_type))).unwrap();
        let entry: Json = serde_json::from_slice(&entry).unwrap();
        let stored: BTreeSet<&str> = entry["data"].as_object().unwrap().keys().map(String::as_str).collect();
        let required: BTreeSet<&str> =
            fact.fields.iter().filter(|field| field.required).map(|field| field.name).collect();
        let all: BTreeSet<&str> = fact.fields.iter().map(|field| field.name).collect();
        assert!(required.is_subset(&stored), "{}: {required:?} of {stored:?}", fact.stored_type);
        assert!(stored.is_subset(&all), "{}: {stored:?} of {all:?}", fact.stored_type);
    }
}

#[test]
fn a_stored_type_and_json_do_the_same_as_options() {
    let options = parse(
        "mingzhang.duty.rostered.v1 --data '{\"date\":\"2026-10-08\",\"member\":\"m0000000000001\",\"organization\":\"420902001001\"}'",
    );
    let from_json = read_data(options.fact, options.data.as_deref().unwrap()).unwrap();
    let options = parse("duty-rostered --member 1001 --organization 420902001001 --date 2026年10月8日");
    assert_eq!(from_json, read_fields(options.fact, &options.given, &mut Anything).unwrap());
}

#[test]
fn a_wrong_value_is_named_with_its_option() {
    let options = parse("home-visit --member 1001 --household H-07 --minutes 1441");
    let failure = read_fields(options.fact, &options.given, &mut Anything).unwrap_err();
    assert!(failure.told().wrong.english.contains("--minutes"), "{failure:?}");
}

#[test]
fn a_fact_of_now_and_a_correction_have_a_new_key_each_time_and_one_of_then_has_that_of_its_content() {
    let at = "2026-10-03T11:30:00Z".parse().unwrap();
    for fact in friendly() {
        let options = parse(&format!("{} {}", fact.name(), fact.example));
        let event = read_fields(options.fact, &options.given, &mut Anything).unwrap();
        let again = |said_at| key_of(fact, &event, said_at).unwrap() == key_of(fact, &event, said_at).unwrap();
        assert!(!again(None), "{}", fact.name());
        assert_eq!(again(Some(at)), fact.name() != "record-corrected", "{}", fact.name());
    }
}
