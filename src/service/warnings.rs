//! What whoever acts for the office should know beside the receipt; and that who is to decide an objection can. Who has which role is known here and
//! not in the log, so the ledger's rules can't ask for it.

use super::{Service, ServiceError};
use crate::identity::{Actor, Grant, Role, Token};
use mingzhang_events::{ActorId, Event, EventId, Month, ObjectionAssigned, OrganizationId};
use mingzhang_projections::{ReadModels, WorkLeft};
use std::collections::{BTreeMap, HashMap};

/// Something that the rules allow and that should be seen to.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Warning {
    /// The stable code: `corrections_due`, `reviews_due`, `returned`, `shown_unreviewed`, `months_passed_over` or `assignee_unknown`.
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

    /// Those of an actor's commands that give an objection to somebody who is known and can't decide it, by place. Only whoever assigns it learns that: anybody
    /// else is left to the rules, as is what was recorded before. Blocks.
    pub fn given_in_vain(&self, actor: &Actor, given: &[Given]) -> Result<BTreeMap<usize, CannotDecide>, ServiceError> {
        if !given.iter().any(|given| matches!(given.event, Event::ObjectionAssigned(_))) {
            return Ok(BTreeMap::new());
        }
        let mut tokens = HashMap::<ActorId, Vec<Token>>::new();
        for token in self.identity.tokens()?.into_iter().filter(|token| token.revoked_at.is_none()) {
            tokens.entry(token.actor).or_default().push(token);
        }
        let in_vain = in_vain(&self.models_blocking(), actor, given, &tokens);
        let mut new = BTreeMap::new();
        for (given, why) in in_vain {
            if self.ledger.find(given.id)?.is_none() {
                new.insert(given.place, why);
            }
        }
        Ok(new)
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

/// One of several commands, which raises an objection or gives it to somebody.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its place among them.
    pub place: usize,
    /// The event that it becomes.
    pub id: EventId,
    /// What is to be recorded.
    pub event: Event,
}

/// Why somebody can't decide an objection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotDecide {
    /// They are the member whom it is about.
    IsConcerned,
    /// They hold no role of a reviewer or publisher over the member's branch.
    HasNoRole,
}

impl CannotDecide {
    /// In Chinese.
    pub fn chinese(self) -> &'static str {
        match self {
            CannotDecide::IsConcerned => "承办人就是异议所涉党员本人，不能决定",
            CannotDecide::HasNoRole => "承办人没有在该党员支部审核或发布的角色，不能决定异议",
        }
    }

    /// In English.
    pub fn english(self) -> &'static str {
        match self {
            CannotDecide::IsConcerned => "the assignee is the member whom the objection is about",
            CannotDecide::HasNoRole => "the assignee holds no role of a reviewer or publisher over the member's branch",
        }
    }

    /// What to do, in Chinese.
    pub fn next_chinese(self) -> &'static str {
        match self {
            CannotDecide::IsConcerned => "请分派给别人",
            CannotDecide::HasNoRole => "请分派给别人，或先授予角色",
        }
    }

    /// What to do, in English.
    pub fn next_english(self) -> &'static str {
        match self {
            CannotDecide::IsConcerned => "assign it to somebody else",
            CannotDecide::HasNoRole => "assign it to somebody else, or grant them one",
        }
    }
}

/// See [`Service::given_in_vain`]. An objection may be raised by a command before it.
fn in_vain<'a>(
    models: &ReadModels,
    actor: &Actor,
    given: &'a [Given],
    tokens: &HashMap<ActorId, Vec<Token>>,
) -> Vec<(&'a Given, CannotDecide)> {
    let mut raised = HashMap::new();
    let mut found = Vec::new();
    for given in given {
        if let Event::ObjectionRaised(objection) = &given.event {
            raised.insert(given.id, objection.member);
        }
        let Event::ObjectionAssigned(assigned) = &given.event else { continue };
        let Some(tokens) = tokens.get(&assigned.assignee) else { continue };
        let known = models.objection(assigned.objection).map(|objection| (objection.member, objection.branch));
        let known =
            known.or_else(|| raised.get(&assigned.objection).map(|&member| (member, models.branch_now(member))));
        // Of an objection that nobody raised the rules say so.
        let Some((member, branch)) = known else { continue };
        let by = |roles: &[Role], grant: &Grant| roles.contains(&grant.role) && reaches(models, grant, branch);
        if !actor.grants.iter().any(|grant| by(&[Role::Publisher], grant)) {
            continue;
        }
        let decides = tokens.iter().flat_map(|token| &token.grants).any(|grant| by(&DECIDERS, grant));
        if tokens.iter().any(|token| token.member == Some(member)) {
            found.push((given, CannotDecide::IsConcerned));
        } else if !decides {
            found.push((given, CannotDecide::HasNoRole));
        }
    }
    found
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

const RETURNED: Undone = Undone {
    code: "returned",
    count: |left| left.returned,
    detail: "条记录被退回而没有补正，不计分：确有其事的，请更正后审核，已印发通报的再印发更正通报",
    detail_en: "records were returned and not mended, and count for nothing: correct those that hold, review them, and supersede the notice if one was issued",
};

/// What is told at the close.
const AT_CLOSE: [Undone; 4] = [CORRECTIONS_DUE, REVIEWS_DUE, RETURNED, SHOWN_UNREVIEWED];

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
