//! `GET /v1/members/{id}/points`: a member's points in a month; every point names its events and its clause.

use crate::http::answer::{Answer, KnownAsk, answer};
use crate::http::csv::{Cell, Table};
use crate::http::extract::{Named, Params};
use crate::http::v1::organizations::MonthParams;
use crate::http::{App, Problem, schema};
use crate::ledger::Ledger;
use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use mingzhang_events::{EventId, MemberId, Month, OrganizationId, Points, RulesVersion, decode};
use mingzhang_projections::{ExplainedItem, MemberAssessment, MemberPoints, ReadModels};
use serde::Serialize;
use std::sync::Arc;

/// An entry that a point rests on.
#[derive(Serialize)]
struct Source {
    log_index: u64,
    id: EventId,
}

#[derive(Serialize)]
struct SourcedItem {
    #[serde(flatten)]
    item: ExplainedItem,
    events: Vec<Source>,
}

#[derive(Serialize)]
struct Explained {
    member: MemberId,
    month: Month,
    branch: Option<OrganizationId>,
    total: Points,
    voluntary_minutes: u32,
    rank_in_branch: Option<usize>,
    ranked_in_branch: Option<usize>,
    rules_version: Option<RulesVersion>,
    items: Vec<SourcedItem>,
    assessment: Option<MemberAssessment>,
}

impl Answer for Explained {
    const HAS_TABLE: bool = true;
    fn table(&self) -> Option<Table> {
        let rows = self.items.iter().map(|SourcedItem { item, events }| {
            let events: Vec<String> = events.iter().map(|source| source.log_index.to_string()).collect();
            vec![
                Cell::text(item.date),
                Cell::optional(item.clause, Cell::text),
                Cell::text(&item.name),
                Cell::number(item.minutes),
                Cell::number(item.points),
                Cell::number(item.points_before_cap),
                Cell::optional(item.evidence, Cell::text),
                Cell::text(events.join(" ")),
            ]
        });
        Some(Table {
            title: format!("{}-{}-积分明细", self.member, self.month),
            head: &["日期", "条款", "事项", "分钟", "积分", "封顶前", "佐证", "账目"],
            rows: rows.collect(),
        })
    }
}

/// The names of the entries that an item rests on, read from the log.
fn sources(ledger: &Ledger, log_indexes: &[u64]) -> Result<Vec<Source>, Problem> {
    let read = |&log_index: &u64| {
        let entries =
            ledger.entries(log_index, 1).map_err(|failure| Problem::internal("reading an entry", &failure))?;
        let entry = entries.first().ok_or_else(super::unknown)?;
        let event = decode(&entry.bytes).map_err(|failure| Problem::internal("decoding an entry", &failure))?;
        Ok(Source { log_index, id: event.id })
    };
    log_indexes.iter().map(read).collect()
}

/// A member's points in a month with every item that they are the sum of: the clause, the points before and after caps, and
/// the entries of the log that it rests on. Items that earn nothing are there too, with the reason.
#[utoipa::path(
    get, path = "/v1/members/{id}/points", tag = "members", summary = "积分明细", security(("token" = [])),
    description = "**Who:** a token with any role that reaches the member's branch; the member's own token.",
    params(("id" = String, Path, description = "The member's id", example = "m0000000000001", pattern = "^m[0-9a-f][0-9a-hjkmnp-tv-z]{12}$"), MonthParams),
    responses((status = 200, description = "The points",
        content((schema::MemberPoints = "application/json"), (String = "text/csv"))), schema::Refusals)
)]
pub(crate) async fn points(
    State(app): State<Arc<App>>,
    KnownAsk(ask): KnownAsk,
    Named(member): Named<MemberId>,
    Params(MonthParams { month, as_of }): Params<MonthParams>,
) -> Result<Response<Body>, Problem> {
    let ledger = Arc::clone(&app.service.ledger);
    answer(
        &app,
        ask,
        as_of,
        |caller, models| caller.must_reach_member(models, member),
        move |models: &ReadModels| {
            let points: MemberPoints = models.member_points(member, month).ok_or_else(super::unknown)?;
            let sourced = |item: ExplainedItem| {
                let events = sources(&ledger, &item.log_indexes)?;
                Ok(SourcedItem { item, events })
            };
            Ok(Explained {
                member,
                month,
                branch: points.branch,
                total: points.total,
                voluntary_minutes: points.voluntary_minutes,
                rank_in_branch: points.rank_in_branch,
                ranked_in_branch: points.ranked_in_branch,
                rules_version: points.rules_version,
                items: points.items.into_iter().map(sourced).collect::<Result<_, Problem>>()?,
                assessment: points.assessment,
            })
        },
    )
    .await
}
