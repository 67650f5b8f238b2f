//! Questions that decisions ask of the state. Pure; nothing is changed here.

use super::{
    ActivityState, DocumentState, LedgerState, MemberState, Mended, MonthReached, MonthStage, NONE, ObjectionState,
    OrganizationState, PairingState, Participation, Publication, RecordState,
};
use crate::ledger::Rejection;
use mingzhang_events::{
    ActivityId, ActorId, DisclosureRules, EventId, Evidence, FileDigest, HouseholdId, Instant, LegalCalendar, MemberId,
    Month, OrganizationId, OrganizationLevel, ScoringRules,
};

impl LedgerState {
    /// The root of the tree.
    pub(crate) fn root(&self) -> Option<OrganizationId> {
        (self.scalars.root != NONE).then(|| self.organizations.key(self.scalars.root))
    }

    /// The row of an organisation.
    pub(crate) fn organization(&self, id: OrganizationId) -> Result<u32, Rejection> {
        self.organizations.number(&id).ok_or(Rejection::UnknownOrganization { organization: id })
    }

    /// Whether there is one with this code.
    pub(crate) fn has_organization(&self, id: OrganizationId) -> bool {
        self.organizations.number(&id).is_some()
    }

    pub(crate) fn organization_id(&self, row: u32) -> OrganizationId {
        self.organizations.key(row)
    }

    pub(crate) fn organization_state(&self, row: u32) -> &OrganizationState {
        self.organizations.row(row)
    }

    /// Refuses an organisation that did not exist, or no longer existed, at that time.
    pub(crate) fn must_exist(&self, row: u32, at: Instant) -> Result<(), Rejection> {
        let state = self.organizations.row(row);
        let organization = self.organizations.key(row);
        if at.unix_minutes() < state.established_minute {
            Err(Rejection::OrganizationNotYetEstablished { organization })
        } else if at.unix_minutes() >= state.ended_minute {
            Err(Rejection::OrganizationDissolved { organization })
        } else {
            Ok(())
        }
    }

    /// The organisation and those above it, in that order. A merged one leads to its successor.
    pub(crate) fn ancestors(&self, row: u32) -> impl Iterator<Item = u32> {
        let mut next = row;
        // The tree can't have more levels than organisations; the bound keeps a damaged log from looping.
        let mut left = 64;
        std::iter::from_fn(move || {
            if next == NONE || left == 0 {
                return None;
            }
            left -= 1;
            let here = next;
            let state = self.organizations.row(here);
            next = if state.successor == NONE { state.parent } else { state.successor };
            Some(here)
        })
    }

    /// The row that has taken the place of this one; itself if it was never merged.
    pub(super) fn present(&self, row: u32) -> u32 {
        let mut here = row;
        for _ in 0..64 {
            match self.organizations.row(here).successor {
                NONE => break,
                successor => here = successor,
            }
        }
        here
    }

    /// The nearest organisation at or above a level, from this one upward; the last one there is, if none is so high.
    pub(crate) fn at_or_above(&self, row: u32, level: OrganizationLevel) -> u32 {
        let high_enough = |&above: &u32| self.organizations.row(above).level <= level as u8;
        self.ancestors(row).find(high_enough).or_else(|| self.ancestors(row).last()).unwrap_or(row)
    }

    /// The row of a member, whether still on the roster or not.
    pub(crate) fn member(&self, id: MemberId) -> Result<u32, Rejection> {
        self.members.number(&id).ok_or(Rejection::UnknownMember { member: id })
    }

    pub(crate) fn member_id(&self, row: u32) -> MemberId {
        self.members.key(row)
    }

    pub(crate) fn member_number(&self, id: MemberId) -> Option<u32> {
        self.members.number(&id)
    }

    pub(crate) fn member_state(&self, row: u32) -> &MemberState {
        self.members.row(row)
    }

    /// When a member was put on the roster, the last time that they were.
    pub(crate) fn rostered_at(&self, row: u32) -> Instant {
        Instant::EARLIEST.plus_minutes(self.members.row(row).rostered_minute - Instant::EARLIEST.unix_minutes())
    }

    /// Refuses a member who was not on the roster at that time.
    pub(crate) fn must_be_rostered(&self, row: u32, at: Instant) -> Result<(), Rejection> {
        let state = self.members.row(row);
        if (state.rostered_minute..state.left_minute).contains(&at.unix_minutes()) {
            Ok(())
        } else {
            Err(Rejection::NotOnRoster { member: self.members.key(row) })
        }
    }

    /// The row of an activity.
    pub(crate) fn activity(&self, id: ActivityId) -> Result<u32, Rejection> {
        self.activities.number(&id).ok_or(Rejection::UnknownActivity { activity: id })
    }

    pub(crate) fn has_activity(&self, id: ActivityId) -> bool {
        self.activities.number(&id).is_some()
    }

    pub(crate) fn activity_state(&self, row: u32) -> &ActivityState {
        self.activities.row(row)
    }

    /// The record, grant or deduction that this event opened.
    pub(crate) fn record(&self, id: EventId) -> Result<u32, Rejection> {
        let records = self.records.all();
        let tail = id_tail(id);
        self.ids
            .candidates(id)
            .find_map(|log_index| {
                let at = records.binary_search_by_key(&log_index, |record| u64::from(record.log_index)).ok()?;
                (records[at].id_tail == tail).then(|| u32::try_from(at).expect("fewer than 2^32 rows"))
            })
            .ok_or(Rejection::UnknownRecord { record: id })
    }

    pub(crate) fn record_state(&self, row: u32) -> &RecordState {
        self.records.row(row)
    }

    /// What corrected a record last, or entered it because it was said to be missing; none if nothing did.
    pub(crate) fn mended(&self, row: u32) -> Option<Mended> {
        self.mended.get(&row).copied()
    }

    /// Whether a correction of a record has named a decision, at any time.
    pub(crate) fn was_corrected_by(&self, row: u32, decision: EventId) -> bool {
        self.corrected_by.get(&(row, decision.0)).is_some()
    }

    /// The records of a month that were corrected, or entered because they were said to be missing.
    pub(crate) fn mended_in(&self, month: Month) -> impl Iterator<Item = (u32, Mended)> {
        let of_month = move |row: &&u32| self.record_month(**row) == month;
        self.mended.keys().filter(of_month).filter_map(|&row| Some((row, self.mended(row)?)))
    }

    /// Whether the rules of a month want records reviewed that were so evidenced.
    pub(crate) fn requires_review(&self, month: Month, evidence: Evidence) -> bool {
        self.rules_for(month).is_some_and(|rules| rules.review_required_for.contains(&evidence))
    }

    /// A member's part in an activity so far.
    pub(crate) fn participation(&self, member: u32, activity: u32) -> Participation {
        self.participations.get(&(member, activity)).cloned().unwrap_or_default()
    }

    /// The pairing of a household with a member, also if it has ended.
    pub(crate) fn pairing(&self, household: HouseholdId, member: u32) -> Option<&PairingState> {
        self.pairings.get(&(self.households.number(&household)?, member))
    }

    /// Since which second a member has been enrolled with a community; none if they aren't.
    pub(crate) fn enrolled_seconds(&self, member: u32, community: u32) -> Option<i64> {
        self.enrollments.get(&(member, community)).copied()
    }

    /// The row of the record of a rostered duty + 1, or 0 as long as none says that it was served; none if the member isn't on the
    /// roster of that local day.
    pub(crate) fn rostered_duty(&self, organization: u32, day: u32, member: u32) -> Option<u32> {
        self.duties.get(&(organization, day, member)).copied()
    }

    pub(crate) fn actor_number(&self, id: ActorId) -> Option<u32> {
        self.actors.number(&id)
    }

    /// The last local day on which an actor's right to record is suspended, if it is now: [`NONE`] without an end.
    pub(crate) fn suspended_until(&self, actor: ActorId, now: Instant) -> Option<u32> {
        let until = *self.suspensions.get(&self.actors.number(&actor)?)?;
        (now.local_day() <= until).then_some(until)
    }

    /// How far a month has come for this organisation, and by which one, itself or one above it; `None` while it is open.
    pub(crate) fn month_stage(&self, organization: u32, month: Month) -> Option<(MonthStage, OrganizationId)> {
        self.month_reached(organization, month).map(|(reached, organization)| (reached.stage, organization))
    }

    /// The same, with the entry that reached the stage.
    pub(crate) fn month_reached(&self, organization: u32, month: Month) -> Option<(MonthReached, OrganizationId)> {
        if month.number() > self.scalars.latest_frozen_month {
            return None;
        }
        let all = self.ancestors(organization).filter_map(|row| {
            let reached = *self.months.get(&(month.number(), row))?;
            Some((reached, row))
        });
        // Of several with the same stage, the nearest.
        let furthest = all.reduce(|nearest, above| if above.0.stage > nearest.0.stage { above } else { nearest });
        furthest.map(|(reached, row)| (reached, self.organizations.key(row)))
    }

    /// The latest month that some part of the tree has frozen or closed.
    pub(crate) fn latest_settled_month(&self) -> Option<Month> {
        Month::from_number(self.scalars.latest_frozen_month.max(self.scalars.latest_closed_month))
    }

    /// The legal calendar, with the years that adopted rules bring.
    pub(crate) fn calendar(&self) -> LegalCalendar<'_> {
        LegalCalendar::adopted(self.rules.iter().map(AsRef::as_ref))
    }

    /// The rules that score a month: the latest effective; of two with the same month the later adopted.
    pub(crate) fn rules_for(&self, month: Month) -> Option<&ScoringRules> {
        let at = ScoringRules::version_in_force(self.rules.iter().map(|rules| rules.effective_from), month)?;
        Some(&self.rules[at])
    }

    pub(crate) fn has_rules_version(&self, version: mingzhang_events::RulesVersion) -> bool {
        self.rules.iter().any(|rules| rules.version == version)
    }

    /// The key that signs the log of that size, as a verifier key; `None` as long as it is the first one.
    pub(crate) fn signing_key_at(&self, tree_size: u64) -> Option<&str> {
        let rotated = self.rotations.iter().rev().find(|(log_index, _)| *log_index < tree_size);
        rotated.map(|(_, key)| key.as_str())
    }

    /// From which key to which this ledger itself is handing over.
    pub(crate) fn handover(&self) -> Option<(&String, &String)> {
        self.handover.as_ref().map(|(old, new)| (old, new))
    }

    pub(crate) fn set_handover(&mut self, handover: Option<(String, String)>) {
        self.handover = handover;
    }

    pub(crate) fn has_notice(&self, organization: u32, number: &str) -> bool {
        let used = |publication: &Publication| publication.number.as_deref() == Some(number);
        self.publications.iter().any(|publication| publication.organization == organization && used(publication))
    }

    /// The document whose file has this digest.
    pub(crate) fn document_with(&self, digest: FileDigest) -> Option<EventId> {
        self.files.get(&digest.0).map(|&row| self.documents.key(row))
    }

    /// The row of the document that an event issued.
    pub(crate) fn document(&self, id: EventId) -> Option<u32> {
        self.documents.number(&id)
    }

    pub(crate) fn document_state(&self, row: u32) -> &DocumentState {
        self.documents.row(row)
    }

    /// Whether a certificate of this organisation has the number.
    pub(crate) fn has_certificate(&self, organization: u32, number: &str) -> bool {
        self.certificates.get(&(organization, number.to_owned())).is_some()
    }

    /// What an event published: a notice, or a disclosure, which has no number.
    pub(crate) fn publication(&self, id: EventId) -> Option<&Publication> {
        self.publications.iter().rev().find(|publication| publication.event == id.0)
    }

    /// The disclosure of a month that covers this organisation, of several the one that ends last: none cuts another short.
    pub(crate) fn disclosure_of(&self, organization: u32, month: Month) -> Option<&Publication> {
        self.publications_of(organization, month)
            .filter(|publication| publication.number.is_none())
            .max_by_key(|publication| publication.day)
    }

    /// The last local day on which a month of this organisation, or of a part of it, is disclosed.
    pub(crate) fn disclosed_until(&self, organization: u32, month: Month) -> Option<u32> {
        let covers = |of: &Publication| self.ancestors(organization).any(|row| row == of.organization);
        let is_part = |of: &Publication| self.ancestors(of.organization).any(|row| row == organization);
        let disclosures = self.publications.iter().filter(|of| of.month == month.number() && of.number.is_none());
        disclosures.filter(|of| covers(of) || is_part(of)).map(|of| of.day).max()
    }

    /// The newest notice about a month that covers this organisation.
    pub(crate) fn notice_of(&self, organization: u32, month: Month) -> Option<&Publication> {
        self.publications_of(organization, month).filter(|publication| publication.number.is_some()).last()
    }

    /// The newest notice that an organisation itself has issued about a month.
    pub(crate) fn newest_notice(&self, organization: u32, month: Month) -> Option<&Publication> {
        let own = |publication: &&Publication| {
            (publication.organization, publication.month) == (organization, month.number())
                && publication.number.is_some()
        };
        self.publications.iter().rev().find(own)
    }

    /// Those of a month that cover an organisation, in their order.
    fn publications_of(&self, organization: u32, month: Month) -> impl Iterator<Item = &Publication> {
        self.publications.iter().filter(move |publication| {
            publication.month == month.number()
                && self.ancestors(organization).any(|row| row == publication.organization)
        })
    }

    /// What an objection can be about: a record, a decision, a disclosure or a notice.
    pub(crate) fn subject(&self, id: EventId) -> Option<Subject> {
        if let Ok(row) = self.record(id) {
            let organization = self.records.row(row).organization;
            return Some(Subject { record: Some(row), organization, month: self.record_month(row) });
        }
        let publication = self.publication(id)?;
        let month = Month::from_number(publication.month)?;
        Some(Subject { record: None, organization: publication.organization, month })
    }

    /// The row of an objection.
    pub(crate) fn objection(&self, id: EventId) -> Result<u32, Rejection> {
        self.objections.number(&id).ok_or(Rejection::UnknownObjection { objection: id })
    }

    pub(crate) fn objection_state(&self, row: u32) -> &ObjectionState {
        self.objections.row(row)
    }

    /// Whether an objection was upheld because a record of a member's month is missing, and none has answered it yet.
    pub(crate) fn awaits_record(&self, member: u32, month: Month) -> bool {
        self.missing.get(&(member, month.number())).is_some()
    }

    /// The objection of a member to a month that a decision upheld.
    pub(crate) fn upheld_by(&self, decision: EventId, member: u32, month: Month) -> Option<u32> {
        self.upheld_about(decision, member).filter(|&row| self.objections.row(row).month == month.number())
    }

    /// The objection about a member that a decision upheld, to whichever month.
    pub(crate) fn upheld_about(&self, decision: EventId, member: u32) -> Option<u32> {
        let upheld = |of: &ObjectionState| (of.member, of.decision) == (member, Some(decision.0));
        let at = self.objections.all().iter().position(upheld)?;
        Some(u32::try_from(at).expect("fewer than 2^32 rows"))
    }

    /// When a record is dated (日期归属): at the planned start of its activity, or when its service began where it has none, or one whose rules
    /// date records so.
    pub(crate) fn dated_at(&self, row: u32) -> Instant {
        let record = self.records.row(row);
        self.dated(record.activity, instant_of(record.start_minute))
    }

    /// When what was served from then on is dated, at an activity or at none (`NONE`).
    pub(crate) fn dated(&self, activity: u32, served_from: Instant) -> Instant {
        if activity == NONE {
            return served_from;
        }
        let activity = self.activities.row(activity);
        if activity.dates_records { activity.starts_at } else { served_from }
    }

    /// The month that a record is dated in.
    pub(crate) fn record_month(&self, row: u32) -> Month {
        self.dated_at(row).month()
    }

    /// Whether the rules of a month let others than the member object, and who speaks for them.
    pub(crate) fn takes_objections_of_others(&self, month: Month) -> bool {
        let rules = self.rules_for(month).and_then(|rules| rules.disclosure.as_ref());
        rules.is_some_and(DisclosureRules::takes_objections_of_others)
    }

    /// Every objection to a month.
    pub(crate) fn objections_of(&self, month: Month) -> impl Iterator<Item = &ObjectionState> {
        self.objections.all().iter().filter(move |objection| objection.month == month.number())
    }
}

/// What an objection is about.
pub(crate) struct Subject {
    /// The row of the record or decision; none for a line of a disclosure or notice.
    pub(crate) record: Option<u32>,
    /// Whose activity, household, duty, disclosure or notice it is.
    pub(crate) organization: u32,
    pub(crate) month: Month,
}

/// The instant of a minute that the state holds.
pub(crate) fn instant_of(minute: u32) -> Instant {
    Instant::from_unix_seconds(i64::from(minute) * 60).unwrap_or(Instant::EARLIEST)
}

/// What of an id a record keeps: the lower half, which the index of ids doesn't use.
pub(crate) fn id_tail(id: EventId) -> u64 {
    u64::try_from(id.0 & u128::from(u64::MAX)).expect("the lower 64 of 128 bits")
}
