//! Whether a file is what the ledger gives out for a published notice today, byte for byte: composed anew on a directory, fetched from a server. The file itself
//! goes nowhere.

use super::failure::{Failure, both};
use super::notice::cannot_render;
use super::target::Target;
use crate::document::Format;
use crate::notice::render::FileFormat;
use mingzhang_events::EventId;
use serde_json::Value as Json;

/// The format in which the notice, as a ledger tells of it, is just these bytes. It is composed at its checkpoint, with names as consents allow today.
pub(super) fn format_of(target: &Target, notice: &Json, bytes: &[u8]) -> Result<Option<FileFormat>, Failure> {
    let id: EventId = notice["id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| Failure::bug("a published notice has an id"))?;
    for format in possible(bytes) {
        if file(target, id, format)?.is_some_and(|file| file == bytes) {
            return Ok(Some(format));
        }
    }
    Ok(None)
}

/// In which formats a file can be that begins like this.
fn possible(bytes: &[u8]) -> Vec<FileFormat> {
    let begins_so = |format: &FileFormat| match format {
        FileFormat::Document(Format::Pdf) => bytes.starts_with(b"%PDF-"),
        FileFormat::Document(Format::Docx | Format::Xlsx) => bytes.starts_with(b"PK"),
        FileFormat::Json
        | FileFormat::Html
        | FileFormat::Csv
        | FileFormat::Text
        | FileFormat::Document(Format::Text | Format::Csv) => !bytes.starts_with(b"%PDF-") && !bytes.starts_with(b"PK"),
    };
    FileFormat::ALL.into_iter().filter(begins_so).collect()
}

/// What is given out. None for a notice that the log has nothing of.
fn file(target: &Target, id: EventId, format: FileFormat) -> Result<Option<Vec<u8>>, Failure> {
    let service = match target {
        Target::Directory(directory) => &directory.service,
        Target::Server(client) => return client.get_bytes(&format!("/v1/notices/{id}.{}", format.suffix())).map(Some),
    };
    let Some(entry) = service.models_blocking().published(id) else { return Ok(None) };
    let Some(composed) = service.issued_notice(&entry)? else { return Ok(None) };
    let imprint = service.imprint(&composed, Some(entry.issued_at.local_date()), entry.disclosed_until)?;
    let file = service.notice_files.file(&composed.notice, &imprint, format);
    let told = both("无法与今天提供的文件比对", "it can't be compared with what is given out today");
    file.map(|bytes| Some(bytes.to_vec())).map_err(|error| cannot_render(format.name(), &error).trying(told))
}
