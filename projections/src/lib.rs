//! What it means: pure folds of the log that cannot fail, and the questions asked of them.
//!
//! No I/O, no clock, no randomness, no floats, no order of hash maps: the same log gives the same bytes. [`ReadModels`] takes
//! events one by one (`apply`), brings totals up to date once a batch (`settle`), answers queries, and is written to bytes
//! and read back (`to_bytes`, `from_bytes`).

mod activities;
mod amendments;
mod assessment;
mod attendance;
mod awards;
mod burden;
mod cache;
mod conduct;
mod course;
mod dates;
mod documents;
mod duty;
mod duty_coverage;
mod explanation;
mod facts;
mod figures;
mod fold;
mod intern;
mod listing;
mod marks;
mod member_months;
mod models;
mod months;
mod objections;
mod ordered_members;
mod organizations;
mod pairings;
mod participation;
mod people;
mod progress;
mod queries;
mod ranking;
mod rates;
mod record_index;
mod recorded_days;
mod recorders;
mod records;
mod register;
mod review_steps;
mod revisions;
mod roster;
mod rules;
mod sanctions;
mod scoring;
mod settle;
mod simulation;
mod snapshot;
mod span;
mod subtraction;
mod summary;
mod touch;
mod tree;

pub use assessment::{AssessedPart, BandReached, MemberAssessment};
pub use attendance::{Attendance, EvidenceShare, Patrols, SessionAttendance};
pub use burden::{Burden, BurdenCount, Effort, EnteredAgain, KindEffort};
pub use conduct::{
    Burst, Conduct, ConductLimits, Entered, KnownRecorder, LISTED_MAX, LongDay, OrganizationConduct, Overlap,
    RecorderConduct, ReviewPair,
};
pub use course::CourseMonth;
pub use documents::{DocumentStanding, IssuedDocument, Successor};
pub use duty_coverage::{DutyCoverage, DutyPlace};
pub use explanation::{ExplainedItem, MemberPoints, Occasion};
pub use facts::Standing;
pub use listing::{ActivityRow, DecisionRow, RecordRow, SignUpRow};
pub use models::ReadModels;
pub use objections::{ListedObjection, ObjectionEntry, ObjectionStanding};
pub use progress::{BranchWork, DisclosureEntry, MonthProgress, MonthStage, WorkLeft};
pub use queries::{
    BranchMembership, ClosedMonth, EnrollmentPeriod, ExemptionPeriod, MemberHistory, NoticeEntry, OrganizationCard,
    RecordState,
};
pub use ranking::{CursorError, MemberRanking, RankedMember, RankedOrganization, RankingCursor};
pub use rates::{Average, Rate, Rates, Withheld};
pub use recorders::Recorders;
pub use register::{AttendanceSheet, RegisterLine, SheetLine};
pub use review_steps::{StepWork, WaitingRecord};
pub use revisions::{Admitted, Revised, Revision};
pub use rules::{DEFAULT_RULES_TOML, DocumentFault, check_rules, parse_rules};
pub use sanctions::Suspension;
pub use scoring::Unscored;
pub use scoring::trail::{CapPeriod, Step, TrailStep};
pub use simulation::{BandMove, GateMove, Mover, SimulatedMonth, Simulation};
pub use snapshot::{SNAPSHOT_FORMAT, SnapshotError};
pub use summary::{Change, ChildSummary, MemberCounts, MonthSummary, RecordCounts};
