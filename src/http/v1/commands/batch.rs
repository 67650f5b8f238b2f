//! `POST /v1/commands/batch`: many commands as NDJSON, a line of outcome for each, in order.
//!
//! The body is read, decided and answered in chunks: while one chunk is being made durable, the next is parsed and decided.
//! Outcomes wait in memory until the client reads them, so that a client may write its whole body first: up to a bound, and then
//! nothing more is read from it.

use super::acts::{Acts, cannot_decide, given_in_vain};
use super::chunks::{Chunk, Line, Lines};
use super::outcomes::{self, Counts, Ended, Summary};
use super::rostered::Proposed;
use super::unread::{self, Answers};
use crate::http::auth::Known;
use crate::http::extract::{JSON_LINES, Params, must_be};
use crate::http::v1::people;
use crate::http::{App, Kind, Limits, Problem, schema};
use crate::identity::Actor;
use crate::ledger::{Mode, Reply, Submission, SubmitError};
use crate::service::Warning;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures::stream::{FuturesOrdered, StreamExt};
use mingzhang_events::MemberId;
use serde::Deserialize;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

/// Commands in one submission: enough that the commit is paid for, few enough that others don't wait.
const CHUNK_LINES: usize = 2_000;
/// Submissions on their way: one being made durable, one being decided, one parsed.
const ON_THEIR_WAY: usize = 3;
/// Commands decided together, all or none of them: they are held in memory.
const TOGETHER_MAX: usize = 1_000_000;
/// A batch of more than so many lines waits for nobody: it is gathered if few others are being gathered, or refused.
const GATHERED_FREELY: usize = 50_000;
/// How many such batches are gathered at a time.
pub(crate) const GATHERED_AT_A_TIME: usize = 4;
/// How long lines wait for others while nothing else is being decided.
const LINGER: Duration = Duration::from_millis(2);

/// How the lines of a batch belong together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum BatchMode {
    /// Each line is recorded or refused by itself.
    #[default]
    Each,
    /// One line refused or malformed, and none is recorded.
    All,
    /// Nothing is recorded: the outcomes tell what would be.
    DryRun,
}

impl BatchMode {
    const fn as_str(self) -> &'static str {
        match self {
            BatchMode::Each => "each",
            BatchMode::All => "all",
            BatchMode::DryRun => "dry-run",
        }
    }
}

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct BatchParams {
    /// `each` (unless said otherwise): each line by itself; `all`: all or none; `dry-run`: none, only the outcomes. The last
    /// two take up to 1,000,000 lines, one batch of them at a time.
    #[serde(default)]
    #[param(inline)]
    mode: BatchMode,
}

/// Records many facts. A line is `{"key", "type", "time", "evidence", "data"}`; its outcome is a line with its number, in
/// the same order; empty lines are skipped. The last line has `summary` with the counts and the signed checkpoint, and
/// `problem` besides if the batch could not be worked off to its end: what the lines before it say was recorded stays recorded.
/// Read the outcomes while sending: when many MB of them wait unread, no more lines are read, and after two minutes the connection ends.
#[utoipa::path(
    post, path = "/v1/commands/batch", tag = "recording", summary = "成批登记", security(("token" = [])),
    description = "**Who:** any token; each command has the roles that the ledger's rules ask for.",
    params(BatchParams),
    request_body(content = schema::KeyedCommand, content_type = "application/x-ndjson"),
    responses(
        (status = 200, body = schema::BatchLine, content_type = "application/x-ndjson", description = "One line each"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn batch(
    State(app): State<Arc<App>>,
    Known(actor): Known,
    Params(BatchParams { mode }): Params<BatchParams>,
    request: Request,
) -> Result<Response, Problem> {
    must_be(request.headers(), JSON_LINES)?;
    let limits = request.extensions().get::<Limits>().copied().unwrap_or_default();
    let lines = Lines::new(request.into_body(), limits);
    let (answers, answered) = unread::answers();
    let mut work = Work { app, actor, answers, counts: Counts::default(), limits, rostered: HashSet::new() };
    // A task of its own: what has been read is submitted and answered even while the client doesn't read, up to a bound.
    tokio::spawn(async move {
        let ended = match mode {
            BatchMode::Each => work.each(lines).await,
            BatchMode::All => work.together(lines, Mode::AllOrNothing).await,
            BatchMode::DryRun => work.together(lines, Mode::DryRun).await,
        };
        work.end(mode, ended).await;
    });
    let body = Body::from_stream(answered);
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson"), (header::CACHE_CONTROL, "no-store")], body).into_response())
}

/// The problem that others' large batches are being read.
fn others_gather() -> Problem {
    Problem::new(
        Kind::BUSY,
        "正在接收其他大批登记，没有记入任何内容：请稍后重试",
        "other large batches are being read, and nothing was recorded: try again later",
    )
}

struct Work {
    app: Arc<App>,
    actor: Arc<Actor>,
    answers: Answers,
    counts: Counts,
    limits: Limits,
    /// Whom the commands put on the roster.
    rostered: HashSet<MemberId>,
}

/// Lines with what became of their commands.
struct Decided {
    lines: Vec<(u64, Line)>,
    proposed: Proposed,
    /// What is to be told with some of the outcomes, by the place of the command.
    told: Vec<(usize, Vec<Warning>)>,
    reply: Result<Reply, SubmitError>,
}

impl Work {
    async fn each(&mut self, mut lines: Lines) -> Result<(), Problem> {
        let mut on_their_way = FuturesOrdered::new();
        // Whether there is more to read, or why no more is read.
        let mut reading = Ok(true);
        loop {
            if reading == Ok(true) {
                reading = self.answers.room(&self.app.gathering, self.limits.unread_within).await.map(|()| true);
            }
            let idle = on_their_way.is_empty();
            let decided = if reading == Ok(true) && on_their_way.len() < ON_THEIR_WAY {
                // While the body is waited for, outcomes that come in are told. A client that sends line by line doesn't
                // wait for a full chunk.
                tokio::select! {
                    biased;
                    Some(decided) = on_their_way.next(), if !idle => Some(decided),
                    more = lines.gather(CHUNK_LINES) => {
                        reading = more;
                        if lines.has_some() {
                            match self.turned_away(lines.gathered()).await {
                                Ok(chunk) => on_their_way.push_back(self.submit(chunk)),
                                Err(problem) => reading = Err(problem),
                            }
                        }
                        None
                    }
                    () = tokio::time::sleep(LINGER), if idle && lines.has_some() => {
                        match self.turned_away(lines.gathered()).await {
                            Ok(chunk) => on_their_way.push_back(self.submit(chunk)),
                            Err(problem) => reading = Err(problem),
                        }
                        None
                    }
                }
            } else if let Some(decided) = on_their_way.next().await {
                Some(decided)
            } else {
                return reading.map(|_| ());
            };
            // However the batch ends, what was handed to the ledger may be recorded and so is told.
            if let Some(Err(problem)) = decided.map(|decided| self.tell(decided)) {
                reading = reading.and(Err(problem));
            }
        }
    }

    async fn together(&mut self, mut lines: Lines, mode: Mode) -> Result<(), Problem> {
        let mut gathering = None;
        if lines.gather(GATHERED_FREELY).await? {
            gathering = Some(self.app.gathering.take_now().ok_or_else(others_gather)?);
        }
        if lines.gather(TOGETHER_MAX + 1).await? {
            return Err(Problem::new(
                Kind::TOO_LARGE,
                format!("整批登记至多 {TOGETHER_MAX} 行：请分成几个文件，或在账本目录上导入，那里没有上限"),
                format!(
                    "at most {TOGETHER_MAX} lines are decided together: split them, or import on the ledger's directory, which has no limit"
                ),
            ));
        }
        // Only once it is whole: a client that sends slowly must not hold up others.
        let app = Arc::clone(&self.app);
        let _turn = app.together.take().await;
        let all = self.turned_away(lines.gathered()).await?;
        let refused = all.lines.iter().any(|(_, line)| !matches!(line, Line::Command));
        let void = refused && mode == Mode::AllOrNothing;
        let mode = if void { Mode::DryRun } else { mode };
        let (proposed, acts) = match mode {
            Mode::DryRun => Default::default(),
            Mode::AllOrNothing | Mode::EachAlone => (Proposed::by(&all.commands), Acts::among(&all.commands)),
        };
        let submission = Submission { actor: Arc::clone(&self.actor), commands: all.commands, mode };
        let mut reply = self.app.service.ledger.submit(submission).await?;
        if void {
            let tree_size = reply.head.tree_size;
            reply.outcomes.iter_mut().for_each(|outcome| outcome.withhold_from(tree_size));
        }
        let told = acts.warnings(&self.app, &reply).await;
        self.tell(Decided { lines: all.lines, proposed, told, reply: Ok(reply) })?;
        if let Some(turn) = gathering {
            // Its outcomes are as many.
            self.answers.keep(turn);
        }
        Ok(())
    }

    /// The chunk without the commands that the ledger's rules can't refuse and that are refused all the same, as one alone would be.
    async fn turned_away(&self, mut chunk: Chunk) -> Result<Chunk, Problem> {
        let in_vain = given_in_vain(&self.app, &self.actor, &chunk.commands).await?;
        if in_vain.is_empty() {
            return Ok(chunk);
        }
        let commands = chunk.lines.iter_mut().filter(|(_, line)| matches!(line, Line::Command));
        for (place, (_, line)) in commands.enumerate() {
            if let Some(why) = in_vain.get(&place) {
                *line = Line::Refused(cannot_decide(*why));
            }
        }
        let mut places = 0..;
        chunk.commands.retain(|_| places.next().is_some_and(|place| !in_vain.contains_key(&place)));
        Ok(chunk)
    }

    /// Hands a chunk to the ledger at once; the answer comes when it is durable.
    fn submit(&mut self, chunk: Chunk) -> impl Future<Output = Decided> + use<> {
        self.app.meter.submission_commands.record(u32::try_from(chunk.commands.len()).unwrap_or(u32::MAX));
        let (proposed, acts) = (Proposed::by(&chunk.commands), Acts::among(&chunk.commands));
        let (app, actor) = (Arc::clone(&self.app), Arc::clone(&self.actor));
        let answer =
            self.app.service.ledger.submit(Submission { actor, commands: chunk.commands, mode: Mode::EachAlone });
        async move {
            let reply = answer.await;
            let told = match &reply {
                Ok(reply) => acts.warnings(&app, reply).await,
                Err(_) => Vec::new(),
            };
            Decided { lines: chunk.lines, proposed, told, reply }
        }
    }

    fn tell(&mut self, Decided { lines, proposed, told, reply }: Decided) -> Result<(), Problem> {
        let outcomes = reply?.outcomes;
        self.rostered.extend(proposed.rostered(&outcomes));
        let mut text = Vec::with_capacity(lines.len() * 96);
        outcomes::write(&lines, outcomes, &told, &mut self.counts, &mut text);
        self.answers.put(text.into());
        Ok(())
    }

    /// Tells what was done, whatever became of the batch.
    async fn end(self, mode: BatchMode, ended: Result<(), Problem>) {
        let committed = people::record::commit(&self.app, self.actor.id, self.rostered).await;
        let ledger = &self.app.service.ledger;
        let signed = ledger.signed_checkpoint().await;
        let signed = signed.map_err(|failure| Problem::internal("signing the checkpoint", &failure));
        // The durable head holds everything that was recorded.
        let (tree_size, root, checkpoint) = match &signed {
            Ok(signed) => (signed.checkpoint().size, signed.checkpoint().root, Some(signed.note())),
            Err(_) => {
                let head = ledger.head();
                (head.tree_size, head.root, None)
            }
        };
        let summary = Summary {
            mode: mode.as_str(),
            counts: self.counts,
            tree_size,
            root_hash: root.iter().map(|byte| format!("{byte:02x}")).collect(),
            checkpoint,
        };
        let problem = ended.and(committed).err().or_else(|| signed.as_ref().err().cloned());
        let mut text = Vec::new();
        outcomes::json_line(&mut text, &Ended { summary, problem: problem.as_ref() });
        if mode != BatchMode::DryRun {
            self.app.meter.recorded.increment(self.counts.recorded);
            self.app.meter.repeated.increment(self.counts.repeated);
            self.app.meter.refused.increment(self.counts.rejected);
        }
        self.answers.put(text.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::metrics::Meter;
    use crate::service::Service;
    use crate::turns::Turns;
    use axum::body::Bytes;
    use futures::stream;

    /// Lines that can all be recorded: a street, and communities below it.
    fn lines(chunk: usize) -> Bytes {
        let line = |at: usize| {
            let place = match (chunk, at) {
                (0, 0) => r#""level":"subdistrict""#,
                _ => r#""level":"community","parent":"s0-0""#,
            };
            let data = format!(r#"{{{place},"name":"组织","organization":"s{chunk}-{at}"}}"#);
            let command =
                r#""type":"mingzhang.organization.established.v1","time":"2026-10-01T00:00:00Z","evidence":"office""#;
            format!(r#"{{"key":"{chunk}-{at}",{command},"data":{data}}}"#) + "\n"
        };
        (0..CHUNK_LINES).map(line).collect::<String>().into()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_handed_to_the_ledger_is_counted_although_nobody_reads_its_outcomes() {
        let directory = tempfile::tempdir().expect("a directory");
        let service = Arc::new(Service::create_at(&directory.path().join("ledger"), "2026-11-05T02:00:00Z"));
        let meter = Arc::new(Meter::new());
        let app = Arc::new(App { gathering: Turns::of(0), ..App::over(Arc::clone(&service), meter) });
        let (answers, _unread) = unread::answers();
        // While the second chunk is read, more is answered than the client has room for.
        let flooding = answers.clone();
        let body = Body::from_stream(stream::iter(0..9).map(move |chunk| {
            if chunk == 1 {
                flooding.put(vec![b'\n'; 2 << 20].into());
            }
            Ok::<_, std::convert::Infallible>(lines(chunk))
        }));
        let limits = Limits { unread_within: Duration::from_millis(1), ..Limits::default() };
        let actor = Arc::new(Actor::holder_of_the_files("w-1".parse().expect("an actor")));
        let (counts, rostered) = (Counts::default(), HashSet::new());
        let mut work = Work { app, actor, answers, counts, limits, rostered };
        let ended = work.each(Lines::new(body, limits)).await;
        assert_eq!(ended.map_err(|problem| problem.code), Err(Kind::BODY_TIMED_OUT.code));
        assert_eq!(work.counts.recorded, 2 * CHUNK_LINES as u64, "both chunks, and nothing after them");
        assert_eq!(service.ledger.head().tree_size, work.counts.recorded);
    }
}
