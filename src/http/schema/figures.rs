//! Figures of a month as JSON.

use utoipa::ToSchema;

/// Why a rate or average has no value.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Withheld {
    /// Nothing to divide by: "—", never 0 % or 100 %.
    NothingToDivideBy,
    /// Fewer members than the rules allow to be published (5 unless they say otherwise).
    SmallGroup,
    /// That of a small group would follow from it by subtraction.
    BesideSmallGroup,
}

/// A rate with what it is made of.
#[derive(Debug, ToSchema)]
pub struct Rate {
    /// How many of those below the line.
    pub numerator: u32,
    /// Of how many.
    pub denominator: u32,
    /// In hundredths of a percent, half up: 6667 is 66.67 %. None if withheld.
    pub percent_hundredths: Option<u32>,
    /// Why it is withheld.
    pub withheld: Option<Withheld>,
}

/// Points per member due.
#[derive(Debug, ToSchema)]
pub struct Average {
    /// Members due.
    pub due: u32,
    /// Half up to the hundredth. None if withheld.
    pub points: Option<String>,
    /// Why it is withheld.
    pub withheld: Option<Withheld>,
}

/// Members of an organisation at the last moment of a month.
#[derive(Debug, ToSchema)]
pub struct MemberCounts {
    /// 在册.
    pub rostered: u32,
    /// 免予报到.
    pub exempt: u32,
    /// 应参加: rostered less exempt.
    pub due: u32,
}

/// Records of an organisation's members in a month.
#[derive(Debug, ToSchema)]
pub struct RecordCounts {
    /// 有效.
    pub accepted: u32,
    /// 待审核.
    pub pending: u32,
    /// 退回.
    pub returned: u32,
    /// 未签退.
    pub check_out_missing: u32,
    /// Accepted home visits.
    pub home_visits: u32,
}

/// How many records are evidenced in one way.
#[derive(Debug, ToSchema)]
pub struct EvidenceShare {
    /// How.
    pub evidence: String,
    /// Accepted and pending records.
    pub records: u32,
    /// Of all of them.
    pub share: Rate,
}

/// Meetings or trainings of a month.
#[derive(Debug, ToSchema)]
pub struct SessionAttendance {
    /// How many were held and not cancelled.
    pub held: u32,
    /// Accepted attendances.
    pub attended: u32,
    /// Leaves.
    pub on_leave: u32,
    /// Absences without leave.
    pub absent: u32,
    /// 出席率: attended ÷ all three.
    pub rate: Rate,
}

/// Night patrols (夜间巡逻) of a month.
#[derive(Debug, ToSchema)]
pub struct Patrols {
    /// Shifts held and not cancelled.
    pub shifts: u32,
    /// Sign-ups in force, one for each member and shift.
    pub signed_up: u32,
    /// Accepted records.
    pub attended: u32,
    /// Sign-ups without a record; 0 until the month is frozen for the member's branch (closed, if its freeze didn't say so).
    pub no_shows: u32,
    /// Minutes of accepted records.
    pub minutes: u64,
}

/// One community's month of duty.
#[derive(Debug, ToSchema)]
pub struct DutyPlace {
    /// Which.
    pub organization: String,
    /// Its name at the last moment of the month.
    pub name: String,
    /// Days for which anybody was rostered.
    pub days_rostered: u32,
    /// Working days on which enough members served.
    pub days_covered: u32,
    /// The working days on which too few did.
    pub uncovered: Vec<String>,
}

/// The duty of all communities of an organisation in a month.
#[derive(Debug, ToSchema)]
pub struct DutyCoverage {
    /// How many members a working day needs, by the rules in force (2 without rules).
    pub members_per_working_day: u8,
    /// The legal working days of the month.
    pub working_days: u32,
    /// Covered days ÷ working days, of all communities together.
    pub rate: Rate,
    /// The communities by code, and other organisations for which duty was served or rostered outside any community.
    pub places: Vec<DutyPlace>,
}

/// Against the month before.
#[derive(Debug, ToSchema)]
pub struct Change {
    /// Points more, or below zero fewer.
    pub points: String,
    /// Average points more or fewer; none if either month's is withheld.
    pub average_points: Option<String>,
    /// Minutes of voluntary service more or fewer.
    pub voluntary_minutes: i64,
    /// 报到率, in hundredths of a percentage point; none if either month's is withheld.
    pub enrollment_percent_hundredths: Option<i64>,
    /// 结对报名率, likewise.
    pub pairing_sign_up_percent_hundredths: Option<i64>,
    /// 巡逻报名率, likewise.
    pub patrol_sign_up_percent_hundredths: Option<i64>,
}

/// The rates of an organisation and all below it in one month. Due (应参加) are the members on the roster at the last moment
/// of the month who aren't exempt then; only they count above the line too.
#[derive(Debug, ToSchema)]
pub struct MonthRates {
    /// 党员报到率: enrolled with a community at the last moment of the month; several communities count once.
    pub enrollment: Rate,
    /// 结对报名率: in a pairing in force at some time of the month.
    pub pairing_sign_up: Rate,
    /// 巡逻报名率: signed up for a night patrol of the month, not withdrawn before its start, not cancelled.
    pub patrol_sign_up: Rate,
    /// 走访参与率: with an accepted home visit in the month.
    pub visit_participation: Rate,
    /// 巡逻参与率: with an accepted night patrol in the month.
    pub patrol_participation: Rate,
    /// 参与率: with an accepted record of any kind in the month.
    pub participation: Rate,
}

/// Attendance (出席情况) at meetings and trainings.
#[derive(Debug, ToSchema)]
pub struct Sessions {
    /// 会议.
    pub meetings: SessionAttendance,
    /// 培训.
    pub trainings: SessionAttendance,
}

/// The row of an organisation directly below.
#[derive(Debug, ToSchema)]
pub struct ChildSummary {
    /// Which.
    pub organization: OrganizationCard,
    /// By average points among its siblings; none while its average is withheld.
    pub rank: Option<u64>,
    /// Its members.
    pub members: MemberCounts,
    /// Points its members earned.
    pub points: String,
    /// Points per member due.
    pub average: Average,
    /// Minutes of voluntary service.
    pub voluntary_minutes: u64,
    /// Its rates.
    pub rates: MonthRates,
    /// Its records.
    pub records: RecordCounts,
}

/// A close (月结).
#[derive(Debug, ToSchema)]
pub struct ClosedMonth {
    /// When.
    pub closed_at: String,
    /// By which entry.
    pub log_index: u64,
}

/// An organisation in one line, as it was at some instant.
#[derive(Debug, ToSchema)]
pub struct OrganizationCard {
    /// Its code.
    pub organization: String,
    /// Its name then.
    pub name: String,
    /// Its level.
    pub level: String,
    /// The organisation above it then; none for a root.
    pub parent: Option<String>,
    /// Whether it existed then: established, and neither merged nor dissolved.
    pub exists: bool,
}

/// One organisation's month.
#[derive(Debug, ToSchema)]
pub struct MonthSummary {
    /// Which organisation.
    pub organization: OrganizationCard,
    /// Which month.
    pub month: String,
    /// The entries of the log that the figures rest on.
    pub tree_size: u64,
    /// The rules in force; none if there were none.
    pub rules_version: Option<String>,
    /// The close that covers the organisation; none while the month is open.
    pub closed: Option<ClosedMonth>,
    /// The smallest group whose rates and averages are published.
    pub published_group_members_min: u32,
    /// Its members.
    pub members: MemberCounts,
    /// Points earned in it.
    pub points: String,
    /// Points per member due.
    pub average: Average,
    /// Minutes of voluntary service.
    pub voluntary_minutes: u64,
    /// The rates.
    pub rates: MonthRates,
    /// Meetings and trainings.
    pub attendance: Sessions,
    /// Night patrols.
    pub patrols: Patrols,
    /// Duty; null if the legal calendar of the year isn't known.
    pub duty: Option<DutyCoverage>,
    /// How the records are evidenced.
    pub evidence: Vec<EvidenceShare>,
    /// Its records.
    pub records: RecordCounts,
    /// Against the month before.
    pub change: Change,
    /// The organisations directly below by code.
    pub children: Vec<ChildSummary>,
}

/// A rate as the public sees it.
#[derive(Debug, ToSchema)]
pub struct PublicRate {
    /// How many of those below the line; null for a small group.
    pub numerator: Option<u32>,
    /// Of how many.
    pub denominator: u32,
    /// In hundredths of a percent, half up: 6667 is 66.67 %. Null if withheld.
    pub percent_hundredths: Option<u32>,
    /// Why it is withheld.
    pub withheld: Option<Withheld>,
}

/// The rates of an organisation and all below it, as the public sees them.
#[derive(Debug, ToSchema)]
pub struct Rates {
    /// Whose.
    pub organization: String,
    /// Of which month.
    pub month: String,
    /// Whether the month was closed (月结): until then they are those of what is recorded so far.
    pub closed: bool,
    /// 报到率.
    pub enrollment: PublicRate,
    /// 结对报名率.
    pub pairing_sign_up: PublicRate,
    /// 巡逻报名率.
    pub patrol_sign_up: PublicRate,
    /// 走访参与率.
    pub visit_participation: PublicRate,
    /// 巡逻参与率.
    pub patrol_participation: PublicRate,
    /// 参与率.
    pub participation: PublicRate,
}

/// Meetings, trainings and night patrols of a month.
#[derive(Debug, ToSchema)]
pub struct Attendance {
    /// Whose.
    pub organization: String,
    /// Of which month.
    pub month: String,
    /// 会议.
    pub meetings: SessionAttendance,
    /// 培训.
    pub trainings: SessionAttendance,
    /// 夜间巡逻.
    pub patrols: Patrols,
}

/// Duty of a month.
#[derive(Debug, ToSchema)]
pub struct Duty {
    /// Whose.
    pub organization: String,
    /// Of which month.
    pub month: String,
    /// Null if the legal calendar of the year isn't known.
    pub coverage: Option<DutyCoverage>,
}

/// Organisations in the order of the tree.
#[derive(Debug, ToSchema)]
pub struct OrganizationList {
    /// Each before those below it.
    pub organizations: Vec<OrganizationCard>,
    /// The cursor of the next page; null after the last.
    pub next: Option<String>,
}

/// Organisations that are asked for by name.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganizationsWanted {
    /// At most 1,000: a name alone, or with the names of those above in front.
    #[schema(max_items = 1000)]
    pub names: Vec<String>,
    /// Only this organisation and those below it.
    pub below: Option<String>,
}

/// Which they are.
#[derive(Debug, ToSchema)]
pub struct OrganizationsFound {
    /// For each name in order: all that are called so, 21 at most.
    pub organizations: Vec<Vec<OrganizationFound>>,
}

/// One of the organisations that a name may mean.
#[derive(Debug, ToSchema)]
pub struct OrganizationFound {
    /// Its code.
    pub organization: String,
    /// The name of the one above; null for a root.
    pub above: Option<String>,
}

/// An organisation with its surroundings.
#[derive(Debug, ToSchema)]
pub struct Organization {
    /// Its code.
    pub organization: String,
    /// Its name.
    pub name: String,
    /// Its level.
    pub level: String,
    /// The organisation above it; null for a root.
    pub parent: Option<String>,
    /// Whether it exists: established, and neither merged nor dissolved.
    pub exists: bool,
    /// Those above it, nearest first.
    pub above: Vec<OrganizationCard>,
    /// Those directly below it, by code.
    pub below: Vec<OrganizationCard>,
}
