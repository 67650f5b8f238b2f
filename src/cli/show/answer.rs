//! The answers as JSON, from a directory or from a server.

use super::super::client::Client;
use super::super::exit::Exit;
use super::super::failure::{Failure, both};
use super::super::target::{Directory, Target};
use super::What;
use crate::service::ServiceError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mingzhang_events::{EventId, MemberId, Month, OrganizationId};
use serde::Serialize;
use serde_json::{Value as Json, json};

/// What is asked for, or why it isn't there.
pub(super) fn answer(target: &Target, what: &What) -> Result<Json, Failure> {
    match (what, target) {
        (What::Member { member, month }, _) => {
            let member = find_member(target, member)?;
            match target {
                Target::Directory(directory) => of_member(directory, member, *month),
                Target::Server(client) => with_month(client, &format!("/v1/members/{member}"), "points", *month),
            }
        }
        (What::Organization { organization, month }, Target::Directory(directory)) => {
            of_organization(directory, *organization, *month)
        }
        (What::Organization { organization, month }, Target::Server(client)) => {
            with_month(client, &format!("/v1/organizations/{organization}"), "summary", *month)
        }
        (What::Event { event }, Target::Directory(directory)) => of_event(directory, event),
        (What::Event { event }, Target::Server(client)) => match event.parse::<u64>() {
            Ok(log_index) => client.get_json(&format!("/v1/events?from={log_index}&limit=1")),
            Err(_) => client.get_json(&format!("/v1/events/{}", id(event)?)),
        },
        (What::Notice { notice }, _) => {
            let all = match target {
                Target::Directory(directory) => {
                    json!({ "notices": directory.service.models_blocking().notices(None) })
                }
                Target::Server(client) => client.get_json("/v1/notices?limit=1000")?,
            };
            of_notice(&all, notice.as_deref())
        }
        (What::Checkpoint, _) => Ok(Json::from(target.checkpoint()?)),
        (What::Witnesses, Target::Directory(directory)) => {
            Ok(directory.service.publication.standing().map_err(ServiceError::from)?.to_json())
        }
        (What::Witnesses, Target::Server(client)) => client.get_json("/v1/checkpoint/witnesses"),
    }
}

fn value(of: impl Serialize) -> Json {
    serde_json::to_value(of).expect("an answer is JSON")
}

fn unknown(chinese: String, english: String) -> Failure {
    Failure::new(Exit::Refused, both(chinese, english)).next(both("请核对编号或代码", "check the number, id or code"))
}

fn id(text: &str) -> Result<EventId, Failure> {
    text.parse().map_err(|error| {
        Failure::usage(both(format!("“{text}”不是序号，也不是编号"), "neither a log index nor an event's id"))
            .because(&error)
    })
}

fn find_member(target: &Target, text: &str) -> Result<MemberId, Failure> {
    if let Ok(member) = text.parse() {
        return Ok(member);
    }
    let found = target.member_by_number(text)?;
    found.ok_or_else(|| unknown(format!("没有编号为 {text} 的党员"), format!("nobody has the number {text}")))
}

/// One answer, and inside it that of a month.
fn with_month(client: &Client, path: &str, name: &str, month: Option<Month>) -> Result<Json, Failure> {
    let mut answer = client.get_json(path)?;
    if let Some(month) = month {
        answer[name] = client.get_json(&format!("{path}/{name}?month={month}"))?;
    }
    Ok(answer)
}

fn of_member(directory: &Directory, member: MemberId, month: Option<Month>) -> Result<Json, Failure> {
    let models = directory.service.models_blocking();
    let history = models.member(member);
    let history =
        history.ok_or_else(|| unknown(format!("账中没有 {member}"), format!("the ledger has no {member}")))?;
    let mut answer = value(history);
    if let Some(person) = directory.service.identity.person(member)? {
        answer["name"] = Json::from(person.name);
        answer["number"] = value(person.number);
    }
    if let Some(month) = month {
        answer["points"] = value(models.member_points(member, month));
    }
    Ok(answer)
}

fn of_organization(directory: &Directory, code: OrganizationId, month: Option<Month>) -> Result<Json, Failure> {
    let models = directory.service.models_blocking();
    let card = models.organization(code, None);
    let card = card.ok_or_else(|| unknown(format!("没有组织 {code}"), format!("there is no organisation {code}")))?;
    let mut answer = value(card);
    answer["above"] = value(models.ancestors(code, None));
    answer["below"] = value(models.children(code, None));
    if let Some(summary) = month.and_then(|month| models.month_summary(code, month)) {
        let mut summary = value(summary);
        let duty = summary["duty"]["Ok"].take();
        summary["duty"] = duty;
        answer["summary"] = summary;
    }
    Ok(answer)
}

fn of_event(directory: &Directory, event: &str) -> Result<Json, Failure> {
    let ledger = &directory.service.ledger;
    let log_index = match event.parse::<u64>() {
        Ok(log_index) => log_index,
        Err(_) => {
            let id = id(event)?;
            let found = directory.event(id)?.map(|(log_index, _)| log_index);
            found.ok_or_else(|| unknown(format!("没有编号为 {id} 的记录"), format!("there is no event {id}")))?
        }
    };
    let (entry, _) = directory.event_at(log_index)?;
    let receipt = ledger.receipt(log_index, ledger.head())?;
    Ok(json!({
        "log_index": log_index,
        "entry": serde_json::from_slice::<Json>(&entry.bytes).unwrap_or_default(),
        "tree_size": receipt.tree_size,
        "inclusion_proof": receipt.inclusion_proof.iter().map(|hash| STANDARD.encode(hash)).collect::<Vec<_>>(),
        "checkpoint": receipt.checkpoint.note(),
    }))
}

fn of_notice(all: &Json, wanted: Option<&str>) -> Result<Json, Failure> {
    let Some(wanted) = wanted else { return Ok(all.clone()) };
    let named = |notice: &&Json| notice["id"] == wanted || notice["month"] == wanted || notice["number"] == wanted;
    let found: Vec<Json> = all["notices"].as_array().into_iter().flatten().filter(named).cloned().collect();
    if found.is_empty() {
        return Err(unknown(format!("没有印发过通报 {wanted}"), format!("no notice {wanted} was issued")));
    }
    Ok(json!({ "notices": found }))
}
