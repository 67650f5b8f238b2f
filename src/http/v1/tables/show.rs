//! `GET /v1/tables/{file}`: one whole table of a part of the tree. Written from models of its own, one table at a time, to a file without a name, which
//! is sent as fast as the client reads.
//!
//! Invariants: neither recording nor any answer waits for a table; no more than a few stand on the disk; no member is named to whom the caller's roles
//! don't reach today.

use crate::http::answer::{KnownAsk, TREE_SIZE};
use crate::http::auth::reaches_member;
use crate::http::extract::{Named, Params};
use crate::http::observe::timed_out;
use crate::http::v1::months::organization;
use crate::http::{App, Problem, as_of, schema};
use crate::identity::Role;
use crate::tables::{self, Format, Table, TableError, Wanted};
use crate::turns::Turn;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, Response, header};
use futures::Stream;
use mingzhang_events::{MemberId, OrganizationId};
use serde::Deserialize;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::str::FromStr;
use std::sync::Arc;

/// Who may see names.
const NAMES: [Role; 4] = [Role::Recorder, Role::Reviewer, Role::Publisher, Role::Operator];
/// Tables that stand on the disk at a time: of a city's records each has about a gigabyte.
pub(crate) const FILES_AT_A_TIME: usize = 4;
/// So much is read at a time.
const CHUNK_BYTES: usize = 64 << 10;

/// A table and its format.
pub(crate) struct TableFile {
    table: &'static Table,
    format: Format,
}

/// There is no such file.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no table with a format: write records.csv, say, or .ndjson, .xlsx, .parquet")]
pub(crate) struct NoTable(String);

impl FromStr for TableFile {
    type Err = NoTable;
    fn from_str(text: &str) -> Result<TableFile, NoTable> {
        let found = text.split_once('.').and_then(|(name, suffix)| {
            let format = Format::ALL.into_iter().find(|format| format.suffix() == suffix)?;
            Some(TableFile { table: tables::named(name)?, format })
        });
        found.ok_or_else(|| NoTable(text.to_owned()))
    }
}

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TableParams {
    /// Of this organisation and those below it; of the whole tree unless one is named.
    #[param(value_type = Option<String>, pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$")]
    organization: Option<OrganizationId>,
    /// The table as it was when the log had so many entries; the present one if absent.
    as_of: Option<u64>,
}

/// A table of an organisation and all below it, whole: every row, its columns as the data dictionary says. Members stand under opaque ids; `names` is
/// the one table that names them.
#[utoipa::path(
    get, path = "/v1/tables/{file}", tag = "organizations", summary = "数据表", security(("token" = [])),
    description = "**Who:** a token with any role that reaches the organisation; for `names`, a recorder, reviewer, publisher or operator that reaches it.",
    params(("file" = String, Path, description = "The table, with its format behind the dot", example = "records.csv", pattern = "^(organizations|roster|enrollments|exemptions|activities|sign_ups|records|decisions|point_items|member_months|months|notices|objections|names)\\.(csv|ndjson|xlsx|parquet)$"), TableParams),
    responses((status = 200, description = "The table",
        content((String = "text/csv"), (String = "application/x-ndjson"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "application/vnd.apache.parquet"))), schema::Refusals)
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    KnownAsk(ask): KnownAsk,
    Named(TableFile { table, format }): Named<TableFile>,
    Params(params): Params<TableParams>,
) -> Result<Response<Body>, Problem> {
    let (organization, tree_size) = {
        let models = app.service.models().await;
        let organization = organization(&models, params.organization)?;
        let roles: &[Role] = if table.names_people { &NAMES } else { &Role::ALL };
        ask.caller.must_reach(&models, roles, organization)?;
        (organization, as_of::size(params.as_of, models.tree_size())?)
    };
    let place = app.table_files.take().await;
    let actor = Arc::clone(ask.caller.known()?);
    let service = Arc::clone(&app.service);
    // Gone once the request is, by its time limit too.
    let request = Arc::new(());
    let waits = Arc::downgrade(&request);
    let written = app.tables.work(move || {
        let models = service.follower.past_at(tree_size);
        let models = models.map_err(|failure| as_of::problem("replaying the log", &failure.into()))?;
        // The tree may be that of then; who may be named is a question of today, and is asked for a thousand members at a time.
        let names = |members: &[MemberId]| {
            let live = service.follower.models();
            let reached = members.iter().copied().filter(|&member| reaches_member(&live, &actor, &NAMES, member));
            let reached: Vec<MemberId> = reached.collect();
            drop(live);
            service.identity.full_names(&reached).map_err(Into::into)
        };
        let scratch = service.directory.path();
        let file = tempfile::tempfile_in(scratch);
        let file = file.map_err(|failure| Problem::internal("making a file for a table", &failure))?;
        let mut read = file.try_clone().map_err(|failure| Problem::internal("making a file for a table", &failure))?;
        let abandoned = || waits.strong_count() == 0;
        let wanted = Wanted { models: &models, organization, names: &names, abandoned: &abandoned };
        table.write(&wanted, format, file, scratch).map_err(refused)?;
        let length = read.stream_position().and_then(|length| read.rewind().map(|()| length));
        let length = length.map_err(|failure| Problem::internal("reading a table", &failure))?;
        Ok::<_, Problem>((read, length))
    });
    let (file, length) = written.await?;
    drop(request);
    let mut response = Response::new(Body::from_stream(chunks(file, place)));
    let headers = response.headers_mut();
    headers.insert(TREE_SIZE, HeaderValue::from(tree_size));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("authorization"));
    let name = format!("attachment; filename=\"{}.{}\"", table.name, format.suffix());
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::try_from(name).expect("names of tables are ASCII"));
    Ok(response)
}

fn refused(failure: TableError) -> Problem {
    match failure {
        TableError::Abandoned => timed_out(),
        TableError::UnknownOrganization(_) => Problem::unknown("这个组织", "organization"),
        TableError::File(_) | TableError::Workbook(_) | TableError::Parquet(_) | TableError::Names(_) => {
            Problem::internal("writing a table", &failure)
        }
    }
}

/// What a file holds, a piece for each time that the client can take one. No thread waits for the client; its place on the disk is given back with
/// the last piece, or once the client has gone.
fn chunks(file: File, place: Turn) -> impl Stream<Item = io::Result<Bytes>> {
    futures::stream::try_unfold((file, place), async |(mut file, place)| {
        let read = tokio::task::spawn_blocking(move || {
            let mut chunk = vec![0; CHUNK_BYTES];
            let length = file.read(&mut chunk)?;
            chunk.truncate(length);
            Ok::<_, io::Error>((Bytes::from(chunk), file))
        });
        let (chunk, file) = read.await.map_err(io::Error::other)??;
        Ok(if chunk.is_empty() { None } else { Some((chunk, (file, place))) })
    })
}

#[cfg(test)]
mod tests {
    use super::FILES_AT_A_TIME;
    use crate::http::metrics::Meter;
    use crate::http::{App, openapi};
    use crate::identity::Actor;
    use crate::ledger::{Command, Mode, Submission};
    use crate::service::Service;
    use axum::body::Body;
    use axum::http::{Request, Response};
    use mingzhang_events::{Evidence, OrganizationEstablished, OrganizationLevel};
    use std::sync::Arc;
    use tower::ServiceExt;

    #[tokio::test]
    async fn no_more_tables_stand_on_the_disk_than_are_being_read() {
        let directory = tempfile::tempdir().expect("a directory");
        let service = Arc::new(Service::create_at(&directory.path().join("ledger"), "2026-11-05T02:00:00Z"));
        let established = OrganizationEstablished {
            level: OrganizationLevel::City,
            name: "孝感市".to_owned(),
            organization: "4209".parse().expect("a code"),
            parent: None,
        };
        let command = Command {
            key: "k-1".parse().expect("a key"),
            event: established.into(),
            evidence: Evidence::Office,
            imported: None,
            occurred_at: service.clock.now(),
        };
        let keeper = Arc::new(Actor::holder_of_the_files("keeper".parse().expect("an actor")));
        let submission = Submission { actor: keeper, commands: vec![command], mode: Mode::EachAlone };
        service.ledger.submit(submission).await.expect("recorded");
        let (actor, grant) = ("w-1".parse().expect("an actor"), "auditor".parse().expect("a grant"));
        let token = service.identity.create_token(actor, None, &[grant]).expect("a token");
        let app = Arc::new(App::over(service, Arc::new(Meter::new())));
        let routes = openapi::routes().split_for_parts().0.with_state(Arc::clone(&app));
        let get = async || -> Response<Body> {
            let request =
                Request::get("/v1/tables/organizations.csv").header("authorization", format!("Bearer {token}"));
            routes.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer")
        };
        let mut unread = Vec::new();
        for _ in 0..FILES_AT_A_TIME {
            unread.push(get().await);
        }
        assert!(app.table_files.take_now().is_none(), "each is held until it was read");
        let body = unread.pop().expect("an answer").into_body();
        axum::body::to_bytes(body, usize::MAX).await.expect("the table");
        drop(app.table_files.take_now().expect("one was read to its end"));
        unread.pop();
        drop(app.table_files.take_now().expect("another client went away"));
    }
}
