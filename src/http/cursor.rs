//! Where the next page begins: after which row, and of which tree size the pages are.
//!
//! Invariant: all pages of one list are of one tree size, that of the first. Without it a member who rises while somebody
//! turns the page would stand on neither page, and one who falls on both.

use super::{Kind, Problem};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A place in a list as it was at a tree size. Its text is `<place>@<tree size>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor<P> {
    /// The last row of the page before.
    pub(crate) after: P,
    /// Of which all pages are.
    pub(crate) tree_size: u64,
}

impl<P: fmt::Display> fmt::Display for Cursor<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.after, self.tree_size)
    }
}

impl<P: fmt::Display> Serialize for Cursor<P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, P: FromStr> Deserialize<'de> for Cursor<P> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Cursor<P>, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let read = |text: &str| {
            let (after, tree_size) = text.rsplit_once('@')?;
            Some(Cursor { after: after.parse().ok()?, tree_size: tree_size.parse().ok()? })
        };
        read(&text)
            .ok_or_else(|| serde::de::Error::custom("the cursor is none of this list: ask for the first page again"))
    }
}

/// The tree size that a page is asked of: the one of its cursor, which `as_of` may repeat but not contradict.
pub(crate) fn as_of<P>(cursor: Option<&Cursor<P>>, as_of: Option<u64>) -> Result<Option<u64>, Problem> {
    match (cursor, as_of) {
        (Some(cursor), Some(as_of)) if cursor.tree_size != as_of => Err(Problem::new(
            Kind::MALFORMED_QUERY,
            "cursor 与 as_of 不一致：请从第一页重新开始",
            "cursor and as_of are of different tree sizes: ask for the first page again",
        )),
        (Some(cursor), _) => Ok(Some(cursor.tree_size)),
        (None, as_of) => Ok(as_of),
    }
}
