//! A plausible month, or several: real divisions, synthetic members, and what they would have done. Pure and seeded.
//!
//! It may not read a clock, a file or a ledger. Invariants: the same options give the same commands, byte for byte; batches
//! come in the order in which they are recorded; and the ledger refuses none of them.

mod agenda;
mod cast;
mod day;
mod divisions;
mod founding;
mod names;
mod random;
mod reorganization;
mod review;
mod service;
mod story;

use crate::identity::Actor;
use crate::import::NamedMember;
use crate::ledger::Command;
use agenda::Agenda;
use cast::Cast;
use day::Calendar;
use divisions::Divisions;
use jiff::civil::Date;
use mingzhang_events::{Instant, Month, OrganizationId, ScoringRules, day_number};
use std::sync::Arc;
use story::Story;

/// Days between planning something and its day.
const LEAD_DAYS: u32 = 3;
/// Days from the ledger's first entry to the first month.
const FOUNDING_DAYS: u32 = 10;
/// The day of the following month on which a month is closed.
const CLOSING_DAY: u32 = 4;

/// What the demo is about.
#[derive(Debug, Clone)]
pub struct Options {
    /// A city, county, street or community of Xiaogan, Dazhou or Yinchuan, by its statistical division code.
    pub division: OrganizationId,
    /// How many members.
    pub members: u32,
    /// How many months, each of which is closed, 1 to 60.
    pub months: u8,
    /// The last of them, 2012 to 2198.
    pub last_month: Month,
    /// What makes one demo differ from another.
    pub seed: u64,
    /// The rules that score it. They come into force with the first month at the latest.
    pub rules: ScoringRules,
    /// Whether people work on a day.
    pub working_day: fn(Date) -> bool,
}

impl Options {
    /// October 2026 in 书院街道 of Xiaogan, with 2,000 members.
    pub fn new(rules: ScoringRules, working_day: fn(Date) -> bool) -> Options {
        Options {
            division: "420902001".parse().expect("a division code"),
            members: 2_000,
            months: 1,
            last_month: "2026-10".parse().expect("a month"),
            seed: 2_026,
            rules,
            working_day,
        }
    }
}

/// Why there is no demo of that.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DemoError {
    /// Not a division of the three cities.
    #[error(
        "no division {0} is built in: choose 4209 (孝感市), 5117 (达州市), 6401 (银川市) or a county, street or community of theirs"
    )]
    UnknownDivision(OrganizationId),
    /// A number is out of its range.
    #[error("planning the demo: {0}")]
    OutOfRange(&'static str),
}

/// Commands that one actor submits at one instant.
#[derive(Debug, Clone)]
pub struct DemoBatch {
    /// When: the clock is to show it while they are recorded. Never earlier than that of the batch before.
    pub recorded_at: Instant,
    /// Who: pseudonym and roles. The prefix of the id tells the office: o 管理员, w 经办人, s 现场扫码, r 审核人, p 发布人.
    pub actor: Arc<Actor>,
    /// What, in order.
    pub commands: Vec<Command>,
    /// What the actor has composed and recorded right after them.
    pub document: Option<Document>,
}

/// A document whose digest only the ledger knows: whoever plays the plan composes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// 公示: the draft of a month.
    Disclosure {
        /// The month.
        month: Month,
        /// How long.
        working_days: u8,
    },
    /// 通报: the first of a month.
    Notice {
        /// The month.
        month: Month,
    },
    /// 更正通报: in the place of the month's first.
    SupersedingNotice {
        /// The month.
        month: Month,
    },
}

/// A demo: its batches day by day. An item is everything that is recorded on one day.
#[derive(Debug)]
pub struct Plan {
    options: Options,
    cast: Cast,
    calendar: Calendar,
    agenda: Agenda,
    /// How many activities there are so far.
    activities: u64,
    /// The last month in which a record was reversed: each has one at least.
    reversed_in: Option<Month>,
    /// The last month in which a record was chosen that is corrected after the close.
    corrected_late_in: Option<Month>,
    /// What happens to the last month; none where the legal calendar of the days after it isn't known.
    story: Option<Story>,
    /// Day numbers since 1970, local.
    today: u32,
    last_day: u32,
}

/// Plans a demo.
pub fn plan(options: &Options) -> Result<Plan, DemoError> {
    let in_range = |fits: bool, what| if fits { Ok(()) } else { Err(DemoError::OutOfRange(what)) };
    in_range((1..=10_000_000).contains(&options.members), "members: 1 to 10,000,000")?;
    in_range((1..=60).contains(&options.months), "months: 1 to 60")?;
    in_range((2012..=2198).contains(&options.last_month.year()), "the last month: 2012 to 2198")?;
    let divisions = Divisions::of(options.division).ok_or(DemoError::UnknownDivision(options.division))?;

    let mut months = vec![options.last_month];
    while months.len() < usize::from(options.months) {
        months.push(months[months.len() - 1].previous());
    }
    months.reverse();
    let first_day = day_number(months[0].first_day());
    let story = Story::of(options.last_month, &options.rules);
    let closed = day_number(options.last_month.last_day()) + CLOSING_DAY;
    let mut plan = Plan {
        options: options.clone(),
        cast: Cast::new(&divisions, options.members, options.seed),
        agenda: Agenda::new(options.seed),
        activities: 0,
        reversed_in: None,
        corrected_late_in: None,
        today: first_day - FOUNDING_DAYS,
        last_day: story.as_ref().map_or(closed, Story::last_day),
        story,
        calendar: Calendar::new(months, options.seed, options.working_day),
    };
    founding::establish(&mut plan, &divisions);
    Ok(plan)
}

impl Plan {
    /// Whom the ids stand for: for `identity`. Synthetic names that stand for nobody.
    pub fn people(&self) -> impl Iterator<Item = NamedMember> {
        let seed = self.options.seed;
        self.cast.members.iter().enumerate().map(move |(number, member)| NamedMember {
            member: member.id,
            name: names::name(seed, cast::index(number)),
            number: Some(format!("D{:06}", number + 1)),
        })
    }

    /// The months, in order.
    pub fn months(&self) -> &[Month] {
        &self.calendar.months
    }

    /// The division that the months are closed for: the circular is its.
    pub fn division(&self) -> OrganizationId {
        self.options.division
    }

    /// How many days are still to come: the plan's length.
    pub fn days_left(&self) -> u32 {
        (self.last_day + 1).saturating_sub(self.today)
    }
}

impl Iterator for Plan {
    type Item = Vec<DemoBatch>;

    fn next(&mut self) -> Option<Vec<DemoBatch>> {
        if self.today > self.last_day {
            return None;
        }
        day::plan_day(self, self.today + LEAD_DAYS);
        self.today += 1;
        Some(self.agenda.take_until(day::local(self.today, 0, 0), &self.cast.actors))
    }
}

#[cfg(test)]
mod tests;
