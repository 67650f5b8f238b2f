//! `GET /v1/organizations`: the tree, each organisation before those below it.

use crate::http::answer::{Answer, Ask, Question, answer};
use crate::http::csv::{Cell, Table};
use crate::http::cursor::{self, Cursor};
use crate::http::extract::{Params, no_such_place, page_size};
use crate::http::{App, Problem, schema};
use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use mingzhang_events::OrganizationId;
use mingzhang_projections::{OrganizationCard, ReadModels};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const PAGE: usize = 200;
const PAGE_MAX: usize = 5_000;

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParams {
    /// Only this organisation and those below it.
    #[param(value_type = Option<String>, pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$")]
    below: Option<OrganizationId>,
    /// At most so many; 200 unless said otherwise.
    #[param(minimum = 1, maximum = 5000)]
    limit: Option<usize>,
    /// From the header `Link` of the page before.
    #[param(value_type = Option<String>, pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}@[0-9]{1,20}$")]
    cursor: Option<Cursor<OrganizationId>>,
    /// The answer as it was when the log had so many entries; the present one if absent.
    as_of: Option<u64>,
}

#[derive(Serialize)]
struct Listed {
    organizations: Vec<OrganizationCard>,
    next: Option<Cursor<OrganizationId>>,
}

impl Answer for Listed {
    const HAS_TABLE: bool = true;
    fn next(&self) -> Option<String> {
        self.next.map(|cursor| cursor.to_string())
    }
    fn table(&self) -> Option<Table> {
        let rows = self.organizations.iter().map(|card| {
            vec![
                Cell::text(card.organization),
                Cell::text(&card.name),
                Cell::text(card.level),
                Cell::optional(card.parent, Cell::text),
            ]
        });
        Some(Table {
            title: "组织".to_owned(), head: &["代码", "名称", "层级", "上级代码"], rows: rows.collect()
        })
    }
}

struct WhichPart {
    below: Option<OrganizationId>,
    after: Option<OrganizationId>,
    limit: usize,
}

impl Question for WhichPart {
    type Found = Listed;
    type Answer = Listed;

    fn tell(found: Listed) -> Result<Listed, Problem> {
        Ok(found)
    }

    fn ask(self, models: &ReadModels, tree_size: u64) -> Result<Listed, Problem> {
        let WhichPart { below, after, limit } = self;
        let tops = match below {
            Some(below) => vec![below],
            None => models.roots().into_iter().map(|card| card.organization).collect(),
        };
        let mut all = Vec::new();
        for top in tops {
            all.extend(models.subtree(top, None).ok_or_else(super::unknown)?);
        }
        let start = match after {
            None => 0,
            Some(last) => 1 + all.iter().position(|card| card.organization == last).ok_or_else(no_such_place)?,
        };
        let more = all.len() > start + limit;
        let organizations: Vec<OrganizationCard> = all.into_iter().skip(start).take(limit).collect();
        let last = organizations.last().filter(|_| more);
        let next = last.map(|card| Cursor { after: card.organization, tree_size });
        Ok(Listed { organizations, next })
    }

    fn stands_since(&self, models: &ReadModels, tree_size: u64) -> bool {
        models.organizations_stand_since() <= tree_size
    }
}

/// The tree of organisations as it is now, in the order of the tree: each before those below it. All pages are of the tree size of
/// the first, which their cursors name.
#[utoipa::path(
    get, path = "/v1/organizations", tag = "organizations", summary = "组织树", description = "**Who:** anybody.",
    params(ListParams),
    responses((status = 200, description = "The organisations",
        content((schema::OrganizationList = "application/json"), (String = "text/csv"))), schema::Refusals)
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Params(params): Params<ListParams>,
    ask: Ask,
) -> Result<Response<Body>, Problem> {
    let ListParams { below, limit, cursor, as_of } = params;
    let limit = page_size(limit, PAGE, PAGE_MAX)?;
    let as_of = cursor::as_of(cursor.as_ref(), as_of)?;
    let part = WhichPart { below, after: cursor.map(|cursor| cursor.after), limit };
    answer(&app, ask, as_of, |_, _| Ok(()), part).await
}
