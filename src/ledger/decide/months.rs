//! Rules for adopting scoring rules, closing months and issuing notices.

use super::{Case, must_be_text};
use crate::identity::Role;
use crate::ledger::Rejection;
use mingzhang_events::{Event, MonthClosed, NoticeIssued, ScoringRulesAdopted, encode_data};

const RULES_BYTES_MAX: usize = 64_000;

const PUBLISHERS: &[Role] = &[Role::Publisher];

pub(super) fn rules_adopted(case: &Case<'_>, event: &ScoringRulesAdopted) -> Result<(), Rejection> {
    let rules = &event.rules;
    case.require_everywhere(Role::Operator)?;
    let closed = case.state.any_closed_from(rules.effective_from);
    if let (true, Some(organization)) = (closed, case.state.root()) {
        return Err(Rejection::MonthClosed { month: rules.effective_from, organization });
    }
    if let Some(fault) = rules.faults().into_iter().next() {
        return Err(Rejection::RulesFaulty { fault: fault.to_string() });
    }
    // An entry of the log has at most 65,535 bytes; what is around the document takes a few hundred.
    let fits =
        encode_data(&Event::ScoringRulesAdopted(event.clone())).is_ok_and(|document| document.len() <= RULES_BYTES_MAX);
    if !fits {
        return Err(Rejection::RulesFaulty {
            fault: format!("the document has more than {RULES_BYTES_MAX} bytes: shorten it"),
        });
    }
    if case.state.has_rules_version(rules.version) {
        return Err(Rejection::RulesVersionExists);
    }
    Ok(())
}

pub(super) fn closed(case: &Case<'_>, event: &MonthClosed) -> Result<(), Rejection> {
    let month = event.month;
    let organization = case.state.organization(event.organization)?;
    case.require(PUBLISHERS, &[organization])?;
    case.must_be_open(organization, month)?;
    if month.end().is_ok_and(|end| end > case.at) {
        return Err(Rejection::MonthNotOver { month });
    }
    if case.state.rules_for(month).is_none() {
        return Err(Rejection::NoRulesInForce { month });
    }
    Ok(())
}

pub(super) fn notice_issued(case: &Case<'_>, event: &NoticeIssued) -> Result<(), Rejection> {
    must_be_text(&event.number, 60, "number: 1 to 60 characters")?;
    let is_digest = |text: &str| text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !is_digest(&event.digest) || !is_digest(&event.root_hash) {
        return Err(Rejection::ContentOutOfRange { what: "digest and root_hash: 64 lower-case hex digits" });
    }
    let organization = case.state.organization(event.organization)?;
    case.require(PUBLISHERS, &[organization])?;
    if case.state.closed_for(organization, event.month).is_none() {
        return Err(Rejection::MonthNotClosed { month: event.month });
    }
    if case.state.has_notice(organization, &event.number) {
        return Err(Rejection::NoticeNumberUsed);
    }
    if event.tree_size > case.state.tree_size() {
        return Err(Rejection::CheckpointBeyondLog { tree_size: case.state.tree_size() });
    }
    Ok(())
}
