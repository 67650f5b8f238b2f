//! The figures that a notice prints, each with what it was counted from. Plain values; their fields are declared sorted, because
//! the digest is taken over canonical JSON.

use crate::transparency::Hash;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mingzhang_events::{Evidence, MemberId, Month, OrganizationId, OrganizationLevel, Points, RulesVersion};
use mingzhang_projections::{self as projections, SessionAttendance, Withheld};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A rate (率) as it may be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// `numerator` of `denominator` members; the denominator is above zero.
    Of {
        /// How many did.
        numerator: u32,
        /// Of how many.
        denominator: u32,
    },
    /// Nobody was due: no rate, neither 0 % nor 100 %.
    Nobody,
    /// Over too few members to be published.
    Withheld,
}

impl Rate {
    /// In hundredths of a percent (万分比), rounded half up, as the `projections` do.
    pub fn percent_hundredths(self) -> Option<u32> {
        match self {
            Rate::Of { numerator, denominator } => {
                let doubled = u64::from(numerator) * 20_000 + u64::from(denominator);
                u32::try_from(doubled / (2 * u64::from(denominator))).ok()
            }
            Rate::Nobody | Rate::Withheld => None,
        }
    }

    /// The change since an earlier rate, in hundredths of a percentage point; none unless both may be published.
    pub fn change_since(self, earlier: Rate) -> Option<i64> {
        Some(i64::from(self.percent_hundredths()?) - i64::from(earlier.percent_hundredths()?))
    }
}

impl From<projections::Rate> for Rate {
    fn from(rate: projections::Rate) -> Rate {
        match rate.withheld {
            Some(Withheld::SmallGroup | Withheld::BesideSmallGroup) => Rate::Withheld,
            Some(Withheld::NothingToDivideBy) => Rate::Nobody,
            None => Rate::Of { numerator: rate.numerator, denominator: rate.denominator },
        }
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Rate::Of { numerator, denominator } => {
                let mut fields = serializer.serialize_struct("Rate", 3)?;
                fields.serialize_field("denominator", &denominator)?;
                fields.serialize_field("numerator", &numerator)?;
                fields.serialize_field("percent_hundredths", &self.percent_hundredths())?;
                fields.end()
            }
            Rate::Nobody => serializer.serialize_none(),
            Rate::Withheld => serializer.serialize_str("withheld"),
        }
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Rate, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Spelling {
            Of { numerator: u32, denominator: u32 },
            Word(String),
        }
        match Option::<Spelling>::deserialize(deserializer)? {
            None => Ok(Rate::Nobody),
            Some(Spelling::Of { numerator, denominator }) if denominator > 0 => Ok(Rate::Of { numerator, denominator }),
            Some(Spelling::Word(word)) if word == "withheld" => Ok(Rate::Withheld),
            Some(Spelling::Of { .. } | Spelling::Word(_)) => Err(serde::de::Error::custom("a rate of a notice")),
        }
    }
}

/// The rates of one organisation and month. Definitions: [`crate::notice::wording::definitions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rates {
    /// 报到率: enrolled ÷ due at the end of the month.
    pub enrollment: Rate,
    /// 结对参与率: members with an accepted visit ÷ due.
    pub pairing_participation: Rate,
    /// 结对报名率: members with a pairing in force ÷ due.
    pub pairing_sign_up: Rate,
    /// 参与率: members with any accepted record ÷ due.
    pub participation: Rate,
    /// 巡逻参与率: members with an accepted patrol ÷ due.
    pub patrol_participation: Rate,
    /// 巡逻报名率: members signed up for a patrol ÷ due.
    pub patrol_sign_up: Rate,
}

impl From<projections::Rates> for Rates {
    fn from(rates: projections::Rates) -> Rates {
        Rates {
            enrollment: rates.enrollment.into(),
            pairing_participation: rates.visit_participation.into(),
            pairing_sign_up: rates.pairing_sign_up.into(),
            participation: rates.participation.into(),
            patrol_participation: rates.patrol_participation.into(),
            patrol_sign_up: rates.patrol_sign_up.into(),
        }
    }
}

/// Sums over the members of one organisation and month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// 人均积分: the total ÷ members due, rounded half up; none where it isn't published.
    pub average_points: Option<Points>,
    /// 积分合计.
    pub points: Points,
    /// 志愿服务时长, in whole minutes: records of class `voluntary` only.
    pub voluntary_minutes: u64,
}

/// The month before, as the same checkpoint has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousMonth {
    /// Which.
    pub month: Month,
    /// Its rates.
    pub rates: Rates,
    /// Its sums.
    pub totals: Totals,
}

/// One organisation directly below, in the order of rank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubOrganization {
    /// 应报到: members due.
    pub due: u32,
    /// Its level.
    pub level: OrganizationLevel,
    /// Its public name.
    pub name: String,
    /// Its code.
    pub organization: OrganizationId,
    /// 名次, by average points; none where the average isn't published.
    pub rank: Option<usize>,
    /// Its rates.
    pub rates: Rates,
    /// Its sums.
    pub totals: Totals,
}

/// One line of the members' ranking (积分排名).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberLine {
    /// 所在支部: the name of the member's organisation at the month's last moment; none after leaving.
    pub branch: Option<String>,
    /// Who. Not printed: the last digits and a display name stand for it.
    #[serde(skip, default = "nobody")]
    pub member: MemberId,
    /// 编号尾号: the last four digits of the member id, so that members find themselves and equal names differ.
    pub number_tail: String,
    /// 积分.
    pub points: Points,
    /// 名次: same points, same rank; the next rank skips.
    pub rank: usize,
    /// 志愿服务时长, in whole minutes.
    pub voluntary_minutes: u32,
}

fn nobody() -> MemberId {
    MemberId(0)
}

/// 夜间巡逻 in the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatrolFigures {
    /// 参加人次: accepted records.
    pub attended: u32,
    /// 巡逻时长, in whole minutes.
    pub minutes: u64,
    /// 报名未到: sign-ups in force without taking part, known once the month is closed, and of a draft if it says so.
    pub no_shows: u32,
    /// 班次: patrols held.
    pub shifts: u32,
    /// 报名人次: sign-ups in force.
    pub signed_up: u32,
}

/// Meetings (会议) or trainings (培训) in the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionFigures {
    /// 缺席: without leave.
    pub absent: u32,
    /// 出席.
    pub attended: u32,
    /// 次数.
    pub held: u32,
    /// 请假.
    pub on_leave: u32,
}

impl From<SessionAttendance> for SessionFigures {
    fn from(sessions: SessionAttendance) -> SessionFigures {
        let SessionAttendance { held, attended, on_leave, absent, rate: _ } = sessions;
        SessionFigures { absent, attended, held, on_leave }
    }
}

/// 值守 in the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyFigures {
    /// Working days with enough members on duty, summed over communities.
    pub days_covered: u32,
    /// Working days, summed over communities.
    pub days_needed: u32,
    /// How many members a working day needs.
    pub members_per_working_day: u8,
    /// The legal working days of the month.
    pub working_days: u32,
}

/// How many accepted and pending records were evidenced in one way (佐证构成).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceCount {
    /// How.
    pub evidence: Evidence,
    /// How many.
    pub records: u32,
}

/// How records stand (记录情况).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordFigures {
    /// 有效.
    pub accepted: u32,
    /// 未签退: they count for nothing until attested.
    pub check_out_missing: u32,
    /// 待审核: they count for nothing yet.
    pub pending: u32,
    /// 退回: they count for nothing until mended.
    pub returned: u32,
}

/// The rules that scored the month (积分细则).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesNamed {
    /// What the document is called.
    pub title: String,
    /// Its number.
    pub version: RulesVersion,
}

/// The head of the log that every figure was computed at (检查点).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckpointHead {
    /// The log's name.
    pub origin: String,
    /// The root hash (RFC 6962 §2.1), 64 lower-case hex digits.
    pub root_hash: String,
    /// The count of entries.
    pub tree_size: u64,
}

impl CheckpointHead {
    /// The head of a log of so many entries.
    pub fn new(origin: &str, tree_size: u64, root: &Hash) -> CheckpointHead {
        let root_hash = root.iter().map(|byte| format!("{byte:02x}")).collect();
        CheckpointHead { origin: origin.to_owned(), root_hash, tree_size }
    }

    /// The three lines of the checkpoint (C2SP tlog-checkpoint) as its signature covers them: origin, size, root in base64. This is what the
    /// QR code on a notice holds. Panics if the root isn't hex digits, which [`crate::notice::compose`] never makes.
    pub fn text(&self) -> String {
        let (pairs, rest) = self.root_hash.as_bytes().as_chunks::<2>();
        let digit = |digit: u8| u8::try_from(char::from(digit).to_digit(16).expect("a hex digit")).expect("below 16");
        assert!(rest.is_empty(), "a hash has pairs of digits");
        let root: Vec<u8> = pairs.iter().map(|&[high, low]| digit(high) << 4 | digit(low)).collect();
        format!("{}\n{}\n{}\n", self.origin, self.tree_size, STANDARD.encode(root))
    }
}
