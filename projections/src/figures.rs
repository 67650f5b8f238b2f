//! Everything counted about one month, for every organisation at once: one pass over the month, then up the tree.
//!
//! Members count where they belong at the last moment of the month, points and records where the member belonged then,
//! activities where they were held. The tree is that of the last moment. Derived; kept only for queries.

use crate::facts::{Cause, Fact, Ground, Standing};
use crate::intern::NONE;
use crate::member_months::MemberMonth;
use crate::models::ReadModels;
use crate::rates::members_min;
use crate::rules::Compiled;
use crate::settle::Earned;
use crate::span::{local_day, month_cutoff, month_end, month_start};
use crate::subtraction::{BesideSmall, withhold};
use crate::tree::Tree;
use mingzhang_events::{ActivityKind, Cutoff, Evidence, Month, OrganizationLevel, RateDefinition, RateKind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Meetings or trainings: how many were held, and who was there.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sessions {
    pub(crate) held: u32,
    pub(crate) attended: u32,
    pub(crate) on_leave: u32,
    pub(crate) absent: u32,
}

/// Night patrols.
#[derive(Clone, Copy, Default)]
pub(crate) struct PatrolFigures {
    pub(crate) shifts: u32,
    pub(crate) signed_up: u32,
    pub(crate) attended: u32,
    pub(crate) no_shows: u32,
    pub(crate) minutes: u64,
}

/// How many of how many.
#[derive(Clone, Copy, Default)]
pub(crate) struct RateCount {
    pub(crate) numerator: u32,
    pub(crate) denominator: u32,
}

/// The counts of one organisation and all below it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Figures {
    pub(crate) rostered: u32,
    pub(crate) due: u32,
    /// By kind of rate, as its definition counts.
    pub(crate) rates: [RateCount; RateKind::ALL.len()],
    pub(crate) hundredths: i64,
    pub(crate) voluntary_minutes: u64,
    pub(crate) visits: u32,
    pub(crate) accepted: u32,
    pub(crate) pending: u32,
    pub(crate) returned: u32,
    pub(crate) check_out_missing: u32,
    /// Accepted and pending records by how they were evidenced.
    pub(crate) evidence: [u32; Evidence::ALL.len()],
    /// Accepted records of service by what was done.
    pub(crate) kinds: [u32; ActivityKind::ALL.len()],
    pub(crate) meetings: Sessions,
    pub(crate) trainings: Sessions,
    pub(crate) patrols: PatrolFigures,
    /// What is withheld because a small group's would follow from it. No count: it isn't added up.
    pub(crate) beside_small: BesideSmall,
}

impl Sessions {
    fn add(&mut self, other: &Sessions) {
        self.held += other.held;
        self.attended += other.attended;
        self.on_leave += other.on_leave;
        self.absent += other.absent;
    }
}

impl Figures {
    fn add(&mut self, other: &Figures) {
        self.rostered += other.rostered;
        self.due += other.due;
        for (own, more) in self.rates.iter_mut().zip(other.rates) {
            own.numerator += more.numerator;
            own.denominator += more.denominator;
        }
        self.hundredths = self.hundredths.saturating_add(other.hundredths);
        self.voluntary_minutes += other.voluntary_minutes;
        self.visits += other.visits;
        self.accepted += other.accepted;
        self.pending += other.pending;
        self.returned += other.returned;
        self.check_out_missing += other.check_out_missing;
        self.evidence.iter_mut().zip(other.evidence).for_each(|(own, more)| *own += more);
        self.kinds.iter_mut().zip(other.kinds).for_each(|(own, more)| *own += more);
        self.meetings.add(&other.meetings);
        self.trainings.add(&other.trainings);
        self.patrols.shifts += other.patrols.shifts;
        self.patrols.signed_up += other.patrols.signed_up;
        self.patrols.attended += other.patrols.attended;
        self.patrols.no_shows += other.patrols.no_shows;
        self.patrols.minutes += other.patrols.minutes;
    }

    /// The figures that an activity of a kind counts in, if its sessions are counted.
    fn sessions(&mut self, kind: ActivityKind) -> Option<&mut Sessions> {
        match kind {
            ActivityKind::Meeting => Some(&mut self.meetings),
            ActivityKind::Training => Some(&mut self.trainings),
            ActivityKind::NightPatrol
            | ActivityKind::HomeVisit
            | ActivityKind::Duty
            | ActivityKind::Service
            | ActivityKind::Mobilization => None,
        }
    }
}

/// What a member did in the month, for the rates.
#[derive(Clone, Copy, Default)]
struct Deeds {
    /// Whether anything happened.
    any: bool,
    took_part: bool,
    visited: bool,
    patrolled: bool,
    signed_up_patrol: bool,
}

/// One month of every organisation.
pub(crate) struct MonthFigures {
    pub(crate) tree: Arc<Tree>,
    figures: Vec<Figures>,
    /// By (community, local day): members who served duty there, each once.
    duty_served: BTreeMap<(u32, u32), u32>,
}

impl MonthFigures {
    /// Of an organisation and all below it.
    pub(crate) fn of(&self, organization: u32) -> &Figures {
        &self.figures[organization as usize]
    }

    /// How many members served in a community on a day.
    pub(crate) fn duty_served(&self, community: u32, day: u32) -> u32 {
        self.duty_served.get(&(community, day)).copied().unwrap_or(0)
    }
}

impl ReadModels {
    /// The figures of a month, worked out now or kept from an earlier question.
    pub(crate) fn figures(&self, month: Month) -> Arc<MonthFigures> {
        self.cache.figures(month).unwrap_or_else(|| {
            let figures = Arc::new(self.count_month(month, self.rules.in_force(month)));
            self.cache.keep_figures(month, &figures);
            figures
        })
    }

    /// The figures of a month, where an earlier question has left them.
    pub(crate) fn kept_figures(&self, month: Month) -> Option<Arc<MonthFigures>> {
        self.cache.figures(month)
    }

    /// The community that an organisation's duty is served for: itself or the nearest one above; itself if there is none.
    pub(crate) fn duty_place(&self, tree: &Tree, organization: u32) -> u32 {
        let mut place = organization;
        while self.organizations.level(place) != OrganizationLevel::Community {
            place = tree.parent(place);
            if place == NONE {
                return organization;
            }
        }
        place
    }

    /// Counts a month by some rules; points and base points are those of the rules in force.
    pub(crate) fn count_month(&self, month: Month, rules: Option<&Compiled>) -> MonthFigures {
        let tree = self.tree(month);
        let mut figures = vec![Figures::default(); self.organizations.count()];
        let mut deeds = vec![Deeds::default(); self.roster.members.len()];
        let mut duty: Vec<(u32, u32, u32)> = Vec::new();
        for &activity in self.activities.of_month(month) {
            self.count_activity(activity, &mut figures);
        }
        let mut facts = Vec::new();
        for number in self.member_months.of_month(month) {
            let of = self.member_months.get(number);
            for part in self.member_months.parts(number) {
                let own = &mut figures[part.branch as usize];
                own.hundredths = own.hundredths.saturating_add(part.hundredths);
                own.voluntary_minutes += u64::from(part.voluntary_minutes);
            }
            self.gather(number, rules, &mut facts);
            let deeds = &mut deeds[of.member as usize];
            deeds.any = true;
            for fact in &facts {
                self.count_fact(fact, &mut figures, deeds);
                self.note_duty(&tree, of.member, fact, &mut duty);
            }
            self.count_sign_ups(of, &mut figures, deeds);
        }
        self.count_members(month, rules, &deeds, &mut figures);
        for below in tree.upward() {
            let (own, above) = (figures[below as usize], tree.parent(below));
            if above != NONE {
                figures[above as usize].add(&own);
            }
        }
        if rules.is_none_or(|compiled| compiled.rules.withholds_against_subtraction()) {
            withhold(&tree, &mut figures, members_min(rules));
        }
        duty.sort_unstable();
        duty.dedup();
        let mut duty_served = BTreeMap::new();
        for (place, day, _) in duty {
            *duty_served.entry((place, day)).or_insert(0) += 1;
        }
        MonthFigures { tree, figures, duty_served }
    }

    fn count_activity(&self, number: u32, figures: &mut [Figures]) {
        let activity = self.activities.get(number);
        if activity.is_cancelled() {
            return;
        }
        let holder = &mut figures[activity.organization as usize];
        if activity.kind() == ActivityKind::NightPatrol {
            holder.patrols.shifts += 1;
        } else if let Some(sessions) = holder.sessions(activity.kind()) {
            sessions.held += 1;
        }
    }

    fn count_fact(&self, fact: &Fact, figures: &mut [Figures], deeds: &mut Deeds) {
        let Some((kind, _)) = fact.kind else { return };
        let accepted = fact.standing == Standing::Accepted;
        if let (Some(own), Cause::Record(record)) = (figures.get_mut(fact.branch as usize), fact.cause) {
            match fact.standing {
                Standing::Accepted => own.accepted += 1,
                Standing::Pending => own.pending += 1,
                Standing::Returned => own.returned += 1,
                Standing::CheckOutMissing => own.check_out_missing += 1,
                Standing::Reversed | Standing::Quashed | Standing::ActivityCancelled | Standing::NotOnRoster => {}
            }
            if matches!(fact.standing, Standing::Accepted | Standing::Pending) {
                own.evidence[self.records.get(record).evidence() as usize] += 1;
            }
            if accepted && fact.ground == Ground::Service {
                own.kinds[kind as usize] += 1;
                own.visits += u32::from(kind == ActivityKind::HomeVisit);
            }
        }
        if accepted && fact.ground == Ground::Service {
            deeds.took_part = true;
            deeds.visited |= kind == ActivityKind::HomeVisit;
            deeds.patrolled |= kind == ActivityKind::NightPatrol;
        }
        let activity = match fact.cause {
            Cause::Record(record) => self.records.get(record).activity(),
            Cause::SignUp(sign_up) => Some(self.participation.sign_up(sign_up).activity),
            Cause::Award(_) | Cause::Membership(_) => None,
        };
        if let Some(activity) = activity.filter(|_| accepted) {
            let holder = &mut figures[self.activities.get(activity).organization as usize];
            match (fact.ground, kind) {
                (Ground::Service, ActivityKind::NightPatrol) => {
                    holder.patrols.attended += 1;
                    holder.patrols.minutes += u64::from(fact.minutes);
                }
                (Ground::NoShow, ActivityKind::NightPatrol) => holder.patrols.no_shows += 1,
                (ground, kind) => {
                    if let Some(sessions) = holder.sessions(kind) {
                        sessions.attended += u32::from(ground == Ground::Service);
                        sessions.on_leave += u32::from(ground == Ground::Leave);
                        sessions.absent += u32::from(ground == Ground::Absence);
                    }
                }
            }
        }
    }

    fn note_duty(&self, tree: &Tree, member: u32, fact: &Fact, duty: &mut Vec<(u32, u32, u32)>) {
        let Cause::Record(record) = fact.cause else { return };
        let record = self.records.get(record);
        if record.form() == crate::records::Form::Duty && fact.standing == Standing::Accepted {
            duty.push((self.duty_place(tree, record.subject), local_day(fact.dated_at), member));
        }
    }

    fn count_sign_ups(&self, of: MemberMonth, figures: &mut [Figures], deeds: &mut Deeds) {
        for (_, sign_up) in self.participation.sign_ups(of.sign_ups) {
            let activity = self.activities.get(sign_up.activity);
            if activity.kind() == ActivityKind::NightPatrol && !activity.is_cancelled() {
                deeds.signed_up_patrol = true;
                figures[activity.organization as usize].patrols.signed_up += 1;
            }
        }
    }

    /// Who is on the roster, what base points they have, who is due for each rate as the rules define it, and who of them did it.
    fn count_members(&self, month: Month, rules: Option<&Compiled>, deeds: &[Deeds], figures: &mut [Figures]) {
        let cutoff = month_cutoff(month);
        let definitions: [Option<&RateDefinition>; RateKind::ALL.len()] =
            std::array::from_fn(|at| rules.and_then(|compiled| compiled.rules.rate_definition(RateKind::ALL[at])));
        let mut earned = Earned::new(self);
        for member in 0..self.roster.count() {
            let branch = self.branch_at_cutoff(member, month);
            let due = branch != NONE && !self.roster.is_exempt(member, cutoff);
            let deeds = &deeds[member as usize];
            if let Some(own) = figures.get_mut(branch as usize) {
                own.rostered += 1;
                own.due += u32::from(due);
                if !deeds.any {
                    let base = earned.base(member, month).map_or(0, |part| part.hundredths);
                    own.hundredths = own.hundredths.saturating_add(base);
                }
            }
            for (&rate, definition) in RateKind::ALL.iter().zip(definitions) {
                let usual = Due { branch, due, at: cutoff };
                let Due { branch, due, at } = definition.map_or(usual, |of| self.due_by(of, member, month));
                if let Some(own) = figures.get_mut(branch as usize).filter(|_| due) {
                    own.rates[rate as usize].denominator += 1;
                    own.rates[rate as usize].numerator += u32::from(self.did(rate, member, month, at, deeds));
                }
            }
        }
    }

    /// Whether a member is due for a rate that the rules define in their own way.
    fn due_by(&self, definition: &RateDefinition, member: u32, month: Month) -> Due {
        let at = match definition.cutoff {
            Some(Cutoff::MonthStart) => month_start(month),
            Some(Cutoff::MonthEnd) | None => month_cutoff(month),
        };
        let (branch, class) = self.roster.place(&self.organizations, member, at);
        let (classes, reasons) = (&definition.member_classes, definition.exempting_reasons.as_deref());
        let excuses = |reason| reasons.is_none_or(|reasons| reasons.contains(&reason));
        let counted = branch != NONE && (classes.is_empty() || classes.contains(&class));
        Due { branch, due: counted && !self.roster.is_exempt_for(member, at, excuses), at }
    }

    /// Whether a member did what a rate counts.
    fn did(&self, rate: RateKind, member: u32, month: Month, at: i64, deeds: &Deeds) -> bool {
        match rate {
            RateKind::Enrollment => self.roster.is_enrolled(member, at),
            RateKind::PairingSignUp => {
                let pairing = self.roster.members[member as usize].pairing;
                self.pairings.any_within(pairing, month_start(month), month_end(month))
            }
            RateKind::PatrolSignUp => deeds.signed_up_patrol,
            RateKind::VisitParticipation => deeds.visited,
            RateKind::PatrolParticipation => deeds.patrolled,
            RateKind::Participation => deeds.took_part,
        }
    }
}

/// Whether a member is due for a rate, where, and at which instant that is asked.
#[derive(Clone, Copy)]
struct Due {
    branch: u32,
    due: bool,
    at: i64,
}
