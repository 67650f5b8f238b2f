//! Months on their way and objections as JSON.

use super::{ClosedMonth, NoticeEntry, OrganizationCard};
use utoipa::ToSchema;

/// The disclosure to open.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisclosureWanted {
    /// Whose.
    #[schema(pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$")]
    pub organization: String,
    /// For how many legal working days; as many as the rules demand unless said otherwise.
    #[schema(example = 5, minimum = 1)]
    pub working_days: Option<u8>,
}

/// How far a month has come. Each stage is reached by an act of a person.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum MonthStage {
    /// 登记中.
    Open,
    /// 已冻结.
    Frozen,
    /// 公示期.
    Disclosed,
    /// 异议处理中.
    Objections,
    /// 异议办结.
    Decided,
    /// 已月结.
    Closed,
    /// 已通报.
    Issued,
    /// 原通报已更正.
    Superseded,
}

/// A disclosure (公示).
#[derive(Debug, ToSchema)]
pub struct DisclosureEntry {
    /// The event that opened it: its draft is read under `/v1/notices/{id}`.
    pub id: String,
    /// The month it is about.
    pub month: String,
    /// Whose it is.
    pub organization: String,
    /// SHA-256 of the canonical JSON of the draft in hex.
    pub digest: String,
    /// The checkpoint that its figures rest on.
    pub tree_size: u64,
    /// The checkpoint's root hash in hex.
    pub root_hash: String,
    /// When it was opened.
    pub opened_at: String,
    /// Its last local day.
    pub until: String,
    /// How many legal working days it lasts.
    pub working_days: u8,
    /// By which entry.
    pub log_index: u64,
}

/// Disclosures, newest first, and how to object to them.
#[derive(Debug, ToSchema)]
pub struct DisclosureList {
    /// The page.
    pub disclosures: Vec<DisclosureEntry>,
    /// Where and by whom objections are raised, in Chinese.
    pub how_to_object: String,
    /// Whom to turn to, if the operator has said.
    pub contact: Option<String>,
    /// The cursor of the next page; null after the last.
    pub next: Option<String>,
}

/// What is left to do.
#[derive(Debug, ToSchema)]
pub struct WorkLeft {
    /// Records that wait for a review (待审核).
    pub unreviewed: u32,
    /// Records that nobody had reviewed when the month was shown to everybody (公示时未审核): they count for nothing, and only a correction lets
    /// them be reviewed again.
    pub shown_unreviewed: u32,
    /// Records that were returned and not mended (退回未补正).
    pub returned: u32,
    /// Check-ins without a check-out (未签退).
    pub open_check_ins: u32,
    /// Records entered afterwards (补录), pending or accepted: for attention.
    pub back_entered: u32,
    /// Objections that nobody has decided (异议待决定).
    pub objections_undecided: u32,
    /// Objections that were upheld and that no correction has followed (异议成立未更正).
    pub corrections_due: u32,
}

/// What waits at one step of the review (审核环节).
#[derive(Debug, ToSchema)]
pub struct StepWork {
    /// Which, from 1.
    pub step: u8,
    /// What it is called; empty without a review chain.
    pub name: String,
    /// Who acts.
    pub role: ReviewRole,
    /// The level of the organisation that acts; null for any.
    pub level: Option<String>,
    /// How many records wait.
    pub records: u32,
    /// Since which local day the first of them waits.
    pub since: String,
    /// The first of their last local days; null without a deadline.
    pub until: Option<String>,
    /// How many are past theirs, at the newest entry.
    pub overdue: u32,
}

/// A record that waits for its review (待审核).
#[derive(Debug, ToSchema)]
pub struct WaitingRecord {
    /// The event that opened it: what a review names.
    pub id: String,
    /// The entry that opened it.
    pub log_index: u64,
    /// The newest entry about it: what the step follows.
    pub last_log_index: u64,
    /// Whose.
    pub member: String,
    /// Where they belonged at its date.
    pub branch: String,
    /// Of what kind.
    pub kind: String,
    /// When the service began, as corrected.
    pub started_at: String,
    /// Whole minutes, as corrected.
    pub minutes: u16,
    /// How it was evidenced.
    pub evidence: String,
    /// Which step of its review is next, from 1.
    pub step: u8,
    /// What the step is called; empty without a review chain.
    pub step_name: String,
    /// Who acts.
    pub role: ReviewRole,
    /// The level of the organisation that acts; null for any.
    pub level: Option<String>,
    /// Since which local day it has waited for this step.
    pub since: String,
    /// The last local day for it; null without a deadline.
    pub until: Option<String>,
    /// Whether that day is over, at the newest entry.
    pub overdue: bool,
}

/// What waits for a review.
#[derive(Debug, ToSchema)]
pub struct WaitingList {
    /// In which month.
    pub month: String,
    /// How many records in all.
    pub waiting: usize,
    /// The first of them, in order of their deadlines.
    pub records: Vec<WaitingRecord>,
}

/// Who acts at a step of the review chain (审核角色).
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum ReviewRole {
    /// 审核人.
    Reviewer,
    /// 发布人.
    Publisher,
}

/// What is left to do in one organisation itself, without those below it.
#[derive(Debug, ToSchema)]
pub struct BranchWork {
    /// Which.
    pub organization: OrganizationCard,
    /// What.
    pub work_left: WorkLeft,
    /// What of it waits at which step of the review, in order.
    pub review_steps: Vec<StepWork>,
}

/// An organisation's month on its way.
#[derive(Debug, ToSchema)]
pub struct MonthProgress {
    /// Which organisation.
    pub organization: OrganizationCard,
    /// Which month.
    pub month: String,
    /// How far it has come.
    pub stage: MonthStage,
    /// When it was frozen; null if it wasn't.
    pub frozen_at: Option<String>,
    /// For how many working days the rules demand that it is disclosed before its close; null if they don't.
    pub disclosure_working_days_min: Option<u8>,
    /// The disclosure that covers the organisation.
    pub disclosure: Option<DisclosureEntry>,
    /// The close that covers it.
    pub closed: Option<ClosedMonth>,
    /// The organisation's newest notice about the month.
    pub notice: Option<NoticeEntry>,
    /// In all of it.
    pub work_left: WorkLeft,
    /// What of it waits at which step of the review, in order.
    pub review_steps: Vec<StepWork>,
    /// Entries since the newest notice that corrected the month: one that supersedes it is due.
    pub corrections_unpublished: u32,
    /// The local day on which it was asked, of a past tree size that of its newest entry: what is overdue is so on that day.
    pub counted_on: String,
    /// The years whose calendars are missing for the last days of objections to its newest notice and of their decisions: write them into a rules
    /// document (`calendars`) and adopt that. Until then an objection is taken until the latest day that its last one can be.
    pub calendars_missing: Vec<i16>,
    /// Where something is left to do, each before those below it.
    pub branches: Vec<BranchWork>,
}

/// Where an objection stands (异议状态).
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum ObjectionStanding {
    /// 待分派.
    Raised,
    /// 待决定.
    Assigned,
    /// 成立.
    Upheld,
    /// 不成立.
    Dismissed,
    /// 已撤回.
    Withdrawn,
}

/// An objection (异议).
#[derive(Debug, ToSchema)]
pub struct ObjectionEntry {
    /// The event that raised it.
    pub id: String,
    /// Which month it is about.
    pub month: String,
    /// Whose record or line it is about.
    pub member: String,
    /// The member's branch when it was raised; null off the roster.
    pub branch: Option<String>,
    /// What is said to be wrong.
    pub ground: String,
    /// The record, decision, disclosure or notice that it is about.
    pub subject: String,
    /// When.
    pub raised_at: String,
    /// The last local day for its decision; null without a deadline, or in a year whose calendar is missing.
    pub decide_until: Option<String>,
    /// The year whose calendar is missing, so that nobody knows that last day yet: write it into a rules document (`calendars`) and adopt that.
    pub calendar_missing: Option<i16>,
    /// Where it stands.
    pub standing: ObjectionStanding,
    /// Who is to decide it, or did.
    pub assignee: Option<String>,
    /// The event that decided it, or withdrew it.
    pub decision: Option<String>,
    /// When.
    pub decided_at: Option<String>,
    /// Why it was dismissed.
    pub reason: Option<String>,
    /// The clause that the decision rests on.
    pub clause: Option<String>,
    /// The entries that corrected something because it was upheld.
    pub corrections: Vec<u64>,
    /// By which entry it was raised.
    pub log_index: u64,
    /// Whether nobody has decided it and its last day is over.
    pub overdue: bool,
}

/// Objections in the order in which they were raised.
#[derive(Debug, ToSchema)]
pub struct ObjectionList {
    /// The page.
    pub objections: Vec<ObjectionEntry>,
    /// The cursor of the next page; null after the last.
    pub next: Option<String>,
}
