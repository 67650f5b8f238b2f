//! Who calls (RFC 6750 bearer tokens), and whether their roles reach. Reads the tree, changes nothing.

use super::{App, Kind, Problem};
use crate::identity::{Actor, Role};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use mingzhang_events::{ActorId, MemberId, OrganizationId};
use mingzhang_projections::ReadModels;
use std::sync::Arc;

/// Whoever calls: known by a token, or the public.
#[derive(Debug, Clone)]
pub(crate) struct Caller(Option<Arc<Actor>>);

/// A caller with a token.
pub(crate) struct Known(pub(crate) Arc<Actor>);

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Caller, Problem> {
        Caller::of(app, &parts.headers)
    }
}

impl Caller {
    /// Whoever sent these headers. A token that isn't in force at this moment is a problem.
    pub(crate) fn of(app: &App, headers: &HeaderMap) -> Result<Caller, Problem> {
        let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(Caller(None)) };
        let unknown = || {
            Problem::new(
                Kind::TOKEN_UNKNOWN,
                "令牌无效或已撤销：请向管理员索取新的令牌",
                "the token is unknown or was revoked: ask the operator for another",
            )
        };
        let text = value.to_str().map_err(|_| unknown())?;
        let (scheme, secret) = text.split_once(' ').ok_or_else(unknown)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(unknown());
        }
        let actor = app.service.identity.authenticate(secret.trim());
        match actor.map_err(|failure| Problem::internal("looking up a token", &failure))? {
            Some(actor) => Ok(Caller(Some(actor))),
            None => Err(unknown()),
        }
    }
}

impl FromRequestParts<Arc<App>> for Known {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Known, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        caller.known().map(|actor| Known(Arc::clone(actor)))
    }
}

impl Caller {
    /// The actor, or the problem that a token is needed.
    pub(crate) fn known(&self) -> Result<&Arc<Actor>, Problem> {
        self.0.as_ref().ok_or_else(|| {
            Problem::new(
                Kind::TOKEN_MISSING,
                "请在 Authorization 头中附上令牌：Bearer …",
                "send a token in the header Authorization: Bearer …",
            )
        })
    }

    /// Refuses a caller without any of these roles over the organisation.
    pub(crate) fn must_reach(
        &self,
        models: &ReadModels,
        roles: &[Role],
        organization: OrganizationId,
    ) -> Result<(), Problem> {
        let actor = self.known()?;
        if reaches(models, actor, roles, organization) { Ok(()) } else { Err(does_not_reach(Some(organization))) }
    }

    /// Refuses everybody but the holder of this pseudonym.
    pub(crate) fn must_be(&self, actor: ActorId) -> Result<(), Problem> {
        if self.known()?.id == actor { Ok(()) } else { Err(does_not_reach(None)) }
    }

    /// Refuses a caller whom the member's affairs don't concern: no role over the branch, and not the member.
    pub(crate) fn must_reach_member(&self, models: &ReadModels, member: MemberId) -> Result<(), Problem> {
        let actor = self.known()?;
        let own = actor.member == Some(member);
        if own || reaches_member(models, actor, &Role::ALL, member) { Ok(()) } else { Err(does_not_reach(None)) }
    }
}

/// Whether one of the actor's grants of these roles covers the organisation: given for it, for one above it, or everywhere.
pub(crate) fn reaches(models: &ReadModels, actor: &Actor, roles: &[Role], organization: OrganizationId) -> bool {
    let mut scopes = actor.grants.iter().filter(|grant| roles.contains(&grant.role)).map(|grant| grant.organization);
    if scopes.clone().any(|scope| scope.is_none_or(|scope| scope == organization)) {
        return true;
    }
    let above = models.ancestors(organization, None).unwrap_or_default();
    scopes.any(|scope| above.iter().any(|card| Some(card.organization) == scope))
}

/// Whether one of the actor's grants of these roles covers the member's branch: the present one, or the last they had.
pub(crate) fn reaches_member(models: &ReadModels, actor: &Actor, roles: &[Role], member: MemberId) -> bool {
    let everywhere = |grant: &crate::identity::Grant| roles.contains(&grant.role) && grant.organization.is_none();
    if actor.grants.iter().any(everywhere) {
        return true;
    }
    models.branch_now(member).is_some_and(|branch| reaches(models, actor, roles, branch))
}

/// Refuses an actor without any of these roles anywhere.
pub(crate) fn must_have_a_role(actor: &Actor, roles: &[Role]) -> Result<(), Problem> {
    if actor.grants.iter().any(|grant| roles.contains(&grant.role)) { Ok(()) } else { Err(does_not_reach(None)) }
}

/// Whether the actor has the role over the whole ledger.
pub(crate) fn has_everywhere(models: &ReadModels, actor: &Actor, role: Role) -> bool {
    let is_root = |scope| models.roots().iter().any(|root| root.organization == scope);
    actor.grants.iter().any(|grant| grant.role == role && grant.organization.is_none_or(is_root))
}

/// The problem that no role reaches.
pub(crate) fn does_not_reach(organization: Option<OrganizationId>) -> Problem {
    match organization {
        Some(organization) => Problem::new(
            Kind::ROLE_DOES_NOT_REACH,
            format!("您的令牌没有 {organization} 的权限：请联系管理员"),
            format!("no role of your token reaches {organization}: ask the operator"),
        ),
        None => Problem::new(
            Kind::ROLE_DOES_NOT_REACH,
            "您的令牌没有这项权限：请联系管理员",
            "no role of your token allows this: ask the operator",
        ),
    }
}
