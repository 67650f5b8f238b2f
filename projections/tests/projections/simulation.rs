//! What other rules would have made of past months.

use crate::story::{Story, month, points};
use mingzhang_projections::parse_rules;

/// Service by the hour at one point; bands of the points of the year, from `passes` points on.
fn rules(passes: u32) -> String {
    format!(
        "title = \"t\"\nversion = \"v{passes}\"\neffective_from = \"2026-01\"\nreview_required_for = []\n\
         [[items]]\nclause = \"1\"\nname = \"服务\"\nkind = \"service\"\nper = \"hour\"\npoints = \"1\"\n\
         [assessment]\nparts = [{{ of = \"year_points\", percent = 100 }}]\n\
         [[assessment.bands]]\nclause = \"8\"\nname = \"合格\"\npoints_from = \"{passes}\"\n"
    )
}

#[test]
fn who_did_nothing_in_the_simulated_month_is_still_in_the_bands_of_the_year() {
    let mut story = Story::street();
    story.adopt(&rules(10)).roster_many(3, "b1");
    story.service(1, "2026-02-01 09:00", 360);
    let simulated = story.models().simulate(&parse_rules(&rules(5)).expect("rules"), month("2026-11"), 1);
    let bands: Vec<_> =
        simulated.bands.iter().map(|of| (of.before.as_deref(), of.after.as_deref(), of.members)).collect();
    assert_eq!(bands, [(None, Some("合格"), 1)]);
    assert_eq!(simulated.members, 0, "with points or facts in November");
    let february = story.models().simulate(&parse_rules(&rules(5)).expect("rules"), month("2026-02"), 1);
    assert_eq!((february.members, february.months[0].before), (1, points("6")));
}

#[test]
fn with_base_points_those_are_counted_who_have_some() {
    let base = |points: u32| {
        let clause = "[[base]]\nclause = \"9\"\nname = \"基础分\"\neach = \"month\"\n";
        format!("{}{clause}points = \"{points}\"\n", rules(10))
    };
    let mut story = Story::street();
    story.adopt(&base(1)).roster_many(3, "b1");
    story.at("2026-05-02 09:00").roster(9, "b1");
    let simulated = |of: &str| story.models().simulate(&parse_rules(&base(2)).expect("rules"), month(of), 1);
    assert_eq!((simulated("2026-04").members, simulated("2026-05").members), (3, 4));
}
