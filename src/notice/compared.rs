//! Two notices about one month side by side: what differs between them, and why. Nobody issues it; it can be worked out for any pair.

use super::changes::Changes;
use super::circular::Notice;
use super::imprint::Imprint;
use super::render;
use mingzhang_events::EventId;
use serde::Serialize;

/// What differs between two notices.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The one that rests on fewer entries.
    pub earlier: Published,
    /// The one that rests on more.
    pub later: Published,
    /// The later one's figures, with what differs from the earlier.
    notice: Notice,
    imprint: Imprint,
}

/// Which notice, as the log has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Published {
    /// The event that issued it, or opened the disclosure.
    pub event: EventId,
    /// Its document number; empty for a disclosure.
    pub number: String,
    /// SHA-256 of its canonical JSON.
    pub digest: String,
    /// How many entries its figures rest on.
    pub tree_size: u64,
}

impl Published {
    fn in_words(&self) -> String {
        let what = if self.number.is_empty() { "公示稿" } else { &self.number };
        format!("{what}（{} 条）", self.tree_size)
    }
}

/// As it is told to programs.
#[derive(Serialize)]
struct Document<'a> {
    earlier: &'a Published,
    later: &'a Published,
    changes: &'a Changes,
    /// Display names of `changes.members`, in their order; null where only the number is shown.
    names: Vec<Option<&'a str>>,
}

impl Compared {
    /// The later notice's `notice` has the changes since the earlier in it.
    pub fn new(earlier: Published, later: Published, notice: Notice, imprint: Imprint) -> Compared {
        Compared { earlier, later, notice, imprint }
    }

    fn changes(&self) -> &Changes {
        self.notice.changes.as_ref().expect("what was compared says what changed")
    }

    /// Whether nothing differs.
    pub fn is_nothing(&self) -> bool {
        self.changes().is_nothing()
    }

    /// In words.
    pub fn text(&self) -> String {
        let between = format!("{}与{}之间的差别", self.earlier.in_words(), self.later.in_words());
        render::changes_text(&between, self.changes(), self.notice.month, &self.imprint)
    }

    /// As a table.
    pub fn csv(&self) -> Vec<u8> {
        render::changes_csv(self.changes(), self.notice.month, &self.imprint)
    }

    /// `{"earlier": …, "later": …, "changes": …, "names": […]}`
    pub fn json(&self) -> Vec<u8> {
        let changes = self.changes();
        let names = changes.members.iter().map(|change| self.imprint.name_of(change.member())).collect();
        let document = Document { earlier: &self.earlier, later: &self.later, changes, names };
        let mut bytes = serde_json::to_vec_pretty(&document).expect("changes have only text and integers");
        bytes.push(b'\n');
        bytes
    }
}
