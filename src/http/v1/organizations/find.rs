//! `POST /v1/organizations/find`: organisations by name, for those who record. The tree is public; which part of it is meant is told by the caller's roles.

use crate::http::auth::{Known, must_have_a_role};
use crate::http::extract::{JSON, NoParams, Whole, must_be, object, unread};
use crate::http::{App, Kind, Problem, schema};
use crate::identity::{Actor, Role};
use crate::import::{CANDIDATES_MAX, organization_as_read};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use mingzhang_events::OrganizationId;
use mingzhang_projections::ReadModels;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::Arc;

const FINDERS: [Role; 4] = [Role::Recorder, Role::Reviewer, Role::Publisher, Role::Operator];
/// A table that names more organisations asks several times.
const NAMES_MAX: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    names: Vec<String>,
    #[serde(default)]
    below: Option<OrganizationId>,
}

#[derive(Serialize)]
struct Found {
    organizations: Vec<Vec<Candidate>>,
}

#[derive(Serialize)]
struct Candidate {
    organization: OrganizationId,
    above: Option<String>,
}

/// The organisations that are called so now, by their name alone or with the names of those above in front (书院社区第一党支部), of those that the
/// caller's roles reach: a list for each name, in order, each with the name of the one above; 21 at most, because more than one is none.
#[utoipa::path(
    post, path = "/v1/organizations/find", tag = "organizations", summary = "按名称查组织", security(("token" = [])),
    description = "**Who:** a recorder, reviewer, publisher or operator: organisations that they reach.",
    request_body(content = schema::OrganizationsWanted, content_type = "application/json"),
    responses((status = 200, description = "Their codes", body = schema::OrganizationsFound), schema::Refusals, schema::BodyRefusals)
)]
pub(crate) async fn find(
    State(app): State<Arc<App>>,
    Known(actor): Known,
    _: NoParams,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<impl IntoResponse, Problem> {
    must_have_a_role(&actor, &FINDERS)?;
    must_be(&headers, JSON)?;
    let wanted: Wanted = object(&body).map_err(|fault| unread(&body, &fault))?;
    if wanted.names.len() > NAMES_MAX {
        return Err(Problem::new(
            Kind::CONTENT_MALFORMED,
            format!("一次至多查 {NAMES_MAX} 个名称"),
            format!("at most {NAMES_MAX} names at once"),
        ));
    }
    app.service.follower.caught_up(app.service.ledger.head().tree_size).await;
    let service = Arc::clone(&app.service);
    let found = tokio::task::spawn_blocking(move || look_up(&service.follower.models(), &actor, &wanted));
    let found = found.await.expect("looking up organisations doesn't panic")?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(found)))
}

fn look_up(models: &ReadModels, actor: &Actor, wanted: &Wanted) -> Result<Found, Problem> {
    let scopes = actor.grants.iter().filter(|grant| FINDERS.contains(&grant.role)).map(|grant| grant.organization);
    // One for the whole ledger makes the list none, and so everything is looked through.
    let scopes: Option<Vec<OrganizationId>> = scopes.collect();
    let below: Option<HashSet<OrganizationId>> = match wanted.below {
        Some(below) => {
            let part = models.subtree(below, None).ok_or_else(super::unknown)?;
            Some(part.into_iter().map(|card| card.organization).collect())
        }
        None => None,
    };
    let called = models.organizations_by_name(scopes.as_deref(), organization_as_read);
    let meant = |organization: &&OrganizationId| below.as_ref().is_none_or(|below| below.contains(organization));
    let candidate = |organization: &OrganizationId| {
        let above = models.ancestors(*organization, None).unwrap_or_default();
        Candidate { organization: *organization, above: above.into_iter().next().map(|above| above.name) }
    };
    let candidates = |name: &String| {
        let called = called.get(&organization_as_read(name)).map_or(&[][..], Vec::as_slice);
        called.iter().filter(meant).take(CANDIDATES_MAX + 1).map(candidate).collect()
    };
    Ok(Found { organizations: wanted.names.iter().map(candidates).collect() })
}
