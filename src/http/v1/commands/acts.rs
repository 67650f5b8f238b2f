//! What is known beside the log about acts of office: that whoever is given an objection can't decide it, and what is to be told with an outcome. Of one
//! command or of many, and always the same.

use crate::http::{App, Kind, Problem};
use crate::ledger::{Command, Outcome, Reply};
use crate::service::Warning;
use mingzhang_events::Event;
use std::sync::Arc;

/// The acts among commands that something may be known of, each with the place of its command.
#[derive(Default)]
pub(crate) struct Acts(Vec<(usize, Event)>);

impl Acts {
    pub(crate) fn among(commands: &[Command]) -> Acts {
        let act = |(at, command): (usize, &Command)| {
            let is_one = matches!(
                command.event,
                Event::ObjectionAssigned(_)
                    | Event::MonthFrozen(_)
                    | Event::DisclosureOpened(_)
                    | Event::MonthClosed(_)
                    | Event::NoticeIssued(_)
            );
            is_one.then(|| (at, command.event.clone()))
        };
        Acts(commands.iter().enumerate().filter_map(act).collect())
    }

    /// The places of those that give an objection to somebody who is known to have no role to decide it.
    pub(super) async fn in_vain(&self, app: &App) -> Result<Vec<usize>, Problem> {
        if self.0.is_empty() {
            return Ok(Vec::new());
        }
        let (service, acts) = (Arc::clone(&app.service), self.0.clone());
        let looked_up = tokio::task::spawn_blocking(move || {
            let mut in_vain = Vec::new();
            for (at, event) in &acts {
                if service.assigns_to_nobody_who_decides(event)? {
                    in_vain.push(*at);
                }
            }
            Ok::<_, crate::service::ServiceError>(in_vain)
        });
        let looked_up = looked_up.await.expect("looking up tokens doesn't panic");
        looked_up.map_err(|failure| Problem::internal("looking up who is to decide an objection", &failure))
    }

    /// What is to be told of those that were recorded, by place. The reply is to all the commands, and to no dry run.
    pub(super) async fn warnings(self, app: &App, reply: &Reply) -> Vec<(usize, Vec<Warning>)> {
        let is_there =
            |at: usize| matches!(reply.outcomes.get(at), Some(Outcome::Recorded { .. } | Outcome::Repeated { .. }));
        let mut told = Vec::new();
        for (at, event) in self.0.into_iter().filter(|(at, _)| is_there(*at)) {
            told.push((at, warnings(app, event, reply.head.tree_size).await));
        }
        told
    }

    /// The same where there is one command only.
    pub(crate) async fn warnings_of_one(self, app: &App, reply: &Reply) -> Vec<Warning> {
        self.warnings(app, reply).await.into_iter().flat_map(|(_, warnings)| warnings).collect()
    }
}

/// What is to be told of an event that is recorded. That it can't be looked up is no failure of it.
async fn warnings(app: &App, event: Event, tree_size: u64) -> Vec<Warning> {
    app.service.follower.caught_up(tree_size).await;
    let service = Arc::clone(&app.service);
    let found = tokio::task::spawn_blocking(move || service.warnings(&event)).await.expect("counting doesn't panic");
    found.unwrap_or_else(|_| {
        tracing::warn!("what is to be told beside a receipt could not be looked up");
        Vec::new()
    })
}

/// The problem that whoever is given an objection can't decide it.
pub(super) fn cannot_decide() -> Problem {
    Problem::new(
        Kind::ASSIGNEE_CANNOT_DECIDE,
        "承办人没有在该党员支部审核或发布的角色，不能决定异议：请分派给别人，或先授予角色",
        "the assignee holds no role of a reviewer or publisher over the member's branch: assign it to somebody else, or grant them one",
    )
}
