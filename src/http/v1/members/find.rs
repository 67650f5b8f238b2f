//! `POST /v1/members/find`: members by id, by the organisation's own number, or by name and branch, for those who record.
//!
//! A question in a body, and not in an address: addresses are written down by whatever stands in between, and these name people.

use crate::http::auth::{Known, must_have_a_role, reaches, reaches_member};
use crate::http::extract::{JSON, NoParams, Object, Whole, must_be, object};
use crate::http::{App, Kind, Problem, schema};
use crate::identity::{Actor, IdentityError, Role};
use crate::import::name_as_read;
use crate::service::Service;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use mingzhang_events::{MemberId, OrganizationId};
use mingzhang_projections::ReadModels;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const FINDERS: [Role; 4] = [Role::Recorder, Role::Reviewer, Role::Publisher, Role::Operator];
/// Who puts on the roster whom the log doesn't know yet.
const ROSTERERS: [Role; 2] = [Role::Recorder, Role::Operator];
/// A larger roster asks several times.
const WANTED_MAX: usize = 2_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    members: Vec<Object<Member>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Member {
    #[serde(default)]
    member: Option<MemberId>,
    #[serde(default)]
    number: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    branch: Option<OrganizationId>,
}

#[derive(Serialize)]
struct Found {
    members: Vec<Vec<MemberId>>,
}

/// The members with these ids or numbers, or with these names in these branches: a list of ids for each that is asked for, in order; an
/// empty one where nobody fits whom the caller's role reaches. What is said beside an id or a number has to be theirs, as far as it is on record.
#[utoipa::path(
    post, path = "/v1/members/find", tag = "members", summary = "按编号或姓名查党员", security(("token" = [])),
    description = "**Who:** a recorder, reviewer, publisher or operator: members whose branch they reach, or, for a recorder or operator, by number, who are on no roster yet; a member: themselves.",
    request_body(content = schema::MembersWanted, content_type = "application/json"),
    responses((status = 200, description = "Their ids", body = schema::MembersFound), schema::Refusals, schema::BodyRefusals)
)]
pub(crate) async fn find(
    State(app): State<Arc<App>>,
    Known(actor): Known,
    _: NoParams,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<impl IntoResponse, Problem> {
    if actor.member.is_none() {
        must_have_a_role(&actor, &FINDERS)?;
    }
    must_be(&headers, JSON)?;
    let Wanted { members } = object(&body).map_err(|fault| Problem::of_people(&fault))?;
    let wanted: Vec<Member> = members.into_iter().map(|Object(member)| member).collect();
    let fits = |wanted: &Member| {
        let by_name = wanted.name.is_some() && wanted.branch.is_some();
        wanted.member.is_some() || wanted.number.is_some() || by_name
    };
    if wanted.len() > WANTED_MAX || !wanted.iter().all(fits) {
        return Err(Problem::new(
            Kind::CONTENT_MALFORMED,
            format!("一次至多查 {WANTED_MAX} 人；每人写标识或编号，或写姓名和支部"),
            format!("at most {WANTED_MAX} members at once, each by id or number, or by name and branch"),
        ));
    }
    app.service.follower.caught_up(app.service.ledger.head().tree_size).await;
    let service = Arc::clone(&app.service);
    let found = tokio::task::spawn_blocking(move || look_up(&service, &actor, &wanted));
    let found = found.await.expect("looking up members doesn't panic")?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(found)))
}

fn look_up(service: &Service, actor: &Actor, wanted: &[Member]) -> Result<Found, Problem> {
    let failed = |failure| Problem::internal("looking up members", &failure);
    let by_name = match wanted.iter().any(Member::is_by_name) {
        true => service.identity.everybody(name_as_read).map_err(failed)?.by_name,
        false => Default::default(),
    };
    let mut found = Found { members: Vec::with_capacity(wanted.len()) };
    for wanted in wanted {
        let candidates = match (wanted.member, &wanted.number, &wanted.name) {
            (Some(member), ..) => vec![member],
            (None, Some(number), _) => service.identity.member_by_number(number).map_err(failed)?.into_iter().collect(),
            (None, None, Some(name)) => by_name.get(&name_as_read(name)).cloned().unwrap_or_default(),
            (None, None, None) => Vec::new(),
        };
        // Nobody waits for the database of people while the models are held: what is recorded would wait for both.
        let shown = shown(&service.follower.models(), actor, wanted, candidates);
        let mut fitting = Vec::new();
        for shown in shown {
            if wanted.is_by_name() || is_theirs(service, &shown, wanted).map_err(failed)? {
                fitting.push(shown.member);
            }
        }
        found.members.push(fitting);
    }
    Ok(found)
}

/// Somebody whom the caller may be told of, as the roster has them.
struct Shown {
    member: MemberId,
    /// Whether they are on a roster.
    is_rostered: bool,
    /// Whether what the question says of their branch is true of them, as far as it is on record.
    is_there: bool,
}

/// Those of the candidates whom the caller may be told of.
fn shown(models: &ReadModels, actor: &Actor, wanted: &Member, candidates: Vec<MemberId>) -> Vec<Shown> {
    let there = wanted.branch.filter(|_| wanted.is_by_name());
    let of = |member: MemberId| {
        let is_rostered = models.branch_now(member).is_some();
        let is_there = wanted.branch.is_none_or(|branch| !is_rostered || models.was_ever_in(member, branch));
        Shown { member, is_rostered, is_there }
    };
    candidates.into_iter().filter(|candidate| is_shown(models, actor, *candidate, there)).map(of).collect()
}

impl Member {
    fn is_by_name(&self) -> bool {
        self.member.is_none() && self.number.is_none()
    }
}

/// Whether there is such a member, and all that is said is theirs. What isn't on record contradicts nothing.
fn is_theirs(service: &Service, shown: &Shown, wanted: &Member) -> Result<bool, IdentityError> {
    let Some(person) = service.identity.person(shown.member)? else { return Ok(shown.is_rostered && shown.is_there) };
    let name = wanted.name.as_ref().is_none_or(|name| name_as_read(name) == name_as_read(&person.name));
    let number = match (&wanted.number, &person.number) {
        (Some(wanted), Some(own)) => wanted == own,
        (Some(wanted), None) => service.identity.member_by_number(wanted)?.is_none(),
        (None, _) => true,
    };
    Ok(name && number && shown.is_there)
}

/// Whom they don't reach they don't learn about, not even that there is somebody.
fn is_shown(models: &ReadModels, actor: &Actor, member: MemberId, branch: Option<OrganizationId>) -> bool {
    let own = actor.member == Some(member);
    match branch {
        Some(branch) => {
            let now = models.newest_recorded_at().and_then(|now| models.branch_of(member, now));
            now == Some(branch) && (own || reaches(models, actor, &FINDERS, branch))
        }
        None if own => true,
        None if models.branch_now(member).is_none() => must_have_a_role(actor, &ROSTERERS).is_ok(),
        None => reaches_member(models, actor, &FINDERS, member),
    }
}
