//! The rates of a month: enrolled, paired, signed up, took part ÷ due. Withheld for small groups; "—" without anybody due.
//! Who is due, at which moment and excused by which exemptions, is as the rules in force define each rate (`figures`).

use crate::assessment::divided_half_up;
use crate::figures::{Figures, RateCount};
use crate::models::ReadModels;
use crate::rules::Compiled;
use mingzhang_events::{ClauseId, Gate, Month, OrganizationId, Points, RateKind};
use serde::Serialize;

/// Why a rate or average has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Withheld {
    /// Nothing to divide by: "—", never 0 % or 100 %.
    NothingToDivideBy,
    /// Fewer members than the rules allow to be published (5 unless they say otherwise).
    SmallGroup,
    /// That of a small group would follow from it by subtraction.
    BesideSmallGroup,
}

/// A rate with what it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rate {
    /// How many of those below the line.
    pub numerator: u32,
    /// Of how many.
    pub denominator: u32,
    /// In hundredths of a percent, half up: 6667 is 66.67 %. None if withheld.
    pub percent_hundredths: Option<u32>,
    /// Why it is withheld.
    pub withheld: Option<Withheld>,
}

impl Rate {
    /// `numerator` of `denominator`, withheld below `denominator_min` and of nothing.
    pub fn new(numerator: u32, denominator: u32, denominator_min: u32) -> Rate {
        let withheld = withheld(denominator, denominator_min);
        let doubled = u64::from(numerator) * 20_000 + u64::from(denominator);
        let percent = doubled.checked_div(2 * u64::from(denominator)).and_then(|percent| u32::try_from(percent).ok());
        Rate { numerator, denominator, percent_hundredths: percent.filter(|_| withheld.is_none()), withheld }
    }
}

/// Points per member due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Average {
    /// Members due.
    pub due: u32,
    /// Half up to the hundredth. None if withheld.
    pub points: Option<Points>,
    /// Why it is withheld.
    pub withheld: Option<Withheld>,
}

fn average(hundredths: i64, due: u32, due_min: u32, is_beside_small: bool) -> Average {
    let withheld = withheld(due, due_min).or(is_beside_small.then_some(Withheld::BesideSmallGroup));
    let points = if withheld.is_none() { Some(divided_half_up(i128::from(hundredths), i128::from(due))) } else { None };
    Average { due, points: points.map(Points::from_hundredths), withheld }
}

fn withheld(denominator: u32, denominator_min: u32) -> Option<Withheld> {
    match denominator {
        0 => Some(Withheld::NothingToDivideBy),
        few if few < denominator_min => Some(Withheld::SmallGroup),
        _ => None,
    }
}

/// The rates of an organisation and all below it in one month. Unless the rules in force define a rate otherwise, due (应参加)
/// are the members on the roster at the last moment of the month who aren't exempt then; only they count above the line too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rates {
    /// 党员报到率: enrolled with a community at the last moment of the month; several communities count once.
    pub enrollment: Rate,
    /// 结对报名率: in a pairing in force at some time of the month.
    pub pairing_sign_up: Rate,
    /// 巡逻报名率: signed up for a night patrol of the month, not withdrawn before its start, not cancelled.
    pub patrol_sign_up: Rate,
    /// 走访参与率: with an accepted home visit in the month.
    pub visit_participation: Rate,
    /// 巡逻参与率: with an accepted night patrol in the month.
    pub patrol_participation: Rate,
    /// 参与率: with an accepted record of any kind in the month.
    pub participation: Rate,
}

impl Figures {
    fn rate(&self, kind: RateKind, published_min: u32) -> Rate {
        let RateCount { numerator, denominator } = self.rates[kind as usize];
        let rate = Rate::new(numerator, denominator, published_min);
        if rate.withheld.is_some() || !self.beside_small.rate(kind) {
            return rate;
        }
        Rate { percent_hundredths: None, withheld: Some(Withheld::BesideSmallGroup), ..rate }
    }

    /// Points per member due.
    pub(crate) fn average(&self, published_min: u32) -> Average {
        average(self.hundredths, self.due, published_min, self.beside_small.average())
    }
}

impl Compiled {
    /// The first gate that an organisation's rates don't reach. A rate without a value passes every gate.
    pub(crate) fn gate_below(&self, of: &Figures) -> Option<ClauseId> {
        let below = |gate: &&Gate| {
            let percent = of.rate(gate.rate, self.rules.published_group_members_min()).percent_hundredths;
            percent.is_some_and(|percent| percent < u32::from(gate.percent_min) * 100)
        };
        self.rules.gates.iter().find(below).map(|gate| gate.clause)
    }
}

impl ReadModels {
    /// The rates of an organisation in a month; of a month that isn't over, by what is recorded so far. None for an unknown
    /// organisation.
    pub fn rates(&self, organization: OrganizationId, month: Month) -> Option<Rates> {
        let number = self.organization_number(organization)?;
        Some(self.rates_of(number, month))
    }

    pub(crate) fn rates_of(&self, organization: u32, month: Month) -> Rates {
        self.rates_among(self.figures(month).of(organization), month)
    }

    pub(crate) fn rates_among(&self, of: &Figures, month: Month) -> Rates {
        let published_min = self.published_group_members_min(month);
        let rate = |kind: RateKind| of.rate(kind, published_min);
        Rates {
            enrollment: rate(RateKind::Enrollment),
            pairing_sign_up: rate(RateKind::PairingSignUp),
            patrol_sign_up: rate(RateKind::PatrolSignUp),
            visit_participation: rate(RateKind::VisitParticipation),
            patrol_participation: rate(RateKind::PatrolParticipation),
            participation: rate(RateKind::Participation),
        }
    }

    /// The smallest group whose rates and averages are published: as the rules in force say; 5 without rules.
    pub fn published_group_members_min(&self, month: Month) -> u32 {
        members_min(self.rules.in_force(month))
    }
}

/// The same by some rules.
pub(crate) fn members_min(rules: Option<&Compiled>) -> u32 {
    rules.map_or(5, |compiled| compiled.rules.published_group_members_min())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_rounded_half_up_and_withheld_for_nobody_and_for_few() {
        for (numerator, denominator, expected, withheld) in [
            (2, 3, None, Some(Withheld::SmallGroup)),
            (0, 0, None, Some(Withheld::NothingToDivideBy)),
            (4, 6, Some(6_667), None),
            (1, 6, Some(1_667), None),
            (5, 5, Some(10_000), None),
            (0, 5, Some(0), None),
            (1, 20_000, Some(1), None),
        ] {
            let rate = Rate::new(numerator, denominator, 5);
            assert_eq!((rate.percent_hundredths, rate.withheld), (expected, withheld), "{numerator}/{denominator}");
        }
    }

    #[test]
    fn an_average_is_rounded_half_up_below_zero_too() {
        for (hundredths, expected) in [(1_000, 200), (1_003, 201), (1_002, 200), (-3, -1), (-2, 0), (-8, -2)] {
            let points = average(hundredths, 5, 5, false).points.map(Points::hundredths);
            assert_eq!(points, Some(expected), "{hundredths}/5");
        }
        assert_eq!(average(1_000, 4, 5, true).withheld, Some(Withheld::SmallGroup));
        assert_eq!(average(1_000, 5, 5, true).withheld, Some(Withheld::BesideSmallGroup));
        assert_eq!(average(0, 0, 0, true).withheld, Some(Withheld::NothingToDivideBy));
    }
}
