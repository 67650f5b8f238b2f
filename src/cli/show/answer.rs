//! The answers as JSON, from a directory or from a server.

use super::super::client::Client;
use super::super::exit::Exit;
use super::super::failure::{Failure, both};
use super::super::target::{Directory, Target};
use super::Question;
use crate::service::ServiceError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mingzhang_events::{EventId, MemberId, Month, OrganizationId};
use serde::Serialize;
use serde_json::{Value as Json, json};

/// What is asked for, or why it isn't there: the same from a directory and from a server.
pub(super) fn answer(target: &Target, question: &Question) -> Result<Json, Failure> {
    match (question, target) {
        (Question::Member { member, month }, _) => {
            let member = target.member(member)?;
            match target {
                Target::Directory(directory) => of_member(directory, member, *month),
                Target::Server(client) => member_from(client, member, *month),
            }
        }
        (Question::Organization { organization, month }, Target::Directory(directory)) => {
            of_organization(directory, *organization, *month)
        }
        (Question::Organization { organization, month }, Target::Server(client)) => {
            organization_from(client, *organization, *month)
        }
        (Question::Conduct { organization, month }, Target::Directory(directory)) => {
            let conduct = directory.service.conduct(*organization, *month, None)?;
            Ok(value(conduct.ok_or_else(|| Failure::no_organization(*organization))?))
        }
        (Question::Conduct { organization, month }, Target::Server(client)) => {
            client.get_json(&format!("/v1/organizations/{organization}/conduct?month={month}"))
        }
        (Question::Event { event }, _) => {
            let id = match event.parse::<u64>() {
                Ok(log_index) => target.event_id_at(log_index)?,
                Err(_) => id(event)?,
            };
            match target {
                Target::Directory(directory) => of_event(directory, id),
                Target::Server(client) => client.find(&format!("/v1/events/{id}"))?.ok_or_else(|| no_event(id)),
            }
        }
        (Question::Notice { notice }, _) => {
            let all = match target {
                Target::Directory(directory) => value(directory.service.models_blocking().notices(None)),
                Target::Server(client) => Json::from(client.notices()?),
            };
            of_notice(all, notice.as_deref())
        }
        (Question::Witnesses, Target::Directory(directory)) => {
            Ok(directory.service.publication.standing().map_err(ServiceError::from)?.to_json())
        }
        (Question::Witnesses, Target::Server(client)) => client.get_json("/v1/checkpoint/witnesses"),
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

fn no_member(member: MemberId) -> Failure {
    unknown(format!("账中没有 {member}"), format!("the ledger has no {member}"))
}

fn no_event(id: EventId) -> Failure {
    unknown(format!("没有编号为 {id} 的记录"), format!("there is no event {id}"))
}

fn member_from(client: &Client, member: MemberId, month: Option<Month>) -> Result<Json, Failure> {
    let path = format!("/v1/members/{member}");
    let mut answer = client.find(&path)?.ok_or_else(|| no_member(member))?;
    // Whoever may not know the name is shown the rest without it.
    if let Some(person) = client.find_if_allowed(&format!("{path}/person"))? {
        answer["name"] = person["name"].clone();
        answer["number"] = person["number"].clone();
    }
    if let Some(month) = month {
        answer["points"] = client.get_json(&format!("{path}/points?month={month}"))?;
    }
    Ok(answer)
}

fn organization_from(client: &Client, code: OrganizationId, month: Option<Month>) -> Result<Json, Failure> {
    let path = format!("/v1/organizations/{code}");
    let mut answer = client.find(&path)?.ok_or_else(|| Failure::no_organization(code))?;
    if let Some(month) = month {
        answer["summary"] = client.get_json(&format!("{path}/summary?month={month}"))?;
    }
    Ok(answer)
}

fn of_member(directory: &Directory, member: MemberId, month: Option<Month>) -> Result<Json, Failure> {
    let models = directory.service.models_blocking();
    let history = models.member(member);
    let mut answer = value(history.ok_or_else(|| no_member(member))?);
    if let Some(person) = directory.service.identity.person(member)? {
        answer["name"] = Json::from(person.name);
        answer["number"] = value(person.number);
    }
    if let Some(month) = month {
        let mut points = value(models.member_points(member, month));
        for item in points["items"].as_array_mut().into_iter().flatten() {
            item["events"] = sources(directory, item)?;
        }
        answer["points"] = points;
    }
    Ok(answer)
}

/// The names of the entries that an item rests on.
fn sources(directory: &Directory, item: &Json) -> Result<Json, Failure> {
    let log_indexes = item["log_indexes"].as_array().into_iter().flatten().filter_map(Json::as_u64);
    let source = |log_index| {
        let (_, event) = directory.event_at(log_index)?;
        Ok(json!({ "log_index": log_index, "id": event.id }))
    };
    log_indexes.map(source).collect()
}

fn of_organization(directory: &Directory, code: OrganizationId, month: Option<Month>) -> Result<Json, Failure> {
    let models = directory.service.models_blocking();
    let card = models.organization(code, None);
    let mut answer = value(card.ok_or_else(|| Failure::no_organization(code))?);
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

fn of_event(directory: &Directory, id: EventId) -> Result<Json, Failure> {
    let ledger = &directory.service.ledger;
    let found = ledger.find(id).map_err(ServiceError::Store)?;
    let log_index = found.ok_or_else(|| no_event(id))?;
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

fn of_notice(all: Json, wanted: Option<&str>) -> Result<Json, Failure> {
    let Some(wanted) = wanted else { return Ok(json!({ "notices": all })) };
    let named = |notice: &&Json| notice["id"] == wanted || notice["month"] == wanted || notice["number"] == wanted;
    let found: Vec<Json> = all.as_array().into_iter().flatten().filter(named).cloned().collect();
    if found.is_empty() {
        return Err(unknown(format!("没有印发过通报 {wanted}"), format!("no notice {wanted} was issued")));
    }
    Ok(json!({ "notices": found }))
}
