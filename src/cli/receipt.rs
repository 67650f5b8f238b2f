//! A receipt (回执) as whoever recorded is shown it.

use super::failure::Failure;
use super::output::{faint, good, remark, say, say_json, strong};
use crate::service::Warning;
use mingzhang_events::EventId;
use serde::{Deserialize, Serialize};

/// Where a fact stands in the log, and what proves it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Receipt {
    /// The place of its entry.
    pub(super) log_index: u64,
    /// The event's id.
    pub(super) id: EventId,
    /// Whether it was recorded before and nothing is new.
    #[serde(default)]
    pub(super) repeated: bool,
    /// The size of the log that the proof leads to.
    pub(super) tree_size: u64,
    /// From the leaf's sibling up, in base64 (C2SP tlog-proof).
    pub(super) inclusion_proof: Vec<String>,
    /// The signed note over that size.
    pub(super) checkpoint: String,
    /// What should be seen to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) warnings: Vec<Warning>,
}

/// Shows it in a few lines.
pub(super) fn say_receipt(receipt: &Receipt) -> Result<(), Failure> {
    let what = if receipt.repeated {
        strong("早已登记，没有改变任何内容  it was recorded before; nothing is new")
    } else {
        good("已登记  recorded")
    };
    let root = receipt.checkpoint.lines().nth(2).unwrap_or_default();
    say(what)?;
    say(format!("  第 {} 条  log index {}", receipt.log_index, receipt.log_index))?;
    say(format!("  编号 id    {}", receipt.id))?;
    say(format!("  检查点 checkpoint  {} 条 entries  {}", receipt.tree_size, faint(root)))?;
    for Warning { detail, detail_en, .. } in &receipt.warnings {
        remark(format!("! {detail}  {detail_en}"));
    }
    Ok(())
}

/// Shows all of it, for a machine or to keep.
pub(super) fn say_receipt_json(receipt: &Receipt) -> Result<(), Failure> {
    say_json(receipt)
}
