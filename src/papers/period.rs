//! Of which time a document can be. Pure: the present is told.
//!
//! Invariants: a certificate, which has its number for ever, is issued only of months that are over and in which something was served; an attendance sheet only of what is over.

use super::attendance::ends_at;
use super::{Facts, Gathered, Wanted};
use mingzhang_events::{Instant, Month};

/// Why a document isn't made of its months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodFault {
    /// The last month is before the first.
    #[error("the period ends in {until}, before it begins in {from}: say the earlier month as the first")]
    Backward {
        /// The first month.
        from: Month,
        /// The last month.
        until: Month,
    },
    /// There is nothing yet to tell.
    #[error("{0} hasn't begun: check the month")]
    NotBegun(Month),
    /// What is certified for good would change.
    #[error(
        "{0} isn't over: a certificate of it can be looked at, and issued once the month is over; or let it end with an earlier month"
    )]
    NotOver(Month),
    /// A certificate of nothing.
    #[error(
        "no voluntary service that counts is on record in that time: check the months, and whether the records are approved"
    )]
    NothingServed,
    /// Who will be there, nobody can tell.
    #[error("the activity isn't over: a sheet of it can be looked at, and issued once it is over")]
    ActivityNotOver,
}

impl PeriodFault {
    /// The same in Chinese.
    pub fn chinese(&self) -> String {
        match self {
            PeriodFault::Backward { from, until } => format!("终止月份 {until} 早于起始月份 {from}：请先写较早的月份"),
            PeriodFault::NotBegun(month) => format!("{month} 还没有开始：请核对月份"),
            PeriodFault::NotOver(month) => {
                format!("{month} 尚未结束：证明可先查看，月份结束后再印发；或截至此前的月份")
            }
            PeriodFault::NothingServed => {
                "这段时间没有可以证明的有效志愿服务记录：请核对月份，以及记录是否已审核".to_owned()
            }
            PeriodFault::ActivityNotOver => "活动尚未结束：出席记录可先查看，活动结束后再印发".to_owned(),
        }
    }
}

impl Wanted {
    /// Refuses a document of months that run backward or haven't begun, and the issue of a certificate before its last month is over.
    pub fn must_be_of_the_past(&self, now: Month, is_to_be_issued: bool) -> Result<(), PeriodFault> {
        match *self {
            Wanted::Register { month, .. } | Wanted::Statement { month, .. } if month > now => {
                Err(PeriodFault::NotBegun(month))
            }
            Wanted::Certificate { from, until, .. } if until < from => Err(PeriodFault::Backward { from, until }),
            Wanted::Certificate { until, .. } if until > now => Err(PeriodFault::NotBegun(until)),
            Wanted::Certificate { until, .. } if until == now && is_to_be_issued => Err(PeriodFault::NotOver(until)),
            Wanted::Register { .. }
            | Wanted::Statement { .. }
            | Wanted::Certificate { .. }
            | Wanted::Attendance { .. } => Ok(()),
        }
    }
}

impl Gathered {
    /// Refuses the issue of a certificate of nothing, and of who was at an activity that isn't over.
    pub fn must_have_happened(&self, now: Instant) -> Result<(), PeriodFault> {
        match &self.facts {
            Facts::Attendance(sheet, _) if !sheet.cancelled && now < ends_at(sheet) => {
                Err(PeriodFault::ActivityNotOver)
            }
            Facts::Certificate { months, .. } if super::certificate::minutes(months) == 0 => {
                Err(PeriodFault::NothingServed)
            }
            Facts::Certificate { .. } | Facts::Register(..) | Facts::Statement(_) | Facts::Attendance(..) => Ok(()),
        }
    }
}
