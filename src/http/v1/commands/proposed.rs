//! A command as clients write it. Parsed in one pass: the data is left as it is until its type is known.

use crate::http::extract::object;
use crate::http::{Kind, Problem};
use crate::ledger::misread::{Misread, field_at, misread};
use crate::ledger::{Command, IdempotencyKey};
use mingzhang_events::{
    DecodeError, ENTRY_BYTES_MAX, Event, Evidence, FileDigest, ImportedRow, Instant, decode_data, encode_data,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Data longer than this is measured as it would be stored; shorter data fits whatever its spelling.
const SURELY_FITS_BYTES: usize = 16_384;
/// What an entry has besides its data.
const ENVELOPE_BYTES_MAX: usize = 1_024;

/// The fact that a client proposes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Proposed<'a> {
    #[serde(rename = "type", borrow)]
    stored_type: Cow<'a, str>,
    time: Instant,
    evidence: Evidence,
    #[serde(default)]
    imported_file: Option<FileDigest>,
    #[serde(default)]
    imported_row: Option<u32>,
    #[serde(borrow)]
    data: &'a RawValue,
}

/// The same with its key, as a line of a batch.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyedProposed<'a> {
    #[serde(borrow)]
    key: Cow<'a, str>,
    #[serde(rename = "type", borrow)]
    stored_type: Cow<'a, str>,
    time: Instant,
    evidence: Evidence,
    #[serde(default)]
    imported_file: Option<FileDigest>,
    #[serde(default)]
    imported_row: Option<u32>,
    #[serde(borrow)]
    data: &'a RawValue,
}

/// Why a text is no command.
pub(super) struct Fault {
    pub(super) problem: Box<Problem>,
    /// From 1, in bytes; absent where the fault isn't at one place.
    pub(super) column: Option<usize>,
}

/// The command in a body, with the key from its header.
pub(super) fn parse(body: &[u8], key: IdempotencyKey) -> Result<Command, Fault> {
    let proposed: Proposed<'_> = object(body).map_err(|fault| json_fault(&fault, body, 0))?;
    let event = event(&proposed.stored_type, proposed.data, body)?;
    let imported = imported(proposed.imported_file, proposed.imported_row)?;
    command(Command { key, event, evidence: proposed.evidence, imported, occurred_at: proposed.time })
}

/// The command in a line of a batch.
pub(super) fn parse_line(line: &[u8]) -> Result<Command, Fault> {
    let proposed: KeyedProposed<'_> = object(line).map_err(|fault| json_fault(&fault, line, 0))?;
    let key = proposed.key.parse().map_err(|fault: crate::ledger::IdempotencyKeyError| Fault {
        problem: Problem::new(Kind::KEY_MISSING, "幂等键应为 1 至 200 个可见 ASCII 字符", fault.to_string()).into(),
        column: None,
    })?;
    let event = event(&proposed.stored_type, proposed.data, line)?;
    let imported = imported(proposed.imported_file, proposed.imported_row)?;
    command(Command { key, event, evidence: proposed.evidence, imported, occurred_at: proposed.time })
}

fn imported(file: Option<FileDigest>, row: Option<u32>) -> Result<Option<ImportedRow>, Fault> {
    ImportedRow::of(file, row).map_err(|_| Fault {
        problem: Problem::new(
            Kind::CONTENT_MALFORMED,
            "imported_file 与 imported_row 须同时写明，行号从 1 起",
            "imported_file and imported_row stand together, and rows count from 1",
        )
        .into(),
        column: None,
    })
}

fn command(command: Command) -> Result<Command, Fault> {
    if command.key.may_stand_for(&command.event, command.occurred_at) {
        return Ok(command);
    }
    Err(Fault { problem: key_of_other_content().into(), column: None })
}

/// The problem that the key is one that somebody else's table may need.
pub(crate) fn key_of_other_content() -> Problem {
    Problem::new(
        Kind::KEY_OF_OTHER_CONTENT,
        "这种形式的幂等键由内容得出，而内容与它不符：请换用 UUID 或自编号",
        "a key of this form is made from the content, and this content isn't the one: take a UUID or a number of your own",
    )
}

fn event(stored_type: &str, data: &RawValue, whole: &[u8]) -> Result<Event, Fault> {
    let text = data.get();
    let event = decode_data(stored_type, text).map_err(|fault| match fault {
        DecodeError::Json(fault) => {
            // Both are slices of the same bytes.
            let before = (text.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize);
            json_fault(&fault, text.as_bytes(), if fault.line() <= 1 { before } else { 0 })
        }
        DecodeError::UnknownType(_)
        | DecodeError::NotText(_)
        | DecodeError::NoType
        | DecodeError::NotCanonical { .. } => Fault {
            problem: Problem::new(
                Kind::UNKNOWN_EVENT_TYPE,
                format!("没有 {stored_type:?} 这种事实：可用的类型见 /openapi.json"),
                format!("{stored_type:?} is none of the stored types: see /openapi.json for them"),
            )
            .into(),
            column: None,
        },
    })?;
    if text.len() > SURELY_FITS_BYTES {
        let fits = encode_data(&event).is_ok_and(|data| data.len() + ENVELOPE_BYTES_MAX <= ENTRY_BYTES_MAX);
        if !fits {
            return Err(Fault { problem: too_long().into(), column: None });
        }
    }
    Ok(event)
}

/// The problem that the command is longer than an entry of the log can be.
pub(super) fn too_long() -> Problem {
    Problem::new(
        Kind::TOO_LARGE,
        format!("一条事实至多 {ENTRY_BYTES_MAX} 字节"),
        format!("an entry of the log has at most {ENTRY_BYTES_MAX} bytes: shorten the command"),
    )
}

/// What is wrong with `read`, a part of the whole that `before` bytes stand before.
fn json_fault(fault: &serde_json::Error, read: &[u8], before: usize) -> Fault {
    let kind = if fault.is_data() { Kind::CONTENT_MALFORMED } else { Kind::MALFORMED_JSON };
    let column = fault.column() + before;
    let text = std::str::from_utf8(read).ok().filter(|_| fault.line() <= 1 && fault.is_data());
    let field = text.and_then(|text| field_at(text, fault.column()));
    let Misread { chinese, english } = misread(&fault.to_string(), field);
    let place = if fault.line() <= 1 { format!("column {column}") } else { format!("line {}", fault.line()) };
    let place_zh = if fault.line() <= 1 { format!("第 {column} 列") } else { format!("第 {} 行", fault.line()) };
    Fault {
        problem: Problem::new(kind, format!("{place_zh}：{chinese}"), format!("at {place}: {english}")).into(),
        column: Some(column),
    }
}
