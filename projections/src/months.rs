//! How far months have come (月度进程): frozen (冻结), disclosed (公示), closed (月结), and the notices (通报) that were issued.

use crate::intern::{Lookup, number_of, numbered};
use crate::organizations::Organizations;
use crate::span::month_cutoff;
use bitcode::{Decode, Encode};
use mingzhang_events::Month;
use std::collections::{BTreeMap, BTreeSet};

/// A freeze or a close: when, and by which entry.
#[derive(Clone, Copy, Encode, Decode)]
pub(crate) struct Close {
    pub(crate) at: i64,
    pub(crate) log_index: u32,
}

#[derive(Clone, Encode, Decode)]
pub(crate) struct Disclosure {
    pub(crate) event: u128,
    pub(crate) digest: String,
    pub(crate) month: u16,
    pub(crate) organization: u32,
    pub(crate) root_hash: String,
    pub(crate) tree_size: u64,
    /// The last local day.
    pub(crate) until_day: u32,
    pub(crate) working_days: u8,
    pub(crate) at: i64,
    pub(crate) log_index: u32,
}

#[derive(Clone, Encode, Decode)]
pub(crate) struct Notice {
    pub(crate) event: u128,
    pub(crate) digest: String,
    /// Its place in the closed list.
    pub(crate) format: u8,
    pub(crate) month: u16,
    pub(crate) number: String,
    pub(crate) organization: u32,
    pub(crate) root_hash: String,
    /// The event that issued the notice that it supersedes.
    pub(crate) supersedes: Option<u128>,
    /// The event that issued the newest notice that supersedes it.
    pub(crate) superseded_by: Option<u128>,
    pub(crate) tree_size: u64,
    pub(crate) at: i64,
    pub(crate) log_index: u32,
}

/// Every freeze, disclosure, close and notice.
#[derive(Default, Encode, Decode)]
pub(crate) struct Months {
    /// By (month, organisation); the first freeze counts.
    frozen: BTreeMap<(u16, u32), Close>,
    /// By (month, organisation); the first close counts.
    closes: BTreeMap<(u16, u32), Close>,
    /// By (month, organisation): where it is known who missed what they had signed up for (报名未到), from the freeze or the close on.
    no_shows: BTreeSet<(u16, u32)>,
    /// The newest month of which anything is frozen or closed.
    newest_settled: u16,
    pub(crate) disclosures: Vec<Disclosure>,
    pub(crate) notices: Vec<Notice>,
    #[bitcode(skip)]
    notices_by_event: Lookup<u128, u32>,
}

impl Months {
    pub(crate) fn rebuild(&mut self) {
        let events: Vec<u128> = self.notices.iter().map(|notice| notice.event).collect();
        self.notices_by_event = numbered(&events);
    }

    pub(crate) fn freeze(&mut self, month: Month, organization: u32, freeze: Close) {
        self.frozen.entry((month.number(), organization)).or_insert(freeze);
        self.newest_settled = self.newest_settled.max(month.number());
    }

    pub(crate) fn count_no_shows(&mut self, month: Month, organization: u32) {
        self.no_shows.insert((month.number(), organization));
    }

    /// Whether no-shows of a month are known anywhere.
    pub(crate) fn any_no_shows(&self, month: Month) -> bool {
        self.no_shows.range((month.number(), 0)..=(month.number(), u32::MAX)).next().is_some()
    }

    /// Whether they are known for an organisation, by itself or by one above it at the month's end.
    pub(crate) fn no_shows_known(&self, organizations: &Organizations, month: Month, organization: u32) -> bool {
        covering(organizations, month, organization).any(|of| self.no_shows.contains(&(month.number(), of)))
    }

    pub(crate) fn close(&mut self, month: Month, organization: u32, close: Close) {
        self.closes.entry((month.number(), organization)).or_insert(close);
        self.newest_settled = self.newest_settled.max(month.number());
    }

    /// Whether anything of a month is frozen or closed. Told by one comparison of a month that nothing is.
    pub(crate) fn any_settled(&self, month: Month) -> bool {
        month.number() <= self.newest_settled
            && (self.any_closed(month)
                || self.frozen.range((month.number(), 0)..=(month.number(), u32::MAX)).next().is_some())
    }

    /// The months from this one on of which anything is frozen or closed.
    pub(crate) fn settled_from(&self, month: Month) -> impl Iterator<Item = Month> + '_ {
        let months = std::iter::successors(Some(month), |month| Some(month.next()));
        let until_newest = months.take_while(|month| month.number() <= self.newest_settled);
        until_newest.filter(|month| self.any_settled(*month))
    }

    /// Whether a month is frozen or closed for an organisation, by itself or by one above it at the month's end.
    pub(crate) fn is_settled(&self, organizations: &Organizations, month: Month, organization: u32) -> bool {
        covering(organizations, month, organization).any(|of| {
            let key = (month.number(), of);
            self.frozen.contains_key(&key) || self.closes.contains_key(&key)
        })
    }

    pub(crate) fn issue(&mut self, notice: Notice) {
        let earlier = notice.supersedes.and_then(|superseded| self.notices_by_event.get(&superseded));
        if let Some(&earlier) = earlier {
            self.notices[earlier as usize].superseded_by = Some(notice.event);
        }
        self.notices_by_event.insert(notice.event, number_of(self.notices.len()));
        self.notices.push(notice);
    }

    /// The notice that an event issued.
    pub(crate) fn notice(&self, event: u128) -> Option<&Notice> {
        self.notices_by_event.get(&event).map(|&number| &self.notices[number as usize])
    }

    /// Whether anything of a month is closed at all.
    pub(crate) fn any_closed(&self, month: Month) -> bool {
        self.closes.range((month.number(), 0)..=(month.number(), u32::MAX)).next().is_some()
    }

    /// The close that covers an organisation: its own, or that of one above it at the month's end.
    pub(crate) fn closed(&self, organizations: &Organizations, month: Month, organization: u32) -> Option<Close> {
        covering(organizations, month, organization).find_map(|of| self.closes.get(&(month.number(), of)).copied())
    }

    /// The freeze that covers an organisation, likewise.
    pub(crate) fn frozen(&self, organizations: &Organizations, month: Month, organization: u32) -> Option<Close> {
        covering(organizations, month, organization).find_map(|of| self.frozen.get(&(month.number(), of)).copied())
    }

    /// What organisations have shown everybody of a month.
    pub(crate) fn shown(&self, month: Month) -> Shown<'_> {
        let of_month = self.disclosures.iter().filter(|disclosure| disclosure.month == month.number());
        Shown { months: self, month, disclosed: of_month.map(|of| (of.organization, of)).collect() }
    }

    /// The disclosure that covers an organisation, likewise; of several the one that ends last.
    pub(crate) fn disclosed(
        &self,
        organizations: &Organizations,
        month: Month,
        organization: u32,
    ) -> Option<&Disclosure> {
        let above: Vec<u32> = covering(organizations, month, organization).collect();
        let covers =
            |disclosure: &&Disclosure| disclosure.month == month.number() && above.contains(&disclosure.organization);
        self.disclosures.iter().filter(covers).max_by_key(|disclosure| disclosure.until_day)
    }
}

/// What organisations have shown everybody of one month, by disclosing or closing it: what is shown isn't reviewed any more.
pub(crate) struct Shown<'a> {
    months: &'a Months,
    month: Month,
    /// The newest disclosure of each organisation.
    disclosed: BTreeMap<u32, &'a Disclosure>,
}

impl Shown<'_> {
    /// Whether nobody has shown anything.
    pub(crate) fn is_nothing(&self) -> bool {
        self.disclosed.is_empty() && !self.months.any_closed(self.month)
    }

    /// The entry by which an organisation itself showed it. A close after a disclosure shows nothing anew, so that what was mended in between
    /// is still reviewed.
    pub(crate) fn by(&self, organizations: &Organizations, organization: u32) -> Option<u32> {
        let Some(close) = self.months.closes.get(&(self.month.number(), organization)) else {
            return self.disclosed.get(&organization).map(|disclosure| disclosure.log_index);
        };
        let above = covering(organizations, self.month, organization).filter_map(|of| self.disclosed.get(&of));
        let last = above.max_by_key(|disclosure| disclosure.until_day);
        Some(last.map_or(close.log_index, |disclosure| disclosure.log_index))
    }
}

fn covering(organizations: &Organizations, month: Month, organization: u32) -> impl Iterator<Item = u32> + '_ {
    organizations.upward(organization, month_cutoff(month))
}
