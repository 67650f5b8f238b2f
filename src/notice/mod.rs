//! The monthly circular (积分每月通报): composed from the read models at a named checkpoint, then rendered. No store, no clock,
//! no network.
//!
//! Invariant: same checkpoint, same bytes. A [`Notice`] holds only what follows from the log, so that anyone can recompute its
//! digest; names and the date of issue stand beside it in the [`Imprint`], because a consent may be withdrawn and a name erased.

pub mod changes;
mod charts;
mod circular;
mod compared;
mod compose;
mod counting;
mod document;
mod figures;
pub(crate) mod format;
mod imprint;
mod prose;
pub mod render;
mod supersede;
mod trace;
pub mod wording;

#[cfg(test)]
pub(crate) mod samples;

pub use charts::{charts, course};
pub use circular::Notice;
pub use compared::{Compared, Published};
pub(crate) use compose::number_tail;
pub use compose::{NoticeContext, compose};
pub use counting::Counting;
pub use document::document;
pub use figures::{
    CheckpointHead, DutyFigures, EvidenceCount, MemberLine, PatrolFigures, PreviousMonth, Rate, Rates, RecordFigures,
    RulesNamed, SessionFigures, SubOrganization, Totals,
};
pub use imprint::{Imprint, Letterhead};
pub use supersede::{Composed, Past, compose_superseding, recompose};
pub use trace::{Trace, trace};
