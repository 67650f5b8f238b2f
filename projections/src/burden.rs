//! 负担: what it took to enter a month's facts, and which of them were entered again. Counted over the entries of that month when it is
//! asked for; no model holds it. Pure.
//!
//! Counts what stands in the log: what was refused at the door isn't there. Invariant: each entry counts once.

use crate::intern::NONE;
use crate::models::ReadModels;
use mingzhang_events::{
    ActivityId, CorrectionReason, Event, EventId, Evidence, MemberId, Month, OrganizationId, RecordedEvent,
    ReturnReason,
};
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

/// Facts, and the fields that they have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Effort {
    /// How many facts.
    pub facts: u64,
    /// How many fields they have together: those of the fact, and its time if it was told.
    pub fields: u64,
}

impl Effort {
    fn add(&mut self, fields: u64) {
        self.facts += 1;
        self.fields += fields;
    }
}

/// Facts of one stored type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct KindEffort {
    /// The stored type.
    #[serde(rename = "type")]
    pub stored_type: &'static str,
    /// All of them, however they were entered.
    #[serde(flatten)]
    pub effort: Effort,
}

/// What was entered more often than it happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EnteredAgain {
    /// Facts that say the same as another of the month, word for word and of the same instant.
    pub identical: u64,
    /// Returned, corrected or reversed as 重复登记.
    pub found_recorded_twice: u64,
    /// Corrections for any other reason: the time was entered a second time.
    pub corrected: u64,
    /// 补签: after a check-in that had failed or was forgotten.
    pub late_check_ins: u64,
}

/// A month's burden (负担): of facts recorded in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Burden {
    /// Of which organisation, with all below.
    pub organization: OrganizationId,
    /// When they were recorded, not when they happened.
    pub month: Month,
    /// Of a log of so many entries.
    pub tree_size: u64,
    /// Typed in by somebody: attested, confirmed, back-entered, acts of office.
    pub typed: Effort,
    /// By a code on site: nobody typed anything.
    pub scanned: Effort,
    /// A row of a table that was there anyway.
    pub imported: Effort,
    /// Records of service among all of them.
    pub records: u64,
    /// Typed fields for each record, in hundredths; none without records.
    pub typed_fields_per_record_hundredths: Option<u64>,
    /// What was entered again.
    pub entered_again: EnteredAgain,
    /// By type, most fields first.
    pub kinds: Vec<KindEffort>,
}

/// Counts the facts of an organisation's month, one entry after the other.
pub struct BurdenCount {
    organization: OrganizationId,
    month: Month,
    typed: Effort,
    scanned: Effort,
    imported: Effort,
    records: u64,
    again: EnteredAgain,
    kinds: BTreeMap<&'static str, Effort>,
    /// A hash of each fact: eight bytes an entry, as long as it is counted.
    said: Vec<u64>,
}

impl BurdenCount {
    /// Nothing yet.
    pub fn of(organization: OrganizationId, month: Month) -> BurdenCount {
        BurdenCount {
            organization,
            month,
            typed: Effort::default(),
            scanned: Effort::default(),
            imported: Effort::default(),
            records: 0,
            again: EnteredAgain::default(),
            kinds: BTreeMap::new(),
            said: Vec::new(),
        }
    }

    /// Takes in an entry, if it was recorded in the month and is of the organisation. `models` hold it already.
    pub fn note(&mut self, models: &ReadModels, recorded: &RecordedEvent) {
        // Made by the ledger whenever a name is told: nobody who records enters it.
        if matches!(recorded.event, Event::IdentityCommitted(_)) {
            return;
        }
        if recorded.recorded_at.month() != self.month || !self.is_inside(models, recorded) {
            return;
        }
        // Whoever enters what happens now doesn't enter when.
        let timed = recorded.recorded_at.unix_minutes() > recorded.occurred_at.unix_minutes() + 1;
        let fields = recorded.event.fields_count() as u64 + u64::from(timed);
        match recorded.evidence {
            Evidence::OnSiteCode => self.scanned.add(fields),
            Evidence::Imported => self.imported.add(fields),
            Evidence::BothParties | Evidence::Attested | Evidence::BackEntered | Evidence::Office => {
                self.typed.add(fields);
            }
        }
        self.kinds.entry(recorded.event.stored_type()).or_default().add(fields);
        self.said.push(content(recorded));
        let twice = u64::from(is_told_twice(&recorded.event));
        self.again.found_recorded_twice += twice;
        if matches!(recorded.event, Event::RecordCorrected(_)) {
            self.again.corrected += 1 - twice;
        }
        self.again.late_check_ins += u64::from(matches!(recorded.event, Event::LateCheckInRecorded(_)));
        self.records += u64::from(matches!(
            recorded.event,
            Event::MemberCheckedIn(_)
                | Event::LateCheckInRecorded(_)
                | Event::AttendanceRecorded(_)
                | Event::HomeVisitMade(_)
                | Event::DutyServed(_)
        ));
    }

    /// What it came to, for a log of `tree_size` entries.
    pub fn burden(mut self, tree_size: u64) -> Burden {
        self.said.sort_unstable();
        self.again.identical = self.said.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64;
        let mut kinds: Vec<KindEffort> =
            self.kinds.into_iter().map(|(stored_type, effort)| KindEffort { stored_type, effort }).collect();
        kinds.sort_by_key(|kind| (std::cmp::Reverse(kind.effort.fields), kind.stored_type));
        Burden {
            organization: self.organization,
            month: self.month,
            tree_size,
            typed: self.typed,
            scanned: self.scanned,
            imported: self.imported,
            records: self.records,
            typed_fields_per_record_hundredths: (self.typed.fields * 100).checked_div(self.records),
            entered_again: self.again,
            kinds,
        }
    }

    /// Whether the fact is of the organisation or one below it, as the tree is when it is recorded. What is of no organisation, such
    /// as rules, is of the root.
    fn is_inside(&self, models: &ReadModels, recorded: &RecordedEvent) -> bool {
        let at = recorded.recorded_at.unix_seconds();
        let of = match about(&recorded.event) {
            About::Member(member) => models.roster.number(member).and_then(|member| models.last_branch(member, at)),
            About::Organization(organization) => models.organization_number(organization),
            About::Activity(activity) => {
                models.activities.number(activity).map(|number| models.activities.get(number).organization)
            }
            About::Record(record) => models.subject(record).and_then(|member| models.last_branch(member, at)),
            About::Objection(id) => models.objections.member(id).and_then(|member| models.last_branch(member, at)),
            About::Nobody => return models.roots().iter().any(|root| root.organization == self.organization),
        };
        let (Some(of), Some(organization)) = (of, models.organization_number(self.organization)) else { return false };
        models.organizations.upward(of, at).any(|above| above == organization)
    }
}

/// Whom a fact is about.
enum About {
    Member(MemberId),
    Organization(OrganizationId),
    Activity(ActivityId),
    Record(EventId),
    Objection(EventId),
    Nobody,
}

fn about(event: &Event) -> About {
    match event {
        Event::OrganizationEstablished(e) => About::Organization(e.organization),
        Event::OrganizationRenamed(e) => About::Organization(e.organization),
        Event::OrganizationMoved(e) => About::Organization(e.organization),
        Event::OrganizationMerged(e) => About::Organization(e.into),
        Event::OrganizationDissolved(e) => About::Organization(e.organization),
        Event::MemberRostered(e) => About::Organization(e.organization),
        Event::MemberTransferred(e) => About::Organization(e.organization),
        Event::MemberReclassified(e) => About::Member(e.member),
        Event::MemberExempted(e) => About::Member(e.member),
        Event::MemberLeft(e) => About::Member(e.member),
        Event::MemberEnrolled(e) => About::Member(e.member),
        Event::EnrollmentEnded(e) => About::Member(e.member),
        Event::ActivityScheduled(e) => About::Organization(e.organization),
        Event::ActivityCancelled(e) => About::Activity(e.activity),
        Event::MemberSignedUp(e) => About::Member(e.member),
        Event::SignUpWithdrawn(e) => About::Member(e.member),
        Event::MemberCheckedIn(e) => About::Member(e.member),
        Event::MemberCheckedOut(e) => About::Member(e.member),
        Event::LateCheckInRecorded(e) => About::Member(e.member),
        Event::AttendanceRecorded(e) => About::Member(e.member),
        Event::HardshipPairingFormed(e) => About::Member(e.member),
        Event::HardshipPairingEnded(e) => About::Member(e.member),
        Event::HomeVisitMade(e) => About::Member(e.member),
        Event::DutyRostered(e) => About::Member(e.member),
        Event::DutyServed(e) => About::Member(e.member),
        Event::ServiceApproved(e) => About::Record(e.record),
        Event::ServiceReturned(e) => About::Record(e.record),
        Event::RecordCorrected(e) => About::Record(e.record),
        Event::RecordReversed(e) => About::Record(e.record),
        Event::PointsGranted(e) => About::Member(e.member),
        Event::PointsDeducted(e) => About::Member(e.member),
        Event::PointsReset(e) => About::Member(e.member),
        Event::PointsVetoed(e) => About::Member(e.member),
        Event::DecisionQuashed(e) => About::Record(e.decision),
        Event::MonthFrozen(e) => About::Organization(e.organization),
        Event::DisclosureOpened(e) => About::Organization(e.organization),
        Event::ObjectionRaised(e) => About::Member(e.member),
        Event::ObjectionAssigned(e) => About::Objection(e.objection),
        Event::ObjectionUpheld(e) => About::Objection(e.objection),
        Event::ObjectionDismissed(e) => About::Objection(e.objection),
        Event::ObjectionWithdrawn(e) => About::Objection(e.objection),
        Event::MonthClosed(e) => About::Organization(e.organization),
        Event::NoticeIssued(e) => About::Organization(e.organization),
        Event::DocumentIssued(e) => About::Organization(e.organization),
        Event::IdentityCommitted(e) => About::Member(e.member),
        Event::NameConsentGiven(e) => About::Member(e.member),
        Event::NameConsentWithdrawn(e) => About::Member(e.member),
        Event::PersonErased(e) => About::Member(e.member),
        Event::ScoringRulesAdopted(_)
        | Event::RecordingSuspended(_)
        | Event::RecordingRestored(_)
        | Event::SigningKeyRotated(_) => About::Nobody,
    }
}

fn is_told_twice(event: &Event) -> bool {
    matches!(event, Event::ServiceReturned(e) if e.reason == ReturnReason::RecordedTwice)
        || matches!(event, Event::RecordCorrected(e) if e.reason == CorrectionReason::RecordedTwice)
        || matches!(event, Event::RecordReversed(e) if e.reason == CorrectionReason::RecordedTwice)
}

/// A hash of what a fact says and of which instant. The same in every run: the hasher has fixed keys.
fn content(recorded: &RecordedEvent) -> u64 {
    let mut hasher = DefaultHasher::new();
    recorded.event.stored_type().hash(&mut hasher);
    recorded.occurred_at.unix_seconds().hash(&mut hasher);
    mingzhang_events::encode_data(&recorded.event).unwrap_or_default().hash(&mut hasher);
    hasher.finish()
}

impl ReadModels {
    /// A member's branch at a second, or the last that they had before it.
    fn last_branch(&self, member: u32, at: i64) -> Option<u32> {
        let branches = self.roster.memberships(member).filter(|belongs| belongs.from <= at);
        branches.map(|belongs| belongs.organization).find(|&branch| branch != NONE)
    }

    /// Whom a record, or a decision on points, is about.
    fn subject(&self, record: EventId) -> Option<u32> {
        let owner = match self.records.number(record) {
            Some(number) => self.records.owner(number),
            None => self.awards.get(self.awards.number(record)?).member_month,
        };
        Some(self.member_months.get(owner).member)
    }
}
