//! A streamed body cut into lines, and lines gathered into chunks for the ledger.

use super::proposed::{self, Fault};
use crate::http::{Kind, Limits, Problem};
use crate::ledger::Command;
use axum::body::{Body, Bytes};
use futures::StreamExt;
use mingzhang_events::ENTRY_BYTES_MAX;

/// A line holds one command: its entry and its key.
const LINE_BYTES_MAX: usize = ENTRY_BYTES_MAX + 4_096;

/// Of a whole batch: its outcomes wait in memory, a third of its size, until the client reads them.
const BODY_BYTES_MAX: usize = 512 * 1_024 * 1_024;

/// What programs for tables put before the first line.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What stood on a line.
pub(super) enum Line {
    /// The command at this place in the chunk's commands.
    Command,
    Malformed(Fault),
    /// A command that isn't handed to the ledger, because of what is known beside the log.
    Refused(Problem),
}

/// Lines in their order.
#[derive(Default)]
pub(super) struct Chunk {
    /// The number of each line from 1, with what stood on it.
    pub(super) lines: Vec<(u64, Line)>,
    /// The commands among them, in order.
    pub(super) commands: Vec<Command>,
}

/// The lines of a body as they arrive.
pub(super) struct Lines {
    body: axum::body::BodyDataStream,
    arrived: Bytes,
    limits: Limits,
    /// The beginning of a line whose end hasn't arrived: as much as a line can have, and one byte more if it has more.
    begun: Vec<u8>,
    gathered: Chunk,
    number: u64,
    taken_bytes: usize,
    ended: bool,
}

impl Lines {
    pub(super) fn new(body: Body, limits: Limits) -> Lines {
        Lines {
            body: body.into_data_stream(),
            limits,
            arrived: Bytes::new(),
            begun: Vec::new(),
            gathered: Chunk::default(),
            number: 0,
            taken_bytes: 0,
            ended: false,
        }
    }

    /// Whether lines were gathered that nobody has taken yet.
    pub(super) fn has_some(&self) -> bool {
        !self.gathered.lines.is_empty()
    }

    /// The lines gathered so far.
    pub(super) fn gathered(&mut self) -> Chunk {
        std::mem::take(&mut self.gathered)
    }

    /// Gathers until there are `lines_max` lines; `false` once the body has ended. What is gathered stays here, so this may
    /// be given up at any time and called again.
    pub(super) async fn gather(&mut self, lines_max: usize) -> Result<bool, Problem> {
        while self.gathered.lines.len() < lines_max && !self.ended {
            if self.arrived.is_empty() {
                match tokio::time::timeout(self.limits.silence_max, self.body.next()).await {
                    Ok(Some(Ok(bytes))) => self.arrived = bytes,
                    // The client went away, or says nothing more: what it has sent whole is recorded all the same.
                    Ok(Some(Err(_))) => return Err(interrupted(Kind::BODY_BROKEN)),
                    Err(_) => return Err(interrupted(Kind::BODY_TIMED_OUT)),
                    Ok(None) => {
                        self.ended = true;
                        let last = std::mem::take(&mut self.begun);
                        self.take(&last);
                    }
                }
                self.taken_bytes = self.taken_bytes.saturating_add(self.arrived.len());
                if self.taken_bytes > BODY_BYTES_MAX {
                    return Err(body_too_large());
                }
            }
            self.take_whole_lines(lines_max);
        }
        Ok(!self.ended)
    }

    fn take_whole_lines(&mut self, lines_max: usize) {
        let arrived = std::mem::take(&mut self.arrived);
        let mut rest: &[u8] = &arrived;
        while self.gathered.lines.len() < lines_max {
            let Some(end) = rest.iter().position(|&byte| byte == b'\n') else {
                self.begin(rest);
                rest = &[];
                break;
            };
            if self.begun.is_empty() {
                self.take(&rest[..end]);
            } else {
                self.begin(&rest[..end]);
                let line = std::mem::take(&mut self.begun);
                self.take(&line);
            }
            rest = &rest[end + 1..];
        }
        self.arrived = arrived.slice_ref(rest);
    }

    /// Of a line that is too long no more is kept than shows it.
    fn begin(&mut self, part: &[u8]) {
        let room = (LINE_BYTES_MAX + 1).saturating_sub(self.begun.len());
        self.begun.extend_from_slice(&part[..part.len().min(room)]);
    }

    fn take(&mut self, line: &[u8]) {
        self.number += 1;
        let line = if self.number == 1 { line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line) } else { line };
        if line.trim_ascii().is_empty() {
            return;
        }
        let parsed = if line.len() > LINE_BYTES_MAX {
            Err(Fault { problem: proposed::too_long().into(), column: None })
        } else {
            proposed::parse_line(line)
        };
        let line = match parsed {
            Ok(command) => {
                self.gathered.commands.push(command);
                Line::Command
            }
            Err(fault) => Line::Malformed(fault),
        };
        self.gathered.lines.push((self.number, line));
    }
}

fn body_too_large() -> Problem {
    Problem::new(
        Kind::TOO_LARGE,
        "请求体过大：请分成几批；已登记的仍然有效",
        "the body is too large: send it as several batches; what was recorded stays recorded",
    )
}

fn interrupted(kind: Kind) -> Problem {
    Problem::new(
        kind,
        "请求体没有收完：已登记的仍然有效，可用同样的幂等键重发",
        "the body didn't arrive whole: what was recorded stays recorded; send it again with the same keys",
    )
}
