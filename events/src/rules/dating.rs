//! By which instant records at an activity are dated (日期归属).

use crate::closed_list::closed_list;

closed_list! {
    /// Of which day and month, and so of whose branch, a record at an activity is (日期归属). A visit, a duty and a decision are dated at their own
    /// start.
    RecordDating {
        /// 计划开始: of the moment at which the activity was planned to start.
        PlannedStart = "planned_start",
        /// 签到时刻: of the first second of the service, as it was told or corrected.
        OwnStart = "own_start",
    }
}
