//! How records were entered, and what that took, as JSON.

use utoipa::ToSchema;

/// From when on something is told of (核查标准): as the rules of the month have it.
#[derive(Debug, ToSchema)]
pub struct ConductLimits {
    /// Within how many minutes records by one hand are a burst.
    pub burst_minutes: u16,
    /// From how many records on.
    pub burst_records_min: u16,
    /// A record is late if it was recorded more than so many days after its date.
    pub late_after_days: u16,
    /// More minutes of service on one day are hardly possible.
    pub plausible_day_minutes: u16,
}

/// An organisation's share.
#[derive(Debug, ToSchema)]
pub struct OrganizationConduct {
    /// Which: directly below the one asked about, or itself for records of its own members.
    pub organization: String,
    /// Its name.
    pub name: String,
    /// Records of its members.
    pub records: u32,
    /// 补录.
    pub back_entered: u32,
    /// 导入.
    pub imported: u32,
    /// 逾期登记.
    pub late: u32,
}

/// A recorder's (经办人) share.
#[derive(Debug, ToSchema)]
pub struct RecorderConduct {
    /// Who.
    pub actor: String,
    /// What they entered.
    pub records: u32,
    /// 补录.
    pub back_entered: u32,
    /// 导入.
    pub imported: u32,
    /// 逾期登记.
    pub late: u32,
    /// About themselves.
    pub about_oneself: u32,
    /// About somebody over whose points they also decide, or in whose branch's superior organisation they are a member.
    pub as_superior: u32,
    /// Corrections of records in closed months.
    pub corrections_after_close: u32,
    /// Whether their right to record is suspended now.
    pub suspended: bool,
}

/// Many records by one hand in a short time (集中登记).
#[derive(Debug, ToSchema)]
pub struct Burst {
    /// By whom.
    pub actor: String,
    /// The minute of the first.
    pub from: String,
    /// How many.
    pub records: u32,
}

/// Who reviews whom.
#[derive(Debug, ToSchema)]
pub struct ReviewPair {
    /// Who entered.
    pub recorder: String,
    /// Who reviewed.
    pub reviewer: String,
    /// How many reviews.
    pub reviews: u32,
    /// Of all reviews of what this recorder entered.
    pub of_recorder: u32,
    /// Whether they review each other.
    pub mutual: bool,
}

/// A day on which somebody served longer than is plausible (超长的一天).
#[derive(Debug, ToSchema)]
pub struct LongDay {
    /// Who.
    pub member: String,
    /// The local day that the records are of: that of the planned start of their activity, or of their own.
    pub date: String,
    /// Whole minutes.
    pub minutes: u32,
}

/// Two records of a member at the same time.
#[derive(Debug, ToSchema)]
pub struct Overlap {
    /// Who.
    pub member: String,
    /// The entry of the one.
    pub log_index: u64,
    /// The entry of the other.
    pub other_log_index: u64,
    /// How long both lasted.
    pub minutes: u32,
}

/// A suspension of somebody's right to record (暂停登记).
#[derive(Debug, ToSchema)]
pub struct Suspension {
    /// Whose.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// From this instant on.
    pub since: String,
    /// The last local day; null without an end.
    pub until: Option<String>,
    /// When it was ended before that; null if it wasn't.
    pub restored_at: Option<String>,
    /// The entry that suspended.
    pub log_index: u64,
}

/// How the records of a month were entered (经办情况).
#[derive(Debug, ToSchema)]
pub struct Conduct {
    /// Of whose members, with all below.
    pub organization: String,
    /// Of which month: records that are dated in it.
    pub month: String,
    /// Of a log of so many entries.
    pub tree_size: u64,
    /// From when on something is told of: by the rules of the month.
    pub limits: ConductLimits,
    /// All records, whatever became of them.
    pub records: u32,
    /// 补录.
    pub back_entered: u32,
    /// 导入.
    pub imported: u32,
    /// 逾期登记.
    pub late: u32,
    /// How many bursts there are, before the list was cut.
    pub bursts_count: usize,
    /// How many days that are too long.
    pub long_days_count: usize,
    /// How many overlaps.
    pub overlaps_count: usize,
    /// By code; those without records are left out.
    pub organizations: Vec<OrganizationConduct>,
    /// Most back-entries first.
    pub recorders: Vec<RecorderConduct>,
    /// Largest first; 200 at most.
    pub bursts: Vec<Burst>,
    /// Most reviews first; 200 at most.
    pub review_pairs: Vec<ReviewPair>,
    /// Longest first; 200 at most.
    pub long_days: Vec<LongDay>,
    /// In order of member and time; 200 at most.
    pub overlaps: Vec<Overlap>,
    /// Everybody whose right to record was ever suspended, in order of the log.
    pub suspensions: Vec<Suspension>,
}

/// Facts, and the fields that they have.
#[derive(Debug, ToSchema)]
pub struct Effort {
    /// How many facts.
    pub facts: u64,
    /// How many fields they have together: those of the fact, and its time if it was told.
    pub fields: u64,
}

/// Facts of one stored type.
#[derive(Debug, ToSchema)]
pub struct KindEffort {
    /// The stored type.
    pub r#type: String,
    /// All of them, however they were entered.
    pub facts: u64,
    /// How many fields they have together.
    pub fields: u64,
}

/// What was entered more often than it happened.
#[derive(Debug, ToSchema)]
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

/// What was handed in again and not recorded, since the service started.
#[derive(Debug, ToSchema)]
pub struct Repetitions {
    /// The same command again, with its key: answered with the first receipt.
    pub repeated: u64,
    /// The same fact, or one at the same time, under another key: refused.
    pub refused_as_known: u64,
}

/// What recording a month took (登记负担): of facts recorded in it.
#[derive(Debug, ToSchema)]
pub struct Burden {
    /// Of which organisation, with all below.
    pub organization: String,
    /// When they were recorded, not when they happened.
    pub month: String,
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
    /// Typed fields for each record, in hundredths; null without records.
    pub typed_fields_per_record_hundredths: Option<u64>,
    /// What was entered again.
    pub entered_again: EnteredAgain,
    /// By type, most fields first.
    pub kinds: Vec<KindEffort>,
    /// Of the whole ledger and now, whatever `as_of` says: no entry tells of it.
    pub not_recorded_since_start: Repetitions,
}
