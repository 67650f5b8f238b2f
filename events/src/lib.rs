//! What happened: the facts of the ledger, their names and their bytes.
//!
//! Pure: no clock, no I/O, no floats, no order of hash maps. Everything stored is defined here and only here. A stored type is
//! never changed: a new version is a new type, and the old one is upcast on reading.

mod activity;
mod award;
mod calendar;
mod closed_list;
mod commitment;
mod correction;
mod date;
mod document;
mod duty;
mod encoding;
mod event;
mod evidence;
mod id;
mod integer;
mod key;
mod month;
mod name;
mod objection;
mod organization;
mod pairing;
mod person;
mod points;
mod review;
mod roster;
mod rules;
mod sanction;
mod service;
mod text;
mod time;

pub use activity::{
    ActivityCancelled, ActivityClass, ActivityKind, ActivityScheduled, CancellationReason, EARLY_MINUTES,
    EmergencyGrade, MemberSignedUp, SignUpWithdrawn,
};
pub use award::{DecisionQuashed, PointsDeducted, PointsGranted, PointsReset, PointsVetoed, QuashingReason};
pub use calendar::{CalendarMissing, LegalCalendar, is_working_day};
pub use closed_list::UnknownWord;
pub use commitment::{Commitment, CommitmentError};
pub use correction::{CorrectionReason, RecordCorrected, RecordReversed};
pub use document::{DocumentFormat, DocumentIssued, DocumentKind};
pub use duty::DutyRostered;
pub use encoding::{
    DecodeError, ENTRY_BYTES_MAX, EncodeError, decode, decode_canonical, decode_data, encode, encode_data,
};
pub use event::{Event, RecordedEvent};
pub use evidence::{Evidence, FileDigest, FileDigestError, ImportedRow, ImportedRowError};
pub use id::{ActivityId, ActorId, ClauseId, EventId, HouseholdId, IdError, MemberId, OrganizationId, RulesVersion};
pub use key::SigningKeyRotated;
pub use month::{DisclosureOpened, MonthClosed, MonthFrozen, NoticeFormat, NoticeIssued};
pub use name::{NAME_CHARACTERS_MAX, is_public_name};
pub use objection::{
    DismissalReason, ObjectionAssigned, ObjectionDismissed, ObjectionGround, ObjectionRaised, ObjectionUpheld,
    ObjectionWithdrawn,
};
pub use organization::{
    OrganizationDissolved, OrganizationEstablished, OrganizationLevel, OrganizationMerged, OrganizationMoved,
    OrganizationRenamed,
};
pub use pairing::{HardshipPairingEnded, HardshipPairingFormed};
pub use person::{IdentityCommitted, NameConsentGiven, NameConsentWithdrawn, PersonErased};
pub use points::{Points, PointsError};
pub use review::{ReturnReason, ServiceApproved, ServiceReturned};
pub use roster::{
    EnrollmentEnded, ExemptionReason, LeavingReason, MemberClass, MemberEnrolled, MemberExempted, MemberLeft,
    MemberReclassified, MemberRostered, MemberTransferred,
};
pub use rules::{
    Assessment, AssessmentPart, AwardClause, AwardDirection, BackEntryQuota, Band, BasePoints, Bracket, Caps,
    ClosedMonthCorrections, Coefficient, ConductRules, Cutoff, DeductionGround, DeductionItem, DisclosureRules, Factor,
    FactorError, Gate, Holiday, MakeUpDay, Measure, ObjectorRole, Objectors, Period, PeriodClause, RateDefinition,
    RateKind, RecordDating, ReviewRole, ReviewStep, Rounding, RulesFault, ScoringGroup, ScoringItem, ScoringRules,
    ScoringRulesAdopted, ScoringUnit, TimeOfDay, TimeOfDayError, TimeWindow, WindowCount, YearCalendar,
};
pub use sanction::{RecordingRestored, RecordingSuspended, SuspensionReason};
pub use service::{
    AttendanceOutcome, AttendanceRecorded, DutyServed, HomeVisitMade, LateCheckInReason, LateCheckInRecorded,
    MemberCheckedIn, MemberCheckedOut,
};
pub use time::{Instant, Month, SHANGHAI_OFFSET_SECONDS, TimeError, date_from_days, day_number};
