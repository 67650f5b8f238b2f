//! `GET /v1/objections`: the objections of an organisation's members, or of one member, in the order in which they were raised.

use crate::http::answer::{Answer, KnownAsk, answer, today};
use crate::http::csv::{Cell, Table};
use crate::http::extract::{Params, no_such_place, page_size};
use crate::http::v1::months::organization;
use crate::http::{App, Kind, Problem, schema};
use crate::identity::Role;
use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use mingzhang_events::{ActorId, EventId, MemberId, Month, OrganizationId};
use mingzhang_projections::{ListedObjection, ReadModels};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const PAGE: usize = 50;
const PAGE_MAX: usize = 1_000;

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ObjectionsParams {
    /// Only of members of this organisation and those below it; of the whole tree unless one is named.
    #[param(value_type = Option<String>, pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$")]
    organization: Option<OrganizationId>,
    /// Only about this member.
    #[param(value_type = Option<String>, pattern = "^m[0-9a-f][0-9a-hjkmnp-tv-z]{12}$")]
    member: Option<MemberId>,
    /// Only those that this pseudonym raised, about whomever: for their own token.
    #[param(value_type = Option<String>)]
    raised_by: Option<ActorId>,
    /// Only to this month.
    #[param(value_type = Option<String>, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    month: Option<Month>,
    /// At most so many; 50 unless said otherwise.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// From the header `Link` of the page before.
    #[param(value_type = Option<String>, pattern = "^e[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    cursor: Option<EventId>,
    /// The answer as it was when the log had so many entries; the present one if absent.
    as_of: Option<u64>,
}

#[derive(Serialize)]
struct Objections {
    objections: Vec<ListedObjection>,
    next: Option<EventId>,
}

impl Answer for Objections {
    const HAS_TABLE: bool = true;
    fn next(&self) -> Option<String> {
        self.next.map(|last| last.to_string())
    }
    fn table(&self) -> Option<Table> {
        let rows = self.objections.iter().map(|listed| {
            let objection = &listed.objection;
            vec![
                Cell::text(objection.id),
                Cell::text(objection.month),
                Cell::text(objection.member),
                Cell::optional(objection.branch, Cell::text),
                Cell::text(objection.ground),
                Cell::text(objection.subject),
                Cell::text(objection.raised_at),
                match objection.calendar_missing {
                    Some(year) => Cell::text(format!("缺{year}年日历")),
                    None => Cell::optional(objection.decide_until, Cell::text),
                },
                Cell::text(objection.standing.as_str()),
                Cell::optional(objection.assignee, Cell::text),
                Cell::text(if listed.overdue { "逾期" } else { "" }),
                Cell::optional(objection.decision, Cell::text),
            ]
        });
        Some(Table {
            title: "异议".to_owned(),
            head: &[
                "编号",
                "月份",
                "党员",
                "支部",
                "事由",
                "对象",
                "提出时间",
                "决定期限",
                "状态",
                "承办人",
                "逾期",
                "决定编号",
            ],
            rows: rows.collect(),
        })
    }
}

/// Objections in the order in which they were raised: about what, where each stands, until when it is to be decided, and what followed.
#[utoipa::path(
    get, path = "/v1/objections", tag = "months", summary = "异议目录", security(("token" = [])),
    description = "**Who:** a token with any role that reaches the organisation; with `member`, also the member's own token; with `raised_by`, only the token of whoever raised them.",
    params(ObjectionsParams),
    responses((status = 200, description = "Objections",
        content((schema::ObjectionList = "application/json"), (String = "text/csv"))), schema::Refusals)
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    KnownAsk(ask): KnownAsk,
    Params(params): Params<ObjectionsParams>,
) -> Result<Response<Body>, Problem> {
    let ObjectionsParams { organization: named, member, raised_by, month, limit, cursor, as_of } = params;
    let limit = page_size(limit, PAGE, PAGE_MAX)?;
    if [named.is_some(), member.is_some(), raised_by.is_some()].into_iter().filter(|is_named| *is_named).count() > 1 {
        return Err(Problem::new(
            Kind::MALFORMED_QUERY,
            "organization、member、raised_by 只能写一个：请去掉其余的",
            "organization, member and raised_by aren't asked about together: leave the others out",
        ));
    }
    let today = today(&app, as_of);
    answer(
        &app,
        ask.on(today),
        as_of,
        move |caller, models| match (member, raised_by) {
            (Some(member), _) => caller.must_reach_member(models, member),
            (None, Some(actor)) => caller.must_be(actor),
            (None, None) => caller.must_reach(models, &Role::ALL, organization(models, named)?),
        },
        move |models: &ReadModels| {
            let mut all = match (member, raised_by) {
                (Some(member), _) => models.objections_about(member),
                (None, Some(actor)) => models.objections_raised_by(actor),
                (None, None) => models
                    .objections(organization(models, named)?, month)
                    .ok_or_else(|| Problem::unknown("这个组织", "organization"))?,
            };
            all.retain(|objection| month.is_none_or(|month| objection.month == month));
            let start = match cursor {
                None => 0,
                Some(last) => 1 + all.iter().position(|entry| entry.id == last).ok_or_else(no_such_place)?,
            };
            let more = all.len() > start + limit;
            let today = today.unwrap_or_else(|| models.newest_day());
            let page = all.into_iter().skip(start).take(limit).map(|entry| entry.on(today));
            let objections: Vec<ListedObjection> = page.collect();
            let next = objections.last().filter(|_| more).map(|listed| listed.objection.id);
            Ok(Objections { objections, next })
        },
    )
    .await
}
