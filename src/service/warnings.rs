//! What whoever acts for the office should know beside the receipt; and that who is to decide an objection can. Who has which role is known here and
//! not in the log, so the ledger's rules can't ask for it.

use super::{Service, ServiceError};
use crate::identity::{Grant, Role};
use mingzhang_events::{Event, Month, ObjectionAssigned, OrganizationId};
use mingzhang_projections::{ObjectionStanding, ReadModels};

/// Something that the rules allow and that should be seen to.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Warning {
    /// The stable code: `corrections_due` or `assignee_unknown`.
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
        let warning = if let Event::MonthClosed(closed) = event {
            self.corrections_due(closed.organization, closed.month)
        } else if let Event::NoticeIssued(issued) = event {
            self.corrections_due(issued.organization, issued.month)
        } else if let Event::ObjectionAssigned(assigned) = event {
            let is_unknown = self.grants_of(assigned)?.is_none();
            is_unknown.then(|| Warning {
                code: "assignee_unknown".to_owned(),
                detail: format!("{} 没有令牌，无从知道能否决定异议：请核对代号", assigned.assignee),
                detail_en: format!(
                    "{} has no token, so nobody knows whether they can decide it: check the pseudonym",
                    assigned.assignee
                ),
            })
        } else {
            None
        };
        Ok(warning.into_iter().collect())
    }

    /// Whether an objection is given to somebody who is known, and who has no role to decide it. Blocks.
    pub fn assigns_to_nobody_who_decides(&self, event: &Event) -> Result<bool, ServiceError> {
        let Event::ObjectionAssigned(assigned) = event else { return Ok(false) };
        let Some(grants) = self.grants_of(assigned)? else { return Ok(false) };
        let models = self.models_blocking();
        // Of an objection that nobody raised the rules say so.
        let Some(objection) = models.objection(assigned.objection) else { return Ok(false) };
        Ok(!grants.iter().any(|grant| DECIDERS.contains(&grant.role) && reaches(&models, grant, objection.branch)))
    }

    /// What the assignee's tokens in force allow; none if they have no token.
    fn grants_of(&self, assigned: &ObjectionAssigned) -> Result<Option<Vec<Grant>>, ServiceError> {
        let tokens = self.identity.tokens()?.into_iter();
        let own: Vec<_> = tokens.filter(|of| of.actor == assigned.assignee && of.revoked_at.is_none()).collect();
        Ok((!own.is_empty()).then(|| own.into_iter().flat_map(|token| token.grants).collect()))
    }

    fn corrections_due(&self, organization: OrganizationId, month: Month) -> Option<Warning> {
        let objections = self.models_blocking().objections(organization, Some(month))?;
        let due = |of: &&mingzhang_projections::ObjectionEntry| {
            of.standing == ObjectionStanding::Upheld && of.corrections.is_empty()
        };
        let due = objections.iter().filter(due).count();
        (due > 0).then(|| Warning {
            code: "corrections_due".to_owned(),
            detail: format!("{month} 有 {due} 件异议成立而未更正：请按决定更正，已印发通报的再印发更正通报"),
            detail_en: format!(
                "{due} objections to {month} were upheld and nothing was corrected: correct it, and supersede the notice if one was issued"
            ),
        })
    }
}

/// Whether a grant covers a branch: given for it, for one above it, or everywhere.
fn reaches(models: &ReadModels, grant: &Grant, branch: Option<OrganizationId>) -> bool {
    let Some(scope) = grant.organization else { return true };
    let Some(branch) = branch else { return false };
    let above = models.ancestors(branch, None).unwrap_or_default();
    scope == branch || above.iter().any(|card| card.organization == scope)
}
