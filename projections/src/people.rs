//! Whose name may be printed in full (公开姓名同意), and who was erased (删除个人信息). Pure; no name is ever here.
//!
//! One bit for each member, and a few bytes for each who was erased. Invariant: who was erased consents to nothing.

use crate::models::ReadModels;
use bitcode::{Decode, Encode};
use mingzhang_events::MemberId;
use std::collections::BTreeSet;

/// Consents in force, and the erased, by the roster's numbers.
#[derive(Default, Encode, Decode)]
pub(crate) struct People {
    /// 64 members a word.
    consenting: Vec<u64>,
    erased: BTreeSet<u32>,
}

impl People {
    /// Ignored for the erased.
    pub(crate) fn consent(&mut self, member: u32) {
        if self.erased.contains(&member) {
            return;
        }
        let (word, bit) = place(member);
        if self.consenting.len() <= word {
            self.consenting.resize(word + 1, 0);
        }
        self.consenting[word] |= bit;
    }

    pub(crate) fn withdraw_consent(&mut self, member: u32) {
        let (word, bit) = place(member);
        if let Some(word) = self.consenting.get_mut(word) {
            *word &= !bit;
        }
    }

    pub(crate) fn erase(&mut self, member: u32) {
        self.withdraw_consent(member);
        self.erased.insert(member);
    }

    fn consents(&self, member: u32) -> bool {
        let (word, bit) = place(member);
        self.consenting.get(word).is_some_and(|word| word & bit != 0)
    }
}

fn place(member: u32) -> (usize, u64) {
    (member as usize / 64, 1 << (member % 64))
}

impl ReadModels {
    /// Those of these members whose consent to print their full name (公开姓名同意) is in force.
    pub fn consenting(&self, members: impl IntoIterator<Item = MemberId>) -> BTreeSet<MemberId> {
        let consents =
            |member: &MemberId| self.roster.number(*member).is_some_and(|number| self.people.consents(number));
        members.into_iter().filter(consents).collect()
    }

    /// Whether the person behind a member was erased (删除个人信息).
    pub fn is_erased(&self, member: MemberId) -> bool {
        self.roster.number(member).is_some_and(|number| self.people.erased.contains(&number))
    }

    /// Every member whose person was erased.
    pub fn erased(&self) -> Vec<MemberId> {
        self.people.erased.iter().map(|&member| self.roster.id(member)).collect()
    }
}
