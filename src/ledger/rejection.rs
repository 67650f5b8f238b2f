//! Refusals: the rules said no. A closed list with stable codes, in order of precedence: where several apply, the first is given.

use jiff::civil::Date;
use mingzhang_events::{ActivityId, ActorId, EventId, HouseholdId, Instant, MemberId, Month, OrganizationId};

macro_rules! rejections {
    ($($doc:literal $variant:ident $({ $($field:ident : $type:ty = $field_doc:literal),+ $(,)? })? = $code:literal),+ $(,)?) => {
        /// Why a command is refused. Nothing was recorded.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Rejection { $(#[doc = $doc] $variant $({ $(#[doc = $field_doc] $field: $type),+ })?),+ }

        impl Rejection {
            /// Every code with what it means, in order of precedence.
            pub const CODES: &'static [(&'static str, &'static str)] = &[$(($code, $doc)),+];

            /// The stable code.
            pub const fn code(&self) -> &'static str {
                match self { $(Rejection::$variant { .. } => $code),+ }
            }
        }
    };
}

rejections! {
    "The idempotency key was used before for another fact: send this one with a key of its own."
    KeyReusedWithOtherContent { recorded_as: EventId = "The event that the key stands for." } = "key_reused_with_other_content",
    "A text is empty, too long or has control characters, or a number is out of its range: mend it and try again."
    ContentOutOfRange { what: (&'static str, &'static str) = "Which field, and its range, in Chinese and in English." } = "content_out_of_range",
    "The fact would have happened in the future: check the time."
    OccurredInTheFuture { now: Instant = "The present instant." } = "occurred_in_the_future",
    "Facts of service say how they were evidenced, and acts of office are their own evidence: give that of the service, or `office`."
    EvidenceNotAccepted = "evidence_not_accepted",
    "The organisation is not in the tree: check its code, or establish it first."
    UnknownOrganization { organization: OrganizationId = "Which." } = "unknown_organization",
    "The member is not known to the ledger: put them on the roster first."
    UnknownMember { member: MemberId = "Who." } = "unknown_member",
    "The activity was never scheduled: schedule it first, or check its code."
    UnknownActivity { activity: ActivityId = "Which." } = "unknown_activity",
    "No record, grant or deduction has this id: check it."
    UnknownRecord { record: EventId = "Which." } = "unknown_record",
    "No record, decision, disclosure, notice or document has this id: check it. About a no-show, object to the line of the month: give the id of its disclosure or notice."
    UnknownSubject { subject: EventId = "Which." } = "unknown_subject",
    "No objection has this id: check it."
    UnknownObjection { objection: EventId = "Which." } = "unknown_objection",
    "No role of the actor allows this in that organisation: ask an operator for it."
    RoleDoesNotReach { role: &'static str = "The roles that would.", organization: Option<OrganizationId> = "Where; the whole ledger if absent." } = "role_does_not_reach",
    "The actor's right to record is suspended, and with it to correct minutes and to decide on points; reviews and reversals stay theirs. Let somebody else record it, or ask an operator."
    RecordingSuspended { actor: ActorId = "Whose." } = "recording_suspended",
    "What begins or ends a period, the issue of a document, and an objection by the member or by a role that the rules name, is recorded on the day on which it is done: leave the time out. If that is refused too, the machine's clock is behind the newest entry: an operator sets it, or it is done once the clock has reached that day."
    NotOfToday { today: Date = "The present local day: that of the newest entry if the clock is behind it." } = "not_of_today",
    "The month, or one after it, is frozen for this part of the tree: only reviews and corrections change it. What is missing is entered once an objection that says so is upheld."
    MonthFrozen { month: Month = "Which.", organization: OrganizationId = "The organisation that it was frozen for.", open_from: Date = "The local day from which on facts are taken at the latest." } = "month_frozen",
    "The month was disclosed for this part of the tree: only a publisher's corrections change it. Ask a publisher."
    MonthDisclosed { month: Month = "Which.", organization: OrganizationId = "The organisation that disclosed it." } = "month_disclosed",
    "The month, or one after it, is closed for this part of the tree: only a publisher's correction changes it. Whoever finds something missing or wrong objects to it."
    MonthClosed { month: Month = "Which.", organization: OrganizationId = "The organisation that it was closed for.", open_from: Date = "The local day from which on facts are taken at the latest." } = "month_closed",
    "The month is closed for this part of the tree, and by its rules it is final: make good for it by a grant or deduction in a later month."
    ClosedMonthFinal { month: Month = "Which.", organization: OrganizationId = "The organisation that it was closed for." } = "closed_month_final",
    "The organisation was not yet established at that time: check the time."
    OrganizationNotYetEstablished { organization: OrganizationId = "Which." } = "organization_not_yet_established",
    "The organisation was dissolved or merged at that time: name one that exists."
    OrganizationDissolved { organization: OrganizationId = "Which." } = "organization_dissolved",
    "An organisation with this code exists: check the code, or choose another."
    OrganizationExists { organization: OrganizationId = "Which." } = "organization_exists",
    "The tree has a root already: name the organisation above."
    RootExists { organization: OrganizationId = "The root." } = "root_exists",
    "An organisation can't be placed below itself: name another one above it."
    OrganizationBelowItself { organization: OrganizationId = "Which." } = "organization_below_itself",
    "The organisation still has members or sub-organisations: transfer or merge them first."
    OrganizationNotEmpty { organization: OrganizationId = "Which." } = "organization_not_empty",
    "The member is on the roster already: nothing needs to be done; a change of branch is a transfer."
    AlreadyOnRoster { member: MemberId = "Who.", organization: OrganizationId = "Where." } = "already_on_roster",
    "The member was not on the roster at that time: check the time, or put them on the roster first."
    NotOnRoster { member: MemberId = "Who." } = "not_on_roster",
    "A later change of the member's branch or class, or their leaving, is recorded already: say a time that isn't before it."
    RosterChangedSince { member: MemberId = "Who.", changed_at: Instant = "When the last change was." } = "roster_changed_since",
    "A consent that somebody passes on for a member is confirmed by both parties or attested: say how it was evidenced."
    NameConsentNotConfirmed { member: MemberId = "Whose." } = "name_consent_not_confirmed",
    "A certificate with a member's name is issued at their own request, confirmed by both parties or attested: say when they asked and how it was evidenced."
    CertificateNotRequested { member: MemberId = "Whose." } = "certificate_not_requested",
    "Name and log-ins of this member were erased: somebody who comes back is put on the roster under a new id."
    PersonErased { member: MemberId = "Who." } = "person_erased",
    "The member's consent to print the full name is in force already: nothing needs to be done."
    NameConsentInForce { member: MemberId = "Who." } = "name_consent_in_force",
    "The member has given no consent to print the full name, or has withdrawn it: nothing needs to be done."
    NoNameConsent { member: MemberId = "Who." } = "no_name_consent",
    "The actor's right to record is suspended already: restore it before another suspension."
    RecordingSuspendedAlready { actor: ActorId = "Whose." } = "recording_suspended_already",
    "The actor's right to record is not suspended: nothing needs to be restored; check who was meant."
    RecordingNotSuspended { actor: ActorId = "Whose." } = "recording_not_suspended",
    "The member belongs to that branch already: nothing needs to be done; check the branch."
    AlreadyInBranch { member: MemberId = "Who.", organization: OrganizationId = "Where." } = "already_in_branch",
    "The member is of that class already: nothing needs to be done."
    AlreadyInClass { member: MemberId = "Who." } = "already_in_class",
    "The member has reported to this community already: nothing needs to be done."
    AlreadyEnrolled { member: MemberId = "Who.", community: OrganizationId = "Where." } = "already_enrolled",
    "The member has not reported to this community: record that first."
    NotEnrolled { member: MemberId = "Who.", community: OrganizationId = "Where." } = "not_enrolled",
    "An activity with this id exists: choose another code, or see whether it is the same."
    ActivityExists { activity: ActivityId = "Which." } = "activity_exists",
    "The activity would end before it starts, or last more than a day: check the times; schedule each day by itself."
    ActivityTimesWrong = "activity_times_wrong",
    "The activity was cancelled: check which one was meant, or schedule another."
    ActivityCancelled { activity: ActivityId = "Which." } = "activity_cancelled",
    "The activity has started: signing up and withdrawing are over; record check-in or attendance."
    ActivityStarted { activity: ActivityId = "Which." } = "activity_started",
    "The member has signed up already: nothing needs to be done."
    AlreadySignedUp { member: MemberId = "Who.", activity: ActivityId = "For which." } = "already_signed_up",
    "The member has not signed up: nothing needs to be withdrawn; check the activity."
    NotSignedUp { member: MemberId = "Who.", activity: ActivityId = "For which." } = "not_signed_up",
    "Service at an activity begins from two hours before its planned start until its planned end, also by a correction: check the time; a missed check-in is recorded late."
    OutsideActivityTime { starts_at: Instant = "The planned start.", ends_at: Instant = "The planned end." } = "outside_activity_time",
    "Attendance is recorded for meetings and trainings; other activities have check-ins."
    KindHasNoAttendance = "kind_has_no_attendance",
    "The member's part in this activity, or that day's duty, is recorded already: correct that record if it is wrong."
    AlreadyRecorded { log_index: u64 = "The entry that recorded it." } = "already_recorded",
    "The member has not checked in to this activity, or has checked out already: record the check-in first."
    NotCheckedIn { member: MemberId = "Who.", activity: ActivityId = "Which." } = "not_checked_in",
    "The check-out would be before the check-in: check the time."
    CheckOutBeforeCheckIn { checked_in_at: Instant = "When they checked in." } = "check_out_before_check_in",
    "The service would last longer at a stretch than the rules allow: check the times."
    StretchTooLong { minutes_max: u16 = "The longest stretch, in minutes." } = "stretch_too_long",
    "The member was somewhere else at that time: check the times, or correct the other record first; who left a meeting early is corrected to their minutes there."
    OverlapsOtherService { log_index: u64 = "The entry of the record that it overlaps." } = "overlaps_other_service",
    "The member is paired with this household already: nothing needs to be done."
    AlreadyPaired { member: MemberId = "Who.", household: HouseholdId = "Whom." } = "already_paired",
    "The member was not paired with this household at that time: record the pairing first, or check the date."
    NotPaired { member: MemberId = "Who.", household: HouseholdId = "Whom." } = "not_paired",
    "The member is on the duty roster of that day already: nothing needs to be done."
    AlreadyOnDutyRoster { member: MemberId = "Who." } = "already_on_duty_roster",
    "The member was not on the duty roster of that day: put them on it first."
    NotOnDutyRoster { member: MemberId = "Who." } = "not_on_duty_roster",
    "Nobody reviews what they recorded: somebody else does."
    ReviewOfOwnRecord { record: EventId = "Which." } = "review_of_own_record",
    "Nobody reviews or decides what is about themselves: somebody else does."
    AboutOneself = "about_oneself",
    "The record was reversed: it can't be reviewed or corrected; if it did happen, record it anew. An objection to it is dismissed as `corrected_already`."
    RecordReversed { record: EventId = "Which." } = "record_reversed",
    "The record waits for its check-out: record that before it is reviewed."
    RecordOpen { record: EventId = "Which." } = "record_open",
    "The record was approved already: correct or reverse it if it is wrong."
    AlreadyApproved { record: EventId = "Which." } = "already_approved",
    "The actor took an earlier step of this record's review, and each step is somebody else's: let another reviewer take it."
    EarlierStepTaken { record: EventId = "Which." } = "earlier_step_taken",
    "The record was returned: correct it first."
    RecordReturned { record: EventId = "Which." } = "record_returned",
    "The corrected start is in another month: reverse the record and record it anew."
    CorrectionInOtherMonth { month: Month = "The record's month." } = "correction_in_other_month",
    "A grant or deduction is neither reviewed nor corrected: reverse it and decide anew."
    HasNoServiceTime { record: EventId = "Which." } = "has_no_service_time",
    "Only a reset or a veto is quashed: reverse another decision or record."
    NotAVetoOrReset { record: EventId = "Which." } = "not_a_veto_or_reset",
    "A correction because an objection was upheld names the decision, and no other correction names one: name it, or leave it out."
    DecisionNotNamed = "decision_not_named",
    "The decision upheld no objection to this record, or to this member's month of that time or later: check its id."
    DecisionOfOtherRecord { decision: EventId = "Which." } = "decision_of_other_record",
    "Something was corrected or recorded because of this decision already, and one decision admits one fact: raise another objection for another."
    DecisionAnswered { decision: EventId = "Which." } = "decision_answered",
    "The time for objections is over: object to the notice once it is issued, or, where that time is over too, tell a publisher what is wrong."
    ObjectionTooLate { until: Date = "The last local day; as long as the calendar of its year is missing, the latest that it can be.", after_notice: bool = "Whether there is another time for them, once the notice is issued." } = "objection_too_late",
    "An objection that was handed in in time is written down within three legal working days after the last day: these are over. Tell a publisher what is wrong."
    ObjectionWrittenDownTooLate { until: Date = "The last local day for it; as long as the calendar of its year is missing, the latest that it can be." } = "objection_written_down_too_late",
    "The record, decision, disclosure or notice isn't about this member: check which one."
    SubjectOfOthers { member: MemberId = "Who." } = "subject_of_others",
    "The same objection was raised already by the same person, or for them: wait for its decision, or withdraw it."
    AlreadyObjected = "already_objected",
    "The objection was decided already: another ground takes another objection."
    ObjectionDecided { objection: EventId = "Which." } = "objection_decided",
    "The objection was withdrawn: raise it anew if it still holds."
    ObjectionWithdrawn { objection: EventId = "Which." } = "objection_withdrawn",
    "Nobody decides an objection who raised it, or who ever recorded, changed or reviewed what it is about: assign it to somebody else."
    InvolvedInObjection { objection: EventId = "Which." } = "involved_in_objection",
    "The objection isn't assigned to this actor: a publisher assigns it first."
    ObjectionNotAssigned { objection: EventId = "Which." } = "objection_not_assigned",
    "An objection is withdrawn by whoever raised it, or by the member for whom a recorder did: ask them."
    ObjectionOfOthers { objection: EventId = "Which." } = "objection_of_others",
    "The rules in force have no such clause: check its number in their document."
    UnknownClause = "unknown_clause",
    "The clause is for grants only, or for deductions only: check which clause was meant."
    ClauseOfOtherDirection = "clause_of_other_direction",
    "The amount is above what the clause allows: give less."
    PointsAboveClause { points_max: mingzhang_events::Points = "The largest amount." } = "points_above_clause",
    "The rules document has a fault: `mingzhang rules check` shows where."
    RulesFaulty { fault: String = "Which." } = "rules_faulty",
    "Rules can't take effect in a month that is frozen or closed, or before it: let them take effect later."
    RulesForSettledMonth { month: Month = "The latest month that is frozen or closed." } = "rules_for_settled_month",
    "A version with this number was adopted before: give it a new number."
    RulesVersionExists = "rules_version_exists",
    "The month is not over: close it in the next one."
    MonthNotOver { month: Month = "Which." } = "month_not_over",
    "An earlier month with entries isn't settled: freeze or close months in their order, that one first."
    EarlierMonthOpen { month: Month = "Which.", organization: OrganizationId = "Whose." } = "earlier_month_open",
    "A later month is frozen or closed already, and nothing gets into this one any more: a month that was passed over isn't settled afterwards; settle months in their order."
    LaterMonthSettled { month: Month = "The later one.", organization: OrganizationId = "By which it is settled." } = "later_month_settled",
    "No rules are in force for the month: adopt some first."
    NoRulesInForce { month: Month = "Which." } = "no_rules_in_force",
    "The month is not frozen: freeze it before it is disclosed."
    MonthNotFrozen { month: Month = "Which." } = "month_not_frozen",
    "The rules of the month demand a longer disclosure: let it end later."
    DisclosureTooShort { working_days_min: u8 = "The shortest, in working days." } = "disclosure_too_short",
    "The legal working days of that year are not known: write its calendar into a rules document (`calendars`) and adopt that."
    CalendarMissing { year: i16 = "Which." } = "calendar_missing",
    "The last day of the disclosure isn't the last of its working days: give the right one."
    DisclosureEndWrong { until: Date = "The right one." } = "disclosure_end_wrong",
    "The rules of the month demand that it is disclosed before it is closed: disclose it first."
    MonthNotDisclosed { month: Month = "Which." } = "month_not_disclosed",
    "The disclosure goes on: close the month after its last day."
    DisclosureRunning { until: Date = "The last local day." } = "disclosure_running",
    "Objections to the month are undecided: decide them before it is closed."
    ObjectionsUndecided { objections: usize = "How many." } = "objections_undecided",
    "The rules make a closed month final, and something is still to be put right in it: correct what was upheld and what was returned, review what was corrected, then close it."
    CorrectionsDue {
        objections: usize = "Upheld objections that nothing was corrected for.",
        records: usize = "Records that were put right since the disclosure and wait for their review, or were returned by it.",
    } = "corrections_due",
    "The month is not closed: close it before its notice is issued."
    MonthNotClosed { month: Month = "Which." } = "month_not_closed",
    "This organisation has issued a notice with this number: choose another."
    NoticeNumberUsed = "notice_number_used",
    "The organisation has issued a notice about the month: supersede it."
    NoticeExists { notice: EventId = "The newest." } = "notice_exists",
    "Only the organisation's newest notice about the month is superseded: name that one."
    NoticeNotInForce { notice: EventId = "Which was named." } = "notice_not_in_force",
    "This very file was issued already: nothing needs to be done."
    DocumentIssuedAlready { document: EventId = "By which event." } = "document_issued_already",
    "This organisation has issued a certificate with this number: choose another."
    CertificateNumberUsed = "certificate_number_used",
    "Only a document of the same kind and about the same is superseded, and only once: name the newest."
    DocumentNotInForce { document: EventId = "Which was named." } = "document_not_in_force",
    "The checkpoint is larger than the log: check that this is the right ledger."
    CheckpointBeyondLog { tree_size: u64 = "The log's size." } = "checkpoint_beyond_log",
    "The checkpoint is from before the month was frozen or, for a notice, closed, or the notice whose place it takes issued: compose it anew."
    CheckpointBeforeStage { tree_size_min: u64 = "The smallest tree size that would do." } = "checkpoint_before_stage",
    "The signing key is handed over by `mingzhang key rotate` only: from the key in force to one that is at hand, signed by both."
    HandoverNotProved = "handover_not_proved",
}
