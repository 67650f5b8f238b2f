//! `/notices/{event}/lines/{number}`: the records that a line of an issued notice is the sum of.
//!
//! Shows nothing of a person that the notice doesn't, and no content of an entry.

use super::Failure;
use crate::notice::wording::{self, Words, month_in_words};
use crate::notice::{Trace, format, trace};
use crate::web::answer::answer;
use crate::web::site::Site;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use mingzhang_events::EventId;
use mingzhang_projections::{ExplainedItem, NoticeEntry};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "web/templates/line.html", config = ".askama.toml")]
struct Page {
    event: EventId,
    origin: String,
    line_number: Option<usize>,
    title: String,
    trace: Trace,
    /// As it may be shown today.
    name: Option<String>,
    branch: String,
    points: String,
    items: Vec<ItemRow>,
}

/// One record, decision or absence in words.
struct ItemRow {
    date: String,
    occasion: Words,
    minutes: u16,
    points: String,
    clause: Option<String>,
    name: String,
    evidence: Option<Words>,
    standing: Words,
    log_indexes: Vec<u64>,
}

impl ItemRow {
    fn new(item: &ExplainedItem) -> ItemRow {
        ItemRow {
            date: item.date.to_string(),
            occasion: wording::occasion(item.occasion, item.kind),
            minutes: item.minutes,
            points: format::points_in_column(item.points),
            clause: item.clause.map(|clause| clause.to_string()),
            name: item.name.clone(),
            evidence: item.evidence.map(wording::evidence),
            standing: wording::standing(item.standing),
            log_indexes: item.log_indexes.clone(),
        }
    }
}

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    Path((event, number)): Path<(String, String)>,
    request: HeaderMap,
) -> Result<Response, Failure> {
    let event: EventId = event.parse().map_err(|_| Failure::NotFound)?;
    let number: usize = number.parse().map_err(|_| Failure::NotFound)?;
    let entry = site.models().await.published(event).ok_or(Failure::NotFound)?;
    let at_work = Arc::clone(&site);
    let page = site.issued.turns.work(move || page(&at_work, &entry, number)).await?;
    let html = page.render().map_err(Failure::of)?;
    Ok(answer(&request, "text/html; charset=utf-8", html.into_bytes()))
}

fn page(site: &Site, entry: &NoticeEntry, number: usize) -> Result<Page, Failure> {
    let models = site.follower.models_at(entry.tree_size).map_err(Failure::of)?;
    let traced = trace(&models, entry.organization, entry.month, number).ok_or(Failure::NotFound)?;
    let organization = models.organization(entry.organization, None).map_or_else(String::new, |card| card.name);
    let member = traced.line.member;
    let consented = models.consenting([member]);
    // Names look at the models of today: these are let go first.
    drop(models);
    let name = site.names([member], &consented)?.remove(&member);
    Ok(Page {
        event: entry.id,
        origin: site.ledger.origin().to_owned(),
        line_number: Some(number),
        title: format!("{organization}　{}积分", month_in_words(entry.month)),
        name,
        branch: traced.line.branch.clone().unwrap_or_else(|| wording::LEFT.to_owned()),
        points: format::points_in_column(traced.line.points),
        items: traced.items.iter().map(ItemRow::new).collect(),
        trace: traced,
    })
}
