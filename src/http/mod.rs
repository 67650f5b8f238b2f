//! The JSON API. May read and submit; decides nothing, holds no SQL, draws no page.
//!
//! Invariants: an answer names the tree size that it is the answer of; what is acknowledged is durable; nothing that names a
//! person, a token or what was asked goes into a log line or a metric.
//!
//! # Who may call what
//!
//! | route | who |
//! |---|---|
//! | `GET /v1/checkpoint`, `…/witnesses`, `/v1/rules`, `/v1/organizations`, `/v1/organizations/{code}`, `…/rates`, `/v1/disclosures`, `/v1/notices`, `/v1/notices/{id}`, `…/lines/{number}`, `…/proof`, `…/changes` | anybody |
//! | `GET /v1/notices/{id}?view=corrected` as PDF, DOCX or XLSX | a token with any role that reaches the organisation |
//! | `GET /livez`, `/readyz`, `/metrics`, `/openapi.json`, `/docs` | anybody who reaches the port |
//! | `GET /v1/organizations/{code}/ranking`, `…/units`, `…/attendance`, `…/duty`, `…/summary`, `…/burden`, `…/draft` | a token with any role that reaches the organisation |
//! | `GET /v1/tables/{file}` | a token with any role that reaches the organisation; the table `names`: a recorder, reviewer, publisher or operator |
//! | `GET /v1/months/{month}` | a token with any role that reaches the organisation |
//! | `GET /v1/months/{month}/waiting` | a reviewer, publisher or auditor that reaches the organisation |
//! | `POST /v1/months/{month}/disclosure` | a publisher that reaches the organisation |
//! | `GET /v1/objections` | a token with any role that reaches the organisation; with `member`, also the member's own token; with `raised_by`, only the token of whoever raised them |
//! | `GET /v1/documents/{sha256}` | anybody |
//! | `GET /v1/documents` | a token with any role that reaches the organisation |
//! | `GET /v1/documents/draft` | a token with any role that reaches the organisation, or the member's branch; the member's own token |
//! | `POST /v1/documents` | a publisher that reaches the organisation, or the member's branch |
//! | `GET /v1/organizations/{code}/conduct` | an auditor that reaches the organisation |
//! | `GET /v1/members/{id}`, `…/points` | a token with any role that reaches the member's branch; the member's own token |
//! | `POST /v1/members/find` | a recorder, reviewer, publisher or operator; only members whose branch they reach; a member: themselves |
//! | `POST /v1/organizations/find` | a recorder, reviewer, publisher or operator; only organisations that they reach |
//! | `POST /v1/households` | a recorder or operator |
//! | `POST /v1/people` | a recorder or operator; only members whose branch they reach, or who are on no roster yet |
//! | `GET /v1/members/{id}/reveal`, `DELETE /v1/members/{id}/person` | an operator that reaches the member's branch |
//! | `POST /v1/commands`, `…/batch` | any token; the ledger's rules say which command |
//! | `POST /v1/notices` | a publisher that reaches the organisation |
//! | `GET /log/checkpoint`, `/log/tile/{level}/…` | anybody |
//! | `GET /log/tile/entries/…` | an auditor of the whole ledger |
//! | `GET /v1/events` | an auditor of the whole ledger |
//! | `GET /v1/events/{id}`, `…/proof` | an auditor of the whole ledger; whoever recorded it |
//!
//! A role reaches an organisation if it is given for the whole ledger, for that organisation, or for one above it. The
//! public sees no figure about fewer members than the rules allow to be published.

mod answer;
mod as_of;
mod auth;
mod conditional;
mod csv;
mod cursor;
mod error;
mod extract;
mod limits;
mod log;
pub mod logging;
mod metrics;
mod negotiate;
mod observe;
pub mod openapi;
mod operations;
pub mod schema;
mod serve;
mod v1;

pub use error::{Kind, Problem};
pub use limits::Limits;
pub use serve::{ServeError, serve, stop_signals, told_to_stop};

use crate::service::Service;
use crate::transparency::SignedCheckpoint;
use crate::turns::{Queue, Turns};
use answer::Answers;
use axum::Router;
use axum::routing::any;
use metrics::Meter;
use std::sync::Arc;

/// What every route works with.
pub(crate) struct App {
    pub(crate) service: Arc<Service>,
    pub(crate) answers: Answers,
    pub(crate) meter: Arc<Meter>,
    /// Questions about the past that are worked on at a time.
    pub(crate) past: Turns,
    /// Batches decided all or none at a time: each stands in memory several times over while it is.
    pub(crate) together: Turns,
    /// Batches decided all or none that grow large while they are read.
    pub(crate) gathering: Turns,
    /// Tables written at a time: each may rest on models of its own.
    pub(crate) tables: Turns,
    /// Documents made at a time; texts that nobody issues aren't among them.
    pub(crate) papers: Queue,
    /// Tables that stand on the disk at a time, until whoever asked has read them.
    pub(crate) table_files: Turns,
    /// Questions about the present that are worked on at a time, those apart that take microseconds.
    pub(crate) present: Turns,
}

impl App {
    fn over(service: Arc<Service>, meter: Arc<Meter>) -> App {
        App {
            service,
            answers: Answers::default(),
            meter,
            past: Turns::of(as_of::AT_A_TIME),
            together: Turns::of(1),
            gathering: Turns::of(v1::commands::batch::GATHERED_AT_A_TIME),
            tables: Turns::of(1),
            papers: Queue::of(v1::documents::PLACES),
            table_files: Turns::of(v1::tables::show::FILES_AT_A_TIME),
            present: Turns::of(answer::AT_A_TIME),
        }
    }

    /// The checkpoint that the public is shown.
    async fn published(&self) -> Result<Arc<SignedCheckpoint>, Problem> {
        let service = Arc::clone(&self.service);
        // It may have to be signed and written down first. Where that fails, for want of room say, the one before still holds.
        let published = tokio::task::spawn_blocking(move || {
            service.published_checkpoint().or_else(|failure| {
                let before = service.publication.published_before();
                before.ok_or_else(|| Problem::internal("publishing the checkpoint", &failure))
            })
        });
        published.await.expect("publishing doesn't panic")
    }
}

/// The whole API. What isn't in it is a problem.
pub fn router(service: Arc<Service>) -> Router {
    router_with_pages(service, Router::new().fallback(observe::no_such_route))
}

/// The whole API beside pages, which get the same logging, metrics, compression, time limit and answer to a panic. The
/// pages' fallback answers for every address outside `/v1`.
pub fn router_with_pages(service: Arc<Service>, pages: Router) -> Router {
    let meter = Arc::new(Meter::new());
    let app = Arc::new(App::over(service, Arc::clone(&meter)));
    let (api, document) = openapi::routes().split_for_parts();
    let api = api
        .merge(v1::by_suffix())
        .route("/v1/{*rest}", any(observe::no_such_route))
        .route("/log/{*rest}", any(observe::no_such_route))
        .with_state(app);
    observe::around(api.merge(openapi::documentation(&document)).merge(pages), meter)
}
