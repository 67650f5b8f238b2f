//! Notices (通报): issued by a publisher, read by everybody.

pub(crate) mod changes;
pub(crate) mod issue;
pub(crate) mod line;
pub(crate) mod list;
pub(crate) mod proof;
pub(crate) mod show;

use super::super::{App, Problem};
use mingzhang_events::EventId;
use mingzhang_projections::NoticeEntry;

/// The issued notice or disclosure of that id, or the problem that there is none, or none yet.
async fn issued(app: &App, id: EventId, as_of: Option<u64>) -> Result<NoticeEntry, Problem> {
    let models = app.service.models().await;
    let issued_before = super::super::as_of::size(as_of, models.tree_size())?;
    let entry = models.published(id).filter(|notice| notice.log_index < issued_before);
    entry.ok_or_else(|| Problem::unknown("这份通报", "notice"))
}
