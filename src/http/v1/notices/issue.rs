//! `POST /v1/notices`: composes the circular at the present checkpoint and records that it was issued, with its digest.

use crate::http::auth::{Known, does_not_reach, reaches};
use crate::http::extract::{JSON, NoParams, Whole, must_be, object, unread};
use crate::http::v1::commands::acts::Acts;
use crate::http::v1::commands::proposed::key_of_other_content;
use crate::http::v1::commands::record::{idempotency_key, receipt};
use crate::http::{App, Kind, Problem, schema};
use crate::identity::{Actor, Role};
use crate::ledger::{Command, IdempotencyKey, Mode, Outcome, Rejection, Reply, Submission};
use crate::service::Service;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use mingzhang_events::{Event, EventId, Evidence, Month, OrganizationId, RecordedEvent, decode};
use mingzhang_projections::NoticeEntry;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    organization: OrganizationId,
    month: Month,
    number: String,
    #[serde(default)]
    supersedes: Option<EventId>,
}

/// Issues the circular of an organisation's closed month: composed at the present checkpoint, its digest recorded in the log.
/// Repeated with the same key, it gives the receipt of the notice that was issued; so it does with the key that stands for the number (that of the
/// command line), whatever key it was issued with.
#[utoipa::path(
    post, path = "/v1/notices", tag = "notices", summary = "印发通报", security(("token" = [])),
    description = "**Who:** a publisher that reaches the organisation.",
    params(("Idempotency-Key" = String, Header, description = "1 to 200 visible ASCII characters, such as a UUID", pattern = "^[!-~]{1,200}$")),
    request_body(content = schema::NoticeWanted, content_type = "application/json"),
    responses(
        (status = 201, description = "Issued", body = schema::Receipt),
        (status = 200, description = "Issued before", body = schema::Receipt),
        schema::Refusals, schema::BodyRefusals, (status = 409, body = Problem, content_type = "application/problem+json")
    )
)]
pub(crate) async fn issue(
    State(app): State<Arc<App>>,
    Known(actor): Known,
    _: NoParams,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?;
    must_be(&headers, JSON)?;
    let wanted: Wanted = object(&body).map_err(|fault| unread(&body, &fault))?;
    let Wanted { organization, month, number, supersedes } = wanted;
    let is_of_number = key == IdempotencyKey::of_notice(organization, month, &number);
    if key.is_of_content() && !is_of_number {
        return Err(key_of_other_content());
    }
    let same = {
        let number = number.clone();
        move |event: &Event| {
            matches!(event, Event::NoticeIssued(issued)
                if (issued.organization, issued.month) == (organization, month)
                    && issued.number == number && issued.supersedes == supersedes)
        }
    };
    must_publish(&app, &actor, organization).await?;
    let numbered = app.service.models().await.notice_numbered(organization, month, &number);
    if let Some(issued) = numbered.filter(|_| is_of_number) {
        return issued_before(&app, issued, supersedes).await;
    }
    publish(&app, actor, key, same, move |service| {
        let issued = service.notice_to_issue(organization, month, &number, supersedes);
        let issued = issued.map_err(|failure| Problem::internal("composing a notice", &failure))?;
        Ok(issued.ok_or_else(|| Problem::unknown("这个组织", "organization"))?.into())
    })
    .await
}

/// The receipt of the notice that has the number, by whatever key it was issued; a refusal where another is to be superseded than by that one.
async fn issued_before(app: &App, issued: NoticeEntry, supersedes: Option<EventId>) -> Result<Response, Problem> {
    if supersedes.is_some() && issued.supersedes != supersedes {
        return Err((&Rejection::NoticeNumberUsed).into());
    }
    let outcomes = vec![Outcome::Repeated { log_index: issued.log_index, id: issued.id }];
    receipt(app, &Reply { outcomes, head: app.service.ledger.head() }, Vec::new()).await
}

/// Refuses an actor who doesn't publish for the organisation, before anything is composed for them.
pub(crate) async fn must_publish(app: &App, actor: &Actor, organization: OrganizationId) -> Result<(), Problem> {
    let models = app.service.models().await;
    if reaches(&models, actor, &[Role::Publisher], organization) {
        return Ok(());
    }
    Err(does_not_reach(Some(organization)))
}

/// Records what `compose` makes of the present models, or gives the receipt of what was recorded with this key, if it is the `same`.
pub(crate) async fn publish(
    app: &App,
    actor: Arc<Actor>,
    key: IdempotencyKey,
    same: impl FnOnce(&Event) -> bool + Send + 'static,
    compose: impl FnOnce(&Service) -> Result<Event, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    // The models of everything durable at this moment are those of the checkpoint that is named.
    let composed_of = app.service.ledger.head().tree_size;
    app.service.follower.caught_up(composed_of).await;
    let (service, id) = (Arc::clone(&app.service), key.event_id());
    let composed = app.past.work(move || match published_before(&service, id, same)? {
        Some(published) => Ok::<Composed, Problem>(published),
        None => Ok((compose(&service)?, service.clock.now())),
    });
    let (event, occurred_at) = composed.await?;
    let commands = vec![Command { key, event, evidence: Evidence::Office, imported: None, occurred_at }];
    let acts = Acts::among(&commands);
    let reply = app.service.ledger.submit(Submission { actor, commands, mode: Mode::EachAlone }).await?;
    receipt(app, &reply, acts.warnings_of_one(app, &reply).await).await
}

type Composed = (Event, mingzhang_events::Instant);

/// What was published with this key: the same command again.
fn published_before(
    service: &Service,
    id: EventId,
    same: impl FnOnce(&Event) -> bool,
) -> Result<Option<Composed>, Problem> {
    let Some((_, recorded)) = recorded_with(service, id)? else { return Ok(None) };
    if same(&recorded.event) { Ok(Some((recorded.event, recorded.occurred_at))) } else { Err(key_reused(id)) }
}

/// The event with this id and where it stands: what was recorded with the key that the id is of. Reads its entry, and blocks.
pub(crate) fn recorded_with(service: &Service, id: EventId) -> Result<Option<(u64, RecordedEvent)>, Problem> {
    let failed = |failure| Problem::internal("looking up what was issued", &failure);
    let Some(log_index) = service.ledger.find(id).map_err(failed)? else { return Ok(None) };
    let entries = service.ledger.entries(log_index, 1).map_err(failed)?;
    let recorded = entries.first().and_then(|entry| decode(&entry.bytes).ok());
    Ok(recorded.map(|recorded| (log_index, recorded)))
}

/// The problem that a key stands for something else.
pub(crate) fn key_reused(id: EventId) -> Problem {
    Problem::new(
        Kind::KEY_REUSED,
        format!("幂等键已用于另一事实（{id}）：请换用新的幂等键"),
        format!("the key was used for another fact ({id}): take a new one"),
    )
}
