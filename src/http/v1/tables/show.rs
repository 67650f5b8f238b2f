//! `GET /v1/tables/{file}`: one whole table of a part of the tree. Written to a file without a name first, so that the read models aren't held while
//! a slow client reads, and memory doesn't grow with the table.

use crate::http::answer::{KnownAsk, TREE_SIZE};
use crate::http::extract::{Named, Params};
use crate::http::v1::months::organization;
use crate::http::{App, Problem, as_of, schema};
use crate::identity::Role;
use crate::tables::{self, Format, Table, TableError, Wanted};
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
    let service = Arc::clone(&app.service);
    let written = as_of::ask(&app, tree_size, move |models| {
        let names = |members: &[MemberId]| service.identity.full_names(members).map_err(Into::into);
        let file = tempfile::tempfile().map_err(|failure| Problem::internal("making a file for a table", &failure))?;
        let mut read = file.try_clone().map_err(|failure| Problem::internal("making a file for a table", &failure))?;
        table.write(&Wanted { models, organization, names: &names }, format, file).map_err(refused)?;
        let length = read.stream_position().and_then(|length| read.rewind().map(|()| length));
        let length = length.map_err(|failure| Problem::internal("reading a table", &failure))?;
        Ok((read, length))
    });
    let (file, length) = written.await?;
    let mut response = Response::new(Body::from_stream(chunks(file)));
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
        TableError::UnknownOrganization(_) => Problem::unknown("这个组织", "organization"),
        TableError::File(_) | TableError::Workbook(_) | TableError::Parquet(_) | TableError::Names(_) => {
            Problem::internal("writing a table", &failure)
        }
    }
}

/// What a file holds, a piece for each time that the client can take one. No thread waits for the client.
fn chunks(file: File) -> impl Stream<Item = io::Result<Bytes>> {
    futures::stream::try_unfold(file, async |mut file| {
        let read = tokio::task::spawn_blocking(move || {
            let mut chunk = vec![0; CHUNK_BYTES];
            let length = file.read(&mut chunk)?;
            chunk.truncate(length);
            Ok::<_, io::Error>((Bytes::from(chunk), file))
        });
        let (chunk, file) = read.await.map_err(io::Error::other)??;
        Ok(if chunk.is_empty() { None } else { Some((chunk, file)) })
    })
}
