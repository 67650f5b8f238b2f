//! What whoever acts for the office should know beside the receipt; and that who is to decide an objection can. Who has which role is known here and
//! not in the log, so the ledger's rules can't ask for it.

use super::{Service, ServiceError};
use crate::identity::{Grant, Role, Token};
use mingzhang_events::{Event, Month, ObjectionAssigned, OrganizationId};
use mingzhang_projections::{ReadModels, WorkLeft};

/// Something that the rules allow and that should be seen to.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Warning {
    /// The stable code: `corrections_due`, `reviews_due`, `shown_unreviewed`, `months_passed_over` or `assignee_unknown`.
    pub code: String,
    /// In Chinese.
    pub detail: String,
    /// In English.
    pub detail_en: String,
}

/// Who decides an objection, by a role over the member's branch.
const DECIDERS: [Role; 2] = [Role::Reviewer, Role::Publisher];

impl Service {
    /// What is to be told of an event that was just recorded. Blocks.
    pub fn warnings(&self, event: &Event) -> Result<Vec<Warning>, ServiceError> {
        Ok(if let Event::MonthFrozen(of) = event {
            self.passed_over(of.organization, of.month).into_iter().collect()
        } else if let Event::DisclosureOpened(of) = event {
            self.left_undone(of.organization, of.month, &[SHOWN_UNREVIEWED])
        } else if let Event::MonthClosed(of) = event {
            self.left_undone(of.organization, of.month, &AT_CLOSE)
        } else if let Event::NoticeIssued(of) = event {
            self.left_undone(of.organization, of.month, &[CORRECTIONS_DUE])
        } else if let Event::ObjectionAssigned(assigned) = event {
            let is_unknown = self.tokens_of(assigned)?.is_empty();
            is_unknown.then(|| assignee_unknown(assigned)).into_iter().collect()
        } else {
            Vec::new()
        })
    }

    /// Whether an objection is given to somebody who is known, and who has no role to decide it or is the member whom it is about. Blocks.
    pub fn assigns_to_nobody_who_decides(&self, event: &Event) -> Result<bool, ServiceError> {
        let Event::ObjectionAssigned(assigned) = event else { return Ok(false) };
        let tokens = self.tokens_of(assigned)?;
        if tokens.is_empty() {
            return Ok(false);
        }
        let models = self.models_blocking();
        // Of an objection that nobody raised the rules say so.
        let Some(objection) = models.objection(assigned.objection) else { return Ok(false) };
        let decides = |grant: &Grant| DECIDERS.contains(&grant.role) && reaches(&models, grant, objection.branch);
        let is_concerned = tokens.iter().any(|token| token.member == Some(objection.member));
        Ok(is_concerned || !tokens.iter().flat_map(|token| &token.grants).any(decides))
    }

    /// The assignee's tokens in force.
    fn tokens_of(&self, assigned: &ObjectionAssigned) -> Result<Vec<Token>, ServiceError> {
        let tokens = self.identity.tokens()?.into_iter();
        Ok(tokens.filter(|of| of.actor == assigned.assignee && of.revoked_at.is_none()).collect())
    }

    fn left_undone(&self, organization: OrganizationId, month: Month, kinds: &[Undone]) -> Vec<Warning> {
        let models = self.models_blocking();
        let Some(progress) = models.month_progress(organization, month, models.newest_day()) else { return Vec::new() };
        kinds.iter().filter_map(|undone| undone.warning(month, &progress.work_left)).collect()
    }

    /// Earlier months that nobody has entered anything in: with this one settled they are never settled themselves.
    fn passed_over(&self, organization: OrganizationId, month: Month) -> Option<Warning> {
        let passed = self.models_blocking().passed_over(organization, month);
        let (first, last) = (passed.first()?, passed.last()?);
        Some(Warning {
            code: "months_passed_over".to_owned(),
            detail: format!(
                "{first} 至 {last} 有 {} 个月份没有登记，已被越过：不再冻结、月结，其积分（如基础分）不再公布",
                passed.len()
            ),
            detail_en: format!(
                "{} months without entries, from {first} to {last}, were passed over: they can't be settled any more, and their points (base points, for instance) won't be published",
                passed.len()
            ),
        })
    }
}

/// Something that was left undone, with how often it is so.
struct Undone {
    code: &'static str,
    count: fn(&WorkLeft) -> u32,
    detail: &'static str,
    detail_en: &'static str,
}

const CORRECTIONS_DUE: Undone = Undone {
    code: "corrections_due",
    count: |left| left.corrections_due,
    detail: "件异议成立而未更正：请按决定更正，已印发通报的再印发更正通报",
    detail_en: "objections were upheld and nothing was corrected: correct it, and supersede the notice if one was issued",
};

const SHOWN_UNREVIEWED: Undone = Undone {
    code: "shown_unreviewed",
    count: |left| left.shown_unreviewed,
    detail: "条记录未经审核就已公示或月结，不计分：确有其事的，请更正后审核",
    detail_en: "records were shown to everybody before anybody reviewed them and count for nothing: correct those that hold, and review them",
};

const REVIEWS_DUE: Undone = Undone {
    code: "reviews_due",
    count: |left| left.unreviewed,
    detail: "条更正或补登的记录还没有审核，通报中不计分：请审核，已印发通报的再印发更正通报",
    detail_en: "records that were corrected or admitted aren't reviewed and count for nothing in the notice: review them, and supersede the notice if one was issued",
};

/// What is told at the close.
const AT_CLOSE: [Undone; 3] = [CORRECTIONS_DUE, REVIEWS_DUE, SHOWN_UNREVIEWED];

impl Undone {
    fn warning(&self, month: Month, left: &WorkLeft) -> Option<Warning> {
        let count = (self.count)(left);
        (count > 0).then(|| Warning {
            code: self.code.to_owned(),
            detail: format!("{month} 有 {count} {}", self.detail),
            detail_en: format!("{month}: {count} {}", self.detail_en),
        })
    }
}

fn assignee_unknown(assigned: &ObjectionAssigned) -> Warning {
    Warning {
        code: "assignee_unknown".to_owned(),
        detail: format!("{} 没有令牌，无从知道能否决定异议：请核对代号", assigned.assignee),
        detail_en: format!(
            "{} has no token, so nobody knows whether they can decide it: check the pseudonym",
            assigned.assignee
        ),
    }
}

/// Whether a grant covers a branch: given for it, for one above it, or everywhere.
fn reaches(models: &ReadModels, grant: &Grant, branch: Option<OrganizationId>) -> bool {
    let Some(scope) = grant.organization else { return true };
    let Some(branch) = branch else { return false };
    let above = models.ancestors(branch, None).unwrap_or_default();
    scope == branch || above.iter().any(|card| card.organization == scope)
}
