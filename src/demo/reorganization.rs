//! 组织调整: in the first month one branch gets another name, and one is merged into its neighbour.

use super::Plan;
use super::agenda::Slot;
use super::day::{MINUTES_AN_HOUR, local};
use jiff::civil::Date;
use mingzhang_events::{Evidence, Month, OrganizationMerged, OrganizationRenamed};

/// The days of the month on which it happens.
const RENAMED_ON: i8 = 12;
const MERGED_ON: i8 = 18;
/// A community keeps so many branches at least.
const BRANCHES_MIN: usize = 3;

/// Plans what becomes of branches on a day: in the morning, before anybody comes or goes.
pub(super) fn reorganize(plan: &mut Plan, number: u32, date: Date) {
    if Month::of(date) != plan.calendar.months[0] {
        return;
    }
    let slot = Slot { at: local(number, 8 * MINUTES_AN_HOUR, 0), by: plan.cast.operator };
    if date.day() == RENAMED_ON
        && let Some(&organization) = plan.cast.branches.first()
    {
        let renamed = OrganizationRenamed { name: "红石榴网格党支部".to_owned(), organization };
        plan.agenda.note(slot, renamed, Evidence::Office, slot.at);
    }
    if date.day() == MERGED_ON
        && let Some((organization, into)) = merge(plan)
    {
        let merged =
            OrganizationMerged { into: plan.cast.branches[into], organization: plan.cast.branches[organization] };
        plan.agenda.note(slot, merged, Evidence::Office, slot.at);
    }
}

/// The last branch of the first community with enough of them goes into the one before it; gives both.
fn merge(plan: &mut Plan) -> Option<(usize, usize)> {
    let place = plan.cast.communities.iter_mut().find(|place| place.branches.len() >= BRANCHES_MIN)?;
    place.branches.end -= 1;
    let merged = place.branches.end;
    for member in plan.cast.members.iter_mut().filter(|member| member.branch == merged) {
        member.branch = merged - 1;
    }
    let merged = usize::try_from(merged).expect("an index");
    Some((merged, merged - 1))
}
