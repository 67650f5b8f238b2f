//! Members, their points and their ranking as JSON.

use super::Average;
use utoipa::ToSchema;
/// From when on a member belongs where.
#[derive(Debug, ToSchema)]
pub struct BranchMembership {
    /// From this instant on.
    pub from: String,
    /// The branch as recorded; none after leaving.
    pub organization: Option<String>,
    /// The member's class.
    pub class: String,
    /// Why they left, if they did.
    pub leaving: Option<String>,
}

/// An enrolment (报到) of a member.
#[derive(Debug, ToSchema)]
pub struct EnrollmentPeriod {
    /// The community.
    pub community: String,
    /// From this instant on.
    pub from: String,
    /// Until this instant; none while in force.
    pub until: Option<String>,
}

/// An exemption (免予报到) of a member.
#[derive(Debug, ToSchema)]
pub struct ExemptionPeriod {
    /// Why.
    pub reason: String,
    /// From this instant on.
    pub from: String,
    /// The last day; none without an end.
    pub until: Option<String>,
}

/// A member's place in the roster over time.
#[derive(Debug, ToSchema)]
pub struct MemberHistory {
    /// Who.
    pub member: String,
    /// Oldest first.
    pub branches: Vec<BranchMembership>,
    /// Oldest recorded first.
    pub enrollments: Vec<EnrollmentPeriod>,
    /// Oldest recorded first.
    pub exemptions: Vec<ExemptionPeriod>,
    /// The months in which the member has records, sign-ups or decisions, in order.
    pub months: Vec<String>,
}

/// What an item is for (事由).
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Occasion {
    /// 服务记录.
    Service,
    /// 请假.
    Leave,
    /// 无故缺席.
    Absence,
    /// 报名未到.
    NoShow,
    /// 加分决定.
    Granted,
    /// 扣分决定.
    Deducted,
    /// 清零决定.
    Reset,
    /// 一票否决决定.
    Vetoed,
    /// 基础分.
    Base,
}

/// Whether a fact counts, and if not, why not (记录是否有效).
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Standing {
    /// 有效.
    Accepted,
    /// 待审核: its evidence, or its correction after a return, needs an approval.
    Pending,
    /// 退回.
    Returned,
    /// 冲正.
    Reversed,
    /// 撤销.
    Quashed,
    /// 未签退.
    CheckOutMissing,
    /// 活动已取消.
    ActivityCancelled,
    /// 当时不在册.
    NotOnRoster,
}

/// Why an accepted fact gives or takes nothing.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Unscored {
    /// 当月无施行的细则.
    NoRules,
    /// 细则无此项.
    NoClause,
    /// 请假.
    OnLeave,
    /// 当时免予报到, 不扣分.
    Exempt,
    /// 超出补录限额.
    OverQuota,
    /// 一票否决后不计分.
    Vetoed,
}

/// What a step of the trail does (计算步骤).
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Step {
    /// 基数: what the clause gives before anything else.
    Basis,
    /// 系数.
    Coefficient,
    /// 上限.
    Cap,
}

/// What a cap that took effect is counted over (上限周期).
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum CapPeriod {
    /// 每次活动.
    Activity,
    /// 每日.
    Day,
    /// 每月.
    Month,
    /// 每季度.
    Quarter,
    /// 每年.
    Year,
    /// 累计.
    All,
    /// 单项决定.
    Decision,
}

/// One step of the trail.
#[derive(Debug, ToSchema)]
pub struct TrailStep {
    /// What it does.
    pub step: Step,
    /// By which clause: the item's, the coefficient's, or the one whose cap it is. None for the caps on everything.
    pub clause: Option<String>,
    /// The minutes that were scored at this step; only where time is scored.
    pub counted_minutes: Option<u32>,
    /// What was multiplied by.
    pub times: Option<String>,
    /// Which cap took effect.
    pub cap: Option<CapPeriod>,
    /// What it comes to after this step; below zero where points are taken.
    pub points: String,
}

/// A part of an assessment with its arithmetic.
#[derive(Debug, ToSchema)]
pub struct AssessedPart {
    /// What it looks at.
    pub of: String,
    /// What that is for the member.
    pub points: String,
    /// Its weight in percent.
    pub percent: u8,
    /// The product, half up to the hundredth.
    pub weighted: String,
}

/// A band that a member has reached.
#[derive(Debug, ToSchema)]
pub struct BandReached {
    /// Its clause.
    pub clause: String,
    /// What it is called.
    pub name: String,
    /// What follows from it.
    pub consequence: Option<String>,
}

/// A member's assessment (评定) at the end of a month.
#[derive(Debug, ToSchema)]
pub struct MemberAssessment {
    /// The sum of the weighted parts.
    pub points: String,
    /// What it is made of.
    pub parts: Vec<AssessedPart>,
    /// Minutes of voluntary service in the longest period that a part looks at.
    pub voluntary_minutes: u32,
    /// The clause of a veto in force at the end of the month: who is vetoed is in no band.
    pub vetoed_by: Option<String>,
    /// The first band whose thresholds are reached.
    pub band: Option<BandReached>,
}

/// One line of the explanation.
#[derive(Debug, ToSchema)]
pub struct ExplainedItem {
    /// What it is for.
    pub occasion: Occasion,
    /// Under which clause it gives or takes, or by which it gives nothing; none if no clause concerns it, or none yet.
    pub clause: Option<String>,
    /// What the clause is called; empty without one.
    pub name: String,
    /// Given or, below zero, taken.
    pub points: String,
    /// The same before caps.
    pub points_before_cap: String,
    /// How it came about: what the clause gives, then each coefficient and each cap that took effect. Ends in `points`.
    pub trail: Vec<TrailStep>,
    /// Whether it counts, and if not, why not.
    pub standing: Standing,
    /// Why it gives and takes nothing although it counts.
    pub unscored: Option<Unscored>,
    /// The kind of service; none for a decision.
    pub kind: Option<String>,
    /// In what capacity; none for a decision.
    pub class: Option<String>,
    /// When the service began, or the decision took effect.
    pub started_at: String,
    /// The local date that it counts on: of the planned start of its activity, or of its own.
    pub date: String,
    /// Whole minutes of service.
    pub minutes: u16,
    /// Where the member belonged at its date.
    pub branch: Option<String>,
    /// The activity, if it was one.
    pub activity: Option<String>,
    /// How it was evidenced; none for a no-show, which is the lack of a record.
    pub evidence: Option<String>,
    /// The entries it rests on: the one that opened it, then its reviews and corrections in order. The check-out of a
    /// check-in isn't among them.
    pub log_indexes: Vec<u64>,
    /// The same entries with their ids.
    pub events: Vec<EventName>,
}

/// A member's points in one month, explained.
#[derive(Debug, ToSchema)]
pub struct MemberPoints {
    /// Who.
    pub member: String,
    /// When.
    pub month: String,
    /// Where they belong at the last moment of the month.
    pub branch: Option<String>,
    /// The sum of the items, over all branches they belonged to.
    pub total: String,
    /// Minutes of voluntary service that count.
    pub voluntary_minutes: u32,
    /// Rank among the members of `branch`.
    pub rank_in_branch: Option<u64>,
    /// Members ranked in `branch`.
    pub ranked_in_branch: Option<u64>,
    /// The rules they were scored by; none if none were in force: then nothing earns points.
    pub rules_version: Option<String>,
    /// Every fact of the month in order of its start, those that earn nothing included.
    pub items: Vec<ExplainedItem>,
    /// How the member is assessed; none if the rules don't say how.
    pub assessment: Option<MemberAssessment>,
}

/// One member in a ranking.
#[derive(Debug, ToSchema)]
pub struct RankedMember {
    /// From 1; the same for the same points; the next skips (1, 2, 2, 4).
    pub rank: u64,
    /// Who.
    pub member: String,
    /// Where they belong at the last moment of the month; none if they have left.
    pub branch: Option<String>,
    /// Earned in the organisation in the month.
    pub points: String,
    /// Minutes of voluntary service in the organisation in the month.
    pub voluntary_minutes: u32,
}

/// A page of the ranking of an organisation's members (党员积分排名).
#[derive(Debug, ToSchema)]
pub struct MemberRanking {
    /// Whose members.
    pub organization: String,
    /// Of which month.
    pub month: String,
    /// How many are ranked in all.
    pub members: u64,
    /// By points, then by member id.
    pub rows: Vec<RankedMember>,
    /// Where the next page begins; none after the last.
    pub next: Option<String>,
}

/// One organisation in a ranking (组织积分排名).
#[derive(Debug, ToSchema)]
pub struct RankedOrganization {
    /// None while its average isn't published, and if a gate leaves it out.
    pub rank: Option<u64>,
    /// The clause of the gate that leaves it out of the ranking: its rate is too low.
    pub excluded_by: Option<String>,
    /// Which.
    pub organization: String,
    /// Its name at the last moment of the month.
    pub name: String,
    /// Earned by its members in the month.
    pub points: String,
    /// Points per member due.
    pub average: Average,
}

/// An entry that a point rests on.
#[derive(Debug, ToSchema)]
pub struct EventName {
    /// Its place in the log.
    pub log_index: u64,
    /// Its id.
    pub id: String,
}

/// The organisations directly below one, in order.
#[derive(Debug, ToSchema)]
pub struct OrganizationRanking {
    /// Below which.
    pub organization: String,
    /// Of which month.
    pub month: String,
    /// By points per member due; those without a published average last.
    pub rows: Vec<RankedOrganization>,
    /// Where the next page begins; none after the last.
    pub next: Option<String>,
}

/// Who a member is.
#[derive(Debug, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The member's id in the log.
    #[schema(pattern = "^m[0-9a-f][0-9a-hjkmnp-tv-z]{12}$")]
    pub member: String,
    /// The full name.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// The organisation's own number for them.
    #[schema(min_length = 1, max_length = 100)]
    pub number: Option<String>,
}

/// What opens the commitments to a member: a file of `mingzhang audit --reveal`.
#[derive(Debug, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reveal {
    /// `mingzhang.reveal.v1`.
    pub format: String,
    /// The name of the log.
    pub origin: String,
    /// The member's id in the log.
    #[schema(pattern = "^m[0-9a-f][0-9a-hjkmnp-tv-z]{12}$")]
    pub member: String,
    /// The full name.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Of the commitment to the name.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub name_salt: String,
    /// The organisation's own number for them.
    #[schema(min_length = 1, max_length = 100)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Of the commitment to the number.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_salt: Option<String>,
}

/// Whom is asked for.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MembersWanted {
    /// At most 2,000.
    #[schema(max_items = 2000)]
    pub members: Vec<MemberWanted>,
}

/// By id or number; or by name and branch. What is said beside an id or a number has to be theirs, as far as it is on record.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberWanted {
    /// The opaque id.
    #[schema(pattern = "^m[0-9a-f][0-9a-hjkmnp-tv-z]{12}$")]
    pub member: Option<String>,
    /// The organisation's own number.
    pub number: Option<String>,
    /// The full name.
    pub name: Option<String>,
    /// The code of the branch that they belong to now; beside an id or a number, of one that they ever belonged to, or of one above it.
    pub branch: Option<String>,
}

/// Who they are.
#[derive(Debug, ToSchema)]
pub struct MembersFound {
    /// For each in order: the ids of all who fit.
    pub members: Vec<Vec<String>>,
}

/// Codes of households.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HouseholdsWanted {
    /// At most 2,000.
    #[schema(max_items = 2000)]
    pub households: Vec<HouseholdWanted>,
}

/// A code, with the id that it gets if it is new.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HouseholdWanted {
    /// The street's own code.
    #[schema(min_length = 1, max_length = 100)]
    pub code: String,
    /// A random id; without one the code is only looked up.
    #[schema(example = "h0000000000001")]
    pub household: Option<String>,
}

/// Which households the codes stand for.
#[derive(Debug, ToSchema)]
pub struct HouseholdsKnown {
    /// For each in order: its id; null if it isn't known.
    pub households: Vec<Option<String>>,
}
