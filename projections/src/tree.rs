//! The organisation tree at one instant, laid out so that a part of it is a range. Derived; kept for queries, never stored.

use crate::intern::{NONE, number_of};
use crate::organizations::Organizations;
use std::ops::Range;

/// The tree at one instant. Every organisation ever established has a place in it, so that its points do.
pub(crate) struct Tree {
    /// Organisations, each before those below it, siblings by code.
    order: Vec<u32>,
    /// Of each organisation: its place in `order`, and the end of its part.
    parts: Vec<(u32, u32)>,
    parents: Vec<u32>,
}

impl Tree {
    pub(crate) fn at(organizations: &Organizations, at: i64) -> Tree {
        let count = number_of(organizations.count());
        let parents: Vec<u32> = (0..count).map(|of| organizations.parent(of, at)).collect();
        let mut by_code: Vec<u32> = (0..count).collect();
        by_code.sort_unstable_by_key(|&of| std::cmp::Reverse(organizations.id(of)));
        let mut children: Vec<Vec<u32>> = vec![Vec::new(); parents.len()];
        let mut open: Vec<u32> = Vec::new();
        for of in by_code {
            match parents[of as usize] {
                NONE => open.push(of),
                parent => children[parent as usize].push(of),
            }
        }
        let mut tree = Tree { order: Vec::with_capacity(parents.len()), parts: vec![(0, 0); parents.len()], parents };
        while let Some(of) = open.pop() {
            tree.parts[of as usize].0 = number_of(tree.order.len());
            tree.order.push(of);
            open.extend(&children[of as usize]);
        }
        for &of in tree.order.iter().rev() {
            let own_end = tree.parts[of as usize].1.max(tree.parts[of as usize].0 + 1);
            tree.parts[of as usize].1 = own_end;
            if let Some(above) = tree.parts.get_mut(tree.parents[of as usize] as usize) {
                above.1 = above.1.max(own_end);
            }
        }
        tree
    }

    /// An organisation and all below it, each before those below it.
    pub(crate) fn part(&self, of: u32) -> &[u32] {
        &self.order[self.range(of)]
    }

    /// Whether `below` is `of` or stands below it.
    pub(crate) fn holds(&self, of: u32, below: u32) -> bool {
        self.range(of).contains(&(self.parts[below as usize].0 as usize))
    }

    /// The organisations directly below it, by code.
    pub(crate) fn children(&self, of: u32) -> impl Iterator<Item = u32> + '_ {
        self.part(of).iter().copied().skip(1).filter(move |&below| self.parents[below as usize] == of)
    }

    /// The organisation directly above it; [`NONE`] above a root.
    pub(crate) fn parent(&self, of: u32) -> u32 {
        self.parents[of as usize]
    }

    /// Every organisation, each before those below it.
    pub(crate) fn downward(&self) -> impl Iterator<Item = u32> + '_ {
        self.order.iter().copied()
    }

    /// Every organisation, each after all that stand below it.
    pub(crate) fn upward(&self) -> impl Iterator<Item = u32> + '_ {
        self.order.iter().rev().copied()
    }

    fn range(&self, of: u32) -> Range<usize> {
        let (start, end) = self.parts[of as usize];
        start as usize..end as usize
    }
}
