//! 已定的月份: which months take no more facts, wherever a member has belonged and an organisation has stood since. Pure.
//!
//! A dated fact bears on every month from its date on: by the roster, by caps and composites of a year. So it is kept out by any
//! settled month from then on of any organisation that has covered the member's branch in it. Invariant: places are never forgotten.

use super::{LedgerState, MemberState, MonthReached, MonthStage, NONE};
use bitcode::{Decode, Encode};
use mingzhang_events::{ClosedMonthCorrections, EARLY_MINUTES, Instant, Month, OrganizationId, ScoringRules};
use std::collections::BTreeSet;

/// Where a member or an organisation was before: below which organisation, from when until when. The present place stands with them.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct FormerPlace {
    /// A member's branch, or the organisation above another one.
    pub(super) above: u32,
    pub(super) since_minute: u32,
    pub(super) until_minute: u32,
    /// The place before that; `NONE` if there is none.
    pub(super) previous: u32,
}

/// What keeps a fact out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settled {
    /// How far it has come.
    pub(crate) stage: MonthStage,
    /// The newest entry that showed it to everybody for any of those whom it concerns: a disclosure, or a close without one; none as long as
    /// it is only frozen.
    pub(crate) shown_at: Option<u32>,
    /// The fact's own month if that is settled, else the latest one after it that is.
    pub(crate) month: Month,
    /// By which organisation.
    pub(crate) organization: OrganizationId,
    /// The month from which on facts are taken at the latest: of those in between, another branch of the member's may take some.
    pub(crate) open_from: Month,
    /// The first month, from the fact's own on, that is closed and by its rules final, and for which organisation.
    pub(crate) is_final: Option<(Month, OrganizationId)>,
}

/// An organisation, and the minute from which on it covered what was asked about.
type Covering = (u32, u32);

impl LedgerState {
    /// What keeps a fact about a member at that time out, and about another place that it changes: that of a record, whose figures count
    /// it, or where they are transferred to. None if it may be recorded.
    pub(crate) fn settled_for_member(&self, member: u32, place: Option<u32>, at: Instant) -> Option<Settled> {
        if !self.may_be_settled(at.month()) {
            return None;
        }
        self.settled(self.covering_fact(member, place, at), at)
    }

    /// The same of a fact about an organisation.
    pub(crate) fn settled_for(&self, organization: u32, at: Instant) -> Option<Settled> {
        self.may_be_settled(at.month())
            .then(|| self.settled(self.covering(vec![(organization, at.unix_minutes())]), at))?
    }

    /// Whether a month that an organisation settles keeps a fact out: about a member at that time, and about another place that it changes.
    pub(crate) fn would_keep_out(
        &self,
        (organization, month): (u32, Month),
        member: u32,
        place: Option<u32>,
        at: Instant,
    ) -> bool {
        let covering = self.covering_fact(member, place, at);
        covering.iter().any(|&(row, from)| row == organization && month_of(from) <= month)
    }

    /// Whether a branch's month is closed. Told by one comparison of a month that nobody has closed.
    pub(super) fn is_closed(&self, number: u16, branch: u32) -> bool {
        number <= self.scalars.latest_closed_month && !self.is_behind(number, branch, MonthStage::Closed)
    }

    /// Told by one comparison of a month that nobody has settled.
    fn may_be_settled(&self, month: Month) -> bool {
        month.number() <= self.scalars.latest_frozen_month
    }

    /// What keeps out that an activity is cancelled: a settled month of somebody who took part or signed up. Looks at every member, but
    /// only where a month is settled already.
    pub(crate) fn settled_participant(&self, activity: u32) -> Option<Settled> {
        let starts_at = self.activities.row(activity).starts_at;
        if !self.may_be_settled(first_month(starts_at)) {
            return None;
        }
        let mut members = 0..u32::try_from(self.members.all().len()).expect("fewer than 2^32 rows");
        members.find_map(|member| {
            let part = self.participations.get(&(member, activity))?;
            let record = part.record_plus_one.checked_sub(1).map(|record| self.dated_at(record));
            let at = record.or(part.signed_up.then_some(starts_at))?;
            self.settled_for_member(member, None, at)
        })
    }

    /// Whether an organisation has covered a member's branch at any time of a month or since.
    pub(crate) fn has_covered_member(&self, organization: u32, member: u32, month: Month) -> bool {
        let Ok(start) = month.start() else { return false };
        self.covering(self.places_of_member(member, start)).iter().any(|&(row, _)| row == organization)
    }

    /// The branch that a member belonged to at that time; the present one if they weren't on the roster.
    pub(crate) fn branch_at(&self, member: u32, minute: u32) -> u32 {
        let state = self.members.row(member);
        let mut place = state.former;
        while minute < state.placed_minute && place != NONE {
            let former = self.former_places.row(place);
            if former.since_minute <= minute {
                return former.above;
            }
            place = former.previous;
        }
        state.branch
    }

    /// A month before this one that has entries of an organisation's members and that hasn't come as far, and whose it is. Months
    /// without rules are none of the ledger's: in them nothing is scored, and they are never closed.
    pub(crate) fn earlier_unsettled(
        &self,
        organization: u32,
        month: Month,
        stage: MonthStage,
    ) -> Option<(Month, OrganizationId)> {
        let numbers: BTreeSet<u16> = self.entered.keys().map(|&(number, _)| number).collect();
        let scored = |number: &u16| Month::from_number(*number).is_some_and(|of| self.rules_for(of).is_some());
        let months: BTreeSet<u16> = numbers.range(..month.number()).copied().filter(scored).collect();
        if months.is_empty() {
            return None;
        }
        let own = self.entered.keys().copied().filter(|(number, branch)| {
            let covers = || self.covering_since(*branch, *number).iter().any(|&(row, _)| row == organization);
            months.contains(number) && self.is_behind(*number, *branch, stage) && covers()
        });
        let members = self.members.all().iter().filter(|member| member.former != NONE);
        let brought = members.filter_map(|member| self.brought(member, organization, &months, stage));
        let (number, branch) = own.chain(brought).min()?;
        Some((Month::from_number(number)?, self.organizations.key(branch)))
    }

    /// A month that hasn't come as far where a member belonged before they came to an organisation: what they did then goes on
    /// counting there.
    fn brought(
        &self,
        member: &MemberState,
        organization: u32,
        months: &BTreeSet<u16>,
        stage: MonthStage,
    ) -> Option<(u16, u32)> {
        let mut later = vec![(member.branch, member.placed_minute)];
        let mut next = member.former;
        while next != NONE {
            let former = self.former_places.row(next);
            let (first, last) = (month_of(former.since_minute).number(), month_of(former.until_minute).number());
            let behind = |number: &u16| {
                self.entered.get(&(*number, former.above)).is_some() && self.is_behind(*number, former.above, stage)
            };
            let mut during = months.range(first.min(last)..=last);
            if let Some(&number) = during.find(|number| behind(number))
                && self.covering(later.clone()).iter().any(|&(row, _)| row == organization)
            {
                return Some((number, former.above));
            }
            later.push((former.above, former.since_minute));
            next = former.previous;
        }
        None
    }

    /// Whether a month of a branch hasn't come as far.
    fn is_behind(&self, number: u16, branch: u32, stage: MonthStage) -> bool {
        let covering = self.covering_since(branch, number);
        let in_it = covering.iter().filter(|(_, from)| month_of(*from).number() == number);
        let reached = in_it.filter_map(|&(row, _)| self.months.get(&(number, row)));
        match reached.map(|reached| reached.stage).max() {
            Some(reached) => reached < stage,
            // An older log may hold months that were passed over: nothing gets into them any more.
            None => !covering.iter().any(|&(row, from)| {
                let settled = self.organizations.row(row).settled_month;
                settled >= number && settled >= month_of(from).number()
            }),
        }
    }

    /// Forgets where there are entries of a month that an organisation has closed: nobody has to wait for them.
    pub(super) fn forget_entered(&mut self, organization: u32, month: Month) {
        let number = month.number();
        let covered = |branch: u32| {
            let covering = self.covering_since(branch, number);
            covering.iter().any(|&(row, from)| row == organization && month_of(from).number() == number)
        };
        let keys = self.entered.keys().copied().filter(|&(of, branch)| of == number && covered(branch));
        for key in keys.collect::<Vec<_>>() {
            self.entered.remove(&key);
        }
    }

    /// All that have been above an organisation from the beginning of a month on.
    fn covering_since(&self, organization: u32, number: u16) -> Vec<Covering> {
        let start = Month::from_number(number).and_then(|month| month.start().ok());
        self.covering(vec![(organization, start.map_or(0, Instant::unix_minutes))])
    }

    /// All that have been above a member from that time on, and above another place.
    fn covering_fact(&self, member: u32, place: Option<u32>, at: Instant) -> Vec<Covering> {
        let mut places = self.places_of_member(member, at);
        places.extend(place.map(|place| (place, at.unix_minutes())));
        self.covering(places)
    }

    /// The branches of a member from that time on, in their order.
    fn places_of_member(&self, member: u32, at: Instant) -> Vec<Covering> {
        let (state, from) = (self.members.row(member), at.unix_minutes());
        let mut places = vec![(state.branch, from.max(state.placed_minute))];
        self.former_since(state.former, from, |place| places.push(place));
        places.reverse();
        places
    }

    fn former_since(&self, newest: u32, from: u32, mut found: impl FnMut(Covering)) {
        let mut next = newest;
        while next != NONE {
            let former = self.former_places.row(next);
            if former.until_minute > from {
                found((former.above, from.max(former.since_minute)));
            }
            next = former.previous;
        }
    }

    /// These organisations and all that have been above them since, each with the minute from which on.
    fn covering(&self, mut found: Vec<Covering>) -> Vec<Covering> {
        let mut at = 0;
        while let Some(&(row, from)) = found.get(at) {
            at += 1;
            let state = self.organizations.row(row);
            // Whoever is above is so no earlier than what is below: a row that is met again later adds nothing, so that this ends.
            let mut note = |(above, from): Covering| {
                if above != NONE && !found.iter().any(|&(known, since)| known == above && since <= from) {
                    found.push((above, from));
                }
            };
            if from < state.ended_minute {
                note((state.parent, from.max(state.placed_minute)));
            }
            if state.ended_minute != NONE {
                note((state.successor, from.max(state.ended_minute)));
            }
            self.former_since(state.former, from, note);
        }
        found
    }

    fn settled(&self, mut covering: Vec<Covering>, at: Instant) -> Option<Settled> {
        let own = at.month().number();
        covering.retain(|&(row, from)| {
            let settled = self.organizations.row(row).settled_month;
            settled >= own && settled >= month_of(from).number()
        });
        let &(last_row, _) = covering.iter().max_by_key(|(row, _)| self.organizations.row(*row).settled_month)?;
        let last = self.organizations.row(last_row).settled_month;
        let reached = |month: u16, row: u32| Some((*self.months.get(&(month, row))?, month, row));
        let in_it = covering.iter().filter(|(_, from)| month_of(*from).number() <= own);
        let mut all: Vec<_> = in_it.filter_map(|&(row, _)| reached(own, row)).collect();
        if all.is_empty() {
            all.extend(reached(last, last_row));
        }
        let shown_at = all.iter().map(|(reached, ..)| reached.shown_at).filter(|&shown_at| shown_at != NONE).max();
        // Of several with the same stage, the nearest.
        let furthest =
            all.into_iter().reduce(|nearest, other| if other.0.stage > nearest.0.stage { other } else { nearest });
        let (MonthReached { stage, .. }, month, row) = furthest?;
        Some(Settled {
            stage,
            shown_at,
            month: Month::from_number(month)?,
            organization: self.organizations.key(row),
            open_from: Month::from_number(last)?.next(),
            is_final: (own..=last).find_map(|month| self.final_in(&covering, month)),
        })
    }

    fn final_in(&self, covering: &[Covering], number: u16) -> Option<(Month, OrganizationId)> {
        let month = Month::from_number(number)?;
        let closed = |&&(row, from): &&Covering| {
            let reached = self.months.get(&(number, row));
            reached.is_some_and(|of| of.stage == MonthStage::Closed) && month_of(from).number() <= number
        };
        let &(row, _) = covering.iter().find(closed)?;
        let rules = self.rules_for(month).map(ScoringRules::closed_month_corrections);
        (rules == Some(ClosedMonthCorrections::Refuse)).then(|| (month, self.organizations.key(row)))
    }
}

/// The month of the first records at an activity: some come early.
fn first_month(starts_at: Instant) -> Month {
    month_of(starts_at.unix_minutes().saturating_sub(EARLY_MINUTES))
}

/// The local month of a minute that the state holds.
fn month_of(minute: u32) -> Month {
    Instant::from_unix_seconds(i64::from(minute) * 60).unwrap_or(Instant::EARLIEST).month()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mingzhang_events::*;

    const BRANCH: &str = "1-1";

    /// A branch with a member, told entry by entry.
    struct Told(LedgerState);

    impl Told {
        fn branch() -> Told {
            let mut told = Told(LedgerState::default());
            let organization: OrganizationId = BRANCH.parse().expect("a code");
            let (level, name) = (OrganizationLevel::Branch, BRANCH.to_owned());
            told.tell("2026-07-01T00:00:00Z", OrganizationEstablished { level, name, organization, parent: None });
            let (class, member) = (MemberClass::Resident, MemberId(1));
            told.tell("2026-07-01T00:00:00Z", MemberRostered { class, member, organization });
            told
        }

        fn tell(&mut self, when: &str, event: impl Into<Event>) {
            let log_index = self.0.tree_size();
            let occurred_at = when.parse().expect("an instant");
            let recorded = RecordedEvent {
                id: EventId(u128::from(log_index) + 1),
                event: event.into(),
                evidence: Evidence::Office,
                imported: None,
                occurred_at,
                recorded_at: occurred_at,
                recorded_by: "w-1".parse().expect("an actor"),
            };
            self.0.apply(log_index, &recorded);
        }

        fn grant(&mut self, when: &str) {
            let (clause, points) = ("1".parse().expect("a clause"), "1".parse().expect("points"));
            self.tell(when, PointsGranted { clause, decision: None, member: MemberId(1), points });
        }

        fn entered(&self) -> Vec<u16> {
            self.0.entered.keys().map(|&(number, _)| number).collect()
        }
    }

    /// A key that nothing removes would have every later freeze look through all members.
    #[test]
    fn nobody_waits_for_what_a_decision_admits_into_a_closed_month() {
        let mut told = Told::branch();
        told.grant("2026-07-05T00:00:00Z");
        let july: Month = "2026-07".parse().expect("a month");
        assert_eq!(told.entered(), [july.number()]);
        let organization = BRANCH.parse().expect("a code");
        told.tell("2026-08-02T00:00:00Z", MonthClosed { month: july, organization });
        told.grant("2026-07-06T00:00:00Z");
        assert_eq!(told.entered(), [0_u16; 0]);
        told.grant("2026-08-01T00:00:00Z");
        assert_eq!(told.entered(), [july.next().number()]);
    }

    /// Whoever cancels an activity of an open month isn't looked up among all members because the month before is settled.
    #[test]
    fn the_first_records_at_an_activity_are_of_two_hours_before_it_at_the_earliest() {
        for (starts_at, month) in [
            ("2026-08-01T01:59:00+08:00", "2026-07"),
            ("2026-08-01T02:00:00+08:00", "2026-08"),
            ("2026-08-15T00:00:00+08:00", "2026-08"),
        ] {
            let starts_at: jiff::Timestamp = starts_at.parse().expect("a time");
            let starts_at = Instant::from_unix_seconds(starts_at.as_second()).expect("an instant");
            assert_eq!(first_month(starts_at), month.parse().expect("a month"), "{starts_at}");
        }
    }
}
