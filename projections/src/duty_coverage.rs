//! Duty coverage (值守): on how many legal working days enough members served in each community.

use crate::intern::NONE;
use crate::models::ReadModels;
use crate::rates::Rate;
use crate::span::month_cutoff;
use jiff::civil::Date;
use mingzhang_events::{CalendarMissing, Month, OrganizationId, OrganizationLevel, day_number};
use serde::Serialize;
use std::collections::BTreeSet;

/// One community's month of duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DutyPlace {
    /// Which.
    pub organization: OrganizationId,
    /// Its name at the last moment of the month.
    pub name: String,
    /// Days for which anybody was rostered.
    pub days_rostered: u32,
    /// Working days on which enough members served.
    pub days_covered: u32,
    /// The working days on which too few did.
    pub uncovered: Vec<Date>,
}

/// The duty of all communities of an organisation in a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DutyCoverage {
    /// How many members a working day needs, by the rules in force (2 without rules).
    pub members_per_working_day: u8,
    /// The legal working days of the month.
    pub working_days: u32,
    /// Covered days ÷ working days, of all communities together.
    pub rate: Rate,
    /// The communities by code, and other organisations for which duty was served or rostered outside any community.
    pub places: Vec<DutyPlace>,
}

impl ReadModels {
    /// Duty coverage of an organisation in a month. None for an unknown organisation. An error where the State Council's
    /// holidays of that year aren't known: working days are never guessed.
    pub fn duty_coverage(
        &self,
        organization: OrganizationId,
        month: Month,
    ) -> Option<Result<DutyCoverage, CalendarMissing>> {
        let number = self.organization_number(organization)?;
        Some(self.rules.calendar().working_days(month).map(|days| self.coverage(number, month, &days)))
    }

    fn coverage(&self, organization: u32, month: Month, days: &[Date]) -> DutyCoverage {
        let figures = self.figures(month);
        let at = month_cutoff(month);
        let needed = self.rules.in_force(month).map_or(2, |compiled| compiled.rules.duty_members_per_working_day());
        let rostered_between = day_number(month.first_day())..day_number(month.last_day()) + 1;
        let rostered: BTreeSet<(u32, u32)> = (self.duty.between(rostered_between.start, rostered_between.end))
            .map(|(day, of, _)| (self.duty_place(&figures.tree, of), day))
            .collect();
        let is_place = |of: u32| {
            let community =
                self.organizations.level(of) == OrganizationLevel::Community && self.organizations.exists(of, at);
            let any_rostered = rostered.range((of, 0)..=(of, NONE)).next().is_some();
            community || any_rostered || rostered_between.clone().any(|day| figures.duty_served(of, day) > 0)
        };
        let mut places: Vec<DutyPlace> = (figures.tree.part(organization).iter())
            .filter(|&&of| is_place(of))
            .map(|&of| {
                let covered = |day: &Date| figures.duty_served(of, day_number(*day)) >= u32::from(needed);
                let uncovered: Vec<Date> = days.iter().copied().filter(|day| !covered(day)).collect();
                DutyPlace {
                    organization: self.organizations.id(of),
                    name: self.organizations.name(of, at).to_owned(),
                    days_rostered: count(rostered.range((of, 0)..=(of, NONE)).count()),
                    days_covered: count(days.len() - uncovered.len()),
                    uncovered,
                }
            })
            .collect();
        places.sort_by_key(|place| place.organization);
        let covered = places.iter().map(|place| place.days_covered).sum();
        let expected = count(places.len() * days.len());
        DutyCoverage {
            members_per_working_day: needed,
            working_days: count(days.len()),
            rate: Rate::new(covered, expected, 0),
            places,
        }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
