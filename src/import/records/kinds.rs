//! The sorts of fact that a row of the table of records can hold, and the columns that each needs.

use crate::import::column::Column;
use crate::import::word::Word;

macro_rules! record_types {
    ($($(#[$doc:meta])* $variant:ident = $name:literal $chinese:literal [$($alias:literal),*] needs [$($need:ident),*]),+ $(,)?) => {
        /// Which fact a row is (类型).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum RecordType { $($(#[$doc])* $variant),+ }

        impl RecordType {
            /// Every type.
            pub const ALL: &'static [RecordType] = &[$(RecordType::$variant),+];

            /// The columns that it needs, besides type, start and whom it is about.
            pub const fn needs(self) -> &'static [Column] {
                match self { $(RecordType::$variant => &[$(Column::$need),*]),+ }
            }

            /// Its English name.
            pub const fn as_str(self) -> &'static str {
                match self { $(RecordType::$variant => $name),+ }
            }

            /// Its Chinese name.
            pub const fn chinese(self) -> &'static str {
                match self { $(RecordType::$variant => $chinese),+ }
            }
        }

        impl Word for RecordType {
            const WORDS: &'static [(Self, &'static str, &'static [&'static str])] =
                &[$((RecordType::$variant, $name, &[$chinese $(, $alias)*])),+];
        }
    };
}

record_types! {
    /// `ActivityScheduled`.
    ActivityScheduled = "activity_scheduled" "活动安排" ["活动", "排班"] needs [Activity, Organization, Kind, Class, End],
    /// `ActivityCancelled`.
    ActivityCancelled = "activity_cancelled" "活动取消" [] needs [Activity, Reason],
    /// `MemberSignedUp`.
    SignUp = "sign_up" "报名" [] needs [Member, Activity],
    /// `SignUpWithdrawn`.
    SignUpWithdrawn = "sign_up_withdrawn" "撤回报名" ["取消报名"] needs [Member, Activity],
    /// `MemberCheckedIn`.
    CheckIn = "check_in" "签到" [] needs [Member, Activity],
    /// `MemberCheckedOut`.
    CheckOut = "check_out" "签退" [] needs [Member, Activity],
    /// `LateCheckInRecorded`.
    LateCheckIn = "late_check_in" "补签" [] needs [Member, Activity, End, Reason],
    /// `AttendanceRecorded`.
    Attendance = "attendance" "会议出席" ["考勤", "参会", "出席"] needs [Member, Activity, Outcome],
    /// `HardshipPairingFormed`.
    Pairing = "pairing" "结对" ["结对帮困"] needs [Member, Household, Organization],
    /// `HardshipPairingEnded`.
    PairingEnded = "pairing_ended" "结对终止" [] needs [Member, Household],
    /// `HomeVisitMade`.
    HomeVisit = "home_visit" "走访" [] needs [Member, Household, Minutes],
    /// `DutyRostered`.
    DutyRostered = "duty_rostered" "值守排班" [] needs [Member, Organization],
    /// `DutyServed`.
    DutyServed = "duty_served" "值守" [] needs [Member, Organization, Minutes],
    /// `MemberTransferred`.
    Transfer = "transfer" "组织关系转接" ["转接"] needs [Member, Organization],
    /// `MemberReclassified`.
    Reclassification = "reclassification" "类别变更" ["党员类别变更"] needs [Member, Class],
    /// `MemberLeft`.
    Leaving = "leaving" "退出花名册" [] needs [Member, Reason],
    /// `MemberExempted`.
    Exemption = "exemption" "免予报到" ["免报"] needs [Member, Reason],
    /// `MemberEnrolled`.
    Enrollment = "enrollment" "报到" [] needs [Member, Organization],
    /// `EnrollmentEnded`.
    EnrollmentEnded = "enrollment_ended" "报到终止" [] needs [Member, Organization],
    /// `ServiceApproved`.
    Approval = "approval" "审核通过" ["通过"] needs [Record],
    /// `ServiceReturned`.
    Return = "return" "退回" [] needs [Record, Reason],
    /// `RecordCorrected`.
    Correction = "correction" "更正" [] needs [Record, Minutes, Reason],
    /// `RecordReversed`.
    Reversal = "reversal" "冲正" [] needs [Record, Reason],
    /// `PointsGranted`.
    Grant = "grant" "加分" [] needs [Member, Clause, Points],
    /// `PointsDeducted`.
    Deduction = "deduction" "扣分" [] needs [Member, Clause, Points],
    /// `PointsReset`.
    Reset = "reset" "清零" [] needs [Member, Clause],
    /// `PointsVetoed`.
    Veto = "veto" "一票否决" ["否决"] needs [Member, Clause],
    /// `DecisionQuashed`.
    Quashing = "quashing" "撤销" ["撤销决定"] needs [Record, Reason],
}
