//! What is known beside the log about acts of office: that whoever is given an objection can't decide it, and what is to be told with an outcome. Of one
//! command or of many, and always the same.

use crate::http::{App, Kind, Problem};
use crate::identity::Actor;
use crate::ledger::{Command, Outcome, Reply};
use crate::service::{CannotDecide, Given, Warning};
use mingzhang_events::Event;
use std::collections::BTreeMap;
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

/// Those of an actor's commands that give an objection to somebody who can't decide it, by place.
pub(super) async fn given_in_vain(
    app: &App,
    actor: &Arc<Actor>,
    commands: &[Command],
) -> Result<BTreeMap<usize, CannotDecide>, Problem> {
    let given = commands
        .iter()
        .enumerate()
        .filter(|(_, command)| matches!(command.event, Event::ObjectionRaised(_) | Event::ObjectionAssigned(_)));
    let given: Vec<Given> = given
        .map(|(place, command)| Given { place, id: command.key.event_id(), event: command.event.clone() })
        .collect();
    if given.is_empty() {
        return Ok(BTreeMap::new());
    }
    let (service, actor) = (Arc::clone(&app.service), Arc::clone(actor));
    let looked_up = tokio::task::spawn_blocking(move || service.given_in_vain(&actor, &given)).await;
    let looked_up = looked_up.expect("looking up tokens doesn't panic");
    looked_up.map_err(|failure| Problem::internal("looking up who is to decide an objection", &failure))
}

/// The problem that whoever is given an objection can't decide it.
pub(super) fn cannot_decide(why: CannotDecide) -> Problem {
    Problem::new(
        Kind::ASSIGNEE_CANNOT_DECIDE,
        format!("{}：{}", why.chinese(), why.next_chinese()),
        format!("{}: {}", why.english(), why.next_english()),
    )
}
