//! `POST /v1/households`: which household a code stands for; a code that is new gets the id that comes with it. Nothing goes into the log.

use crate::http::auth::{Known, must_have_a_role};
use crate::http::extract::{JSON, NoParams, Object, Whole, must_be, object};
use crate::http::{App, Kind, Problem, schema};
use crate::identity::{Identity, Role};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use mingzhang_events::HouseholdId;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const RECORDERS: [Role; 2] = [Role::Recorder, Role::Operator];
/// A larger table asks several times.
const HOUSEHOLDS_MAX: usize = 2_000;
const CODE_CHARACTERS_MAX: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    households: Vec<Object<Coded>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Coded {
    code: String,
    #[serde(default)]
    household: Option<HouseholdId>,
}

#[derive(Serialize)]
struct Answered {
    households: Vec<Option<HouseholdId>>,
}

/// The household of each code, in order; null for a code that isn't known and comes without an id. A code has one household in the whole
/// ledger: where several streets keep one, each puts its own sign before its codes.
#[utoipa::path(
    post, path = "/v1/households", tag = "recording", summary = "登记户代码", security(("token" = [])),
    description = "**Who:** a recorder or operator.",
    request_body(content = schema::HouseholdsWanted, content_type = "application/json"),
    responses((status = 200, description = "Their ids", body = schema::HouseholdsKnown), schema::Refusals, schema::BodyRefusals)
)]
pub(crate) async fn record(
    State(app): State<Arc<App>>,
    Known(actor): Known,
    _: NoParams,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<impl IntoResponse, Problem> {
    must_have_a_role(&actor, &RECORDERS)?;
    must_be(&headers, JSON)?;
    let Wanted { households } = object(&body).map_err(|fault| Problem::of_people(&fault))?;
    let coded: Vec<Coded> = households.into_iter().map(|Object(coded)| coded).collect();
    let fits = |coded: &Coded| (1..=CODE_CHARACTERS_MAX).contains(&coded.code.chars().count());
    if coded.len() > HOUSEHOLDS_MAX || !coded.iter().all(fits) {
        return Err(Problem::new(
            Kind::CONTENT_MALFORMED,
            format!("一次至多 {HOUSEHOLDS_MAX} 户；户代码 1 至 {CODE_CHARACTERS_MAX} 个字符"),
            format!("at most {HOUSEHOLDS_MAX} households at once; a code has 1 to {CODE_CHARACTERS_MAX} characters"),
        ));
    }
    let service = Arc::clone(&app.service);
    let known = tokio::task::spawn_blocking(move || known(&service.identity, coded));
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(known.await.expect("recording households doesn't panic")?)))
}

fn known(identity: &Identity, coded: Vec<Coded>) -> Result<Answered, Problem> {
    let failed = |failure| Problem::internal("recording households", &failure);
    let new: Vec<(String, HouseholdId)> =
        coded.iter().filter_map(|coded| Some((coded.code.clone(), coded.household?))).collect();
    // A code that is known keeps its household.
    identity.record_households(&new).map_err(failed)?;
    let households = coded.iter().map(|coded| identity.household(&coded.code).map_err(failed));
    Ok(Answered { households: households.collect::<Result<_, _>>()? })
}
