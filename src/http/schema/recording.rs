//! What is recorded and what is answered to it, as JSON.

use super::AnyObject;
use mingzhang_events::{Event, Evidence};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

/// A fact proposed for the log. Unknown members are refused.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "type": "mingzhang.check-in.recorded.v1", "time": "2026-10-03T11:30:00Z", "evidence": "on_site_code",
    "data": { "activity": "a0000000000001", "member": "m0000000000001" },
}))]
pub struct Command {
    /// The stored type of the fact.
    #[schema(schema_with = stored_types)]
    pub r#type: String,
    /// When it happened: UTC, whole seconds (RFC 3339).
    #[schema(format = DateTime, pattern = "^2[01][0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]
    pub time: String,
    /// How it is evidenced; acts of office are `office`.
    #[schema(schema_with = evidence)]
    pub evidence: String,
    /// SHA-256 of the file that it was imported from, if it was; with `imported_row`.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub imported_file: Option<String>,
    /// The row in that file, from 1.
    #[schema(minimum = 1, maximum = 2147483647)]
    pub imported_row: Option<u32>,
    /// The data of that type: see the event catalogue.
    #[serde(rename = "data")]
    pub particulars: AnyObject,
}

/// A line of a batch: a command with its idempotency key.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyedCommand {
    /// 1 to 200 visible ASCII characters.
    #[schema(min_length = 1, max_length = 200)]
    pub key: String,
    /// The stored type of the fact.
    #[schema(schema_with = stored_types)]
    pub r#type: String,
    /// When it happened: UTC, whole seconds (RFC 3339).
    #[schema(format = DateTime)]
    pub time: String,
    /// How it is evidenced; acts of office are `office`.
    #[schema(schema_with = evidence)]
    pub evidence: String,
    /// SHA-256 of the file that it was imported from, if it was; with `imported_row`.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub imported_file: Option<String>,
    /// The row in that file, from 1.
    #[schema(minimum = 1, maximum = 2147483647)]
    pub imported_row: Option<u32>,
    /// The data of that type: see the event catalogue.
    #[serde(rename = "data")]
    pub particulars: AnyObject,
}

fn words(words: impl Iterator<Item = &'static str>) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
}

fn stored_types() -> RefOr<Schema> {
    words(Event::STORED_TYPES.iter().copied())
}

fn evidence() -> RefOr<Schema> {
    words(Evidence::ALL.iter().map(|evidence| evidence.as_str()))
}

/// The receipt (回执): with it anyone can check that the fact is in the log of that checkpoint.
#[derive(Debug, ToSchema)]
pub struct Receipt {
    /// The event's id.
    #[schema(example = "e00000000000000000000000001")]
    pub id: String,
    /// Its place in the log.
    pub log_index: u64,
    /// The tree size that the proof leads to.
    pub tree_size: u64,
    /// The signed note of that checkpoint (C2SP tlog-checkpoint).
    pub checkpoint: String,
    /// Hashes in base64, the leaf's sibling first (RFC 6962 §2.1.1).
    pub inclusion_proof: Vec<String>,
    /// Whether the same command was recorded before.
    pub repeated: bool,
    /// What should be seen to, of a stage of a month, a notice or an assignment; empty if there is nothing.
    pub warnings: Vec<Warning>,
}

/// Something that the rules allow and that should be seen to.
#[derive(Debug, ToSchema)]
pub struct Warning {
    /// `corrections_due`: objections to the month were upheld and nothing was corrected; `reviews_due`: records that were corrected or admitted since it
    /// was shown aren't reviewed; `returned`: it was closed with records that were returned and not mended; `shown_unreviewed`: it was shown with
    /// records that nobody had reviewed; `months_passed_over`: earlier months without entries stay as they are; `assignee_unknown`: the assignee has no token.
    pub code: String,
    /// In Chinese.
    pub detail: String,
    /// In English.
    pub detail_en: String,
}

/// A line of a batch's answer. The last line has only `summary`, and `problem` if the batch came to grief.
#[derive(Debug, ToSchema)]
pub struct BatchLine {
    /// The number of the line, from 1.
    pub line: Option<u64>,
    /// `recorded`, `repeated`, `rejected`, `malformed` or `withheld`.
    pub outcome: Option<String>,
    /// Its place in the log.
    pub log_index: Option<u64>,
    /// The event's id.
    pub id: Option<String>,
    /// Of what was recorded: what should be seen to, as beside a receipt. Absent where there is nothing.
    pub warnings: Option<Vec<Warning>>,
    /// Why it was refused: a stable code.
    pub code: Option<String>,
    /// The same in Chinese.
    pub detail: Option<String>,
    /// The same in English.
    pub detail_en: Option<String>,
    /// Of a malformed line: where, in bytes from 1.
    pub column: Option<u64>,
    /// What the lines came to.
    pub summary: Option<BatchSummary>,
    /// Why the batch could not be worked off to its end.
    pub problem: Option<super::Problem>,
}

/// What the lines of a batch came to.
#[derive(Debug, ToSchema)]
pub struct BatchSummary {
    /// `each`, `all` or `dry-run`.
    pub mode: String,
    /// Lines that weren't empty.
    pub commands: u64,
    /// Recorded; in a dry run: would be.
    pub recorded: u64,
    /// Recorded before.
    pub repeated: u64,
    /// Refused by the rules.
    pub rejected: u64,
    /// No command.
    pub malformed: u64,
    /// Acceptable, but not recorded because another line was refused.
    pub withheld: u64,
    /// How many entries the log has.
    pub tree_size: u64,
    /// The root hash over them, in hex.
    pub root_hash: String,
    /// The signed note of that checkpoint; null if it could not be signed.
    pub checkpoint: Option<String>,
}

/// Names and numbers of members.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// At most 2,000.
    #[schema(max_items = 2000)]
    pub people: Vec<super::Person>,
    /// Whether those who are known may get another name or number. Without, that is refused: rows may have been mixed up.
    #[serde(default)]
    pub rename: bool,
}

/// The notice to issue.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeWanted {
    /// Whose.
    #[schema(pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$")]
    pub organization: String,
    /// Of which month; it is closed.
    #[schema(example = "2026-10", pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    pub month: String,
    /// The document number, unique within the organisation.
    #[schema(example = "〔2026〕10号")]
    pub number: String,
    /// The newest notice about the month, if this one takes its place (更正通报).
    #[schema(pattern = "^e[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    pub supersedes: Option<String>,
}
