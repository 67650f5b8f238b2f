//! The trail of an item: how an amount came about, step by step. Kept only where somebody asks for an explanation.

use super::purses::PurseKey;
use mingzhang_events::{ClauseId, Coefficient, Factor, Points};
use serde::Serialize;

/// What a step does (计算步骤).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// 基数: what the clause gives before anything else.
    Basis,
    /// 系数.
    Coefficient,
    /// 上限.
    Cap,
}

/// What a cap that took effect is counted over (上限周期).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TrailStep {
    /// What it does.
    pub step: Step,
    /// By which clause: the item's, the coefficient's, or the one whose cap it is. None for the caps on everything.
    pub clause: Option<ClauseId>,
    /// The minutes that were scored at this step, those in windows as often as their coefficients say; only where time is scored.
    pub counted_minutes: Option<u32>,
    /// What was multiplied by.
    pub times: Option<Factor>,
    /// Which cap took effect.
    pub cap: Option<CapPeriod>,
    /// What it comes to after this step; below zero where points are taken.
    pub points: Points,
}

/// The trail of one item, or none.
#[derive(Default)]
pub(crate) struct Trail {
    kept: bool,
    taking: bool,
    steps: Vec<TrailStep>,
}

impl Trail {
    /// One that is kept.
    pub(crate) fn kept() -> Trail {
        Trail { kept: true, ..Trail::default() }
    }

    pub(crate) fn steps(&self) -> &[TrailStep] {
        &self.steps
    }

    /// Begins an item; `taking` is whether it takes points.
    pub(crate) fn begin(&mut self, taking: bool) {
        self.taking = taking;
        self.steps.clear();
    }

    pub(crate) fn basis(&mut self, clause: ClauseId, counted_minutes: Option<u32>, hundredths: i64) {
        let step = Step::Basis;
        self.note(TrailStep { counted_minutes, ..self.step(step, Some(clause), hundredths) });
    }

    pub(crate) fn multiplied(&mut self, by: &Coefficient, counted_minutes: Option<u32>, hundredths: i64) {
        let step = self.step(Step::Coefficient, Some(by.clause), hundredths);
        self.note(TrailStep { counted_minutes, times: Some(by.times), ..step });
    }

    pub(crate) fn capped(&mut self, key: PurseKey, cap: CapPeriod, hundredths: i64) {
        let clause = match key {
            PurseKey::Given(clause) | PurseKey::Taken(clause) => Some(clause),
            PurseKey::AllGiven | PurseKey::AllTaken => None,
        };
        self.note(TrailStep { cap: Some(cap), ..self.step(Step::Cap, clause, hundredths) });
    }

    fn step(&self, step: Step, clause: Option<ClauseId>, hundredths: i64) -> TrailStep {
        let points = Points::from_hundredths(if self.taking { hundredths.saturating_neg() } else { hundredths });
        TrailStep { step, clause, counted_minutes: None, times: None, cap: None, points }
    }

    fn note(&mut self, step: TrailStep) {
        if self.kept {
            self.steps.push(step);
        }
    }
}
