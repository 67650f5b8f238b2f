//! Which member-months an event may change: they are marked, and settled with the batch. Too many is slow, too few would be wrong.

use crate::intern::NONE;
use crate::models::ReadModels;
use crate::span::month_cutoff;
use mingzhang_events::Month;

impl ReadModels {
    /// The month of a record, and that of its activity's sign-up if midnight lies between them.
    pub(crate) fn mark_record(&mut self, record: u32, owner: u32) {
        self.member_months.mark(owner);
        let of = self.member_months.get(owner);
        let Some(activity) = self.records.get(record).activity() else { return };
        let Some(month) = Month::from_number(self.activities.get(activity).month) else { return };
        if month == of.month() {
            return;
        }
        if let Some(number) = self.member_months.find(&self.roster.members[of.member as usize], month) {
            self.member_months.mark(number);
        }
    }

    pub(crate) fn mark_member_from(&mut self, member: u32, month: Month) {
        self.cache.roster_changed(member, month);
        let heads = self.roster.members[member as usize];
        let later: Vec<u32> = (self.member_months.of_member(&heads))
            .filter(|(_, of)| of.month() >= month)
            .map(|(number, _)| number)
            .collect();
        for number in later {
            self.member_months.mark(number);
        }
    }

    pub(crate) fn mark_below(&mut self, organization: u32, at: i64, month: Month) {
        self.cache.tree_changed(self.tree_size);
        for below in self.organizations.below_from(organization, at) {
            for member in self.roster.ever_in(below).to_vec() {
                self.mark_member_from(member, month);
            }
        }
    }

    pub(crate) fn mark_months_from(&mut self, month: Month) {
        self.cache.rules_changed_from(month);
        for month in self.member_months.months_from(month) {
            let numbers: Vec<u32> = self.member_months.of_month(month).collect();
            for number in numbers {
                self.member_months.mark(number);
            }
        }
    }
    /// From now on it is said who missed what they had signed up for.
    pub(crate) fn count_no_shows(&mut self, month: Month, organization: u32) {
        self.months.count_no_shows(month, organization);
        self.cache.figures_changed(month);
        for below in self.organizations.below_from(organization, month_cutoff(month)) {
            for &member in self.roster.ever_in(below) {
                let number = self.member_months.find(&self.roster.members[member as usize], month);
                if let Some(number) = number.filter(|&number| self.member_months.get(number).sign_ups != NONE) {
                    self.member_months.mark(number);
                }
            }
        }
    }
}
