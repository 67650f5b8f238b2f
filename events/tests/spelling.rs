//! Ids, codes, points, months and closed lists have one spelling, and refuse what isn't one.

use mingzhang_events::{
    ActivityId, ActivityKind, ActorId, ClauseId, EventId, Evidence, HouseholdId, IdError, Instant, MemberId, Month,
    OrganizationId, Points, RulesVersion, date_from_days, day_number,
};
use proptest::prelude::*;
use std::fmt::{Debug, Display};
use std::str::FromStr;

fn reads_back<T: FromStr + Display + PartialEq + Debug>(value: T) -> bool
where
    T::Err: Debug,
{
    value.to_string().parse::<T>().expect("what is printed is read") == value
}

proptest! {
    #[test]
    fn ids_read_back_what_they_print(short in any::<u64>(), long in any::<u128>()) {
        prop_assert!(reads_back(MemberId(short)) && reads_back(HouseholdId(short)));
        prop_assert!(reads_back(ActivityId(short)) && reads_back(EventId(long)));
    }

    #[test]
    fn ids_sort_like_their_text(left in any::<u128>(), right in any::<u128>()) {
        let (left, right) = (EventId(left), EventId(right));
        prop_assert_eq!(left.cmp(&right), left.to_string().cmp(&right.to_string()));
    }

    #[test]
    fn a_text_that_is_read_as_an_id_is_the_one_that_the_id_prints(text in "[mahe][0-9a-z]{12,14}|e[0-9a-z]{25,27}|\\PC*") {
        fn one_spelling<T: FromStr + Display>(text: &str) -> bool {
            text.parse::<T>().is_ok_and(|id| id.to_string() != text)
        }
        prop_assert!(!one_spelling::<MemberId>(&text) && !one_spelling::<HouseholdId>(&text));
        prop_assert!(!one_spelling::<ActivityId>(&text) && !one_spelling::<EventId>(&text));
        prop_assert!(!one_spelling::<OrganizationId>(&text) && !one_spelling::<ActorId>(&text));
        prop_assert!(!one_spelling::<ClauseId>(&text) && !one_spelling::<RulesVersion>(&text));
    }

    #[test]
    fn codes_sort_like_their_text(left in "[0-9A-Za-z][0-9A-Za-z._-]{0,30}", right in "[0-9A-Za-z][0-9A-Za-z._-]{0,30}") {
        let code = |text: &str| text.parse::<OrganizationId>().expect("a code");
        prop_assert!(reads_back(code(&left)));
        prop_assert_eq!(code(&left).cmp(&code(&right)), left.cmp(&right));
    }

    #[test]
    fn points_read_back_what_they_print(hundredths in any::<i64>()) {
        let points = Points::from_hundredths(hundredths);
        prop_assert!(reads_back(points));
        prop_assert_eq!(points.to_string().split_once('.').map(|(_, places)| places.len()), Some(2));
    }

    #[test]
    fn instants_and_months_read_back_what_they_print(seconds in 946_684_800..=7_258_118_399_i64, number in 24_000..26_400_u16) {
        prop_assert!(reads_back(Instant::from_unix_seconds(seconds).expect("in range")));
        prop_assert!(reads_back(Month::from_number(number).expect("in range")));
    }

    #[test]
    fn an_instant_lies_in_its_month(seconds in 946_684_800..=7_258_089_599_i64) {
        let instant = Instant::from_unix_seconds(seconds).expect("in range");
        let month = instant.month();
        prop_assert!(month.start().is_ok_and(|start| start <= instant) || month.to_string() == "2000-01");
        prop_assert!(month.end().is_ok_and(|end| instant < end) || month.to_string() == "2199-12");
        prop_assert_eq!(month.next().previous(), month);
        prop_assert_eq!(date_from_days(i64::from(instant.local_day())), instant.local_date());
        prop_assert_eq!(day_number(instant.local_date()), instant.local_day());
    }
}

#[test]
fn the_largest_and_smallest_values_read_back() {
    for hundredths in [i64::MIN, -100, -99, -1, 0, 1, 99, 100, i64::MAX] {
        assert!(reads_back(Points::from_hundredths(hundredths)));
    }
    assert!(reads_back(MemberId(u64::MAX)) && reads_back(EventId(u128::MAX)));
    assert_eq!(MemberId(u64::MAX).to_string(), "mfzzzzzzzzzzzz");
    assert_eq!(EventId(u128::MAX).to_string(), "e7zzzzzzzzzzzzzzzzzzzzzzzzz");
}

fn refuses<T: FromStr<Err = IdError> + Debug>(texts: &[&str]) {
    for text in texts {
        assert!(text.parse::<T>().is_err(), "{text:?}");
    }
}

#[test]
fn ids_refuse_junk() {
    let one_above_64_bits = "mg000000000000";
    let other_case = "m000000000000A";
    let misread_letter = "m000000000000o";
    let other_kind = "h0000000000000";
    refuses::<MemberId>(&[
        one_above_64_bits,
        other_case,
        misread_letter,
        other_kind,
        "",
        "m",
        "m000000000000",
        "m00000000000000",
        " m0000000000000",
        "M0000000000000",
        "m00000000000é",
    ]);
    let one_above_128_bits = "e80000000000000000000000000";
    refuses::<EventId>(&[one_above_128_bits, "ezzzzzzzzzzzzzzzzzzzzzzzzzz", "e0", "0000000000000000000000000000"]);
}

#[test]
fn codes_refuse_what_could_be_a_path_an_option_or_markup() {
    let too_long = "1".repeat(32);
    let refused =
        ["", ".", "..", "../x", "-rf", "_x", "a/b", "a\\b", "a b", "a\n", "a\0", "\"", "<b>", "社区", &too_long];
    refuses::<OrganizationId>(&refused);
    refuses::<ActorId>(&refused);
    refuses::<ClauseId>(&refused);
    refuses::<RulesVersion>(&refused);
    assert!("1".repeat(31).parse::<OrganizationId>().is_ok());
}

#[test]
fn points_accept_what_people_write_and_refuse_the_rest() {
    for (text, hundredths) in [("2", 200), ("1.5", 150), ("-0.25", -25), ("0.05", 5), ("-0", 0), ("007.00", 700)] {
        assert_eq!(text.parse::<Points>().map(Points::hundredths), Ok(hundredths), "{text}");
    }
    for refused in [
        "",
        "-",
        ".",
        ".5",
        "5.",
        "1.005",
        "1.5.0",
        "+1",
        "--1",
        "1e3",
        "1,5",
        " 1",
        "1 ",
        "٣",
        "１",
        "NaN",
        "0x1",
        "-.5",
        "92233720368547758.08",
        "-92233720368547758.09",
        "99999999999999999999999999",
    ] {
        assert!(refused.parse::<Points>().is_err(), "{refused:?}");
    }
}

#[test]
fn months_refuse_junk() {
    for refused in [
        "",
        "2026",
        "2026-1",
        "2026-13",
        "2026-00",
        "1999-12",
        "2200-01",
        "2026/10",
        "２０２６-10",
        "02026-10",
        "2026-10-",
    ] {
        assert!(refused.parse::<Month>().is_err(), "{refused:?}");
    }
}

#[test]
fn a_local_time_of_day_ends_at_23_59_59() {
    let date = date_from_days(20_729);
    assert_eq!(date.to_string(), "2026-10-03");
    assert_eq!(Instant::from_local(date, 23, 59, 59).expect("a time").to_string(), "2026-10-03T15:59:59Z");
    for (hour, minute, second) in [(24, 0, 0), (23, 60, 0), (23, 59, 60), (255, 255, 255)] {
        assert!(Instant::from_local(date, hour, minute, second).is_err(), "{hour}:{minute}:{second}");
    }
}

#[test]
fn words_outside_a_closed_list_are_refused_and_the_list_is_named() {
    let refused = "night-patrol".parse::<ActivityKind>().expect_err("not the stored spelling");
    assert_eq!(
        refused.to_string(),
        "\"night-patrol\" is not one of: night_patrol, home_visit, meeting, duty, service, training, mobilization"
    );
    assert!(Evidence::ALL.iter().all(|&evidence| reads_back(evidence)));
}
