//! The words of the closed lists in sentences about rules, in both languages.

use crate::cli::failure::{Both, both};
use crate::import::Word;
use mingzhang_events::{
    ClosedMonthCorrections, Cutoff, DeductionGround, Measure, Period, RateKind, RecordDating, ReviewRole, Rounding,
    ScoringUnit, WindowCount,
};

/// A word that imports know, too.
pub(super) fn word<W: Word>(value: W) -> Both {
    let found = W::WORDS.iter().find(|(known, ..)| *known == value);
    found.map_or_else(Both::default, |(_, stored, chinese)| both(chinese[0], stored.replace('_', " ")))
}

/// Several of them.
pub(super) fn any_of<W: Word>(values: &[W]) -> Both {
    let words: Vec<Both> = values.iter().map(|&value| word(value)).collect();
    joined(&words)
}

pub(super) fn joined(words: &[Both]) -> Both {
    let join = |pick: fn(&Both) -> &str, between: &str| words.iter().map(pick).collect::<Vec<_>>().join(between);
    both(join(|word| &word.chinese, "、"), join(|word| &word.english, ", "))
}

pub(super) fn unit(unit: ScoringUnit) -> Both {
    match unit {
        ScoringUnit::Occurrence => both("每次", "each time"),
        ScoringUnit::Hour => both("每小时", "an hour"),
        ScoringUnit::HalfHour => both("每半小时", "a half-hour"),
        ScoringUnit::Bracket => both("分档", "by bracket"),
    }
}

pub(super) fn rounding(rounding: Rounding) -> Both {
    match rounding {
        Rounding::Down => both("零头舍去", "what is left of a unit is dropped"),
        Rounding::HalfUp => both("零头四舍五入", "units are rounded half up"),
        Rounding::Up => both("零头进一", "a started unit counts"),
    }
}

pub(super) fn ground(ground: DeductionGround) -> Both {
    match ground {
        DeductionGround::AbsenceWithoutLeave => both("无故缺席", "absence without leave"),
        DeductionGround::NoShow => both("报名未到", "a no-show"),
    }
}

pub(super) fn period(period: Period) -> Both {
    match period {
        Period::Month => both("当月", "the month"),
        Period::Quarter => both("本季度", "the quarter"),
        Period::Year => both("本年", "the year"),
        Period::All => both("历来", "all times"),
    }
}

/// How often base points are given.
pub(super) fn each(period: Period) -> Both {
    match period {
        Period::Month => both("每月", "each month"),
        Period::Quarter => both("每季度", "each quarter"),
        Period::Year => both("每年", "each year"),
        Period::All => both("仅一次", "once"),
    }
}

/// A cap by its name in the document.
pub(super) fn cap(name: &str) -> Both {
    match name {
        "per_activity" => both("每次活动", "an activity"),
        "per_day" => both("每日", "a day"),
        "per_month" => both("每月", "a month"),
        "per_quarter" => both("每季度", "a quarter"),
        "per_year" => both("每年", "a year"),
        _ => both("累计", "in all"),
    }
}

pub(super) fn counts(counts: WindowCount) -> Both {
    match counts {
        WindowCount::WholeShift => both("触及即全程计", "for the whole record if any of it does"),
        WindowCount::OverlappingMinutes => both("只计重叠的分钟", "for the minutes that do"),
    }
}

pub(super) fn measure(measure: Measure) -> Both {
    match measure {
        Measure::MonthPoints => both("当月积分", "the month's points"),
        Measure::QuarterPoints => both("本季积分", "the quarter's points"),
        Measure::YearPoints => both("本年积分", "the year's points"),
        Measure::YearMonthlyAverage => both("本年月均积分", "the year's points a month"),
        Measure::AllPoints => both("累计积分", "all points"),
    }
}

pub(super) fn rate(rate: RateKind) -> Both {
    match rate {
        RateKind::Enrollment => both("党员报到率", "enrolment rate"),
        RateKind::PairingSignUp => both("结对报名率", "pairing rate"),
        RateKind::PatrolSignUp => both("巡逻报名率", "patrol sign-up rate"),
        RateKind::VisitParticipation => both("走访参与率", "visiting rate"),
        RateKind::PatrolParticipation => both("巡逻参与率", "patrolling rate"),
        RateKind::Participation => both("参与率", "participation rate"),
    }
}

pub(super) fn cutoff(cutoff: Cutoff) -> Both {
    match cutoff {
        Cutoff::MonthStart => both("月初第一刻", "the first moment of the month"),
        Cutoff::MonthEnd => both("月末最后一刻", "the last moment of the month"),
    }
}

pub(super) fn role(role: ReviewRole) -> Both {
    match role {
        ReviewRole::Reviewer => both("审核人", "a reviewer"),
        ReviewRole::Publisher => both("发布人", "a publisher"),
    }
}

pub(super) fn dating(dating: RecordDating) -> Both {
    match dating {
        RecordDating::PlannedStart => {
            both("活动的记录按活动计划开始的时刻归属", "records at an activity are dated at its planned start")
        }
        RecordDating::OwnStart => {
            both("活动的记录按签到的时刻归属", "records at an activity are dated at the moment of checking in")
        }
    }
}

pub(super) fn corrections(corrections: ClosedMonthCorrections) -> Both {
    match corrections {
        ClosedMonthCorrections::Restate => {
            both("月结后发现差错的，更正原月", "a mistake found after the close restates the month")
        }
        ClosedMonthCorrections::Refuse => both("月结后不再更正", "a closed month is final"),
    }
}
