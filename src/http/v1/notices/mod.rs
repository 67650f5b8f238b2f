//! Notices (通报): issued by a publisher, read by everybody.

pub(crate) mod issue;
pub(crate) mod line;
pub(crate) mod list;
pub(crate) mod proof;
pub(crate) mod show;

use super::super::{App, Problem};
use mingzhang_events::EventId;
use mingzhang_projections::NoticeEntry;

/// The issued notice of that id, or the problem that there is none.
async fn issued(app: &App, id: EventId) -> Result<NoticeEntry, Problem> {
    let entry = app.service.models().await.notices(None).into_iter().find(|notice| notice.id == id);
    entry.ok_or_else(|| Problem::unknown("这份通报", "notice"))
}
