//! `POST /v1/people`: names and numbers of members, so that a roster can be imported over the network. Into the log go commitments only.

use crate::http::auth::{Known, must_have_a_role, reaches_member};
use crate::http::extract::{JSON, NoParams, Object, Whole, must_be, object};
use crate::http::{App, Kind, Problem, auth, schema};
use crate::identity::{Identity, Person, Role};
use crate::import::name_as_read;
use crate::ledger::Rejection;
use crate::service::CommitmentError;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use mingzhang_events::{ActorId, MemberId, is_public_name};
use serde::Deserialize;
use std::collections::HashSet;
use std::sync::Arc;

const RECORDERS: [Role; 2] = [Role::Recorder, Role::Operator];
/// As one transaction; a larger roster comes in several.
const PEOPLE_MAX: usize = 2_000;
const NUMBER_CHARACTERS_MAX: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct People {
    people: Vec<Object<Named>>,
    #[serde(default)]
    rename: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    member: MemberId,
    name: String,
    #[serde(default)]
    number: Option<String>,
}

/// Records names and numbers of members, all or none. Another name or number for somebody who is known is refused unless `rename` says that it is meant; who is
/// given no number keeps theirs. The log gets a commitment (身份承诺) to each of them: at once, or as soon as the member is on the roster.
#[utoipa::path(
    post, path = "/v1/people", tag = "recording", summary = "登记姓名与编号", security(("token" = [])),
    description = "**Who:** a recorder or operator; only members whose branch they reach, or who are on no roster yet.",
    request_body(content = schema::People, content_type = "application/json"),
    responses((status = 204, description = "Recorded"), (status = 409, description = "A number is another member's, or a member is registered under another name or number", body = Problem, content_type = "application/problem+json"), schema::Refusals, schema::BodyRefusals)
)]
pub(crate) async fn record(
    State(app): State<Arc<App>>,
    Known(actor): Known,
    _: NoParams,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<StatusCode, Problem> {
    must_have_a_role(&actor, &RECORDERS)?;
    must_be(&headers, JSON)?;
    let People { people, rename } = object(&body).map_err(|fault| Problem::of_people(&fault))?;
    let people: Vec<Named> = people.into_iter().map(|Object(named)| named).collect();
    let fits = |named: &Named| {
        is_public_name(&named.name)
            && named.number.as_ref().is_none_or(|number| (1..=NUMBER_CHARACTERS_MAX).contains(&number.chars().count()))
    };
    if people.len() > PEOPLE_MAX || !people.iter().all(fits) {
        return Err(Problem::new(
            Kind::CONTENT_MALFORMED,
            format!("一次至多 {PEOPLE_MAX} 人；姓名 1 至 100 个可见字符，编号 1 至 {NUMBER_CHARACTERS_MAX} 个字符"),
            format!(
                "at most {PEOPLE_MAX} people at once; a name has 1 to 100 visible characters, a number 1 to {NUMBER_CHARACTERS_MAX}"
            ),
        ));
    }
    {
        let models = app.service.models().await;
        let refused = |named: &Named| {
            models.branch_now(named.member).is_some() && !reaches_member(&models, &actor, &RECORDERS, named.member)
        };
        if people.iter().any(refused) {
            return Err(auth::does_not_reach(None));
        }
        if let Some(erased) = people.iter().find(|named| models.is_erased(named.member)) {
            return Err(Problem::from(&Rejection::PersonErased { member: erased.member }));
        }
    }
    let rows: Vec<(MemberId, Person)> =
        people.into_iter().map(|named| (named.member, Person { name: named.name, number: named.number })).collect();
    let (service, members) = (Arc::clone(&app.service), rows.iter().map(|(member, _)| *member).collect());
    let put = tokio::task::spawn_blocking(move || put(&service.identity, &rows, rename));
    put.await.expect("recording people doesn't panic")?;
    commit(&app, actor.id, members).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Commits in the log to those of these members whose names were told and who are on the roster by now.
pub(in crate::http::v1) async fn commit(
    app: &App,
    recorder: ActorId,
    members: HashSet<MemberId>,
) -> Result<(), Problem> {
    if members.is_empty() {
        return Ok(());
    }
    let service = Arc::clone(&app.service);
    let committed = tokio::task::spawn_blocking(move || service.commit_identities(recorder, &members));
    committed.await.expect("committing to people doesn't panic").map_err(|failure| match failure {
        CommitmentError::Submit(failure) => Problem::from(failure),
        CommitmentError::Identity(failure) => Problem::internal("committing to people", &failure),
    })
}

fn put(identity: &Identity, people: &[(MemberId, Person)], rename: bool) -> Result<(), Problem> {
    let failed = |failure| Problem::internal("recording people", &failure);
    for (member, person) in people {
        let known = if rename { None } else { identity.person(*member).map_err(failed)? };
        let is_another = |known: Person| {
            let number = known.number.zip(person.number.as_ref());
            name_as_read(&known.name) != name_as_read(&person.name) || number.is_some_and(|(own, new)| own != *new)
        };
        if known.is_some_and(is_another) {
            return Err(Problem::new(
                Kind::REGISTERED_OTHERWISE,
                format!("{member} 登记的是另一个姓名或编号：请核对；确要更改，请写 \"rename\": true"),
                format!(
                    "{member} is registered under another name or number: check it; if it is to be changed, say \"rename\": true"
                ),
            ));
        }
        let Some(number) = &person.number else { continue };
        let holder = identity.member_by_number(number).map_err(failed)?;
        if holder.is_some_and(|holder| holder != *member) {
            return Err(Problem::new(
                Kind::NUMBER_TAKEN,
                format!("{member} 的编号已用于另一名党员：请核对"),
                format!("the number of {member} is another member's: check which of them is wrong"),
            ));
        }
    }
    identity.record_people(people).map_err(failed)
}
