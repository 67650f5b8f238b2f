//! Before the first month: organisations, rules, roster, enrolments, exemptions and pairings; and the months' closes.

use super::agenda::Slot;
use super::cast::index;
use super::day::{MINUTES_AN_HOUR, local};
use super::divisions::Divisions;
use super::random::Random;
use super::story;
use super::{CLOSING_DAY, Document, Plan};
use mingzhang_events::{
    Evidence, ExemptionReason, HardshipPairingFormed, Instant, MemberClass, MemberEnrolled, MemberExempted,
    MemberRostered, MonthClosed, NameConsentGiven, OrganizationEstablished, OrganizationLevel, ScoringRulesAdopted,
    day_number,
};

const FOUNDING: u64 = 0x666f_756e;
/// The divisions have existed for long, the branches for some years: so many days before the ledger.
const DIVISIONS_DAYS: u32 = 2_200;
const BRANCHES_DAYS: u32 = 1_800;
/// Members came on the roster in the years before, at the latest so many days before the ledger.
const ROSTER_DAYS_MIN: u32 = 60;
/// How many of a thousand members let their name be printed.
const CONSENTS_PERMILLE: u32 = 120;

/// Puts what is there before the first month on the agenda, and when the months are closed.
pub(super) fn establish(plan: &mut Plan, divisions: &Divisions) {
    let today = plan.today;
    let morning = Slot { at: local(today, 9 * MINUTES_AN_HOUR, 0), by: plan.cast.operator };
    let long_ago = local(today - DIVISIONS_DAYS, 0, 0);
    for division in &divisions.organizations {
        plan.agenda.note(morning, division.clone(), Evidence::Office, long_ago);
    }
    let since = local(today - BRANCHES_DAYS, 0, 0);
    for community in 0..plan.cast.communities.len() {
        for branch in branches_of(plan, divisions, community) {
            plan.agenda.note(morning, branch, Evidence::Office, since);
        }
    }
    let mut rules = plan.options.rules.clone();
    rules.effective_from = rules.effective_from.min(plan.calendar.months[0]);
    let adopted = ScoringRulesAdopted { rules: Box::new(rules) };
    plan.agenda.note(morning, adopted, Evidence::Office, morning.at);

    for community in 0..plan.cast.communities.len() {
        roster(plan, community);
        consents(plan, community);
        pairings(plan, community);
    }
    story::announce(plan, divisions.chosen, morning);
    for month in plan.calendar.months.clone() {
        if plan.story.as_ref().is_some_and(|story| story.is_of(month)) {
            continue;
        }
        let slot = Slot { at: closing(month), by: plan.cast.publisher };
        let closed = MonthClosed { month, organization: divisions.chosen };
        plan.agenda.note(slot, closed, Evidence::Office, slot.at);
        plan.agenda.compose(slot, Document::Notice { month });
    }
}

/// When a month is closed, or frozen where it is disclosed before.
pub(super) fn closing(month: mingzhang_events::Month) -> Instant {
    local(day_number(month.last_day()) + CLOSING_DAY, 10 * MINUTES_AN_HOUR, 0)
}

const NUMERALS: [&str; 4] = ["第一", "第二", "第三", "第四"];

fn branches_of(plan: &Plan, divisions: &Divisions, community: usize) -> Vec<OrganizationEstablished> {
    let place = &plan.cast.communities[community];
    let above = divisions.communities().find(|division| division.organization == place.organization);
    let name = short_name(above.map_or("", |division| &division.name));
    let branch = |(number, branch): (usize, u32)| OrganizationEstablished {
        level: OrganizationLevel::Branch,
        name: format!("{name}{}网格党支部", NUMERALS[number]),
        organization: plan.cast.branches[branch as usize],
        parent: Some(place.organization),
    };
    place.branches.clone().enumerate().map(branch).collect()
}

/// A community's name without what follows 社区 or 村.
fn short_name(name: &str) -> &str {
    ["居民委员会", "居委会", "村民委员会", "村委会"]
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix))
        .filter(|short| !short.is_empty())
        .unwrap_or(name)
}

/// The community that a member reports to: where they live, which for a third of those at work is another one.
fn reports_to(plan: &Plan, community: usize, class: MemberClass, random: &mut Random) -> usize {
    let elsewhere = match class {
        MemberClass::InService | MemberClass::Floating => random.permille(300),
        MemberClass::Resident | MemberClass::Deployed => false,
    };
    if elsewhere { random.below(index(plan.cast.communities.len())) as usize } else { community }
}

fn roster(plan: &mut Plan, community: usize) {
    let today = plan.today;
    let mut random = Random::of(plan.options.seed, FOUNDING, 0, index(community));
    let recorder = plan.cast.communities[community].office.recorder;
    let slot = Slot { at: local(today, 10 * MINUTES_AN_HOUR, 0), by: recorder };
    for number in plan.cast.communities[community].members.clone() {
        let member = &plan.cast.members[number as usize];
        let (id, class, branch) = (member.id, member.class, plan.cast.branches[member.branch as usize]);
        let since = today - random.between(ROSTER_DAYS_MIN, BRANCHES_DAYS - 1);
        let rostered = MemberRostered { class, member: id, organization: branch };
        plan.agenda.note(slot, rostered, Evidence::Imported, local(since, 0, 0));
        if member.excused {
            let reasons = ExemptionReason::ALL;
            let exempted = MemberExempted { decision: None, member: id, reason: *random.pick(reasons), until: None };
            plan.agenda.note(slot, exempted, Evidence::Imported, local(today - random.between(1, 50), 0, 0));
        } else if member.enrolled {
            let home = reports_to(plan, community, class, &mut random);
            plan.cast.members[number as usize].reports_to = index(home);
            let community = plan.cast.communities[home].organization;
            let reported =
                local(today - random.between(1, 50), 9 * MINUTES_AN_HOUR + random.below(500), random.below(60));
            plan.agenda.note(
                slot,
                MemberEnrolled { decision: None, community, member: id },
                Evidence::Imported,
                reported,
            );
        }
    }
}

/// Some let their full name be printed.
fn consents(plan: &mut Plan, community: usize) {
    let mut random = Random::of(plan.options.seed, FOUNDING, 2, index(community));
    let recorder = plan.cast.communities[community].office.recorder;
    let slot = Slot { at: local(plan.today, 11 * MINUTES_AN_HOUR, 0), by: recorder };
    for number in plan.cast.communities[community].members.clone() {
        if random.permille(CONSENTS_PERMILLE) {
            let member = plan.cast.members[number as usize].id;
            plan.cast.first_consent.get_or_insert((member, recorder));
            plan.agenda.note(slot, NameConsentGiven { member }, Evidence::Attested, slot.at);
        }
    }
}

/// Somewhat less than half of the members help a household, most of them since before the ledger begins.
fn pairings(plan: &mut Plan, community: usize) {
    let today = plan.today;
    let mut random = Random::of(plan.options.seed, FOUNDING, 1, index(community));
    let place = &plan.cast.communities[community];
    let (organization, recorder) = (place.organization, place.office.recorder);
    let slot = Slot { at: local(today, 14 * MINUTES_AN_HOUR, 0), by: recorder };
    // The keen are asked again and again, and help one household each.
    for _ in 0..(place.members.len() * 2).div_ceil(3) {
        if let Some((number, household)) = plan.cast.pair(community, &mut random, today) {
            let member = plan.cast.members[number as usize].id;
            let formed = local(today - random.between(1, 45), 15 * MINUTES_AN_HOUR, 0);
            let event = HardshipPairingFormed { household, member, organization };
            plan.agenda.note(slot, event, Evidence::BothParties, formed);
        }
    }
}
