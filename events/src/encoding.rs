//! Event ↔ bytes. An entry is a CloudEvents 1.0 object in RFC 8785 canonical JSON: UTF-8, keys sorted, integers only.
//!
//! Invariant: what `encode` writes is canonical, and `decode` reads it back whole. `decode` is for bytes that this log has
//! sealed, and quick; it doesn't mind another spelling of the same event. Whoever checks bytes that come from elsewhere uses
//! `decode_canonical`, which accepts the one spelling only. The keys of an envelope, in canonical order, are data, evidence, id, importedfile, importedrow (both or neither), recordedat, recordedby, source, specversion, time, type; `data` structs declare their fields sorted.

use crate::event::{Event, ReadData, RecordedEvent};
use crate::evidence::{Evidence, FileDigest, ImportedRow};
use crate::id::{ActorId, EventId};
use crate::time::Instant;
use serde::Deserialize;
use serde_json::Value;

/// The largest entry, in bytes (C2SP tlog-tiles: a bundle's length prefix has 16 bits).
pub const ENTRY_BYTES_MAX: usize = 65_535;

/// Why an event can't be stored.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// Longer than [`ENTRY_BYTES_MAX`].
    #[error("the entry has {0} bytes; an entry of the log has at most {ENTRY_BYTES_MAX}")]
    TooLong(usize),
    /// Its data isn't JSON that the log can hold.
    #[error("writing the event as JSON")]
    Json(#[source] serde_json::Error),
}

/// Why bytes aren't an entry.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// Not UTF-8.
    #[error("the entry isn't text")]
    NotText(#[source] std::str::Utf8Error),
    /// No `type` at the end of the object.
    #[error("the entry doesn't end with its type")]
    NoType,
    /// A type that this version doesn't know.
    #[error("the type {0:?} is unknown to this version")]
    UnknownType(String),
    /// An event, but not in the one spelling, or of another log.
    #[error("the entry isn't the canonical bytes of its event in the log {origin:?}")]
    NotCanonical {
        /// The origin of the log that it should belong to.
        origin: String,
    },
    /// Not the JSON of that type.
    #[error("reading the entry as JSON")]
    Json(#[source] serde_json::Error),
}

/// Appends the canonical bytes of an entry to `into` and gives their count; on an error `into` is as it was. `source` is the
/// log's origin.
pub fn encode(event: &RecordedEvent, source: &str, into: &mut Vec<u8>) -> Result<usize, EncodeError> {
    let start = into.len();
    let written = write(event, source, into).map_err(EncodeError::Json).and_then(|()| {
        let length = into.len() - start;
        if length <= ENTRY_BYTES_MAX { Ok(length) } else { Err(EncodeError::TooLong(length)) }
    });
    if written.is_err() {
        into.truncate(start);
    }
    written
}

fn write(event: &RecordedEvent, source: &str, into: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    use std::io::Write;
    into.extend_from_slice(b"{\"data\":");
    event.event.write_data(into)?;
    write!(into, r#","evidence":"{}","id":"{}""#, event.evidence.as_str(), event.id).expect("writing to memory");
    if let Some(imported) = event.imported {
        let (file, row) = (imported.file(), imported.row());
        write!(into, r#","importedfile":"{file}","importedrow":{row}"#).expect("writing to memory");
    }
    into.extend_from_slice(b",\"recordedat\":\"");
    into.extend_from_slice(&event.recorded_at.to_bytes());
    into.extend_from_slice(b"\",\"recordedby\":\"");
    into.extend_from_slice(event.recorded_by.as_str().as_bytes());
    into.extend_from_slice(b"\",\"source\":");
    serde_json::to_writer(&mut *into, source)?;
    into.extend_from_slice(b",\"specversion\":\"1.0\",\"time\":\"");
    into.extend_from_slice(&event.occurred_at.to_bytes());
    into.extend_from_slice(b"\",\"type\":\"");
    into.extend_from_slice(event.event.stored_type().as_bytes());
    into.extend_from_slice(b"\"}");
    Ok(())
}

/// Reads an entry and makes sure that its bytes are the ones that [`encode`] writes for it in the log called `source`.
pub fn decode_canonical(entry: &[u8], source: &str) -> Result<RecordedEvent, DecodeError> {
    let event = decode(entry)?;
    let mut canonical = Vec::with_capacity(entry.len());
    match encode(&event, source, &mut canonical) {
        Ok(_) if canonical == entry => Ok(event),
        _ => Err(DecodeError::NotCanonical { origin: source.to_owned() }),
    }
}

/// Reads an entry that was sealed here. Neither its spelling nor its `source` is checked: see [`decode_canonical`].
pub fn decode(entry: &[u8]) -> Result<RecordedEvent, DecodeError> {
    // Checked once for the whole entry, not for each of its strings.
    let entry = std::str::from_utf8(entry).map_err(DecodeError::NotText)?;
    let stored_type = stored_type(entry).ok_or(DecodeError::NoType)?;
    match Event::read_as(stored_type, Entry(entry)) {
        Some(read) => read.map_err(DecodeError::Json),
        None => Err(DecodeError::UnknownType(stored_type.to_owned())),
    }
}

/// Reads the data of an event of a named type, as clients send it. Structures have to stand as objects: what is derived reads
/// arrays as well, their members in order, and whoever sent one by mistake would have recorded what they never named.
pub fn decode_data(stored_type: &str, data: &str) -> Result<Event, DecodeError> {
    let event = match Event::read_as(stored_type, Data(data)) {
        Some(read) => read.map_err(DecodeError::Json)?,
        None => return Err(DecodeError::UnknownType(stored_type.to_owned())),
    };
    // Most data has no array at all, and then this is all that it costs.
    if data.contains('[') && !is_shaped_like(data, &event).map_err(DecodeError::Json)? {
        return Err(DecodeError::Json(serde::de::Error::custom("an array stands where an object has to")));
    }
    Ok(event)
}

/// Whether arrays stand only where the event's own data has them.
fn is_shaped_like(data: &str, event: &Event) -> Result<bool, serde_json::Error> {
    fn same(given: &Value, own: &Value) -> bool {
        match (given, own) {
            (Value::Array(given), Value::Array(own)) => given.iter().zip(own).all(|(given, own)| same(given, own)),
            (Value::Object(given), Value::Object(own)) => {
                own.iter().all(|(name, own)| given.get(name).is_none_or(|given| same(given, own)))
            }
            (Value::Array(_), _) => false,
            (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_), _) => true,
        }
    }
    let mut own = Vec::new();
    event.write_data(&mut own)?;
    Ok(same(&serde_json::from_str(data)?, &serde_json::from_slice(&own)?))
}

/// The data of an event as canonical JSON.
pub fn encode_data(event: &Event) -> Result<String, EncodeError> {
    let mut bytes = Vec::new();
    event.write_data(&mut bytes).map_err(EncodeError::Json)?;
    Ok(String::from_utf8(bytes).expect("JSON is UTF-8"))
}

/// The type of an entry. It is the last key of the canonical form and never holds an escape, so it can be read off the
/// end, and the data then be read in one pass as what it is.
fn stored_type(entry: &str) -> Option<&str> {
    let before = entry.strip_suffix("\"}")?;
    let start = before.bytes().rposition(|byte| byte == b'"')? + 1;
    before[..start].ends_with(",\"type\":\"").then_some(&before[start..])
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<'a, T> {
    data: T,
    evidence: Evidence,
    id: EventId,
    #[serde(default)]
    importedfile: Option<FileDigest>,
    #[serde(default)]
    importedrow: Option<u32>,
    recordedat: Instant,
    recordedby: ActorId,
    #[serde(borrow)]
    #[expect(dead_code, reason = "checked by whoever verifies the log against its origin")]
    source: std::borrow::Cow<'a, str>,
    #[expect(dead_code, reason = "there is one version")]
    specversion: SpecVersion,
    time: Instant,
    #[serde(rename = "type")]
    #[expect(dead_code, reason = "read off the end already")]
    stored_type: serde::de::IgnoredAny,
}

#[derive(Deserialize)]
enum SpecVersion {
    #[serde(rename = "1.0")]
    One,
}

struct Entry<'a>(&'a str);

impl ReadData for Entry<'_> {
    type Output = RecordedEvent;
    type Error = serde_json::Error;
    fn read<'de, T: Deserialize<'de>>(self, into: fn(T) -> Event) -> Result<RecordedEvent, serde_json::Error>
    where
        Self: 'de,
    {
        let envelope: Envelope<'de, T> = serde_json::from_str(self.0)?;
        let imported = ImportedRow::of(envelope.importedfile, envelope.importedrow);
        Ok(RecordedEvent {
            id: envelope.id,
            event: into(envelope.data),
            evidence: envelope.evidence,
            imported: imported.map_err(serde::de::Error::custom)?,
            occurred_at: envelope.time,
            recorded_at: envelope.recordedat,
            recorded_by: envelope.recordedby,
        })
    }
}

struct Data<'a>(&'a str);

impl ReadData for Data<'_> {
    type Output = Event;
    type Error = serde_json::Error;
    fn read<'de, T: Deserialize<'de>>(self, into: fn(T) -> Event) -> Result<Event, serde_json::Error>
    where
        Self: 'de,
    {
        serde_json::from_str(self.0).map(into)
    }
}
