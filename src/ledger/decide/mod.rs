//! The rules: may this fact be recorded? Pure: the state, who asks, what, and when; yes or one refusal.
//!
//! Each family checks in the order of `Rejection`: what is named exists, the actor's role reaches it, the month is open, then
//! the rule of the fact itself. Nothing here changes anything.

mod activities;
mod awards;
mod documents;
mod keys;
mod months;
mod objections;
mod organizations;
mod people;
mod records;
mod roster;
mod sanctions;
mod service;

use super::state::{LedgerState, MonthStage, Settled};
use super::{Command, Rejection};
use crate::identity::{Actor, Role};
use mingzhang_events::{Event, EventId, Evidence, Instant, Month, OrganizationId, is_public_name};

/// What every rule looks at.
struct Case<'a> {
    state: &'a LedgerState,
    actor: &'a Actor,
    /// When it happened.
    at: Instant,
    /// The instant at which it would be recorded: never before the newest entry.
    now: Instant,
    /// What the machine's clock shows. It is behind the newest entry if it once ran ahead, and what is to come by it hasn't happened.
    clock: Instant,
    evidence: Evidence,
}

/// Yes, or why not. `clock` is what the machine's clock shows.
pub fn decide(state: &LedgerState, actor: &Actor, command: &Command, clock: Instant) -> Result<(), Rejection> {
    if command.occurred_at > clock {
        return Err(Rejection::OccurredInTheFuture { now: clock });
    }
    let now = clock.max(state.last_recorded_at());
    let case = Case { state, actor, at: command.occurred_at, now, clock, evidence: command.evidence };
    match &command.event {
        Event::OrganizationEstablished(event) => organizations::established(&case, event),
        Event::OrganizationRenamed(event) => organizations::renamed(&case, event),
        Event::OrganizationMoved(event) => organizations::moved(&case, event),
        Event::OrganizationMerged(event) => organizations::merged(&case, event),
        Event::OrganizationDissolved(event) => organizations::dissolved(&case, event),
        Event::MemberRostered(event) => roster::rostered(&case, event),
        Event::MemberTransferred(event) => roster::transferred(&case, event),
        Event::MemberReclassified(event) => roster::reclassified(&case, event),
        Event::MemberExempted(event) => roster::exempted(&case, event),
        Event::MemberLeft(event) => roster::left(&case, event),
        Event::MemberEnrolled(event) => roster::enrolled(&case, event),
        Event::EnrollmentEnded(event) => roster::enrollment_ended(&case, event),
        Event::ActivityScheduled(event) => activities::scheduled(&case, event),
        Event::ActivityCancelled(event) => activities::cancelled(&case, event),
        Event::MemberSignedUp(event) => activities::signed_up(&case, event),
        Event::SignUpWithdrawn(event) => activities::withdrawn(&case, event),
        Event::MemberCheckedIn(event) => service::checked_in(&case, event),
        Event::MemberCheckedOut(event) => service::checked_out(&case, event),
        Event::LateCheckInRecorded(event) => service::late_check_in(&case, event),
        Event::AttendanceRecorded(event) => service::attendance(&case, event),
        Event::HardshipPairingFormed(event) => roster::pairing_formed(&case, event),
        Event::HardshipPairingEnded(event) => roster::pairing_ended(&case, event),
        Event::HomeVisitMade(event) => service::home_visit(&case, event),
        Event::DutyRostered(event) => activities::duty_rostered(&case, event),
        Event::DutyServed(event) => service::duty_served(&case, event),
        Event::ServiceApproved(event) => records::approved(&case, event),
        Event::ServiceReturned(event) => records::returned(&case, event),
        Event::RecordCorrected(event) => records::corrected(&case, event),
        Event::RecordReversed(event) => records::reversed(&case, event),
        Event::PointsGranted(event) => awards::granted(&case, event),
        Event::PointsDeducted(event) => awards::deducted(&case, event),
        Event::PointsReset(event) => awards::reset(&case, event),
        Event::PointsVetoed(event) => awards::vetoed(&case, event),
        Event::DecisionQuashed(event) => records::quashed(&case, event),
        Event::ScoringRulesAdopted(event) => months::rules_adopted(&case, event),
        Event::MonthFrozen(event) => months::frozen(&case, event),
        Event::DisclosureOpened(event) => months::disclosed(&case, event),
        Event::ObjectionRaised(event) => objections::raised(&case, event),
        Event::ObjectionAssigned(event) => objections::assigned(&case, event),
        Event::ObjectionUpheld(event) => objections::upheld(&case, event),
        Event::ObjectionDismissed(event) => objections::dismissed(&case, event),
        Event::ObjectionWithdrawn(event) => objections::withdrawn(&case, event),
        Event::MonthClosed(event) => months::closed(&case, event),
        Event::NoticeIssued(event) => months::notice_issued(&case, event),
        Event::DocumentIssued(event) => documents::issued(&case, event),
        Event::IdentityCommitted(event) => people::committed(&case, event),
        Event::NameConsentGiven(event) => people::consent_given(&case, event),
        Event::NameConsentWithdrawn(event) => people::consent_withdrawn(&case, event),
        Event::PersonErased(event) => people::erased(&case, event),
        Event::RecordingSuspended(event) => sanctions::suspended(&case, event),
        Event::RecordingRestored(event) => sanctions::restored(&case, event),
        Event::SigningKeyRotated(event) => keys::rotated(&case, event),
    }
}

impl Case<'_> {
    /// Refuses an actor none of whose roles, among those that would do, reaches one of these organisations.
    fn require(&self, roles: &'static [Role], organizations: &[u32]) -> Result<(), Rejection> {
        let reaches = |row: u32, grant: &crate::identity::Grant| {
            grant.organization.is_none_or(|scope| {
                self.state.ancestors(row).any(|ancestor| self.state.organization_id(ancestor) == scope)
            })
        };
        let reached = |role: &Role| {
            let granted = self.actor.grants.iter().filter(|grant| grant.role == *role);
            granted.into_iter().any(|grant| organizations.iter().any(|&row| reaches(row, grant)))
        };
        // Whose right to record is suspended has every other role that they had.
        let may_record = roles.contains(&Role::Recorder) && reached(&Role::Recorder);
        let suspended = if may_record { self.state.suspended_until(self.actor.id, self.now) } else { None };
        let others = |role: &&Role| **role != Role::Recorder;
        if (may_record && suspended.is_none()) || roles.iter().filter(others).any(reached) {
            return Ok(());
        }
        if suspended.is_some() {
            return Err(Rejection::RecordingSuspended { actor: self.actor.id });
        }
        Err(Rejection::RoleDoesNotReach {
            role: roles.first().map_or("", |role| role.as_str()),
            organization: organizations.first().map(|&row| self.state.organization_id(row)),
        })
    }

    /// Refuses whose right to record is suspended, whatever other role they have: to change service time or points is to record.
    fn must_be_able_to_record(&self) -> Result<(), Rejection> {
        let suspended = self.state.suspended_until(self.actor.id, self.now).is_some();
        if suspended { Err(Rejection::RecordingSuspended { actor: self.actor.id }) } else { Ok(()) }
    }

    /// Refuses an actor without that role over the whole ledger.
    fn require_everywhere(&self, role: Role) -> Result<(), Rejection> {
        let root = self.state.root();
        let everywhere = |scope: Option<_>| scope.is_none() || (root.is_some() && scope == root);
        if self.actor.grants.iter().any(|grant| grant.role == role && everywhere(grant.organization)) {
            return Ok(());
        }
        Err(Rejection::RoleDoesNotReach { role: role.as_str(), organization: None })
    }

    /// Refuses an act of office that would be of another day: a period counted from it could be over before anybody saw it.
    fn must_be_of_today(&self) -> Result<(), Rejection> {
        let today = self.now.local_date();
        if self.at.local_date() == today { Ok(()) } else { Err(Rejection::NotOfToday { today }) }
    }

    /// Refuses a fact about an organisation that is dated in or before a month that is settled for it.
    fn must_be_open(&self, organization: u32, at: Instant) -> Result<(), Rejection> {
        self.state.settled_for(organization, at).map_or(Ok(()), |settled| Err(is_settled(&settled)))
    }

    /// Refuses a fact about a member that is dated in or before a month that is settled for a branch of theirs of that time or later.
    fn must_be_open_for_member(&self, member: u32, at: Instant) -> Result<(), Rejection> {
        self.state.settled_for_member(member, None, at).map_or(Ok(()), |settled| Err(is_settled(&settled)))
    }

    /// Refuses a record of a month that isn't open for the member and the place that counts it, unless an objection that one is missing was upheld and
    /// it is the one that the decision admits, and the rules let a closed month be restated.
    fn must_take_records(
        &self,
        member: u32,
        place: Option<u32>,
        at: Instant,
        is_admitted: bool,
    ) -> Result<(), Rejection> {
        match self.state.settled_for_member(member, place, at) {
            None => Ok(()),
            Some(settled) if settled.is_final.is_none() && is_admitted => Ok(()),
            Some(settled) => Err(is_settled(&settled)),
        }
    }

    /// Refuses one more record of a month, likewise.
    fn must_take_another(&self, member: u32, place: Option<u32>, at: Instant) -> Result<(), Rejection> {
        self.must_take_records(member, place, at, self.state.awaits_record(member, at.month()))
    }

    /// Refuses who may not record a fact about a member, and about another place that it changes. A decision that it names upheld an
    /// objection, and no other fact has answered it. One that a settled month keeps out names one, and is a publisher's.
    fn must_admit(
        &self,
        (member, place): (u32, Option<u32>),
        decision: Option<EventId>,
        roles: &'static [Role],
        organizations: &[u32],
    ) -> Result<(), Rejection> {
        match (self.state.settled_for_member(member, place, self.at), decision) {
            (None, _) => self.require(roles, organizations)?,
            (Some(settled), None) => {
                self.require(roles, organizations)?;
                return Err(is_settled(&settled));
            }
            (Some(settled), Some(_)) => {
                let branch = self.state.branch_at(member, self.at.unix_minutes());
                self.require_where_settled(&[Role::Publisher], &settled, &[branch])?;
                must_not_be_final(&settled)?;
            }
        }
        decision.map_or(Ok(()), |decision| self.must_be_unanswered(member, decision))
    }

    /// Refuses who has none of the roles where a settled month is to be changed: over the organisation that settled it, or over one of
    /// these of that time that stands below it. Where a member belongs now gives nobody a say in what others have published.
    fn require_where_settled(
        &self,
        roles: &'static [Role],
        settled: &Settled,
        of_then: &[u32],
    ) -> Result<(), Rejection> {
        let settler = self.state.organization(settled.organization)?;
        let is_below = |row: &u32| self.state.ancestors(*row).any(|above| above == settler);
        let organizations: Vec<u32> = of_then.iter().copied().filter(is_below).chain([settler]).collect();
        self.require(roles, &organizations)
    }

    /// Refuses a decision that isn't about the member, or about an earlier month than the fact is of, or that admitted something before.
    fn must_be_unanswered(&self, member: u32, decision: EventId) -> Result<(), Rejection> {
        let upheld = self.state.upheld_about(decision, member).map(|row| self.state.objection_state(row));
        match upheld.filter(|objection| self.at.month().number() <= objection.month) {
            None => Err(Rejection::DecisionOfOtherRecord { decision }),
            Some(objection) if objection.answered => Err(Rejection::DecisionAnswered { decision }),
            Some(_) => Ok(()),
        }
    }

    /// Refuses a fact of service without word of how it was evidenced.
    fn must_be_evidenced(&self) -> Result<(), Rejection> {
        match self.evidence {
            Evidence::Office => Err(Rejection::EvidenceNotAccepted),
            Evidence::OnSiteCode
            | Evidence::BothParties
            | Evidence::Attested
            | Evidence::Imported
            | Evidence::BackEntered => Ok(()),
        }
    }

    /// Refuses a decision on oneself.
    fn must_not_be_about_oneself(&self, member: u32) -> Result<(), Rejection> {
        if self.actor.member == Some(self.state.member_id(member)) { Err(Rejection::AboutOneself) } else { Ok(()) }
    }
}

/// Refuses to change what is settled where that, or a month after it, is closed and by its rules final.
fn must_not_be_final(settled: &Settled) -> Result<(), Rejection> {
    match settled.is_final {
        Some((month, organization)) => Err(Rejection::ClosedMonthFinal { month, organization }),
        None => Ok(()),
    }
}

/// The refusal of a fact that a settled month keeps out.
fn is_settled(settled: &Settled) -> Rejection {
    refused_by_stage(settled.stage, settled.month, settled.organization, settled.open_from)
}

/// The refusal of what comes too late for a month that has come this far for an organisation.
fn refused_by_stage(stage: MonthStage, month: Month, organization: OrganizationId, open_from: Month) -> Rejection {
    let open_from = open_from.first_day();
    match stage {
        MonthStage::Closed => Rejection::MonthClosed { month, organization, open_from },
        MonthStage::Frozen | MonthStage::Disclosed => Rejection::MonthFrozen { month, organization, open_from },
    }
}

/// Refuses a name that couldn't stand on a notice: see [`is_public_name`].
fn must_be_public_name(name: &str, what: (&'static str, &'static str)) -> Result<(), Rejection> {
    if is_public_name(name) { Ok(()) } else { Err(Rejection::ContentOutOfRange { what }) }
}

/// Refuses a text that is empty, over `longest` characters or holds control characters.
fn must_be_text(text: &str, longest: usize, what: (&'static str, &'static str)) -> Result<(), Rejection> {
    let length = text.chars().count();
    if text.trim().is_empty() || length > longest || text.chars().any(char::is_control) {
        return Err(Rejection::ContentOutOfRange { what });
    }
    Ok(())
}
