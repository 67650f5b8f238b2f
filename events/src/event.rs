//! The domain's table of contents: every fact the ledger can hold, with its stored name.

use crate::activity::{ActivityCancelled, ActivityScheduled, MemberSignedUp, SignUpWithdrawn};
use crate::award::{DecisionQuashed, PointsDeducted, PointsGranted, PointsReset, PointsVetoed};
use crate::correction::{RecordCorrected, RecordReversed};
use crate::document::DocumentIssued;
use crate::duty::DutyRostered;
use crate::evidence::{Evidence, ImportedRow};
use crate::id::{ActorId, EventId};
use crate::key::SigningKeyRotated;
use crate::month::{DisclosureOpened, MonthClosed, MonthFrozen, NoticeIssued};
use crate::objection::{ObjectionAssigned, ObjectionDismissed, ObjectionRaised, ObjectionUpheld, ObjectionWithdrawn};
use crate::organization::{
    OrganizationDissolved, OrganizationEstablished, OrganizationMerged, OrganizationMoved, OrganizationRenamed,
};
use crate::pairing::{HardshipPairingEnded, HardshipPairingFormed};
use crate::person::{IdentityCommitted, NameConsentGiven, NameConsentWithdrawn, PersonErased};
use crate::review::{ServiceApproved, ServiceReturned};
use crate::roster::{
    EnrollmentEnded, MemberEnrolled, MemberExempted, MemberLeft, MemberReclassified, MemberRostered, MemberTransferred,
};
use crate::rules::ScoringRulesAdopted;
use crate::sanction::{RecordingRestored, RecordingSuspended};
use crate::service::{
    AttendanceRecorded, DutyServed, HomeVisitMade, LateCheckInRecorded, MemberCheckedIn, MemberCheckedOut,
};
use crate::time::Instant;

macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident = $stored_type:literal),+ $(,)?) => {
        /// A fact (事实). One variant for each stored type; the structs say what their fields are.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Event { $($(#[$doc])* $variant($variant)),+ }

        impl Event {
            /// Every stored type name, in the order of the table of contents.
            pub const STORED_TYPES: &'static [&'static str] = &[$($stored_type),+];

            /// The stored type name: written out and versioned, never derived from Rust names.
            pub const fn stored_type(&self) -> &'static str {
                match self { $(Event::$variant(_) => $stored_type),+ }
            }

            /// How many fields it has: what somebody who enters it fills in, apart from who, when and how.
            pub fn fields_count(&self) -> usize {
                match self { $(Event::$variant(data) => fields_count(data)),+ }
            }

            pub(crate) fn write_data(&self, into: &mut Vec<u8>) -> Result<(), serde_json::Error> {
                match self { $(Event::$variant(data) => serde_json::to_writer(into, data)),+ }
            }

            /// Reads the data of a stored type with `read`; `None` for a type that isn't in the table.
            pub(crate) fn read_as<R: ReadData>(stored_type: &str, read: R) -> Option<Result<R::Output, R::Error>> {
                match stored_type {
                    $($stored_type => Some(read.read::<$variant>(Event::$variant)),)+
                    _ => None,
                }
            }
        }

        $(impl From<$variant> for Event {
            fn from(data: $variant) -> Event { Event::$variant(data) }
        })+
    };
}

/// The fields of an object that are there.
fn fields_count(data: &impl serde::Serialize) -> usize {
    let object = serde_json::to_value(data).unwrap_or_default();
    object.as_object().map_or(0, serde_json::Map::len)
}

/// How to read the data of one stored type, whichever it is.
pub(crate) trait ReadData {
    type Output;
    type Error;
    fn read<'de, T: serde::Deserialize<'de>>(self, into: fn(T) -> Event) -> Result<Self::Output, Self::Error>
    where
        Self: 'de;
}

events! {
    /// 组织成立.
    OrganizationEstablished = "mingzhang.organization.established.v1",
    /// 组织更名.
    OrganizationRenamed = "mingzhang.organization.renamed.v1",
    /// 组织隶属变更.
    OrganizationMoved = "mingzhang.organization.moved.v1",
    /// 组织合并.
    OrganizationMerged = "mingzhang.organization.merged.v1",
    /// 组织撤销.
    OrganizationDissolved = "mingzhang.organization.dissolved.v1",
    /// 列入花名册.
    MemberRostered = "mingzhang.member.rostered.v1",
    /// 组织关系转接.
    MemberTransferred = "mingzhang.member.transferred.v1",
    /// 党员类别变更.
    MemberReclassified = "mingzhang.member.reclassified.v1",
    /// 免予报到.
    MemberExempted = "mingzhang.member.exempted.v1",
    /// 退出花名册.
    MemberLeft = "mingzhang.member.left.v1",
    /// 报到.
    MemberEnrolled = "mingzhang.member.enrolled.v1",
    /// 报到终止.
    EnrollmentEnded = "mingzhang.enrollment.ended.v1",
    /// 活动安排.
    ActivityScheduled = "mingzhang.activity.scheduled.v1",
    /// 活动取消.
    ActivityCancelled = "mingzhang.activity.cancelled.v1",
    /// 报名.
    MemberSignedUp = "mingzhang.sign-up.made.v1",
    /// 撤回报名.
    SignUpWithdrawn = "mingzhang.sign-up.withdrawn.v1",
    /// 签到.
    MemberCheckedIn = "mingzhang.check-in.recorded.v1",
    /// 签退.
    MemberCheckedOut = "mingzhang.check-out.recorded.v1",
    /// 补签.
    LateCheckInRecorded = "mingzhang.late-check-in.recorded.v1",
    /// 出席、请假、缺席.
    AttendanceRecorded = "mingzhang.attendance.recorded.v1",
    /// 结对.
    HardshipPairingFormed = "mingzhang.hardship-pairing.formed.v1",
    /// 结对终止.
    HardshipPairingEnded = "mingzhang.hardship-pairing.ended.v1",
    /// 走访.
    HomeVisitMade = "mingzhang.home-visit.made.v1",
    /// 值守排班.
    DutyRostered = "mingzhang.duty.rostered.v1",
    /// 值守.
    DutyServed = "mingzhang.duty.served.v1",
    /// 审核通过.
    ServiceApproved = "mingzhang.service.approved.v1",
    /// 退回.
    ServiceReturned = "mingzhang.service.returned.v1",
    /// 更正.
    RecordCorrected = "mingzhang.record.corrected.v1",
    /// 冲正.
    RecordReversed = "mingzhang.record.reversed.v1",
    /// 加分.
    PointsGranted = "mingzhang.points.granted.v1",
    /// 扣分.
    PointsDeducted = "mingzhang.points.deducted.v1",
    /// 清零.
    PointsReset = "mingzhang.points.reset.v1",
    /// 一票否决.
    PointsVetoed = "mingzhang.points.vetoed.v1",
    /// 撤销清零、撤销否决.
    DecisionQuashed = "mingzhang.decision.quashed.v1",
    /// 积分细则施行.
    ScoringRulesAdopted = "mingzhang.scoring-rules.adopted.v1",
    /// 月份冻结.
    MonthFrozen = "mingzhang.month.frozen.v1",
    /// 公示.
    DisclosureOpened = "mingzhang.disclosure.opened.v1",
    /// 提出异议.
    ObjectionRaised = "mingzhang.objection.raised.v1",
    /// 分派异议.
    ObjectionAssigned = "mingzhang.objection.assigned.v1",
    /// 异议成立.
    ObjectionUpheld = "mingzhang.objection.upheld.v1",
    /// 异议不成立.
    ObjectionDismissed = "mingzhang.objection.dismissed.v1",
    /// 撤回异议.
    ObjectionWithdrawn = "mingzhang.objection.withdrawn.v1",
    /// 月结.
    MonthClosed = "mingzhang.month.closed.v1",
    /// 通报印发.
    NoticeIssued = "mingzhang.notice.issued.v1",
    /// 文书印发.
    DocumentIssued = "mingzhang.document.issued.v1",
    /// 身份承诺.
    IdentityCommitted = "mingzhang.identity.committed.v1",
    /// 公开姓名同意.
    NameConsentGiven = "mingzhang.name-consent.given.v1",
    /// 撤回公开姓名同意.
    NameConsentWithdrawn = "mingzhang.name-consent.withdrawn.v1",
    /// 删除个人信息.
    PersonErased = "mingzhang.person.erased.v1",
    /// 暂停登记.
    RecordingSuspended = "mingzhang.recording.suspended.v1",
    /// 恢复登记.
    RecordingRestored = "mingzhang.recording.restored.v1",
    /// 签名密钥更换.
    SigningKeyRotated = "mingzhang.signing-key.rotated.v1",
}

/// A fact with who, when and how: what one entry of the log holds. Its log index isn't in the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedEvent {
    /// Its own name.
    pub id: EventId,
    /// What happened.
    pub event: Event,
    /// How it was evidenced.
    pub evidence: Evidence,
    /// Which row of which table it was imported from, if it was.
    pub imported: Option<ImportedRow>,
    /// When it happened.
    pub occurred_at: Instant,
    /// When it was recorded: never earlier than that of the entry before it.
    pub recorded_at: Instant,
    /// Who recorded it.
    pub recorded_by: ActorId,
}
